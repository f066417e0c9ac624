/**
 * The level of the gate's formulas at and around the tolerance: counts over fixed cells, drawn as multinomials (which is what the
 * rows of independent draws over cells are), judged by the product's own p-values. "At the tolerance" is the border of the null
 * hypothesis: the shift is as large as it may be before φ² or some cell's change exceeds what is tolerated.
 */

export const tolerances = {
  'feature warn': { phiSquared: 0.1, cellChange: 0.07 },
  'feature fail': { phiSquared: 0.25, cellChange: 0.12 },
  'prediction warn': { phiSquared: 0.05, cellChange: 0.05 },
  'feature warn, high': { phiSquared: 0.02, cellChange: 0.03 },
};

const sizes = [
  { n: 200, m: 100 },
  { n: 1000, m: 100 },
  { n: 1000, m: 1000 },
  { n: 10_000, m: 1000 },
  { n: 1000, m: 10_000 },
  { n: 100_000, m: 10_000 },
];

/** Draws in one repeat. */
export const drawsPerRepeat = 500;
export const alphas = [0.05, 0.01, 0.0005];

const tailLadder = [0.005, 0.01, 0.02, 0.05];

/** Twelve cells: deciles, the outer ones parted at the tail fraction of these sizes. */
function numericCells({ n, m }, cumulative) {
  const tail = tailLadder.find((fraction) => fraction >= 5 / Math.min(n, m));
  const cuts = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, ...(tail === undefined ? [] : [tail, 1 - tail])].sort(
    (a, b) => a - b,
  );
  const shares = (of) => {
    const below = [0, ...cuts.map(of), 1];
    return below.slice(1).map((upper, i) => upper - below[i]);
  };
  const main = (cells) =>
    tail === undefined ? cells : [cells[0] + cells[1], ...cells.slice(2, -2), cells.at(-2) + cells.at(-1)];
  return { reference: shares((u) => u), current: shares(cumulative), main };
}

const same = (cells) => cells;
const zipf50 = Array.from({ length: 50 }, (_, i) => 1 / (i + 1));
const zipfTotal = zipf50.reduce((a, b) => a + b, 0);
/** The twenty most frequent of Zipf's fifty, and the rest in one. */
const zipfCells = [
  ...zipf50.slice(0, 20).map((weight) => weight / zipfTotal),
  zipf50.slice(20).reduce((a, b) => a + b, 0) / zipfTotal,
];

const tilt = (shares, amplitude) => {
  const moved = shares.map((share, i) => share * (1 + (i % 2 === 0 ? amplitude : -amplitude)));
  const total = moved.reduce((a, b) => a + b, 0);
  return moved.map((share) => share / total);
};

/** The third of ten deciles changes by a, or by at most its own size. */
function oneDecile(size, sign) {
  const { reference, main } = numericCells(size, (u) => u);
  const at = reference.findIndex((_, b) => reference.slice(0, b).reduce((sum, share) => sum + share, 0) > 0.199);
  return (a) => {
    const change = sign * Math.min(a, sign < 0 ? 0.1 : 0.8);
    const current = reference.map((share, b) => (b === at ? share + change : (share * (0.9 - change)) / 0.9));
    return { reference, current, main };
  };
}

/** Each: both sides' shares for an amplitude from 0 to 1, and how tested cells join to main ones. */
const cases = {
  'mean shift':
    (size, { cdf, quantile }) =>
    (a) =>
      numericCells(size, (u) => cdf(quantile(u) - 2 * a)),
  'wider spread':
    (size, { cdf, quantile }) =>
    (a) =>
      numericCells(size, (u) => cdf(quantile(u) / (1 + 3 * a))),
  'narrower spread':
    (size, { cdf, quantile }) =>
    (a) =>
      numericCells(size, (u) => cdf(quantile(u) * (1 + 3 * a))),
  'one decile smaller': (size) => oneDecile(size, -1),
  'one decile larger': (size) => oneDecile(size, 1),
  'boolean 0.5': () => (a) => ({ reference: [0.5, 0.5], current: [0.5 - a / 2, 0.5 + a / 2], main: same }),
  'boolean 0.1': () => (a) => ({ reference: [0.9, 0.1], current: [0.9 - 0.9 * a, 0.1 + 0.9 * a], main: same }),
  'largest of five': () => (a) => ({
    reference: [0.4, 0.25, 0.2, 0.1, 0.05],
    current: [0.4 + 0.6 * a, ...[0.25, 0.2, 0.1, 0.05].map((share) => share * (1 - a))],
    main: same,
  }),
  'Zipf 50, every second up': () => (a) => ({ reference: zipfCells, current: tilt(zipfCells, a), main: same }),
  '20 equal cells, every second up': () => (a) => {
    const equal = Array(20).fill(0.05);
    return { reference: equal, current: tilt(equal, a), main: same };
  },
  'nulls where there were none': (size) => (a) => {
    const { reference, main } = numericCells(size, (u) => u);
    return {
      reference: [...reference, 0],
      current: [...reference.map((share) => share * (1 - a)), a],
      main: (cells) => [...main(cells.slice(0, -1)), cells.at(-1)],
    };
  },
  'nulls from 0.2 %': (size) => (a) => {
    const { reference, main } = numericCells(size, (u) => u);
    const now = 0.002 + 0.998 * a;
    return {
      reference: [...reference.map((share) => share * 0.998), 0.002],
      current: [...reference.map((share) => share * (1 - now)), now],
      main: (cells) => [...main(cells.slice(0, -1)), cells.at(-1)],
    };
  },
};

