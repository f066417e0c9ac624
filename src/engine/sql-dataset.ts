import { nextDown, nextUp } from '../math/floats.ts';
import { DriftError } from '../model/errors.ts';
import type { RepeatCounts } from '../model/quality.ts';
import type { DatasetInfo } from '../model/run.ts';
import type { HashedColumn, SqlDialect } from './dialect.ts';
import {
  type Answer,
  type Axis,
  axisSize,
  type CategoryCounts,
  type CategoryTableSide,
  ColumnFailure,
  type CrossCounts,
  type CrossRequest,
  type Dataset,
  type Derivation,
  type DerivedColumn,
  type Disorder,
  type GroupedAnswers,
  type GroupedCells,
  type GroupedRequest,
  type Grouping,
  groupsOf,
  type IntervalCounts,
  type IntervalRequest,
  type LabelJoin,
  type LabelJoinCounts,
  type LabelledColumn,
  type LabelledRows,
  lagProbabilities,
  type NumberCounts,
  type NumberReading,
  type NumberTable,
  type PairedRanking,
  type PairedRankingRequest,
  type PairedRows,
  type PairedSide,
  type PairRequest,
  type Range,
  type RangeCountRequest,
  type RangeRequest,
  type RankingRequest,
  type SampleRequest,
  type ScoreRanking,
  type ScoreRows,
  type Stretches,
  type Term,
  type TimeEdges,
  type TimeGrid,
} from './engine.ts';
import { joinedQuery, keyHash, labelsByKey, plainText } from './label-join.ts';
import { type KeyedRows, keyCounts, uniqueRows } from './pairs.ts';
import { pairedRankingOf, pairedRankingQuery, rankingOf, rankingQuery, scoreTableQuery } from './rankings.ts';
import { disorderQuery, type RowOrder } from './row-order.ts';
import type { OpenedSource, SourceColumn } from './source.ts';

/** One column's values, row by row. */
export type ColumnValues =
  | {
      readonly form: 'numbers';
      /** NaN also where there is none */
      readonly values: Float64Array;
      /** non-zero where there is no value; null when every row has one */
      readonly nulls: Uint8Array | null;
    }
  | {
      readonly form: 'categories';
      /** distinct values, in the order they were met */
      readonly values: readonly string[];
      /** each row's place in `values`; −1 where there is none */
      readonly codes: Int32Array;
    };

/** What a data set asks of a driver. */
export interface SqlSession {
  rows(sql: string): Promise<unknown[][]>;
  /** every column of the result as doubles; no NULL may be among them */
  numbers(sql: string): Promise<Float64Array[]>;
  /** keeps the rows of a query for several questions; absent where nothing can be written, so that each question asks anew */
  keep?(query: string): Promise<{ readonly relation: string; drop(): Promise<void> }>;
  /** texts and doubles by column, where the driver gives them quicker so than by row */
  columns?(sql: string): Promise<ColumnValues[]>;
  /** rows come over a network: what repeats itself is better counted there */
  readonly remote?: boolean;
  /** true when the error came from an interruption */
  isInterruption(error: unknown): boolean;
  /** true when the error is none of the columns' asked about, and ends the run as it is */
  isFatal(error: unknown): boolean;
}

/** How a column's values are read out: as numbers, or as categories are told apart. */
export type ColumnReading = NumberReading | { readonly column: SourceColumn; readonly as: 'category' };

/** One column's part of a wide select, and how to read its values. */
interface Part<T> {
  readonly expressions: readonly string[];
  readonly decode: (values: readonly unknown[]) => T;
}

/** More columns than this in one statement plan and run slower. */
const columnsPerStatement = 40;
/** Fewer are not worth a statement of their own; more are asked for by two, which the engine works on side by side. */
const fewestPerStatement = 8;
/** Plain columns cost little more than the planning that they share. */
const columnsPerReading = 200;
/** Grouped columns in one statement: enough to share the cost of planning, few enough to keep the hash tables small. */
const groupsPerStatement = 8;
/** Ranges up to this many times wider than the narrowest are looked up on its grid. */
const gridReach = 128;
/** Fewer labels are found as quickly in a list. */
const labelsWorthAJoin = 8;
/** A category longer than this (bytes) is shown, and told apart, by its beginning and a digest. */
const longCategory = 200;

/** Answers a data set's questions by SQL over one relation. */
export class SqlDataset implements Dataset {
  readonly rows: number;
  readonly loaded: boolean;
  readonly columns: readonly SourceColumn[];
  readonly #session: SqlSession;
  readonly #sql: SqlDialect;
  readonly #source: OpenedSource;
  readonly #longColumns = new Set<SourceColumn>();
  /** columns seen to hold finite values only: they need no guard, which costs more than many an aggregate */
  readonly #finiteColumns = new Set<SourceColumn>();
  /** whole numbers that doubles tell apart: they are grouped as they are stored, which is quicker */
  readonly #exactIntegers = new Set<SourceColumn>();

  constructor(session: SqlSession, dialect: SqlDialect, source: OpenedSource) {
    this.#session = session;
    this.#sql = dialect;
    this.#source = source;
    this.rows = source.rows;
    this.loaded = source.loaded;
    this.columns = source.columns;
  }

  get info(): DatasetInfo {
    return this.#source.info;
  }

  get remote(): boolean {
    return this.#session.remote ?? false;
  }

