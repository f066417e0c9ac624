import { DriftError } from '../../model/errors.ts';
import type { Kind } from '../../model/measure.ts';
import type { DatasetInfo, SourceOptions, TrinoServer } from '../../model/run.ts';
import { parseTableName } from '../../model/table-name.ts';
import { printable, quoted } from '../../model/text.ts';
import { type Family, type ImposedSchema, type OpenedSource, withTicks } from '../source.ts';
import { asDeclared, type CastSql, kindOf, type NativeColumn, relationColumns } from '../sources/columns.ts';
import { nullMarkers, type Reading, readableShare } from '../sources/values.ts';
import { QueryFailure, type ResultColumn, type TypeSignature } from './client.ts';
import { epochSeconds, isoTime, trinoDialect } from './dialect.ts';
import type { TrinoSession } from './session.ts';

/** Texts asked about at once, whether they are dates. */
const textsPerStatement = 40;
/** Rows that tell whether text may be dates, before all are asked. */
const dateSample = 2048;

/**
 * Opens a table as a relation with columns c0, c1 … Nothing is copied or created: each statement brings the relation's definition along.
 *
 * @param release the server's version
 * @throws {DriftError} TABLE_UNREADABLE, BAD_WHERE, BAD_OPTION
 */
export async function openTable(
  session: TrinoSession,
  options: SourceOptions,
  server: TrinoServer,
  release: string,
  imposed?: ImposedSchema,
): Promise<OpenedSource> {
  const { where, paths } = options;
  const parts = paths.length === 1 ? parseTableName(paths[0]!) : null;
  if (parts === null) {
    const shown = quoted(paths.join(', '), 200);
    throw new DriftError('BAD_OPTION', `${shown} is not the name of one table such as ml.train or hive.ml.train`);
  }
  if (options.ordered) {
    throw new DriftError('BAD_OPTION', `the rows of the table ${quoted(paths[0]!)} have no order; use windows of time`);
  }
  const relation = session.freshName();
  const table = parts.map((part) => trinoDialect.identifier(part)).join('.');
  const described = await session.query(`SELECT * FROM ${table} LIMIT 0`, relation).catch((cause: unknown) => {
    throw unreadable(cause, paths[0]!, server);
  });
  // a comment in the predicate ends with its line
  const from = where === undefined ? table : `${table} WHERE (${where}\n)`;
  if (where !== undefined) {
    await session.query(`SELECT 1 FROM ${from} LIMIT 0`, relation).catch((cause: unknown) => {
      throw badWhere(cause, where);
    });
  }
  const leaves = described.columns.flatMap((column) => leavesOf(column));
  const said = imposed ? {} : (options.kinds ?? {});
  const typed = await asDeclared(leaves, said, casts, async (aggregates) => {
    const [row] = await session.rows(`SELECT ${aggregates.join(', ')} FROM ${from}`, relation);
    return row!.map(Number);
  });
  const natives = (await readDates(session, relation, from, typed, said)).map((native) => spelledAs(native, imposed));
  const { select, columns } = relationColumns(natives, imposed, casts);
  session.define({ name: relation, columns: select, from });
  const countRows = async (): Promise<number> => {
    const [row] = await session.rows(`SELECT count(*) FROM ${from}`, relation);
    return Number(row![0]);
  };
  const rows = await countRows().catch((cause: unknown) => {
    throw where === undefined ? unreadable(cause, paths[0]!, server) : badWhere(cause, where);
  });
  const info: Omit<DatasetInfo, 'server'> = {
    paths,
    format: 'table',
    files: [],
    rows,
    where: where ?? null,
    rejectedRows: 0,
    rejected: [],
    dialect: { server: `Trino ${release} at ${server.origin}` },
    columns: columns.length,
  };
  return {
    relation,
    rows,
    columns: withTicks(columns, imposed),
    loaded: false,
    order: { none: 'the rows of a table have no order' },
    // as it stands when it is asked for: the queries go on
    get info(): DatasetInfo {
      const queries = session.recordsOf(relation);
      const receivedBytes = queries.reduce((sum, query) => sum + query.receivedBytes, 0);
      return { ...info, server: { origin: server.origin, user: server.user, receivedBytes, queries } };
    },
    close: async () => {
      // no transaction spans the scans: counts of a table that grew meanwhile would not belong together
      const now = await countRows();
      if (now === rows) return;
      throw new DriftError(
        'ENGINE_FAILURE',
        `the table ${quoted(paths[0]!)} changed while it was read: ${rows} rows at first, ${now} at last; a predicate such as --where "ds < DATE '2026-11-01'" keeps to rows that no longer change`,
      );
    },
  };
}

