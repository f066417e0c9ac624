import { isUtf8 } from 'node:buffer';
import { DriftError } from '../../model/errors.ts';
import type { Kind } from '../../model/measure.ts';
import type { RejectedRow, SourceOptions } from '../../model/run.ts';
import { quoted } from '../../model/text.ts';
import type { DuckDbSession } from '../duckdb.ts';
import type { ImposedSchema } from '../source.ts';
import { contentOf, head } from './bytes.ts';
import { kindOf, readingFor } from './columns.ts';
import { countLines } from './encoding.ts';
import type { DataFile } from './format.ts';
import { type LoadedText, rowsInOrder } from './loaded-text.ts';
import { unreadable } from './parquet.ts';
import { partitionColumns } from './partitions.ts';
import { distinctNames, freshName, list } from './sql.ts';
import { settleTypes, type TextColumn, typedRows, typedSelect } from './text-table.ts';
import { nullMarkers, type Reading } from './values.ts';

const tolerableRejects = 0.01;
const shownRejects = 20;

/** The engine's account of what a value is over all rows: a type, `[element]` or `{ key: … }`. */
type Structure = string | readonly [Structure] | { readonly [key: string]: Structure };

interface Leaf {
  readonly name: string;
  /** RFC 6901, as keys may hold anything */
  readonly pointer: string;
  readonly structure: Structure;
}

/**
 * JSON objects, one a line, or one array of them. The structure is that of all rows; each row is parsed once and its leaves are
 * taken by pointer, so that keys that differ in case only stay apart.
 */
export async function loadJsonLines(
  session: DuckDbSession,
  files: readonly DataFile[],
  { kinds = {} }: Pick<SourceOptions, 'kinds'>,
  imposed: ImposedSchema | undefined,
): Promise<LoadedText> {
  const first = await head(files[0]!.safePath, files[0]!.compression, files[0]!.path, 64 << 10);
  const opening = first.content.toString('utf8').replace(/^\ufeff/, '');
  const array = opening.trimStart().startsWith('[');
  const scan = scanOf(files, array);
  for (const file of files) {
    // a cut-off archive reads as a shorter file
    if (file.compression !== 'none') await countLines(contentOf(file.safePath, file.compression, file.path));
  }
  try {
    const [row] = (await session.rows(
      `SELECT CAST(count(*) AS DOUBLE), CAST(count_if(json_type(json) = 'OBJECT') AS DOUBLE) FROM ${scan}`,
    )) as [number, number][];
    const [total, readable] = row!;
    if (total === 0)
      throw new DriftError('FILE_EMPTY', `${quoted(files[0]!.path, 200)} is empty: it holds no JSON object`);
    const rejected = total === readable ? [] : await malformed(files, array);
    judge(files, total, total - readable, rejected);

    // the engine's own aggregate keeps every row in memory until its end
    const shapes = (await session.rows(
      `SELECT DISTINCT CAST(json_structure(json) AS VARCHAR) FROM ${scan} WHERE json_type(json) = 'OBJECT'`,
    )) as [string][];
    const found = leavesOf('', '', shapes.map(([text]) => JSON.parse(text) as Structure).reduce(merge, 'NULL'));
    if (found.length === 0)
      throw new DriftError('FILE_UNREADABLE', `the objects in ${quoted(files[0]!.path, 200)} have no keys`);
    const order = new Map(firstKeys(opening, array).map((pointer, i) => [pointer, i]));
    const rank = (leaf: Leaf): number => order.get(leaf.pointer) ?? order.size;
    found.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const names = distinctNames(
      found.map(({ name }) => name),
      (name) => name,
    );
    const keys = partitionColumns(files, new Set(names));
    const wanted = new Map(imposed?.columns.map((column) => [column.name, column]));
    const columns = [
      ...found.map(({ structure }, i) => proposed(structure, wanted.get(names[i]!), kindOf(kinds, names[i]!))),
      ...keys.map((key): TextColumn => {
        const target = wanted.get(key.name);
        const own = key.type.kind === 'BIGINT' ? 'integer' : key.type.kind === 'DATE' ? 'iso' : 'text';
        return { reading: target ? readingFor(target.family, target.notation) : own, settled: true, words: false };
      }),
    ];
    const values = [
      ...found.map(({ structure }, i) => {
        const cell = `v[${i + 1}]`;
        const asWords = structure === 'DOUBLE' && wanted.get(names[i]!)?.family === 'string';
        return `${asWords ? wholeNumbers(cell) : cell} AS r${i}`;
      }),
      ...keys.map((key, i) => `CAST(${key.sql('file_index', files)} AS VARCHAR) AS r${found.length + i}`),
    ];
    const pointers = list(found.map(({ pointer }) => pointer));
    const objects = `SELECT json, file_index FROM ${scan} WHERE json_type(json) = 'OBJECT'`;
    const cells = (from: string) => `(SELECT json_extract_string(json, ${pointers}) AS v, file_index FROM (${from}))`;
    const rows = `(SELECT ${values.join(', ')} FROM ${cells(objects)})`;
    const rules = { decimal: '.', markers: nullMarkers } as const;
    const settled = await settleTypes(session, columns, rules, async (readings) => {
      const table = freshName('json');
      await session.run(`CREATE TABLE ${table} AS ${typedSelect(rows, readings, rules)}`);
      return table;
    });
    return {
      ...settled,
      columns: [...names, ...keys.map((key) => key.name)].map((name, place) => ({
        name,
        place,
        native: place < found.length ? nativeName(found[place]!.structure) : keys[place - found.length]!.type.name,
        ...(place < found.length && isUnsupported(found[place]!.structure) ? { unsupported: true } : {}),
      })),
      inOrder: typedRows(
        `(SELECT ${[...values, 'file_index'].join(', ')} FROM ${cells(`${objects} LIMIT ${rowsInOrder}`)})`,
        settled.readings,
        rules,
      ),
      rejectedRows: total - readable,
      rejected,
      dialect: { layout: array ? 'one array of objects' : 'one object a line' },
    };
  } catch (cause) {
    throw unreadable(session, cause, files);
  }
}

