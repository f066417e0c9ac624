import type { Role } from './profile.ts';

/** The data split by the values of one or more columns: what changed in which part, and whether the parts' shares explain it. */

/** judged: compared with the same segment of the reference; other: all values that are no segment of their own, together. */
export type SegmentStatus = 'judged' | 'few-rows' | 'new' | 'vanished' | 'other';

export interface Segment {
  /** one value a column of the segmentation, null for rows without one; null for all the others together */
  readonly values: readonly (string | null)[] | null;
  /** the same for people: see {@link segmentName} */
  readonly name: string;
  readonly status: SegmentStatus;
  readonly rows: { readonly reference: number; readonly current: number };
  /** the strongest level that is proven of a column in it */
  readonly level: 'fail' | 'warn' | null;
  /** columns proven to have drifted in it */
  readonly drifted: number;
}

/** One column in every segment; the arrays run along {@link Segmentation.segments}. */
export interface SegmentedColumn {
  readonly column: string;
  readonly role: Role;
  /** at which level it is proven that the column drifted in some segment */
  readonly rejected: 'fail' | 'warn' | null;
  /** φ² of the segment against itself in the reference; null where it was not judged */
  readonly phiSquared: readonly (number | null)[];
  /** the largest change of one cell's share */
  readonly cellChange: readonly (number | null)[];
  readonly levels: readonly ('fail' | 'warn' | null)[];
  /** what the column's drift as a whole is made of; null unless it drifted */
  readonly decomposition: DriftDecomposition | null;
}

/** The drift of a column, split by Kitagawa's rule into the change of the segments' shares and the change within each. */
export interface DriftDecomposition {
  readonly phiSquared: number;
  /** the share of φ² that the segments' changed shares make up */
  readonly mix: number;
  /** the share that comes from within each segment; with `mix` they add up to 1, a negative one works against the drift */
  readonly within: readonly number[];
  /** φ² of the current side with its segments weighted as in the reference */
  readonly reweighted: number;
  /** mix: most of it is the segments' shares; segment: most comes from one segment; spread: neither */
  readonly explained: 'mix' | 'segment' | 'spread';
  /** the name of the segment that contributes most; null when nothing comes from within */
  readonly segment: string | null;
  readonly sentence: string;
}

export interface Segmentation {
  /** the columns it splits by */
  readonly columns: readonly string[];
  /** why nothing was split; null when it was */
  readonly skipped: string | null;
  /** worst first: level, then how far beyond its tolerance its worst column lies; the others by rows of the reference */
  readonly segments: readonly Segment[];
  readonly judged: number;
  /** distinct values of the reference, by column; null when there are too many to know */
  readonly distinct: readonly (number | null)[];
  /** values that the reference never had, most frequent first, at most 5; for a single column only */
  readonly newValues: readonly { readonly value: string; readonly rows: number }[];
  /** worst first */
  readonly tested: readonly SegmentedColumn[];
}

const others = 'OTHER';
const missing = '(missing)';

/** `DE`, `DE × mobile`, `(missing)`, `OTHER`; a value that reads like one of the last two stands in quotation marks. */
export function segmentName(values: Segment['values']): string {
  if (values === null) return others;
  return values.map((value) => (value === null ? missing : plainOrQuoted(value))).join(' × ');
}

function plainOrQuoted(value: string): string {
  return value === '' || value === others || value === missing || value.startsWith('"') || value.includes(' × ')
    ? JSON.stringify(value)
    : value;
}
