import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ColumnFailure, type Dataset } from '../../src/engine/engine.ts';
import type { SourceColumn } from '../../src/engine/source.ts';
import { misplacedSums } from '../outcome/paired-rows.ts';
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
    // by the first score in part; a few are missing, and a few are −0
    other: i % 29 === 0 ? null : i % 31 === 0 ? -0 : Math.floor((score + random.uniform()) * 50) / 100,
  };
});

let bench: Bench;
let data: Dataset;
beforeAll(async () => {
  bench = await openBench();
  const values = rows.map(
    ({ score, y, w, other }) =>
      `(${score === null ? 'NULL' : `'${score}'`}::DOUBLE, ${y === null ? 'NULL' : `'${y.replaceAll("'", "''")}'`}, ${w === 3 ? 'NULL' : w}::INTEGER, ${other === null ? 'NULL' : `'${Object.is(other, -0) ? '-0' : other}'`}::DOUBLE)`,
  );
  data = await bench.open(
    await bench.parquet('scores.parquet', `SELECT * FROM (VALUES ${values.join(', ')}) AS t(score, y, w, other)`),
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

describe('two scores of the same rows', () => {
  const ask = (merged: boolean, texts = ['yes']) => {
    const derived = data.derive([
      { name: 'score', derivation: { as: 'itself', column: column('score') } },
      { name: 'other', derivation: { as: 'itself', column: column('other') } },
      { name: 'positive', derivation: { as: 'among', column: column('y'), texts } },
    ]);
    const [score, other, positive] = derived.columns as [SourceColumn, SourceColumn, SourceColumn];
    return derived.pairedRankings({ scores: [score, other], positive, merged });
  };
  const known = rows.filter(({ score, other, y }) => score !== null && other !== null && y !== null);
  const counted = (place: (score: number) => number, positive: boolean) =>
    misplacedSums(
      {
        labels: known.map(({ y }) => Number(y === 'yes')),
        champion: known.map(({ score }) => place(score!)),
        challenger: known.map(({ other }) => place(other!)),
      },
      positive,
    );

  test('are ranked by either', async () => {
    const answer = await ask(false);
    if (answer instanceof ColumnFailure) throw new Error(answer.message);
    // halves of whole numbers: exact
    expect(answer.positives).toMatchObject(counted((score) => score, true));
    expect(answer.negatives).toMatchObject(counted((score) => score, false));
  });

  test('are ranked by cells of their odds where they are too many, off by no more than half of the ties', async () => {
    const answer = await ask(true);
    if (answer instanceof ColumnFailure) throw new Error(answer.message);
    const least = 2 ** -53;
    const cell = (score: number) => Math.floor(Math.log(Math.max(score, least) / Math.max(1 - score, least)) * 10_000);
    expect(answer.positives).toMatchObject(counted(cell, true));
    expect(answer.negatives).toMatchObject(counted(cell, false));
    const exact = counted((score) => score, true);
    for (const i of [0, 1] as const) {
      expect(answer.positives.tied[i]).toBe(answer.negatives.tied[i]);
      expect(Math.abs(answer.positives.sums[i] - exact.sums[i])).toBeLessThanOrEqual(answer.positives.tied[i] / 2);
    }
  });

  test('of one class have nothing to be misplaced by', async () => {
    const answer = await ask(false, []);
    if (answer instanceof ColumnFailure) throw new Error(answer.message);
    expect(answer.positives).toMatchObject({ rows: 0, sums: [0, 0] });
    expect(answer.negatives).toMatchObject({ rows: known.length, sums: [0, 0], differenceSquares: 0 });
  });
});
