import { constants, openSync } from 'node:fs';
import { copyFile, readdir, realpath, stat, symlink } from 'node:fs/promises';
import { Socket } from 'node:net';
import { basename, join, relative, resolve, sep } from 'node:path';
import { DriftError } from '../../model/errors.ts';
import { quoted } from '../../model/text.ts';
import { freshName } from './sql.ts';
import { writeTemporary } from './temporary.ts';

/** A file to read. */
export interface SourceFile {
  /** as the user would recognise it */
  readonly path: string;
  /** the same bytes under a name without glob characters, as the engine expands those by itself */
  readonly safePath: string;
  /** `k=v` folders below the folder or fixed part of the glob that was named */
  readonly partition: ReadonlyMap<string, string | null>;
}

interface Found {
  readonly path: string;
  /** a copy of what can be read only once */
  readonly spooled?: string;
  /** where partition keys begin to count */
  readonly root: string;
}

const globCharacters = /[*?[\]{}]/;
const noValue = '__HIVE_DEFAULT_PARTITION__';

/**
 * The files behind paths: files as they are, folders recursively (hidden and `_` names skipped, like `_SUCCESS`), globs with
 * `*`, `?`, `[a-z]`, `{a,b}` and `**`. A name that exists is that file, whatever characters it holds. Sorted, each once.
 *
 * @param accepts which files of a folder hold data; others are passed over
 * @param signal ends the wait for a pipe that nobody writes to
 */
export async function expandPaths(
  paths: readonly string[],
  accepts: (path: string) => boolean,
  temporaryFolder: string,
  stdin: AsyncIterable<Uint8Array> | undefined,
  signal?: AbortSignal,
): Promise<{ files: SourceFile[]; passedOver: string[] }> {
  const found: Found[] = [];
  const passedOver: string[] = [];
  for (const path of paths) {
    if (path === '-') {
      if (found.some((other) => other.path === '-')) continue;
      if (!stdin) throw new DriftError('FILE_NOT_FOUND', 'there is no standard input to read for "-"');
      found.push({ path, root: '.', spooled: await spool(stdin, temporaryFolder) });
      continue;
    }
    const before = found.length;
    for (const { path: entry, root } of await resolvePath(path)) {
      const status = await stat(entry).catch(() => null);
      if (!status?.isDirectory()) {
        if (status?.isSocket())
          throw new DriftError('FILE_UNREADABLE', `${quoted(entry, 200)} is a socket, not a file`);
        // a named pipe, or what a shell makes of <(zcat x.csv.gz)
        const once = status?.isFIFO() ? { spooled: await spool(openPipe(entry, signal), temporaryFolder) } : {};
        found.push({ path: entry, root, ...once });
        continue;
      }
      const inside = await walk(entry, new Set());
      found.push(...inside.filter(accepts).map((file) => ({ path: file, root })));
      passedOver.push(...inside.filter((file) => !accepts(file)));
    }
    if (found.length === before) {
      throw new DriftError('NO_DATA_FILES', `the folder ${quoted(path, 200)} holds no data file`);
    }
  }
  found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const files = new Map<string, SourceFile>();
  for (const { path, root, spooled } of found) {
    const absolute = spooled ?? resolve(path);
    if (files.has(absolute)) continue;
    files.set(absolute, {
      path,
      safePath: globCharacters.test(absolute) ? await plainName(absolute, temporaryFolder) : absolute,
      partition: partitionKeys(relative(root, path)),
    });
  }
  return { files: [...files.values()], passedOver };
}

async function resolvePath(path: string): Promise<Found[]> {
  if (path === '' || path.includes('\0'))
    throw new DriftError('FILE_NOT_FOUND', `there is no file ${quoted(path, 200)}`);
  try {
    return (await stat(path)).isDirectory() ? [{ path, root: path }] : [{ path, root: join(path, '..') }];
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ENAMETOOLONG') {
      throw new DriftError('FILE_UNREADABLE', `cannot read ${quoted(path, 200)} (${named(code)})`, { cause });
    }
    if (!globCharacters.test(path)) {
      throw new DriftError('FILE_NOT_FOUND', `there is no file ${quoted(path, 200)}`, { cause });
    }
  }
  const segments = path.split(sep === '/' ? '/' : /[/\\]/);
  const fixed = segments.findIndex((segment) => globCharacters.test(segment));
  const root = segments.slice(0, fixed).join(sep) || (path.startsWith(sep) ? sep : '.');
  const matches = await matchSegments(root, segments.slice(fixed));
  if (matches.length === 0) throw new DriftError('NO_DATA_FILES', `no file matches ${quoted(path, 200)}`);
  return matches.map((match) => ({ path: match, root }));
}

