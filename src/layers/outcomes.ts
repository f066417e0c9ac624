import type { Dataset } from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { nextUp } from '../math/floats.ts';
import { DriftError } from '../model/errors.ts';
import type { Metric, MetricDrop, MetricId, Performance, PerformanceEstimate } from '../model/outcome.ts';
import type { OutcomeCounts } from '../model/outcome-counts.ts';
import {
  defaultOutcomeSettings,
  type GateableMetric,
  type OutcomeSettings,
  type OutcomesReport,
  type OutcomeWindow,
  type SeriesMetric,
  type SidePerformance,
} from '../model/outcomes.ts';
import type { CheckOptions } from '../model/run.ts';
import { quoted } from '../model/text.ts';
import type { TimeSpan } from '../model/windows.ts';
import { confidenceEstimates } from '../outcome/confidence-estimate.ts';
import { lossEstimates } from '../outcome/loss-estimate.ts';
import { directionOf } from '../outcome/metric.ts';
import { metricDrop } from '../outcome/metric-drop.ts';
import { metricOf, performanceOf } from '../outcome/performance.ts';
import { conventionalRole } from '../profile/roles.ts';
import type { ReferenceColumn } from '../profile/side.ts';
import type { Rejected } from '../verdict/family.ts';
import type { Layer } from '../verdict/layers.ts';
import {
  type LabelledCellsOf,
  type MetricComparison,
  type OutcomeQuestions,
  outcomeQuestions,
} from '../verdict/outcomes.ts';
import type { ColumnPair, LayerRun, LayerTime, OpenLayer } from './layer.ts';
import type { Memory } from './memory.ts';
import { isoMoment } from './moments.ts';
import { labelBias } from './outcomes/cells.ts';
import { countClasses } from './outcomes/classification.ts';
import {
  type Cut,
  confidenceReference,
  countCells,
  crowdedScores,
  cutOf,
  decilesOf,
  lossCells,
  lossReference,
} from './outcomes/estimates.ts';
import { type BatchLabels, labelOf } from './outcomes/labels.ts';
import { countValues } from './outcomes/regression.ts';
import { reportedEstimate, reportedMetric, reportedSide } from './outcomes/reported.ts';
import { answered, type OutcomeRows, outcomeRows, Unmeasurable } from './outcomes/rows.ts';
import { decideTask, disjoint, mostClasses, type Task, type Values } from './outcomes/task.ts';

/** Metrics that are gated when the configuration names none, and those shown over time, best known first. */
const gatedByDefault = {
  binary: ['f1', 'roc-auc'],
  multiclass: ['accuracy', 'f1-macro'],
  regression: ['mean-absolute-error', 'root-mean-squared-error'],
} as const satisfies Record<Task['kind'], readonly GateableMetric[]>;
const shownOverTime = {
  binary: ['accuracy', 'precision', 'recall', 'f1', 'roc-auc', 'average-precision', 'log-loss', 'brier-score'],
  multiclass: ['accuracy', 'f1-macro', 'roc-auc-macro', 'log-loss', 'brier-score'],
  regression: ['mean-absolute-error', 'root-mean-squared-error', 'r-squared', 'mean-error'],
} as const satisfies Record<Task['kind'], readonly MetricId[]>;

/** Predictions against labels, and what the predictions alone say of how right they are. */
export const outcomes: OpenLayer = async (data, columns, options, _engine, _timeline, memory) => {
  const prediction = columns.find(({ role, error }) => role === 'prediction' && error === null) ?? null;
  const scores = columns.filter(({ role, error }) => role === 'score' && error === null);
  if (prediction === null && scores.length === 0) {
    if (options.labels === undefined) return null;
    throw new DriftError(
      'BAD_LABELS',
      `labels were given, and the reference ${quoted(options.reference.paths.join(', '), 120)} has no prediction to compare them with; name it with --prediction or --score`,
    );
  }
  const run = new OutcomesRun(columns, prediction, scores, options);
  await run.reference(data, memory);
  return run;
};

