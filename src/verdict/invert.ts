/**
 * The argument at which a monotone function crosses zero, by Chandrupatla's method: bisection that turns to inverse quadratic
 * interpolation where the function is smooth. Some ten evaluations on the logarithm of a tail.
 *
 * Accuracy   1e-10 of the result, or of the bracket when the result is near zero.
 * Sources    Chandrupatla (1997), doi:10.1016/S0965-9978(96)00051-8.
 *
 * @param low,high a bracket: f has different signs there; an end without the crossing is returned as it is
 */
export function crossing(f: (x: number) => number, low: number, high: number): number {
  let a = high;
  let b = low;
  let fa = f(a);
  let fb = f(b);
  if (Math.sign(fa) === Math.sign(fb)) return Math.abs(fa) < Math.abs(fb) ? a : b;
  let c = a;
  let fc = fa;
  let t = 0.5;
  for (let i = 0; i < 200; i++) {
    const x = a + t * (b - a);
    const fx = f(x);
    if (Math.sign(fx) === Math.sign(fa)) {
      c = a;
      fc = fa;
    } else {
      c = b;
      fc = fb;
      b = a;
      fb = fa;
    }
    a = x;
    fa = fx;
    const best = Math.abs(fa) < Math.abs(fb) ? a : b;
    const tolerance = 1e-10 * Math.max(Math.abs(best), 1e-6 * (high - low));
    const least = tolerance / Math.abs(b - c);
    if (!(least < 0.5) || fa === 0) return fa === 0 ? a : best;
    const xi = (a - b) / (c - b);
    const phi = (fa - fb) / (fc - fb);
    const smooth = phi ** 2 < xi && (1 - phi) ** 2 < 1 - xi;
    t = smooth ? (fa / (fb - fa)) * (fc / (fb - fc)) + (((c - a) / (b - a)) * fa * fb) / ((fc - fa) * (fc - fb)) : 0.5;
    if (!(t >= least)) t = least;
    else if (t > 1 - least) t = 1 - least;
  }
  return a;
}
