import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompose } from '../../src/outcome/decomposition.ts';

const counts = (...rows: number[]) => Float64Array.from(rows);

/** φ² of the two sides over all segments, from the rows. */
function phiSquared(reference: readonly Float64Array[], current: readonly Float64Array[]): number {
  const whole = (side: readonly Float64Array[]) => {
    const cells = Array.from(side[0]!, (_, b) => side.reduce((sum, own) => sum + own[b]!, 0));
    const rows = cells.reduce((a, b) => a + b, 0);
    return cells.map((count) => count / rows);
  };
  const [p, q] = [whole(reference), whole(current)];
  return p.reduce((sum, share, b) => {
    const both = share + q[b]!;
    return both > 0 ? sum + (2 * (share - q[b]!) ** 2) / both : sum;
  }, 0);
}

describe('by hand', () => {
  it('is all mix when the segments stay as they are', () => {
    const found = decompose({
      reference: [counts(60, 0), counts(0, 40)],
      current: [counts(4, 0), counts(0, 6)],
    })!;
    expect(found).toMatchObject({ mix: 1, within: [0, 0], reweighted: 0 });
    // 0.6 → 0.4 and 0.4 → 0.6: 2 · (0.04 + 0.04)
    expect(found.phiSquared).toBeCloseTo(0.16, 12);
  });

  it('is all within one segment when nothing else moves', () => {
    const found = decompose({
      reference: [counts(50, 50), counts(50, 50)],
      current: [counts(80, 20), counts(50, 50)],
    })!;
    expect(found.mix).toBeCloseTo(0, 12);
    expect(found.within[0]).toBeCloseTo(1, 12);
    expect(found.within[1]).toBe(0);
    expect(found.reweighted).toBeCloseTo(found.phiSquared, 12);
  });

  it('splits what does both: Kitagawa with halves', () => {
    // shares 1/2, 1/2 → 3/4, 1/4; the first segment goes from 1/2 to 3/4 of the first cell, the second stays at 1/2
    const found = decompose({
      reference: [counts(2, 2), counts(2, 2)],
      current: [counts(9, 3), counts(2, 2)],
    })!;
    // q − p = 11/16 − 8/16 = 3/16; mix: 1/4·5/8 − 1/4·1/2 = 1/32; within: 5/8·1/4 = 5/32
    expect(found.mix).toBeCloseTo(1 / 6, 12);
    expect(found.within[0]).toBeCloseTo(5 / 6, 12);
    // with the old shares 5/8 in place of 11/16
    expect(found.reweighted).toBeCloseTo(2 * ((1 / 64) * (1 / (9 / 8)) + (1 / 64) * (1 / (7 / 8))), 12);
  });

  it('counts a segment that comes or goes as mix', () => {
    const found = decompose({
      reference: [counts(50, 50), counts(0, 0), counts(10, 0)],
      current: [counts(50, 50), counts(0, 100), counts(0, 0)],
    })!;
    expect(found.mix).toBeCloseTo(1, 12);
    // the log has no row of the third: it is taken as it was
    expect(found.reweighted).toBeCloseTo(0, 12);
  });
});

describe('by law', () => {
  const side = (segments: number, cells: number) =>
    fc.array(
      fc.array(fc.integer({ min: 0, max: 200 }), { minLength: cells, maxLength: cells }).map((rows) => counts(...rows)),
      { minLength: segments, maxLength: segments },
    );
  const both = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 5 }))
    .chain(([segments, cells]) => fc.tuple(side(segments, cells), side(segments, cells)));

  it('adds up to the whole φ²', () => {
    fc.assert(
      fc.property(both, ([reference, current]) => {
        const found = decompose({ reference, current });
        fc.pre(found !== null && found.phiSquared > 1e-6);
        expect(found!.phiSquared).toBeCloseTo(phiSquared(reference, current), 9);
        expect(found!.mix + found!.within.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is 100 % mix whenever only the shares of the segments change', () => {
    const factors = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(both, factors, ([reference], times) => {
        const current = reference.map((rows, s) => rows.map((count) => count * times[s]!));
        const found = decompose({ reference, current });
        fc.pre(found !== null && found.phiSquared > 1e-9);
        expect(found!.mix).toBeCloseTo(1, 6);
        expect(found!.reweighted).toBeCloseTo(0, 12);
      }),
    );
  });

  it('does not depend on the order of the segments', () => {
    fc.assert(
      fc.property(both, ([reference, current]) => {
        const found = decompose({ reference, current });
        const turned = decompose({ reference: [...reference].reverse(), current: [...current].reverse() });
        fc.pre(found !== null && turned !== null && found.phiSquared > 1e-6);
        expect(turned!.mix).toBeCloseTo(found!.mix, 9);
        for (const [s, part] of [...turned!.within].reverse().entries()) expect(part).toBeCloseTo(found!.within[s]!, 9);
      }),
    );
  });
});

it('has nothing to split without rows or without a change', () => {
  expect(decompose({ reference: [counts(0, 0)], current: [counts(1, 2)] })).toBeNull();
  expect(decompose({ reference: [counts(1, 2)], current: [counts(0, 0)] })).toBeNull();
  expect(decompose({ reference: [counts(1, 2)], current: [counts(2, 4)] })).toBeNull();
});

it('as documented', () => {
  const found = decompose({ reference: [counts(60, 0), counts(0, 40)], current: [counts(40, 0), counts(0, 60)] });
  expect(found).toMatchObject({ mix: 1, within: [0, 0] });
});
