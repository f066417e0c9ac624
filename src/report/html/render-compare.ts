import type { CompareReport } from '../../model/compare.ts';
import { compareShape } from '../compare/shape.ts';
import { formatQuantity } from '../numbers.ts';
import { capitalised, statusWords } from '../words.ts';
import { page } from './compare-page.js';
import { htmlDocument } from './document.ts';
import { html, type Markup, text } from './markup.ts';
import { cutTexts, pageColumn, pageConfiguration, pageDataset } from './page-report.ts';
import { findingItems } from './summary.ts';

/** A comparison of two versions as one self-contained page, in the way of a check's report. */
export function renderCompareHtml(report: CompareReport): string {
  const shown = cutTexts(pageComparison(report)) as CompareReport;
  return htmlDocument(page, 'driftgate comparison', report.gate.status, summary(report), shown);
}

/** Without the digits and lists that no screen shows. */
function pageComparison(source: CompareReport): CompareReport {
  // keys in the order of the contract, so that a report from memory and the same from a file give the same page
  const report = compareShape.read(source, '', 'drop');
  return {
    ...report,
    columns: report.columns.map(pageColumn),
    dataset: pageDataset(report.dataset),
    config: pageConfiguration(report.config),
    versions: { ...report.versions, found: report.versions.found.slice(0, 100) },
  };
}

function summary({ gate, standing, champion, challenger, findings }: CompareReport): Markup {
  const { word, symbol } = statusWords[gate.status];
  return html`<main class=plain><h1 class="verdict ${gate.status}"><span class=word>${symbol} ${word}</span> <span>${text(capitalised(standing), 600)}.
    ${' '}${text(gate.reason, 600)}. Exit code ${gate.exitCode}.</span></h1>
    <p>Challenger ${text(challenger.version)}, ${formatQuantity(challenger.rows, 'row')}, against champion
    ${' '}${text(champion.version)}, ${formatQuantity(champion.rows, 'row')}.</p>
    ${findingItems(findings)}
    <p>Metrics, charts and the audit trail need this page’s own script, which was not allowed to run here; open the file in a browser,
    ${' '}or read compare.json beside it.</p></main>`;
}
