import { logRegularizedBeta } from './incomplete-beta.ts';

/**
 * log P(F > x) of the F law with df1 and df2 > 0 degrees of freedom; relative error of the tail below 1e-12 for degrees of freedom
 * up to 10⁸, below 1e-14 of its logarithm far out.
 */
export function logFUpperTail(x: number, df1: number, df2: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x <= 0) return 0;
  if (x === Infinity) return -Infinity;
  // both shares from the ratio, whichever is smaller keeps its digits
  const ratio = (df1 / df2) * x;
  if (ratio === Infinity) return (df2 / 2) * (Math.log(df2 / df1) - Math.log(x));
  return logRegularizedBeta(1 / (1 + ratio), ratio / (1 + ratio), df2 / 2, df1 / 2);
}

/** log P(|T| > |t|) of Student's law with df > 0 degrees of freedom, real df too. */
export function logStudentTTwoSided(t: number, df: number): number {
  return logFUpperTail(t * t, 1, df);
}
