import type { EstimatedMetric, MetricId } from '../../src/model/outcome.ts';
import { type Metric, metricIds } from '../../src/model/outcome.ts';
import type { OutcomesReport, OutcomeWindow, ReportedMetric, SidePerformance } from '../../src/model/outcomes.ts';
import type { ConfidenceProfile, PredictionReport, PredictionWindow } from '../../src/model/predictions.ts';
import type { Ranking } from '../../src/model/ranking.ts';
import type { Report } from '../../src/model/report.ts';
import type { Segmentation } from '../../src/model/segments.ts';
import type { ServiceReport } from '../../src/model/service.ts';
import type { TimeReport } from '../../src/model/time.ts';
import { asPublished } from './published-schema.ts';

/** What a report gains from a log with time, labels, scores, segments and a service: invented, deterministic, in the contract's shapes. */

export interface LayersPlan {
  /** of the batch */
  readonly windows?: number;
  readonly task?: OutcomesReport['task'];
  /** names of classes, segments, statuses, and reasons: as hostile as one likes */
  readonly texts?: readonly string[];
  readonly segments?: number;
}

const begin = Date.parse('2026-11-01T00:00:00Z');
const day = 86_400_000;

/** The report with every layer; its columns keep what they have. */
export function withLayers(report: Report, plan: LayersPlan = {}): Report {
  const { windows = 10, texts = ['no', 'yes'], segments = 6, task = texts.length > 2 ? 'multiclass' : 'binary' } = plan;
  const names = report.columns.map(({ name }) => name);
  const [text = ''] = texts;
  const columns = report.columns.map((column, c) => {
    if (column.gating === null) return column;
    const moved = (i: number) => column.gating!.phiSquared * (i >= windows / 2 ? 1.4 : 0.1 + 0.001 * c);
    const each = <T>(of: (i: number) => T) => Array.from({ length: windows }, (_, i) => of(i));
    const { warn, fail } = column.gating.tolerance;
    return {
      ...column,
      windows: {
        phiSquared: each((i) => (i === 1 ? null : rounded(moved(i)))),
        cellChange: each((i) => (i === 1 ? null : rounded(moved(i) / 3))),
        missing: each((i) => rounded(0.02 + (i >= windows / 2 ? 0.1 : 0.001 * i))),
        beyond: each((i) =>
          i === 1 ? null : moved(i) > fail.phiSquared ? 'fail' : moved(i) > warn.phiSquared ? 'warn' : null,
        ),
      },
      findings: column.findings.map(since),
    };
  });
  return asPublished({
    ...report,
    columns,
    findings: report.findings.map(since),
    time: time(windows),
    outcomes: outcomes(task, texts, windows, names),
    predictions: predictions(names, texts, windows),
    segments: [
      segmentation(names.slice(0, 1), texts, segments, names),
      { ...segmentation(names.slice(1, 3), texts, 0, []), skipped: text || 'too many values' },
    ],
    ranking: ranking(report),
    service: service(names, texts, windows),
  });
}

function since(finding: Report['findings'][number]): Report['findings'][number] {
  if (finding.code !== 'DRIFT_FAIL' && finding.code !== 'DRIFT_WARN') return finding;
  return { ...finding, data: { ...finding.data, part: 'suffix', since: '2026-11-06', until: '2026-11-11' } };
}

function window(i: number): { from: string; to: string; rows: number } {
  const iso = (at: number) => new Date(at).toISOString();
  return { from: iso(begin + i * day), to: iso(begin + (i + 1) * day), rows: i === 1 ? 12 : 4000 + 37 * (i % 7) };
}

function time(windows: number): TimeReport {
  return {
    column: 'event_time',
    zone: 'UTC',
    windows: Array.from({ length: windows }, (_, i) => ({ ...window(i), judged: i !== 1 })),
    outsideRows: 3,
    oldest: '2026-11-01T00:00:07.000Z',
    newest: '2026-11-10T23:59:41.500Z',
    missingRows: 17,
    futureRows: 2,
    disorderedRows: 1042,
    disorderedOf: 19_990,
    gaps: [{ from: '2026-11-02T03:00:00.000Z', to: '2026-11-02T19:30:00.000Z' }],
  };
}

