import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { ParquetSchema, ParquetWriter } from 'parquetjs-lite';
import { describe, expect, test } from 'vitest';
import { families, schemaOf, sorted, workbench } from './workbench.ts';

const bench = workbench();
const arrow = (name: string): string => new URL(`../../../fixtures/arrow/${name}`, import.meta.url).pathname;

describe('parquet', () => {
  test("an independent writer's file, with names that differ in case only and look like ours", async () => {
    const path = bench.path('independent.parquet');
    const schema = new ParquetSchema({
      a: { type: 'INT64' },
      A: { type: 'DOUBLE', optional: true },
      c0: { type: 'UTF8', compression: 'SNAPPY' },
      ok: { type: 'BOOLEAN' },
      'q"\'😀\n': { type: 'TIMESTAMP_MILLIS' },
    });
    const writer = await ParquetWriter.openFile(schema, path);
    const at = new Date('2024-05-06T07:08:09.5Z');
    await writer.appendRow({ a: 9007199254740991, A: 2.5, c0: 'x', ok: true, 'q"\'😀\n': at });
    await writer.appendRow({ a: 2, c0: 'y', ok: false, 'q"\'😀\n': at });
    await writer.close();
    const source = await bench.open(path);
    expect(families(source)).toEqual({
      a: 'integer',
      A: 'number',
      c0: 'string',
      ok: 'boolean',
      'q"\'😀\n': 'datetime',
    });
    expect(await bench.values(source)).toEqual([
      ['2', null, 'y', 'false', '1714979289.5'],
      ['9007199254740991', '2.5', 'x', 'true', '1714979289.5'],
    ]);
    const filtered = await bench.open(path, { where: 'A_2 > 2 and a < 1e18' });
    expect(filtered.rows).toBe(1);
    const dated = await bench.open(path, { where: `"q""'😀\n" >= TIMESTAMP '2024-01-01' and c0 = 'y'` });
    expect(dated.rows).toBe(1);
  });

  test('what is no number counts where the statistics of the file leave it out', async () => {
    const path = bench.path('nan.parquet');
    await bench.session.run(
      `COPY (SELECT unnest([1, 2, 3])::DOUBLE AS x) TO '${path}' (FORMAT parquet, COMPRESSION uncompressed)`,
    );
    // many writers leave NaN out of the extremes that they note; this one notes none then, so the value is put in afterwards
    const [two, nan] = [2, Number.NaN].map((x) => Buffer.from(Float64Array.of(x).buffer));
    const bytes = readFileSync(path);
    bytes.set(nan!, bytes.indexOf(two!));
    bench.write('nan.parquet', bytes);
    const [told] = await bench.session.rows(`SELECT min(x), max(x) FROM read_parquet('${path}')`);
    expect(told, 'what the file tells of itself').toEqual([1, 3]);
    const { relation } = await bench.open(path);
    expect(await bench.session.rows(`SELECT min(c0), isnan(max(c0)) FROM ${relation}`)).toEqual([[1, true]]);
    expect((await bench.open(path, { where: 'x > 2' })).rows).toBe(2);
  });

  test('every type has its family; structs flatten', async () => {
    const path = bench.path('types.parquet');
    await bench.session.run(`COPY (SELECT 1::UTINYINT AS tiny, 170141183460469231731687303715884105727::HUGEINT AS huge, 1.25::DECIMAL(9,2) AS dec,
      1.5::FLOAT AS f, uuid() AS id, 'a'::ENUM('a','b') AS e, DATE '2024-01-01' AS d, TIMESTAMP '2024-01-01 00:00:01.25' AS ts,
      TIMESTAMPTZ '2024-01-01 00:00:00+02' AS tz, TIMESTAMP_NS '2024-01-01 00:00:00' AS ns, TIME '00:01:00' AS t,
      {'age': 3, 'geo': {'lat': 1.5::DOUBLE}} AS features, [1.5::FLOAT] AS emb, [1] AS ints, 'x'::BLOB AS b, MAP {'k': 1} AS m,
      INTERVAL 1 DAY AS iv, '2024-03-01 10:00:00' AS written) TO '${path}' (FORMAT parquet)`);
    const source = await bench.open(path);
    expect(families(source)).toEqual({
      tiny: 'integer',
      huge: 'number',
      dec: 'number',
      f: 'number',
      id: 'string',
      e: 'string',
      d: 'datetime',
      ts: 'datetime',
      tz: 'datetime',
      ns: 'datetime',
      t: 'datetime',
      'features.age': 'integer',
      'features.geo.lat': 'number',
      emb: 'embedding',
      ints: 'unsupported',
      b: 'unsupported',
      m: 'unsupported',
      iv: 'unsupported',
      written: 'datetime',
    });
    const [row] = await bench.session.rows(`SELECT c2, c6, c7, c8, c10, c11, c12, c18 FROM ${source.relation}`);
    expect(row).toEqual([1.25, 1704067200, 1704067201.25, 1704060000, 60, 3, 1.5, 1709287200]);
    expect((await bench.open(path, { where: '"features.age" = 3 and d = DATE \'2024-01-01\'' })).rows).toBe(1);
  });

  test('the families of the reference are imposed, failures are told', async () => {
    const make = async (name: string, sql: string): Promise<string> => {
      await bench.session.run(`COPY (${sql}) TO '${bench.path(name)}' (FORMAT parquet)`);
      return bench.path(name);
    };
    const reference = await bench.open(
      await make(
        'ref.parquet',
        `SELECT 1.5::DOUBLE AS x, 'a' AS s, true AS b, 3 AS i, TIMESTAMP '2024-01-01' AS t, 1 AS k`,
      ),
    );
    const current = await bench.open(
      await make(
        'cur.parquet',
        `SELECT unnest(['1.5', 'NA', 'oops', NULL]) AS x, unnest([1.0, 2.5, 3.0, NULL])::DOUBLE AS s, unnest([0, 1, 2, NULL]) AS b,
          unnest([1.5, 2, 3, NULL])::DOUBLE AS i, unnest(['2024-01-02', 'x', NULL, NULL]) AS t, unnest([TIMESTAMP '2024-01-01', NULL, NULL, NULL]) AS k`,
      ),
      {},
      schemaOf(reference),
    );
    expect(families(current)).toEqual({
      x: 'number',
      s: 'string',
      b: 'boolean',
      i: 'number',
      t: 'datetime',
      k: 'integer',
    });
    expect(await bench.failed(current)).toEqual({ x: ['oops'], b: ['2'], t: ['x'], k: ['2024-01-01 00:00:00'] });
    expect(await bench.values(current)).toEqual(
      sorted([
        ['1.5', '1', 'false', '1.5', '1704153600.0', null],
        [null, '2.5', 'true', '2.0', null, null],
        [null, '3', null, '3.0', null, null],
        [null, null, null, null, null, null],
      ]),
    );
  });

  test('files whose columns differ, and a partitioned folder', async () => {
    bench.write('tree/day=2024-01-01/region=a%20b/part.csv', '');
    const part = async (day: string, region: string, sql: string): Promise<void> => {
      bench.write(`tree/day=${day}/region=${region}/_SUCCESS`, 'x');
      await bench.session.run(
        `COPY (${sql}) TO '${bench.path(`tree/day=${day}/region=${region}/p.parquet`)}' (FORMAT parquet)`,
      );
    };
    const { rmSync } = await import('node:fs');
    rmSync(bench.path('tree/day=2024-01-01/region=a%20b/part.csv'));
    await part('2024-01-01', 'a%20b', 'SELECT 1 AS x');
    await part('2024-01-02', '__HIVE_DEFAULT_PARTITION__', "SELECT 2.5::DOUBLE AS x, 'new' AS y");
    const source = await bench.open(bench.path('tree'));
    expect(families(source)).toEqual({ x: 'number', y: 'string', day: 'datetime', region: 'string' });
    expect(await bench.values(source)).toEqual([
      ['1.0', null, '1704067200.0', 'a b'],
      ['2.5', 'new', '1704153600.0', null],
    ]);
    expect(source.info.dialect.schema).toContain('differs');
    expect((await bench.open(bench.path('tree/day=*'), { where: "day > DATE '2024-01-01'" })).rows).toBe(1);
    // keys above what was named are not columns
    expect(families(await bench.open(bench.path('tree/day=2024-01-01/region=a%20b')))).toEqual({ x: 'integer' });
  });
});

