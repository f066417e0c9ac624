import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configReference } from '../../src/config/docs.ts';
import type { Flags } from '../../src/config/flags.ts';
import { initialConfig } from '../../src/config/initial.ts';
import { type LoadedConfig, loadConfig } from '../../src/config/load.ts';
import { type Setting, sections, settings, type ValueType } from '../../src/config/options.ts';
import { configJsonSchema } from '../../src/config/schema.ts';
import { roles } from '../../src/model/profile.ts';
import { data, fromFile, measures, temporaryFolder } from './support.ts';

const inFile = settings.filter((setting): setting is Setting & { key: string } => setting.key !== null);

test('every setting is described, once, and can be given', () => {
  for (const { key, flag, description } of settings) {
    expect(description, key ?? flag?.name).toMatch(/^[^A-Z].*[^.]$/);
    expect(key ?? flag).not.toBeNull();
  }
  for (const names of [
    inFile.map(({ key }) => key),
    settings.flatMap(({ flag }) => (flag ? [flag.name] : [])),
    // -o is the folder of the reports, and the file of a profile
    settings.flatMap(({ flag, group }) => (flag?.short && group !== 'Profile' ? [flag.short] : [])),
  ]) {
    expect(new Set(names).size).toBe(names.length);
  }
  expect(settings.filter(({ assigns }) => assigns?.key === 'columns.*.role').map(({ assigns }) => assigns?.to)).toEqual(
    roles.filter((role) => role !== 'segment'),
  );
});

test('what is unset has an example, what is a map has a sentence', () => {
  for (const { key, default: standard, example } of inFile) {
    expect(standard ?? example, key).toBeDefined();
    for (let at = key.lastIndexOf('.'); at > 0; at = key.lastIndexOf('.', at - 1)) {
      expect(sections[key.slice(0, at)], key).toBeDefined();
    }
  }
});

/** A valid value that is not the default. */
function another(value: ValueType, standard: unknown, example: unknown): unknown {
  switch (value.type) {
    case 'boolean':
      return !standard;
    case 'choice':
      return value.values.find((choice) => choice !== standard);
    case 'number':
      // below the default, so that warn stays below fail; above it for fail
      return typeof standard === 'number' ? (value.integer ? standard + 1 : standard * 1.01 || value.most) : example;
    case 'list':
    case 'lists':
    case 'numbers':
      return example ?? ['hellinger'];
    case 'text':
      return example ?? 'elsewhere';
  }
}

/** Everything a setting may have an effect on; the record of the settings themselves does not count. */
function effect({ found: _, ...loaded }: LoadedConfig): string {
  return JSON.stringify({ ...loaded, check: { ...loaded.check, config: null } });
}

/** The three settings of a column's own measure only work together. */
const gatePrefix = 'columns.*.gate.';
const ofGate = (more: object) => ({
  columns: { income: { gate: { measure: 'psi', warn: 0.05, fail: 0.3, ...more } } },
});

/** Nothing about labels means anything without their path and the key. */
const labelsPrefix = 'labels.';
const ofLabels = (more: object) => ({ labels: { path: 'labels.csv', join_key: 'id', ...more } });

/** Settings of a server, which mean nothing to files. */
const ofServer = ({ key }: Setting): boolean => key === 'engine' || (key?.startsWith('trino.') ?? false);
const tables = { reference: ['ml.train'], current: ['ml.log'] };

test.each(inFile.filter(ofServer).map((setting) => [setting.key, setting] as const))(
  '%s sets something of a table',
  async (key, { value: type, default: standard, example }) => {
    const environment = { TRINO_PASSWORD: 'p', TRINO_TOKEN: 't' };
    const base = { ...tables, engine: 'trino://ana@h', set: [`trino.cert_file=${import.meta.filename}`] };
    const file = join(temporaryFolder(), 'secret');
    writeFileSync(file, 'hush');
    const value = key.endsWith('_file') ? file : String(another(type, standard, example));
    const load = (flags: Flags) =>
      loadConfig({ flags: { config: false, ...flags }, folder: '.', measures, environment });
    const without = key === 'trino.cert_file' ? { ...base, set: [] } : base;
    const changed =
      key === 'engine' ? { ...base, engine: value } : { ...without, set: [...without.set, `${key}=${value}`] };
    expect(effect(await load(changed))).not.toBe(effect(await load(without)));
  },
);