const binaryMetrics: readonly MetricId[] = [
  'f1',
  'roc-auc',
  'accuracy',
  'precision',
  'recall',
  'log-loss',
  'brier-score',
];
const multiclassMetrics: readonly MetricId[] = ['accuracy', 'f1-macro', 'roc-auc-macro', 'log-loss'];
const regressionMetrics: readonly MetricId[] = [
  'mean-absolute-error',
  'root-mean-squared-error',
  'r-squared',
  'mean-error',
];
const ofOneClass: readonly MetricId[] = ['f1', 'roc-auc', 'precision', 'recall'];

function outcomes(
  task: OutcomesReport['task'],
  texts: readonly string[],
  windows: number,
  names: readonly string[],
): OutcomesReport {
  const classes = task === 'regression' ? [] : texts;
  const positive = task === 'binary' ? (texts[1] ?? null) : null;
  const ids = { binary: binaryMetrics, multiclass: multiclassMetrics, regression: regressionMetrics }[task];
  const className = (id: MetricId) => (ofOneClass.includes(id) ? positive : null);
  const value = (id: MetricId, loss: number) =>
    id.startsWith('mean') || id.startsWith('root')
      ? rounded(812.34 + 4000 * loss)
      : id === 'log-loss' || id === 'brier-score'
        ? rounded(0.21 + loss)
        : rounded(0.91 - 0.01 * metricIds.indexOf(id) * 0.1 - loss);
  const metric = (id: MetricId, loss: number): ReportedMetric => ({
    id,
    className: className(id),
    probability: null,
    value: value(id, loss),
    interval: [value(id, loss + 0.01), value(id, loss - 0.01)].sort((a, b) => a - b) as [number, number],
    standardError: 0.004,
    direction: direction(id),
    rows: 31_204,
    method: 'Wilson',
    reason: null,
  });
  const side = (loss: number): SidePerformance => ({
    rows: 41_327,
    labelled: 31_204,
    metrics: [
      ...ids.map((id) => metric(id, loss)),
      ...(task === 'regression'
        ? []
        : [
            { ...metric('calibration-error', 0), className: positive, value: 0.031 + loss },
            { ...metric('average-precision', loss), value: null, interval: null, reason: texts[0] || 'one class only' },
          ]),
    ],
    confusion:
      task === 'regression'
        ? null
        : {
            classes,
            counts: classes.flatMap((_, i) => classes.map((__, j) => (i === j ? 9000 - 10 * i : 300 + i + 2 * j))),
          },
    calibration: classes.slice(0, task === 'binary' ? 1 : 4).map((name, i) => ({
      className: task === 'binary' ? (positive ?? name) : name,
      bins: 'equal-width',
      points: Array.from({ length: 10 }, (_, at) => ({
        rows: 1000 - 17 * at - i,
        meanScore: rounded(0.05 + 0.1 * at),
        observed: rounded(Math.min(1, 0.04 + (0.095 - loss / 4) * at)),
        interval: [rounded(Math.max(0, 0.01 + 0.09 * at)), rounded(Math.min(1, 0.08 + 0.1 * at))] as const,
      })),
      expectedByChance: 0.0043,
    })),
    residuals:
      task === 'regression'
        ? {
            edges: Array.from({ length: 41 }, (_, i) => rounded(-2000 + 100 * i + 300 * loss)),
            rows: Array.from({ length: 40 }, (_, i) => Math.round(2000 * Math.exp(-(((i - 20) / 9) ** 2)))),
          }
        : null,
  });
  const estimated = (loss: number): EstimatedMetric[] =>
    ids.slice(0, 3).map((id) => {
      const { method: _, rows: __, probability: ___, ...rest } = metric(id, loss);
      return rest;
    });
  const series = ({ id, className, value, interval }: Pick<Metric, 'id' | 'className' | 'value' | 'interval'>) => ({
    id,
    className,
    value,
    interval,
  });
  return {
    task,
    positive,
    columns: {
      label: 'paid_back',
      labelsFrom: 'file',
      prediction: 'y_pred',
      scores: classes.slice(0, 4).map((name, i) => ({ column: names[i] ?? 'score', className: name })),
      threshold: task === 'binary' ? 0.5 : null,
    },
    join: {
      paths: ['labels/2026-11.parquet'],
      key: 'request_id',
      labelKey: 'id',
      labels: 32_012,
      labelKeys: 31_998,
      keyless: 3,
      empty: 11,
      matched: 31_204,
      unlabelled: 10_123,
      orphanKeys: 794,
      repeatedKeys: 14,
      conflictingKeys: 2,
      contradictedRows: 2,
      rowsWithoutKey: 1,
      repeatedRows: 5,
      lag: { least: -3600, q50: 172_800, q90: 604_800, q99: 1_209_600, most: 1_814_400 },
    },
    reference: side(0),
    current: side(0.08),
    refused: null,
    judged: [
      ...ids.slice(0, 2).map((id, i) => ({
        id,
        className: className(id),
        from: 'labels' as const,
        baseline: value(id, 0),
        baselineFrom: i === 0 ? ('reference' as const) : ('config' as const),
        current: value(id, 0.08),
        relative: i === 0 ? 0.0912 : -0.012,
        tolerated: { warn: 0.05, fail: 0.2 },
        logPWarn: i === 0 ? -33.2 : -0.01,
        logPFail: -0.2,
        rejected: i === 0 ? ('warn' as const) : null,
        window: i === 0 ? windows - 1 : null,
        reason: null,
      })),
      {
        id: ids[2]!,
        className: className(ids[2]!),
        from: 'estimate',
        baseline: null,
        baselineFrom: 'reference',
        current: null,
        relative: null,
        tolerated: { warn: 0.05, fail: 0.2 },
        logPWarn: null,
        logPFail: null,
        rejected: null,
        window: null,
        reason: texts[0] || 'no estimate',
      },
    ],
    estimate: {
      method: task === 'regression' ? 'direct-loss' : 'confidence-based',
      rows: 10_123,
      metrics: estimated(0.06),
      conditions: [
        { id: 'reference-rows', value: 31_204, limit: 200, holds: true, says: 'the reference has 31204 labelled rows' },
        {
          id: 'calibration',
          value: 0.09,
          limit: 0.05,
          holds: false,
          says: `the score of ${texts[0]} is not calibrated`,
        },
      ],
      refused: null,
    },
    bias: names.slice(0, 2).map((column, i) => ({
      column,
      phiSquared: 0.31,
      cell: texts[0] ?? '',
      labelled: 0.41,
      unlabelled: 0.12,
      rejected: i === 0 ? 'warn' : null,
    })),
    windows: Array.from({ length: windows }, (_, i): OutcomeWindow => {
      const loss = i >= windows / 2 ? 0.08 : 0.002 * (i % 3);
      return {
        ...window(i),
        labelled: i === windows - 1 ? 0 : 3000 - 20 * (i % 9),
        realised: i === windows - 1 ? [] : ids.map((id) => series(metric(id, loss))),
        estimated: i === 1 ? [] : estimated(loss * 0.8).map(series),
        refused: i === 1 ? texts[0] || 'too few rows' : null,
      };
    }),
  };
}

