/**
 * The default drift rules of well-known tools, written out as rules. Each is the tool's rule *as read* in its code or documentation
 * at the version named, not a run of the tool: sketches are replaced by the exact numbers they estimate, so a tool can only do worse.
 * No line of theirs is copied.
 *
 * A rule gives a column a score, larger when it sees more drift, and alarms when the score is beyond its threshold. Nulls are
 * dropped before, as the tools do (their own checks for nulls are separate and not on by default here).
 *
 * p-values are natural logarithms, by the same functions as the product's (they agree with SciPy): kstwo for Kolmogorov–Smirnov on
 * round(nm/(n+m)) rows, the exact two-sample law up to 250,000 pairs where the tool asks SciPy for it.
 */

/** @param product see product.js; only its tails and its Kolmogorov–Smirnov are used */
export function rulesOf({ tails, registryKs }) {
  const asymptoticKs = ({ n, m, distance }) => -tails.kolmogorov(Math.max(1, Math.round((n * m) / (n + m))), distance);
  const minusLog = (p) => -Math.log(p);

  return [
    {
      // Evidently, commit a4aa4c2 (2026-05-02): src/evidently/legacy/calculations/stattests/{registry,chisquare_stattest,
      // ks_stattest,z_stattest,wasserstein_distance_norm,jensenshannon}.py. Up to 1,000 reference rows: KS for numbers of more than
      // five values, else chi-squared or, for two values, a z test, p < 0.05. The chi-squared takes the reference's scaled counts
      // as known (one-sample form). Above: W1 / max(sd_ref, 0.001) ≥ 0.1; Jensen–Shannon distance in nats ≥ 0.1 for categories.
      // A dataset drifts when half of its columns do.
      id: 'evidently',
      name: 'Evidently',
      datasetShare: 0.5,
      score(column) {
        const few = column.distinct <= 5 || column.kind === 'categorical';
        if (column.n > 1000) {
          if (few) return Math.sqrt(jensenShannonNats(column.cellsReference, column.cellsCurrent));
          return column.wasserstein / Math.max(column.sdReference, 0.001);
        }
        if (!few) {
          if (column.n * column.m <= 250_000) return -registryKs(column.table).logPValue;
          return asymptoticKs(column);
        }
        if (column.distinct > 2) return oneSampleChiSquared(column, tails);
        if (column.distinct < 2) return 0;
        return twoProportions(column, tails);
      },
      threshold: (column) => (column.n > 1000 ? 0.1 : minusLog(0.05)),
    },
    {
      // NannyML, commit 4c86ee3 (2025-07-12): nannyml/drift/univariate/methods.py (JensenShannonDistance), thresholds.py
      // (StandardDeviationThreshold). Jensen–Shannon distance, base 2: numbers of more than 50 values, or of values that repeat
      // little, on equal-width bins of the reference by Doane's rule, everything outside in one cell more; else each value of the
      // reference a cell. Alarm above mean + 3 standard deviations (numpy's, n in the denominator) of ten reference chunks, each
      // against the whole reference. The batch is taken as one chunk, however its size compares with a reference chunk's. (The
      // lower threshold, mean − 3 sd, is left out: a batch too similar is no drift.)
      id: 'nannyml',
      name: 'NannyML',
      score(column) {
        const { whole, chunks, current } = nannymlCells(column);
        const distance = (counts) => Math.sqrt(jensenShannonNats(whole, counts) / Math.LN2);
        const own = chunks.map(distance);
        const mean = own.reduce((a, b) => a + b, 0) / own.length;
        const sd = Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length);
        const value = distance(current);
        if (sd === 0) return value > mean ? Infinity : 0;
        return (value - mean) / sd;
      },
      threshold: () => 3,
    },
    {
      // alibi-detect, commit 5ff45c3 (2025-12-04): alibi_detect/cd/{tabular,base}.py, TabularDrift. KS (method asymp) for numbers,
      // chi-squared of homogeneity over the union of categories (Yates for two); p < 0.05 / columns (Bonferroni).
      id: 'alibi',
      name: 'alibi-detect',
      score: (column) =>
        column.kind === 'numeric'
          ? asymptoticKs(column)
          : homogeneity(column.cellsReference, column.cellsCurrent, tails),
      threshold: (_, columns) => minusLog(0.05 / columns),
    },
    {
      // whylogs, commit c9b9b8b (2024-10-23): python/whylogs/viz/drift/{column_drift_algorithms,configs}.py. Numbers: largest
      // difference of the two KLL sketches' distribution functions at both sides' 100 quantiles, kstwo p < 0.05. Strings:
      // chi-squared with expected int(p_ref · m); any expected 0, which is any category new or rare in the reference, makes it
      // infinite; degrees of freedom from the batch's distinct values. Sketches taken as exact.
      id: 'whylogs',
      name: 'whylogs',
      score(column) {
        if (column.kind === 'categorical') return whylogsChiSquared(column, tails);
        return asymptoticKs({ n: column.n, m: column.m, distance: distanceAtQuantiles(column, 100) });
      },
      threshold: () => minusLog(0.05),
    },
    {
      // deepchecks, commit 9d6820f (2025-06-01): deepchecks/utils/distribution/drift.py, utils/abstracts/feature_drift.py. Numbers:
      // the KS distance, below 0.2. Categories: those under 1 % of the reference in one cell; Cramér's V with Bergsma's bias
      // correction, the larger side scaled down to the smaller; below 0.2. No column may exceed.
      id: 'deepchecks',
      name: 'deepchecks',
      score: (column) => (column.kind === 'numeric' ? column.distance : correctedV(column)),
      threshold: () => 0.2,
    },
    {
      // SageMaker Model Monitor, "Robust" comparison, as in Deequ, commit 0b8cea5 (2026-06-22): analyzers/Distance.scala.
      // max(0, D − 1.8 √((n+m)/(nm))) > 0.1, with D of the distribution functions, for categories the largest difference of
      // shares. Sketches taken as exact. The unclipped value is the score.
      id: 'sagemaker',
      name: 'SageMaker Robust',
      score(column) {
        const allowance = 1.8 * Math.sqrt((column.n + column.m) / (column.n * column.m));
        return (column.kind === 'numeric' ? column.distance : largestDifference(column)) - allowance;
      },
      threshold: () => 0.1,
    },
    {
      // The rule of thumb: population stability index over ten quantile bins of the reference (or its categories) above 0.1, empty
      // cells taken as 0.0001 (Lewis 1994 by citation; no single tool).
      id: 'psi',
      name: 'PSI > 0.1',
      score(column) {
        if (column.kind === 'categorical') return psi(column.cellsReference, column.cellsCurrent);
        const edges = quantileEdges(column.reference, 10);
        return psi(countBetween(column.reference, edges), countBetween(column.current, edges));
      },
      threshold: () => 0.1,
    },
  ];
}

