import { logBinomialProbability } from './binomial.ts';
import { logFactorialRemainder } from './gamma.ts';
import { log1mexp } from './logarithms.ts';

/**
 * Tails of the Kolmogorov–Smirnov statistics: the limiting law, the one-sample law of a finite n, and the exact two-sample law.
 */

/** Where the two forms of the limiting law change over; either has its full accuracy well beyond. */
const DUAL_SERIES_BELOW = 1;

/** log P(K > z) of Kolmogorov's limiting law, K = lim √n Dₙ (Kolmogorov 1933). */
export function logKolmogorovUpperTail(z: number): number {
  if (z <= 0) return 0;
  if (z < DUAL_SERIES_BELOW) {
    // P(K ≤ z) = √(2π)/z Σ exp(−(2k−1)² π²/(8 z²))
    const unit = (Math.PI * Math.PI) / (8 * z * z);
    let sum = 0;
    for (let k = 1; k <= 7; k += 2) sum += Math.exp(-k * k * unit);
    return Math.log1p(-(Math.sqrt(2 * Math.PI) / z) * sum);
  }
  // P(K > z) = 2 Σ (−1)^(k−1) exp(−2 k² z²), its first term taken out
  let sum = 0;
  for (let k = 5; k >= 2; k--) sum += (k % 2 === 0 ? -1 : 1) * Math.exp(-2 * (k * k - 1) * z * z);
  return Math.LN2 - 2 * z * z + Math.log1p(sum);
}

/**
 * log P(Dₙ ≥ d) of the two-sided one-sample statistic of n observations.
 *
 * The choice of method follows Simard & L'Ecuyer (2011), doi:10.18637/jss.v039.i11: closed forms at both ends, Durbin's matrix
 * for small n or small d, twice the one-sided tail where both sides together are unlikely, and the expansion of Pelz & Good
 * (1976) between. Agrees with scipy.stats.kstwo.sf to 1e-9, and goes on where that is 0.
 */
export function logKolmogorovFiniteUpperTail(n: number, d: number): number {
  const t = n * d;
  if (t <= 0.5) return 0;
  if (d >= 1) return -Infinity;
  // Ruben & Gambino (1982): n!/nⁿ (2nd − 1)ⁿ below, 2 (1−d)ⁿ above
  if (t <= 1) return log1mexp(logFactorialRemainder(n) - n + n * Math.log(2 * t - 1));
  if (t >= n - 1) return Math.LN2 + n * Math.log1p(-d);
  if (d >= 0.5) return Math.LN2 + logSmirnovUpperTail(n, d);
  const square = t * d;
  if (n <= SMALL_SAMPLE) return square <= 4 ? Math.log1p(-durbin(n, d)) : Math.LN2 + logSmirnovUpperTail(n, d);
  if (square >= 2.2) return Math.LN2 + logSmirnovUpperTail(n, d);
  // beyond the second bound the lower tail itself is below 1e-5, and the expansion's error of it invisible
  const lower = n * d ** 1.5 <= 1.4 && n <= DURBIN_MOST ? durbin(n, d) : pelzGood(n, d);
  return Math.log1p(-Math.min(1, Math.max(0, lower)));
}

const SMALL_SAMPLE = 140;
const DURBIN_MOST = 5000;

/**
 * log P(Dₙ⁺ ≥ d) of the one-sided statistic (Smirnov 1944; Birnbaum & Tingey 1951), 0 < d < 1:
 *
 *   Σ_j d/(d + j/n) · Binomial(j; n, d + j/n),   0 ≤ j ≤ n (1−d).
 *
 * For large n the summands are a smooth bump that vanishes to all orders at both ends, so every s-th of them, times s, gives
 * the sum to all digits (the trapezoidal rule).
 */
export function logSmirnovUpperTail(n: number, d: number): number {
  if (d <= 0) return 0;
  if (d >= 1) return -Infinity;
  const last = Math.floor(n * (1 - d));
  const stride = Math.max(1, Math.floor(n / (SMIRNOV_TERMS * Math.max(1, Math.sqrt(n) * d))));
  const logSummand = (j: number) => {
    const share = d + j / n;
    return Math.log(d / share) + logBinomialProbability(n, Math.min(1, share), j);
  };
  const peak = unimodalPeak(logSummand, last);
  const logPeak = logSummand(peak);
  let sum = 1;
  for (const step of [stride, -stride]) {
    for (let j = peak + step; j >= 0 && j <= last; j += step) {
      const summand = Math.exp(logSummand(j) - logPeak);
      sum += summand;
      if (last > SMIRNOV_TERMS && summand < sum * 1e-18) break;
    }
  }
  return Math.min(0, logPeak + Math.log(sum * stride));
}

const SMIRNOV_TERMS = 512;

