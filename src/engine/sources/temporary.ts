import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DriftError } from '../../model/errors.ts';
import { quoted } from '../../model/text.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the quota is used up',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
};

/**
 * Writes a file in the temporary folder.
 *
 * @throws {DriftError} OUTPUT_UNWRITABLE when it cannot be written; what reading the content throws passes through
 */
export async function writeTemporary(content: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  try {
    await pipeline(content, createWriteStream(path));
  } catch (cause) {
    const { code, syscall, path: at } = cause as NodeJS.ErrnoException;
    if (cause instanceof DriftError || code === undefined || !(syscall === 'write' || at === path)) throw cause;
    const folder = quoted(dirname(dirname(path)), 200);
    throw new DriftError(
      'OUTPUT_UNWRITABLE',
      `cannot write to the temporary folder ${folder}: ${reasons[code] ?? code}; TMPDIR can name another`,
      { cause },
    );
  }
}
