import type { GatingMeasure, OwnMeasure } from '../model/verdict.ts';
import { formatDistance, formatNumber } from './numbers.ts';

/** What a column is judged by, on its own scale: φ², or the measure that the user chose in its place. */
export interface Gate {
  /** as in `measures`; `phi-squared` for φ² */
  readonly id: string;
  readonly title: string;
  readonly value: number;
  readonly format: (value: number) => string;
  readonly interval: readonly [number, number];
  readonly warn: number;
  readonly fail: number;
  /** null when it is φ², with the largest change of a cell beside it */
  readonly own: OwnMeasure | null;
}

export function gateOf(gating: GatingMeasure): Gate {
  const { measure } = gating;
  if (measure) {
    const { id, title, scale, statistic, interval, tolerance } = measure;
    return {
      id,
      title: scale === null ? title : `${title}, ${scale}`,
      value: statistic,
      format: (value) => formatNumber(value, 3),
      interval,
      ...tolerance,
      own: measure,
    };
  }
  const { tolerance } = gating;
  return {
    id: 'phi-squared',
    title: 'φ²',
    value: gating.phiSquared,
    format: formatDistance,
    interval: gating.interval,
    warn: tolerance.warn.phiSquared,
    fail: tolerance.fail.phiSquared,
    own: null,
  };
}

/** The interval in words. */
export function intervalWords(gating: GatingMeasure): string {
  const { interval, format } = gateOf(gating);
  return `${format(interval[0])} to ${format(interval[1])}`;
}
