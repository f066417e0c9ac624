import type { Report } from '../../model/report.ts';
import type { DatasetInfo } from '../../model/run.ts';
import { formatBytes, formatCount, formatQuantity } from '../numbers.ts';
import { outcomes, outcomeWords, period, severityWords, statusWords } from '../words.ts';
import { html, Markup, text } from './markup.ts';

/** The verdict in words, what it rests on, and what was compared. */
export function banner(report: Report): Markup {
  const { status, reason, exitCode, failOn } = report.gate;
  const { word, symbol } = statusWords[status];
  return html`<header>
    <div class="verdict ${status}"><p class=word><span aria-hidden=true>${symbol}</span> ${word}</p>
    <div><h1>Drift report</h1><p>${text(reason, 600)}</p>
    <p class=small>The gate stops at ${failOn} (${severityWords[failOn]}) or worse. Exit code ${exitCode}.</p></div></div>
    ${counts(report)}
    <div class=sides>${side(report, 'reference')}${side(report, 'current')}</div>
    <nav aria-label=Sections><a href=#findings>Findings</a> <a href=#columns>Columns</a> <a href=#details>Details</a>
    <a href=#quality>Data quality</a> <a href=#method>How it was computed</a></nav></header>`;
}

/** Columns by outcome. */
function counts(report: Report): Markup {
  return html`<ul class=counts>${outcomes.map((outcome) => {
    const { word, meaning } = outcomeWords[outcome];
    return html`<li title="${meaning}"><b>${formatCount(report.gate.counts[outcome])}</b>
      <span class=o-${outcome}>${word}</span>`;
  })}</ul>`;
}

function side(report: Report, name: 'reference' | 'current'): Markup {
  const dataset: DatasetInfo = report.datasets[name];
  const bytes = dataset.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const span = period(report, name);
  const first = dataset.files[0]?.path ?? dataset.paths[0] ?? '';
  return html`<section class="side ${name}"><h2><span class="key ${new Markup(name === 'reference' ? 'kr' : 'kc')}">${name === 'reference' ? 'Reference' : 'Current'}</span></h2>
    <p><b>${formatCount(dataset.rows)}</b> ${dataset.rows === 1 ? 'row' : 'rows'}
    <span class=small> in ${formatQuantity(dataset.files.length, 'file')}, ${formatBytes(bytes)}, ${formatQuantity(dataset.columns, 'column')}</span></p>
    <p class=path>${text(first)}${dataset.files.length > 1 ? ` and ${formatCount(dataset.files.length - 1)} more` : ''}</p>
    ${span === null ? null : html`<p class=small>${span} UTC</p>`}
    ${dataset.where === null ? null : html`<p class=small>where <code>${text(dataset.where)}</code></p>`}</section>`;
}
