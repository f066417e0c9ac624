import type { Axis, CrossCounts, CrossRequest, ScoreRanking, ScoreRows, Term } from '../../engine/engine.ts';
import type { SourceColumn } from '../../engine/source.ts';
import { nextUp } from '../../math/floats.ts';
import {
  type CalibrationBins,
  type ClassificationCounts,
  type ClassScores,
  type ConfusionCounts,
  equalWidthEdges,
  type PivotedSums,
  type RankSums,
  type ScoreCounts,
  type ScoreTable,
} from '../../model/outcome-counts.ts';
import { quoted } from '../../model/text.ts';
import { answered, forEachPlace, type OutcomeRows, Unmeasurable, windowAxis } from './rows.ts';
import { classReader, mostClasses, type Task } from './task.ts';

/** Classes and scores, counted: of all rows, and of each window. */

/** Distinct scores that are read out, over all windows; beyond, ranks are summed where the rows are. */
const scoreTableLimit = 250_000;
const equalWidthBins = 15;
/** Scores of a row may sum to this far from 1. */
const sumTolerance = 1.5e-8;

/** The texts of a column, and the class that each means. */
export interface Texts {
  readonly texts: readonly string[];
  readonly classOf: (text: string) => string;
}

export interface CountedClasses {
  readonly whole: ClassificationCounts;
  /** by window */
  readonly windows: readonly ClassificationCounts[];
  /** all rows, and those with a label, by window */
  readonly rows: readonly number[];
  readonly labelled: readonly number[];
}

/**
 * The classes that a column holds.
 *
 * @param name as the user knows the column
 * @throws {Unmeasurable} when they are too many
 */
export async function textsOf(
  { data }: OutcomeRows,
  column: SourceColumn,
  name: string,
  known: readonly string[],
): Promise<Texts> {
  const [answer] = await data.categoryTables([column], mostClasses);
  const table = answered(answer!);
  if (!table.complete) {
    const classes = known.slice(0, 3).map((each) => quoted(each, 30));
    throw new Unmeasurable(
      `${quoted(name, 40)} holds more than ${mostClasses} different values such as ${quoted(table.values[0]!, 30)}, where ${classes.join(', ')} are known: labels of another task`,
    );
  }
  return { texts: [...table.values].sort(), classOf: classReader(known) };
}

export function textsFor({ texts, classOf }: Texts, className: string): string[] {
  return texts.filter((text) => classOf(text) === className);
}

/** @param deciles inner edges of the reference's scores, one array a scored class; for calibration in bins of like mass */
export async function countClasses(
  rows: OutcomeRows,
  task: Task,
  labels: Texts,
  predictions: Texts | null,
  deciles: readonly Float64Array[],
): Promise<CountedClasses> {
  const confusions = await countConfusion(rows, labels, predictions);
  const scores = await countScores(rows, task, labels, deciles);
  const counts = (group: number): ClassificationCounts => ({
    task: 'classification',
    confusion: confusions.of[group] ?? null,
    positive: task.positive,
    scores: scores[group] ?? null,
  });
  const windows = Array.from({ length: rows.windows?.count ?? 0 }, (_, i) => i);
  return {
    whole: counts(windows.length),
    windows: windows.map(counts),
    rows: windows.map((i) => confusions.rows[i]!),
    labelled: windows.map((i) => confusions.labelled[i]!),
  };
}

/** One matrix a window, and that of all rows at the end. */
async function countConfusion(rows: OutcomeRows, labels: Texts, predictions: Texts | null) {
  const { windows } = rows;
  const groups = windows?.count ?? 0;
  const axes: Axis[] = [
    ...windowAxis(windows),
    { form: 'categories', column: rows.label!, labels: labels.texts },
    ...(predictions ? [{ form: 'categories' as const, column: rows.prediction!, labels: predictions.texts }] : []),
  ];
  const [answer] = await rows.data.crossCounts([{ axes, sums: [] }]);
  const cross = answered(answer!);
  const classes = [
    ...new Set([labels, ...(predictions ? [predictions] : [])].flatMap(({ texts, classOf }) => texts.map(classOf))),
  ].sort();
  const placesOf = ({ texts, classOf }: Texts) => texts.map((text) => classes.indexOf(classOf(text)));
  const [ofLabels, ofPredictions] = [placesOf(labels), predictions ? placesOf(predictions) : null];
  const matrices = Array.from({ length: groups + 1 }, () => new Float64Array(classes.length ** 2));
  const all = new Float64Array(groups + 1);
  const labelled = new Float64Array(groups + 1);
  const first = windows ? 1 : 0;
  forEachPlace(cross, windows, (place, group) => {
    const count = cross.rows[place]!;
    all[group] = all[group]! + count;
    const label = ofLabels[cross.places[first]![place]!];
    if (label === undefined) return;
    labelled[group] = labelled[group]! + count;
    const predicted = ofPredictions?.[cross.places[first + 1]![place]!];
    if (predicted === undefined) return;
    const cell = label * classes.length + predicted;
    matrices[group]![cell] = matrices[group]![cell]! + count;
  });
  const of = predictions ? matrices.map((counts) => occurring(classes, counts)) : [];
  return { of, rows: all, labelled };
}

