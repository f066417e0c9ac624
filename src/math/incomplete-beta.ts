import { deviance, logFactorialRemainder } from './gamma.ts';
import { log1mexp } from './logarithms.ts';

const MACHINE_EPSILON = 2 ** -53;
/** Never reached for parameters up to 1e12. */
const MOST_STEPS = 10_000_000;

/**
 * log I_x(a, b), the regularized incomplete beta function, for a, b > 0: the probability below x under a beta law.
 *
 * Both x and y = 1 − x are given, so that neither loses its digits near 0. The continued fraction (the even part of DLMF 8.17.22, as
 * DiDonato & Morris 1992, doi:10.1145/131766.131776, write it; by Lentz's method) is taken on the side of the mean where it converges
 * in O(√max(a, b)) steps; the other side is the complement. All its parts, and the deviances in front, are made from a − (a+b) x, so
 * that parameters of 10⁸ keep their digits.
 */
export function logRegularizedBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return -Infinity;
  if (y <= 0) return 0;
  return x * (a + b + 2) < a + 1 ? logByFraction(x, y, a, b) : log1mexp(logByFraction(y, x, b, a));
}

function logByFraction(x: number, y: number, a: number, b: number): number {
  const total = a + b;
  // a − (a+b) x = (a+b) y − b, from the smaller of both
  const excess = x < y ? a - total * x : total * y - b;
  // x^a y^b / B(a,b) = a b/(a+b) · the binomial probability of a successes in a + b trials
  const logFront =
    Math.log((a / total) * b) -
    deviance(a, total * x, excess) -
    deviance(b, total * y, -excess) +
    logFactorialRemainder(total) -
    logFactorialRemainder(a) -
    logFactorialRemainder(b);
  let fraction = (a / (a + 1)) * (excess + 1);
  let c = fraction;
  let d = 0;
  for (let k = 1; k < MOST_STEPS; k++) {
    const place = a + 2 * k - 1;
    const numerator = ((a + k - 1) / place) * ((total + k - 1) / place) * k * (b - k) * x * x;
    const denominator = k + (k * (b - k) * x) / place + ((a + k) / (place + 2)) * (excess + 1 + k * (1 + y));
    d = 1 / (denominator + numerator * d);
    c = denominator + numerator / c;
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 2 * MACHINE_EPSILON) break;
  }
  return Math.min(0, logFront - Math.log(fraction));
}
