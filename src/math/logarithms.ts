/** log(eᵃ + eᵇ) without overflow; −∞ is the logarithm of nothing. */
export function logAddExp(a: number, b: number): number {
  if (a < b) return logAddExp(b, a);
  if (b === -Infinity) return a;
  return a + Math.log1p(Math.exp(b - a));
}

/** log Σ e^xᵢ; −∞ for an empty list. */
export function logSumExp(values: Iterable<number>): number {
  const terms = [...values];
  let largest = -Infinity;
  for (const term of terms) if (term > largest) largest = term;
  if (largest === -Infinity) return -Infinity;
  let sum = 0;
  for (const term of terms) sum += Math.exp(term - largest);
  return largest + Math.log(sum);
}

/**
 * log(1 − eˣ) for x ≤ 0: the logarithm of the other tail. Whichever of the two forms keeps the digits (Mächler 2012,
 * "Accurately computing log(1 − exp(−|a|))").
 */
export function log1mexp(x: number): number {
  if (x >= 0) return -Infinity;
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}
