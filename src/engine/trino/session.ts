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

/** A server's tables, asked through SQL; remembers what each cost. A statement may name several. */
export class TrinoSession implements SqlSession {
  readonly remote = true;
  readonly #client: TrinoClient;
  readonly #relations: Relation[] = [];
  readonly #records = new Map<string, QueryRecord[]>();
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(client: TrinoClient) {
    this.#client = client;
  }

  /** Queries that named a relation, or were asked on its way. */
  recordsOf(name: string): readonly QueryRecord[] {
    return [...(this.#records.get(name) ?? [])];
  }

  /** A name that no other relation of the session has. */
  freshName(): string {
    const name = `data_${this.#records.size + 1}`;
    this.#records.set(name, []);
    return name;
  }

  define(relation: Relation): void {
    this.#relations.push(relation);
  }

  async rows(sql: string, asker?: string): Promise<unknown[][]> {
    const { columns, rows } = await this.query(sql, asker);
    const decoders = columns.map(({ type }) => decoderOf(type));
    return rows.map((row) => row.map((value, i) => decoders[i]!(value)));
  }

  async numbers(sql: string): Promise<Float64Array[]> {
    const { columns, rows } = await this.query(sql);
    return columns.map((_, i) => Float64Array.from(rows, (row) => Number(row[i])));
  }

  /**
   * A query that the cluster's own trouble failed is asked once more.
   *
   * @param asker the relation for whose sake a statement is asked that names none
   */
  async query(sql: string, asker?: string): Promise<QueryResult> {
    await this.#turn();
    try {
      const named = this.#relations.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(sql));
      const statement = withRelations(sql, named);
      const result = await this.#client.query(statement).catch(async (error: unknown) => {
        if (!(error instanceof QueryFailure) || !isTrouble(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, repetitionPauseMs));
        return this.#client.query(statement);
      });
      for (const name of asker === undefined ? named.map((relation) => relation.name) : [asker]) {
        this.#records.get(name)?.push(result.record);
      }
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
}

/** Each relation is written out in the columns that the statement uses. */
function withRelations(sql: string, relations: readonly Relation[]): string {
  if (relations.length === 0) return sql;
  // a column's name inside a text is taken along for nothing, which does no harm
  const used = new Set(sql.match(/\b(?:c|written)\d+\b/g));
  const definitions = relations.map(({ name, columns, from }) => {
    const list = [...columns].filter(([column]) => used.has(column)).map(([column, value]) => `${value} AS ${column}`);
    return `${name} AS (SELECT ${list.join(', ') || '1 AS one'} FROM ${from})`;
  });
  return `WITH ${definitions.join(', ')} ${sql}`;
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
