import { DriftError } from '../../model/errors.ts';
import type { QueryRecord } from '../../model/run.ts';
import { printable } from '../../model/text.ts';
import type { SqlSession } from '../sql-dataset.ts';
import { QueryFailure, type QueryResult, type TrinoClient } from './client.ts';

/** Queries at once: a cluster works on several, and its queue is not ours alone. */
const concurrentQueries = 4;
/** Before a query that a node's end may have failed is asked again: the cluster needs to notice. */
const repetitionPauseMs = 1500;

/** Of a cluster, a network or an administrator, whatever the columns. */
const fatalNames = new Set([
  'TABLE_NOT_FOUND',
  'SCHEMA_NOT_FOUND',
  'CATALOG_NOT_FOUND',
  'PERMISSION_DENIED',
  'USER_CANCELED',
  'ADMINISTRATIVELY_KILLED',
  'ADMINISTRATIVELY_PREEMPTED',
  'QUERY_QUEUE_FULL',
]);
/** Of a statement that is too much for the server; a shorter one may pass. */
const tooMuch = new Set(['COMPILER_ERROR', 'QUERY_TEXT_TOO_LARGE', 'STACK_OVERFLOW']);

/** A relation that a statement may name; its columns are written out for those statements only that use them. */
export interface Relation {
  readonly name: string;
  /** SQL by column of the relation */
  readonly columns: ReadonlyMap<string, string>;
  /** SQL after FROM, a WHERE among it */
  readonly from: string;
}

/** One table of a server, asked through SQL; remembers what it cost. */
export class TrinoSession implements SqlSession {
  readonly #client: TrinoClient;
  readonly #records: QueryRecord[] = [];
  #relation: Relation | undefined;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(client: TrinoClient) {
    this.#client = client;
  }

  get records(): readonly QueryRecord[] {
    return [...this.#records];
  }

  define(relation: Relation): void {
    this.#relation = relation;
  }

  async rows(sql: string): Promise<unknown[][]> {
    const { columns, rows } = await this.query(sql);
    const decoders = columns.map(({ type }) => decoderOf(type));
    return rows.map((row) => row.map((value, i) => decoders[i]!(value)));
  }

  async numbers(sql: string): Promise<Float64Array[]> {
    const { columns, rows } = await this.query(sql);
    return columns.map((_, i) => Float64Array.from(rows, (row) => Number(row[i])));
  }

  /** A query that the cluster's own trouble failed is asked once more. */
  async query(sql: string): Promise<QueryResult> {
    await this.#turn();
    try {
      const statement = this.#withRelation(sql);
      const result = await this.#client.query(statement).catch(async (error: unknown) => {
        if (!(error instanceof QueryFailure) || !isTrouble(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, repetitionPauseMs));
        return this.#client.query(statement);
      });
      this.#records.push(result.record);
      return result;
    } catch (error) {
      if (error instanceof QueryFailure && this.isFatal(error)) {
        const message = `the Trino server failed a query: ${printable(error.message, 200)} (${error.errorName})`;
        throw new DriftError('ENGINE_FAILURE', message, { cause: error });
      }
      throw error;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  isInterruption(error: unknown): boolean {
    return error instanceof DriftError && error.code === 'INTERRUPTED';
  }

  /** What is no fault of the columns asked about must not be told as one: a report would stand on what happened to be answered. */
  isFatal(error: unknown): boolean {
    return !(error instanceof QueryFailure) || fatalNames.has(error.errorName) || isTrouble(error);
  }

  async #turn(): Promise<void> {
    if (this.#running >= concurrentQueries) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }

  #withRelation(sql: string): string {
    const relation = this.#relation;
    if (!relation || !new RegExp(`\\b${relation.name}\\b`).test(sql)) return sql;
    // a column's name inside a text is taken along for nothing, which does no harm
    const used = [...new Set(sql.match(/\b(?:c|written)\d+\b/g))].filter((name) => relation.columns.has(name));
    const list = used.map((name) => `${relation.columns.get(name)} AS ${name}`);
    return `WITH ${relation.name} AS (SELECT ${list.join(', ') || '1 AS one'} FROM ${relation.from}) ${sql}`;
  }
}

/** Failures of nodes and networks. */
function isTrouble({ errorType, errorName }: QueryFailure): boolean {
  return errorType !== 'USER_ERROR' && errorType !== 'INSUFFICIENT_RESOURCES' && !tooMuch.has(errorName);
}

/** Infinities and NaN of floating-point columns come as text; whole numbers of many digits do, see parseExactly. */
function decoderOf(type: string): (value: unknown) => unknown {
  if (/^(?:double|real|bigint|integer|smallint|tinyint)$/.test(type)) {
    return (value) => (typeof value === 'string' ? Number(value) : value);
  }
  return (value) => value;
}
