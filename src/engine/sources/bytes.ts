import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DriftError } from '../../model/errors.ts';
import { quoted } from '../../model/text.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

const chunkBytes = 1 << 20;

/** A file's content, decompressed. A damaged archive rejects with a DriftError. */
export async function* contentOf(path: string, compression: Compression, shown: string): AsyncGenerator<Buffer> {
  const raw = createReadStream(path, { highWaterMark: chunkBytes });
  try {
    if (compression === 'none') yield* raw as AsyncIterable<Buffer>;
    else if (compression === 'zstd') yield* unzstd(raw);
    else {
      const gunzip = createGunzip({ chunkSize: chunkBytes });
      raw.on('error', (cause) => gunzip.destroy(cause));
      yield* raw.pipe(gunzip) as AsyncIterable<Buffer>;
    }
  } catch (cause) {
    if (cause instanceof DriftError || compression === 'none') throw cause;
    throw new DriftError('FILE_UNREADABLE', `${quoted(shown, 200)} is a damaged or cut-off ${compression} archive`, {
      cause,
    });
  } finally {
    raw.destroy();
  }
}

async function* unzstd(raw: Readable): AsyncGenerator<Buffer> {
  const { Decompress } = await import('fzstd');
  let ready: Buffer[] = [];
  const decompress = new Decompress((part) => {
    ready.push(Buffer.from(part));
  });
  let last: Buffer | undefined;
  for await (const part of raw as AsyncIterable<Buffer>) {
    if (last) decompress.push(last);
    last = part;
    yield* ready;
    ready = [];
  }
  decompress.push(last ?? Buffer.alloc(0), true);
  yield* ready;
}

/** The first bytes of a file's content, and whether that is all of it. */
export async function head(
  path: string,
  compression: Compression,
  shown: string,
  bytes: number,
): Promise<{ content: Buffer; whole: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of contentOf(path, compression, shown)) {
    parts.push(part);
    size += part.length;
    if (size > bytes) break;
  }
  const content = Buffer.concat(parts);
  return { content: content.subarray(0, bytes), whole: content.length <= bytes };
}

/** Bytes of the stored file, as many as there are. */
export async function slice(path: string, offset: number, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}
