import { isUtf8 } from 'node:buffer';
import { DriftError } from '../../model/errors.ts';
import { quoted } from '../../model/text.ts';
import { writeTemporary } from './temporary.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1' | 'windows-1252';

/** The encoding a caller named; `utf-16` without an order is read as its byte order mark or its zero bytes say. */
export function namedEncoding(name: string, content: Buffer): Encoding {
  const plain = name.toLowerCase().replace(/[\s_-]/g, '');
  if (plain === 'utf8' || plain === 'ascii' || plain === 'usascii') return 'utf-8';
  if (plain === 'utf16le') return 'utf-16le';
  if (plain === 'utf16be') return 'utf-16be';
  if (plain === 'utf16') return utf16(content) ?? 'utf-16le';
  if (plain === 'latin1' || plain === 'iso88591') return 'latin-1';
  if (plain === 'windows1252' || plain === 'cp1252') return 'windows-1252';
  throw new DriftError(
    'BAD_OPTION',
    `no encoding is called ${quoted(name)}; known are utf-8, utf-16, latin-1, windows-1252`,
  );
}

/** What the first bytes of a text say of its encoding; undefined when they are not UTF-8 and the rest has to be looked at. */
export function encodingOf(content: Buffer, whole: boolean): Encoding | undefined {
  return (
    utf16(content) ?? (isUtf8(whole ? content : content.subarray(0, endOfCharacters(content))) ? 'utf-8' : undefined)
  );
}

function utf16(content: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (content[0] === 0xff && content[1] === 0xfe) return 'utf-16le';
  if (content[0] === 0xfe && content[1] === 0xff) return 'utf-16be';
  const size = Math.min(content.length & ~1, 4096);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < size; i += 2) {
    if (content[i] === 0) even += 1;
    if (content[i + 1] === 0) odd += 1;
  }
  if (odd > 0.3 * size && even < 0.05 * odd) return 'utf-16le';
  return even > 0.3 * size && odd < 0.05 * even ? 'utf-16be' : undefined;
}

/** Length without a character that is cut at the end. */
function endOfCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return bytes.length - back;
    if (byte < 0x80) break;
  }
  return bytes.length;
}

/**
 * The encoding of a text that is not valid UTF-8 throughout. When it holds more valid UTF-8 sequences than stray bytes, it is
 * UTF-8 with damaged rows; otherwise one byte is one character: windows-1252 when a byte of 0x80 … 0x9f occurs, else latin-1.
 */
export async function surveyEncoding(content: AsyncIterable<Buffer>): Promise<Encoding> {
  let sequences = 0;
  let strays = 0;
  let windows = false;
  let pending = 0;
  for await (const part of content) {
    for (const byte of part) {
      if (byte < 0x80) {
        if (pending > 0) strays += 1;
        pending = 0;
      } else if (byte < 0xc0) {
        windows ||= byte < 0xa0 && pending === 0;
        if (pending === 0) strays += 1;
        else if (--pending === 0) sequences += 1;
      } else {
        if (pending > 0) strays += 1;
        pending = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : byte < 0xf8 ? 3 : 0;
        if (pending === 0) strays += 1;
      }
    }
  }
  if (sequences > strays || strays === 0) return 'utf-8';
  return windows ? 'windows-1252' : 'latin-1';
}

export function decode(content: Buffer, encoding: Encoding): string {
  return new TextDecoder(label(encoding)).decode(content, { stream: true });
}

function label(encoding: Encoding): string {
  return encoding === 'latin-1' ? 'windows-1252' : encoding;
}

/**
 * Writes a text as UTF-8 without a byte order mark.
 *
 * @param delimiter when given, line ends outside quotes become \n, and the last line gets one
 */
export async function rewrite(
  content: AsyncIterable<Buffer>,
  encoding: Encoding,
  delimiter: string | undefined,
  target: string,
): Promise<void> {
  const asUtf8 = encoding === 'utf-8' ? withoutMark(content) : transcode(content, encoding);
  await writeTemporary(delimiter === undefined ? asUtf8 : unifyLines(asUtf8, delimiter), target);
}

async function* withoutMark(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const part of content) {
    yield first && part[0] === 0xef && part[1] === 0xbb && part[2] === 0xbf ? part.subarray(3) : part;
    first = false;
  }
}

async function* transcode(content: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(label(encoding));
  for await (const part of content) yield Buffer.from(decoder.decode(part, { stream: true }));
  yield Buffer.from(decoder.decode());
}

const LF = 10;
const CR = 13;
const QUOTE = 34;

async function* unifyLines(content: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<Buffer> {
  const separator = delimiter.charCodeAt(0);
  let state: 'start' | 'plain' | 'quoted' | 'after quote' = 'start';
  let afterCr = false;
  let last = LF;
  for await (const part of content) {
    const out = Buffer.alloc(part.length);
    let size = 0;
    for (const byte of part) {
      if (state === 'quoted') {
        if (byte === QUOTE) state = 'after quote';
        out[size++] = byte;
        continue;
      }
      if (byte === LF && afterCr) {
        afterCr = false;
        continue;
      }
      afterCr = byte === CR;
      if (byte === CR || byte === LF || byte === separator) state = 'start';
      else if (byte === QUOTE) state = state === 'plain' ? 'plain' : 'quoted';
      else if (byte !== 32 || state !== 'start') state = 'plain';
      last = byte === CR ? LF : byte;
      out[size++] = last;
    }
    yield out.subarray(0, size);
  }
  if (last !== LF || state === 'quoted') yield Buffer.from('\n');
}

export interface Lines {
  readonly all: number;
  readonly blank: number;
  readonly longestBytes: number;
}

/** Counts the lines of a text in UTF-8, and with that whether the whole file can be read. */
export async function countLines(content: AsyncIterable<Buffer>): Promise<Lines> {
  let all = 0;
  let blank = 0;
  let longestBytes = 0;
  let end = LF;
  let decided = false;
  // bytes of the line that the part before left open; a lone \r may be half of \r\n
  let open = 0;
  let openCr = false;
  for await (const part of content) {
    if (!decided) {
      end = part.includes(LF) || !part.includes(CR) ? LF : CR;
      decided = true;
      if (part[0] === 0xef && part[1] === 0xbb && part[2] === 0xbf) open = -3;
    }
    let from = 0;
    for (let at = part.indexOf(end); at >= 0; at = part.indexOf(end, from)) {
      const length = open + at - from;
      all += 1;
      if (length === 0 || (length === 1 && (at > from ? part[at - 1] === CR : openCr))) blank += 1;
      if (length > longestBytes) longestBytes = length;
      open = 0;
      from = at + 1;
    }
    open += part.length - from;
    openCr = part[part.length - 1] === CR;
  }
  if (open > 0) all += 1;
  return { all, blank, longestBytes: Math.max(longestBytes, open) };
}

/** The line ends of a text, by the first one outside quotes. */
export function lineEnd(text: string): '\n' | '\r\n' | '\r' {
  let quoteOpen = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) quoteOpen = !quoteOpen;
    else if (!quoteOpen && c === LF) return '\n';
    else if (!quoteOpen && c === CR) return text.charCodeAt(i + 1) === LF ? '\r\n' : '\r';
  }
  return '\n';
}
