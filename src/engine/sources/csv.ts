import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DriftError } from '../../model/errors.ts';
import type { Kind } from '../../model/measure.ts';
import type { RejectedRow, SourceOptions } from '../../model/run.ts';
import { printable, quoted } from '../../model/text.ts';
import { type DuckDbSession, isOutOfMemory } from '../duckdb.ts';
import type { Family, ImposedSchema } from '../source.ts';
import { type Compression, contentOf, head, slice } from './bytes.ts';
import { kindOf, readingFor } from './columns.ts';
import { type CsvDialect, decideDialect, delimiterName, type Header, readHeader, records } from './csv-dialect.ts';
import {
  countLines,
  decode,
  type Encoding,
  encodingOf,
  type Lines,
  lineEnd,
  namedEncoding,
  rewrite,
  surveyEncoding,
} from './encoding.ts';
import type { DataFile } from './format.ts';
import { type LoadedText, rowsInOrder } from './loaded-text.ts';
import { type PartitionColumn, partitionColumns } from './partitions.ts';
import { freshName, list, literal } from './sql.ts';
import { namedColumns, settleTypes, type TextColumn, typedRows, typedSelect } from './text-table.ts';
import {
  countCell,
  familyOfReading,
  noCounts,
  nullMarkers,
  proposeReading,
  type Reading,
  type ReadingCounts,
  suits,
  type ValueRules,
} from './values.ts';

/** share of rows that may be malformed before the file counts as unreadable */
const tolerableRejects = 0.01;
const shownRejects = 20;
const headBytes = 128 << 10;
const sliceBytes = 16 << 10;
const slices = 8;
/** the engine's own limit for a line; a higher one costs memory */
const usualLineBytes = 2_000_000;
const largestLineBytes = 256 << 20;

const manyOf: Readonly<Partial<Record<Family, string>>> = {
  boolean: 'true or false',
  number: 'numbers',
  datetime: 'dates or times',
};

/** A file as the engine will read it: the original, or a rewritten copy in UTF-8. */
interface Readable {
  readonly file: DataFile;
  path: string;
  compression: Compression;
  encoding: Encoding;
  newline: '\n' | '\r\n' | '\r';
  /** line ends made alike */
  unified: boolean;
  header: Header;
  lines?: Lines;
}

/**
 * Delimited text, loaded once into a table with typed columns.
 *
 * No row is lost silently: while the engine loads, the lines of every file are counted here, and rows, rejected rows and line
 * breaks inside quotes must add up to them.
 */
