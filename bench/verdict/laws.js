/**
 * What columns are drawn from, clean and shifted. A side of a numeric column is a table of distinct values with their rows, as the
 * product counts them; a side of a categorical one is the rows of each category.
 *
 * Continuous laws are drawn row by row and sorted. Laws over a list of values are drawn as counts: the rows of n independent draws
 * over k values *are* multinomial, so nothing is approximated. Shifts never draw on the batch's order; a jump at half time has its
 * second half shifted, row by row.
 */

export const columnsPerDataset = 20;

const onesFor = { values: new Float64Array(0) };
function ones(n) {
  if (onesFor.values.length < n) onesFor.values = new Float64Array(n).fill(1);
  return onesFor.values.subarray(0, n);
}

/** Distinct values with their rows, from rows in any order; sorts them in place. */
export function tableOf(rows) {
  rows.sort();
  let distinct = rows.length === 0 ? 0 : 1;
  for (let i = 1; i < rows.length; i++) if (rows[i] !== rows[i - 1]) distinct++;
  if (distinct === rows.length) return { values: rows, counts: ones(rows.length) };
  const values = new Float64Array(distinct);
  const counts = new Float64Array(distinct);
  let k = -1;
  for (let i = 0; i < rows.length; i++) {
    if (i === 0 || rows[i] !== rows[i - 1]) values[++k] = rows[i];
    counts[k]++;
  }
  return { values, counts };
}

/** A numeric law; `row` draws one value. */
const continuous = (name, row) => ({
  name,
  kind: 'numeric',
  row,
  draw(random, n) {
    const rows = new Float64Array(n);
    for (let i = 0; i < n; i++) rows[i] = row(random);
    return tableOf(rows);
  },
});

/** Whole numbers 0, 1, 2 … with these shares. */
const integers = (name, shares) => ({
  name,
  kind: 'numeric',
  draw(random, n) {
    const all = random.multinomial(n, shares);
    const seen = [...all.keys()].filter((i) => all[i] > 0);
    return { values: Float64Array.from(seen), counts: Float64Array.from(seen, (i) => all[i]) };
  },
});

export const categories = (name, weights) => {
  const total = weights.reduce((a, b) => a + b, 0);
  const shares = weights.map((weight) => weight / total);
  return { name, kind: 'categorical', shares, draw: (random, n) => ({ counts: random.multinomial(n, shares) }) };
};

export const normal = (shift = 0, scale = 1) => continuous('normal', (random) => shift + scale * random.normal());
export const lognormal = (sigma = 1) =>
  continuous(`lognormal(${sigma})`, (random) => Math.exp(sigma * random.normal()));
/** Student's t with two degrees of freedom: no variance. */
export const student2 = continuous('t(2)', (random) => random.normal() / Math.sqrt(-Math.log(1 - random.uniform())));
/** Four rows of five are exactly zero, the others exponential. */
export const zeroInflated = {
  name: 'zero-inflated exponential',
  kind: 'numeric',
  draw(random, n) {
    const filled = random.binomial(n, 0.2);
    const rest = tableOf(Float64Array.from({ length: filled }, () => random.exponential() + Number.MIN_VALUE));
    if (filled === n) return rest;
    const values = new Float64Array(rest.values.length + 1);
    const counts = new Float64Array(values.length);
    counts[0] = n - filled;
    values.set(rest.values, 1);
    counts.set(rest.counts, 1);
    return { values, counts };
  },
};
/** λ = 3; beyond 40 lies a share of 1e-28, less than a double can say. */
export const poisson3 = integers(
  'Poisson(3)',
  Array.from({ length: 41 }, (_, k) => {
    let share = Math.exp(-3);
    for (let i = 1; i <= k; i++) share *= 3 / i;
    return share;
  }),
);

export const zipf = (k) =>
  categories(
    `Zipf, k = ${k}`,
    Array.from({ length: k }, (_, i) => 1 / (i + 1)),
  );
export const five = categories('five categories', [0.4, 0.25, 0.2, 0.1, 0.05]);
export const boolean = (share) => categories(`boolean, ${share}`, [1 - share, share]);

/** Some rows are null; they are drawn apart from the values. */
export const withNulls = (law, share) => ({ ...law, name: `${law.name}, ${100 * share} % null`, nullShare: share });

/** A share of the rows comes from another law: each row by itself, so the number of them is binomial. */
export const mixture = (law, share, other) => ({
  name: `${law.name}, ${100 * share} % other`,
  kind: 'numeric',
  draw(random, n) {
    const moved = random.binomial(n, share);
    const rows = new Float64Array(n);
    for (let i = 0; i < n; i++) rows[i] = i < moved ? other.row(random) : law.row(random);
    return tableOf(rows);
  },
});

/** From half of the batch's rows on, another law. */
export const halfTime = (law, other) => ({
  name: `${law.name}, another from half time`,
  kind: 'numeric',
  draw(random, n) {
    const rows = new Float64Array(n);
    for (let i = 0; i < n; i++) rows[i] = (i < n / 2 ? law : other).row(random);
    return tableOf(rows);
  },
});

export const celsius = continuous('degrees', (random) => 20 + 5 * random.normal());
export const fahrenheit = continuous('degrees', (random) => 1.8 * (20 + 5 * random.normal()) + 32);

/** One category gains so many points, the others lose them in proportion. */
export const gain = (law, category, points) =>
  categories(
    `${law.name}, +${points} points`,
    law.shares.map((share, i) =>
      i === category ? share + points / 100 : share * (1 - points / 100 / (1 - law.shares[category])),
    ),
  );
/** A value that was never there. */
export const newCategory = (law, share) =>
  categories(`${law.name}, new category`, [...law.shares.map((old) => old * (1 - share)), share]);

/** Twenty columns of the kinds that real logs hold, the awkward ones among them. */
export const mixed = [
  normal(),
  withNulls(normal(), 0.01),
  withNulls(normal(), 0.1),
  lognormal(2),
  withNulls(lognormal(1), 0.002),
  student2,
  student2,
  zeroInflated,
  poisson3,
  boolean(0.5),
  boolean(0.1),
  boolean(0.02),
  boolean(0.001),
  five,
  withNulls(five, 0.05),
  zipf(50),
  withNulls(zipf(50), 0.01),
  zipf(500),
  categories('constant', [1]),
  { ...boolean(0.02), role: 'prediction' },
];

/**
 * Both sides of a column.
 *
 * @param then,now laws of one kind
 */
export function drawColumn(random, name, then, now, { n, m }) {
  const side = (law, rows) => {
    const nulls = law.nullShare ? random.binomial(rows, law.nullShare) : 0;
    return { rows, nulls, ...law.draw(random, rows - nulls) };
  };
  return {
    name,
    kind: then.kind,
    role: then.role ?? 'feature',
    reference: side(then, n),
    current: side(now, m),
  };
}
