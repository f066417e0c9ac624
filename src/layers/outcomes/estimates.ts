import type { Axis, Term } from '../../engine/engine.ts';
import type { SourceColumn } from '../../engine/source.ts';
import { nextUp } from '../../math/floats.ts';
import type {
  ConfidenceCells,
  ConfidenceReference,
  LabelledCells,
  LossCells,
  LossReference,
  ScoreTable,
} from '../../model/outcome-counts.ts';
import { answered, codeAxis, forEachPlace, type OutcomeRows, value, windowAxis } from './rows.ts';
import type { Task } from './task.ts';

/** Counts for estimating performance without labels: both sides in cells of the score, or of the prediction, cut on the reference. */

/** Cells of a score or a prediction, of about equal mass. */
const mostCells = 512;
/** Rows of the reference that propose where cells are cut. */
const sampleRows = 100_000;
/** More distinct scores than this are no table that is read out. */
const manyScores = 100_000;

/** Where the cells of a column lie, and the reference's range. */
export interface Cut {
  readonly edges: Float64Array;
  readonly min: number;
  readonly max: number;
}

/** Cells of about equal mass; null when the column has no value. @param key columns that tell rows apart */
export async function cutOf(
  { data }: OutcomeRows,
  column: SourceColumn,
  key: readonly SourceColumn[],
): Promise<Cut | null> {
  const reading = { column, as: 'value' } as const;
  const [range] = (await data.countNumbers([reading])).map(answered);
  if (range === undefined || !Number.isFinite(range.min)) return null;
  const [sample] = (await data.sample([reading], key, Math.floor(data.rows / sampleRows))).map(answered);
  const sorted = sample!.sort();
  const edges = new Set<number>();
  for (let i = 1; i < mostCells; i++) {
    const edge = sorted[Math.floor((i * sorted.length) / mostCells)];
    if (edge !== undefined && edge > range.min) edges.add(edge);
  }
  return { edges: Float64Array.from(edges).sort(), min: range.min, max: range.max };
}

/** Of each score, whether it has too many distinct values to be read out. */
export async function crowdedScores({ data, scores }: OutcomeRows): Promise<boolean[]> {
  const counts = await data.countNumbers(scores.map(({ score }) => ({ column: score, as: 'value' })));
  return counts.map((count) => answered(count).distinct > manyScores);
}

/** Inner edges of ten bins of like mass, from finer cells. */
export function decilesOf({ edges }: Cut): Float64Array {
  const step = (edges.length + 1) / 10;
  const chosen = new Set<number>();
  for (let i = 1; i < 10; i++) {
    const edge = edges[Math.round(i * step) - 1];
    if (edge !== undefined) chosen.add(edge);
  }
  return Float64Array.from(chosen);
}

/** The cells, and one on either side for what lies outside the reference's range. */
function cells(column: SourceColumn, { edges, min, max }: Cut): Axis {
  return { form: 'numbers', column, as: 'value', edges: Float64Array.of(min, ...edges, nextUp(max)) };
}

/** The cell of a place on that axis, and whether it is one of the outer ones; null for a place without a value. */
function cellAt(place: number, { edges }: Cut): { readonly cell: number; readonly outside: boolean } | null {
  const size = edges.length + 1;
  if (place > size + 1) return null;
  return { cell: Math.min(size - 1, Math.max(0, place - 1)), outside: place === 0 || place === size + 1 };
}

/** The reference's labelled rows by score, prediction and label, in two halves. */
export async function confidenceReference(
  { data, scores, half }: OutcomeRows,
  task: Task,
  cuts: readonly Cut[],
): Promise<ConfidenceReference> {
  const requests = scores.map(({ score, labelled, predicted }, i) => ({
    axes: [codeAxis(half!, 2), cells(score, cuts[i]!), codeAxis(predicted!, 2)],
    sums: [value(labelled!)],
  }));
  const answers = (await data.crossCounts(requests)).map(answered);
  const classes = answers.map((cross, i) => {
    const size = cuts[i]!.edges.length + 1;
    const side = () => ({ rows: new Float64Array(size), positives: new Float64Array(size) });
    const halves = [0, 1].map((): LabelledCells => ({ predicted: side(), other: side() }));
    for (const [place, labelled] of cross.summed[0]!.entries()) {
      const [half, score, predicted] = cross.places.map((places) => places[place]!) as [number, number, number];
      const at = cellAt(score, cuts[i]!);
      // rows without a score or without a prediction have no cell
      if (at === null || predicted > 1) continue;
      const into = halves[half]![predicted === 1 ? 'predicted' : 'other'];
      into.rows[at.cell] = into.rows[at.cell]! + labelled;
      into.positives[at.cell] = into.positives[at.cell]! + cross.sums[0]![place]!;
    }
    return { name: scores[i]!.className, edges: cuts[i]!.edges, halves: [halves[0]!, halves[1]!] as const };
  });
  return { classes, rest: task.kind === 'binary' ? task.negative : null };
}

