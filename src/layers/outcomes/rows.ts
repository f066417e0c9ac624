import {
  type Answer,
  ColumnFailure,
  type Dataset,
  type DerivedColumn,
  type NumberReading,
  type TimeGrid,
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
  readonly time: SourceColumn | null;
  /** 0 or 1, half of the rows each */
  readonly half: SourceColumn | null;
  /** prediction − label of a regression */
  readonly residual: SourceColumn | null;
}

export interface RowColumns {
  readonly label: SourceColumn | null;
  readonly prediction: SourceColumn | null;
  readonly scores: readonly SourceColumn[];
  readonly time: NumberReading | null;
  /** what tells rows apart and knows nothing of labels and scores; empty when halves are not wanted */
  readonly identity: readonly SourceColumn[];
}

/** @param threshold from which score on a row is predicted as positive, where nothing else says */
export function outcomeRows(data: Dataset, columns: RowColumns, task: Task, threshold: number): OutcomeRows {
  const { label, prediction, scores, time, identity } = columns;
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
    time: add('time', time && { as: 'number', reading: time }),
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
    time: at(places.time),
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

export function gridOver(time: SourceColumn | null, grid: Omit<TimeGrid, 'column' | 'as'> | null): TimeGrid | null {
  return time === null || grid === null ? null : { ...grid, column: time, as: 'value' };
}