/**
 * What the rules read of a column; everything is computed when it is asked for.
 *
 * @param column as drawn
 * @param table both sides over one support, as the product joins them
 * @param random for the order of the reference's rows, which a table does not hold
 */
export function columnForRules(column, table, random) {
  const { reference, current, kind } = column;
  const numeric = kind === 'numeric';
  return {
    kind,
    table,
    random,
    reference,
    current,
    chunks: column.referenceChunks,
    n: reference.rows - reference.nulls,
    m: current.rows - current.nulls,
    get distinct() {
      return numeric ? table.support.length : this.cellsReference.length;
    },
    /** shares over all values of either side */
    get cellsReference() {
      return keep(this, 'cellsReference', () => table.reference);
    },
    get cellsCurrent() {
      return keep(this, 'cellsCurrent', () => table.current);
    },
    get distance() {
      return keep(this, 'distance', () => distances(table, this.n, this.m, this).distance);
    },
    get wasserstein() {
      return keep(this, 'wasserstein', () => distances(table, this.n, this.m, this).wasserstein);
    },
    get sdReference() {
      return keep(this, 'sdReference', () => Math.sqrt(centralMoments(reference).m2));
    },
  };
}

function keep(object, name, compute) {
  const value = compute();
  Object.defineProperty(object, name, { value });
  return value;
}

/** Largest difference and area between the two distribution functions, in one walk. */
function distances({ support, reference, current }, n, m) {
  let below = 0;
  let belowNow = 0;
  let distance = 0;
  let wasserstein = 0;
  for (let i = 0; i < support.length; i++) {
    below += reference[i];
    belowNow += current[i];
    const gap = Math.abs(below / n - belowNow / m);
    if (gap > distance) distance = gap;
    if (i + 1 < support.length) wasserstein += gap * (support[i + 1] - support[i]);
  }
  return { distance, wasserstein };
}

function centralMoments({ values, counts }) {
  let rows = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    rows += counts[i];
    sum += counts[i] * values[i];
  }
  const mean = sum / rows;
  let m2 = 0;
  let m3 = 0;
  for (let i = 0; i < values.length; i++) {
    const d = values[i] - mean;
    m2 += counts[i] * d * d;
    m3 += counts[i] * d * d * d;
  }
  return { rows, m2: m2 / rows, m3: m3 / rows };
}

function sum(counts) {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  return total;
}

