/**
 * How text becomes typed values: the rules for CSV cells and for JSON leaves of mixed type.
 *
 * A column has a type when at least 99 % of its values read as it; the others are counted as failures. In this order:
 *
 *   boolean      every value is true or false, in any case (yes/no, t/f and 0/1 stay what they are: words and integers)
 *   integer      optional sign and digits; every value that is a number is one. Not when more than one value in a hundred begins
 *                with a zero that a number would not have: 01067 is a code, whose zeros mean something; it is text
 *   number       as an IEEE double: 1.5, .5, 1e-3, nan, inf, Infinity; with the decimal mark of the file
 *   iso          2024-01-31, 2024/01/31, then optionally T or a blank, 10:20, 10:20:30.5, then Z or an offset; no offset is UTC
 *   time         10:20, 10:20:30.5
 *   month-first  1/31/2024 or 1-31-2024, optionally with a time (10:20, 10:20:30, with or without AM, PM)
 *   day-first    31/1/2024, 31-1-2024, 31.1.2024, likewise
 *   text         anything else
 *
 * Whether the month or the day comes first is decided by the whole column: some date must read one way only, and none the
 * other way only; a column that leaves it open stays text. Blanks around a value do not matter, except in text.
 */

import type { Kind } from '../../model/measure.ts';
import type { Family } from '../source.ts';
import { list } from './sql.ts';

export type Reading =
  | 'boolean'
  | 'integer'
  | 'number'
  | 'iso'
  | 'time'
  | 'month-first'
  | 'day-first'
  | 'text'
  /** nothing but null markers */
  | 'empty'
  /** numbers in brackets */
  | 'vector';

/** share of the values that must read as a type */
export const readableShare = 0.99;

/** Cells that mean "no value" in a typed column, unless the caller names others. The empty cell is one everywhere. */
export const nullMarkers = ['NA', 'N/A', 'n/a', '#N/A', 'NULL', 'null', 'None', '?', '-'] as const;

export const familyOfReading: Readonly<Record<Reading, Family>> = {
  boolean: 'boolean',
  integer: 'integer',
  number: 'number',
  iso: 'datetime',
  time: 'datetime',
  'month-first': 'datetime',
  'day-first': 'datetime',
  text: 'string',
  empty: 'string',
  vector: 'embedding',
};

export interface ValueRules {
  readonly decimal: '.' | ',';
  readonly markers: readonly string[];
}

/** How many values of a column read as what. */
export interface ReadingCounts {
  values: number;
  boolean: number;
  integer: number;
  /** integers with a zero before other digits */
  padded: number;
  number: number;
  iso: number;
  time: number;
  /** dates that read with the month first, the day first, or both ways */
  monthFirst: number;
  dayFirst: number;
  eitherFirst: number;
}

export function noCounts(): ReadingCounts {
  return {
    values: 0,
    boolean: 0,
    integer: 0,
    padded: 0,
    number: 0,
    iso: 0,
    time: 0,
    monthFirst: 0,
    dayFirst: 0,
    eitherFirst: 0,
  };
}

/** The type of a column whose values are all counted. */
export function decideReading(counts: ReadingCounts): Reading {
  const enough = readableShare * counts.values;
  if (counts.values === 0) return 'empty';
  if (counts.boolean === counts.values) return 'boolean';
  if (isCode(counts)) return 'text';
  if (counts.number >= enough) return counts.integer === counts.number ? 'integer' : 'number';
  if (counts.iso >= enough) return 'iso';
  if (counts.time >= enough) return 'time';
  const monthOnly = counts.monthFirst - counts.eitherFirst;
  const dayOnly = counts.dayFirst - counts.eitherFirst;
  if (counts.monthFirst >= enough && monthOnly > 0 && dayOnly === 0) return 'month-first';
  if (counts.dayFirst >= enough && dayOnly > 0 && monthOnly === 0) return 'day-first';
  return 'text';
}

/** True for digits that are not numbers, such as postal codes. */
export function isCode({ values, padded, number }: ReadingCounts): boolean {
  return padded > (1 - readableShare) * values && number >= readableShare * values;
}

const familiesOfKind: Readonly<Partial<Record<Kind, readonly Family[]>>> = {
  numeric: ['number', 'integer'],
  boolean: ['boolean'],
  datetime: ['datetime'],
  text: ['string'],
};

/** True for a type that a column of this kind can have as it is. */
export function suits(kind: Kind, reading: Reading): boolean {
  const family = familyOfReading[reading];
  return kind === 'categorical' ? family !== 'datetime' : (familiesOfKind[kind]?.includes(family) ?? true);
}