export function levelScenarios(quick) {
  const scenario = (name, tolerance, size, factor, repeats) => ({
    kind: 'level',
    section: 'levels',
    id: `level/${name}/${tolerance}/${size.n}/${size.m}/${factor}`,
    case: name,
    tolerance,
    factor,
    ...size,
    repeats,
  });
  const at = Object.keys(cases).flatMap((name) =>
    Object.keys(tolerances).flatMap((tolerance) =>
      (quick ? sizes.slice(2, 3) : sizes).map((size) => scenario(name, tolerance, size, 1, quick ? 4 : 30)),
    ),
  );
  const around = quick
    ? []
    : Object.keys(cases).flatMap((name) =>
        [0.8, 0.9, 1.1, 1.25].flatMap((factor) =>
          [sizes[2], sizes[3], sizes[5]].map((size) => scenario(name, 'feature warn', size, factor, 4)),
        ),
      );
  return [...at, ...around];
}

/** How far a shift is: 1 at the tolerance. */
function excess({ reference, current, main }, tolerance) {
  let phiSquared = 0;
  for (let b = 0; b < reference.length; b++) {
    phiSquared += (2 * (reference[b] - current[b]) ** 2) / (reference[b] + current[b]);
  }
  const now = main(current);
  const largest = Math.max(...main(reference).map((share, b) => Math.abs(share - now[b])));
  return { phiSquared: phiSquared / tolerance.phiSquared, cell: largest / tolerance.cellChange };
}

/** The amplitude at which the first of the two scales reaches its tolerance. */
export function amplitudeAtTolerance(sharesOf, tolerance) {
  let low = 0;
  let high = 0.999;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    const { phiSquared, cell } = excess(sharesOf(middle), tolerance);
    if (Math.max(phiSquared, cell) < 1) low = middle;
    else high = middle;
  }
  return low;
}

export function evaluateLevel({ case: name, tolerance: toleranceName, factor, n, m }, product, random) {
  const tolerance = tolerances[toleranceName];
  const cdf = (z) => (z > 0 ? 1 - Math.exp(product.tails.normal(z)) : Math.exp(product.tails.normal(-z)));
  const quantile = (u) => (u <= 0 ? -Infinity : u >= 1 ? Infinity : product.quantile(u));
  const sharesOf = cases[name]({ n, m }, { cdf, quantile });
  const border = amplitudeAtTolerance(sharesOf, tolerance);
  const { phiSquared, cell } = excess(sharesOf(border), tolerance);
  const shares = sharesOf(Math.min(0.999, factor * border));
  const drift = alphas.map(() => 0);
  const stable = alphas.map(() => 0);
  const driftCandidate = alphas.map(() => 0);
  const stableCandidate = alphas.map(() => 0);
  for (let i = 0; i < drawsPerRepeat; i++) {
    const reference = random.multinomial(n, shares.reference);
    const current = random.multinomial(m, shares.current);
    const moved = product.effect.movement({
      ...labelled(reference, current),
      main: labelled(shares.main([...reference]), shares.main([...current])),
    });
    const beyond = product.effect.beyond(moved, tolerance);
    const proof = product.effect.below(moved, tolerance);
    const logStable = Math.max(proof.logPhiSquared, proof.logCellChange);
    for (const [k, alpha] of alphas.entries()) {
      if (beyond.logP <= Math.log(alpha)) drift[k]++;
      if (logStable < Math.log(alpha)) stable[k]++;
    }
    const candidate = withRestrictedError(moved, tolerance, product);
    const driftLog = product.effect.beyond(candidate, tolerance).logP;
    const proofLog = Math.max(proof.logPhiSquared, product.effect.below(candidate, tolerance).logCellChange);
    for (const [k, alpha] of alphas.entries()) {
      if (driftLog <= Math.log(alpha)) driftCandidate[k]++;
      if (proofLog < Math.log(alpha)) stableCandidate[k]++;
    }
  }
  // a decile that vanishes moves by 10 points and no more: below some tolerances whatever happens
  const binds = Math.max(phiSquared, cell) < 0.999 ? 'neither' : phiSquared > cell ? 'φ²' : 'cell';
  return { draws: drawsPerRepeat, drift, stable, driftCandidate, stableCandidate, binds };
}

/**
 * A candidate for the standard error of a cell's change: the larger of the product's, which takes the batch's share as it was seen,
 * and the one at the border of the null hypothesis, where the batch's share is the reference's ± the tolerance. A share that was
 * seen to be small has a small error by the former, just when chance made it small.
 */
function withRestrictedError(moved, { cellChange }, { effect }) {
  const { reference: n, current: m } = moved.rows;
  const restricted = (shift) => {
    const p = (shift.reference * n + 0.5) / (n + 1);
    const q = Math.min(1, Math.max(0, shift.current < shift.reference ? p - cellChange : p + cellChange));
    const error = Math.sqrt(effect.steadyVariance(shift.reference * n, n) + (q * (1 - q)) / m);
    return { ...shift, standardError: Math.max(shift.standardError, error) };
  };
  return { ...moved, shifts: moved.shifts.map(restricted) };
}

function labelled(reference, current) {
  return {
    labels: Array.from(reference, (_, b) => `cell ${b}`),
    reference: Float64Array.from(reference),
    current: Float64Array.from(current),
  };
}
