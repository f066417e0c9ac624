import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance } from '../../src/outcome/decomposition.ts';
import { mostExplained, reweight } from '../../src/outcome/reweighting.ts';

const counts = (...rows: number[]) => Float64Array.from(rows);

describe('by hand', () => {
  it('explains everything when the prediction is the column, as documented', () => {
    const found = reweight({
      reference: counts(50, 50),
      current: [counts(80, 0), counts(0, 20)],
      prediction: counts(500, 500),
    })!;
    expect(found).toMatchObject({ explained: 1, reweighted: 0, uncovered: 0 });
    expect(found.phiSquared).toBeCloseTo(2 * (0.09 / 1.3 + 0.09 / 0.7), 12);
    // weights 0.5/80 on 80 rows and 0.5/20 on 20
    expect(found.effectiveRows).toBeCloseTo(1 / (0.25 / 80 + 0.25 / 20), 9);
  });

  it('explains nothing when the column did not move', () => {
    const found = reweight({
      reference: counts(1, 1),
      current: [counts(30, 10), counts(20, 20)],
      prediction: counts(1, 1),
    })!;
    expect(found.explained).toBeCloseTo(0, 12);
    expect(found.effectiveRows).toBeCloseTo(80, 9);
  });

  it('is negative when the drift of the column hides that of the prediction', () => {
    // without the move to the second cell 90 % would be approved, with it 70 %; the reference approved 50 %
    const found = reweight({
      reference: counts(100, 0),
      current: [counts(45, 5), counts(25, 25)],
      prediction: counts(50, 50),
    })!;
    expect(found.explained).toBeLessThan(0);
  });

  it('says which rows of the reference have no counterpart', () => {
    const found = reweight({
      reference: counts(30, 70),
      current: [counts(5, 15), counts(0, 0)],
      prediction: counts(50, 50),
    })!;
    expect(found.uncovered).toBeCloseTo(0.7, 12);
    expect(found.explained).toBeCloseTo(0, 12);
  });
});

describe('by law', () => {
  const cells = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 3, maxLength: 3 });
  const joint = fc.array(cells, { minLength: 4, maxLength: 4 });
  const column = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 4, maxLength: 4 });

  it('never explains more than the bound by φ² of the column', () => {
    fc.assert(
      fc.property(column, joint, cells, (reference, current, prediction) => {
        const found = reweight({
          reference: counts(...reference),
          current: current.map((rows) => counts(...rows)),
          prediction: counts(...prediction),
        });
        fc.pre(found !== null && found.phiSquared > 1e-6);
        const shares = (rows: readonly number[]) => {
          const all = rows.reduce((a, b) => a + b, 0);
          return counts(...rows.map((count) => count / all));
        };
        const ofColumn = distance(shares(reference), shares(current.map((rows) => rows.reduce((a, b) => a + b, 0))));
        expect(found!.explained).toBeLessThanOrEqual(mostExplained(ofColumn, found!.phiSquared) + 1e-9);
      }),
    );
  });

  it('explains everything when what is predicted from each cell has not changed', () => {
    fc.assert(
      fc.property(column, joint, column, (then, predicted, now) => {
        // the same predictions from each cell on both sides, scaled to whole rows
        const rowsOf = (cell: readonly number[]) => cell.reduce((a, b) => a + b, 0);
        const product = predicted.map(rowsOf).reduce((a, b) => a * b, 1);
        const side = (weights: readonly number[]) =>
          predicted.map((cell, b) => counts(...cell.map((count) => count * weights[b]! * (product / rowsOf(cell)))));
        const prediction = side(then).reduce((sum, cell) => sum.map((count, c) => count + cell[c]!));
        const found = reweight({ reference: counts(...then), current: side(now), prediction });
        fc.pre(found !== null && found.phiSquared > 1e-6);
        expect(found!.explained).toBeCloseTo(1, 6);
      }),
    );
  });
});

it('has nothing to weight without rows or without a drift', () => {
  expect(reweight({ reference: counts(0, 0), current: [counts(1), counts(1)], prediction: counts(1) })).toBeNull();
  expect(reweight({ reference: counts(1, 1), current: [counts(0), counts(0)], prediction: counts(1) })).toBeNull();
  expect(reweight({ reference: counts(1, 1), current: [counts(1, 1)], prediction: counts(2, 2) })).toBeNull();
});
