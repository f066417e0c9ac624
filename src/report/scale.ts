/**
 * φ² in words: how far a normal column would have to shift to have it. Cut at its own deciles, a normal column that moves by s
 * standard deviations has φ² = 2 Σ (p − q)²/(p + q), and 2Φ(s/2) − 1 of its rows have to move to make the one distribution the
 * other (total variation). Both are read off this table; between its rows log s is linear in log φ² to within 1 %.
 */
const shifts: readonly (readonly [phiSquared: number, sigmas: number, rowsMoved: number])[] = [
  [0.001, 0.0323, 0.0129],
  [0.01, 0.1022, 0.0408],
  [0.02, 0.1447, 0.0577],
  [0.05, 0.2297, 0.0914],
  [0.1, 0.3267, 0.1298],
  [0.25, 0.5259, 0.2074],
  [0.5, 0.7667, 0.2985],
  [1, 1.1563, 0.4368],
  [1.5, 1.5196, 0.5526],
  [2, 1.9024, 0.6585],
  [2.5, 2.3535, 0.7607],
  [3, 3.025, 0.8696],
];

/** The shift of a normal column with this φ², in standard deviations, and the share of its rows that moved; null beyond the table. */
export function shiftOf(phiSquared: number): { readonly sigmas: number; readonly rowsMoved: number } | null {
  const [least, most] = [shifts[0]!, shifts.at(-1)!];
  if (!(phiSquared >= least[0] && phiSquared <= most[0])) return null;
  const after = Math.max(
    1,
    shifts.findIndex(([value]) => value >= phiSquared),
  );
  const [low, high] = [shifts[after - 1]!, shifts[after]!];
  const t = Math.log(phiSquared / low[0]) / Math.log(high[0] / low[0]);
  const between = (a: number, b: number) => a * (b / a) ** t;
  return { sigmas: between(low[1], high[1]), rowsMoved: between(low[2], high[2]) };
}

/** `a mean shift of 0.33 σ (13 % of the rows moved)` */
export function shiftWords(phiSquared: number): string {
  const shift = shiftOf(phiSquared);
  if (shift !== null) {
    return `a mean shift of ${shift.sigmas.toFixed(2)} σ (${Math.round(100 * shift.rowsMoved)} % of the rows moved)`;
  }
  return phiSquared < 1 ? 'a mean shift of less than 0.03 σ' : 'a mean shift of more than 3 σ';
}
