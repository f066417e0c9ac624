import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DriftError } from '../model/errors.ts';
import type { TrinoServer } from '../model/run.ts';
import { Secret } from '../model/secret.ts';
import { parseTableName } from '../model/table-name.ts';
import { printable, quoted } from '../model/text.ts';

/** The section `trino` as written. */
export interface WrittenTrino {
  readonly password_env?: string;
  readonly password_file?: string;
  readonly token_env?: string;
  readonly token_file?: string;
  readonly ca_file?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
  /** seconds */
  readonly timeout?: number;
  readonly session?: string | readonly string[];
}

/** What the settings are read against. */
export interface Surroundings {
  /** variables of the process */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** a path of the section, seen from the working folder */
  readonly located: (key: keyof WrittenTrino, path: string) => string;
  readonly folder: string;
  readonly fail: (path: readonly string[], text: string) => never;
}

/** Read when the settings name no other source of a secret. */
export const usualVariables = { password: 'DRIFTGATE_TRINO_PASSWORD', token: 'DRIFTGATE_TRINO_TOKEN' } as const;
const usualTimeoutSeconds = 1800;

const dataFile = /\.(?:csv|tsv|tab|psv|jsonl|ndjson|json|parquet|pq|parq|arrow|arrows|feather|ipc|gz|zst)$/i;

/** With an engine named, a side is a table unless it can only be a file: by its name, or because there is one. */
export function isTable(path: string, folder: string): boolean {
  if (path === '-' || dataFile.test(path) || parseTableName(path) === null) return false;
  return statSync(resolve(folder, path), { throwIfNoEntry: false }) === undefined;
}

/**
 * A server from its address and the section `trino`. No message repeats what may be a secret: not a value that was put in the place of
 * a variable's name, nor an address that holds a password.
 *
 * @throws {DriftError} BAD_OPTION, BAD_CONFIG
 */
export function trinoServer(address: string, written: WrittenTrino, around: Surroundings): TrinoServer {
  const { fail } = around;
  const engine = (text: string): never => fail(['engine'], text);
  const scheme = /^trino(\+http)?:\/\//.exec(address);
  const form = 'it takes an address such as trino://ana@trino.example:8443/hive/ml (trino+http:// without TLS)';
  if (!scheme) engine(`is no address of a Trino server; ${form}`);
  let url: URL;
  try {
    url = new URL(`${scheme![1] ? 'http' : 'https'}://${address.slice(scheme![0].length)}`);
  } catch {
    return engine(`is an address that does not read; ${form}`);
  }
  if (url.password !== '') {
    const hint =
      'leave it out and name an environment variable by trino.password_env, or a file by trino.password_file';
    engine(`holds a password, which everybody on this machine can see; ${hint}`);
  }
  if (url.username === '') engine(`names no user; ${form}`);
  if (url.search !== '' || url.hash !== '') engine('has a query or a fragment; session properties go to trino.session');
  const path = url.pathname
    .split('/')
    .slice(1)
    .filter((part, i, parts) => part !== '' || i < parts.length - 1);
  if (path.length > 2 || path.includes('')) engine(`has the path ${quoted(url.pathname)}; it takes /catalog/schema`);
  const [user, catalog, schema] = [url.username, ...path].map((part) => decoded(part, engine));

  const password = secretOf('password', written, around);
  const token = secretOf('token', written, around);
  if (password && token) fail([...placeOf('token', written)], 'and a password are both given; keep one');
  if (password && user!.includes(':')) engine('has a colon in the name of its user, which a password cannot follow');
  const key = fileOf('key_file', written, around);
  const certificate = fileOf('cert_file', written, around);
  const authority = fileOf('ca_file', written, around);
  if (key !== undefined && certificate === undefined)
    fail(['trino', 'key_file'], 'goes with trino.cert_file, which is not set');
  if (url.protocol === 'http:') {
    const safe = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
    if ((password || token) && !safe)
      engine(`would send a ${password ? 'password' : 'token'} unencrypted; write trino:// in place of trino+http://`);
    if (certificate !== undefined)
      engine('speaks without TLS, where a certificate means nothing; write trino:// in place of trino+http://');
  }
  return {
    origin: url.origin,
    user: user!,
    ...(catalog === undefined ? {} : { catalog }),
    ...(schema === undefined ? {} : { schema }),
    ...(password ? { password } : {}),
    ...(token ? { token } : {}),
    ...(authority === undefined ? {} : { authority }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key: new Secret(key) }),
    timeoutMs: Math.ceil((written.timeout ?? usualTimeoutSeconds) * 1000),
    session: sessionOf(written, fail),
  };
}