const ofFiles = inFile.filter((setting) => !ofServer(setting));
test.each(ofFiles.map((setting) => [setting.key, setting] as const))('%s sets something', async (key, setting) => {
  const nested = (path: readonly string[], value: unknown): unknown =>
    path.length === 0 ? value : { [path[0] === '*' ? 'age' : path[0]!]: nested(path.slice(1), value) };
  // the two halves of the budget only work together
  const base: Record<string, unknown> = key.endsWith('_per_year')
    ? { false_alarms_per_year: 1, runs_per_year: 1000 }
    : key.startsWith(labelsPrefix)
      ? ofLabels({})
      : ofGate({});
  const value = another(setting.value, setting.default, setting.example);
  const changed = key.startsWith(gatePrefix)
    ? ofGate({ [key.slice(gatePrefix.length)]: value })
    : key.startsWith(labelsPrefix)
      ? ofLabels({ [key.slice(labelsPrefix.length)]: value })
      : { ...base, ...(nested(key.split('.'), value) as Record<string, unknown>) };
  const flags = { ...data, [key]: undefined };
  const side = key === 'reference' || key === 'current' ? { [key]: ['x.csv'] } : {};
  const before = await fromFile(JSON.stringify({ ...base, ...side, hash: 'ends' }), flags);
  const after = await fromFile(JSON.stringify({ hash: 'ends', ...changed }), flags);
  expect(effect(after)).not.toBe(effect(before));
});

test.each(
  // a flag of numbers names a file that holds them: importance.test.ts
  settings.flatMap(({ flag, key, assigns, value }) =>
    flag && (key || assigns) && value.type !== 'numbers' && key !== 'engine'
      ? [[flag.name, { flag, key }] as const]
      : [],
  ),
)('--%s sets what its key sets', async (name) => {
  const setting = settings.find(({ flag }) => flag?.name === name)!;
  const sides = { reference: ['a.csv'], current: ['b.csv'], config: false as const };
  const standard = await loadConfig({ flags: sides, folder: '.', measures });
  const value = setting.assigns ? ['age'] : another(setting.value, setting.default, setting.example);
  const typed =
    typeof value === 'boolean' || Array.isArray(value)
      ? value
      : setting.value.type === 'list'
        ? [String(value)]
        : String(value);
  const flags = { ...sides, [name]: typed };
  const budget = name.endsWith('-per-year')
    ? { 'false-alarms-per-year': '1', 'runs-per-year': '1000', [name]: '7' }
    : setting.key?.startsWith(labelsPrefix)
      ? { labels: ['labels.csv'], 'join-key': 'id', [name]: typed }
      : {};
  const after = await loadConfig({ flags: { ...flags, ...budget }, folder: '.', measures });
  expect(effect(after)).not.toBe(effect(standard));
});

const generated = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('docs/config.md is up to date; otherwise: npm run docs', () => {
  expect(generated('config.md')).toBe(configReference());
});

test('docs/config.schema.json is up to date; otherwise: npm run docs', async () => {
  expect(JSON.parse(generated('config.schema.json'))).toEqual(configJsonSchema());
});

test('the schema for editors accepts what loads and refuses what does not', async () => {
  const validate = new Ajv2020({ strict: false }).compile(configJsonSchema());
  const yaml = initialConfig({ reference: 'a.csv' }, [
    { name: 'age', role: 'feature', kind: 'numeric', roleReason: null, kindReason: null },
  ]);
  expect(validate(parse(yaml))).toBe(true);
  for (const wrong of [
    'tolerence: {}',
    'alpha: high',
    'gate: {failon: P1}',
    'columns: {y: {role: target}}',
    'reference: []',
  ]) {
    expect(validate(parse(wrong)), wrong).toBe(false);
  }
});

test('a folder without a file is no mistake', async () => {
  const { found } = await loadConfig({ flags: data, folder: temporaryFolder(), measures });
  expect(found).toBeNull();
});