/**
 * The type of a column of which the user says what it holds: it is that when most values read so, and the others are failures.
 * Categories stay as they are written, unless all of them read as one type.
 */
export function declaredReading(kind: Kind, counts: ReadingCounts): Reading {
  const own = decideReading(counts);
  if (own === 'empty' || (kind !== 'categorical' && suits(kind, own))) return own;
  const { values, boolean, integer, number, iso, time, monthFirst, dayFirst } = counts;
  const most = (count: number): boolean => count > values / 2;
  switch (kind) {
    case 'text':
      return 'text';
    case 'categorical':
      return own === 'boolean' || (number === values && (own === 'integer' || own === 'number')) ? own : 'text';
    case 'numeric':
      return most(number) ? (integer === number ? 'integer' : 'number') : own;
    case 'boolean':
      return most(boolean) ? 'boolean' : own;
    case 'datetime':
      if (most(iso)) return 'iso';
      if (most(time)) return 'time';
      if (monthFirst === dayFirst || !most(Math.max(monthFirst, dayFirst))) return own;
      return monthFirst > dayFirst ? 'month-first' : 'day-first';
    default:
      return own;
  }
}

/** What most values of a column of text read as, and not enough of them. */
export function nearReading(counts: ReadingCounts): Reading | undefined {
  if (decideReading(counts) !== 'text' || isCode(counts) || isAmbiguousDate(counts)) return undefined;
  const { values, boolean, number, iso, time, monthFirst, dayFirst } = counts;
  const shares = { boolean, number, iso, time, 'month-first': monthFirst, 'day-first': dayFirst };
  const [most] = (Object.entries(shares) as [Reading, number][]).sort(([, a], [, b]) => b - a);
  return most![1] > values / 2 ? most![0] : undefined;
}

/** True for dates that could mean two days each, throughout. */
export function isAmbiguousDate(counts: ReadingCounts): boolean {
  return counts.values > 0 && counts.eitherFirst >= readableShare * counts.values && decideReading(counts) === 'text';
}

/**
 * The type a sample proposes; undefined when only the whole column can tell: no value was seen, a good part of the values reads
 * as a type that does not reach the share, or dates leave the order open.
 */
export function proposeReading(counts: ReadingCounts): Reading | undefined {
  const reading = decideReading(counts);
  if (reading === 'empty') return undefined;
  // a few codes among the sampled numbers may be too many in the column
  if (reading !== 'text') return counts.padded > 0 ? undefined : reading;
  const { values, boolean, number, iso, time, monthFirst, dayFirst } = counts;
  return Math.max(boolean, number, iso, time, monthFirst, dayFirst) > values / 2 ? undefined : 'text';
}

