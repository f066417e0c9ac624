import type { ColumnProfile } from '../../model/profile.ts';
import type { Report, ReportColumn } from '../../model/report.ts';
import { formatCount, formatQuantity, formatShare } from '../numbers.ts';
import { html, type Markup, text } from './markup.ts';

/** Rows and values that could not be read, and values that are missing: counted, never silently dropped. */
export function quality(report: Report): Markup {
  const columns = report.columns.map((column, index) => ({ column, index })).filter(({ column }) => imperfect(column));
  return html`<section id=quality><h2>Data quality</h2>
    ${rejected(report, 'reference')}${rejected(report, 'current')}
    ${
      columns.length === 0
        ? html`<p class=none>No value is missing or unreadable in any column.</p>`
        : html`<div class=scroll role=region aria-label="Missing and unreadable values" tabindex=0><table class=numbers><thead><tr><th scope=col>column
            <th scope=col colspan=2>nulls<th scope=col colspan=2>NaN, ±∞<th scope=col colspan=2>unreadable<th scope=col>for example<tbody>
            <tr class=sub><td><td>reference<td>current<td>reference<td>current<td>reference<td>current<td>
            ${columns.map(({ column, index }) => row(column, index))}</table></div>`
    }</section>`;
}

function imperfect(column: ReportColumn): boolean {
  return [column.reference, column.current].some(
    (side) => side !== null && side.nulls + nonFinite(side) + side.castFailures > 0,
  );
}

function nonFinite(side: ColumnProfile): number {
  return side.nan + side.positiveInfinity + side.negativeInfinity;
}

function row(column: ReportColumn, index: number): Markup {
  const pair = (of: (side: ColumnProfile) => number) =>
    [column.reference, column.current].map((side) => share(side, of));
  const examples = [
    ...new Set([...(column.current?.castFailureExamples ?? []), ...(column.reference?.castFailureExamples ?? [])]),
  ];
  return html`<tr><th scope=row class=n><a href=#column-${index}>${text(column.name, 60)}</a>
    ${pair((side) => side.nulls)}${pair(nonFinite)}${pair((side) => side.castFailures)}<td>${
      examples.length === 0 ? null : html`<code>${text(examples.slice(0, 3).join(' · '), 80)}</code>`
    }`;
}

function share(side: ColumnProfile | null, of: (side: ColumnProfile) => number): Markup {
  if (side === null) return html`<td>–`;
  const rows = of(side);
  return rows === 0
    ? html`<td>0`
    : html`<td title="${formatCount(rows)} rows">${formatShare(rows / Math.max(1, side.rows))}`;
}

function rejected(report: Report, side: 'reference' | 'current'): Markup {
  const { rejectedRows, rejected: examples, rows } = report.datasets[side];
  if (rejectedRows === 0) return html`<p>Every row of the ${side} side could be read.</p>`;
  return html`<p><b>${formatQuantity(rejectedRows, 'malformed row')}</b> of the ${side} side left out (${formatShare(rejectedRows / (rows + rejectedRows))}):</p>
    <ul>${examples.slice(0, 10).map(({ file, line, reason }) => html`<li><code>${text(file)}:${line}</code> ${text(reason, 300)}`)}</ul>`;
}