export interface CountedCells {
  /** one a window, and that of all rows at the end */
  readonly confidence: readonly ConfidenceCells[];
  /** of each scored class its rows with a label by cell, one a window; empty without labels */
  readonly tables: readonly (readonly ScoreTable[])[];
}

export async function countCells({ data, scores, windows }: OutcomeRows, cuts: readonly Cut[]): Promise<CountedCells> {
  const groups = windows?.count ?? 0;
  const time = windowAxis(windows);
  const requests = scores.map(({ score, labelled, predicted }, i) => ({
    axes: [...time, cells(score, cuts[i]!), ...(predicted ? [codeAxis(predicted, 2)] : [])],
    sums: labelled ? [value(labelled)] : [],
  }));
  const answers = (await data.crossCounts(requests)).map(answered);
  const counted = answers.map((cross, i) => {
    const size = cuts[i]!.edges.length + 1;
    const zeros = () => new Float64Array(size);
    const parts = Array.from({ length: groups + 1 }, () => ({
      predicted: zeros(),
      other: zeros(),
      outside: 0,
      labelled: zeros(),
      positives: zeros(),
    }));
    forEachPlace(cross, windows, (place, group) => {
      const at = cellAt(cross.places[time.length]![place]!, cuts[i]!);
      if (at === null) return;
      const into = parts[group]!;
      const add = (values: Float64Array, many: number) => {
        values[at.cell] = values[at.cell]! + many;
      };
      if (scores[i]!.labelled) {
        add(into.labelled, cross.summed[0]![place]!);
        add(into.positives, cross.sums[0]![place]!);
      }
      const predicted = cross.places[time.length + 1]?.[place] ?? 2;
      if (predicted > 1) return;
      add(into[predicted === 1 ? 'predicted' : 'other'], cross.rows[place]!);
      if (at.outside) into.outside += cross.rows[place]!;
    });
    return parts;
  });
  const confidence = Array.from({ length: counted.length === 0 ? 0 : groups + 1 }, (_, group) => ({
    rows: total(counted[0]![group]!.predicted) + total(counted[0]![group]!.other),
    classes: counted.map((parts) => parts[group]!),
  }));
  return {
    confidence,
    tables: counted.map((parts, i) => parts.slice(0, groups).map((part) => tableOf(part, cuts[i]!))),
  };
}

/** A cell stands at its lower edge. */
function tableOf(part: { labelled: Float64Array; positives: Float64Array }, { edges, min }: Cut): ScoreTable {
  const negatives = part.labelled.map((rows, i) => rows - part.positives[i]!);
  return { form: 'table', scores: Float64Array.of(min, ...edges), positives: part.positives, negatives, exact: false };
}

/** The reference's losses by prediction. */
export async function lossReference(
  { data, residual, prediction }: OutcomeRows,
  cut: Cut,
  unit: number,
): Promise<LossReference> {
  const e: Term = { op: '*', terms: [value(residual!), 1 / unit] };
  const square: Term = { op: '*', terms: [e, e] };
  const [answer] = await data.crossCounts([
    {
      axes: [cells(prediction!, cut)],
      sums: [{ op: 'abs', term: e }, square, { op: '*', terms: [square, square] }],
    },
  ]);
  const cross = answered(answer!);
  const of = (values: Float64Array) => {
    const result = new Float64Array(cut.edges.length + 1);
    for (const [i, place] of cross.places[0]!.entries()) {
      const at = cellAt(place, cut);
      if (at !== null) result[at.cell] = result[at.cell]! + values[i]!;
    }
    return result;
  };
  const [absolute, squares, fourths] = cross.sums.map(of);
  return {
    edges: cut.edges,
    unit,
    rows: of(cross.summed[0]!),
    absolute: absolute!,
    squares: squares!,
    fourths: fourths!,
  };
}

/** One a window, and that of all rows at the end. */
export async function lossCells({ data, prediction, windows }: OutcomeRows, cut: Cut): Promise<LossCells[]> {
  const time = windowAxis(windows);
  const [answer] = await data.crossCounts([{ axes: [...time, cells(prediction!, cut)], sums: [] }]);
  const cross = answered(answer!);
  const size = cut.edges.length + 1;
  const parts = Array.from({ length: (windows?.count ?? 0) + 1 }, () => ({ rows: new Float64Array(size), outside: 0 }));
  forEachPlace(cross, windows, (place, group) => {
    const at = cellAt(cross.places[time.length]![place]!, cut);
    if (at === null) return;
    const into = parts[group]!;
    into.rows[at.cell] = into.rows[at.cell]! + cross.rows[place]!;
    if (at.outside) into.outside += cross.rows[place]!;
  });
  return parts;
}

function total(values: Float64Array): number {
  return values.reduce((sum, each) => sum + each, 0);
}
