import { logPoisson, logRegularizedGammaLower, logRegularizedGammaUpper } from './gamma.ts';
import { log1mexp } from './logarithms.ts';

/**
 * Tails of the non-central chi-squared law: a Poisson(λ/2) mixture of central laws,
 *
 *   P(X > x) = Σⱼ Poisson(j; λ/2) · Q(df/2 + j, x/2).
 *
 * The smaller tail is summed and the other is its complement. The summands are log-concave in j with a known place of the
 * maximum; only those within some nine standard deviations of it count. Each follows from its neighbour by adding positive
 * numbers (upwards for Q, downwards for P), so nothing cancels, and the summands rather than their factors are carried along,
 * so nothing underflows. The work is about 25 √λ steps: 4 µs at λ = 10⁴, 30 µs at 10⁶, 0.6 ms at 10⁸.
 *
 * Accuracy: relative 1e-13 of the tail for moderate arguments and 1e-15 of its logarithm for large ones.
 */

/** The logarithm of the share of the sum that may be cut off at each end. */
const NEGLIGIBLE = 40;

/** A non-centrality that changes no digit of any tail. */
const CENTRAL_BELOW = 1e-30;

/** log P(X > x) of the non-central chi-squared law with df > 0 degrees of freedom and non-centrality lambda ≥ 0. */
export function logNoncentralChiSquaredUpperTail(x: number, df: number, lambda: number): number {
  if (x <= 0) return 0;
  if (lambda < CENTRAL_BELOW) return logRegularizedGammaUpper(df / 2, x / 2);
  return x >= df + lambda ? logUpperSum(x / 2, df / 2, lambda / 2) : log1mexp(logLowerSum(x / 2, df / 2, lambda / 2));
}

/** log P(X ≤ x); see {@link logNoncentralChiSquaredUpperTail}. */
export function logNoncentralChiSquaredLowerTail(x: number, df: number, lambda: number): number {
  if (x <= 0) return -Infinity;
  if (lambda < CENTRAL_BELOW) return logRegularizedGammaLower(df / 2, x / 2);
  return x >= df + lambda ? log1mexp(logUpperSum(x / 2, df / 2, lambda / 2)) : logLowerSum(x / 2, df / 2, lambda / 2);
}

/** Where Poisson(j; μ) · yʲ/Γ(shape+j) is largest: j (j + shape) = μ y. */
function place(y: number, shape: number, mean: number): number {
  // the second form of the root keeps its digits when the shape is large
  return (2 * mean * y) / (shape + Math.sqrt(shape * shape + 4 * mean * y));
}

/** A j beyond which all summands together are below e^−40 of the largest, and not far beyond it. */
function lastNeeded(peak: number, y: number, shape: number, mean: number): number {
  // a Poisson law of this mean has less than e^−40 beyond a distance t with t² = 80 (mean + t/3); the summands fall faster
  if (peak > 100) return Math.ceil(peak + NEGLIGIBLE / 3 + Math.sqrt((NEGLIGIBLE / 3) ** 2 + 2 * NEGLIGIBLE * peak));
  let last = Math.floor(peak);
  for (let fallen = 0; ; last++) {
    fallen -= Math.log((mean * y) / ((last + 1) * (last + 1 + shape)));
    if (fallen > NEGLIGIBLE) return last;
  }
}

function logUpperSum(y: number, shape: number, mean: number): number {
  if (y === Infinity) return -Infinity;
  const peak = place(y, shape, mean);
  const first = Math.max(0, Math.floor(peak - Math.sqrt(2 * NEGLIGIBLE * peak)));
  const logWeight = logPoisson(first, mean);
  const logTail = logRegularizedGammaUpper(shape + first, y);
  // in units of the first summand: the summand, and the weight times what Q grows by in the next step, y^(shape+j) e^−y / Γ(shape+j+1)
  let summand = 1;
  let growth = Math.exp(logPoisson(shape + first, y) - logTail);
  let sum = 1;
  for (let j = first; ; j++) {
    const ratio = mean / (j + 1);
    summand = ratio * (summand + growth);
    growth *= (ratio * y) / (shape + j + 1);
    sum += summand;
    if (j > peak && summand < sum * 1e-18) break;
  }
  return Math.min(0, logWeight + logTail + Math.log(sum));
}

function logLowerSum(y: number, shape: number, mean: number): number {
  const peak = place(y, shape, mean);
  const last = lastNeeded(peak, y, shape, mean);
  const logWeight = logPoisson(last, mean);
  const logTail = logRegularizedGammaLower(shape + last, y);
  let summand = 1;
  // the weight times what P grows by when j falls by one, y^(shape+j−1) e^−y / Γ(shape+j)
  let growth = Math.exp(logPoisson(shape + last, y) - logTail) * ((shape + last) / y);
  let sum = 1;
  for (let j = last; j > 0; j--) {
    const ratio = j / mean;
    summand = ratio * (summand + growth);
    growth *= (ratio * (shape + j - 1)) / y;
    sum += summand;
    if (j < peak && summand < sum * 1e-18) break;
  }
  return Math.min(0, logWeight + logTail + Math.log(sum));
}
