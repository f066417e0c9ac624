import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { escapeHtml } from '../../src/report/escape.ts';
import { withFindings } from '../../src/report/html/app/with-findings.ts';
import { html, Markup } from '../../src/report/html/markup.ts';
import { type Packed, pack, unpack } from '../../src/report/html/pack.ts';
import { pageReport } from '../../src/report/html/page-report.ts';
import { renderHtml } from '../../src/report/html/render.ts';
import { nastyTexts } from '../support/hostile.ts';
import { withLayers } from '../support/layers.ts';
import { buildReport, columnPlans, hostilePlans, widePlans } from '../support/report-builder.ts';

type Element = DefaultTreeAdapterTypes.Element;

const hostile = buildReport({ columns: hostilePlans(nastyTexts), notes: nastyTexts });
const reports: readonly (readonly [string, Report])[] = [
  ['typical', buildReport()],
  ['wide', buildReport({ columns: widePlans(60) })],
  ['hostile', hostile],
  ['layered', withLayers(buildReport())],
  ['hostile layered', withLayers(hostile, { texts: nastyTexts.slice(0, 30) })],
  ['empty', buildReport({ columns: [], status: 'no-verdict', notes: [] })],
];

interface ReadPage {
  readonly elements: readonly Element[];
  readonly errors: readonly string[];
  /** what stands there before any script has run */
  readonly text: string;
}

/** The page as a browser's parser sees it, with its complaints. */
function read(page: string): ReadPage {
  const errors: string[] = [];
  const document = parse(page, {
    sourceCodeLocationInfo: true,
    onParseError: ({ code, startLine, startCol }) => errors.push(`${code} at ${startLine}:${startCol}`),
  });
  const elements: Element[] = [];
  let text = '';
  const walk = (node: DefaultTreeAdapterTypes.Node) => {
    if ('tagName' in node) elements.push(node);
    if ('tagName' in node && ['script', 'style'].includes(node.tagName)) return;
    if (node.nodeName === '#text' && 'value' in node) text += node.value;
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(document);
  return { elements, errors, text };
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}

function content(element: Element): string {
  return element.childNodes.map((node) => ('value' in node ? node.value : '')).join('');
}

const byTag = (elements: readonly Element[], tag: string) => elements.filter((element) => element.tagName === tag);

describe.each(reports)('the page of a %s report', (_name, report) => {
  const page = renderHtml(report);
  const { elements, errors, text } = read(page);
  const [data, script] = byTag(elements, 'script') as [Element, Element];

  it('is well formed, in one language, with one main heading', () => {
    expect(errors).toEqual([]);
    expect(attribute(byTag(elements, 'html')[0]!, 'lang')).toBe('en');
    expect(byTag(elements, 'h1')).toHaveLength(1);
  });

  it('runs its own script and nothing else, loads nothing, sends nothing', () => {
    const csp = attribute(
      elements.find((element) => attribute(element, 'http-equiv') === 'Content-Security-Policy')!,
      'content',
    )!;
    const named = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(byTag(elements, 'script')).toHaveLength(2);
    expect(csp).toBe(
      `default-src 'none'; script-src ${named(content(script))}; style-src ${named(content(byTag(elements, 'style')[0]!))}; ` +
        "img-src data:; base-uri 'none'; form-action 'none'",
    );
    expect(attribute(data, 'type')).toBe('application/json');
    const tags = new Set(elements.map((element) => element.tagName));
    for (const tag of ['iframe', 'img', 'object', 'embed', 'form', 'base']) expect(tags).not.toContain(tag);
    for (const { attrs } of elements) {
      for (const { name, value } of attrs) {
        expect(name).not.toMatch(/^on|^style$/);
        if (name === 'href' || name === 'src') expect(value).toMatch(/^data:image\/svg\+xml,/);
      }
    }
    const own = content(script) + content(byTag(elements, 'style')[0]!);
    expect(own.match(/https?:\/\/(?!www\.w3\.org\/)/g)).toBeNull();
  });

  it('carries the report, and tells the verdict without its script', () => {
    const carried = unpack(JSON.parse(content(data)) as Packed);
    expect(carried).toEqual(JSON.parse(JSON.stringify(pageReport(report))));
    expect(text).toContain({ pass: 'PASS', breach: 'BREACH', 'no-verdict': 'NO VERDICT' }[report.gate.status]);
    expect(text.match(/\b(NaN|undefined|null)\b|\[object Object\]/g)).toBeNull();
  });
});

describe('what the page is given', () => {
  it('has every column with its findings, cells and measures', () => {
    const report = buildReport();
    const given = withFindings(pageReport(report));
    given.columns.forEach((column, i) => {
      const whole = report.columns[i]!;
      expect(column.name).toBe(whole.name);
      expect(column.findings).toEqual(report.findings.filter((finding) => finding.column === whole.name));
      expect(column.cells).toEqual(whole.cells);
      expect(column.measures.map(({ id, statistic }) => [id, statistic])).toEqual(
        whole.measures.map(({ id, statistic }) => [id, statistic]),
      );
      expect(column.reference?.numbers).toEqual(whole.reference?.numbers);
    });
  });

  it('keeps the form of the edges: ascending, to a millionth of their span', () => {
    const report = buildReport();
    for (const [i, { distribution }] of pageReport(report).columns.entries()) {
      const whole = report.columns[i]!.distribution;
      if (!distribution?.edges || !whole?.edges) continue;
      const span = whole.edges.at(-1)! - whole.edges[0]!;
      distribution.edges.forEach((edge, j) => {
        expect(Math.abs(edge - whole.edges![j]!)).toBeLessThanOrEqual(span * 1e-6);
        if (j > 0) expect(edge).toBeGreaterThan(distribution.edges![j - 1]!);
      });
    }
  });

  it('cuts what is endless, between characters', () => {
    const text = JSON.stringify(pageReport(hostile));
    expect(text.match(/x{401}|字{401}/g)).toBeNull();
    const emoji = pageReport(buildReport({ columns: [{ ...columnPlans[1]!, name: '🙂'.repeat(400) }] }));
    expect(emoji.columns[0]!.name).toMatch(/^(🙂)+…$/u);
  });

  it('draws neighbours of a thousand windows as one, by the worst, and says so', () => {
    const report = withLayers(buildReport(), { windows: 1000 });
    const page = pageReport(report);
    const [whole, drawn] = [report.columns[1]!.windows!, page.columns[1]!.windows!];
    expect(page.time!.windows).toHaveLength(59);
    expect(page.time!.windows[0]).toMatchObject({
      from: report.time!.windows[0]!.from,
      to: report.time!.windows[16]!.to,
    });
    expect(page.time!.windows.reduce((sum, { rows }) => sum + rows, 0)).toBe(
      report.time!.windows.reduce((sum, { rows }) => sum + rows, 0),
    );
    expect(drawn.phiSquared[3]).toBeCloseTo(Math.max(...whole.phiSquared.slice(51, 68).map((value) => value ?? 0)), 3);
    expect(drawn.beyond.at(-1)).toBe('fail');
    // what was judged of one window is told of that window
    const [judged] = page.outcomes!.judged;
    expect(page.outcomes!.windows[judged!.window!]).toMatchObject({ from: report.outcomes!.windows.at(-1)!.from });
    expect(page.service!.windows[58]!.latencies[0]!.p99).toBe(470);
    expect(page.service!.levels[0]!.windows).toEqual([58]);
    expect(page.notes.at(-1)).toContain('each 17 neighbouring windows');
    expect(pageReport(withLayers(buildReport(), { windows: 60 })).time!.windows).toHaveLength(60);
  });

  it('leaves a configuration of thousands of columns to report.json', () => {
    const report = buildReport();
    const columns = Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`feature_${i}`, { role: 'ignore' }]));
    const page = pageReport({ ...report, config: { ...report.config, values: { alpha: 0.01, columns } } });
    expect(page.config.values).toMatchObject({ alpha: 0.01, columns: expect.stringContaining('report.json') });
  });
});

