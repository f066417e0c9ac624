import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DriftError } from '../../src/model/errors.ts';
import type { Report } from '../../src/model/report.ts';
import { parseReport, printJson, renderJson } from '../../src/report/json.ts';
import { reportSchema } from '../../src/report/report-shape.ts';
import { asPublished, publishedSchema, schemaErrors } from '../support/published-schema.ts';
import { buildReport, hostilePlans, hostileTexts, widePlans } from '../support/report-builder.ts';

const samples: Readonly<Record<string, Report>> = {
  typical: buildReport(),
  wide: buildReport({ columns: widePlans(60) }),
  hostile: buildReport({ columns: hostilePlans(), notes: hostileTexts }),
  empty: buildReport({ columns: [], status: 'no-verdict' }),
};

describe('the published schema', () => {
  const schema = readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8');

  it('is the one that the code writes by', async () => {
    await expect(printJson(reportSchema())).toMatchFileSnapshot('../../docs/report.schema.json');
  });

  const validate = publishedSchema();

  it.each(Object.entries(samples))('holds for a %s report', (_name, report) => {
    validate(JSON.parse(renderJson(report)));
    expect(validate.errors).toBeNull();
  });

  it.each([
    ['a key too many', (report: Record<string, unknown>) => ({ ...report, extra: 1 })],
    ['a key too few', ({ gate: _, ...report }: Record<string, unknown>) => report],
    ['another version', (report: Record<string, unknown>) => ({ ...report, schemaVersion: 2 })],
    ['a null where a number belongs', (report: Record<string, unknown>) => ({ ...report, method: { alpha: null } })],
  ])('refuses %s', (_name, damage) => {
    expect(validate(damage(JSON.parse(renderJson(samples.typical!))))).toBe(false);
  });

  it('stops a test whose report it does not allow', () => {
    const { schemaVersion: _, ...rest } = samples.typical!;
    expect(() => asPublished({ ...rest, schemaVersion: 7 })).toThrow('schemaVersion');
    expect(schemaErrors(JSON.stringify({ ...rest, schemaVersion: 7 }))).toBe(
      '/schemaVersion must be equal to constant',
    );
  });

  it('describes every key', () => {
    const missing: string[] = [];
    const walk = (node: unknown, path: string) => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(value as Record<string, { description?: string }>)) {
            if (!property.description) missing.push(`${path}.${name}`);
          }
        }
        walk(value, `${path}.${key}`);
      }
    };
    walk(JSON.parse(schema), '');
    expect(missing).toEqual([]);
  });
});

describe('renderJson', () => {
  it.each(Object.entries(samples))('gives a %s report back as it was', (_name, report) => {
    expect(parseReport(renderJson(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it('writes the same bytes whatever the order in which the keys were set', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, reversed(member)]),
      );
    };
    const typical = samples.typical!;
    // free-form records keep their order: it is the user's
    const shuffled = { ...(reversed(typical) as Report), config: typical.config, datasets: typical.datasets };
    const free = { columns: [], findings: [] };
    expect(renderJson({ ...shuffled, ...free })).toBe(renderJson({ ...typical, ...free }));
  });

  it('ends with one line break and starts with the version', () => {
    const text = renderJson(samples.typical!);
    expect(text.endsWith('}\n')).toBe(true);
    expect(text.startsWith('{\n  "schemaVersion": 1,\n')).toBe(true);
  });

  it('keeps numbers of one list on one line, so that a change is one line of a diff', () => {
    const counts = samples.typical!.columns.find((column) => column.distribution?.form === 'intervals')!.distribution!;
    expect(renderJson(samples.typical!)).toContain(`"reference": [${counts.reference.join(', ')}]`);
  });

  const typical = samples.typical!;
  const withFirst = (change: object): Report => ({
    ...typical,
    columns: [{ ...typical.columns[0]!, ...change }, ...typical.columns.slice(1)],
  });
  it.each([
    ['NaN', { ...typical, method: { ...typical.method, alpha: Number.NaN } }, 'method.alpha is NaN'],
    ['infinity', { ...typical, run: { ...typical.run, durationMs: Infinity } }, 'run.durationMs is Infinity'],
    ['undefined', withFirst({ error: undefined }), 'columns[0].error is undefined'],
    ['an unknown key', withFirst({ colour: 'red' }), 'columns[0].colour is "red", expected no such key'],
    ['an unknown outcome', withFirst({ outcome: 'fine' }), 'columns[0].outcome is "fine"'],
    ['a hole', { ...typical, notes: new Array<string>(1) }, 'notes[0] is undefined'],
    [
      'NaN deep in the configuration',
      { ...typical, config: { ...typical.config, values: { gate: { 'a b': [1, Number.NaN] } } } },
      'config.values.gate["a b"][1] is NaN',
    ],
    [
      'a function in the configuration',
      { ...typical, config: { ...typical.config, values: { f: () => 1 } } },
      'config.values.f is',
    ],
  ])('refuses %s as a defect and names its place', (_name, report, message) => {
    expect(() => renderJson(report as Report)).toThrow(message);
    expect(() => renderJson(report as Report)).not.toThrow(DriftError);
  });

  it('keeps a key called __proto__', () => {
    const values = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}') as Record<string, unknown>;
    const report = parseReport(renderJson({ ...typical, config: { ...typical.config, values } }));
    expect(Object.keys(report.config.values)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(report.config.values)).toBe(Object.prototype);
  });
});

describe('parseReport', () => {
  const text = renderJson(samples.typical!);
  const object = JSON.parse(text) as Record<string, unknown>;
  it.each([
    ['nothing', '', 'is not JSON'],
    ['half a file', text.slice(0, 1000), 'is not JSON'],
    ['another language', '<html></html>', 'is not JSON'],
    ['null', 'null', 'is not a driftgate report'],
    ['a number', '7', 'is not a driftgate report'],
    ['a list', '[]', 'is not a driftgate report'],
    ['another tool', '{"tool": {"name": "evidently"}}', 'is not a driftgate report'],
    ['a newer contract', JSON.stringify({ ...object, schemaVersion: 9 }), 'report version 9, this one reads version 1'],
    ['no version', JSON.stringify({ ...object, schemaVersion: null }), 'schemaVersion is null, expected 1'],
    [
      'a damaged report',
      JSON.stringify({ ...object, columns: [{ name: 7 }] }),
      'columns[0].name is 7, expected a string',
    ],
    ['hostile damage', JSON.stringify({ ...object, gate: { status: '\u001b[2J\n' } }), 'is damaged: gate.status is'],
  ])('refuses %s in one line', (_name, damaged, message) => {
    let error: unknown;
    try {
      parseReport(damaged, 'report.json');
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(DriftError);
    expect(error).toMatchObject({ code: 'BAD_REPORT' });
    const { message: line } = error as DriftError;
    expect(line.startsWith('report.json ')).toBe(true);
    expect(line).toContain(message);
    expect(line).not.toMatch(/[\u0000-\u001f]/);
    expect(line.length).toBeLessThan(400);
  });

  it('drops keys that a later version of the same contract added', () => {
    const later = JSON.stringify({ ...object, added: 1, tool: { ...(object.tool as object), added: 2 } });
    expect(renderJson(parseReport(later))).toBe(text);
  });

  it('reads past a byte order mark', () => {
    expect(renderJson(parseReport(`\ufeff${text}`))).toBe(text);
  });
});
