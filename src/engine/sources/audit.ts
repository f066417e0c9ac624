import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { InputFile } from '../../model/run.ts';
import { slice } from './bytes.ts';
import type { DataFile } from './format.ts';

const mebibyte = 1 << 20;

/** A file as it was when read. By default a hash of what changes whenever the file is rewritten, without reading it all. */
export async function auditFile(file: DataFile, hash: 'ends' | 'full'): Promise<InputFile> {
  const digest = createHash('sha256');
  const audited = { path: file.path, sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt.toISOString() };
  if (hash === 'full' || (file.format !== 'parquet' && file.sizeBytes <= 2 * mebibyte)) {
    for await (const part of createReadStream(file.safePath, { highWaterMark: mebibyte }))
      digest.update(part as Buffer);
    return { ...audited, sha256: digest.digest('hex'), hashOf: 'whole file' };
  }
  if (file.format === 'parquet') {
    // … footer, its length in four bytes, PAR1
    const tail = await slice(file.safePath, file.sizeBytes - 8, 8);
    const length = Math.min(tail.readUInt32LE(0) + 8, file.sizeBytes);
    digest.update(await slice(file.safePath, file.sizeBytes - length, length));
    return { ...audited, sha256: digest.digest('hex'), hashOf: 'footer' };
  }
  digest.update(`${file.sizeBytes}\n`);
  digest.update(await slice(file.safePath, 0, mebibyte));
  digest.update(await slice(file.safePath, file.sizeBytes - mebibyte, mebibyte));
  return { ...audited, sha256: digest.digest('hex'), hashOf: 'size, first and last MiB' };
}