export async function loadCsv(
  session: DuckDbSession,
  files: readonly DataFile[],
  { csv: options, kinds = {} }: Pick<SourceOptions, 'csv' | 'kinds'>,
  imposed: ImposedSchema | undefined,
): Promise<LoadedText> {
  const first = files[0]!;
  const opening = await openText(session, first, options);
  const dialect = decideDialect(
    opening.text,
    opening.whole,
    options,
    imposed?.dialect,
    imposed?.columns.length,
    first.path,
  );
  const readables: Readable[] = [];
  for (const file of files) {
    const opened = file === first ? opening : await openText(session, file, options);
    const header = readHeader(opened.text, dialect, opened.whole);
    if (!header) throw new DriftError('FILE_EMPTY', `${quoted(file.path, 200)} is empty: it has blank lines only`);
    const newline = lineEnd(opened.text);
    const { path, compression, encoding } = opened;
    readables.push({ file, path, compression, encoding, newline, unified: false, header });
  }

  const names = [...new Set(readables.flatMap(({ header }) => header.names))];
  const keys = partitionColumns(files, new Set(names));
  const rules: ValueRules = { decimal: dialect.decimal, markers: options?.nulls ?? nullMarkers };
  const counts = await sampleTypes(readables, dialect, opening, names, rules);
  const wanted = new Map(imposed?.columns.map((column) => [column.name, column]));
  const columns: TextColumn[] = names.map((name, i) => propose(wanted.get(name), counts[i]!, kindOf(kinds, name)));
  for (const key of keys) {
    const target = wanted.get(key.name);
    const own = key.type.kind === 'BIGINT' ? 'integer' : key.type.kind === 'DATE' ? 'iso' : 'text';
    columns.push({
      reading: target && target.family !== 'unsupported' ? readingFor(target.family, target.notation) : own,
      settled: true,
      words: false,
    });
  }

  const load = new Load(session, readables, dialect, names, keys, rules);
  const settled = await settleTypes(session, columns, rules, (readings) => load.table(readings)).finally(() =>
    Promise.all(readables.filter(isCopy).map(({ path }) => rm(path, { force: true }))),
  );

  const written = new Map(readables.flatMap(({ header }) => header.names.map((name, i) => [name, header.written[i]!])));
  let kept = names.length;
  while (kept > 1 && settled.readings[kept - 1] === 'empty' && written.get(names[kept - 1]!)?.trim() === '') kept -= 1;
  const notes = readables[0]!.header.notes.filter(
    (_, i, all) => kept === names.length || i < all.length - (names.length - kept),
  );
  const encodings = [...new Set(readables.map(({ encoding }) => encoding))];
  const info: Record<string, string> = {
    delimiter: `${delimiterName(dialect.delimiter)}`,
    decimal: dialect.decimal,
    blanks: dialect.blanks,
    header: dialect.header ? 'first line' : 'none',
    quote: '"',
    encoding: encodings.join(', '),
    decided: `delimiter ${dialect.reasons.delimiter}, decimal mark ${dialect.reasons.decimal}`,
  };
  if (kept < names.length) info.dropped = `${names.length - kept} empty columns without a name at the end`;
  if (notes.length > 0) info.names = notes.slice(0, 10).join('; ');
  const shapes = new Set(readables.map(({ header }) => header.names.join('\0')));
  if (shapes.size > 1) info.schema = 'differs over the files: columns matched by name, missing ones are null';
  const ambiguous = [...settled.ambiguous].map((i) => quoted(names[i]!));
  if (ambiguous.length > 0)
    info.dates = `day or month first is open, kept as text: ${ambiguous.slice(0, namedColumns).join(', ')}`;
  const codes = [...settled.codes].map((i) => quoted(names[i]!));
  if (codes.length > 0)
    info.codes = `digits with leading zeros, kept as text: ${codes.slice(0, namedColumns).join(', ')}`;
  const nearly = [...settled.nearly].map(
    ([i, { reading, example }]) =>
      `${quoted(names[i]!)} is text, although most of its values are ${manyOf[familyOfReading[reading]]}: not ${quoted(example, 40)}`,
  );
  if (nearly.length > 0) info.text = nearly.join('; ');
  const all = [...names, ...keys.map((key) => key.name)];
  return {
    ...settled,
    columns: all.flatMap((name, i) => (i >= kept && i < names.length ? [] : [{ name, place: i, native: 'VARCHAR' }])),
    inOrder: load.inOrder(settled.readings),
    rejectedRows: load.rejectedRows,
    rejected: load.rejected,
    dialect: info,
  };
}

function isCopy({ path, file }: Readable): boolean {
  return path !== file.safePath;
}

/** A sampled proposal, or what the reference decided. */
function propose(
  target: ImposedSchema['columns'][number] | undefined,
  counts: ReadingCounts,
  declared: Kind | undefined,
): TextColumn {
  const own = proposeReading(counts);
  if (!target && declared) {
    // where the sample is not what was said, the whole column has to be looked at
    const reading = own && suits(declared, own) ? own : undefined;
    return { reading, settled: false, words: false, declared };
  }
  if (!target || target.family === 'unsupported') return { reading: own, settled: false, words: false };
  let reading = readingFor(target.family, target.notation);
  if (target.family === 'integer' && counts.integer === counts.number) reading = 'integer';
  if (target.family === 'datetime' && target.notation === undefined && own && /iso|time|first/.test(own)) reading = own;
  return { reading, settled: true, words: false };
}

interface OpenedText {
  readonly path: string;
  readonly compression: Compression;
  readonly encoding: Encoding;
  /** the beginning, without a byte order mark */
  readonly text: string;
  readonly whole: boolean;
}

