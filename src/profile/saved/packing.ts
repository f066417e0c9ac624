import { createHash } from 'node:crypto';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Packed, Real } from '../../model/saved-profile.ts';

/**
 * Arrays as short strings: base64 of deflated bytes. Counts are little-endian base-128 numbers; doubles are written as eight planes of
 * bytes, the lowest first, which deflate better than the doubles themselves. Both come back bit for bit.
 */

/** What a string should hold and does not. */
export class Unpackable extends Error {}

export function packCounts(counts: ArrayLike<number>): Packed {
  const bytes: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    let rest = counts[i]!;
    if (!Number.isSafeInteger(rest) || rest < 0) throw new Error(`${rest} is no count`);
    // division: shifts end at 32 bits
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  }
  // counts hardly repeat one another: short matches would cost more than they save
  return deflated(Uint8Array.from(bytes), constants.Z_FILTERED);
}

/** @throws {Unpackable} unless it holds exactly `size` counts */
export function unpackCounts(packed: Packed, size: number): Float64Array {
  const counts = countsIn(inflated(packed, size * 8), size);
  if (counts.length !== size) throw new Unpackable(`holds ${counts.length} counts instead of ${size}`);
  return counts;
}

/**
 * Series of counts by period, which together hold every row: their totals, then of each but the fullest how far its counts lie from
 * its share of the period's rows, 0, −1, 1, −2 … as 0, 1, 2, 3 … These are small where nothing happens, and pack twice as well as the
 * counts. The fullest is what the others leave.
 *
 * @param rows of each period
 */
export function packSeries(series: readonly Float64Array[], rows: Float64Array): Packed {
  const totals = series.map((counts) => sumOfAll(counts));
  const all = sumOfAll(rows);
  if (rows.some((own, k) => own !== series.reduce((sum, counts) => sum + counts[k]!, 0))) {
    throw new Error('the series do not add up to the rows');
  }
  const fullest = fullestOf(totals);
  const steps = series.flatMap((counts, i) =>
    i === fullest
      ? []
      : Array.from(counts, (count, k) => {
          const off = count - shareOf(totals[i]!, rows[k]!, all);
          return off >= 0 ? 2 * off : -2 * off - 1;
        }),
  );
  return packCounts([...totals, ...steps]);
}

/** @throws {Unpackable} unless it holds whole series that add up */
export function unpackSeries(packed: Packed, rows: Float64Array): Float64Array[] {
  const length = rows.length;
  const bytes = inflated(packed, mostSeries * (length + 1) * 8);
  const numbers = countsIn(bytes, bytes.length);
  const size = (numbers.length + length) / (length + 1);
  if (!Number.isInteger(size)) throw new Unpackable(`holds series that are not ${length} counts long`);
  const totals = numbers.subarray(0, size);
  const all = sumOfAll(rows);
  const fullest = fullestOf(totals);
  const rest = rows.slice();
  let at = size;
  const series = Array.from(totals, (total, i) => {
    if (i === fullest) return rest;
    return rows.map((own, k) => {
      const step = numbers[at++]!;
      const count = shareOf(total, own, all) + (step % 2 === 0 ? step / 2 : -(step + 1) / 2);
      rest[k]! -= count;
      return count;
    });
  });
  for (const [i, counts] of series.entries()) {
    if (counts.some((count) => count < 0) || sumOfAll(counts) !== totals[i])
      throw new Unpackable('holds counts that do not add up');
  }
  return series;
}

/** The first of the largest. */
function fullestOf(totals: ArrayLike<number>): number {
  let fullest = 0;
  for (let i = 1; i < totals.length; i++) if (totals[i]! > totals[fullest]!) fullest = i;
  return fullest;
}

/** Cells of a column, far more than there ever are. */
const mostSeries = 1000;

function shareOf(total: number, rows: number, all: number): number {
  return all === 0 ? 0 : Math.round((total * rows) / all);
}

function sumOfAll(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

function countsIn(bytes: Uint8Array, most: number): Float64Array {
  // what a file says that it holds need not be so
  const counts = new Float64Array(Math.min(most, bytes.length));
  let size = 0;
  for (let at = 0; at < bytes.length; size++) {
    let count = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Unpackable('ends within a count');
      count += (byte % 128) * unit;
      if (byte < 128) break;
    }
    if (size === most || !Number.isSafeInteger(count)) throw new Unpackable(`holds more than ${most} counts`);
    counts[size] = count;
  }
  return counts.subarray(0, size);
}

export function packNumbers(numbers: Float64Array): Packed {
  const source = littleEndian(numbers);
  const planes = new Uint8Array(source.length);
  for (let i = 0; i < numbers.length; i++) {
    for (let k = 0; k < 8; k++) planes[k * numbers.length + i] = source[i * 8 + k]!;
  }
  return deflated(planes);
}

/** @throws {Unpackable} unless it holds exactly `size` doubles */
export function unpackNumbers(packed: Packed, size: number): Float64Array {
  const planes = inflated(packed, size * 8);
  if (planes.length !== size * 8) throw new Unpackable(`holds ${planes.length / 8} numbers instead of ${size}`);
  const view = new DataView(new ArrayBuffer(size * 8));
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < 8; k++) view.setUint8(i * 8 + k, planes[k * size + i]!);
  }
  return Float64Array.from({ length: size }, (_, i) => view.getFloat64(i * 8, true));
}

function littleEndian(numbers: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * 8));
  for (let i = 0; i < numbers.length; i++) view.setFloat64(i * 8, numbers[i]!, true);
  return new Uint8Array(view.buffer);
}

function deflated(bytes: Uint8Array, strategy: number = constants.Z_DEFAULT_STRATEGY): Packed {
  const options = { level: 9, memLevel: 9, strategy };
  return bytes.length === 0 ? '' : deflateRawSync(bytes, options).toString('base64');
}

function inflated(packed: Packed, most: number): Uint8Array {
  if (packed === '') return new Uint8Array(0);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) throw new Unpackable('is not base64');
  try {
    return inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: Math.max(1, most) });
  } catch (cause) {
    throw new Unpackable('does not unpack to what it should hold', { cause });
  }
}

export function real(x: number): Real {
  return Number.isFinite(x) ? x + 0 : (String(x) as Real);
}

/** 48 bits of the SHA-256 of a value: enough to tell some thousand known values from new ones. */
export function hashOf(value: string): number {
  return createHash('sha256').update(value, 'utf8').digest().readUIntBE(0, 6);
}

/** Ascending numbers, hashes for example, as the steps between them. */
export function packSteps(ascending: ArrayLike<number>): Packed {
  return packCounts(Array.from(ascending, (own, i) => (i === 0 ? own : own - ascending[i - 1]!)));
}

/** @throws {Unpackable} */
export function unpackSteps(packed: Packed, size: number): Float64Array {
  let sum = 0;
  return unpackCounts(packed, size).map((step, i) => {
    if (i > 0 && step === 0) throw new Unpackable('holds a number twice');
    sum += step;
    return sum;
  });
}
