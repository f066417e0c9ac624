import type { PredictionReport, ScoreRule } from '../../model/predictions.ts';
import type { Report } from '../../model/report.ts';
import { wrap } from '../display-width.ts';
import { cells } from '../markdown-text.ts';
import { formatCount, formatNumber, formatShare } from '../numbers.ts';
import type { Family } from '../prometheus.ts';
import { partWords, shownWindows } from '../windows.ts';
import { shownName, unique } from '../words.ts';

/** What predictions and scores say of themselves. */

export const ruleWords = {
  'within-0-1': 'outside 0 … 1',
  'sum-to-1': 'not adding up to 1',
  'largest-score': 'against the predicted class',
} satisfies Record<ScoreRule, string>;

export function terminalLines({ predictions, time }: Report, width: number): string[] {
  const confidence = predictions?.confidence;
  if (!predictions || !confidence) return [];
  const { reference, current, drop, tolerated, threshold } = confidence;
  const moved = drop > 0 ? `down ${formatShare(drop)}` : `up ${formatShare(-drop)}`;
  const share = (side: typeof reference) => formatShare(side.nearThreshold / side.rows);
  const parts = [
    `mean confidence ${formatNumber(reference.mean, 3)} → ${formatNumber(current.mean, 3)} (${moved}; ${formatShare(tolerated)} tolerated${beyondWords(predictions, time?.zone)})`,
    `near the threshold ${formatNumber(threshold)} ${share(reference)} → ${share(current)} of rows`,
    ...(reference.entropy === null || current.entropy === null
      ? []
      : [`entropy ${formatNumber(reference.entropy, 3)} → ${formatNumber(current.entropy, 3)} bits`]),
    ...predictions.checks
      .filter(({ current: { rows } }) => rows > 0)
      .map(({ rule, current: { rows, of } }) => `scores ${ruleWords[rule]} in ${formatShare(rows / of)}`),
  ];
  return wrap(`predictions: ${parts.join('; ')}`, width);
}

/** Where more than that is proven, though not over the whole. */
function beyondWords({ confidence, windows }: PredictionReport, zone: string | undefined): string {
  const { part, rejected } = confidence!;
  return part === null || !rejected ? '' : `, more ${partWords(part, shownWindows(windows, zone))}`;
}

/** The window with the least confidence. */
function lowestRow({ windows }: PredictionReport, zone: string | undefined): string[] {
  const means = windows.map(({ confidence }) => confidence?.mean ?? Number.POSITIVE_INFINITY);
  const least = Math.min(...means);
  if (!Number.isFinite(least)) return [];
  const { during } = shownWindows(windows, zone)[means.indexOf(least)]!;
  return [cells([`lowest mean of a window, ${during}`, '–', formatNumber(least)])];
}

export function markdownLines({ predictions, time }: Report): string[] {
  const confidence = predictions?.confidence;
  if (!predictions || !confidence) return [];
  const { reference, current, threshold, near } = confidence;
  const row = (name: string, of: (side: typeof reference) => string) => cells([name, of(reference), of(current)]);
  return [
    '### Confidence of the predictions',
    '',
    cells(['', 'reference', 'current']),
    cells(['---', '--:', '--:']),
    row('rows', ({ rows }) => formatCount(rows)),
    row('mean', ({ mean }) => formatNumber(mean)),
    ...lowestRow(predictions, time?.zone),
    row('median', ({ quantiles }) => formatNumber(quantiles.q50, 3)),
    row('5 % to 95 %', ({ quantiles }) => `${formatNumber(quantiles.q05, 3)} to ${formatNumber(quantiles.q95, 3)}`),
    row(`nearer than ${formatNumber(near)} to the threshold ${formatNumber(threshold)}`, (side) =>
      formatShare(side.nearThreshold / side.rows),
    ),
    ...(reference.entropy === null
      ? []
      : [row('entropy in bits', ({ entropy }) => (entropy === null ? '' : formatNumber(entropy, 3)))]),
    ...predictions.checks.map((check) =>
      cells([
        `rows with scores ${ruleWords[check.rule]}`,
        ...[check.reference, check.current].map(({ rows }) => formatCount(rows)),
      ]),
    ),
  ];
}

export function prometheusFamilies({ predictions }: Report): Family[] {
  if (!predictions) return [];
  const { confidence, checks, bounds } = predictions;
  const names = unique(bounds.map(({ column }) => shownName(column, 200)));
  const sides = confidence
    ? ([
        ['reference', confidence.reference],
        ['current', confidence.current],
      ] as const)
    : [];
  return [
    {
      name: 'prediction_confidence_mean',
      help: 'Mean confidence of the predictions, 0 to 1.',
      samples: sides.map(([side, { mean }]) => ({ labels: { side }, value: mean })),
    },
    {
      name: 'prediction_near_threshold_ratio',
      help: 'Share of the rows whose score is near the threshold.',
      samples: sides.map(([side, { nearThreshold, rows }]) => ({ labels: { side }, value: nearThreshold / rows })),
    },
    {
      name: 'prediction_entropy_bits',
      help: 'Mean entropy of the class probabilities of a row.',
      samples: sides.flatMap(([side, { entropy }]) => (entropy === null ? [] : [{ labels: { side }, value: entropy }])),
    },
    {
      name: 'prediction_confidence_drop_ratio',
      help: 'Fall of the mean confidence as a share of that of the reference.',
      samples: confidence ? [{ labels: {}, value: confidence.drop }] : [],
    },
    {
      name: 'score_invalid_ratio',
      help: 'Share of the rows whose scores break a rule of probabilities.',
      samples: checks.flatMap(({ rule, reference, current }) =>
        (
          [
            ['reference', reference],
            ['current', current],
          ] as const
        ).flatMap(([side, { rows, of }]) => (of === 0 ? [] : [{ labels: { rule, side }, value: rows / of }])),
      ),
    },
    {
      name: 'prediction_out_of_bounds_ratio',
      help: 'Share of the rows whose prediction lies outside the range that was allowed.',
      samples: bounds.flatMap(({ below, above, rows }, i) =>
        rows === 0 ? [] : [{ labels: { column: names[i]! }, value: (below + above) / rows }],
      ),
    },
  ];
}
