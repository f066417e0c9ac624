import type { ValueTable } from '../model/frequency-table.ts';
import { defineMeasure, type MeasureInput, type Moments } from '../model/measure.ts';
import {
  type Bounded,
  forEachGap,
  type IntervalStep,
  orderedTable,
  representable,
  sampleSizes,
  sumOverSteps,
} from './samples.ts';

/** The interquartile range of a normal law in standard deviations. */
const NORMAL_INTERQUARTILE_RANGE = 1.349;

/**
 * First Wasserstein distance (earth mover's distance).
 *
 *   W₁ = ∫ | F_ref(x) − F_cur(x) | dx
 *
 * Asks       how far must the average row move to turn one sample into the other?
 * Units      those of the column; `scaled` divides by the reference's IQR/1.349, or its standard deviation when that is 0, or its
 *            range when that is 0 as well. `scale` says which.
 * Range      0 … ∞; infinite only as Number.MAX_VALUE.
 * Ties…      exact. Nulls and non-finite values were counted before.
 * Cost       O(k) time, no copy; k is the length of the table.
 * Accuracy   exact on an exact table. On a merged one each interval's rows are taken as spread evenly, those beyond the outer edges as
 *            exponential tails with their known sums; `interval` holds bounds that no arrangement of the rows can leave.
 * Sources    Vallender (1974), doi:10.1137/1118101; agrees with scipy.stats.wasserstein_distance
 *            (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no finite value
 * @example
 * // reference 1 2 3, current 2 3 4  =>  1
 */
export const wasserstein = defineMeasure({
  id: 'wasserstein',
  alias: 'w1',
  title: 'Wasserstein distance',
  summary: 'average distance that rows must move, in the units of the column',
  kinds: ['numeric', 'datetime'],
  needs: ['table', 'moments'],
  range: [0, Infinity],
  symmetric: true,
  measure({ table, moments }) {
    const ordered = orderedTable(table);
    if (ordered.form === 'values') {
      const statistic = representable(distanceOfValues(ordered));
      return { statistic, exact: true, ...scaledDetail(statistic, moments) };
    }
    const { estimate, lower, upper } = sumOverSteps(ordered, insideEdges, beyondEdge);
    const statistic = representable(estimate);
    return {
      statistic,
      exact: lower === upper,
      interval: [representable(lower), representable(upper)],
      ...scaledDetail(statistic, moments),
    };
  },
});

function distanceOfValues(table: ValueTable): number {
  const { n, m } = sampleSizes(table);
  let sum = 0;
  forEachGap(table, (width, referenceBelow, currentBelow) => {
    const height = Math.abs(referenceBelow * m - currentBelow * n) / (n * m);
    if (height > 0) sum += width * height;
  });
  return sum;
}

/** ∫|Δ| over an interval whose rows may lie anywhere in it; Δ is a straight line when they are spread evenly. */
function insideEdges({ from, to, before, after, lowest, highest, single }: IntervalStep): Bounded {
  const width = to - from;
  // an interval of one value: Δ is already `after` from that value on
  if (single) {
    const area = width * Math.abs(after);
    return { estimate: area, lower: area, upper: area };
  }
  const sameSign = before * after >= 0;
  const height = Math.abs(before) + Math.abs(after);
  const estimate = sameSign ? (width * height) / 2 : (width * (before * before + after * after)) / (2 * height);
  return { estimate, lower: width * Math.max(0, lowest, -highest), upper: width * Math.max(highest, -lowest) };
}

/** ∫|Δ| beyond an outer edge, from the area under each side's tail. */
function beyondEdge(step: IntervalStep, referenceArea: number, currentArea: number): Bounded {
  const lower = Math.abs(referenceArea - currentArea);
  // |F − G| is at most F + G, and at most the larger share over the whole width
  const upper = Math.max(
    lower,
    Math.min(referenceArea + currentArea, (step.to - step.from) * Math.max(step.reference, step.current)),
  );
  const estimate = exponentialTails(step.reference, referenceArea, step.current, currentArea);
  return { estimate: Math.min(upper, Math.max(lower, estimate)), lower, upper };
}

/** ∫₀^∞ | p e^(−px/A) − q e^(−qx/B) | dx: tails of shares p and q with areas A and B. */
function exponentialTails(p: number, areaP: number, q: number, areaQ: number): number {
  if (areaP === 0 || areaQ === 0) return areaP + areaQ;
  const crossing = Math.log(p / q) / (p / areaP - q / areaQ);
  if (!(crossing > 0) || crossing === Infinity) return Math.abs(areaP - areaQ);
  const restP = areaP * Math.exp((-crossing * p) / areaP);
  const restQ = areaQ * Math.exp((-crossing * q) / areaQ);
  return Math.abs(areaP - restP - (areaQ - restQ)) + Math.abs(restP - restQ);
}

function scaledDetail(statistic: number, moments: MeasureInput['moments']) {
  const scale = moments && robustScale(moments.reference);
  return scale ? { detail: { scaled: statistic / scale.size, scale: scale.name, scaleSize: scale.size } } : {};
}

/** A size for the reference's spread that outliers do not move, or the next best one; undefined for a constant. */
function robustScale({
  q25,
  q75,
  std,
  min,
  max,
}: Moments): { readonly name: string; readonly size: number } | undefined {
  const candidates = [
    { name: 'interquartile range / 1.349', size: (q75 - q25) / NORMAL_INTERQUARTILE_RANGE },
    { name: 'standard deviation', size: std },
    { name: 'range', size: max - min },
  ];
  return candidates.find(({ size }) => size > 0 && Number.isFinite(size));
}
