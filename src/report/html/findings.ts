import type { Report } from '../../model/report.ts';
import type { Finding, GateStatus } from '../../model/verdict.ts';
import { findingTitles, roleWords, severityWords } from '../words.ts';
import { html, type Markup, text } from './markup.ts';

/** What was found, worst first, each linked to its column. */
export function findings(report: Report, columnIndex: ReadonlyMap<string, number>): Markup {
  return html`<section id=findings><h2>Findings</h2>
    ${
      report.findings.length === 0
        ? html`<p class=none>${nothing[report.gate.status]}</p>`
        : html`<ol class=findings>${report.findings.map((finding) => entry(finding, columnIndex))}</ol>`
    }</section>`;
}

const nothing = {
  pass: 'Nothing was found.',
  breach: 'Nothing was found in a column; see the verdict above.',
  'no-verdict': 'No finding, and no verdict either: this is not a pass.',
} satisfies Record<GateStatus, string>;

function entry(finding: Finding, columnIndex: ReadonlyMap<string, number>): Markup {
  const index = finding.column === null ? undefined : columnIndex.get(finding.column);
  const link =
    finding.column === null
      ? html`the dataset`
      : index === undefined
        ? text(finding.column)
        : html`<a class=n href=#column-${index}>${text(finding.column)}</a>`;
  return html`<li class=${finding.severity}>
    <span class=level title="${severityWords[finding.severity]}">${finding.severity}</span>
    <div><p><b>${link}</b> <span class=small>${finding.role === null ? '' : `${roleWords[finding.role]} · `}${findingTitles[finding.code]}</span></p>
    <p>${text(finding.message, 600)}</p></div>`;
}
