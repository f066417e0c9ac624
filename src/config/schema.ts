import { DriftError } from '../model/errors.ts';
import { nearest, quoted } from '../model/text.ts';
import { expected, type Setting, sections, settings, type ValueType } from './options.ts';

/** A map of settings as written, before anything is known of it. */
export type Tree = { readonly [key: string]: unknown };

/** Settings from one source, and how that source is spoken of. */
export interface Layer {
  /** of a mistake in it */
  readonly code: 'BAD_CONFIG' | 'BAD_OPTION';
  readonly values: Tree;
  /** where the setting, or with `key` its name, stands: `driftgate.yaml:12:3: `, or nothing for a flag */
  place(path: readonly string[], part: 'key' | 'value'): string;
  /** what the user would call it: `gate.fail_on`, or `--fail-on` */
  name(path: readonly string[]): string;
  /** a number that grows with the position in the source */
  order(path: readonly string[], part: 'key' | 'value'): number;
}

const settingsByKey = new Map(settings.flatMap((setting) => (setting.key === null ? [] : [[setting.key, setting]])));

/** The setting of driftgate.yaml at this path, a column's name standing for itself. */
export function settingAt(path: readonly string[]): Setting | undefined {
  return settingsByKey.get(patternOf(path));
}

/** `columns.age.role` as the table knows it: `columns.*.role`. A dot inside a name is no step down: "gate.strict" is not gate, strict. */
function patternOf(path: readonly string[]): string {
  return path.map((part, i) => (i === 1 && path[0] === 'columns' ? '*' : part.replaceAll('.', '\0'))).join('.');
}

/** A path as a user would write it, a column's name in quotation marks when it has more than letters. */
export function dotted(path: readonly string[]): string {
  return path.map((part) => (/^[\p{L}\p{N}_-]+$/u.test(part) ? part : quoted(part))).join('.');
}

/**
 * Checks the values of one source against the table.
 *
 * @throws {DriftError} BAD_CONFIG, BAD_OPTION: the first mistake in the order of the source, in one line
 */
export function validate(layer: Layer): void {
  const problems = [...mistakes(layer, layer.values, [])];
  const first = problems.sort((a, b) => a.order - b.order)[0];
  if (first) throw new DriftError(layer.code, first.text);
}

interface Mistake {
  readonly order: number;
  readonly text: string;
}

