import type { Dataset, Engine } from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import type { ColumnEvidence } from '../model/evidence.ts';
import type { Report } from '../model/report.ts';
import type { CheckOptions } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Timeline, TimeSpan, WindowPlan } from '../model/windows.ts';
import type { CountedWindows } from '../profile/batch-windows.ts';
import type { CurrentColumn, ReferenceColumn } from '../profile/side.ts';
import type { Rejected } from '../verdict/family.ts';
import type { Layer } from '../verdict/layers.ts';
import type { Memory } from './memory.ts';
import type { BatchLabels } from './outcomes/labels.ts';

/**
 * A layer of monitoring beside the columns: outcomes, predictions, service, segments. It is opened on the reference, goes on with the
 * current data when the reference may be closed, asks its questions together with the columns', and writes its part of the report.
 */

/** A column on both sides; `current` is undefined where the current data lacks it. */
export interface ColumnPair {
  readonly reference: ReferenceColumn;
  readonly current: CurrentColumn | undefined;
  /** what the verdict knows of the column as a whole */
  readonly evidence: ColumnEvidence;
}

/** When the rows of the batch came about. */
export interface LayerTime {
  /** null when no column tells it */
  readonly column: SourceColumn | null;
  /** from when to when nearly all of them lie; null when no time could be read */
  readonly span: TimeSpan | null;
  /** the reference's windows as long as the batch */
  readonly plan: WindowPlan;
  /** the windows that the batch is cut into, and as an axis for further counts; null when it is not */
  readonly windows: CountedWindows | null;
  /** which of the windows hold enough rows to be judged */
  readonly judged: readonly boolean[];
  /** the reference by period; null when it has no time */
  readonly timeline: Timeline | null;
  /** the zone of its days */
  readonly zone: string;
  /** when the run began */
  readonly now: Date;
}

export interface LayerRun {
  /**
   * Starts to count what needs nothing but the current rows, their windows and their time, while the columns are still being measured.
   *
   * @param column null when none tells the time
   */
  begin?(data: Dataset, windows: Promise<CountedWindows | null>, column: SourceColumn | null): void;
  /**
   * Counts the current side; called once, before the questions.
   *
   * @param labels those that lie in a file; their column is none of the data, nor current in the pairs
   */
  current(data: Dataset, pairs: readonly ColumnPair[], time: LayerTime, labels: BatchLabels | null): Promise<void>;
  ask(): Layer;
  /**
   * @param rejected at which level each of its questions was rejected, in their order
   * @param verdict of the whole run
   */
  report(rejected: readonly Rejected[], verdict: Verdict): Partial<Report>;
  /** sentences for the report's notes: what was decided on the way */
  notes?(): readonly string[];
}

/**
 * Null when there is nothing to do: no column of such a role, nothing configured. A reference may be a saved profile: what is counted
 * of it goes through the memory, with the settings that it depends on as the key; anything else that is asked of the rows leaves the
 * layer out.
 */
export type OpenLayer = (
  data: Dataset,
  columns: readonly ReferenceColumn[],
  options: CheckOptions,
  /** for files of its own */
  engine: Engine,
  /** the reference by period; null when it has no time, or nothing is to be made of it */
  timeline: Timeline | null,
  memory: Memory,
) => Promise<LayerRun | null>;