const numberShape = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf|infinity)$/i;
const isoShape =
  /^\d{4}([-/])\d{1,2}\1\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)? ?(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/;
const isPadded = /^0\d/;
const timeShape = /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;
const dateShape = /^(\d{1,2})([-/.])(\d{1,2})\2\d{4}(?: \d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?)?$/i;

/** Counts one sampled cell. */
export function countCell(counts: ReadingCounts, cell: string, rules: ValueRules): void {
  const text = cell.trim();
  if (text === '' || rules.markers.includes(text)) return;
  counts.values += 1;
  const lead = text.charCodeAt(0) | 32;
  // most text is told by its first letter: none of n(an), i(nf), t(rue), f(alse)
  if (lead >= 97 && lead <= 122 && lead !== 110 && lead !== 105 && lead !== 116 && lead !== 102) return;
  if (/^(?:true|false)$/i.test(text)) counts.boolean += 1;
  else if (/^[+-]?\d+$/.test(text)) {
    counts.number += 1;
    if (text.replace(/^[+-]/, '').length <= 19) counts.integer += 1;
    if (isPadded.test(text)) counts.padded += 1;
  } else if (numberShape.test(rules.decimal === ',' ? swapMarks(text) : text)) counts.number += 1;
  else if (isoShape.test(text)) counts.iso += 1;
  else if (timeShape.test(text)) counts.time += 1;
  else {
    const date = dateShape.exec(text);
    if (!date) return;
    const month = Number(date[1]) <= 12 && Number(date[3]) <= 31 && date[2] !== '.';
    const day = Number(date[1]) <= 31 && Number(date[3]) <= 12;
    if (month) counts.monthFirst += 1;
    if (day) counts.dayFirst += 1;
    if (month && day) counts.eitherFirst += 1;
  }
}

function swapMarks(text: string): string {
  return text.replace(/[.,]/g, (mark) => (mark === '.' ? ',' : '.'));
}

const clockFormats = ['', ' %H:%M', ' %H:%M:%S', ' %I:%M %p', ' %I:%M:%S %p'];
const monthFirst = list(clockFormats.map((clock) => `%m/%d/%Y${clock}`));
const dayFirst = list(clockFormats.map((clock) => `%d/%m/%Y${clock}`));

/**
 * SQL for a text read as a type; NULL where it does not read. Datetimes come as DOUBLE seconds.
 *
 * The engine's own casts are laxer than the rules: 1.5 rounds to an integer, 1_000 and 0x1F are numbers. Guarding every cell costs
 * a fifth of the whole load, so only what would change a value is guarded here; {@link countingSql}, which decides, is strict.
 */
export function readSql(reading: Reading, text: string, rules: ValueRules): string {
  switch (reading) {
    case 'boolean':
      return `CASE lower(trim(${text})) WHEN 'true' THEN true WHEN 'false' THEN false WHEN '1' THEN true WHEN '0' THEN false END`;
    case 'integer':
      return `CASE WHEN NOT contains(${text}, '.') THEN TRY_CAST(${text} AS BIGINT) END`;
    case 'number':
      return `TRY_CAST(${rules.decimal === ',' ? `translate(${text}, ',.', '.,')` : text} AS DOUBLE)`;
    case 'iso':
      // a cast to TIMESTAMP drops an offset; the one to TIMESTAMPTZ costs twice as much, so the plain form goes by the first
      return `CASE WHEN length(${text}) = 19 AND ${text}[17] = ':' THEN epoch(TRY_CAST(${text} AS TIMESTAMP)) ELSE epoch(TRY_CAST(trim(${text}) AS TIMESTAMPTZ)) END`;
    case 'time':
      return `epoch(TRY_CAST(trim(${text}) AS TIME))`;
    case 'month-first':
      return `epoch(CASE WHEN NOT contains(${text}, '.') THEN try_strptime(translate(trim(${text}), '-', '/'), ${monthFirst}) END)`;
    case 'day-first':
      return `epoch(try_strptime(translate(trim(${text}), '-.', '//'), ${dayFirst}))`;
    case 'vector':
      return `TRY_CAST(${text} AS DOUBLE[])`;
    case 'text':
      return text;
    case 'empty':
      return `CASE WHEN NOT (${markerSql(text, rules)}) THEN ${text} END`;
  }
}

/** SQL, true for a text that means "no value" in a typed column. A list: the engine turns IN into a join, for every row. */
export function markerSql(text: string, rules: ValueRules): string {
  return `(trim(${text}) = '' OR list_contains(${list(rules.markers)}::VARCHAR[], trim(${text})))`;
}

/** SQL aggregates over text without null markers, in the order of {@link countsFromRow}. */
export function countingSql(value: string, rules: ValueRules): string[] {
  // a cast that fails costs a microsecond or more, a pattern a tenth of that
  const shaped = (pattern: string): string => `CASE WHEN regexp_matches(${value}, '^\\s*${pattern}') THEN ${value} END`;
  const date = shaped('\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{4}');
  const month = readSql('month-first', date, rules);
  const day = readSql('day-first', date, rules);
  return [
    `count(${value})`,
    `count_if(lower(trim(${value})) IN ('true', 'false'))`,
    `count(CASE WHEN regexp_full_match(trim(${value}), '[-+]?[0-9]+') THEN TRY_CAST(${value} AS BIGINT) END)`,
    `count_if(regexp_full_match(trim(${value}), '0[0-9]+'))`,
    `count(CASE WHEN NOT contains(${value}, '_') THEN ${readSql('number', value, rules)} END)`,
    `count(${readSql('iso', shaped('\\d{4}[-/]\\d'), rules)})`,
    `count(${readSql('time', shaped('\\d{1,2}:\\d'), rules)})`,
    `count(${month})`,
    `count(${day})`,
    `count(${month} + ${day})`,
  ].map((count) => `CAST(${count} AS DOUBLE)`);
}

export const countsPerColumn = 10;

export function countsFromRow(row: readonly unknown[]): ReadingCounts {
  const [values, boolean, integer, padded, number, iso, time, monthFirst, dayFirst, eitherFirst] = row as number[];
  return {
    values: values!,
    boolean: boolean!,
    integer: integer!,
    padded: padded!,
    number: number!,
    iso: iso!,
    time: time!,
    monthFirst: monthFirst!,
    dayFirst: dayFirst!,
    eitherFirst: eitherFirst!,
  };
}
