const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** Below this the power series keeps its digits, above it the continued fraction is short. */
const SERIES_BELOW = 2;
/** The tail is less than the smallest double. */
const ZERO_FROM = 39;

/** log P(Z > z) of the standard normal law; relative error below 1e-14 of the logarithm, for any finite z. */
export function logNormalUpperTail(z: number): number {
  if (z === Infinity) return -Infinity;
  if (z > SERIES_BELOW) return -0.5 * z * z - LOG_SQRT_TWO_PI + Math.log(millsRatio(z));
  if (z < 0) return Math.log1p(-normalUpperTail(-z));
  return Math.log(normalUpperTail(z));
}

/** P(Z > z) of the standard normal law; relative error below 1e-14 down to the smallest normal number (z ≈ 37.5). */
export function normalUpperTail(z: number): number {
  if (Number.isNaN(z)) return NaN;
  if (z > ZERO_FROM) return 0;
  if (z < -SERIES_BELOW) return 1 - normalUpperTail(-z);
  const density = normalDensity(z);
  return z > SERIES_BELOW ? density * millsRatio(z) : 0.5 - density * centralSeries(z);
}

/** The z with P(Z ≤ z) = p, for 0 < p < 1; ∓∞ at 0 and 1. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p === 0.5) return 0;
  return p < 0.5 ? -upperQuantile(Math.log(p)) : upperQuantile(Math.log1p(-p));
}

/** The z ≥ 0 with log P(Z > z) = logTail ≤ log ½: Newton's method on the logarithm, which is nearly a parabola. */
function upperQuantile(logTail: number): number {
  let z = Math.sqrt(Math.max(0, -2 * (logTail + Math.LN2)));
  for (let step = 0; step < 50; step++) {
    const tail = logNormalUpperTail(z);
    const slope = -Math.exp(-0.5 * z * z - LOG_SQRT_TWO_PI - tail);
    const next = Math.max(0, z - (tail - logTail) / slope);
    if (Math.abs(next - z) <= 1e-15 * Math.max(1, next)) return next;
    z = next;
  }
  return z;
}

/** The square is split so that the rounding of z² does not enter the exponent. */
function normalDensity(z: number): number {
  const coarse = Math.trunc(z * 16) / 16;
  return Math.exp(-0.5 * coarse * coarse) * Math.exp(-0.5 * (z - coarse) * (z + coarse) - LOG_SQRT_TWO_PI);
}

/** (P(Z ≤ z) − ½) / density(z) = z + z³/3 + z⁵/15 + … */
function centralSeries(z: number): number {
  const square = z * z;
  let term = z;
  let sum = z;
  for (let k = 3; ; k += 2) {
    term *= square / k;
    const next = sum + term;
    if (next === sum) return sum;
    sum = next;
  }
}

/** P(Z > z) / density(z) = 1/(z + 1/(z + 2/(z + 3/(z + …)))), by Lentz's method; z ≥ 2. */
function millsRatio(z: number): number {
  let c = z;
  let d = 0;
  let fraction = z;
  for (let k = 1; k < 1000; k++) {
    d = 1 / (z + k * d);
    c = z + k / c;
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 2 ** -53) break;
  }
  return 1 / fraction;
}
