import type { OutcomesReport } from './outcomes.ts';
import type { PredictionReport } from './predictions.ts';
import type { ReportColumn } from './report.ts';
import type { ConfigRecord, DatasetInfo } from './run.ts';
import type { ServiceReport } from './service.ts';
import type { Finding, Verdict } from './verdict.ts';

/** Two versions of a model on one log: the champion, which decides today, and the challenger, which may decide tomorrow. */

/** Version of this contract; docs/compare.schema.json describes it. */
export const compareSchemaVersion = 1;

export interface ComparedVersion {
  readonly version: string;
  readonly rows: number;
}

/** What came of the rows of one version when they were met with the other's. */
export interface PairedVersion {
  /** rows without an id */
  readonly keyless: number;
  /** rows that share their id with another of the version */
  readonly repeated: number;
  /** rows whose id the other version does not have by itself */
  readonly alone: number;
}

export type VersionRole = 'champion' | 'challenger';

/** How far the two agree on the same requests. */
export type Agreement =
  | {
      readonly form: 'classes';
      /** null stands for all other classes, and for rows without one */
      readonly classes: readonly (string | null)[];
      /** rows by the champion's class and, within, by the challenger's */
      readonly counts: readonly (readonly number[])[];
      readonly disagreed: number;
      /** pairs with a class on both sides */
      readonly of: number;
      /** Wilson's interval of the share, each bound at half the run's alpha */
      readonly interval: readonly [number, number];
    }
  | ({ readonly form: 'values' } & Difference);

/** The challenger's number less the champion's, over the pairs that have both. */
export interface Difference {
  readonly rows: number;
  readonly mean: number;
  /** each bound at half the run's alpha */
  readonly interval: readonly [number, number];
  readonly meanAbsolute: number;
  readonly rootMeanSquare: number;
}

export const pairedMetricIds = [
  'accuracy',
  'roc-auc',
  'log-loss',
  'brier-score',
  'root-mean-squared-error',
  'mean-absolute-error',
] as const;
export type PairedMetricId = (typeof pairedMetricIds)[number];

/** A metric of both on the same labelled requests. */
export interface PairedMetric {
  readonly id: PairedMetricId;
  readonly rows: number;
  readonly champion: number;
  readonly challenger: number;
  /** the challenger's less the champion's; each bound at half the run's alpha, null where one of two roots is 0 */
  readonly difference: number;
  readonly differenceInterval: readonly [number, number] | null;
  /** by how much the challenger is worse, as a share of the champion's number; negative when it is better, null when that is 0 */
  readonly worse: number | null;
  /** each bound at half the run's alpha; null when the champion's number is not proven to differ from 0 */
  readonly interval: readonly [number, number] | null;
  /** of "no difference at all": McNemar's exact test for accuracy, DeLong's for ROC-AUC, else the paired t-test; natural logarithm */
  readonly logPNoDifference: number;
  /** whose number is proven to be better, by how little soever; null when neither was asked, or is */
  readonly better: VersionRole | null;
  readonly tolerated: { readonly warn: number; readonly fail: number };
  /** natural logarithms of the p-values of "worse by no more than is tolerated" */
  readonly logPWarn: number;
  readonly logPFail: number;
  /** null when neither was asked, or proven */
  readonly rejected: 'warn' | 'fail' | null;
}

export interface PairedReport {
  /** the column whose value names a request */
  readonly key: string;
  readonly rows: number;
  readonly champion: PairedVersion;
  readonly challenger: PairedVersion;
  readonly prediction: string | null;
  readonly agreement: Agreement | null;
  readonly scores: readonly ({ readonly column: string } & Difference)[];
  /** the column of the labels, and the pairs that have one; null without labels */
  readonly labels: { readonly column: string; readonly rows: number } | null;
  readonly metrics: readonly PairedMetric[];
  /** metrics that labels would give, and why they do not */
  readonly untold: readonly { readonly id: PairedMetricId; readonly reason: string }[];
}

export interface CompareReport {
  readonly schemaVersion: number;
  readonly kind: 'compare';
  readonly tool: { readonly name: 'driftgate'; readonly version: string; readonly engine: string };
  readonly gate: Omit<Verdict['gate'], 'counts'>;
  readonly champion: ComparedVersion;
  readonly challenger: ComparedVersion;
  /** who is better on the labelled requests of both, by each metric that tells them apart; null where metrics disagree or tell nothing */
  readonly leader: VersionRole | null;
  /** the same in a sentence */
  readonly standing: string;
  /** the column of the versions, and all that the log holds */
  readonly versions: { readonly column: string; readonly found: readonly ComparedVersion[] };
  /** what makes the challenger worse; the gate goes by these */
  readonly findings: readonly Finding[];
  /** how it differs, which is what a challenger is for; never gated */
  readonly differences: readonly Finding[];
  /** predictions and scores, the champion's as the reference */
  readonly columns: readonly ReportColumn[];
  readonly predictions: PredictionReport | null;
  readonly service: ServiceReport | null;
  /** of both as two samples, by the labels that their own rows hold */
  readonly outcomes: OutcomesReport | null;
  /** null when no id tells which rows belong together, for the reason */
  readonly paired: PairedReport | null;
  readonly unpaired: string | null;
  readonly method: { readonly alpha: number; readonly familySize: number; readonly pairedFamilySize: number };
  readonly dataset: DatasetInfo;
  readonly config: ConfigRecord;
  readonly notes: readonly string[];
  readonly run: { readonly startedAt: string; readonly durationMs: number; readonly threads: number };
}