/** What the reference leaves behind for the current side. */
interface Known {
  readonly task: Task;
  readonly reference: {
    readonly counts: OutcomeCounts;
    readonly performance: Performance;
    readonly labelled: number;
  } | null;
  /** where scores, or the prediction of a regression, are cut; one a score */
  readonly cuts: readonly Cut[];
  readonly deciles: readonly Float64Array[];
  readonly residualEdges: Float64Array | null;
  readonly estimator:
    | { readonly form: 'confidence'; readonly reference: Awaited<ReturnType<typeof confidenceReference>> }
    | { readonly form: 'loss'; readonly reference: Awaited<ReturnType<typeof lossReference>> }
    | null;
  readonly labelClasses: readonly string[];
}

/** The whole side, and each of its windows. */
interface Counted {
  readonly whole: OutcomeCounts;
  readonly windows: readonly OutcomeCounts[];
}

/** The batch's rows in the columns that outcomes are made of. */
interface LabelledBatch {
  readonly rows: Dataset;
  readonly label: SourceColumn | null;
  readonly window: SourceColumn | null;
}

/** Of a reference that says nothing but what is predicted. */
function unknown(task: Task): Known {
  return { task, reference: null, cuts: [], deciles: [], residualEdges: null, estimator: null, labelClasses: [] };
}

class OutcomesRun implements LayerRun {
  readonly #columns: readonly ReferenceColumn[];
  readonly #prediction: ReferenceColumn | null;
  readonly #scores: readonly ReferenceColumn[];
  readonly #options: CheckOptions;
  readonly #settings: OutcomeSettings;
  readonly #label: ReferenceColumn | null;
  readonly #notes: string[] = [];
  #meanScores: ReadonlyMap<string, number> | null = null;
  #known: Known | null = null;
  #refused: string | null = null;
  /** whether a refusal is a finding: labels are there and do not fit */
  #unfit = false;
  #join: BatchLabels | null = null;
  #labelName: string | null = null;
  #current: { readonly counts: OutcomeCounts; readonly performance: Performance; readonly labelled: number } | null =
    null;
  #currentRows = 0;
  #time: LayerTime | null = null;
  #windows: readonly CountedWindow[] = [];
  #estimate: PerformanceEstimate | null = null;
  #bias: readonly LabelledCellsOf[] = [];
  #questions: OutcomeQuestions | null = null;

  constructor(
    columns: readonly ReferenceColumn[],
    prediction: ReferenceColumn | null,
    scores: readonly ReferenceColumn[],
    options: CheckOptions,
  ) {
    this.#columns = columns;
    this.#prediction = prediction;
    this.#scores = scores;
    this.#options = options;
    this.#settings = options.outcomes ?? defaultOutcomeSettings;
    const { known, name } = labelOf(columns, options.verdict);
    this.#label = known;
    this.#labelName = name;
  }

