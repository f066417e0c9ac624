import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric, MetricDrop } from '../../src/model/outcome.ts';
import { defaultOutcomeSettings, type ReportedJoin } from '../../src/model/outcomes.ts';
import type { SeverityRule, VerdictSettings } from '../../src/model/settings.ts';
import { metricDrop } from '../../src/outcome/metric-drop.ts';
import { judgeFamily, type Rejected } from '../../src/verdict/family.ts';
import {
  type Compared,
  type MetricComparison,
  type OutcomeEvidence,
  outcomeQuestions,
} from '../../src/verdict/outcomes.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { cellsOf } from '../support/evidence.ts';

const { drop } = defaultOutcomeSettings;
const alpha = defaultVerdictSettings.alpha;
const week = 7 * 86_400;
const monday = Date.UTC(2026, 2, 2) / 1000;

/** p-values at the warn and at the fail share. */
const tested = (warn: number, fail: number, relative = 0.1): MetricDrop => ({
  relative,
  standardError: 0.01,
  tests: [
    { limit: drop.warn, logP: Math.log(warn) },
    { limit: drop.fail, logP: Math.log(fail) },
  ],
  reason: null,
});
const compared = (of: MetricDrop, rows = 1000): Compared => ({
  current: 0.72,
  interval: [0.7, 0.74],
  rows,
  drop: of,
});
const windowOf = (index: number, of: MetricDrop, more: Partial<MetricComparison['windows'][number]> = {}) => ({
  ...compared(of, 250),
  index,
  span: { from: monday + index * week, to: monday + (index + 1) * week },
  ...more,
});
const comparison = (whole: Compared, more: Partial<MetricComparison> = {}): MetricComparison => ({
  id: 'accuracy',
  className: null,
  from: 'labels',
  baseline: 0.9,
  baselineFrom: 'reference',
  direction: 'higher',
  whole,
  windows: [],
  ...more,
});
const nothing: OutcomeEvidence = { comparisons: [], drop, bias: [], join: null, unfit: null, windows: [] };
const ask = (evidence: Partial<OutcomeEvidence>, settings: VerdictSettings = defaultVerdictSettings) =>
  outcomeQuestions({ ...nothing, ...evidence }, settings);
const off = (...rules: SeverityRule[]): VerdictSettings => ({
  ...defaultVerdictSettings,
  severity: { ...defaultVerdictSettings.severity, ...Object.fromEntries(rules.map((rule) => [rule, 'off'])) },
});
const told = ({ layer }: ReturnType<typeof ask>, level: 'fail' | 'warn', i = 0) =>
  layer.questions[i]!.tell(level, new Map());

