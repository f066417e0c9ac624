import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OutcomesReport } from '../../../src/model/outcomes.ts';
import { drawnBinary, drawnRegression, drawnSeveral } from '../../outcome/rows.ts';
import { checkFiles } from '../../support/check.ts';
import { type Bench, openBench } from '../../support/engine.ts';

/** Whole runs over files, against scikit-learn: what is counted in SQL is what it counts row by row. */

type Value = number | null;
interface Case {
  readonly name?: string;
  readonly seed: number;
  readonly rows: number;
  readonly steps: number;
  readonly shift: number;
  readonly labels: readonly (number | string)[];
  readonly scores: readonly unknown[];
  readonly predictions: readonly (number | string)[];
  readonly expected: Record<string, unknown> & { readonly classes: readonly string[] };
}
const cases = JSON.parse(
  readFileSync(new URL('../../../fixtures/outcomes/scikit-learn.json', import.meta.url), 'utf8'),
) as Record<'binary' | 'drawnBinary' | 'several' | 'drawnSeveral' | 'regression' | 'drawnRegression', Case[]>;
const named = (some: readonly Case[]) =>
  some.map((each): [string, Case] => [each.name ?? `${each.rows} rows drawn`, each]);

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());

let made = 0;
async function fileOf(columns: Record<string, readonly (number | string)[]>): Promise<string> {
  const names = Object.keys(columns);
  const literal = (value: number | string) => (typeof value === 'number' ? `'${value}'::DOUBLE` : `'${value}'`);
  const rows = columns[names[0]!]!.map((_, i) => `(${names.map((name) => literal(columns[name]![i]!)).join(', ')})`);
  made += 1;
  return bench.parquet(`case-${made}.parquet`, `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${names.join(', ')})`);
}

/** The case as the current side, against a reference that has every class. */
async function outcomesOf(
  reference: Record<string, readonly (number | string)[]>,
  current: Record<string, readonly (number | string)[]>,
): Promise<OutcomesReport> {
  const report = await checkFiles(await fileOf(reference), await fileOf(current));
  return report.outcomes!;
}

function expectMetrics(
  outcomes: OutcomesReport,
  expected: Record<string, unknown>,
  ids: readonly string[],
  className: string | null,
) {
  for (const id of ids) {
    const found = outcomes.current!.metrics.find((metric) => metric.id === id && metric.className === className);
    const value = expected[id] as Value;
    if (value === null) expect(found?.value ?? null, id).toBeNull();
    // twelve digits are reported
    else
      expect(Math.abs(found!.value! - value), `${id}: ${found!.value} for ${value}`).toBeLessThanOrEqual(
        1e-12 * Math.max(1, Math.abs(value)),
      );
  }
}

const ofConfusion = [
  'accuracy',
  'balanced-accuracy',
  'matthews-correlation',
  'precision-macro',
  'recall-macro',
  'f1-macro',
  'precision-weighted',
  'recall-weighted',
  'f1-weighted',
];
const ofScores = ['log-loss', 'brier-score'];

function expectConfusion({ current }: OutcomesReport, { classes, confusion }: Record<string, unknown>) {
  const counts = (confusion as number[][]).flat();
  expect(current!.confusion).toEqual({ classes, counts });
}

describe('two classes by score', () => {
  const reference = { label: [0, 1, 0, 1], score: [0.2, 0.9, 0.4, 0.6] };
  test.each(named(cases.binary))('%s', async (_, { labels, scores, expected }) => {
    const outcomes = await outcomesOf(reference, { label: labels, score: scores as number[] });
    expect(outcomes).toMatchObject({ task: 'binary', positive: '1' });
    const { classes } = expected;
    const padded = expected.confusion as number[][];
    // scikit-learn is told both classes; here a class that does not occur has no row
    const occurring = classes.filter((_, i) => padded[i]!.some(Boolean) || padded.some((row) => row[i]! > 0));
    expect(outcomes.current!.confusion!.classes).toEqual(occurring);
    if (occurring.length === classes.length) expectMetrics(outcomes, expected, ofConfusion, null);
    else expectMetrics(outcomes, expected, ['accuracy'], null);
    expectMetrics(outcomes, expected, ofScores, null);
    expectMetrics(
      outcomes,
      expected,
      ['roc-auc', 'average-precision', 'calibration-error'].filter((id) => id in expected),
      '1',
    );
  });

  test.each(named(cases.drawnBinary))('%s', async (_, { seed, rows, steps, expected }) => {
    const drawn = drawnBinary(seed, rows, steps);
    const outcomes = await outcomesOf(reference, { label: drawn.labels, score: drawn.scores });
    expectConfusion(outcomes, expected);
    expectMetrics(outcomes, expected, [...ofConfusion, ...ofScores], null);
    expectMetrics(outcomes, expected, ['roc-auc', 'average-precision'], '1');
  });
});

describe('several classes', () => {
  const columns = (
    labels: readonly (number | string)[],
    scores: readonly (readonly number[])[],
    predictions: readonly (number | string)[],
  ) => ({
    label: labels,
    prediction: predictions,
    ...Object.fromEntries(['a', 'b', 'c'].map((name, i) => [`y_pred_proba_${name}`, scores.map((row) => row[i]!)])),
  });
  const reference = columns(
    ['a', 'b', 'c'],
    [
      [0.5, 0.3, 0.2],
      [0.2, 0.5, 0.3],
      [0.1, 0.3, 0.6],
    ],
    ['a', 'b', 'c'],
  );
  test.each(named(cases.several))('%s', async (_, { labels, scores, predictions, expected }) => {
    const outcomes = await outcomesOf(reference, columns(labels, scores as number[][], predictions));
    expect(outcomes.task).toBe('multiclass');
    expectConfusion(outcomes, expected);
    expectMetrics(outcomes, expected, [...ofConfusion, ...ofScores], null);
  });

  test.each(named(cases.drawnSeveral))('%s', async (_, { seed, rows, expected }) => {
    const { labels, scores } = drawnSeveral(seed, rows);
    const outcomes = await outcomesOf(
      reference,
      columns(
        labels,
        scores,
        scores.map((row) => 'abc'[row.indexOf(Math.max(...row))]!),
      ),
    );
    expectConfusion(outcomes, expected);
    expectMetrics(
      outcomes,
      expected,
      [...ofConfusion, ...ofScores, 'roc-auc-macro', 'roc-auc-weighted'].filter((id) => id in expected),
      null,
    );
  });
});

describe('numbers', () => {
  const reference = { label: [1.5, 2, 3, 250.25], prediction: [1.25, 2.5, 3, 240] };
  const ids = [
    'mean-absolute-error',
    'root-mean-squared-error',
    'r-squared',
    'mean-absolute-percentage-error',
    'mean-error',
  ];
  test.each(named(cases.regression))('%s', async (_, { labels, predictions, expected }) => {
    const outcomes = await outcomesOf(reference, { label: labels, prediction: predictions });
    expect(outcomes.task).toBe('regression');
    expectMetrics(outcomes, expected, ids, null);
  });

  test.each(named(cases.drawnRegression))('%s', async (_, { seed, rows, shift, expected }) => {
    const { labels, predictions } = drawnRegression(seed, rows, shift);
    const outcomes = await outcomesOf(reference, { label: labels, prediction: predictions });
    expectMetrics(outcomes, expected, ids, null);
  });
});
