import { describe, expect, test } from 'vitest';
import { largestCellChange } from '../../src/drift/largest-cell-change.ts';
import { cellsInput, cellsOf, expectRelative } from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

describe('largest cell change', () => {
  test('by hand and as documented: names the cell and both shares', () => {
    const { statistic, detail } = largestCellChange.measure(cellsInput([1, 1], [3, 1]));
    expect(statistic).toBe(1 / 4);
    expect(detail).toEqual({ cell: 'cell 0', referenceShare: 0.5, currentShare: 0.75 });
  });

  test.each(twoSample.categorical)('agrees with numpy: $name', ({ reference, current, expected }) => {
    const { statistic } = largestCellChange.measure(cellsInput(reference, current));
    expectRelative(statistic, expected.l_infinity, STATISTIC_TOLERANCE);
  });

  test('reads the main cells, not the finer ones', () => {
    const fine = cellsOf([10, 10, 20], [0, 20, 20]);
    const main = cellsOf([20, 20], [20, 20]);
    expect(largestCellChange.measure({ table: cellsInput([], []).table, cells: { ...fine, main } }).statistic).toBe(0);
  });
});
