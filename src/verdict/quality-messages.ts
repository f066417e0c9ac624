import type { Role } from '../model/profile.ts';
import { quoted } from '../model/text.ts';
import type { QualityCode } from '../model/verdict.ts';
import { count, number, percent, plural, points } from './numerals.ts';

/** The numbers each sentence about data quality is made of. */
export interface QualityData {
  DUPLICATE_ROWS: {
    /** the columns that name a row; null when whole rows were compared */
    readonly ids: string | null;
    readonly repeated: number;
    readonly currentRows: number;
    readonly referenceShare: number;
    readonly currentShare: number;
    /** what the sizes alone would give */
    readonly expectedShare: number;
    readonly threshold: number;
  };
  COLUMN_RENAMED: {
    readonly newName: string;
    readonly by: 'name' | 'values';
    /** null when the values could not be compared */
    readonly phiSquared: number | null;
  };
  MIXED_TYPES: {
    readonly otherType: string;
    readonly rows: number;
    readonly currentRows: number;
    readonly referenceShare: number;
    readonly currentShare: number;
    readonly examples: string;
    readonly threshold: number;
  };
  CARDINALITY_UP: {
    readonly found: number;
    readonly exact: boolean;
    readonly referenceDistinct: number;
    readonly expected: number;
    readonly currentRows: number;
    readonly threshold: number;
  };
  ALMOST_CONSTANT: {
    readonly value: string;
    readonly currentShare: number;
    readonly referenceShare: number;
    readonly threshold: number;
  };
  ENTROPY_CHANGED: {
    readonly referenceBits: number;
    readonly currentBits: number;
    readonly cells: number;
    readonly threshold: number;
  };
}

/** One sentence a finding, without a full stop, in the order in which findings of one severity are told. */
export const qualityMessages = {
  COLUMN_RENAMED: (who, { newName, by, phiSquared }) =>
    `${who} is missing and ${quoted(newName)} is new: did it get renamed to ${quoted(newName)}? ` +
    (by === 'name' ? 'the names differ in case and punctuation only' : 'their values agree') +
    (phiSquared === null ? '' : ` (φ² ${number(phiSquared)})`),

  DUPLICATE_ROWS: (_, { ids, repeated, currentRows, referenceShare, currentShare, expectedShare, threshold }) =>
    `${percent(currentShare)} of the current rows repeat ${ids === null ? 'another row' : `the ${ids} of another row`} ` +
    `(${count(repeated)} of ${count(currentRows)}), was ${percent(referenceShare)}` +
    (expectedShare > referenceShare ? `, and ${percent(expectedShare)} at most is what more rows explain` : '') +
    `; the rise is above the tolerated ${points(threshold)}`,

  MIXED_TYPES: (who, { otherType, rows, currentRows, referenceShare, currentShare, examples, threshold }) =>
    `${who} mixes types: ${percent(currentShare)} of its values ${otherType} (${count(rows)} of ${count(currentRows)}` +
    `${examples && `: ${examples}`}), was ${percent(referenceShare)}; the rise is above the tolerated ${points(threshold)}`,

  CARDINALITY_UP: (who, { found, exact, referenceDistinct, expected, currentRows, threshold }) =>
    `${who} holds ${exact ? '' : 'about '}${plural(found, 'distinct value')} in ${plural(currentRows, 'row')}, where the ` +
    `reference with its ${count(referenceDistinct)} lets expect ${count(Math.max(1, expected))}: more than ${number(threshold)} times as many`,

  ALMOST_CONSTANT: (who, { value, currentShare, referenceShare, threshold }) =>
    `${who} is almost constant: ${quoted(value)} in ${percent(currentShare)} of its values, was ${percent(referenceShare)}; ` +
    `above ${percent(threshold)}`,

  ENTROPY_CHANGED: (who, { referenceBits, currentBits, cells, threshold }) =>
    `${who} is ${currentBits < referenceBits ? 'less' : 'more'} varied: its entropy over ${plural(cells, 'cell')} went from ` +
    `${number(referenceBits)} to ${number(currentBits)} bits, by more than the tolerated ${number(threshold)}`,
} as const satisfies { readonly [C in QualityCode]: (who: string, data: QualityData[C]) => string };

export const qualityCodes = Object.keys(qualityMessages) as readonly QualityCode[];

export function qualitySentence<C extends QualityCode>(
  code: C,
  who: { readonly column: string | null; readonly role: Role | null },
  data: QualityData[C],
): string {
  // the table is complete by `satisfies`; the compiler cannot see that code and data belong together
  const write = qualityMessages[code] as (who: string, data: QualityData[C]) => string;
  const name = quoted(who.column ?? '');
  return write(who.role === null || who.role === 'feature' ? name : `${who.role.replace('_', ' ')} ${name}`, data);
}
