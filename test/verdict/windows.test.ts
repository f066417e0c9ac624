import { describe, expect, it } from 'vitest';
import { duration } from '../../src/verdict/noise-words.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { planWindows } from '../../src/verdict/windows.ts';

const hour = 3600;
const day = 24 * hour;
const settings = defaultVerdictSettings;

const timeline = (count: number, length: number, rows = 1000) => ({
  column: 'event_time',
  start: 0,
  length,
  rows: new Float64Array(count).fill(rows),
  outside: 3,
  granularity: 0,
});
const plan = (count: number, length: number, batch: readonly [number, number], rows?: number) =>
  planWindows(timeline(count, length, rows), { from: batch[0], to: batch[1] }, settings);

describe('windows as long as the batch', () => {
  it('lie end to end from the end of the reference back', () => {
    const { windows, windowSeconds, batchInWindows, sparse, outsideRows } = plan(31, 7 * day, [0, 14 * day]);
    expect(windows).toHaveLength(15);
    expect(windows[0]).toEqual({ from: 1, to: 3 });
    expect(windows.at(-1)).toEqual({ from: 29, to: 31 });
    expect({ windowSeconds, batchInWindows, sparse, outsideRows }).toEqual({
      windowSeconds: 14 * day,
      batchInWindows: 1,
      sparse: 0,
      outsideRows: 3,
    });
  });

  it('are the nearest whole number of periods', () => {
    expect(plan(30, 7 * day, [0, 13.9 * day]).windowSeconds).toBe(14 * day);
    expect(plan(30, 7 * day, [0, 17 * day]).windowSeconds).toBe(14 * day);
    expect(plan(30, 7 * day, [0, 18 * day]).windowSeconds).toBe(21 * day);
  });

  it('are one period for a shorter batch, which is a part of a window', () => {
    const short = plan(30, 7 * day, [0, day]);
    expect(short.windowSeconds).toBe(7 * day);
    expect(short.batchInWindows).toBeCloseTo(1 / 7, 12);
    // a week has no part of a day in common with the batch
    expect(short).toMatchObject({ samePhase: null, widened: null });
  });

  it('need rows: those with fewer than min_rows are left out and counted', () => {
    const rows = new Float64Array(30).fill(1000);
    rows[29] = 99;
    rows[28] = 100;
    const sparse = planWindows({ ...timeline(30, 7 * day), rows }, { from: 0, to: 7 * day }, settings);
    expect(sparse.windows).toHaveLength(29);
    expect(sparse.sparse).toBe(1);
  });

  it('are none without a time, and none when switched off', () => {
    const batch = { from: 0, to: day };
    expect(planWindows(null, null, settings)).toMatchObject({ windows: [], unknown: 'no-timestamp' });
    expect(planWindows(timeline(30, day), null, settings)).toMatchObject({ windows: [], unknown: 'no-batch-time' });
    expect(planWindows(timeline(30, day), batch, { ...settings, noise: 'off' })).toMatchObject({ unknown: 'off' });
  });
});

describe('windows of the same part of a rhythm', () => {
  it('are the same hours of other days', () => {
    // the batch: six hours from six o'clock on day 31, counted in hours
    const { windows, samePhase, windowSeconds } = plan(30 * 24, hour, [31 * day + 6 * hour, 31 * day + 12 * hour]);
    expect({ samePhase, windowSeconds }).toEqual({ samePhase: 'hours', windowSeconds: 6 * hour });
    expect(windows).toHaveLength(30);
    expect(windows.every(({ from, to }) => from % 24 === 6 && to === from + 6)).toBe(true);
  });

  it('are the same weekdays of other weeks', () => {
    const { windows, samePhase } = plan(100, day, [102 * day, 103 * day]);
    expect(samePhase).toBe('weekdays');
    expect(windows.map(({ from }) => from % 7)).toEqual(windows.map(() => 4));
    expect(windows).toHaveLength(14);
  });

  it('are widened to all where there are fewer than eight', () => {
    const { windows, samePhase, widened } = plan(50, day, [51 * day, 52 * day]);
    expect({ samePhase, widened }).toEqual({ samePhase: null, widened: { phase: 'weekdays', found: 7 } });
    expect(windows).toHaveLength(50);
  });

  it('find the hour also in a batch from before the reference', () => {
    const { windows } = plan(30 * 24, hour, [-2 * day - 18 * hour, -2 * day - 12 * hour]);
    expect(windows.every(({ from }) => from % 24 === 6)).toBe(true);
  });

  it("a day's log is a day although its ends are empty, and a week's a week", () => {
    expect(plan(30, day, [30 * day, 30 * day + 0.95 * day])).toMatchObject({
      widened: { phase: 'weekdays', found: 4 },
    });
    expect(plan(30, 7 * day, [0, 6.5 * day])).toMatchObject({ samePhase: null, widened: null });
  });
});

it.each([
  [1, '1 second'],
  [90, '90 seconds'],
  [60, '1 minute'],
  [hour, '1 hour'],
  [36 * hour, '36 hours'],
  [day, '1 day'],
  [14 * day, '14 days'],
  [20.5 * day, '20.5 days'],
  [0.5, '0.5 seconds'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
