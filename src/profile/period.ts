import { ColumnFailure, type Dataset } from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { DriftError } from '../model/errors.ts';
import type { Period } from '../model/run.ts';
import { quoted } from '../model/text.ts';
import { count, plural } from '../verdict/numerals.ts';
import { numberReading } from './side.ts';

/** The rows of the current data that are asked about, by their time. */
export interface DuringPeriod {
  readonly data: Dataset;
  /** which rows count, for the report; null for all */
  readonly note: string | null;
}

/**
 * @param now when the run began
 * @throws {DriftError} BAD_OPTION when there is no time to go by
 */
export async function duringPeriod(
  data: Dataset,
  timestamp: SourceColumn | null,
  period: Period | undefined,
  now: Date,
): Promise<DuringPeriod> {
  if (period === undefined) return { data, note: null };
  if (timestamp === null) {
    throw new DriftError(
      'BAD_OPTION',
      '--since, --until and --last need a timestamp column, and the data has none; name it with --timestamp',
    );
  }
  const reading = numberReading(timestamp, 'datetime');
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY, last } = period;
  let from = since;
  if (last !== undefined) {
    const newest = last.from === 'now' ? now.getTime() / 1000 : await newestBefore(data, timestamp, until);
    if (newest !== null) from = Math.max(since, newest - last.seconds);
  }
  const kept = await data.during(reading, from, until);
  const words = [
    Number.isFinite(from) ? `from ${iso(from)}` : '',
    Number.isFinite(until) ? `before ${iso(until)}` : '',
    last === undefined ? '' : `(counted back from ${last.from === 'now' ? 'now' : 'the newest row'})`,
  ].filter(Boolean);
  const shares = `${count(kept.rows)} of ${plural(data.rows, 'row')}`;
  return { data: kept, note: `only the current rows of ${quoted(timestamp.name)} ${words.join(' ')} count: ${shares}` };
}

/** The newest time below a bound; null when there is none. */
async function newestBefore(data: Dataset, timestamp: SourceColumn, until: number): Promise<number | null> {
  const reading = numberReading(timestamp, 'datetime');
  const before =
    until === Number.POSITIVE_INFINITY ? data : await data.during(reading, Number.NEGATIVE_INFINITY, until);
  const [counts] = await before.countNumbers([reading]);
  if (counts === undefined || counts instanceof ColumnFailure || !Number.isFinite(counts.max)) return null;
  return counts.max;
}

function iso(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace(/\.000Z$/, 'Z');
}
