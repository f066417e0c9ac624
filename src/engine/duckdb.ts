import { dirname } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBMaterializedResult,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  type DuckDBVector,
  listValue,
} from '@duckdb/node-api';
import { DriftError } from '../model/errors.ts';
import { quoted } from '../model/text.ts';
import { Pool } from './pool.ts';
import { freshName } from './sources/sql.ts';
import type { ColumnValues } from './sql-dataset.ts';

export interface SessionOptions {
  readonly threads?: number | undefined;
  /** e.g. `2GB` */
  readonly memoryLimit?: string | undefined;
  /** folder for spilled data; the caller creates and removes it */
  readonly temporaryFolder: string;
}

/** A type of the engine, apart from the driver's classes. */
export interface EngineType {
  /** as SQL writes it, e.g. `DECIMAL(10,2)` */
  readonly name: string;
  /** without parameters: `DECIMAL`, `STRUCT`, `LIST` … */
  readonly kind: string;
  /** of a STRUCT */
  readonly fields: readonly EngineColumn[];
  /** of a LIST or ARRAY */
  readonly element?: EngineType;
}

export interface EngineColumn {
  readonly name: string;
  readonly type: EngineType;
}

type NumberArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** Values for one column of a table: numbers as typed arrays of the column's own width, anything else item by item. */
export interface AppendedColumn {
  readonly values: NumberArray | readonly (string | boolean | readonly number[] | null)[];
  /** for typed arrays, non-zero where there is no value */
  readonly nulls?: Uint8Array;
}

/** memory that the engine may use unless it is told another */
const usualMemory = '600MB';

/** rows a vector of the engine holds */
const vectorSize = 2048;

/** Two queries at a time: one alone leaves threads idle whenever its last row groups are being worked on, three get in their own way. */
const lanes = 2;

/** A query under way. */
interface Running {
  /** others ran beside it, and took of the memory */
  shared: boolean;
}

/** One embedded engine with a few connections: the only door to the driver. */
export class DuckDbSession {
  readonly version: string;
  readonly threads: number;
  /** folder for spilled data and converted files; the caller creates and removes it */
  readonly temporaryFolder: string;
  readonly #instance: DuckDBInstance;
  readonly #connections: readonly DuckDBConnection[];
  readonly #lanes: Pool<DuckDBConnection>;
  readonly #running = new Set<Running>();
  readonly #options: SessionOptions;
  readonly #interruption = new AbortController();

  private constructor(
    instance: DuckDBInstance,
    connections: readonly DuckDBConnection[],
    version: string,
    threads: number,
    options: SessionOptions,
  ) {
    this.#instance = instance;
    this.#connections = connections;
    this.#lanes = new Pool(connections);
    this.version = version;
    this.threads = threads;
    this.temporaryFolder = options.temporaryFolder;
    this.#options = options;
  }

  static async open(options: SessionOptions): Promise<DuckDbSession> {
    const config: Record<string, string> = {
      // no network, ever: an extension that is not linked in is an error, not a download
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      temp_directory: options.temporaryFolder,
      preserve_insertion_order: 'false',
      memory_limit: options.memoryLimit ?? usualMemory,
    };
    if (options.threads !== undefined) config.threads = String(options.threads);
    try {
      const instance = await DuckDBInstance.create(':memory:', config);
      const connections = await Promise.all(Array.from({ length: lanes }, () => instance.connect()));
      const [connection] = connections;
      // text without an offset is UTC, wherever this runs
      for (const each of connections) await each.run("SET TimeZone = 'UTC'");
      const reader = await connection!.runAndReadAll("SELECT version(), current_setting('threads')::INTEGER");
      const [version, threads] = reader.getRows()[0] as [string, number];
      return new DuckDbSession(instance, connections, version, threads, options);
    } catch (cause) {
      throw outOfRoom(cause, options);
    }
  }

