import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { defaultVerdictSettings, sensitivities } from '../../src/verdict/tolerances.ts';
import { data, fromFile, fromFlags, measures, mistake, temporaryFolder } from './support.ts';

test('nothing said: the defaults of the verdict, as they stand there', async () => {
  const { check, out, found } = await fromFlags({});
  expect(check.verdict).toEqual(defaultVerdictSettings);
  expect(check).toMatchObject({
    reference: { paths: ['train.parquet'] },
    current: { paths: ['today.csv'] },
    hash: 'ends',
  });
  expect(check.measures).toEqual(measures.slice(0, 6).map(({ id }) => id));
  expect(check).not.toHaveProperty('threads');
  expect(out).toBe('driftgate-report');
  expect(found).toBeNull();
});

describe('precedence', () => {
  test('flags over the file over the defaults, setting by setting', async () => {
    const { check, found } = await fromFile('gate: {fail_on: P1, min_rows: 50}\nthreads: 2\n', {
      ...data,
      'fail-on': 'P3',
    });
    expect(check.verdict.gate).toEqual({ failOn: 'P3', minRows: 50, strict: false });
    expect(check.threads).toBe(2);
    expect(found).toBe('driftgate.yaml');
  });

  test('a switch that the file sets can be taken back', async () => {
    const { check } = await fromFile('gate: {strict: true}\ncsv: {header: false}\n', {
      ...data,
      strict: false,
      header: true,
    });
    expect(check.verdict.gate.strict).toBe(false);
    expect(check.reference.csv).toEqual({ header: true });
  });

  test('a column is made of what both say of it', async () => {
    const yaml = 'columns:\n  y: {role: feature, kind: categorical}\n  a.b: {tolerances: {warn: {phi_squared: 0.2}}}\n';
    const { check } = await fromFile(yaml, { ...data, label: ['y'], set: ['columns.a.b.kind=numeric'] });
    expect(check.verdict.columns).toEqual({
      y: { role: 'label', kind: 'categorical' },
      'a.b': { kind: 'numeric', tolerance: { warn: { phiSquared: 0.2 }, fail: {} } },
    });
  });

  test('a budget on the command line replaces alpha of the file, and the reverse', async () => {
    const budget = { ...data, 'false-alarms-per-year': '2', 'runs-per-year': '400' };
    expect((await fromFile('alpha: 0.2\n', budget)).check.verdict.alpha).toBe(0.005);
    const yaml = 'false_alarms_per_year: 1\nruns_per_year: 10\n';
    expect((await fromFile(yaml)).check.verdict.alpha).toBe(0.1);
    expect((await fromFile(yaml, { ...data, alpha: '0.03' })).check.verdict.alpha).toBe(0.03);
    expect((await fromFile(yaml, { ...data, 'runs-per-year': '100' })).check.verdict.alpha).toBe(0.01);
  });

  test('a sensitivity sets all tolerances; single ones of the same source or a stronger one stay', async () => {
    const yaml = 'sensitivity: high\ntolerances: {feature: {warn: {phi_squared: 0.05}}}\n';
    const high = sensitivities.high.feature;
    expect((await fromFile(yaml)).check.verdict.tolerances.feature).toEqual({
      warn: { phiSquared: 0.05, cellChange: high.warn.cellChange },
      fail: high.fail,
    });
    expect((await fromFile(yaml, { ...data, sensitivity: 'low' })).check.verdict.tolerances).toEqual(sensitivities.low);
  });

  test('the data can come from either', async () => {
    const { check } = await fromFile('reference: a.csv\ncurrent: [b.csv, c.csv]\n', { current: ['d.csv'] });
    expect(check.reference.paths).toEqual(['a.csv']);
    expect(check.current.paths).toEqual(['d.csv']);
  });
});

test('paths in a file are relative to its folder, paths in flags are not', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'conf'));
  writeFileSync(
    join(folder, 'conf', 'gate.yaml'),
    'reference: [data/train.parquet, /abs/x.csv, "-"]\ncurrent: ../logs/*.csv\nout: reports\n',
  );
  const load = (flags: object) => loadConfig({ flags: { config: 'conf/gate.yaml', ...flags }, folder, measures });
  const { check, out, found } = await load({});
  expect(check.reference.paths).toEqual([join('conf', 'data', 'train.parquet'), '/abs/x.csv', '-']);
  expect(check.current.paths).toEqual([join('logs', '*.csv')]);
  expect(out).toBe(join('conf', 'reports'));
  expect(found).toBeNull();
  expect(check.config.file).toBe('conf/gate.yaml');
  const { check: flagged, out: flaggedOut } = await load({ current: ['data/x.csv'], out: 'here' });
  expect(flagged.current.paths).toEqual(['data/x.csv']);
  expect(flaggedOut).toBe('here');
  expect((await load({ out: false })).out).toBeNull();
});

test('filters: one for each side, one for both', async () => {
  const { check } = await fromFlags({ where: 'a > 1 -- new', 'reference-where': 'b', 'where-both': 'c' });
  expect(check.current.where).toBe('(a > 1 -- new\n) AND (c\n)');
  expect(check.reference.where).toBe('(b\n) AND (c\n)');
  const { check: one } = await fromFlags({ where: 'a > 1' });
  expect(one.current.where).toBe('a > 1');
  expect(one.reference).not.toHaveProperty('where');
});

test('how files are read', async () => {
  const { check } = await fromFlags({
    'input-format': 'csv',
    'reference-format': 'parquet',
    'csv-delimiter': '\\t',
    'csv-null': ['NA', '-999'],
    'csv-decimal': ',',
    header: false,
  });
  const csv = { delimiter: '\t', nulls: ['NA', '-999'], decimal: ',', header: false };
  expect(check.reference).toEqual({ paths: ['train.parquet'], format: 'parquet', csv });
  expect(check.current).toEqual({ paths: ['today.csv'], format: 'csv', csv });
});

