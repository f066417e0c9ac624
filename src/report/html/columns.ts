import type { Report, ReportColumn } from '../../model/report.ts';
import { formatCount, formatDistance, formatShare } from '../numbers.ts';
import { missingRows, outcomes, outcomeWords, roleWords } from '../words.ts';
import { driftScale, driftWords, legend, thumbnail } from './figures.ts';
import { html, Markup, text } from './markup.ts';

/** All columns, worst first; the buttons hide rows and details by outcome without any script. */
export function columns(report: Report): Markup {
  return html`<section id=columns><h2>Columns</h2>${filters(report)}
    <p class=note>Worst first. ${legend} The bar shows φ² with its interval from 0 to twice the fail tolerance; the lines are the warn and the fail tolerance.</p>
    <table class=columns><thead><tr><th scope=col>column<th scope=col>outcome<th scope=col>φ² and interval<th scope=col>missing<th scope=col>distribution<tbody>
    ${report.columns.map(row)}</table></section>`;
}

function filters(report: Report): Markup {
  const present = outcomes.filter((outcome) => report.gate.counts[outcome] > 0);
  if (present.length < 2) return html``;
  return html`<fieldset class=filter><legend>Show</legend>
    <label><input type=radio name=show id=show-all checked> all ${formatCount(report.columns.length)}</label>
    ${present.map(
      (outcome) => html`<label><input type=radio name=show id=show-${outcome}>
        ${' '}${outcomeWords[outcome].word} ${formatCount(report.gate.counts[outcome])}</label>`,
    )}</fieldset>`;
}

function row(column: ReportColumn, index: number): Markup {
  const { gating } = column;
  return html`<tr class=f-${column.outcome}><th class=n><a href=#column-${index}>${text(column.name)}</a>
    <span class=small>${kindAndRole(column)}</span><td>${badge(column)}<td>${
      gating === null
        ? '–'
        : html`<b title=${String(gating.phiSquared)}>${formatDistance(gating.phiSquared)}</b> <span class=small>${driftWords(gating)}</span>${driftScale(gating, index)}`
    }<td>${missing(column)}<td>${thumbnail(column, index)}`;
}

export function kindAndRole(column: ReportColumn): string {
  return column.role === 'feature' ? column.kind : `${roleWords[column.role]}, ${column.kind}`;
}

/** Outcome and severity, in form, word and colour. */
export function badge(column: ReportColumn): Markup {
  return html`<span class=o-${column.outcome}>${outcomeWords[column.outcome].word}</span>${
    column.severity === null ? null : html` <span class="level ${column.severity}">${column.severity}</span>`
  }`;
}

/** Share of rows without a usable value, then and now. */
function missing(column: ReportColumn): Markup {
  const share = (side: ReportColumn['reference']) =>
    side === null ? new Markup('absent') : html`${formatShare(side.rows > 0 ? missingRows(side) / side.rows : 0)}`;
  const then = share(column.reference);
  const now = share(column.current);
  return then.text === now.text ? then : html`${then} → ${now}`;
}
