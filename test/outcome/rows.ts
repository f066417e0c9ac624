import { expect } from 'vitest';
import type {
  CalibrationBins,
  ClassificationCounts,
  ConfusionCounts,
  RankSums,
  RegressionSums,
  ScoreCounts,
  ScoreTable,
} from '../../src/model/outcome-counts.ts';
import { logLossOf } from '../../src/outcome/losses.ts';

/** Rows counted the plain way: what the engine's queries answer. */

/** The generator of fixtures/outcomes/make_outcome_values.py, bit by bit. */
export function draws(seed: number): () => number {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return x / 2 ** 32;
  };
}

export interface BinaryRows {
  readonly labels: readonly number[];
  readonly scores: readonly number[];
}

export function drawnBinary(seed: number, rows: number, steps: number): BinaryRows {
  const next = draws(seed);
  const labels: number[] = [];
  const scores: number[] = [];
  for (let i = 0; i < rows; i++) {
    const score = Math.floor(next() * steps) / steps;
    labels.push(next() < 0.1 + 0.7 * score * score ? 1 : 0);
    scores.push(score);
  }
  return { labels, scores };
}

export interface SeveralRows {
  readonly labels: readonly string[];
  readonly scores: readonly (readonly number[])[];
}

export function drawnSeveral(seed: number, rows: number): SeveralRows {
  const next = draws(seed);
  const labels: string[] = [];
  const scores: number[][] = [];
  for (let i = 0; i < rows; i++) {
    const parts = [next(), next() * 0.8 + 0.05, next() * 0.5 + 0.1];
    const whole = parts[0]! + parts[1]! + parts[2]!;
    const row = parts.map((part) => part / whole);
    const u = next();
    labels.push(u < row[0]! * 0.9 ? 'a' : u < row[0]! * 0.9 + row[1]! ? 'b' : 'c');
    scores.push(row);
  }
  return { labels, scores };
}

export interface RegressionRows {
  readonly labels: readonly number[];
  readonly predictions: readonly number[];
}

export function drawnRegression(seed: number, rows: number, shift: number): RegressionRows {
  const next = draws(seed);
  const labels: number[] = [];
  const predictions: number[] = [];
  for (let i = 0; i < rows; i++) {
    const label = shift + 1000 * (next() - 0.5);
    labels.push(label);
    predictions.push(label * 0.98 + 40 * (next() + next() - 1) + 3);
  }
  return { labels, predictions };
}

export function confusionOf(labels: readonly string[], predictions: readonly string[]): ConfusionCounts {
  const classes = [...new Set([...labels, ...predictions])].sort();
  const counts = new Float64Array(classes.length ** 2);
  for (const [i, label] of labels.entries()) {
    counts[classes.indexOf(label) * classes.length + classes.indexOf(predictions[i]!)]! += 1;
  }
  return { classes, counts };
}

export function scoreTable(labels: readonly boolean[], scores: readonly number[]): ScoreTable {
  const distinct = [...new Set(scores)].sort((a, b) => a - b);
  const place = new Map(distinct.map((score, i) => [score, i]));
  const positives = new Float64Array(distinct.length);
  const negatives = new Float64Array(distinct.length);
  for (const [i, label] of labels.entries()) (label ? positives : negatives)[place.get(scores[i]!)!]! += 1;
  return { form: 'table', scores: Float64Array.from(distinct), positives, negatives, exact: true };
}

/** By the definitions in model/outcome-counts.ts, row by row. */
export function rankSums(labels: readonly boolean[], scores: readonly number[]): RankSums {
  const rows = labels.map((positive, i) => ({ positive, score: scores[i]! }));
  const p = rows.filter(({ positive }) => positive);
  const n = rows.filter(({ positive }) => !positive);
  const count = (of: typeof rows, holds: (score: number) => boolean) => of.filter(({ score }) => holds(score)).length;
  const from = (score: number) => ({ t: count(p, (s) => s >= score), f: count(n, (s) => s >= score) });
  const misplacedPositive = (score: number) => count(n, (s) => s > score) + count(n, (s) => s === score) / 2;
  const misplacedNegative = (score: number) => count(p, (s) => s < score) + count(p, (s) => s === score) / 2;
  const total = (of: typeof rows, value: (score: number) => number) =>
    of.reduce((sum, { score }) => sum + value(score), 0);
  const precision = (score: number) => from(score).t / (from(score).t + from(score).f);
  const precisions = total(p, precision);
  const upTo = (score: number) => p.filter((other) => other.score <= score);
  const gained = (score: number) => total(upTo(score), (s) => from(s).f / (from(s).t + from(s).f) ** 2);
  const lost = (score: number) => total(upTo(score), (s) => from(s).t / (from(s).t + from(s).f) ** 2);
  return {
    form: 'rank-sums',
    positives: p.length,
    negatives: n.length,
    discordant: total(p, misplacedPositive),
    positiveSquares: n.length > 0 ? total(p, (s) => (misplacedPositive(s) / n.length) ** 2) : 0,
    negativeSquares: p.length > 0 ? total(n, (s) => (misplacedNegative(s) / p.length) ** 2) : 0,
    precisions,
    precisionSquares:
      total(p, (s) => (precision(s) + gained(s) - precisions / p.length) ** 2) + total(n, (s) => lost(s) ** 2),
  };
}

