import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { escapeHtml } from '../../src/report/escape.ts';
import { html, Markup } from '../../src/report/html/markup.ts';
import { renderHtml } from '../../src/report/html/render.ts';
import { buildReport, columnPlans, hostilePlans, hostileTexts, widePlans } from '../support/report-builder.ts';

type Element = DefaultTreeAdapterTypes.Element;

const hostile = buildReport({ columns: hostilePlans(), notes: hostileTexts });
const reports: readonly (readonly [string, Report])[] = [
  ['typical', buildReport()],
  ['wide', buildReport({ columns: widePlans(60) })],
  ['hostile', hostile],
  ['empty', buildReport({ columns: [], status: 'no-verdict', notes: [] })],
];

/** The page as a browser's parser sees it, with its complaints. */
function read(page: string): { elements: Element[]; errors: string[]; text: string } {
  const errors: string[] = [];
  const document = parse(page, {
    sourceCodeLocationInfo: true,
    onParseError: ({ code, startLine, startCol }) => errors.push(`${code} at ${startLine}:${startCol}`),
  });
  const elements: Element[] = [];
  let text = '';
  const walk = (node: DefaultTreeAdapterTypes.Node) => {
    if ('tagName' in node) elements.push(node);
    if (node.nodeName === '#text' && 'value' in node) text += node.value;
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(document);
  return { elements, errors, text };
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}

/** End tags that the language lets one leave out. */
const impliedEnd = new Set(['li', 'dt', 'dd', 'tr', 'td', 'th', 'thead', 'tbody', 'p']);
const voidElements = new Set(['meta', 'link', 'input', 'br', 'path', 'use']);

describe.each(reports)('the page of a %s report', (_name, report) => {
  const page = renderHtml(report);
  const { elements, errors, text } = read(page);

  it('is well formed: no parse error, every element closed', () => {
    expect(errors).toEqual([]);
    const open = elements.filter(
      (element) =>
        !voidElements.has(element.tagName) && !impliedEnd.has(element.tagName) && !element.sourceCodeLocation?.endTag,
    );
    expect(open.map((element) => element.tagName)).toEqual([]);
  });

  it('loads nothing, runs nothing, sends nothing', () => {
    const csp = elements.find((element) => attribute(element, 'http-equiv') === 'Content-Security-Policy')!;
    expect(attribute(csp, 'content')).toContain("default-src 'none'");
    const tags = new Set(elements.map((element) => element.tagName));
    for (const tag of ['script', 'iframe', 'img', 'object', 'embed', 'form', 'base']) expect(tags).not.toContain(tag);
    for (const { attrs } of elements) {
      for (const { name, value } of attrs) {
        expect(name).not.toMatch(/^on/);
        if (name === 'href' || name === 'src') expect(value).toMatch(/^#[a-z]+(-?\d+)?$|^data:image\/svg\+xml,/);
        if (name === 'style') expect(value).toMatch(/^--r:\d+;--c:\d+$/);
      }
    }
    expect(page.match(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/g)).toBeNull();
  });

  it('is readable without eyes: language, one main heading, levels in order, figures described', () => {
    expect(attribute(elements.find((element) => element.tagName === 'html')!, 'lang')).toBe('en');
    const levels = elements
      .filter((element) => /^h\d$/.test(element.tagName))
      .map((element) => Number(element.tagName[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, i) => {
      expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
    for (const svg of elements.filter((element) => element.tagName === 'svg')) {
      const hidden = attribute(svg, 'aria-hidden') === 'true';
      expect(hidden || (attribute(svg, 'role') === 'img' && attribute(svg, 'aria-label') !== '')).toBe(true);
    }
  });

  it('has every link lead somewhere, and every id once', () => {
    const ids = elements.flatMap((element) => attribute(element, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = elements
      .flatMap((element) => attribute(element, 'href') ?? [])
      .filter((href) => href.startsWith('#'));
    for (const target of targets) expect(ids).toContain(target.slice(1));
  });

  it('tells the verdict in words and shows no NaN, undefined or object', () => {
    expect(text).toContain({ pass: 'PASS', breach: 'BREACH', 'no-verdict': 'NO VERDICT' }[report.gate.status]);
    expect(page.match(/<td>(NaN|undefined|null)|\[object Object\]|="?(NaN|undefined)|[hvMH]NaN/g)).toBeNull();
  });
});

describe('hostile text', () => {
  const page = renderHtml(hostile);
  const { text } = read(page);

  it('arrives as text', () => {
    expect(text).toContain('</script><script>alert(1)</script>');
    expect(text).toContain('"><img src=x onerror=alert(1)>');
    expect(text).toContain('<!-- --><style>*{display:none}</style>');
    expect(text).toContain('&amp;&lt;&#60;');
  });

  it('neither hides nor reorders', () => {
    expect(
      page.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g),
    ).toBeNull();
    expect(page === Buffer.from(page).toString()).toBe(true);
    expect(text).toContain('\\u202egnp.exe');
    expect(text).toContain('\\u001b[31mred');
  });

  it('is cut where it is endless', () => {
    expect(page.match(/x{601}|字{601}/g)).toBeNull();
  });

  it('is escaped wherever a template puts it', () => {
    for (const value of hostileTexts) {
      const escaped = escapeHtml(value);
      expect(escaped).not.toMatch(/[<>"'`]/);
      expect(html`<a title="${value}">${[value, null, 1]}</a>`.text).toBe(`<a title="${escaped}">${escaped}1</a>`);
    }
    expect(html`${new Markup('<b>')}`.text).toBe('<b>');
  });
});

describe('what the page says', () => {
  const page = renderHtml(buildReport());
  const { elements, text } = read(page);

  it('names the files, their hashes, the method and the configuration', () => {
    for (const part of ['data/train-2026-10.parquet', 'alpha', '250,000', '41,327', 'DuckDB v1.5.6', 'phi_squared']) {
      expect(text).toContain(part);
    }
  });

  it('gives the exact number where it shows a rounded one', () => {
    const { phiSquared } = buildReport().columns.find((column) => column.name === 'score')!.gating!;
    expect(elements.some((element) => attribute(element, 'title') === String(phiSquared))).toBe(true);
  });

  it('links each finding to its column, whose target stands inside the fold', () => {
    const index = buildReport().columns.findIndex((column) => column.name === 'annual_income');
    expect(page).toContain(`href=#column-${index}>annual_income</a>`);
    const target = elements.find((element) => attribute(element, 'id') === `column-${index}`)!;
    expect((target.parentNode as Element).tagName).toBe('details');
  });

  it('does not let no verdict read as fine', () => {
    const none = read(renderHtml(buildReport({ columns: columnPlans.slice(14, 16), status: 'no-verdict' })));
    expect(none.text).toContain('this is not a pass');
  });

  it('says why nothing could be measured of a column', () => {
    expect(text).toContain('This column could not be measured: out of memory while counting values');
  });
});

describe('size', () => {
  const bytes = (columns: number) => Buffer.byteLength(renderHtml(buildReport({ columns: widePlans(columns) })));

  it('stays below 500 kB for 50 columns and grows by less than 5 kB a column', () => {
    const fifty = bytes(50);
    expect(fifty).toBeLessThan(300_000);
    expect((bytes(300) - fifty) / 250).toBeLessThan(5_000);
  });
});
