import type { Kind } from '../model/measure.ts';
import type { Role } from '../model/profile.ts';
import { printable, quoted } from '../model/text.ts';
import type { VerdictCode } from '../model/verdict.ts';
import { type OwnDriftData, ownStory } from './measure-words.ts';
import { duration } from './noise-words.ts';
import { count, datum, number, percent, plural, points, range } from './numerals.ts';

/** The numbers each sentence is made of; they travel with the finding. */
export interface FindingData {
  COLUMN_MISSING: Record<never, never>;
  TYPE_CHANGED: { readonly types: string | null };
  NEW_COLUMN: Record<never, never>;
  DRIFT_FAIL: DriftData | OwnDriftData;
  DRIFT_WARN: DriftData | OwnDriftData;
  MANY_DRIFT_WARN: {
    readonly columns: number;
    readonly tested: number;
    readonly limit: number;
    readonly names: string;
  };
  PREDICTION_COLLAPSE: ConstantData;
  NULLS_UP: {
    readonly by: 'points' | 'ratio';
    readonly referenceShare: number;
    readonly currentShare: number;
    readonly currentMissing: number;
    readonly currentRows: number;
    /** the rise, or the ratio, that is tolerated */
    readonly tolerated: number;
  };
  UNSEEN_CATEGORIES: UnseenData;
  OUT_OF_RANGE: OutsideData;
  CONSTANT_BECAME_VARYING: {
    readonly value: string;
    readonly referenceRows: number;
    readonly differingRows: number;
    readonly currentRows: number;
    /** the one value that the current side holds instead, when it is one */
    readonly currentValue: string | null;
  };
  VARYING_BECAME_CONSTANT: ConstantData;
  NEW_VALUES_NOTED: ({ readonly about: 'unseen' } & UnseenData) | ({ readonly about: 'outside' } & OutsideData);
}

export type DriftData = {
  /** the measure with the stronger evidence: it is the one told first */
  readonly by: 'phi-squared' | 'cell';
  readonly phiSquared: number;
  readonly phiSquaredLower: number;
  readonly phiSquaredUpper: number;
  readonly phiSquaredTolerance: number;
  readonly cells: number;
  readonly referenceRows: number;
  readonly currentRows: number;
  /** the cell that tells the story, as it stands in a sentence, its shares, and the interval of their difference */
  readonly cell: string;
  readonly cellReference: number;
  readonly cellCurrent: number;
  readonly cellChangeLower: number;
  readonly cellChangeUpper: number;
  readonly cellChangeTolerance: number;
  /** windows of the reference as long as the batch, and their φ² against the rest of it; null when there are none */
  readonly windows: number | null;
  readonly windowSeconds: number | null;
  readonly windowsMedian: number | null;
  readonly windowsLargest: number | null;
  /** what the numbers are of: the whole batch, one window of it, or everything from one window on */
  readonly part: 'whole' | 'window' | 'suffix';
  /** when the part begins and ends, as text; null for the whole */
  readonly since: string | null;
  readonly until: string | null;
};

export type ConstantData = {
  /** the one value now */
  readonly value: string;
  readonly currentRows: number;
  /** the reference's most frequent value and its share */
  readonly referenceMode: string;
  readonly referenceModeShare: number;
};

export type UnseenData = {
  readonly rows: number;
  readonly currentRows: number;
  /** the most frequent new values, as text */
  readonly examples: string;
  readonly tolerated: number;
  /** what a reference of this size leaves unseen on average */
  readonly expectedShare: number;
};

export type OutsideData = {
  readonly below: number;
  readonly above: number;
  readonly currentRows: number;
  /** null when infinite */
  readonly referenceMin: number | null;
  readonly referenceMax: number | null;
  readonly currentMin: number | null;
  readonly currentMax: number | null;
  readonly tolerated: number;
  readonly expectedShare: number;
};

