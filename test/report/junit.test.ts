import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Report } from '../../src/model/report.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { nastyReports, samples, worstReport } from '../support/hostile.ts';
import { buildReport, columnPlans } from '../support/report-builder.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Throws on whatever XML 1.0 forbids. */
function parse(text: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes: attributes as Record<string, string>, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('text', (piece) => {
    open.at(-1)!.text += piece;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  return top.children[0]!;
}

const suiteOf = (report: Report) => parse(renderJunit(report)).children[0]!;
const casesOf = (suite: Element) => suite.children.filter(({ name }) => name === 'testcase');

const schemas = ['ant-junit.xsd', 'jenkins-junit.xsd'].map((fileName) => ({
  fileName,
  contents: readFileSync(new URL(`../../fixtures/junit/${fileName}`, import.meta.url), 'utf8'),
}));

/** What the schemas say against these files, by the file's name. */
async function mistakes(files: Readonly<Record<string, string>>): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const xml = Object.entries(files).map(([fileName, contents]) => ({ fileName: `${fileName}.xml`, contents }));
  for (const schema of schemas) {
    const { errors } = await validateXML({ xml, schema: [schema] });
    for (const { loc, message } of errors) {
      const name = (loc?.fileName ?? message.split(' ')[0]!).replace(/\.xml$/, '');
      found[name] ??= [];
      found[name].push(`${schema.fileName}: ${message}`);
    }
  }
  return found;
}

test('reports of every kind are valid by both schemas', async () => {
  const files = Object.entries(samples).map(([name, report]) => [name.replaceAll(' ', '-'), renderJunit(report)]);
  expect(await mistakes(Object.fromEntries(files))).toEqual({});
});

test('the schemas refuse what they should', async () => {
  const good = renderJunit(samples.typical!);
  const damaged = {
    count: good.replace(' tests="19"', ''),
    zone: good.replace('timestamp="2026-11-06T06:30:04"', 'timestamp="2026-11-06T06:30:04Z"'),
    time: good.replace(' time="4.183"', ' time="4 s"'),
    element: good.replace('<failure', '<failed').replace('</failure>', '</failed>'),
    order: good.replace('<system-err></system-err>', ''),
    twice: good.replace('</failure>', '</failure><skipped/>'),
  };
  for (const text of Object.values(damaged)) expect(text).not.toBe(good);
  expect(Object.keys(await mistakes(damaged)).sort()).toEqual(Object.keys(damaged).sort());
});

test('a case a column and one for the data as a whole; the counts are those of the cases', () => {
  for (const report of Object.values(samples)) {
    const suite = suiteOf(report);
    const cases = casesOf(suite);
    expect(cases).toHaveLength(report.columns.length + 1);
    const count = (result: string) =>
      cases.filter(({ children }) => children.some(({ name }) => name === result)).length;
    expect(suite.attributes).toMatchObject({
      tests: String(cases.length),
      failures: String(count('failure')),
      errors: String(count('error')),
      skipped: String(count('skipped')),
    });
  }
});

test('findings at or above the severity of the gate fail, others are said, what is untold is skipped with its reason', () => {
  const suite = suiteOf(samples.typical!);
  const of = (name: string) => casesOf(suite).find(({ attributes }) => attributes.name === name)!;
  expect(of('annual_income').children).toMatchObject([
    {
      name: 'failure',
      attributes: { type: 'DRIFT_FAIL', message: 'P2 drift, fail level (and 1 more)' },
      text: expect.stringMatching(/^P2 drift, fail level: "annual_income" moved.*\nP2 values out of range: .*$/),
    },
  ]);
  expect(of('score').children).toEqual([]);
  expect(suite.children.find(({ name }) => name === 'system-out')!.text).toContain(
    'P3 drift, warn level: "score" moved',
  );
  expect(of('account_age_days').children).toMatchObject([
    {
      name: 'skipped',
      attributes: { message: 'undetermined: neither above nor below the tolerance; φ² 0.051, provable from 0.121' },
    },
  ]);
  expect(of('request_id').children[0]!.attributes.message).toBe('not tested: an identifier: every value differs');
});

test('a gate at P3 fails more, a gate at P1 less', () => {
  const failing = (failOn: 'P1' | 'P2' | 'P3') =>
    Number(suiteOf({ ...samples.typical!, gate: { ...samples.typical!.gate, failOn } }).attributes.failures);
  expect([failing('P1'), failing('P2'), failing('P3')]).toEqual([1, 5, 8]);
});

test('no verdict is an error of the whole', () => {
  const [whole] = casesOf(suiteOf(samples['without columns']!));
  expect(whole).toMatchObject({
    attributes: { name: 'the data as a whole' },
    children: [{ name: 'error', attributes: { type: 'NO_VERDICT' }, text: expect.stringContaining('12 rows') }],
  });
});

test('names that are told apart by what cannot be shown stay apart', () => {
  const long = 'x'.repeat(500);
  const columns = [`${long}a`, `${long}b`, 'tab\t', 'tab\\t'].map((name) => ({ ...columnPlans[1]!, name }));
  const names = casesOf(suiteOf(buildReport({ columns }))).map(({ attributes }) => attributes.name);
  expect(new Set(names).size).toBe(5);
});

test('whatever the names are, it is XML and the cases are there', () => {
  fc.assert(
    fc.property(nastyReports, (report) => {
      const text = renderJunit(report);
      expect(casesOf(parse(text).children[0]!)).toHaveLength(report.columns.length + 1);
      expect(renderJunit(report)).toBe(text);
    }),
    { numRuns: 200 },
  );
});

test('whatever the names are, it is valid by both schemas', async () => {
  const reports = fc.sample(nastyReports, { seed: 4, numRuns: 40 });
  const files = reports.map((report, i) => [`report-${i}`, renderJunit(report)]);
  expect(await mistakes(Object.fromEntries(files))).toEqual({});
});

test('any start of the run gives a moment that the schema takes', async () => {
  const files = ['never', '+020000-01-01T00:00:00Z', '2026-11-06T23:30:00-02:00'].map((startedAt, i) => [
    `report-${i}`,
    renderJunit({ ...samples['without columns']!, run: { startedAt, durationMs: 1e9, threads: 1 } }),
  ]);
  expect(files[2]![1]).toContain('timestamp="2026-11-07T01:30:00"');
  expect(await mistakes(Object.fromEntries(files))).toEqual({});
});

test('some hundred bytes a column, however long the names', () => {
  expect(Buffer.byteLength(renderJunit(samples.wide!))).toBeLessThan(3000 * 200);
  expect(Buffer.byteLength(renderJunit(worstReport(3000)))).toBeLessThan(3000 * 8000);
});