describe('a metric against its baseline', () => {
  it('is one question, its p-values those of the whole where there are no windows', () => {
    const asked = ask({ comparisons: [comparison(compared(tested(1e-9, 1e-4)))] });
    expect(asked.layer.questions).toHaveLength(1);
    expect(asked.layer.questions[0]!.logPFail).toBeCloseTo(Math.log(1e-4), 12);
    expect(asked.layer.questions[0]!.logPWarn).toBeCloseTo(Math.log(1e-9), 12);
    expect(asked.layer.facts).toEqual([]);
  });

  it('pages someone beyond the larger share, and is noted beyond the smaller', () => {
    const asked = ask({ comparisons: [comparison(compared(tested(1e-9, 1e-4, 0.2)))] });
    expect(told(asked, 'fail')).toMatchObject({ code: 'PERFORMANCE_DOWN', severity: 'P1', column: null });
    expect(told(asked, 'warn')).toMatchObject({ code: 'PERFORMANCE_SLIPPED', severity: 'P3' });
    expect(told(asked, 'fail')!.message).toBe(
      'the accuracy fell from 0.9 to 0.72 [0.7, 0.74], 20 % worse: beyond sampling, by more than the tolerated 20 % ' +
        "(1,000 labelled rows; the baseline is the reference's own)",
    );
  });

  it('tells a loss that rose, a class, and a baseline that was given', () => {
    const loss = comparison(compared(tested(1e-9, 1e-4)), {
      id: 'mean-absolute-error',
      className: "it's",
      direction: 'lower',
      baseline: 0.5,
      baselineFrom: 'config',
    });
    expect(told(ask({ comparisons: [loss] }), 'warn')!.message).toMatch(
      /^the MAE of "it's" rose from 0\.5 to 0\.72 .* tolerated 5 % \(.*; the baseline is that of the configuration\)$/,
    );
  });

  it('needs as many labelled rows as any verdict, and says so', () => {
    const of = (rows: number) => ask({ comparisons: [comparison(compared(tested(1e-9, 1e-4), rows))] });
    expect(of(100).layer.questions).toHaveLength(1);
    expect(of(99).layer.questions).toEqual([]);
    const [metric] = of(99).judged([]).metrics;
    expect(metric).toMatchObject({ logPFail: null, logPWarn: null, rejected: null });
    expect(metric!.reason).toBe('99 rows with a label, fewer than the 100 that a verdict needs');
  });

  it('that has no test says why', () => {
    const untested = { relative: null, standardError: null, tests: [], reason: 'there is no baseline' };
    const asked = ask({ comparisons: [comparison(compared(untested))] });
    expect(asked.layer.questions).toEqual([]);
    expect(asked.judged([]).metrics[0]).toMatchObject({ relative: null, reason: 'there is no baseline' });
  });

  it('estimated without labels is told beyond the larger share only', () => {
    const asked = ask({ comparisons: [comparison(compared(tested(1e-9, 1e-4)), { from: 'estimate' })] });
    expect(told(asked, 'warn')).toBeNull();
    expect(told(asked, 'fail')).toMatchObject({ code: 'ESTIMATED_PERFORMANCE_DOWN', severity: 'P2' });
    expect(told(asked, 'fail')!.message).toContain('the estimated accuracy fell');
    expect(told(asked, 'fail')!.message).toContain('(estimated without labels on 1,000 rows;');
  });

  it('is asked while one of its rules is on', () => {
    const comparisons = [comparison(compared(tested(1e-9, 1e-4)))];
    const half = ask({ comparisons }, off('performance_slip'));
    expect(told(half, 'warn')).toBeNull();
    expect(told(half, 'fail')).not.toBeNull();
    const none = ask({ comparisons }, off('performance_slip', 'performance_drop'));
    expect(none.layer.questions).toEqual([]);
    expect(none.judged([]).metrics[0]!.reason).toBe('its rule is off');
    const estimate = [comparison(compared(tested(1e-9, 1e-4)), { from: 'estimate' })];
    expect(ask({ comparisons: estimate }, off('estimated_drop')).layer.questions).toEqual([]);
  });
});

