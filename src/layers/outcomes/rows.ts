import {
  type Answer,
  type Axis,
  ColumnFailure,
  type CrossCounts,
  type Dataset,
  type DerivedColumn,
  type Term,
} from '../../engine/engine.ts';
import type { SourceColumn } from '../../engine/source.ts';
import { quoted } from '../../model/text.ts';
import { classReader, mostClasses, type Task } from './task.ts';

/**
 * The rows of one side in the few columns that outcomes are made of, each in the form in which it is counted, kept by the engine where
 * it can: a dozen questions are asked of them, and reading the files anew for each would cost more than the rest of the run.
 */
export interface OutcomeRows {
  readonly data: Dataset;
  /** the classes that occur; labels and predicted classes are places in it. Empty for a regression */
  readonly classes: readonly string[];
  /** null when there are no labels */
  readonly label: SourceColumn | null;
  /** null when only labels and scores are known */
  readonly prediction: SourceColumn | null;
  /** as the task's scores */
  readonly scores: readonly ScoredClass[];
  /** the window that a row lies in; null without windows */
  readonly windows: Windows | null;
  /** 0 or 1, half of the rows each */
  readonly half: SourceColumn | null;
  /** prediction − label of a regression */
  readonly residual: SourceColumn | null;
  /** classes that labels have, and predictions */
  readonly labelClasses: readonly string[];
  readonly predictedClasses: readonly string[];
}

/** One class against the rest. */
export interface ScoredClass {
  readonly className: string;
  /** finite; NULL in a row where any score is not */
  readonly score: SourceColumn;
  /** 1 or 0; NULL without a label, or a predicted class */
  readonly labelled: SourceColumn | null;
  readonly predicted: SourceColumn | null;
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
  /** how the user knows labels and predictions */
  readonly names: { readonly label: string; readonly prediction: string };
}

/**
 * @param threshold from which score on a row is predicted as positive, where nothing else says
 * @throws {Unmeasurable} when a column holds too many classes
 */
export async function outcomeRows(
  data: Dataset,
  columns: RowColumns,
  task: Task,
  threshold: number,
): Promise<OutcomeRows> {
  return task.kind === 'regression' ? numberRows(data, columns) : classRows(data, columns, task, threshold);
}

/** Derived columns on their way, with where each will stand. */
class Derived {
  readonly columns: DerivedColumn[] = [];

  add(name: string, derivation: DerivedColumn['derivation'] | null): number | null {
    if (derivation === null) return null;
    this.columns.push({ name, derivation });
    return this.columns.length - 1;
  }
}

async function numberRows(data: Dataset, { label, prediction, windows }: RowColumns): Promise<OutcomeRows> {
  const derived = new Derived();
  const number = (column: SourceColumn | null) =>
    column && ({ as: 'number', reading: { column, as: 'value' } } as const);
  const places = {
    label: derived.add('label', number(label)),
    prediction: derived.add('prediction', number(prediction)),
    residual: derived.add('residual', label && prediction ? { as: 'difference', columns: [prediction, label] } : null),
    window: derived.add('window', windows && { as: 'itself', column: windows.column }),
  };
  const rows = await data.derive(derived.columns).kept();
  const at = (place: number | null) => (place === null ? null : rows.columns[place]!);
  return {
    data: rows,
    classes: [],
    label: at(places.label),
    prediction: at(places.prediction),
    scores: [],
    windows: windows && { column: at(places.window)!, count: windows.count },
    half: null,
    residual: at(places.residual),
    labelClasses: [],
    predictedClasses: [],
  };
}

