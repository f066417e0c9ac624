import type { Kind, MeasureResult } from './measure.ts';
import type { OutcomesReport } from './outcomes.ts';
import type { PredictionReport } from './predictions.ts';
import type { ColumnProfile, Role } from './profile.ts';
import type { QualityResult } from './quality.ts';
import type { Ranking } from './ranking.ts';
import type { ConfigRecord, DatasetInfo } from './run.ts';
import type { Segmentation } from './segments.ts';
import type { ServiceReport } from './service.ts';
import type { Severity } from './settings.ts';
import type { TimeReport } from './time.ts';
import type { ColumnVerdict, ColumnWindows, Finding, Outcome, Verdict } from './verdict.ts';

/** Version of the JSON contract; docs/report.schema.json describes it. Raised when a reader would break. */
export const reportSchemaVersion = 1;

/** One measure of one column, as shown. Never gated by itself. */
export interface ReportedMeasure extends Omit<MeasureResult, 'logPValue'> {
  readonly id: string;
  /** classical p-value of "no difference at all"; 0 when below the smallest double, see log10PValue */
  readonly pValue: number | null;
  readonly log10PValue: number | null;
}

/** At most 40 cells for the eye: the same cells for both sides. */
export interface Distribution {
  /** intervals: number ranges [edges[i], edges[i+1]); categories: one label a cell */
  readonly form: 'intervals' | 'categories';
  /** intervals: one more edge than cells; from the 0.5 % to the 99.5 % point of both sides, what lies beyond counts in the outer cells */
  readonly edges: readonly number[] | null;
  readonly labels: readonly string[] | null;
  /**
   * intervals that are equally wide on a logarithmic scale: 0 for log x, c > 0 for sign(x) · log(1 + |x| / c), which is near linear
   * within ±c; absent when they are equally wide as they are
   */
  readonly logarithmicFrom?: number;
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

export interface ReportColumn {
  readonly name: string;
  readonly role: Role;
  readonly kind: Kind;
  /** why this role and this kind, when they were guessed */
  readonly guess: { readonly role: string | null; readonly kind: string | null };
  /** the engine's name of the type as stored, e.g. BIGINT; null when the side lacks the column */
  readonly type: { readonly reference: string | null; readonly current: string | null };
  readonly outcome: Outcome;
  readonly reason: string;
  readonly severity: Severity | null;
  readonly findings: readonly Finding[];
  readonly gating: ColumnVerdict['gating'];
  readonly tests: ColumnVerdict['tests'];
  /** of φ², for the list of columns; see ColumnVerdict. Absent when not tested, and in reports of older versions */
  readonly qValue?: number;
  /** by window of the batch; absent when it has none */
  readonly windows?: ColumnWindows;
  readonly measures: readonly ReportedMeasure[];
  readonly reference: ColumnProfile | null;
  readonly current: ColumnProfile | null;
  readonly distribution: Distribution | null;
  /** the cells the verdict was formed on */
  readonly cells: {
    readonly labels: readonly string[];
    readonly reference: readonly number[];
    readonly current: readonly number[];
  } | null;
  /** a failure of this one column */
  readonly error: string | null;
}

/** The result of a run: a value that every rendering is a pure function of. Numbers are finite or null. */
export interface Report {
  readonly schemaVersion: number;
  readonly tool: { readonly name: 'driftgate'; readonly version: string; readonly engine: string };
  readonly gate: Verdict['gate'];
  readonly findings: readonly Finding[];
  /** data-quality checks, of the data set and then of each column; absent in reports of older versions */
  readonly quality?: readonly QualityResult[];
  /** absent when there is neither a prediction nor a score */
  readonly predictions?: PredictionReport;
  /** absent when the log has neither a latency nor a status */
  readonly service?: ServiceReport;
  /** worst first: outcome, severity, then φ² descending; then in the order of the reference's columns */
  readonly columns: readonly ReportColumn[];
  /** when the rows of the batch came about; absent without a time and without windows */
  readonly time?: TimeReport;
  readonly datasets: { readonly reference: DatasetInfo; readonly current: DatasetInfo };
  /** by the values of columns; absent when nothing was split */
  readonly segments?: readonly Segmentation[];
  /** which columns matter; absent when there is nothing to rank by */
  readonly ranking?: Ranking;
  readonly method: Verdict['method'];
  readonly config: ConfigRecord;
  /** performance on labels and estimated without; absent when there are no predictions or no labels */
  readonly outcomes?: OutcomesReport;
  /** things decided on the way that a reader should know, one sentence each */
  readonly notes: readonly string[];
  /** the only part that differs between two runs over the same input */
  readonly run: { readonly startedAt: string; readonly durationMs: number; readonly threads: number };
}
