import type { SqlDialect } from './dialect.ts';
import {
  type Answer,
  type CategoryCounts,
  type CategoryTableSide,
  ColumnFailure,
  type GroupedAnswers,
  type GroupedCells,
  type GroupedRequest,
  type Grouping,
  groupsOf,
  type NumberCounts,
  type NumberReading,
  type NumberTable,
  type SampleRequest,
} from './engine.ts';
import type { OpenedSource, SourceColumn } from './source.ts';
import {
  type ColumnReading,
  type ColumnValues,
  countBelow,
  countSorted,
  rankCategories,
  SqlDataset,
  type SqlSession,
} from './sql-dataset.ts';

type Numbers = Extract<ColumnValues, { form: 'numbers' }>;
type Categories = Extract<ColumnValues, { form: 'categories' }>;

/** A driver that can give single values. */
export type ValueSession = SqlSession & Required<Pick<SqlSession, 'columns'>>;

/** Up to this many rows single columns are read out and counted here: a statement costs more to plan than to run. */
export const fewRows = 20_000;
/** Values held for the next question (8 bytes each); what is let go is read again. */
const heldValues = 4_000_000;

/**
 * A data set of few rows. Its numbers and categories are read once, many columns in one statement, and counted here; everything
 * else is asked of the engine. The answers are the engine's, but for the number of distinct values, which is exact.
 */
export class SmallDataset extends SqlDataset {
  readonly #session: ValueSession;
  /** by the column itself: one of the same index may be read in another way */
  readonly #places = new Map<SourceColumn, number>();
  /** oldest first */
  readonly #held = new Map<string, Promise<Answer<ColumnValues>>>();
  /** counted for the number of their values, until they are asked for themselves */
  readonly #tables = new Map<string, NumberTable>();

  constructor(session: ValueSession, dialect: SqlDialect, source: OpenedSource) {
    super(session, dialect, source);
    this.#session = session;
  }

  override async countNumbers(readings: readonly NumberReading[], distinct = true): Promise<Answer<NumberCounts>[]> {
    // a text that does not read as a time is a failure, which its values do not tell
    const parsed = readings.filter(({ as }) => as === 'time');
    const failing = readings.filter(({ as, column }) => as !== 'time' && column.castFailed !== undefined);
    const [asTimes, failures, values] = [
      await super.countNumbers(parsed, distinct),
      await super.countPresent(failing.map(({ column }) => column)),
      await this.#values<Numbers>(readings.filter(({ as }) => as !== 'time')),
    ];
    return readings.map((reading) => {
      if (reading.as === 'time') return asTimes.shift()!;
      const failed = reading.column.castFailed === undefined ? undefined : failures.shift();
      const answer = values.shift()!;
      if (answer instanceof ColumnFailure) return answer;
      if (failed instanceof ColumnFailure) return failed;
      return this.#counted(reading, answer, failed?.castFailures ?? 0);
    });
  }

