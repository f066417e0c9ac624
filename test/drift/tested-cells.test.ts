import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BothMissing,
  type CategoryGateCells,
  categoryLabel,
  gateEdges,
  type TailFraction,
  tailFraction,
  testedCategoryCells,
  testedNumericCells,
} from '../../src/drift/tested-cells.ts';
import { nextUp } from '../../src/math/floats.ts';
import { gateCells } from './inputs.ts';

const noneMissing: BothMissing = { reference: { null: 0, nan: 0 }, current: { null: 0, nan: 0 } };
const list = (counts: Float64Array) => [...counts];
const total = (counts: Iterable<number>) => [...counts].reduce((sum, count) => sum + count, 0);

const range = (count: number, map: (i: number) => number = (i) => i) => Array.from({ length: count }, (_, i) => map(i));

describe('the tail ladder', () => {
  test.each<[number, number, TailFraction | undefined]>([
    [1e6, 1e6, 0.005],
    [1000, 1000, 0.005],
    [999, 1e6, 0.01],
    [1e6, 500, 0.01],
    [300, 250, 0.02],
    [200, 100, 0.05],
    [200, 99, undefined],
  ])('%s and %s rows cut tails of %s', (n, m, fraction) => {
    expect(tailFraction(n, m)).toBe(fraction);
  });
});

describe('gate edges', () => {
  test('equal edges become one with all its reasons; an atom is [v, nextUp(v))', () => {
    const tails = [{ fraction: 0.05 as const, lower: 1, upper: 8 }];
    expect(gateEdges({ atoms: [5], deciles: [8, 1, 3], tails })).toEqual([
      { at: 1, decile: true, tails: [0.05] },
      { at: 3, decile: true, tails: [] },
      { at: 5, decile: false, tails: [] },
      { at: nextUp(5), decile: false, tails: [] },
      { at: 8, decile: true, tails: [0.05] },
    ]);
  });

  test('−0 and 0 are one edge', () => {
    expect(gateEdges({ atoms: [-0], deciles: [0], tails: [] }).map(({ at }) => at)).toEqual([0, Number.MIN_VALUE]);
  });
});

