import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report, ReportColumn } from '../../src/model/report.ts';
import { renderJson } from '../../src/report/json.ts';
import { checkFiles, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** The same values give the same verdict and the same numbers, however they are stored, ordered, split or read. */

const rows = { reference: 150_000, current: 120_000 };
const u = (k: number) => `((hash(i * 16 + ${k} + SEED) >> 11)::DOUBLE / 9007199254740992)`;
const normal = `sqrt(-2 * ln(${u(1)} + 1e-300)) * cos(6.283185307179586 * ${u(2)})`;
const columns = {
  amount: `exp(${normal} + SHIFT)`,
  balance: `CASE WHEN ${u(3)} < 0.2 THEN 0 ELSE 1000 * (${normal}) END`,
  count: `floor(-ln(${u(4)} + 1e-300) * 5)::BIGINT`,
  ratio: u(5),
  kind: `'k' || floor(9 * ${u(6)} * ${u(7)})::INT`,
  flag: `${u(8)} < 0.4 + SHIFT / 2`,
  missing: `CASE WHEN ${u(9)} > 0.1 THEN ${u(10)} END`,
} as const;

describe('a check', () => {
  let bench: Bench;
  let reference: string;
  let current: string;
  let plain: Report;
  beforeAll(async () => {
    bench = await openBench();
    const write = (side: 'reference' | 'current', seed: number, shift: number) =>
      bench.parquet(
        `${side}.parquet`,
        `SELECT ${Object.entries(columns)
          .map(([name, sql]) => `${sql.replaceAll('SEED', String(seed)).replaceAll('SHIFT', String(shift))} AS ${name}`)
          .join(', ')} FROM range(${rows[side]}) t(i)`,
      );
    reference = await write('reference', 1, 0);
    current = await write('current', 500_000_000, 0.3);
    plain = await checkFiles(reference, current);
  }, 60_000);
  afterAll(() => bench.dispose());

  it('gives the same bytes twice, and with 1 or 4 threads, but for the run block', async () => {
    const bytes = ({ run, ...report }: Report) =>
      renderJson({ ...report, run: { startedAt: '', durationMs: 0, threads: 0 } });
    expect(bytes(await checkFiles(reference, current))).toBe(bytes(plain));
    expect(bytes(await checkFiles(reference, current, { threads: 1 }))).toBe(bytes(plain));
    expect(bytes(await checkFiles(reference, current, { threads: 4 }))).toBe(bytes(plain));
  }, 60_000);

  it('does not depend on the order of rows or the number of files', async () => {
    const shuffled = await bench.parquet(
      'shuffled.parquet',
      `SELECT * FROM read_parquet('${current}') ORDER BY hash(ratio)`,
    );
    expectSame(await checkFiles(reference, shuffled), plain);
    for (let part = 0; part < 50; part++) {
      await bench.parquet(
        `part-${part}.parquet`,
        `SELECT * FROM read_parquet('${current}') WHERE hash(amount) % 50 = ${part}`,
      );
    }
    expectSame(await checkFiles(reference, `${bench.folder}/part-*.parquet`), plain);
  }, 60_000);

  it('does not depend on the format', async () => {
    const asText = async (path: string) => {
      const csv = path.replace('.parquet', '.csv');
      await bench.run(`COPY (SELECT * FROM read_parquet('${path}')) TO '${csv}' (FORMAT csv, HEADER)`);
      return csv;
    };
    expectSame(await checkFiles(await asText(reference), await asText(current)), plain);
  }, 60_000);

  it('does not depend on the unit', async () => {
    const scaled = (path: string, name: string) =>
      bench.parquet(
        name,
        `SELECT * REPLACE (amount * 1048576 AS amount, balance / 1048576 AS balance) FROM read_parquet('${path}')`,
      );
    const report = await checkFiles(await scaled(reference, 'r2.parquet'), await scaled(current, 'c2.parquet'));
    for (const name of ['amount', 'balance']) {
      const [found, expected] = [columnNamed(report, name), columnNamed(plain, name)];
      // the finer edges follow a sample that depends on the values themselves: what reads them differs inside its stated interval
      expect({ ...numbersOf(found), free: exactOnly(found) }).toEqual({
        ...numbersOf(expected),
        free: exactOnly(expected),
      });
      for (const measure of found.measures.filter(({ exact, id }) => !exact && id !== 'wasserstein')) {
        const [low, high] = expected.measures.find(({ id }) => id === measure.id)!.interval!;
        expect(measure.interval![0], measure.id).toBeLessThanOrEqual(high);
        expect(measure.interval![1], measure.id).toBeGreaterThanOrEqual(low);
      }
    }
  }, 60_000);

  it('finds what was moved, and only that', () => {
    expect(columnNamed(plain, 'amount').gating!.phiSquared).toBeGreaterThan(0.05);
    expect(columnNamed(plain, 'flag').outcome).toBe('drift');
    for (const name of ['balance', 'count', 'ratio', 'kind', 'missing'])
      expect(columnNamed(plain, name).outcome).toBe('stable');
  });
});

/** What counts decide, and what does not depend on a unit. */
function numbersOf({ outcome, gating, tests, cells, measures }: ReportColumn) {
  const { largestCellChange, ...scale } = gating!;
  const free = measures
    .filter(({ id }) => id !== 'wasserstein')
    .map(({ id, statistic, pValue }) => ({ id, statistic, pValue }));
  return {
    outcome,
    scale,
    change: largestCellChange!.current,
    tests,
    counts: [cells!.reference, cells!.current],
    free,
  };
}

function exactOnly(column: ReportColumn) {
  const exact = new Set(column.measures.filter((measure) => measure.exact).map(({ id }) => id));
  return numbersOf(column).free.filter(({ id }) => exact.has(id));
}

function expectSame(report: Report, expected: Report): void {
  expect(report.gate).toEqual(expected.gate);
  for (const column of expected.columns) {
    const found = columnNamed(report, column.name);
    expect(numbersOf(found), column.name).toEqual(numbersOf(column));
    expect(found.reference, column.name).toEqual(column.reference);
    expect(found.current, column.name).toEqual(column.current);
  }
}
