import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LineCounter, Node, Pair, YAMLMap } from 'yaml';
import { DriftError } from '../model/errors.ts';
import { printable, quoted } from '../model/text.ts';
import { configFileNames } from './options.ts';
import { dotted, type Layer, type Tree } from './schema.ts';

/**
 * The configuration file of a folder, if it has one.
 *
 * @throws {DriftError} BAD_CONFIG when there are two
 */
export async function findConfigFile(folder: string): Promise<string | null> {
  const found: string[] = [];
  for (const name of configFileNames) if (await exists(join(folder, name))) found.push(name);
  if (found.length > 1)
    throw new DriftError('BAD_CONFIG', `${found.join(' and ')} are both here; name one with --config`);
  return found[0] ?? null;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Reads driftgate.yaml, keeping where everything stands.
 *
 * @param file as the user wrote it; messages repeat it
 * @param folder what a relative `file` is relative to
 * @throws {DriftError} FILE_NOT_FOUND, BAD_CONFIG
 */
export async function readConfigFile(file: string, folder: string): Promise<Layer> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolve(folder, file));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw code === 'ENOENT' || code === 'ENOTDIR'
      ? new DriftError('FILE_NOT_FOUND', `no configuration file ${quoted(file)}`, { cause })
      : new DriftError('BAD_CONFIG', `cannot read ${quoted(file)}: ${code === 'EISDIR' ? 'it is a folder' : code}`, {
          cause,
        });
  }
  return parseConfig(decode(bytes, file), file);
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    // a byte order mark is left out
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DriftError('BAD_CONFIG', `${printable(file)} is not UTF-8 text`, { cause });
  }
}

/**
 * @param file for messages
 * @throws {DriftError} BAD_CONFIG
 */
export async function parseConfig(text: string, file: string): Promise<Layer> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  // silent: problems are read from the document, none is printed by the library
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const place = (offset: number) => placeOf(file, lines, offset);

  // a tag that is not known is a warning to the library and a mistake here
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    const offset = problem.pos[0];
    const message =
      problem.code === 'DUPLICATE_KEY'
        ? `${keyAt(text, offset)} is set twice`
        : problem.code === 'MULTIPLE_DOCS'
          ? 'a second document starts here; the file takes one'
          : plain(problem.message);
    throw new DriftError('BAD_CONFIG', `${place(offset)}${message}`, { cause: problem });
  }
  const top = document.contents;
  if (top === null || (yaml.isScalar(top) && top.value === null)) {
    throw new DriftError(
      'BAD_CONFIG',
      `${place(0)}the file sets nothing; write a setting such as "alpha: 0.01" or remove it`,
    );
  }
  if (!yaml.isMap(top)) {
    const what = yaml.isSeq(top)
      ? 'a list'
      : yaml.isAlias(top)
        ? 'an alias'
        : `the value ${quoted(String(top.toJSON()))}`;
    const offset = top.range?.[0] ?? 0;
    throw new DriftError('BAD_CONFIG', `${place(offset)}the file is ${what}; it takes settings such as "alpha: 0.01"`);
  }
  yaml.visit(document, {
    Alias(_, node) {
      if (node.resolve(document)) return;
      throw new DriftError(
        'BAD_CONFIG',
        `${place(node.range?.[0] ?? 0)}nothing is called ${quoted(`&${node.source}`)}`,
      );
    },
  });
  let values: Tree;
  try {
    values = document.toJS() as Tree;
  } catch (cause) {
    // aliases that multiply without end
    throw new DriftError('BAD_CONFIG', `${printable(file)}: ${plain((cause as Error).message)}`, { cause });
  }

  const offsetOf = (path: readonly string[], part: 'key' | 'value'): number => {
    let node: Node | null = top;
    let offset = top.range?.[0] ?? 0;
    for (const [depth, segment] of path.entries()) {
      node = yaml.isAlias(node) ? (node.resolve(document) ?? null) : node;
      if (yaml.isMap(node)) {
        const pair = pairOf(node, segment);
        if (!pair) break;
        const value = pair.value as Node | null;
        // a value that is not written stands nowhere
        const asKey =
          (part === 'key' && depth === path.length - 1) || !value?.range || value.range[0] === value.range[1];
        offset = (asKey ? pair.key.range?.[0] : value.range?.[0]) ?? offset;
        node = value;
      } else if (yaml.isSeq(node)) {
        node = (node.items[Number(segment)] ?? null) as Node | null;
        offset = node?.range?.[0] ?? offset;
      } else {
        break;
      }
    }
    return offset;
  };
  return {
    code: 'BAD_CONFIG',
    values,
    place: (path, part) => place(offsetOf(path, part)),
    name: (path) => dotted(path),
    order: offsetOf,
  };
}

function placeOf(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${printable(file)}:${line}:${col}: `;
}

function pairOf(map: YAMLMap, key: string): Pair<Node, unknown> | undefined {
  return map.items.find((pair) => String((pair.key as Node).toJSON()) === key) as Pair<Node, unknown> | undefined;
}

/** The key that starts at this offset, for a message. */
function keyAt(text: string, offset: number): string {
  const key = /^(?:"([^"\n]*)"|'([^'\n]*)'|([^:\n]*))/.exec(text.slice(offset, offset + 200));
  return quoted((key?.[1] ?? key?.[2] ?? key?.[3] ?? '').trim());
}

/** The library's sentence in the manner of the others: one line, lower case, no full stop. */
function plain(message: string): string {
  const line = printable(message.split('\n')[0]!.trim(), 160).replace(/[.:]$/, '');
  return `${line.charAt(0).toLowerCase()}${line.slice(1)}`;
}
