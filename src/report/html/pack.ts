/**
 * JSON without its repetitions: the keys of equal objects are written once, as are longer strings that occur again. It knows
 * nothing of reports, so whatever a report gains travels with it.
 *
 *   value   ::= null | boolean | number | string | list
 *   list    ::= [0, …items]            an array
 *             | [k, …members]          an object with the keys of shapes[k − 1]
 *   string  ::= "~" index in base 36   strings[index]
 *             | "~~" rest              the string "~" rest
 *             | itself
 */
export interface Packed {
  readonly shapes: readonly (readonly string[])[];
  readonly strings: readonly string[];
  readonly value: unknown;
}

/** Shorter strings cost less than what would refer to them. */
const shortestShared = 8;

/** @param value plain JSON data; members that are undefined are left out */
export function pack(value: unknown): Packed {
  const occurrences = new Map<string, number>();
  count(value, occurrences);
  const shapes: (readonly string[])[] = [];
  const shapeIndex = new Map<string, number>();
  const strings: string[] = [];
  const stringIndex = new Map<string, number>();

  const packString = (text: string): string => {
    if (text.length < shortestShared || occurrences.get(text) === 1) return text.startsWith('~') ? `~${text}` : text;
    let index = stringIndex.get(text);
    if (index === undefined) {
      index = strings.push(text) - 1;
      stringIndex.set(text, index);
    }
    return `~${index.toString(36)}`;
  };
  const packValue = (part: unknown): unknown => {
    if (typeof part === 'string') return packString(part);
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return [0, ...part.map(packValue)];
    const keys: string[] = [];
    const packed: unknown[] = [0];
    for (const [key, member] of Object.entries(part)) {
      if (member === undefined) continue;
      keys.push(key);
      packed.push(packValue(member));
    }
    const id = JSON.stringify(keys);
    let index = shapeIndex.get(id);
    if (index === undefined) {
      index = shapes.push(keys);
      shapeIndex.set(id, index);
    }
    packed[0] = index;
    return packed;
  };
  return { value: packValue(value), shapes, strings };
}

function count(part: unknown, occurrences: Map<string, number>): void {
  if (typeof part === 'string') {
    if (part.length >= shortestShared) occurrences.set(part, (occurrences.get(part) ?? 0) + 1);
  } else if (typeof part === 'object' && part !== null) {
    for (const member of Object.values(part)) count(member, occurrences);
  }
}

/** What {@link pack} was given. */
export function unpack({ shapes, strings, value }: Packed): unknown {
  const unpackValue = (part: unknown): unknown => {
    if (typeof part === 'string') {
      if (!part.startsWith('~')) return part;
      return part.startsWith('~~') ? part.slice(1) : strings[Number.parseInt(part.slice(1), 36)]!;
    }
    if (!Array.isArray(part)) return part;
    // loops, not spreads: a page of a thousand columns opens a third sooner
    if (part[0] === 0) {
      const items: unknown[] = [];
      for (let i = 1; i < part.length; i++) items.push(unpackValue(part[i]));
      return items;
    }
    const keys = shapes[(part[0] as number) - 1]!;
    const object: Record<string, unknown> = {};
    for (let i = 0; i < keys.length; i++) {
      const member = unpackValue(part[i + 1]);
      if (keys[i] === '__proto__') {
        Object.defineProperty(object, keys[i]!, {
          value: member,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      } else {
        object[keys[i]!] = member;
      }
    }
    return object;
  };
  return unpackValue(value);
}