/** A part of the address; it travels in a header. */
function decoded(part: string, engine: (text: string) => never): string {
  let text: string;
  try {
    text = decodeURIComponent(part);
  } catch {
    return engine(`has the part ${quoted(part)}, which does not read; a percent sign is written %25`);
  }
  return /^[\x21-\x7e]+$/.test(text)
    ? text
    : engine(`has the part ${quoted(text)}; it takes letters, digits and signs of ASCII`);
}

function placeOf(what: 'password' | 'token', written: WrittenTrino): readonly string[] {
  if (written[`${what}_env`] !== undefined) return ['trino', `${what}_env`];
  return written[`${what}_file`] !== undefined ? ['trino', `${what}_file`] : ['engine'];
}

function secretOf(what: 'password' | 'token', written: WrittenTrino, around: Surroundings): Secret | undefined {
  const variable = written[`${what}_env`];
  const file = fileOf(`${what}_file`, written, around);
  if (variable !== undefined && file !== undefined) {
    around.fail(['trino', `${what}_file`], `and trino.${what}_env are both set; keep one`);
  }
  const none = written.password_env ?? written.password_file ?? written.token_env ?? written.token_file;
  const text =
    file?.replace(/\r?\n$/, '') ?? around.environment[variable ?? (none === undefined ? usualVariables[what] : '')];
  if (text !== undefined && text !== '') {
    // what a header cannot hold
    if (/[\u0000-\u001f\u007f]/.test(text))
      around.fail(placeOf(what, written), `gives a ${what} of more than one line`);
    return new Secret(text);
  }
  if (file !== undefined) around.fail(['trino', `${what}_file`], 'is an empty file');
  if (variable !== undefined)
    around.fail(['trino', `${what}_env`], 'names an environment variable that is not set, or is empty');
  return undefined;
}

function fileOf(
  key: keyof WrittenTrino,
  written: WrittenTrino,
  { located, folder, fail }: Surroundings,
): string | undefined {
  const path = written[key];
  if (typeof path !== 'string') return undefined;
  try {
    return readFileSync(resolve(folder, located(key, path)), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT' ? 'which is not there' : code === 'EISDIR' ? 'a folder' : `which cannot be read (${code})`;
    return fail(['trino', key], `is ${quoted(path, 200)}, ${reason}`);
  }
}

function sessionOf(written: WrittenTrino, fail: Surroundings['fail']): Record<string, string> {
  const list = written.session ?? [];
  const session: Record<string, string> = Object.create(null);
  for (const text of typeof list === 'string' ? [list] : list) {
    const [, name, value] = /^([A-Za-z_][\w.]*)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      return fail(
        ['trino', 'session'],
        `has ${quoted(printable(text))}; it takes properties such as query_max_run_time=10m`,
      );
    }
    session[name] = value;
  }
  return session;
}

/** @throws {DriftError} BAD_OPTION when a side's paths are a table's name and something else */
export function onlyTable(side: 'reference' | 'current', paths: readonly string[], tables: number): boolean {
  if (tables === 0) return false;
  if (paths.length === 1) return true;
  const shown = quoted(paths.join(', '), 200);
  throw new DriftError('BAD_OPTION', `--${side} is ${shown}; with an engine it takes one table, or files`);
}
