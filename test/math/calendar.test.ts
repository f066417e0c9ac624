import { describe, expect, it } from 'vitest';
import { Calendar } from '../../src/math/calendar.ts';

const at = (iso: string) => Date.parse(iso) / 1000;
const shown = (edges: Float64Array | null) => Array.from(edges!, (edge) => new Date(edge * 1000).toISOString());

describe('windows of a calendar', () => {
  it('begin at midnight, on Monday, on the first', () => {
    const utc = new Calendar('UTC');
    const span = [at('2026-02-27T13:00:00Z'), at('2026-03-03T01:00:00Z')] as const;
    expect(shown(utc.edges(...span, 'day', 1, 100))).toEqual(
      ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'].map(
        (d) => `${d}T00:00:00.000Z`,
      ),
    );
    expect(shown(utc.edges(...span, 'week', 1, 100))).toEqual([
      '2026-02-23T00:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
      '2026-03-09T00:00:00.000Z',
    ]);
    expect(shown(utc.edges(...span, 'month', 1, 100))).toEqual([
      '2026-02-01T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
      '2026-04-01T00:00:00.000Z',
    ]);
    expect(shown(utc.edges(at('2026-03-01T05:30:00Z'), at('2026-03-01T11:00:00Z'), 'hour', 6, 100))).toEqual([
      '2026-03-01T00:00:00.000Z',
      '2026-03-01T06:00:00.000Z',
      '2026-03-01T12:00:00.000Z',
    ]);
  });

  it('end where the span ends, when it ends with one', () => {
    const edges = new Calendar('UTC').edges(at('2026-03-01'), at('2026-03-03'), 'day', 1, 100);
    expect(edges).toHaveLength(3);
  });

  it('follow the clocks: days of 23 and of 25 hours', () => {
    const zurich = new Calendar('Europe/Zurich');
    const lengths = (from: string, to: string, unit: 'day' | 'hour') => {
      const edges = zurich.edges(at(from), at(to), unit, 1, 100)!;
      return Array.from(edges.subarray(1), (edge, i) => (edge - edges[i]!) / 3600);
    };
    expect(lengths('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z', 'day')).toEqual([24, 23, 24]);
    expect(lengths('2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z', 'day')).toEqual([24, 25, 24]);
    // an hour that clocks show twice is one window of two
    expect(lengths('2026-10-24T23:30:00Z', '2026-10-25T02:30:00Z', 'hour').reduce((a, b) => a + b)).toBe(4);
    expect(zurich.edges(at('2026-03-28T12:00:00Z'), at('2026-03-30T12:00:00Z'), 'day', 1, 100)![0]).toBe(
      at('2026-03-27T23:00:00Z'),
    );
  });

  it('are refused when there are too many', () => {
    expect(new Calendar('UTC').edges(0, 86_400 * 365, 'hour', 1, 1000)).toBeNull();
  });

  it('lie before 1970 too', () => {
    expect(
      shown(new Calendar('UTC').edges(at('1969-12-30T05:00:00Z'), at('1970-01-01T05:00:00Z'), 'day', 1, 10)),
    ).toEqual(['1969-12-30', '1969-12-31', '1970-01-01', '1970-01-02'].map((d) => `${d}T00:00:00.000Z`));
  });
});

describe('a moment as people write it', () => {
  const utc = new Calendar('UTC');
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00Z'],
    ['2026-03-01T14:05', '2026-03-01T14:05:00Z'],
    ['2026-03-01 14:05:09.5', '2026-03-01T14:05:09.500Z'],
    ['2026-03-01T14:05Z', '2026-03-01T14:05:00Z'],
    ['2026-03-01T14:05+02:00', '2026-03-01T12:05:00Z'],
    ['2026-03-01T14:05-0330', '2026-03-01T17:35:00Z'],
  ])('%s is %s', (text, iso) => expect(utc.parse(text)).toBe(at(iso)));

  it('is read in its zone', () => {
    expect(new Calendar('Europe/Zurich').parse('2026-07-01')).toBe(at('2026-06-30T22:00:00Z'));
    expect(new Calendar('America/New_York').parse('2026-01-01T09:00')).toBe(at('2026-01-01T14:00:00Z'));
    // clocks never show half past two on that day: the moment after the change
    expect(new Calendar('Europe/Zurich').parse('2026-03-29T02:30')).toBe(at('2026-03-29T01:30:00Z'));
  });

  it.each(['', 'x', '2026-13-01', '2026-02-30', '2026-03-01T25:00', '01.03.2026', '2026-03-01T'])(
    '%j is none',
    (text) => expect(utc.parse(text)).toBeNaN(),
  );

  it('is shown in its zone, with no more than is needed', () => {
    expect(utc.show(at('2026-03-01'))).toBe('2026-03-01');
    expect(utc.show(at('2026-03-01T14:05:00Z'))).toBe('2026-03-01 14:05 UTC');
    expect(utc.show(at('2026-03-01T14:05:09Z'))).toBe('2026-03-01 14:05:09 UTC');
    expect(new Calendar('Europe/Zurich').show(at('2026-03-31T22:00:00Z'))).toBe('2026-04-01');
    expect(utc.show(1e20)).toBe('100000000000000000000');
  });

  it('needs a zone that there is', () => expect(() => new Calendar('Europe/Nowhere')).toThrow(RangeError));
});
