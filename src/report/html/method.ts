import type { Report } from '../../model/report.ts';
import type { DatasetInfo } from '../../model/run.ts';
import { escapeHtml } from '../escape.ts';
import { printJson } from '../json.ts';
import { formatBytes, formatCount, formatDuration, formatNumber } from '../numbers.ts';
import { outcomes, outcomeWords } from '../words.ts';
import { type Content, html, Markup, text } from './markup.ts';

/** Most files of a side that are listed. */
const filesShown = 20;

/** What a reader needs to trust the numbers, and to get them again. */
export function method(report: Report): Markup {
  const { alpha, familySize, noise } = report.method;
  const entries: readonly (readonly [string, Content])[] = [
    [
      'question',
      'is the drift of a column larger than the tolerance written down for it, beyond what sampling explains? A minimum-effect test; small drift never alarms, however many rows there are',
    ],
    ['alpha', html`${formatNumber(alpha)}: at most this probability of any false finding in one run`],
    ['family', html`${formatCount(familySize)} hypotheses share it (Holm)`],
    ['noise', text(noise, 600)],
    [
      'outcomes',
      html`${outcomes.map((outcome) => html`<b>${outcomeWords[outcome].word}</b>: ${outcomeWords[outcome].meaning}. `)}`,
    ],
    ['made by', html`driftgate ${text(report.tool.version)}, ${text(report.tool.engine)}`],
    [
      'run',
      html`${text(report.run.startedAt)}, ${formatDuration(report.run.durationMs)}, ${report.run.threads} threads`,
    ],
    [
      'configuration',
      html`${report.config.file === null ? 'defaults and flags' : text(report.config.file)}, SHA-256 <code>${text(report.config.sha256)}</code>`,
    ],
  ];
  return html`<section id=method><h2>How it was computed</h2>
    ${report.notes.length === 0 ? null : html`<ul>${report.notes.map((note) => html`<li>${text(note, 600)}`)}</ul>`}
    <dl>${entries.map(([name, value]) => html`<dt>${name}<dd>${value}`)}</dl>
    <details><summary>Effective configuration</summary><pre>${json(report.config.values)}</pre></details>
    ${files('Reference', report.datasets.reference)}${files('Current', report.datasets.current)}</section>`;
}

/** Line by line, so that its line breaks stay and everything inside them is escaped. */
function json(value: unknown): Markup {
  return new Markup(
    printJson(value)
      .trimEnd()
      .split('\n')
      .map((line) => escapeHtml(line, 1000))
      .join('\n'),
  );
}

function files(name: string, dataset: DatasetInfo): Markup {
  const dialect = Object.entries(dataset.dialect);
  const more = dataset.files.length - filesShown;
  return html`<h3>${name} files</h3>
    ${dialect.length === 0 ? null : html`<p class=small>Read as ${dataset.format}; ${text(dialect.map(([key, value]) => `${key}: ${value}`).join('; '), 600)}</p>`}
    <div class=scroll role=region aria-label="${name} files" tabindex=0><table class=numbers><thead><tr><th scope=col>file<th scope=col>size<th scope=col>modified<th scope=col>SHA-256<tbody>
    ${dataset.files.slice(0, filesShown).map(
      (
        file,
      ) => html`<tr><th scope=row class=n>${text(file.path)}<td title="${formatCount(file.sizeBytes)} bytes">${formatBytes(file.sizeBytes)}
        <td>${text(file.modifiedAt.replace(/\.000Z$/, 'Z'))}<td title="${text(file.sha256)} (${file.hashOf})"><code>${text(file.sha256.slice(0, 16))}…</code>`,
    )}</table></div>
    ${more > 0 ? html`<p class=small>… and ${formatCount(more)} more files, see report.json.</p>` : null}`;
}
