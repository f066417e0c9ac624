import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The product under test, as it was built: the columns' tables go through the profile's own functions (cells cut at the reference's
 * order statistics, rare ones merged, nulls, unseen and outside rows counted) into its own verdict. Only reading files is left out:
 * a table here holds what a scan of the rows would have counted.
 *
 * @param dist folder of the compiled modules, `build` by default
 */
export async function loadProduct(dist) {
  const load = (path) => import(pathToFileURL(resolve(dist, path)).href);
  const [edges, numbers, compare, judging, tolerances, registry, kolmogorov, chi, gaussian, effect] = await Promise.all(
    [
      'profile/edges.js',
      'profile/numbers.js',
      'profile/compare.js',
      'verdict/judge.js',
      'verdict/tolerances.js',
      'drift/registry.js',
      'math/kolmogorov.js',
      'math/chi-squared.js',
      'math/normal.js',
      'verdict/minimum-effect.js',
    ].map(load),
  );
  // the noise between periods of the reference: builds before it was there judge without
  const windowing = await load('verdict/windows.js').catch(() => null);
  const { defaultVerdictSettings, sensitivities } = tolerances;
  const ks = registry.findMeasure('ks');
  const chi2 = registry.findMeasure('chi2');

  function comparison(column) {
    const rows = { reference: column.reference.rows, current: column.current.rows };
    const { role, kind } = column;
    const reference = { ...side(column, column.reference), role, roleReason: null, kind, kindReason: null };
    const compared = compare.compareColumn(reference, side(column, column.current), rows, periodsOf(column, reference));
    // what the count of repeated rows finds
    return column.copies === undefined
      ? compared
      : { ...compared, evidence: { ...compared.evidence, repetition: column.copies } };
  }

  /** Each window of the reference is one period of time: a day, or what the batch is as long as. */
  function periodsOf({ windows }, { counts, gate }) {
    const plan = planOf(windows);
    if (plan === undefined) return null;
    const zeros = new Float64Array(windows.length);
    const counted = windows.map((window) =>
      gate === null
        ? counts.values.map((name) => window.counts[Number(name.slice(1))])
        : edges.countOverEdges(
            window,
            Float64Array.from(gate, ({ at }) => at),
          ),
    );
    return {
      windows: plan.windows,
      counts: {
        cells: Array.from(counted[0], (_, cell) => Float64Array.from(counted, (window) => window[cell])),
        other: zeros,
        null: Float64Array.from(windows, ({ nulls }) => nulls),
        nan: zeros,
      },
    };
  }

  const day = 86_400;
  /** Windows as long as the batch, which is the next of them; of 7,000 rows a week, else a day. */
  function planOf(windows) {
    if (windowing === null || windows === undefined) return undefined;
    const length = windows[0].rows === 7000 ? 7 * day : day;
    const to = length * windows.length;
    const rows = Float64Array.from(windows, (window) => window.rows);
    const timeline = { column: 'time', start: 0, length, rows, outside: 0, granularity: day };
    return windowing.planWindows(timeline, { from: to, to: to + length }, defaultVerdictSettings);
  }

  function side({ name, kind }, { rows, nulls, values, counts }) {
    const base = { rows, nulls, nan: 0, positiveInfinity: 0, negativeInfinity: 0, castFailures: 0 };
    const shown = { castFailureExamples: [], distinct: null, mode: null, top: [], numbers: null };
    const source = { name, index: 0, native: kind === 'numeric' ? 'DOUBLE' : 'VARCHAR', family: kind };
    const common = { source, pivot: { center: 0, scale: 1 }, error: null };
    if (kind === 'numeric') {
      const table = { values, counts };
      return {
        ...common,
        profile: { ...base, ...shown, numbers: numbers.profileTable(table) },
        counts: { form: 'values', ...table },
        gate: edges.gateEdgesOfTable(table),
      };
    }
    const seen = [...counts.keys()].filter((i) => counts[i] > 0).sort((i, j) => counts[j] - counts[i] || i - j);
    return {
      ...common,
      profile: { ...base, ...shown },
      counts: {
        form: 'categories',
        rows: rows - nulls,
        values: seen.map(categoryName),
        counts: Float64Array.from(seen, (i) => counts[i]),
        complete: true,
      },
      gate: null,
    };
  }

  /** ln p of "no difference at all", by the registry: KS for numbers, chi-squared over the tested cells for categories. */
  function classical(column, { table, evidence }) {
    if (column.kind === 'numeric') return ks.measure({ table, cells: evidence.cells }).logPValue;
    return chi2.measure({ table, cells: evidence.cells }).logPValue;
  }

  const zero = { warn: { phiSquared: 0, cellChange: 0 }, fail: { phiSquared: 0, cellChange: 0 } };
  return {
    comparison,
    planOf,
    hasWindows: windowing !== null,
    classical,
    judge: judging.judge,
    effect,
    settings: {
      standard: defaultVerdictSettings,
      high: { ...defaultVerdictSettings, tolerances: sensitivities.high },
      /** the gate's dial turned to "any difference": its p-values then have the classical meaning */
      none: { ...defaultVerdictSettings, tolerances: { feature: zero, prediction: zero } },
    },
    tails: {
      /** P(D ≥ d) of one sample of n rows, as scipy.stats.kstwo.sf */
      kolmogorov: kolmogorov.logKolmogorovFiniteUpperTail,
      chiSquared: chi.logChiSquaredUpperTail,
      normal: gaussian.logNormalUpperTail,
    },
    quantile: gaussian.normalQuantile,
    registryKs: (table) => ks.measure({ table }),
  };
}

const categoryName = (i) => `c${String(i).padStart(4, '0')}`;
