import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPackage, root } from '../cli/built.ts';

/** The simulation of docs/verdict-quality.md, at a size that every run of the tests can afford. */

let dist = '';
beforeAll(async () => {
  dist = join(await buildPackage(), 'build');
}, 120_000);

interface Counted {
  readonly id: string;
  readonly kind: string;
  readonly datasets: number;
  readonly columns: number;
  readonly datasetAlarms: Readonly<Record<string, number>>;
  readonly columnAlarms: Readonly<Record<string, number>>;
  readonly detected: Readonly<Record<string, number>>;
}

async function simulate(...flags: readonly string[]): Promise<readonly Counted[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'bench', 'verdict.js'), '--dist', dist, '--quick', '--json', ...flags],
    { maxBuffer: 2 ** 28 },
  );
  return JSON.parse(stdout) as readonly Counted[];
}

describe('bench:verdict', () => {
  it('finds our gate silent on clean datasets, time of the reference included', { timeout: 300_000 }, async () => {
    const clean = (await simulate('--only', 'null,time', '--repeats', '0.02')).filter(({ columns }) => columns > 0);
    const total = (of: (row: Counted) => number) => clean.reduce((sum, row) => sum + of(row), 0);
    expect(clean.length).toBeGreaterThan(50);
    expect(total(({ datasets }) => datasets)).toBeGreaterThan(200);
    // 1 % at most; what these seeds show is fixed
    expect(total(({ datasetAlarms }) => datasetAlarms.gate!)).toBeLessThanOrEqual(2);
    // and the other rules as loud as their closed forms say, so that a simulation of nothing would be noticed
    const columnRate = (id: string, rule: string) => {
      const row = clean.find((counted) => counted.id === id)!;
      return row.columnAlarms[rule]! / row.columns;
    };
    // 10 cells, 100 rows against 100: P(v χ²₉ > 0.1) = 0.83
    expect(columnRate('null/normal/100/100', 'psi')).toBeGreaterThan(0.7);
    expect(columnRate('null/normal/100/100', 'psi')).toBeLessThan(0.95);
    // one-sample chi-squared of 3 categories at equal sizes: P(2 χ²₂ > 5.99) = 0.22
    expect(columnRate('null/Zipf, k = 3/1000/1000', 'evidently')).toBeGreaterThan(0.1);
    expect(columnRate('null/Zipf, k = 3/1000/1000', 'evidently')).toBeLessThan(0.36);
  });

  it('counts the same with one worker and with three', { timeout: 300_000 }, async () => {
    const tiny = ['--only', 'shift,levels', '--repeats', '0.012'];
    const [alone, together] = await Promise.all([
      simulate(...tiny, '--workers', '1'),
      simulate(...tiny, '--workers', '3'),
    ]);
    expect(alone).toEqual(together);
    const again = await simulate('--only', 'levels', '--repeats', '0.012');
    const other = await simulate('--only', 'levels', '--repeats', '0.012', '--seed', '2');
    // what a scenario draws does not depend on the others
    expect(alone.filter(({ kind }) => kind === 'level')).toEqual(again);
    expect(other).not.toEqual(again);
  });
});