/** The beginning of a text, behind a copy in UTF-8 when the engine cannot read it as it is. */
async function openText(session: DuckDbSession, file: DataFile, options: SourceOptions['csv']): Promise<OpenedText> {
  const { safePath, compression } = file;
  const content = (): AsyncGenerator<Buffer> => contentOf(safePath, compression, file.path);
  let { content: start, whole } = await head(safePath, compression, file.path, headBytes);
  const encoding = options?.encoding
    ? namedEncoding(options.encoding, start)
    : (encodingOf(start, whole) ?? (await surveyEncoding(content())));
  if (encoding === 'utf-8') return { path: safePath, compression, encoding, text: decode(start, encoding), whole };
  const path = join(session.temporaryFolder, freshName('utf8'));
  await rewrite(content(), encoding, undefined, path);
  ({ content: start, whole } = await head(path, 'none', file.path, headBytes));
  return { path, compression: 'none', encoding, text: decode(start, 'utf-8'), whole };
}

/** Counts how cells read over the beginning and slices spread evenly over the files. */
async function sampleTypes(
  readables: readonly Readable[],
  dialect: CsvDialect,
  opening: OpenedText,
  names: readonly string[],
  rules: ValueRules,
): Promise<ReadingCounts[]> {
  const counts = names.map(noCounts);
  const place = new Map(names.map((name, i) => [name, i]));
  const add = (text: string, whole: boolean, readable: Readable, skip: number): void => {
    const { names: own } = readable.header;
    for (const row of records(text, dialect.delimiter, whole).slice(skip)) {
      if (row.length !== own.length) continue;
      for (const [i, cell] of row.entries()) countCell(counts[place.get(own[i]!)!]!, cell, rules);
    }
  };
  add(opening.text, opening.whole, readables[0]!, dialect.header ? 1 : 0);
  if (opening.whole && readables.length === 1) return counts;
  for (let k = 1; k <= slices; k++) {
    const readable = readables[Math.floor((k / (slices + 1)) * readables.length)]!;
    if (readable.compression !== 'none') continue;
    const size = readable.path === readable.file.safePath ? readable.file.sizeBytes : headBytes;
    const within = (k / (slices + 1)) * readables.length;
    const offset = Math.floor((within - Math.floor(within)) * size);
    const text = (await slice(readable.path, offset, sliceBytes)).toString('utf8');
    add(text.slice(text.indexOf('\n') + 1), false, readable, 0);
  }
  return counts;
}

interface Reject {
  readonly readable: Readable;
  /** record number as the engine counts */
  readonly line: number;
  readonly byte: number;
  readonly kind: string;
  readonly message: string;
}

/** Reads the files into a table, as often as it takes to get every line. */
class Load {
  rejectedRows = 0;
  rejected: RejectedRow[] = [];
  #maxLineBytes = usualLineBytes;
  /** by one thread only, as several need more memory than there is */
  #alone = false;

  private readonly session: DuckDbSession;
  private readonly readables: readonly Readable[];
  private readonly dialect: CsvDialect;
  private readonly names: readonly string[];
  private readonly keys: readonly PartitionColumn[];
  private readonly rules: ValueRules;

  constructor(
    session: DuckDbSession,
    readables: readonly Readable[],
    dialect: CsvDialect,
    names: readonly string[],
    keys: readonly PartitionColumn[],
    rules: ValueRules,
  ) {
    this.session = session;
    this.readables = readables;
    this.dialect = dialect;
    this.names = names;
    this.keys = keys;
    this.rules = rules;
  }