function direction(id: MetricId): Metric['direction'] {
  if (id === 'mean-error') return null;
  return ['log-loss', 'brier-score', 'mean-absolute-error', 'root-mean-squared-error', 'calibration-error'].includes(id)
    ? 'lower'
    : 'higher';
}

function predictions(names: readonly string[], texts: readonly string[], windows: number): PredictionReport {
  const asked = { logP: -12.3, rejected: true };
  const profile = (fall: number): ConfidenceProfile => ({
    rows: 41_000,
    mean: 0.91 - fall,
    std: 0.12 + fall / 2,
    quantiles: { q01: 0.51, q05: 0.6, q25: 0.85 - fall, q50: 0.94 - fall, q75: 0.98 - fall, q95: 0.99, q99: 0.999 },
    nearThreshold: Math.round(900 + 9000 * fall),
    entropy: 0.31 + fall,
  });
  return {
    prediction: names[2] ?? null,
    scores: texts.slice(0, 4).map((name, i) => ({ column: names[i] ?? 'score', class: name })),
    meaning: 'class-scores',
    reason: texts[0] || 'their names end with the predicted classes',
    confidence: {
      reference: profile(0),
      current: profile(0.2),
      drop: 0.2198,
      interval: [0.2151, 0.2242],
      tolerated: 0.15,
      threshold: 0.5,
      near: 0.1,
      resolution: 0.005,
      part: { form: 'suffix', from: Math.ceil(windows / 2), to: windows },
      since: Math.ceil(windows / 2),
      ...asked,
    },
    checks: [
      {
        rule: 'within-0-1',
        reference: { rows: 0, of: 250_000 },
        current: { rows: 1204, of: 41_327 },
        tolerated: 0.001,
        notAsked: null,
        ...asked,
      },
      {
        rule: 'largest-score',
        reference: { rows: 4000, of: 250_000 },
        current: { rows: 900, of: 41_327 },
        tolerated: 0.001,
        notAsked: texts[0] || 'it does not hold in the reference',
        logP: null,
        rejected: false,
      },
    ],
    concentration: {
      value: texts[0] ?? 'no',
      reference: { rows: 130_000, of: 250_000 },
      current: { rows: 22_000, of: 41_327 },
      logP: -0.1,
      rejected: false,
    },
    bounds: names.slice(0, 1).map((column) => ({
      column,
      min: 0,
      max: 1,
      below: 3,
      above: 41,
      rows: 41_327,
      tolerated: 0,
      smallest: -0.2,
      largest: 14.5,
    })),
    histogram: {
      edges: Array.from({ length: 21 }, (_, i) => rounded(i / 20)),
      classes: [...texts.slice(0, 20), null].map((name, c) => ({
        class: name,
        reference: Array.from({ length: 20 }, (_, i) => Math.round(4000 * Math.exp(-(((i - 4 - c) / 4) ** 2)))),
        current: Array.from({ length: 20 }, (_, i) => Math.round(900 * Math.exp(-(((i - 7 - c) / 5) ** 2)))),
      })),
    },
    windows: Array.from({ length: windows }, (_, i): PredictionWindow => {
      const fallen = i >= windows / 2;
      const mean = rounded(fallen ? 0.52 + 0.002 * (i % 5) : 0.9 + 0.003 * (i % 4));
      return {
        ...window(i),
        confidence:
          i === 1
            ? null
            : {
                rows: 3990,
                mean,
                std: 0.21,
                interval: [rounded(mean - 0.012), rounded(mean + 0.012)],
                nearThreshold: fallen ? 2000 : 180,
                asked: true,
                beyond: fallen,
              },
      };
    }),
    series: [
      ...names.slice(0, 2).map((column, c) => ({
        form: 'mean' as const,
        column,
        class: null,
        reference: c === 0 ? 0.21 : null,
        current: 0.31,
        windows: Array.from({ length: windows }, (_, i) =>
          i === 1 ? null : rounded(0.2 + (i >= windows / 2 ? 0.2 : 0)),
        ),
      })),
      ...texts.slice(0, 5).map((name, c) => ({
        form: 'share' as const,
        column: names[2] ?? 'prediction',
        class: name,
        reference: rounded(0.5 / (1 + c)),
        current: rounded(0.6 / (1 + c)),
        windows: Array.from({ length: windows }, (_, i) =>
          i === 1 ? null : rounded((0.5 + 0.01 * (i % 9)) / (1 + c)),
        ),
      })),
    ],
  };
}

