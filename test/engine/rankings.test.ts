import { afterAll, beforeAll, expect, test } from 'vitest';
import { ColumnFailure, type Dataset } from '../../src/engine/engine.ts';
import type { SourceColumn } from '../../src/engine/source.ts';
import { rankSums } from '../outcome/rows.ts';
import { type Bench, openBench } from '../support/engine.ts';
import { Random } from '../support/random.ts';

/** Ranks summed in SQL, against their definitions row by row. */

const random = new Random(7);
const rows = Array.from({ length: 300 }, (_, i) => {
  const score = i % 3 === 0 ? Math.floor(random.uniform() * 10) / 10 : random.uniform();
  return {
    score: i % 41 === 0 ? null : score,
    y: i % 37 === 0 ? null : random.uniform() < score ? 'yes' : "it's no",
    w: i % 4,
  };
});

let bench: Bench;
let data: Dataset;
beforeAll(async () => {
  bench = await openBench();
  const values = rows.map(
    ({ score, y, w }) =>
      `(${score === null ? 'NULL' : `'${score}'`}::DOUBLE, ${y === null ? 'NULL' : `'${y.replaceAll("'", "''")}'`}, ${w === 3 ? 'NULL' : w}::INTEGER)`,
  );
  data = await bench.open(
    await bench.parquet('scores.parquet', `SELECT * FROM (VALUES ${values.join(', ')}) AS t(score, y, w)`),
  );
});
afterAll(() => bench.dispose());

const column = (name: string) => data.columns.find((candidate) => candidate.name === name)!;
/** The rows in other columns: the score, whether the label is among these texts, the group. */
function asked(texts: readonly string[], groups: number | null) {
  const derived = data.derive([
    { name: 'score', derivation: { as: 'itself', column: column('score') } },
    { name: 'positive', derivation: { as: 'among', column: column('y'), texts } },
    { name: 'w', derivation: { as: 'itself', column: column('w') } },
  ]);
  const [score, positive, w] = derived.columns as [SourceColumn, SourceColumn, SourceColumn];
  return { derived, request: { score, positive, by: groups === null ? null : { column: w, count: groups } } };
}
const rankings = (texts: readonly string[], groups: number | null) => {
  const { derived, request } = asked(texts, groups);
  return derived.scoreRankings(request);
};
const tables = (groups: number | null, limit: number) => {
  const { derived, request } = asked(['yes'], groups);
  return derived.scoreTables(request, limit);
};
const counted = (of: typeof rows) => {
  const known = of.filter(({ score, y }) => score !== null && y !== null);
  return rankSums(
    known.map(({ y }) => y === 'yes'),
    known.map(({ score }) => score!),
  );
};

function expectSums(found: object, expected: object) {
  for (const [name, value] of Object.entries(expected)) {
    if (name === 'form') continue;
    expect((found as Record<string, number>)[name], name).toBeCloseTo(value as number, 8);
  }
}

test('of all rows', async () => {
  const answer = await rankings(['yes'], null);
  if (answer instanceof ColumnFailure) throw new Error(answer.message);
  expect(answer).toHaveLength(1);
  expectSums(answer[0]!, counted(rows));
});

test('by group, rows of none left out', async () => {
  const answer = await rankings(['yes'], 3);
  if (answer instanceof ColumnFailure) throw new Error(answer.message);
  for (const group of [0, 1, 2]) expectSums(answer[group]!, counted(rows.filter(({ w }) => w === group)));
});

test('of one class, and of no row', async () => {
  for (const positives of [[], ['yes', "it's no"]]) {
    const answer = await rankings(positives, null);
    if (answer instanceof ColumnFailure) throw new Error(answer.message);
    const known = rows.filter(({ score, y }) => score !== null && y !== null);
    expectSums(answer[0]!, {
      ...rankSums(
        known.map(() => positives.length > 0),
        known.map(({ score }) => score!),
      ),
      ...(positives.length === 0 ? { precisionSquares: 0 } : {}),
    });
  }
  const answer = await rankings(['yes'], 9);
  if (answer instanceof ColumnFailure) throw new Error(answer.message);
  expect(answer[8]).toMatchObject({ positives: 0, negatives: 0 });
});

test('tables hold every score once, by group and for the rows of none; null beyond the limit', async () => {
  const answer = await tables(3, 1000);
  if (answer instanceof ColumnFailure || answer === null) throw new Error('no table');
  expect(answer).toHaveLength(4);
  for (const [group, { scores, positives, negatives }] of answer.entries()) {
    const own = rows.filter(({ score, y, w }) => score !== null && y !== null && w === group);
    expect([...scores]).toEqual([...new Set(own.map(({ score }) => score!))].sort((a, b) => a - b));
    expect(positives.reduce((a, b) => a + b, 0)).toBe(own.filter(({ y }) => y === 'yes').length);
    expect(negatives.reduce((a, b) => a + b, 0)).toBe(own.filter(({ y }) => y !== 'yes').length);
  }
  expect(await tables(null, 20)).toBeNull();
});
