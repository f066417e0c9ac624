import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** With --exact, rank statistics are those of the raw values; without, they lie in their certified interval. */

const u = (k: number) => `((hash(i * 16 + ${k} + SEED) >> 11)::DOUBLE / 9007199254740992)`;
const normal = `sqrt(-2 * ln(${u(1)} + 1e-300)) * cos(6.283185307179586 * ${u(2)})`;
const columns: Readonly<Record<string, string>> = {
  'heavy tails': `(${normal}) / (${u(3)} * ${u(4)} + 1e-9) + SHIFT / 10`,
  tied: `round(${normal} * 40000 + SHIFT * 4000) / 100000`,
  'zero-inflated': `CASE WHEN ${u(5)} < 0.3 - SHIFT / 20 THEN 0 ELSE -ln(${u(6)} + 1e-300) END`,
  'far shifted': `${normal} + 1000000 * SHIFT`,
  unmoved: normal,
};
const rows = { reference: 160_000, current: 140_000 };

describe('rank statistics of columns with too many values for a table', () => {
  let bench: Bench;
  let merged: Report;
  let exact: Report;
  let gated: Report;
  const raw = new Map<string, { reference: Float64Array; current: Float64Array }>();
  beforeAll(async () => {
    bench = await openBench();
    const write = (side: 'reference' | 'current', seed: number, shift: number) => {
      const list = Object.entries(columns).map(
        ([name, sql]) => `${sql.replaceAll('SEED', String(seed)).replaceAll('SHIFT', String(shift))} AS "${name}"`,
      );
      return bench.parquet(`${side}.parquet`, `SELECT ${list.join(', ')} FROM range(${rows[side]}) t(i)`);
    };
    const files = { reference: await write('reference', 1, 0), current: await write('current', 700_000_000, 1) };
    for (const name of Object.keys(columns)) {
      const values = async (path: string) => {
        const [column] = await bench.numbers(`SELECT "${name}" FROM read_parquet('${path}')`);
        return column!.sort();
      };
      raw.set(name, { reference: await values(files.reference), current: await values(files.current) });
    }
    const measures = ['kolmogorov-smirnov', 'wasserstein', 'mann-whitney'];
    merged = await checkFiles(files.reference, files.current, { measures });
    exact = await checkFiles(files.reference, files.current, { measures, exact: true });
    const gate = { measure: 'kolmogorov-smirnov', warn: 0.05, fail: 0.1 };
    gated = await checkFiles(files.reference, files.current, {
      measures,
      verdict: { ...defaultVerdictSettings, columns: { 'far shifted': { gate }, unmoved: { gate } } },
    });
  }, 120_000);
  afterAll(() => bench.dispose());

  it('are exact without being asked for where they decide', () => {
    for (const name of ['far shifted', 'unmoved']) {
      const { gating, measures } = columnNamed(gated, name);
      expect(gating!.measure!.certain).toBeNull();
      expect(measures).toEqual(columnNamed(exact, name).measures);
      expect(gating!.measure!.statistic).toBe(measures.find(({ id }) => id === 'kolmogorov-smirnov')!.statistic);
    }
    expect(columnNamed(merged, 'unmoved').measures.some((measure) => !measure.exact)).toBe(true);
    expect(columnNamed(gated, 'heavy tails').measures).toEqual(columnNamed(merged, 'heavy tails').measures);
  });

  for (const name of Object.keys(columns)) {
    it(`of ${name} are exact when asked for, and inside their interval otherwise`, () => {
      const { reference, current } = raw.get(name)!;
      const expected = byDefinition(reference, current);
      for (const [id, value] of Object.entries(expected)) {
        const settled = columnNamed(exact, name).measures.find((measure) => measure.id === id)!;
        expect(settled.exact, id).toBe(true);
        expect(Math.abs(settled.statistic / value - 1), `${id} of ${name}`).toBeLessThan(1e-12);
        const shown = columnNamed(merged, name).measures.find((measure) => measure.id === id)!;
        if (shown.exact) continue;
        expect(shown.interval![0], `${id} of ${name}`).toBeLessThanOrEqual(value * (1 + 1e-12));
        expect(shown.interval![1], `${id} of ${name}`).toBeGreaterThanOrEqual(value * (1 - 1e-12));
      }
    });
  }

  it('never change the verdict', () => {
    for (const name of Object.keys(columns)) {
      const { outcome, gating, tests, cells } = columnNamed(merged, name);
      expect(columnNamed(exact, name)).toMatchObject({ outcome, gating, tests, cells });
    }
  });
});

/** D, W₁ and the probability of a larger current value, straight from the definitions, on sorted raw values. */
function byDefinition(reference: Float64Array, current: Float64Array): Record<string, number> {
  const [n, m] = [reference.length, current.length];
  let [i, j, largest, distance, carry, wins] = [0, 0, 0, 0, 0, 0];
  let before = Math.min(reference[0]!, current[0]!);
  while (i < n || j < m) {
    const at = Math.min(
      i < n ? reference[i]! : Number.POSITIVE_INFINITY,
      j < m ? current[j]! : Number.POSITIVE_INFINITY,
    );
    const gap = Math.abs(i / n - j / m);
    const term = gap * (at - before) - carry;
    const sum = distance + term;
    carry = sum - distance - term;
    distance = sum;
    const [i0, j0] = [i, j];
    while (i < n && reference[i] === at) i++;
    while (j < m && current[j] === at) j++;
    wins += (j - j0) * (i0 + (i - i0) / 2);
    largest = Math.max(largest, Math.abs(i / n - j / m));
    before = at;
  }
  return { 'kolmogorov-smirnov': largest, wasserstein: distance, 'mann-whitney': wins / n / m };
}
