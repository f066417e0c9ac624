import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  batchTime,
  countPeriods,
  joinPeriods,
  periodLength,
  type ReferencePeriods,
} from '../../src/profile/periods.ts';
import { profileReference } from '../../src/profile/reference.ts';
import type { ReferenceColumn } from '../../src/profile/side.ts';
import { type Bench, openBench } from '../support/engine.ts';

const day = 86_400;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());

/** 30 days from 1 March 2026, 200 rows a day, with everything that a column may hold. */
const log = (time: string) => `
  SELECT ${time} AS event_time,
         CASE WHEN i % 50 = 0 THEN NULL WHEN i % 50 = 1 THEN 'nan'::DOUBLE WHEN i % 50 = 2 THEN 'inf'::DOUBLE
              WHEN i % 50 = 3 THEN '-inf'::DOUBLE ELSE (i * 7919) % 1000 + i / 1e4 END AS x,
         CASE WHEN i % 40 = 0 THEN NULL ELSE (i * i) % 7 END AS few,
         CASE WHEN i % 30 = 0 THEN NULL ELSE 'it''s "c" ' || (i * 31) % 150 END AS code,
         i % 3 = 0 AS flag,
         NULL::DOUBLE AS nothing
  FROM range(6000) t(i)`;
const moment = "TIMESTAMP '2026-03-01' + to_seconds(i * 432)";

async function counted(name: string, query: string) {
  const data = await bench.open(await bench.parquet(`${name}.parquet`, query));
  const columns = await profileReference(data, {});
  const periods = await countPeriods(data, columns);
  const columnOf = (wanted: string) => columns.find(({ source }) => source.name === wanted)!;
  return { data, columns, periods, columnOf };
}

function total(arrays: readonly Float64Array[]): number {
  return arrays.reduce((sum, counts) => sum + counts.reduce((a, b) => a + b, 0), 0);
}

describe('the reference by period', () => {
  let found: { periods: ReferencePeriods | null; columnOf: (name: string) => ReferenceColumn };
  beforeAll(async () => {
    found = await counted('log', log(moment));
  });

  it('is cut in periods that divide a day, to the end of the reference', () => {
    const { timeline } = found.periods!;
    expect(timeline.column).toBe('event_time');
    // 6000 rows allow 120 periods: six hours each
    expect(timeline.length).toBe(day / 4);
    expect(timeline.rows).toHaveLength(120);
    expect(timeline.outside + total([timeline.rows])).toBe(6000);
    expect(timeline.outside).toBeLessThanOrEqual(12);
  });

  it.each(['x', 'few', 'code', 'flag', 'nothing'])('puts every row of %s into one cell', (name) => {
    const { timeline, columns } = found.periods!;
    const cells = columns.get(found.columnOf(name))!;
    for (const [period, rows] of timeline.rows.entries()) {
      const parts = [...cells.cells, cells.other, cells.null, cells.nan].map((counts) => counts[period]!);
      expect(parts.every((count) => count >= 0)).toBe(true);
      expect(parts.reduce((a, b) => a + b, 0)).toBe(rows);
    }
  });

  it('counts what the cells of the whole reference hold', async () => {
    const { columns } = found.periods!;
    const x = columns.get(found.columnOf('x'))!;
    const outside = found.periods!.timeline.outside;
    expect(Math.abs(total([x.nan]) - 120)).toBeLessThanOrEqual(outside);
    expect(Math.abs(total([x.null]) - 120)).toBeLessThanOrEqual(outside);
    // infinities are in the end cells
    expect(total([x.cells[0]!])).toBeGreaterThanOrEqual(120 - outside);
    const code = columns.get(found.columnOf('code'))!;
    expect(code.cells).toHaveLength(100);
    expect(total([code.other])).toBeGreaterThan(1500);
    expect(columns.has(found.columnOf('event_time'))).toBe(false);
  });

  it('is the same from times written as text', async () => {
    const text = await counted('text', log(`strftime(${moment}, '%Y-%m-%dT%H:%M:%SZ')`));
    expect(text.columnOf('event_time')).toMatchObject({ role: 'timestamp', kind: 'datetime' });
    expect(text.periods!.timeline).toEqual(found.periods!.timeline);
    const of = ({ periods, columnOf }: typeof found) => periods!.columns.get(columnOf('x'));
    expect(of(text)).toEqual(of(found));
  });

  it('counts dates by whole days', async () => {
    const dates = await counted('dates', log("DATE '2026-03-01' + CAST(i // 200 AS INTEGER)"));
    expect(dates.periods!.timeline).toMatchObject({ length: day, granularity: day });
    expect([...dates.periods!.timeline.rows]).toEqual(new Array(30).fill(200));
  });

  it('is not swallowed by one row in 1970', async () => {
    const late = await counted('late', log(`CASE WHEN i = 0 THEN TIMESTAMP '1970-01-01' ELSE ${moment} END`));
    expect(late.periods!.timeline.length).toBe(day / 4);
    expect(late.periods!.timeline.outside).toBeGreaterThanOrEqual(1);
  });

  it('is nothing without a timestamp, or with one single moment', async () => {
    expect((await counted('none', log('i'))).periods).toBeNull();
    expect((await counted('once', log("TIMESTAMP '2026-03-01 10:00:01.5'"))).periods).toBeNull();
  });
});

describe('the span of a batch', () => {
  const span = async (name: string, query: string) => {
    const { data, columns } = await counted(name, query);
    const column = data.columns.find((candidate) => candidate.name === 'event_time');
    return column === undefined ? null : ((await batchTime(data, column, columns))?.span ?? null);
  };

  it('is where nearly all rows lie', async () => {
    const { from, to } = (await span('span', log(moment)))!;
    const start = Date.UTC(2026, 2, 1) / 1000;
    expect(from - start).toBe(0);
    expect(to - start).toBe(5999 * 432 + 1);
    const late = await span('span-late', log(`CASE WHEN i < 3 THEN TIMESTAMP '1970-01-01' ELSE ${moment} END`));
    expect(late).toEqual({ from: start + 6 * 432, to });
  });

  it('of a single date is a day', async () => {
    const { from, to } = (await span('date', log("DATE '2026-03-01'")))!;
    expect(to - from).toBe(day);
  });

  it('is unknown without such a column, or without a time in it', async () => {
    expect(await span('other', log('i'))).toBeNull();
    expect(await span('empty', log('NULL::TIMESTAMP'))).toBeNull();
  });
});

it.each([
  [1, 1],
  [61, 120],
  [40_000, 43_200],
  [100_000, 2 * day],
  [3 * day, 7 * day],
  [29 * day, 56 * day],
  [0.003, 0.005],
])('at least %d seconds are %d', (least, length) => {
  expect(periodLength(least)).toBe(length);
});

it('joins periods by sums', () => {
  const counts = Float64Array.of(1, 2, 3, 4, 5);
  expect([
    ...joinPeriods(counts, [
      { from: 1, to: 3 },
      { from: 3, to: 5 },
    ]),
  ]).toEqual([5, 9]);
});
