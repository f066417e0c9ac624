import type { Dataset } from '../engine/engine.ts';
import type { DatasetInfo } from '../model/run.ts';
import { packCounts, packNumbers, unpackCounts, unpackNumbers } from '../profile/saved/packing.ts';

/**
 * What the layers keep of a reference, so that a saved profile can serve them. A layer puts each count of the reference through
 * {@link Memory.recall}; with the rows at hand it is counted (and, when a profile is being written, kept), with a profile it is what
 * was kept. A layer that counts something else, or was opened with other settings, finds nothing: it is left out, and one note says so.
 */
export interface Memory {
  /**
   * @param key what is counted, with every setting that it depends on
   * @param count answers with plain data: objects, arrays, typed arrays of doubles, maps, sets, numbers, texts
   */
  recall<T>(key: readonly unknown[], count: () => Promise<T>): Promise<T>;
}

/** The rows are there, and nothing is kept. */
export const noMemory: Memory = { recall: (_, count) => count() };

/** A profile does not hold what a layer asks of the reference. */
export class NotRemembered extends Error {}

/** So many characters of one layer are kept, at most. */
const mostKept = 300_000;

/** Keeps what one layer counts. */
export class Keeping implements Memory {
  readonly #kept = new Map<string, string>();

  async recall<T>(key: readonly unknown[], count: () => Promise<T>): Promise<T> {
    const value = await count();
    this.#kept.set(JSON.stringify(key), encode(value));
    return value;
  }

  /** For the profile; null when it is too much. */
  saved(): Readonly<Record<string, unknown>> | null {
    const entries = [...this.#kept].sort(([a], [b]) => (a < b ? -1 : 1));
    const size = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
    return size > mostKept ? null : Object.fromEntries(entries.map(([key, value]) => [key, JSON.parse(value)]));
  }
}

/** What one layer kept. */
export class Remembering implements Memory {
  readonly #saved: Readonly<Record<string, unknown>>;

  constructor(saved: unknown) {
    this.#saved = typeof saved === 'object' && saved !== null ? (saved as Readonly<Record<string, unknown>>) : {};
  }

  async recall<T>(key: readonly unknown[], _count: () => Promise<T>): Promise<T> {
    const text = JSON.stringify(key);
    if (!Object.hasOwn(this.#saved, text)) throw new NotRemembered();
    return decode(this.#saved[text]) as T;
  }
}

/** A reference of which only the profile is there: its schema, and no rows to ask. */
export function absentData(rows: number, columns: Dataset['columns'], info: DatasetInfo): Dataset {
  const known: Partial<Dataset> = { rows, columns, info, close: async () => {} };
  return new Proxy(known as Dataset, {
    get: (target, name) => {
      if (Object.hasOwn(target, name)) return Reflect.get(target, name);
      return () => {
        throw new NotRemembered();
      };
    },
  });
}

/** Plain data as JSON; what JSON cannot say is an object with one key that begins with $. */
function encode(value: unknown): string {
  return JSON.stringify(tagged(value));
}

function tagged(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) };
  if (value instanceof Float64Array) {
    const whole = value.every((x) => Number.isSafeInteger(x) && x >= 0 && !Object.is(x, -0));
    return whole ? { $counts: [value.length, packCounts(value)] } : { $doubles: [value.length, packNumbers(value)] };
  }
  if (ArrayBuffer.isView(value)) throw new Error('a layer keeps typed arrays of doubles only');
  if (value instanceof Map) return { $map: [...value].map(([key, member]) => [tagged(key), tagged(member)]) };
  if (value instanceof Set) return { $set: [...value].map(tagged) };
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, tagged(member)]),
    );
  }
  return value;
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [tag, content] = entries.length === 1 ? entries[0]! : [];
  switch (tag) {
    case '$number':
      return Number(content);
    case '$counts':
      return unpackCounts(content[1], content[0]);
    case '$doubles':
      return unpackNumbers(content[1], content[0]);
    case '$map':
      return new Map((content as unknown[][]).map(([key, member]) => [decode(key), decode(member)]));
    case '$set':
      return new Set((content as unknown[]).map(decode));
    default:
      return Object.fromEntries(entries.map(([key, member]) => [key, decode(member)]));
  }
}
