import { describe, expect, it } from 'vitest';
import { Pool } from '../../src/engine/pool.ts';

/** Work that ends when told to, and what has begun so far. */
function workbench() {
  const begun: string[] = [];
  const end = new Map<string, (error?: Error) => void>();
  const work = (name: string) => (one: string) => {
    begun.push(`${name} with ${one}`);
    return new Promise<string>((resolve, reject) => {
      end.set(name, (error) => (error ? reject(error) : resolve(name)));
    });
  };
  return { begun, end, work };
}
const settled = () => new Promise((done) => setImmediate(done));

describe('a pool', () => {
  it('lends what is idle, and then in the order of asking', async () => {
    const { begun, end, work } = workbench();
    const pool = new Pool(['a', 'b']);
    const all = ['1', '2', '3', '4'].map((name) => pool.use(work(name)));
    await settled();
    expect(begun).toEqual(['1 with a', '2 with b']);
    end.get('2')!();
    await settled();
    expect(begun.slice(2)).toEqual(['3 with b']);
    end.get('1')!();
    end.get('3')!();
    await settled();
    end.get('4')!();
    expect(await Promise.all(all)).toEqual(['1', '2', '3', '4']);
  });

  it('takes back what a failure leaves', async () => {
    const { begun, end, work } = workbench();
    const pool = new Pool(['a']);
    const first = pool.use(work('1'));
    const second = pool.use(work('2'));
    await settled();
    end.get('1')!(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await settled();
    expect(begun).toEqual(['1 with a', '2 with a']);
    end.get('2')!();
    await second;
  });

  it('lets one work alone, and nobody overtake it', async () => {
    const { begun, end, work } = workbench();
    const pool = new Pool(['a', 'b']);
    pool.use(work('1'));
    pool.useAlone(work('alone'));
    pool.use(work('3'));
    await settled();
    expect(begun).toEqual(['1 with a']);
    end.get('1')!();
    await settled();
    expect(begun).toEqual(['1 with a', 'alone with a']);
    end.get('alone')!();
    await settled();
    expect(begun.slice(2)).toEqual(['3 with a']);
    end.get('3')!();
  });

  it('keeps work to the one that it asks for', async () => {
    const { begun, end, work } = workbench();
    const pool = new Pool(['a', 'b']);
    pool.use(work('1'));
    pool.use(work('2'), 'a');
    await settled();
    expect(begun).toEqual(['1 with a']);
    end.get('1')!();
    await settled();
    expect(begun).toEqual(['1 with a', '2 with a']);
    end.get('2')!();
  });
});
