import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { nastyReports, samples, worstReport } from '../support/hostile.ts';
import { buildReport, columnPlans } from '../support/report-builder.ts';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A strict reader of what OpenMetrics 1.0 and Prometheus' text format have in common: families in one piece, HELP and TYPE before
 * the samples, no blank line, each series once, `# EOF` as the last line.
 */
function parse(text: string): Sample[] {
  // no assertion library here: a wide report has 40,000 lines
  const demand = (holds: boolean, line: string) => {
    if (!holds) throw new Error(`not in both formats: ${JSON.stringify(line)}`);
  };
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.pop()).toBe('# EOF');
  const samples: Sample[] = [];
  const families = new Set<string>();
  const series = new Set<string>();
  let helped = '';
  let family = '';
  for (const line of lines) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment) {
      const [, what, name, rest] = comment as unknown as [string, string, string, string];
      if (what === 'HELP') {
        demand(!/["\\]/.test(rest), line);
        helped = name;
      } else {
        demand(name === helped && rest === 'gauge' && !families.has(name), line);
        families.add(name);
        family = name;
      }
      continue;
    }
    const [, name, , inside = '', value] =
      /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line) ?? [];
    demand(name !== undefined && name === family, line);
    const labels: Record<string, string> = {};
    let rest = inside;
    while (rest !== '') {
      const [whole, label, quoted] =
        /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/.exec(rest) ?? [];
      demand(label !== undefined, line);
      labels[label!] = quoted!.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
      rest = rest.slice(whole!.length);
    }
    const key = `${name}${JSON.stringify(Object.entries(labels).sort())}`;
    demand(!series.has(key), line);
    series.add(key);
    samples.push({ name: name!, labels, value: Number(value) });
  }
  return samples;
}

const read = (report: Report) => parse(renderPrometheus(report));

test('the verdict, the counts and every column as gauges', () => {
  const all = read(samples.typical!);
  const value = (name: string, labels: Record<string, string> = {}) =>
    all.find(
      (sample) =>
        sample.name === `driftgate_${name}` &&
        Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
    )?.value;
  const income = samples.typical!.columns[1]!;
  expect(value('exit_code')).toBe(1);
  expect(value('gate_status', { status: 'breach' })).toBe(1);
  expect(value('gate_status', { status: 'pass' })).toBe(0);
  expect(value('findings', { severity: 'P1' })).toBe(1);
  expect(value('columns', { outcome: 'drift' })).toBe(6);
  expect(value('rows', { side: 'current' })).toBe(41_327);
  expect(value('run_timestamp_seconds')).toBe(Date.parse('2026-11-06T06:30:04Z') / 1000);
  expect(value('column_drifted', { column: 'annual_income' })).toBe(1);
  expect(value('column_undetermined', { column: 'last_login' })).toBe(1);
  expect(value('column_severity', { column: 'customer.segment' })).toBe(1);
  expect(value('column_severity', { column: 'age' })).toBe(3);
  const judged = { column: 'annual_income', measure: 'phi-squared' };
  expect(value('column_gating_value', judged)).toBe(income.gating!.phiSquared);
  expect(value('column_gating_bound', { ...judged, bound: 'lower' })).toBe(income.gating!.interval[0]);
  expect(value('column_gating_tolerance', { column: 'score', level: 'warn' })).toBe(0.05);
  expect(value('column_missing_ratio', { column: 'customer.segment', side: 'current' })).toBeUndefined();
  // what is not tested has neither drifted nor not
  expect(value('column_drifted', { column: 'request_id' })).toBeUndefined();
});

test.each(Object.entries(samples))('a %s report is what both formats allow', (_name, report) => {
  expect(read(report).length).toBeGreaterThan(15);
});

test('names that are told apart by what cannot be shown stay apart: a series twice would lose the file', () => {
  const long = 'x'.repeat(500);
  const names = [`${long}a`, `${long}b`, 'tab\t', 'tab\\t', 'tab\\t (2)', 'TAB\t'];
  const all = read(buildReport({ columns: names.map((name) => ({ ...columnPlans[1]!, name })) }));
  expect(all.filter(({ name }) => name === 'driftgate_column_gating_value')).toHaveLength(names.length);
});

test('a quotation mark or a backslash in a name is escaped as both formats say', () => {
  const name = 'a"b\\c';
  const report = buildReport({ columns: [{ ...columnPlans[1]!, name }] });
  expect(renderPrometheus(report)).toContain('{column="a\\"b\\\\c",role="feature"}');
  expect(read(report).some(({ labels }) => labels.column === name)).toBe(true);
});

test('whatever the names are, every line is a sample of its family', () => {
  fc.assert(
    fc.property(nastyReports, (report) => {
      const all = read(report);
      expect(all.filter(({ name }) => name === 'driftgate_column_severity')).toHaveLength(report.columns.length);
      expect(renderPrometheus(report)).toBe(renderPrometheus(report));
    }),
    { numRuns: 200 },
  );
});

test('about a kilobyte a column, however long the names', () => {
  expect(Buffer.byteLength(renderPrometheus(samples.wide!))).toBeLessThan(3000 * 1200);
  expect(Buffer.byteLength(renderPrometheus(worstReport(3000)))).toBeLessThan(3000 * 12_000);
});