/** Without the classes that neither a label nor a prediction has. */
function occurring(classes: readonly string[], counts: Float64Array): ConfusionCounts {
  const k = classes.length;
  const places = classes.map((_, i) => i);
  const kept = places.filter((i) => places.some((j) => counts[i * k + j]! > 0 || counts[j * k + i]! > 0));
  return {
    classes: kept.map((i) => classes[i]!),
    counts: Float64Array.from(kept.flatMap((i) => kept.map((j) => counts[i * k + j]!))),
  };
}

/** One a window, and that of all rows at the end; empty without scores. */
async function countScores(
  rows: OutcomeRows,
  task: Task,
  labels: Texts,
  deciles: readonly Float64Array[],
): Promise<ScoreCounts[]> {
  if (task.scores.length === 0) return [];
  const { windows } = rows;
  const groups = (windows?.count ?? 0) + 1;
  const whole = groups - 1;
  const rankings: (ScoreTable | RankSums)[][] = [];
  const binned: Binned[] = [];
  for (const [i, { className }] of task.scores.entries()) {
    const positives = textsFor(labels, className);
    const request = { score: rows.scores[i]!, label: rows.label!, positives, by: windows };
    const tables = answered(await rows.data.scoreTables(request, scoreTableLimit));
    rankings.push(
      tables
        ? [...tables.slice(0, whole), joined(tables)].map(asTable)
        : [
            ...(windows ? answered(await rows.data.scoreRankings(request)) : []),
            ...answered(await rows.data.scoreRankings({ ...request, by: null })),
          ].map(asRankSums),
    );
    // an exact table tells its bins, and with two classes its losses
    binned.push(
      tables
        ? { calibration: null, outside: tables.reduce((sum, table) => sum + outsideUnit(table), 0) }
        : await countBins(rows, rows.scores[i]!, positives, deciles[i] ?? new Float64Array(0)),
    );
  }
  const tabled = rankings.length === 1 && rankings[0]![whole]!.form === 'table';
  const losses = tabled ? null : await countLosses(rows, task, labels);
  const notSumming = await countNotSumming(rows, task);
  const outside = Math.max(...binned.map(({ outside }) => outside));
  return Array.from({ length: groups }, (_, group): ScoreCounts => {
    const classes = task.scores.map(
      ({ className }, i): ClassScores => ({
        name: className,
        ranking: rankings[i]![group]!,
        calibration: group === whole ? binned[i]!.calibration : null,
      }),
    );
    const [positives, scored] = classes.reduce(
      ([some], { ranking }) => {
        const [k, l] = sizesOf(ranking);
        return [some + k, k + l];
      },
      [0, 0],
    );
    return {
      rows: scored,
      classes,
      unscoredLabels: classes.length > 1 ? scored - positives : 0,
      outsideUnit: outside,
      notSummingToOne: notSumming,
      ...(outside > 0 || losses === null ? { logLoss: null, brier: null } : losses[group]!),
    };
  });
}

/** Rows with a score that is no probability. */
function outsideUnit({ scores, positives, negatives }: ScoreRows): number {
  return scores.reduce((sum, score, i) => (score < 0 || score > 1 ? sum + positives[i]! + negatives[i]! : sum), 0);
}

function sizesOf(ranking: ScoreTable | RankSums): readonly [positives: number, negatives: number] {
  if (ranking.form === 'rank-sums') return [ranking.positives, ranking.negatives];
  const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0);
  return [sum(ranking.positives), sum(ranking.negatives)];
}

function asTable(rows: ScoreRows): ScoreTable {
  return { form: 'table', ...rows, exact: true };
}

function asRankSums(sums: ScoreRanking): RankSums {
  return { form: 'rank-sums', ...sums };
}

/** Tables of parts as one of the whole. */
function joined(tables: readonly ScoreRows[]): ScoreRows {
  const [first] = tables;
  if (tables.length === 1) return first!;
  const counts = new Map<number, [number, number]>();
  for (const { scores, positives, negatives } of tables) {
    for (const [i, score] of scores.entries()) {
      const known = counts.get(score);
      if (known === undefined) counts.set(score, [positives[i]!, negatives[i]!]);
      else {
        known[0] += positives[i]!;
        known[1] += negatives[i]!;
      }
    }
  }
  const scores = Float64Array.from(counts.keys()).sort();
  return {
    scores,
    positives: scores.map((score) => counts.get(score)![0]),
    negatives: scores.map((score) => counts.get(score)![1]),
  };
}

interface Binned {
  readonly calibration: { readonly equalWidth: CalibrationBins; readonly equalMass: CalibrationBins | null } | null;
  /** rows with a score that is no probability */
  readonly outside: number;
}

