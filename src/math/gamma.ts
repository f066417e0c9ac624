import { log1mexp } from './logarithms.ts';

/**
 * The gamma function and its relatives in logarithms.
 *
 * The difference of two logarithms of gamma functions near 10⁸ keeps no digit after the seventh, so probabilities are never
 * made that way. They are written with the remainder of Stirling's formula and the deviance, both small where the probability
 * is large (Loader 2000, "Fast and accurate computation of binomial probabilities").
 */

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** From here on Stirling's series is exact to the last bit. */
const STIRLING_FROM = 10;

/**
 * The remainder of Stirling's formula, log Γ(x+1) − (x+½) log x + x − ½ log 2π, for x > 0; absolute error below 1e-15.
 * Below 10 by δ(x) = δ(x+1) + (x+½) log(1+1/x) − 1.
 */
export function stirlingRemainder(x: number): number {
  let shifted = x;
  let sum = 0;
  while (shifted < STIRLING_FROM) {
    sum += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
    shifted += 1;
  }
  const r = 1 / shifted;
  const s = r * r;
  // B₂ⱼ / (2j (2j−1)) for j = 1 … 8
  const series =
    1 / 12 -
    s *
      (1 / 360 -
        s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s * (1 / 156 - s * (3617 / 122400)))))));
  return sum + r * series;
}

/** log Γ(x+1) − x log x + x for x ≥ 0: what is left of a factorial when its entropy is taken out; 0 at 0. */
export function logFactorialRemainder(x: number): number {
  if (x === 0) return 0;
  return HALF_LOG_TWO_PI + 0.5 * Math.log(x) + stirlingRemainder(x);
}

/**
 * x log(x/μ) + μ − x ≥ 0 for x ≥ 0, μ > 0: Loader's deviance, without cancellation when x is near μ.
 *
 * @param difference x − μ, where the caller knows it with more digits than the subtraction would leave
 */
export function deviance(x: number, mean: number, difference = x - mean): number {
  if (difference === 0) return 0;
  if (x === 0) return mean;
  if (mean === 0) return Infinity;
  if (Math.abs(difference) < 0.1 * (x + mean)) {
    // with v = (x−μ)/(x+μ): log(x/μ) = 2 artanh v
    const v = difference / (x + mean);
    const v2 = v * v;
    let sum = difference * v;
    let power = 2 * x * v;
    for (let j = 1; j < 1000; j++) {
      power *= v2;
      const next = sum + power / (2 * j + 1);
      if (next === sum) break;
      sum = next;
    }
    return sum;
  }
  return x * Math.log(x / mean) - difference;
}

/** log Γ(x) for x > 0; relative error below 1e-15 away from the zeros at 1 and 2, absolute error below 1e-14 near them. */
export function logGamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Infinity : NaN;
  if (x === Infinity) return Infinity;
  // (x−½) log x − x + ½ log 2π + δ(x)
  if (x >= STIRLING_FROM) return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingRemainder(x);
  let product = 1;
  let shifted = x;
  while (shifted < STIRLING_FROM) {
    product *= shifted;
    shifted += 1;
  }
  return logGamma(shifted) - Math.log(product);
}

/** log of the binomial coefficient n over k; real n ≥ k ≥ 0 are allowed; −∞ outside. */
export function logBinomial(n: number, k: number): number {
  if (k < 0 || k > n) return -Infinity;
  if (k === 0 || k === n) return 0;
  const rest = n - k;
  const entropy = -k * Math.log(k / n) - rest * Math.log1p(-k / n);
  return entropy + logFactorialRemainder(n) - logFactorialRemainder(k) - logFactorialRemainder(rest);
}

/** log of the beta function B(a, b) for a, b > 0. */
export function logBeta(a: number, b: number): number {
  // B(a,b) = (a+b) / (a b) / (a+b over a)
  return Math.log(a + b) - Math.log(a) - Math.log(b) - logBinomial(a + b, a);
}

/** log of the Poisson weight λᵏ e^−λ / Γ(k+1) for real k ≥ 0, λ > 0. */
export function logPoisson(k: number, mean: number): number {
  return -deviance(k, mean) - logFactorialRemainder(k);
}

/**
 * log Q(a, x), the upper regularized incomplete gamma function, for a > 0, x ≥ 0: the tail beyond x of a gamma law of shape a.
 *
 * Below x = a+1 the complement of the lower tail's power series, above it Legendre's continued fraction by Lentz's method; both
 * have positive terms only and need O(√a) of them near x = a.
 */
export function logRegularizedGammaUpper(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x === Infinity) return -Infinity;
  return x < a + 1 ? log1mexp(logLowerBySeries(a, x)) : logUpperByFraction(a, x);
}

/** log P(a, x) = log(1 − Q(a, x)); as exact in its far tail as {@link logRegularizedGammaUpper} is in the other. */
export function logRegularizedGammaLower(a: number, x: number): number {
  if (x <= 0) return -Infinity;
  if (x === Infinity) return 0;
  return x < a + 1 ? logLowerBySeries(a, x) : log1mexp(logUpperByFraction(a, x));
}

const MACHINE_EPSILON = 2 ** -53;
/** Never reached for a ≤ 1e12. */
const MOST_STEPS = 50_000_000;

function logLowerBySeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < MOST_STEPS; k++) {
    term *= x / (a + k);
    sum += term;
    // the ratios fall, so the rest is less than a geometric series
    if (term * x < sum * MACHINE_EPSILON * (a + k - x)) break;
  }
  return Math.min(0, logPoisson(a, x) + Math.log(sum));
}

function logUpperByFraction(a: number, x: number): number {
  // Q = x^a e^−x / Γ(a) · 1/(x+1−a − 1(1−a)/(x+3−a − 2(2−a)/(x+5−a − …)))
  const tiny = Number.MIN_VALUE * 2 ** 100;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < MOST_STEPS; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = numerator * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 2 * MACHINE_EPSILON) break;
  }
  return Math.min(0, logPoisson(a, x) + Math.log(a) + Math.log(fraction));
}
