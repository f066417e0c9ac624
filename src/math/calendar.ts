/** Hours, days, weeks and months as clocks and calendars of a time zone have them. */

export type CalendarUnit = 'hour' | 'day' | 'week' | 'month';

const seconds: Readonly<Record<Exclude<CalendarUnit, 'month'>, number>> = { hour: 3600, day: 86_400, week: 7 * 86_400 };

/** @throws {RangeError} when there is no such zone */
export class Calendar {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat | null;

  constructor(zone: string) {
    this.zone = zone;
    // the usual zone needs no clock, which takes 30 ms to load
    const format =
      zone === 'UTC'
        ? null
        : new Intl.DateTimeFormat('en-US', {
            timeZone: zone,
            calendar: 'gregory',
            numberingSystem: 'latn',
            hourCycle: 'h23',
            year: 'numeric',
            month: 'numeric',
            day: 'numeric',
            hour: 'numeric',
            minute: 'numeric',
            second: 'numeric',
            era: 'short',
          });
    this.#format = format?.resolvedOptions().timeZone === 'UTC' ? null : format;
  }

  /**
   * Where windows of so many units begin: from the last beginning at or before `from` up to the first at or after `to`, both
   * included. A day of clock change is longer or shorter than the others. Weeks begin on Monday.
   *
   * @returns seconds since 1970 UTC, ascending; null when there are more than `most` windows
   */
  edges(from: number, to: number, unit: CalendarUnit, count: number, most: number): Float64Array | null {
    const edges: number[] = [];
    for (let step = this.#stepBefore(from, unit, count); edges.length <= most + 1; step += count) {
      const at = this.#moment(this.#beginning(step, unit));
      // clocks that are set back show an hour twice: of two equal beginnings one is kept
      if (edges.length === 0 || at > edges.at(-1)!) edges.push(at);
      if (at >= to) return edges.length - 1 > most ? null : Float64Array.from(edges);
    }
    return null;
  }

  /**
   * A moment as people write it: 2026-03-01, 2026-03-01T14:05, with an offset or Z where it is not of this zone.
   *
   * @returns seconds since 1970 UTC; NaN when it is none
   */
  parse(text: string): number {
    const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:?\d\d)?)?$/.exec(
      text.trim(),
    );
    if (!match) return Number.NaN;
    const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    const exists =
      date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
    if (!exists) return Number.NaN;
    const local = date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
    const zone = match[7];
    if (zone === undefined) return this.#moment(local);
    if (zone === 'Z') return local;
    const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
    return local - (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60;
  }

  /** 2026-03-31, 2026-03-31 14:05, 2026-03-31 14:05:09 UTC: in local time, no more than is needed. */
  show(moment: number): string {
    const local = new Date(Math.round((moment + this.#offset(moment)) * 1000));
    if (Number.isNaN(local.getTime())) return String(moment);
    const [date, time] = local.toISOString().split('T') as [string, string];
    const short = time.replace(/\.000Z$|Z$/, '').replace(/^(\d\d:\d\d):00$/, '$1');
    if (short === '00:00') return date;
    return this.#format === null ? `${date} ${short} UTC` : `${date} ${short}`;
  }

  /** The unit that holds a moment, counted from 1970 in local time; rounded down to a multiple of `count`. */
  #stepBefore(moment: number, unit: CalendarUnit, count: number): number {
    const local = moment + this.#offset(moment);
    const date = new Date(local * 1000);
    const step =
      unit === 'month'
        ? (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
        : // 1970 began on a Thursday
          Math.floor((local + (unit === 'week' ? 3 * seconds.day : 0)) / seconds[unit]);
    return Math.floor(step / count) * count;
  }

  /** Local time as if it were UTC. */
  #beginning(step: number, unit: CalendarUnit): number {
    if (unit === 'month') return Date.UTC(1970, step, 1) / 1000;
    return step * seconds[unit] - (unit === 'week' ? 3 * seconds.day : 0);
  }

  /** The moment that clocks show a local time; the later one where they never do. */
  #moment(local: number): number {
    const guess = local - this.#offset(local);
    const again = local - this.#offset(guess);
    return again === guess ? guess : Math.max(again, local - this.#offset(again));
  }

  /** Seconds that the zone's clocks are ahead of UTC. */
  #offset(moment: number): number {
    if (this.#format === null) return 0;
    const parts = new Map(this.#format.formatToParts(moment * 1000).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
    const shown = new Date(0).setUTCFullYear(year, part('month') - 1, part('day'));
    return (shown + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000) / 1000 - Math.floor(moment);
  }
}
