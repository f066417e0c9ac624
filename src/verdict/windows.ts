import type { VerdictSettings } from '../model/settings.ts';
import type { PeriodRange, Phase, Timeline, TimeSpan, WindowPlan } from '../model/windows.ts';

/**
 * Which windows of the reference a batch is compared with: as long as the batch, end to end from the end of the reference back. A
 * batch shorter than a day has a rhythm that a whole day has not, so it is compared with the same hours of other days, and a batch
 * shorter than a week with the same days of other weeks, where the reference has enough of them. Where it has not, all windows serve:
 * they hold the rhythm as noise, so that it never alarms, and a drift has to be larger to be seen.
 */

const day = 86_400;
const rhythms: readonly { readonly phase: Phase; readonly seconds: number }[] = [
  { phase: 'hours', seconds: day },
  { phase: 'weekdays', seconds: 7 * day },
];
/** A batch that fills this share of a rhythm counts as whole: a day's log has no row at its very ends. */
const nearlyWhole = 0.9;
/** Windows of one phase, at least. */
const fewestOfPhase = 8;
/** A window may be longer than the batch by this factor and still show its hours. */
const alike = 1.5;

/** @param timeline null when the reference has no timestamp, @param batch null when the batch has none */
export function planWindows(
  timeline: Timeline | null,
  batch: TimeSpan | null,
  { noise, gate: { minRows } }: Pick<VerdictSettings, 'noise' | 'gate'>,
): WindowPlan {
  if (noise === 'off') return without('off', null);
  if (timeline === null) return without('no-timestamp', null);
  if (batch === null) return without('no-batch-time', timeline.column);

  const batchSeconds = batch.to - batch.from;
  const periods = Math.max(1, Math.round(batchSeconds / timeline.length));
  const windowSeconds = periods * timeline.length;
  const rows = rowsOf(timeline);
  const enough = (range: PeriodRange) => rows(range) >= minRows && rows(range) > 0;
  const shared = {
    column: timeline.column,
    unknown: null,
    windowSeconds,
    batchSeconds,
    batchInWindows: Math.min(1, batchSeconds / windowSeconds),
    outsideRows: timeline.outside,
    leastRows: minRows,
  };

  const rhythm =
    windowSeconds <= alike * batchSeconds
      ? rhythms.find(({ seconds }) => batchSeconds < nearlyWhole * seconds && seconds % timeline.length === 0)
      : undefined;
  const everyPhase = rhythm === undefined ? [] : samePhase(timeline, batch, periods, rhythm.seconds / timeline.length);
  const ofPhase = everyPhase.filter(enough);
  if (rhythm !== undefined && ofPhase.length >= fewestOfPhase) {
    const sparse = everyPhase.length - ofPhase.length;
    return { ...shared, windows: ofPhase, samePhase: rhythm.phase, widened: null, sparse };
  }
  const every = endToEnd(timeline.rows.length, periods);
  const windows = every.filter(enough);
  return {
    ...shared,
    windows,
    samePhase: null,
    widened: rhythm === undefined ? null : { phase: rhythm.phase, found: ofPhase.length },
    sparse: every.length - windows.length,
  };
}

/** No windows, and why. */
export function without(unknown: NonNullable<WindowPlan['unknown']>, column: string | null): WindowPlan {
  return {
    windows: [],
    column,
    unknown,
    windowSeconds: null,
    batchSeconds: null,
    batchInWindows: 1,
    samePhase: null,
    widened: null,
    outsideRows: 0,
    sparse: 0,
    leastRows: 0,
  };
}

function rowsOf({ rows }: Timeline): (range: PeriodRange) => number {
  const below = new Float64Array(rows.length + 1);
  for (const [i, count] of rows.entries()) below[i + 1] = below[i]! + count;
  return ({ from, to }) => below[to]! - below[from]!;
}

/** Oldest first, the last ending with the last period; what is left over at the beginning is no window. */
function endToEnd(count: number, periods: number): PeriodRange[] {
  const windows: PeriodRange[] = [];
  for (let to = count; to - periods >= 0; to -= periods) windows.unshift({ from: to - periods, to });
  return windows;
}

function samePhase(timeline: Timeline, batch: TimeSpan, periods: number, step: number): PeriodRange[] {
  const offset = Math.round((batch.from - timeline.start) / timeline.length);
  const first = ((offset % step) + step) % step;
  const windows: PeriodRange[] = [];
  for (let from = first; from + periods <= timeline.rows.length; from += step) {
    windows.push({ from, to: from + periods });
  }
  return windows;
}
