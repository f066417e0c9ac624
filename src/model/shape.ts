/**
 * A form of JSON value, said once: how a value is checked and brought into canonical key order, and how JSON Schema describes it.
 * The types keep a shape and the TypeScript type it stands for from drifting apart: a missing key, a missing member of a union
 * or a wrong optional does not compile.
 */
export interface Shape<T> {
  /**
   * The value in canonical key order.
   *
   * @param unknownKeys what to do with a key that the shape does not name: `refuse` when writing, `drop` when reading
   * @throws {Mismatch}
   */
  readonly read: (value: unknown, path: string, unknownKeys: UnknownKeys) => T;
  /** JSON Schema; named shapes are put into `definitions` and referred to */
  readonly schema: (definitions: Definitions) => JsonSchema;
  /** whether it is a value without parts that fits; then no path to it needs to be spelled out */
  readonly accepts?: (value: unknown) => boolean;
  /** makes T invariant, so that a narrower union is not taken for the whole */
  readonly invariant?: (value: T) => T;
}

export type UnknownKeys = 'refuse' | 'drop';
export type JsonSchema = Readonly<Record<string, unknown>>;
export type Definitions = Map<string, JsonSchema>;

/** Where a value is not what its shape says. */
export class Mismatch extends Error {
  /** the path of what is not there; null when something else is */
  readonly missing: string | null;

  constructor(path: string, found: unknown, expected: string) {
    super(`${path === '' ? 'the top' : path} is ${shown(found)}, expected ${expected}`);
    this.name = 'Mismatch';
    this.missing = found === undefined ? path : null;
  }
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  return String(value);
}

function primitive<T>(expected: string, accepts: (value: unknown) => boolean, schema: JsonSchema): Shape<T> {
  return {
    read(value, path) {
      if (!accepts(value)) throw new Mismatch(path, value, expected);
      return value as T;
    },
    accepts,
    schema: () => schema,
  };
}

export const string = primitive<string>('a string', (value) => typeof value === 'string', { type: 'string' });
export const boolean = primitive<boolean>('true or false', (value) => typeof value === 'boolean', { type: 'boolean' });
export const number = primitive<number>('a finite number', Number.isFinite, { type: 'number' });
/** A number of rows, files, cells, … */
export const count = primitive<number>(
  'a whole number, 0 or more',
  (value) => Number.isInteger(value) && (value as number) >= 0,
  { type: 'integer', minimum: 0 },
);

/** One of the names; the compiler demands that the table holds every member of the union. */
export function oneOf<T extends string>(members: Readonly<Record<T, string>>): Shape<T> {
  const names = Object.keys(members);
  const described = (name: string) => {
    const description = members[name as T];
    return description === '' ? { const: name } : { const: name, description };
  };
  const plain = names.every((name) => members[name as T] === '');
  return primitive<T>(
    `one of ${names.map((name) => `"${name}"`).join(', ')}`,
    (value) => typeof value === 'string' && Object.hasOwn(members, value),
    plain ? { enum: names } : { oneOf: names.map(described) },
  );
}

/** One of a few constants. */
export function constant<const T extends string | number>(...values: readonly T[]): Shape<T> {
  return primitive<T>(
    values.map((value) => JSON.stringify(value)).join(' or '),
    (value) => values.includes(value as T),
    values.length === 1 ? { const: values[0] } : { enum: values },
  );
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    read: (value, path, unknownKeys) => (value === null ? null : shape.read(value, path, unknownKeys)),
    accepts: (value) => value === null || (shape.accepts?.(value) ?? false),
    schema(definitions) {
      const inner = shape.schema(definitions);
      if (typeof inner.type === 'string' && Object.keys(inner).length === 1) return { type: [inner.type, 'null'] };
      return { anyOf: [inner, { type: 'null' }] };
    },
  };
}

export function array<T>(items: Shape<T>): Shape<readonly T[]> {
  return {
    read(value, path, unknownKeys) {
      if (!Array.isArray(value)) throw new Mismatch(path, value, 'an array');
      // a plain loop: holes are refused as undefined
      const result: T[] = [];
      for (let i = 0; i < value.length; i++) {
        const item: unknown = value[i];
        result.push(items.accepts?.(item) ? (item as T) : items.read(item, `${path}[${i}]`, unknownKeys));
      }
      return result;
    },
    schema: (definitions) => ({ type: 'array', items: items.schema(definitions) }),
  };
}

