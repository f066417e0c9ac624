import { log1mexp } from './logarithms.ts';

/**
 * The law of Σ gⱼ Bⱼ², B a Brownian bridge looked at in finitely many points: the null law of the weighted rank statistics
 * (Cramér–von Mises, Anderson–Darling) of samples with ties, point by point.
 *
 * Cov(Bⱼ, Bₖ) = hⱼ (1 − hₖ) for j < k, and Var(Bⱼ) is given apart, because the bridge at a midrank varies by less than h (1 − h).
 */
export interface BridgeForm {
  /** gⱼ ≥ 0 */
  readonly weights: Float64Array;
  /** hⱼ, ascending between 0 and 1 */
  readonly below: Float64Array;
  /** 1 − hⱼ */
  readonly above: Float64Array;
  /** Var(Bⱼ) */
  readonly variances: Float64Array;
}

/** Steps of the trapezoidal rule; the integrand is analytic in a strip of half-width 1 or more, and of ½ around a pole. */
const STEP = 1 / 6;
const STEP_BY_POLE = 1 / 12;
/** The logarithm of the share of the sum that may be left out. */
const NEGLIGIBLE = 40;
const MOST_POINTS = 1000;
/** As near as the way may come to the first singularity, so that the pivots there keep digits. */
const NEAREST = 1e-9;
const FIRST_TO = 1e-11;

/** Mean Σ λ and Σ λ² of the form, λ the variances of its independent squared parts. */
export function bridgeFormMoments({ weights, below, above, variances }: BridgeForm): { mean: number; squares: number } {
  let mean = 0;
  let squares = 0;
  // Σ gₖ hₖ² over the points before
  let before = 0;
  for (const [j, weight] of weights.entries()) {
    const own = weight * variances[j]!;
    mean += own;
    squares += own * own + 2 * weight * above[j]! ** 2 * before;
    before += weight * below[j]! ** 2;
  }
  return { mean, squares };
}

/**
 * log P(Σ gⱼ Bⱼ² > x), for at least one point with positive variance.
 *
 * With M(s) = det(I − 2sC)^−½, the moment generating function, P = 1/(2πi) ∫ M(s) e^(−sx)/s ds upwards on any way that leaves 0 to
 * its left and the cut from s₁ = 1/(2λ₁) to infinity on its right; on a way that has 0 on its right as well the integral is minus the
 * lower tail. On a parabola around the cut whose turning point lies 1/x from s₁ all factors are of the size of the result, so that
 * both tails keep their digits, in logarithms. The determinant needs one pass over the points: C is a semiseparable matrix, and the
 * pivots of I − 2sC follow one from the other.
 *
 * Cost       some 100 passes over the points. Accuracy 1e-12 of the smaller tail.
 * Sources    Imhof (1961), doi:10.1093/biomet/48.3-4.419 (inversion); Weideman & Trefethen (2007),
 *            doi:10.1090/S0025-5718-07-01945-X (the parabola).
 */
export function logBridgeFormUpperTail(form: BridgeForm, x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x <= 0) return 0;
  if (x === Infinity) return -Infinity;
  const pivots = pivotsOf(form);
  const first = firstSingularity(form, pivots);
  // the pole at 0 is kept at a distance, on either side of it
  if (x * first < 1) return log1mexp(logInversion(pivots, x, first, Math.max(1 / x, 4 * first), STEP_BY_POLE));
  return logInversion(pivots, x, first, Math.max(Math.min(1 / x, first / 4), first * NEAREST), STEP);
}

/** log of the integral along s = s₁ − depth (1 − iθ)²: the upper tail when depth < s₁, else the lower one. */
function logInversion(pivots: Pivots, x: number, first: number, depth: number, step: number): number {
  const at = first - depth;
  const logHere = pivots.realLogDeterminant(at);
  let sum = 0;
  for (let i = 0; i < MOST_POINTS; i++) {
    const theta = i * step;
    const real = first - depth * (1 - theta * theta);
    const imaginary = 2 * depth * theta;
    const [logSize, argument] = i === 0 ? [logHere, 0] : pivots.logDeterminant(real, imaginary);
    const size = Math.exp((logHere - logSize) / 2 - (real - at) * x);
    const phase = -argument / 2 - imaginary * x;
    // (1 − iθ)/s, and its product with e^(i phase)
    const norm = real * real + imaginary * imaginary;
    const factorReal = (real - theta * imaginary) / norm;
    const factorImaginary = (-theta * real - imaginary) / norm;
    const term = size * (factorReal * Math.cos(phase) - factorImaginary * Math.sin(phase));
    sum += i === 0 ? term / 2 : term;
    if (size * Math.hypot(factorReal, factorImaginary) < Math.abs(sum) * Math.exp(-NEGLIGIBLE)) break;
  }
  return Math.min(0, -logHere / 2 - at * x + Math.log(((2 * depth * step) / Math.PI) * Math.abs(sum)));
}

