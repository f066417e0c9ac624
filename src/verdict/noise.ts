import { logFUpperTail } from '../math/f-distribution.ts';
import type { TestedCells } from '../model/frequency-table.ts';
import type { PeriodNoise } from '../model/verdict.ts';
import type { WindowCounts, WindowPlan } from '../model/windows.ts';

/**
 * Noise between periods: what the batch would have to differ by, were it one more window of the reference.
 *
 * Rows of one day resemble each other more than rows of two: a day has a mean of its own. That noise does not shrink with more
 * rows, so no sampling variance holds it; the reference's own windows, as long as the batch, tell how large it is. With
 * W windows, S_w = φ² of window w against the rest and v_w = 1/n_w + 1/(n − n_w),
 *
 *   s² = max(0, mean_w(S_w − (B−1)·v_w) · (W−1)/W)        the noise between windows on the scale of φ², sampling taken out
 *   T  = (B−1)·v + s²·(1/D + 1/W)                         what φ² is on average when nothing but sampling and that noise is there
 *   p₂ = P(F(df, W−1) ≥ S/T)                              S = φ² of the batch, D its length in windows (at most 1)
 *
 * The noise lives in few directions, a day effect in about one, so its degrees of freedom are read off the windows:
 * M = mean_w z_w z_w′, z_w = (p_w − p_rest)/√(p·v_w), t = tr M, df = t²/max((W·tr M² − t²)/(W−1), t²/(B−1)), from 1 to B−1. With
 * 3 to 7 windows that cannot be read, and df = 1 is the widest law there is.
 *
 * Measured: multiplying v by an over-dispersion factor inside the non-central law instead alarms on 18 % of clean data sets of 20
 * columns (day effects of 0.3 standard deviations), raising the tolerance on 45 %; this on 0.5 %.
 *
 * Sources    Satterthwaite (1946), doi:10.2307/3002019, for the degrees of freedom of a mixture; Berger (1982),
 *            doi:10.1080/00401706.1982.10487790, for a p-value that is the larger of two.
 */

/** Fewer windows say nothing. */
export const fewestWindows = 3;
/** From here on the degrees of freedom are read off the windows. */
export const windowsForShape = 8;
/** From here on the noise is known well enough. */
export const windowsForStrength = 12;

/** p₂ with what it was formed from; null when the reference's windows say nothing of this column. */
export function periodNoise(
  cells: TestedCells,
  counts: WindowCounts | null | undefined,
  plan: WindowPlan,
): PeriodNoise | null {
  if (!counts || plan.windows.length < fewestWindows) return null;
  const whole = plan.samePhase === null ? cells.reference : sumOf(counts.cells);
  return noiseAround(counts.cells, whole, cells.current, plan);
}

/**
 * p₂ of a part of the rows. The windows are not cut by part, so s² is that of the whole: a part that comes and goes by itself has
 * more of it.
 */
export function partNoise(
  { between, degreesOfFreedom, windows }: PeriodNoise,
  part: { readonly phiSquared: number; readonly cells: number; readonly samplingVariance: number },
  { batchInWindows }: Pick<WindowPlan, 'batchInWindows'>,
): number {
  const expected = (part.cells - 1) * part.samplingVariance + between * (1 / batchInWindows + 1 / windows);
  return logFUpperTail(part.phiSquared / expected, Math.min(degreesOfFreedom, part.cells - 1), windows - 1);
}

/** The same of the share of rows without a value: two cells, missing and present. */
export function missingNoise(
  missing: { readonly reference: number; readonly current: number },
  rows: { readonly reference: number; readonly current: number },
  counts: WindowCounts,
  plan: WindowPlan,
): PeriodNoise | null {
  const { cells, missing: without } = counts;
  // few windows would silence a rule that says of itself what it tolerates
  if (without === undefined || plan.windows.length < windowsForShape) return null;
  const present = without.map((absent, w) => cells.reduce((sum, cell) => sum + cell[w]!, -absent));
  const windows = [without, present];
  const whole =
    plan.samePhase === null ? Float64Array.of(missing.reference, rows.reference - missing.reference) : sumOf(windows);
  return noiseAround(windows, whole, Float64Array.of(missing.current, rows.current - missing.current), plan);
}

/**
 * @param windows one array a cell, one count a window
 * @param whole the reference's counts by cell that the windows are part of
 * @param batch the batch's counts by cell
 * @param leftOut a window that is the batch itself, and so neither among the windows nor in the whole
 */
