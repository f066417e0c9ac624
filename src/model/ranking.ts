import type { Role } from './profile.ts';
import type { Outcome } from './verdict.ts';

/** Which columns matter: by their importance to the model, and by how much of the prediction's drift goes with theirs. */

/** A column by drift × importance. */
export interface ImportantColumn {
  readonly column: string;
  /** as given, on its own scale */
  readonly importance: number;
  /** null where there is nothing to compare */
  readonly phiSquared: number | null;
  /** φ² × importance */
  readonly weight: number | null;
  /** of the sum over all columns with an importance; null when nothing drifted */
  readonly share: number | null;
  readonly outcome: Outcome;
}

/** What is left of a prediction's drift when the log has the reference's distribution of one column. */
export interface ExplainingColumn {
  readonly column: string;
  /** of the column itself */
  readonly phiSquared: number;
  /** of the prediction, re-weighted */
  readonly reweighted: number;
  /** 1 − reweighted/φ²: negative when the drift would be larger */
  readonly explained: number;
  /** share of the reference's rows whose cells hold no row of the log, and so cannot be weighted up */
  readonly uncovered: number;
  /** (Σw)²/Σw²: equally weighted rows that would say as much */
  readonly effectiveRows: number;
}

export interface ExplainedPrediction {
  readonly column: string;
  readonly role: Role;
  readonly phiSquared: number;
  /** the largest share first */
  readonly columns: readonly ExplainingColumn[];
  /** columns that drifted too little to explain a twentieth of it, or less than the forty that are shown */
  readonly left: number;
  /** the first of them in words; null when none explains anything */
  readonly sentence: string | null;
}

export interface Ranking {
  /** largest weight first; empty without importances */
  readonly importance: readonly ImportantColumn[];
  /** predictions and scores that moved; empty when none did */
  readonly predictions: readonly ExplainedPrediction[];
}
