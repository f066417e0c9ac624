import { expect, test } from 'vitest';
import type { Metric } from '../../src/model/outcome.ts';
import { metricDrop } from '../../src/outcome/metric-drop.ts';

/** A metric without an error that fell by exactly 20 % paged someone: (1 − 0.2) · 0.8 is 0.6400000000000001, more than the 0.64 it fell to. */
const metric = (value: number, direction: 'higher' | 'lower'): Metric => ({
  ...{ id: 'accuracy', className: null, probability: null, value, standardError: 0, interval: null },
  ...{ rows: 1000, proportion: null, direction, method: null, reason: null },
});

test.each([
  [0.8, 0.64, 'higher', 0.2],
  [0.7, 0.665, 'higher', 0.05],
  [0.1, 0.12, 'lower', 0.2],
  [0.3, 0.315, 'lower', 0.05],
] as const)('from %d to exactly %d', (before, now, direction, limit) => {
  expect(metricDrop(before, metric(now, direction), [limit]).tests[0]!.logP).toBe(0);
  const beyond = direction === 'higher' ? now * (1 - 1e-9) : now * (1 + 1e-9);
  expect(metricDrop(before, metric(beyond, direction), [limit]).tests[0]!.logP).toBe(-Infinity);
});
