import type { Axis, Term } from '../../engine/engine.ts';
import type { SourceColumn } from '../../engine/source.ts';
import { nextUp } from '../../math/floats.ts';
import type {
  ConfidenceCells,
  ConfidenceReference,
  LabelledCells,
  LossCells,
  LossReference,
} from '../../model/outcome-counts.ts';
import { isAnyOf, type Texts, textsFor } from './classification.ts';
import { answered, forEachPlace, type OutcomeRows, windowAxis } from './rows.ts';
import type { Task } from './task.ts';

/** Counts for estimating performance without labels: both sides in cells of the score, or of the prediction, cut on the reference. */

/** Cells of a score or a prediction, of about equal mass. */
const mostCells = 256;
/** Rows of the reference that propose where cells are cut. */
const sampleRows = 100_000;

/** Where the cells of a column lie, and the reference's range. */
export interface Cut {
  readonly edges: Float64Array;
  readonly min: number;
  readonly max: number;
}

/** Cells of about equal mass; null when the column has no value. @param key columns that tell rows apart */
export async function cutOf(
  rows: OutcomeRows,
  column: SourceColumn,
  key: readonly SourceColumn[],
): Promise<Cut | null> {
  const reading = { column, as: 'value' } as const;
  const [range] = (await rows.data.countNumbers([reading])).map(answered);
  if (range === undefined || !Number.isFinite(range.min)) return null;
  const [sample] = (await rows.data.sample([reading], key, Math.floor(rows.data.rows / sampleRows))).map(answered);
  const sorted = sample!.sort();
  const edges = new Set<number>();
  for (let i = 1; i < mostCells; i++) {
    const edge = sorted[Math.floor((i * sorted.length) / mostCells)];
    if (edge !== undefined && edge > range.min) edges.add(edge);
  }
  return { edges: Float64Array.from(edges).sort(), min: range.min, max: range.max };
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
  rows: OutcomeRows,
  task: Task,
  cuts: readonly Cut[],
  labels: Texts,
  predictions: Texts,
): Promise<ConfidenceReference> {
  const requests = task.scores.map(({ className }, i) => ({
    axes: [
      { form: 'numbers', column: rows.half!, as: 'value', edges: Float64Array.of(1) } as const,
      cells(rows.scores[i]!, cuts[i]!),
      { form: 'categories', column: rows.prediction!, labels: textsFor(predictions, className) } as const,
    ],
    sums: [isAnyOf(rows.label!, textsFor(labels, className))],
  }));
  const answers = (await rows.data.crossCounts(requests)).map(answered);
  const classes = answers.map((cross, i) => {
    const size = cuts[i]!.edges.length + 1;
    const side = () => ({ rows: new Float64Array(size), positives: new Float64Array(size) });
    const halves = [0, 1].map((): LabelledCells => ({ predicted: side(), other: side() }));
    const own = textsFor(predictions, task.scores[i]!.className).length;
    for (const [place, labelled] of cross.summed[0]!.entries()) {
      const [half, score, predicted] = cross.places.map((places) => places[place]!) as [number, number, number];
      const at = cellAt(score, cuts[i]!);
      // rows without a score or without a prediction have no cell
      if (half > 1 || at === null || predicted > own) continue;
      const into = halves[half]![predicted < own ? 'predicted' : 'other'];
      into.rows[at.cell] = into.rows[at.cell]! + labelled;
      into.positives[at.cell] = into.positives[at.cell]! + cross.sums[0]![place]!;
    }
    return {
      name: task.scores[i]!.className,
      edges: cuts[i]!.edges,
      halves: [halves[0]!, halves[1]!] as const,
    };
  });
  return { classes, rest: task.kind === 'binary' ? task.negative : null };
}

/** One a window, and that of all rows at the end. */
export async function confidenceCells(
  rows: OutcomeRows,
  task: Task,
  cuts: readonly Cut[],
  predictions: Texts,
): Promise<ConfidenceCells[]> {
  const { windows } = rows;
  const groups = windows?.count ?? 0;
  const time = windowAxis(windows);
  const requests = task.scores.map(({ className }, i) => ({
    axes: [
      ...time,
      cells(rows.scores[i]!, cuts[i]!),
      { form: 'categories', column: rows.prediction!, labels: textsFor(predictions, className) } as const,
    ],
    sums: [],
  }));
  const answers = (await rows.data.crossCounts(requests)).map(answered);
  const counted = answers.map((cross, i) => {
    const size = cuts[i]!.edges.length + 1;
    const own = textsFor(predictions, task.scores[i]!.className).length;
    const parts = Array.from({ length: groups + 1 }, () => ({
      predicted: new Float64Array(size),
      other: new Float64Array(size),
      outside: 0,
    }));
    forEachPlace(cross, windows, (place, group) => {
      const at = cellAt(cross.places[time.length]![place]!, cuts[i]!);
      const predicted = cross.places[time.length + 1]![place]!;
      if (at === null || predicted > own) return;
      const into = parts[group]!;
      const side = into[predicted < own ? 'predicted' : 'other'];
      side[at.cell] = side[at.cell]! + cross.rows[place]!;
      if (at.outside) into.outside += cross.rows[place]!;
    });
    return parts;
  });
  return Array.from({ length: groups + 1 }, (_, group) => ({
    rows: total(counted[0]![group]!.predicted) + total(counted[0]![group]!.other),
    classes: counted.map((parts) => parts[group]!),
  }));
}

/** The reference's losses by prediction. */
export async function lossReference(rows: OutcomeRows, cut: Cut, unit: number): Promise<LossReference> {
  const e: Term = {
    op: '*',
    terms: [{ op: 'value', reading: { column: rows.residual!, as: 'value' } }, 1 / unit],
  };
  const square: Term = { op: '*', terms: [e, e] };
  const [answer] = await rows.data.crossCounts([
    {
      axes: [cells(rows.prediction!, cut)],
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
export async function lossCells(rows: OutcomeRows, cut: Cut): Promise<LossCells[]> {
  const { windows } = rows;
  const groups = windows?.count ?? 0;
  const time = windowAxis(windows);
  const [answer] = await rows.data.crossCounts([{ axes: [...time, cells(rows.prediction!, cut)], sums: [] }]);
  const cross = answered(answer!);
  const size = cut.edges.length + 1;
  const parts = Array.from({ length: groups + 1 }, () => ({ rows: new Float64Array(size), outside: 0 }));
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
  return values.reduce((sum, value) => sum + value, 0);
}
