import { describe, expect, test } from 'vitest';
import type { QualityDataset } from '../../src/model/quality.ts';
import { almostConstant } from '../../src/quality/almost-constant.ts';
import { cardinality, expectedDistinct } from '../../src/quality/cardinality.ts';
import { duplicateRows } from '../../src/quality/duplicate-rows.ts';
import { entropy, entropyOf } from '../../src/quality/entropy.ts';
import { missingColumns } from '../../src/quality/missing-columns.ts';
import { mixedTypes, readingOf } from '../../src/quality/mixed-types.ts';
import { newColumns } from '../../src/quality/new-columns.ts';
import { plainName, renamedColumns } from '../../src/quality/renamed-columns.ts';
import { columnOf, profileOf, times } from './columns.ts';

const dataset = (more: Partial<QualityDataset>): QualityDataset => ({
  rows: { reference: 4, current: 4 },
  repeats: null,
  missing: [],
  added: [],
  pairs: [],
  ...more,
});

describe('duplicate-rows', () => {
  const repeats = (reference: [number, number], current: [number, number]) => ({
    ids: null,
    reference: { rows: reference[0], distinct: reference[1] },
    current: { rows: current[0], distinct: current[1] },
  });

  test('a b b b is 4 rows, 2 of them repeated', () => {
    const [fact] = duplicateRows.measure(dataset({ repeats: repeats([4, 4], [4, 2]) }));
    expect(fact).toMatchObject({ column: null, reference: 0, current: 1 / 2 });
    expect(fact!.evidence).toEqual({
      form: 'share',
      reference: { rows: 0, of: 4 },
      current: { rows: 2, of: 4 },
      growth: 1,
      dispersion: 2,
    });
  });

  test('more rows repeat more often by themselves: at most (m − 1)/(n − 1)-fold', () => {
    const [fact] = duplicateRows.measure(dataset({ repeats: repeats([101, 91], [201, 181]) }));
    expect(fact!.evidence).toMatchObject({ growth: 2 });
    expect(fact!.detail.expected).toBeCloseTo((2 * 10) / 101, 12);
  });

  test('fewer rows are not expected to repeat less: the bound stays on the quiet side', () => {
    const [fact] = duplicateRows.measure(dataset({ repeats: repeats([201, 181], [101, 91]) }));
    expect(fact!.evidence).toMatchObject({ growth: 1 });
  });

  test.each([
    ['nothing was counted', dataset({})],
    ['a side has one row', dataset({ repeats: repeats([1, 1], [4, 4]) })],
  ])('says nothing when %s', (_, input) => {
    expect(duplicateRows.measure(input)).toEqual([]);
  });
});

describe('missing-columns and new-columns', () => {
  test('count and name a few', () => {
    const missing = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ name, role: 'feature' as const }));
    expect(missingColumns.measure(dataset({ missing }))).toMatchObject([
      { current: 7, detail: { names: 'a, b, c, d, e, 2 more' }, evidence: null },
    ]);
    expect(newColumns.measure(dataset({ added: ['z'] }))).toMatchObject([{ current: 1, detail: { names: 'z' } }]);
  });
});

describe('renamed-columns', () => {
  test.each([
    ['annual_income', 'annualIncome'],
    ['annual_income', 'Annual Income'],
    ['features.age', 'FEATURES_AGE'],
    ['größe', 'GRÖSSE'.replace('SS', 'ß')],
    ['ｗidth', 'width'],
  ])('%s and %s are one name', (a, b) => {
    expect(plainName(a)).toBe(plainName(b));
  });

  test.each([
    ['income', 'outcome'],
    ['x1', 'x2'],
    ['价格', '价位'],
  ])('%s and %s are two', (a, b) => {
    expect(plainName(a)).not.toBe(plainName(b));
  });

  test('names of punctuation alone are no name in common', () => {
    const pairs = [{ missing: { name: '--', role: 'feature' as const }, added: '__', cells: null }];
    expect(renamedColumns.measure(dataset({ pairs }))).toMatchObject([{ evidence: { sameName: false } }]);
  });
});

describe('mixed-types', () => {
  test('a number among words is 1/3', () => {
    expect(mixedTypes.measure(columnOf(['a', 'b', 'c'], ['a', '7', 'b']))).toMatchObject({
      reference: 0,
      current: 1 / 3,
      detail: { otherType: 'read as a number', rows: 1, values: 3, examples: '"7"' },
    });
  });

  test('words among codes that read as numbers', () => {
    expect(mixedTypes.measure(columnOf(['1', '2', '3'], ['1', 'unknown', 'unknown', 'n/k']))).toMatchObject({
      reference: 0,
      current: 3 / 4,
      detail: { otherType: 'read as words', examples: '"unknown", "n/k"' },
    });
  });

  test('values that do not read as numbers, of all that were written', () => {
    const column = columnOf([1, 2, 3, null], [1, 2, null, null]);
    const current = { ...column.profiles.current, nulls: 1, castFailures: 1, castFailureExamples: ['n/a'] };
    expect(mixedTypes.measure({ ...column, profiles: { ...column.profiles, current } })).toMatchObject({
      reference: 0,
      current: 1 / 3,
      detail: { otherType: 'do not read as a number', examples: '"n/a"' },
      evidence: { current: { rows: 1, of: 3 } },
    });
  });

  test('a habit of the reference is told as it was', () => {
    expect(mixedTypes.measure(columnOf(['a', 'b', '7'], ['a', 'b', '7']))).toMatchObject({
      reference: 1 / 3,
      current: 1 / 3,
    });
  });

  test.each([
    ['every value reads as its type', columnOf(['a'], ['b'])],
    ['the column is a label', columnOf(['a'], ['7'], { role: 'label' })],
    ['the column is an id', columnOf(['a'], ['7'], { role: 'id' })],
    ['a side is empty', columnOf(['a'], [null])],
  ])('says nothing when %s', (_, column) => {
    expect(mixedTypes.measure(column)).toBeNull();
  });

  test.each([
    ['12', 'number'],
    [' -1.5e3 ', 'number'],
    ['1,5', 'number'],
    ['.5', 'number'],
    ['1.2.3', 'word'],
    ['0x1f', 'word'],
    ['12 EUR', 'word'],
    ['2026-11-21', 'date'],
    ['2026-11-21 09:30', 'date'],
    ['2026-11-21x', 'word'],
    ['True', 'truth'],
    ['yes', 'word'],
    ['', 'word'],
  ])('%j reads as a %s', (value, reading) => {
    expect(readingOf(value)).toBe(reading);
  });
});

