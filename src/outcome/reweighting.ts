import { distance } from './decomposition.ts';

/**
 * What a prediction would look like if the log had the reference's distribution of one column.
 *
 *   q*_c = Σ_b p_b · Q(c | b)        p: the reference's shares of the column's cells b, Q(c | b): predictions in the log
 *   explained = 1 − φ²(q*, p_c) / φ²(q, p_c)
 *
 * Asks       how much of the prediction's drift goes with the drift of this column?
 * Range      at most 1; negative where the column's drift hides a part of the prediction's
 * Bound      √φ² is a metric, and re-weighting moves the prediction by no more than the column moved: with r² = φ² of the column
 *            by φ² of the prediction, no more than 1 − (1 − r)² is explained
 * Caveat     an association and no cause: columns that move together explain the same drift, each by itself
 * Sources    Kafka, Österreicher & Vincze (1991), Studia Scientiarum Mathematicarum Hungarica 26, 415–422, for the metric; Kish
 *            (1965), Survey Sampling, section 11.7, for the effective rows.
 */

export interface ReweightingInput {
  /** rows by cell of the column */
  readonly reference: Float64Array;
  /** by cell of the column: the log's rows by cell of the prediction */
  readonly current: readonly Float64Array[];
  /** the reference's rows by cell of the prediction */
  readonly prediction: Float64Array;
}

export interface Reweighting {
  readonly phiSquared: number;
  readonly reweighted: number;
  readonly explained: number;
  readonly uncovered: number;
  readonly effectiveRows: number;
}

/**
 * Null when there is nothing to weight, or no drift to explain.
 *
 * @example
 * // a column goes from 50:50 to 80:20, and the prediction is the column  =>  explained 1
 */
export function reweight({ reference, current, prediction }: ReweightingInput): Reweighting | null {
  const n = total(reference);
  const rows = current.map(total);
  const m = rows.reduce((a, b) => a + b, 0);
  const then = total(prediction);
  if (!(n > 0 && m > 0 && then > 0)) return null;

  const p = prediction.map((count) => count / then);
  const [q, weighted] = [new Float64Array(p.length), new Float64Array(p.length)];
  let covered = 0;
  let squares = 0;
  for (const [b, counts] of current.entries()) {
    if (rows[b]! === 0) continue;
    const share = reference[b]! / n;
    covered += share;
    squares += share ** 2 / rows[b]!;
    for (const [c, count] of counts.entries()) {
      q[c] = q[c]! + count / m;
      weighted[c] = weighted[c]! + share * (count / rows[b]!);
    }
  }
  const phiSquared = distance(p, q);
  if (!(phiSquared > 0 && covered > 0)) return null;
  const reweighted = distance(
    p,
    weighted.map((share) => share / covered),
  );
  return {
    phiSquared,
    reweighted,
    explained: 1 - reweighted / phiSquared,
    // a sum of shares need not be 1 to the last digit
    uncovered: covered > 1 - 1e-9 ? 0 : 1 - covered,
    effectiveRows: covered ** 2 / squares,
  };
}

/** The most that a column can explain, see the head. */
export function mostExplained(ofColumn: number, ofPrediction: number): number {
  const ratio = Math.sqrt(ofColumn / ofPrediction);
  return ratio >= 1 ? 1 : 1 - (1 - ratio) ** 2;
}

function total(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
