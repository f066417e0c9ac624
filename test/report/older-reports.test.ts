import { beforeAll, describe, expect, it, test } from 'vitest';
import { DriftError } from '../../src/model/errors.ts';
import type { Report } from '../../src/model/report.ts';
import { explain } from '../../src/report/explain.ts';
import { parseReport, renderJson } from '../../src/report/json.ts';
import { type Render, renderings } from '../../src/report/registry.ts';
import { bareReport, fullReport } from '../support/report-builder.ts';

/** Reports of other versions: each form draws them, or one clear line refuses them. */

const plain = { color: false, width: 80 };
let draw: [format: string, render: Render][];
beforeAll(async () => {
  draw = await Promise.all(renderings.map(async ({ format, load }) => [format, await load()] as [string, Render]));
});

const text = renderJson(fullReport);
const copy = () => JSON.parse(text) as Record<string, unknown>;

/** What a form writes where it took for granted that a key is there. */
const nothing = /\bNaN\b|\bundefined\b|\[object /;

/** Draws it in every form, and explains every column of it. */
function drawn(report: Report): string[] {
  return [
    // the page's own code may say what it likes; test/browser/older-page.test.ts runs it
    ...draw.map(([, render]) => render(report, plain).replaceAll(/<(script|style)>.*?<\/\1>/gs, '')),
    ...[null, ...report.columns.map(({ name }) => name)].map((name) => explain(report, name, plain)),
  ];
}

function refusal(json: string): string {
  try {
    parseReport(json, 'report.json');
  } catch (error) {
    expect(error).toBeInstanceOf(DriftError);
    expect((error as DriftError).code).toBe('BAD_REPORT');
    return (error as DriftError).message;
  }
  return 'nothing';
}

test.each([
  [
    0,
    'report.json was written by an older driftgate: report version 0, this one reads version 1; run "driftgate check" again',
  ],
  [2, 'report.json was written by a newer driftgate: report version 2, this one reads version 1; update driftgate'],
  [1.5, 'report.json is damaged: schemaVersion is 1.5, expected 1'],
  ['1', 'report.json is damaged: schemaVersion is "1", expected 1'],
])('version %j is refused in one line', (schemaVersion, line) => {
  expect(refusal(JSON.stringify({ ...copy(), schemaVersion }))).toBe(line);
});

describe('a report of this version from before a key was added', () => {
  /** Every place of a report, one of each list: where an older tool may have left something out. */
  const places: (readonly [path: string, remove: (report: Record<string, unknown>) => void])[] = [];
  const seen = new Set<string>();
  const walk = (value: unknown, path: string, find: (root: unknown) => Record<string, unknown>) => {
    if (typeof value !== 'object' || value === null || path.endsWith('config.values')) return;
    for (const [key, member] of Object.entries(value)) {
      const isList = Array.isArray(value);
      const below = isList ? `${path}[]` : `${path}.${key}`;
      if (!isList && !seen.has(below)) {
        seen.add(below);
        places.push([
          below,
          (report) => {
            delete find(report)[key];
          },
        ]);
      }
      walk(member, below, (root) => find(root)[key] as Record<string, unknown>);
    }
  };
  walk(copy(), '', (root) => root as Record<string, unknown>);
  const without = (remove: (report: Record<string, unknown>) => void): string => {
    const report = copy();
    remove(report);
    return JSON.stringify(report);
  };

  it('is refused by the name of the key, or drawn in every form', () => {
    const optional: string[] = [];
    for (const [path, remove] of places) {
      const json = without(remove);
      const line = refusal(json);
      if (line === 'nothing') {
        optional.push(path);
        for (const form of drawn(parseReport(json))) expect(form, path).not.toMatch(nothing);
      } else if (path !== '.tool' && path !== '.tool.name') {
        const [, named, rest] = /^report\.json lacks (\S+)(:.*)$/.exec(line) ?? [line];
        expect(named?.replaceAll(/\[\d+\]/g, '[]'), line).toBe(path.slice(1).replace('.not-tested', '["not-tested"]'));
        expect(rest).toBe(': it is damaged, or of an older driftgate than this one reads; run "driftgate check" again');
      }
    }
    expect(places.length).toBeGreaterThan(130);
    expect(optional).toEqual(
      expect.arrayContaining([
        '.quality',
        '.columns[].qValue',
        '.columns[].gating.measure',
        '.columns[].measures[].detail',
      ]),
    );
  });

  it('with none of the keys that were added later it is drawn in every form', () => {
    const report = parseReport(JSON.stringify(bareReport));
    const forms = drawn(report);
    expect(forms).toHaveLength(renderings.length + 1 + report.columns.length);
    for (const form of forms) expect(form).not.toMatch(nothing);
    for (const form of forms.slice(0, renderings.length)) expect(form).toContain('annual_income');
  });
});
