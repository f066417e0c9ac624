import { Calendar } from '../math/calendar.ts';
import type { Period } from '../model/run.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { WindowRule } from '../model/time.ts';

/** The settings of time, as written; their patterns were checked. */
export interface WrittenTime {
  readonly window?: string;
  readonly time_zone?: string;
  readonly since?: string;
  readonly until?: string;
  readonly last?: string;
  readonly stale_after?: string;
}

type Fail = (path: readonly string[], text: string) => never;

export interface TimeSettings extends Pick<VerdictSettings, 'window' | 'timeZone' | 'staleAfter'> {
  readonly period: Period | null;
}

const seconds: Readonly<Record<string, number>> = { min: 60, h: 3600, d: 86_400, w: 7 * 86_400 };
const units = { h: 'hour', d: 'day', w: 'week', mo: 'month' } as const;

export function timeSettings(written: WrittenTime, defaults: VerdictSettings, fail: Fail): TimeSettings {
  const calendar = calendarOf(written.time_zone ?? defaults.timeZone, fail);
  const moment = (key: 'since' | 'until'): number | undefined => {
    const text = written[key];
    if (text === undefined) return undefined;
    const at = calendar.parse(text);
    return Number.isNaN(at)
      ? fail([key], `is ${quoted(text)}; it takes a date or time such as 2026-03-01 or 2026-03-01T14:00`)
      : at;
  };
  const [since, until] = [moment('since'), moment('until')];
  if (since !== undefined && until !== undefined && since >= until) {
    fail(['until'], `is ${quoted(written.until!)}, which is not after since, ${quoted(written.since!)}`);
  }
  const last = written.last === undefined ? undefined : lastOf(written.last);
  const period: Period = {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(last === undefined ? {} : { last }),
  };
  return {
    window: written.window === undefined ? defaults.window : windowRule(written.window),
    timeZone: calendar.zone,
    staleAfter: written.stale_after === undefined ? null : lengthOf(written.stale_after),
    period: Object.keys(period).length > 0 ? period : null,
  };
}

function calendarOf(zone: string, fail: Fail): Calendar {
  try {
    return new Calendar(zone);
  } catch {
    return fail(['time_zone'], `is ${quoted(zone)}; it takes a time zone such as UTC or Europe/Zurich`);
  }
}

function windowRule(written: string): WindowRule | null {
  if (written === 'none') return null;
  if (written === 'auto') return { by: 'auto' };
  const [, digits, unit] = /^(\d+) ?(.*)$/.exec(written)!;
  const count = Number(digits);
  if (unit === 'rows') return { by: 'rows', rows: count };
  if (unit === '') return { by: 'count', count };
  return { by: 'time', unit: units[unit as keyof typeof units], count };
}

/** 90min, 24h, 7d, 4w in seconds. */
function lengthOf(written: string): number {
  const [, digits, unit] = /^(\d+) ?(.*)$/.exec(written)!;
  return Number(digits) * seconds[unit!]!;
}

function lastOf(written: string): NonNullable<Period['last']> {
  const [length, until] = written.split(' until ');
  return { seconds: lengthOf(length!), from: until === 'now' ? 'now' : 'newest' };
}
