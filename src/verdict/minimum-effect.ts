import { logBinomialUpperTail } from '../math/binomial.ts';
import { logNoncentralChiSquaredLowerTail, logNoncentralChiSquaredUpperTail } from '../math/noncentral-chi-squared.ts';
import { logNormalUpperTail, normalQuantile } from '../math/normal.ts';
import type { ColumnEvidence } from '../model/evidence.ts';
import type { TestedCells } from '../model/frequency-table.ts';
import type { Tolerance } from '../model/settings.ts';
import { crossing } from './invert.ts';

/**
 * The minimum-effect test: not "is there any difference", which every large batch has, but "is the drift larger than the
 * tolerance". Two measures of drift share the question, because each is blind where the other sees:
 *
 *   φ² = 2 Σ (p−q)²/(p+q)       moves of many cells; with n and m rows and v = 1/n + 1/m, φ²/v follows the non-central
 *                               chi-squared law with B−1 degrees of freedom and non-centrality (population φ²)/v
 *   max_b |q_b − p_b|           a concentrated move: a boolean that goes from 0.5 to 0.65 has a φ² of 0.09 only
 *
 * All p-values are natural logarithms: at production sizes they lie far below the smallest double.
 *
 * Sources    Hodges & Lehmann (1954), doi:10.1111/j.2517-6161.1954.tb00169.x, on tests of a tolerance; du Pisanie et al. (2023),
 *            arXiv:2303.01227, on the same question asked of PSI.
 */

/** How the share of one cell moved. */
export interface CellShift {
  readonly cell: string;
  /** shares of the reference's and the current side's rows */
  readonly reference: number;
  readonly current: number;
  /** |current − reference| */
  readonly change: number;
  /** of the change; from (count + ½)/(rows + 1), so that it is positive for an empty cell too */
  readonly standardError: number;
}

/** How a column moved, measured and not judged. */
export interface Movement {
  readonly phiSquared: number;
  /** B, the cells that hold a row of either side: one that is empty on both adds nothing, and no degree of freedom */
  readonly cells: number;
  readonly rows: { readonly reference: number; readonly current: number };
  /** v = 1/n + 1/m */
  readonly samplingVariance: number;
  /** of the coarser main cells that are not empty */
  readonly shifts: readonly CellShift[];
  /** the largest of them; null when no share changed */
  readonly largest: CellShift | null;
}

/** φ² of two distributions that have no value in common. */
export const greatestPhiSquared = 4;

/** Null when there is nothing to compare: a side without rows, or counts that are none. */
export function movement(cells: TestedCells): Movement | null {
  const n = sum(cells.reference);
  const m = sum(cells.current);
  const mainN = sum(cells.main.reference);
  const mainM = sum(cells.main.current);
  if (![n, m, mainN, mainM].every((rows) => rows > 0 && rows <= Number.MAX_SAFE_INTEGER)) return null;

  let phiSquared = 0;
  let occupied = 0;
  for (const [b, r] of cells.reference.entries()) {
    const p = r / n;
    const q = cells.current[b]! / m;
    if (p + q === 0) continue;
    occupied += 1;
    phiSquared += (2 * (p - q) ** 2) / (p + q);
  }

  const shifts: CellShift[] = [];
  for (const [b, r] of cells.main.reference.entries()) {
    const c = cells.main.current[b]!;
    if (r + c === 0) continue;
    const reference = r / mainN;
    const current = c / mainM;
    shifts.push({
      cell: cells.main.labels[b]!,
      reference,
      current,
      change: Math.abs(current - reference),
      standardError: Math.sqrt(steadyVariance(r, mainN) + steadyVariance(c, mainM)),
    });
  }
  if (!Number.isFinite(phiSquared) || shifts.some((shift) => !Number.isFinite(shift.change))) return null;
  const largest = first(shifts, ({ change }) => change);
  return {
    phiSquared,
    cells: occupied,
    rows: { reference: n, current: m },
    samplingVariance: 1 / n + 1 / m,
    shifts,
    largest: largest.change > 0 ? largest : null,
  };
}

/** Variance of a share from its count, with half a row added to either outcome: never zero. */
export function steadyVariance(count: number, rows: number): number {
  const share = (count + 0.5) / (rows + 1);
  return (share * (1 - share)) / rows;
}

/**
 * Standard error of a cell's change where it is judged: the larger of that of the shares seen and that of a change of exactly the
 * tolerance. A cell that shrank has a small error of its own, and would prove too much by it.
 */
