/**
 * What the performance metrics may know of a set of rows (a side, a window, a segment): counts and sums, never rows. Rows without
 * a label, without a prediction or (where scores are asked for) without a finite score are counted by the caller and stand in
 * none of these shapes.
 *
 * Sums must not cancel: they are taken about a pivot that lies among the values, and in units that keep their fourth powers
 * within the doubles. Pivot and unit travel with the sums and change no result.
 */
export type OutcomeCounts = ClassificationCounts | RegressionSums;

/** Σ over rows of x − pivot and of its square. */
export interface PivotedSums {
  readonly rows: number;
  /** any number; the nearer to the mean the better. 0 serves for losses */
  readonly pivot: number;
  /** Σ (x − pivot) */
  readonly sum: number;
  /** Σ (x − pivot)² */
  readonly squares: number;
}

export interface ClassificationCounts {
  readonly task: 'classification';
  /** null when there is no predicted class */
  readonly confusion: ConfusionCounts | null;
  /** the class whose precision, recall and score are meant by "the" precision …; null with more than two classes */
  readonly positive: string | null;
  /** null when there is no score */
  readonly scores: ScoreCounts | null;
}

/** Rows by label and prediction. */
export interface ConfusionCounts {
  /** ascending by code units: every class that occurs as a label or as a prediction */
  readonly classes: readonly string[];
  /** row-major: counts[i * k + j] rows of label i that were predicted as class j, k classes */
  readonly counts: Float64Array;
}

/** Scores of the classes. With two classes one is enough, that of `positive`. */
export interface ScoreCounts {
  /** rows with a label and with a finite score of every scored class */
  readonly rows: number;
  readonly classes: readonly ClassScores[];
  /** rows whose label is a class that has no score (never with one scored class: its rest is the other class) */
  readonly unscoredLabels: number;
  /** rows with a score below 0 or above 1: then the scores are no probabilities, and the sums below are null */
  readonly outsideUnit: number;
  /** several scored classes: rows whose scores sum to something further than 1.5e-8 from 1; 0 for one */
  readonly notSummingToOne: number;
  /**
   * −ln p of the true class, p clipped to [ε, 1 − ε], ε = 2⁻⁵² (2⁻²³ for a 32-bit score). Of one scored class p is the score
   * where the label is that class and 1 − score elsewhere. Null when not probabilities; may also be null with one scored class
   * and an exact {@link ScoreTable}, which tells it.
   */
  readonly logLoss: PivotedSums | null;
  /** (1{y = positive} − score)² of one scored class, Σ over classes of (1{y = c} − score_c)² of several; null as above */
  readonly brier: PivotedSums | null;
}

/** One class against the rest: a row is positive when its label is this class. */
export interface ClassScores {
  readonly name: string;
  readonly ranking: ScoreTable | RankSums;
  /** null when the scores are no probabilities, when not asked for, or when an exact {@link ScoreTable} tells it */
  readonly calibration: {
    /** bins between {@link equalWidthEdges}(15) */
    readonly equalWidth: CalibrationBins | null;
    /** bins of as equal numbers of rows as ties allow, e.g. between deciles */
    readonly equalMass: CalibrationBins | null;
  } | null;
}

/** Rows by score. */
export interface ScoreTable {
  readonly form: 'table';
  /** ascending: distinct scores; the mean score of each bin, or any point of it, when scores were merged */
  readonly scores: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** every distinct score has its own place: then ranks, calibration and losses follow from the table without error */
  readonly exact: boolean;
}

/**
 * What AUC, average precision and their variances need of scores that are too many for a table. All from one grouping by score,
 *
 *   k, l        positives and negatives at a score (rows of equal score are one threshold)
 *   T, F        Σ of k, of l over this score and higher ones
 *   A, B        Σ of k F/(T+F)², of k T/(T+F)² over this score and lower ones
 *
 * two levels of running sums. P = Σk and N = Σl.
 */
export interface RankSums {
  readonly form: 'rank-sums';
  /** P */
  readonly positives: number;
  /** N */
  readonly negatives: number;
  /** pairs of a positive and a negative where the negative scores higher, equal scores as one half: Σ k (F − l/2) */
  readonly discordant: number;
  /** Σ k ((F − l/2)/N)²; 0 when N is 0 */
  readonly positiveSquares: number;
  /** Σ l ((P − T + k/2)/P)²; 0 when P is 0 */
  readonly negativeSquares: number;
  /** Σ k T/(T+F): precision at the threshold of each positive */
  readonly precisions: number;
  /** Σ k (T/(T+F) + A − precisions/P)² + Σ l B²; null when not computed: average precision then has no interval */
  readonly precisionSquares: number | null;
}

