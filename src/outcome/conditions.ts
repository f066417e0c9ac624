import type { EstimateCondition } from '../model/outcome.ts';

/**
 * What an estimate without labels rests on. These limits are part of the method, not of the verdict: beyond them the number
 * is not worth judging.
 */
export const LEAST_REFERENCE_ROWS = 200;
export const LEAST_REFERENCE_ROWS_OF_A_CLASS = 25;
export const MOST_CALIBRATION_ERROR = 0.02;
export const MOST_OUTSIDE = 0.02;
export const MOST_UNSEEN = 0.05;

export function atLeast(id: EstimateCondition['id'], value: number, limit: number, says: string): EstimateCondition {
  return { id, value, limit, holds: value >= limit, says };
}

/** A value that could not be looked at stands in nobody's way. */
export function atMost(
  id: EstimateCondition['id'],
  value: number | null,
  limit: number,
  says: string,
): EstimateCondition {
  return { id, value, limit, holds: value === null || value <= limit, says };
}

export function outsideCondition(what: string, outside: number, rows: number): EstimateCondition {
  const share = rows > 0 ? outside / rows : 0;
  return atMost('score-range', share, MOST_OUTSIDE, `${outside} of ${rows} ${what} lie outside the reference's range`);
}

/** The largest share of rows that hold a value of a feature which the reference never had; null when not known. */
export function unseenCondition(share: number | null): EstimateCondition {
  const rows = share === null ? 'an unknown share' : `${Number((100 * share).toPrecision(3))} %`;
  const says = `${rows} of rows hold a feature value that the reference never had`;
  return atMost('unseen-values', share, MOST_UNSEEN, says);
}

export function refusalOf(conditions: readonly EstimateCondition[]): string | null {
  const broken = conditions.filter(({ holds }) => !holds);
  return broken.length === 0 ? null : broken.map(({ says }) => says).join('; ');
}
