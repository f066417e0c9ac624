import type { Report } from '../../model/report.ts';
import type { Finding } from '../../model/verdict.ts';
import { formatCount, formatQuantity } from '../numbers.ts';
import { findingTitles, outcomes, outcomeWords, statusWords } from '../words.ts';
import { html, type Markup, text } from './markup.ts';

const findingsShown = 50;

/** The verdict and the findings without any script, until the page's own has run or where none may. */
export function summary(report: Report): Markup {
  const { status, reason, exitCode, counts } = report.gate;
  const { word, symbol } = statusWords[status];
  const { reference, current } = report.datasets;
  return html`<main class=plain><h1 class="verdict ${status}"><span class=word>${symbol} ${word}</span> <span>${text(reason, 600)}. Exit code ${exitCode}.</span></h1>
    <p>${formatQuantity(current.rows, 'row')} against ${formatQuantity(reference.rows, 'row')} of the reference.
    ${' '}${outcomes.map((outcome) => `${formatCount(counts[outcome])} ${outcomeWords[outcome].word}`).join(', ')}.</p>
    ${findingItems(report.findings)}
    <p>Columns, charts and the audit trail need this page’s own script, which was not allowed to run here; open the file in a browser,
    ${' '}or read report.json beside it.</p></main>`;
}

export function findingItems(findings: readonly Finding[]): Markup | null {
  const shown = findings.slice(0, findingsShown);
  const more = findings.length - shown.length;
  if (shown.length === 0) return null;
  return html`<ol>${shown.map((finding) => html`<li><b>${finding.severity} ${findingTitles[finding.code]}</b> ${text(finding.message, 600)}</li>`)}</ol>
    ${more > 0 ? html`<p>… and ${formatCount(more)} more.</p>` : null}`;
}