describe('the windows of a batch', () => {
  const quiet = tested(1, 1);
  const asked = (whole: MetricDrop, windows: MetricComparison['windows']) =>
    ask({
      comparisons: [comparison(compared(whole), { windows })],
      windows: windows.map(({ span }) => ({ span, rows: 250 })),
    });
  const logP = ({ layer }: ReturnType<typeof ask>) => layer.questions[0]!.logPFail;

  it('halve the evidence of the whole, and have a Wth of the other half each', () => {
    const windows = [0, 1, 2].map((i) => windowOf(i, i === 1 ? tested(1e-8, 1e-6) : quiet));
    const found = asked(tested(0.5, 0.5), windows);
    expect(logP(found)).toBeCloseTo(Math.log(2 * 3 * 1e-6), 12);
    expect(found.judged(['fail']).metrics[0]).toMatchObject({ window: 1, rejected: 'fail' });
    expect(
      logP(
        asked(
          tested(1e-5, 1e-5),
          [0, 1].map((i) => windowOf(i, quiet)),
        ),
      ),
    ).toBeCloseTo(Math.log(2e-5), 12);
  });

  it('are asked from two on', () => {
    expect(logP(asked(tested(1e-3, 1e-3), [windowOf(0, tested(1e-9, 1e-9))]))).toBeCloseTo(Math.log(1e-3), 12);
  });

  it('gate when a week long or longer, or of rows, with enough rows', () => {
    const strong = tested(1e-9, 1e-9);
    const with_ = (more: Partial<MetricComparison['windows'][number]>) =>
      logP(asked(quiet, [windowOf(0, quiet), windowOf(1, quiet), windowOf(2, strong, more)]));
    const six = Math.log(6e-9);
    expect(with_({})).toBeCloseTo(six, 12);
    expect(with_({ span: { from: monday, to: monday + week - 1 } })).toBe(0);
    expect(with_({ span: null })).toBeCloseTo(six, 12);
    expect(with_({ rows: 100 })).toBeCloseTo(six, 12);
    expect(with_({ rows: 99 })).toBe(0);
  });

  it('say where the evidence is strongest and since when it is there', () => {
    const at = (i: number, p: number) => windowOf(i, tested(p, p), i === 3 ? { current: 0.5, interval: null } : {});
    const found = asked(tested(0.3, 0.3), [at(0, 1), at(1, 1), at(2, 1e-5), at(3, 1e-12)]);
    const finding = told(found, 'fail')!;
    expect(finding.data).toMatchObject({ window: 3, since: '2026-03-16', begin: '2026-03-23', end: '2026-03-30' });
    expect(finding.message).toMatch(
      /to 0\.5 from 2026-03-23 to 2026-03-30, .*; 0\.72 over the whole batch; so since 2026-03-16\)$/,
    );
    const rows = asked(
      tested(0.3, 0.3),
      [at(0, 1), at(1, 1e-9), at(2, 1)].map((window) => ({ ...window, span: null })),
    );
    expect(told(rows, 'fail')!.message).toContain(' from row 251 to row 500, ');
  });

  it('are those of the formula, whatever they are', () => {
    const p = fc.double({ min: 1e-12, max: 1, noNaN: true });
    fc.assert(
      fc.property(p, fc.array(p, { maxLength: 8 }), (whole, parts) => {
        const windows = parts.map((part, i) => windowOf(i, tested(part, part)));
        const expected = parts.length < 2 ? whole : Math.min(1, 2 * whole, 2 * parts.length * Math.min(...parts));
        expect(logP(asked(tested(whole, whole), windows))).toBeCloseTo(Math.log(expected), 9);
      }),
    );
  });

  it('never make the smaller share harder to exceed than the larger', () => {
    const p = fc.double({ min: 1e-12, max: 1, noNaN: true });
    fc.assert(
      fc.property(p, p, fc.array(fc.tuple(p, p), { maxLength: 5 }), (warn, fail, parts) => {
        const windows = parts.map((part, i) => windowOf(i, tested(...part)));
        const [question] = asked(tested(warn, fail), windows).layer.questions;
        expect(question!.logPWarn).toBeLessThanOrEqual(question!.logPFail);
        expect(question!.logPFail).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('the shares that are tolerated', () => {
  /** An accuracy of so many right among a million, against 0.8. */
  const level = (right: number, settings: Partial<Metric> = {}): Rejected => {
    const trials = 1_000_000;
    const value = right / trials;
    const accuracy: Metric = {
      id: 'accuracy',
      className: null,
      probability: null,
      value,
      standardError: Math.sqrt((value * (1 - value)) / trials),
      interval: null,
      rows: trials,
      proportion: { successes: right, trials },
      direction: 'higher',
      method: null,
      reason: null,
      ...settings,
    };
    const whole = {
      current: value,
      interval: null,
      rows: trials,
      drop: metricDrop(0.8, accuracy, [drop.warn, drop.fail]),
    };
    return judgeFamily(ask({ comparisons: [comparison(whole, { baseline: 0.8 })] }).layer.questions, alpha)[0]!;
  };

  it('of exactly 5 % is no finding, of exactly 20 % a slip', () => {
    expect(level(800_000)).toBeNull();
    expect(level(760_000)).toBeNull();
    expect(level(758_000)).toBe('warn');
    expect(level(640_000)).toBe('warn');
    expect(level(638_000)).toBe('fail');
    expect(level(900_000)).toBeNull();
  });

  it('are no finding either where a metric has no error at all', () => {
    const exact = { standardError: 0, proportion: null };
    expect(level(760_000, exact)).toBeNull();
    expect(level(640_000, exact)).toBe('warn');
    expect(level(639_999, exact)).toBe('fail');
  });

  it('share the family with every other question of the run', () => {
    const questions = (p: number) => ask({ comparisons: [comparison(compared(tested(p, p)))] }).layer.questions;
    const among = (p: number, others: number) =>
      judgeFamily([...questions(p), ...Array(others).fill({ logPFail: 0, logPWarn: 0 })], alpha)[0];
    expect(among(alpha / 20, 19)).toBe('fail');
    expect(among(alpha / 20, 20)).toBeNull();
    expect(among(alpha * 1.001, 0)).toBeNull();
  });
});

describe('rows with a label against the others', () => {
  const bias = (reference: readonly number[], current: readonly number[], settings?: VerdictSettings) =>
    ask(
      { bias: [{ column: 'score', kind: 'categorical', cells: cellsOf(reference, current, ['low', 'high']) }] },
      settings,
    );

  it('are compared as a drift of a prediction is', () => {
    const found = bias([500, 500], [300, 100]);
    expect(found.judged(['fail']).bias).toEqual([
      {
        column: 'score',
        phiSquared: expect.closeTo(4 / 15, 12),
        cell: 'low',
        labelled: 0.75,
        unlabelled: 0.5,
        rejected: 'fail',
      },
    ]);
    expect(told(found, 'fail')).toMatchObject({ code: 'LABELS_BIASED', severity: 'P3', column: null });
    expect(told(found, 'fail')!.message).toBe(
      'labels have arrived for 28.6 % of rows (400 of 1,400), and these differ from the others in "score": the share of "low" is 75 % ' +
        'with a label and 50 % without; φ² 0.267, beyond the fail tolerance 0.1 or 7 points of one cell: metrics speak of the labelled rows only',
    );
    expect(judgeFamily(found.layer.questions, alpha)).toEqual(['fail']);
  });

  it('are alike within the tolerance, however many they are', () => {
    const [question] = bias([5e7, 5e7], [5.4e7, 4.6e7]).layer.questions;
    expect(question!.logPWarn).toBe(0);
    expect(judgeFamily(bias([500, 500], [51, 50]).layer.questions, alpha)).toEqual([null]);
  });

  it('need enough rows on both sides', () => {
    expect(bias([50, 50], [90, 10]).layer.questions).toHaveLength(1);
    expect(bias([50, 49], [90, 10]).layer.questions).toEqual([]);
    expect(bias([90, 10], [50, 49]).layer.questions).toEqual([]);
    expect(bias([90, 10], [50, 49]).judged([]).bias).toMatchObject([{ cell: 'low', rejected: null }]);
  });

  it('ask nothing where no cell moved, or the rule is off', () => {
    expect(bias([1000, 0], [1000, 0]).layer.questions).toEqual([]);
    expect(bias([500, 500], [50, 50]).layer.questions).toEqual([]);
    const silent = bias([500, 500], [300, 100], off('labels_biased'));
    expect(silent.layer.questions).toEqual([]);
    expect(silent.judged([]).bias).toHaveLength(1);
  });
});

it('what became of each question stands with its metric or column', () => {
  const few = comparison(compared(tested(1e-9, 1e-9), 5));
  const asked = ask({
    comparisons: [few, comparison(compared(tested(1e-9, 0.5))), comparison(compared(tested(1, 1)))],
    bias: [{ column: 'score', kind: 'categorical', cells: cellsOf([500, 500], [300, 100]) }],
  });
  const { metrics, bias } = asked.judged(['warn', null, 'fail']);
  expect(metrics.map(({ rejected }) => rejected)).toEqual([null, 'warn', null]);
  expect(bias.map(({ rejected }) => rejected)).toEqual(['fail']);
});

describe('labels that were joined', () => {
  const clean: ReportedJoin = {
    ...{ paths: ['labels.csv'], key: 'id', labelKey: 'id', labels: 900, labelKeys: 890, keyless: 0, empty: 0 },
    ...{ matched: 880, unlabelled: 120, orphanKeys: 10, repeatedKeys: 4, conflictingKeys: 0, contradictedRows: 0 },
    ...{ rowsWithoutKey: 0, repeatedRows: 0, lag: null },
  };
  const facts = (more: Partial<ReportedJoin>, settings?: VerdictSettings) =>
    ask({ join: { ...clean, ...more } }, settings).layer.facts.map(({ severity, message }) => `${severity} ${message}`);

  it('say nothing when all is well', () => {
    expect(facts({})).toEqual([]);
  });

  it('tell of keys with two truths, in any number', () => {
    expect(facts({ conflictingKeys: 1, contradictedRows: 1 })).toEqual([
      'P3 1 key of the labels has labels that contradict each other: 1 row of the log counts as unlabelled (of 890 labelled keys)',
    ]);
    expect(facts({ conflictingKeys: 3, contradictedRows: 1200 })).toEqual([
      'P3 3 keys of the labels have labels that contradict each other: 1,200 rows of the log count as unlabelled (of 890 labelled keys)',
    ]);
  });

  it('tell of rows that repeat a key', () => {
    expect(facts({ repeatedRows: 2, key: 'a "key"' })).toEqual([
      'P3 2 rows of the log repeat the key "a \\"key\\"" of another; each row gets the label of its key and counts once',
    ]);
  });

  it('tell why they were not measured, or nothing where that is not wanted', () => {
    const unfit = 'labels of another task';
    const all = { join: { ...clean, conflictingKeys: 1, repeatedRows: 1 }, unfit };
    expect(ask(all).layer.facts.map(({ code, column }) => [code, column])).toEqual(Array(3).fill(['LABEL_JOIN', null]));
    expect(ask(all).layer.facts[0]!.message).toBe('outcomes are not measured: labels of another task');
    expect(ask(all, off('label_join')).layer.facts).toEqual([]);
  });
});
