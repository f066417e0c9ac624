import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { parseFragment, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { describe, expect, it, test } from 'vitest';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { nastyReports, nastyTexts, samples, worstReport } from '../support/hostile.ts';
import { buildReport, columnPlans } from '../support/report-builder.ts';

/** As GitHub reads it, HTML let through. */
function toHtml(markdown: string): Tree.DocumentFragment {
  return parseFragment(
    micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true }),
  );
}

function elements(node: Tree.ParentNode): Tree.Element[] {
  return node.childNodes.flatMap((child) => ('tagName' in child ? [child, ...elements(child)] : []));
}

function textOf(node: Tree.Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

/** What the report itself puts there; a link, an image or a script can only come from a name. */
const own = new Set('h2 h3 p table thead tbody tr th td code strong details summary ul li'.split(' '));

/** The shape that no name may change. */
function expectIntact(markdown: string): void {
  const all = elements(toHtml(markdown));
  const foreign = all.filter(({ tagName, attrs }) => !own.has(tagName) || attrs.some(({ name }) => name !== 'align'));
  expect(foreign.map(({ tagName }) => tagName)).toEqual([]);
  const torn = all.filter(({ tagName, childNodes }) => {
    if (tagName !== 'table') return false;
    const rows = childNodes.flatMap((part) => ('childNodes' in part ? part.childNodes : []));
    const cells = (row: Tree.ChildNode) =>
      'childNodes' in row ? row.childNodes.filter(({ nodeName }) => nodeName === 'td' || nodeName === 'th').length : 0;
    return new Set(rows.map(cells).filter((width) => width > 0)).size !== 1;
  });
  expect(torn).toEqual([]);
  const count = (name: string) => all.filter(({ tagName }) => tagName === name).length;
  expect(count('h2')).toBe(1);
  expect(count('h3')).toBeLessThanOrEqual(1);
  // a cell too many would be dropped silently: count them in the source
  for (const block of markdown.split('\n\n').filter((part) => part.startsWith('|'))) {
    expect(new Set(block.split('\n').map((line) => line.split('|').length)).size).toBe(1);
  }
}

test('the verdict comes first, in words', () => {
  const lines = renderMarkdown(samples.typical!).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    '<!-- driftgate -->',
    '',
    expect.stringMatching(/^## ✕ BREACH: 6 findings at P2 or worse/),
  ]);
  expect(renderMarkdown(samples.stable!)).toMatch(/^<!-- driftgate -->\n\n## ✓ PASS: no finding/);
  expect(renderMarkdown(samples['without columns']!)).toMatch(/\n\n## \? NO VERDICT: the current side has 12 rows/);
});

test('findings that the gate stops for stand out, worst first; columns and method are folded away', () => {
  const tree = toHtml(renderMarkdown(samples.typical!));
  const all = elements(tree);
  const bold = all.filter(({ tagName }) => tagName === 'strong').map(textOf);
  expect(bold).toEqual(['P1', 'P2', 'P2', 'P2', 'P2', 'P2']);
  expect(textOf(all.find(({ tagName }) => tagName === 'h3')!)).toBe('10 findings, 6 that the gate stops for');
  const details = all.filter(({ tagName }) => tagName === 'details');
  expect(details.map((each) => textOf(elements(each)[0]!))).toEqual(['18 columns', 'How this was computed']);
  expect(elements(details[0]!).filter(({ tagName }) => tagName === 'tr')).toHaveLength(19);
  expect(textOf(tree)).toContain('φ² 0.051, provable from 0.121');
});

test.each(Object.entries(samples))('a %s report keeps its shape and its size', (_name, report) => {
  const markdown = renderMarkdown(report);
  expectIntact(markdown);
  expect(markdown.length).toBeLessThan(65_536);
  expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(60_000);
  expect(markdown.endsWith('\n')).toBe(true);
});

test('what does not fit is counted', () => {
  const markdown = renderMarkdown(samples.wide!);
  const shown = elements(toHtml(markdown)).filter(({ tagName }) => tagName === 'details')[0]!;
  const rows = elements(shown).filter(({ tagName }) => tagName === 'tr').length - 1;
  const left = Number(/… and ([\d,]+) more columns: report.json has them all/.exec(markdown)![1]!.replace(',', ''));
  expect(rows + left).toBe(3000);
  expect(rows).toBeGreaterThan(200);
});

test.each([0, 1, 100, 3000])('the worst report of %i columns fits a comment', (count) => {
  const markdown = renderMarkdown(worstReport(count));
  expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(60_000);
  expectIntact(markdown);
});

describe('whatever the names are', () => {
  it('nothing of them becomes markup', () => {
    fc.assert(
      fc.property(nastyReports, (report) => expectIntact(renderMarkdown(report))),
      { numRuns: 100 },
    );
  });

  it('they can be read', () => {
    const names = [
      'a|b',
      'a\\|b',
      'a`b``c',
      '</code>',
      '_a_',
      '[x](y)',
      '&amp;',
      'annual_income',
      'std::string',
      '-',
      '1.',
    ];
    const columns = names.map((name) => ({ ...columnPlans[1]!, name }));
    const codes = elements(toHtml(renderMarkdown(buildReport({ columns })))).filter(
      ({ tagName }) => tagName === 'code',
    );
    expect(codes.map(textOf)).toEqual(expect.arrayContaining(names));
  });

  it('nobody is called, nothing is linked', () => {
    const markdown = renderMarkdown(samples.hostile!);
    const prose = elements(toHtml(markdown))
      .filter(({ tagName }) => tagName === 'td' || tagName === 'li' || tagName === 'h2')
      .map((cell) =>
        cell.childNodes
          .filter((node) => node.nodeName === '#text')
          .map(textOf)
          .join(' '),
      )
      .join('\n');
    expect(prose).toContain('everyone');
    expect(prose).not.toMatch(/@\w|#\d|:\/\/|\bwww\./);
  });

  it('the same report gives the same bytes', () => {
    for (const name of nastyTexts.slice(0, 3)) {
      const report = () => buildReport({ columns: [{ ...columnPlans[1]!, name }] });
      expect(renderMarkdown(report())).toBe(renderMarkdown(report()));
    }
  });
});