function unreadable(cause: unknown, table: string, { origin }: TrinoServer): unknown {
  const failure = cause instanceof DriftError ? cause.cause : cause;
  if (!(failure instanceof QueryFailure)) return cause;
  const message = `cannot read the table ${quoted(table, 120)} at ${printable(origin, 120)}: ${reason(failure)}`;
  return new DriftError('TABLE_UNREADABLE', message, { cause });
}

function badWhere(cause: unknown, where: string): unknown {
  const failure = cause instanceof DriftError ? cause.cause : cause;
  if (!(failure instanceof QueryFailure) || failure.errorType !== 'USER_ERROR') return cause;
  return new DriftError('BAD_WHERE', `where ${quoted(where, 60)}: ${reason(failure)}`, { cause });
}

/** Without the place, which counts in a statement that the user never saw. */
function reason({ message }: QueryFailure): string {
  return printable(message.replace(/^line \d+:\d+: /, ''), 200);
}

/** A column's leaves: rows flatten with dots, fields taken by position, as their names may be missing or differ in case only. */
function leavesOf({ name, type, typeSignature }: ResultColumn): NativeColumn[] {
  return leaves(name, type, typeSignature, trinoDialect.identifier(name));
}

interface NamedField {
  readonly fieldName?: { readonly name: string };
  readonly typeSignature: TypeSignature;
}

function leaves(name: string, type: string, signature: TypeSignature | undefined, expression: string): NativeColumn[] {
  if (signature?.rawType === 'row') {
    return signature.arguments.flatMap(({ value }, i) => {
      const { fieldName, typeSignature } = value as NamedField;
      const field = fieldName?.name ?? String(i + 1);
      return leaves(`${name}.${field}`, textOf(typeSignature), typeSignature, `${expression}[${i + 1}]`);
    });
  }
  const family = familyOf(type);
  return [{ name, native: type.toUpperCase(), family, value: valueSql(type, family, expression), natural: expression }];
}

/** A type of a row's field; its parameters are numbers and types. */
function textOf({ rawType, arguments: parameters }: TypeSignature): string {
  if (parameters.length === 0) return rawType;
  const list = parameters.map(({ kind, value }) => (kind === 'TYPE' ? textOf(value as TypeSignature) : String(value)));
  // a varchar without a bound has the largest number as one
  if (rawType === 'varchar' && Number(list[0]) >= 2 ** 31 - 1) return rawType;
  return /^time/.test(rawType) && rawType.includes(' ')
    ? rawType.replace(' ', `(${list[0]}) `)
    : `${rawType}(${list.join(', ')})`;
}

/** By type alone: what has no order and no categories is only counted. */
function familyOf(type: string): Family {
  if (/^(?:tinyint|smallint|integer|bigint)$/.test(type)) return 'integer';
  if (/^(?:real|double|decimal\b.*)$/.test(type)) return 'number';
  if (type === 'boolean') return 'boolean';
  if (/^(?:varchar|char)\b|^uuid$/.test(type)) return 'string';
  if (/^(?:date$|timestamp\b|time\b)/.test(type)) return 'datetime';
  return /^array\((?:real|double)\)$/.test(type) ? 'embedding' : 'unsupported';
}

function valueSql(type: string, family: Family, expression: string): string {
  if (family === 'integer') return type === 'bigint' ? expression : `CAST(${expression} AS BIGINT)`;
  if (family === 'number') return type === 'double' ? expression : `CAST(${expression} AS DOUBLE)`;
  if (family === 'string') return type === 'varchar' ? expression : `CAST(${expression} AS VARCHAR)`;
  if (type === 'date') return `(CAST(date_diff('day', DATE '1970-01-01', ${expression}) AS DOUBLE) * 86400e0)`;
  if (type.startsWith('timestamp')) return epochSeconds(expression);
  if (family === 'datetime') {
    const clock = `CAST(${expression} AS TIME(3))`;
    return `(CAST(date_diff('millisecond', TIME '00:00:00.000', ${clock}) AS DOUBLE) / 1e3)`;
  }
  return expression;
}

/** Catalogs keep names in lower case: a column that the reference spells otherwise is meant all the same. */
function spelledAs(native: NativeColumn, imposed: ImposedSchema | undefined): NativeColumn {
  const names = imposed?.columns.map(({ name }) => name) ?? [];
  if (names.includes(native.name)) return native;
  const alike = names.filter((name) => name.toLowerCase() === native.name.toLowerCase());
  return alike.length === 1 ? { ...native, name: alike[0]! } : native;
}

