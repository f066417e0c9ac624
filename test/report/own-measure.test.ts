import { expect, test } from 'vitest';
import type { Report, ReportColumn } from '../../src/model/report.ts';
import { renderings } from '../../src/report/registry.ts';
import { buildReport, withOwnMeasure } from '../support/report-builder.ts';

/** Columns that the user lets another measure judge: φ² and its tolerances decide nothing there. */
const report: Report = (() => {
  const own = { income: 'annual_income', age: 'account_age_days' };
  const built = buildReport();
  const change = (column: ReportColumn) => (Object.values(own).includes(column.name) ? withOwnMeasure(column) : column);
  const columns = built.columns.map(change);
  return { ...built, columns, findings: columns.flatMap(({ findings }) => findings) };
})();

const drawn = async (format: string): Promise<string> =>
  (await renderings.find((rendering) => rendering.format === format)!.load())(report, { color: false, width: 100 });

const lineOf = (text: string, start: string): string => text.split(/\r?\n/).find((line) => line.startsWith(start))!;

test('markdown shows its name, value, interval and tolerances', async () => {
  const line = lineOf(await drawn('markdown'), '| `annual_income`');
  expect(line).toContain('| Wasserstein, divided by σ 0.812 (0.771 to 0.853) | 0.1 / 0.25 |');
  expect(lineOf(await drawn('markdown'), '| `score` | score')).toMatch(
    /\| φ² [\d.]+ \([\d.]+ to [\d.]+\) \| 0\.05 \/ 0\.125 \|/,
  );
});

test('csv has it, and φ² beside it for what it is', async () => {
  const text = await drawn('csv');
  const head = lineOf(text, 'column,').split(',');
  const row = lineOf(text, 'annual_income,').split(',');
  const of = (name: string) => row[head.indexOf(name)];
  expect(
    ['measure', 'value', 'lower', 'upper', 'tolerance_warn', 'tolerance_fail'].map((n) => of(`gating_${n}`)),
  ).toEqual(['wasserstein', '0.8123', '0.7712', '0.8534', '0.1', '0.25']);
  expect(of('smallest_provable')).toBe('');
  const score = lineOf(text, 'score,').split(',');
  expect(score[head.indexOf('gating_measure')]).toBe('phi-squared');
  expect(score[head.indexOf('gating_value')]).toBe(score[head.indexOf('phi_squared')]);
});

test('prometheus labels its samples with it', async () => {
  const text = await drawn('prometheus');
  const labels = 'column="annual_income",role="feature",measure="wasserstein"';
  expect(text).toContain(`driftgate_column_gating_value{${labels}} 0.8123\n`);
  expect(text).toContain(`driftgate_column_gating_bound{${labels},bound="upper"} 0.8534\n`);
  expect(text).toContain(`driftgate_column_gating_tolerance{${labels},level="fail"} 0.25\n`);
  expect(text).not.toContain('smallest_provable{column="annual_income"');
});

test('what was not proven is told on its scale, in every form that tells it', async () => {
  for (const format of ['markdown', 'junit', 'github', 'terminal']) {
    const text = await drawn(format);
    const told = text.slice(text.lastIndexOf('account_age_days')).slice(0, 250);
    expect(told, format).toMatch(/Wasserstein(, divided by σ)? 0\.812/);
    expect(told, format).not.toContain('φ² 0.051');
  }
});

test('junit’s failures and the page’s plain part quote its sentence', async () => {
  for (const format of ['junit', 'html', 'terminal', 'github', 'markdown']) {
    expect((await drawn(format)).replaceAll(/\s+/g, ' '), format).toMatch(/Wasserstein \(divided by σ\)[\s│]+0\.812/);
  }
});
