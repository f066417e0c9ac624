import { deviance, logFactorialRemainder } from './gamma.ts';
import { log1mexp } from './logarithms.ts';

/** log of the binomial probability of k successes in n trials (Loader 2000); real k between 0 and n are allowed. */
export function logBinomialProbability(n: number, p: number, k: number): number {
  if (k < 0 || k > n) return -Infinity;
  if (p <= 0) return k === 0 ? 0 : -Infinity;
  if (p >= 1) return k === n ? 0 : -Infinity;
  const rest = n - k;
  return (
    -deviance(k, n * p) -
    deviance(rest, n * (1 - p)) +
    logFactorialRemainder(n) -
    logFactorialRemainder(k) -
    logFactorialRemainder(rest)
  );
}

/**
 * log P(X ≥ k) of the binomial law of n trials with success probability p.
 *
 * The tail on k's side of the mean is summed outward from its largest term, the other is its complement: at most some
 * 10 √n terms, all positive.
 */
export function logBinomialUpperTail(n: number, p: number, k: number): number {
  if (k <= 0) return 0;
  if (k > n) return -Infinity;
  if (p <= 0) return -Infinity;
  if (p >= 1) return 0;
  return k > n * p ? logSumUpwards(n, p, k) : log1mexp(logSumUpwards(n, 1 - p, n - k + 1));
}

/** log Σ_{j ≥ k} for k at or above the mean. */
function logSumUpwards(n: number, p: number, k: number): number {
  const odds = p / (1 - p);
  let term = 1;
  let sum = 1;
  for (let j = k; j < n; j++) {
    const ratio = ((n - j) / (j + 1)) * odds;
    term *= ratio;
    sum += term;
    // the ratios fall, so the rest is less than a geometric series
    if (ratio < 1 && term * ratio < sum * 2 ** -54 * (1 - ratio)) break;
  }
  return Math.min(0, logBinomialProbability(n, p, k) + Math.log(sum));
}