function scanOf(files: readonly DataFile[], array: boolean): string {
  const paths = list(files.map((file) => file.safePath));
  const [first, ...others] = new Set(files.map((file) => file.compression));
  // files of different kinds are told apart by the engine, by their names
  const compression = others.length > 0 ? 'auto_detect' : first === 'none' ? 'uncompressed' : first;
  const layout = array ? "format = 'array'" : "format = 'newline_delimited', ignore_errors = true";
  return `read_json_objects(${paths}, ${layout}, hive_partitioning = false, compression = '${compression}')`;
}

/** What two values have in common: the narrower type that holds both, or `JSON` for a mixture. */
function merge(a: Structure, b: Structure): Structure {
  if (a === b || b === 'NULL') return a;
  if (a === 'NULL') return b;
  if (typeof a === 'string' && typeof b === 'string') {
    if (!numeric.includes(a) || !numeric.includes(b)) return 'JSON';
    return a === 'DOUBLE' || b === 'DOUBLE' ? 'DOUBLE' : 'HUGEINT';
  }
  if (typeof a === 'string' || typeof b === 'string') return 'JSON';
  if (Array.isArray(a) && Array.isArray(b)) return [merge(a[0] as Structure, b[0] as Structure)];
  if (Array.isArray(a) || Array.isArray(b)) return 'JSON';
  const keys = new Map(Object.entries(a));
  for (const [key, inner] of Object.entries(b)) keys.set(key, merge(keys.get(key) ?? 'NULL', inner));
  return Object.fromEntries(keys);
}

function leavesOf(name: string, pointer: string, structure: Structure): Leaf[] {
  if (typeof structure === 'string' && pointer === '') return []; // no row at all
  if (typeof structure === 'string' || Array.isArray(structure)) return [{ name, pointer, structure }];
  const entries = Object.entries(structure as { readonly [key: string]: Structure });
  if (entries.length === 0 && pointer !== '') return [{ name, pointer, structure }];
  return entries.flatMap(([key, inner]) =>
    leavesOf(pointer === '' ? key : `${name}.${key}`, below(pointer, key), inner),
  );
}