async function countBins(
  rows: OutcomeRows,
  score: SourceColumn,
  positives: readonly string[],
  deciles: Float64Array,
): Promise<Binned> {
  const width = equalWidthEdges(equalWidthBins);
  // below 0 and above 1 have bins of their own, at the ends
  const requests = [Float64Array.of(0, ...width.map(nextUp), nextUp(1)), deciles.map(nextUp)].map(
    (edges): CrossRequest => ({
      axes: [{ form: 'numbers', column: score, as: 'value', edges }],
      sums: [{ op: 'value', reading: { column: score, as: 'value' } }, isAnyOf(rows.label!, positives)],
    }),
  );
  const [byWidth, byMass] = (await rows.data.crossCounts(deciles.length === 0 ? requests.slice(0, 1) : requests)).map(
    answered,
  );
  const wide = binsOf(byWidth!, width.length + 3);
  const inside = (values: Float64Array) => values.slice(1, -1);
  return {
    calibration: {
      equalWidth: {
        edges: width,
        rows: inside(wide.rows),
        scores: inside(wide.scores),
        positives: inside(wide.positives),
      },
      equalMass: byMass === undefined ? null : { edges: deciles, ...binsOf(byMass, deciles.length + 1) },
    },
    outside: wide.rows[0]! + wide.rows.at(-1)!,
  };
}

/** Rows with a label only: the second sum is known for no other. */
function binsOf({ places, summed, sums }: CrossCounts, bins: number) {
  const rows = new Float64Array(bins);
  const scores = new Float64Array(bins);
  const positives = new Float64Array(bins);
  for (const [i, bin] of places[0]!.entries()) {
    if (bin >= bins) continue;
    rows[bin] = summed[1]![i]!;
    scores[bin] = sums[0]![i]!;
    positives[bin] = sums[1]![i]!;
  }
  return { rows, scores, positives };
}

/** 1 for a row whose label is one of these, 0 for another, NULL without a label. */
export function isAnyOf(column: SourceColumn, texts: readonly string[]): Term {
  const terms = texts.map((label): Term => ({ op: 'is', column, label }));
  const [first, ...rest] = terms;
  if (first === undefined) return { op: '*', terms: [0, { op: 'is', column, label: '' }] };
  return rest.reduce<Term>((sum, term) => ({ op: '+', terms: [sum, term] }), first);
}

const leastProbability = 2 ** -52;

/** Sums of the losses, one pair a window and that of all rows at the end. */
async function countLosses(
  rows: OutcomeRows,
  task: Task,
  labels: Texts,
): Promise<{ logLoss: PivotedSums; brier: PivotedSums }[]> {
  const times = (a: Term, b: Term): Term => ({ op: '*', terms: [a, b] });
  const less = (a: Term, b: Term): Term => ({ op: '-', terms: [a, b] });
  const plus = (terms: readonly Term[]) => terms.reduce((a, b) => ({ op: '+', terms: [a, b] }));
  const each = task.scores.map(({ className }, i) => ({
    score: { op: 'value', reading: { column: rows.scores[i]!, as: 'value' } } as const,
    isIt: isAnyOf(rows.label!, textsFor(labels, className)),
  }));
  const [only] = each;
  const ofTruth =
    each.length === 1
      ? plus([times(only!.isIt, only!.score), times(less(1, only!.isIt), less(1, only!.score))])
      : plus(each.map(({ isIt, score }) => times(isIt, score)));
  const clipped: Term = {
    op: 'least',
    terms: [{ op: 'greatest', terms: [ofTruth, leastProbability] }, 1 - leastProbability],
  };
  const logLoss = less(0, { op: 'ln', term: clipped });
  const errors = each.map(({ isIt, score }) => less(isIt, score));
  const brier = plus(errors.map((error) => times(error, error)));
  const sums = [logLoss, times(logLoss, logLoss), brier, times(brier, brier)];
  const { windows } = rows;
  const [answer] = await rows.data.crossCounts([{ axes: windowAxis(windows), sums }]);
  const cross = answered(answer!);
  const groups = windows?.count ?? 0;
  const total = Array.from({ length: groups + 1 }, () => ({ rows: 0, sums: [0, 0, 0, 0] }));
  forEachPlace(cross, windows, (place, group) => {
    const into = total[group]!;
    into.rows += cross.summed[0]![place]!;
    for (const k of into.sums.keys()) into.sums[k] = into.sums[k]! + cross.sums[k]![place]!;
  });
  return total.map(({ rows: counted, sums: [log, logSquares, error, errorSquares] }) => ({
    logLoss: { rows: counted, pivot: 0, sum: log!, squares: logSquares! },
    brier: { rows: counted, pivot: 0, sum: error!, squares: errorSquares! },
  }));
}

async function countNotSumming(rows: OutcomeRows, { scores }: Task): Promise<number> {
  if (scores.length < 2) return 0;
  const terms = rows.scores.map((column): Term => ({ op: 'value', reading: { column, as: 'value' } }));
  const sum = terms.reduce((a, b) => ({ op: '+', terms: [a, b] }));
  const distance: Term = { op: 'abs', term: { op: '-', terms: [sum, 1] } };
  const [answer] = await rows.data.crossCounts([
    {
      axes: [],
      sums: [isAnyOf(rows.label!, [])],
      // beyond, not at, the tolerance
      where: [{ op: '/', terms: [distance, nextUp(sumTolerance)] }],
    },
  ]);
  return answered(answer!).summed[0]![0] ?? 0;
}
