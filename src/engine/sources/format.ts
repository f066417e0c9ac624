import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DriftError } from '../../model/errors.ts';
import type { Format } from '../../model/run.ts';
import { quoted } from '../../model/text.ts';
import { type Compression, head, slice } from './bytes.ts';
import type { SourceFile } from './paths.ts';

export interface DataFile extends SourceFile {
  readonly format: Format;
  readonly compression: Compression;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

const extensions: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  psv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'jsonl',
  parquet: 'parquet',
  pq: 'parquet',
  parq: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
};

const named = {
  parquet: 'a Parquet file',
  arrow: 'an Arrow IPC file',
  csv: 'delimited text',
  jsonl: 'JSON lines',
} as const satisfies Record<Format, string>;

/** The format a file's name promises, looking through `.gz` and `.zst`. */
export function formatByName(path: string): Format | undefined {
  const parts = basename(path).toLowerCase().split('.');
  const last = parts.pop();
  return extensions[(last === 'gz' || last === 'zst' ? parts.pop() : last) ?? ''];
}

/** What a file is by its bytes, checked against its name or the format that was asked for. */
export async function identify(file: SourceFile, asked: Format | undefined): Promise<DataFile> {
  const shown = file.path;
  const { size, mtime, first, last } = await ends(file);
  if (size === 0)
    throw new DriftError('FILE_EMPTY', `${quoted(shown, 200)} is empty: it has no bytes, not even a header`);
  const promised = asked ?? formatByName(shown);
  const base = { ...file, sizeBytes: size, modifiedAt: mtime, compression: 'none' as Compression };
  const starts = first.toString('latin1');
  const refuse = (reason: string): DriftError => new DriftError('FILE_UNREADABLE', `${quoted(shown, 200)} ${reason}`);

  const magic = binaryFormat(starts);
  if (magic) {
    if (magic === 'parquet' && !last.toString('latin1').endsWith('PAR1')) {
      throw refuse('is a cut-off Parquet file: it begins as one but its footer is missing');
    }
    if (magic === 'arrow' && starts.startsWith('ARROW1') && !last.toString('latin1').endsWith('ARROW1')) {
      throw refuse('is a cut-off Arrow file: it begins as one but its footer is missing');
    }
    if (promised && promised !== magic) throw refuse(`is ${named[magic]}, not ${named[promised]}`);
    return { ...base, format: magic };
  }
  if (starts.startsWith('PARE')) throw refuse('is an encrypted Parquet file, which cannot be read');
  if (starts.startsWith('FEA1')) throw refuse('is a Feather file of version 1; write it as version 2 (Arrow IPC)');
  const compression: Compression = starts.startsWith('\x1f\x8b')
    ? 'gzip'
    : starts.startsWith('\x28\xb5\x2f\xfd')
      ? 'zstd'
      : 'none';
  const text = compression === 'none' ? first : (await head(file.safePath, compression, shown, 4096)).content;
  if (compression !== 'none') {
    const inner = binaryFormat(text.toString('latin1', 0, 8));
    if (inner) throw refuse(`is ${named[inner]} inside a ${compression} archive; decompress it first`);
  }
  if (text.length === 0) throw new DriftError('FILE_EMPTY', `${quoted(shown, 200)} is empty once decompressed`);
  if (promised === 'parquet' || promised === 'arrow') {
    const opening = isBinary(text) ? hex(text) : quoted(text.toString('utf8', 0, 24), 24);
    throw refuse(`is not ${named[promised]}: it begins with ${opening}`);
  }
  if (isBinary(text)) {
    const guess = starts.startsWith('PK')
      ? ', a ZIP archive or a spreadsheet'
      : starts.startsWith('SQLite')
        ? ', a database'
        : '';
    throw refuse(`is not ${named[promised ?? 'csv']}: it begins with the bytes ${hex(text)}${guess}`);
  }
  return { ...base, compression, format: promised ?? (/^\ufeff?\s*\{/.test(text.toString('utf8')) ? 'jsonl' : 'csv') };
}

/** The one format of all files. */
export function commonFormat(files: readonly DataFile[]): Format {
  const first = files[0]!;
  const other = files.find((file) => file.format !== first.format);
  if (other) {
    throw new DriftError(
      'FILE_UNREADABLE',
      `one data set mixes formats: ${quoted(first.path)} is ${named[first.format]}, ${quoted(other.path)} is ${named[other.format]}`,
    );
  }
  return first.format;
}

async function ends(file: SourceFile): Promise<{ size: number; mtime: Date; first: Buffer; last: Buffer }> {
  try {
    const { size, mtime } = await stat(file.safePath);
    const first = await slice(file.safePath, 0, 4096);
    return { size, mtime, first, last: await slice(file.safePath, Math.max(0, size - 8), 8) };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code;
    throw new DriftError('FILE_UNREADABLE', `cannot read ${quoted(file.path, 200)} (${reason})`, { cause });
  }
}

function binaryFormat(starts: string): 'parquet' | 'arrow' | undefined {
  if (starts.startsWith('PAR1')) return 'parquet';
  return starts.startsWith('ARROW1') || starts.startsWith('\xff\xff\xff\xff') ? 'arrow' : undefined;
}

/** Control characters that no text holds; a text in UTF-16 has a NUL in every other place. */
function isBinary(bytes: Buffer): boolean {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return false;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return false;
  let odd = 0;
  const nuls = [0, 0];
  for (const [i, byte] of bytes.entries()) {
    if (byte === 0) nuls[i % 2]! += 1;
    else if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) odd += 1;
  }
  const nul = nuls[0]! + nuls[1]!;
  if (nul > 0.3 * bytes.length && Math.min(nuls[0]!, nuls[1]!) < 0.05 * nul) return false;
  return nul + odd > 0.02 * bytes.length;
}

function hex(bytes: Buffer): string {
  return Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
