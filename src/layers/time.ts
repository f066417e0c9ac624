import { type Answer, ColumnFailure, type Dataset, type Disorder, type NumberReading } from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { begun } from '../engine/turn.ts';
import { Calendar } from '../math/calendar.ts';
import type { ColumnProfile } from '../model/profile.ts';
import type { TimeEvidence, TimeReport } from '../model/time.ts';
import { numberReading } from '../profile/side.ts';
import { type JudgedTime, judgeTime } from '../verdict/time.ts';
import type { LayerTime, OpenLayer } from './layer.ts';
import { isoMoment } from './moments.ts';

/** When the rows of the batch came about: its windows, how old it is, and what is wrong with its clock. */

/** Stretches that gaps are looked for in. */
const stretches = 400;

export const openTime: OpenLayer = async (_, __, { verdict }) => {
  let time: LayerTime | null = null;
  let evidence: TimeEvidence | null = null;
  let judged: JudgedTime = { facts: [], gaps: [] };
  let ordering: ReturnType<Dataset['countDisorder']> | null = null;
  const notes: string[] = [];
  return {
    begin: (data, _, column) => {
      if (column !== null) ordering = begun(data.countDisorder(numberReading(column, 'datetime')));
    },
    current: async (data, pairs, known) => {
      time = known;
      if (time.column === null) return;
      const { name } = time.column;
      const profile = pairs.find(({ current }) => current?.source.name === name)?.current?.profile ?? null;
      const order = answered(await (ordering ?? data.countDisorder(numberReading(time.column, 'datetime'))));
      if (order !== null && 'none' in order) notes.push(`rows out of order of time are not counted: ${order.none}`);
      evidence = await timeEvidence(data, time.column, profile, order, time);
      judged = judgeTime(evidence, time.timeline, time.now, new Calendar(time.zone), verdict);
    },
    ask: () => ({ questions: [], facts: judged.facts }),
    report: () =>
      time === null || (evidence === null && time.windows === null) ? {} : { time: reported(time, evidence, judged) },
    notes: () => notes,
  };
};

async function timeEvidence(
  data: Dataset,
  column: SourceColumn,
  profile: ColumnProfile | null,
  order: Disorder | null,
  { windows, now }: LayerTime,
): Promise<TimeEvidence> {
  const reading = numberReading(column, 'datetime');
  const known = await rangeOf(data, reading, profile);
  const oldest = known?.min ?? null;
  const newest = known?.max ?? null;
  const moment = now.getTime() / 1000;
  const first = windows?.windows[0]?.span?.from;
  const last = windows?.windows.at(-1)?.span?.to;
  // nothing before the oldest row or after the newest is a gap
  const from = first === undefined ? null : Math.max(first, oldest ?? first);
  const to = last === undefined ? null : Math.min(last, newest ?? last);
  const [futureRows, stretched] = await Promise.all([
    newest !== null && newest > moment ? rowsAfter(data, reading, moment) : 0,
    from !== null && to !== null && to > from ? countStretches(data, reading, from, to) : null,
  ]);
  return {
    column: column.name,
    rows: data.rows,
    missingRows: known?.missing ?? data.rows,
    oldest,
    newest,
    futureRows,
    // of the first rows of the files there may be none in the period that is looked at
    disorder: order === null || 'none' in order || order.of === 0 ? null : { rows: order.rows, of: order.of },
    stretches: stretched,
  };
}

/** From the profile where the column has one: a column that only the batch has is counted here. */
async function rangeOf(data: Dataset, reading: NumberReading, profile: ColumnProfile | null) {
  if (profile?.numbers) {
    return { min: profile.numbers.min, max: profile.numbers.max, missing: profile.nulls + profile.castFailures };
  }
  const counts = answered((await data.countNumbers([reading]))[0]);
  if (counts === null || !Number.isFinite(counts.min)) return null;
  return { min: counts.min, max: counts.max, missing: data.rows - counts.present };
}

async function rowsAfter(data: Dataset, reading: NumberReading, moment: number): Promise<number> {
  const request = { axes: [{ form: 'numbers', ...reading, edges: Float64Array.of(moment) }], sums: [] } as const;
  const counts = answered((await data.crossCounts([request]))[0]);
  if (counts === null) return 0;
  const after = counts.places[0]!.indexOf(1);
  return after < 0 ? 0 : counts.rows[after]!;
}

async function countStretches(data: Dataset, reading: NumberReading, start: number, to: number) {
  const length = (to - start) / stretches;
  const axis = { form: 'time', ...reading, start, length, count: stretches } as const;
  const counts = answered((await data.crossCounts([{ axes: [axis], sums: [] }]))[0]);
  if (counts === null) return null;
  const rows = new Float64Array(stretches);
  for (const [i, place] of counts.places[0]!.entries()) if (place < stretches) rows[place] = counts.rows[i]!;
  return { start, length, rows };
}

function answered<T>(answer: Answer<T> | undefined): T | null {
  return answer === undefined || answer instanceof ColumnFailure ? null : answer;
}

function reported(
  { windows, judged, zone }: LayerTime,
  evidence: TimeEvidence | null,
  { gaps }: JudgedTime,
): TimeReport {
  return {
    column: evidence?.column ?? null,
    zone,
    windows: (windows?.windows ?? []).map(({ span, rows }, i) => ({
      from: span && isoMoment(span.from),
      to: span && isoMoment(span.to),
      rows,
      judged: judged[i] ?? false,
    })),
    outsideRows: windows?.outside ?? 0,
    oldest: evidence && evidence.oldest !== null ? isoMoment(evidence.oldest) : null,
    newest: evidence && evidence.newest !== null ? isoMoment(evidence.newest) : null,
    missingRows: evidence?.missingRows ?? 0,
    futureRows: evidence?.futureRows ?? 0,
    disorderedRows: evidence?.disorder?.rows ?? null,
    disorderedOf: evidence?.disorder?.of ?? null,
    gaps: gaps.map(({ from, to }) => ({ from: isoMoment(from), to: isoMoment(to) })),
  };
}