function below(pointer: string, key: string): string {
  return `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The first row's keys, as the order of columns; the engine gathers structures in no fixed order. */
function firstKeys(text: string, array: boolean): string[] {
  const line = array ? text.slice(text.indexOf('{'), text.indexOf('}') + 1) : (text.trimStart().split('\n')[0] ?? '');
  const keys: string[] = [];
  const visit = (pointer: string, value: unknown): void => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) visit(below(pointer, key), inner);
    } else keys.push(pointer);
  };
  try {
    visit('', JSON.parse(plainNumbers(line)));
  } catch {
    return [];
  }
  return keys;
}

const numeric: readonly string[] = ['UBIGINT', 'BIGINT', 'HUGEINT', 'DOUBLE'];

function isVector(structure: Structure): boolean {
  return Array.isArray(structure) && numeric.includes(String(structure[0]));
}

function isUnsupported(structure: Structure): boolean {
  return typeof structure !== 'string' && !isVector(structure);
}

function proposed(
  structure: Structure,
  target: ImposedSchema['columns'][number] | undefined,
  declared: Kind | undefined,
): TextColumn {
  if (isUnsupported(structure)) return { reading: 'text', settled: true, words: false };
  const settled = (reading: Reading): TextColumn => ({ reading, settled: true, words: false });
  const whole = structure === 'UBIGINT' || structure === 'BIGINT' || structure === 'HUGEINT';
  if (target && target.family !== 'unsupported') {
    if (target.family === 'integer' && whole) return settled('integer');
    return settled(readingFor(target.family, target.notation));
  }
  if (isVector(structure)) return settled('vector');
  if (whole) return settled('integer');
  if (structure === 'DOUBLE') return settled('number');
  if (structure === 'BOOLEAN') return settled('boolean');
  // words may be dates; a mixture of types is decided by its values
  return { reading: undefined, settled: false, words: structure === 'VARCHAR', ...(declared && { declared }) };
}

function nativeName(structure: Structure): string {
  if (typeof structure === 'string') return structure;
  return Array.isArray(structure) ? `${nativeName(structure[0])}[]` : 'STRUCT()';
}

function wholeNumbers(text: string): string {
  const x = `TRY_CAST(${text} AS DOUBLE)`;
  return `CASE WHEN ${x} = trunc(${x}) AND abs(${x}) < 1e15 THEN CAST(CAST(${x} AS BIGINT) AS VARCHAR) ELSE ${text} END`;
}

/** The engine reads NaN and Infinity as numbers, as Python writes them. */
function plainNumbers(line: string): string {
  return line.replace(/(?<=[:[,]\s*)-?(?:NaN|Infinity)(?=\s*[,}\]])/g, '0');
}

/** The first lines that are not JSON objects. */
async function malformed(files: readonly DataFile[], array: boolean): Promise<RejectedRow[]> {
  const rejected: RejectedRow[] = [];
  if (array) return rejected;
  for (const file of files) {
    let line = 0;
    for await (const bytes of linesOf(contentOf(file.safePath, file.compression, file.path))) {
      line += 1;
      const reason = flaw(bytes, line === 1);
      if (reason !== undefined) rejected.push({ file: file.path, line, reason });
      if (rejected.length === shownRejects) return rejected;
    }
  }
  return rejected;
}

async function* linesOf(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let open: Buffer = Buffer.alloc(0);
  for await (const part of content) {
    const bytes = open.length > 0 ? Buffer.concat([open, part]) : part;
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      yield bytes.subarray(from, at);
      from = at + 1;
    }
    open = bytes.subarray(from);
  }
  if (open.length > 0) yield open;
}

function flaw(bytes: Buffer, first: boolean): string | undefined {
  if (!isUtf8(bytes)) return 'not UTF-8';
  const text = bytes.toString('utf8');
  const line = first ? text.replace(/^\ufeff/, '') : text;
  if (line.trim() === '') return undefined;
  // what Python writes for bytes it could not decode
  if (/\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}/i.test(line))
    return 'half a character: a lone surrogate such as \\ud800';
  try {
    const value: unknown = JSON.parse(plainNumbers(line));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return undefined;
    return 'not a JSON object';
  } catch {
    return 'not valid JSON';
  }
}

function judge(files: readonly DataFile[], total: number, bad: number, rejected: readonly RejectedRow[]): void {
  if (bad <= tolerableRejects * total) return;
  const [worst] = rejected;
  const example = worst ? `, the first on line ${worst.line}: ${worst.reason}` : '';
  throw new DriftError(
    'FILE_UNREADABLE',
    `${quoted(worst?.file ?? files[0]!.path, 200)}: ${bad} of ${total} rows are not JSON objects${example}`,
  );
}