/** Where a function of 0 … last that rises and then falls is largest, by halving. */
function unimodalPeak(value: (j: number) => number, last: number): number {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (value(middle) < value(middle + 1)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * P(Dₙ < d) by Durbin's matrix (Marsaglia, Tsang & Wang 2003, doi:10.18637/jss.v008.i18): all entries are positive, so the
 * result is exact to rounding. The matrix has 2⌈nd⌉ − 1 rows.
 */
function durbin(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const h = k - n * d;
  const size = 2 * k - 1;
  const reciprocalFactorial = [1];
  for (let i = 1; i <= size; i++) reciprocalFactorial.push(reciprocalFactorial[i - 1]! / i);
  const edge = Array.from({ length: size }, (_, i) => (1 - h ** (i + 1)) * reciprocalFactorial[i + 1]!);
  edge[size - 1] = (1 - 2 * h ** size + Math.max(0, 2 * h - 1) ** size) * reciprocalFactorial[size]!;
  let matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    matrix[row * size] = edge[row]!;
    for (let column = 1; column <= Math.min(size - 1, row + 1); column++) {
      matrix[row * size + column] =
        row === size - 1 ? edge[size - 1 - column]! : reciprocalFactorial[row - column + 1]!;
    }
  }
  // column k of Hⁿ, one factor after the other or by repeated squaring, whichever is less work; both carry a binary exponent
  let vector = new Float64Array(size);
  vector[k - 1] = 1;
  let exponent = 0;
  const apply = (times: number, factor: Float64Array, factorExponent: number) => {
    for (let i = 0; i < times; i++) {
      vector = multiplyVector(factor, vector);
      exponent += factorExponent + rescale(vector);
    }
  };
  if (n < size * Math.log2(n)) {
    apply(n, matrix, 0);
  } else {
    let matrixExponent = 0;
    for (let remaining = n; remaining > 0; remaining = Math.floor(remaining / 2)) {
      apply(remaining % 2, matrix, matrixExponent);
      if (remaining === 1) break;
      matrix = multiplySquare(matrix, matrix, size);
      matrixExponent = 2 * matrixExponent + rescale(matrix);
    }
  }
  // times n!/nⁿ, factor by factor: in logarithms the result would lose three digits
  let probability = vector[k - 1]!;
  for (let i = 1; i <= n; i++) {
    probability *= i / n;
    if (probability < 2 ** -500) {
      probability *= 2 ** 500;
      exponent -= 500;
    }
  }
  return probability * 2 ** exponent;
}

function multiplySquare(left: Float64Array, right: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const product = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < size; inner++) {
      const factor = left[row * size + inner]!;
      if (factor === 0) continue;
      for (let column = 0; column < size; column++) {
        product[row * size + column]! += factor * right[inner * size + column]!;
      }
    }
  }
  return product;
}

function multiplyVector(matrix: Float64Array, vector: Float64Array): Float64Array<ArrayBuffer> {
  const size = vector.length;
  const product = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let column = 0; column < size; column++) sum += matrix[row * size + column]! * vector[column]!;
    product[row] = sum;
  }
  return product;
}

/** Divides by a power of two that brings the largest entry near 1; returns its exponent. */
function rescale(values: Float64Array): number {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  if (largest === 0) return 0;
  const exponent = Math.floor(Math.log2(largest));
  const factor = 2 ** -exponent;
  for (let i = 0; i < values.length; i++) values[i]! *= factor;
  return exponent;
}

/** P(Dₙ < d) by the expansion of Pelz & Good (1976) in 1/√n, with theta functions that converge fast for small √n d. */
function pelzGood(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const p2 = Math.PI ** 2;
  const p4 = p2 * p2;
  const p6 = p4 * p2;
  let k0 = 0;
  let k1 = 0;
  let k2 = 0;
  let k3 = 0;
  for (let k = 0; k < 20; k++) {
    const h = (k + 0.5) ** 2;
    const weight = Math.exp((-p2 * h) / (2 * z2));
    if (weight < 1e-22) break;
    k0 += weight;
    k1 += (p2 * h - z2) * weight;
    k2 += (6 * z6 + 2 * z4 + p2 * (2 * z4 - 5 * z2) * h + p4 * (1 - 2 * z2) * h * h) * weight;
    k3 +=
      (-30 * z6 -
        90 * z6 * z2 +
        p2 * (135 * z4 - 96 * z6) * h +
        p4 * (212 * z4 - 60 * z2) * h * h +
        p6 * (5 - 30 * z2) * h ** 3) *
      weight;
  }
  let k2Rest = 0;
  let k3Rest = 0;
  for (let k = 1; k < 20; k++) {
    const h = k * k;
    const weight = Math.exp((-p2 * h) / (2 * z2));
    if (weight < 1e-22) break;
    k2Rest += p2 * h * weight;
    k3Rest += (3 * p2 * h * z2 - p4 * h * h) * weight;
  }
  const root = Math.sqrt(2 * Math.PI);
  const first = (root / z) * k0;
  const second = (root / (6 * z4)) * k1;
  const third = root * (k2 / (72 * z6 * z) - k2Rest / (36 * z2 * z));
  const fourth = root * (k3 / (6480 * z6 * z4) + k3Rest / (216 * z6));
  return first + second / Math.sqrt(n) + third / n + fourth / n ** 1.5;
}

/**
 * log P(D ≥ numerator/(n m)) of the exact two-sample law of samples of n and m without ties, where numerator is the largest
 * |i m − j n|, an integer.
 *
 * Of all paths from (0,0) to (n,m), the share that touches the boundary: the share among the paths to (i,j) is the average of
 * those of its two predecessors. All numbers are positive, so far tails keep their digits (Hodges 1958, doi:10.1007/BF02589501;
 * in this form Viehmann 2021, arXiv:2102.08037). O(n m) time, O(min(n, m)) memory.
 */
export function logKolmogorovTwoSampleUpperTail(n: number, m: number, numerator: number): number {
  if (m > n) return logKolmogorovTwoSampleUpperTail(m, n, numerator);
  if (numerator <= 0) return 0;
  if (numerator > n * m) return -Infinity;
  const share = new Float64Array(m + 1);
  for (let j = 0; j <= m; j++) share[j] = j * n >= numerator ? 1 : 0;
  for (let i = 1; i <= n; i++) {
    let below = i * m >= numerator ? 1 : 0;
    share[0] = below;
    for (let j = 1; j <= m; j++) {
      below = Math.abs(i * m - j * n) >= numerator ? 1 : (i * share[j]! + j * below) / (i + j);
      share[j] = below;
    }
  }
  return Math.log(share[m]!);
}