describe('numeric cells by hand', () => {
  test('1000 distinct values: ten deciles, the outer ones parted at the tail', () => {
    const cells = testedNumericCells(gateCells(range(1000), range(1000)), noneMissing);
    expect(list(cells.reference)).toEqual([5, 95, 100, 100, 100, 100, 100, 100, 100, 100, 95, 5]);
    expect(list(cells.main.reference)).toEqual(new Array(10).fill(100));
    expect(cells.labels[0]).toBe('< 5');
    expect(cells.labels[1]).toBe('5 … 100');
    expect(cells.labels[11]).toBe('≥ 995');
    expect(cells.main.labels[0]).toBe('< 100');
  });

  test('a small batch uses a larger tail, or none', () => {
    const reference = range(1000);
    const of = (m: number) => list(testedNumericCells(gateCells(reference, range(m)), noneMissing).reference);
    expect(of(100)).toEqual([50, 50, 100, 100, 100, 100, 100, 100, 100, 100, 50, 50]);
    expect(of(60)).toEqual(new Array(10).fill(100));
    // 40 rows over ten cells are four a cell: they merge in pairs
    expect(of(40)).toEqual(new Array(5).fill(200));
    // 30 rows are three a cell: pairs
    expect(of(30)).toEqual(new Array(5).fill(200));
    // 16 rows are 1.6 a cell: fours, and the two left over join the last
    expect(of(16)).toEqual([400, 600]);
  });

  test('60 % zeros: one cell for the zero, and no edge twice', () => {
    const values = [...range(600, () => 0), ...range(400, (i) => i + 1)];
    const cells = testedNumericCells(gateCells(values, values), noneMissing);
    expect(cells.labels.filter((label) => label.includes('= 0'))).toEqual(['= 0']);
    expect(cells.reference[cells.labels.indexOf('= 0')]).toBe(600);
    // tails of .005 of 400 rows are two rows: rare, joined to their neighbour
    expect(list(cells.main.reference)).toEqual([40, 600, ...new Array(9).fill(40)]);
    expect(new Set(cells.labels).size).toBe(cells.labels.length);
    expect(total(cells.reference)).toBe(1000);
  });

  test('an atom in the middle of a decile parts it in two pieces that stay one cell', () => {
    const values = [...range(500, (i) => i), ...range(500, () => 124.5)];
    const cells = testedNumericCells(gateCells(values, values), noneMissing);
    expect(list(cells.main.reference)).toEqual([50, 50, 50, 500, 50, 50, 50, 50, 50, 50, 50]);
    expect(cells.main.labels[2]).toBe('100 … 150 except 124.5');
    expect(cells.main.labels[3]).toBe('= 124.5');
  });

  test('values beyond the range and infinities are in the end cells', () => {
    const cells = testedNumericCells(
      gateCells(range(1000), [-Infinity, -1e9, 500, 1e300, Infinity, ...range(995)]),
      noneMissing,
    );
    expect(cells.current[0]).toBe(7);
    expect(cells.current.at(-1)).toBe(2);
  });

  test('a constant column that varies: the rest is a cell, though the reference has none there', () => {
    const constant = range(200, () => 7);
    const same = testedNumericCells(gateCells(constant, constant), noneMissing);
    expect(same.labels).toEqual(['= 7']);
    const varied = testedNumericCells(gateCells(constant, [...constant, 8, 6, 9]), noneMissing);
    expect(varied.labels).toEqual(['all values except 7', '= 7']);
    expect(list(varied.current)).toEqual([3, 200]);
  });

  test('a rare atom, in a batch below 100 rows, joins the cell around it', () => {
    const values = [...range(950, (i) => i), ...range(50, () => 10.5)];
    const { labels, reference } = testedNumericCells(gateCells(values, range(60)), noneMissing);
    expect(labels).not.toContain('= 10.5');
    expect(reference[0]).toBe(95 + 50);
  });

  test('boundaries are shown as short as they can be told apart, or as the caller says', () => {
    const near = range(1000, (i) => 1 + i * 1e-7);
    const { labels } = testedNumericCells(gateCells(near, near), noneMissing);
    expect(labels[2]).toBe('1.00001 … 1.00002');
    const dated = testedNumericCells(gateCells(range(1000), range(1000)), noneMissing, (value) => `day ${value}`);
    expect(dated.labels[0]).toBe('< day 5');
  });
});

describe('missing values', () => {
  const numbers = gateCells(range(1000), range(1000));
  const labelsWith = (missing: BothMissing) =>
    testedNumericCells(numbers, missing).labels.filter((label) => /^[a-z]+$/i.test(label));

  test('none on either side: no cell', () => {
    expect(labelsWith(noneMissing)).toEqual([]);
  });

  test('common ones are cells of their own', () => {
    expect(labelsWith({ reference: { null: 50, nan: 40 }, current: { null: 0, nan: 0 } })).toEqual(['null', 'NaN']);
  });

  test('rare ones are one cell, also when the reference has none', () => {
    expect(labelsWith({ reference: { null: 1, nan: 0 }, current: { null: 0, nan: 300 } })).toEqual(['missing']);
    expect(labelsWith({ reference: { null: 0, nan: 0 }, current: { null: 300, nan: 0 } })).toEqual(['null']);
    expect(labelsWith({ reference: { null: 50, nan: 0 }, current: { null: 50, nan: 2 } })).toEqual(['null', 'NaN']);
  });

  test('never merged into a value cell', () => {
    const missing = { reference: { null: 2, nan: 1 }, current: { null: 3, nan: 0 } };
    const cells = testedNumericCells(numbers, missing);
    expect(cells.reference.at(-1)).toBe(3);
    expect(cells.current.at(-1)).toBe(3);
    expect(total(cells.reference)).toBe(1003);
    expect(cells.main.labels.at(-1)).toBe('missing');
  });
});