/** The smallest s > 0 at which I − 2sC is singular, from below: 1/(2 λ₁). */
function firstSingularity(form: BridgeForm, pivots: Pivots): number {
  const { mean, squares } = bridgeFormMoments(form);
  // λ₁ lies between Σλ²/Σλ and √Σλ²
  let low = (1 - 1e-12) / (2 * Math.sqrt(squares));
  let high = ((1 + 1e-12) * mean) / (2 * squares);
  for (;;) {
    const middle = (low + high) / 2;
    if (high - low < FIRST_TO * low) return low;
    if (Number.isFinite(pivots.realLogDeterminant(middle))) low = middle;
    else high = middle;
  }
}

interface Pivots {
  /** log det(I − 2sC) for real s; NaN when the matrix is not positive definite */
  realLogDeterminant(s: number): number;
  /** log |det(I − 2sC)| and its continuous argument, for s = real + i · imaginary, imaginary > 0 */
  logDeterminant(real: number, imaginary: number): readonly [number, number];
}

const LARGE = 2 ** 300;

/**
 * C_jk = u_j t_k for j < k with u = √g h, t = √g (1 − h), so I − 2sC = L D Lᵀ with L_kj = t_k q_j, and with S = Σ q²d over the
 * columns before: d_j = 1 − 2s C_jj − t_j² S,  q_j d_j = −2s u_j − t_j S.
 */
function pivotsOf({ weights, below, above, variances }: BridgeForm): Pivots {
  const u = weights.map((weight, j) => Math.sqrt(weight) * below[j]!);
  const t = weights.map((weight, j) => Math.sqrt(weight) * above[j]!);
  const diagonal = weights.map((weight, j) => weight * variances[j]!);
  const count = weights.length;
  return {
    realLogDeterminant(s) {
      let logSize = 0;
      let product = 1;
      let sum = 0;
      for (let j = 0; j < count; j++) {
        const pivot = 1 - 2 * s * diagonal[j]! - t[j]! * t[j]! * sum;
        if (!(pivot > 0)) return NaN;
        const entry = -2 * s * u[j]! - t[j]! * sum;
        sum += (entry * entry) / pivot;
        product *= pivot;
        if (product < 1 / LARGE) {
          logSize += Math.log(product);
          product = 1;
        }
      }
      return logSize + Math.log(product);
    },
    logDeterminant(real, imaginary) {
      let logSize = 0;
      let turns = 0;
      let productReal = 1;
      let productImaginary = 0;
      let sumReal = 0;
      let sumImaginary = 0;
      for (let j = 0; j < count; j++) {
        const square = t[j]! * t[j]!;
        const pivotReal = 1 - 2 * real * diagonal[j]! - square * sumReal;
        // every pivot lies in the lower half plane: its reciprocal is an entry of the inverse of a leading block
        const pivotImaginary = Math.min(0, -2 * imaginary * diagonal[j]! - square * sumImaginary);
        const entryReal = -2 * real * u[j]! - t[j]! * sumReal;
        const entryImaginary = -2 * imaginary * u[j]! - t[j]! * sumImaginary;
        const squareReal = entryReal * entryReal - entryImaginary * entryImaginary;
        const squareImaginary = 2 * entryReal * entryImaginary;
        const norm = pivotReal * pivotReal + pivotImaginary * pivotImaginary;
        sumReal += (squareReal * pivotReal + squareImaginary * pivotImaginary) / norm;
        sumImaginary += (squareImaginary * pivotReal - squareReal * pivotImaginary) / norm;
        const nextReal = productReal * pivotReal - productImaginary * pivotImaginary;
        const nextImaginary = productReal * pivotImaginary + productImaginary * pivotReal;
        // the argument falls by less than π a step, so it passes −π exactly when the product comes up from below
        if (pivotImaginary < 0 && productImaginary < 0 && nextImaginary >= 0) turns -= 1;
        productReal = nextReal;
        productImaginary = nextImaginary;
        const size = Math.abs(productReal) + Math.abs(productImaginary);
        if (size > LARGE || size < 1 / LARGE) {
          logSize += Math.log(size);
          productReal /= size;
          productImaginary /= size;
        }
      }
      return [
        logSize + Math.log(Math.hypot(productReal, productImaginary)),
        Math.atan2(productImaginary, productReal) + 2 * Math.PI * turns,
      ];
    },
  };
}
