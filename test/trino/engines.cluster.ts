import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { compare } from '../../src/compare.ts';
import { DuckDbSession } from '../../src/engine/duckdb.ts';
import { DuckDbEngine } from '../../src/engine/duckdb-engine.ts';
import type { CategoryTableSide, Dataset } from '../../src/engine/engine.ts';
import { identifier, literal } from '../../src/engine/sources/sql.ts';
import { TrinoClient } from '../../src/engine/trino/client.ts';
import { TrinoEngine } from '../../src/engine/trino/trino-engine.ts';
import { nextDown, nextUp } from '../../src/math/floats.ts';
import type { CompareReport } from '../../src/model/compare.ts';
import type { Report } from '../../src/model/report.ts';
import type { SourceOptions, TrinoServer } from '../../src/model/run.ts';
import { profile } from '../../src/profiling.ts';
import { edgeCases, edgeIntegers, edgeNames, edgesOfNumbers, edgeWindow } from '../edge-cases.ts';
import { goldenSchema, goldenTables } from '../engine/trino/golden-tables.ts';
import { checkFiles, checkOptions } from '../support/check.ts';
import { differences } from './compare.ts';
import { exportFile } from './tables.ts';

const trino = inject('trino');
/** what a machine that checks every change has time for */
const short = process.env.DRIFTGATE_TRINO_TESTS === 'short';

const folder = mkdtempSync(join(tmpdir(), 'driftgate-test-'));
let server: TrinoServer;
let workers: readonly number[];
let client: TrinoClient;
let duckdb: DuckDbSession;

/** Rows of a statement of the tests' own. */
async function ask(sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await client.query(sql)).rows;
}

/** Until a statement gives a row, which it does soon or never. */
async function until(sql: string): Promise<readonly unknown[]> {
  for (const deadline = Date.now() + 300_000; ; await pause(20)) {
    const [row] = await ask(sql);
    if (row !== undefined) return row;
    if (Date.now() > deadline) throw new Error(`no row in five minutes: ${sql}`);
  }
}

/** A copy with names in lower case, which a catalog's names are, and the same as a table. */
async function copy(file: string, table: string, query = `SELECT * FROM ${scanOf(file)}`): Promise<string> {
  const columns = await duckdb.describe(query);
  const list = columns.map(({ name }) => `${identifier(name)} AS ${identifier(name.toLowerCase())}`).join(', ');
  const path = join(folder, `${table}.parquet`);
  await duckdb.run(`COPY (SELECT ${list} FROM (${query})) TO ${literal(path)} (FORMAT parquet)`);
  await exportFile(duckdb, server, path, table);
  return path;
}

function scanOf(file: string): string {
  return file.endsWith('.csv') ? `read_csv(${literal(file)})` : `read_parquet(${literal(file)})`;
}

const fixtures = new URL('../../fixtures/credit-scoring/', import.meta.url).pathname;

