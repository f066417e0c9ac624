import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Keeping, NotRemembered, Remembering } from '../../src/layers/memory.ts';
import type { CheckOptions } from '../../src/model/run.ts';
import { printProfile } from '../../src/profile/saved/write.ts';
import { profile } from '../../src/profiling.ts';
import { checkFiles, checkOptions } from '../support/check.ts';

const folder = mkdtempSync(join(tmpdir(), 'driftgate-layers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const reference = 'fixtures/credit-scoring/reference.parquet';
const current = 'fixtures/credit-scoring/drifted.parquet';

async function both(more: Partial<CheckOptions>, then: Partial<CheckOptions> = more) {
  const saved = await profile({ check: { ...checkOptions(reference, reference), ...more } });
  const path = join(folder, 'layers.profile.json');
  writeFileSync(path, printProfile(saved));
  return { raw: await checkFiles(reference, current, then), saved: await checkFiles(path, current, then) };
}

it('the layers say of a saved reference what they say of the raw one', async () => {
  const { raw, saved } = await both({ segments: [['channel'], ['region', 'channel']] });
  expect(saved.notes.join('\n')).not.toContain('without');
  for (const part of ['time', 'outcomes', 'predictions', 'segments', 'ranking', 'service'] as const) {
    expect(saved[part], part).toEqual(raw[part]);
  }
}, 60_000);

it('a layer that asks for something else is left out, and said so', async () => {
  const { saved } = await both({}, { segments: [['channel']] });
  expect(saved.segments).toBeUndefined();
  expect(saved.notes.join('\n')).toContain('without segments: the profile of the reference does not hold');
}, 60_000);

it('plain data comes back as it was', async () => {
  const value = {
    doubles: Float64Array.of(0.1, -0, Number.NaN, 5e-324),
    counts: Float64Array.of(0, 300, 2 ** 40),
    map: new Map([['a', [1, null, 'x']]]),
    set: new Set(['é', '😀']),
    infinite: Number.NEGATIVE_INFINITY,
    nested: { none: null, yes: true },
  };
  const keeping = new Keeping();
  await keeping.recall(['key', 1], async () => value);
  const kept = JSON.parse(JSON.stringify(keeping.saved()));
  const again = await new Remembering(kept).recall(['key', 1], async () => expect.fail('counted again'));
  expect(again).toEqual(value);
  await expect(new Remembering(kept).recall(['key', 2], async () => value)).rejects.toBeInstanceOf(NotRemembered);
  await expect(new Remembering(null).recall(['key', 1], async () => value)).rejects.toBeInstanceOf(NotRemembered);
});
