import type { Report } from '../../model/report.ts';
import { statusWords } from '../words.ts';
import { banner } from './banner.ts';
import { columns } from './columns.ts';
import { details } from './details.ts';
import { findings } from './findings.ts';
import { html, Markup } from './markup.ts';
import { method } from './method.ts';
import { quality } from './quality.ts';
import { style } from './style.ts';

/** Nothing is loaded and nothing runs: the page is its own text, style and drawings. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * The report as one self-contained page. No script: folding is `<details>`, filtering is a stylesheet's, so it works from a file,
 * in a mail attachment and behind any policy.
 */
export function renderHtml(report: Report): string {
  const columnIndex = new Map(report.columns.map((column, index) => [column.name, index]));
  const { word } = statusWords[report.gate.status];
  const page = html`<!doctype html><html lang=en><head><meta charset=utf-8>
    <meta http-equiv=Content-Security-Policy content="${new Markup(contentSecurityPolicy)}">
    <meta name=viewport content="width=device-width, initial-scale=1"><meta name=color-scheme content="light dark">
    <title>${word} · driftgate report</title>
    <link rel=icon href="${new Markup(icon(report))}"><style>${new Markup(style)}</style></head>
    <body>${banner(report)}<main>${findings(report, columnIndex)}${columns(report)}${details(report)}${quality(report)}${method(report)}</main>
    <footer>driftgate ${report.tool.version}. All numbers stand in report.json; rounded ones show their exact value on hover.</footer></body></html>`;
  return `${page.text}\n`;
}

/** The verdict in the browser's tab. */
function icon(report: Report): string {
  const color = { pass: '%2300684a', breach: '%23b3261e', 'no-verdict': '%237a5200' }[report.gate.status];
  const mark = { pass: 'M4 8l3 3 5-6', breach: 'M5 5l6 6m0-6l-6 6', 'no-verdict': 'M4 8h8' }[report.gate.status];
  return `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='${color}'/%3E%3Cpath d='${mark}' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E`;
}
