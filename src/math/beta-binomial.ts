import { deviance, logFactorialRemainder } from './gamma.ts';
import { log1mexp } from './logarithms.ts';
import { legendreNodes, legendreWeights } from './quadrature.ts';

/** Terms summed one by one at either end of the range; the terms between are smooth enough to integrate. */
const SINGLE_TERMS = 4096;
const STEPS_BETWEEN_STARTS = 256;
const NEGLIGIBLE = 2 ** -58;

/**
 * log P(X = x) of the beta-binomial law: m trials whose success probability was drawn from Beta(a, b); real x between 0 and m
 * are allowed.
 *
 * With P = (a+x)/(a+b+m) the entropies combine to four deviances, all positive, so nothing cancels at m = 10⁸.
 */
export function logBetaBinomialProbability(m: number, a: number, b: number, x: number): number {
  if (x < 0 || x > m) return -Infinity;
  const rest = m - x;
  const total = a + b + m;
  const share = (a + x) / total;
  const other = (b + rest) / total;
  return (
    -deviance(x, m * share) -
    deviance(rest, m * other) -
    deviance(a, (a + b) * share) -
    deviance(b, (a + b) * other) +
    logFactorialRemainder(m) -
    logFactorialRemainder(x) -
    logFactorialRemainder(rest) +
    logFactorialRemainder(a + x) +
    logFactorialRemainder(b + rest) -
    logFactorialRemainder(total) -
    logFactorialRemainder(a) -
    logFactorialRemainder(b) +
    logFactorialRemainder(a + b) +
    // Γ(z) = Γ(z+1)/z for each gamma of the two beta functions
    Math.log(a / (a + x)) +
    Math.log((b / (b + rest)) * (total / (a + b)))
  );
}

/**
 * log P(X ≥ k) of the beta-binomial law, for real a, b > 0.
 *
 * Bounded work whatever m: up to 4096 terms at either end are added one by one; what lies between is the integral of the
 * smooth continuation of the terms with the first Euler–Maclaurin correction, Σ_{A ≤ j < B} f(j) = ∫ f over [A−½, B−½] −
 * [f′]/24 + …, by 16-point Gauss–Legendre panels. The next correction is below 1e-12 of the sum. The smaller tail is computed,
 * the other is its complement.
 */
export function logBetaBinomialUpperTail(m: number, a: number, b: number, k: number): number {
  if (k <= 0) return 0;
  if (k > m) return -Infinity;
  if (k > (m * a) / (a + b)) return logSumUpwards(m, a, b, k);
  const lower = logSumUpwards(m, b, a, m - k + 1);
  // the mean of a very skewed law lies far out in its tail
  return lower > -Math.LN2 ? logSumUpwards(m, a, b, k) : log1mexp(lower);
}

function logSumUpwards(m: number, a: number, b: number, k: number): number {
  const logFirst = logBetaBinomialProbability(m, a, b, k);
  const endOfHead = Math.min(m + 1, k + SINGLE_TERMS);
  const startOfFoot = Math.max(endOfHead, m + 1 - SINGLE_TERMS);
  const finish = (sum: number) => Math.min(0, logFirst + Math.log(sum));

  const scaled = (x: number) => Math.exp(logBetaBinomialProbability(m, a, b, x) - logFirst);
  const head = sumTerms(scaled, m, a, b, k, endOfHead);
  if (head.restIsNegligible || endOfHead > m) return finish(head.sum);

  const body = startOfFoot > endOfHead ? integrateTerms(scaled, m, a, b, endOfHead, startOfFoot, head.sum) : 0;
  return finish(head.sum + body + sumTerms(scaled, m, a, b, startOfFoot, m + 1).sum);
}

/** Σ of the terms from … until−1. */
function sumTerms(term: (x: number) => number, m: number, a: number, b: number, from: number, until: number) {
  let current = term(from);
  let sum = current;
  for (let j = from; j + 1 < until; j++) {
    const ratio = ((m - j) / (j + 1)) * ((a + j) / (b + (m - j - 1)));
    // a fresh start now and then: the rounding of a + j is the same for thousands of steps and would add up
    current = (j - from) % STEPS_BETWEEN_STARTS === STEPS_BETWEEN_STARTS - 1 ? term(j + 1) : current * ratio;
    sum += current;
    if (b >= 1 && ratio < 1) {
      // once they fall the terms go on falling; with a ≥ 1 the ratios do too, and the rest is less than a geometric series
      const rest = a >= 1 ? (current * ratio) / (1 - ratio) : current * (m - j);
      if (rest < sum * NEGLIGIBLE) return { sum, restIsNegligible: true };
    }
  }
  return { sum, restIsNegligible: false };
}

function integrateTerms(
  term: (x: number) => number,
  m: number,
  a: number,
  b: number,
  from: number,
  until: number,
  already: number,
): number {
  const left = from - 0.5;
  const right = until - 0.5;
  const share = a / (a + b);
  const deviation = m * Math.sqrt((share * (1 - share) * (1 + (a + b) / m)) / (a + b + 1));
  let integral = 0;
  let x = left;
  let stoppedAt = right;
  while (x < right) {
    // a panel over which the logarithm of the terms changes by a few units and is far from its singularities below 0 and above m
    const slope = Math.abs(Math.log(((m - x) / (x + 1)) * ((a + x) / (b + (m - x - 1)))));
    const width = Math.min(right - x, 3 / slope, 1.5 * deviation, x / 2, (m - x) / 2);
    let panel = 0;
    for (const [i, node] of legendreNodes.entries()) panel += legendreWeights[i]! * term(x + 0.5 * width * (1 + node));
    panel *= 0.5 * width;
    integral += panel;
    x = Math.min(right, x + width);
    const here = term(x);
    if (b >= 1 && here < term(x - width) && here * (right - x) < (already + integral) * NEGLIGIBLE) {
      stoppedAt = x;
      break;
    }
  }
  // f′ by the central difference over one step
  const slopeAt = (at: number) => term(at + 0.5) - term(at - 0.5);
  return integral - (slopeAt(stoppedAt) - slopeAt(left)) / 24;
}
