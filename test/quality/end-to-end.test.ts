import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { QualityResult } from '../../src/model/quality.ts';
import type { Report } from '../../src/model/report.ts';
import type { CheckOptions } from '../../src/model/run.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());

let made = 0;
async function run(reference: string, current: string, more: Partial<CheckOptions> = {}): Promise<Report> {
  made += 1;
  const then = await bench.parquet(`reference-${made}.parquet`, reference);
  const now = await bench.parquet(`current-${made}.parquet`, current);
  return checkFiles(then, now, more);
}

/** Rows of a source that is always the same; `i` counts them. */
const rows = (count: number, columns: string, from = 0) =>
  `SELECT ${columns} FROM (SELECT i, hash(i) % 1000000000039 AS h FROM range(${from}, ${from + count}) t(i))`;

const result = (report: Report, id: QualityResult['id'], column: string | null = null): QualityResult | undefined =>
  report.quality!.find((candidate) => candidate.id === id && candidate.column === column);
const codes = (report: Report) => report.findings.map(({ code }) => code);

const mixed = "h % 97 AS a, h / 7919.0 AS b, CASE h % 3 WHEN 0 THEN 'red' WHEN 1 THEN 'blue' ELSE 'green' END AS c";

describe('duplicate rows', () => {
  test('whole rows that are logged twice', async () => {
    const once = rows(2000, mixed);
    const twice = `(${rows(1000, mixed, 2000)}) UNION ALL (${rows(400, mixed, 2000)})`;
    const report = await run(once, twice);
    expect(result(report, 'duplicate-rows')).toMatchObject({
      reference: 0,
      current: 400 / 1400,
      severity: 'P3',
      detail: { by: 'whole rows', repeated: 400, rows: 1400 },
    });
    expect(report.findings).toMatchObject([{ code: 'DUPLICATE_ROWS', severity: 'P3', column: null }]);
    expect(report.findings[0]!.message).toBe(
      '28.6 % of the current rows repeat another row (400 of 1,400), was 0 %; the rise is above the tolerated 1 point',
    );
    expect(report.gate.exitCode).toBe(0);
  });

  test('rows that share their id, whatever else they hold; rows without one are left out', async () => {
    const columns = (id: string) => `${id} AS request_id, ${mixed}`;
    const report = await run(
      rows(2000, columns("'r' || i")),
      `(${rows(1000, columns("'r' || (i % 900)"), 2000)}) UNION ALL (${rows(500, columns('NULL'), 9000)})`,
    );
    expect(result(report, 'duplicate-rows')).toMatchObject({
      current: 100 / 1000,
      detail: { by: 'id', ids: 'request_id', repeated: 100, rows: 1000 },
    });
    expect(report.findings.find(({ code }) => code === 'DUPLICATE_ROWS')!.message).toContain(
      'repeat the "request_id" of another row (100 of 1,000)',
    );
  });

  test('rows of few values repeat by themselves, ten times as many rows too', async () => {
    const few = 'h % 7 AS a, h % 11 AS b, h % 13 AS c';
    const report = await run(rows(300, few), rows(3000, few, 300));
    const found = result(report, 'duplicate-rows')!;
    expect(found.reference).toBeGreaterThan(0.1);
    expect(found.current).toBeGreaterThan(0.6);
    expect(found.severity).toBeNull();
    expect(codes(report)).toEqual([]);
  });

  test('exact where the first columns repeat and the others do not', async () => {
    // rows 500 apart agree in the two richest columns, not in the seven others
    const columns = Array.from({ length: 9 }, (_, k) => `(i % ${k < 2 ? 500 : 400 - k}) * 1.5 AS c${k}`).join(', ');
    const report = await run(rows(1000, columns), `(${rows(1000, columns)}) UNION ALL (${rows(10, columns)})`);
    expect(result(report, 'duplicate-rows')!.detail.repeated).toBe(10);
    expect(codes(report)).toEqual([]);
  });

  test('not counted when it is off, nor beyond 200 columns', async () => {
    const quality = {
      ...defaultVerdictSettings.quality,
      'duplicate-rows': { threshold: 0.01, severity: 'off' as const },
    };
    const off = await run(rows(200, mixed), rows(200, mixed), { verdict: { ...defaultVerdictSettings, quality } });
    expect(result(off, 'duplicate-rows')).toBeUndefined();
    const wide = Array.from({ length: 201 }, (_, k) => `h % ${k + 2} AS c${k}`).join(', ');
    const report = await run(rows(120, wide), rows(120, wide));
    expect(result(report, 'duplicate-rows')).toBeUndefined();
  });

  test('a label that has not arrived does not matter; another missing column ends the comparison', async () => {
    const labelled = await run(rows(500, `${mixed}, h % 2 AS label`), rows(500, mixed, 500));
    expect(result(labelled, 'duplicate-rows')).toBeDefined();
    const missing = await run(rows(500, mixed), rows(500, 'h % 97 AS a, h / 7919.0 AS b', 500));
    expect(result(missing, 'duplicate-rows')).toBeUndefined();
    expect(codes(missing)).toEqual(['COLUMN_MISSING']);
  });
});

