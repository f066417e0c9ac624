import { describe, expect, it } from 'vitest';
import {
  logNoncentralChiSquaredLowerTail,
  logNoncentralChiSquaredUpperTail,
} from '../../src/math/noncentral-chi-squared.ts';
import type { TestedCells } from '../../src/model/frequency-table.ts';
import {
  below,
  belowWhenConstant,
  beyond,
  changeInterval,
  constantInterval,
  type Movement,
  movement,
  phiSquaredInterval,
  smallestProvable,
} from '../../src/verdict/minimum-effect.ts';
import { cellsOf } from '../support/evidence.ts';

function moved(reference: readonly number[], current: readonly number[]): Movement {
  const result = movement(cellsOf(reference, current));
  if (result === null) throw new Error('nothing to compare');
  return result;
}

const warn = { phiSquared: 0.1, cellChange: 0.07 };
const fail = { phiSquared: 0.25, cellChange: 0.12 };

describe('movement', () => {
  it('is φ² and the change of each share, by hand', () => {
    // shares ½, ½ against ¾, ¼: φ² = 2 (1/16 / 5/4 + 1/16 / 3/4) = 4/15
    const { phiSquared, cells, samplingVariance, largest } = moved([4, 4], [6, 2]);
    expect(phiSquared).toBeCloseTo(4 / 15, 15);
    expect(cells).toBe(2);
    expect(samplingVariance).toBe(1 / 4);
    expect(largest).toMatchObject({ cell: 'cell 0', reference: 0.5, current: 0.75, change: 0.25 });
  });

  it('is 4 at most, when no value is shared', () => {
    expect(moved([10, 0], [0, 10]).phiSquared).toBe(4);
  });

  it('leaves out what is empty on both sides, and keeps what one side has', () => {
    expect(moved([5, 0, 5, 0], [5, 0, 4, 1]).cells).toBe(3);
    expect(moved([5, 0, 5, 0], [5, 0, 4, 1]).shifts).toHaveLength(3);
  });

  it('finds no largest change where nothing changed', () => {
    expect(moved([10, 20], [100, 200]).largest).toBeNull();
    expect(moved([10, 20], [100, 200]).phiSquared).toBe(0);
  });

  it('judges the largest change on the coarser cells', () => {
    const cells: TestedCells = {
      ...cellsOf([10, 90, 900], [100, 0, 900]),
      main: cellsOf([100, 900], [100, 900]).main,
    };
    expect(movement(cells)?.phiSquared).toBeGreaterThan(0.1);
    expect(movement(cells)?.largest).toBeNull();
  });

  it.each([
    ['no reference rows', cellsOf([0, 0], [1, 2])],
    ['no current rows', cellsOf([1, 2], [0, 0])],
    ['no cells', cellsOf([], [])],
    ['a count that is none', cellsOf([1, 2], [Number.NaN, 2])],
    ['an infinite count', cellsOf([1, 2], [Number.POSITIVE_INFINITY, 2])],
    ['a missing count', cellsOf([1, 2, 3], [1, 2])],
  ])('is nothing with %s', (_, cells) => {
    expect(movement(cells)).toBeNull();
  });
});

// scipy 1.17.1: ncx2.logsf and ncx2.logcdf of φ²/v, norm.logsf, put together as the formulas say
describe('against scipy', () => {
  const boolean = moved([500, 500], [650, 350]);
  const five = moved([400, 250, 200, 100, 50], [60, 50, 50, 30, 10]);

  it('proves what is beyond a tolerance, by the stronger of two measures', () => {
    expect(boolean.phiSquared).toBeCloseTo(0.09207161125319696, 15);
    expect(beyond(boolean, warn).logP).toBeCloseTo(-6.648683992367037, 10);
    expect(beyond(boolean, warn).by).toBe('cell');
    expect(beyond(boolean, fail).logP).toBeCloseTo(-0.3659111305373298, 10);
  });

  it('cuts a p-value at one', () => {
    expect(beyond(five, warn)).toMatchObject({ logP: 0, by: 'phi-squared' });
  });

  it('proves what is below a tolerance on both scales', () => {
    expect(below(five, warn).logPhiSquared).toBeCloseTo(-2.4271752528707164, 10);
    expect(below(five, warn).logCellChange).toBeCloseTo(-0.2315976841423804, 10);
    expect(below(five, { phiSquared: 0.5, cellChange: 0.3 }).logPhiSquared).toBeCloseTo(-22.266681121865485, 8);
    expect(below(five, { phiSquared: 0.5, cellChange: 0.3 }).logCellChange).toBeCloseTo(-18.145128746511638, 8);
  });
});