function* mistakes(layer: Layer, section: Tree, parent: readonly string[]): Generator<Mistake> {
  for (const [key, value] of Object.entries(section)) {
    const path = [...parent, key];
    const setting = settingAt(path);
    if (setting) {
      if (!accepts(setting.value, value)) yield wrongValue(layer, path);
    } else if (childrenOf(patternOf(path)).length === 0) {
      yield unknownSetting(layer, path);
    } else if (isTree(value)) {
      yield* mistakes(layer, value, path);
    } else if (value !== null) {
      // a map whose settings are all commented out is null in YAML
      yield wrongValue(layer, path);
    }
  }
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function accepts(type: ValueType, value: unknown): boolean {
  switch (type.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && type.values.includes(value);
    case 'text':
      return isText(value) && (type.pattern?.test(value) ?? true);
    case 'list':
      return isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
    case 'lists':
      return isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isEntry));
    case 'numbers':
      return isText(value) || (isTree(value) && Object.values(value).every(isImportance));
    case 'number':
      return (
        typeof value === 'number' &&
        value > (type.above ?? Number.NEGATIVE_INFINITY) &&
        value >= (type.least ?? Number.NEGATIVE_INFINITY) &&
        value <= (type.most ?? Number.MAX_VALUE) &&
        (type.integer !== true || Number.isInteger(value))
      );
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isImportance(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** A text, or a list of texts. */
function isEntry(value: unknown): boolean {
  return isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
}

function unknownSetting(layer: Layer, path: readonly string[]): Mistake {
  const parent = path.slice(0, -1);
  const word = path.at(-1)!;
  const siblings = childrenOf(patternOf(parent));
  const prefix = parent.length === 0 ? '' : `${dotted(parent)}.`;
  const sibling = nearest(word.replaceAll('-', '_'), siblings);
  // the right word at the wrong level: fail_on at the top
  const elsewhere = [...settingsByKey.keys()].find((key) => key.split('.').at(-1) === word.replaceAll('-', '_'));
  const meant =
    sibling !== undefined
      ? `${prefix}${sibling}`
      : elsewhere?.includes('*')
        ? elsewhere.replace('*', '<name>')
        : elsewhere;
  const full = `${prefix}${word}`;
  const hint =
    settingsByKey.has(full) || childrenOf(full).length > 0
      ? `it is written as ${[...parent, ...word.split('.')].join(': {')}: …${'}'.repeat(path.length + word.split('.').length - 2)}`
      : meant !== undefined
        ? `did you mean ${quoted(meant)}?`
        : parent.length === 0
          ? 'docs/config.md lists them all'
          : `${dotted(parent)} has ${siblings.join(', ')}`;
  return {
    order: layer.order(path, 'key'),
    text: `${layer.place(path, 'key')}no setting is called ${quoted(full)}; ${hint}`,
  };
}

function wrongValue(layer: Layer, path: readonly string[]): Mistake {
  // a list is judged as a whole: point at the entry that is wrong
  const setting = settingAt(path);
  let at = path;
  const written = valueAt(layer.values, path);
  const type = setting?.value.type;
  if ((type === 'list' || type === 'lists') && Array.isArray(written)) {
    const fits = type === 'list' ? isText : isEntry;
    const entry = written.findIndex((item) => !fits(item));
    if (entry >= 0) at = [...path, String(entry)];
  }
  let takes: string | null = null;
  if (type === 'numbers' && isTree(written)) {
    const entry = Object.entries(written).find(([, number]) => !isImportance(number));
    if (entry) at = [...path, entry[0]];
    takes = 'it takes a number from 0';
  }
  const found = describe(valueAt(layer.values, at));
  takes ??=
    setting !== undefined
      ? `it takes ${expected(setting.value)}`
      : path.length === 2 && path[0] === 'columns'
        ? `it takes settings of that column: ${childrenOf('columns.*').join(', ')}`
        : path[0] === 'columns' && path.length === 1
          ? 'it takes names of columns, each with its settings'
          : `it takes settings: ${childrenOf(patternOf(path)).join(', ')}`;
  const subject =
    at === path || type === 'numbers' ? layer.name(at) : `${layer.name(path)}, entry ${Number(at.at(-1)) + 1},`;
  return { order: layer.order(at, 'value'), text: `${layer.place(at, 'value')}${subject} ${found}; ${takes}` };
}

/** The keys one level below a section, `''` being the top. */
function childrenOf(pattern: string): string[] {
  const prefix = pattern === '' ? '' : `${pattern}.`;
  const below = [...settingsByKey.keys()].filter((key) => key.startsWith(prefix));
  return [...new Set(below.map((key) => key.slice(prefix.length).split('.')[0]!))];
}

export function valueAt(tree: unknown, path: readonly string[]): unknown {
  let value = tree;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'has no value';
  if (Array.isArray(value)) return value.length === 0 ? 'is an empty list' : 'is a list';
  if (typeof value === 'object') return 'is a map';
  return `is ${typeof value === 'string' ? quoted(value) : String(value)}`;
}

/** JSON Schema (draft 2020-12) of driftgate.yaml, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'driftgate.yaml',
    description: 'settings of the batch drift analyser driftgate',
    ...sectionSchema('', 'object'),
  };
}

function sectionSchema(pattern: string, type: unknown): Record<string, unknown> {
  const below = childrenOf(pattern).map((key): [string, unknown] => {
    const path = pattern === '' ? key : `${pattern}.${key}`;
    const setting = settingsByKey.get(path);
    if (setting) return [key, settingSchema(setting)];
    return [key, { description: sections[path], ...sectionSchema(path, ['object', 'null']) }];
  });
  const [[only, ofEach]] = below as [[string, unknown]];
  return only === '*'
    ? { type, additionalProperties: ofEach }
    : { type, properties: Object.fromEntries(below), additionalProperties: false };
}

function settingSchema({
  value,
  description,
  default: standard,
  defaultText,
  example,
}: Setting): Record<string, unknown> {
  return {
    description:
      standard === undefined && defaultText !== undefined ? `${description}; unset: ${defaultText}` : description,
    ...valueSchema(value),
    ...(standard === undefined ? {} : { default: standard }),
    ...(example === undefined ? {} : { examples: [example] }),
  };
}

function valueSchema(value: ValueType): Record<string, unknown> {
  const text = { type: 'string', minLength: 1 };
  switch (value.type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'choice':
      return { enum: value.values };
    case 'text':
      return value.pattern ? { type: 'string', pattern: value.pattern.source } : text;
    case 'list':
      return { anyOf: [text, { type: 'array', items: text, minItems: 1 }] };
    case 'lists': {
      const entry = { anyOf: [text, { type: 'array', items: text, minItems: 1 }] };
      return { anyOf: [text, { type: 'array', items: entry, minItems: 1 }] };
    }
    case 'numbers':
      return { anyOf: [text, { type: 'object', additionalProperties: { type: 'number', minimum: 0 } }] };
    case 'number':
      return {
        type: value.integer ? 'integer' : 'number',
        ...(value.above === undefined ? {} : { exclusiveMinimum: value.above }),
        ...(value.least === undefined ? {} : { minimum: value.least }),
        ...(value.most === undefined ? {} : { maximum: value.most }),
      };
  }
}
