import { Calendar } from '../math/calendar.ts';
import type {
  LatencyPercentile,
  LatencySummary,
  ServiceLevel,
  ServiceMeasure,
  ServiceReport,
  ServiceWindow,
} from '../model/service.ts';
import { latencyPercentiles } from '../model/service.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { BatchWindow } from '../model/time.ts';
import type { Finding } from '../model/verdict.ts';
import type { Sizes } from './gate.ts';
import { tooFewRows } from './gate.ts';
import { count, datum, number, percent, plural } from './numerals.ts';
import { layerRuleOf } from './severity.ts';
import { namedWindow } from './window-words.ts';

/**
 * Service levels are held against the log as it is: the batch's own number against the level, a fact and no test. What could not be
 * judged is said as loudly as what was missed, because a level that nobody looks at is not kept.
 */

export interface JudgedService {
  readonly levels: readonly ServiceLevel[];
  readonly facts: readonly Finding[];
}

type Measured = Omit<ServiceReport, 'levels'>;

/** A latency or a status that the log does not have, by the role that was looked for. */
export interface AbsentColumns {
  /** names that the reference has; empty where neither side has one */
  readonly latency: readonly string[];
  readonly status: readonly string[];
}

export function judgeService(
  measured: Measured,
  absent: AbsentColumns,
  sizes: Sizes,
  settings: VerdictSettings,
  batch: readonly BatchWindow[],
): JudgedService {
  const { latency, errorRate, throughputMin } = settings.service;
  const { minRows } = settings.gate;
  const { windows } = measured;
  const levels: ServiceLevel[] = [];
  const add = (
    measure: ServiceMeasure,
    column: string | null,
    level: number,
    found: number | null,
    rows: number,
    unknown: string,
    inWindow: (window: ServiceWindow) => number | null,
  ) => {
    const few = `${plural(rows, 'row')}, fewer than the ${count(minRows)} that a verdict needs`;
    const reason = found === null ? unknown : rows < minRows ? few : null;
    levels.push({
      measure,
      column,
      level,
      found,
      missed: found === null || reason !== null ? null : misses(measure, found, level),
      reason,
      windows: windows.flatMap((window, i) => {
        const own = inWindow(window);
        return own !== null && misses(measure, own, level) ? [i] : [];
      }),
    });
  };

  for (const percentile of latencyPercentiles) {
    const level = latency[percentile];
    if (level === null) continue;
    for (const [i, { column, current }] of measured.latencies.entries()) {
      const found = current?.percentiles?.[percentile].value ?? null;
      const why = current === null ? 'it is not stored as numbers' : `no row has one${oddly(current)}`;
      add(
        percentile,
        column,
        level,
        found,
        current?.rows ?? 0,
        why,
        ({ latencies }) => latencies[i]?.[percentile] ?? null,
      );
    }
    for (const column of absent.latency)
      add(percentile, column, level, null, 0, 'the log has no such column', () => null);
  }
  if (errorRate !== null) {
    for (const [i, { column, current }] of measured.statuses.entries()) {
      const rows = current?.rows ?? 0;
      const found = current === null || rows === 0 ? null : current.errors / rows;
      const why = current === null ? 'it cannot be read' : 'no row has one';
      add('error_rate', column, errorRate, found, rows, why, ({ errors }) => {
        const own = errors[i];
        return own ? own.rows / own.of : null;
      });
    }
    for (const column of absent.status)
      add('error_rate', column, errorRate, null, 0, 'the log has no such column', () => null);
  }
  if (throughputMin !== null) {
    const found = measured.time?.throughput ?? null;
    const why = 'the log has no timestamp that spans any time';
    add('throughput', null, throughputMin, found, sizes.current, why, ({ throughput }) => throughput);
  }

  const tooFew = tooFewRows({ ...sizes, reference: Number.POSITIVE_INFINITY }, minRows);
  const facts = levels.flatMap((level) => finding(level, measured, tooFew, settings, batch) ?? []);
  return { levels, facts };
}

function misses(measure: ServiceMeasure, found: number, level: number): boolean {
  return measure === 'throughput' ? found < level : found > level;
}

function oddly({ invalid }: LatencySummary): string {
  return invalid === 0 ? '' : `; ${plural(invalid, 'row')} with a negative or infinite one`;
}

function finding(
  { measure, column, level, found, missed, reason, windows }: ServiceLevel,
  { latencies, statuses, windows: all }: Measured,
  tooFew: string | null,
  settings: VerdictSettings,
  batch: readonly BatchWindow[],
): Finding | null {
  const severity = settings.severity[layerRuleOf.SERVICE_LEVEL_MISSED];
  // a batch that is too small for anything has that said of it as a whole
  if (severity === 'off' || missed === false || (missed === null && tooFew !== null)) return null;
  const role = measure === 'throughput' ? null : measure === 'error_rate' ? 'status' : 'latency';
  const what = measure === 'throughput' ? 'the throughput' : `${nameOf(measure)} of ${quoted(column ?? '')}`;
  const rows =
    measure === 'throughput'
      ? null
      : ([...latencies, ...statuses].find((one) => one.column === column)?.current?.rows ?? null);
  const data = {
    measure,
    level,
    found,
    windows: windows.length,
    firstWindow: windows.length > 0 ? all[windows[0]!]!.from : null,
  };
  if (found === null || missed === null) {
    const message = `${what} has a service level, ${bound(measure, level)}, that could not be judged: ${reason ?? 'it is unknown'}`;
    return { code: 'SERVICE_LEVEL_MISSED', severity, column, role, message, data };
  }
  const beyond =
    measure === 'throughput'
      ? `${percent(1 - found / level)} below`
      : level === 0
        ? 'above'
        : `${percent(found / level - 1)} above`;
  const message =
    `${what} is ${amount(measure, found)}, ${beyond} its level of ${bound(measure, level)}` +
    (rows === null ? '' : ` (${plural(rows, 'row')})`) +
    since(windows, batch, settings);
  return { code: 'SERVICE_LEVEL_MISSED', severity, column, role, message, data };
}

/** In which windows, and since when. */
function since(
  missed: readonly number[],
  windows: readonly BatchWindow[],
  { timeZone }: Pick<VerdictSettings, 'timeZone'>,
): string {
  if (missed.length === 0 || windows.length < 2) return '';
  const first = namedWindow(windows, missed[0]!, new Calendar(timeZone));
  return `; missed in ${count(missed.length)} of ${count(windows.length)} windows, first from ${first.since} to ${first.until}`;
}

function nameOf(measure: ServiceMeasure): string {
  return measure === 'error_rate' ? 'the error share' : `the ${(measure as LatencyPercentile).slice(1)}th percentile`;
}

function amount(measure: ServiceMeasure, value: number): string {
  if (measure === 'error_rate') return percent(value);
  return measure === 'throughput' ? `${number(value)} ${value === 1 ? 'row' : 'rows'} a second` : `${datum(value)} ms`;
}

function bound(measure: ServiceMeasure, level: number): string {
  return `${measure === 'throughput' ? 'at least' : 'at most'} ${amount(measure, level)}`;
}
