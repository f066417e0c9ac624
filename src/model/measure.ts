import type { FrequencyTable, TestedCells } from './frequency-table.ts';

export type Kind = 'numeric' | 'categorical' | 'boolean' | 'datetime' | 'text' | 'embedding' | 'unsupported';

/** What a measure reads. The composer gathers only what the asked-for measures need. */
export interface MeasureInput {
  /** counts over all values, or over intervals when there are too many */
  readonly table: FrequencyTable;
  /** the verdict's cells */
  readonly cells: TestedCells;
  /** mean, standard deviation and the like of the finite values of each side; undefined for categories */
  readonly moments?: { readonly reference: Moments; readonly current: Moments } | undefined;
}

/** Location and spread of one side's finite values. */
export interface Moments {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** sample standard deviation (n − 1) */
  readonly std: number;
  /** quantiles by linear interpolation between order statistics (type 7) */
  readonly q25: number;
  readonly median: number;
  readonly q75: number;
}

/** What a measure found. No measure compares with a threshold. */
export interface MeasureResult {
  /** on the measure's own scale */
  readonly statistic: number;
  /** classical p-value of "no difference at all", when the measure has one; natural logarithm, so that it never underflows */
  readonly logPValue?: number;
  /** bounds that surely hold the statistic of the raw data, when the table was merged */
  readonly interval?: readonly [number, number];
  /** true when statistic is that of the raw data */
  readonly exact: boolean;
  /** further numbers worth showing, e.g. degrees of freedom, U, a scaled form */
  readonly detail?: Readonly<Record<string, number | string>>;
}

export interface Measure {
  /** the file's name and the name in reports, e.g. `kolmogorov-smirnov` */
  readonly id: string;
  /** short name in flags and config, e.g. `ks` */
  readonly alias: string;
  readonly title: string;
  /** one line: what the number is */
  readonly summary: string;
  readonly kinds: readonly Kind[];
  readonly needs: readonly ('table' | 'cells' | 'moments')[];
  /** smallest and largest possible statistic */
  readonly range: readonly [number, number];
  /** true when exchanging reference and current leaves the statistic as it is */
  readonly symmetric: boolean;
  /**
   * @throws {DriftError} EMPTY_SAMPLE when a side has no value to measure
   */
  measure(input: MeasureInput): MeasureResult;
}

/** Identity; gives a measure its type and keeps its literal id. */
export function defineMeasure<const M extends Measure>(measure: M): M {
  return measure;
}
