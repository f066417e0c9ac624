import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultOutcomeSettings, type OutcomeSettings } from '../../../src/model/outcomes.ts';
import type { Report } from '../../../src/model/report.ts';
import type { CheckOptions } from '../../../src/model/run.ts';
import { renderMarkdown } from '../../../src/report/markdown.ts';
import { renderPrometheus } from '../../../src/report/prometheus.ts';
import { renderTerminal } from '../../../src/report/terminal.ts';
import { defaultVerdictSettings } from '../../../src/verdict/tolerances.ts';
import { checkFiles } from '../../support/check.ts';
import { type Bench, openBench } from '../../support/engine.ts';

/** A model that is wrong more often than it was, seen by its labels; and what is asked when there are none. */

const churn = (name: string) => join(import.meta.dirname, '../../../fixtures/churn', name);
const settings = { ...defaultVerdictSettings, columns: { left: { role: 'label' } } } as const;
const labels = { paths: [churn('labels.csv')], key: 'request_id', labelKey: 'customer' };
const weekly = { ...settings, window: { by: 'time', unit: 'week', count: 1 } } as const;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());

const run = (more: Partial<CheckOptions> = {}) =>
  checkFiles(churn('reference.parquet'), churn('log.parquet'), { verdict: settings, labels, ...more });
const codes = (report: Report) => report.findings.map(({ code }) => code);
const outcomes = (more: Partial<OutcomeSettings>): OutcomeSettings => ({ ...defaultOutcomeSettings, ...more });

