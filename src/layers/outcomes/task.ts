import { DriftError } from '../../model/errors.ts';
import type { OutcomeSettings, OutcomeTask } from '../../model/outcomes.ts';
import { quoted } from '../../model/text.ts';

/** What is predicted, and which class is "the" positive one: decided on the reference, said in the notes. */

/** More classes than this have no confusion matrix that anybody reads. */
export const mostClasses = 100;
/** Numbers of more distinct values than this are no classes. */
const mostNumericClasses = 20;

/** The values of a column, as far as the task depends on them. */
export type Values =
  | { readonly form: 'classes'; readonly classes: readonly string[]; readonly numeric: boolean }
  | { readonly form: 'numbers'; readonly example: string }
  | { readonly form: 'texts'; readonly distinct: number };

export interface ScoreColumn {
  readonly column: string;
  readonly className: string;
}

export interface Task {
  readonly kind: OutcomeTask;
  /** classes that were known when the task was decided, ascending by code units; empty for a regression */
  readonly classes: readonly string[];
  readonly positive: string | null;
  /** of two classes the other one */
  readonly negative: string | null;
  readonly scores: readonly ScoreColumn[];
}

export interface Decided {
  readonly task: Task;
  readonly notes: readonly string[];
}
export interface Refused {
  readonly refused: string;
}

export interface TaskFacts {
  readonly label: { readonly name: string; readonly values: Values } | null;
  readonly prediction: { readonly name: string; readonly values: Values } | null;
  /** names of the score columns */
  readonly scores: readonly string[];
  /** of a single score its mean by class, predicted or else labelled; null when not known */
  readonly meanScores: ReadonlyMap<string, number> | null;
}

/** @throws {DriftError} when the configured positive class does not occur */
export function decideTask(facts: TaskFacts, settings: OutcomeSettings): Decided | Refused {
  const { label, prediction } = facts;
  const crowded = [label, prediction].find((side) => side?.values.form === 'texts');
  if (crowded?.values.form === 'texts') {
    return {
      refused: `${quoted(crowded.name)} holds ${crowded.values.distinct} different texts; outcomes are measured for up to ${mostClasses} classes`,
    };
  }
  if (settings.task === 'regression' || (settings.task === undefined && isRegression(facts))) return regression(facts);
  const mixed = numbersAgainstClasses(facts);
  if (mixed !== null) return { refused: mixed };
  return classification(facts, settings);
}

function isRegression({ label, prediction, scores }: TaskFacts): boolean {
  const sides = [label, prediction].flatMap((side) => (side === null ? [] : [side.values]));
  const isNumeric = (values: Values) => values.form === 'numbers' || (values.form === 'classes' && values.numeric);
  if (prediction === null || !sides.every(isNumeric)) return false;
  if (scores.length > 0) return sides.every(({ form }) => form === 'numbers');
  const [first, second = first] = sides;
  if (first?.form !== 'classes' || second?.form !== 'classes') return true;
  if (Math.max(first.classes.length, second.classes.length) > mostNumericClasses) return true;
  const within = (some: readonly string[], all: readonly string[]) => some.every((name) => all.includes(name));
  const whole = [...first.classes, ...second.classes].every((name) => Number.isInteger(Number(name)));
  return !whole || !(within(first.classes, second.classes) || within(second.classes, first.classes));
}

function regression({ label, prediction }: TaskFacts): Decided | Refused {
  if (prediction === null) return { refused: 'a regression is measured on predicted values, and no column holds any' };
  const text = [label, prediction].find((side) => side?.values.form === 'classes' && !side.values.numeric);
  if (text?.values.form === 'classes') {
    return {
      refused: `${quoted(text.name)} holds classes such as ${quoted(text.values.classes[0] ?? '', 30)}, not numbers`,
    };
  }
  const task: Task = { kind: 'regression', classes: [], positive: null, negative: null, scores: [] };
  return { task, notes: [`outcomes are those of a regression: ${quoted(prediction.name, 40)} holds numbers`] };
}

