import { logBinomialUpperTail } from '../math/binomial.ts';
import { logNormalUpperTail } from '../math/normal.ts';
import type { Direction, Metric, MetricDrop } from '../model/outcome.ts';

/**
 * By how much a metric got worse than its baseline, and the one-sided test of "by at most the share x", for each limit x.
 *
 *   higher is better   drop (b − c)/b,     H₀: c ≥ (1 − x) b
 *   lower is better    growth (c − b)/b,   H₀: c ≤ (1 + x) b
 *
 * Asks       is the metric worse by more than the share x of its baseline, beyond what sampling explains?
 * Units      a share of the baseline.
 * p-value    of z = (r b − c)/√(r² se_b² + se_c²), r = 1 − x (its negative with 1 + x): the delta method on the difference, which
 *            needs no logarithm of a metric and holds for b near 0. Shares of independent rows (accuracy, precision, recall): the
 *            score test, with the variance of the most likely pair of shares under H₀; the exact binomial law when the baseline
 *            is a plain number. Natural logarithms of upper tails, so that nothing underflows.
 * Error      of the drop: √(se_c² + (c/b)² se_b²)/|b|.
 * Undefined  without a value or an error of the current metric; for a metric without a better side; for b ≤ 0 with a metric that
 *            should be high (R², Matthews): a share of it says nothing.
 * Cost       O(1) a limit; O(√n) for a binomial tail.
 * Sources    Farrington & Manning (1990), doi:10.1002/sim.4780091208 (score test of a ratio); Wellek (2010), Testing Statistical
 *            Hypotheses of Equivalence and Noninferiority.
 *
 * @param baseline a metric of other rows, or a plain number, which has no error of its own
 * @example
 * // accuracy 0.9 as a number, now 850 of 1000  =>  drop 0.0556; "at most 0": p = P(X ≤ 850 | 1000, 0.9) = 4e-7
 */
export function metricDrop(baseline: Metric | number, current: Metric, limits: readonly number[]): MetricDrop {
  const from = typeof baseline === 'number' ? fixed(baseline) : baseline;
  const reason = whyNoDrop(from, current);
  if (reason !== null) return { relative: null, standardError: null, tests: [], reason };
  const before = from.value!;
  const now = current.value!;
  const sign = current.direction === 'higher' ? 1 : -1;
  // from a baseline of 0 there is no share, but still a test
  const relative = before === 0 ? null : (sign * (before - now)) / before;
  const untested = whyNoTest(from, current);
  if (untested !== null) return { relative, standardError: null, tests: [], reason: untested };
  const ofBefore = from.standardError!;
  const ofNow = current.standardError!;
  const standardError = before === 0 ? null : Math.hypot(ofNow, (now / before) * ofBefore) / Math.abs(before);
  const tests = limits.map((limit) => {
    const ratio = 1 - sign * limit;
    const shares = from.proportion !== null || typeof baseline === 'number' ? current.proportion : null;
    const logP = shares
      ? logOfShares(from, shares, ratio)
      : logOfDeltas(ratio * before, ratio * ofBefore, now, ofNow, sign);
    return { limit, logP };
  });
  return { relative, standardError, tests, reason: null };
}

type Side = Pick<Metric, 'value' | 'standardError' | 'proportion' | 'reason'>;

function fixed(value: number): Side {
  return {
    value: Number.isFinite(value) ? value : null,
    standardError: 0,
    proportion: null,
    reason: 'it is not finite',
  };
}

function whyNoDrop(baseline: Side, current: Metric): string | null {
  if (current.direction === null) return 'neither a higher nor a lower value of it is better';
  if (baseline.value === null) return `the baseline has no value: ${baseline.reason}`;
  if (current.value === null) return `there is no value: ${current.reason}`;
  return tooLow(baseline.value, current.direction);
}

function tooLow(baseline: number, direction: Direction): string | null {
  if (direction === 'higher' && baseline <= 0) return `the baseline is ${baseline}, and a share of it says nothing`;
  return baseline < 0 ? `the baseline is ${baseline}, below the least value possible` : null;
}

function whyNoTest(baseline: Side, current: Metric): string | null {
  if (current.standardError === null) return `its error is not known: ${current.reason}`;
  return baseline.standardError === null ? `the baseline's error is not known: ${baseline.reason}` : null;
}

/** A metric without an error that is worse by exactly the limit is not worse by more: (1 − 0.2) · 0.8 is a bit more than 0.64. */
const rounding = 1e-12;

function logOfDeltas(bound: number, ofBound: number, now: number, ofNow: number, sign: number): number {
  const excess = sign * (bound - now);
  const error = Math.hypot(ofBound, ofNow);
  if (error > 0) return logNormalUpperTail(excess / error);
  return excess > rounding * Math.abs(bound) ? -Infinity : 0;
}

/** log P of as few successes, when the true share is `ratio` times the baseline's. */
function logOfShares(baseline: Side, current: NonNullable<Metric['proportion']>, ratio: number): number {
  const { successes, trials } = current;
  if (baseline.proportion === null) {
    return logBinomialUpperTail(trials, 1 - ratio * baseline.value!, trials - successes);
  }
  const share = mostLikelyShare(baseline.proportion, current, ratio);
  const part = (probability: number, rows: number) => (probability * (1 - probability)) / rows;
  const variance = part(ratio * share, trials) + ratio * ratio * part(share, baseline.proportion.trials);
  const excess = ratio * baseline.value! - successes / trials;
  if (variance > 0) return logNormalUpperTail(excess / Math.sqrt(variance));
  return excess > 0 ? -Infinity : 0;
}

/** The baseline's share p of greatest likelihood when the current one is ratio · p: the smaller root of its quadratic. */
function mostLikelyShare(
  baseline: NonNullable<Metric['proportion']>,
  current: NonNullable<Metric['proportion']>,
  ratio: number,
): number {
  const successes = baseline.successes + current.successes;
  const rows = baseline.trials + current.trials;
  const linear = successes + ratio * (baseline.successes + current.trials) + baseline.trials - baseline.successes;
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * ratio * rows * successes));
  return Math.min(1, (2 * successes) / (linear + root));
}
