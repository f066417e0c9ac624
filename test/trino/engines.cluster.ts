import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckDbSession } from '../../src/engine/duckdb.ts';
import { DuckDbEngine } from '../../src/engine/duckdb-engine.ts';
import type { CategoryTableSide, Dataset } from '../../src/engine/engine.ts';
import { identifier, literal } from '../../src/engine/sources/sql.ts';
import { TrinoEngine } from '../../src/engine/trino/trino-engine.ts';
import { nextDown, nextUp } from '../../src/math/floats.ts';
import type { SourceOptions } from '../../src/model/run.ts';
import { checkFiles } from '../support/check.ts';
import { type Cluster, install, start } from './cluster.ts';
import { differences } from './compare.ts';
import { exportFile } from './tables.ts';

const installed = install();
if (typeof installed === 'string') console.warn(`\nSKIPPED: no Trino cluster is tested, ${installed}\n`);

const folder = mkdtempSync(join(tmpdir(), 'driftgate-test-'));
let cluster: Cluster;
let duckdb: DuckDbSession;

/** A copy with names in lower case, which a catalog's names are, and the same as a table. */
async function copy(file: string, table: string, query = `SELECT * FROM ${scanOf(file)}`): Promise<string> {
  const columns = await duckdb.describe(query);
  const list = columns.map(({ name }) => `${identifier(name)} AS ${identifier(name.toLowerCase())}`).join(', ');
  const path = join(folder, `${table}.parquet`);
  await duckdb.run(`COPY (SELECT ${list} FROM (${query})) TO ${literal(path)} (FORMAT parquet)`);
  await exportFile(duckdb, cluster.server, path, table);
  return path;
}

function scanOf(file: string): string {
  return file.endsWith('.csv') ? `read_csv(${literal(file)})` : `read_parquet(${literal(file)})`;
}

const fixtures = new URL('../../fixtures/credit-scoring/', import.meta.url).pathname;