describe('packing', () => {
  it('gives back whatever JSON holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(unpack(JSON.parse(JSON.stringify(pack(plain))) as Packed)).toEqual(plain);
      }),
    );
  });

  it('takes keys and texts for what they are', () => {
    const value = [
      JSON.parse('{"__proto__":"polluted"}'),
      '~',
      '~~0',
      'repeated text',
      'repeated text',
      '~repeated',
      '~repeated',
    ];
    const unpacked = unpack(JSON.parse(JSON.stringify(pack(value))) as Packed);
    expect(JSON.stringify(unpacked)).toBe(JSON.stringify(value));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('hostile text', () => {
  const page = renderHtml(hostile);
  const { text } = read(page);

  it('arrives as text', () => {
    expect(text).toContain('</script><script>alert(1)</script>');
    expect(text).toContain('<!-- --><style>*{display:none}</style>');
  });

  it('neither hides nor reorders, in the page or in its source', () => {
    const own = page.slice(0, page.indexOf('<script>'));
    expect(
      own.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g),
    ).toBeNull();
    expect(page === Buffer.from(page).toString()).toBe(true);
  });

  it('is escaped wherever a template puts it', () => {
    for (const value of nastyTexts) {
      const escaped = escapeHtml(value);
      expect(escaped).not.toMatch(/[<>"'`]/);
      expect(html`<a title="${value}">${[value, null, 1]}</a>`.text).toBe(`<a title="${escaped}">${escaped}1</a>`);
    }
    expect(html`${new Markup('<b>')}`.text).toBe('<b>');
  });
});

describe('size', () => {
  const bytes = (columns: number) => Buffer.byteLength(renderHtml(buildReport({ columns: widePlans(columns) })));

  it('stays below 500 kB for 50 columns and grows by less than 4 kB a column', () => {
    const fifty = bytes(50);
    expect(bytes(0)).toBeLessThan(220_000);
    expect(fifty).toBeLessThan(320_000);
    expect((bytes(300) - fifty) / 250).toBeLessThan(4_000);
  });

  it('does so with every layer, fifty segments and a thousand windows', () => {
    const layered = (columns: number) =>
      Buffer.byteLength(
        renderHtml(withLayers(buildReport({ columns: widePlans(columns) }), { windows: 1000, segments: 50 })),
      );
    const fifty = layered(50);
    expect(fifty).toBeLessThan(500_000);
    expect((layered(150) - fifty) / 100).toBeLessThan(4_000);
  });
});