/** Jensen–Shannon divergence in nats of two lists of counts. */
function jensenShannonNats(reference, current) {
  const n = sum(reference);
  const m = sum(current);
  let divergence = 0;
  for (let i = 0; i < reference.length; i++) {
    const p = reference[i] / n;
    const q = current[i] / m;
    const middle = (p + q) / 2;
    if (p > 0) divergence += (p * Math.log(p / middle)) / 2;
    if (q > 0) divergence += (q * Math.log(q / middle)) / 2;
  }
  return Math.max(0, divergence);
}

function oneSampleChiSquared({ cellsReference, cellsCurrent, n, m }, tails) {
  let statistic = 0;
  for (let i = 0; i < cellsReference.length; i++) {
    const expected = (cellsReference[i] * m) / n;
    if (expected === 0) return Infinity;
    statistic += (cellsCurrent[i] - expected) ** 2 / expected;
  }
  return cellsReference.length < 2 ? 0 : -tails.chiSquared(statistic, cellsReference.length - 1);
}

function twoProportions({ cellsReference, cellsCurrent, n, m }, tails) {
  const pooled = (cellsReference[0] + cellsCurrent[0]) / (n + m);
  const z = (cellsReference[0] / n - cellsCurrent[0] / m) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return Number.isFinite(z) ? -(Math.LN2 + tails.normal(Math.abs(z))) : 0;
}

function chiSquaredOfTable(reference, current, yates) {
  const n = sum(reference);
  const m = sum(current);
  let statistic = 0;
  let filled = 0;
  for (let i = 0; i < reference.length; i++) {
    const both = reference[i] + current[i];
    if (both === 0) continue;
    filled++;
    const gap = Math.abs(reference[i] - (both * n) / (n + m));
    const corrected = yates ? Math.max(0, gap - 0.5) : gap;
    statistic += corrected ** 2 * ((n + m) / (both * n) + (n + m) / (both * m));
  }
  return { statistic, filled };
}

function homogeneity(reference, current, tails) {
  if (reference.length < 2) return 0;
  const { statistic, filled } = chiSquaredOfTable(reference, current, reference.length === 2);
  return filled < 2 ? 0 : -tails.chiSquared(statistic, filled - 1);
}

function whylogsChiSquared({ cellsReference, cellsCurrent, n, m }, tails) {
  let statistic = 0;
  let seen = 0;
  for (let i = 0; i < cellsReference.length; i++) {
    if (cellsCurrent[i] > 0) seen++;
    // the batch's list is filled up with the reference's values
    const expected = Math.floor((cellsReference[i] / n) * m);
    if (expected === 0) return Infinity;
    statistic += (cellsCurrent[i] - expected) ** 2 / expected;
  }
  return -tails.chiSquared(statistic, Math.max(1, seen - 1));
}

/** Both sides' quantiles are where the distribution functions are compared. */
function distanceAtQuantiles({ table, reference, current, n, m }, points) {
  const at = Float64Array.from([...quantiles(reference, points), ...quantiles(current, points)]).sort();
  const { support } = table;
  let below = 0;
  let belowNow = 0;
  let largest = 0;
  let k = 0;
  for (let i = 0; i < support.length && k < at.length; i++) {
    below += table.reference[i];
    belowNow += table.current[i];
    while (k < at.length && at[k] <= support[i]) {
      // the next value not yet counted is beyond the point
      if (at[k] === support[i]) largest = Math.max(largest, Math.abs(below / n - belowNow / m));
      k++;
    }
  }
  return largest;
}

/** Values at evenly spread ranks from the smallest to the largest. */
function quantiles({ values, counts }, points) {
  const rows = sum(counts);
  const found = [];
  let below = 0;
  for (let i = 0; i < values.length; i++) {
    below += counts[i];
    while (found.length < points && (found.length / (points - 1)) * (rows - 1) < below) found.push(values[i]);
  }
  return found;
}

function correctedV({ cellsReference, cellsCurrent, n, m }) {
  const own = [];
  let other = [0, 0];
  for (let i = 0; i < cellsReference.length; i++) {
    const pair = [cellsReference[i], cellsCurrent[i]];
    if (pair[0] < 0.01 * n) other = [other[0] + pair[0], other[1] + pair[1]];
    else own.push(pair);
  }
  if (other[0] + other[1] > 0) own.push(other);
  if (own.length < 2) return 0;
  const smaller = Math.min(n, m);
  const reference = own.map(([r]) => (r * smaller) / n);
  const current = own.map(([, c]) => (c * smaller) / m);
  const { statistic, filled } = chiSquaredOfTable(reference, current, own.length === 2);
  const rows = 2 * smaller;
  const phi = Math.max(0, statistic / rows - (filled - 1) / (rows - 1));
  const sides = 2 - 1 / (rows - 1);
  const cells = filled - (filled - 1) ** 2 / (rows - 1);
  const degrees = Math.min(cells - 1, sides - 1);
  return degrees > 0 ? Math.sqrt(phi / degrees) : 0;
}