function segmentation(
  columns: readonly string[],
  texts: readonly string[],
  many: number,
  tested: readonly string[],
): Segmentation {
  const name = (i: number) => `${texts[i % Math.max(1, texts.length)]}${i < texts.length ? '' : ` ${i}`}`;
  const statuses = ['judged', 'judged', 'judged', 'few-rows', 'new', 'vanished', 'other'] as const;
  const segments = Array.from({ length: many }, (_, i) => ({
    values: [name(i)],
    name: name(i),
    status: statuses[i % statuses.length]!,
    rows: {
      reference: statuses[i % 7] === 'new' ? 0 : 20_000 - 300 * i,
      current: statuses[i % 7] === 'vanished' ? 0 : 4000 + 90 * i,
    },
    level: i === 0 ? ('fail' as const) : i === 1 ? ('warn' as const) : null,
    drifted: i === 0 ? 3 : i === 1 ? 1 : 0,
  }));
  const judged = segments.map(({ status }) => status === 'judged');
  return {
    columns,
    skipped: null,
    segments,
    judged: judged.filter(Boolean).length,
    distinct: [many],
    newValues: texts.slice(0, 2).map((value) => ({ value, rows: 41 })),
    tested: tested.map((column, c) => ({
      column,
      role: 'feature',
      rejected: c === 0 ? 'fail' : c < 3 ? 'warn' : null,
      phiSquared: judged.map((is, i) => (is ? rounded(0.6 / (1 + c + i)) : null)),
      cellChange: judged.map((is, i) => (is ? rounded(0.2 / (1 + c + i)) : null)),
      levels: judged.map((is, i) => (is && i === 0 && c < 3 ? (c === 0 ? 'fail' : 'warn') : null)),
      decomposition:
        c < 3
          ? {
              phiSquared: 0.42,
              mix: c === 0 ? 0.12 : -0.05,
              within: segments.map((_, i) => rounded(i === 0 ? 0.7 : (c === 0 ? 0.18 : 0.35) / Math.max(1, many - 1))),
              reweighted: 0.37,
              explained: 'segment',
              segment: segments[0]?.name ?? null,
              sentence: `the drift of "${column}" is explained by ${columns.join()} "${name(0)}": 70 % of φ² 0.42 comes from within it`,
            }
          : null,
    })),
  };
}

