import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Keeping, NotRemembered, Remembering } from '../../src/layers/memory.ts';
import { defaultOutcomeSettings } from '../../src/model/outcomes.ts';
import type { CheckOptions } from '../../src/model/run.ts';
import { printProfile } from '../../src/profile/saved/write.ts';
import { profile } from '../../src/profiling.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles, checkOptions } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());
const creditScoring = ['reference', 'drifted'].map((name) => `fixtures/credit-scoring/${name}.parquet`);
const churn = ['reference', 'log'].map((name) => `fixtures/churn/${name}.parquet`);

/** @param then the settings of the check, where they differ from those that the profile was made with */
async function both(more: Partial<CheckOptions>, then = more, [reference, current] = creditScoring) {
  const saved = await profile({ check: { ...checkOptions(reference!, reference!), ...more } });
  const path = join(bench.folder, 'layers.profile.json');
  writeFileSync(path, printProfile(saved));
  return { raw: await checkFiles(reference!, current!, then), saved: await checkFiles(path, current!, then) };
}

it('the layers say of a saved reference what they say of the raw one', async () => {
  const { raw, saved } = await both({ segments: [['channel'], ['region', 'channel']] });
  expect(saved.notes.join('\n')).not.toContain('without');
  for (const part of ['time', 'outcomes', 'predictions', 'segments', 'ranking', 'service'] as const) {
    expect(saved[part], part).toEqual(raw[part]);
  }
}, 60_000);

describe('outcomes of a saved reference', () => {
  const left = { columns: { left: { role: 'label' } } } as const;
  const labels = { paths: ['fixtures/churn/labels.csv'], key: 'request_id', labelKey: 'customer' };
  const weekly = { by: 'time', unit: 'week', count: 1 } as const;
  const verdict = { ...defaultVerdictSettings, ...left, window: weekly };
  const asOfRaw = ({ raw, saved }: Awaited<ReturnType<typeof both>>) => {
    expect(saved.notes.join('\n')).not.toContain('without');
    expect(saved.outcomes).toBeDefined();
    expect(saved.outcomes).toEqual(raw.outcomes);
    expect(saved.findings).toEqual(raw.findings);
    expect(saved.gate).toEqual(raw.gate);
    return raw;
  };

  it('with labels in a file are those of the raw one', async () => {
    const { findings } = asOfRaw(await both({ verdict }, { verdict, labels }, churn));
    expect(findings.map(({ code }) => code)).toContain('PERFORMANCE_DOWN');
  }, 60_000);

  it('are estimated without labels as from the raw one', async () => {
    const { outcomes } = asOfRaw(await both({ verdict }, { verdict }, churn));
    expect(outcomes!.estimate!.metrics.length).toBeGreaterThan(0);
  }, 60_000);

  const unit = (key: string) => `((hash(${key}) >> 11)::DOUBLE / 9007199254740992)`;
  const written = async (name: string, columns: (side: string) => string) =>
    Promise.all(
      ['then', 'now'].map((side) =>
        bench.parquet(`${name}-${side}.parquet`, `SELECT i AS id, ${columns(side)} FROM range(4000) r(i)`),
      ),
    );

  it('of several classes are those of the raw one', async () => {
    const files = await written('classes', (side) => {
      const label = `['red', 'green', 'it''s blue'][1 + (i % 3)]`;
      const wrong = side === 'then' ? 0.1 : 0.6;
      return `${label} AS label, CASE WHEN ${unit(`i || '${side}'`)} < ${wrong} THEN 'red' ELSE ${label} END AS prediction, ${unit("'x' || i")} AS x`;
    });
    const { findings } = asOfRaw(await both({}, {}, files));
    expect(findings.map(({ code }) => code)).toContain('PERFORMANCE_DOWN');
  }, 60_000);

  it('of a regression are those of the raw one', async () => {
    const files = await written('values', (side) => {
      const noise = `(${unit(`i || '${side}'`)} - 0.5) * ${side === 'then' ? 1 : 3}`;
      return `${unit("'x' || i")} AS x, 10 * ${unit("'x' || i")} AS prediction, 10 * ${unit("'x' || i")} + ${noise} AS label`;
    });
    const { findings, outcomes } = asOfRaw(await both({}, {}, files));
    expect(outcomes!.task).toBe('regression');
    expect(findings.map(({ code }) => code)).toContain('PERFORMANCE_DOWN');
  }, 60_000);

  it('with another positive class than it was profiled with are left out, and said so', async () => {
    const other = { verdict, labels, outcomes: { ...defaultOutcomeSettings, positive: 'stays' } };
    const { saved } = await both({ verdict }, other, churn);
    expect(saved.outcomes).toBeUndefined();
    expect(saved.notes.join('\n')).toContain('without outcomes: the profile of the reference does not hold');
  }, 60_000);
});

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
