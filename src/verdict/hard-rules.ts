import { logBetaBinomialUpperTail } from '../math/beta-binomial.ts';
import { logBinomialUpperTail } from '../math/binomial.ts';
import { logHypergeometricUpperTail, logHypergeometricZero } from '../math/hypergeometric.ts';
import { logNormalUpperTail } from '../math/normal.ts';
import type { ColumnEvidence } from '../model/evidence.ts';
import { steadyVariance } from './minimum-effect.ts';

/**
 * What no distance sees, as p-values of the same family. On clean data the unseen and the out-of-range mass is not zero: a
 * reference of n rows has not seen everything. So each of these rules asks two things at once: is the share above what is
 * tolerated, *and* above what a reference of this size leaves unseen by itself. All results are natural logarithms.
 */

/** Share of rows with new values, out of range, or off a constant that is tolerated. */
export const toleratedNewShare = 0.01;
/** Rise of the missing share that is tolerated. */
export const toleratedMissingRise = 0.02;
/** A missing share that at least doubled counts as well, from this rise on. */
export const leastMissingRise = 0.005;
export const missingRatio = 2;
/** From this expected share of unseen rows on, the reference says nothing about which values exist. */
const uninformativeUnseenShare = 0.9;
/** New values below the hard rule are worth a line from this share of rows on: a tenth of what is tolerated. */
const noteworthyShare = 0.001;

/** p-values of a rule on new values: at the hard rule, and of the weaker "more than this reference leaves unseen by itself". */
export interface NewValues {
  readonly logPHard: number;
  /** 0, so never rejected, when the share is not worth a line */
  readonly logPNoted: number;
  /** what a reference of this size leaves unseen on average */
  readonly expectedShare: number;
}

/**
 * Categories that the reference never had. The unseen mass is estimated from the values seen once (f1) and twice (f2): mean
 * μ = (f1+1)/(n+1), variance s² = (f1+1+2·f2)/n², matched by a beta law.
 *
 * Sources    Good (1953), doi:10.1093/biomet/40.3-4.237; Robbins (1968), Annals of Mathematical Statistics 39, 256–257.
 *
 * @returns null when the reference is too scattered to know its own values
 */
export function unseenCategories(unseen: NonNullable<ColumnEvidence['unseen']>): NewValues | null {
  const { referenceRows: n, currentRows: m, unseenRows, singletons: f1, doubletons: f2 } = unseen;
  const mean = (f1 + 1) / (n + 1);
  if (!(n > 0) || mean >= uninformativeUnseenShare) return null;
  const variance = (f1 + 1 + 2 * f2) / n ** 2;
  const a = mean * Math.max((mean * (1 - mean)) / variance - 1, 0.5);
  const b = (a * (1 - mean)) / mean;
  return newValues(m, unseenRows, a, b);
}

/**
 * Numbers outside the reference's smallest and largest. The mass of a continuous law outside the range of n draws is Beta(2, n−1),
 * whatever its tails. Rows that resemble each other explore less: the reference's windows say how many rows its n are worth.
 *
 * Sources    Wilks (1941), doi:10.1214/aoms/1177731788.
 *
 * @param overdispersion how many times larger than by sampling the differences between the reference's windows are
 * @returns null when the reference has no range
 */
export function outOfRange(outside: NonNullable<ColumnEvidence['outside']>, overdispersion = 1): NewValues | null {
  const { referenceRows, currentRows, below, above } = outside;
  const n = referenceRows / overdispersion;
  if (!(n > 1)) return null;
  // an excursion lasts as long as rows resemble each other: of the batch's rows, and of those outside, only so many count
  const effective = (rows: number) => Math.floor(rows / overdispersion);
  const m = Math.max(1, effective(currentRows));
  const values = newValues(m, effective(below + above), 2, n - 1);
  return below + above >= noteworthyShare * currentRows ? values : { ...values, logPNoted: 0 };
}

function newValues(rows: number, newRows: number, a: number, b: number): NewValues {
  const logPNatural = newRows > 0 ? logBetaBinomialUpperTail(rows, a, b, newRows) : 0;
  const logPTolerated = newRows > 0 ? logBinomialUpperTail(rows, toleratedNewShare, newRows) : 0;
  return {
    logPHard: Math.max(logPTolerated, logPNatural),
    logPNoted: newRows >= noteworthyShare * rows ? logPNatural : 0,
    expectedShare: a / (a + b),
  };
}

/** Why the missing share is held to have risen. */
export interface MissingRise {
  readonly logP: number;
  readonly by: 'points' | 'ratio';
}

/**
 * Missing values went up: by more than two points (normal approximation), or to the double and by half a point at least
 * (Fisher's exact test, one-sided); the smaller p-value counts twice.
 */
export function missingWentUp(
  missing: NonNullable<ColumnEvidence['missing']>,
  { reference: n, current: m }: ColumnEvidence['rows'],
): MissingRise | null {
  if (!(n > 0 && m > 0)) return null;
  const { reference: r, current: c } = missing;
  const rise = c / m - r / n;
  const error = Math.sqrt(steadyVariance(r, n) + steadyVariance(c, m));
  const byPoints = logNormalUpperTail((rise - toleratedMissingRise) / error);
  const doubled = c / m >= (missingRatio * r) / n && rise >= leastMissingRise;
  const byRatio = doubled ? logHypergeometricUpperTail(n + m, r + c, m, c) : 0;
  return {
    logP: Math.min(0, Math.LN2 + Math.min(byPoints, byRatio)),
    by: byRatio < byPoints ? 'ratio' : 'points',
  };
}

type Mode = NonNullable<ColumnEvidence['mode']>;

/** The reference held one single value. */
export function wasConstant(mode: Mode): boolean {
  return mode.referenceRows > 0 && mode.referenceOffMode === 0;
}

/** A constant varies: n rows without another value leave it a share of Beta(1, n). */
export function constantBecameVarying({ referenceRows: n, currentRows: m, currentOffMode: c }: Mode): number {
  if (c === 0) return 0;
  return Math.max(logBetaBinomialUpperTail(m, 1, n, c), logBinomialUpperTail(m, toleratedNewShare, c));
}

/**
 * What varied is now one value: the chance that m of all n + m rows miss every row off the reference's mode. When that one value is
 * another than the mode, more rows were off it, and this p-value errs on the quiet side.
 */
export function varyingBecameConstant(mode: Mode): number {
  const { referenceRows: n, referenceOffMode: r, currentRows: m, currentConstant } = mode;
  return currentConstant && m > 0 ? logHypergeometricZero(n + m, r, m) : 0;
}