export function noiseAround(
  windows: readonly Float64Array[],
  whole: Float64Array,
  batch: Float64Array,
  { batchInWindows, leastRows }: Pick<WindowPlan, 'batchInWindows' | 'leastRows'>,
  leftOut = -1,
): PeriodNoise | null {
  const n = total(whole);
  const m = total(batch);
  const size = windows[0]?.length ?? 0;
  const deviations: Float64Array[] = [];
  const distances: number[] = [];
  const overdispersions: number[] = [];
  let excess = 0;
  const occupied = whole.reduce((count, rows, b) => (rows + batch[b]! > 0 ? count + 1 : count), 0);
  const directions = occupied - 1;
  if (!(n > 0 && m > 0) || directions < 1) return null;

  for (let w = 0; w < size; w++) {
    if (w === leftOut) continue;
    let rows = 0;
    for (const cell of windows) rows += cell[w]!;
    const rest = n - rows;
    if (!(rows > 0 && rest > 0) || rows < leastRows) continue;
    const v = 1 / rows + 1 / rest;
    const z = new Float64Array(windows.length);
    let distance = 0;
    for (let b = 0; b < windows.length; b++) {
      const inside = windows[b]![w]! / rows;
      const outside = (whole[b]! - windows[b]![w]!) / rest;
      const sum = inside + outside;
      if (sum > 0) distance += (2 * (inside - outside) ** 2) / sum;
      if (whole[b]! > 0) z[b] = (inside - outside) / Math.sqrt((whole[b]! / n) * v);
    }
    deviations.push(z);
    distances.push(distance);
    overdispersions.push(distance / (directions * v));
    excess += distance - directions * v;
  }
  const W = distances.length;
  if (W < fewestWindows) return null;

  const between = Math.max(0, ((excess / W) * (W - 1)) / W);
  const phiSquared = distanceOf(whole, n, batch, m);
  const expected = directions * (1 / n + 1 / m) + between * (1 / batchInWindows + 1 / W);
  const degreesOfFreedom = W < windowsForShape ? 1 : shapeOf(deviations, directions);
  const sorted = [...distances].sort((a, b) => a - b);
  return {
    windows: W,
    phiSquared,
    median: (sorted[(W - 1) >> 1]! + sorted[W >> 1]!) / 2,
    largest: sorted[W - 1]!,
    between,
    expected,
    degreesOfFreedom,
    overdispersion: Math.max(1, overdispersions.reduce((a, b) => a + b, 0) / W),
    logP: logFUpperTail(phiSquared / expected, degreesOfFreedom, W - 1),
  };
}

/** How many directions the windows differ in, by Satterthwaite's matching of two moments, the bias of W windows taken out. */
function shapeOf(deviations: readonly Float64Array[], directions: number): number {
  const W = deviations.length;
  const B = deviations[0]!.length;
  // tr M² from the smaller of two forms of the same sum: B × B entries of M, or W × W products of windows
  let t = 0;
  for (const z of deviations) t += dot(z, z);
  t /= W;
  let traceOfSquare = 0;
  if (W <= B) {
    for (let i = 0; i < W; i++) {
      for (let j = 0; j <= i; j++) {
        traceOfSquare += (i === j ? 1 : 2) * dot(deviations[i]!, deviations[j]!) ** 2;
      }
    }
  } else {
    for (let a = 0; a < B; a++) {
      for (let b = 0; b <= a; b++) {
        let entry = 0;
        for (const z of deviations) entry += z[a]! * z[b]!;
        traceOfSquare += (a === b ? 1 : 2) * entry ** 2;
      }
    }
  }
  traceOfSquare /= W * W;
  const spread = Math.max((W * traceOfSquare - t * t) / (W - 1), (t * t) / directions);
  return spread > 0 ? Math.min(directions, Math.max(1, (t * t) / spread)) : directions;
}

function distanceOf(whole: Float64Array, n: number, batch: Float64Array, m: number): number {
  let distance = 0;
  for (const [b, rows] of whole.entries()) {
    const p = rows / n;
    const q = batch[b]! / m;
    if (p + q > 0) distance += (2 * (p - q) ** 2) / (p + q);
  }
  return distance;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** By cell, over all windows. */
export function sumOf(windows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(windows, total);
}

function total(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