/** How a column is called in a sentence: a feature by its name, others by role and name. */
export function subject(column: string | null, role: Role | null): string {
  const name = quoted(column ?? '');
  return role === null || role === 'feature' ? name : `${role.replace('_', ' ')} ${name}`;
}

/** One sentence a finding, without a full stop: what happened, the number, the threshold and how it was formed. */
export const messages = {
  COLUMN_MISSING: (who) => `${who} is missing from the current data`,

  TYPE_CHANGED: (who, { types }) => `${who} changed its type${types === null ? '' : `: ${printable(types)}`}`,

  NEW_COLUMN: (who) => `${who} is new: the reference has no such column, so there is nothing to compare it with`,

  DRIFT_FAIL: (who, data) => `${who} drifted${when(data)}: ${driftStory(data, 'fail tolerance')}`,

  DRIFT_WARN: (who, data) => `${who} drifted${when(data)}: ${driftStory(data, 'warn tolerance')}`,

  MANY_DRIFT_WARN: (_, { columns, tested, limit, names }) =>
    `${count(columns)} of ${plural(tested, 'tested input')} drifted at once, more than ${count(limit)}: look for one cause upstream (${names})`,

  PREDICTION_COLLAPSE: (who, { value, currentRows, referenceMode, referenceModeShare }) =>
    `${who} collapsed: all ${plural(currentRows, 'row')} hold ${quoted(value)}; ` +
    `the reference's most frequent value ${quoted(referenceMode)} had ${percent(referenceModeShare)} of rows`,

  NULLS_UP: (who, { by, referenceShare, currentShare, currentMissing, currentRows, tolerated }) =>
    `${who} lost values: missing in ${percent(currentShare)} of rows (${count(currentMissing)} of ${count(currentRows)}), ` +
    `was ${percent(referenceShare)}; beyond sampling, ` +
    (by === 'points'
      ? `the rise is above the tolerated ${points(tolerated)}`
      : `the share has at least grown ${number(tolerated)}-fold`),

  UNSEEN_CATEGORIES: (who, data) => `${who} has ${unseenStory(data)}; ${aboveTolerated(data)}`,

  OUT_OF_RANGE: (who, data) => `${who} left its range: ${outsideStory(data)}; ${aboveTolerated(data)}`,

  CONSTANT_BECAME_VARYING: (who, { value, referenceRows, differingRows, currentRows, currentValue }) =>
    `${who} was ${quoted(value)} in all ${plural(referenceRows, 'row')} of the reference; ` +
    (currentValue === null
      ? `now ${percent(differingRows / currentRows)} of rows differ (${count(differingRows)} of ${count(currentRows)})`
      : `now all ${plural(currentRows, 'row')} hold ${quoted(currentValue)}`),

  VARYING_BECAME_CONSTANT: (who, { value, currentRows, referenceMode, referenceModeShare }) =>
    `${who} became constant: all ${plural(currentRows, 'row')} hold ${quoted(value)}; ` +
    `the reference's most frequent value ${quoted(referenceMode)} had ${percent(referenceModeShare)} of rows`,

  NEW_VALUES_NOTED: (who, data) =>
    data.about === 'unseen'
      ? `${who} has ${unseenStory(data)}: more than a reference of this size leaves unseen (${percent(data.expectedShare)}), ` +
        `not proven above the tolerated ${percent(data.tolerated)}`
      : `${who} left its range: ${outsideStory(data)}: more than a reference of this size leaves outside ` +
        `(${percent(data.expectedShare)}), not proven above the tolerated ${percent(data.tolerated)}`,
} as const satisfies { readonly [C in VerdictCode]: (who: string, data: FindingData[C]) => string };

/** The sentence of a finding: a pure function of its code, column and data. */
export function sentence<C extends VerdictCode>(
  code: C,
  column: string | null,
  role: Role | null,
  data: FindingData[C],
): string {
  // the table is complete by `satisfies`; the compiler cannot see that code and data belong together
  const write = messages[code] as (who: string, data: FindingData[C]) => string;
  return write(subject(column, role), data);
}

