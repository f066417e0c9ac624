const positiveNodes = [
  0.09501250983763744, 0.2816035507792589, 0.45801677765722737, 0.6178762444026438, 0.755404408355003,
  0.8656312023878318, 0.9445750230732326, 0.9894009349916499,
];
const theirWeights = [
  0.1894506104550685, 0.18260341504492358, 0.16915651939500254, 0.14959598881657674, 0.12462897125553388,
  0.09515851168249279, 0.06225352393864789, 0.02715245941175409,
];

/** The 16 nodes of Gauss–Legendre quadrature on [−1, 1], exact for polynomials up to degree 31. */
export const legendreNodes: readonly number[] = positiveNodes.flatMap((node) => [-node, node]);
/** The weights that go with {@link legendreNodes}; they sum to 2. */
export const legendreWeights: readonly number[] = theirWeights.flatMap((weight) => [weight, weight]);