function errorAt({ reference, current, standardError }: CellShift, tolerance: number, rows: Movement['rows']): number {
  const p = (reference * rows.reference + 0.5) / (rows.reference + 1);
  const q = Math.min(1, Math.max(0, p + Math.sign(current - reference) * tolerance));
  return Math.max(standardError, Math.sqrt((p * (1 - p)) / rows.reference + (q * (1 - q)) / rows.current));
}

/** The evidence that a column moved by more than a tolerance. */
export interface BeyondTolerance {
  /** of the union of both measures */
  readonly logP: number;
  /** which of them is the stronger evidence */
  readonly by: 'phi-squared' | 'cell';
  /** the cell of the strongest evidence, which need not be that of the largest change */
  readonly cell: CellShift;
}

/**
 * p-value of "φ² is at most its tolerance and no cell changed by more than its own":
 *
 *   p_φ = P(χ'²_{B−1}(δ/v) ≥ φ²/v),  p_cell = 2B · min_b P(Z ≥ (|q_b − p_b| − τ)/se_b),  p = 2 · min(p_φ, p_cell), each at most 1,
 *
 * with se_b the larger of the error of the shares seen and of a change of exactly τ
 */
export function beyond(movement: Movement, tolerance: Tolerance): BeyondTolerance {
  const { cells, phiSquared, samplingVariance: v, shifts } = movement;
  const logPhi = cells > 1 ? logNoncentralChiSquaredUpperTail(phiSquared / v, cells - 1, tolerance.phiSquared / v) : 0;
  const excess = (shift: CellShift): number =>
    (shift.change - tolerance.cellChange) / errorAt(shift, tolerance.cellChange, movement.rows);
  const cell = first(shifts, excess);
  const logCell = Math.min(0, Math.log(2 * shifts.length) + logNormalUpperTail(excess(cell)));
  return {
    logP: Math.min(0, Math.LN2 + Math.min(logPhi, logCell)),
    by: logCell < logPhi ? 'cell' : 'phi-squared',
    cell,
  };
}

/** The evidence that a column moved by less than a tolerance: both measures must be proven below, so each may use all of alpha. */
export interface BelowTolerance {
  readonly logPhiSquared: number;
  readonly logCellChange: number;
}

/** The mirror of {@link beyond}: p-values of "φ² is at least its tolerance" and "some cell changed by its tolerance or more". */
export function below(movement: Movement, tolerance: Tolerance): BelowTolerance {
  const { cells, phiSquared, samplingVariance: v, shifts } = movement;
  const room = (shift: CellShift): number =>
    (tolerance.cellChange - shift.change) / errorAt(shift, tolerance.cellChange, movement.rows);
  const tightest = Math.min(...shifts.map(room));
  return {
    logPhiSquared:
      cells > 1 ? logNoncentralChiSquaredLowerTail(phiSquared / v, cells - 1, tolerance.phiSquared / v) : 0,
    logCellChange: logNormalUpperTail(tightest),
  };
}

/**
 * Lower and upper bound of the population's φ², each at alpha by itself, by inverting the non-central law. So the upper bound lies
 * below a tolerance exactly when {@link below} proves it, and the lower bound lies above it whenever φ² proves drift.
 */
export function phiSquaredInterval(movement: Movement, alpha: number): readonly [number, number] {
  const { cells, phiSquared, samplingVariance: v } = movement;
  if (cells < 2) return [0, greatestPhiSquared];
  const x = phiSquared / v;
  const df = cells - 1;
  const goal = Math.log(alpha);
  const most = greatestPhiSquared / v;
  const upper = (lambda: number): number => logNoncentralChiSquaredUpperTail(x, df, lambda) - goal;
  const lower = (lambda: number): number => logNoncentralChiSquaredLowerTail(x, df, lambda) - goal;
  // the law has mean df + λ and variance 2df + 4λ
  const width = 4 * Math.sqrt(2 * df + 4 * x) + 16;
  const least = upper(0) >= 0 ? 0 : crossing(upper, firstNegative(upper, x, -width, 0), x);
  const greatest = lower(0) <= 0 ? 0 : crossing(lower, Math.max(0, x - df), firstNegative(lower, x, width, most));
  return [least * v, Math.min(greatestPhiSquared, greatest * v)];
}

/** The first of from + width, from + 3·width, from + 7·width … where f is negative; the limit when there is none before it. */
function firstNegative(f: (x: number) => number, from: number, width: number, limit: number): number {
  const clip = (x: number): number => (width < 0 ? Math.max(limit, x) : Math.min(limit, x));
  let step = width;
  let x = clip(from + step);
  while (x !== limit && f(x) >= 0) {
    step *= 2;
    x = clip(x + step);
  }
  return x;
}

