import type {
  ConfidenceCells,
  ConfidenceReference,
  LabelledCells,
  LossCells,
  LossReference,
} from '../../src/model/outcome-counts.ts';

/** A row of a classifier's log: a score of each scored class, the class predicted and the class it was. */
export interface ScoredRow {
  readonly scores: readonly number[];
  readonly predicted: string;
  readonly label: string;
}

/** The number of edges ≤ x. */
function cellOf(edges: Float64Array, x: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function quantileEdges(values: readonly number[], cells: number): Float64Array {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number) => sorted[Math.floor((i * sorted.length) / cells)]!;
  return Float64Array.from(new Set(Array.from({ length: cells - 1 }, (_, i) => at(i + 1)))).sort();
}

export function confidenceReference(
  rows: readonly ScoredRow[],
  names: readonly string[],
  rest: string | null,
  cells = 256,
): ConfidenceReference {
  const classes = names.map((name, c) => {
    const edges = quantileEdges(
      rows.map(({ scores }) => scores[c]!),
      cells,
    );
    const column = () => new Float64Array(edges.length + 1);
    const half = (): LabelledCells => ({
      predicted: { rows: column(), positives: column() },
      other: { rows: column(), positives: column() },
    });
    const halves = [half(), half()] as const;
    for (const [i, { scores, predicted, label }] of rows.entries()) {
      const side = halves[i % 2]![predicted === name ? 'predicted' : 'other'];
      const cell = cellOf(edges, scores[c]!);
      side.rows[cell]! += 1;
      if (label === name) side.positives[cell]! += 1;
    }
    return { name, edges, halves };
  });
  return { classes, rest };
}

export function confidenceCells(
  rows: readonly ScoredRow[],
  reference: ConfidenceReference,
  range: readonly [number, number] = [0, 1],
): ConfidenceCells {
  const classes = reference.classes.map(({ name, edges }, c) => {
    const cells = { predicted: new Float64Array(edges.length + 1), other: new Float64Array(edges.length + 1) };
    for (const { scores, predicted } of rows) {
      cells[predicted === name ? 'predicted' : 'other'][cellOf(edges, scores[c]!)]! += 1;
    }
    const outside = rows.filter(({ scores }) => scores[c]! < range[0] || scores[c]! > range[1]).length;
    return { ...cells, outside };
  });
  return { rows: rows.length, classes };
}

export interface PredictedRow {
  readonly prediction: number;
  readonly label: number;
}

export function lossReference(rows: readonly PredictedRow[], cells = 64, unit = 1): LossReference {
  const edges = quantileEdges(
    rows.map(({ prediction }) => prediction),
    cells,
  );
  const column = () => new Float64Array(edges.length + 1);
  const sums = { rows: column(), absolute: column(), squares: column(), fourths: column() };
  for (const { prediction, label } of rows) {
    const cell = cellOf(edges, prediction);
    const error = (prediction - label) / unit;
    sums.rows[cell]! += 1;
    sums.absolute[cell]! += Math.abs(error);
    sums.squares[cell]! += error ** 2;
    sums.fourths[cell]! += error ** 4;
  }
  return { edges, unit, ...sums };
}

export function lossCells(rows: readonly PredictedRow[], { edges }: LossReference, outside = 0): LossCells {
  const counts = new Float64Array(edges.length + 1);
  for (const { prediction } of rows) counts[cellOf(edges, prediction)]! += 1;
  return { rows: counts, outside };
}
