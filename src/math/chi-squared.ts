import { logRegularizedGammaUpper } from './gamma.ts';

/** log P(X > x) for X of the chi-squared law with df > 0 degrees of freedom. */
export function logChiSquaredUpperTail(x: number, df: number): number {
  return logRegularizedGammaUpper(df / 2, x / 2);
}
