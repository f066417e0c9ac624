import { afterAll, beforeAll, expect, it } from 'vitest';
import { ColumnFailure, type Dataset } from '../../src/engine/engine.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** Rows of two versions of a model, met by the id of the request. */

let bench: Bench;
let data: Dataset;
const column = (name: string) => data.columns.find((candidate) => candidate.name === name)!;

beforeAll(async () => {
  bench = await openBench();
  const rows = [
    // id, version, score, class, label
    "('r1', 3, 0.1, 'no', 'no')",
    "('r1', 4, 0.2, 'no', NULL)",
    "('r2', 3, 0.7, 'yes', NULL)",
    "('r2', 4, 0.4, 'no', 'yes')",
    "('r3', 3, 0.5, 'yes', NULL)",
    // twice on one side, on one side only, without an id
    "('r4', 3, 0.5, 'yes', NULL)",
    "('r4', 3, 0.6, 'yes', NULL)",
    "('r4', 4, 0.6, 'yes', NULL)",
    '(NULL, 4, 0.3, NULL, NULL)',
    "('it''s \"5\"', 3, NULL, NULL, NULL)",
    "('it''s \"5\"', 4, 'NaN'::DOUBLE, 'no', NULL)",
  ];
  const path = await bench.parquet(
    'log.parquet',
    `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(id, version, score, class, label)`,
  );
  data = await bench.open(path);
});
afterAll(() => bench.dispose());

it('keeps the rows of one category', async () => {
  const three = await data.only(column('version'), '3');
  expect(three.rows).toBe(6);
  expect(three.info.rows).toBe(6);
  const [table] = await three.categoryTables([column('class')], 10);
  expect(table).toMatchObject({ values: ['yes', 'no'], counts: Float64Array.of(4, 1) });
  expect((await data.only(column('class'), `no' OR 1=1 --`)).rows).toBe(0);
});

it('meets rows whose key is their own on both sides', async () => {
  const [three, four] = await Promise.all(['3', '4'].map((version) => data.only(column('version'), version)));
  const pairs = await three!.pair({
    key: column('id'),
    other: four!,
    otherKey: column('id'),
    columns: [column('score'), column('class')],
    otherColumns: [column('class')],
    shared: [[column('label'), column('label')]],
  });
  expect(pairs.data.rows).toBe(3);
  expect(pairs.sides).toEqual([
    { keyless: 0, repeated: 2, alone: 1 },
    // r4 is its own on this side, and has no single partner on the other
    { keyless: 1, repeated: 0, alone: 1 },
  ]);
  const [score, then] = pairs.columns;
  const [now] = pairs.otherColumns;
  const [counts] = await pairs.data.crossCounts([
    {
      axes: [
        { form: 'categories', column: then!, labels: ['no', 'yes'] },
        { form: 'categories', column: now!, labels: ['no', 'yes'] },
        { form: 'categories', column: pairs.shared[0]!, labels: ['no', 'yes'] },
      ],
      sums: [{ op: 'value', reading: { column: score!, as: 'value' } }],
    },
  ]);
  if (counts === undefined || counts instanceof ColumnFailure) throw new Error('no counts');
  const cells = Array.from(counts.rows, (rows, i) => [
    ...counts.places.map((place) => place[i]),
    rows,
    counts.sums[0]![i],
  ]);
  expect(cells.sort()).toEqual([
    [0, 0, 0, 1, 0.1],
    [1, 0, 1, 1, 0.7],
    [3, 0, 3, 1, 0],
  ]);
});