/** Bin i holds the scores in (edges[i − 1], edges[i]]: i edges lie below the score, as in scikit-learn's calibration_curve. */
export interface CalibrationBins {
  /** ascending inner edges; one less than there are bins */
  readonly edges: Float64Array;
  readonly rows: Float64Array;
  /** sum of the scores of each bin */
  readonly scores: Float64Array;
  readonly positives: Float64Array;
}

/** Inner edges of equally wide bins of 0 … 1, to the last bit those of numpy.linspace. */
export function equalWidthEdges(bins: number): Float64Array {
  return Float64Array.from({ length: bins - 1 }, (_, i) => (i + 1) * (1 / bins));
}

/** Sums over rows of y (label), d = (y − pivot)/unit and e = (prediction − y)/unit. */
export interface RegressionSums {
  readonly task: 'regression';
  readonly rows: number;
  /** a power of two near the spread of the labels, 1 when in doubt */
  readonly unit: number;
  /** a number among the labels, the nearer to their mean the better */
  readonly pivot: number;
  readonly labels: {
    /** Σ d */
    readonly sum: number;
    /** Σ d² */
    readonly squares: number;
    /** Σ d³ */
    readonly cubes: number;
    /** Σ d⁴ */
    readonly fourths: number;
  };
  readonly errors: {
    /** Σ e */
    readonly sum: number;
    /** Σ |e| */
    readonly absolute: number;
    /** Σ e² */
    readonly squares: number;
    /** Σ e⁴ */
    readonly fourths: number;
    /** Σ e² d */
    readonly squaresByLabel: number;
    /** Σ e² d² */
    readonly squaresByLabelSquare: number;
  };
  /** a = |prediction − y| / max(|y|, 2⁻⁵²), no unit: Σ a and Σ a² */
  readonly relative: {
    readonly sum: number;
    readonly squares: number;
    /** rows with a label of exactly 0, whose a is huge */
    readonly zeroLabels: number;
  };
  /** features of the model, for adjusted R²; null when not known */
  readonly features: number | null;
  /** null when not counted */
  readonly residuals: ResidualCounts | null;
}

/** Rows by residual, prediction − label, in the label's own units. */
export type ResidualCounts =
  | {
      readonly form: 'values';
      /** ascending distinct residuals */
      readonly values: Float64Array;
      readonly rows: Float64Array;
    }
  | {
      readonly form: 'intervals';
      /** ascending, length k; interval i holds the residuals with exactly i edges ≤ e */
      readonly edges: Float64Array;
      /** length k + 1 */
      readonly rows: Float64Array;
      readonly min: number;
      readonly max: number;
    };

/**
 * For estimating a classifier's performance without labels: scores in fixed cells. A row lies in the cell numbered by the edges ≤
 * its score. The edges are cut on the reference's scores of that class (256 to 1,024 cells of about equal mass) and serve both
 * sides.
 */
export interface ConfidenceReference {
  /** with two classes the positive one alone; with more, each */
  readonly classes: readonly {
    readonly name: string;
    readonly edges: Float64Array;
    /**
     * The reference's labelled rows in two halves by a hash that knows no value (of the row's number or id): each checks the
     * calibration learnt from the other.
     */
    readonly halves: readonly [LabelledCells, LabelledCells];
  }[];
  /** the other class where there are two and one is scored; null with more */
  readonly rest: string | null;
}

/** One class in the cells of its score: rows by whether they were predicted as this class and whether they are. */
export interface LabelledCells {
  /** rows predicted as this class, and those of them whose label it is */
  readonly predicted: { readonly rows: Float64Array; readonly positives: Float64Array };
  /** rows predicted as another class */
  readonly other: { readonly rows: Float64Array; readonly positives: Float64Array };
}

/** The batch, or one of its windows, in the reference's cells; labels are not looked at. */
export interface ConfidenceCells {
  readonly rows: number;
  /** as {@link ConfidenceReference}.classes, in that order */
  readonly classes: readonly {
    readonly predicted: Float64Array;
    readonly other: Float64Array;
    /** rows whose score is below the reference's smallest or above its largest */
    readonly outside: number;
  }[];
}

/**
 * For estimating a regression's performance without labels: the reference's losses in cells of the prediction, cut on the
 * reference's predictions at about equal mass. Errors are e = (prediction − label)/unit.
 */
export interface LossReference {
  readonly edges: Float64Array;
  readonly unit: number;
  /** one number a cell, over the reference's labelled rows */
  readonly rows: Float64Array;
  /** Σ |e| */
  readonly absolute: Float64Array;
  /** Σ e² */
  readonly squares: Float64Array;
  /** Σ e⁴ */
  readonly fourths: Float64Array;
}

/** The batch, or one of its windows, in the reference's cells of the prediction. */
export interface LossCells {
  readonly rows: Float64Array;
  /** rows whose prediction is below the reference's smallest or above its largest */
  readonly outside: number;
}
