import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckOptions } from '../../src/model/run.ts';
import { reportSchema } from '../../src/report/report-shape.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** A measure of the user's choice as the gate of a column, from the files to the report. */

const uniform = (seed: number, k: number) => `((hash(i * 7 + ${seed} + ${k}) >> 11)::DOUBLE / 9007199254740992)`;
const columns = (seed: number, shift: number) => `
  ${shift} + sqrt(-2 * ln(${uniform(seed, 0)} + 1e-300)) * cos(6.283185307 * ${uniform(seed, 1)}) AS amount,
  floor(5 * pow(${uniform(seed, 2)}, ${1 + shift})) AS few,
  'c' || (hash(i * 5 + ${seed}) % 7) AS category`;

let bench: Bench;
let reference: string;
let current: string;
beforeAll(async () => {
  bench = await openBench();
  reference = await bench.parquet('reference.parquet', `SELECT ${columns(1, 0)} FROM range(3000) t(i)`);
  current = await bench.parquet('current.parquet', `SELECT ${columns(900_001, 0.5)} FROM range(2000) t(i)`);
});
afterAll(() => bench.dispose());

function run(gates: CheckOptions['verdict']['columns'], more: Partial<CheckOptions> = {}) {
  return checkFiles(reference, current, { verdict: { ...defaultVerdictSettings, columns: gates }, ...more });
}
const gate = (measure: string, warn: number, fail: number) => ({ gate: { measure, warn, fail } });

describe('a measure as the gate of a column', () => {
  it('decides by its own tolerance, and stands in the report with its bounds', async () => {
    const report = await run({ amount: gate('kolmogorov-smirnov', 0.05, 0.1), few: gate('wasserstein', 2, 4) });
    const amount = columnNamed(report, 'amount');
    expect(amount).toMatchObject({ outcome: 'drift', severity: 'P2' });
    const own = amount.gating!.measure!;
    expect(own).toMatchObject({ id: 'kolmogorov-smirnov', tolerance: { warn: 0.05, fail: 0.1 } });
    // a shift by half a standard deviation is 0.197
    expect(own.interval[0]).toBeLessThan(0.197);
    expect(own.interval[1]).toBeGreaterThan(0.197);
    expect(own.interval[0]).toBeGreaterThan(0.1);
    expect(amount.findings[0]!.message).toMatch(
      /Kolmogorov–Smirnov 0\.\d+ is above the fail tolerance 0\.1: by sampling/,
    );
    expect(columnNamed(report, 'few')).toMatchObject({ outcome: 'stable' });
    expect(columnNamed(report, 'few').reason).toMatch(
      /^Wasserstein distance 0\.\d+ \[.*\] is below the warn tolerance 2$/,
    );
    expect(columnNamed(report, 'category').gating).not.toHaveProperty('measure');
    expect(report.gate.exitCode).toBe(1);
  });

  it('is silent where the same drift is tolerated, and by the default gate it is not', async () => {
    const tolerant = await run({ amount: gate('ks', 0.4, 0.5), few: gate('psi', 3, 4) });
    expect(columnNamed(tolerant, 'amount').outcome).toBe('stable');
    expect(columnNamed(await run({}), 'amount').outcome).toBe('drift');
  });

  it('gives the same numbers twice, on one thread or four', async () => {
    const gates = { amount: gate('energy-distance', 0.1, 0.3), few: gate('total-variation', 0.05, 0.1) };
    const [once, again] = await Promise.all([run(gates, { threads: 1 }), run(gates, { threads: 4 })]);
    expect(once.columns).toEqual(again.columns);
  });

  it('has a q-value for every tested column', async () => {
    const report = await run({});
    expect(columnNamed(report, 'amount').qValue).toBeLessThan(1e-6);
    expect(columnNamed(report, 'category').qValue).toBeGreaterThan(0.001);
    expect(JSON.stringify(reportSchema())).toContain('qValue');
  });

  it('a measure that does not compare the column’s kind is refused', async () => {
    await expect(run({ category: gate('kolmogorov-smirnov', 0.1, 0.2) })).rejects.toThrow(
      'columns."category".gate.measure is "ks", which compares numeric, datetime columns; this one is categorical',
    );
  });
});
