import { type QuantileName, quantileProbabilities } from '../model/profile.ts';
import type { Report, ReportColumn } from '../model/report.ts';
import { printable } from '../model/text.ts';
import { type Gate, gateOf } from './gate.ts';
import { missingRows } from './words.ts';

type Value = string | number | null | undefined;

/** Longest text of one cell; a spreadsheet takes 32,767 characters. */
const textLength = 1000;

/**
 * The columns as CSV (RFC 4180): a header, a line a column in the order of the report, commas, CRLF, UTF-8 without a mark.
 * Numbers are exact; what was not measured is empty. A text that a spreadsheet would run as a formula has an apostrophe before it.
 */
export function renderCsv(report: Report): string {
  // measures differ by kind: one column for each that the report has, in the order of their first mention
  const measures = [...new Set(report.columns.flatMap((column) => column.measures.map(({ id }) => id)))];
  const fields = [...fixed, ...measures.flatMap(measured)];
  const lines = [
    fields.map(([name]) => cell(name)),
    ...report.columns.map((column) => fields.map(([, value]) => cell(value(column)))),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

type Field = readonly [name: string, value: (column: ReportColumn) => Value];

const sides = ['reference', 'current'] as const;
const ofSides = (name: string, value: (profile: NonNullable<ReportColumn['reference']>) => Value): readonly Field[] =>
  sides.map((side) => [
    `${name}_${side}`,
    (column) => {
      const profile = column[side];
      return profile === null ? null : value(profile);
    },
  ]);

/** Of what the column is judged by. */
function gated(name: string, value: (gate: Gate) => Value): Field[] {
  return [[`gating_${name}`, ({ gating }) => (gating === null ? null : value(gateOf(gating)))]];
}

const fixed: readonly Field[] = [
  ['column', ({ name }) => name],
  ['role', ({ role }) => role],
  ['kind', ({ kind }) => kind],
  ['type_reference', ({ type }) => type.reference],
  ['type_current', ({ type }) => type.current],
  ['outcome', ({ outcome }) => outcome],
  ['severity', ({ severity }) => severity],
  ['findings', ({ findings }) => findings.map(({ code }) => code).join(' ')],
  ['reason', ({ reason }) => reason],
  ['error', ({ error }) => error],
  ...gated('measure', ({ id }) => id),
  ...gated('value', ({ value }) => value),
  ...gated('lower', ({ interval }) => interval[0]),
  ...gated('upper', ({ interval }) => interval[1]),
  ...gated('tolerance_warn', ({ warn }) => warn),
  ...gated('tolerance_fail', ({ fail }) => fail),
  ['phi_squared', ({ gating }) => gating?.phiSquared],
  ['phi_squared_lower', ({ gating }) => gating?.interval[0]],
  ['phi_squared_upper', ({ gating }) => gating?.interval[1]],
  // a measure that the user chose knows no such number
  ['smallest_provable', ({ gating }) => (gating?.measure ? null : gating?.smallestProvable)],
  ['largest_change_cell', ({ gating }) => gating?.largestCellChange?.cell],
  ['largest_change_reference', ({ gating }) => gating?.largestCellChange?.reference],
  ['largest_change_current', ({ gating }) => gating?.largestCellChange?.current],
  ...ofSides('rows', ({ rows }) => rows),
  ...ofSides('missing', missingRows),
  ...ofSides('distinct', ({ distinct }) => distinct?.value),
  ...ofSides('mode', ({ mode }) => mode?.value),
  ...ofSides('mean', ({ numbers }) => numbers?.mean),
  ...ofSides('std', ({ numbers }) => numbers?.std),
  ...ofSides('min', ({ numbers }) => numbers?.min),
  ...(Object.keys(quantileProbabilities) as QuantileName[]).flatMap((name) =>
    ofSides(name, ({ numbers }) => numbers?.quantiles[name]),
  ),
  ...ofSides('max', ({ numbers }) => numbers?.max),
];

function measured(id: string): Field[] {
  const name = id.replaceAll('-', '_');
  const of = (column: ReportColumn) => column.measures.find((measure) => measure.id === id);
  return [
    [name, (column) => of(column)?.statistic],
    [`${name}_p_value`, (column) => of(column)?.pValue],
  ];
}

function cell(value: Value): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const shown = defused(printable(value, textLength));
  // quoted too: what a job's log would take for a command where it starts a line
  return /[",\r\n]|^\s|\s$|^::/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/**
 * Spreadsheets run what begins with one of these signs, some also behind spaces and in their full-width forms. Tabs and line
 * breaks, which they skip as well, are escapes by now.
 */
function defused(text: string): string {
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
  return !isNumber && /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
}