/** Two numbers, lower and upper. */
export const bounds: Shape<readonly [number, number]> = {
  read(value, path) {
    if (!Array.isArray(value) || value.length !== 2) throw new Mismatch(path, value, 'two numbers');
    return [number.read(value[0], `${path}[0]`, 'refuse'), number.read(value[1], `${path}[1]`, 'refuse')];
  },
  schema: () => ({ type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }], minItems: 2, maxItems: 2 }),
};

/** Any keys, values of one shape; the order of the keys is kept. */
export function record<T>(values: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    read(value, path, unknownKeys) {
      if (!isObject(value)) throw new Mismatch(path, value, 'an object');
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => [key, values.read(member, keyPath(path, key), unknownKeys)]),
      );
    },
    schema: (definitions) => ({ type: 'object', additionalProperties: values.schema(definitions) }),
  };
}

/** The first shape that fits. */
export function either<A, B>(a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return {
    read(value, path, unknownKeys) {
      // an error that is caught is dear: it is only thrown where both have parts
      if (b.accepts?.(value)) return value as B;
      try {
        return a.read(value, path, unknownKeys);
      } catch (mismatch) {
        if (!(mismatch instanceof Mismatch)) throw mismatch;
        return b.read(value, path, unknownKeys);
      }
    },
    accepts: (value) => (a.accepts?.(value) ?? false) || (b.accepts?.(value) ?? false),
    schema: (definitions) => ({ anyOf: [a.schema(definitions), b.schema(definitions)] }),
  };
}

/** Any JSON value: what a user's configuration may hold. */
export const json: Shape<unknown> = {
  read(value, path, unknownKeys) {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (Array.isArray(value)) return array(json).read(value, path, unknownKeys);
    if (isObject(value)) return record(json).read(value, path, unknownKeys);
    if (typeof value === 'number') return number.read(value, path, unknownKeys);
    throw new Mismatch(path, value, 'a JSON value');
  },
  schema: () => ({}),
};

/** Every key of T with its shape and its meaning, in the order in which they are written; `optional` where T says so. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? readonly [shape: Shape<Exclude<T[K], undefined>>, description: string, optional: 'optional']
    : readonly [shape: Shape<T[K]>, description: string];
};

export function object<T>(fields: Fields<T>): Shape<T> {
  const entries = Object.entries(fields) as [string, readonly [Shape<unknown>, string, 'optional'?]][];
  return {
    read(value, path, unknownKeys) {
      if (!isObject(value)) throw new Mismatch(path, value, 'an object');
      const result: Record<string, unknown> = {};
      for (const [key, [shape, , optional]] of entries) {
        const member = value[key];
        if (optional && !Object.hasOwn(value, key)) continue;
        result[key] = shape.accepts?.(member) ? member : shape.read(member, keyPath(path, key), unknownKeys);
      }
      if (unknownKeys === 'refuse') {
        const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
        if (unknown !== undefined) throw new Mismatch(keyPath(path, unknown), value[unknown], 'no such key');
      }
      return result as T;
    },
    schema: (definitions) => ({
      type: 'object',
      properties: Object.fromEntries(
        entries.map(([key, [shape, description]]) => [key, { description, ...shape.schema(definitions) }]),
      ),
      required: entries.filter(([, [, , optional]]) => !optional).map(([key]) => key),
      additionalProperties: false,
    }),
  };
}

/** A shape with a name of its own in the schema. */
export function named<T>(name: string, description: string, shape: Shape<T>): Shape<T> {
  return {
    read: shape.read,
    ...(shape.accepts && { accepts: shape.accepts }),
    schema(definitions) {
      if (!definitions.has(name)) {
        definitions.set(name, {}); // holds its place in the order of first mention
        definitions.set(name, { description, ...shape.schema(definitions) });
      }
      return { $ref: `#/$defs/${name}` };
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keyPath(path: string, key: string): string {
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${path}[${shown(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
