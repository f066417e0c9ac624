import { describe, expect, test } from 'vitest';
import { classReader, decideTask, type TaskFacts, type Values } from '../../../src/layers/outcomes/task.ts';
import { defaultOutcomeSettings, type OutcomeSettings } from '../../../src/model/outcomes.ts';

/** What is predicted, from the values of labels, predictions and the names of scores. */

const classes = (...names: string[]): Values => ({
  form: 'classes',
  classes: names,
  numeric: names.every((name) => !Number.isNaN(Number(name))),
});
const numbers: Values = { form: 'numbers', example: '12.5' };

function decide(
  facts: Partial<Record<'label' | 'prediction', Values>> & { scores?: string[]; means?: [string, number][] },
  settings: Partial<OutcomeSettings> = {},
) {
  const side = (name: 'label' | 'prediction') => (facts[name] ? { name, values: facts[name] } : null);
  const asked: TaskFacts = {
    label: side('label'),
    prediction: side('prediction'),
    scores: facts.scores ?? [],
    meanScores: facts.means ? new Map(facts.means) : null,
  };
  return decideTask(asked, { ...defaultOutcomeSettings, ...settings });
}
const kindOf = (decided: ReturnType<typeof decide>) => ('refused' in decided ? decided.refused : decided.task.kind);

describe('kind', () => {
  test.each<[string, Parameters<typeof decide>[0], string]>([
    ['two texts', { label: classes('a', 'b'), prediction: classes('a', 'b') }, 'binary'],
    ['three texts', { label: classes('a', 'b', 'c'), prediction: classes('a') }, 'multiclass'],
    ['0 and 1', { label: classes('0', '1'), prediction: classes('0', '1') }, 'binary'],
    ['a label and a score', { label: classes('0', '1'), scores: ['score'] }, 'binary'],
    ['stars', { label: classes('1', '2', '3', '4', '5'), prediction: classes('2', '3', '4') }, 'multiclass'],
    ['numbers', { label: numbers, prediction: numbers }, 'regression'],
    ['few whole labels, broken predictions', { label: classes('1', '2', '3'), prediction: numbers }, 'regression'],
    [
      'few broken numbers on both sides',
      { label: classes('0.5', '1.5'), prediction: classes('0.5', '2.5') },
      'regression',
    ],
    [
      'counts of many values',
      { label: classes(...Array.from({ length: 30 }, (_, i) => String(i))), prediction: classes('3', '4') },
      'regression',
    ],
  ])('%s', (_, facts, kind) => {
    expect(kindOf(decide(facts))).toBe(kind);
  });

  test('is what the configuration says', () => {
    expect(
      kindOf(decide({ label: classes('1', '2', '3'), prediction: classes('1', '2') }, { task: 'regression' })),
    ).toBe('regression');
  });

  test.each<[string, Parameters<typeof decide>[0], RegExp]>([
    [
      'no class in common',
      { label: classes('cat', 'dog'), prediction: classes('0', '1') },
      /^"label" holds "cat", "dog" and "prediction" "0", "1", with no class in common: labels of another task$/,
    ],
    [
      'numbers against classes',
      { label: numbers, prediction: classes('a', 'b') },
      /^"label" holds numbers such as 12.5, and "prediction" classes such as "a": labels of another task$/,
    ],
    [
      'texts without end',
      { label: { form: 'texts', distinct: 900 }, prediction: classes('a') },
      /^"label" holds 900 different texts; outcomes are measured for up to 100 classes$/,
    ],
  ])('is refused: %s', (_, facts, message) => {
    expect(kindOf(decide(facts))).toMatch(message);
  });
});

describe('the positive class', () => {
  const positive = (facts: Parameters<typeof decide>[0], settings: Partial<OutcomeSettings> = {}) => {
    const decided = decide(facts, settings);
    return 'refused' in decided ? decided.refused : decided.task.positive;
  };
  test.each<[string, Parameters<typeof decide>[0], string]>([
    ['1', { label: classes('0', '1') }, '1'],
    ['True', { label: classes('False', 'True') }, 'True'],
    ['yes', { label: classes('no', 'yes') }, 'yes'],
    ['1 of −1 and 1', { label: classes('-1', '1') }, '1'],
    ['named by its score', { label: classes('bad', 'good'), scores: ['y_pred_proba_bad'] }, 'bad'],
    [
      'where the score is higher',
      {
        label: classes('a', 'b'),
        scores: ['score'],
        means: [
          ['a', 0.8],
          ['b', 0.2],
        ],
      },
      'a',
    ],
    ['the last in order', { label: classes('a', 'b') }, 'b'],
  ])('%s', (_, facts, expected) => {
    expect(positive(facts)).toBe(expected);
  });

  test('as configured, letters aside', () => {
    expect(positive({ label: classes('Bad', 'Good') }, { positive: 'bad' })).toBe('Bad');
  });

  test('a score that falls where 1 is predicted is doubted', () => {
    const decided = decide({
      label: classes('0', '1'),
      scores: ['score'],
      means: [
        ['0', 0.8],
        ['1', 0.2],
      ],
    });
    expect('notes' in decided && decided.notes.at(-1)).toMatch(/"score" is higher where "0" is predicted/);
  });
});

test('scores of several classes are those named after them, the longest name first', () => {
  const decided = decide({
    label: classes('card', 'upmarket_card', 'none'),
    scores: ['y_pred_proba_upmarket_card', 'y_pred_proba_card', 'y_pred_proba_none', 'score'],
  });
  expect('task' in decided && decided.task.scores).toEqual([
    { column: 'y_pred_proba_card', className: 'card' },
    { column: 'y_pred_proba_none', className: 'none' },
    { column: 'y_pred_proba_upmarket_card', className: 'upmarket_card' },
  ]);
  expect('notes' in decided && decided.notes[0]).toMatch(/^"score" is not used for outcomes/);
});

test('a confidence is nobody’s probability', () => {
  const decided = decide({ label: classes('0', '1'), prediction: classes('0', '1'), scores: ['confidence'] });
  expect('task' in decided && decided.task.scores).toEqual([]);
});

test('texts that differ in letters, or by true for 1, are one class', () => {
  const read = classReader(['0', '1']);
  expect(['1', 'True', ' false', 'maybe'].map(read)).toEqual(['1', '1', '0', 'maybe']);
});
