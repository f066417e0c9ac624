import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Flags } from '../../src/config/flags.ts';
import { type LoadedConfig, loadConfig } from '../../src/config/load.ts';
import { parseTableName } from '../../src/model/table-name.ts';
import { measures, temporaryFolder } from './support.ts';

interface Given {
  readonly yaml?: string;
  readonly environment?: Record<string, string>;
  readonly files?: Readonly<Record<string, string>>;
}

const engine = 'trino://ana@trino.example:8443/hive/ml';
const tables = { reference: ['ml.train'], current: ['ml.log'], engine };

function load(flags: Flags, { yaml, environment = {}, files = {} }: Given = {}): Promise<LoadedConfig> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  if (yaml !== undefined) writeFileSync(join(folder, 'driftgate.yaml'), yaml);
  return loadConfig({ flags: { ...tables, ...flags }, folder, measures, environment });
}

describe('the address', () => {
  it('says server, user, catalog and schema', async () => {
    const { check } = await load({});
    expect(check.reference).toMatchObject({
      paths: ['ml.train'],
      server: {
        origin: 'https://trino.example:8443',
        user: 'ana',
        catalog: 'hive',
        schema: 'ml',
        timeoutMs: 1_800_000,
      },
    });
    expect(check.current.server).toBe(check.reference.server);
  });

  it.each([
    ['trino+http://ana@127.0.0.1:8080', { origin: 'http://127.0.0.1:8080', user: 'ana' }],
    ['trino://a%40b.c@h/hive/', { origin: 'https://h', user: 'a@b.c', catalog: 'hive' }],
    ['trino://ana@[::1]:1/x', { origin: 'https://[::1]:1', catalog: 'x' }],
  ])('%s', async (address, server) => {
    expect((await load({ engine: address })).check.current.server).toMatchObject(server);
  });

  it.each([
    ['https://trino.example', '--engine is no address of a Trino server; it takes an address such as trino://'],
    ['trino://trino.example/hive', '--engine names no user; it takes an address such as trino://'],
    ['trino://ana@h/a/b/c', '--engine has the path "/a/b/c"; it takes /catalog/schema'],
    ['trino://ana@h//b', '--engine has the path "//b"; it takes /catalog/schema'],
    ['trino://ana@h/a?x=1', '--engine has a query or a fragment; session properties go to trino.session'],
    ['trino://ana@h:x/a', '--engine is an address that does not read'],
    ['trino://%C3%A4@h', '--engine has the part "ä"; it takes letters, digits and signs of ASCII'],
    ['trino://an%zz@h', '--engine has the part "an%zz", which does not read'],
  ])('%s is refused', async (address, text) => {
    await expect(load({ engine: address })).rejects.toThrow(text);
  });

  it('a password in it is refused and not repeated', async () => {
    const error = await load({ engine: 'trino://ana:hush-1@h/hive' }).catch((caught: unknown) => caught);
    expect(inspect(error, { depth: 5 })).toContain('holds a password, which everybody on this machine can see');
    expect(inspect(error, { depth: 5 })).not.toContain('hush-1');
  });
});

describe('which side is a table', () => {
  it.each([
    ['train', true],
    ['ml.train', true],
    ['hive."My Schema"."a.b"', true],
    ['train.parquet', false],
    ['ml.json', false],
    ['logs/train', false],
    ['log*', false],
    ['a.b.c.d', false],
    ['-', false],
    ['here.is', false],
  ])('%s: %s', async (path, table) => {
    const { check } = await load({ current: [path] }, { files: { 'here.is': 'a\n1\n' } });
    expect(check.current.server !== undefined).toBe(table);
    expect(check.current.paths).toEqual([path]);
  });

  it('one table a side', async () => {
    await expect(load({ current: ['ml.log', 'ml.log2'] })).rejects.toThrow(
      '--current is "ml.log, ml.log2"; with an engine it takes one table, or files',
    );
  });

  it('every single value stays where it is', async () => {
    await expect(load({ exact: true })).rejects.toThrow(
      '--exact reads every single value, which stay where a table is',
    );
  });

  it('names in quotation marks', () => {
    expect(parseTableName('a."b ""c"".d"')).toEqual(['a', 'b "c".d']);
    expect(parseTableName('a."b')).toBeNull();
    expect(parseTableName('a.')).toBeNull();
    expect(parseTableName('')).toBeNull();
    expect(parseTableName("t; DROP TABLE x--'")).toBeNull();
  });
});

describe('secrets', () => {
  const revealed = ({ check }: LoadedConfig) => [
    check.reference.server?.password?.reveal(),
    check.reference.server?.token?.reveal(),
  ];

  it('come from the variables that are usual, or named, or from files', async () => {
    expect(revealed(await load({}))).toEqual([undefined, undefined]);
    expect(revealed(await load({}, { environment: { DRIFTGATE_TRINO_PASSWORD: 'p' } }))).toEqual(['p', undefined]);
    const named = { yaml: 'trino:\n  token_env: T\n', environment: { T: 't', DRIFTGATE_TRINO_PASSWORD: 'p' } };
    expect(revealed(await load({}, named))).toEqual([undefined, 't']);
    const file = { yaml: 'trino: {password_file: pw}\n', files: { pw: 'p w\n' } };
    expect(revealed(await load({}, file))).toEqual(['p w', undefined]);
  });

  it.each([
    [
      'trino: {password_env: hush}',
      {},
      'trino.password_env names an environment variable that is not set, or is empty',
    ],
    [
      'trino: {password_env: P, token_env: T}',
      { P: 'hush', T: 'hush' },
      'trino.token_env and a password are both given',
    ],
    [
      'trino: {password_env: P, password_file: pw}',
      { P: 'hush' },
      'trino.password_file and trino.password_env are both set',
    ],
    ['trino: {token_file: none}', {}, 'trino.token_file is "none", which is not there'],
    ['trino: {token_file: empty}', {}, 'trino.token_file is an empty file'],
    ['trino: {token_env: T}', { T: 'hush\nhush' }, 'trino.token_env gives a token of more than one line'],
    ['trino: {key_file: pw}', {}, 'trino.key_file goes with trino.cert_file, which is not set'],
    ['trino: {session: nonsense}', {}, 'trino.session has "nonsense"; it takes properties such as'],
  ])('%s', async (yaml, environment, text) => {
    const error = await load({}, { yaml: `${yaml}\n`, environment, files: { pw: 'hush', empty: '' } }).catch(
      (caught: unknown) => caught as Error,
    );
    expect((error as Error).message).toContain(text);
    expect(inspect(error, { depth: 5 })).not.toMatch(/"hush"|is hush/);
  });

  it('go unencrypted to this machine only', async () => {
    const environment = { DRIFTGATE_TRINO_PASSWORD: 'p' };
    await expect(load({ engine: 'trino+http://ana@trino.example' }, { environment })).rejects.toThrow(
      '--engine would send a password unencrypted; write trino:// in place of trino+http://',
    );
    await expect(load({ engine: 'trino+http://ana@localhost:8080' }, { environment })).resolves.toBeDefined();
  });

  it('are neither in the recorded configuration nor in what is printed of a run', async () => {
    const loaded = await load(
      {},
      { yaml: 'trino: {password_env: SECRET_NAME, session: ["a=b"]}\n', environment: { SECRET_NAME: 'hush-2' } },
    );
    expect(loaded.check.reference.server).toMatchObject({ session: { a: 'b' } });
    for (const text of [JSON.stringify(loaded), inspect(loaded, { depth: 9, showHidden: true })]) {
      expect(text).not.toContain('hush-2');
      expect(text).not.toContain('SECRET_NAME');
    }
  });
});