describe('cardinality', () => {
  test('the reference thinned: a a b, one row now', () => {
    // 1 − (2/3)² + 1 − 2/3
    expect(cardinality.measure(columnOf(['a', 'a', 'b'], ['a']))).toMatchObject({
      reference: 2,
      current: 1,
      evidence: { form: 'count', found: 1, expected: expect.closeTo(8 / 9, 12) },
    });
  });

  test('the same rows let expect the same values', () => {
    const column = columnOf(['a', 'a', 'b'], ['b', 'a', 'a']);
    expect(expectedDistinct(column, 2)!.expected).toBeCloseTo(2, 12);
  });

  test('more rows bring new values no more often than the last ones did', () => {
    // D 2, one singleton, twice the rows: 2 + 1 · (1 + 1)
    expect(expectedDistinct(columnOf(['a', 'a', 'b'], times(6, 'a')), 2)!.expected).toBeCloseTo(4, 12);
  });

  test('too many values to be held: an estimate, told a sixth smaller, against a bound', () => {
    const column = columnOf([1, 2, 3, 3], times(8, 1));
    const current = { ...column.profiles.current, distinct: { value: 600, exact: false } };
    const table = { form: 'intervals' } as never;
    expect(cardinality.measure({ ...column, table, profiles: { ...column.profiles, current } })).toMatchObject({
      current: 500,
      detail: { exact: false },
      evidence: { expected: 6 },
    });
  });

  test.each([
    ['a time', columnOf([1], [2], { kind: 'datetime' })],
    ['a text', columnOf(['a'], ['b'], { kind: 'text' })],
    ['an id', columnOf(['a'], ['b'], { role: 'id' })],
    [
      'estimated in the reference',
      columnOf(['a'], ['b'], {
        profiles: { reference: profileOf(['a'], { distinct: { value: 1, exact: false } }), current: profileOf(['b']) },
      }),
    ],
    ['empty now', columnOf(['a'], [null])],
  ])('says nothing of what is %s', (_, column) => {
    expect(cardinality.measure(column)).toBeNull();
  });
});

describe('almost-constant', () => {
  test('a a b, then a a a b: 2/3, 3/4', () => {
    expect(almostConstant.measure(columnOf(['a', 'a', 'b'], ['a', 'a', 'a', 'b']))).toMatchObject({
      reference: 2 / 3,
      current: 3 / 4,
      detail: { value: 'a', constant: false },
      evidence: { form: 'rest', reference: { rows: 1, of: 3 }, current: { rows: 1, of: 4 } },
    });
  });

  test('missing values are not counted, a value that the reference never had is 0 there', () => {
    expect(almostConstant.measure(columnOf([1, 2, null], [7, 7, 8, null]))).toMatchObject({
      reference: 0,
      current: 2 / 3,
    });
  });

  test('a constant is left to its own rule', () => {
    expect(almostConstant.measure(columnOf(['a', 'b'], ['a', 'a']))).toMatchObject({ current: 1, evidence: null });
  });

  test('merged values: the whole interval bounds the share then', () => {
    const column = columnOf([1, 2, 3, 4], [2, 2, 2, 9]);
    const table = {
      form: 'intervals' as const,
      edges: Float64Array.of(1.5, 3.5),
      reference: Float64Array.of(1, 2, 1),
      current: Float64Array.of(0, 3, 1),
      outer: { reference: {} as never, current: {} as never },
    };
    expect(almostConstant.measure({ ...column, table })).toMatchObject({ reference: 2 / 4, current: 3 / 4 });
  });
});

describe('entropy', () => {
  test('1/2 1/4 1/4 is 1.5 bits, and (K − 1)/(2n ln 2) more', () => {
    expect(entropyOf(Float64Array.of(200, 100, 100))!.bits).toBeCloseTo(1.5 + 2 / (800 * Math.LN2), 12);
  });

  test('one value is 0 bits', () => {
    expect(entropyOf(Float64Array.of(7, 0))!.bits).toBe(0);
    expect(entropyOf(Float64Array.of(7, 0))!.variance).toBeGreaterThan(0);
    expect(entropyOf(Float64Array.of(0, 0))).toBeNull();
  });

  test('then and now', () => {
    const measured = entropy.measure(columnOf([...times(50, 'a'), ...times(50, 'b')], times(100, 'a')))!;
    expect(measured.reference).toBeCloseTo(1, 1);
    expect(measured.current).toBe(0);
    expect(measured.evidence).toMatchObject({ form: 'difference', difference: expect.closeTo(-1, 1) });
  });

  test('numbers have none', () => {
    expect(entropy.measure(columnOf([1, 2], [1, 2]))).toBeNull();
    expect(entropy.measure(columnOf(['a'], ['a']))).toBeNull();
  });
});