describe('json lines', () => {
  test('structure, types and nulls', async () => {
    const path = bench.write(
      'log.jsonl',
      [
        '{"id":9007199254740993,"x":1.5,"s":"NA","f":{"age":3,"Age":"q","a/b~":true},"e":[1,2.5],"t":"2024-01-01T00:00:00Z","m":1,"o":[{"k":1}]}',
        '{"id":2,"x":NaN,"s":"","f":{"age":null},"e":[3,null],"t":"2024-01-02","m":"oops","n":null,"":7}',
        '',
        '{"s":null,"n":null}',
      ].join('\n'),
    );
    const source = await bench.open(path);
    expect(families(source)).toEqual({
      id: 'integer',
      x: 'number',
      s: 'string',
      'f.age': 'integer',
      'f.Age': 'string',
      'f.a/b~': 'boolean',
      e: 'embedding',
      t: 'datetime',
      m: 'string',
      o: 'unsupported',
      '': 'integer',
      n: 'string',
    });
    expect(await bench.values(source)).toEqual(
      sorted([
        ['9007199254740993', '1.5', 'NA', '3', 'q', 'true', '[1.0, 2.5]', '1704067200.0', '1', '[{"k":1}]', null, null],
        ['2', 'nan', '', null, null, null, '[3.0, NULL]', '1704153600.0', 'oops', null, '7', null],
        [null, null, null, null, null, null, null, null, null, null, null, null],
      ]),
    );
    expect((await bench.open(path, { where: `"f.age" = 3 and t < TIMESTAMP '2024-01-02'` })).rows).toBe(1);
  });

  test('malformed lines are counted, not turned into rows', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => (i === 500 ? '{"a":' : i === 700 ? '[1]' : `{"a":${i}}`));
    const source = await bench.open(bench.write('bad.jsonl.gz', gzipSync(lines.join('\n'))));
    expect([source.rows, source.info.rejectedRows]).toEqual([998, 2]);
    expect(source.info.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [501, 'not valid JSON'],
      [701, 'not a JSON object'],
    ]);
    const worse = lines.slice(490, 510).join('\n');
    await bench.refuses('FILE_UNREADABLE', /1 of 20 rows.*line 11/, bench.open(bench.write('worse.jsonl', worse)));
  });

  test('an array of objects', async () => {
    const source = await bench.open(bench.write('records.json', '[{"a":1,"b":"x"},\n{"a":2,"b":"y"}]'));
    expect(await bench.values(source)).toEqual([
      ['1', 'x'],
      ['2', 'y'],
    ]);
  });
});