  #counted(reading: NumberReading, { values, nulls }: Numbers, castFailures: number): NumberCounts {
    let present = values.length;
    let positiveInfinity = 0;
    let negativeInfinity = 0;
    const finite = new Float64Array(values.length);
    let filled = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (nulls !== null && nulls[i] !== 0) present--;
      else if (Number.isFinite(value)) finite[filled++] = value;
      else if (value > 0) positiveInfinity++;
      else if (value < 0) negativeInfinity++;
    }
    const nan = present - filled - positiveInfinity - negativeInfinity;
    const table = countSorted(finite.subarray(0, filled).sort());
    this.#tables.set(this.#key(reading), table);
    const kinds = Math.min(1, nan) + Math.min(1, positiveInfinity) + Math.min(1, negativeInfinity);
    return {
      present,
      castFailures,
      distinct: table.values.length + kinds,
      nan,
      positiveInfinity,
      negativeInfinity,
      min: table.values[0] ?? Number.NaN,
      max: table.values.at(-1) ?? Number.NaN,
    };
  }

  override async numberTables(
    readings: readonly NumberReading[],
    limit: number,
  ): Promise<Answer<NumberTable | null>[]> {
    const missing = readings.filter((reading) => !this.#tables.has(this.#key(reading)));
    const failures = new Map<string, ColumnFailure>();
    for (const [i, answer] of (await this.#values<Numbers>(missing)).entries()) {
      if (answer instanceof ColumnFailure) failures.set(this.#key(missing[i]!), answer);
      else this.#counted(missing[i]!, answer, 0);
    }
    const answers = readings.map((reading) => {
      const table = this.#tables.get(this.#key(reading));
      if (table === undefined) return failures.get(this.#key(reading))!;
      return table.values.length > limit ? null : table;
    });
    for (const reading of readings) this.#tables.delete(this.#key(reading));
    return answers;
  }

  override async countCategories(columns: readonly SourceColumn[], distinct = true): Promise<Answer<CategoryCounts>[]> {
    // texts are counted before they are known to be categories: they may be too many to read
    if (distinct || columns.some(({ castFailed }) => castFailed !== undefined)) {
      return super.countCategories(columns, distinct);
    }
    const answers = await this.#values<Categories>(columns.map((column) => ({ column, as: 'category' })));
    return answers.map((answer) =>
      answer instanceof ColumnFailure
        ? answer
        : {
            present: answer.codes.reduce((rows, code) => rows + Number(code >= 0), 0),
            castFailures: 0,
            distinct: 0,
            longest: 0,
          },
    );
  }

  override async categoryTables(columns: readonly SourceColumn[], limit: number): Promise<Answer<CategoryTableSide>[]> {
    const answers = await this.#values<Categories>(columns.map((column) => ({ column, as: 'category' })));
    return answers.map((answer) => {
      if (answer instanceof ColumnFailure) return answer;
      const counts = new Float64Array(answer.values.length);
      for (const code of answer.codes) if (code >= 0) counts[code] = counts[code]! + 1;
      return rankCategories(answer.values, counts, limit);
    });
  }

  override async countDistinct(columns: readonly SourceColumn[]): Promise<Answer<number>[]> {
    const known = (column: SourceColumn) => this.#tables.get(this.#key({ column, as: 'value' }));
    const answers = await super.countDistinct(columns.filter((column) => known(column) === undefined));
    return columns.map((column) => known(column)?.values.length ?? answers.shift()!);
  }

  override async sample(
    readings: readonly SampleRequest[],
    key: readonly SourceColumn[],
    oneIn: number,
  ): Promise<Answer<Float64Array>[]> {
    if (oneIn > 1 || readings.some(({ ranges }) => ranges !== undefined)) {
      return super.sample(readings, key, oneIn);
    }
    const answers = await this.#values<Numbers>(readings);
    return answers.map((answer) => (answer instanceof ColumnFailure ? answer : answer.values.filter(Number.isFinite)));
  }

  override async groupedCells(requests: readonly GroupedRequest[], by: Grouping): Promise<GroupedAnswers> {
    if (by.form !== 'time' && by.form !== 'moments') return super.groupedCells(requests, by);
    const [times] = await this.#values<Numbers>([by]);
    // a failure is told as the engine tells it
    if (times === undefined || times instanceof ColumnFailure) return super.groupedCells(requests, by);
    const count = groupsOf(by);
    const rows = new Float64Array(count);
    // a row without a time belongs to no group, as NaN does
    const groups = Int32Array.from(times.values, (time) => groupOf(time, by));
    for (const group of groups) if (group >= 0) rows[group] = rows[group]! + 1;
    const answers = await this.#values<ColumnValues>(
      requests.map((request) =>
        request.form === 'numbers'
          ? { column: request.column, as: request.as }
          : { column: request.column, as: 'category' },
      ),
    );
    return {
      rows,
      answers: answers.map((values, i): Answer<GroupedCells> => {
        if (values instanceof ColumnFailure) return values;
        const request = requests[i]!;
        return request.form === 'numbers'
          ? groupedNumbers(values as Numbers, request.edges, groups, count)
          : groupedCategories(values as Categories, request.labels, groups, count);
      }),
    };
  }

  override close(): Promise<void> {
    this.#held.clear();
    this.#tables.clear();
    return super.close();
  }

  #key({ column, as }: ColumnReading): string {
    const place = this.#places.get(column) ?? this.#places.size;
    this.#places.set(column, place);
    return `${place} ${as}`;
  }

  /** What is neither held nor on its way is read, all of it at once. */
  #values<V extends ColumnValues>(readings: readonly ColumnReading[]): Promise<Answer<V>[]> {
    const missing = readings.filter((reading) => !this.#held.has(this.#key(reading)));
    const read = this.readColumns(missing, (sql) => this.#session.columns(sql));
    for (const [i, reading] of missing.entries()) {
      this.#held.set(
        this.#key(reading),
        read.then((answers) => answers[i]!),
      );
    }
    const answers = readings.map((reading) => this.#held.get(this.#key(reading))! as Promise<Answer<V>>);
    for (const key of this.#held.keys()) {
      if (this.#held.size * this.rows <= heldValues) break;
      this.#held.delete(key);
    }
    return Promise.all(answers);
  }
}

/** −1 for none */
function groupOf(time: number, by: Extract<Grouping, { form: 'time' | 'moments' }>): number {
  if (by.form === 'moments') {
    const { edges } = by;
    return time >= edges[0]! && time < edges.at(-1)! ? countBelow(edges, time) - 1 : -1;
  }
  const { start, length, count } = by;
  if (!(time >= start && time < start + length * count)) return -1;
  // rounding must not open a stretch too many
  return Math.min(Math.floor((time - start) / length), count - 1);
}

function groupedNumbers(
  { values, nulls }: Numbers,
  edges: Float64Array,
  groups: Int32Array,
  count: number,
): GroupedCells {
  const cells = Array.from({ length: edges.length + 1 }, () => new Float64Array(count));
  const present = new Float64Array(count);
  const nan = new Float64Array(count);
  for (let i = 0; i < values.length; i++) {
    const group = groups[i]!;
    if (group < 0 || (nulls !== null && nulls[i] !== 0)) continue;
    present[group] = present[group]! + 1;
    const value = values[i]!;
    if (Number.isNaN(value)) {
      nan[group] = nan[group]! + 1;
      continue;
    }
    const cell = cells[countBelow(edges, value)]!;
    cell[group] = cell[group]! + 1;
  }
  return { cells, present, nan };
}

function groupedCategories(
  { values, codes }: Categories,
  labels: readonly string[],
  groups: Int32Array,
  count: number,
): GroupedCells {
  const cells = labels.map(() => new Float64Array(count));
  const present = new Float64Array(count);
  const places = new Map(labels.map((label, i) => [label, i]));
  const cellOf = values.map((value) => places.get(value));
  for (let i = 0; i < codes.length; i++) {
    const group = groups[i]!;
    const code = codes[i]!;
    if (group < 0 || code < 0) continue;
    present[group] = present[group]! + 1;
    const place = cellOf[code];
    if (place !== undefined) cells[place]![group] = cells[place]![group]! + 1;
  }
  return { cells, present, nan: new Float64Array(count) };
}