describe('the churn case', () => {
  let report: Report;
  beforeAll(async () => {
    report = await run({ verdict: weekly });
  });

  test('is found by its labels alone', () => {
    expect(codes(report)).toEqual(['PERFORMANCE_DOWN', 'PERFORMANCE_SLIPPED', 'LABEL_JOIN']);
    expect(report.gate.exitCode).toBe(1);
    expect(report.outcomes).toMatchObject({ task: 'binary', positive: 'leaves', refused: null });
    expect(report.outcomes!.judged.map(({ id, rejected, window }) => [id, rejected, window])).toEqual([
      ['f1', 'warn', 2],
      ['roc-auc', 'fail', 2],
    ]);
  });

  test('tells both series by window, and leaves the estimate where it was', () => {
    const { windows, reference } = report.outcomes!;
    expect(windows.map(({ rows }) => rows)).toEqual([400, 400, 400, 400]);
    expect(windows[0]!.from).toBe('2026-04-06T00:00:00.000Z');
    const area = (of: 'realised' | 'estimated') =>
      windows.map((window) => window[of].find(({ id }) => id === 'roc-auc')!.value!);
    expect(Math.min(...area('realised').slice(0, 2))).toBeGreaterThan(0.7);
    expect(Math.max(...area('realised').slice(2))).toBeLessThan(0.6);
    const before = reference!.metrics.find(({ id }) => id === 'roc-auc')!.value!;
    for (const value of area('estimated')) expect(Math.abs(value - before)).toBeLessThan(0.05);
  });

  test('is told in every rendering', () => {
    const terminal = renderTerminal(report, { color: false, width: 80 });
    expect(terminal).toMatch(/^ROC-AUC +0\.781 +0\.656 +\[0\.625, 0\.686\] +16 % worse \(> 20 % in a window\)$/m);
    for (const line of terminal.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(renderMarkdown(report)).toContain('| ROC-AUC | 0.781 | 0.656 |');
    expect(renderMarkdown(report)).toContain('from 2026-04-20 to 2026-04-27)');
    const metrics = renderPrometheus(report);
    expect(metrics).toMatch(/^driftgate_labelled_rows\{side="current"\} 1261$/m);
    expect(metrics).toMatch(/^driftgate_outcome_metric\{side="current",metric="roc_auc",class="leaves"\} 0\.65/m);
    expect(metrics).toMatch(/^driftgate_label_lag_seconds\{quantile="0\.5"\} \d+/m);
  });

  test('names windows of rows by their rows', async () => {
    const rows = await run({ verdict: { ...settings, window: { by: 'rows', rows: 400 } } });
    const [first] = rows.findings;
    expect(first!.message).toMatch(
      /^the ROC-AUC of "leaves" fell from 0\.781 to 0\.\d+ \[.*\] from row 801 to row 1,200, /,
    );
    expect(first!.data).toMatchObject({ begin: 'row 801', end: 'row 1,200' });
  });

  test('is the same from CSV and in another order', async () => {
    const csv = join(bench.folder, 'log.csv');
    await bench.run(
      `COPY (SELECT * FROM read_parquet('${churn('log.parquet')}') ORDER BY hash(request_id)) TO '${csv}' (HEADER)`,
    );
    const other = await checkFiles(churn('reference.parquet'), csv, { verdict: weekly, labels, threads: 4 });
    expect(other.outcomes).toEqual(report.outcomes);
  });
});

describe('settings', () => {
  test('name the positive class, the metrics, the tolerated drop and the baseline', async () => {
    const report = await run({
      outcomes: outcomes({
        positive: 'stays',
        metrics: ['accuracy', 'recall'],
        drop: { warn: 0.01, fail: 0.5 },
        baseline: { accuracy: 0.95 },
      }),
    });
    const { positive, judged } = report.outcomes!;
    expect(positive).toBe('stays');
    expect(judged.map(({ id, className, baseline, baselineFrom }) => [id, className, baseline, baselineFrom])).toEqual([
      ['accuracy', null, 0.95, 'config'],
      ['recall', 'stays', judged[1]!.baseline, 'reference'],
    ]);
    expect(judged[0]!.rejected).toBe('warn');
    expect(report.findings[0]!.message).toMatch(
      /^the accuracy fell from 0\.95 to 0\.635 .* \(1,261 labelled rows; the baseline is that of the configuration\)$/,
    );
  });

  test('a positive class that does not occur is told with the classes there are', async () => {
    await expect(run({ outcomes: outcomes({ positive: 'goes' }) })).rejects.toThrow(
      /^outcomes.positive is "goes", and the classes are "leaves" and "stays"$/,
    );
  });

  test('a rule that is off is not asked', async () => {
    const severity = {
      ...settings.severity,
      performance_drop: 'off',
      performance_slip: 'off',
      label_join: 'off',
    } as const;
    const report = await run({ verdict: { ...weekly, severity } });
    expect(codes(report)).toEqual([]);
    expect(report.outcomes!.judged.map(({ reason }) => reason)).toEqual(['its rule is off', 'its rule is off']);
  });

  test('a baseline alone serves where the reference has no labels', async () => {
    const unlabelled = await bench.parquet(
      'unlabelled.parquet',
      `SELECT * EXCLUDE "left" FROM read_parquet('${churn('reference.parquet')}')`,
    );
    const report = await checkFiles(unlabelled, churn('log.parquet'), {
      verdict: { ...settings, columns: {} },
      labels: { ...labels, column: 'left' },
      outcomes: outcomes({ metrics: ['accuracy', 'f1'], baseline: { accuracy: 0.9 } }),
    });
    expect(report.outcomes).toMatchObject({ reference: null, estimate: null });
    expect(report.outcomes!.judged).toMatchObject([
      { id: 'accuracy', rejected: 'fail', baseline: 0.9 },
      { id: 'f1', rejected: null, reason: expect.stringContaining('there is no baseline') },
    ]);
  });
});

describe('without labels', () => {
  /** Scores near the threshold, where the model is wrong as often as right. */
  const doubtful = (folder: string) =>
    `SELECT * REPLACE (CASE WHEN request_id % 2 = 0 THEN 0.52 ELSE 0.48 END AS score, CASE WHEN request_id % 2 = 0 THEN 'leaves' ELSE 'stays' END AS prediction) FROM read_parquet('${folder}'), range(4)`;

  test('the estimate is asked, and told as such', async () => {
    const current = await bench.parquet('doubtful.parquet', doubtful(churn('log.parquet')));
    const report = await checkFiles(churn('reference.parquet'), current, {
      verdict: settings,
      outcomes: outcomes({ metrics: ['accuracy', 'roc-auc'], drop: { warn: 0.05, fail: 0.1 } }),
    });
    expect(report.outcomes!.current).toBeNull();
    const found = report.findings.find(({ code }) => code === 'ESTIMATED_PERFORMANCE_DOWN')!;
    expect(found.severity).toBe('P2');
    expect(found.message).toMatch(
      /^the estimated (accuracy|ROC-AUC of "leaves") fell .*\(estimated without labels on 6,400 rows;/,
    );
  });

  test('it is refused where the reference cannot teach it', async () => {
    const few = await bench.parquet(
      'few.parquet',
      `SELECT * FROM read_parquet('${churn('reference.parquet')}') LIMIT 150`,
    );
    const report = await checkFiles(few, churn('log.parquet'), { verdict: settings });
    expect(report.outcomes!.estimate!.metrics).toEqual([]);
    expect(
      report.notes.some((note) =>
        /^performance without labels is not estimated: the reference has 150 labelled rows/.test(note),
      ),
    ).toBe(true);
  });
});

test('labels that came for some rows only are held against the others', async () => {
  const known = await bench.parquet(
    'high.parquet',
    `SELECT l.customer, l."left" FROM read_csv('${churn('labels.csv')}') l JOIN read_parquet('${churn('log.parquet')}') r ON l.customer = r.request_id WHERE r.score > 0.3 OR r.request_id % 4 = 0`,
  );
  const report = await run({ labels: { ...labels, paths: [known] } });
  const found = report.findings.find(({ code }) => code === 'LABELS_BIASED')!;
  expect(found.message).toMatch(
    /^labels have arrived for .* % of rows .* and these differ from the others in "score":/,
  );
  expect(report.outcomes!.bias.find(({ column }) => column === 'score')!.rejected).not.toBeNull();
});
