/** From here on the series in 1/n are exact to the last bit. */
const SERIES_FROM = 32;
const EULER_MASCHERONI = 0.5772156649015329;

/** 1 + 1/2 + … + 1/n for whole n ≥ 0, in constant time; relative error below 1e-15. */
export function harmonic(n: number): number {
  if (n < SERIES_FROM) return sumOf(n, (k) => 1 / k);
  const s = 1 / (n * n);
  return Math.log(n) + EULER_MASCHERONI + 1 / (2 * n) - s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s / 240)));
}

/** 1 + 1/4 + … + 1/n² for whole n ≥ 0, in constant time; relative error below 1e-15. */
export function harmonicSquares(n: number): number {
  if (n < SERIES_FROM) return sumOf(n, (k) => 1 / (k * k));
  const r = 1 / n;
  const s = r * r;
  return (Math.PI * Math.PI) / 6 - r * (1 - r / 2 + s * (1 / 6 - s * (1 / 30 - s * (1 / 42 - s / 30))));
}

function sumOf(n: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = n; k >= 1; k--) sum += term(k);
  return sum;
}
