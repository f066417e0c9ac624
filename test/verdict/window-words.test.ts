import { expect, it } from 'vitest';
import { Calendar } from '../../src/math/calendar.ts';
import { partWords, shownWindows } from '../../src/report/windows.ts';
import { namedWindow, namedWindows } from '../../src/verdict/window-words.ts';

/** Findings and renderings call a window of the batch the same. */

const day = 86_400;
const start = Date.UTC(2026, 2, 1) / 1000;
const days = [0, 1, 2].map((i) => ({ span: { from: start + i * day, to: start + (i + 1) * day }, rows: 10 }));
const blocks = [5000, 5000, 1234].map((rows) => ({ span: null, rows }));
const reported = ({ span, rows }: { span: { from: number; to: number } | null; rows: number }) => ({
  from: span && new Date(1000 * span.from).toISOString(),
  to: span && new Date(1000 * span.to).toISOString(),
  rows,
});

it.each([
  ['UTC', '2026-03-02', '2026-03-03'],
  ['Asia/Tokyo', '2026-03-02 09:00', '2026-03-03 09:00'],
])('by its moments, in %s', (zone, since, until) => {
  expect(namedWindow(days, 1, new Calendar(zone))).toEqual({ since, until });
  const shown = shownWindows(days.map(reported), zone);
  expect(shown[1]).toMatchObject({ during: `from ${since} to ${until}`, since });
  expect(partWords({ form: 'suffix', from: 1 }, shown)).toBe(`since ${since}`);
});

it('by the hour', () => {
  const hours = days.map(({ span, rows }) => ({ span: { from: span.from + 3600, to: span.to + 3600 }, rows }));
  const { since, until } = namedWindow(hours, 0, new Calendar('UTC'));
  expect(since).toBe('2026-03-01 01:00 UTC');
  expect(shownWindows(hours.map(reported), undefined)[0]).toMatchObject({ during: `from ${since} to ${until}`, since });
});

it('by its rows', () => {
  const calendar = new Calendar('UTC');
  expect(namedWindow(blocks, 2, calendar)).toEqual({ since: 'row 10,001', until: 'row 11,234' });
  expect(namedWindows(blocks, { from: 1, to: 3 }, calendar)).toEqual({ since: 'row 5,001', until: 'row 11,234' });
  const shown = shownWindows(blocks.map(reported), 'UTC');
  expect(shown[2]).toMatchObject({ name: 'rows 10,001 to 11,234', during: 'from row 10,001 to row 11,234' });
  expect(partWords({ form: 'window', from: 2 }, shown)).toBe('from row 10,001 to row 11,234');
  expect(partWords({ form: 'window', from: 9 }, shown)).toBe('');
});
