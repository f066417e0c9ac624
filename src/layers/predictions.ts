import {
  type Axis,
  axisSize,
  ColumnFailure,
  type CrossCounts,
  type CrossRequest,
  type Dataset,
  type Stretches,
  type Term,
} from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { begun } from '../engine/turn.ts';
import { nextUp } from '../math/floats.ts';
import { DriftError } from '../model/errors.ts';
import type {
  ConfidenceMoments,
  ConfidenceProfile,
  PredictionBounds,
  PredictionReport,
  PredictionSeries,
  RuleCount,
  ScoreColumn,
  ScoreHistogram,
  ScoreMeaning,
  ScoreRule,
} from '../model/predictions.ts';
import { type QuantileName, quantileProbabilities } from '../model/profile.ts';
import type { CheckOptions } from '../model/run.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { printable, quoted } from '../model/text.ts';
import type { Timeline } from '../model/windows.ts';
import type { CountedWindows } from '../profile/batch-windows.ts';
import { roundDerived, total } from '../profile/numbers.ts';
import { numberReading, type ReferenceColumn } from '../profile/side.ts';
import {
  type ConfidenceEvidence,
  type CountedCheck,
  judgePredictions,
  type PredictionEvidence,
} from '../verdict/predictions.ts';
import { columnsOfRole } from './columns.ts';
import type { ColumnPair, OpenLayer } from './layer.ts';
import { type Memory, NotRemembered } from './memory.ts';
import { isoMoment } from './moments.ts';
import { momentsBy, momentsOf, sumsBy } from './predictions/by-window.ts';

/**
 * What predictions and scores say of themselves: confidence, whether the scores are probabilities, collapse, ranges that the user
 * wrote down, and the scores by predicted class. Both sides are counted over the same fixed grids, so that the verdict reads exact
 * counts.
 */

/** Steps of the grid of confidences on 0 … 1. */
const confidenceSteps = 200;
/** Cells of the histogram of scores by predicted class. */
const histogramCells = 20;
/** Nearer to the threshold than this is near. */
const near = 0.1;
/** Class scores may be off 1 by this much in all: they are logged with two or three digits. */
const sumTolerance = 0.01;
/** A score is not the largest when another is larger by more than this. */
const largestTolerance = 1e-6;
/** Predicted classes that are shown apart; a number with more values is no class. */
const mostClasses = 20;
/** Classes whose shares, and scores whose means, are shown by window. */
const mostSeries = 5;
/** More scores, or predicted classes, than this are not told apart: the SQL over them would be too long. */
const mostScores = 200;
/** Several scores without names of classes are class scores when they add up to 1 in this share of the rows. */
const sumsAlike = 0.99;

/** 0, 1/n, … and just above 1: cell 0 lies below 0, the last above 1. */
function unitEdges(steps: number): Float64Array {
  return Float64Array.from({ length: steps + 1 }, (_, i) => (i === steps ? nextUp(1) : i / steps));
}
const confidenceEdges = unitEdges(confidenceSteps);

/** Decided on the reference, and the same for both sides. */
interface Plan {
  readonly prediction: ReferenceColumn | null;
  readonly classes: readonly string[];
  readonly scores: readonly ScoreColumn[];
  readonly meaning: ScoreMeaning | null;
  readonly reason: string;
  /** ascending, within which the score is counted by predicted class: the histogram's, and about the threshold */
  readonly scoreEdges: Float64Array;
  readonly threshold: number;
}

/** One side, counted; null where it could not be. */
interface Counted {
  readonly confidence: ConfidenceProfile | null;
  /** by score cell and class, classes first; without a class last */
  readonly byClass: readonly Float64Array[] | null;
  readonly rules: ReadonlyMap<ScoreRule, RuleCount>;
}

/** What is counted of one side. */
interface Tables {
  /**
   * By whether the confidence is a number of 0 … 1 (where the scores tell of one), by predicted class (where there are any) and, last, by
   * stretch (where the side is cut into any): sums of the confidence, its square and its entropy, then of the values of the series.
   * Null where there is nothing to count, or it could not be
   */
  readonly counts: CrossCounts | null;
  /** whether the scores tell of confidence: inside every cell lie the counts over its grid, and over the score's */
  readonly scored: boolean;
  readonly classes: ClassAxis | null;
  /** columns that the sums of values are of, and where these begin */
  readonly values: { readonly first: number; readonly columns: readonly string[] };
  readonly stretches: number;
}

