/**
 * Benjamini and Hochberg's q-values: of the columns listed with a q-value of at most q, a share of q is expected not to have changed
 * at all. Shown beside the list of columns and never gated: the gate controls the probability of any false alarm (family.ts), this
 * the share of false ones among many.
 *
 *   q₍ᵢ₎ = min over j ≥ i of p₍ⱼ₎ k/j,   p ascending, k of them
 *
 * Sources    Benjamini & Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x; agrees with scipy.stats.false_discovery_control
 *            (fixtures/reference-values/two-sample.json).
 *
 * @param logP natural logarithms; null for what has no p-value, and counts for nothing
 * @returns q-values in the order given
 */
export function benjaminiHochberg(logP: readonly (number | null)[]): readonly (number | null)[] {
  const ranked = logP
    .flatMap((log, i) => (log === null ? [] : [{ i, log }]))
    .sort((a, b) => b.log - a.log || b.i - a.i);
  const values: (number | null)[] = logP.map(() => null);
  let least = 0;
  for (const [above, { i, log }] of ranked.entries()) {
    least = Math.min(least, log + Math.log(ranked.length / (ranked.length - above)));
    values[i] = Math.exp(least);
  }
  return values;
}