  async table(readings: Parameters<typeof typedSelect>[1]): Promise<string> {
    for (;;) {
      const table = freshName('csv');
      const groups = this.#groups();
      const rejectsOf = groups.map(() => freshName('rejects'));
      const scans = groups.map((group, i) =>
        this.#scan(group, [
          'store_rejects = true',
          'rejects_limit = 0',
          `rejects_table = '${rejectsOf[i]}'`,
          `rejects_scan = '${rejectsOf[i]}_scan'`,
        ]),
      );
      const sql = typedSelect(`(${scans.join(' UNION ALL ')})`, readings, this.rules);
      const load = () => this.session.runTemporary(`CREATE TABLE ${table} AS ${sql}`);
      const loading = this.#alone ? this.session.onOneThread(load) : load();
      // a failure on either side must not leave the other unobserved
      const [lines, loaded] = await Promise.allSettled([this.#countLines(), loading]);
      if (lines.status === 'rejected') throw lines.reason;
      if (loaded.status === 'rejected') {
        if (!this.#alone && isOutOfMemory(loaded.reason)) {
          this.#alone = true;
          continue;
        }
        if (!this.#isFinal(loaded.reason) && !isDamage(loaded.reason) && (await this.#unify(() => true))) continue;
        throw this.#failure(loaded.reason);
      }
      const rejects: Reject[] = [];
      for (const [i, group] of groups.entries()) rejects.push(...(await this.#rejects(rejectsOf[i]!, group)));
      const lost = await this.#lostLines(table, readings, rejects);
      if ((await this.#repair(rejects)) || (lost !== 0 && (await this.#unify(() => true)))) {
        await this.session.run(`DROP TABLE ${table}`);
        continue;
      }
      await this.#judge(table, rejects, Math.max(0, lost));
      return table;
    }
  }

  /** Files that one scan can read: the same header and line ends. */
  #groups(): Readable[][] {
    const groups = new Map<string, Readable[]>();
    for (const readable of this.readables) {
      const { header, newline } = readable;
      const key = JSON.stringify([header.names, header.skip, newline, readable.compression]);
      groups.set(key, [...(groups.get(key) ?? []), readable]);
    }
    return [...groups.values()];
  }

  /** Read once more, in the order of the files: those that the first scan can read. */
  inOrder(readings: readonly Reading[]): string | null {
    const [first] = this.#groups();
    if (first === undefined || this.readables.some(isCopy)) return null;
    return typedRows(`(${this.#scan(first, ['ignore_errors = true'])} LIMIT ${rowsInOrder})`, readings, this.rules);
  }

  #scan(group: readonly Readable[], failing: readonly string[]): string {
    const { header, newline } = group[0]!;
    const { delimiter, blanks } = this.dialect;
    const nulls = this.rules.markers === nullMarkers ? [] : this.rules.markers;
    const options = [
      'auto_detect = false',
      `columns = {${header.names.map((_, i) => `f${i}: 'VARCHAR'`).join(', ')}}`,
      `delim = ${literal(delimiter)}`,
      `quote = '"'`,
      `escape = '"'`,
      'header = false',
      `skip = ${header.skip}`,
      `new_line = ${literal(newline.replace('\r', '\\r').replace('\n', '\\n'))}`,
      `nullstr = ${list(['', ...nulls])}`,
      'null_padding = false',
      'hive_partitioning = false',
      ...failing,
      `compression = '${group[0]!.compression}'`,
      ...(this.#maxLineBytes > usualLineBytes ? [`max_line_size = ${this.#maxLineBytes}`] : []),
    ];
    const place = new Map(header.names.map((name, i) => [name, i]));
    const text = (i: number): string => {
      if (blanks === 'kept') return `f${i}`;
      const bare = `nullif(ltrim(f${i}, ' '), '')`;
      return nulls.length > 0 ? `CASE WHEN NOT list_contains(${list(nulls)}, ${bare}) THEN ${bare} END` : bare;
    };
    const columns = this.names.map((name, i) => {
      const at = place.get(name);
      return `${at === undefined ? 'NULL::VARCHAR' : text(at)} AS r${i}`;
    });
    const files = group.map(({ file }) => file);
    const keys = this.keys.map(
      (key, i) => `CAST(${key.sql('file_index', files)} AS VARCHAR) AS r${this.names.length + i}`,
    );
    const paths = list(group.map(({ path }) => path));
    return `SELECT ${[...columns, ...keys, 'file_index'].join(', ')} FROM read_csv(${paths}, ${options.join(', ')})`;
  }

  async #countLines(): Promise<void> {
    for (const readable of this.readables) {
      readable.lines ??= await countLines(contentOf(readable.path, readable.compression, readable.file.path));
    }
  }

  async #rejects(table: string, group: readonly Readable[]): Promise<Reject[]> {
    const rows = (await this.session.temporaryRows(
      `SELECT s.file_path, CAST(e.line AS DOUBLE), CAST(min(e.line_byte_position) AS DOUBLE), arg_min(e.error_type::VARCHAR, e.byte_position),
        arg_min(e.error_message, e.byte_position)
      FROM ${table} e JOIN ${table}_scan s ON e.scan_id = s.scan_id AND e.file_id = s.file_id
      GROUP BY s.file_path, e.line ORDER BY 1, 2`,
    )) as [string, number, number | null, string, string][];
    await this.session.runTemporary(`DROP TABLE ${table}; DROP TABLE ${table}_scan`);
    return rows.map(([path, line, byte, kind, message]) => ({
      readable: group.find((readable) => readable.path === path) ?? group[0]!,
      line,
      byte: (byte ?? 1) - 1,
      kind,
      message,
    }));
  }

  /** Lines that no row accounts for, beyond one for each rejected row: a quote that is never closed takes many with it. */
  async #lostLines(
    table: string,
    readings: Parameters<typeof typedSelect>[1],
    rejects: readonly Reject[],
  ): Promise<number> {
    const single = this.names.length === 1; // there a blank line is a row with an empty cell
    let expected = 0;
    for (const { lines, header } of this.readables) {
      expected += single ? lines!.all - header.skip : lines!.all - lines!.blank - header.lines;
    }
    const [row] = await this.session.rows(`SELECT CAST(count(*) AS DOUBLE) FROM ${table}`);
    let lost = expected - (row![0] as number) - rejects.length;
    if (lost === 0) return 0;
    const texts = this.names.flatMap((_, i) => (readings[i] === undefined || readings[i] === 'text' ? [i] : []));
    for (let from = 0; from < texts.length; from += 40) {
      const sums = texts.slice(from, from + 40).map((i) => {
        // a blank line inside a field was not counted as a line
        const lines = single
          ? `replace(c${i}, chr(13), '')`
          : `regexp_replace(c${i}, '\\r?\\n(\\r?\\n)+', chr(10), 'g')`;
        return `coalesce(sum(CASE WHEN contains(c${i}, chr(10)) THEN length(${lines}) - length(replace(${lines}, chr(10), '')) END), 0)`;
      });
      const [breaks] = await this.session.rows(`SELECT CAST(${sums.join(' + ')} AS DOUBLE) FROM ${table}`);
      lost -= breaks![0] as number;
    }
    return lost;
  }

