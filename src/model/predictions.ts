import type { QuantileName } from './profile.ts';

/** What the predictions and scores of a run say of themselves, on both sides: shapes that travel from the counts to the report. */

/** What a score is taken for. */
export type ScoreMeaning =
  /** of the one class that the model looks for */
  | 'probability'
  /** of whatever was predicted */
  | 'confidence'
  /** one a class */
  | 'class-scores';

export interface ScoreColumn {
  readonly column: string;
  /** the predicted class that it belongs to; null when there is none or it is not known */
  readonly class: string | null;
}

/** Rows that break a rule, of those that it can be asked of. */
export interface RuleCount {
  readonly rows: number;
  readonly of: number;
}

/** How confident some rows' predictions are, each row's confidence being a number of 0 … 1. */
export interface ConfidenceMoments {
  /** rows with a confidence: those whose scores are all there and within 0 … 1 */
  readonly rows: number;
  readonly mean: number;
  /** sample standard deviation; 0 for one row */
  readonly std: number;
}

/** The same of one side. */
export interface ConfidenceProfile extends ConfidenceMoments {
  /** within {@link ConfidenceReport.resolution} */
  readonly quantiles: Readonly<Record<QuantileName, number>>;
  /** rows whose score is nearer than {@link ConfidenceReport.near} to the threshold */
  readonly nearThreshold: number;
  /** mean over the rows of the entropy of their class probabilities, in bits; null for a mere confidence */
  readonly entropy: number | null;
}

/** What was asked of a measure and how it ended. */
export interface Asked {
  /** natural logarithm of the p-value; null when it was not asked */
  readonly logP: number | null;
  readonly rejected: boolean;
}

export interface ConfidenceReport extends Asked {
  readonly reference: ConfidenceProfile;
  readonly current: ConfidenceProfile;
  /** fall of the mean as a share of the reference's; negative when it rose */
  readonly drop: number;
  /** of the population's, each bound at the run's alpha */
  readonly interval: readonly [number, number];
  /** the largest fall that is acceptable */
  readonly tolerated: number;
  /** the threshold, and what counts as near it */
  readonly threshold: number;
  readonly near: number;
  /** the step of the grid that confidences are counted on */
  readonly resolution: number;
  /** what the strongest evidence comes from, windows `from` up to, not including, `to`; null when it is the whole batch */
  readonly part: { readonly form: 'window' | 'suffix'; readonly from: number; readonly to: number } | null;
  /** place of the first window that is proof by itself; null when none is */
  readonly since: number | null;
}

/** How confident the predictions of one window of the batch are. */
export interface ConfidenceWindow extends ConfidenceMoments {
  /** of the population's mean, each bound at the run's alpha */
  readonly interval: readonly [number, number];
  /** rows whose score is near the threshold; see {@link ConfidenceProfile} */
  readonly nearThreshold: number;
  /** whether the window may decide: it has enough rows, and what rhythm it has is known or too long to matter */
  readonly asked: boolean;
  /** proven by itself to have fallen by more than is tolerated */
  readonly beyond: boolean;
}

/** One window of the current side. */
export interface PredictionWindow {
  /** ISO 8601, UTC; null for windows of rows */
  readonly from: string | null;
  /** not included */
  readonly to: string | null;
  readonly rows: number;
  /** null where no row has a confidence */
  readonly confidence: ConfidenceWindow | null;
}

/** A number of what the model says, by window: shown, and never gated. */
export interface PredictionSeries {
  /** the mean of a prediction or score, or the share of the rows with a prediction that hold one class */
  readonly form: 'mean' | 'share';
  readonly column: string;
  /** null for a mean */
  readonly class: string | null;
  readonly reference: number | null;
  readonly current: number | null;
  /** in the order of the windows; null where no row has one */
  readonly windows: readonly (number | null)[];
}

export const scoreRules = ['within-0-1', 'sum-to-1', 'largest-score'] as const;
export type ScoreRule = (typeof scoreRules)[number];

/** One rule that valid scores keep, on both sides. */
export interface ScoreCheck extends Asked {
  readonly rule: ScoreRule;
  readonly reference: RuleCount;
  readonly current: RuleCount;
  /** share of rows that may break it */
  readonly tolerated: number;
  /** why it was not asked; null when it was */
  readonly notAsked: string | null;
}

/** Whether nearly every prediction is the same. */
export interface Concentration extends Asked {
  /** the most frequent prediction now */
  readonly value: string;
  /** at most so many rows where the value is none of the reference's most frequent */
  readonly reference: RuleCount;
  readonly current: RuleCount;
}

/** Predictions outside the range that the user wrote down. */
export interface PredictionBounds {
  readonly column: string;
  readonly min: number | null;
  readonly max: number | null;
  readonly below: number;
  readonly above: number;
  /** rows with a prediction that is a number */
  readonly rows: number;
  readonly tolerated: number;
  /** smallest and largest finite prediction */
  readonly smallest: number | null;
  readonly largest: number | null;
}

/** Rows by score and predicted class. */
export interface ScoreHistogram {
  /** ascending, one more than cells; scores outside of them are not in it */
  readonly edges: readonly number[];
  /** most frequent in the reference first; null stands for all other predictions, and for rows without one */
  readonly classes: readonly {
    readonly class: string | null;
    readonly reference: readonly number[];
    readonly current: readonly number[];
  }[];
}

export interface PredictionReport {
  /** the column of the predicted class or value; null when there is none */
  readonly prediction: string | null;
  readonly scores: readonly ScoreColumn[];
  /** null when the scores say nothing of confidence */
  readonly meaning: ScoreMeaning | null;
  /** why they are taken for that, or for nothing */
  readonly reason: string;
  readonly confidence: ConfidenceReport | null;
  readonly checks: readonly ScoreCheck[];
  readonly concentration: Concentration | null;
  readonly bounds: readonly PredictionBounds[];
  readonly histogram: ScoreHistogram | null;
  /** oldest first; empty without windows */
  readonly windows: readonly PredictionWindow[];
  /** empty without windows */
  readonly series: readonly PredictionSeries[];
}
