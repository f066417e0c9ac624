import type { MetricId } from '../../model/outcome.ts';
import {
  type JudgedMetric,
  metricTitle,
  type OutcomesReport,
  type OutcomeTask,
  type ReportedMetric,
} from '../../model/outcomes.ts';
import type { Report } from '../../model/report.ts';
import { quoted } from '../../model/text.ts';
import { clip, displayWidth, terminalText, wrap } from '../display-width.ts';
import { cells, code, table, text } from '../markdown-text.ts';
import { formatCount, formatDuration, formatNumber, formatQuantity, formatShare } from '../numbers.ts';
import type { Family } from '../prometheus.ts';
import { type ShownWindow, shownWindows } from '../windows.ts';
import { shownName } from '../words.ts';

/** How right the model was where labels have arrived, and how right it probably is elsewhere. */

const taskWords = {
  binary: 'two classes',
  multiclass: 'several classes',
  regression: 'numbers',
} satisfies Record<OutcomeTask, string>;

/** Beside the gated ones, the metrics that people look for first. */
const shownMetrics = {
  binary: ['accuracy', 'precision', 'recall', 'f1', 'roc-auc', 'average-precision', 'log-loss', 'brier-score'],
  multiclass: ['accuracy', 'f1-macro', 'roc-auc-macro', 'log-loss'],
  regression: ['mean-absolute-error', 'root-mean-squared-error', 'r-squared', 'mean-error'],
} as const satisfies Record<OutcomeTask, readonly MetricId[]>;
const estimatesShown = [
  'accuracy',
  'f1',
  'f1-macro',
  'roc-auc',
  'roc-auc-macro',
  'mean-absolute-error',
  'root-mean-squared-error',
];
const tableBytes = 8000;

/** One metric, before and now. */
interface Row {
  readonly id: MetricId;
  readonly baseline: number | null;
  readonly metric: ReportedMetric | null;
  readonly judged: JudgedMetric | null;
}

function rowsOf(outcomes: OutcomesReport): Row[] {
  const { task, positive, reference, current, judged } = outcomes;
  const ids = new Set<MetricId>([
    ...judged.filter(({ from }) => from === 'labels').map(({ id }) => id),
    ...shownMetrics[task],
  ]);
  return [...ids].flatMap((id): Row[] => {
    const own = (metrics: readonly ReportedMetric[] | undefined) =>
      metrics?.find((metric) => metric.id === id && (metric.className === null || metric.className === positive)) ??
      null;
    const metric = own(current?.metrics);
    const gated = judged.find((each) => each.id === id && each.from === 'labels') ?? null;
    const baseline = gated ? gated.baseline : (own(reference?.metrics)?.value ?? null);
    return metric === null && baseline === null ? [] : [{ id, baseline, metric, judged: gated }];
  });
}

function amount(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : formatNumber(value, 3);
}

function bounds(interval: readonly [number, number] | null | undefined): string {
  return interval ? `[${amount(interval[0])}, ${amount(interval[1])}]` : '';
}

/** @param windows null where there is no room for their names: the finding has them */
function change({ judged }: Row, windows: readonly ShownWindow[] | null): string {
  if (judged === null) return '';
  if (judged.relative === null) return judged.reason ?? 'not comparable';
  const share = formatShare(Math.abs(judged.relative));
  const moved = judged.relative > 0 ? `${share} worse` : judged.relative < 0 ? `${share} better` : 'the same';
  if (judged.rejected === null) return judged.reason === null ? moved : `${moved} (${judged.reason})`;
  const part = judged.window === null ? '' : ` ${windows?.[judged.window]?.during ?? 'in a window'}`;
  return `${moved} (> ${formatShare(judged.tolerated[judged.rejected])}${part})`;
}

function coverage({ reference, current, refused, task, positive, join }: OutcomesReport): string {
  const what = `${taskWords[task]}${positive === null ? '' : `, ${quoted(positive, 30)} positive`}`;
  const labelled =
    current === null
      ? `not measured: ${refused}`
      : `${formatCount(current.labelled)} of ${formatQuantity(current.rows, 'row')} with a label`;
  const before =
    reference === null ? 'no labels in the reference' : `${formatCount(reference.labelled)} in the reference`;
  return [what, labelled, before, ...joinWords(join)].join('; ');
}

function joinWords(join: OutcomesReport['join']): string[] {
  if (join === null) return [];
  return [
    ...(join.orphanKeys > 0 ? [`${formatQuantity(join.orphanKeys, 'label')} without a row`] : []),
    ...(join.repeatedKeys + join.conflictingKeys > 0
      ? [`${formatQuantity(join.repeatedKeys + join.conflictingKeys, 'key')} with several labels`]
      : []),
    ...(join.lag === null ? [] : [`labels come after ${lag(join.lag.q50)} (median; 90 % within ${lag(join.lag.q90)})`]),
  ];
}

function lag(seconds: number): string {
  const days = seconds / 86_400;
  return days < 2 ? formatDuration(1000 * seconds) : `${formatNumber(days, 3)} days`;
}