async function classRows(data: Dataset, columns: RowColumns, task: Task, threshold: number): Promise<OutcomeRows> {
  const { label, prediction, scores, windows, identity, names } = columns;
  const read = new Derived();
  const asClass = (column: SourceColumn | null) => column && ({ as: 'class', column } as const);
  const texts = {
    label: read.add('label', asClass(label)),
    prediction: read.add('prediction', asClass(prediction) ?? predictedByScores(scores, task, threshold)),
    scores: scores.map((column) =>
      read.add(column.name, { as: 'number', reading: { column, as: 'value' }, together: scores }),
    ),
    window: read.add('window', windows && { as: 'itself', column: windows.column }),
    half: read.add('half', identity.length === 0 ? null : { as: 'half', columns: identity }),
  };
  const written = data.derive(read.columns);
  const text = (place: number | null) => (place === null ? null : written.columns[place]!);
  const classOf = classReader(task.classes);
  const [labels, predictions] = [text(texts.label), text(texts.prediction)];
  const labelTexts = labels === null ? [] : await textsOf(written, labels, names.label, task.classes);
  const predictedTexts =
    predictions === null ? [] : await textsOf(written, predictions, names.prediction, task.classes);
  const classes = [...new Set([...labelTexts, ...predictedTexts].map(classOf))].sort();

  const coded = new Derived();
  const code = (column: SourceColumn | null, all: readonly string[]) =>
    column &&
    ({ as: 'code', column, codes: new Map(all.map((each) => [each, classes.indexOf(classOf(each))])) } as const);
  const among = (column: SourceColumn | null, all: readonly string[], className: string) =>
    column && ({ as: 'among', column, texts: all.filter((each) => classOf(each) === className) } as const);
  const itself = (column: SourceColumn | null) => column && ({ as: 'itself', column } as const);
  const places = {
    label: coded.add('label', code(labels, labelTexts)),
    prediction: coded.add('prediction', code(predictions, predictedTexts)),
    scores: scores.map((_, i) => {
      const { className } = task.scores[i]!;
      return {
        className,
        score: coded.add('score', itself(text(texts.scores[i]!)))!,
        labelled: coded.add('labelled', among(labels, labelTexts, className)),
        predicted: coded.add('predicted', among(predictions, predictedTexts, className)),
      };
    }),
    window: coded.add('window', itself(text(texts.window))),
    half: coded.add('half', itself(text(texts.half))),
  };
  const rows = await written.derive(coded.columns).kept();
  const at = (place: number | null) => (place === null ? null : rows.columns[place]!);
  return {
    data: rows,
    classes,
    label: at(places.label),
    prediction: at(places.prediction),
    scores: places.scores.map(({ className, score, labelled, predicted }) => ({
      className,
      score: at(score)!,
      labelled: at(labelled),
      predicted: at(predicted),
    })),
    windows: windows && { column: at(places.window)!, count: windows.count },
    half: at(places.half),
    residual: null,
    labelClasses: [...new Set(labelTexts.map(classOf))],
    predictedClasses: [...new Set(predictedTexts.map(classOf))],
  };
}

/** The texts that a column holds, ascending. */
async function textsOf(
  data: Dataset,
  column: SourceColumn,
  name: string,
  known: readonly string[],
): Promise<readonly string[]> {
  const [answer] = await data.categoryTables([column], mostClasses);
  const table = answered(answer!);
  if (!table.complete) {
    const classes = known.slice(0, 3).map((each) => quoted(each, 30));
    throw new Unmeasurable(
      `${quoted(name, 40)} holds more than ${mostClasses} different values such as ${quoted(table.values[0]!, 30)}, where ${classes.join(', ')} are known: labels of another task`,
    );
  }
  return [...table.values].sort();
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

export function value(column: SourceColumn): Term {
  return { op: 'value', reading: { column, as: 'value' } };
}

/** Whole numbers 0 … count − 1 as an axis; rows without one have the index `count`. */
export function codeAxis(column: SourceColumn, count: number): Axis {
  const edges = Float64Array.from({ length: Math.max(0, count - 1) }, (_, i) => i + 1);
  return { form: 'numbers', column, as: 'value', edges };
}

export function windowAxis(windows: Windows | null): Axis[] {
  return windows === null ? [] : [codeAxis(windows.column, windows.count)];
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