  /** Fixes what makes rows unreadable as a whole; true when the files should be read again. */
  async #repair(rejects: readonly Reject[]): Promise<boolean> {
    const longest = Math.max(...this.readables.map(({ lines }) => lines!.longestBytes));
    if (rejects.some(({ kind }) => kind === 'LINE SIZE OVER MAXIMUM') && this.#maxLineBytes < longest + 2) {
      if (longest <= largestLineBytes) {
        this.#maxLineBytes = longest + 2;
        return true;
      }
    }
    let repaired = false;
    for (const readable of new Set(
      rejects.filter(({ kind }) => kind === 'INVALID ENCODING').map((reject) => reject.readable),
    )) {
      if (readable.encoding !== 'utf-8') continue;
      const shown = readable.file.path;
      const encoding = await surveyEncoding(contentOf(readable.path, readable.compression, shown));
      if (encoding === 'utf-8') continue;
      await this.#rewrite(readable, encoding, false);
      repaired = true;
    }
    // a quoted field that ends the file without a line end is refused by the engine
    const suspicious = new Set(
      rejects.filter(({ kind }) => kind === 'UNQUOTED VALUE').map((reject) => reject.readable),
    );
    return (await this.#unify((readable) => suspicious.has(readable))) || repaired;
  }

  /** Rewrites files with mixed line ends or none at the end; false when there is none left to rewrite. */
  async #unify(which: (readable: Readable) => boolean): Promise<boolean> {
    let rewritten = false;
    for (const readable of this.readables) {
      if (readable.unified || !which(readable)) continue;
      await this.#rewrite(readable, 'utf-8', true);
      rewritten = true;
    }
    return rewritten;
  }

  async #rewrite(readable: Readable, encoding: Encoding, unify: boolean): Promise<void> {
    const target = join(this.session.temporaryFolder, freshName('utf8'));
    const content = contentOf(readable.path, readable.compression, readable.file.path);
    await rewrite(content, encoding, unify ? this.dialect.delimiter : undefined, target);
    if (isCopy(readable)) await rm(readable.path, { force: true });
    readable.path = target;
    readable.compression = 'none';
    if (encoding !== 'utf-8') readable.encoding = encoding;
    if (unify) {
      readable.unified = true;
      readable.newline = '\n';
    }
    delete readable.lines;
  }

  async #judge(table: string, rejects: readonly Reject[], lost: number): Promise<void> {
    const [row] = await this.session.rows(`SELECT CAST(count(*) AS DOUBLE) FROM ${table}`);
    this.rejectedRows = rejects.length + lost;
    const shown = rejects.slice(0, shownRejects);
    this.rejected = [];
    for (const readable of this.readables) {
      const own = shown.filter((reject) => reject.readable === readable);
      const lines = await this.#physicalLines(readable, own);
      for (const [i, reject] of own.entries()) {
        this.rejected.push({ file: readable.file.path, line: lines[i]!, reason: reasonOf(reject, lost) });
      }
    }
    const total = (row![0] as number) + this.rejectedRows;
    if (this.rejectedRows <= tolerableRejects * total) return;
    const [worst] = this.rejected;
    const file = worst?.file ?? this.readables[0]!.file.path;
    const example = worst ? `, the first on line ${worst.line}: ${worst.reason}` : ': quotes or line ends are damaged';
    throw new DriftError(
      'FILE_UNREADABLE',
      `${quoted(file, 200)}: ${this.rejectedRows} of ${total} rows cannot be read${example}`,
    );
  }

  /** Line numbers as an editor shows them; the engine counts records. */
  async #physicalLines(readable: Readable, rejects: readonly Reject[]): Promise<number[]> {
    if (rejects.length === 0) return [];
    const result: number[] = [];
    let offset = 0;
    let line = 1;
    for await (const part of contentOf(readable.path, readable.compression, readable.file.path)) {
      let from = 0;
      while (result.length < rejects.length && rejects[result.length]!.byte < offset + part.length) {
        const at = rejects[result.length]!.byte - offset;
        line += breaksIn(part.subarray(from, Math.max(from, at)));
        from = Math.max(from, at);
        result.push(line);
      }
      if (result.length === rejects.length) break;
      line += breaksIn(part.subarray(from));
      offset += part.length;
    }
    return rejects.map((reject, i) => result[i] ?? reject.line);
  }

  /** Not for the file's sake: the engine was interrupted, or has no room. */
  #isFinal(cause: unknown): boolean {
    return cause instanceof DriftError || this.session.isInterruption(cause);
  }

  #failure(cause: unknown): unknown {
    if (!(cause instanceof Error) || this.#isFinal(cause)) return cause;
    const reason = (cause.message.split('\n')[0] ?? '').replace(/^(?:\w+ )+Error: /, '');
    const file = this.readables.find(({ path }) => cause.message.includes(path)) ?? this.readables[0]!;
    const archive = this.readables.find(({ compression }) => compression !== 'none');
    if (archive && isDamage(cause)) {
      const { compression } = archive;
      const which = this.readables.length === 1 ? 'is' : 'or another file is';
      const shown = quoted(archive.file.path, 200);
      return new DriftError(
        'FILE_UNREADABLE',
        `${shown} ${which} a damaged ${compression} archive: ${printable(reason, 80)}`,
        { cause },
      );
    }
    return new DriftError('FILE_UNREADABLE', `cannot read ${quoted(file.file.path, 200)}: ${quoted(reason, 160)}`, {
      cause,
    });
  }
}

/** The engine verifies the checksums of archives. */
function isDamage(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('IO Error');
}

function breaksIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

function reasonOf({ kind, message }: Reject, lost: number): string {
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (counts) return `${counts[2]} fields where the header has ${counts[1]}`;
  if (kind === 'UNQUOTED VALUE') {
    return `a quote is out of place or never closed${lost > 0 ? `; ${lost} lines were lost with it` : ''}`;
  }
  if (kind === 'INVALID ENCODING') return 'bytes that are not UTF-8';
  if (kind === 'LINE SIZE OVER MAXIMUM') return 'a line of more than 256 MiB';
  return kind.toLowerCase();
}
