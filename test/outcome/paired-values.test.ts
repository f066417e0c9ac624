import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { logLossOf } from '../../src/outcome/losses.ts';
import {
  logDeLong,
  logMcNemar,
  logPairedT,
  type PairedMeans,
  pairedAreas,
  pairedMeans,
} from '../../src/outcome/paired.ts';
import { drawnScores, drawnValues, misplacedSums, type PairedScores, sumsOf } from './paired-rows.ts';
import { expectClose } from './rows.ts';

/** Two models on the same rows, against SciPy, scikit-learn and DeLong's definition in fractions. */

const tolerance = 1e-12;

interface Tested {
  readonly means: readonly [number, number];
  readonly difference: number;
  readonly standardError: number | null;
  readonly t: number | null;
  readonly logP: number | null;
}
interface DeLong {
  readonly areas: readonly [number, number];
  readonly variances: readonly [number, number];
  readonly covariance: number;
  readonly difference: number;
  readonly differenceVariance: number;
  readonly z: number | null;
  readonly logP: number | null;
}
interface Case {
  readonly name?: string;
  readonly seed: number;
  readonly rows: number;
  readonly steps: number;
  readonly share: number;
  readonly shift: number;
}
interface BinaryCase extends Case {
  readonly expected: {
    readonly delong: DeLong | null;
    readonly 'log-loss': Tested;
    readonly 'brier-score': Tested;
    readonly accuracy: {
      readonly means: readonly [number, number];
      readonly only: readonly [number, number];
      readonly logP: number;
    };
  };
}
interface RegressionCase extends Case {
  readonly expected: { readonly squared: Tested; readonly absolute: Tested };
}

const document = JSON.parse(readFileSync(new URL('../../fixtures/outcomes/paired.json', import.meta.url), 'utf8')) as {
  readonly binary: readonly (BinaryCase & PairedScores)[];
  readonly drawnBinary: readonly BinaryCase[];
  readonly regression: readonly (RegressionCase & PairedScores)[];
  readonly drawnRegression: readonly RegressionCase[];
};

const named = <T extends Case>(cases: readonly T[]) =>
  cases.map((each): [string, T] => [each.name ?? `${each.rows} rows drawn from ${each.seed}`, each]);

/** @param sizes of the losses: a difference of nearly equal ones keeps their absolute accuracy */
function expectTested(means: PairedMeans, expected: Tested, name: string, size = 0): void {
  expectClose(means.champion, expected.means[0], tolerance, `${name} of the champion`);
  expectClose(means.challenger, expected.means[1], tolerance, `${name} of the challenger`);
  expectClose(means.difference, expected.difference, tolerance, `difference of ${name}`, size);
  expectClose(Math.sqrt(means.differenceVariance), expected.standardError!, tolerance, `error of ${name}`, size);
  if (expected.logP !== null) expectClose(logPairedT(means), expected.logP, tolerance, `p of ${name}`, 1);
}

function expectBinary({ labels, champion, challenger }: PairedScores, { expected }: BinaryCase): void {
  const of = (loss: (score: number, label: number) => number) =>
    pairedMeans(
      sumsOf(
        champion.map((score, i) => loss(score, labels[i]!)),
        challenger.map((score, i) => loss(score, labels[i]!)),
      ),
    );
  expectTested(
    of((score, label) => logLossOf(label === 1 ? score : 1 - score)),
    expected['log-loss'],
    'log loss',
    1,
  );
  expectTested(
    of((score, label) => (score - label) ** 2),
    expected['brier-score'],
    'Brier score',
    1,
  );
  const right = of((score, label) => Number(score >= 0.5 === (label === 1)));
  expectClose(right.champion, expected.accuracy.means[0], tolerance, 'accuracy');
  expect(logMcNemar(...expected.accuracy.only)).toBeCloseTo(expected.accuracy.logP, 10);

  const rows = { labels, champion, challenger };
  const areas = pairedAreas(misplacedSums(rows, true), misplacedSums(rows, false));
  const { delong } = expected;
  if (delong === null || areas === null) {
    expect(areas).toBe(delong);
    return;
  }
  expectClose(areas.champion, delong.areas[0], tolerance, "the champion's area");
  expectClose(areas.challenger, delong.areas[1], tolerance, "the challenger's area");
  expectClose(areas.championVariance, delong.variances[0], tolerance, "the champion's variance");
  expectClose(areas.challengerVariance, delong.variances[1], tolerance, "the challenger's variance");
  expectClose(areas.covariance, delong.covariance, tolerance, 'covariance', 1e-3);
  expectClose(areas.difference, delong.difference, tolerance, 'difference');
  expectClose(areas.differenceVariance, delong.differenceVariance, tolerance, 'variance of the difference');
  if (delong.logP !== null) expectClose(logDeLong(areas), delong.logP, tolerance, 'p', 1);
}

describe('two scores of one class', () => {
  test.each(named(document.binary))('%s', (_, each) => expectBinary(each, each));
  test.each(named(document.drawnBinary))('%s', (_, each) => {
    expectBinary(drawnScores(each.seed, each.rows, each.steps, each.share), each);
  });
});

describe('two predictions of a value', () => {
  const expectRegression = ({ labels, champion, challenger }: PairedScores, { expected }: RegressionCase) => {
    const errors = (predictions: readonly number[]) => predictions.map((value, i) => value - labels[i]!);
    const [then, now] = [errors(champion), errors(challenger)];
    const means = (of: (error: number) => number) => pairedMeans(sumsOf(then.map(of), now.map(of)));
    expectTested(
      means((error) => error * error),
      expected.squared,
      'squared error',
    );
    expectTested(means(Math.abs), expected.absolute, 'absolute error');
  };
  test.each(named(document.regression))('%s', (_, each) => expectRegression(each, each));
  test.each(named(document.drawnRegression))('%s', (_, each) => {
    expectRegression(drawnValues(each.seed, each.rows, each.shift), each);
  });
});

describe('without a variance to go by', () => {
  const areasOf = (labels: number[], champion: number[], challenger: number[]) => {
    const rows = { labels, champion, challenger };
    return pairedAreas(misplacedSums(rows, true), misplacedSums(rows, false))!;
  };

  test('two rankings in one order differ by nothing', () => {
    const same = areasOf([0, 1, 1, 0], [0.1, 0.2, 0.9, 0.5], [0.2, 0.3, 0.95, 0.6]);
    expect(same.difference).toBe(0);
    expect(logDeLong(same)).toBe(0);
  });

  test('a perfect ranking and its reverse are told apart once there are rows to tell by', () => {
    const of = (rows: number) => {
      const labels = Array.from({ length: rows }, (_, i) => i % 2);
      return areasOf(
        labels,
        labels,
        labels.map((label) => 1 - label),
      );
    };
    expect(of(4)).toMatchObject({ champion: 1, challenger: 0, differenceVariance: 0 });
    // half a row of each class, (2 + 1)/2 the mean square: 1/√(2 · 0.75/4) = 1.633 standard errors
    expect(Math.exp(logDeLong(of(4)))).toBeCloseTo(0.1025, 4);
    expect(logDeLong(of(100))).toBeLessThan(-100);
  });

  test('losses that all differ alike', () => {
    const of = (rows: number) => pairedMeans(sumsOf(Array(rows).fill(1), Array(rows).fill(1.1)));
    expect(of(50).differenceVariance).toBe(0);
    expect(Math.exp(logPairedT(of(3)))).toBeGreaterThan(0.5);
    expect(logPairedT(of(2000))).toBeLessThan(logPairedT(of(200)));
    expect(logPairedT(of(1))).toBe(0);
  });
});
