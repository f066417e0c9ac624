/**
 * How a delimited file is written, decided by one rule over its first part (at most 128 KiB):
 *
 *   quote       always ", doubled inside a quoted field
 *   delimiter   of , ; tab | the one under which the largest share of the first records has as many fields as the header,
 *               with two fields or more; then the one with more fields; then in this order. None: one column.
 *   decimal     a comma when the delimiter is not one, some cell is a number only with a decimal comma (1,5 but not 1,500),
 *               and such cells outnumber those with a decimal point; else a point
 *   blanks      blanks after the delimiter belong to the delimiter when every field after the first begins with one
 *   header      the first line that is not blank
 *
 * What the caller says, and what the reference decided, comes before the rule. A delimiter that the caller names and the first line
 * lacks is refused when another one separates the file. Only a file whose first record is a single field
 * under the reference's delimiter, where the reference has several and another delimiter makes several, is read by the rule.
 */
import { DriftError } from '../../model/errors.ts';
import type { CsvOptions } from '../../model/run.ts';
import { quoted } from '../../model/text.ts';
import { distinctNames } from './sql.ts';

export interface CsvDialect {
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  readonly blanks: 'kept' | 'skipped after the delimiter';
  readonly header: boolean;
  readonly reasons: { readonly delimiter: string; readonly decimal: string };
}

/** The keys of DatasetInfo.dialect that the reference imposes. */
export interface ImposedDialect {
  readonly delimiter?: string;
  readonly decimal?: string;
  readonly blanks?: string;
  readonly header?: string;
}

const candidates = [',', ';', '\t', '|'];

/** A tab has no visible form. */
export function delimiterName(delimiter: string): string {
  return delimiter === '\t' ? 'tab' : delimiter;
}