function largestDifference({ cellsReference, cellsCurrent, n, m }) {
  let largest = 0;
  for (let i = 0; i < cellsReference.length; i++) {
    largest = Math.max(largest, Math.abs(cellsReference[i] / n - cellsCurrent[i] / m));
  }
  return largest;
}

function psi(reference, current) {
  const n = sum(reference);
  const m = sum(current);
  let total = 0;
  for (let i = 0; i < reference.length; i++) {
    if (reference[i] + current[i] === 0) continue;
    const p = reference[i] === 0 ? 1e-4 : reference[i] / n;
    const q = current[i] === 0 ? 1e-4 : current[i] / m;
    total += (p - q) * Math.log(p / q);
  }
  return total;
}

/** Distinct order statistics that cut a side into bins of equal rows. */
function quantileEdges({ values, counts }, bins) {
  const rows = sum(counts);
  const edges = [];
  let below = 0;
  for (let i = 0, k = 1; i < values.length; i++) {
    below += counts[i];
    while (k < bins && (k / bins) * rows < below) {
      if (edges.at(-1) !== values[i]) edges.push(values[i]);
      k++;
    }
  }
  return edges;
}

/** Rows with i edges ≤ x. */
function countBetween({ values, counts }, edges) {
  const result = new Float64Array(edges.length + 1);
  let cell = 0;
  for (let i = 0; i < values.length; i++) {
    while (cell < edges.length && edges[cell] <= values[i]) cell++;
    result[cell] += counts[i];
  }
  return result;
}

/** The cells of NannyML's distance: of the whole reference, of its ten chunks and of the batch; the last cell is everything else. */
function nannymlCells(column) {
  const { reference, current, kind, table, n } = column;
  const values = kind === 'categorical' ? 0 : reference.values.length;
  const each = kind === 'categorical' || (values <= 50 && values / n <= 0.1);
  if (each) {
    const known = [...table.reference.keys()].filter((i) => table.reference[i] > 0);
    const whole = [...known.map((i) => table.reference[i]), 0];
    const now = known.map((i) => table.current[i]);
    const own = [...now, sum(table.current) - sum(now)];
    return { whole, chunks: chunksOf(column, whole), current: own };
  }
  const edges = doaneEdges(reference);
  const whole = histogram(reference, edges);
  const chunks = column.chunks ? column.chunks.map((chunk) => histogram(chunk, edges)) : chunksOf(column, whole);
  return { whole, chunks, current: histogram(current, edges) };
}

/** Doane (1976): equal-width bins from the smallest to the largest value, more of them the more skewed. */
function doaneEdges(side) {
  const { rows, m2, m3 } = centralMoments(side);
  const low = side.values[0];
  const high = side.values.at(-1);
  const error = Math.sqrt((6 * (rows - 2)) / ((rows + 1) * (rows + 3)));
  const skewness = m2 > 0 ? m3 / m2 ** 1.5 : 0;
  const bins = m2 > 0 ? Math.ceil(1 + Math.log2(rows) + Math.log2(1 + Math.abs(skewness) / error)) : 1;
  return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + (i / bins) * (high - low)));
}

/** Counts between edges, the last bin with its upper edge, and one cell for what is outside. */
function histogram({ values, counts }, edges) {
  const bins = edges.length - 1;
  const result = new Float64Array(bins + 1);
  const high = edges[bins];
  let cell = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    if (x < edges[0] || x > high) {
      result[bins] += counts[i];
      continue;
    }
    while (cell + 1 < bins && edges[cell + 1] <= x) cell++;
    result[cell] += counts[i];
  }
  return result;
}

/** Ten chunks of equal rows of independent draws: which rows a chunk holds is a draw without replacement. */
function chunksOf({ random, n }, whole) {
  const chunks = Array.from({ length: 10 }, () => new Float64Array(whole.length));
  const room = chunks.map((_, k) => Math.floor(((k + 1) * n) / 10) - Math.floor((k * n) / 10));
  let left = n;
  for (let cell = 0; cell < whole.length; cell++) {
    for (let row = 0; row < whole[cell]; row++) {
      let u = random.uniform() * left;
      let k = 0;
      while (u >= room[k]) u -= room[k++];
      room[k]--;
      left--;
      chunks[k][cell]++;
    }
  }
  return chunks;
}