/** Text in ISO 8601 throughout is read as dates, as in files. */
async function readDates(
  session: TrinoSession,
  relation: string,
  from: string,
  natives: readonly NativeColumn[],
  said: Readonly<Record<string, Kind>>,
): Promise<readonly NativeColumn[]> {
  const texts = natives.filter(
    ({ name, native }) => /^(?:VARCHAR|CHAR)\b/.test(native) && kindOf(said, name) === undefined,
  );
  const dated = new Set<NativeColumn>();
  const share = async (some: readonly NativeColumn[], limit: string): Promise<NativeColumn[]> => {
    if (some.length === 0) return [];
    const columns = some.map(({ value }, i) => `${value} AS v${i}`).join(', ');
    const counts = some.flatMap((_, i) => [`count(v${i})`, `count(${isoTime(`v${i}`)})`]);
    const [row] = await session.rows(
      `SELECT ${counts.join(', ')} FROM (SELECT ${columns} FROM ${from} ${limit})`,
      relation,
    );
    return some.filter(
      (_, i) => Number(row![2 * i]) > 0 && Number(row![2 * i + 1]) >= readableShare * Number(row![2 * i]),
    );
  };
  for (let start = 0; start < texts.length; start += textsPerStatement) {
    const likely = await share(texts.slice(start, start + textsPerStatement), `LIMIT ${dateSample}`);
    for (const native of await share(likely, '')) dated.add(native);
  }
  return natives.map((native): NativeColumn => {
    if (!dated.has(native)) return native;
    const text = native.value;
    const failed = `${isoTime(text)} IS NULL AND NOT ${casts.isMarker(text)}`;
    return { ...native, family: 'datetime', value: isoTime(text), natural: text, failed, notation: 'iso' };
  });
}

const clockFormats = ['', ' %H:%i', ' %H:%i:%s', ' %I:%i %p', ' %I:%i:%s %p'];

function parsedDate(date: string, text: string): string {
  const attempts = clockFormats.map((clock) => `TRY(date_parse(${text}, '${date}${clock}'))`);
  return epochSeconds(`coalesce(${attempts.join(', ')})`);
}

const casts: CastSql = {
  read: (reading, text) => readText(reading, text),
  isMarker: (text) => {
    const markers = nullMarkers.map((marker) => trinoDialect.text(marker)).join(', ');
    return `(trim(${text}) = '' OR trim(${text}) IN (${markers}))`;
  },
  asText: ({ family, value, natural }) =>
    family === 'number'
      ? `CASE WHEN abs(${value}) < 1e15 AND ${value} = truncate(${value}) THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR) ELSE format('%s', ${value}) END`
      : `CAST(${natural} AS VARCHAR)`,
  vector: (natural) => `TRY_CAST(${natural} AS ARRAY(DOUBLE))`,
  types: {
    number: 'DOUBLE',
    integer: 'BIGINT',
    boolean: 'BOOLEAN',
    string: 'VARCHAR',
    datetime: 'DOUBLE',
    embedding: 'ARRAY(DOUBLE)',
    unsupported: 'VARCHAR',
  },
};

/** See sources/values.ts for the rules. */
function readText(reading: Reading, text: string): string {
  const trimmed = `trim(${text})`;
  switch (reading) {
    case 'boolean':
      return `CASE lower(${trimmed}) WHEN 'true' THEN true WHEN 'false' THEN false WHEN '1' THEN true WHEN '0' THEN false END`;
    case 'integer':
      return `TRY_CAST(${trimmed} AS BIGINT)`;
    case 'number':
      // the cast alone would take 1d and 0x1p3 for numbers
      return (
        `CASE WHEN regexp_like(${trimmed}, '^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$') THEN TRY_CAST(${trimmed} AS DOUBLE) ` +
        `ELSE CASE lower(${trimmed}) WHEN 'nan' THEN nan() WHEN 'inf' THEN infinity() WHEN '+inf' THEN infinity() WHEN 'infinity' THEN infinity() ` +
        `WHEN '+infinity' THEN infinity() WHEN '-inf' THEN -infinity() WHEN '-infinity' THEN -infinity() END END`
      );
    case 'iso':
      return isoTime(text);
    case 'time':
      return `(CAST(date_diff('millisecond', TIME '00:00:00.000', TRY_CAST(${trimmed} AS TIME(3))) AS DOUBLE) / 1e3)`;
    case 'month-first':
      return parsedDate('%m/%d/%Y', `replace(${trimmed}, '-', '/')`);
    case 'day-first':
      return parsedDate('%d/%m/%Y', `translate(${trimmed}, '-.', '//')`);
    case 'vector':
      return `TRY_CAST(TRY(json_parse(${text})) AS ARRAY(DOUBLE))`;
    case 'text':
    case 'empty':
      return text;
  }
}
