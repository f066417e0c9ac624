import type { ConfigRecord } from '../../model/run.ts';
import {
  type ExactSum,
  families,
  profileFormat,
  profileSchemaVersion,
  type Real,
  type SavedBatch,
  type SavedCategories,
  type SavedColumn,
  type SavedFurther,
  type SavedNewColumn,
  type SavedNumbers,
  type SavedOccurrences,
  type SavedProfile,
  type SavedTimeline,
} from '../../model/saved-profile.ts';
import {
  array,
  boolean,
  bounds,
  constant,
  count,
  type Definitions,
  either,
  type JsonSchema,
  json,
  named,
  nullable,
  number,
  object,
  record,
  type Shape,
  string,
} from '../../model/shape.ts';
import { columnProfileShape, configShape, datasetShape, kindShape, roleShape } from '../../model/shapes.ts';

const real: Shape<Real> = either(number, constant<'NaN' | 'Infinity' | '-Infinity'>('NaN', 'Infinity', '-Infinity'));
const exactSum: Shape<ExactSum> = array(real);
const packed = named(
  'Packed',
  'An array in base64 of raw DEFLATE. Counts: base-128 numbers, low groups first, 128 added to all but the last byte of each. Doubles: ' +
    'eight planes of bytes, the lowest byte of every double first.',
  string,
);
const pivot = object<SavedColumn['pivot']>({
  center: [number, 'c'],
  scale: [number, 's, a power of two'],
});

const occurrences = (of: string) =>
  [
    nullable(
      object<SavedOccurrences>({
        size: [count, 'how many different numbers of times'],
        times: [packed, 'ascending, as counts: the first, then the steps'],
        values: [packed, 'counts: how many values come so many times'],
      }),
    ),
    of,
  ] as const;

const numbers = object<SavedNumbers>({
  form: [constant('numbers'), 'read as numbers: values, lengths of texts, seconds since 1970 UTC'],
  gate: [
    object<SavedNumbers['gate']>({
      at: [packed, 'ascending doubles'],
      reasons: [array(count), 'why each is there: the sum of 1 (decile) and 2, 4, 8, 16 (tails of 0.5, 1, 2, 5 %)'],
    }),
    "the edges of the verdict's cells, order statistics of the reference",
  ],
  edges: [
    object<SavedNumbers['edges']>({ size: [count, 'how many'], at: [packed, 'ascending doubles'] }),
    'the edges of the finer cells',
  ],
  counts: [packed, 'rows by finer cell, one more than edges: cell i holds the values with exactly i edges ≤ x'],
  min: [real, 'smallest finite value'],
  max: [real, 'largest finite value'],
  zeros: [count, 'rows that are exactly 0'],
  pivot: [pivot, 'of the power sums'],
  powerSums: [array(exactSum), 'Σ d, Σ d², Σ d³, Σ d⁴ with d = (x − c)·s; each as doubles that add up to it'],
  sumBelow: [exactSum, 'Σ x over the first cell'],
  sumAbove: [exactSum, 'Σ x over the last cell'],
  table: [
    nullable(
      object<NonNullable<SavedNumbers['table']>>({
        size: [count, 'distinct values'],
        values: [packed, 'ascending doubles'],
        counts: [packed, 'rows that hold each'],
      }),
    ),
    'every value, where there are at most 200',
  ],
  mode: [nullable(number), 'the most frequent value, a cell of its own; null when it was not counted'],
  occurrences: occurrences('how often the values come, where all were counted and there is no table of them'),
});

const further = object<SavedFurther>({
  rows: [count, 'rows that hold a value without a name here'],
  values: [nullable(count), 'how many such values there are; null when not known'],
  hashes: [
    nullable(packed),
    'the first 48 bits of the SHA-256 of each, ascending, as counts: the first, then the steps',
  ],
  classes: [nullable(packed), 'whether each occurs once (1), twice (2) or more often (3), as counts'],
  occurrences: occurrences('how often they come; null when they are not all known'),
  unseenRows: [nullable(count), 'rows of values that the profile it was made like does not know; null when not known'],
  unseen: [
    array(object<SavedFurther['unseen'][number]>({ value: [string, 'the value'], rows: [count, 'its rows'] })),
    'the most frequent of these',
  ],
});

const categories = object<SavedCategories>({
  form: [constant('categories'), 'read as categories'],
  rows: [count, 'rows with a value'],
  names: [array(string), 'values, at most 200; the first hundred are cells of the verdict'],
  counts: [packed, 'rows that hold each'],
  reads: [
    object<SavedCategories['reads']>({
      number: [count, 'a number'],
      date: [count, 'a date'],
      truth: [count, 'true or false'],
      word: [count, 'anything else'],
    }),
    'rows by what the value, the other values among them, reads as',
  ],
  further: [further, 'the other values'],
});