describe.skipIf(typeof installed === 'string')('a coordinator and two workers', () => {
  beforeAll(async () => {
    if (typeof installed === 'string') return;
    duckdb = await DuckDbSession.open({ temporaryFolder: folder, threads: 2 });
    cluster = await start(installed, 2);
  });
  afterAll(async () => {
    duckdb?.close();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const table = (name: string, more: Partial<SourceOptions> = {}): SourceOptions => ({
    paths: [name],
    server: cluster.server,
    ...more,
  });

  it('give the fixtures the same report as files do, on both sides or on one', async () => {
    const reference = await copy(join(fixtures, 'reference.parquet'), 'reference');
    for (const name of ['healthy', 'drifted']) {
      const current = await copy(join(fixtures, `${name}.parquet`), name);
      const files = await checkFiles(reference, current);
      const tables = await checkFiles('', '', { reference: table('reference'), current: table(name) });
      expect(differences(files, tables), name).toEqual([]);
      expect(tables.tool.engine).toBe('Trino 435');
      if (name === 'healthy') continue;
      const mixed = await checkFiles('', current, { reference: table('reference') });
      expect(differences(files, mixed), `${name}, the reference a table`).toEqual([]);
      const other = await checkFiles(reference, '', { current: table(name) });
      expect(differences(files, other), `${name}, the current side a table`).toEqual([]);
      expect(other.tool.engine).toMatch(/^DuckDB v.*, Trino 435$/);
    }
  });

  it('both work, says the server itself', async () => {
    const report = await checkFiles('', '', { reference: table('reference'), current: table('drifted') });
    const { queries, receivedBytes } = report.datasets.reference.server!;
    expect(queries.filter(({ nodes }) => nodes === 2).length).toBeGreaterThan(5);
    expect(receivedBytes).toBe(queries.reduce((sum, query) => sum + query.receivedBytes, 0));
    const ids = queries.map(({ id }) => `'${id}'`).join(', ');
    const work = await cluster.query(
      `SELECT node_id, count(*), sum(processed_input_rows) FROM system.runtime.tasks WHERE query_id IN (${ids}) GROUP BY 1 ORDER BY 1`,
    );
    const rowsOf = new Map(work.map(([node, , rows]) => [node, Number(rows)]));
    console.log('tasks and rows by node:', JSON.stringify(work));
    expect(rowsOf.get('worker1')).toBeGreaterThan(1000);
    expect(rowsOf.get('worker2')).toBeGreaterThan(1000);
  });

  it('obey a predicate', async () => {
    const where = "term_months > 24 AND region <> 'no''where' -- those";
    const sides = [join(folder, 'reference.parquet'), join(folder, 'drifted.parquet')] as const;
    const files = await checkFiles(...sides, { current: { paths: [sides[1]], where } });
    const tables = await checkFiles('', '', { reference: table('reference'), current: table('drifted', { where }) });
    expect(differences(files, tables)).toEqual([]);
    await expect(
      checkFiles('', '', { reference: table('reference', { where: 'no_such = 1' }), current: table('drifted') }),
    ).rejects.toMatchObject({
      code: 'BAD_WHERE',
      message: 'where "no_such = 1": Column \'no_such\' cannot be resolved',
    });
    // a partition without rows
    const empty = await checkFiles('', '', {
      reference: table('reference'),
      current: table('drifted', { where: '1 = 0' }),
    });
    expect(empty.gate.exitCode).toBe(2);
    expect(empty.datasets.current.rows).toBe(0);
  });

  it('give further sets the same report, a folder each with reference.* and current.*', async () => {
    const root = process.env.DRIFTGATE_TRINO_DATA;
    for (const name of root ? readdirSync(root).sort() : []) {
      const files = readdirSync(join(root!, name));
      const find = (what: RegExp) => files.find((file) => what.test(file) && /\.(csv|parquet)$/.test(file));
      const [then, now] = [find(/reference/), find(/current|monitoring/)];
      if (!then || !now) continue;
      const reference = await copy(join(root!, name, then), `r_${name}`);
      const current = await copy(join(root!, name, now), `c_${name}`);
      const local = await checkFiles(reference, current);
      const remote = await checkFiles('', '', { reference: table(`r_${name}`), current: table(`c_${name}`) });
      console.log(
        `${name}: ${local.datasets.reference.rows} + ${local.datasets.current.rows} rows, ${local.columns.length} columns, ${local.gate.status} / ${remote.gate.status}`,
      );
      expect(differences(local, remote), name).toEqual([]);
    }
  });

  describe('count hostile values as files do', () => {
    let local: Dataset;
    let remote: Dataset;
    let engines: { close(): Promise<void> }[];
    const edges = Float64Array.of(-5, 0, nextUp(0), 5);

    beforeAll(async () => {
      const values = [
        'NULL',
        "'NaN'::DOUBLE",
        "'Infinity'::DOUBLE",
        "'-Infinity'::DOUBLE",
        "'-0.0'::DOUBLE",
        '0e0',
        '5e-324',
        '-5e-324',
        `${nextDown(5)}`,
        '5e0',
        `${nextUp(5)}`,
        '1.7976931348623157e308',
        '-1.7976931348623157e308',
        '0.1e0 + 0.2e0',
        '-5e0',
        `${nextDown(-5)}e0`,
      ];
      const texts = [
        "'plain'",
        "'it''s \"quoted\"'",
        "E'two\\nlines'",
        "'😀 é'",
        "'back\\slash'",
        "''",
        "' blank '",
        "repeat('long ', 60)",
        'NULL',
        "'50 %'",
        "'U&\\0041'",
      ];
      const moments = [
        "TIMESTAMP '2026-03-01 00:00:00'",
        "TIMESTAMP '2026-02-28 23:59:59.999999'",
        "TIMESTAMP '2026-03-01 00:00:00.000001'",
        "TIMESTAMP '1969-12-31 23:59:59.999999'",
        'NULL',
        "TIMESTAMP '2026-03-02 00:00:00'",
        "TIMESTAMP '2026-03-02 12:34:56.789012'",
      ];
      const pick = (list: readonly string[], by: string) =>
        `CASE (${by}) % ${list.length} ${list.map((value, i) => `WHEN ${i} THEN ${value}`).join(' ')} END`;
      const query = `SELECT i AS id, ${pick(values, 'i')} AS x, sin(i) * 10 AS y, ${pick(texts, 'i // 3')} AS s, ${pick(moments, 'i // 7')} AS t,
          9007199254740993 + i % 3 AS big, i % 5 = 0 AS flag, CAST((i % 1000) / 8 AS DECIMAL(12, 3)) AS price, CAST(i % 7 AS FLOAT) / 3 AS f,
          DATE '2026-01-01' + CAST(i % 40 AS INTEGER) AS day, strftime(TIMESTAMP '2026-01-01' + to_seconds(i * 60), '%Y-%m-%dT%H:%M:%SZ') AS iso,
          CAST(NULL AS DOUBLE) AS nothing
        FROM range(4000) AS r(i)`;
      const path = await copy('', 'hostile', query);
      const [here, there] = [await DuckDbEngine.open({ threads: 2 }), await TrinoEngine.open(cluster.server)];
      engines = [here, there];
      local = await here.open('reference', { paths: [path] }, 'ends');
      remote = await there.open('reference', table('hostile'), 'ends');
    });
    afterAll(async () => {
      for (const engine of engines) await engine.close();
    });

    const column = (data: Dataset, name: string) => data.columns.find((one) => one.name === name)!;
    /** the same question to both */
    const both = async <T>(ask: (data: Dataset, name: (name: string) => ReturnType<typeof column>) => Promise<T>) =>
      Promise.all([local, remote].map((data) => ask(data, (name) => column(data, name))));
    const numeric = ['x', 'y', 'big', 'price', 'f', 'day', 't', 'iso', 'nothing'];

    it('the same columns', () => {
      expect(remote.rows).toBe(local.rows);
      expect(remote.columns.map(({ name, family }) => [name, family])).toEqual(
        local.columns.map(({ name, family }) => [name, family]),
      );
    });

    it('first counts, NaN and infinities apart', async () => {
      const [a, b] = await both(async (data, get) => {
        const counts = await data.countNumbers(numeric.map((name) => ({ column: get(name), as: 'value' as const })));
        return counts.map((one) => ({ ...one, distinct: 0 }));
      });
      expect(b).toEqual(a);
    });

    it('tables of values and of categories', async () => {
      const [a, b] = await both((data, get) =>
        data.numberTables(
          numeric.map((name) => ({ column: get(name), as: 'value' as const })),
          100_000,
        ),
      );
      expect(b).toEqual(a);
      const names = ['s', 'flag', 'big', 'price', 'y'];
      const [c, d] = await both(async (data, get) => {
        const counts = await data.countCategories(names.map(get));
        return [counts.map((one) => ({ ...one, distinct: 0 })), await data.categoryTables(names.map(get), 5000)];
      });
      expect(d).toEqual(c);
      const [e, f] = await both((data, get) => data.countDistinct(['s', 'big', 'id', 'y'].map(get)));
      expect(f).toEqual(e);
    });

    it('intervals: values on edges, a step beside them, both zeros, subnormals', async () => {
      const [a, b] = await both(async (data, get) => {
        const request = {
          column: get('x'),
          as: 'value' as const,
          edges,
          min: -Number.MAX_VALUE,
          max: Number.MAX_VALUE,
          center: 0,
          scale: 2 ** -1000,
        };
        const [answer] = await data.intervalCounts([request]);
        const lengths = { ...request, column: get('s'), as: 'length' as const, min: 0, max: 400 };
        return [answer, (await data.intervalCounts([lengths]))[0]].map((one) => ({
          counts: (one as { counts: Float64Array }).counts,
          zeros: (one as { zeros: number }).zeros,
        }));
      });
      expect(b).toEqual(a);
    });

    it('values inside ranges, and heavy ones', async () => {
      const ranges = [
        [-0.5, 0.5],
        [nextDown(5), nextUp(5)],
        [7, 7.125],
      ] as const;
      const [a, b] = await both(async (data, get) => {
        const requests = ['x', 'y'].map((name) => ({ column: get(name), as: 'value' as const, ranges }));
        return [await data.valuesWithin(requests), await data.heavyValues(requests, 100)];
      });
      expect(b).toEqual(a);
    });

    it('duplicates, whole and by key', async () => {
      const [a, b] = await both(async (data, get) => [
        await data.countDuplicates(['x', 's', 't', 'flag', 'big'].map(get), false),
        await data.countDuplicates(['x', 's'].map(get), true),
      ]);
      expect(b).toEqual(a);
    });

    it('groups: stretches of time, moments, labels', async () => {
      const start = Date.UTC(2026, 1, 28) / 1000;
      const [a, b] = await both(async (data, get) => {
        const [labels] = (await data.categoryTables([get('s')], 100)) as CategoryTableSide[];
        const requests = [
          { form: 'numbers' as const, column: get('x'), as: 'value' as const, edges },
          {
            form: 'numbers' as const,
            column: get('big'),
            as: 'value' as const,
            edges: Float64Array.of(9007199254740992, 9007199254740994),
          },
          { form: 'categories' as const, column: get('s'), labels: labels!.values },
          { form: 'categories' as const, column: get('flag'), labels: ['true'] },
          { form: 'categories' as const, column: get('s'), labels: [] },
        ];
        const time = { column: get('t'), as: 'value' as const };
        return [
          await data.groupedCells(requests, { form: 'time', ...time, start, length: 86400, count: 4 }),
          await data.groupedCells(requests, {
            form: 'moments',
            ...time,
            edges: Float64Array.of(-1, 0, start, start + 86400, start + 1e6),
          }),
          await data.groupedCells(requests, {
            form: 'labels',
            columns: [
              { column: get('s'), labels: labels!.values },
              { column: get('flag'), labels: ['false', 'true'] },
            ],
          }),
        ];
      });
      expect(b).toEqual(a);
    });

    it('cells over several axes, with sums', async () => {
      const [a, b] = await both(async (data, get) => {
        const value = (name: string) => ({
          op: 'value' as const,
          reading: { column: get(name), as: 'value' as const },
        });
        const answers = await data.crossCounts([
          {
            axes: [
              { form: 'numbers', column: get('x'), as: 'value', edges },
              { form: 'categories', column: get('flag'), labels: ['true'] },
              {
                form: 'time',
                column: get('t'),
                as: 'value',
                start: Date.UTC(2026, 1, 28) / 1000,
                length: 86400,
                count: 4,
              },
            ],
            sums: [
              value('f'),
              { op: 'least', terms: [value('x'), value('y')] },
              { op: 'greatest', terms: [value('x'), 3] },
              { op: 'ln', term: value('x') },
              { op: '/', terms: [value('y'), value('x')] },
              { op: 'is', column: get('s'), label: 'it\'s "quoted"' },
              { op: 'same', columns: [get('s'), get('flag')] },
              { op: 'abs', term: { op: '-', terms: [value('y'), value('f')] } },
            ],
            where: [{ op: 'is', column: get('flag'), label: 'false' }],
          },
          { axes: [], sums: [value('y')] },
        ]);
        return answers.map((answer) => {
          if (!('places' in answer)) throw new Error(answer.message);
          // in no order
          const order = [...answer.rows.keys()].sort((i, j) => {
            const at = answer.places.findIndex((place) => place[i] !== place[j]);
            return at < 0 ? 0 : answer.places[at]![i]! - answer.places[at]![j]!;
          });
          return order.map((i) => ({
            cell: answer.places.map((place) => place[i]),
            rows: answer.rows[i],
            summed: answer.summed.map((sum) => sum[i]),
            // what overflows is no number on either, if not the same none
            sums: answer.sums.map((sum) => (Number.isFinite(sum[i]) ? Number(sum[i]!.toPrecision(10)) : null)),
          }));
        });
      });
      expect(b).toEqual(a);
    });
  });

  it('columns of many values: the cells of the gate are the same, and so is the verdict', async () => {
    const rows = 300_000;
    const shapes = (i: string, shift: string, cast: (x: string) => string) =>
      `SELECT ${cast(`(${i} * 7919 + 11) % 1000003`)} / 997e0 + ${shift} AS smooth, ${cast(`(${i} * ${i}) % 999983`)} / 64e0 AS lumpy,
       CASE WHEN ${i} % 3 = 0 THEN 0e0 ELSE ${cast(`(${i} * 104729) % 700001`)} * 1e-3 END AS zeros`;
    const sides = [];
    for (const [name, shift] of [
      ['many_then', '0e0'],
      ['many_now', '40e0'],
    ] as const) {
      const path = join(folder, `${name}.parquet`);
      const local = shapes('i', shift, (x) => `CAST(${x} AS DOUBLE)`);
      await duckdb.run(`COPY (${local} FROM range(${rows}) AS r(i)) TO ${literal(path)} (FORMAT parquet)`);
      await cluster.query(
        `CREATE TABLE ${name} AS ${local} FROM (SELECT a * 1000 + b AS i FROM UNNEST(sequence(0, ${rows / 1000 - 1})) x(a) CROSS JOIN UNNEST(sequence(0, 999)) y(b))`,
      );
      sides.push(path);
    }
    const files = await checkFiles(sides[0]!, sides[1]!);
    const tables = await checkFiles('', '', { reference: table('many_then'), current: table('many_now') });
    expect(files.columns.some(({ reference }) => reference?.numbers?.quantilesExact === false)).toBe(true);
    expect(differences(files, tables)).toEqual([]);
    expect(tables.columns.map(({ cells }) => cells)).toEqual(files.columns.map(({ cells }) => cells));
  });

  it('a query that is no longer wanted ends on the server too', async () => {
    const engine = await TrinoEngine.open(cluster.server);
    const data = await engine.open('reference', table('tpch.tiny.orders'), 'ends');
    const big = await engine.open('reference', table('tpch.sf1.lineitem'), 'ends');
    expect(data.rows).toBe(15_000);
    const running = big.countNumbers(
      big.columns.filter(({ family }) => family === 'number').map((one) => ({ column: one, as: 'value' })),
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const asked = performance.now();
    engine.interrupt();
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(performance.now() - asked).toBeLessThan(1000);
    await engine.close();
    const [last] = await cluster.query(
      "SELECT state, error_code FROM system.runtime.queries WHERE source = 'driftgate' AND query LIKE '%lineitem%is_nan%' AND query NOT LIKE '%runtime%' ORDER BY created DESC LIMIT 1",
    );
    expect(last).toEqual(['FAILED', 'USER_CANCELED']);
  });

  // last: the cluster is not whole after it
  it('a worker that dies in mid-query: the whole answer or one clear error, never a part of it', async () => {
    await copy(join(fixtures, 'healthy.parquet'), 'lost');
    const engine = await TrinoEngine.open(cluster.server);
    const data = await engine.open('reference', table('tpch.sf1.lineitem'), 'ends');
    const column = data.columns.find(({ name }) => name === 'extendedprice')!;
    const running = data.countNumbers([{ column, as: 'value' }]).then(
      ([answer]) => ({ answer, error: undefined }),
      (error: Error & { code?: string }) => ({ answer: undefined, error }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    cluster.kill(2);
    const { answer, error } = await running;
    await engine.close();
    console.log('worker killed in mid-query:', error?.message ?? `answered, ${JSON.stringify(answer)}`);
    const attempts = await cluster.query(
      "SELECT state, error_code FROM system.runtime.queries WHERE query LIKE '%extendedprice%lineitem%' AND query NOT LIKE '%runtime%' ORDER BY created",
    );
    console.log('as the server has it:', JSON.stringify(attempts));
    // it was in the middle: the first attempt failed
    expect(attempts.some(([state]) => state === 'FAILED')).toBe(true);
    if (error) {
      expect(error).toMatchObject({ code: 'ENGINE_FAILURE' });
      expect(error.message).toMatch(/^the Trino server failed a query: .*\([A-Z_]+\)$/);
    } else expect(answer).toMatchObject({ present: 6_001_215, castFailures: 0, nan: 0 });

    // rows that lay on the lost worker are gone: an error, not a smaller table
    const lost = await checkFiles('', '', { reference: table('lost'), current: table('lost') }).then(
      () => 'a report',
      (caught: Error & { code?: string }) => caught,
    );
    console.log('rows lost with it:', lost instanceof Error ? lost.message : lost);
    expect(lost).toMatchObject({ code: 'ENGINE_FAILURE' });
    // what lies elsewhere is counted by those that are left
    const nation = { paths: ['tpch.tiny.nation'], server: cluster.server };
    expect((await checkFiles('', '', { reference: nation, current: nation })).datasets.current.rows).toBe(25);
  }, 600_000);
});