export function driftStory(data: DriftData | OwnDriftData, tolerance: string): string {
  if (data.by === 'measure') return ownStory(data, tolerance);
  const sizes = `${plural(data.cells, 'cell')}, ${count(data.referenceRows)} against ${plural(data.currentRows, 'row')}`;
  const phiSquared = `φ² ${number(data.phiSquared)} ${range([data.phiSquaredLower, data.phiSquaredUpper])}`;
  const moved = data.cellCurrent < data.cellReference ? 'fell' : 'rose';
  const share = `the share of ${data.cell} ${moved} from ${percent(data.cellReference)} to ${percent(data.cellCurrent)}`;
  if (data.by === 'phi-squared') {
    return `${phiSquared} is above the ${tolerance} ${number(data.phiSquaredTolerance)} (${sizes}); ${share}${windowsStory(data)}`;
  }
  const change = points(Math.abs(data.cellCurrent - data.cellReference));
  const interval = range([data.cellChangeLower, data.cellChangeUpper], 100);
  return `${share}: ${change} ${interval}, above the ${tolerance} ${points(data.cellChangeTolerance)} (${sizes}); ${phiSquared}${windowsStory(data)}`;
}

/** Since when, where a part of the batch says more than the whole. */
function when(data: DriftData | OwnDriftData): string {
  if (data.by === 'measure' || data.part === 'whole' || data.since === null) return '';
  return data.part === 'suffix' ? ` since ${data.since}` : ` from ${data.since} to ${data.until}`;
}

function windowsStory({ windows, windowSeconds, windowsLargest }: DriftData): string {
  if (windows === null || windowSeconds === null || windowsLargest === null) return '';
  return `; the reference's own ${count(windows)} windows of ${duration(windowSeconds)} reach φ² ${number(windowsLargest)}`;
}

/** Labels of cells that hold no category: these two and the ways to be missing. */
const specialCells: ReadonlySet<string> = new Set(['OTHER', 'missing', 'null', 'NaN']);

/** A cell as it stands in a sentence: values < 12.3, "paypal", OTHER, null. */
export function cellName(label: string, kind: Kind): string {
  // a category that reads like a special cell comes with quotation marks of its own
  if (specialCells.has(label) || label.startsWith('"') || label.startsWith('all values')) return printable(label, 60);
  if (kind === 'text') return `texts with a length ${printable(label, 60)}`;
  return kind === 'numeric' || kind === 'datetime' ? `values ${printable(label, 60)}` : quoted(label, 60);
}

function unseenStory({ rows, currentRows, examples }: UnseenData): string {
  const what = `values that the reference never had in ${percent(rows / currentRows)} of rows`;
  return `${what} (${count(rows)} of ${count(currentRows)}${examples && `: ${examples}`})`;
}

function outsideStory(data: OutsideData): string {
  const { below, above, currentRows } = data;
  const range = `${bound(data.referenceMin, '−∞')} … ${bound(data.referenceMax, '∞')}`;
  const parts = [
    below > 0 ? `${count(below)} below, down to ${bound(data.currentMin, '−∞')}` : '',
    above > 0 ? `${count(above)} above, up to ${bound(data.currentMax, '∞')}` : '',
  ].filter(Boolean);
  const share = percent((below + above) / currentRows);
  return `${share} of rows outside ${range} (of ${count(currentRows)}, ${parts.join('; ')})`;
}

function aboveTolerated({ tolerated, expectedShare }: { tolerated: number; expectedShare: number }): string {
  return `above the tolerated ${percent(tolerated)} and the ${percent(expectedShare)} that a reference of this size leaves unseen`;
}

function bound(value: number | null, infinite: string): string {
  return value === null ? infinite : datum(value);
}
