import { andersonDarling } from '../drift/anderson-darling.ts';
import { brownForsythe } from '../drift/brown-forsythe.ts';
import { chiSquared } from '../drift/chi-squared.ts';
import { cramerVonMises } from '../drift/cramer-von-mises.ts';
import { cramersV } from '../drift/cramers-v.ts';
import { energyDistance } from '../drift/energy-distance.ts';
import { fisherExact } from '../drift/fisher-exact.ts';
import { gTest } from '../drift/g-test.ts';
import { hellinger } from '../drift/hellinger.ts';
import { jensenShannon } from '../drift/jensen-shannon.ts';
import { kolmogorovSmirnov } from '../drift/kolmogorov-smirnov.ts';
import { kullbackLeibler } from '../drift/kullback-leibler.ts';
import { lInfinity } from '../drift/l-infinity.ts';
import { largestCellChange } from '../drift/largest-cell-change.ts';
import { mannWhitney } from '../drift/mann-whitney.ts';
import { type Midranks, midranksOf } from '../drift/midranks.ts';
import { phiSquared } from '../drift/phi-squared.ts';
import { populationStabilityIndex } from '../drift/population-stability-index.ts';
import { type PairedCounts, sampleSizes } from '../drift/samples.ts';
import { totalVariation } from '../drift/total-variation.ts';
import { wasserstein } from '../drift/wasserstein.ts';
import { welchT } from '../drift/welch-t.ts';
import type { TestedCells } from '../model/frequency-table.ts';
import type { Measure, MeasureInput, MeasureResult } from '../model/measure.ts';

/**
 * A measure as a size: a number that belongs to the two populations and does not grow with the rows, so that a tolerance of it
 * means the same for a hundred rows and for a million. Most measures are one; a test statistic is divided by what makes it grow.
 */
export interface MeasureSize {
  readonly id: string;
  /** what the number is, to follow "is" in a sentence; null where the measure's own summary says it */
  readonly scale: string | null;
  /** how its sampling law is known: by a formula, or by redrawing cells or a grouped table from their counts */
  readonly law: 'phi-squared' | 'largest-change' | 'kolmogorov-smirnov' | 'auc' | 'cells' | 'table';
  /** of what the measure found */
  of(result: MeasureResult, counts: PairedCounts): number;
  /** the same from the values of a table alone, where the measure itself would take long over its p-value */
  readonly quick?: (counts: PairedCounts) => number;
  /** the square of a distance: its root obeys the triangle inequality */
  readonly squared?: true;
}

const statistic = ({ statistic }: MeasureResult): number => statistic;
/** 1/n + 1/m = (n + m)/(n m) */
const perRow = ({ statistic }: MeasureResult, counts: PairedCounts): number => statistic * samplingVariance(counts);
const detail =
  (name: string) =>
  ({ detail: found }: MeasureResult): number => {
    const value = found?.[name];
    return typeof value === 'number' ? value : Number.NaN;
  };

function sizeOf(
  { id }: Measure,
  law: MeasureSize['law'],
  more: Partial<Pick<MeasureSize, 'scale' | 'of' | 'quick' | 'squared'>> = {},
): MeasureSize {
  return { id, scale: null, law, of: statistic, ...more };
}

/** Every measure of the registry, as a size. */
export const measureSizes: readonly MeasureSize[] = [
  sizeOf(phiSquared, 'phi-squared', { squared: true }),
  sizeOf(largestCellChange, 'largest-change'),
  sizeOf(lInfinity, 'largest-change'),
  sizeOf(fisherExact, 'largest-change'),
  sizeOf(kolmogorovSmirnov, 'kolmogorov-smirnov'),
  sizeOf(mannWhitney, 'auc', {
    scale: 'distance of the AUC from ½',
    of: ({ statistic: auc }) => Math.abs(auc - 0.5),
  }),
  sizeOf(populationStabilityIndex, 'cells', { squared: true }),
  sizeOf(jensenShannon, 'cells'),
  sizeOf(totalVariation, 'cells'),
  sizeOf(hellinger, 'cells'),
  sizeOf(kullbackLeibler, 'cells', { squared: true }),
  sizeOf(chiSquared, 'cells', { scale: 'X² (n + m)/(n m)', of: perRow, squared: true }),
  sizeOf(gTest, 'cells', { scale: 'G (n + m)/(n m)', of: perRow, squared: true }),
  sizeOf(cramersV, 'cells'),
  sizeOf(wasserstein, 'table'),
  sizeOf(energyDistance, 'table'),
  sizeOf(cramerVonMises, 'table', {
    scale: 'ω², the mean square of the difference between the cumulative distributions',
    of: detail('omegaSquared'),
    quick: (counts) => meanSquare(midranksOf(counts), () => 1),
    squared: true,
  }),
  sizeOf(andersonDarling, 'table', {
    scale: 'A² (n + m)/(n m)',
    of: (result, counts) => detail('A2')(result) * samplingVariance(counts),
    quick: (counts) => {
      const ranks = midranksOf(counts);
      const total = ranks.n + ranks.m;
      return ranks.tied.length < 2 ? 0 : (meanSquare(ranks, (j) => 1 / ranks.variances[j]!) * (total - 1)) / total;
    },
    squared: true,
  }),
  sizeOf(welchT, 'table', {
    scale: 'shift of the mean in standard deviations of the reference',
    of: (result) => (result.statistic === 0 ? 0 : Math.abs(detail('glassDelta')(result))),
  }),
  sizeOf(brownForsythe, 'table', {
    scale: '|ln| of the ratio of the spreads about the medians',
    of: (result) => (result.statistic === 0 ? 0 : Math.abs(Math.log(detail('spreadRatio')(result)))),
  }),
];

export function samplingVariance(counts: PairedCounts): number {
  const { n, m } = sampleSizes(counts);
  return 1 / n + 1 / m;
}

function meanSquare({ n, m, tied, differences }: Midranks, weight: (j: number) => number): number {
  let sum = 0;
  for (const [j, difference] of differences.entries()) sum += tied[j]! * weight(j) * difference * difference;
  return sum / (n + m);
}

/** The measure's size from counts over the same cells, or over the same values. */
export function sizeFromCounts(
  size: MeasureSize,
  measure: Measure,
  support: Float64Array | null,
): (counts: PairedCounts) => number {
  if (size.quick !== undefined && support !== null) return size.quick;
  const labels: string[] = [];
  return (counts) => {
    const cells: TestedCells = { labels, ...counts, main: { labels, ...counts } };
    const input: MeasureInput = {
      table:
        support === null ? { form: 'categories', support: labels, ...counts } : { form: 'values', support, ...counts },
      cells,
    };
    return size.of(measure.measure(input), counts);
  };
}
