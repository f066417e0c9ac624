import type { GateStatus } from '../../model/verdict.ts';
import { statusWords } from '../words.ts';
import { html, Markup } from './markup.ts';
import { pack } from './pack.ts';

/** A web app as scripts/build-page.js bundles it: in a build beside the compiled modules, in tests on the fly. */
export interface BundledPage {
  readonly script: string;
  readonly style: string;
  /** what a Content-Security-Policy calls them: sha256-… */
  readonly scriptHash: string;
  readonly styleHash: string;
  /** licences of the libraries in the script */
  readonly notice: string;
}

/** Only the page's own script and style run; nothing is loaded, nothing is sent. */
function contentSecurityPolicy({ scriptHash, styleHash }: BundledPage): string {
  return [
    "default-src 'none'",
    `script-src '${scriptHash}'`,
    `style-src '${styleHash}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/**
 * An app and what it shows, in one file.
 *
 * @param title what it is, after the verdict
 * @param summary for where no script may run
 * @param shown plain JSON data
 */
export function htmlDocument(
  page: BundledPage,
  title: string,
  status: GateStatus,
  summary: Markup,
  shown: object,
): string {
  const { word } = statusWords[status];
  const head = html`<!doctype html><html lang=en><head><meta charset=utf-8>
    <meta http-equiv=Content-Security-Policy content="${new Markup(contentSecurityPolicy(page))}">
    <meta name=viewport content="width=device-width, initial-scale=1"><meta name=color-scheme content="light dark">
    <title>${word} · ${title}</title>
    <link rel=icon href="${new Markup(icon(status))}"><style>${new Markup(page.style)}</style></head>`;
  const body = html`<body><div id=app>${summary}</div>
    <script type=application/json id=report>${new Markup(data(shown))}</script>
    <script>${new Markup(page.script)}</script></body></html>`;
  return `${head.text}${body.text}\n<!--\n${page.notice}\n-->\n`;
}

/** JSON that ends no script element, holds nothing that HTML forbids, and hides or reorders nothing when the file is read as text. */
function data(shown: object): string {
  return JSON.stringify(pack(shown)).replace(
    /[<>&\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]|[\ud83f-\udbff][\udffe\udfff]/g,
    (text) =>
      text
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
  );
}

/** The verdict in the browser's tab. */
function icon(status: GateStatus): string {
  const color = { pass: '%2300684a', breach: '%23b3261e', 'no-verdict': '%237a5200' }[status];
  const mark = { pass: 'M4 8l3 3 5-6', breach: 'M5 5l6 6m0-6l-6 6', 'no-verdict': 'M4 8h8' }[status];
  return `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='${color}'/%3E%3Cpath d='${mark}' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E`;
}
