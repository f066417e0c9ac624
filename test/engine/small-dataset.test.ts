import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckDbDialect } from '../../src/engine/dialect.ts';
import { DuckDbSession } from '../../src/engine/duckdb.ts';
import { ColumnFailure, type GroupedRequest, type Grouping, type NumberReading } from '../../src/engine/engine.ts';
import { SmallDataset } from '../../src/engine/small-dataset.ts';
import type { SourceColumn } from '../../src/engine/source.ts';
import { openSource } from '../../src/engine/sources/open.ts';
import { SqlDataset } from '../../src/engine/sql-dataset.ts';

/** Few rows are counted from their values: the answers must be those of the engine. */

const query = `SELECT
  CASE WHEN i % 7 = 0 THEN NULL WHEN i % 11 = 0 THEN 'nan'::DOUBLE WHEN i % 13 = 0 THEN 'inf'::DOUBLE
    WHEN i % 17 = 0 THEN '-inf'::DOUBLE WHEN i % 5 = 0 THEN -0e0 ELSE (i * 37 % 101) / 7e0 END AS weird,
  (i % 3)::TINYINT AS tiny,
  9007199254740990 + i % 9 AS big,
  CASE WHEN i % 4 = 0 THEN NULL ELSE i % 3 = 0 END AS flag,
  CASE WHEN i % 9 = 0 THEN NULL ELSE ['a', 'b', 'it''s "q" \\ ;--', '🙂', ''][1 + i % 5] END AS text,
  repeat('long 🙂 ', 40) || i % 6 AS long,
  NULL::DOUBLE AS nothing,
  NULL::VARCHAR AS no_text,
  make_timestamp((1700000000 + i * 7919 % 1000)::BIGINT * 1000000) AS t,
  CASE WHEN i % 2 = 0 THEN '2024-03-0' || (1 + i % 7) ELSE 'never' END AS written,
  (i * 31 % 97)::DECIMAL(9, 2) / 4 AS money
  FROM range(2500) AS rows(i)`;

let folder: string;
let session: DuckDbSession;
let small: SmallDataset;
let large: SqlDataset;
const column = (name: string): SourceColumn => small.columns.find((candidate) => candidate.name === name)!;
const numbers = (): NumberReading[] =>
  ['weird', 'tiny', 'big', 'nothing', 't', 'money', 'weird'].map((name) => ({ column: column(name), as: 'value' }));
const texts = () => ['flag', 'text', 'long', 'no_text', 'tiny', 'big'].map(column);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'driftgate-test-'));
  session = await DuckDbSession.open({ temporaryFolder: folder, threads: 2 });
  const path = join(folder, 'rows.parquet');
  await session.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  const open = () => openSource(session, 'reference', { paths: [path] }, 'ends');
  small = new SmallDataset(session, duckDbDialect, await open());
  large = new SqlDataset(session, duckDbDialect, await open());
});
afterAll(() => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a data set of few rows', () => {
  it('counts numbers as the engine does, and their distinct values exactly', async () => {
    const readings: NumberReading[] = [
      ...numbers(),
      { column: column('text'), as: 'length' },
      { column: column('written'), as: 'time' },
    ];
    const [here, there] = [await small.countNumbers(readings), await large.countNumbers(readings)];
    expect(here.map((answer) => ({ ...answer, distinct: 0 }))).toEqual(
      there.map((answer) => ({ ...answer, distinct: 0 })),
    );
    const [exact] = await session.rows(
      `SELECT CAST(count(DISTINCT weird) AS DOUBLE), CAST(count(DISTINCT money) AS DOUBLE) FROM (${query})`,
    );
    expect([here[0], here[5]]).toMatchObject([{ distinct: exact![0] }, { distinct: exact![1] }]);
  });

  it('gives the same tables, also of a column that is asked for twice', async () => {
    expect(await small.numberTables(numbers(), 100_000)).toEqual(await large.numberTables(numbers(), 100_000));
    expect(await small.numberTables(numbers(), 20)).toEqual(await large.numberTables(numbers(), 20));
    await large.countCategories(texts());
    for (const limit of [100_000, 3]) {
      expect(await small.categoryTables(texts(), limit)).toEqual(await large.categoryTables(texts(), limit));
    }
    expect(await small.countDistinct([...texts(), column('money')])).toEqual(
      await large.countDistinct([...texts(), column('money')]),
    );
    const counted = await small.countCategories(texts(), false);
    expect(counted.map((answer) => ({ ...answer, longest: 0 }))).toEqual(
      (await large.countCategories(texts(), false)).map((answer) => ({ ...answer, longest: 0 })),
    );
  });

  it('gives the same values', async () => {
    const sorted = (answers: Awaited<ReturnType<SqlDataset['sample']>>) =>
      answers.map((answer) => (answer instanceof ColumnFailure ? answer : answer.sort()));
    expect(sorted(await small.sample(numbers(), [], 1))).toEqual(sorted(await large.sample(numbers(), [], 1)));
  });

  it('groups by time as the engine does', async () => {
    const time: NumberReading = { column: column('t'), as: 'value' };
    const groupings: Grouping[] = [
      { form: 'time', ...time, start: 1_700_000_100, length: 7, count: 100 },
      { form: 'moments', ...time, edges: Float64Array.of(1_700_000_003, 1_700_000_010, 1_700_000_700) },
      { form: 'time', column: column('written'), as: 'time', start: 1_709_251_200, length: 86_400, count: 5 },
      { form: 'labels', columns: [{ column: column('text'), labels: ['a', '🙂'] }] },
    ];
    const requests: GroupedRequest[] = [
      ...numbers().map(
        (reading) => ({ form: 'numbers', ...reading, edges: Float64Array.of(-1, 0, 5e-324, 3, 9) }) as const,
      ),
      { form: 'numbers', column: column('weird'), as: 'value', edges: new Float64Array(0) },
      ...texts().map((source) => ({ form: 'categories', column: source, labels: ['🙂', 'true', '1', 'a'] }) as const),
      { form: 'categories', column: column('text'), labels: [] },
    ];
    for (const by of groupings) {
      expect(await small.groupedCells(requests, by)).toEqual(await large.groupedCells(requests, by));
    }
  });

  it('finds long values by the labels of the other side, before this side was counted', async () => {
    const [table] = await small.categoryTables([column('long')], 10);
    const labels = table instanceof ColumnFailure ? [] : table!.values;
    const source = await openSource(session, 'current', { paths: [join(folder, 'rows.parquet')] }, 'ends');
    const by: Grouping = {
      form: 'time',
      column: column('t'),
      as: 'value',
      start: 1_700_000_000,
      length: 1000,
      count: 1,
    };
    for (const Kind of [SmallDataset, SqlDataset]) {
      const { answers } = await new Kind(session, duckDbDialect, source).groupedCells(
        [{ form: 'categories', column: column('long'), labels }],
        by,
      );
      const [answer] = answers;
      expect(answer instanceof ColumnFailure ? answer : answer!.cells.map(([rows]) => rows)).toEqual(
        table instanceof ColumnFailure ? table : [...table!.counts],
      );
    }
  });

  it('tells the failure of one column and answers for the others', async () => {
    const missing: SourceColumn = { ...column('money'), index: 99 };
    const [failed, answered] = await small.countNumbers([
      { column: missing, as: 'value' },
      { column: column('money'), as: 'value' },
    ]);
    expect(failed).toBeInstanceOf(ColumnFailure);
    expect(answered).toMatchObject({ present: 2500 });
    expect(await small.categoryTables([missing], 10)).toEqual([expect.any(ColumnFailure)]);
  });
});