export const predictionLayer: OpenLayer = async (data, columns, options, _engine, timeline, memory) => {
  const { predictions: settings } = options.verdict;
  const bounded = settings.min !== null || settings.max !== null;
  const scores = columns.filter(({ role, error }) => role === 'score' && error === null);
  const prediction = columns.find(({ role, error }) => role === 'prediction' && error === null) ?? null;
  if (prediction === null && scores.length === 0 && !bounded) return null;

  const plan = await planOf(data, prediction, scores, options.verdict, memory);
  const { meaning, threshold, classes } = plan;
  const grid = meaning === null ? null : periodGrid(timeline, columns);
  let tables: Promise<Tables> | null = null;
  const countReference = () => {
    tables ??= countTables(data, plan, grid, []);
    return tables;
  };
  const key = [meaning, threshold, plan.scores, classes];
  const counted = await memory.recall(['counts', ...key], async () => countedSide(data, plan, await countReference()));
  const periods = grid && (await recallPeriods(memory, [...key, grid.start, grid.length, grid.count], countReference));
  const positive = positiveClass(plan, counted);
  const reference = withDecision(counted, plan, positive);
  const notes: string[] = [];
  const others = columns.filter(({ role }) => role === 'prediction').length - 1;
  if (others > 0) {
    notes.push(
      `of ${others + 1} predictions ${quoted(prediction!.source.name, 40)} is the one that scores and collapse are about`,
    );
  }
  if (scores.length > 0 && plan.meaning === null) notes.push(`no confidence was measured: ${plan.reason}`);

  let evidence: PredictionEvidence;
  let histogram: ScoreHistogram | null = null;
  let windows: CountedWindows | null = null;
  let series: readonly PredictionSeries[] = [];
  let judged: ReturnType<typeof judgePredictions>;
  let counting: ReturnType<typeof countCurrent> | null = null;
  const countCurrent = async (now: Dataset, cut: CountedWindows | null) => {
    const found = await countTables(now, plan, cut?.by ?? null, valuesOf(plan, prediction, scores));
    return { tables: found, counted: await countedSide(now, plan, found) };
  };
  return {
    begin: (now, cut) => {
      counting = begun(cut.then((found) => countCurrent(now, found)));
    },
    current: async (now, pairs, time) => {
      windows = time.windows;
      const { tables: found, counted } = await (counting ?? countCurrent(now, windows));
      const current = withDecision(counted, plan, positive);
      series = windows === null ? [] : seriesOf(plan, found, pairs);
      const bounds = bounded ? await countBounds(now, columns, options) : [];
      histogram = histogramOf(plan, reference, current);
      evidence = {
        sizes: { reference: data.rows, current: now.rows },
        prediction: prediction?.source.name ?? null,
        scores: plan.scores.map(({ column }) => column),
        confidence:
          // of a confidence that always was 0 there is no share to fall by
          reference.confidence && reference.confidence.mean > 0 && current.confidence
            ? {
                reference: reference.confidence,
                current: current.confidence,
                threshold: plan.threshold,
                near,
                resolution: 1 / confidenceSteps,
                windows: windows === null ? [] : confidenceBy(plan, found),
              }
            : null,
        checks: [...reference.rules].flatMap(([rule, then]): CountedCheck[] => {
          const found = current.rules.get(rule);
          const examples = rule === 'within-0-1' ? outsideExamples(plan, pairs) : '';
          return found === undefined ? [] : [{ rule, reference: then, current: found, examples }];
        }),
        concentration: concentrationOf(
          pairs.find(({ reference: then }) => then.source.name === prediction?.source.name),
        ),
        bounds,
        batch: { windows: windows?.windows ?? [], timeline, periods },
      };
    },
    ask: () => {
      judged = judgePredictions(evidence, options.verdict);
      return judged;
    },
    report: (rejected) => {
      const settled = <T>({ report, question }: { readonly report: T; readonly question: number | null }) => ({
        ...report,
        rejected: question !== null && rejected[question] !== null,
      });
      const predictions: PredictionReport = {
        prediction: evidence.prediction,
        scores: plan.scores,
        meaning: plan.meaning,
        reason: plan.reason,
        confidence: judged.confidence && settled(judged.confidence),
        checks: judged.checks.map(settled),
        concentration: judged.concentration && settled(judged.concentration),
        bounds: evidence.bounds,
        histogram,
        windows: (windows?.windows ?? []).map(({ span, rows }, i) => ({
          from: span && isoMoment(span.from),
          to: span && isoMoment(span.to),
          rows,
          confidence: judged.confidence?.windows[i] ?? null,
        })),
        series,
      };
      return { predictions };
    },
    notes: () => notes,
  };
};