function estimateWords({ estimate, positive }: OutcomesReport): string | null {
  if (estimate === null || estimate.refused !== null) return null;
  const metrics = estimate.metrics.filter(
    ({ id, className, value }) =>
      estimatesShown.includes(id) && value !== null && (className === null || className === positive),
  );
  if (metrics.length === 0) return null;
  const told = metrics.map(({ id, value, interval }) => `${metricTitle(id)} ${amount(value)} ${bounds(interval)}`);
  return `estimated without labels on ${formatQuantity(estimate.rows, 'row')}: ${told.join(', ')}`;
}

export function terminalLines({ outcomes }: Report, width: number): string[] {
  if (!outcomes) return [];
  const rows = rowsOf(outcomes);
  const lines = rows.map((row) => [
    metricTitle(row.id),
    amount(row.baseline),
    amount(row.metric?.value),
    bounds(row.metric?.interval),
    change(row, null),
  ]);
  const heads = ['', 'then', 'now', '95 %', ''];
  const widths = heads.map((_, i) => Math.max(...[heads, ...lines].map((line) => displayWidth(line[i]!))));
  const laid = [heads, ...lines].map((line) =>
    clip(
      line
        .map((cell, i) => (i === 1 || i === 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join('  ')
        .trimEnd(),
      width,
    ),
  );
  const estimated = estimateWords(outcomes);
  return [
    ...wrap(`outcomes: ${terminalText(coverage(outcomes))}`, width),
    ...(outcomes.current === null || rows.length === 0 ? [] : laid),
    ...(estimated === null ? [] : wrap(estimated, width)),
  ];
}

export function markdownLines({ outcomes, time }: Report): string[] {
  if (!outcomes) return [];
  const windows = shownWindows(outcomes.windows, time?.zone);
  const rows = rowsOf(outcomes).map((row) =>
    cells([
      metricTitle(row.id),
      amount(row.baseline),
      amount(row.metric?.value),
      text(bounds(row.metric?.interval), 60),
      row.judged?.rejected ? `**${text(change(row, windows), 120)}**` : text(change(row, windows), 120),
    ]),
  );
  const estimated = estimateWords(outcomes);
  return [
    '### Outcomes',
    '',
    `${text(coverage(outcomes), 400)}.`,
    ...(outcomes.current === null || rows.length === 0
      ? []
      : ['', table(['metric', '>then', '>now', '95 %', 'change'], rows, tableBytes, () => '')]),
    ...confusionLines(outcomes),
    ...(estimated === null ? [] : ['', `${text(estimated, 400)}.`]),
  ];
}

const classesShown = 10;

function confusionLines({ current }: OutcomesReport): string[] {
  const confusion = current?.confusion;
  if (!confusion || confusion.classes.length > classesShown) return [];
  const { classes, counts } = confusion;
  const rows = classes.map((name, i) =>
    cells([`label ${code(name, 30)}`, ...classes.map((_, j) => formatCount(counts[i * classes.length + j]!))]),
  );
  const heads = ['', ...classes.map((name) => `>predicted ${code(name, 30)}`)];
  return ['', table(heads, rows, tableBytes, () => '')];
}

const sides = ['reference', 'current'] as const;

export function prometheusFamilies({ outcomes }: Report): Family[] {
  if (!outcomes) return [];
  const labelsOf = (metric: {
    readonly id: MetricId;
    readonly className: string | null;
    readonly probability?: number | null;
  }) => ({
    metric: metric.id.replaceAll('-', '_'),
    ...(metric.className === null ? {} : { class: shownName(metric.className, 100) }),
    ...(metric.probability ? { quantile: String(metric.probability) } : {}),
  });
  const gated = outcomes.judged.filter(({ relative }) => relative !== null);
  return [
    {
      name: 'labelled_rows',
      help: 'Rows with a label and a prediction.',
      samples: sides.flatMap((side) =>
        outcomes[side] === null ? [] : [{ labels: { side }, value: outcomes[side].labelled }],
      ),
    },
    {
      name: 'outcome_metric',
      help: 'Performance metrics on the labels.',
      samples: sides.flatMap((side) =>
        (outcomes[side]?.metrics ?? []).flatMap((metric) =>
          metric.value === null ? [] : [{ labels: { side, ...labelsOf(metric) }, value: metric.value }],
        ),
      ),
    },
    {
      name: 'outcome_metric_estimated',
      help: 'Performance metrics of the current data, estimated without labels.',
      samples: (outcomes.estimate?.metrics ?? []).flatMap((metric) =>
        metric.value === null ? [] : [{ labels: labelsOf(metric), value: metric.value }],
      ),
    },
    {
      name: 'outcome_drop_ratio',
      help: 'Worsening of a gated metric as a share of its baseline; negative for an improvement.',
      samples: gated.map((judged) => ({ labels: { from: judged.from, ...labelsOf(judged) }, value: judged.relative! })),
    },
    {
      name: 'label_lag_seconds',
      help: 'Time from a row to its label.',
      samples: outcomes.join?.lag
        ? (
            [
              ['0.5', outcomes.join.lag.q50],
              ['0.9', outcomes.join.lag.q90],
              ['0.99', outcomes.join.lag.q99],
            ] as const
          ).map(([quantile, value]) => ({ labels: { quantile }, value }))
        : [],
    },
  ];
}
