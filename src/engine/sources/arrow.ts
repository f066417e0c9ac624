import { readFile } from 'node:fs/promises';
import {
  CompressionType,
  compressionRegistry,
  type Data,
  DataType,
  TimeUnit,
  tableFromIPC,
  Vector,
} from 'apache-arrow';
import { decompress } from 'fzstd';
import { DriftError } from '../../model/errors.ts';
import { printable, quoted } from '../../model/text.ts';
import type { AppendedColumn, DuckDbSession } from '../duckdb.ts';
import type { Family } from '../source.ts';
import { leaves, type NativeColumn } from './columns.ts';
import type { DataFile } from './format.ts';
import { decodeLz4Frame } from './lz4.ts';
import type { NativeSource } from './parquet.ts';
import { partitionColumns } from './partitions.ts';
import { freshName } from './sql.ts';

compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decodeLz4Frame });
// a copy, so that its buffer begins where 64-bit arrays may
compressionRegistry.set(CompressionType.ZSTD, { decode: (data) => decompress(data).slice() });

/** Validity of an enclosing struct at a row of the batch. */
type IsValid = ((row: number) => boolean) | undefined;

/** A leaf of the schema and how its values get into the engine. */
interface ArrowLeaf {
  readonly name: string;
  readonly native: string;
  readonly family: Family;
  readonly sqlType: string;
  /** positions of the children from the batch's column down */
  readonly path: readonly number[];
  convert(vector: Vector, isValid: IsValid): AppendedColumn;
}

/** Arrow IPC files and streams and Feather 2: not a format of the engine's, so loaded by typed arrays into a table. */
export async function openArrow(
  session: DuckDbSession,
  files: readonly DataFile[],
): Promise<NativeSource & { tables: string[] }> {
  const tables: string[] = [];
  const byFile: { leaves: ArrowLeaf[]; table: string }[] = [];
  for (const file of files) {
    const table = freshName('arrow');
    const data = await readTable(file);
    const found = data.schema.fields.flatMap((field, i) => leavesOf(field.name, field.type as DataType, [i]));
    const columns = found.map(({ sqlType }, i) => `c${i} ${sqlType}`).join(', ');
    if (found.length === 0) throw new DriftError('FILE_UNREADABLE', `${quoted(file.path, 200)} has no columns`);
    await session.run(`CREATE TABLE ${table} (${columns})`);
    tables.push(table);
    // as cheap as in any order, and a row's place is known
    await session.inOrder(() => session.append(table, batchesOf(data.batches, found)));
    byFile.push({ leaves: found, table });
  }
  const merged = new Map<string, ArrowLeaf>();
  for (const [k, { leaves: found }] of byFile.entries()) {
    for (const [key, leaf] of keyed(found)) {
      const known = merged.get(key);
      if (known && known.family !== leaf.family && !(isNumeric(known) && isNumeric(leaf))) {
        throw new DriftError(
          'FILE_UNREADABLE',
          `column ${quoted(leaf.name)} is ${known.native} in ${quoted(files[0]!.path)} and ${leaf.native} in ${quoted(files[k]!.path)}`,
        );
      }
      if (!known || (known.family === 'integer' && leaf.family === 'number')) merged.set(key, leaf);
    }
  }
  const selects = byFile.map(({ leaves: found, table }, k) => {
    const place = new Map(keyed(found).map(([key], i) => [key, i]));
    const columns = [...merged].map(([key, { sqlType }], i) => {
      const at = place.get(key);
      return `${at === undefined ? `CAST(NULL AS ${sqlType})` : `CAST(c${at} AS ${sqlType})`} AS p${i}`;
    });
    return `SELECT ${[...columns, `${k} AS file_index`, 'rowid AS file_row_number'].join(', ')} FROM ${table}`;
  });
  const keys = partitionColumns(files, new Set([...merged.values()].map(({ name }) => name)));
  const columns: NativeColumn[] = [...merged.values()].map(({ name, native, family }, i) => {
    const value = `t.p${i}`;
    const natural = family === 'datetime' ? `make_timestamp(CAST(round(${value} * 1e6) AS BIGINT))` : value;
    return { name, native, family, value, natural };
  });
  const partitions = keys.flatMap((key) => leaves(key.name, key.type, key.sql('t.file_index', files)));
  return { base: `(${selects.join(' UNION ALL ')}) AS t`, columns: [...columns, ...partitions], dialect: {}, tables };
}