describe('the interval of φ²', () => {
  it('inverts the non-central law: each bound leaves alpha', () => {
    const { phiSquared, samplingVariance: v, cells } = moved([400, 250, 200, 100, 50], [200, 300, 200, 200, 100]);
    const [low, high] = phiSquaredInterval(moved([400, 250, 200, 100, 50], [200, 300, 200, 200, 100]), 0.01);
    expect(low).toBeLessThan(phiSquared);
    expect(high).toBeGreaterThan(phiSquared);
    expect(logNoncentralChiSquaredUpperTail(phiSquared / v, cells - 1, low / v)).toBeCloseTo(Math.log(0.01), 6);
    expect(logNoncentralChiSquaredLowerTail(phiSquared / v, cells - 1, high / v)).toBeCloseTo(Math.log(0.01), 6);
  });

  it('starts at zero when no drift at all would explain the sample', () => {
    const [low, high] = phiSquaredInterval(moved([100, 100, 100], [95, 105, 100]), 0.01);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(0);
  });

  it('agrees with the verdict: above a tolerance when φ² proves it, below when the mirror does', () => {
    for (const shift of [0, 20, 60, 100, 140, 180, 220, 260]) {
      const movement = moved([500, 500, 500, 500], [500 - shift, 500, 500, 500 + shift]);
      const [low, high] = phiSquaredInterval(movement, 0.01);
      expect(high < warn.phiSquared).toBe(below(movement, warn).logPhiSquared < Math.log(0.01));
      if (beyond(movement, warn).by === 'phi-squared' && beyond(movement, warn).logP <= Math.log(0.01)) {
        expect(low).toBeGreaterThan(warn.phiSquared);
      }
    }
  });

  it.each([
    [1e3, 1e3],
    [1e6, 1e5],
    [1e9, 1e9],
  ])('holds for %d against %d rows, from the same to nothing in common', (n, m) => {
    for (const share of [0, 0.001, 0.1, 0.5, 1]) {
      const [low, high] = phiSquaredInterval(
        moved([n / 2, n / 2, 0], [(m / 2) * (1 - share), m / 2, (m / 2) * share]),
        0.01,
      );
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeGreaterThanOrEqual(low);
      expect(high).toBeLessThanOrEqual(4);
    }
  });
});

describe('the smallest φ² that a batch can prove', () => {
  // the critical values of a minimum-effect test at 0.1, ten cells, n = m; half of alpha belongs to each measure
  it.each([
    [100, 0.01, 0.638],
    [500, 0.01, 0.253],
    [1000, 0.01, 0.195],
    [1000, 0.05, 0.17],
    [10_000, 0.01, 0.124],
    [10_000, 0.0005, 0.133],
    [1_000_000, 0.01, 0.1021],
  ])('is the critical value for %d rows at %d', (rows, alpha, critical) => {
    const found = smallestProvable({ cells: 10, samplingVariance: 2 / rows }, warn, 2 * alpha);
    expect(found).toBeGreaterThan(critical - 0.0006);
    expect(found).toBeLessThan(critical + 0.0006);
  });

  it('is what beyond() begins to prove', () => {
    const size = { cells: 2, samplingVariance: 2 / 1000 };
    const critical = smallestProvable(size, warn, 0.01);
    const tail = logNoncentralChiSquaredUpperTail(critical / size.samplingVariance, 1, 0.1 / size.samplingVariance);
    expect(tail).toBeCloseTo(Math.log(0.005), 6);
  });

  it('is 4, the greatest φ² there is, when a batch can prove nothing', () => {
    expect(smallestProvable({ cells: 10, samplingVariance: 1 }, warn, 0.01)).toBe(4);
  });
});

it('bounds the change of a share by the error at each bound, where that is the larger', () => {
  const { largest, rows } = moved([500, 500], [650, 350]);
  const [low, high] = changeInterval(largest!, 0.01, rows);
  const error = (change: number) =>
    Math.max(largest!.standardError, Math.sqrt((0.25 + (0.5 + change) * (0.5 - change)) / 1000));
  expect(low).toBeCloseTo(0.15 - 2.3263478740408408 * error(low), 9);
  expect(high).toBeCloseTo(0.15 + 2.3263478740408408 * error(high), 9);
  expect(error(low)).toBeGreaterThan(largest!.standardError);
  expect(error(high)).toBe(largest!.standardError);
});

describe('one single value', () => {
  const never = (rows: number) => ({ reference: { rows: 10 * rows, off: 0 }, current: { rows, off: 0 } });

  it('is bounded by the rows that do not differ', () => {
    // the share d with φ² = 4d/(2−d) = 0.1 is 2/41
    const { logPhiSquared, logCellChange } = belowWhenConstant(never(100), warn);
    expect(logPhiSquared).toBeCloseTo(100 * Math.log(1 - 2 / 41), 10);
    expect(logCellChange).toBeCloseTo(100 * Math.log(0.93), 10);
  });

  it('has an interval from the same bound', () => {
    const share = 1 - 0.01 ** (1 / 100);
    expect(constantInterval(never(100), 0.01)[0]).toBe(0);
    expect(constantInterval(never(100), 0.01)[1]).toBeCloseTo((4 * share) / (2 - share), 8);
  });

  it('is less sure with a row that differs', () => {
    const once = { reference: { rows: 1000, off: 0 }, current: { rows: 100, off: 1 } };
    expect(belowWhenConstant(once, warn).logPhiSquared).toBeGreaterThan(
      belowWhenConstant(never(100), warn).logPhiSquared,
    );
    expect(constantInterval(once, 0.01)[1]).toBeGreaterThan(constantInterval(never(100), 0.01)[1]);
  });
});
