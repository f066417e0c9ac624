import { formatCount } from './numbers.ts';

/** A window of the batch as people call it. */
export interface ShownWindow {
  /** from when to when, or which rows */
  readonly name: string;
  /** the same inside a sentence, as findings say it */
  readonly during: string;
  /** where it begins */
  readonly since: string;
  /** for an axis */
  readonly short: string;
  readonly rows: number;
}

interface Cut {
  /** ISO 8601, UTC; null for windows of rows */
  readonly from: string | null;
  readonly to: string | null;
  readonly rows: number;
}

/** @param zone whose days the windows are, see {@link Report.time}; UTC where it is not told */
export function shownWindows(windows: readonly Cut[], zone: string | undefined): ShownWindow[] {
  const local = windows.map(({ from, to }) => (from === null || to === null ? null : [at(from, zone), at(to, zone)]));
  const begins = local.flatMap((span) => (span === null ? [] : [span[0]!]));
  const days = begins.every(({ time }) => time === '');
  const oneDay = !days && begins.every(({ date }) => date === begins[0]!.date);
  let before = 0;
  return windows.map(({ rows }, i) => {
    const span = local[i];
    const start = before;
    before += rows;
    if (!span) {
      const [first, last] = [formatCount(start + 1), formatCount(before)];
      const name = `rows ${first} to ${last}`;
      return { name, during: `from row ${first} to row ${last}`, since: `row ${first}`, short: first, rows };
    }
    const [from, to] = span as [Moment, Moment];
    // the year where it begins
    const year = i === 0 || local[i - 1]?.[0]?.date.slice(0, 4) !== from.date.slice(0, 4);
    const short = days
      ? from.date.slice(year ? 0 : 5)
      : oneDay
        ? from.time || '00:00'
        : `${from.date.slice(5)} ${from.time || '00:00'}`;
    const name = `${written(from)} to ${written(to)}`;
    const since = told(from, zone);
    return { name, during: `from ${since} to ${told(to, zone)}`, since, short, rows };
  });
}

/** A run of windows inside a sentence, as findings say it: one from when to when, or everything since. */
export function partWords(
  { form, from }: { readonly form: 'window' | 'suffix'; readonly from: number },
  windows: readonly ShownWindow[],
): string {
  const first = windows[from];
  return first === undefined ? '' : form === 'suffix' ? `since ${first.since}` : first.during;
}

/** A moment of the report for people, in the zone of its days. */
export function shownMoment(iso: string, zone: string | undefined): string {
  return written(at(iso, zone));
}

interface Moment {
  readonly date: string;
  /** empty at midnight */
  readonly time: string;
}

/** As findings write it: with the zone where that is no one's own. */
function told(moment: Moment, zone = 'UTC'): string {
  return moment.time !== '' && zone === 'UTC' ? `${written(moment)} UTC` : written(moment);
}

function written({ date, time }: Moment): string {
  return time === '' ? date : `${date} ${time}`;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

function at(iso: string, zone = 'UTC'): Moment {
  const moment = new Date(iso);
  // the usual zone needs no clock, which takes 30 ms to load
  const format = zone === 'UTC' ? null : formatOf(zone);
  if (format === null || Number.isNaN(moment.getTime())) {
    const time = iso.slice(11, 19).replace(/:00$/, '');
    return { date: iso.slice(0, 10), time: time === '00:00' ? '' : time };
  }
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const seconds = parts.get('second') === '00' ? '' : `:${parts.get('second')}`;
  const time = `${parts.get('hour')}:${parts.get('minute')}${seconds}`;
  return {
    date: `${parts.get('year')!.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`,
    time: time === '00:00' ? '' : time,
  };
}

/** Null for a zone that this browser does not know. */
function formatOf(zone: string): Intl.DateTimeFormat | null {
  let format = formats.get(zone);
  if (format === undefined) {
    const two = '2-digit';
    try {
      format = new Intl.DateTimeFormat('en', {
        timeZone: zone,
        calendar: 'iso8601',
        hourCycle: 'h23',
        year: 'numeric',
        month: two,
        day: two,
        hour: two,
        minute: two,
        second: two,
      });
    } catch {
      format = null;
    }
    formats.set(zone, format);
  }
  return format;
}
