import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  packCounts,
  packNumbers,
  packSeries,
  packSteps,
  Unpackable,
  unpackCounts,
  unpackNumbers,
  unpackSeries,
  unpackSteps,
} from '../../src/profile/saved/packing.ts';

const counts = fc.array(fc.oneof(fc.nat(300), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })), { maxLength: 50 });

describe('what is packed comes back', () => {
  it('counts', () => {
    fc.assert(
      fc.property(counts, (own) => {
        expect([...unpackCounts(packCounts(own), own.length)]).toEqual(own);
      }),
    );
  });

  it('ascending numbers', () => {
    const ascending = fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 48 })).map((own) => own.sort((a, b) => a - b));
    fc.assert(
      fc.property(ascending, (own) => {
        expect([...unpackSteps(packSteps(own), own.length)]).toEqual(own);
      }),
    );
  });

  it('doubles, bit for bit', () => {
    const doubles = fc.float64Array({ maxLength: 50 });
    fc.assert(
      fc.property(doubles, (own) => {
        const again = unpackNumbers(packNumbers(own), own.length);
        expect([...again].every((x, i) => Object.is(x, own[i]))).toBe(true);
      }),
    );
  });

  it('series that hold every row', () => {
    const series = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 9 }))
      .chain(([size, length]) =>
        fc.array(fc.array(fc.nat(2000), { minLength: length, maxLength: length }), {
          minLength: size,
          maxLength: size,
        }),
      )
      .map((own) => own.map((row) => Float64Array.from(row)));
    fc.assert(
      fc.property(series, (own) => {
        const rows = own[0]!.map((_, k) => own.reduce((sum, row) => sum + row[k]!, 0));
        expect(unpackSeries(packSeries(own, rows), rows)).toEqual(own);
      }),
    );
  });
});

test('series that leave rows out are no series', () => {
  expect(() => packSeries([Float64Array.of(1, 2)], Float64Array.of(1, 3))).toThrow(/do not add up/);
});

test.each<[string, () => unknown]>([
  ['no base64', () => unpackCounts('é', 1)],
  ['no DEFLATE', () => unpackCounts('AAAA', 1)],
  ['too few counts', () => unpackCounts(packCounts([1]), 2)],
  ['too many counts', () => unpackCounts(packCounts([1, 2, 3]), 2)],
  ['more counts than there can be', () => unpackCounts(packCounts([1]), 1e300)],
  ['too few doubles', () => unpackNumbers(packNumbers(Float64Array.of(1)), 2)],
  ['a step of 0', () => unpackSteps(packCounts([5, 0]), 2)],
  ['series of another length', () => unpackSeries(packCounts([1, 2, 3]), Float64Array.of(1, 1, 1, 1))],
  ['series that do not add up', () => unpackSeries(packCounts([5, 1, 9, 9]), Float64Array.of(3, 3))],
])('%s is refused', (_, unpack) => {
  expect(unpack).toThrow(Unpackable);
});
