import type { CrossCounts, CrossRequest, ScoreRanking, ScoreRows, Term } from '../../engine/engine.ts';
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
import { answered, codeAxis, forEachPlace, type OutcomeRows, type ScoredClass, value, windowAxis } from './rows.ts';
import type { Task } from './task.ts';

/** Classes and scores, counted: of all rows, and of each window. */

/** Distinct scores that are read out, over all windows; beyond, ranks are summed where the rows are. */
const scoreTableLimit = 250_000;
const equalWidthBins = 15;
/** Scores of a row may sum to this far from 1. */
const sumTolerance = 1.5e-8;

export interface CountedClasses {
  readonly whole: ClassificationCounts;
  readonly windows: readonly ClassificationCounts[];
}

/** Rows with a label in the cells of a score, for the windows: one entry a window, of ascending cells. */
export type ScoreCells = readonly ScoreTable[];

/**
 * @param deciles inner edges of the reference's scores, one array a scored class; for calibration in bins of like mass
 * @param cells of each scored class, where its scores are too many for a table by window
 */
export async function countClasses(
  rows: OutcomeRows,
  task: Task,
  deciles: readonly Float64Array[],
  cells: readonly (ScoreCells | null)[],
): Promise<CountedClasses> {
  const confusions = rows.prediction === null ? null : await countConfusion(rows);
  const scores = rows.scores.length === 0 ? [] : await countScores(rows, deciles, cells);
  const counts = (group: number): ClassificationCounts => ({
    task: 'classification',
    confusion: confusions?.[group] ?? null,
    positive: task.positive,
    scores: scores[group] ?? null,
  });
  const windows = Array.from({ length: rows.windows?.count ?? 0 }, (_, i) => i);
  return { whole: counts(windows.length), windows: windows.map(counts) };
}

/** One matrix a window, and that of all rows at the end. */
async function countConfusion({ data, label, prediction, classes, windows }: OutcomeRows): Promise<ConfusionCounts[]> {
  const k = classes.length;
  const axes = [...windowAxis(windows), codeAxis(label!, k), codeAxis(prediction!, k)];
  const [answer] = await data.crossCounts([{ axes, sums: [] }]);
  const cross = answered(answer!);
  const matrices = Array.from({ length: (windows?.count ?? 0) + 1 }, () => new Float64Array(k * k));
  forEachPlace(cross, windows, (place, group) => {
    const [i, j] = [cross.places.at(-2)![place]!, cross.places.at(-1)![place]!];
    if (i >= k || j >= k) return;
    const counts = matrices[group]!;
    counts[i * k + j] = counts[i * k + j]! + cross.rows[place]!;
  });
  return matrices.map((counts) => occurring(classes, counts));
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

/** One a window, and that of all rows at the end. */
async function countScores(
  rows: OutcomeRows,
  deciles: readonly Float64Array[],
  cells: readonly (ScoreCells | null)[],
): Promise<ScoreCounts[]> {
  const { data, windows, scores } = rows;
  const groups = (windows?.count ?? 0) + 1;
  const whole = groups - 1;
  const rankings: (ScoreTable | RankSums)[][] = [];
  const binned: Binned[] = [];
  for (const [i, { score, labelled }] of scores.entries()) {
    const request = { score, positive: labelled! };
    // where the cells are asked for, the scores were seen to be many
    const tables = cells[i] ? null : answered(await data.scoreTables({ ...request, by: windows }, scoreTableLimit));
    const ranked = tables ? [] : answered(await data.scoreRankings({ ...request, by: null })).map(asRankSums);
    const inWindows =
      cells[i] ??
      (tables || !windows ? [] : answered(await data.scoreRankings({ ...request, by: windows })).map(asRankSums));
    rankings.push(tables ? [...tables.slice(0, whole), joined(tables)].map(asTable) : [...inWindows, ...ranked]);
    // an exact table tells its bins, and with two classes its losses
    binned.push(
      tables
        ? { calibration: null, outside: tables.reduce((sum, table) => sum + outsideUnit(table), 0) }
        : await countBins(rows, scores[i]!, deciles[i] ?? new Float64Array(0)),
    );
  }
  const tabled = rankings.length === 1 && rankings[0]![whole]!.form === 'table';
  const losses = tabled ? null : await countLosses(rows);
  const notSumming = await countNotSumming(rows);
  const outside = Math.max(...binned.map(({ outside }) => outside));
  return Array.from({ length: groups }, (_, group): ScoreCounts => {
    const classes = scores.map(
      ({ className }, i): ClassScores => ({
        name: className,
        ranking: rankings[i]![group]!,
        calibration: group === whole ? binned[i]!.calibration : null,
      }),
    );
    const sizes = classes.map(({ ranking }) => sizesOf(ranking));
    const scored = sizes[0]![0] + sizes[0]![1];
    const positives = sizes.reduce((sum, [k]) => sum + k, 0);
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
  const sum = (values: Float64Array) => values.reduce((all, each) => all + each, 0);
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
  { data }: OutcomeRows,
  { score, labelled }: ScoredClass,
  deciles: Float64Array,
): Promise<Binned> {
  const width = equalWidthEdges(equalWidthBins);
  // below 0 and above 1 have bins of their own, at the ends
  const requests = [Float64Array.of(0, ...width.map(nextUp), nextUp(1)), deciles.map(nextUp)].map(
    (edges): CrossRequest => ({
      axes: [{ form: 'numbers', column: score, as: 'value', edges }],
      sums: [{ op: '+', terms: [value(score), { op: '*', terms: [0, value(labelled!)] }] }, value(labelled!)],
    }),
  );
  const [byWidth, byMass] = (await data.crossCounts(deciles.length === 0 ? requests.slice(0, 1) : requests)).map(
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

/** Rows with a label only: neither sum is known for others. */
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

const leastProbability = 2 ** -52;

/** Sums of the losses, one pair a window and that of all rows at the end. */
async function countLosses({
  data,
  windows,
  scores,
}: OutcomeRows): Promise<{ logLoss: PivotedSums; brier: PivotedSums }[]> {
  const times = (a: Term, b: Term): Term => ({ op: '*', terms: [a, b] });
  const less = (a: Term, b: Term): Term => ({ op: '-', terms: [a, b] });
  const plus = (terms: readonly Term[]) => terms.reduce((a, b) => ({ op: '+', terms: [a, b] }));
  const each = scores.map(({ score, labelled }) => ({ score: value(score), isIt: value(labelled!) }));
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
  const [answer] = await data.crossCounts([{ axes: windowAxis(windows), sums }]);
  const cross = answered(answer!);
  const total = Array.from({ length: (windows?.count ?? 0) + 1 }, () => ({ rows: 0, sums: [0, 0, 0, 0] }));
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

async function countNotSumming({ data, scores }: OutcomeRows): Promise<number> {
  if (scores.length < 2) return 0;
  const sum = scores.map(({ score }) => value(score)).reduce((a, b) => ({ op: '+', terms: [a, b] }));
  const distance: Term = { op: 'abs', term: { op: '-', terms: [sum, 1] } };
  const [answer] = await data.crossCounts([
    {
      axes: [],
      sums: [value(scores[0]!.labelled!)],
      // beyond, not at, the tolerance
      where: [{ op: '/', terms: [distance, nextUp(sumTolerance)] }],
    },
  ]);
  return answered(answer!).summed[0]![0] ?? 0;
}