describe('missing, new and renamed columns', () => {
  test('a column under another spelling', async () => {
    const report = await run(
      rows(500, 'h % 97 AS a, h % 7 AS annual_income'),
      rows(500, 'h % 97 AS a, h % 7 AS "annualIncome"', 500),
    );
    expect(result(report, 'missing-columns')).toMatchObject({ current: 1, detail: { names: 'annual_income' } });
    expect(result(report, 'new-columns')).toMatchObject({ current: 1, detail: { names: 'annualIncome' } });
    expect(codes(report)).toEqual(['COLUMN_MISSING', 'COLUMN_RENAMED']);
    expect(report.findings[1]!.message).toMatch(
      /^"annual_income" is missing and "annualIncome" is new: did it get renamed to "annualIncome"\? the names differ in case and punctuation only \(φ² 0\.\d+\)$/,
    );
    expect(report.columns.find(({ name }) => name === 'annual_income')!.findings).toHaveLength(2);
  });

  test('a column under another name, by its values', async () => {
    const columns = (name: string) => `h % 97 AS a, (h % 1000) * (h % 1000) / 7.0 AS ${name}`;
    const report = await run(rows(4000, columns('income')), rows(4000, columns('earnings'), 4000));
    expect(codes(report)).toEqual(['COLUMN_MISSING', 'COLUMN_RENAMED']);
    expect(report.findings[1]!.message).toContain('their values agree');
  });

  test('two candidates are one too many to guess', async () => {
    const report = await run(
      rows(4000, 'h % 97 AS a, h / 7.0 AS income'),
      rows(4000, 'h % 97 AS a, h / 7.0 AS x, (h * 3 % 1000000000039) / 7.0 AS y', 4000),
    );
    expect(codes(report)).toEqual(['COLUMN_MISSING']);
  });

  test('columns that only share a type are not taken for one another', async () => {
    const report = await run(
      rows(4000, 'h % 97 AS a, h / 7.0 AS income'),
      rows(4000, "h % 97 AS a, (h % 1000) * (h % 1000) AS area, true AS flag, 'x' AS word", 4000),
    );
    expect(codes(report)).toEqual(['COLUMN_MISSING']);
  });
});