test('measures by id, alias, list, commas or all, in the order of the registry', async () => {
  const of = async (...asked: string[]) => (await fromFlags({ measures: asked })).check.measures;
  expect(await of('js, ks', 'psi', 'kolmogorov-smirnov')).toEqual([
    'population-stability-index',
    'kolmogorov-smirnov',
    'jensen-shannon',
  ]);
  expect(await of('all')).toEqual(measures.map(({ id }) => id));
});

test('names of columns that objects have by nature', async () => {
  const { check } = await fromFlags({ ignore: ['constructor', '__proto__'] });
  expect(check.verdict.columns.constructor).toEqual({ role: 'ignore' });
  expect(Object.keys(check.verdict.columns)).toEqual(['constructor', '__proto__']);
  expect(check.verdict.columns.valueOf).toBeUndefined();
  expect(JSON.stringify(check.config.values)).toContain('"__proto__":{"role":"ignore"}');
});

test('maps whose settings are commented out say nothing', async () => {
  const { check } = await fromFile('alpha: 0.01\ngate:\ntolerances:\n  feature:\n    warn:\ncolumns:\n  age:\n');
  expect(check.verdict).toEqual(defaultVerdictSettings);
});

test('the file is found by itself under either name, unless told not to', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'driftgate.yml'), '\ufeffthreads: 3\n');
  const found = await loadConfig({ flags: data, folder, measures });
  expect([found.found, found.check.threads, found.check.config.file]).toEqual(['driftgate.yml', 3, 'driftgate.yml']);
  const without = await loadConfig({ flags: { ...data, config: false }, folder, measures });
  expect([without.found, without.check.threads, without.check.config.file]).toEqual([null, undefined, null]);
  writeFileSync(join(folder, 'driftgate.yaml'), 'threads: 3\n');
  expect(await mistake(loadConfig({ flags: data, folder, measures }))).toBe(
    'driftgate.yaml and driftgate.yml are both here; name one with --config',
  );
});

describe('the record for the audit trail', () => {
  test('holds what the verdict obeys, defaults included, and reads as a file', async () => {
    const { check } = await fromFile('columns: {y: {role: label}}\nsensitivity: low\n', {
      ...data,
      strict: true,
      threads: '2',
    });
    const { values } = check.config;
    expect(values).toMatchObject({
      hash: 'ends',
      columns: { y: { role: 'label' } },
      gate: { fail_on: 'P2', min_rows: 100, strict: true },
      alpha: 0.01,
      sensitivity: 'low',
      tolerances: { feature: { warn: { phi_squared: 0.25, cell_change: 0.12 } } },
      severity: { column_missing: 'P1' },
    });
    // the data and the machine stand elsewhere in the report
    for (const key of ['reference', 'current', 'threads', 'memory_limit', 'out'])
      expect(values).not.toHaveProperty(key);
    const again = await fromFile(JSON.stringify(values));
    expect(again.check.verdict).toEqual(check.verdict);
    expect(again.check.config.sha256).toBe(check.config.sha256);
  });

  test('a budget is kept as one', async () => {
    const { values } = (await fromFlags({ 'false-alarms-per-year': '1', 'runs-per-year': '100' })).check.config;
    expect(values).toMatchObject({ false_alarms_per_year: 1, runs_per_year: 100 });
    expect(values).not.toHaveProperty('alpha');
  });

  test('its hash depends on the settings, not on where they were said, in which order, or on the data', async () => {
    const hash = async (...load: Parameters<typeof fromFile>) => (await fromFile(...load)).check.config.sha256;
    const base = await hash('alpha: 0.02\ngate: {strict: true, min_rows: 7}\n');
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    expect(await hash('gate: {min_rows: 7, strict: true}\nalpha: 2e-2\nthreads: 1\n')).toBe(base);
    expect(await hash('gate: {min_rows: 7}\n', { reference: ['x'], current: ['y'], alpha: '.02', strict: true })).toBe(
      base,
    );
    expect(await hash('alpha: 0.03\ngate: {strict: true, min_rows: 7}\n')).not.toBe(base);
  });
});

test('forms of the report: list or commas, each once, in the order of asking', async () => {
  const of = async (...asked: string[]) => (await fromFlags({ format: asked })).formats;
  expect((await fromFlags({})).formats).toEqual(['json', 'html']);
  expect(await of('junit', 'markdown, csv', 'junit')).toEqual(['junit', 'markdown', 'csv']);
  expect((await fromFile('formats: [prometheus, json]')).formats).toEqual(['prometheus', 'json']);
  expect((await fromFile('formats: github')).formats).toEqual(['github']);
});

test.each([
  ['markdwon', 'no format of the report is called "markdwon"; did you mean "markdown"?'],
  ['json,,html', 'no format of the report is called ""; there are '],
  ['parquet', 'no format of the report is called "parquet"; how data is stored is said with --input-format'],
])('--format %s is no form of the report', async (asked, message) => {
  expect(await mistake(fromFlags({ format: [asked] }))).toContain(message);
});

test('a wrong form of the report in the file is said with its place', async () => {
  expect(await mistake(fromFile('alpha: 0.05\nformats:\n  - json\n  - htm\n'))).toMatch(
    /^driftgate\.yaml:3:3: no format of the report is called "htm"; did you mean "html"\?$/,
  );
});

test('forms of a report that is not written', async () => {
  expect(await mistake(fromFlags({ format: ['csv'], out: false }))).toBe(
    '--format names what is written to --out, and --no-out writes nothing; keep one',
  );
  expect((await fromFile('formats: csv', { ...data, out: false })).out).toBeNull();
});