describe('category cells by hand', () => {
  const cells = (parts: Partial<CategoryGateCells>): CategoryGateCells => ({
    labels: ['a', 'b', 'c'],
    reference: Float64Array.of(600, 399, 1),
    current: Float64Array.of(580, 400, 2),
    otherReference: 0,
    otherCurrent: 0,
    unseenCurrent: 0,
    ...parts,
  });

  test('rare categories and unseen ones are OTHER', () => {
    const tested = testedCategoryCells(cells({ otherReference: 10, otherCurrent: 20, unseenCurrent: 7 }), noneMissing);
    expect(tested.labels).toEqual(['a', 'b', 'OTHER']);
    expect(list(tested.reference)).toEqual([600, 399, 11]);
    expect(list(tested.current)).toEqual([580, 400, 29]);
    expect(tested.main.labels).toEqual(tested.labels);
  });

  test('OTHER is kept when only unseen values are in it, and left out when nothing is', () => {
    const none = { labels: ['a'], reference: Float64Array.of(100), current: Float64Array.of(100) };
    expect(testedCategoryCells(cells(none), noneMissing).labels).toEqual(['a']);
    expect(testedCategoryCells(cells({ ...none, unseenCurrent: 9 }), noneMissing).labels).toEqual(['a', 'OTHER']);
  });

  test('at most a hundred categories are cells', () => {
    const labels = range(150).map(String);
    const counts = Float64Array.from(labels, () => 1000);
    const tested = testedCategoryCells(cells({ labels, reference: counts, current: counts }), noneMissing);
    expect(tested.labels).toHaveLength(101);
    expect(tested.reference.at(-1)).toBe(50_000);
  });

  test('no category can pass for a special cell', () => {
    expect(categoryLabel('OTHER')).toBe('"OTHER"');
    expect(categoryLabel('null')).toBe('"null"');
    expect(categoryLabel('')).toBe('""');
    expect(categoryLabel('other')).toBe('other');
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('OTHER', '"OTHER"', 'NaN', ''))), (names) => {
        const shown = names.map(categoryLabel);
        expect(new Set(shown).size).toBe(new Set(names).size);
        for (const special of ['OTHER', 'missing', 'null', 'NaN']) expect(shown).not.toContain(special);
      }),
    );
  });
});

describe('cells by law', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -5, max: 60 }), fc.double({ min: -100, max: 100, noNaN: true })), {
    minLength: 1,
    maxLength: 400,
  });
  const count = fc.nat(30);
  const missing = fc.record({
    reference: fc.record({ null: count, nan: count }),
    current: fc.record({ null: count, nan: count }),
  });

  test('every row of both sides is in exactly one cell, and one main cell; no cell is empty on both sides', () => {
    fc.assert(
      fc.property(values, values, missing, (reference, current, without) => {
        const cells = testedNumericCells(gateCells(reference, current), without);
        for (const { labels, reference: r, current: c } of [cells, cells.main]) {
          expect(total(r)).toBe(reference.length + without.reference.null + without.reference.nan);
          expect(total(c)).toBe(current.length + without.current.null + without.current.nan);
          expect(labels).toHaveLength(r.length);
          expect(new Set(labels).size).toBe(labels.length);
          expect(list(r).every((rows, i) => rows + c[i]! > 0)).toBe(true);
        }
      }),
    );
  });

  test('the cells depend on the reference and the sizes only, not on where the current rows are', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 400 }), (reference, m) => {
        const at = (place: number) => testedNumericCells(gateCells(reference, new Array(m).fill(place)), noneMissing);
        const filled = (cells: ReturnType<typeof at>) => list(cells.reference).filter((rows) => rows > 0);
        expect(filled(at(-1e6))).toEqual(filled(at(1e6)));
        expect(filled(at(0))).toEqual(filled(at(3)));
      }),
    );
  });

  test('category rows are conserved too', () => {
    const pairs = fc.array(fc.tuple(fc.nat(500), fc.nat(500)), { maxLength: 130 });
    fc.assert(
      fc.property(pairs, count, count, count, missing, (rows, otherReference, otherCurrent, unseenCurrent, without) => {
        const reference = Float64Array.from(rows, ([r]) => r);
        const current = Float64Array.from(rows, ([, c]) => c);
        const labels = rows.map((_, i) => `category ${i}`);
        const cells = testedCategoryCells(
          { labels, reference, current, otherReference, otherCurrent, unseenCurrent },
          without,
        );
        expect(total(cells.reference)).toBe(
          total(reference) + otherReference + without.reference.null + without.reference.nan,
        );
        expect(total(cells.current)).toBe(
          total(current) + otherCurrent + unseenCurrent + without.current.null + without.current.nan,
        );
        expect(new Set(cells.labels).size).toBe(cells.labels.length);
      }),
    );
  });
});
