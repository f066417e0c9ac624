import { describe, expect, test } from 'vitest';
import { lInfinity } from '../../src/drift/l-infinity.ts';
import { largestCellChange } from '../../src/drift/largest-cell-change.ts';
import { cellsInput, cellsOf, expectRelative } from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

describe('L∞ distance', () => {
  test('by hand and as documented: the cell is named', () => {
    expect(lInfinity.measure(cellsInput([1, 1, 2], [3, 1, 4]))).toMatchObject({
      statistic: 1 / 8,
      detail: { cell: 'cell 0', referenceShare: 1 / 4, currentShare: 3 / 8 },
    });
  });

  test.each(twoSample.categorical)('agrees with numpy: $name', ({ reference, current, expected }) => {
    expectRelative(
      lInfinity.measure(cellsInput(reference, current)).statistic,
      expected.l_infinity,
      STATISTIC_TOLERANCE,
    );
  });

  test('by law: looks at the tested cells, the largest cell change at the main ones', () => {
    const input = {
      ...cellsInput([], []),
      cells: { ...cellsOf([5, 5, 90], [15, 0, 85]), main: cellsOf([10, 90], [15, 85]) },
    };
    expect(lInfinity.measure(input).statistic).toBeCloseTo(0.1, 15);
    expect(largestCellChange.measure(input).statistic).toBeCloseTo(0.05, 15);
  });
});
