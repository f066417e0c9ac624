import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { displayWidth } from '../../src/report/display-width.ts';
import { explain } from '../../src/report/explain.ts';
import { parseReport, renderJson } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { nastyTexts } from '../support/hostile.ts';
import { buildReport, hostilePlans } from '../support/report-builder.ts';
import { rankingOf, segmentationOf, skippedSegmentation } from '../support/segments.ts';

const long = (count: number, text: string) => Array.from({ length: count }, (_, i) => `${text.repeat(40)} ${i}`);

const samples: Readonly<Record<string, Report>> = {
  typical: {
    ...buildReport(),
    segments: [
      segmentationOf(['region'], ['north', 'south', 'east', 'west', null], ['age', 'income']),
      skippedSegmentation,
    ],
    ranking: rankingOf(['age', 'income', 'region']),
  },
  hostile: {
    ...buildReport({ columns: hostilePlans(nastyTexts) }),
    segments: nastyTexts.map((name) => segmentationOf([name, name], nastyTexts, nastyTexts)),
    ranking: rankingOf(nastyTexts),
  },
  wide: {
    ...buildReport(),
    segments: long(20, '字|').map((name) => segmentationOf([name], long(50, '<b>`'), long(200, '𝕏|'))),
    ranking: rankingOf(long(500, '| `')),
  },
};

describe.each(Object.entries(samples))('a %s report', (_, report) => {
  it('fits 80 columns of a terminal', () => {
    const lines = renderTerminal(report, { color: false, width: 80 }).split('\n');
    expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
  });

  it('fits a comment, and no name becomes markup', () => {
    const markdown = renderMarkdown(report);
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(60_000);
    const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
    const tags = new Set([...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag!.toLowerCase()));
    const own = 'h2 h3 p table thead tbody tr th td code strong details summary ul li'.split(' ');
    expect([...tags].filter((tag) => !own.includes(tag))).toEqual([]);
    for (const block of markdown.split('\n\n').filter((part) => part.startsWith('|'))) {
      expect(new Set(block.split('\n').map((line) => line.split('|').length)).size).toBe(1);
    }
  });

  it('gives Prometheus every series once', () => {
    const lines = renderPrometheus(report).split('\n');
    const series = lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/ \S+$/, ''));
    expect(new Set(series).size).toBe(series.length);
    expect(lines.filter((line) => /^driftgate_segment_rows\{/.test(line)).length).toBeGreaterThan(0);
  });

  it('travels as JSON', () => {
    expect(parseReport(renderJson(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });
});

describe('a typical report', () => {
  const text = renderTerminal(samples.typical!, { color: false, width: 80 });

  it('names the segments that drifted and those that were not judged', () => {
    expect(text.replace(/\n */g, ' ')).toContain(
      'segments of region: 3 judged; drift in north (1 column), south (2 columns); too few rows: west; new: (missing); all others 80 rows; new values: north, south',
    );
    expect(text).toContain('segments of user: "user" has 50,000 values or more');
  });

  it('says what explains a drift, and which columns matter', () => {
    expect(text).toContain('- the drift of age is explained by region north');
    expect(text).toContain('drift × importance: age 33 %, income 33 %, region 33 %');
    expect(text.replace(/\n/g, ' ')).toContain(
      'the drift of age goes with that of age 90 %, income 80 %, region 70 % (association, not cause)',
    );
  });

  it('is as it was without either', () => {
    expect(renderTerminal(buildReport(), { color: false, width: 80 })).not.toMatch(/segments of|importance|goes with/);
  });
});

it('explains a column by segment', () => {
  const report = buildReport();
  const [column] = report.columns;
  const segments = [segmentationOf(['region'], ['north', 'south', 'east'], [column!.name])];
  const text = explain({ ...report, segments }, column!.name, { color: false, width: 200 });
  expect(text).toContain(
    'φ² by "region", of 3 segments the largest: "east" 0.03, "south" 0.02 (proven beyond warn), "north"',
  );
  expect(text).toContain(`The drift of ${column!.name} is explained by region north.`);
});
