import type { Report } from '../../model/report.ts';
import { statusWords } from '../words.ts';
import { html, Markup } from './markup.ts';
import { pack } from './pack.ts';
import { page } from './page.js';
import { pageReport } from './page-report.ts';
import { summary } from './summary.ts';

/** Only the page's own script and style run; nothing is loaded, nothing is sent. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src '${page.scriptHash}'`,
  `style-src '${page.styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * The report as one self-contained page: the web app of app/, bundled when the package was built, and the report as data. Where
 * scripts are not allowed to run, the verdict and the findings stand there as plain HTML.
 */
export function renderHtml(report: Report): string {
  const { word } = statusWords[report.gate.status];
  const head = html`<!doctype html><html lang=en><head><meta charset=utf-8>
    <meta http-equiv=Content-Security-Policy content="${new Markup(contentSecurityPolicy)}">
    <meta name=viewport content="width=device-width, initial-scale=1"><meta name=color-scheme content="light dark">
    <title>${word} · driftgate report</title>
    <link rel=icon href="${new Markup(icon(report))}"><style>${new Markup(page.style)}</style></head>`;
  const body = html`<body><div id=app>${summary(report)}</div>
    <script type=application/json id=report>${new Markup(data(report))}</script>
    <script>${new Markup(page.script)}</script></body></html>`;
  return `${head.text}${body.text}\n<!--\n${page.notice}\n-->\n`;
}

/** JSON that ends no script element, holds nothing that HTML forbids, and hides or reorders nothing when the file is read as text. */
function data(report: Report): string {
  return JSON.stringify(pack(pageReport(report))).replace(
    /[<>&\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]|[\ud83f-\udbff][\udffe\udfff]/g,
    (text) =>
      text
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
  );
}

/** The verdict in the browser's tab. */
function icon(report: Report): string {
  const color = { pass: '%2300684a', breach: '%23b3261e', 'no-verdict': '%237a5200' }[report.gate.status];
  const mark = { pass: 'M4 8l3 3 5-6', breach: 'M5 5l6 6m0-6l-6 6', 'no-verdict': 'M4 8h8' }[report.gate.status];
  return `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='${color}'/%3E%3Cpath d='${mark}' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E`;
}
