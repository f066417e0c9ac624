import type { ValueTable } from '../model/frequency-table.ts';
import { defineMeasure } from '../model/measure.ts';
import {
  type Bounded,
  forEachGap,
  type IntervalStep,
  orderedTable,
  representable,
  sampleSizes,
  sumOverSteps,
} from './samples.ts';

/**
 * Energy distance.
 *
 *   D = √( 2 ∫ (F_ref(x) − F_cur(x))² dx ) = √( 2 E|X−Y| − E|X−X′| − E|Y−Y′| )
 *
 * Asks       how much farther apart are rows of different sides than rows of one side?
 * Units      the square root of those of the column; `coefficient` = D²/(2 E|X−Y|) has none.
 * Range      0 (the same) … ∞; infinite only as Number.MAX_VALUE. The coefficient 0 … 1.
 * Ties…      exact. Nulls and non-finite values were counted before.
 * Cost       O(k) time, no copy; k is the length of the table.
 * Accuracy   exact on an exact table. On a merged one each interval's rows are taken as spread evenly, those beyond the outer edges as
 *            exponential tails with their known sums; `interval` holds bounds that no arrangement of the rows can leave.
 * Sources    Székely & Rizzo (2013), doi:10.1016/j.jspi.2013.03.018; Cramér (1928), doi:10.1080/03461238.1928.10416862; agrees with
 *            scipy.stats.energy_distance (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no finite value
 * @example
 * // reference 1 2 3, current 2 3 4  =>  √(2 · 3/9) = √(2/3)
 */
export const energyDistance = defineMeasure({
  id: 'energy-distance',
  alias: 'energy',
  title: 'Energy distance',
  summary: 'root of twice the integrated square difference of the cumulative distributions',
  kinds: ['numeric', 'datetime'],
  needs: ['table'],
  range: [0, Infinity],
  symmetric: true,
  measure({ table }) {
    const ordered = orderedTable(table);
    if (ordered.form === 'values') {
      const { square, between } = integralsOf(ordered);
      const coefficient = between > 0 ? square / between : 0;
      return {
        statistic: distance(square),
        exact: true,
        ...(Number.isFinite(coefficient) ? { detail: { coefficient } } : {}),
      };
    }
    const { estimate, lower, upper } = sumOverSteps(ordered, insideEdges, beyondEdge);
    return {
      statistic: distance(estimate),
      exact: lower === upper,
      interval: [distance(lower), distance(upper)],
    };
  },
});

function distance(squareIntegral: number): number {
  return representable(Math.SQRT2 * Math.sqrt(squareIntegral));
}

/** ∫(F−G)² and E|X−Y| = ∫ F(1−G) + G(1−F) */
function integralsOf(table: ValueTable): { square: number; between: number } {
  const { n, m } = sampleSizes(table);
  let square = 0;
  let between = 0;
  forEachGap(table, (width, referenceBelow, currentBelow) => {
    const difference = (referenceBelow * m - currentBelow * n) / (n * m);
    if (difference !== 0) square += width * difference * difference;
    between += (width * (referenceBelow * (m - currentBelow) + currentBelow * (n - referenceBelow))) / (n * m);
  });
  return { square, between };
}

/** ∫Δ² over an interval whose rows may lie anywhere in it; Δ is a straight line when they are spread evenly. */
function insideEdges({ from, to, before, after, lowest, highest, single }: IntervalStep): Bounded {
  const width = to - from;
  // an interval of one value: Δ is already `after` from that value on
  if (single) {
    const area = width * after * after;
    return { estimate: area, lower: area, upper: area };
  }
  const estimate = (width * (before * before + before * after + after * after)) / 3;
  return {
    estimate,
    lower: width * Math.max(0, lowest, -highest) ** 2,
    upper: width * Math.max(highest, -lowest) ** 2,
  };
}

/** ∫Δ² beyond an outer edge, from the area under each side's tail. */
function beyondEdge(step: IntervalStep, referenceArea: number, currentArea: number): Bounded {
  const width = step.to - step.from;
  const highest = Math.max(step.reference, step.current);
  // (∫Δ)² ≤ width · ∫Δ² ≤ width · max|Δ| · ∫|Δ|
  const lower = width > 0 ? ((referenceArea - currentArea) / width) * (referenceArea - currentArea) : 0;
  const upper = Math.max(lower, highest * Math.min(referenceArea + currentArea, width * highest));
  const estimate = exponentialTails(step.reference, referenceArea, step.current, currentArea);
  return { estimate: Math.min(upper, Math.max(lower, estimate)), lower, upper };
}

/** ∫₀^∞ ( p e^(−px/A) − q e^(−qx/B) )² dx: tails of shares p and q with areas A and B. */
function exponentialTails(p: number, areaP: number, q: number, areaQ: number): number {
  const mixed = areaP > 0 && areaQ > 0 ? (2 * p * q) / (p / areaP + q / areaQ) : 0;
  return Math.max(0, (p * areaP + q * areaQ) / 2 - mixed);
}