function numbersAgainstClasses({ label, prediction }: TaskFacts): string | null {
  const numbers = [label, prediction].find((side) => side?.values.form === 'numbers');
  if (numbers?.values.form !== 'numbers') return null;
  const other = numbers === label ? prediction : label;
  const against =
    other?.values.form === 'classes'
      ? `${quoted(other.name)} classes such as ${quoted(other.values.classes[0] ?? '', 30)}`
      : 'a class is wanted';
  return `${quoted(numbers.name)} holds numbers such as ${numbers.values.example}, and ${against}: labels of another task`;
}

function classification(facts: TaskFacts, settings: OutcomeSettings): Decided | Refused {
  const { label, prediction, scores } = facts;
  const classesOf = (side: TaskFacts['label']) => (side?.values.form === 'classes' ? side.values.classes : []);
  const known = joinClasses(classesOf(label), classesOf(prediction));
  const apart = disjoint(label?.name ?? '', known.labels, prediction?.name ?? '', known.predictions);
  if (apart !== null) return { refused: apart };
  const classes = [...new Set([...known.labels, ...known.predictions])].sort();
  const named = scores.flatMap((column): ScoreColumn[] => {
    const className = classNamedBy(column, classes);
    return className === null ? [] : [{ column, className }];
  });
  if (classes.length > 2) return multiclass(classes, scores, named);
  const chosen = positiveOf(classes, named, facts, settings);
  const negative = classes.find((name) => name !== chosen.positive) ?? `not ${chosen.positive}`;
  const used = scoreOfPositive(scores, named, chosen.positive);
  return {
    task: { kind: 'binary', classes, positive: chosen.positive, negative, scores: used.scores },
    notes: [...chosen.notes, ...used.notes],
  };
}

function multiclass(classes: readonly string[], scores: readonly string[], named: readonly ScoreColumn[]): Decided {
  const used = classes.flatMap((name) => named.find(({ className }) => className === name) ?? []);
  const unused = scores.filter((column) => !used.some((score) => score.column === column));
  const complete = used.length > 1;
  const left = complete ? unused : scores;
  return {
    task: { kind: 'multiclass', classes, positive: null, negative: null, scores: complete ? used : [] },
    notes:
      left.length === 0
        ? []
        : [
            `${left.map((column) => quoted(column, 40)).join(', ')} ${left.length === 1 ? 'is' : 'are'} not used for outcomes: the name of a score ends in the class it is the probability of, e.g. ${quoted(`y_pred_proba_${classes[0]}`, 60)}`,
          ],
  };
}

/** Of two classes, the one that everybody would call positive. */
const conventionalPositives: readonly string[] = ['1', 'true', 'yes', 'y', 't', 'positive', 'pos', '+1', '+'];

function positiveOf(
  classes: readonly string[],
  named: readonly ScoreColumn[],
  { scores, meanScores }: TaskFacts,
  { positive: said }: OutcomeSettings,
): { positive: string; notes: string[] } {
  if (said !== undefined) {
    const known = classes.find((name) => name === said) ?? classes.find((name) => folded(name) === folded(said));
    if (known === undefined && classes.length > 1) {
      const all = classes.map((name) => quoted(name, 30)).join(' and ');
      throw new DriftError('BAD_OPTION', `outcomes.positive is ${quoted(said, 30)}, and the classes are ${all}`);
    }
    return { positive: known ?? said, notes: [] };
  }
  const scored = highestScored(classes, meanScores);
  const conventional = conventionalPositives.flatMap(
    (word) => classes.find((name) => name.toLowerCase() === word) ?? [],
  );
  const [first] = conventional;
  if (first !== undefined) {
    const doubt =
      scored === null || scored === first || scores.length !== 1
        ? []
        : [
            `${quoted(scores[0]!, 40)} is higher where ${quoted(scored, 30)} is predicted: if it is the probability of that, say outcomes.positive: ${quoted(scored, 30)}`,
          ];
    return { positive: first, notes: [positiveNote(first, 'by its name'), ...doubt] };
  }
  const [only] = named;
  if (named.length === 1 && only) {
    return {
      positive: only.className,
      notes: [positiveNote(only.className, `${quoted(only.column, 40)} is its score`)],
    };
  }
  if (scored !== null && scores.length === 1) {
    return { positive: scored, notes: [positiveNote(scored, `where ${quoted(scores[0]!, 40)} is higher`)] };
  }
  const last = classes.at(-1) ?? '1';
  return { positive: last, notes: [positiveNote(last, 'the last of the classes in order')] };
}

