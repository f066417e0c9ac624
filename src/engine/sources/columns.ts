import type { EngineType } from '../duckdb.ts';
import type { Family, ImposedSchema, SourceColumn } from '../source.ts';
import { markerSql, nullMarkers, type Reading, readSql } from './values.ts';

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

/** The relation's columns over a base, with the reference's families imposed. */
export function relationColumns(
  natives: readonly NativeColumn[],
  imposed: ImposedSchema | undefined,
): { select: string; columns: SourceColumn[] } {
  const wanted = new Map(imposed?.columns.map((column) => [column.name, column]));
  const select: string[] = [];
  const columns = natives.map((native, index): SourceColumn => {
    const column = { index, name: native.name, native: native.native };
    const target = wanted.get(native.name);
    const cast = target && castTo(native, target.family, target.notation);
    const { family, value, failed } = cast ?? native;
    const notation = cast ? target?.notation : native.notation;
    const read = { ...column, family, ...(family === 'datetime' && notation ? { notation } : {}) };
    select.push(`${value} AS c${index}`);
    if (!failed) return read;
    const written = `written${index}`;
    select.push(`CASE WHEN ${failed} THEN ${asText(native)} END AS ${written}`);
    return { ...read, castFailed: `${written} IS NOT NULL`, written };
  });
  return { select: select.join(', '), columns };
}

interface Cast {
  readonly family: Family;
  readonly value: string;
  /** SQL, true for values that do not read; absent when all do */
  readonly failed?: string;
}

/** Undefined when the column is read as it is. Integers and numbers are both numeric: neither is cast to the other. */
function castTo(from: NativeColumn, family: Family, notation: string | undefined): Cast | undefined {
  const numeric = (of: Family): boolean => of === 'number' || of === 'integer';
  if (from.family === family || family === 'unsupported') return undefined;
  if (numeric(from.family) && numeric(family)) return undefined;
  if (family === 'string' && from.family !== 'embedding' && from.family !== 'unsupported') {
    return { family, value: asText(from) };
  }
  if (from.family === 'string') {
    const rules = { decimal: '.', markers: nullMarkers } as const;
    const value = readSql(readingFor(family, notation), from.value, rules);
    return { family, value, failed: `${value} IS NULL AND NOT ${markerSql(from.value, rules)}` };
  }
  if (from.family === 'boolean' && numeric(family)) return { family, value: `CAST(${from.value} AS BIGINT)` };
  if (numeric(from.family) && family === 'boolean') {
    const value = `CASE ${from.value} WHEN 1 THEN true WHEN 0 THEN false END`;
    return { family, value, failed: `${from.value} IS NOT NULL AND ${value} IS NULL` };
  }
  if (family === 'embedding' && from.native.endsWith(']')) {
    const value = `TRY_CAST(${from.natural} AS DOUBLE[])`;
    return { family, value, failed: `${from.natural} IS NOT NULL AND ${value} IS NULL` };
  }
  return { family, value: `CAST(NULL AS ${sqlTypes[family]})`, failed: `${from.natural} IS NOT NULL` };
}

const sqlTypes: Readonly<Record<Family, string>> = {
  number: 'DOUBLE',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  string: 'VARCHAR',
  datetime: 'DOUBLE',
  embedding: 'DOUBLE[]',
  unsupported: 'VARCHAR',
};

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