/** Names may repeat in an Arrow schema: the nth of a name matches the nth elsewhere. */
function keyed(found: readonly ArrowLeaf[]): [string, ArrowLeaf][] {
  const seen = new Map<string, number>();
  return found.map((leaf) => {
    const nth = (seen.get(leaf.name) ?? 0) + 1;
    seen.set(leaf.name, nth);
    return [`${leaf.name}\0${nth}`, leaf];
  });
}

function isNumeric({ family }: ArrowLeaf): boolean {
  return family === 'integer' || family === 'number';
}

async function readTable(file: DataFile): Promise<ReturnType<typeof tableFromIPC>> {
  const bytes = await readFile(file.safePath);
  try {
    return tableFromIPC(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : '';
    throw new DriftError(
      'FILE_UNREADABLE',
      `cannot read ${quoted(file.path, 200)} as Arrow: ${printable(reason, 120)}`,
      { cause },
    );
  }
}

async function* batchesOf(
  batches: readonly { readonly data: Data }[],
  found: readonly ArrowLeaf[],
): AsyncGenerator<AppendedColumn[]> {
  for (const { data } of batches) {
    yield found.map((leaf) => {
      const enclosing: Vector[] = [];
      let inner: Data = data;
      for (const [depth, child] of leaf.path.entries()) {
        if (depth > 0 && inner.nullCount > 0) enclosing.push(new Vector([inner]));
        inner = inner.children[child]!;
      }
      const isValid =
        enclosing.length === 0 ? undefined : (row: number) => enclosing.every((vector) => vector.isValid(row));
      return leaf.convert(new Vector([inner]), isValid);
    });
    // lets an interruption through
    await new Promise((resume) => setImmediate(resume));
  }
}

function leavesOf(name: string, type: DataType, path: readonly number[]): ArrowLeaf[] {
  if (DataType.isStruct(type)) {
    return type.children.flatMap((field, i) => leavesOf(`${name}.${field.name}`, field.type as DataType, [...path, i]));
  }
  return [{ name, native: String(type), path, ...leafOf(type) }];
}

type Conversion = Pick<ArrowLeaf, 'family' | 'sqlType' | 'convert'>;

function leafOf(type: DataType): Conversion {
  if (DataType.isInt(type)) {
    const sqlType = `${type.isSigned ? '' : 'U'}${({ 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' } as const)[type.bitWidth as 8]}`;
    return {
      family: 'integer',
      sqlType,
      convert: (vector, isValid) => ({ ...nullsOf(vector, isValid), values: vector.toArray() }),
    };
  }
  if (DataType.isFloat(type)) {
    const half = type.precision === 0;
    return doubles('number', (vector) =>
      half
        ? Float64Array.from(vector, (x) => x ?? 0)
        : vector.toArray() instanceof Float64Array
          ? vector.toArray()
          : Float64Array.from(vector.toArray()),
    );
  }
  if (DataType.isDecimal(type)) {
    const { scale } = type;
    const words = type.bitWidth / 32;
    return doubles('number', (vector) => {
      const { values } = vector.data[0] as unknown as { values: Uint32Array };
      return Float64Array.from({ length: vector.length }, (_, row) => decimal(values, row * words, words, scale));
    });
  }
  if (DataType.isTimestamp(type)) return doubles('datetime', (vector) => seconds(bigints(vector), type.unit));
  if (DataType.isDate(type)) {
    const days = type.unit === 0;
    return doubles('datetime', (vector) =>
      days ? Float64Array.from(int32s(vector), (day) => day * 86_400) : seconds(bigints(vector), TimeUnit.MILLISECOND),
    );
  }
  if (DataType.isTime(type)) {
    const { unit } = type;
    return doubles('datetime', (vector) => {
      if (type.bitWidth === 64) return seconds(bigints(vector), unit);
      return Float64Array.from(int32s(vector), (time) => (unit === TimeUnit.SECOND ? time : time / 1000));
    });
  }
  if (DataType.isBool(type)) return items('boolean', 'BOOLEAN', (vector, row) => vector.get(row) as boolean | null);
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)) {
    return items('string', 'VARCHAR', (vector, row) => vector.get(row) as string | null);
  }
  if (DataType.isNull(type)) return items('string', 'VARCHAR', () => null);
  if (DataType.isDictionary(type)) return dictionary(type.dictionary as DataType);
  if (
    (DataType.isList(type) || DataType.isFixedSizeList(type) || DataType.isLargeList(type)) &&
    DataType.isFloat(type.children[0]!.type)
  ) {
    return items('embedding', 'DOUBLE[]', (vector, row) => {
      const list = vector.get(row) as Vector | null;
      return list === null ? null : Array.from(list, (x) => Number(x ?? Number.NaN));
    });
  }
  // only that there is a value counts
  return items('unsupported', 'BOOLEAN', (vector, row) => (vector.isValid(row) ? true : null));
}