async function matchSegments(folder: string, segments: readonly string[]): Promise<string[]> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [folder];
  if (segment === '') return matchSegments(folder, rest);
  const names = await namesIn(folder);
  if (segment === '**') {
    const deeper = await Promise.all(
      names.map(async (name) =>
        (await isFolder(join(folder, name))) ? matchSegments(join(folder, name), segments) : [],
      ),
    );
    return [...(rest.length === 0 ? [folder] : await matchSegments(folder, rest)), ...deeper.flat()];
  }
  const pattern = globPattern(segment);
  const matching = names.filter((name) => pattern.test(name));
  if (rest.length === 0) return matching.map((name) => join(folder, name));
  const deeper = await Promise.all(
    matching.map(async (name) => ((await isFolder(join(folder, name))) ? matchSegments(join(folder, name), rest) : [])),
  );
  return deeper.flat();
}

/** One segment of a glob as a regular expression. */
function globPattern(segment: string): RegExp {
  let source = '';
  let depth = 0;
  for (let i = 0; i < segment.length; i++) {
    const c = segment[i]!;
    const close = c === '[' ? segment.indexOf(']', i + 2) : -1;
    if (c === '*') source += '.*';
    else if (c === '?') source += '.';
    else if (close > 0) {
      const negated = segment[i + 1] === '!' || segment[i + 1] === '^';
      const body = segment.slice(i + (negated ? 2 : 1), close).replace(/[\\\]^[]/g, '\\$&');
      source += `[${negated ? '^' : ''}${body}]`;
      i = close;
    } else if (c === '{' && segment.includes('}', i)) {
      source += '(?:';
      depth += 1;
    } else if (c === '}' && depth > 0) {
      source += ')';
      depth -= 1;
    } else if (c === ',' && depth > 0) source += '|';
    else source += c.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'su');
}

/** Every file below a folder; links that lead back up are followed once. */
async function walk(folder: string, visited: Set<string>): Promise<string[]> {
  const real = await realpath(folder);
  if (visited.has(real)) return [];
  visited.add(real);
  const files: string[] = [];
  for (const name of await namesIn(folder)) {
    if (name.startsWith('_')) continue;
    const path = join(folder, name);
    if (await isFolder(path)) files.push(...(await walk(path, visited)));
    else files.push(path);
  }
  return files;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new DriftError('FILE_UNREADABLE', `cannot list the folder ${quoted(folder, 200)} (${named(code)})`, {
      cause,
    });
  }
}

function named(code: string | undefined): string {
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  return code === 'ELOOP' ? 'a link that leads back to itself' : (code ?? 'unknown reason');
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

function partitionKeys(path: string): ReadonlyMap<string, string | null> {
  const keys = new Map<string, string | null>();
  for (const folder of path.split(sep).slice(0, -1)) {
    const equals = folder.indexOf('=');
    if (equals <= 0) continue;
    const value = decoded(folder.slice(equals + 1));
    keys.set(decoded(folder.slice(0, equals)), value === noValue ? null : value);
  }
  return keys;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function plainName(path: string, temporaryFolder: string): Promise<string> {
  const extension = basename(path)
    .replace(/^[^.]*/, '')
    .replace(/[^A-Za-z0-9.]/g, '_');
  const link = resolve(temporaryFolder, `${freshName('link')}${extension}`);
  try {
    await symlink(path, link);
  } catch {
    await copyFile(path, link); // a file system without links
  }
  return link;
}

/** Without waiting for a writer: a thread that waits for one can neither be told to stop nor be left behind. */
function openPipe(path: string, signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return new Socket({ fd, readable: true, writable: false, ...(signal && { signal }) });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new DriftError('FILE_UNREADABLE', `cannot read ${quoted(path, 200)} (${named(code)})`, { cause });
  }
}

async function spool(content: AsyncIterable<Uint8Array>, temporaryFolder: string): Promise<string> {
  const path = resolve(temporaryFolder, freshName('spooled'));
  await writeTemporary(content, path);
  return path;
}
