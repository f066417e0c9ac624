import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logBinomialUpperTail } from '../../src/math/binomial.ts';
import { logNormalUpperTail } from '../../src/math/normal.ts';
import type { Metric } from '../../src/model/outcome.ts';
import { bareMetric, estimatedMetric, proportionMetric, undefinedMetric } from '../../src/outcome/metric.ts';
import { metricDrop } from '../../src/outcome/metric-drop.ts';
import { expectClose } from './rows.ts';

const Z = 1.959963984540054;
const accuracy = (successes: number, trials: number) =>
  proportionMetric({ id: 'accuracy', rows: trials }, successes, trials, Z);
const metric = (id: Metric['id'], value: number, standardError: number) =>
  estimatedMetric({ id, rows: 100 }, { value, standardError, interval: [value, value], method: 'given' });

describe('a metric’s drop by hand', () => {
  test('as documented: 850 of 1000 against 0.9', () => {
    const { relative, standardError, tests } = metricDrop(0.9, accuracy(850, 1000), [0, 0.05]);
    expect(relative).toBeCloseTo(0.05 / 0.9, 15);
    expectClose(standardError, Math.sqrt((0.85 * 0.15) / 1000) / 0.9, 1e-3, 'error');
    expectClose(tests[0]!.logP, logBinomialUpperTail(1000, 0.1, 150), 1e-12, 'at most 0');
    expect(Math.exp(tests[0]!.logP)).toBeCloseTo(4e-7, 7);
    expectClose(tests[1]!.logP, logBinomialUpperTail(1000, 1 - 0.95 * 0.9, 150), 1e-12, 'at most 5 %');
  });

  test('two shares of equal expectation: the pooled two-sample z test', () => {
    const { tests } = metricDrop(accuracy(90, 100), accuracy(160, 200), [0]);
    const pooled = 250 / 300;
    const z = 0.1 / Math.sqrt(pooled * (1 - pooled) * (1 / 100 + 1 / 200));
    expectClose(tests[0]!.logP, logNormalUpperTail(z), 1e-12, 'log p');
  });

  test('higher is better: ((1 − x) b − c) over the error of both', () => {
    const { relative, tests, standardError } = metricDrop(
      metric('roc-auc', 0.8, 0.01),
      metric('roc-auc', 0.7, 0.02),
      [0.05],
    );
    expect(relative).toBeCloseTo(0.125, 15);
    expect(standardError).toBeCloseTo(Math.hypot(0.02, (0.7 / 0.8) * 0.01) / 0.8, 15);
    expectClose(tests[0]!.logP, logNormalUpperTail((0.95 * 0.8 - 0.7) / Math.hypot(0.95 * 0.01, 0.02)), 1e-12, 'log p');
  });

  test('lower is better: growth', () => {
    const { relative, tests } = metricDrop(metric('log-loss', 0.4, 0.01), metric('log-loss', 0.5, 0.02), [0.1]);
    expect(relative).toBeCloseTo(0.25, 15);
    expectClose(tests[0]!.logP, logNormalUpperTail((0.5 - 1.1 * 0.4) / Math.hypot(1.1 * 0.01, 0.02)), 1e-12, 'log p');
  });

  test('far tails do not underflow', () => {
    const { tests } = metricDrop(metric('log-loss', 0.4, 1e-4), metric('log-loss', 0.9, 1e-4), [0.05]);
    expect(tests[0]!.logP).toBeLessThan(-1e6);
    expect(metricDrop(0.999, accuracy(100, 100_000), [0.01]).tests[0]!.logP).toBeLessThan(-4e5);
  });
});

describe('a metric’s drop at the edges', () => {
  const reasonOf = (baseline: Metric | number, current: Metric) => {
    const drop = metricDrop(baseline, current, [0.05]);
    expect(drop.tests).toEqual([]);
    return drop.reason;
  };

  test('without a value, an error or a better side there is no test, and a reason', () => {
    const undefinedArea = undefinedMetric({ id: 'roc-auc', rows: 5 }, 'no row has it as its label');
    expect(reasonOf(0.8, undefinedArea)).toBe('there is no value: no row has it as its label');
    expect(reasonOf(undefinedArea, metric('roc-auc', 0.8, 0.1))).toBe(
      'the baseline has no value: no row has it as its label',
    );
    expect(reasonOf(Number.NaN, metric('roc-auc', 0.8, 0.1))).toBe('the baseline has no value: it is not finite');
    expect(reasonOf(0.8, bareMetric({ id: 'precision', rows: 5 }, 0, 'no row was predicted as it'))).toBe(
      'its error is not known: no row was predicted as it',
    );
    expect(reasonOf(1, metric('mean-error', 2, 0.1))).toBe('neither a higher nor a lower value of it is better');
    expect(reasonOf(-0.2, metric('r-squared', -0.3, 0.1))).toBe('the baseline is -0.2, and a share of it says nothing');
    expect(reasonOf(-1, metric('log-loss', 0.3, 0.1))).toBe('the baseline is -1, below the least value possible');
  });

  test('a value that stands in for 0/0 still shows its drop', () => {
    const stand = bareMetric({ id: 'precision', rows: 5 }, 0, 'no row was predicted as it');
    expect(metricDrop(0.8, stand, [0.05])).toMatchObject({ relative: 1, tests: [] });
  });

  test('a loss of 0 before: no share, but a test', () => {
    const { relative, standardError, tests, reason } = metricDrop(0, metric('brier-score', 0.2, 0.05), [0.1]);
    expect([relative, standardError, reason]).toEqual([null, null, null]);
    expectClose(tests[0]!.logP, logNormalUpperTail(4), 1e-12, 'log p');
  });

  test('perfect before and after', () => {
    const { relative, tests } = metricDrop(accuracy(50, 50), accuracy(30, 30), [0, 0.05]);
    expect(relative).toBe(0);
    for (const { logP } of tests) expect(logP).toBeGreaterThan(-1);
  });
});

describe('a metric’s drop by law', () => {
  const counts = fc
    .tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 400 }))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

  test('a larger limit is never easier to exceed; a worse current never less proven', () => {
    fc.assert(
      fc.property(counts, counts, ([hitsBefore, before], [hitsNow, now]) => {
        fc.pre(hitsBefore > 0);
        const { tests } = metricDrop(accuracy(hitsBefore, before), accuracy(hitsNow, now), [0, 0.05, 0.2, 0.5]);
        for (const [i, { logP }] of tests.entries()) {
          expect(logP).toBeLessThanOrEqual(0);
          if (i > 0) expect(logP).toBeGreaterThanOrEqual(tests[i - 1]!.logP - 1e-9);
        }
        if (hitsNow === 0) return;
        const worse = metricDrop(accuracy(hitsBefore, before), accuracy(hitsNow - 1, now), [0.05]).tests[0]!.logP;
        expect(worse).toBeLessThanOrEqual(tests[1]!.logP + 1e-9);
      }),
    );
  });

  test('a baseline of very many rows is a plain number, but for the binomial’s steps', () => {
    const known = metricDrop(metric('roc-auc', 0.8, 0), metric('roc-auc', 0.75, 0.02), [0.01]).tests[0]!.logP;
    expect(metricDrop(0.8, metric('roc-auc', 0.75, 0.02), [0.01]).tests[0]!.logP).toBe(known);
    const estimated = metricDrop(accuracy(8e8, 1e9), accuracy(7500, 10_000), [0.02]).tests[0]!.logP;
    expectClose(estimated, metricDrop(0.8, accuracy(7500, 10_000), [0.02]).tests[0]!.logP, 0.05, 'log p');
  });
});