  async reference(data: Dataset, memory: Memory): Promise<void> {
    await this.#orRefuse(async () => {
      const named = [...this.#scores.map(({ source }) => source.name), this.#prediction?.source.name ?? null];
      this.#meanScores = await memory.recall(['mean scores', named], () => this.#scoresByClass(data));
      if (this.#label === null) return;
      const task = this.#decide(this.#label && valuesOf(this.#label));
      if (task === null) return;
      this.#known = await memory.recall(['reference', task, this.#settings.threshold, this.#label?.source.name], () =>
        this.#countReference(data, task),
      );
    });
  }

  /** Runs what may turn out not to be measurable; the run goes on. */
  async #orRefuse(measure: () => Promise<void>): Promise<void> {
    try {
      await measure();
    } catch (error) {
      if (!(error instanceof Unmeasurable)) throw error;
      // labels that were asked for and cannot be used are no detail
      if (this.#options.labels !== undefined) throw new DriftError('BAD_LABELS', error.message, { cause: error });
      this.#refuse(error.message);
    }
  }

  #refuse(why: string, unfit = true): void {
    this.#refused ??= why;
    this.#unfit ||= unfit;
  }

  #decide(label: Values | null): Task | null {
    const side = (column: ReferenceColumn | null) => column && { name: column.source.name, values: valuesOf(column) };
    const decided = decideTask(
      {
        label: label && { name: this.#labelName ?? 'label', values: label },
        prediction: side(this.#prediction),
        scores: this.#scores.map(({ source }) => source.name),
        meanScores: this.#meanScores,
      },
      this.#settings,
    );
    if ('refused' in decided) {
      this.#refuse(decided.refused);
      return null;
    }
    this.#notes.push(...decided.notes);
    return decided.task;
  }

  /** Which class a single score speaks for: the one that it is higher for. */
  async #scoresByClass(data: Dataset): Promise<ReadonlyMap<string, number> | null> {
    const [score, other] = this.#scores;
    const by = this.#prediction ?? this.#label;
    const values = by && valuesOf(by);
    if (score === undefined || other !== undefined || values?.form !== 'classes') return null;
    const rows = data.derive([
      { name: 'class', derivation: { as: 'class', column: by!.source } },
      { name: 'score', derivation: { as: 'number', reading: { column: score.source, as: 'value' } } },
    ]);
    const [column, number] = rows.columns as [SourceColumn, SourceColumn];
    const [answer] = await rows.crossCounts([
      {
        axes: [{ form: 'categories', column, labels: values.classes }],
        sums: [{ op: 'value', reading: { column: number, as: 'value' } }],
      },
    ]);
    const { places, sums, summed } = answered(answer!);
    return new Map(
      Array.from(places[0]!, (place, i) => [place, sums[0]![i]! / summed[0]![i]!] as const).flatMap(([place, mean]) =>
        place < values.classes.length ? [[values.classes[place]!, mean]] : [],
      ),
    );
  }

  #columnsOf(data: Dataset, task: Task): { prediction: SourceColumn | null; scores: SourceColumn[] } | null {
    const named = (name: string) => data.columns.find((column) => column.name === name);
    const prediction = this.#prediction === null ? null : (named(this.#prediction.source.name) ?? null);
    if (this.#prediction !== null && prediction === null) return null;
    const scores = task.scores.flatMap(({ column }) => named(column) ?? []);
    return { prediction, scores: scores.length === task.scores.length ? scores : [] };
  }

  async #countReference(data: Dataset, task: Task): Promise<Known> {
    const found = this.#columnsOf(data, task)!;
    const identity = identityOf(data, this.#columns);
    const rows = await outcomeRows(
      data,
      { label: this.#label?.source ?? null, ...found, windows: null, identity, names: this.#names() },
      task,
      this.#settings.threshold,
    );
    try {
      return task.kind === 'regression'
        ? await this.#regressionReference(rows, task)
        : await this.#classReference(rows, task);
    } finally {
      await rows.data.close();
    }
  }

  /** How the user knows labels and predictions. */
  #names() {
    return {
      label: this.#labelName ?? 'label',
      prediction: this.#prediction?.source.name ?? 'prediction',
    };
  }

  async #regressionReference(rows: OutcomeRows, task: Task): Promise<Known> {
    const cut = await cutOf(rows, rows.prediction!, [rows.prediction!, rows.residual!]);
    if (cut === null) return unknown(task);
    const residuals = await cutOf(rows, rows.residual!, [rows.residual!, rows.prediction!]);
    const edges = residuals && Float64Array.of(residuals.min, ...residuals.edges, nextUp(residuals.max));
    const { whole } = await countValues(rows, this.#features(), edges);
    return {
      ...unknown(task),
      cuts: [cut],
      residualEdges: edges,
      reference: { counts: whole, performance: performanceOf(whole), labelled: whole.rows },
      estimator: { form: 'loss', reference: await lossReference(rows, cut, whole.unit) },
    };
  }

  async #classReference(rows: OutcomeRows, task: Task): Promise<Known> {
    const key = [...rows.scores.map(({ score }) => score), ...(rows.prediction ? [rows.prediction] : [])];
    const cuts: Cut[] = [];
    for (const { score } of rows.scores) {
      const cut = await cutOf(rows, score, key);
      if (cut !== null) cuts.push(cut);
    }
    const deciles = cuts.map(decilesOf);
    const crowded = await crowdedScores(rows);
    const { whole } = await countClasses(
      rows,
      task,
      deciles,
      crowded.map((many) => (many ? [] : null)),
    );
    const estimable = cuts.length > 0 && cuts.length === task.scores.length && rows.prediction !== null;
    return {
      ...unknown(task),
      cuts,
      deciles,
      labelClasses: rows.labelClasses,
      reference: { counts: whole, performance: performanceOf(whole), labelled: labelledOf(whole) },
      estimator: estimable ? { form: 'confidence', reference: await confidenceReference(rows, task, cuts) } : null,
    };
  }

  /** Columns that the model may read; null when there is none. */
  #features(): number | null {
    const features = this.#columns.filter(({ role }) => role === 'feature' || role === 'segment').length;
    return features > 0 ? features : null;
  }

  async current(
    data: Dataset,
    pairs: readonly ColumnPair[],
    time: LayerTime,
    labels: BatchLabels | null,
  ): Promise<void> {
    this.#currentRows = data.rows;
    this.#time = time;
    this.#join = labels;
    const { rows, label, window } = labels === null ? this.#ofLog(data, time) : this.#ofFile(labels);
    if (label !== null && this.#known === null && this.#refused === null) {
      await this.#orRefuse(() => this.#withoutReference(rows, label));
    }
    const known = this.#known;
    if (known !== null) await this.#orRefuse(() => this.#measure(rows, label, window, known, pairs));
  }

  #ofFile({ data, label, window, notes }: BatchLabels): LabelledBatch {
    this.#notes.push(...notes);
    this.#labelName ??= 'label';
    return { rows: data, label, window };
  }

  /** The rows in the columns that outcomes are made of. */
  #ofLog(data: Dataset, { windows }: LayerTime): LabelledBatch {
    const label = this.#labelOfLog(data);
    const names = new Set([
      ...(this.#prediction === null ? [] : [this.#prediction.source.name]),
      ...this.#scores.map(({ source }) => source.name),
      ...(label === null ? [] : [label.name]),
    ]);
    const kept = data.columns.filter(({ name }) => names.has(name));
    const rows = data.derive([
      ...kept.map((column) => ({ name: column.name, derivation: { as: 'itself', column } as const })),
      ...(windows === null ? [] : [{ name: 'window', derivation: { as: 'stretch', by: windows.by } as const }]),
    ]);
    return {
      rows,
      label: rows.columns.slice(0, kept.length).find(({ name }) => name === label?.name) ?? null,
      window: windows === null ? null : rows.columns[kept.length]!,
    };
  }

  #labelOfLog(data: Dataset): SourceColumn | null {
    // a column that the reference has as something else is no label
    const known = new Set(this.#columns.map(({ source }) => source.name));
    const said = this.#options.verdict.columns;
    const guessed = data.columns.find(
      ({ name }) => conventionalRole(name) === 'label' && !known.has(name) && !Object.hasOwn(said, name),
    );
    const name = this.#labelName ?? guessed?.name ?? null;
    const column = data.columns.find((candidate) => candidate.name === name);
    if (column === undefined || column.family === 'unsupported' || column.family === 'embedding') return null;
    this.#labelName = column.name;
    return column;
  }

  /** Only the current side has labels: it decides the task, and there is no baseline but the configured one. */
  async #withoutReference(rows: Dataset, column: SourceColumn): Promise<void> {
    const [answer] = await rows
      .derive([{ name: 'label', derivation: { as: 'class', column } }])
      .categoryTables([{ ...column, index: 0, family: 'string', native: 'VARCHAR' }], mostClasses);
    const table = answered(answer!);
    const numeric = column.family === 'number' || column.family === 'integer';
    const values: Values = !table.complete
      ? numeric
        ? { form: 'numbers', example: table.values[0]! }
        : { form: 'texts', distinct: table.values.length + 1 }
      : { form: 'classes', classes: [...table.values].sort(), numeric };
    const task = this.#decide(values);
    if (task === null) return;
    this.#known = unknown(task);
  }

  async #measure(
    data: Dataset,
    label: SourceColumn | null,
    window: SourceColumn | null,
    known: Known,
    pairs: readonly ColumnPair[],
  ): Promise<void> {
    const { task } = known;
    const found = this.#columnsOf(data, task);
    if (found === null) throw new Unmeasurable(`the current data lacks ${quoted(this.#prediction!.source.name)}`);
    if (task.scores.length > 0 && found.scores.length === 0 && found.prediction === null) {
      throw new Unmeasurable(`the current data lacks ${quoted(task.scores[0]!.column)}`);
    }
    const scored: Known = found.scores.length === 0 ? { ...known, task: { ...task, scores: [] } } : known;
    const cut = this.#time?.windows?.windows ?? [];
    const windows = window && { column: window, count: cut.length };
    const rows = await outcomeRows(
      data,
      { label, ...found, windows, identity: [], names: this.#names() },
      scored.task,
      this.#settings.threshold,
    );
    try {
      const { estimates, counted } = await this.#count(rows, scored, pairs);
      this.#estimate = estimates.at(-1) ?? null;
      if (counted !== null) {
        const performance = performanceOf(counted.whole);
        const labelled = labelledOf(counted.whole);
        if (labelled === 0) this.#refuseWithoutLabels(pairs);
        else this.#current = { counts: counted.whole, performance, labelled };
        if (labelled > 0 && label !== null) await this.#compareLabels(data, label);
      }
      this.#windows = cut.map(({ span, rows: all }, i) => ({
        span,
        rows: all,
        labelled: counted ? labelledOf(counted.windows[i]!) : 0,
        realised: counted ? performanceOf(counted.windows[i]!) : null,
        estimated: estimates[i] ?? null,
      }));
    } finally {
      await rows.data.close();
    }
  }

  /** No label at all: none has come yet, or none reads as the reference's do. */
  #refuseWithoutLabels(pairs: readonly ColumnPair[]): void {
    const own =
      this.#join === null ? pairs.find(({ reference }) => reference.source.name === this.#labelName) : undefined;
    const { castFailures = 0, castFailureExamples = [] } = own?.current?.profile ?? {};
    if (castFailures === 0) {
      this.#refuse('no row has a label yet', false);
      return;
    }
    const example = quoted(castFailureExamples[0] ?? '', 30);
    this.#refuse(
      `${quoted(this.#labelName ?? '')} holds values such as ${example} that do not read as ${own!.reference.source.family}, which the reference's labels are: labels of another task`,
    );
  }

  /** Are rows with a label like the others. */
  async #compareLabels(data: Dataset, label: SourceColumn): Promise<void> {
    const written = this.#columns.flatMap((reference) => {
      const column = data.columns.find(({ name }) => name === reference.source.name);
      const isWritten = reference.role === 'prediction' || reference.role === 'score';
      return isWritten && column !== undefined ? [{ reference, column }] : [];
    });
    this.#bias = await labelBias(data, label, written);
  }

  /** With labels, and estimated without; each estimate one a window and that of all rows at the end. */
  async #count(
    rows: OutcomeRows,
    { task, estimator, cuts, deciles, residualEdges, labelClasses }: Known,
    pairs: readonly ColumnPair[],
  ): Promise<{ readonly estimates: readonly PerformanceEstimate[]; readonly counted: Counted | null }> {
    const options = { unseenShare: unseenShareOf(pairs) };
    if (task.kind === 'regression') {
      const estimates =
        estimator?.form === 'loss' ? lossEstimates(estimator.reference, await lossCells(rows, cuts[0]!), options) : [];
      const counted = rows.label === null ? null : await countValues(rows, this.#features(), residualEdges);
      return { estimates, counted };
    }
    if (rows.label !== null) this.#requireLikeClasses(rows, labelClasses);
    const cells = cuts.length > 0 && cuts.length === rows.scores.length ? await countCells(rows, cuts) : null;
    const estimates =
      estimator?.form === 'confidence' && cells !== null && rows.prediction !== null
        ? confidenceEstimates(estimator.reference, cells.confidence, options)
        : [];
    if (rows.label === null) return { estimates, counted: null };
    const crowded = cells === null ? [] : await crowdedScores(rows);
    const counted = await countClasses(
      rows,
      task,
      deciles,
      crowded.map((many, i) => (many ? cells!.tables[i]! : null)),
    );
    return { estimates, counted };
  }

  #requireLikeClasses({ labelClasses, predictedClasses }: OutcomeRows, known: readonly string[]): void {
    const { label, prediction } = this.#names();
    // predictions were held against the reference's labels when the task was decided
    const apart =
      known.length > 0
        ? disjoint(label, labelClasses, `${label} of the reference`, known)
        : this.#prediction && disjoint(label, labelClasses, prediction, predictedClasses);
    if (apart !== null) throw new Unmeasurable(apart);
  }

  ask(): Layer {
    this.#questions = outcomeQuestions(
      {
        comparisons: this.#known === null ? [] : this.#comparisons(this.#known.task),
        drop: this.#settings.drop,
        bias: this.#bias,
        join: this.#join?.join ?? null,
        unfit: this.#unfit ? this.#refused : null,
        windows: this.#time?.windows?.windows ?? [],
      },
      this.#options.verdict,
    );
    return this.#questions.layer;
  }

  /** Gated metrics that are measured or, failing that, estimated; of the whole batch and of its windows. */
  #comparisons(task: Task): MetricComparison[] {
    const ids: readonly GateableMetric[] = this.#settings.metrics ?? gatedByDefault[task.kind];
    const limits = [this.#settings.drop.warn, this.#settings.drop.fail];
    const measured = this.#current !== null;
    return ids.flatMap((id): MetricComparison[] => {
      const className = ofClass(id, task);
      const before = this.#known!.reference && metricOf(this.#known!.reference.performance, id, className);
      const said = this.#settings.baseline[id];
      const baseline = said ?? (before ? rounded(before) : null);
      const against = (metric: Metric, rows: number) => ({
        current: metric.value,
        interval: metric.interval,
        rows,
        drop: baseline === null ? withoutBaseline : metricDrop(baseline, metric, limits),
      });
      const whole = measured
        ? metricOf(this.#current!.performance, id, className)
        : this.#estimate && estimatedMetric(this.#estimate, id, className);
      if (!whole) return [];
      const rows = measured ? this.#current!.labelled : this.#estimate!.rows;
      const windows = this.#windows.flatMap(({ span, labelled, realised, estimated }, i) => {
        const metric = measured
          ? realised && metricOf(realised, id, className)
          : estimated && estimatedMetric(estimated, id, className);
        if (!metric) return [];
        return [{ span, index: i, ...against(rounded(metric), measured ? labelled : estimated!.rows) }];
      });
      return [
        {
          id,
          className,
          from: measured ? 'labels' : 'estimate',
          baseline: typeof baseline === 'number' ? baseline : (baseline?.value ?? null),
          baselineFrom: said === undefined ? 'reference' : 'config',
          direction: directionOf(id),
          whole: against(rounded(whole), rows),
          windows,
        },
      ];
    });
  }

  report(rejected: readonly Rejected[]): { outcomes?: OutcomesReport } {
    const known = this.#known;
    if (known === null || this.#questions === null) return {};
    const { task } = known;
    const { metrics, bias } = this.#questions.judged(rejected);
    const side = (counted: Known['reference'], rows: number): SidePerformance | null =>
      counted && reportedSide(counted.counts, counted.performance, { rows, labelled: counted.labelled });
    return {
      outcomes: {
        task: task.kind,
        positive: task.positive,
        columns: {
          label: this.#labelName ?? '',
          labelsFrom: this.#join === null ? 'log' : 'file',
          prediction: this.#prediction?.source.name ?? null,
          scores: task.scores,
          threshold: this.#prediction === null && task.scores.length === 1 ? this.#settings.threshold : null,
        },
        join: this.#join?.join ?? null,
        reference: side(known.reference, this.#referenceRows()),
        current: side(this.#current, this.#currentRows),
        refused: this.#current === null ? (this.#refused ?? 'the current data has no labels') : null,
        judged: metrics,
        estimate: this.#estimate && reportedEstimate(this.#estimate),
        bias,
        windows: this.#windows.map((window) => windowOf(task, window)),
      },
    };
  }

  #referenceRows(): number {
    return this.#columns[0]?.profile?.rows ?? 0;
  }

  notes(): readonly string[] {
    const refused = this.#refused !== null && !this.#unfit ? [`outcomes are not measured: ${this.#refused}`] : [];
    return [...this.#notes, ...refused, ...(this.#estimate?.refused ? [notEstimated(this.#estimate.refused)] : [])];
  }
}

/** The largest share of rows that hold a value of a feature which the reference never had; null when that was not counted. */
function unseenShareOf(pairs: readonly ColumnPair[]): number | null {
  const shares = pairs.flatMap(({ reference, evidence }) =>
    reference.role === 'feature' && evidence.unseen && evidence.unseen.currentRows > 0
      ? [evidence.unseen.unseenRows / evidence.unseen.currentRows]
      : [],
  );
  return shares.length === 0 ? null : Math.max(...shares);
}

function notEstimated(why: string): string {
  return `performance without labels is not estimated: ${why}`;
}

const withoutBaseline: MetricDrop = {
  relative: null,
  standardError: null,
  tests: [],
  reason: 'there is no baseline: the reference has no labels, and outcomes.baseline does not name it',
};

/** An estimate in the form of a metric that was measured. */
function estimatedMetric(estimate: PerformanceEstimate, id: MetricId, className: string | null): Metric | undefined {
  const found = estimate.metrics.find((metric) => metric.id === id && metric.className === className);
  return found && { ...found, probability: null, rows: estimate.rows, proportion: null, method: null };
}

/** The class that a metric of one class is told of; null for one of all. */
function ofClass(id: MetricId, { kind, positive }: Task): string | null {
  if (kind !== 'binary') return null;
  return ['precision', 'recall', 'f1', 'roc-auc', 'average-precision'].includes(id) ? positive : null;
}

function rounded(metric: Metric): Metric {
  return { ...metric, ...reportedMetric(metric), proportion: metric.proportion };
}

function labelledOf(counts: OutcomeCounts): number {
  if (counts.task === 'regression') return counts.rows;
  const confused = counts.confusion?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
  return Math.max(confused, counts.scores?.rows ?? 0);
}

/** What tells rows of the reference apart and knows nothing of labels, predictions or scores. */
function identityOf(data: Dataset, columns: readonly ReferenceColumn[]): SourceColumn[] {
  const ids = columns.filter(({ role }) => role === 'id');
  const others = columns.filter(({ role }) => role !== 'label' && role !== 'prediction' && role !== 'score');
  const readable = ({ family }: SourceColumn) => family !== 'unsupported' && family !== 'embedding';
  const chosen = (ids.length > 0 ? ids : others).map(({ source }) => source).filter(readable);
  return chosen.length > 0 ? chosen : data.columns.filter(readable).slice(0, 1);
}

/** The reference's values, as far as the task depends on them. */
function valuesOf({ counts, profile, source }: ReferenceColumn): Values {
  if (counts === null) return { form: 'texts', distinct: profile?.distinct?.value ?? 0 };
  if (counts.form === 'categories') {
    const numeric = source.family === 'number' || source.family === 'integer';
    if (!counts.complete || counts.values.length > mostClasses) {
      return numeric
        ? { form: 'numbers', example: counts.values[0]! }
        : { form: 'texts', distinct: profile?.distinct?.value ?? counts.values.length };
    }
    const texts = numeric ? counts.values.map((value) => String(Number(value))) : counts.values;
    return { form: 'classes', classes: [...texts].sort(), numeric };
  }
  if (counts.form === 'intervals') return { form: 'numbers', example: String(counts.min) };
  if (counts.values.length > mostClasses) return { form: 'numbers', example: String(counts.values[0]) };
  return { form: 'classes', classes: Array.from(counts.values, String).sort(), numeric: true };
}

/** One window of the current side, measured and estimated. */
interface CountedWindow {
  readonly span: TimeSpan | null;
  readonly rows: number;
  readonly labelled: number;
  readonly realised: Performance | null;
  readonly estimated: PerformanceEstimate | null;
}

function windowOf(task: Task, { span, rows, labelled, realised, estimated }: CountedWindow): OutcomeWindow {
  const ids: readonly MetricId[] = shownOverTime[task.kind];
  const series = (metrics: readonly Pick<Metric, 'id' | 'className' | 'value' | 'interval'>[]): SeriesMetric[] =>
    ids.flatMap((id) => {
      const metric = metrics.find((each) => each.id === id && each.className === ofClass(id, task));
      if (metric === undefined) return [];
      const { className, value, interval } = reportedMetric(metric);
      return [{ id, className, value, interval }];
    });
  return {
    from: span && isoMoment(span.from),
    to: span && isoMoment(span.to),
    rows,
    labelled,
    realised: labelled === 0 || realised === null ? [] : series(realised.metrics),
    estimated: series(estimated?.metrics ?? []),
    refused: estimated?.refused ?? null,
  };
}