/** Of two classes the one with the higher mean score; null when that is not known. */
function highestScored(classes: readonly string[], means: TaskFacts['meanScores']): string | null {
  if (means === null || classes.length !== 2) return null;
  const [a, b] = classes.map((name) => means.get(name));
  if (a === undefined || b === undefined || a === b) return null;
  return a > b ? classes[0]! : classes[1]!;
}

function positiveNote(name: string, why: string): string {
  return `outcomes are told of the class ${quoted(name, 40)} (${why}); outcomes.positive names another`;
}

/** A score that says how sure the model is, of whatever it predicted, is nobody's probability. */
const confidenceNames = /(^|[^a-z])confidence([^a-z]|$)/i;

function scoreOfPositive(
  scores: readonly string[],
  named: readonly ScoreColumn[],
  positive: string,
): { scores: ScoreColumn[]; notes: string[] } {
  const own = named.find(({ className }) => className === positive);
  if (own) return { scores: [own], notes: [] };
  const [only] = scores.filter((column) => !named.some((score) => score.column === column));
  if (only === undefined || scores.length > 1) {
    const unused =
      scores.length === 0 ? [] : [`no score is used for outcomes: none is named after ${quoted(positive, 30)}`];
    return { scores: [], notes: unused };
  }
  if (confidenceNames.test(only)) {
    return {
      scores: [],
      notes: [`${quoted(only, 40)} is not used for outcomes: a confidence belongs to whatever class was predicted`],
    };
  }
  return { scores: [{ column: only, className: positive }], notes: [] };
}

/** `y_pred_proba_upmarket_card` is the score of `upmarket_card`. The longest class wins. */
function classNamedBy(column: string, classes: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_');
  const name = plain(column);
  const fitting = classes.filter((each) => name.endsWith(`_${plain(each)}`));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** Texts that mean one class: letters aside, and true for 1. */
export function folded(text: string): string {
  const plain = text.trim().toLowerCase();
  return plain === 'true' ? '1' : plain === 'false' ? '0' : plain;
}

/** What class each text means: a known one where it is that text or folds to it, else one of its own. */
export function classReader(known: readonly string[]): (text: string) => string {
  const exact = new Set(known);
  const byFold = new Map([...known].reverse().map((name) => [folded(name), name]));
  return (text) => (exact.has(text) ? text : (byFold.get(folded(text)) ?? text));
}

function joinClasses(labels: readonly string[], predictions: readonly string[]) {
  const read = classReader(labels);
  return { labels: [...new Set(labels.map(read))], predictions: [...new Set(predictions.map(read))] };
}

/** Why labels cannot be those of the predictions: not one class in common. Null when they can. */
export function disjoint(
  labelName: string,
  labels: readonly string[],
  otherName: string,
  others: readonly string[],
): string | null {
  if (labels.length === 0 || others.length === 0 || labels.some((name) => others.includes(name))) return null;
  const some = (names: readonly string[]) =>
    `${names
      .slice(0, 3)
      .map((name) => quoted(name, 30))
      .join(', ')}${names.length > 3 ? ' …' : ''}`;
  return `${quoted(labelName)} holds ${some(labels)} and ${quoted(otherName)} ${some(others)}, with no class in common: labels of another task`;
}
