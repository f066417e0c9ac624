import type { Calendar } from '../math/calendar.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { TimeEvidence } from '../model/time.ts';
import type { Finding, LayerCode } from '../model/verdict.ts';
import type { Timeline, TimeSpan } from '../model/windows.ts';
import { duration } from './noise-words.ts';
import { count, percent, plural } from './numerals.ts';
import { layerRuleOf } from './severity.ts';

/**
 * What is wrong with the clock of a batch. Ages and dates in the future are facts; a gap is one only when the rows around it make it
 * unlikely by far, and the reference, which has nights and weekends too, has none as long.
 */

/** Rows that a gap of the same length holds on average: none at all then has a chance of e⁻³⁰. */
const missedRows = 30;
/** A gap is longer than the reference's longest by this factor. */
const longerThanUsual = 1.5;
const mostGaps = 10;
/** Clocks differ: rows up to so many seconds ahead are no sign of anything. */
const clockSkew = 300;

export interface JudgedTime {
  readonly facts: readonly Finding[];
  readonly gaps: readonly TimeSpan[];
}

export function judgeTime(
  evidence: TimeEvidence,
  timeline: Timeline | null,
  now: Date,
  calendar: Calendar,
  { severity, staleAfter }: Pick<VerdictSettings, 'severity' | 'staleAfter'>,
): JudgedTime {
  const gaps = gapsOf(evidence, timeline);
  const column = evidence.column;
  const tell = (code: LayerCode, message: string, data: Finding['data']): Finding[] => {
    const level = severity[layerRuleOf[code]];
    return level === 'off' ? [] : [{ code, severity: level, column, role: 'timestamp', message, data }];
  };
  const facts: Finding[] = [];
  const seconds = now.getTime() / 1000;
  if (staleAfter !== null && evidence.newest !== null && seconds - evidence.newest > staleAfter) {
    const age = Math.round(seconds - evidence.newest);
    facts.push(
      ...tell(
        'DATA_STALE',
        `the newest row is ${duration(age)} old, from ${calendar.show(evidence.newest)}; ${duration(staleAfter)} are allowed`,
        { newest: evidence.newest, ageSeconds: age, allowedSeconds: staleAfter },
      ),
    );
  }
  if (evidence.futureRows > 0 && evidence.newest !== null && evidence.newest > seconds + clockSkew) {
    const share = percent(evidence.futureRows / evidence.rows);
    facts.push(
      ...tell(
        'TIME_DISORDER',
        `${plural(evidence.futureRows, 'row')} of ${quoted(column)} (${share}) lie in the future, up to ${calendar.show(evidence.newest)}`,
        { futureRows: evidence.futureRows, newest: evidence.newest },
      ),
    );
  }
  const [longest] = gaps;
  if (longest !== undefined) {
    const more = gaps.length > 1 ? `, the longest of ${count(gaps.length)} gaps` : '';
    facts.push(
      ...tell(
        'TIME_DISORDER',
        `no row of ${quoted(column)} for ${duration(Math.round(longest.to - longest.from))} from ${calendar.show(longest.from)} to ` +
          `${calendar.show(longest.to)}${more}; the reference has none as long`,
        { gaps: gaps.length, from: longest.from, to: longest.to },
      ),
    );
  }
  return { facts, gaps };
}

/** Longest first. */
function gapsOf({ stretches }: TimeEvidence, timeline: Timeline | null): readonly TimeSpan[] {
  if (stretches === null || timeline === null) return [];
  const { start, length, rows } = stretches;
  const total = rows.reduce((sum, many) => sum + many, 0);
  const expected = total / rows.length;
  const usual = longestRun(timeline.rows) * timeline.length;
  return emptyRuns(rows)
    .filter(({ from, to }) => (to - from) * expected >= missedRows && (to - from) * length > longerThanUsual * usual)
    .map(({ from, to }) => ({ from: start + from * length, to: start + to * length }))
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, mostGaps);
}

/** The longest empty run, and the stretches that it touches: a gap need not begin where a stretch does. */
function longestRun(rows: Float64Array): number {
  return Math.max(0, ...emptyRuns(rows).map(({ from, to }) => to - from)) + 2;
}

function emptyRuns(rows: Float64Array): TimeSpan[] {
  const runs: TimeSpan[] = [];
  let from = -1;
  for (const [i, many] of rows.entries()) {
    if (many > 0) {
      if (from >= 0) runs.push({ from, to: i });
      from = -1;
    } else if (from < 0) from = i;
  }
  return runs;
}
