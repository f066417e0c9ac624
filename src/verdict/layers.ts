import type { ColumnVerdict, Finding } from '../model/verdict.ts';
import type { Hypothesis, Rejected } from './family.ts';
import type { Ranked } from './severity.ts';

/**
 * What is asked of a run beside its columns: outcomes, predictions, service levels, segments. A layer forms its own questions and
 * sentences; that all of them share one family with the columns' is what keeps the run at its stated rate of false alarms.
 */

export interface LayerQuestion extends Hypothesis {
  /** how far beyond its threshold, comparable among findings of one code; absent for 0 */
  readonly excess?: number;
  /**
   * What is said when it is rejected; null when its rule is off at this level, or a column's own verdict says it already.
   *
   * @param columns by name
   */
  readonly tell: (level: 'fail' | 'warn', columns: ReadonlyMap<string, ColumnVerdict>) => Finding | null;
}

export interface Layer {
  readonly questions: readonly LayerQuestion[];
  /** what holds of the batch itself and needs no test, such as a service level that was missed */
  readonly facts: readonly Finding[];
}

export function toldBy(
  { questions, facts }: Layer,
  rejected: readonly Rejected[],
  columns: ReadonlyMap<string, ColumnVerdict>,
): readonly Ranked[] {
  const told = questions.flatMap(({ tell, excess = 0 }, i) => {
    const level = rejected[i]!;
    const finding = level && tell(level, columns);
    return finding === null ? [] : [{ finding, excess }];
  });
  return [...told, ...facts.map((finding) => ({ finding, excess: 0 }))];
}