  /**
   * In the order they are asked, a few at a time; the next begins while the result of the last is still being read here. So who asks
   * for several things at once lets the engine's threads and this one work side by side.
   */
  async #execute(sql: string, connection?: DuckDBConnection): Promise<DuckDBMaterializedResult> {
    const query: Running = { shared: false };
    const run = async (connection: DuckDBConnection) => {
      this.#refuseWhenInterrupted();
      query.shared = this.#running.size > 0;
      for (const other of this.#running) other.shared = true;
      this.#running.add(query);
      try {
        // not streamed: a streamed result is produced by one thread
        return await connection.run(sql);
      } finally {
        this.#running.delete(query);
      }
    };
    try {
      return await this.#lanes.use(run, connection).catch((cause: unknown) => {
        // what two have no room for, one alone may
        if (query.shared && isOutOfMemory(cause)) return this.#lanes.useAlone(run);
        throw cause;
      });
    } catch (cause) {
      throw outOfRoom(cause, this.#options);
    }
  }

  /** Runs a statement for its effect. */
  async run(sql: string): Promise<void> {
    await this.#execute(sql);
  }

  /** What is loaded meanwhile keeps the order of its rows, which costs threads their freedom. */
  async inOrder<T>(load: () => Promise<T>): Promise<T> {
    await this.run('SET preserve_insertion_order = true');
    try {
      return await load();
    } finally {
      await this.run('SET preserve_insertion_order = false').catch(() => {});
    }
  }

  /** A thread holds a part of every column of a table that it writes: of very many columns, one thread's worth may fit. */
  async onOneThread<T>(load: () => Promise<T>): Promise<T> {
    await this.run('SET threads = 1');
    try {
      return await load();
    } finally {
      await this.run(`SET threads = ${this.threads}`).catch(() => {});
    }
  }

  /** All rows of a small result. bigint and driver values are not converted: cast in SQL. */
  async rows(sql: string): Promise<unknown[][]> {
    return rowsOf(await this.#execute(sql));
  }

  /** Runs a statement that makes or drops temporary tables, which a connection has for itself: always the same one. */
  async runTemporary(sql: string): Promise<void> {
    await this.#execute(sql, this.#home);
  }

  /** All rows of a small result over temporary tables. */
  async temporaryRows(sql: string): Promise<unknown[][]> {
    return rowsOf(await this.#execute(sql, this.#home));
  }

  get #home(): DuckDBConnection {
    return this.#connections[0]!;
  }

  /** Every column of a result as doubles; no NULL may be among them. */
  async numbers(sql: string): Promise<Float64Array[]> {
    const result = await this.#execute(sql);
    const chunks = await result.fetchAllChunks();
    const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
    const columns = Array.from({ length: result.columnCount }, () => new Float64Array(rows));
    let offset = 0;
    for (const chunk of chunks) {
      const count = chunk.rowCount;
      for (let i = 0; i < columns.length; i++) {
        const column = columns[i]!;
        const vector = chunk.getColumnVector(i);
        // the driver keeps a vector's doubles in an array that it does not show: copied whole where it is there
        const { items } = vector as { items?: unknown };
        if (items instanceof Float64Array) column.set(items, offset);
        else for (let row = 0; row < count; row++) column[offset + row] = vector.getItem(row) as number;
      }
      offset += count;
    }
    return columns;
  }

  /** Keeps the rows of a query for several questions. */
  async keep(query: string): Promise<{ readonly relation: string; drop(): Promise<void> }> {
    const relation = freshName('kept');
    await this.run(`CREATE TABLE ${relation} AS ${query}`);
    return { relation, drop: () => this.run(`DROP TABLE ${relation}`) };
  }

  /** Every column of a result: DOUBLE as numbers, VARCHAR as categories. */
  async columns(sql: string): Promise<ColumnValues[]> {
    const result = await this.#execute(sql);
    const chunks = await result.fetchAllChunks();
    const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
    return result.columnTypes().map(({ typeId }, i) => {
      const vectors = chunks.map((chunk) => chunk.getColumnVector(i));
      return typeId === DuckDBTypeId.DOUBLE ? numbersOf(vectors, rows) : categoriesOf(vectors, rows);
    });
  }

  /** The columns a query would give. */
  async describe(query: string): Promise<EngineColumn[]> {
    const result = await this.#execute(`SELECT * FROM (${query}) LIMIT 0`);
    const types = result.columnTypes();
    return result.columnNames().map((name, i) => ({ name, type: engineType(types[i]!) }));
  }

  /** How many statements a text holds; a syntax error rejects. */
  async countStatements(sql: string): Promise<number> {
    return (await this.#home.extractStatements(sql)).count;
  }

  /**
   * Appends batches of columns to a table that exists; far faster than INSERT.
   *
   * @param table a plain identifier
   */
  append(table: string, batches: AsyncIterable<readonly AppendedColumn[]>): Promise<void> {
    return this.#lanes.use((connection) => this.#appendBy(connection, table, batches));
  }

  async #appendBy(
    connection: DuckDBConnection,
    table: string,
    batches: AsyncIterable<readonly AppendedColumn[]>,
  ): Promise<void> {
    this.#refuseWhenInterrupted();
    const appender = await connection.createAppender(table);
    try {
      const types = Array.from({ length: appender.columnCount }, (_, i) => appender.columnType(i));
      for await (const columns of batches) {
        const rows = columns[0]?.values.length ?? 0;
        for (let from = 0; from < rows; from += vectorSize) {
          const chunk = DuckDBDataChunk.create(types, Math.min(vectorSize, rows - from));
          for (const [i, column] of columns.entries()) fillVector(chunk, i, column, from);
          appender.appendDataChunk(chunk);
        }
      }
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
  }

  /** Aborted by {@link interrupt}, for what waits outside the engine. */
  get interruption(): AbortSignal {
    return this.#interruption.signal;
  }

  /** Stops the running queries, which reject, and every one after them. */
  interrupt(): void {
    this.#interruption.abort();
    for (const connection of this.#connections) connection.interrupt();
  }

  /** An interruption may come between two queries, when there is none to stop. */
  #refuseWhenInterrupted(): void {
    if (this.interruption.aborted) throw new Error('INTERRUPT before the query began');
  }

  /** True when a call failed because it was interrupted. */
  isInterruption(error: unknown): boolean {
    return error instanceof Error && error.message.startsWith('INTERRUPT');
  }

  /** The engine is part of this process: what it cannot do is a matter of the columns. */
  isFatal(): boolean {
    return false;
  }

  /** Stops what still runs. */
  async close(): Promise<void> {
    this.interrupt();
    await this.#lanes.useAlone(async () => {});
    for (const connection of this.#connections) connection.closeSync();
    this.#instance.closeSync();
  }
}

/** True for an error of the engine, and for what became of it here. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && (error.message.startsWith('Out of Memory Error') || isOutOfMemory(error.cause));
}

/** A failure for want of memory or disk is the user's to mend, not a fault of the data or of ours. */
function outOfRoom(cause: unknown, { memoryLimit = usualMemory, temporaryFolder }: SessionOptions): unknown {
  if (!(cause instanceof Error)) return cause;
  if (/No space left on device|max_temp_directory_size/.test(cause.message)) {
    const folder = quoted(dirname(temporaryFolder), 200);
    return new DriftError(
      'ENGINE_FAILURE',
      `the engine needs more room than the temporary folder ${folder} has; raise --memory-limit or let TMPDIR name another folder`,
      { cause },
    );
  }
  if (!isOutOfMemory(cause)) return cause;
  return new DriftError(
    'ENGINE_FAILURE',
    `the engine needs more memory than the ${memoryLimit} that it may use; raise --memory-limit`,
    { cause },
  );
}

async function rowsOf(result: DuckDBMaterializedResult): Promise<unknown[][]> {
  return (await result.getRows()) as DuckDBValue[][];
}

function numbersOf(vectors: readonly DuckDBVector[], rows: number): ColumnValues {
  const values = new Float64Array(rows);
  let nulls: Uint8Array | null = null;
  let offset = 0;
  for (const vector of vectors) {
    // the driver shows neither a vector's doubles nor its validity: taken whole where they are there
    const { items, validity } = vector as { items?: unknown; validity?: { data?: unknown } };
    const whole = items instanceof Float64Array;
    if (whole) values.set(items, offset);
    if (!(whole && validity?.data === null)) {
      for (let row = 0; row < vector.itemCount; row++) {
        const value = vector.getItem(row) as number | null;
        if (value === null) {
          nulls ??= new Uint8Array(rows);
          nulls[offset + row] = 1;
        }
        values[offset + row] = value ?? Number.NaN;
      }
    }
    offset += vector.itemCount;
  }
  return { form: 'numbers', values, nulls };
}

function categoriesOf(vectors: readonly DuckDBVector[], rows: number): ColumnValues {
  const places = new Map<string, number>();
  const codes = new Int32Array(rows);
  let offset = 0;
  for (const vector of vectors) {
    for (let row = 0; row < vector.itemCount; row++) {
      const value = vector.getItem(row) as string | null;
      let code = value === null ? -1 : places.get(value);
      if (code === undefined) {
        code = places.size;
        places.set(value as string, code);
      }
      codes[offset + row] = code;
    }
    offset += vector.itemCount;
  }
  return { form: 'categories', values: [...places.keys()], codes };
}

function engineType(type: DuckDBType): EngineType {
  const shape = { name: String(type), kind: DuckDBTypeId[type.typeId] };
  if (type.typeId === DuckDBTypeId.STRUCT) {
    const { entryNames, entryTypes } = type as DuckDBType & {
      readonly entryNames: readonly string[];
      readonly entryTypes: readonly DuckDBType[];
    };
    return { ...shape, fields: entryNames.map((name, i) => ({ name, type: engineType(entryTypes[i]!) })) };
  }
  if (type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY) {
    const { valueType } = type as DuckDBType & { readonly valueType: DuckDBType };
    return { ...shape, fields: [], element: engineType(valueType) };
  }
  return { ...shape, fields: [] };
}

function fillVector(chunk: DuckDBDataChunk, column: number, { values, nulls }: AppendedColumn, from: number): void {
  if (!ArrayBuffer.isView(values)) {
    const part = values.slice(from, from + chunk.rowCount);
    chunk.setColumnValues(
      column,
      part.map((value) => (Array.isArray(value) ? listValue(value) : value) as DuckDBValue),
    );
    return;
  }
  const vector = chunk.getColumnVector(column);
  // the driver keeps the array private; item by item is five times slower
  const { items } = vector as unknown as { readonly items: { set(part: NumberArray): void } };
  items.set(values.subarray(from, from + chunk.rowCount));
  if (nulls) {
    for (let row = 0; row < chunk.rowCount; row++) if (nulls[from + row]) vector.setItem(row, null);
  }
  vector.flush();
}
