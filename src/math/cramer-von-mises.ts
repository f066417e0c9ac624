/** Points of the quadrature over one arch for x ≤ 1; more are needed as √x. */
const POINTS = 48;
/** The logarithm of the share of the sum that may be left out. */
const NEGLIGIBLE = 45;

/**
 * log P(ω² > x) of the limiting law of the Cramér–von Mises statistic, Σ Zₖ²/(kπ)².
 *
 * Smirnov's formula (1936; in this form Anderson & Darling 1952, doi:10.1214/aoms/1177729437),
 *
 *   P = (2/π) Σ_{k ≥ 1} (−1)^(k+1) ∫ e^(−x u²/2) / √(u |sin u|) du   over (2k−1)π < u < 2kπ,
 *
 * whose terms fall like e^(−x(2k−1)²π²/2): the first one is the far tail, in logarithms without cancellation. With
 * u = (2k−1)π + π(1 − cos θ)/2 the integrand is smooth and periodic, so that the midpoint rule has all digits. Series for the
 * lower tail, taken from 1, are rounding noise beyond x ≈ 3.
 */
export function logCramerVonMisesUpperTail(x: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? NaN : 0;
  if (x === Infinity) return -Infinity;
  let sum = 0;
  for (let k = 1; ; k++) {
    const start = (2 * k - 1) * Math.PI;
    // everything relative to e^(−xπ²/2)
    const fallen = (x * (start - Math.PI) * (start + Math.PI)) / 2;
    if (fallen > NEGLIGIBLE) break;
    sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-fallen) * arch(x, start);
  }
  return Math.min(0, -(x * Math.PI * Math.PI) / 2 + Math.log((2 / Math.PI) * sum));
}

/** ∫ e^(−x(u² − start²)/2) / √(u |sin u|) du over (start, start + π) */
function arch(x: number, start: number): number {
  const points = Math.ceil(POINTS * Math.max(1, Math.sqrt(x)));
  const step = Math.PI / points;
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const theta = (i + 0.5) * step;
    const half = Math.sin(theta / 2);
    const beyond = Math.PI * half * half;
    const fallen = x * beyond * (start + beyond / 2);
    if (fallen > NEGLIGIBLE) break;
    // sin u from the nearer end of the arch
    const sine = Math.sin(theta < Math.PI / 2 ? beyond : Math.PI * Math.cos(theta / 2) ** 2);
    sum += (Math.exp(-fallen) * Math.sin(theta)) / Math.sqrt((start + beyond) * sine);
  }
  return (sum * step * Math.PI) / 2;
}