/**
 * The smallest φ² that a batch of this size would have proven to be above the tolerance, were its column the only one;
 * {@link greatestPhiSquared} when nothing would have been proof.
 */
export function smallestProvable(
  { cells, samplingVariance: v }: Pick<Movement, 'cells' | 'samplingVariance'>,
  tolerance: Tolerance,
  alpha: number,
): number {
  const df = Math.max(1, cells - 1);
  const lambda = tolerance.phiSquared / v;
  const goal = Math.log(alpha / 2);
  const tail = (x: number): number => logNoncentralChiSquaredUpperTail(x, df, lambda) - goal;
  const most = greatestPhiSquared / v;
  if (df + lambda >= most || tail(most) > 0) return greatestPhiSquared;
  const width = 4 * Math.sqrt(2 * df + 4 * lambda) + 16;
  return crossing(tail, df + lambda, firstNegative(tail, df + lambda, width, most)) * v;
}

/**
 * Lower and upper bound of the change of a share, each at alpha by itself, by inverting the test: each bound is judged by the error
 * at that bound.
 */
export function changeInterval(shift: CellShift, alpha: number, rows: Movement['rows']): readonly [number, number] {
  const z = -normalQuantile(alpha);
  const bound = (direction: 1 | -1): number => {
    let at = shift.change;
    // the error hardly changes with where it is taken: a few rounds settle it
    for (let round = 0; round < 8; round++) {
      at = Math.min(1, Math.max(0, shift.change + direction * z * errorAt(shift, at, rows)));
    }
    return at;
  };
  return [bound(-1), bound(1)];
}

/** The rows off the one value of a column that has a single tested cell. */
export interface Constancy {
  readonly reference: { readonly rows: number; readonly off: number };
  readonly current: { readonly rows: number; readonly off: number };
}

/**
 * A column whose rows all fall into one cell has no φ² to test, yet it is not unknown: 0 of m rows that differ bound the share that
 * differs. Null when nothing was counted beside the cell, so that nothing can be said.
 */
export function constancy({ mode, missing, rows }: ColumnEvidence): Constancy | null {
  if (missing !== null && missing.reference === rows.reference && missing.current === rows.current) {
    return { reference: { rows: rows.reference, off: 0 }, current: { rows: rows.current, off: 0 } };
  }
  if (mode === null || !(mode.referenceRows > 0 && mode.currentRows > 0)) return null;
  return {
    reference: { rows: mode.referenceRows, off: mode.referenceOffMode },
    current: { rows: mode.currentRows, off: mode.currentOffMode },
  };
}

/**
 * {@link below} for one cell. A share d of rows that differ changes the cell by d and φ² by at most 4d/(2−d) (the other side
 * having none), so both tolerances hold while d is below min(τ, 2δ/(4+δ)) on either side: the p-value is the larger of the two
 * exact binomial ones. 100 rows of one value are enough at φ² 0.1 and alpha 0.01: 0.951¹⁰⁰ = 0.007.
 */
export function belowWhenConstant(constancy: Constancy, tolerance: Tolerance): BelowTolerance {
  const of = (share: number): number =>
    Math.max(
      ...[constancy.reference, constancy.current].map(({ rows, off }) =>
        logBinomialUpperTail(rows, Math.max(0, 1 - share), rows - off),
      ),
    );
  return {
    logPhiSquared: of((2 * tolerance.phiSquared) / (4 + tolerance.phiSquared)),
    logCellChange: of(Math.min(1, tolerance.cellChange)),
  };
}

/** [0, upper bound] of φ² at alpha, for one cell. */
export function constantInterval({ reference, current }: Constancy, alpha: number): readonly [number, number] {
  const bounds = [reference, current].map(({ rows, off }) =>
    crossing((share) => logBinomialUpperTail(rows, 1 - share, rows - off) - Math.log(alpha), 1e-12, 1 - 1e-12),
  );
  const share = Math.max(...bounds);
  return [0, (4 * share) / (2 - share)];
}

/** The first of the largest: of two cells that change by the same, rounding must not choose. */
function first(shifts: readonly CellShift[], size: (shift: CellShift) => number): CellShift {
  return shifts.reduce((a, b) => (size(b) - size(a) > 1e-9 ? b : a));
}

function sum(counts: Float64Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
