import type { Kind } from '../../model/measure.ts';
import type { EngineType } from '../duckdb.ts';
import type { Family, ImposedSchema, SourceColumn } from '../source.ts';
import { familyOfReading, markerSql, nullMarkers, type Reading, readSql } from './values.ts';

/** A column of a source whose format has types, over the relation that reads it. */
export interface NativeColumn {
  readonly name: string;
  readonly native: string;
  readonly family: Family;
  /** SQL in the representation of the family */
  readonly value: string;
  /** SQL in the column's own type, as a predicate sees it */
  readonly natural: string;
  /** SQL, true for text that does not read as the family */
  readonly failed?: string;
  readonly notation?: string;
}

const families: Readonly<Record<string, Family>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  BIGINT: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  UINTEGER: 'integer',
  UBIGINT: 'integer',
  HUGEINT: 'number',
  UHUGEINT: 'number',
  DECIMAL: 'number',
  FLOAT: 'number',
  DOUBLE: 'number',
  VARCHAR: 'string',
  ENUM: 'string',
  UUID: 'string',
  DATE: 'datetime',
  TIMESTAMP: 'datetime',
  TIMESTAMP_S: 'datetime',
  TIMESTAMP_MS: 'datetime',
  TIMESTAMP_NS: 'datetime',
  TIMESTAMP_TZ: 'datetime',
  TIME: 'datetime',
  TIME_NS: 'datetime',
};

/** Decided by type alone: blobs, maps, unions, intervals, bits and lists of anything but floats are unsupported. */
export function familyOf(type: EngineType): Family {
  if (type.element)
    return type.element.kind === 'FLOAT' || type.element.kind === 'DOUBLE' ? 'embedding' : 'unsupported';
  return families[type.kind] ?? 'unsupported';
}

/** The leaves of a column: nested structs flatten with dots, fields taken by position, as their names may differ in case only. */
export function leaves(name: string, type: EngineType, expression: string): NativeColumn[] {
  if (type.kind === 'STRUCT') {
    return type.fields.flatMap((field, i) =>
      leaves(`${name}.${field.name}`, field.type, `struct_extract_at(${expression}, ${i + 1})`),
    );
  }
  const family = familyOf(type);
  return [{ name, native: type.name, family, value: valueSql(type, family, expression), natural: expression }];
}

function valueSql(type: EngineType, family: Family, expression: string): string {
  if (family === 'datetime') return `epoch(${type.kind === 'TIME_NS' ? `CAST(${expression} AS TIME)` : expression})`;
  if (family === 'number' && type.kind !== 'DOUBLE') return `CAST(${expression} AS DOUBLE)`;
  if (family === 'string' && type.kind !== 'VARCHAR') return `CAST(${expression} AS VARCHAR)`;
  return expression;
}

/** The SQL by which a column of one family is read as another. */
export interface CastSql {
  /** text read as a type; NULL where it does not read */
  read(reading: Reading, text: string): string;
  /** true for a text that means "no value" */
  isMarker(text: string): string;
  asText(column: NativeColumn): string;
  vector(natural: string): string;
  readonly types: Readonly<Record<Family, string>>;
}

const textRules = { decimal: '.', markers: nullMarkers } as const;

export const duckDbCasts: CastSql = {
  read: (reading, text) => readSql(reading, text, textRules),
  isMarker: (text) => markerSql(text, textRules),
  asText,
  vector: (natural) => `TRY_CAST(${natural} AS DOUBLE[])`,
  types: {
    number: 'DOUBLE',
    integer: 'BIGINT',
    boolean: 'BOOLEAN',
    string: 'VARCHAR',
    datetime: 'DOUBLE',
    embedding: 'DOUBLE[]',
    unsupported: 'VARCHAR',
  },
};

/** The relation's columns over a base, by name, with the reference's families imposed. */
export function relationColumns(
  natives: readonly NativeColumn[],
  imposed: ImposedSchema | undefined,
  sql: CastSql = duckDbCasts,
): { select: ReadonlyMap<string, string>; columns: SourceColumn[] } {
  const wanted = new Map(imposed?.columns.map((column) => [column.name, column]));
  const select = new Map<string, string>();
  const columns = natives.map((native, index): SourceColumn => {
    const column = { index, name: native.name, native: native.native };
    const target = wanted.get(native.name);
    const cast = target && castTo(native, target.family, target.notation, sql);
    const { family, value, failed } = cast ?? native;
    const notation = cast ? target?.notation : native.notation;
    const read = { ...column, family, ...(family === 'datetime' && notation ? { notation } : {}) };
    select.set(`c${index}`, value);
    if (!failed) return read;
    const written = `written${index}`;
    const text = cast ? sql.asText(native) : `CAST(${native.natural} AS VARCHAR)`;
    select.set(written, `CASE WHEN ${failed} THEN ${text} END`);
    return { ...read, castFailed: `${written} IS NOT NULL`, written };
  });
  return { select, columns };
}

interface Cast {
  readonly family: Family;
  readonly value: string;
  /** SQL, true for values that do not read; absent when all do */
  readonly failed?: string;
}

