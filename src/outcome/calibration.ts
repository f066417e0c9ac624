import { normalUpperTail } from '../math/normal.ts';
import type { CalibrationCurve, Metric } from '../model/outcome.ts';
import { type CalibrationBins, type ClassScores, equalWidthEdges, type ScoreTable } from '../model/outcome-counts.ts';
import { type Interval, wilsonInterval } from './intervals.ts';
import { estimatedMetric, smoothedDeviation, undefinedMetric } from './metric.ts';
import { exactTable } from './probability-metrics.ts';
import { total } from './ranking.ts';

export const EQUAL_WIDTH_BINS = 15;
export const EQUAL_MASS_BINS = 10;

/**
 * Expected calibration error and the calibration curve, one class against the rest.
 *
 *   ECE = Σ_b (r_b/n) |k_b/r_b − s̄_b|,  r rows, k positives and mean score s̄ of bin b
 *
 * Asks       of the rows scored 0.8, are 80 % positive?
 * Units      a difference of probabilities.
 * Range      0 … 1. Never quite 0 on finite rows: `expectedByChance` is what a calibrated score would show.
 * Interval   of the error in the population's bins: the observed gaps times λ, for the λ at which the observed error is just not
 *            unusually large or small. The error's law under λ is taken as normal with the moments of a sum of folded normals;
 *            the lower end is 0 when a calibrated score explains what was seen. Curve: Wilson.
 * Ties…      bins are (low, high], 0 in the first, as scikit-learn's calibration_curve.
 * Undefined  without rows, or when a score lies outside 0 … 1.
 * Cost       O(table) + 60 O(bins).
 * Accuracy   exact given the bins.
 * Sources    Naeini, Cooper & Hauskrecht (2015), doi:10.1609/aaai.v29i1.9602; Leone, Nelson & Nottingham (1961),
 *            doi:10.1080/00401706.1961.10489974 (folded normal).
 *
 * @example
 * // scores .8 .8 .8 .8, three positives  =>  |3/4 − 0.8| = 0.05
 */
export function calibrationOf(scores: ClassScores, z: number): { metrics: Metric[]; curves: CalibrationCurve[] } {
  const table = exactTable(scores.ranking);
  const bins = {
    'equal-width': scores.calibration?.equalWidth ?? (table && binned(table, equalWidthEdges(EQUAL_WIDTH_BINS))),
    'equal-mass': scores.calibration?.equalMass ?? (table && binned(table, equalMassEdges(table, EQUAL_MASS_BINS))),
  };
  const metrics: Metric[] = [];
  const curves: CalibrationCurve[] = [];
  for (const kind of ['equal-width', 'equal-mass'] as const) {
    const counted = bins[kind];
    if (!counted) continue;
    const id = kind === 'equal-width' ? 'calibration-error' : 'calibration-error-equal-mass';
    const gaps = gapsOf(counted);
    const name = { id, className: scores.name, rows: total(counted.rows) } as const;
    if (gaps.length === 0) {
      metrics.push(undefinedMetric(name, 'no row has a label and a score'));
      continue;
    }
    metrics.push(estimatedMetric(name, calibrationError(gaps, z)));
    const points = gaps.map(({ rows, meanScore, positives }) => ({
      rows,
      meanScore,
      observed: positives / rows,
      interval: wilsonInterval(positives, rows, z),
    }));
    curves.push({ className: scores.name, bins: kind, points, expectedByChance: lawOfError(gaps, 0).mean });
  }
  return { metrics, curves };
}

interface Gap {
  readonly rows: number;
  readonly positives: number;
  readonly meanScore: number;
  /** of all rows */
  readonly weight: number;
  readonly size: number;
  /** standard error of the observed share */
  readonly standardError: number;
}

function gapsOf({ rows, scores, positives }: CalibrationBins): Gap[] {
  const all = total(rows);
  return Array.from(rows.entries())
    .filter(([, count]) => count > 0)
    .map(([i, count]) => ({
      rows: count,
      positives: positives[i]!,
      meanScore: scores[i]! / count,
      weight: count / all,
      size: Math.abs(positives[i]! - scores[i]!) / count,
      standardError: smoothedDeviation(positives[i]!, count) / Math.sqrt(count),
    }));
}

function calibrationError(gaps: readonly Gap[], z: number) {
  const value = gaps.reduce((sum, { weight, size }) => sum + weight * size, 0);
  const standings = (stretch: number) => {
    const { mean, deviation } = lawOfError(gaps, stretch);
    return (value - mean) / deviation;
  };
  const interval: Interval =
    value > 0
      ? [
          value * stretchWhere((stretch) => standings(stretch) > z),
          Math.min(1, value * stretchWhere((stretch) => standings(stretch) > -z)),
        ]
      : [0, Math.min(1, z * lawOfError(gaps, 0).mean)];
  return {
    value,
    standardError: lawOfError(gaps, 1).deviation,
    interval,
    method: 'inverted law of folded normal gaps',
  };
}

/** Mean and spread of the observed error when the true gaps are `stretch` times those seen. */
function lawOfError(gaps: readonly Gap[], stretch: number): { readonly mean: number; readonly deviation: number } {
  let mean = 0;
  let variance = 0;
  let level = 0;
  let spread = 0;
  let rows = 0;
  for (const { weight, size, standardError, rows: ofBin } of gaps) {
    const gap = stretch * size;
    const ratio = gap / standardError;
    const folded =
      standardError * Math.sqrt(2 / Math.PI) * Math.exp(-0.5 * ratio * ratio) + gap * (1 - 2 * normalUpperTail(ratio));
    mean += weight * folded;
    variance += weight * weight * Math.max(0, gap * gap + standardError * standardError - folded * folded);
    level += weight * gap;
    spread += weight * gap * gap;
    rows += ofBin;
  }
  // how many rows fall into each bin is chance as well
  variance += Math.max(0, spread - level * level) / rows;
  return { mean, deviation: Math.sqrt(variance) };
}

/** The largest stretch at which the observed error is still too large; it falls as the stretch grows. */
function stretchWhere(tooLarge: (stretch: number) => boolean): number {
  if (!tooLarge(0)) return 0;
  let high = 1;
  for (let doublings = 0; doublings < 60 && tooLarge(high); doublings++) high *= 2;
  let low = 0;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (tooLarge(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Edges at scores of the table, so that the bins hold as equal numbers of rows as ties allow. */
export function equalMassEdges({ scores, positives, negatives }: ScoreTable, bins: number): Float64Array {
  const rows = total(positives) + total(negatives);
  const edges: number[] = [];
  let below = 0;
  for (let i = 0; i + 1 < scores.length && edges.length < bins - 1; i++) {
    below += positives[i]! + negatives[i]!;
    if (below >= (rows * (edges.length + 1)) / bins) {
      edges.push(scores[i]!);
      // a score that fills several bins is one edge; the rest is shared by the bins left
      while (edges.length < bins - 1 && below >= (rows * (edges.length + 1)) / bins) edges.push(scores[i]!);
    }
  }
  return Float64Array.from(new Set(edges));
}

function binned({ scores, positives, negatives }: ScoreTable, edges: Float64Array): CalibrationBins {
  const column = () => new Float64Array(edges.length + 1);
  const bins = { edges, rows: column(), scores: column(), positives: column() };
  let bin = 0;
  for (const [i, score] of scores.entries()) {
    while (bin < edges.length && edges[bin]! < score) bin++;
    const rows = positives[i]! + negatives[i]!;
    bins.rows[bin]! += rows;
    bins.scores[bin]! += rows * score;
    bins.positives[bin]! += positives[i]!;
  }
  return bins;
}