describe('arrow', () => {
  test.each([
    ['uncompressed.arrow', 25],
    ['lz4.arrow', 50],
    ['zstd.arrow', 50],
    ['stream.arrow', 50],
  ])('%s', async (name, rows) => {
    const source = await bench.open(arrow(name));
    expect(source.rows).toBe(rows);
    const [totals] = await bench.session.rows(
      `SELECT count(c0)::INTEGER, (min(c0) - 9007199254740992)::INTEGER, sum(c1)::INTEGER, count(c2)::INTEGER, sum(c2), sum(c3), round(sum(c4), 2),
        count(c5)::INTEGER, count(c6)::INTEGER, count(DISTINCT c7)::INTEGER, max(c8), max(c9), max(c10), max(c11), max(c12), count(c13)::INTEGER, sum(c14),
        sum(c15[2]) FROM ${source.relation}`,
    );
    const all = Array.from({ length: rows }, (_, i) => i);
    const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
    const kept = (divisor: number): number[] => all.filter((i) => i % divisor !== 0);
    expect(totals).toEqual([
      kept(7).length,
      2,
      sum(all) - 50 * rows,
      kept(5).length,
      sum(kept(5)) / 8,
      sum(all) / 4,
      Number((sum(all.map((i) => i - 3)) / 100).toFixed(2)),
      kept(4).length,
      kept(6).length,
      3,
      1_700_000_000 + rows - 1,
      (1_700_000_000_000_000 + Math.max(...kept(8))) / 1e6,
      (1_700_000_000_123_456 + rows - 1) / 1e6,
      1_704_067_200 + 86_400 * (rows - 1),
      Math.min(23, rows - 1) * 3600 + 1800,
      kept(11).length,
      sum(kept(11)) / 2,
      sum(all) + rows / 2,
    ]);
    expect(families(source)).toMatchObject({
      'features.geo.lat': 'number',
      embedding: 'embedding',
      blob: 'unsupported',
    });
  });

  test('as pandas writes it, filtered, beside another file', async () => {
    const source = await bench.open(arrow('pandas.feather'), { where: "t > TIMESTAMP '2024-01-02' or s is null" });
    expect(families(source)).toEqual({ x: 'number', s: 'string', k: 'string', t: 'datetime' });
    expect(await bench.values(source)).toEqual(
      sorted([
        [null, null, 'v', null],
        ['3.0', 'c', 'u', '1704283200.0'],
      ]),
    );
    const both = await bench.open([arrow('pandas.feather'), arrow('uncompressed.arrow')]);
    expect(both.rows).toBe(28);
  });

  test('cut off', async () => {
    const bytes = readFileSync(arrow('lz4.arrow'));
    await bench.refuses(
      'FILE_UNREADABLE',
      /cut-off Arrow/,
      bench.open(bench.write('cut.arrow', bytes.subarray(0, 3000))),
    );
  });
});