function doubles(family: Family, read: (vector: Vector) => Float64Array): Conversion {
  return {
    family,
    sqlType: 'DOUBLE',
    convert: (vector, isValid) => ({ ...nullsOf(vector, isValid), values: read(vector) }),
  };
}

function items(
  family: Family,
  sqlType: string,
  get: (vector: Vector, row: number) => string | boolean | readonly number[] | null,
): Conversion {
  return {
    family,
    sqlType,
    convert: (vector, isValid) => ({
      values: Array.from({ length: vector.length }, (_, row) =>
        isValid && !isValid(row) ? null : (get(vector, row) ?? null),
      ),
    }),
  };
}

/** Values are decoded once for each entry of the dictionary. */
function dictionary(type: DataType): Conversion {
  const plain = leafOf(type);
  return {
    ...plain,
    convert: (vector, isValid) => {
      const data = vector.data[0]!;
      const entries = plain.convert(new Vector(data.dictionary!.data), undefined);
      const codes = data.values as Int32Array;
      const isNull = (row: number): boolean => !vector.isValid(row) || (isValid !== undefined && !isValid(row));
      const { values, nulls } = entries;
      const length = vector.length;
      if (!ArrayBuffer.isView(values)) {
        return { values: Array.from({ length }, (_, row) => (isNull(row) ? null : values[Number(codes[row])]!)) };
      }
      const picked = new (values.constructor as new (length: number) => Float64Array)(length);
      const missing = new Uint8Array(length);
      for (let row = 0; row < length; row++) {
        const code = Number(codes[row]);
        if (isNull(row) || nulls?.[code]) missing[row] = 1;
        else picked[row] = (values as Float64Array)[code]!;
      }
      return { values: picked, nulls: missing };
    },
  };
}

function nullsOf(vector: Vector, isValid: IsValid): { nulls?: Uint8Array } {
  if (vector.nullCount === 0 && !isValid) return {};
  return {
    nulls: Uint8Array.from({ length: vector.length }, (_, row) =>
      vector.isValid(row) && (!isValid || isValid(row)) ? 0 : 1,
    ),
  };
}

function bigints(vector: Vector): BigInt64Array {
  const { values } = vector.data[0] as unknown as { values: BigInt64Array | Int32Array };
  if (values instanceof BigInt64Array) return values.subarray(0, vector.length);
  return new BigInt64Array(values.buffer, values.byteOffset, vector.length);
}

function int32s(vector: Vector): Int32Array {
  return (vector.data[0] as unknown as { values: Int32Array }).values.subarray(0, vector.length);
}

/** To the microsecond, like the engine's own timestamps. */
function seconds(times: BigInt64Array, unit: TimeUnit): Float64Array {
  if (unit === TimeUnit.SECOND) return Float64Array.from(times, Number);
  if (unit === TimeUnit.MILLISECOND) return Float64Array.from(times, (time) => Number(time) / 1e3);
  if (unit === TimeUnit.MICROSECOND) return Float64Array.from(times, (time) => Number(time) / 1e6);
  return Float64Array.from(times, (time) => Number(time / 1000n) / 1e6);
}

/** A two's complement integer of little-endian words, scaled; rounded once. */
function decimal(words: Uint32Array, at: number, count: number, scale: number): number {
  let value = 0n;
  for (let k = count - 1; k >= 0; k--) value = (value << 32n) | BigInt(words[at + k] ?? 0);
  return Number(`${BigInt.asIntN(32 * count, value)}e${-scale}`);
}
