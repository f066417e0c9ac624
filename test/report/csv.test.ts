import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { renderCsv } from '../../src/report/csv.ts';
import { nastyReports, samples, worstReport } from '../support/hostile.ts';
import { buildReport, columnPlans } from '../support/report-builder.ts';

/** Strict: a row of another width is an error. */
const read = (report: Report): Record<string, string>[] =>
  parse(renderCsv(report), { columns: true, record_delimiter: '\r\n' });

test('a line a column, in the order of the report, numbers exact', () => {
  const report = samples.typical!;
  const rows = read(report);
  expect(rows.map((row) => row.column)).toEqual(report.columns.map(({ name }) => name));
  const column = report.columns[1]!;
  expect(rows[1]).toMatchObject({
    column: 'annual_income',
    role: 'feature',
    kind: 'numeric',
    outcome: 'drift',
    severity: 'P2',
    findings: 'DRIFT_FAIL OUT_OF_RANGE',
    rows_reference: '250000',
  });
  expect(Number(rows[1]!.phi_squared)).toBe(column.gating!.phiSquared);
  expect(Number(rows[1]!.q50_current)).toBe(column.current!.numbers!.quantiles.q50);
  expect(Number(rows[1]!.kolmogorov_smirnov)).toBe(
    column.measures.find(({ id }) => id === 'kolmogorov-smirnov')!.statistic,
  );
  expect(rows[0]).toMatchObject({ column: 'customer.segment', rows_current: '', phi_squared: '', wasserstein: '' });
});

test('lines end with CR LF, the header stands without columns too', () => {
  for (const report of Object.values(samples)) {
    const text = renderCsv(report);
    expect(text.split('\r\n')).toHaveLength(report.columns.length + 2);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  }
  expect(renderCsv(samples['without columns']!)).toMatch(/^column,role,kind,.*\r\n$/);
});

test.each([
  ['=cmd()', "'=cmd()"],
  ['+1+1', "'+1+1"],
  ['-2+3', "'-2+3"],
  ['@SUM(1)', "'@SUM(1)"],
  [' =1+1', "' =1+1"],
  ['＝1+1', "'＝1+1"],
  ['-', "'-"],
  ['\t=1', '\\t=1'],
  ['\r=1', '\\r=1'],
  ['-1', '-1'],
  ['+1.5e3', '+1.5e3'],
  ['-.5', '-.5'],
  ['a=b', 'a=b'],
  ['a,"b"', 'a,"b"'],
  [' a ', ' a '],
])('the name %j is %j in the file', (name, shown) => {
  expect(read(buildReport({ columns: [{ ...columnPlans[1]!, name }] }))[0]!.column).toBe(shown);
});

test('whatever the names are, it reads back, and no cell is a formula', () => {
  fc.assert(
    fc.property(nastyReports, (report) => {
      const rows = read(report);
      expect(rows).toHaveLength(report.columns.length);
      rows.forEach((row, i) => {
        const column = report.columns[i]!;
        expect(row.outcome).toBe(column.outcome);
        expect(row.phi_squared).toBe(column.gating === null ? '' : String(column.gating.phiSquared));
        const values = Object.values(row);
        const formulas = values.filter(
          (value) => /^\s*[=+\-@\t\r＝＋－＠]/.test(value) && !Number.isFinite(Number(value)),
        );
        const hidden = values.filter((value) => /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]|\p{Cs}/u.test(value));
        expect([formulas, hidden]).toEqual([[], []]);
      });
      expect(renderCsv(report)).toBe(renderCsv(report));
    }),
    { numRuns: 100 },
  );
});

test('about a kilobyte a column, however long the names', () => {
  expect(Buffer.byteLength(renderCsv(samples.wide!))).toBeLessThan(3000 * 1000);
  expect(Buffer.byteLength(renderCsv(worstReport(3000)))).toBeLessThan(3000 * 12_000);
});