async function planOf(
  data: Dataset,
  prediction: ReferenceColumn | null,
  scores: readonly ReferenceColumn[],
  settings: VerdictSettings,
  memory: Memory,
): Promise<Plan> {
  const { threshold } = settings.predictions;
  const classes = prediction === null ? [] : classesOf(prediction);
  const named = scores.map(({ source: { name } }): ScoreColumn => {
    const said = Object.hasOwn(settings.columns, name) ? settings.columns[name]?.class : undefined;
    return { column: name, class: said ?? (scores.length > 1 ? classOf(name, classes) : null) };
  });
  const cuts = [nextUp(threshold - near), threshold, threshold + near];
  const scoreEdges = Float64Array.from(new Set([...unitEdges(histogramCells), ...cuts])).sort();
  const plan = { prediction, classes, scores: named, threshold, scoreEdges };
  const { meaning, reason } = await memory.recall(['meaning', settings.predictions.score, named], () =>
    meaningOf(data, scores, plan, settings),
  );
  return { ...plan, meaning, reason };
}

/** What the scores are, as the reference shows them. */
async function meaningOf(
  data: Dataset,
  scores: readonly ReferenceColumn[],
  { classes, scores: named }: Pick<Plan, 'classes' | 'scores'>,
  settings: VerdictSettings,
): Promise<Pick<Plan, 'meaning' | 'reason'>> {
  const [first] = scores;
  if (first === undefined) return { meaning: null, reason: 'there is no score' };
  for (const { source, profile, kind } of scores) {
    const name = quoted(source.name, 40);
    const numbers = profile?.numbers;
    if (kind !== 'numeric' || !numbers) return { meaning: null, reason: `${name} holds no numbers in the reference` };
    if (numbers.min < 0 || numbers.max > 1 || profile.positiveInfinity + profile.negativeInfinity > 0) {
      return { meaning: null, reason: `${name} leaves 0 … 1 in the reference already, so it is no probability` };
    }
  }
  if (scores.length > mostScores) return { meaning: null, reason: `there are more than ${mostScores} scores` };
  if (scores.length > 1) {
    const given = named.map((score) => score.class);
    if (given.every((one) => one !== null) && new Set(given).size === given.length) {
      return { meaning: 'class-scores', reason: 'their names end with the predicted classes' };
    }
    const sums = (await countRules(data, { scores: named, prediction: null, classes: [] }, 'class-scores')).get(
      'sum-to-1',
    );
    return sums !== undefined && sums.of > 0 && sums.of - sums.rows >= sumsAlike * sums.of
      ? { meaning: 'class-scores', reason: 'they add up to 1 in the reference' }
      : {
          meaning: null,
          reason: `the ${scores.length} scores neither have names that end with the predicted classes, nor add up to 1`,
        };
  }
  const said = settings.predictions.score;
  if (said !== null) return { meaning: said, reason: 'predictions.score says so' };
  const name = quoted(first.source.name, 40);
  if (/confidence/i.test(first.source.name)) return { meaning: 'confidence', reason: `it is called ${name}` };
  // the largest of k class scores is 1/k at least, which the probability of one class falls below where another is predicted
  const least = first.profile!.numbers!.min;
  return classes.length > 1 && least >= 1 / classes.length
    ? {
        meaning: 'confidence',
        reason: `${name} is never below 1/${classes.length}, with ${classes.length} predicted classes`,
      }
    : { meaning: 'probability', reason: `${name} is one score of 0 … 1` };
}

/** The predicted classes, most frequent first; empty when the prediction is a value, or has too many classes to tell apart. */
function classesOf({ kind, counts, profile }: ReferenceColumn): string[] {
  if (counts?.form === 'categories')
    return counts.complete && counts.values.length <= mostScores ? [...counts.values] : [];
  if (kind !== 'numeric' || counts?.form !== 'values' || counts.values.length > mostClasses || !profile) return [];
  // whole numbers alone name classes
  if (!counts.values.every(Number.isInteger)) return [];
  return Array.from(counts.values, (value, i) => ({ value, rows: counts.counts[i]! }))
    .sort((a, b) => b.rows - a.rows || a.value - b.value)
    .map(({ value }) => String(value));
}

