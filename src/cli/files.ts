import { randomUUID } from 'node:crypto';
import { constants, copyFile, mkdir, open, realpath, rename, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DriftError } from '../model/errors.ts';
import { quoted } from '../model/text.ts';

export interface OutputFile {
  readonly path: string;
  /** as the user knows it */
  readonly shown: string;
  readonly text: string | Uint8Array;
}

/**
 * Writes all files or none. Each is written beside its place under another name and then renamed, so that a reader never sees
 * half of one.
 *
 * @throws {DriftError} OUTPUT_UNWRITABLE
 */
export async function writeFiles(files: readonly OutputFile[], signal: AbortSignal): Promise<void> {
  /** what was made and has to go: temporary files, and copies of what they replace */
  const leftovers = new Set<string>();
  const replaced: { readonly target: string; readonly backup: string | null }[] = [];
  let shown = '';
  try {
    const ready: {
      readonly shown: string;
      readonly target: string;
      readonly temporary: string;
      backup: string | null;
    }[] = [];
    for (const file of files) {
      shown = file.shown;
      // a link keeps pointing where it points
      const target = await realpath(file.path).catch(() => file.path);
      const existing = await stat(target).catch(() => null);
      if (existing?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
      if (existing && !existing.isFile()) {
        // /dev/stdout and the like are written to, never replaced
        await writeFile(target, file.text);
        continue;
      }
      const temporary = besides(target);
      leftovers.add(temporary);
      await writeDurably(temporary, file.text);
      const entry = { shown, target, temporary, backup: existing ? besides(target) : null };
      if (entry.backup !== null) {
        leftovers.add(entry.backup);
        await copyFile(target, entry.backup, constants.COPYFILE_FICLONE);
      }
      ready.push(entry);
    }
    signal.throwIfAborted();
    for (const entry of ready) {
      shown = entry.shown;
      await rename(entry.temporary, entry.target);
      replaced.push(entry);
    }
  } catch (cause) {
    for (const { target, backup } of replaced)
      await (backup === null ? unlink(target) : rename(backup, target)).catch(() => {});
    if (signal.aborted) throw cause;
    throw unwritable(shown, cause);
  } finally {
    for (const path of leftovers) await unlink(path).catch(() => {});
  }
}

function besides(target: string): string {
  return join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID().slice(0, 8)}.tmp`);
}

async function writeDurably(path: string, text: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A folder that files can be written to, made when it was missing. */
export interface OutputFolder {
  /** takes the folder away again, when it was made here and is still empty */
  discard(): Promise<void>;
}

/**
 * Finds out before a long run whether its results can be written at the end.
 *
 * @param names of the files to come
 * @throws {DriftError} OUTPUT_UNWRITABLE
 */
export async function prepareFolder(path: string, shown: string, names: readonly string[]): Promise<OutputFolder> {
  let first: string | undefined;
  const discard = async (): Promise<void> => {
    if (first === undefined) return;
    for (let folder = path; ; folder = dirname(folder)) {
      const removed = await rmdir(folder).then(
        () => true,
        () => false,
      );
      if (!removed || folder === first || folder === dirname(folder)) return;
    }
  };
  let at = shown;
  try {
    first = await makeFolder(path);
    const probe = besides(join(path, 'probe'));
    await writeFile(probe, '', { flag: 'wx' });
    await unlink(probe);
    for (const name of names) {
      at = join(shown, name);
      const existing = await stat(join(path, name)).catch(() => null);
      if (existing?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    }
  } catch (cause) {
    await discard();
    throw unwritable(at, cause);
  }
  return { discard };
}

/**
 * Makes a folder and those above it that are missing; the recursive form of mkdir never ends in a folder such as /proc, where
 * nothing can be made.
 *
 * @returns the topmost that was made
 */
async function makeFolder(path: string): Promise<string | undefined> {
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return undefined;
    if (code !== 'ENOENT' || dirname(path) === path || (await exists(dirname(path)))) throw error;
    const above = await makeFolder(dirname(path));
    await mkdir(path);
    return above ?? path;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the quota is used up',
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
};

export function unwritable(shown: string, cause: unknown): DriftError {
  if (cause instanceof DriftError) return cause;
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === undefined) throw cause;
  return new DriftError('OUTPUT_UNWRITABLE', `cannot write ${quoted(shown, 300)}: ${reasons[code] ?? code}`, { cause });
}

/** `a, b and c` */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
