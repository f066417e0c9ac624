/**
 * Counts of both datasets over one support: the only thing a two-sample drift measure sees. Nulls, NaN and ±infinity are
 * counted apart (see ColumnProfile) and never stand in a table.
 */
export type FrequencyTable = ValueTable | IntervalTable | CategoryTable;

/** Every distinct number with its counts: rank statistics from it equal those of the raw samples. */
export interface ValueTable {
  readonly form: 'values';
  /** ascending distinct finite values */
  readonly support: Float64Array;
  /** rows of the reference at support[i] */
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/**
 * Neighbouring numbers merged into intervals. Interval i holds the values x with exactly i edges ≤ x, so there is one more
 * interval than there are edges: (−∞, e₀), [e₀, e₁), …, [e_{k−1}, ∞).
 */
export interface IntervalTable {
  readonly form: 'intervals';
  /** ascending, length k */
  readonly edges: Float64Array;
  /** length k + 1 */
  readonly reference: Float64Array;
  readonly current: Float64Array;
  /** smallest and largest finite value of each side, and the sums of the values in the two outer intervals */
  readonly outer: { readonly reference: OuterIntervals; readonly current: OuterIntervals };
}

export interface OuterIntervals {
  readonly min: number;
  readonly max: number;
  /** Σx over the first interval (−∞, e₀) */
  readonly sumBelow: number;
  /** Σx over the last interval [e_{k−1}, ∞) */
  readonly sumAbove: number;
}

/** Counts by category, the reference's categories first in descending count (ties by label), then the current side's. */
export interface CategoryTable {
  readonly form: 'categories';
  /** an entry stands for several values; absent when each is one */
  readonly merged?: true;
  readonly support: readonly string[];
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/**
 * The cells of the verdict: counts of both sides after rare cells were merged (see drift/tested-cells.ts). Binned measures read
 * these; the cells of one column always sum to the rows of its side.
 */
export interface TestedCells {
  /** length B; a number range, a category, OTHER or missing, for people */
  readonly labels: readonly string[];
  readonly reference: Float64Array;
  readonly current: Float64Array;
  /**
   * The coarser cells on which the largest single change is judged: tail cells joined to their decile.
   * For categories the same as the cells above.
   */
  readonly main: {
    readonly labels: readonly string[];
    readonly reference: Float64Array;
    readonly current: Float64Array;
  };
}
