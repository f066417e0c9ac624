import type { Family } from '../engine/source.ts';
import type { Kind } from '../model/measure.ts';
import type { Role } from '../model/profile.ts';
import type { ColumnSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';

/** What is known of a reference column when its role and kind are decided. */
export interface ColumnFacts {
  readonly name: string;
  readonly family: Family;
  readonly native: string;
  /** rows with a value */
  readonly present: number;
  /** distinct values; exact when it is a large share of the rows, see idCandidate */
  readonly distinct: number;
  /** strings all of which read as times; asked of a column that its role or its name calls a timestamp */
  readonly times?: boolean;
  /** NaN unless numeric */
  readonly min: number;
  readonly max: number;
}

export interface Decided<T> {
  readonly value: T;
  /** null when the user said so, or nothing was guessed */
  readonly reason: string | null;
}

/**
 * Conventional names, compared in lower case with every run of other characters as one underscore. The first role whose names hold
 * the column and whose condition it meets is guessed.
 */
const conventions: readonly {
  readonly role: Role;
  readonly names: RegExp;
  readonly when: (facts: ColumnFacts) => boolean;
}[] = [
  {
    role: 'score',
    names:
      /^(score|proba|probability|confidence|y_(score|prob|proba)|(y_)?pred(icted|iction)?_(score|prob|proba|probability)(_.+)?)$/,
    // a credit score of 700 is an input, not a probability
    when: (facts) => isNumber(facts.family) && facts.min >= 0 && facts.max <= 1,
  },
  {
    role: 'prediction',
    names: /^(pred|prediction|predicted|predicted_(class|label|value)|y_pred|y_hat|prediction_(class|label|value))$/,
    when: (facts) => isNumber(facts.family) || facts.family === 'string' || facts.family === 'boolean',
  },
  {
    role: 'label',
    names: /^(label|target|y_true|ground_truth|actual|true_label)$/,
    when: (facts) => isNumber(facts.family) || facts.family === 'string' || facts.family === 'boolean',
  },
  {
    role: 'timestamp',
    names:
      /^(timestamp|ts|event_(time|timestamp|ts)|inference_(time|timestamp)|prediction_(time|timestamp)|logged_at|created_at|datetime)$/,
    when: (facts) => facts.family === 'datetime' || facts.times === true || epochOf(facts) !== null,
  },
  { role: 'latency', names: /^(latency|response_time)(_(ms|s|us|seconds))?$/, when: (facts) => isNumber(facts.family) },
  { role: 'status', names: /^(status_code|http_status|http_status_code|response_code)$/, when: () => true },
  {
    role: 'model_version',
    names: /^(model_version|model_id|model_name|model)$/,
    when: (facts) => facts.distinct <= 100,
  },
];

/** The role that a name alone suggests; undefined for none. */
export function conventionalRole(name: string): Role | undefined {
  return conventions.find(({ names }) => names.test(conventional(name)))?.role;
}

const idNames = /^(id|uuid|guid|index|row_?(id|number|num)|.+_(id|uuid|guid))$/;

/**
 * The share of distinct values, estimated, from which a column may be an id or a text; the count is then made exact. The estimate
 * can be off by a quarter in a small data set.
 */
const candidateShare = 0.4;
const idShare = 0.999;

/** Only integers, strings and UUIDs can be ids. */
export function idCandidate(facts: ColumnFacts): boolean {
  return (facts.family === 'integer' || facts.family === 'string') && facts.distinct > candidateShare * facts.present;
}

export function decideRole(facts: ColumnFacts, said: ColumnSettings | undefined): Decided<Role> {
  if (said?.role !== undefined) return { value: said.role, reason: null };
  const name = conventional(facts.name);
  for (const { role, names, when } of conventions) {
    if (names.test(name) && when(facts))
      return { value: role, reason: `the name ${quoted(facts.name)} is conventional` };
  }
  // who says that values are amounts or times wants them compared
  const compared = said?.kind === 'numeric' || said?.kind === 'datetime' || said?.kind === 'boolean';
  const reason = compared ? null : idReason(facts, idNames.test(name));
  return reason === null ? { value: 'feature', reason: null } : { value: 'id', reason };
}

/** A feature's values can be distinct in a small batch; an id's must be, and something else must speak for it. */
function idReason(facts: ColumnFacts, named: boolean): string | null {
  if (!idCandidate(facts) || facts.present < 20 || facts.distinct < idShare * facts.present) return null;
  const unique = `${facts.distinct} distinct values in ${facts.present} rows`;
  if (facts.native === 'UUID') return `UUIDs, ${unique}`;
  if (named) return `the name ${quoted(facts.name)} and ${unique}`;
  if (facts.family !== 'integer') return null;
  if (facts.max - facts.min < 2 * facts.present) return `a running number: ${unique}`;
  return facts.present >= 1000 ? `whole numbers, ${unique}` : null;
}

/** Strings are text rather than categories from this share of distinct values on, when there are more than a table's worth. */
const textShare = 0.5;
const textDistinct = 100;

export function decideKind(
  facts: ColumnFacts,
  said: ColumnSettings | undefined,
  role: Role = decideRole(facts, said).value,
): Decided<Kind> {
  const timed = said?.kind === undefined ? role === 'timestamp' : said.kind === 'datetime';
  const epoch = timed ? epochOf(facts) : null;
  if (epoch !== null) return { value: 'datetime', reason: `stored as ${facts.native}, ${epoch.unit} since 1970` };
  if (said?.kind !== undefined && possibleKinds(facts.family).includes(said.kind))
    return { value: said.kind, reason: null };
  const refused = said?.kind === undefined ? '' : `; it was declared ${said.kind}, ${whyNot(facts)}`;
  switch (facts.family) {
    case 'number':
    case 'integer':
      return { value: 'numeric', reason: `stored as ${facts.native}${refused}` };
    case 'boolean':
    case 'datetime':
    case 'embedding':
    case 'unsupported':
      return { value: facts.family, reason: `stored as ${facts.native}${refused}` };
    case 'string': {
      if (facts.times) return { value: 'datetime', reason: `strings that read as times${refused}` };
      const text = facts.distinct > textDistinct && facts.distinct > textShare * facts.present;
      const shares = `${facts.distinct} distinct values in ${facts.present} rows`;
      return { value: text ? 'text' : 'categorical', reason: `strings, ${shares}${refused}` };
    }
  }
}

function whyNot({ family, native }: ColumnFacts): string {
  // text is tried as what it was declared when it is read
  return family === 'string' ? 'which most of its values cannot be' : `which values stored as ${native} cannot be`;
}

/** Units that times since 1970 are counted in, and how many of them make a second. */
const epochs = [
  { unit: 'seconds', ticks: 1 },
  { unit: 'milliseconds', ticks: 1e3 },
  { unit: 'microseconds', ticks: 1e6 },
  { unit: 'nanoseconds', ticks: 1e9 },
] as const;
/** Times are looked for from 1990 to 2100: in no two units do the same numbers lie there. */
const [earliest, latest] = [631_152_000, 4_102_444_800];

/** In which unit a column's numbers can be times since 1970; null when in none. */
export function epochOf({ family, min, max }: Pick<ColumnFacts, 'family' | 'min' | 'max'>) {
  if (!isNumber(family)) return null;
  return epochs.find(({ ticks }) => min >= earliest * ticks && max <= latest * ticks) ?? null;
}

/** A string column that may hold times: by what was said of it, or by its name. */
export function timeCandidate(name: string, family: Family, said: ColumnSettings | undefined): boolean {
  if (family !== 'string' || said?.kind !== undefined) return false;
  if (said?.role !== undefined) return said.role === 'timestamp';
  return conventions.some(({ role, names }) => role === 'timestamp' && names.test(conventional(name)));
}

/** What a column of a family may be declared as. */
export function possibleKinds(family: Family): readonly Kind[] {
  switch (family) {
    case 'number':
    case 'integer':
      return ['numeric', 'categorical', 'boolean'];
    case 'boolean':
      return ['boolean', 'categorical'];
    case 'string':
      return ['categorical', 'text'];
    case 'datetime':
      return ['datetime'];
    default:
      return [];
  }
}

/** Ids and ignored columns are only counted for presence. */
export function isCounted(role: Role): boolean {
  return role !== 'id' && role !== 'ignore';
}

function conventional(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/^.*\./, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

function isNumber(family: Family): boolean {
  return family === 'number' || family === 'integer';
}