export function binaryCounts({ labels, scores }: BinaryRows, cut = 0.5): ClassificationCounts {
  const positive = labels.map((label) => label === 1);
  return {
    task: 'classification',
    positive: '1',
    confusion: confusionOf(
      labels.map(String),
      scores.map((score) => (score >= cut ? '1' : '0')),
    ),
    scores: {
      rows: labels.length,
      classes: [{ name: '1', ranking: scoreTable(positive, scores), calibration: null }],
      unscoredLabels: 0,
      outsideUnit: scores.filter((score) => score < 0 || score > 1).length,
      notSummingToOne: 0,
      logLoss: null,
      brier: null,
    },
  };
}

export function severalCounts(
  { labels, scores }: SeveralRows,
  predictions = scores.map((row) => 'abc'[row.indexOf(Math.max(...row))]!),
): ClassificationCounts {
  const names = ['a', 'b', 'c'];
  const sums = (values: readonly number[]) => ({
    rows: values.length,
    pivot: 0,
    sum: values.reduce((sum, value) => sum + value, 0),
    squares: values.reduce((sum, value) => sum + value * value, 0),
  });
  const counts: ScoreCounts = {
    rows: labels.length,
    classes: names.map((name, c) => ({
      name,
      ranking: scoreTable(
        labels.map((label) => label === name),
        scores.map((row) => row[c]!),
      ),
      calibration: null,
    })),
    unscoredLabels: 0,
    outsideUnit: 0,
    notSummingToOne: 0,
    logLoss: sums(scores.map((row, i) => logLossOf(row[names.indexOf(labels[i]!)]!))),
    brier: sums(
      scores.map((row, i) => row.reduce((sum, p, c) => sum + ((names[c] === labels[i] ? 1 : 0) - p) ** 2, 0)),
    ),
  };
  return { task: 'classification', positive: null, confusion: confusionOf(labels, predictions), scores: counts };
}

export function regressionSums(
  { labels, predictions }: RegressionRows,
  options: { readonly unit?: number; readonly pivot?: number; readonly features?: number | null } = {},
): RegressionSums {
  const { unit = 1, pivot = labels[0] ?? 0, features = null } = options;
  const errors = labels.map((label, i) => (predictions[i]! - label) / unit);
  const deviations = labels.map((label) => (label - pivot) / unit);
  const relative = labels.map((label, i) => Math.abs(predictions[i]! - label) / Math.max(Math.abs(label), 2 ** -52));
  const total = (values: readonly number[], of: (value: number, i: number) => number) =>
    values.reduce((sum, value, i) => sum + of(value, i), 0);
  const residuals = labels.map((label, i) => predictions[i]! - label).sort((a, b) => a - b);
  return {
    task: 'regression',
    rows: labels.length,
    unit,
    pivot,
    labels: {
      sum: total(deviations, (d) => d),
      squares: total(deviations, (d) => d ** 2),
      cubes: total(deviations, (d) => d ** 3),
      fourths: total(deviations, (d) => d ** 4),
    },
    errors: {
      sum: total(errors, (e) => e),
      absolute: total(errors, Math.abs),
      squares: total(errors, (e) => e ** 2),
      fourths: total(errors, (e) => e ** 4),
      squaresByLabel: total(errors, (e, i) => e ** 2 * deviations[i]!),
      squaresByLabelSquare: total(errors, (e, i) => e ** 2 * deviations[i]! ** 2),
    },
    relative: {
      sum: total(relative, (a) => a),
      squares: total(relative, (a) => a ** 2),
      zeroLabels: labels.filter((label) => label === 0).length,
    },
    features,
    residuals: {
      form: 'values',
      values: Float64Array.from(residuals),
      rows: new Float64Array(residuals.length).fill(1),
    },
  };
}

/** Bins of a class, row by row. */
export function calibrationBins(
  labels: readonly boolean[],
  scores: readonly number[],
  edges: Float64Array,
): CalibrationBins {
  const column = () => new Float64Array(edges.length + 1);
  const bins = { edges, rows: column(), scores: column(), positives: column() };
  for (const [i, score] of scores.entries()) {
    const bin = edges.filter((edge) => edge < score).length;
    bins.rows[bin]! += 1;
    bins.scores[bin]! += score;
    if (labels[i]) bins.positives[bin]! += 1;
  }
  return bins;
}

/** Off by at most `tolerance` of the expected value, or of `scale` where the value is a difference of such numbers. */
export function expectClose(
  actual: number | null | undefined,
  expected: number,
  tolerance: number,
  what: string,
  scale = 0,
): void {
  expect(typeof actual, what).toBe('number');
  const off = Math.abs(actual! - expected);
  expect(off <= tolerance * Math.max(Math.abs(expected), scale), `${what}: ${actual} for ${expected}`).toBe(true);
}
