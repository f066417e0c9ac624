import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DriftError } from '../model/errors.ts';
import { printable, quoted } from '../model/text.ts';
import { isTree } from './schema.ts';

/**
 * Importances of columns from a file: CSV of two columns, name and importance, with or without a line that names them; or JSON, a map
 * from name to importance or a list of `{"name": …, "importance": …}`.
 *
 * @param file as the user wrote it; messages repeat it
 * @param folder what a relative `file` is relative to
 * @throws {DriftError} FILE_NOT_FOUND, BAD_CONFIG
 */
export async function readImportances(file: string, folder: string): Promise<Record<string, number>> {
  const text = await read(file, folder);
  const entries = /^\s*[[{]/.test(text) ? fromJson(text, file) : fromCsv(text, file);
  if (entries.length === 0) throw bad(file, null, 'holds no importance; it takes lines such as age,0.3');
  // without a prototype: a log may well have a column called "constructor"
  const importances: Record<string, number> = Object.create(null);
  for (const { line, name, importance } of entries) {
    if (typeof name !== 'string' || name === '') throw bad(file, line, 'names no column; it takes a name and a number');
    const value = typeof importance === 'string' && importance.trim() !== '' ? Number(importance) : importance;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw bad(file, line, `the importance of ${quoted(name)} is ${shown(importance)}; it takes a number from 0`);
    }
    if (name in importances) throw bad(file, line, `the importance of ${quoted(name)} is given twice`);
    importances[name] = value;
  }
  return importances;
}

interface Entry {
  /** 1-based; null where there are no lines */
  readonly line: number | null;
  readonly name: unknown;
  readonly importance: unknown;
}

async function read(file: string, folder: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolve(folder, file));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw code === 'ENOENT' || code === 'ENOTDIR'
      ? new DriftError('FILE_NOT_FOUND', `no file of importances ${quoted(file)}`, { cause })
      : new DriftError('BAD_CONFIG', `cannot read ${quoted(file)}: ${code === 'EISDIR' ? 'it is a folder' : code}`, {
          cause,
        });
  }
  try {
    // a byte order mark is left out
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw bad(file, null, 'is not UTF-8 text', cause);
  }
}

function fromJson(text: string, file: string): Entry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw bad(file, null, 'is no JSON, though it begins like it', cause);
  }
  if (Array.isArray(value)) {
    return value.map((entry) => ({
      line: null,
      name: isTree(entry) ? entry.name : null,
      importance: isTree(entry) ? entry.importance : null,
    }));
  }
  return Object.entries(value as object).map(([name, importance]) => ({ line: null, name, importance }));
}

function fromCsv(text: string, file: string): Entry[] {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((written, i) => ({ written, line: i + 1 }))
    .filter(({ written }) => written.trim() !== '');
  const entries = lines.map(({ written, line }): Entry => {
    const found = /^\s*(?:"((?:[^"]|"")*)"|([^",]*?))\s*,\s*"?([^",]*?)"?\s*$/.exec(written);
    if (!found) throw bad(file, line, `is ${quoted(written, 60)}; it takes a name and a number such as age,0.3`);
    return { line, name: found[1]?.replaceAll('""', '"') ?? found[2], importance: found[3] };
  });
  // the line that names the columns
  return entries.length > 0 && /^(importance|weight|value|gain|score)$/i.test(String(entries[0]!.importance))
    ? entries.slice(1)
    : entries;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? quoted(value, 40) : String(JSON.stringify(value) ?? value).slice(0, 40);
}

function bad(file: string, line: number | null, text: string, cause?: unknown): DriftError {
  const place = `${printable(file)}${line === null ? '' : `:${line}`}`;
  return new DriftError('BAD_CONFIG', `${place}: ${text}`, { cause });
}