function ranking({ columns }: Report): Ranking {
  const compared = columns.filter(({ gating }) => gating !== null);
  const total = compared.reduce((sum, { gating }, i) => sum + gating!.phiSquared / (1 + i), 0);
  return {
    importance: compared.slice(0, 15).map(({ name, gating, outcome }, i) => ({
      column: name,
      importance: rounded(1 / (1 + i)),
      phiSquared: rounded(gating!.phiSquared),
      weight: rounded(gating!.phiSquared / (1 + i)),
      share: total > 0 ? rounded(gating!.phiSquared / (1 + i) / total) : null,
      outcome,
    })),
    predictions: compared.slice(0, 1).map(({ name, gating }) => ({
      column: name,
      role: 'score',
      phiSquared: rounded(gating!.phiSquared),
      columns: compared.slice(1, 13).map((other, i) => ({
        column: other.name,
        phiSquared: rounded(other.gating!.phiSquared),
        reweighted: rounded(gating!.phiSquared * (0.4 + 0.08 * i)),
        explained: rounded(0.6 - 0.08 * i),
        uncovered: i === 0 ? 0.012 : 0,
        effectiveRows: 31_204 - 1000 * i,
      })),
      left: 4,
      sentence: `with the reference's distribution of "${name}" 60 % of its drift goes; an association, not a cause`,
    })),
  };
}

function service(names: readonly string[], texts: readonly string[], windows: number): ServiceReport {
  const column = names[0] ?? 'latency_ms';
  const latency = (slow: number) => ({
    rows: 41_000,
    missing: 327,
    invalid: 2,
    percentiles: {
      p50: { value: 21 * slow, exact: true },
      p95: { value: 93 * slow, exact: true },
      p99: { value: 310 * slow, exact: false },
    },
    max: 4021,
  });
  const status = (errors: number) => ({
    rows: 41_327,
    missing: 0,
    errors,
    top: texts.slice(0, 3).map((value, i) => ({ value, rows: 40_000 - 19_000 * i, error: i === 1 })),
  });
  return {
    latencies: [{ column, unit: 'ms', reason: texts[0] || 'its name', reference: latency(1), current: latency(1.6) }],
    statuses: [{ column: names[1] ?? 'status', reference: status(120), current: status(1240) }],
    time: {
      column: 'event_time',
      from: '2026-11-01T00:00:07.000Z',
      to: '2026-11-11T00:00:00.000Z',
      throughput: 0.0478,
    },
    windows: Array.from({ length: windows }, (_, i) => ({
      ...window(i),
      throughput: i === 0 ? null : rounded(0.046 + 0.001 * (i % 4)),
      latencies: [{ p50: 21 + (i % 5), p95: 93 + 9 * (i % 5), p99: 310 + 40 * (i % 5) }],
      errors: [i === 1 ? null : { rows: i > 5 ? 160 : 12, of: 4000 }],
    })),
    levels: [
      { measure: 'p95', column, level: 120, found: 148.8, missed: true, reason: null, windows: [windows - 1] },
      {
        measure: 'error_rate',
        column: names[1] ?? 'status',
        level: 0.05,
        found: 0.03,
        missed: false,
        reason: null,
        windows: [],
      },
      {
        measure: 'throughput',
        column: null,
        level: 1,
        found: null,
        missed: null,
        reason: texts[0] || 'no time',
        windows: [],
      },
    ],
  };
}

/** As a profile holds numbers that come from sums. */
function rounded(value: number): number {
  return Number(value.toPrecision(11));
}
