import type { OwnMeasure } from '../model/verdict.ts';
import { count, number, plural, range } from './numerals.ts';

/** The numbers of a finding on a column that is gated by a measure of its own. */
export type OwnDriftData = {
  readonly by: 'measure';
  readonly measure: string;
  /** the measure's title, and what the number is where it is not the statistic itself */
  readonly title: string;
  readonly scale: string | null;
  readonly statistic: number;
  readonly lower: number;
  readonly upper: number;
  /** bounds that surely hold the statistic of the raw values; null when it is that */
  readonly leastStatistic: number | null;
  readonly mostStatistic: number | null;
  readonly tolerance: number;
  readonly method: string;
  readonly alpha: number;
  readonly referenceRows: number;
  readonly currentRows: number;
};

/** Kolmogorov–Smirnov 0.31 [0.27, 0.35] */
export function ownEstimate({ title, statistic, interval }: OwnMeasure): string {
  return `${title} ${number(statistic)} ${range(interval)}`;
}

/** What the number is, its bounds, the tolerance, and how it was held against it. */
export function ownStory(data: OwnDriftData, tolerance: string): string {
  const { title, statistic, lower, upper, leastStatistic, mostStatistic, method, alpha } = data;
  const merged =
    leastStatistic === null || mostStatistic === null
      ? ''
      : `, of the raw values in ${range([leastStatistic, mostStatistic])}`;
  const scale = data.scale === null ? '' : ` (${data.scale})`;
  return (
    `${title}${scale} ${number(statistic)}${merged} is above the ${tolerance} ${number(data.tolerance)}: by sampling it could be ` +
    `${range([lower, upper])}, each bound at alpha ${number(alpha)} (${method}; ${count(data.referenceRows)} against ` +
    `${plural(data.currentRows, 'row')})`
  );
}
