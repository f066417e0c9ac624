import { open, readFile, stat } from 'node:fs/promises';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { DriftError } from '../../model/errors.ts';
import type { SourceOptions } from '../../model/run.ts';
import { profileFormat, type SavedProfile } from '../../model/saved-profile.ts';
import { quoted } from '../../model/text.ts';
import { parseProfile, profileName } from './read.ts';

/** A profile is one file of JSON, plain or in gzip. */

/** So much of a file tells whether it is a profile. */
const headBytes = 1 << 16;
/** A profile is far smaller; what unpacks to more is something else. */
const mostBytes = 1 << 28;

/** The profile that one side of a check is, told by its content; null when the side is data. */
export async function savedSide({ paths, server }: SourceOptions): Promise<SavedProfile | null> {
  const [path, ...more] = paths;
  if (path === undefined || more.length > 0 || path === '-' || server !== undefined) return null;
  return (await looksLikeProfile(path)) ? readProfile(path) : null;
}

async function looksLikeProfile(path: string): Promise<boolean> {
  // a pipe must not even be opened: that waits for a writer, and closing it again would break the writer's end
  const isFile = await stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
  const file = isFile ? await open(path, 'r').catch(() => null) : null;
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return isMarked(headText(buffer.subarray(0, bytesRead)));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/** The beginning of a text that may be compressed, and cut off. */
function headText(bytes: Buffer): string {
  if (!isGzip(bytes)) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostBytes }).toString('utf8');
  } catch {
    return '';
  }
}

function isMarked(text: string): boolean {
  return /^\ufeff?\s*\{/.test(text) && new RegExp(`"format"\\s*:\\s*"${profileFormat}"`).test(text);
}

/** @throws {DriftError} FILE_NOT_FOUND, FILE_UNREADABLE, BAD_PROFILE */
export async function readProfile(path: string): Promise<SavedProfile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new DriftError('FILE_NOT_FOUND', `no file ${quoted(path, 300)}`, { cause });
    }
    const why = code === 'EISDIR' ? 'it is a folder' : String(code);
    throw new DriftError('FILE_UNREADABLE', `cannot read ${profileName(path)}: ${why}`, { cause });
  }
  return parseProfile(textOf(bytes, path), profileName(path));
}

function textOf(bytes: Buffer, path: string): string {
  if (!isGzip(bytes)) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes }).toString('utf8');
  } catch (cause) {
    throw new DriftError('BAD_PROFILE', `${profileName(path)} is a damaged or cut-off gzip archive`, { cause });
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The bytes to write. */
export function profileBytes(text: string, gzip: boolean): Buffer {
  return gzip ? gzipSync(text, { level: 9 }) : Buffer.from(text, 'utf8');
}