describe('values', () => {
  test('numbers among words', async () => {
    const city = "CASE h % 3 WHEN 0 THEN 'Köln' WHEN 1 THEN 'Bonn' ELSE 'Trier' END";
    const report = await run(
      rows(3000, `h % 97 AS a, ${city} AS city`),
      rows(3000, `h % 97 AS a, CASE WHEN h % 50 = 0 THEN '54290' ELSE ${city} END AS city`, 3000),
    );
    const finding = report.findings.find(({ code }) => code === 'MIXED_TYPES')!;
    expect(finding.message).toMatch(
      /^"city" mixes types: \d\.\d+ % of its values read as a number \(\d+ of 3,000: "54290"\), was 0 %; the rise is above the tolerated 0\.5 points$/,
    );
  });

  test('words among numbers, in text files', async () => {
    const csv = (name: string, line: (i: number) => string) => {
      const path = join(bench.folder, name);
      writeFileSync(path, `a,b\n${Array.from({ length: 2000 }, (_, i) => line(i)).join('\n')}\n`);
      return path;
    };
    const then = csv('then.csv', (i) => `${i % 97},${(i * 7919) % 1000}`);
    const now = csv('now.csv', (i) => `${i % 97},${i % 60 === 0 ? 'broken' : (i * 7907) % 1000}`);
    const report = await checkFiles(then, now);
    expect(result(report, 'mixed-types', 'b')).toMatchObject({ reference: 0, current: 34 / 2000, severity: 'P3' });
    expect(report.findings.find(({ code }) => code === 'MIXED_TYPES')!.message).toContain(
      '1.7 % of its values do not read as a number (34 of 2,000: "broken")',
    );
  });

  test('ids in a category', async () => {
    const report = await run(
      rows(3000, "h % 97 AS a, 'k' || (h % 20) AS plan"),
      rows(3000, "h % 97 AS a, CASE WHEN h % 10 = 0 THEN 'k' || h ELSE 'k' || (h % 20) END AS plan", 3000),
    );
    const finding = report.findings.find(({ code }) => code === 'CARDINALITY_UP')!;
    expect(finding).toMatchObject({ severity: 'P3', column: 'plan' });
    expect(finding.message).toMatch(
      /^"plan" holds \d+ distinct values in 3,000 rows, where the reference with its 20 lets expect 20: more than 2 times as many$/,
    );
  });

  test('another rounding, where no distance sees it', async () => {
    const report = await run(
      rows(4000, 'h % 97 AS a, round(h % 1000000 / 10000.0) AS amount'),
      rows(4000, 'h % 97 AS a, round(h % 1000000 / 10000.0, 2) AS amount', 4000),
    );
    expect(report.findings.map(({ code, column }) => [code, column])).toContainEqual(['CARDINALITY_UP', 'amount']);
  });

  test('a column that is almost constant', async () => {
    const report = await run(
      rows(4000, 'h % 97 AS a, h % 16 = 0 AS flag'),
      rows(4000, 'h % 97 AS a, i % 1000 = 7 AS flag', 4000),
    );
    const finding = report.findings.find(({ code }) => code === 'ALMOST_CONSTANT')!;
    expect(finding).toMatchObject({ severity: 'P3', column: 'flag' });
    expect(finding.message).toMatch(
      /^"flag" is almost constant: "false" in 99\.\d+ % of its values, was 9\d\.\d+ %; above 99 %$/,
    );
  });

  test('a column that is quite constant is told once', async () => {
    const report = await run(rows(4000, 'h % 97 AS a, h % 2 AS flag'), rows(4000, 'h % 97 AS a, 1 AS flag', 4000));
    expect(codes(report)).not.toContain('ALMOST_CONSTANT');
    expect(codes(report)).toContain('VARYING_BECAME_CONSTANT');
  });

  test('entropy is told where drift is not', async () => {
    const value = (top: number) => `CASE WHEN h % 100 < ${top} THEN 'top' ELSE 'v' || (h % 8) END AS v`;
    const tolerant = { warn: { phiSquared: 2, cellChange: 0.9 }, fail: { phiSquared: 3, cellChange: 1 } };
    const report = await run(rows(5000, value(90)), rows(5000, value(70), 5000), {
      verdict: {
        ...defaultVerdictSettings,
        tolerances: { feature: tolerant, prediction: tolerant },
      },
    });
    expect(report.findings).toMatchObject([{ code: 'ENTROPY_CHANGED', column: 'v', severity: 'P3' }]);
    expect(report.findings[0]!.message).toMatch(
      /^"v" is more varied: its entropy over \d cells went from 0\.\d+ to 1\.\d+ bits, by more than the tolerated 0\.5$/,
    );
    const told = await run(rows(5000, value(90)), rows(5000, value(70), 5000));
    expect(codes(told)).toContain('DRIFT_FAIL');
    expect(codes(told)).not.toContain('ENTROPY_CHANGED');
  });
});

describe('severity and threshold', () => {
  const twice = () =>
    [rows(2000, mixed), `(${rows(1000, mixed, 2000)}) UNION ALL (${rows(400, mixed, 2000)})`] as const;
  const withDuplicates = (setting: { threshold: number; severity: 'P1' | 'P2' | 'P3' | 'off' }) => ({
    verdict: {
      ...defaultVerdictSettings,
      quality: { ...defaultVerdictSettings.quality, 'duplicate-rows': setting },
    },
  });

  test('a raised severity breaches the gate, and the reason says so', async () => {
    const report = await run(...twice(), withDuplicates({ threshold: 0.01, severity: 'P2' }));
    expect(report.gate).toMatchObject({ status: 'breach', exitCode: 1 });
    expect(report.gate.reason).toContain('1 × P2');
  });

  test('a raised threshold is silent', async () => {
    const report = await run(...twice(), withDuplicates({ threshold: 0.5, severity: 'P2' }));
    expect(report.gate.exitCode).toBe(0);
    expect(report.findings).toEqual([]);
  });

  test('too few rows for a verdict are too few for this', async () => {
    const report = await run(rows(50, mixed), `(${rows(25, mixed)}) UNION ALL (${rows(25, mixed)})`);
    expect(report.gate.exitCode).toBe(2);
    expect(report.findings).toEqual([]);
  });
});

describe('the credit-scoring fixture', () => {
  const file = (name: string) => join(import.meta.dirname, '../../fixtures/credit-scoring', name);

  test.each(['healthy.parquet', 'healthy.csv'])('%s has no finding, with every check at P1', async (name) => {
    const loud = Object.fromEntries(
      Object.entries(defaultVerdictSettings.quality).map(([id, setting]) => [id, { ...setting, severity: 'P1' }]),
    ) as typeof defaultVerdictSettings.quality;
    const report = await checkFiles(file('reference.parquet'), file(name), {
      verdict: { ...defaultVerdictSettings, quality: loud },
    });
    expect(report.findings).toEqual([]);
    expect(report.gate.exitCode).toBe(0);
    expect(report.quality!.length).toBeGreaterThan(40);
  });
});