/** The class that a score's name ends with: `proba_approve`, `scores.approve`; the longest that fits. */
function classOf(name: string, classes: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_');
  const fitting = classes.filter(
    (one) => one !== '' && (plain(name) === plain(one) || plain(name).endsWith(`_${plain(one)}`)),
  );
  return fitting.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** The reference's periods as an axis; null where it has no time. */
function periodGrid(
  timeline: Timeline | null,
  columns: readonly ReferenceColumn[],
): Extract<Stretches, { form: 'time' }> | null {
  const time = timeline && columns.find(({ source }) => source.name === timeline.column);
  if (!timeline || !time) return null;
  const { start, length, rows } = timeline;
  return { form: 'time', ...numberReading(time.source, time.kind), start, length, count: rows.length };
}

/** The reference's confidence by period; null where it was not counted, or a profile of the reference does not hold it. */
async function recallPeriods(
  memory: Memory,
  key: readonly unknown[],
  counting: () => Promise<Tables>,
): Promise<readonly (ConfidenceMoments | null)[] | null> {
  try {
    const saved = await memory.recall(['periods', ...key], async () => {
      const { counts, scored, stretches } = await counting();
      if (counts === null || !scored) return null;
      const { rows, sums } = sumsBy(counts, stretches, within(counts));
      return { rows, sums: sums.slice(0, 2).map((own) => own.map((sum) => roundDerived(sum))) };
    });
    return saved && momentsBy(saved);
  } catch (error) {
    // without them windows that may have a rhythm are shown and do not decide
    if (error instanceof NotRemembered) return null;
    throw error;
  }
}

/** Columns whose mean is shown by window. */
function valuesOf(
  { classes }: Plan,
  prediction: ReferenceColumn | null,
  scores: readonly ReferenceColumn[],
): readonly string[] {
  const value = prediction?.kind === 'numeric' && classes.length === 0 ? [prediction] : [];
  return [...value, ...scores.slice(0, mostSeries)].map(({ source }) => source.name);
}

/** Everything that is counted over all rows of a side, in one scan. */
async function countTables(
  data: Dataset,
  plan: Plan,
  by: Stretches | null,
  values: readonly string[],
): Promise<Tables> {
  const { meaning } = plan;
  const terms = meaning === null ? null : scoreTerms(data, plan);
  const classes = classAxis(data, plan);
  const summed = data.columns.filter(({ name, family }) => isNumber(family) && values.includes(name));
  const sums = summed.map((column): Term => ({ op: 'value', reading: { column, as: 'value' } }));
  const told = meaning === null || terms === null ? null : toldBy(terms, meaning, plan);
  const tables: Omit<Tables, 'counts'> = {
    scored: told !== null,
    classes,
    values: { first: told?.sums.length ?? 0, columns: summed.map(({ name }) => name) },
    stretches: by === null ? 0 : axisSize(by) - 1,
  };
  if (told === null && (by === null || (classes === null && sums.length === 0))) return { ...tables, counts: null };
  const [counts] = await data.crossCounts([
    {
      axes: [...(told?.axes ?? []), ...(classes === null ? [] : [classes.axis]), ...(by === null ? [] : [by])],
      sums: [...(told?.sums ?? []), ...sums],
      inside: told?.inside ?? [],
    },
  ]);
  return { ...tables, counts: counts === undefined || counts instanceof ColumnFailure ? null : counts };
}

/** What is asked of scores that tell of confidence. */
function toldBy(
  terms: readonly Term[],
  meaning: ScoreMeaning,
  { scoreEdges }: Plan,
): Required<Omit<CrossRequest, 'where'>> {
  const confidence = confidenceTerm(terms, meaning);
  const entropy = meaning === 'confidence' ? null : entropyTerm(meaning === 'probability' ? both(terms[0]!) : terms);
  return {
    axes: [{ form: 'computed', term: confidence, edges: Float64Array.of(0, nextUp(1)) }],
    sums: [confidence, { op: '*', terms: [confidence, confidence] }, ...(entropy === null ? [] : [entropy])],
    inside: [
      { term: confidence, edges: confidenceEdges },
      { term: meaning === 'probability' ? terms[0]! : confidence, edges: scoreEdges },
    ],
  };
}

async function countedSide(data: Dataset, plan: Plan, { counts, scored, classes }: Tables): Promise<Counted> {
  if (plan.meaning === null || counts === null || !scored) {
    return { confidence: null, byClass: null, rules: new Map() };
  }
  const byClass = tableByClass(counts, plan, classes);
  return {
    confidence: confidenceOf(counts, byClass, plan),
    byClass,
    rules: await countRules(data, plan, plan.meaning),
  };
}

/** Whether the confidence of a cell's rows is one, a number of 0 … 1. */
function within({ places }: CrossCounts): (entry: number) => boolean {
  const [confidence] = places;
  return (entry) => confidence![entry] === 1;
}

/** The cells of scores near the threshold. */
function nearCells({ threshold, scoreEdges }: Plan): readonly [from: number, to: number] {
  return [scoreEdges.indexOf(nextUp(threshold - near)) + 1, scoreEdges.indexOf(threshold + near) + 1];
}

/** By window; null where no row has a confidence. */
function confidenceBy(plan: Plan, { counts, stretches }: Tables): ConfidenceEvidence['windows'] {
  const [from, to] = nearCells(plan);
  const [, byScore] = counts!.inside;
  const nearby = sumsBy(
    { ...counts!, rows: Float64Array.from(byScore!, (cells) => total(cells.slice(from, to))) },
    stretches,
  );
  return momentsBy(sumsBy(counts!, stretches, within(counts!))).map(
    (moments, i) => moments && { ...moments, nearThreshold: nearby.rows[i]! },
  );
}

/** Means, and shares of the most frequent classes, by window. */
function seriesOf(
  { prediction, classes }: Plan,
  { counts, classes: by, values: { first, columns }, stretches }: Tables,
  pairs: readonly ColumnPair[],
): PredictionSeries[] {
  if (counts === null) return [];
  const pairOf = (column: string | undefined) => pairs.find(({ reference }) => reference.source.name === column);
  const all = sumsBy(counts, stretches);
  const means = columns.map((column, s): PredictionSeries => {
    const pair = pairOf(column);
    // rows without a value are in the table too
    const rows = sumsBy({ ...counts, rows: counts.summed[first + s]! }, stretches).rows;
    return {
      form: 'mean',
      column,
      class: null,
      reference: pair?.reference.profile?.numbers?.mean ?? null,
      current: pair?.current?.profile?.numbers?.mean ?? null,
      windows: Array.from(rows, (many, i) => meanOf(all.sums[first + s]![i]!, many)),
    };
  });
  if (by === null) return means;
  const places = counts.places.at(-2)!;
  const nowhere = axisSize(by.axis) - 1;
  const given = (entry: number) => places[entry] !== nowhere;
  const of = sumsBy(counts, stretches, given).rows;
  const sides = counts.rows.reduce((sum, rows, entry) => (given(entry) ? sum + rows : sum), 0);
  const shares = [...by.classAt].filter(([, index]) => index < mostSeries);
  return [
    ...means,
    ...shares
      .sort(([, a], [, b]) => a - b)
      .map(([place, index]): PredictionSeries => {
        const holds = (entry: number) => places[entry] === place;
        const rows = sumsBy(counts, stretches, holds).rows;
        const now = counts.rows.reduce((sum, many, entry) => (holds(entry) ? sum + many : sum), 0);
        return {
          form: 'share',
          column: prediction!.source.name,
          class: printable(classes[index]!, 80),
          reference: prediction && shareThen(prediction, classes[index]!),
          current: sides === 0 ? null : now / sides,
          windows: Array.from(rows, (many, i) => (of[i] === 0 ? null : many / of[i]!)),
        };
      }),
  ];
}

/** Null when there is none, or the sum overflows. */
function meanOf(sum: number, rows: number): number | null {
  const mean = roundDerived(sum / rows);
  return rows > 0 && Number.isFinite(mean) ? mean : null;
}

/** The share of a class among the reference's rows with a prediction. */
function shareThen({ counts, profile }: ReferenceColumn, name: string): number | null {
  if (counts === null || profile === null) return null;
  const present = profile.rows - profile.nulls - profile.nan - profile.castFailures;
  const place =
    counts.form === 'categories'
      ? counts.values.indexOf(name)
      : counts.form === 'values'
        ? counts.values.indexOf(Number(name))
        : -1;
  return place < 0 || !(present > 0) ? null : counts.counts[place]! / present;
}

/** The scores of a row; null when the side lacks one. */
function scoreTerms(data: Dataset, { scores }: Pick<Plan, 'scores'>): readonly Term[] | null {
  const terms = scores.flatMap(({ column }): Term[] => {
    const source = data.columns.find(({ name, family }) => name === column && isNumber(family));
    return source === undefined ? [] : [{ op: 'value', reading: { column: source, as: 'value' } }];
  });
  return terms.length === scores.length && terms.length > 0 ? terms : null;
}

function isNumber(family: SourceColumn['family']): boolean {
  return family === 'number' || family === 'integer';
}

function both(p: Term): readonly Term[] {
  return [p, { op: '-', terms: [1, p] }];
}

function extreme(op: 'least' | 'greatest', terms: readonly Term[]): Term {
  const [a, b, ...more] = terms;
  return b === undefined ? a! : { op, terms: [a!, b, ...more] };
}

function sum(terms: readonly Term[]): Term {
  return terms.reduce((a, b) => ({ op: '+', terms: [a, b] }));
}

function confidenceTerm(scores: readonly Term[], meaning: ScoreMeaning): Term {
  return extreme('greatest', meaning === 'probability' ? both(scores[0]!) : scores);
}

/** −Σ p log₂ p; a p of 0 adds nothing. */
function entropyTerm(probabilities: readonly Term[]): Term {
  const parts = probabilities.map((probability): Term => {
    const p: Term = { op: 'greatest', terms: [probability, 1e-300] };
    return { op: '*', terms: [p, { op: 'ln', term: p }] };
  });
  return { op: '*', terms: [sum(parts), -Math.LOG2E] };
}

/** The predicted class as an axis, and which of its places is which class. */
interface ClassAxis {
  readonly axis: Axis;
  /** by place, the index among the classes; others have none */
  readonly classAt: ReadonlyMap<number, number>;
}

function classAxis(data: Dataset, { prediction, classes }: Pick<Plan, 'prediction' | 'classes'>): ClassAxis | null {
  const source = data.columns.find(({ name }) => name === prediction?.source.name);
  if (prediction === null || source === undefined || classes.length === 0) return null;
  const shown = classes.slice(0, mostClasses);
  if (prediction.kind !== 'numeric') {
    return {
      axis: { form: 'categories', column: source, labels: shown },
      classAt: new Map(shown.map((_, i) => [i, i])),
    };
  }
  if (!isNumber(source.family)) return null;
  // a value is a cell of its own, whether it is stored as 1 or as 1.0
  const values = shown.map(Number).sort((a, b) => a - b);
  const edges = Float64Array.from(new Set(values.flatMap((value) => [value, nextUp(value)]))).sort();
  const places = new Map(shown.map((label, i) => [edges.indexOf(Number(label)) + 1, i]));
  return { axis: { form: 'numbers', column: source, as: 'value', edges }, classAt: places };
}

/** Rows by class, the last for none of them; each over the score cells, those without a score left out. */
function tableByClass(
  counts: CrossCounts,
  { classes, scoreEdges }: Plan,
  by: ClassAxis | null,
): readonly Float64Array[] {
  const shown = by === null ? 0 : Math.min(classes.length, mostClasses);
  const table = Array.from({ length: shown + 1 }, () => new Float64Array(scoreEdges.length + 1));
  // a further axis is none of classes
  const places = by === null ? undefined : counts.places[1];
  for (const [entry, cells] of counts.inside[1]!.entries()) {
    addTo(table[(places && by?.classAt.get(places[entry]!)) ?? shown]!, cells);
  }
  return table;
}

function addTo(sums: Float64Array, counts: Float64Array): void {
  for (const [i, count] of counts.entries()) sums[i] = sums[i]! + count;
}

function confidenceOf(table: CrossCounts, byClass: readonly Float64Array[], plan: Plan): ConfidenceProfile | null {
  const counts = new Float64Array(confidenceEdges.length + 1);
  const holds = within(table);
  const totals = [0, 0, 0];
  for (const [entry, cells] of table.inside[0]!.entries()) {
    if (!holds(entry)) continue;
    addTo(counts, cells);
    for (const s of totals.keys()) totals[s]! += table.sums[s]?.[entry] ?? 0;
  }
  const n = total(counts);
  if (n === 0) return null;
  const [sum, squares, entropy] = totals as [number, number, number];
  const [from, to] = nearCells(plan);
  return {
    ...momentsOf(n, sum, squares),
    quantiles: Object.fromEntries(
      Object.entries(quantileProbabilities).map(([name, probability]) => [name, gridQuantile(counts, n * probability)]),
    ) as Record<QuantileName, number>,
    nearThreshold: byClass.reduce((all, own) => all + total(own.slice(from, to)), 0),
    entropy: plan.meaning === 'confidence' ? null : Math.max(0, roundDerived(entropy / n, 1)),
  };
}

/** Interpolated inside a step of the grid. */
function gridQuantile(counts: Float64Array, wanted: number): number {
  let below = 0;
  for (let i = 1; i < confidenceEdges.length; i++) {
    const count = counts[i]!;
    if (count > 0 && below + count >= wanted) {
      return roundDerived((i - 1 + Math.max(0, wanted - below) / count) / confidenceSteps, 1);
    }
    below += count;
  }
  return 1;
}

/** Rows that break each rule, of those that have all the scores. */
async function countRules(
  data: Dataset,
  plan: Pick<Plan, 'scores' | 'prediction' | 'classes'>,
  meaning: ScoreMeaning,
): Promise<Map<ScoreRule, RuleCount>> {
  const rules = new Map<ScoreRule, RuleCount>();
  const terms = scoreTerms(data, plan);
  if (terms === null) return rules;
  const gap = meaning === 'class-scores' ? gapTerm(data, plan, terms) : null;
  const axes: readonly (Axis & { readonly form: 'computed' })[] = [
    { form: 'computed', term: extreme('least', terms), edges: Float64Array.of(0) },
    { form: 'computed', term: extreme('greatest', terms), edges: Float64Array.of(nextUp(1)) },
    ...(meaning === 'class-scores'
      ? [
          {
            form: 'computed',
            term: sum(terms),
            edges: Float64Array.of(1 - sumTolerance, nextUp(1 + sumTolerance)),
          } as const,
        ]
      : []),
    ...(gap === null
      ? []
      : [{ form: 'computed', term: gap, edges: Float64Array.of(nextUp(largestTolerance)) } as const]),
  ];
  const [answer] = await data.crossCounts([{ axes, sums: [] }]);
  if (answer === undefined || answer instanceof ColumnFailure) return rules;
  const { places, rows } = answer;
  const nowhere = axes.map((axis) => axisSize(axis) - 1);
  const counted = (rule: ScoreRule, axis: number, breaks: (cell: number) => boolean) => {
    const known = (i: number) => places[axis]![i] !== nowhere[axis];
    const rowsWhere = (holds: (i: number) => boolean) =>
      rows.reduce((all, count, i) => (holds(i) ? all + count : all), 0);
    rules.set(rule, { rows: rowsWhere((i) => known(i) && breaks(places[axis]![i]!)), of: rowsWhere(known) });
  };
  const outside = (i: number) => places[0]![i] === 0 || places[1]![i] === 1;
  const scored = (i: number) => places[0]![i] !== nowhere[0];
  rules.set('within-0-1', {
    rows: rows.reduce((all, count, i) => (scored(i) && outside(i) ? all + count : all), 0),
    of: rows.reduce((all, count, i) => (scored(i) ? all + count : all), 0),
  });
  if (meaning === 'class-scores') counted('sum-to-1', 2, (cell) => cell !== 1);
  if (gap !== null) counted('largest-score', 3, (cell) => cell === 1);
  return rules;
}

/** By how much the largest score exceeds that of the predicted class; NULL for a class without a score. */
function gapTerm(
  data: Dataset,
  { scores, prediction, classes }: Pick<Plan, 'scores' | 'prediction' | 'classes'>,
  terms: readonly Term[],
): Term | null {
  const source = data.columns.find(({ name }) => name === prediction?.source.name);
  if (prediction === null || source === undefined || classes.length === 0) return null;
  if (scores.some((score) => score.class === null)) return null;
  const numeric = prediction.kind === 'numeric';
  if (numeric && (!isNumber(source.family) || scores.some((score) => !Number.isInteger(Number(score.class)))))
    return null;
  const is = (label: string): Term => {
    if (!numeric) return { op: 'is', column: source, label };
    const off: Term = { op: '-', terms: [{ op: 'value', reading: { column: source, as: 'value' } }, Number(label)] };
    // whole numbers are 1 apart at least
    return { op: 'greatest', terms: [0, { op: '-', terms: [1, { op: 'abs', term: off }] }] };
  };
  const chosen = scores.map((score, i): Term => ({ op: '*', terms: [is(score.class!), terms[i]!] }));
  const known = sum(scores.map((score) => is(score.class!)));
  // 0/0 is no number, so a class without a score drops out
  return { op: '-', terms: [extreme('greatest', terms), { op: '/', terms: [sum(chosen), known] }] };
}

/** Rows of a class below the threshold, and at or above it. */
function sidesOf(
  cells: Float64Array,
  { scoreEdges, threshold }: Plan,
): { readonly below: number; readonly above: number } {
  const at = scoreEdges.indexOf(threshold) + 1;
  return { below: total(cells.slice(0, at)), above: total(cells.slice(at)) };
}

/** Of two classes the one that the score speaks for: most of the reference's rows at or above the threshold were predicted so. */
function positiveClass(plan: Plan, { byClass }: Counted): 0 | 1 | null {
  if (plan.meaning !== 'probability' || plan.classes.length !== 2 || byClass?.length !== 3) return null;
  const [first, second] = byClass.map((cells) => sidesOf(cells, plan).above) as [number, number];
  return first === second ? null : first > second ? 0 : 1;
}

/** With one score of two classes, the predicted one contradicts it on the wrong side of the threshold. */
function withDecision(side: Counted, plan: Plan, positive: 0 | 1 | null): Counted {
  if (positive === null || side.byClass?.length !== 3) return side;
  const yes = sidesOf(side.byClass[positive]!, plan);
  const no = sidesOf(side.byClass[1 - positive]!, plan);
  const wrong = { rows: yes.below + no.above, of: yes.below + yes.above + no.below + no.above };
  return { ...side, rules: new Map([...side.rules, ['largest-score', wrong]]) };
}

function histogramOf({ scoreEdges, classes }: Plan, reference: Counted, current: Counted): ScoreHistogram | null {
  const { byClass: then } = reference;
  const { byClass: now } = current;
  if (then === null || now === null) return null;
  const edges = unitEdges(histogramCells);
  const bounds = Array.from(edges, (edge) => scoreEdges.indexOf(edge) + 1);
  const joined = (cells: Float64Array | undefined) =>
    bounds.slice(1).map((to, i) => (cells === undefined ? 0 : total(cells.slice(bounds[i]!, to))));
  // a side without the predicted class has all its rows among the others
  const last = Math.max(then.length, now.length) - 1;
  const of = (side: readonly Float64Array[], i: number) =>
    i === last ? side.at(-1) : i < side.length - 1 ? side[i] : undefined;
  const shown = Array.from({ length: last + 1 }, (_, i) => ({
    class: i === last ? null : classes[i]!,
    reference: joined(of(then, i)),
    current: joined(of(now, i)),
  }));
  return {
    edges: Array.from(edges, (_, i) => i / histogramCells),
    classes: shown.filter(
      (one) => one.class !== null || last === 0 || [...one.reference, ...one.current].some((rows) => rows > 0),
    ),
  };
}

/** Scores outside 0 … 1, each column's furthest. */
function outsideExamples({ scores }: Plan, pairs: readonly ColumnPair[]): string {
  const found = scores.flatMap(({ column }): string[] => {
    const numbers = pairs.find(({ reference }) => reference.source.name === column)?.current?.profile?.numbers;
    if (!numbers) return [];
    const furthest =
      numbers.min < 0 && -numbers.min >= numbers.max - 1 ? numbers.min : numbers.max > 1 ? numbers.max : null;
    return furthest === null
      ? []
      : [`${scores.length === 1 ? '' : `${printable(column, 40)} `}${Number(furthest.toPrecision(6))}`];
  });
  return found.slice(0, 3).join(', ');
}

/** How many rows hold the most frequent prediction of now. */
function concentrationOf(pair: ColumnPair | undefined): PredictionEvidence['concentration'] {
  const then = pair?.reference.profile;
  const now = pair?.current?.profile;
  if (!then?.mode || !now?.mode) return null;
  const { value, rows } = now.mode;
  // none of the most frequent has at most as many rows as the last of them
  const known = then.top.find((one) => one.value === value) ?? then.top.at(-1);
  const present = (profile: typeof then) => profile.rows - profile.nulls - profile.nan;
  return {
    value: printable(value, 80),
    reference: { rows: known?.rows ?? 0, of: present(then) },
    current: { rows, of: present(now) },
  };
}

/**
 * Predictions outside the range that the user wrote down, in every column of predictions.
 *
 * @throws {DriftError} UNKNOWN_COLUMN, BAD_OPTION: a rule that nothing can be held against must not read as kept
 */
async function countBounds(
  data: Dataset,
  columns: readonly ReferenceColumn[],
  { verdict }: CheckOptions,
): Promise<PredictionBounds[]> {
  const { min, max, outOfBoundsShare: tolerated } = verdict.predictions;
  const key = `predictions.${min === null ? 'max' : 'min'}`;
  const found = columnsOfRole(data, 'prediction', columns, verdict.columns);
  // a prediction that went missing is a finding of its own
  if (found.length === 0 && !columns.some(({ role }) => role === 'prediction')) {
    throw new DriftError(
      'UNKNOWN_COLUMN',
      `${key} is set, and no column is known as a prediction; name it with --prediction COLUMN`,
    );
  }
  const text = found.find(({ source }) => !isNumber(source.family));
  if (text !== undefined) {
    const { name, native } = text.source;
    throw new DriftError(
      'BAD_OPTION',
      `${key} is set, and the prediction ${quoted(name)} is stored as ${native}; a range is one of numbers`,
    );
  }
  const edges = [...(min === null ? [] : [min]), ...(max === null ? [] : [nextUp(max)])];
  const readings = found.map(({ source }) => ({ column: source, as: 'value' }) as const);
  const extremes = await data.countNumbers(readings);
  const answers = await data.crossCounts(
    readings.map((reading) => ({ axes: [{ form: 'numbers', ...reading, edges: Float64Array.from(edges) }], sums: [] })),
  );
  return answers.flatMap((answer, i): PredictionBounds[] => {
    const extreme = extremes[i]!;
    if (answer instanceof ColumnFailure || extreme instanceof ColumnFailure) return [];
    const rows = (place: number) =>
      answer.rows.reduce((all, count, k) => (answer.places[0]![k] === place ? all + count : all), 0);
    const finite = (value: number) => (Number.isFinite(value) ? value : null);
    return [
      {
        column: found[i]!.source.name,
        min,
        max,
        below: min === null ? 0 : rows(0),
        above: max === null ? 0 : rows(edges.length),
        rows: Array.from({ length: edges.length + 1 }, (_, place) => rows(place)).reduce((a, b) => a + b, 0),
        tolerated,
        smallest: finite(extreme.min),
        largest: finite(extreme.max),
      },
    ];
  });
}
