import { normalQuantile } from '../math/normal.ts';

/** Share of the intervals that hold the truth, unless the caller asks for another. */
export const DEFAULT_CONFIDENCE = 0.95;

export type Interval = readonly [number, number];

/** The two-sided normal deviate of a confidence, 1.96 for 0.95. */
export function deviate(confidence: number): number {
  return normalQuantile((1 + confidence) / 2);
}

/**
 * Wilson's score interval of a proportion; its ends are 0 or 1 where no, or every, trial succeeded.
 *
 * Sources    Wilson (1927), doi:10.1080/01621459.1927.10502953.
 */
export function wilsonInterval(successes: number, trials: number, z: number): Interval {
  const failures = trials - successes;
  const square = z * z;
  const middle = successes + square / 2;
  const arm = z * Math.sqrt((successes / trials) * failures + square / 4);
  const total = trials + square;
  return [successes === 0 ? 0 : (middle - arm) / total, failures === 0 ? 1 : (middle + arm) / total];
}

/** Value ± z standard errors, within the range of the metric. */
export function waldInterval(value: number, standardError: number, z: number, [least, most]: Interval): Interval {
  return [Math.max(least, value - z * standardError), Math.min(most, value + z * standardError)];
}

/** On the scale of ln(x/(1 − x)), where a share near 0 or 1 is less skewed; 0 < value < 1. */
export function logitInterval(value: number, standardError: number, z: number): Interval {
  const arm = (z * standardError) / (value * (1 - value));
  // odds times e^±arm; e^-arm underflows to 0, e^arm would overflow
  const shrink = Math.exp(-arm);
  const rest = 1 - value;
  return [(value * shrink) / (value * shrink + rest), value / (value + rest * shrink)];
}

/** On the scale of the logarithm; value > 0. */
export function logInterval(value: number, standardError: number, z: number): Interval {
  const factor = Math.exp((z * standardError) / value);
  return [value / factor, Math.min(Number.MAX_VALUE, value * factor)];
}

/** On the scale of artanh, for a correlation; −1 < value < 1. */
export function correlationInterval(value: number, standardError: number, z: number): Interval {
  const arm = (z * standardError) / ((1 - value) * (1 + value));
  const centre = Math.atanh(value);
  return [Math.tanh(centre - arm), Math.tanh(centre + arm)];
}

/** The smallest interval that holds both. */
export function including([low, high]: Interval, value: number): Interval {
  return [Math.min(low, value), Math.max(high, value)];
}