/** Undefined when the column is read as it is. Integers and numbers are both numeric: neither is cast to the other. */
function castTo(from: NativeColumn, family: Family, notation: string | undefined, sql: CastSql): Cast | undefined {
  const numeric = (of: Family): boolean => of === 'number' || of === 'integer';
  if (from.family === family || family === 'unsupported') return undefined;
  if (numeric(from.family) && numeric(family)) return undefined;
  if (family === 'string' && from.family !== 'embedding' && from.family !== 'unsupported') {
    return { family, value: sql.asText(from) };
  }
  if (from.family === 'string') {
    const value = sql.read(readingFor(family, notation), from.value);
    return { family, value, failed: `${value} IS NULL AND NOT ${sql.isMarker(from.value)}` };
  }
  if (from.family === 'boolean' && numeric(family)) return { family, value: `CAST(${from.value} AS BIGINT)` };
  if (numeric(from.family) && family === 'boolean') {
    const value = `CASE ${from.value} WHEN 1 THEN true WHEN 0 THEN false END`;
    return { family, value, failed: `${from.value} IS NOT NULL AND ${value} IS NULL` };
  }
  if (family === 'embedding' && /\]$|^ARRAY/.test(from.native)) {
    const value = sql.vector(from.natural);
    return { family, value, failed: `${from.natural} IS NOT NULL AND ${value} IS NULL` };
  }
  return { family, value: `CAST(NULL AS ${sql.types[family]})`, failed: `${from.natural} IS NOT NULL` };
}

/** What text is tried as, of which the user says what it holds. */
const declaredReadings: Readonly<Partial<Record<Kind, readonly (readonly Reading[])[]>>> = {
  numeric: [['number']],
  boolean: [['boolean']],
  // the usual form by itself, so that the others are tried where it fails only
  datetime: [['iso'], ['time', 'month-first', 'day-first']],
};

/**
 * The columns as the user says they are: text most of which reads so is read so, and the rest are failures; what is to be text or
 * categories is written out.
 *
 * @param count answers SQL aggregates over the rows
 */
export async function asDeclared(
  natives: readonly NativeColumn[],
  kinds: Readonly<Record<string, Kind>>,
  sql: CastSql,
  count: (aggregates: readonly string[]) => Promise<readonly number[]>,
): Promise<readonly NativeColumn[]> {
  const result: NativeColumn[] = [];
  for (const native of natives) {
    const kind = kindOf(kinds, native.name);
    result.push(kind === undefined ? native : await declared(native, kind, sql, count));
  }
  return result;
}

async function declared(
  native: NativeColumn,
  kind: Kind,
  sql: CastSql,
  count: (aggregates: readonly string[]) => Promise<readonly number[]>,
): Promise<NativeColumn> {
  const { family, value: text } = native;
  const written =
    kind === 'text' ? ['number', 'integer', 'boolean', 'datetime'] : kind === 'categorical' ? ['datetime'] : [];
  if (written.includes(family)) return { ...native, family: 'string', value: sql.asText(native) };
  if (family !== 'string') return native;
  const reading = await readingOfMost(text, declaredReadings[kind] ?? [], sql, count);
  if (reading === undefined) return native;
  const value = sql.read(reading, text);
  const typed = familyOfReading[reading];
  return {
    ...native,
    family: typed,
    value,
    failed: `${value} IS NULL AND NOT ${sql.isMarker(text)}`,
    ...(typed === 'datetime' ? { notation: reading } : {}),
  };
}

/** The first of these under which most of the values read; undefined for none, or when two fit equally well. */
async function readingOfMost(
  text: string,
  rounds: readonly (readonly Reading[])[],
  sql: CastSql,
  count: (aggregates: readonly string[]) => Promise<readonly number[]>,
): Promise<Reading | undefined> {
  for (const readings of rounds) {
    const [values = 0, ...read] = await count([
      `count(CASE WHEN NOT ${sql.isMarker(text)} THEN 1 END)`,
      ...readings.map((reading) => `count(${sql.read(reading, text)})`),
    ]);
    const most = Math.max(...read);
    if (most <= values / 2) continue;
    // dates that read with the month or the day first leave it open which is meant
    const found = readings.filter((_, i) => read[i] === most);
    return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

export function kindOf(kinds: Readonly<Record<string, Kind>>, name: string): Kind | undefined {
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

const readings: readonly Reading[] = ['iso', 'time', 'month-first', 'day-first'];

/** How text is read when the other side decided the family. */
export function readingFor(family: Family, notation: string | undefined): Reading {
  switch (family) {
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'datetime':
      return readings.find((reading) => reading === notation) ?? 'iso';
    case 'embedding':
      return 'vector';
    case 'string':
    case 'unsupported':
      return 'text';
  }
}

/** Whole numbers without a decimal point, as a column of integers with gaps arrives as doubles. */
function asText(column: NativeColumn): string {
  const x = column.value;
  if (column.family !== 'number') return `CAST(${column.natural} AS VARCHAR)`;
  return `CASE WHEN ${x} = trunc(${x}) AND abs(${x}) < 1e15 THEN CAST(CAST(${x} AS BIGINT) AS VARCHAR) ELSE CAST(${x} AS VARCHAR) END`;
}