  async countNumbers(readings: readonly NumberReading[], distinct = true): Promise<Answer<NumberCounts>[]> {
    const sql = this.#sql;
    const answers = await this.#wide<NumberCounts>(
      readings.map((reading) => {
        const name = this.#name(reading.column);
        const x = reading.as === 'value' && reading.column.ticks === undefined ? name : this.#number(reading);
        const parsed = reading.as === 'time';
        return {
          expressions: [
            `count(${parsed ? x : name})`,
            parsed ? `count(${name}) - count(${x})` : this.#castFailures(reading.column),
            distinct ? sql.approximateDistinct(x) : '0',
            sql.asDouble(`min(${x})`),
            sql.asDouble(sql.largest(x)),
          ],
          decode: ([present, failures, estimated, min, max]) => ({
            present: Number(present),
            castFailures: Number(failures),
            distinct: Number(estimated),
            min: min === null ? Number.NaN : Number(min) + 0,
            max: max === null ? Number.NaN : Number(max) + 0,
            nan: 0,
            positiveInfinity: 0,
            negativeInfinity: 0,
          }),
        };
      }),
    );
    // NaN and the infinities are the extremes wherever they occur: finite extremes mean that every value is finite
    const suspects: number[] = [];
    for (const [i, answer] of answers.entries()) {
      if (answer instanceof ColumnFailure) continue;
      const { column } = readings[i]!;
      if (Number.isFinite(answer.min) && Number.isFinite(answer.max)) this.#finiteColumns.add(column);
      else if (answer.present > 0) suspects.push(i);
      if (column.family !== 'integer' || column.ticks !== undefined) continue;
      if (Number.isSafeInteger(answer.min) && Number.isSafeInteger(answer.max)) this.#exactIntegers.add(column);
    }
    const details = await this.#wide(suspects.map((i) => this.#nonFinite(readings[i]!)));
    for (const [k, i] of suspects.entries()) {
      const detail = details[k]!;
      if (detail instanceof ColumnFailure) {
        answers[i] = detail;
        continue;
      }
      answers[i] = { ...(answers[i] as NumberCounts), ...detail };
      const { nan, positiveInfinity, negativeInfinity } = detail;
      // an engine that cannot rule NaN out may answer it without looking
      if (nan === 0 && positiveInfinity === 0 && negativeInfinity === 0) this.#finiteColumns.add(readings[i]!.column);
    }
    return answers;
  }

  #nonFinite(reading: NumberReading): Part<Partial<NumberCounts>> {
    const sql = this.#sql;
    const x = this.#number(reading);
    const counted = (condition: string) => `count(CASE WHEN ${condition} THEN 1 END)`;
    return {
      expressions: [
        `min(${sql.finite(x)})`,
        `max(${sql.finite(x)})`,
        counted(sql.isNan(x)),
        counted(`${x} = ${sql.number(Number.POSITIVE_INFINITY)}`),
        counted(`${x} = ${sql.number(Number.NEGATIVE_INFINITY)}`),
      ],
      decode: ([min, max, nan, positive, negative]) => ({
        min: min === null ? Number.NaN : Number(min) + 0,
        max: max === null ? Number.NaN : Number(max) + 0,
        nan: Number(nan),
        positiveInfinity: Number(positive),
        negativeInfinity: Number(negative),
      }),
    };
  }

  async countCategories(columns: readonly SourceColumn[], distinct = true): Promise<Answer<CategoryCounts>[]> {
    const answers = await this.#wide(
      columns.map((column) => {
        const name = this.#name(column);
        const estimate = distinct ? this.#sql.approximateDistinct(name) : '0';
        const expressions = [`count(${name})`, this.#castFailures(column), estimate];
        if (column.family === 'string') expressions.push(`max(${this.#sql.bytes(name)})`);
        return {
          expressions,
          decode: ([rows, failures, estimated, longest = 0]: readonly unknown[]) => ({
            present: Number(rows),
            castFailures: Number(failures),
            distinct: Number(estimated),
            longest: Number(longest),
          }),
        };
      }),
    );
    for (const [i, answer] of answers.entries()) {
      if (!(answer instanceof ColumnFailure) && answer.longest > longCategory) this.#longColumns.add(columns[i]!);
    }
    return answers;
  }

  countPresent(columns: readonly SourceColumn[]): Promise<Answer<{ present: number; castFailures: number }>[]> {
    return this.#wide(
      columns.map((column) => ({
        expressions: [`count(${this.#name(column)})`, this.#castFailures(column)],
        decode: ([rows, failures]) => ({ present: Number(rows), castFailures: Number(failures) }),
      })),
    );
  }

  countDistinct(columns: readonly SourceColumn[]): Promise<Answer<number>[]> {
    return this.#wide(
      columns.map((column) => ({
        expressions: [`count(DISTINCT ${this.#name(column)})`],
        decode: ([distinct]) => Number(distinct),
      })),
    );
  }

  async countDuplicates(columns: readonly SourceColumn[], filled: boolean): Promise<Answer<RepeatCounts>> {
    const names = columns.map((column) => this.#name(column));
    const where = filled ? ` WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')}` : '';
    const hash = this.#sql.rowHash(this.#hashed(columns));
    const [answer] = await this.#each([hash], 1, async () => {
      const [row] = await this.#session.rows(
        `SELECT CAST(count(*) AS DOUBLE), CAST(count(DISTINCT ${hash}) AS DOUBLE) FROM ${this.#source.relation}${where}`,
      );
      return [{ rows: Number(row![0]), distinct: Number(row![1]) }];
    });
    return answer!;
  }

  numberTables(readings: readonly NumberReading[], limit: number): Promise<Answer<NumberTable | null>[]> {
    return this.#each(readings, groupsPerStatement, async (chunk) => {
      const selects = chunk.map((reading, k) => {
        if (!this.#exactIntegers.has(reading.column)) return this.#group(k, this.#finite(reading), '', limit + 1);
        return this.#group(k, this.#name(reading.column), '', limit + 1, this.#sql.asDouble('v'));
      });
      // sorted by all of the engine's threads
      const [keys, values, rows] = (await this.#session.numbers(`${selects.join(' UNION ALL ')} ORDER BY k, v`)) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      const counts = split(keys, rows, chunk.length);
      return split(keys, values, chunk.length).map((part, k) =>
        part.length > limit ? null : { values: part.map((value) => value + 0), counts: counts[k]! },
      );
    });
  }

  categoryTables(columns: readonly SourceColumn[], limit: number): Promise<Answer<CategoryTableSide>[]> {
    return this.#each(columns, groupsPerStatement, async (chunk) => {
      const mostFrequentFirst = ' ORDER BY n DESC, v';
      const selects = chunk.map((column, k) => this.#group(k, this.#category(column), mostFrequentFirst, limit + 1));
      const keys: string[][] = chunk.map(() => []);
      const counts: number[][] = chunk.map(() => []);
      for (const [k, value, rows] of await this.#keyedTexts(selects.join(' UNION ALL '))) {
        keys[k]!.push(value);
        counts[k]!.push(rows);
      }
      return chunk.map((_, k) => rankCategories(keys[k]!, counts[k]!, limit));
    });
  }

  sample(
    readings: readonly SampleRequest[],
    key: readonly SourceColumn[],
    oneIn: number,
  ): Promise<Answer<Float64Array>[]> {
    const columns = this.#hashed(key);
    return this.#finiteValues(readings, oneIn <= 1 ? undefined : this.#sql.rowSample(columns, oneIn));
  }

  intervalCounts(requests: readonly IntervalRequest[]): Promise<Answer<IntervalCounts>[]> {
    const sql = this.#sql;
    return this.#wide(
      requests.map((request) => {
        const x = this.#finite(request);
        const { edges, center, scale } = request;
        // multiplied before it is subtracted, so that two values near the largest double do not overflow
        const d = `(${x} * ${sql.number(scale)} - ${sql.number(center * scale)})`;
        const outer = (possible: boolean, condition: string) =>
          possible ? sql.stableSum(`CASE WHEN ${x} ${condition} THEN ${x} END`) : '0';
        const zero = edges.indexOf(0);
        return {
          expressions: [
            sql.intervals.aggregate(x, edges),
            sql.stableSum(d),
            sql.stableSum(`${d} * ${d}`),
            sql.stableSum(`${d} * ${d} * ${d}`),
            sql.stableSum(`${d} * ${d} * ${d} * ${d}`),
            outer(request.min < edges[0]!, `< ${sql.number(edges[0]!)}`),
            outer(request.max >= edges.at(-1)!, `>= ${sql.number(edges.at(-1)!)}`),
          ],
          decode: ([histogram, sum1, sum2, sum3, sum4, below, above]) => {
            const counts = sql.intervals.decode(histogram, edges);
            return {
              counts,
              zeros: zero < 0 ? 0 : counts[zero + 1]!,
              powerSums: [Number(sum1), Number(sum2), Number(sum3), Number(sum4)] as const,
              sumBelow: Number(below),
              sumAbove: Number(above),
            };
          },
        };
      }),
    );
  }

  async countsWithin(requests: readonly RangeCountRequest[]): Promise<Answer<Float64Array>[]> {
    const parts = requests.flatMap((request, i) =>
      gridsOf(request.ranges).map((grid) => ({ i, request, x: this.#number(request), edges: request.edges, ...grid })),
    );
    const answers = await this.#each(parts, groupsPerStatement, async (chunk) => {
      const selects = chunk.map(({ request, x, edges, ...grid }, k) => {
        const interval = this.#sql.asDouble(this.#interval(this.#finite(request), edges));
        const counted = `SELECT CAST(${k} AS DOUBLE) AS k, ${interval} AS i, CAST(count(*) AS DOUBLE) AS n`;
        return `${counted} FROM ${this.#source.relation} WHERE ${this.#onGrid(x, grid)} GROUP BY 2`;
      });
      const [keys, intervals, rows] = (await this.#session.numbers(selects.join(' UNION ALL '))) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      const places = split(keys, intervals, chunk.length);
      return split(keys, rows, chunk.length).map((counts, k) => {
        const { edges, ranges } = chunk[k]!;
        const inside = new Float64Array(edges.length + 1);
        // a neighbour on this grid may lie in a range of another
        for (const [j, i] of places[k]!.entries()) {
          const from = edges[i - 1];
          if (from !== undefined && ranges.some((range) => from >= range[0] && from < range[1])) inside[i] = counts[j]!;
        }
        return inside;
      });
    });
    return requests.map(({ edges }, i) => {
      const own = answers.filter((_, k) => parts[k]!.i === i);
      const failed = own.find((answer) => answer instanceof ColumnFailure);
      const parted = own as Float64Array[];
      return (
        failed ?? new Float64Array(edges.length + 1).map((_, k) => parted.reduce((sum, part) => sum + part[k]!, 0))
      );
    });
  }

  async valuesWithin(requests: readonly RangeRequest[]): Promise<Answer<Float64Array>[]> {
    const parts = requests.flatMap((request, i) =>
      gridsOf(request.ranges).map((grid) => ({ i, x: this.#number(request), ...grid })),
    );
    const answers = await this.#each(parts, groupsPerStatement, async (chunk) => {
      const selects = chunk.map(({ x, ...grid }, k) => {
        const found = `SELECT CAST(${k} AS DOUBLE) AS k, ${x} AS v FROM ${this.#source.relation}`;
        return `${found} WHERE ${this.#onGrid(x, grid)}`;
      });
      const values = await this.#keyedValues(selects.join(' UNION ALL '), chunk.length);
      return values.map((part, k) => unsigned(onlyWithin(part, chunk[k]!.ranges)));
    });
    return requests.map((_, i) => {
      const own = answers.filter((_, k) => parts[k]!.i === i);
      const failed = own.find((answer) => answer instanceof ColumnFailure);
      if (failed) return failed;
      return own.length === 1 ? own[0]! : concatenate(own as Float64Array[]).sort();
    });
  }

  /** A lookup that stands alone in its WHERE becomes a join, and is quick; under an OR it would not. */
  #onGrid(x: string, { scale, cells }: Grid): string {
    const list = cells.map((cell) => this.#sql.number(cell)).join(', ');
    return `floor(${x} * ${this.#sql.number(scale)}) IN (${list})`;
  }

  /** Every row's v by its k, ascending: sorted by the engine, whose threads are many. */
  async #keyedValues(sql: string, count: number): Promise<Float64Array[]> {
    if (!this.remote) {
      const sorted = (await this.#session.numbers(`${sql} ORDER BY k, v`)) as [Float64Array, Float64Array];
      return split(...sorted, count);
    }
    const counted = `SELECT k, v, CAST(count(*) AS DOUBLE) FROM (${sql}) t GROUP BY k, v`;
    const [keys, values, rows] = (await this.#session.numbers(counted)) as [Float64Array, Float64Array, Float64Array];
    const parts = split(keys, values, count);
    return split(keys, rows, count).map((many, k) => repeated(parts[k]!, many).sort());
  }

  heavyValues(requests: readonly RangeRequest[], rows: number): Promise<Answer<Float64Array>[]> {
    return this.#each(requests, groupsPerStatement, async (chunk) => {
      const selects = chunk.map((request, k) => {
        const inner = `SELECT ${this.#finite(request)} AS v FROM ${this.#source.relation}`;
        return `SELECT CAST(${k} AS DOUBLE) AS k, v FROM (${inner}) t WHERE ${this.#within('v', request.ranges)} GROUP BY v HAVING count(*) >= ${rows}`;
      });
      const [keys, values] = (await this.#session.numbers(selects.join(' UNION ALL '))) as [Float64Array, Float64Array];
      return split(keys, values, chunk.length).map((part) => part.sort());
    });
  }

  async groupedCells(requests: readonly GroupedRequest[], by: Grouping): Promise<GroupedAnswers> {
    const { group, inside } = this.#grouping(by);
    const groups = groupsOf(by);
    const rowsOf = new Float64Array(groups);
    const answers = await this.#each(requests, this.#perStatement(requests), async (chunk) => {
      const parts = chunk.map((request, i) => this.#groupedPart(request, groups, `l${i}`));
      const list = parts.flatMap((part) => part.expressions).join(', ');
      const joins = parts.map((part) => part.join).join('');
      const rows = await this.#session.rows(
        `SELECT ${group} AS g, count(*), ${list} FROM ${this.#source.relation}${joins} WHERE ${inside} GROUP BY 1`,
      );
      for (const [g, count, ...values] of rows) {
        rowsOf[g as number] = Number(count);
        let offset = 0;
        for (const { expressions, read } of parts) {
          read(g as number, values.slice(offset, offset + expressions.length));
          offset += expressions.length;
        }
      }
      return parts.map((part) => part.counted);
    });
    return { rows: rowsOf, answers };
  }

  /**
   * What is asked of a column for every group, and where the answers go.
   *
   * @param alias for a table of its labels
   */
  #groupedPart(request: GroupedRequest, groups: number, alias: string) {
    const sql = this.#sql;
    const present = new Float64Array(groups);
    const nan = new Float64Array(groups);
    const labels = request.form === 'categories' ? request.labels : null;
    // a label is counted by its place in the list: values that are not in it have none
    const edges =
      request.form === 'numbers'
        ? request.edges
        : Float64Array.from(request.labels.length > 0 ? [...request.labels, ''] : [], (_, i) => i + 1);
    const joined = labels !== null && labels.length >= labelsWorthAJoin && this.loaded;
    const x = request.form === 'numbers' ? this.#number(request) : joined ? `${alias}.place` : this.#place(request);
    const mayBeNan =
      request.form === 'numbers' &&
      request.as === 'value' &&
      request.column.family === 'number' &&
      !this.#finiteColumns.has(request.column);
    const counted = Array.from({ length: edges.length + 1 }, () => new Float64Array(groups));
    return {
      expressions: [
        `count(${labels === null ? x : this.#name(request.column)})`,
        // infinities fall into the end cells by themselves
        edges.length === 0 ? 'NULL' : sql.intervals.aggregate(mayBeNan ? notNan(sql, x) : x, edges),
        mayBeNan ? `count(CASE WHEN ${sql.isNan(x)} THEN 1 END)` : '0',
      ],
      join: joined ? this.#labelJoin(request as LabelledColumn, alias) : '',
      read: (g: number, [rows, histogram, notNumbers]: readonly unknown[]) => {
        present[g] = Number(rows);
        nan[g] = Number(notNumbers);
        if (edges.length === 0) counted[0]![g] = present[g]! - nan[g]!;
        else for (const [i, count] of sql.intervals.decode(histogram, edges).entries()) counted[i]![g] = count;
      },
      counted: { cells: labels === null ? counted : counted.slice(1, -1), present, nan } as GroupedCells,
    };
  }

  crossCounts(requests: readonly CrossRequest[]): Promise<Answer<CrossCounts>[]> {
    const sql = this.#sql;
    return this.#each(requests, 1, async ([request]) => {
      const { axes, sums, where = [], inside = [] } = request!;
      const { named, relation } = this.#naming();
      const inner = [
        ...axes.map((axis, i) => `${this.#axis(axis, axis.form === 'computed' ? named(axis.term) : '')} AS a${i}`),
        ...sums.map((term, i) => `${sql.finite(named(term))} AS s${i}`),
        ...inside.map(({ term }, i) => `${notNan(sql, named(term))} AS h${i}`),
      ];
      const condition = where.map((term) => `${named(term)} >= 1`).join(' AND ');
      const rows = `SELECT ${inner.join(', ') || '0'} FROM ${relation()}${condition && ` WHERE ${condition}`}`;
      const outer = [
        ...axes.map((_, i) => sql.asDouble(`a${i}`)),
        sql.asDouble('count(*)'),
        ...sums.map((_, i) => `coalesce(${sql.stableSum(`s${i}`)}, 0)`),
        ...sums.map((_, i) => sql.asDouble(`count(s${i})`)),
      ];
      const counted = inside.map(({ edges }, i) => sql.intervals.aggregate(`h${i}`, edges));
      const grouped = axes.length === 0 ? '' : ` GROUP BY ${axes.map((_, i) => `a${i}`).join(', ')}`;
      const query = `SELECT ${[...outer, ...counted].join(', ')} FROM (${rows}) t${grouped}`;
      const first = axes.length + 1;
      const answer = (columns: readonly Float64Array[]) => ({
        places: columns.slice(0, axes.length).map((column) => Int32Array.from(column)),
        rows: columns[axes.length]!,
        sums: columns.slice(first, first + sums.length),
        summed: columns.slice(first + sums.length),
      });
      if (inside.length === 0) return [{ ...answer(await this.#session.numbers(query)), inside: [] }];
      const cells = await this.#session.rows(query);
      return [
        {
          ...answer(outer.map((_, i) => Float64Array.from(cells, (cell) => Number(cell[i])))),
          inside: inside.map(({ edges }, i) =>
            cells.map((cell) => sql.intervals.decode(cell[outer.length + i], edges)),
          ),
        },
      ];
    });
  }

  derive(columns: readonly DerivedColumn[]): Dataset {
    const list = columns.map(({ derivation }, i) => `${this.#derived(derivation)} AS c${i}`).join(', ');
    return this.#over(
      `(SELECT ${list} FROM ${this.#source.relation})`,
      columns.map(({ name, derivation }, index) => ({ index, name, ...derivedType(derivation) })),
      this.rows,
    );
  }

  async kept(): Promise<Dataset> {
    const list = this.columns.map((column) => `${this.#name(column)} AS c${column.index}`).join(', ');
    const { relation, drop } = await this.#keep(`SELECT ${list} FROM ${this.#source.relation}`);
    return this.#over(relation, this.columns, this.rows, drop);
  }

  #derived(derivation: Derivation): string {
    const sql = this.#sql;
    const finite = (column: SourceColumn) => sql.finite(sql.asDouble(this.#name(column)));
    switch (derivation.as) {
      case 'itself':
        return this.#name(derivation.column);
      case 'class':
        return plainText(sql, derivation.column, this.#category(derivation.column, false));
      case 'number': {
        const { reading, together = [] } = derivation;
        const others = together.filter((column) => column !== reading.column);
        const x = sql.finite(sql.asDouble(this.#number(reading)));
        if (others.length === 0) return x;
        return `CASE WHEN ${others.map((column) => `${finite(column)} IS NOT NULL`).join(' AND ')} THEN ${x} END`;
      }
      case 'difference':
        return derivation.columns.map(finite).join(' - ');
      case 'threshold': {
        const { column, threshold, above, below } = derivation;
        const x = finite(column);
        const limit = sql.number(threshold);
        return `CASE WHEN ${x} >= ${limit} THEN ${sql.text(above)} WHEN ${x} < ${limit} THEN ${sql.text(below)} END`;
      }
      case 'largest': {
        const scores = derivation.scores.map(({ name, column }) => ({ name, x: finite(column) }));
        const known = scores.map(({ x }) => `${x} IS NOT NULL`).join(' AND ');
        const cases = scores.map(({ name, x }, i) => {
          const others = scores.filter((_, j) => j !== i).map((other) => `${x} >= ${other.x}`);
          return `WHEN ${[known, ...others].join(' AND ')} THEN ${sql.text(name)}`;
        });
        return `CASE ${cases.join(' ')} END`;
      }
      case 'code': {
        const { column, codes } = derivation;
        if (codes.size === 0) return 'CAST(NULL AS INTEGER)';
        const cases = Array.from(codes, ([text, code]) => `WHEN ${sql.text(text)} THEN ${code}`);
        return `CASE ${this.#name(column)} ${cases.join(' ')} END`;
      }
      case 'among': {
        const { column, texts } = derivation;
        const known = `${this.#name(column)} IS NOT NULL`;
        if (texts.length === 0) return `CASE WHEN ${known} THEN 0 END`;
        const list = texts.map((text) => sql.text(text)).join(', ');
        return `CASE WHEN ${this.#name(column)} IN (${list}) THEN 1 WHEN ${known} THEN 0 END`;
      }
      case 'half':
        return `CASE WHEN ${sql.rowSample(this.#hashed(derivation.columns), 2)} THEN 1 ELSE 0 END`;
      case 'present':
        return `CASE WHEN ${this.#name(derivation.column)} IS NOT NULL THEN 1 ELSE 0 END`;
      case 'stretch': {
        const { group, inside } = this.#stretches(derivation.by);
        return `CASE WHEN ${inside} THEN ${group} END`;
      }
    }
  }

  /** Other columns and rows of the same session. */
  #over(relation: string, columns: readonly SourceColumn[], rows: number, close = async () => {}): SqlDataset {
    const source = this.#source;
    return new SqlDataset(this.#session, this.#sql, {
      relation,
      rows,
      columns,
      // as it stands when it is asked for
      get info() {
        return source.info;
      },
      loaded: source.loaded,
      order: { none: 'the rows are made of others' },
      close,
    });
  }

  async joinLabels(join: LabelJoin): Promise<LabelledRows> {
    const sql = this.#sql;
    const labels = this.#neighbour(join.labels);
    const label = labels.#name(join.label);
    const byKey = await this.#keep(
      labelsByKey(sql, {
        relation: labels.#source.relation,
        key: plainText(sql, join.labelKey, labels.#name(join.labelKey)),
        label,
        time: join.labelTime && labels.#number(join.labelTime),
      }),
    );
    const time = join.time === null ? sql.asDouble('NULL') : this.#number(join.time);
    const key = plainText(sql, join.key, this.#name(join.key));
    const names = [...join.columns.map((column) => this.#name(column)), time];
    const joined = await this.#keep(
      joinedQuery(names, { relation: this.#source.relation, hash: keyHash(sql, key), labels: byKey.relation }),
    );
    const from = names.length;
    const place = (index: number, name: string, like: SourceColumn): SourceColumn => ({ index, name, ...typeOf(like) });
    const labelColumn = place(from + 2, 'label', join.label);
    const columns = [...join.columns.map((column, i) => place(i, column.name, column)), labelColumn];
    const counts = await this.#joinCounts(labels, join, byKey.relation, joined.relation, from);
    await byKey.drop();
    return { data: this.#over(joined.relation, columns, this.rows, joined.drop), label: labelColumn, counts };
  }

  /** @param from where the key's hash, the number of its labels, the label and its time stand in the joined rows */
  async #joinCounts(
    labels: SqlDataset,
    join: LabelJoin,
    byKey: string,
    joined: string,
    from: number,
  ): Promise<LabelJoinCounts> {
    const double = this.#sql.asDouble;
    const ask = async (expressions: readonly string[], relation: string) => {
      const [row] = await this.#session.rows(`SELECT ${expressions.map(double).join(', ')} FROM ${relation}`);
      return row!.map(Number);
    };
    const [key, label] = [labels.#name(join.labelKey), labels.#name(join.label)];
    const [written, labelled] = await ask(
      [`count(${key})`, `count(CASE WHEN ${key} IS NOT NULL THEN ${label} END)`],
      labels.#source.relation,
    );
    const [labelKeys, repeatedKeys, conflictingKeys] = await ask(
      ['count(*)', 'count(CASE WHEN n > 1 AND low = high THEN 1 END)', 'count(CASE WHEN low <> high THEN 1 END)'],
      byKey,
    );
    const [hash, many, found, came] = [from, from + 1, from + 2, from + 3].map((i) => `c${i}`);
    const [keyed, keys, met, metKeys, matched] = await ask(
      [
        `count(${hash})`,
        `count(DISTINCT ${hash})`,
        `count(${many})`,
        `count(DISTINCT CASE WHEN ${many} IS NOT NULL THEN ${hash} END)`,
        `count(${found})`,
      ],
      joined,
    );
    const lag = `${came} - c${from - 1}`;
    const [lags] = await ask([`count(${lag})`], joined);
    return {
      labels: labelled!,
      labelKeys: labelKeys!,
      keyless: labels.rows - written!,
      empty: written! - labelled!,
      repeatedKeys: repeatedKeys!,
      conflictingKeys: conflictingKeys!,
      orphanKeys: labelKeys! - metKeys!,
      matched: matched!,
      contradicted: met! - matched!,
      rowsWithoutKey: this.rows - keyed!,
      repeatedRows: keyed! - keys!,
      lags: lags === 0 ? null : await this.#lagQuantiles(joined, lag, lags!),
    };
  }

  /** Exact order statistics, the lower one where a probability falls between two. */
  async #lagQuantiles(relation: string, lag: string, rows: number): Promise<number[]> {
    const ranks = lagProbabilities.map((probability) => 1 + Math.floor(probability * (rows - 1)));
    const values = `SELECT ${lag} AS v FROM ${relation}`;
    const ordered = `SELECT v, row_number() OVER (ORDER BY v) AS r FROM (${values}) t WHERE v IS NOT NULL`;
    const [places, found] = (await this.#session.numbers(
      `SELECT ${this.#sql.asDouble('r')}, v FROM (${ordered}) o WHERE r IN (${[...new Set(ranks)].join(', ')})`,
    )) as [Float64Array, Float64Array];
    return ranks.map((rank) => found[places.indexOf(rank)]!);
  }

  /** Another relation that one statement can name beside this one. */
  #neighbour(data: Dataset): SqlDataset {
    if (data instanceof SqlDataset && data.#session === this.#session) return data;
    throw new DriftError(
      'BAD_OPTION',
      'rows of a file and of a table, or of two servers, do not meet: put both sides in one place',
    );
  }

  async keyExamples(key: SourceColumn, limit: number): Promise<readonly string[]> {
    const text = plainText(this.#sql, key, this.#name(key));
    const rows = await this.#session.rows(
      `SELECT min(k) FROM (SELECT ${text} AS k FROM ${this.#source.relation}) t WHERE k IS NOT NULL GROUP BY ${this.#sql.characters('k')} ORDER BY 1 LIMIT ${limit}`,
    );
    return rows.map(([value]) => String(value));
  }

  async countAlike({ key, labels, labelKey }: Pick<LabelJoin, 'key' | 'labels' | 'labelKey'>) {
    const other = this.#neighbour(labels);
    const texts = [plainText(this.#sql, key, this.#name(key)), plainText(this.#sql, labelKey, other.#name(labelKey))];
    const count = async (read: (text: string) => string): Promise<number> => {
      const [log, label] = texts.map((text) => read(text));
      const [row] = await this.#session.rows(
        `SELECT ${this.#sql.asDouble('count(*)')} FROM ${other.#source.relation} WHERE ${label} IN (SELECT ${log} FROM ${this.#source.relation})`,
      );
      return row![0] as number;
    };
    return {
      'without-case': await count((text) => `lower(${text})`),
      'without-zeros': await count((text) => `trim(LEADING '0' FROM ${text})`),
      trimmed: await count((text) => `trim(${text})`),
    };
  }

  async scoreTables(request: RankingRequest, limit: number): Promise<Answer<readonly ScoreRows[] | null>> {
    const groups = (request.by?.count ?? 0) + 1;
    const [answer] = await this.#each([request], 1, async () => {
      const query = scoreTableQuery(this.#sql, this.#scoredRows(request), limit + 1);
      const [keys, scores, positives, negatives] = (await this.#session.numbers(query)) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      if (keys.length > limit) return [null];
      const parts = [scores, positives, negatives].map((values) => split(keys, values, groups));
      return [parts[0]!.map((_, g) => sortScores(parts[0]![g]!, parts[1]![g]!, parts[2]![g]!))];
    });
    return answer!;
  }

  async scoreRankings(request: RankingRequest): Promise<Answer<readonly ScoreRanking[]>> {
    const groups = request.by?.count ?? 1;
    const [answer] = await this.#each([request], 1, async () => {
      const rows = await this.#session.rows(rankingQuery(this.#sql, this.#scoredRows(request)));
      const byGroup = new Map(rows.map(([group, ...sums]) => [group as number, rankingOf(sums.map(Number))]));
      return [Array.from({ length: groups }, (_, group) => byGroup.get(group) ?? noRanking)];
    });
    return answer!;
  }

  async pairedRankings({ scores, positive, merged }: PairedRankingRequest): Promise<Answer<PairedRanking>> {
    const [a, b, y] = [...scores, positive].map((column) => this.#name(column));
    const rows = `SELECT ${a} AS a, ${b} AS b, ${y} AS y FROM ${this.#source.relation} WHERE ${a} IS NOT NULL AND ${b} IS NOT NULL AND ${y} IS NOT NULL`;
    const [answer] = await this.#each([rows], 1, async () => [
      pairedRankingOf(await this.#session.numbers(pairedRankingQuery(this.#sql, rows, merged))),
    ]);
    return answer!;
  }

  #scoredRows({ score, positive, by }: RankingRequest): string {
    const group = by === null ? '0' : `coalesce(${this.#name(by.column)}, ${by.count})`;
    const [x, y] = [this.#name(score), this.#name(positive)];
    return `SELECT ${group} AS w, ${x} AS s, ${y} AS y FROM ${this.#source.relation} WHERE ${x} IS NOT NULL AND ${y} IS NOT NULL`;
  }

  /** The query's rows where several questions can be asked of them. */
  async #keep(query: string): Promise<{ readonly relation: string; drop(): Promise<void> }> {
    return (await this.#session.keep?.(query)) ?? { relation: `(${query})`, drop: async () => {} };
  }

  /** @param computed the name of what a computed axis reads */
  #axis(axis: Axis, computed: string): string {
    const nowhere = axisSize(axis) - 1;
    if (axis.form === 'time' || axis.form === 'moments' || axis.form === 'rows') {
      const { group, inside } = this.#stretches(axis);
      return `CASE WHEN ${inside} THEN ${group} ELSE ${nowhere} END`;
    }
    if (axis.form === 'categories') {
      const name = this.#name(axis.column);
      const other = axis.labels.length;
      const place = other === 0 ? '0' : `coalesce(${this.#place(axis)}, 0)`;
      return `CASE WHEN ${name} IS NULL THEN ${nowhere} WHEN ${place} > 0 THEN CAST(${place} AS INTEGER) - 1 ELSE ${other} END`;
    }
    const x = axis.form === 'computed' ? computed : this.#number(axis);
    return `CASE WHEN ${x} IS NULL OR ${this.#sql.isNan(x)} THEN ${nowhere} ELSE ${this.#interval(x, axis.edges)} END`;
  }

  /** The number of edges ≤ x; x is not NaN. */
  #interval(x: string, edges: Float64Array): string {
    const { index } = this.#sql.intervals;
    return index ? index(x, edges) : this.#steps(x, edges, 0, edges.length);
  }

  /** The same by halves. */
  #steps(x: string, edges: Float64Array, from: number, to: number): string {
    if (from === to) return String(from);
    const middle = (from + to) >> 1;
    const below = this.#steps(x, edges, from, middle);
    return `CASE WHEN ${x} < ${this.#sql.number(edges[middle]!)} THEN ${below} ELSE ${this.#steps(x, edges, middle + 1, to)} END`;
  }

  /**
   * Names for what is computed from a row, and the rows with all that was named: written out, a term repeats its parts, and the place on
   * an axis repeats the term at every edge.
   */
  #naming(): { readonly named: (term: Term) => string; readonly relation: () => string } {
    const known = new Map<string, { readonly name: string; readonly level: number }>();
    /** what is computed from the columns, from that, and so on */
    const levels: string[][] = [];
    const find = (term: Term): { readonly name: string; readonly level: number } => {
      if (typeof term === 'number' || term.op === 'value') return { name: this.#term(term), level: 0 };
      let level = 0;
      const sql = this.#term(term, (part) => {
        const found = find(part);
        level = Math.max(level, found.level);
        return found.name;
      });
      const same = known.get(sql);
      if (same !== undefined) return same;
      const own = { name: `z${known.size}`, level: level + 1 };
      known.set(sql, own);
      levels[level] = [...(levels[level] ?? []), `${sql} AS ${own.name}`];
      return own;
    };
    return {
      named: (term) => find(term).name,
      relation: () =>
        levels.reduce(
          (relation, list, i) => `(SELECT *, ${list.join(', ')} FROM ${relation}) r${i}`,
          this.#source.relation,
        ),
    };
  }

  /** @param of writes the parts of a term */
  #term(term: Term, of = (part: Term): string => this.#term(part)): string {
    if (typeof term === 'number') return this.#sql.number(term);
    switch (term.op) {
      case 'value':
        return this.#number(term.reading);
      case 'is':
        return this.#sql.asDouble(`${this.#category(term.column)} = ${this.#sql.text(term.label)}`);
      case 'same':
        return this.#sql.asDouble(term.columns.map((column) => this.#category(column)).join(' = '));
      case 'abs':
        return `abs(${of(term.term)})`;
      case 'ln':
        return isPositive(term.term)
          ? `ln(${of(term.term)})`
          : `ln(nullif(${this.#sql.extreme('greatest', [of(term.term), '0e0'])}, 0e0))`;
      case 'least':
      case 'greatest': {
        // with NULL on one side, some engines answer the other
        const terms = term.terms.map(of);
        const known = terms.filter((_, i) => typeof term.terms[i] !== 'number').map((one) => `${one} IS NOT NULL`);
        return `CASE WHEN ${known.join(' AND ') || '1 = 1'} THEN ${this.#sql.extreme(term.op, terms)} END`;
      }
      case '/': {
        const [a, b] = term.terms.map(of);
        return `(${a} / nullif(${b}, 0e0))`;
      }
      default:
        return `(${term.terms.map(of).join(` ${term.op} `)})`;
    }
  }

  /** 1-based place among the labels, as a double; 0 or NULL for others. */
  #place(labelled: LabelledColumn): string {
    const { category, labels } = this.#labelled(labelled);
    return this.#sql.asDouble(this.#sql.place(category, labels));
  }

  /**
   * The same as a table beside the rows. A list is searched from its beginning in every row: a table is not, and pays where the values
   * are not spelled once in a dictionary, as they are in most files.
   */
  #labelJoin(labelled: LabelledColumn, alias: string): string {
    const { category, labels } = this.#labelled(labelled);
    const rows = labels.map((label, i) => `(${label}, ${this.#sql.number(i + 1)})`).join(', ');
    return ` LEFT JOIN (VALUES ${rows}) ${alias}(label, place) ON ${category} = ${alias}.label`;
  }

  #labelled({ column, labels }: LabelledColumn): { readonly category: string; readonly labels: readonly string[] } {
    // the labels may be the other side's, before this side's lengths are known
    const digested = labels.some((label) => label.length > longCategory - 40);
    return {
      category: this.#category(column, true, digested || this.#longColumns.has(column)),
      labels: labels.map((label) => this.#sql.text(label)),
    };
  }

  #grouping(by: Grouping): { readonly group: string; readonly inside: string } {
    if (by.form === 'axes') {
      const place = (axis: Axis) => this.#axis(axis, axis.form === 'computed' ? this.#term(axis.term) : '');
      const group = by.axes.reduce((sum, axis) => `(${sum}) * ${axisSize(axis)} + ${place(axis)}`, '0');
      return { group: `CAST(${group} AS INTEGER)`, inside: '1 = 1' };
    }
    if (by.form !== 'labels') return this.#stretches(by);
    const places = by.columns.map((labelled) => this.#place(labelled));
    const group = by.columns.reduce(
      (sum, { labels }, i) => (i === 0 ? `${places[0]} - 1` : `(${sum}) * ${labels.length} + ${places[i]} - 1`),
      '0',
    );
    return { group: `CAST(${group} AS INTEGER)`, inside: places.map((place) => `${place} > 0`).join(' AND ') };
  }

  #stretches(by: Stretches): { readonly group: string; readonly inside: string } {
    if (by.form === 'time') return this.#timeGrid(by);
    if (by.form === 'moments') return this.#moments(by);
    const { rowNumber } = this.#source;
    if (rowNumber === undefined) throw new Error('rows have no order: the data set was not opened as ordered');
    const group = `floor(${this.#sql.asDouble(rowNumber)} / ${this.#sql.number(by.length)})`;
    return { group: `CAST(least(${group}, ${by.count - 1}) AS INTEGER)`, inside: '1 = 1' };
  }

  #timeGrid({ start, length, count, ...reading }: TimeGrid): { readonly group: string; readonly inside: string } {
    const t = this.#number(reading);
    const number = this.#sql.number;
    const window = `floor((${t} - ${number(start)}) / ${number(length)})`;
    return {
      // rounding must not open a stretch too many
      group: `CAST(least(${window}, ${count - 1}) AS INTEGER)`,
      inside: `${t} >= ${number(start)} AND ${t} < ${number(start + length * count)}`,
    };
  }

  #moments({ edges, ...reading }: TimeEdges): { readonly group: string; readonly inside: string } {
    const t = this.#number(reading);
    const number = this.#sql.number;
    return {
      group: this.#interval(t, edges.subarray(1, -1)),
      inside: `${t} >= ${number(edges[0]!)} AND ${t} < ${number(edges.at(-1)!)}`,
    };
  }

  async castFailureExamples(column: SourceColumn, limit: number): Promise<readonly string[]> {
    if (column.castFailed === undefined || column.written === undefined) return [];
    const rows = await this.#session.rows(
      `SELECT DISTINCT ${this.#sql.asText(column.written, 'string')} AS v FROM ${this.#source.relation} WHERE ${column.castFailed} ORDER BY v LIMIT ${limit}`,
    );
    return rows.map(([value]) => String(value).slice(0, longCategory));
  }

  async countDisorder(reading: NumberReading): Promise<Answer<Disorder>> {
    const { order } = this.#source;
    if ('none' in order) return order;
    const [answer] = await this.#each<RowOrder, Disorder>([order], 1, async () => {
      const [row] = await this.#session.rows(disorderQuery(this.#sql, order, this.#finite(reading)));
      const [rows, of, misplaced] = row!.map(Number) as [number, number, number];
      // the engine does not promise an order to those who ask for none
      if (misplaced > 0) return [{ none: 'the engine gave the rows in another order than that of the file' }];
      return [{ rows, of }];
    });
    return answer!;
  }

  async during(reading: NumberReading, from: number, to: number): Promise<Dataset> {
    const t = this.#number(reading);
    const number = this.#sql.number;
    const inside = [
      ...(from === Number.NEGATIVE_INFINITY ? [] : [`${t} >= ${number(from)}`]),
      ...(to === Number.POSITIVE_INFINITY ? [] : [`${t} < ${number(to)}`]),
    ];
    return this.#where(inside.join(' AND ') || '1 = 1');
  }

  only(column: SourceColumn, label: string): Promise<Dataset> {
    return this.#where(`${this.#category(column)} = ${this.#sql.text(label)}`);
  }

  async #where(condition: string): Promise<Dataset> {
    const source = this.#source;
    const { relation, rowNumber, order } = source;
    const place = rowNumber === undefined ? '' : `, row_number() OVER (ORDER BY ${rowNumber}) - 1 AS row_place`;
    const kept = `(SELECT *${place} FROM ${relation} WHERE ${condition}) AS kept`;
    const [row] = await this.#session.rows(`SELECT ${this.#sql.asDouble('count(*)')} FROM ${kept}`);
    const rows = Number(row![0]);
    return new SqlDataset(this.#session, this.#sql, {
      ...source,
      relation: kept,
      rows,
      get info() {
        return { ...source.info, rows };
      },
      ...(rowNumber === undefined ? {} : { rowNumber: 'row_place' }),
      order:
        'none' in order
          ? order
          : { ...order, relation: `(SELECT * FROM ${order.relation} WHERE ${condition}) AS kept_in_order` },
    });
  }

  async pair(request: PairRequest): Promise<PairedRows> {
    const { key, other, otherKey, columns, otherColumns, shared } = request;
    const neighbour = this.#neighbour(other);
    const left = uniqueRows(this.#keyed(key, [...columns, ...shared.map(([own]) => own)]));
    const right = uniqueRows(neighbour.#keyed(otherKey, [...otherColumns, ...shared.map(([, its]) => its)]));
    const list = [
      ...columns.map((_, i) => `a.v${i}`),
      ...otherColumns.map((_, i) => `b.v${i}`),
      ...shared.map((_, i) => `coalesce(a.v${columns.length + i}, b.v${otherColumns.length + i})`),
    ];
    const relation = `(SELECT ${list.map((value, i) => `${value} AS c${i}`).join(', ')} FROM (${left}) a JOIN (${right}) b ON a.k = b.k) AS paired`;
    const [row] = await this.#session.rows(`SELECT ${this.#sql.asDouble('count(*)')} FROM ${relation}`);
    const rows = Number(row![0]);
    const held = [...columns, ...otherColumns, ...shared.map(([own]) => own)].map(
      ({ castFailed: _, written: __, ...column }, index): SourceColumn => ({ ...column, index }),
    );
    const info = { ...this.info, rows, columns: held.length };
    const data = new SqlDataset(this.#session, this.#sql, {
      relation,
      rows,
      columns: held,
      info,
      loaded: this.loaded,
      order: { none: 'the rows are made of others' },
      close: async () => {},
    });
    const from = columns.length;
    const to = from + otherColumns.length;
    return {
      data,
      columns: held.slice(0, from),
      otherColumns: held.slice(from, to),
      shared: held.slice(to),
      sides: [await this.#pairedSide(key, rows), await neighbour.#pairedSide(otherKey, rows)],
    };
  }

  #keyed(key: SourceColumn, columns: readonly SourceColumn[]): KeyedRows {
    return {
      relation: this.#source.relation,
      key: this.#category(key),
      columns: columns.map((column) => this.#name(column)),
    };
  }

  async #pairedSide(key: SourceColumn, paired: number): Promise<PairedSide> {
    const [row] = await this.#session.rows(keyCounts(this.#sql, this.#keyed(key, [])));
    const [keyed, single] = row!.map(Number) as [number, number];
    return { keyless: this.rows - keyed, repeated: keyed - single, alone: single - paired };
  }

  /** Every row of single columns, side by side; `read` runs a select and gives its columns. */
  readColumns<T>(readings: readonly ColumnReading[], read: (sql: string) => Promise<T[]>): Promise<Answer<T>[]> {
    const expression = (reading: ColumnReading) =>
      reading.as === 'category' ? this.#category(reading.column, true, true) : this.#number(reading);
    return this.#each(readings, columnsPerReading, (chunk) =>
      read(`SELECT ${chunk.map(expression).join(', ')} FROM ${this.#source.relation}`),
    );
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  #name(column: SourceColumn): string {
    return `c${column.index}`;
  }

  #hashed(columns: readonly SourceColumn[]): HashedColumn[] {
    return columns.map((column) => ({ name: this.#name(column), family: column.family }));
  }

  #number(reading: NumberReading): string {
    const name = this.#name(reading.column);
    if (reading.as === 'length') return this.#sql.characters(name);
    if (reading.as === 'time') return this.#sql.textTime(name);
    const x = reading.column.family === 'integer' ? this.#sql.asDouble(name) : name;
    const { ticks = 1 } = reading.column;
    return ticks === 1 ? x : `(${x} / ${this.#sql.number(ticks)})`;
  }

  #finite(reading: NumberReading): string {
    const x = this.#number(reading);
    const guarded =
      reading.as === 'value' && reading.column.family === 'number' && !this.#finiteColumns.has(reading.column);
    return guarded ? this.#sql.finite(x) : x;
  }

  #category(column: SourceColumn, asText = true, maybeLong = this.#longColumns.has(column)): string {
    const name = this.#name(column);
    if (column.family !== 'string') return asText ? this.#sql.asText(name, column.family) : name;
    if (!maybeLong) return name;
    return `CASE WHEN length(${name}) <= ${longCategory} THEN ${name} ELSE substr(${name}, 1, ${longCategory - 40}) || '… ' || ${this.#sql.digest(name)} END`;
  }

  #castFailures(column: SourceColumn): string {
    return column.castFailed === undefined ? '0' : `count(CASE WHEN ${column.castFailed} THEN 1 END)`;
  }

  /** Finite ranges hold neither NaN nor infinities, so the column needs no guard here. */
  #within(x: string, ranges: readonly Range[]): string {
    const number = this.#sql.number;
    return `(${ranges.map(([from, to]) => `${x} >= ${number(from)} AND ${x} < ${number(to)}`).join(' OR ')})`;
  }

  /** Single columns' finite values of all rows, or of those under a condition. */
  async #finiteValues(readings: readonly SampleRequest[], condition?: string): Promise<Answer<Float64Array>[]> {
    const missing = this.#sql.number(Number.NaN);
    const where = condition === undefined ? '' : ` WHERE ${condition}`;
    return this.#each(readings, columnsPerStatement, async (chunk) => {
      const list = chunk
        .map((reading) => {
          const x = this.#finite(reading);
          const wanted = reading.ranges ? `CASE WHEN ${this.#within(x, reading.ranges)} THEN ${x} END` : x;
          return `coalesce(${wanted}, ${missing})`;
        })
        .join(', ');
      const columns = await this.#session.numbers(`SELECT ${list} FROM ${this.#source.relation}${where}`);
      return columns.map(withoutNan);
    });
  }

  /** A key, a text and a number a row. */
  async #keyedTexts(sql: string): Promise<Iterable<[number, string, number]>> {
    if (this.#session.columns === undefined) return (await this.#session.rows(sql)) as [number, string, number][];
    const [keys, texts, numbers] = await this.#session.columns(sql);
    if (keys?.form !== 'numbers' || texts?.form !== 'categories' || numbers?.form !== 'numbers') return [];
    return Array.from(texts.codes, (code, i) => [keys.values[i]!, texts.values[code]!, numbers.values[i]!]);
  }

  /**
   * The distinct values of an expression with their rows, marked with a key.
   *
   * @param value how a value v is told
   */
  #group(key: number, expression: string, order: string, limit: number, value = 'v'): string {
    const values = `SELECT ${expression} AS v FROM ${this.#source.relation}`;
    const counted = `SELECT CAST(${key} AS DOUBLE) AS k, ${value} AS v, CAST(count(*) AS DOUBLE) AS n FROM (${values}) t`;
    return `(${counted} WHERE v IS NOT NULL GROUP BY t.v${order} LIMIT ${limit})`;
  }

  /** Half of the columns while that is worth a statement; on a server, whose planning takes longer than here, as many as there may be. */
  #perStatement({ length }: readonly unknown[]): number {
    if (this.remote) return columnsPerStatement;
    return Math.min(columnsPerStatement, Math.max(fewestPerStatement, Math.ceil(length / 2)));
  }

  /** One select with all parts side by side. */
  #wide<T>(parts: readonly Part<T>[]): Promise<Answer<T>[]> {
    return this.#each(parts, this.#perStatement(parts), async (chunk) => {
      const list = chunk.flatMap((part) => part.expressions).join(', ');
      const [row] = await this.#session.rows(`SELECT ${list} FROM ${this.#source.relation}`);
      let offset = 0;
      return chunk.map((part) => {
        const values = row!.slice(offset, offset + part.expressions.length);
        offset += part.expressions.length;
        return part.decode(values);
      });
    });
  }

  /**
   * Asks for all items, `size` at a time, and for the next before the last is read. A statement that fails is asked again by halves,
   * down to the one item whose failure it is.
   */
  async #each<I, T>(
    items: readonly I[],
    size: number,
    ask: (chunk: readonly I[]) => Promise<T[]>,
  ): Promise<Answer<T>[]> {
    const attempt = async (chunk: readonly I[]): Promise<Answer<T>[]> => {
      try {
        return await ask(chunk);
      } catch (error) {
        if (this.#session.isInterruption(error)) throw new DriftError('INTERRUPTED', 'interrupted', { cause: error });
        if (this.#session.isFatal(error)) throw error;
        if (chunk.length === 1) return [new ColumnFailure(firstLine(error))];
        return this.#each(chunk, Math.ceil(chunk.length / 2), ask);
      }
    };
    const answers: Answer<T>[] = [];
    let next = items.length > 0 ? attempt(items.slice(0, size)) : undefined;
    for (let start = size; next !== undefined; start += size) {
      const asked: Promise<Answer<T>[]> = next;
      next = start < items.length ? attempt(items.slice(start, start + size)) : undefined;
      // an error of the first is what is told
      next?.catch(() => {});
      answers.push(...(await asked));
    }
    return answers;
  }
}

/** NULL when x is NULL or NaN. */
function notNan(sql: SqlDialect, x: string): string {
  return `CASE WHEN NOT ${sql.isNan(x)} THEN ${x} END`;
}

/** Whatever the rows hold. */
function isPositive(term: Term): boolean {
  return (
    typeof term !== 'number' && term.op === 'greatest' && term.terms.some((one) => typeof one === 'number' && one > 0)
  );
}

const noRanking: ScoreRanking = {
  positives: 0,
  negatives: 0,
  discordant: 0,
  positiveSquares: 0,
  negativeSquares: 0,
  precisions: 0,
  precisionSquares: 0,
};

/** Labels and log are read by one engine. */
type ColumnType = Pick<SourceColumn, 'family' | 'native' | 'notation' | 'ticks'>;

function derivedType(derivation: Derivation): ColumnType {
  switch (derivation.as) {
    case 'itself':
      return typeOf(derivation.column);
    case 'class':
    case 'threshold':
    case 'largest':
      return { family: 'string', native: 'VARCHAR' };
    case 'number':
    case 'difference':
      return { family: 'number', native: 'DOUBLE' };
    case 'code':
    case 'among':
    case 'half':
    case 'present':
    case 'stretch':
      return { family: 'integer', native: 'INTEGER' };
  }
}

/** How a column is read, wherever it stands. */
function typeOf({ family, native, notation, ticks }: SourceColumn): ColumnType {
  return {
    family,
    native,
    ...(notation === undefined ? {} : { notation }),
    ...(ticks === undefined ? {} : { ticks }),
  };
}

/** Ranges of like width with the grid they are looked up on. */
interface Grid {
  readonly ranges: readonly Range[];
  /** a power of two: the grid's cells are floor(x·scale) */
  readonly scale: number;
  /** those that touch a range */
  readonly cells: readonly number[];
}

/**
 * A value is rounded to a grid and the grid's cells looked up, which costs the same for twenty ranges as for one and lets only a few
 * neighbours through.
 */
function gridsOf(ranges: readonly Range[]): Grid[] {
  const byWidth = [...ranges].sort((a, b) => a[1] - a[0] - (b[1] - b[0]));
  const grids: Grid[] = [];
  for (let start = 0; start < byWidth.length; ) {
    const width = byWidth[start]![1] - byWidth[start]![0];
    const scale = 2 ** -Math.max(-1022, Math.floor(Math.log2(width)));
    const like = byWidth.slice(start).filter(([from, to]) => to - from <= gridReach * width);
    const cells = new Set<number>();
    for (const [from, to] of like) {
      for (let cell = Math.floor(from * scale); cell <= Math.floor(to * scale); cell = nextCell(cell))
        cells.add(cell + 0);
    }
    grids.push({ ranges: like.sort((a, b) => a[0] - b[0]), scale, cells: [...cells] });
    start += like.length;
  }
  return grids;
}

/** The next whole number, also where doubles are further apart than that. */
function nextCell(cell: number): number {
  return Math.max(cell + 1, nextUp(cell));
}

/** The ascending values that lie in the ascending ranges. */
function onlyWithin(sorted: Float64Array, ranges: readonly Range[]): Float64Array {
  const below = (x: number) => countBelow(sorted, nextDown(x));
  return concatenate(ranges.map(([from, to]) => sorted.subarray(below(from), below(to))));
}

/** The same ascending values, −0 as 0: engines sort the two among each other, and some group them. */
function unsigned(sorted: Float64Array): Float64Array {
  return sorted.fill(0, countBelow(sorted, nextDown(0)), countBelow(sorted, 0));
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]!.slice(0, 300);
}

