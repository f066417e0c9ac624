import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDistance,
  formatDuration,
  formatInstant,
  formatNumber,
  formatPoints,
  formatPValue,
  formatQuantity,
  formatShare,
} from '../../src/report/numbers.ts';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.1 + 0.2, '0.3'],
    [0.041284, '0.04128'],
    [12.3456, '12.35'],
    [999.96, '1,000'],
    [-1234.56, '-1,235'],
    [1234567.8, '1,234,568'],
    [123456789012345, '123,456,789,012,345'],
    [1e21, '1e21'],
    [1.5e-7, '1.5e-7'],
    [5e-324, '4.941e-324'],
    [-1.7976931348623157e308, '-1.798e308'],
  ])('%s as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('is never further off than its digits allow', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (value) => {
        const read = Number(formatNumber(value).replaceAll(',', ''));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 5.0000001e-4 + Number.MIN_VALUE);
      }),
    );
  });
});

it.each([
  [0, '0'],
  [0.00001, '<0.001'],
  [0.0412, '0.041'],
  [0.5, '0.5'],
  [1.512, '1.51'],
])('formatDistance of %s is %s', (value, text) => {
  expect(formatDistance(value)).toBe(text);
});

it.each([
  [0, '0 %'],
  [1, '100 %'],
  [0.123, '12.3 %'],
  [0.5, '50 %'],
  [0.0004, '0.04 %'],
  [0.000001, '<0.01 %'],
  [0.9999999, '>99.99 %'],
  [0.9996, '99.96 %'],
])('formatShare of %s is %s', (fraction, text) => {
  expect(formatShare(fraction)).toBe(text);
});

it('formatShare says none and all only when it is so', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: 0, max: 1, minExcluded: true, maxExcluded: true }), (fraction) => {
      expect(['0 %', '100 %']).not.toContain(formatShare(fraction));
    }),
  );
});

it.each([
  [0.071, '+7.1 points'],
  [-0.0004, '-0.04 points'],
  [0.0000001, '0 points'],
  [0, '0 points'],
])('formatPoints of %s is %s', (difference, text) => {
  expect(formatPoints(difference)).toBe(text);
});

it.each([
  [0, '= 1'],
  [Math.log10(0.034), '= 0.034'],
  [-11.494850021680094, '= 3.2e-12'],
  [-4.000001, '= 1e-4'],
  [-299.5, '= 3.2e-300'],
  [-300.1, '< 1e-300'],
  [-34_567, '< 1e-300'],
])('formatPValue of 10^%s is %s', (log10P, text) => {
  expect(formatPValue(log10P)).toBe(text);
});

it('sizes, spans, moments and counts', () => {
  expect([0, 512, 999, 1000, 1_549_000, 18_734_211, 999_999_999, 3e15].map(formatBytes)).toEqual([
    '0 B',
    '512 B',
    '999 B',
    '1 kB',
    '1.5 MB',
    '18.7 MB',
    '1 GB',
    '3 PB',
  ]);
  expect([0, 849.6, 999.7, 12_340, 59_970, 125_000, 3_600_000, 3_780_000].map(formatDuration)).toEqual([
    '0 ms',
    '850 ms',
    '1 s',
    '12.3 s',
    '1 min 0 s',
    '2 min 5 s',
    '1 h 0 min',
    '1 h 3 min',
  ]);
  expect([0, 1_700_000_000, 1_699_999_980, 0.25, -1e9, 1e300].map(formatInstant)).toEqual([
    '1970-01-01',
    '2023-11-14 22:13:20',
    '2023-11-14 22:13',
    '1970-01-01 00:00:00.250',
    '1938-04-24 22:13:20',
    '1e300',
  ]);
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect([formatQuantity(1, 'row'), formatQuantity(0, 'row'), formatQuantity(2, 'box', 'boxes')]).toEqual([
    '1 row',
    '0 rows',
    '2 boxes',
  ]);
});
