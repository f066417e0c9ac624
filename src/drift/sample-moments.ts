import { DriftError } from '../model/errors.ts';
import type { ValueTable } from '../model/frequency-table.ts';
import type { MeasureInput, Moments } from '../model/measure.ts';

/** Mean and spread of one side. */
export interface SampleMoments {
  readonly rows: number;
  readonly mean: number;
  /** sum of the squared deviations from the mean */
  readonly squares: number;
}

/**
 * Moments of the numbers that stand for the rows at each place of a table, taken about 0 and then about the mean itself: numbers that
 * lie far from 0 beside their spread are to be centred before.
 */
export function momentsOfRows(values: Float64Array, counts: Float64Array): SampleMoments {
  let rows = 0;
  let sum = 0;
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    rows += count;
    sum += count * values[i]!;
  }
  const mean = sum / rows;
  let rest = 0;
  let squares = 0;
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    const deviation = values[i]! - mean;
    rest += count * deviation;
    squares += count * deviation * deviation;
  }
  return { rows, mean: mean + rest / rows, squares: Math.max(0, squares - (rest / rows) * rest) };
}

interface Support {
  readonly values: Float64Array;
  /** what the column's values were multiplied with */
  readonly unit: number;
}

/** The values of a table times a power of two that keeps their squares within the doubles. */
export function scaledSupport({ support }: ValueTable): Support {
  const largest = support.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const unit = largest > 0 ? 2 ** Math.min(1023, -Math.floor(Math.log2(largest))) : 1;
  return { values: support.map((value) => value * unit), unit };
}

/** The same about the median of both sides together: means of values far from 0 keep the digits of their difference. */
export function centredSupport(table: ValueTable): Support {
  const { values, unit } = scaledSupport(table);
  const centre = medianOf(
    values,
    table.reference.map((rows, i) => rows + table.current[i]!),
  );
  return { values: values.map((value) => value - centre), unit };
}

/** The mean of the middle one or two rows. */
export function medianOf(values: Float64Array, counts: Float64Array): number {
  let rows = 0;
  for (const count of counts) rows += count;
  const at = (rank: number) => {
    let upTo = 0;
    for (const [i, count] of counts.entries()) {
      upTo += count;
      if (upTo > rank) return values[i]!;
    }
    return Number.NaN;
  };
  return (at(Math.floor((rows - 1) / 2)) + at(Math.floor(rows / 2))) / 2;
}

/**
 * The profile's moments of both sides, for tables whose values are merged.
 *
 * @throws {DriftError} EMPTY_SAMPLE when they are not known, or too large for a number
 */
export function knownMoments(moments: MeasureInput['moments'], what: string): NonNullable<MeasureInput['moments']> {
  const known = ({ mean, std }: Moments) => Number.isFinite(mean) && Number.isFinite(std);
  if (moments && known(moments.reference) && known(moments.current)) return moments;
  throw new DriftError('EMPTY_SAMPLE', `the mean and spread of both sides are needed for ${what} and are not known`);
}
