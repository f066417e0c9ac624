import { describe, expect, it } from 'vitest';
import { phiSquared } from '../../src/drift/phi-squared.ts';
import { judge } from '../../src/verdict/judge.ts';
import { cellName } from '../../src/verdict/messages.ts';
import { movement } from '../../src/verdict/minimum-effect.ts';
import { count, datum, number, percent, plural, points, range } from '../../src/verdict/numerals.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { cellsOf, columnOf } from '../support/evidence.ts';

describe('numbers for people', () => {
  it.each([
    [number(0.15842), '0.158'],
    [number(12_345.6), '12,300'],
    [number(1_234_567), '1,230,000'],
    [number(0), '0'],
    [number(-0), '0'],
    [number(0.0000004567), '4.57e-7'],
    [datum(12_345.678), '12,345.7'],
    [datum(-1.5), '-1.5'],
    [count(1_234_567), '1,234,567'],
    [count(999), '999'],
    [percent(0.18), '18 %'],
    [percent(0.00012345), '0.0123 %'],
    [percent(1), '100 %'],
    [percent(0.9997), '99.97 %'],
    [percent(0), '0 %'],
    [points(0.07), '7 points'],
    [points(0.01), '1 point'],
    [plural(1, 'row'), '1 row'],
    [plural(1000, 'row'), '1,000 rows'],
    [range([0.131, 0.18777]), '[0.131, 0.188]'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });
});

describe('sentences', () => {
  const told = (column: ReturnType<typeof columnOf>): readonly string[] =>
    judge([column], column.rows, defaultVerdictSettings).findings.map(({ message }) => message);

  it('tell drift by φ² with its interval, the tolerance, how it was formed, and where', () => {
    const column = columnOf('amount', Array(10).fill(1000), [1900, 1500, 1200, 1000, 1000, 900, 800, 700, 600, 400], {
      kind: 'numeric',
      cells: cellsOf(
        Array(10).fill(1000),
        [1900, 1500, 1200, 1000, 1000, 900, 800, 700, 600, 400],
        ['< 12.3', ...Array.from({ length: 8 }, (_, i) => `${i + 12} … ${i + 13}`), '≥ 50'],
      ),
    });
    expect(told(column)).toEqual([
      '"amount" drifted: φ² 0.167 [0.14, 0.193] is above the warn tolerance 0.1 (10 cells, 10,000 against 10,000 rows); ' +
        'the share of values < 12.3 rose from 10 % to 19 %',
    ]);
  });

  it('tell drift by one cell with the change, its interval and its tolerance', () => {
    expect(told(columnOf('pay\n', [5000, 5000], [350, 650], { role: 'score' }))).toEqual([
      'score "pay\\n" drifted: the share of "cell 0" fell from 50 % to 35 %: 15 points [11.2, 18.7], ' +
        'above the fail tolerance 7 points (2 cells, 10,000 against 1,000 rows); φ² 0.0921 [0.0512, 0.145]',
    ]);
  });

  it('tell missing values', () => {
    const column = (missing: { reference: number; current: number }) =>
      told(columnOf('age', [500, 500], [500, 500], { missing }));
    expect(column({ reference: 80, current: 150 })).toEqual([
      '"age" lost values: missing in 15 % of rows (150 of 1,000), was 8 %; beyond sampling, the rise is above the tolerated 2 points',
    ]);
    expect(column({ reference: 1, current: 25 })).toEqual([
      '"age" lost values: missing in 2.5 % of rows (25 of 1,000), was 0.1 %; beyond sampling, the share has at least grown 2-fold',
    ]);
  });

  it('tell what is gone', () => {
    expect(told(columnOf('x', [500], [500], { schema: 'missing-in-current', role: 'prediction' }))).toEqual([
      'prediction "x" is missing from the current data',
    ]);
  });
});

it.each([
  ['< 12.3', 'numeric', 'values < 12.3'],
  ['null', 'numeric', 'null'],
  ['all values except 3', 'numeric', 'all values except 3'],
  ['paypal', 'categorical', '"paypal"'],
  ['OTHER', 'categorical', 'OTHER'],
  ['"OTHER"', 'categorical', '"OTHER"'],
  ['a\u202eb', 'categorical', '"a\\u202eb"'],
] as const)('the cell %s of a %s column is called %s', (label, kind, name) => {
  expect(cellName(label, kind)).toBe(name);
});

it('judges the φ² that is shown', () => {
  const cells = cellsOf([400, 250, 200, 100, 50, 0], [60, 50, 50, 30, 10, 3]);
  const table = {
    form: 'categories',
    support: cells.labels,
    reference: cells.reference,
    current: cells.current,
  } as const;
  expect(movement(cells)?.phiSquared).toBeCloseTo(phiSquared.measure({ cells, table }).statistic, 13);
});
