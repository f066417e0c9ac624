import {
  defineQualityCheck,
  type QualityColumn,
  type ReadRows,
  type ReadTexts,
  type TextReading,
  textReadings,
} from '../model/quality.ts';
import { quoted } from '../model/text.ts';
import { isJudged, presentRows } from './sides.ts';

/**
 * Values that read as another type than the column's.
 *
 *   share = values of another type / values
 *
 * Asks       do more values fail to be what the column holds: text among numbers, numbers among words?
 * Compared   in a column of numbers, dates or truth values: the values that do not read as such (they count as missing everywhere
 *            else). In a column of strings: the values that read as another of number, date, truth value and word than most rows
 *            of the reference do.
 * Judged     the rise of the share; text that stays a column's own habit is no finding.
 * Cost       none beyond the counts there are; one look at each distinct string.
 *
 * @example
 * // reference "a" "b" "c", current "a" "7" "b"  =>  0 then, 1/3 now
 */
export const mixedTypes = defineQualityCheck({
  id: 'mixed-types',
  title: 'Mixed types',
  summary: 'share of values that read as another type than the column’s',
  about: 'column',
  needs: ['profiles', 'texts'],
  measure(column) {
    if (!isJudged(column.role)) return null;
    const others = column.texts === null ? none : otherValues(column.texts);
    const { reference, current } = column.profiles;
    const sides = {
      reference: {
        rows: reference.castFailures + others.reference,
        of: reference.castFailures + presentRows(reference),
      },
      current: { rows: current.castFailures + others.current, of: current.castFailures + presentRows(current) },
    };
    if (!(sides.reference.of > 0 && sides.current.of > 0) || sides.reference.rows + sides.current.rows === 0)
      return null;
    const examples = [...current.castFailureExamples, ...others.examples].slice(0, 3);
    return {
      reference: sides.reference.rows / sides.reference.of,
      current: sides.current.rows / sides.current.of,
      detail: {
        otherType:
          current.castFailures >= others.current ? `do not read as ${noun[column.kind] ?? 'its type'}` : others.reads,
        rows: sides.current.rows,
        values: sides.current.of,
        examples: examples.map((value) => quoted(value, 20)).join(', '),
      },
      evidence: { form: 'share', ...sides, growth: 1, dispersion: 1 },
    };
  },
});

const noun: Readonly<Partial<Record<QualityColumn['kind'], string>>> = {
  numeric: 'a number',
  datetime: 'a date',
  boolean: 'true or false',
};

const told = {
  number: 'read as a number',
  date: 'read as a date',
  truth: 'read as true or false',
  word: 'read as words',
} as const satisfies Record<TextReading, string>;

interface OtherValues {
  readonly reference: number;
  readonly current: number;
  readonly reads: string;
  readonly examples: readonly string[];
}

const none: OtherValues = { reference: 0, current: 0, reads: '', examples: [] };

/** The rows that do not read as most rows of the reference. */
function otherValues({ reference, current, values }: ReadTexts): OtherValues {
  const most = (rows: ReadRows, among: readonly TextReading[]) =>
    among.reduce((best, reading) => (rows[reading] > rows[best] ? reading : best));
  const own = most(reference, textReadings);
  const others = textReadings.filter((reading) => reading !== own);
  const sum = (rows: ReadRows) => others.reduce((total, reading) => total + rows[reading], 0);
  return {
    reference: sum(reference),
    current: sum(current),
    reads: told[most(current, others)],
    examples: firstFew(values, (value) => readingOf(value) !== own),
  };
}

function firstFew(values: readonly string[], wanted: (value: string) => boolean): string[] {
  const found: string[] = [];
  for (const value of values) {
    if (found.length === 3) break;
    if (wanted(value)) found.push(value);
  }
  return found;
}

/** Rows by what their values read as. */
export function readRows(values: readonly string[], counts: ArrayLike<number>): ReadRows {
  const rows = { number: 0, date: 0, truth: 0, word: 0 };
  for (const [i, value] of values.entries()) rows[readingOf(value)] += counts[i]!;
  return rows;
}

export function readingOf(value: string): TextReading {
  const text = value.trim();
  if (/^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i.test(text)) return 'number';
  if (/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}|$)/.test(text)) return 'date';
  return /^(?:true|false)$/i.test(text) ? 'truth' : 'word';
}
