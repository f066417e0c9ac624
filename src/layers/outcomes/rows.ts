import {
  type Answer,
  type Axis,
  ColumnFailure,
  type CrossCounts,
  type Dataset,
  type DerivedColumn,
} from '../../engine/engine.ts';
import type { SourceColumn } from '../../engine/source.ts';
import type { Task } from './task.ts';

/** The rows of one side in the few columns that outcomes are made of, each in the form in which they are counted. */
export interface OutcomeRows {
  readonly data: Dataset;
  /** null when there are no labels */
  readonly label: SourceColumn | null;
  /** a class or a value; null when only labels and scores are known */
  readonly prediction: SourceColumn | null;
  /** as the task's scores: finite, or all of them NULL in a row */
  readonly scores: readonly SourceColumn[];
  /** the window that a row lies in, and how many there are; null without windows */
  readonly windows: Windows | null;
  /** 0 or 1, half of the rows each */
  readonly half: SourceColumn | null;
  /** prediction − label of a regression */
  readonly residual: SourceColumn | null;
}

/** Rows by window: 0 … count − 1 in a column, NULL for rows of none. */
export interface Windows {
  readonly column: SourceColumn;
  readonly count: number;
}

export interface RowColumns {
  readonly label: SourceColumn | null;
  readonly prediction: SourceColumn | null;
  readonly scores: readonly SourceColumn[];
  readonly windows: Windows | null;
  /** what tells rows apart and knows nothing of labels and scores; empty when halves are not wanted */
  readonly identity: readonly SourceColumn[];
}

/** @param threshold from which score on a row is predicted as positive, where nothing else says */
export function outcomeRows(data: Dataset, columns: RowColumns, task: Task, threshold: number): OutcomeRows {
  const { label, prediction, scores, windows, identity } = columns;
  const as = task.kind === 'regression' ? 'number' : 'class';
  const read = (column: SourceColumn): DerivedColumn['derivation'] =>
    as === 'number' ? { as, reading: { column, as: 'value' } } : { as, column };
  const derived: DerivedColumn[] = [];
  const add = (name: string, derivation: DerivedColumn['derivation'] | null): number | null => {
    if (derivation === null) return null;
    derived.push({ name, derivation });
    return derived.length - 1;
  };
  const places = {
    label: add('label', label && read(label)),
    prediction: add('prediction', prediction ? read(prediction) : predictedByScores(scores, task, threshold)),
    scores: scores.map((column) =>
      add(column.name, { as: 'number', reading: { column, as: 'value' }, together: scores }),
    ),
    window: add('window', windows && { as: 'itself', column: windows.column }),
    half: add('half', identity.length === 0 ? null : { as: 'half', columns: identity }),
    residual: add(
      'residual',
      task.kind === 'regression' && label && prediction ? { as: 'difference', columns: [prediction, label] } : null,
    ),
  };
  const rows = data.derive(derived);
  const at = (place: number | null) => (place === null ? null : rows.columns[place]!);
  return {
    data: rows,
    label: at(places.label),
    prediction: at(places.prediction),
    scores: places.scores.map((place) => at(place)!),
    windows: windows && { column: at(places.window)!, count: windows.count },
    half: at(places.half),
    residual: at(places.residual),
  };
}

function predictedByScores(
  scores: readonly SourceColumn[],
  { scores: named, positive, negative }: Task,
  threshold: number,
): DerivedColumn['derivation'] | null {
  const [first] = scores;
  if (first === undefined) return null;
  if (scores.length > 1) {
    return { as: 'largest', scores: scores.map((column, i) => ({ name: named[i]!.className, column })) };
  }
  if (positive === null || negative === null) return null;
  return { as: 'threshold', column: first, threshold, above: positive, below: negative };
}

/** Outcomes cannot be measured; the rest of the run goes on. */
export class Unmeasurable extends Error {}

export function answered<T>(answer: Answer<T>): T {
  if (answer instanceof ColumnFailure) throw new Unmeasurable(`outcomes could not be counted: ${answer.message}`);
  return answer;
}

/** Windows as an axis; rows of none have the index `count`. */
export function windowAxis(windows: Windows | null): Axis[] {
  if (windows === null) return [];
  const edges = Float64Array.from({ length: windows.count - 1 }, (_, i) => i + 1);
  return [{ form: 'numbers', column: windows.column, as: 'value', edges }];
}

/** Every filled cell of a table whose first axis is {@link windowAxis}: once for its window and once for the whole, `count`. */
export function forEachPlace(
  cross: CrossCounts,
  windows: Windows | null,
  visit: (place: number, group: number) => void,
): void {
  const whole = windows?.count ?? 0;
  for (let place = 0; place < cross.rows.length; place++) {
    const window = windows ? cross.places[0]![place]! : whole;
    if (window < whole) visit(place, window);
    visit(place, whole);
  }
}