const column = named(
  'Column',
  'One column, as decided and counted.',
  object<SavedColumn>({
    name: [string, 'as in the data'],
    family: [constant<SavedColumn['family']>(...families), 'how its values are handled'],
    native: [string, "the engine's name of the type as stored"],
    notation: [string, 'how the values are written where they are text', 'optional'],
    ticks: [number, 'for numbers that count time: so many to the second', 'optional'],
    role: [roleShape, 'what it is for'],
    roleReason: [nullable(string), 'why, where it was guessed'],
    kind: [kindShape, 'how it was read'],
    kindReason: [nullable(string), 'why, where it was guessed'],
    said: [
      object<SavedColumn['said']>({ role: [nullable(roleShape), 'the role'], kind: [nullable(kindShape), 'the kind'] }),
      'what the settings said of it',
    ],
    error: [nullable(string), 'why it could not be read'],
    absent: [boolean, 'the data has no such column; its counts are zeros'],
    profile: [nullable(columnProfileShape), 'the column in aggregates; null when it could not be read'],
    distinct: [nullable(count), 'distinct values; of merged profiles those of the part that has most'],
    pivot: [pivot, 'about which later sums are taken'],
    counts: [
      nullable(either<SavedNumbers, SavedCategories>(numbers, categories)),
      'its counts; null for a column that is not compared',
    ],
    periods: [
      nullable(packed),
      'rows by period, all cells of the verdict, then other values, without a value, NaN: as counts the totals, then cell after cell, but for ' +
        'the first of the fullest, which is what the others leave, how far each period is from round(total × its rows / all rows), as ' +
        '0, −1, 1, −2 … = 0, 1, 2, 3 …; null when not counted',
    ],
    windows: [nullable(packed), 'the same by window of the batch'],
  }),
);

const timeline = object<SavedTimeline>({
  column: [string, 'the timestamp'],
  origin: [number, 'a moment on which a period begins, seconds since 1970 UTC'],
  length: [number, 'of a period, in seconds'],
  first: [number, 'the first period begins so many lengths after the origin'],
  periods: [count, 'how many there are'],
  rows: [packed, 'counts by period'],
  outside: [count, 'rows before the first or after the last period, or without a time'],
  granularity: [number, 'every time is a whole multiple of so many seconds; 0 for none'],
});

const batch = object<SavedBatch>({
  added: [
    array(
      object<SavedNewColumn>({
        name: [string, 'its name'],
        family: [constant<SavedColumn['family']>(...families), 'how its values are handled'],
        native: [string, 'its type'],
        as: [array(column), 'counted like each of the missing columns that it may be under a new name'],
      }),
    ),
    'columns that the profile it was made like lacks',
  ],
  time: [
    nullable(
      object<NonNullable<SavedBatch['time']>>({
        column: [string, 'the timestamp'],
        from: [number, 'where nearly all rows begin, seconds since 1970 UTC'],
        to: [number, 'and end'],
        granularity: [number, 'every time is a whole multiple of so many seconds; 0 for none'],
      }),
    ),
    'from when to when it lies; null when no column tells',
  ],
  windows: [
    nullable(
      object<NonNullable<SavedBatch['windows']>>({
        column: [nullable(string), 'the timestamp; null for blocks of rows'],
        spans: [nullable(array(bounds)), 'when each begins and ends'],
        rows: [array(count), 'of each'],
        outside: [count, 'rows in none'],
      }),
    ),
    'its windows; null when it was not cut',
  ],
});

/** All but the checksum, in the order in which they are written. */
const content = {
  format: [constant(profileFormat), 'says that this is a driftgate profile'],
  schemaVersion: [constant<number>(profileSchemaVersion), 'version of this contract'],
  tool: [
    object<SavedProfile['tool']>({
      version: [string, 'of driftgate'],
      engine: [string, "the engine's name and version"],
    }),
    'what made the profile',
  ],
  rows: [count, 'of the data set'],
  datasets: [array(datasetShape), 'what was read; several of a merged profile'],
  config: [configShape as Shape<ConfigRecord>, 'the settings it was made with'],
  privacy: [
    object<SavedProfile['privacy']>({
      minCount: [nullable(count), 'categories of fewer rows are not told apart'],
      redacted: [array(string), 'columns whose categories are salted hashes'],
      saltCheck: [nullable(string), 'tells the salt of the hashes from another'],
    }),
    'what was left out',
  ],
  cells: [string, 'SHA-256 of what everything is counted over: profiles with the same can be merged and compared'],
  like: [nullable(string), 'checksum of the profile that it was made like'],
  columns: [array(column), 'in the order of the data'],
  timeline: [nullable(timeline), 'the rows by time; null without a timestamp'],
  batch: [nullable(batch), 'what a check asks of a current side; null for a reference'],
  repeats: [
    nullable(
      object<NonNullable<SavedProfile['repeats']>>({
        ids: [boolean, 'true: the columns name a row; false: they are the row'],
        columns: [array(string), 'by which rows are told apart'],
        rows: [count, 'that were compared'],
        distinct: [count, 'of them'],
      }),
    ),
    'rows that repeat others; null when not known',
  ],
  layers: [record(json), 'what the layers beside the columns keep of a reference'],
  notes: [array(string), 'what a reader should know, one sentence each'],
} as const;

const contentShape = object<Omit<SavedProfile, 'checksum'>>(content);
const checksum = [string, 'SHA-256 of all of the above as JSON in this order, without white space'] as const;

/** The JSON contract: docs/profile.schema.json is generated from it. */
export const profileShape: Shape<SavedProfile> = object<SavedProfile>({ ...content, checksum });
export const profileContentShape: Shape<Omit<SavedProfile, 'checksum'>> = contentShape;

/** JSON Schema of a saved profile. */
export function profileSchema(): JsonSchema {
  const definitions: Definitions = new Map();
  const schema = profileShape.schema(definitions);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'driftgate profile',
    description: `What driftgate keeps of a data set, version ${profileSchemaVersion} of the contract; docs/profiles.md explains it.`,
    ...schema,
    $defs: Object.fromEntries(definitions),
  };
}