export function decideDialect(
  text: string,
  whole: boolean,
  options: CsvOptions | undefined,
  imposed: ImposedDialect | undefined,
  /** columns of the reference */
  wanted = 0,
  /** for errors */
  path = 'the file',
): CsvDialect {
  let delimiter = options?.delimiter ?? (imposed?.delimiter === 'tab' ? '\t' : imposed?.delimiter);
  let delimiterReason = options?.delimiter ? 'as given' : delimiter ? "the reference's" : 'found';
  if (delimiter !== undefined && (delimiter.length !== 1 || /["\r\n]/.test(delimiter))) {
    throw new DriftError('BAD_OPTION', `the delimiter is one character, not ${quoted(delimiter)}`);
  }
  const found = findDelimiter(text, whole);
  const other = delimiter !== undefined && found !== delimiter && fieldsOf(text, found, whole) > 1;
  if (other && !options?.delimiter && wanted > 1 && fieldsOf(text, delimiter!, whole) === 1) {
    delimiterReason = `found: the reference's "${delimiterName(delimiter!)}" is not in the first line`;
    delimiter = found;
    imposed = { ...(imposed?.header ? { header: imposed.header } : {}) };
  }
  delimiter ??= found;
  const rows = records(text, delimiter, whole);
  if (options?.delimiter && rows[0]?.length === 1 && isSeparatedBy(text, found, whole)) {
    throw new DriftError(
      'BAD_OPTION',
      `${quoted(path, 200)} has no ${shownDelimiter(delimiter)}, which --csv-delimiter (csv.delimiter) names, in its first line; it is separated by ${shownDelimiter(found)}`,
    );
  }
  if (rows[0]?.length === 1 && found !== delimiter && records(text, found, whole)[0]!.length > 1) {
    delimiterReason += `, although this file looks separated by ${delimiterName(found)}`;
  }
  const header = options?.header ?? (imposed?.header ? imposed.header !== 'none' : true);
  const fields = (header ? rows.slice(1) : rows).filter((row) => row.length > 1);
  const blanks = imposed?.blanks ?? (padded(fields) ? 'skipped after the delimiter' : 'kept');
  const imposedDecimal = imposed?.decimal === ',' || imposed?.decimal === '.' ? imposed.decimal : undefined;
  return {
    delimiter,
    decimal: options?.decimal ?? imposedDecimal ?? (delimiter !== ',' && decimalCommas(fields) ? ',' : '.'),
    blanks: blanks === 'kept' ? 'kept' : 'skipped after the delimiter',
    header,
    reasons: {
      delimiter: delimiterReason,
      decimal: options?.decimal ? 'as given' : imposedDecimal ? "the reference's" : 'found',
    },
  };
}

function findDelimiter(text: string, whole: boolean): string {
  let best = ',';
  let bestShare = 0;
  let bestFields = 1;
  for (const candidate of candidates) {
    const rows = records(text, candidate, whole).slice(0, 1000);
    const fields = rows[0]?.length ?? 0;
    if (fields < 2) continue;
    const share = rows.filter((row) => row.length === fields).length / rows.length;
    if (share > bestShare || (share === bestShare && fields > bestFields)) {
      best = candidate;
      bestShare = share;
      bestFields = fields;
    }
  }
  return best;
}

/** True for a header of several fields and as many in nearly every record. */
function isSeparatedBy(text: string, delimiter: string, whole: boolean): boolean {
  const [header, ...rows] = records(text, delimiter, whole).slice(0, 1000);
  const fields = header?.length ?? 0;
  return fields > 1 && rows.filter((row) => row.length === fields).length >= 0.9 * rows.length;
}

function shownDelimiter(delimiter: string): string {
  return delimiter === '\t' ? 'tab' : quoted(delimiter);
}

function fieldsOf(text: string, delimiter: string, whole: boolean): number {
  return records(text, delimiter, whole)[0]?.length ?? 0;
}

function padded(rows: readonly (readonly string[])[]): boolean {
  return rows.length > 0 && rows.every((row) => row.slice(1).every((cell) => cell.startsWith(' ')));
}

function decimalCommas(rows: readonly (readonly string[])[]): boolean {
  let commas = 0;
  let points = 0;
  let certain = false;
  for (const cell of rows.flat()) {
    const text = cell.trim();
    if (/^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i.test(text)) {
      commas += 1;
      // 1,500 may be a thousand and a half
      certain ||= !/^[+-]?[1-9]\d{0,2},\d{3}$/.test(text);
    } else if (/^[+-]?\d*\.\d+(?:e[+-]?\d+)?$/i.test(text)) points += 1;
  }
  return certain && commas > points;
}

/** The records of a text that are not blank lines; the last one is left out when the text was cut. */
export function records(text: string, delimiter: string, whole: boolean): string[][] {
  return readRecords(text, delimiter, whole).map(({ cells }) => cells);
}

interface TextRecord {
  readonly cells: string[];
  /** where the record begins */
  readonly start: number;
  readonly end: number;
}

/** Fields split at the delimiter outside quotes; a quote opens a quoted field only at its start, blanks before it allowed. */
function readRecords(text: string, delimiter: string, whole: boolean): TextRecord[] {
  const rows: TextRecord[] = [];
  let cells: string[] = [];
  let start = 0;
  let i = 0;
  while (i <= text.length) {
    let from = i;
    while (text[from] === ' ' && delimiter !== ' ') from += 1;
    let cell: string;
    if (text[from] === '"') {
      let to = from + 1;
      for (;;) {
        const quote = text.indexOf('"', to);
        if (quote < 0)
          return whole ? [...rows, { cells: [...cells, text.slice(from + 1)], start, end: text.length }] : rows;
        to = quote + 1;
        if (text[to] !== '"') break;
        to += 1;
      }
      cell = text.slice(i, from) + text.slice(from + 1, to - 1).replaceAll('""', '"');
      i = to;
      const rest = endOfCell(text, i, delimiter);
      cell += text.slice(i, rest).trimEnd();
      i = rest;
    } else {
      const end = endOfCell(text, i, delimiter);
      cell = text.slice(i, end);
      i = end;
    }
    cells.push(cell);
    if (text[i] === delimiter) {
      i += 1;
      continue;
    }
    if (i >= text.length && !whole) break;
    if (text[i] === '\r' && text[i + 1] === '\n') i += 1;
    if (cells.length > 1 || cells[0] !== '' || text[from] === '"') rows.push({ cells, start, end: i + 1 });
    cells = [];
    i += 1;
    start = i;
    if (i >= text.length) break;
  }
  return rows;
}

function endOfCell(text: string, from: number, delimiter: string): number {
  let i = from;
  while (i < text.length) {
    const c = text[i];
    if (c === delimiter || c === '\n' || c === '\r') break;
    i += 1;
  }
  return i;
}

export interface Header {
  /** one for each field, distinct */
  readonly names: readonly string[];
  /** as written; empty for columns without a name */
  readonly written: readonly string[];
  /** records before the data, as the engine skips them: blank lines and the header */
  readonly skip: number;
  /** lines before the data that are not blank */
  readonly lines: number;
  readonly notes: readonly string[];
}

/** Names from the first record, or `column_1` … where there are none. */
export function readHeader(text: string, dialect: CsvDialect, whole: boolean): Header | undefined {
  const first = readRecords(text, dialect.delimiter, whole)[0];
  if (!first) return undefined;
  const blankLines = text.slice(0, first.start).split(/\r\n|\n|\r/).length - 1;
  if (!dialect.header) {
    const names = first.cells.map((_, i) => `column_${i + 1}`);
    return { names, written: names, skip: blankLines, lines: 0, notes: [] };
  }
  const skipBlanks = dialect.blanks !== 'kept';
  const written = first.cells.map((cell) => (skipBlanks ? cell.replace(/^ +/, '') : cell));
  const names = distinctNames(
    written.map((name, i) => (name.trim() === '' ? `column_${i + 1}` : name)),
    (name) => name,
  );
  const notes: string[] = [];
  for (const [i, name] of names.entries()) {
    if (name !== written[i]) notes.push(`field ${i + 1}, ${quoted(written[i]!)}, is called ${quoted(name)}`);
  }
  const numbers = written.filter((name) => /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(name)).length;
  if (numbers > written.length / 2) notes.push('the first line was taken for the header, but it looks like data');
  const lines = text
    .slice(first.start, first.end)
    .split(/\r\n|\n|\r/)
    .filter((line) => line !== '').length;
  return { names, written, skip: blankLines + 1, lines, notes };
}