/** Runs of equal values in ascending order. −0 counts as 0. */
export function countSorted(sorted: Float64Array): NumberTable {
  const values = new Float64Array(sorted.length);
  const counts = new Float64Array(sorted.length);
  let last = -1;
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i]!;
    if (last >= 0 && values[last] === value) counts[last] = counts[last]! + 1;
    else {
      last++;
      values[last] = value + 0;
      counts[last] = 1;
    }
  }
  return { values: values.slice(0, last + 1), counts: counts.slice(0, last + 1) };
}

/** How many of the ascending edges are ≤ x. */
export function countBelow(edges: Float64Array, x: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sortScores(scores: Float64Array, positives: Float64Array, negatives: Float64Array): ScoreRows {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const sorted = (values: Float64Array) => Float64Array.from(order, (i) => values[i]! + 0);
  return { scores: sorted(scores), positives: sorted(positives), negatives: sorted(negatives) };
}

/** @param keys distinct values, `counts` their rows */
export function rankCategories(keys: readonly string[], counts: ArrayLike<number>, limit: number): CategoryTableSide {
  const compare = (a: number, b: number) =>
    counts[b]! - counts[a]! || (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : 0);
  const order = Uint32Array.from(keys, (_, i) => i);
  // an engine that was asked for this order has it nearly always
  if (order.some((i) => i > 0 && compare(i - 1, i) > 0)) order.sort(compare);
  const kept = order.subarray(0, limit);
  return {
    values: Array.from(kept, (i) => keys[i]!),
    counts: Float64Array.from(kept, (i) => counts[i]!),
    complete: keys.length <= limit,
  };
}

function withoutNan(values: Float64Array): Float64Array {
  let kept = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isNaN(value)) values[kept++] = value;
  }
  return kept === values.length ? values : values.slice(0, kept);
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Each value as often as it was counted. */
function repeated(values: Float64Array, rows: Float64Array): Float64Array {
  const all = new Float64Array(rows.reduce((sum, many) => sum + many, 0));
  let from = 0;
  for (const [i, many] of rows.entries()) {
    all.fill(values[i]!, from, from + many);
    from += many;
  }
  return all;
}

/** Values by key 0 … count − 1. */
function split(keys: Float64Array, values: Float64Array, count: number): Float64Array[] {
  const sizes = new Uint32Array(count);
  let sorted = true;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    sizes[key] = sizes[key]! + 1;
    if (i > 0 && key < keys[i - 1]!) sorted = false;
  }
  if (sorted) {
    let end = 0;
    return Array.from(sizes, (size) => {
      end += size;
      return values.slice(end - size, end);
    });
  }
  const parts = Array.from(sizes, (size) => new Float64Array(size));
  const filled = new Uint32Array(count);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    parts[key]![filled[key]!] = values[i]!;
    filled[key] = filled[key]! + 1;
  }
  return parts;
}