describe.skipIf('missing' in trino)('a coordinator and two workers', () => {
  beforeAll(async () => {
    if ('missing' in trino) return;
    ({ server, workers } = trino);
    client = new TrinoClient(server);
    duckdb = await DuckDbSession.open({ temporaryFolder: folder, threads: 2 });
  });
  afterAll(async () => {
    await duckdb?.close();
    await client?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const table = (name: string, more: Partial<SourceOptions> = {}): SourceOptions => ({
    paths: [name],
    server,
    ...more,
  });

  let drifted: Report;

  it('give the fixtures the same report as files do', async () => {
    const reference = await copy(join(fixtures, 'reference.parquet'), 'reference');
    const current = await copy(join(fixtures, 'drifted.parquet'), 'drifted');
    const files = await checkFiles(reference, current);
    drifted = await checkFiles('', '', { reference: table('reference'), current: table('drifted') });
    expect(differences(files, drifted)).toEqual([]);
    expect(drifted.tool.engine).toBe('Trino 435');
  });

  it('both work, says the server itself', async () => {
    const { queries, receivedBytes } = drifted.datasets.reference.server!;
    expect(queries.filter(({ nodes }) => nodes === 2).length).toBeGreaterThan(5);
    expect(receivedBytes).toBe(queries.reduce((sum, query) => sum + query.receivedBytes, 0));
    const ids = queries.map(({ id }) => `'${id}'`).join(', ');
    const work = await ask(
      `SELECT node_id, count(*), sum(processed_input_rows) FROM system.runtime.tasks WHERE query_id IN (${ids}) GROUP BY 1 ORDER BY 1`,
    );
    const rowsOf = new Map(work.map(([node, , rows]) => [node, Number(rows)]));
    console.log('tasks and rows by node:', JSON.stringify(work));
    expect(rowsOf.get('worker1')).toBeGreaterThan(1000);
    expect(rowsOf.get('worker2')).toBeGreaterThan(1000);
  });

  it.skipIf(short)('one side a table, the other a file', async () => {
    const [reference, current] = [join(folder, 'reference.parquet'), join(folder, 'drifted.parquet')];
    const files = await checkFiles(reference, current);
    const mixed = await checkFiles('', current, { reference: table('reference') });
    expect(differences(files, mixed), 'the reference a table').toEqual([]);
    const other = await checkFiles(reference, '', { current: table('drifted') });
    expect(differences(files, other), 'the current side a table').toEqual([]);
    expect(other.tool.engine).toMatch(/^DuckDB v.*, Trino 435$/);
  });

  it.skipIf(short)('healthy data', async () => {
    const current = await copy(join(fixtures, 'healthy.parquet'), 'healthy');
    const files = await checkFiles(join(folder, 'reference.parquet'), current);
    const tables = await checkFiles('', '', { reference: table('reference'), current: table('healthy') });
    expect(differences(files, tables)).toEqual([]);
  });

  it('two versions of a model compared, with metrics of the requests of both', async () => {
    const log = await copy(new URL('../../fixtures/card-payments/log.parquet', import.meta.url).pathname, 'payments');
    // a challenger whose every score is a probability, so that it has all metrics
    const where = 'score <= 1';
    const of = (source: SourceOptions) =>
      compare({
        champion: '3',
        challenger: '4',
        check: { ...checkOptions('', ''), reference: source, current: source },
      });
    const files = await of({ paths: [log], where });
    const tables = await of(table('payments', { where }));
    expect(tables.paired!.metrics.map(({ id }) => id)).toEqual(['accuracy', 'roc-auc', 'log-loss', 'brier-score']);
    const parts = [
      'gate',
      'leader',
      'standing',
      'findings',
      'differences',
      'columns',
      'service',
      'paired',
      'notes',
    ] as const;
    const told = (report: CompareReport) => Object.fromEntries(parts.map((part) => [part, report[part]]));
    expect(differences(told(files), told(tables))).toEqual([]);
  });

  it.skipIf(short)('one side a saved profile, of a file or of a table', async () => {
    const file = { paths: [join(folder, 'reference.parquet')] };
    const log = { paths: [join(folder, 'drifted.parquet')] };
    // profiles of the same name, as their name is told
    const save = async (where: string, source: SourceOptions, like?: string): Promise<string> => {
      const path = join(folder, where, like ? 'log.profile.json' : 'train.profile.json');
      mkdirSync(dirname(path), { recursive: true });
      const check = { ...checkOptions('', ''), reference: source };
      writeFileSync(path, JSON.stringify(await profile({ check, ...(like ? { like } : {}) })));
      return path;
    };
    const ofFile = await save('file', file);
    const ofTable = await save('table', table('reference'));
    const plain = await checkFiles(ofFile, '', { current: log });
    const against: [string, string, SourceOptions][] = [
      ['a profile of a file, a table', ofFile, table('drifted')],
      ['a profile of a table, a file', ofTable, log],
      ['a profile of a table, a table', ofTable, table('drifted')],
    ];
    for (const [what, reference, current] of against) {
      expect(differences(plain, await checkFiles(reference, '', { current })), what).toEqual([]);
    }
    // and the log's as well, counted over the reference's cells where it lies
    const both = await checkFiles(ofFile, await save('file', log, ofFile));
    const remote = await checkFiles(ofFile, await save('table', table('drifted'), ofFile));
    expect(differences(both, remote)).toEqual([]);
    // a profile's cells are those of a profile, not of a table that is yet to be counted
    const saved = join(folder, 'table', 'log.profile.json');
    await expect(checkFiles('', saved, { reference: table('reference') })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: `the profile "${saved}" can be compared with a profile alone: profile the reference, and this data with --like that profile`,
    });
  });

  it.skipIf(short)('obey a predicate', async () => {
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

  const root = process.env.DRIFTGATE_TRINO_DATA;
  it.skipIf(!root)('give further sets the same report, a folder each with reference.* and current.*', async () => {
    for (const name of readdirSync(root!).sort()) {
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
    const edges = Float64Array.from(edgesOfNumbers);

    beforeAll(async () => {
      const path = await copy('', 'hostile', edgeCases(4000));
      const [here, there] = [await DuckDbEngine.open({ threads: 2 }), await TrinoEngine.open(server)];
      engines = [here, there];
      local = await here.open('reference', { paths: [path] }, 'ends');
      remote = await there.open('reference', table('hostile'), 'ends');
    });
    afterAll(async () => {
      for (const engine of engines) await engine.close();
    });

    const column = (data: Dataset, name: string) => data.columns.find((one) => one.name === name)!;
    /** the same question to both */
    const both = async <T>(answer: (data: Dataset, name: (name: string) => ReturnType<typeof column>) => Promise<T>) =>
      Promise.all([local, remote].map((data) => answer(data, (name) => column(data, name))));
    const uniform = ['nothing', 'only_nan', 'nan_and_null', 'infinite', 'zeros', 'subnormal'];
    const numeric = ['x', 'y', 'ulps', 'big', 'price', 'f', 'day', 't', 'iso', ...uniform, ...edgeNames];

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
        const cut = Float64Array.from(new Set([...ranges.flat(), 0, nextUp(0), 5, 7.0625])).sort();
        return [
          await data.valuesWithin(requests),
          await data.heavyValues(requests, 100),
          await data.countsWithin(requests.map((request) => ({ ...request, edges: cut }))),
        ];
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
      const { start } = edgeWindow;
      const [a, b] = await both(async (data, get) => {
        const [labels] = (await data.categoryTables([get('s')], 100)) as CategoryTableSide[];
        const requests = [
          { form: 'numbers' as const, column: get('x'), as: 'value' as const, edges },
          {
            form: 'numbers' as const,
            column: get('big'),
            as: 'value' as const,
            edges: Float64Array.from(new Set(edgeIntegers.map(Number))).sort(),
          },
          { form: 'categories' as const, column: get('s'), labels: labels!.values },
          { form: 'categories' as const, column: get('flag'), labels: ['true'] },
          { form: 'categories' as const, column: get('s'), labels: [] },
        ];
        const time = { column: get('t'), as: 'value' as const };
        return [
          await data.groupedCells(requests, { form: 'time', ...time, ...edgeWindow }),
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
      const ends = Float64Array.from([Number.NEGATIVE_INFINITY, ...edges, Number.POSITIVE_INFINITY]);
      const [a, b] = await both(async (data, get) => {
        const value = (name: string) => ({
          op: 'value' as const,
          reading: { column: get(name), as: 'value' as const },
        });
        const answers = await data.crossCounts([
          {
            axes: [
              { form: 'numbers', column: get('x'), as: 'value', edges: ends },
              { form: 'categories', column: get('flag'), labels: ['true'] },
              { form: 'time', column: get('t'), as: 'value', ...edgeWindow },
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
          {
            axes: [{ form: 'categories', column: get('flag'), labels: ['true'] }],
            sums: [value('y')],
            inside: [
              { term: value('x'), edges },
              { term: { op: '/', terms: [value('y'), value('x')] }, edges },
            ],
          },
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
            inside: answer.inside.map((cells) => cells[i]),
            // what overflows is no number on either, if not the same none
            sums: answer.sums.map((sum) => (Number.isFinite(sum[i]) ? Number(sum[i]!.toPrecision(10)) : null)),
          }));
        });
      });
      expect(b).toEqual(a);
    });
  });

  it('take every statement of the golden files for valid', async () => {
    await ask(`CREATE SCHEMA ${goldenSchema}`);
    for (const [name, columns] of Object.entries(goldenTables)) {
      const list = columns.map(([column, type]) => `${identifier(column)} ${type}`).join(', ');
      await ask(`CREATE TABLE ${goldenSchema}.${identifier(name)} (${list})`);
    }
    const root = new URL('../engine/trino/golden-sql/', import.meta.url);
    for (const file of readdirSync(root)) {
      const statements = readFileSync(new URL(file, root), 'utf8').replace(/;\n$/, '').split(';\n\n');
      for (const [i, statement] of statements.entries()) {
        const valid = await ask(`EXPLAIN (TYPE VALIDATE) ${statement}`).then(
          ([row]) => row?.[0],
          (error: Error) => error.message,
        );
        expect(valid, `${file}, statement ${i + 1}`).toBe(true);
      }
    }
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
      await ask(
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
    const engine = await TrinoEngine.open(server);
    const data = await engine.open('reference', table('tpch.tiny.orders'), 'ends');
    const big = await engine.open('reference', table('tpch.sf1.lineitem'), 'ends');
    expect(data.rows).toBe(15_000);
    const running = big.countNumbers(
      big.columns.filter(({ family }) => family === 'number').map((one) => ({ column: one, as: 'value' })),
    );
    const refused = expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const [id] = await until(
      "SELECT query_id FROM system.runtime.queries WHERE state = 'RUNNING' AND query LIKE '%lineitem%is_nan%' AND query NOT LIKE '%runtime%'",
    );
    const asked = performance.now();
    engine.interrupt();
    await refused;
    // somebody waits for it
    expect(performance.now() - asked).toBeLessThan(5000);
    await engine.close();
    const state = `SELECT state, error_code FROM system.runtime.queries WHERE query_id = '${id}'`;
    expect(await until(`${state} AND state <> 'RUNNING'`)).toEqual(['FAILED', 'USER_CANCELED']);
  });

  // last: the cluster is not whole after it
  it('a worker that dies in mid-query: the whole answer or one clear error, never a part of it', async () => {
    await copy(join(fixtures, 'healthy.parquet'), 'lost');
    const engine = await TrinoEngine.open(server);
    const data = await engine.open('reference', table('tpch.sf1.lineitem'), 'ends');
    const column = data.columns.find(({ name }) => name === 'extendedprice')!;
    const running = data.countNumbers([{ column, as: 'value' }]).then(
      ([answer]) => ({ answer, error: undefined }),
      (error: Error & { code?: string }) => ({ answer: undefined, error }),
    );
    await until(
      "SELECT t.task_id FROM system.runtime.tasks t JOIN system.runtime.queries q ON t.query_id = q.query_id WHERE t.node_id = 'worker2' AND t.state = 'RUNNING' AND q.state = 'RUNNING' AND q.query LIKE '%extendedprice%lineitem%' AND q.query NOT LIKE '%runtime%'",
    );
    process.kill(workers[1]!, 'SIGKILL');
    const { answer, error } = await running;
    await engine.close();
    console.log('worker killed in mid-query:', error?.message ?? `answered, ${JSON.stringify(answer)}`);
    const attempts = await ask(
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
    const nation = { paths: ['tpch.tiny.nation'], server: server };
    expect((await checkFiles('', '', { reference: nation, current: nation })).datasets.current.rows).toBe(25);
  });
});
