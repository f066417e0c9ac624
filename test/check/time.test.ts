import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { CheckOptions, Period } from '../../src/model/run.ts';
import type { WindowRule } from '../../src/model/time.ts';
import { cutWindows } from '../../src/profile/batch-windows.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** The time of a batch, from files: 12 weeks of reference, four weeks of log in which `x` jumps on the 15th of March. */

const noise = (key: string) => `((hash(${key}) >> 11)::DOUBLE / 9007199254740992)`;
const log = (from: string, days: number, time: string, jump = 'false', more = '') => `
  SELECT ${time} AS event_time, ${noise(`'x' || i || '${from}'`)} + CASE WHEN ${jump} THEN 0.5 ELSE 0 END AS x,
         CASE WHEN ${noise(`'k' || i || '${from}'`)} < 0.4 THEN 'a' ELSE 'b' END AS k
  FROM (SELECT i, TIMESTAMP '${from}' + to_seconds(i * 600) AS t FROM range(${days * 144}) r(i)) ${more}
  ORDER BY i`;
const asTime = 't';
const jumped = "t >= TIMESTAMP '2026-03-15'";

let bench: Bench;
let reference: string;
let current: string;

beforeAll(async () => {
  bench = await openBench();
  reference = await bench.parquet('reference.parquet', log('2025-12-01', 84, asTime));
  current = await bench.parquet('current.parquet', log('2026-03-01', 28, asTime, jumped));
});
afterAll(() => bench.dispose());

const run = (
  then: string,
  now: string,
  window: WindowRule | null = { by: 'auto' },
  more: Partial<CheckOptions> & { zone?: string; staleAfter?: number } = {},
): Promise<Report> => {
  const { zone, staleAfter, ...options } = more;
  return checkFiles(then, now, {
    ...options,
    verdict: { ...defaultVerdictSettings, window, timeZone: zone ?? 'UTC', staleAfter: staleAfter ?? null },
  });
};
const told = (report: Report) => columnNamed(report, 'x').findings[0]?.data;

describe('windows', () => {
  it('say since when', async () => {
    const report = await run(reference, current);
    expect(report.time).toMatchObject({
      column: 'event_time',
      zone: 'UTC',
      outsideRows: 0,
      disorderedRows: 0,
      gaps: [],
    });
    expect(report.time!.windows).toHaveLength(10);
    expect(report.time!.windows[0]).toEqual({
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-03-04T00:00:00.000Z',
      rows: 432,
      judged: true,
    });
    expect(told(report)).toMatchObject({ part: 'suffix', since: '2026-03-16' });
    expect(columnNamed(report, 'k').outcome).not.toBe('drift');
    expect(columnNamed(report, 'x').windows!.beyond.slice(0, 4)).toEqual([null, null, null, null]);
  });

  it('may be days, weeks, months, so many, or so many rows', async () => {
    const windowsOf = async (rule: WindowRule | null, zone?: string) =>
      (await run(reference, current, rule, zone === undefined ? {} : { zone })).time!.windows;
    expect(await windowsOf({ by: 'time', unit: 'day', count: 1 })).toHaveLength(28);
    expect((await windowsOf({ by: 'time', unit: 'week', count: 1 })).map(({ rows }) => rows)).toEqual([
      144, 1008, 1008, 1008, 864,
    ]);
    const months = await windowsOf({ by: 'time', unit: 'month', count: 1 }, 'America/New_York');
    expect(months.map(({ from }) => from)).toEqual(['2026-02-01T05:00:00.000Z', '2026-03-01T05:00:00.000Z']);
    expect(await windowsOf({ by: 'count', count: 7 })).toHaveLength(7);
    const rows = await windowsOf({ by: 'rows', rows: 1000 });
    expect(rows).toHaveLength(4);
    expect(rows[1]).toEqual({ from: null, to: null, rows: 1000, judged: true });
    expect(rows.reduce((sum, window) => sum + window.rows, 0)).toBe(28 * 144);
    expect(await windowsOf(null)).toEqual([]);
  });

  it('with few rows are not judged', async () => {
    const { time, columns } = await run(reference, current, { by: 'time', unit: 'hour', count: 1 });
    expect(time!.windows.every(({ judged, rows }) => !judged && rows === 6)).toBe(true);
    expect(columns.find(({ name }) => name === 'x')!.windows).toBeUndefined();
  });

  it('are refused when they are too many', async () => {
    await expect(run(reference, current, { by: 'count', count: 100_000 })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: '--window 100000 cuts this batch into more than 1,000 windows; take 1000 or fewer',
    });
    await expect(run(reference, current, { by: 'rows', rows: 2 })).rejects.toThrow(
      '--window 2rows cuts this batch into more than 1,000 windows; take 5rows or more',
    );
    // four weeks have 672 hours, so the batch has to be longer: what is proposed is then taken
    const span = { from: 1_773_000_000, to: 1_773_000_000 + 400 * 86_400 };
    const cut = (count: number) =>
      cutWindows({ by: 'time', unit: 'hour', count }, { span, granularity: 0 }, 1_000_000, 'UTC');
    expect(() => cut(1)).toThrow('--window 1h cuts this batch into more than 1,000 windows; take 10h or longer');
    expect(cut(10)!.length).toBeLessThanOrEqual(1001);
  });

  it('are the same from CSV, by time and by rows', async () => {
    const csv = join(bench.folder, 'current.csv');
    await bench.run(`COPY (FROM '${current}') TO '${csv}' (HEADER)`);
    for (const rule of [{ by: 'auto' }, { by: 'rows', rows: 500 }] as const) {
      const ordered = rule.by === 'rows' ? { current: { paths: [csv], ordered: true } } : {};
      const [a, b] = [await run(reference, current, rule), await run(reference, csv, rule, ordered)];
      expect(b.time!.windows).toEqual(a.time!.windows);
      expect(columnNamed(b, 'x').windows).toEqual(columnNamed(a, 'x').windows);
      expect(told(b)).toEqual(told(a));
    }
  });
});

describe('a timestamp', () => {
  it.each([
    ['text', "strftime(t, '%Y-%m-%dT%H:%M:%SZ')", 'stored as VARCHAR'],
    ['epoch seconds', 'CAST(epoch(t) AS BIGINT)', 'stored as BIGINT, seconds since 1970'],
    ['epoch milliseconds', 'epoch_ms(t)', 'stored as BIGINT, milliseconds since 1970'],
    ['fractional epoch seconds', 'epoch(t)', 'stored as DOUBLE, seconds since 1970'],
  ])('as %s is recognised, and said so', async (name, time, reason) => {
    const then = await bench.parquet(`then-${name}.parquet`, log('2025-12-01', 84, time));
    const now = await bench.parquet(`now-${name}.parquet`, log('2026-03-01', 28, time, jumped));
    const report = await run(then, now);
    const column = columnNamed(report, 'event_time');
    expect(column).toMatchObject({ role: 'timestamp', kind: 'datetime' });
    expect(column.guess.kind).toContain(reason);
    expect(column.current!.numbers!.min).toBe(Date.parse('2026-03-01') / 1000);
    expect(report.time!.windows).toEqual((await run(reference, current)).time!.windows);
    expect(told(report)).toMatchObject({ part: 'suffix', since: '2026-03-16' });
  });

  it('that only the log has cuts it too, and its short windows do not gate', async () => {
    const then = await bench.parquet('untimed.parquet', `SELECT x, k FROM '${reference}'`);
    const report = await run(then, current);
    expect(report.time).toMatchObject({ column: 'event_time', newest: '2026-03-28T23:50:00.000Z' });
    expect(columnNamed(report, 'x').windows!.beyond.at(-1)).toBe('fail');
    const week = await run(then, current, { by: 'time', unit: 'week', count: 1 });
    expect(told(week)).toMatchObject({ part: 'suffix', since: '2026-03-16' });
  });

  it('out of order, with a hole, or in the future is told', async () => {
    const now = await bench.parquet(
      'odd.parquet',
      `${log('2026-03-01', 28, "CASE WHEN i = 9 THEN TIMESTAMP '2999-01-01' WHEN i = 20 THEN t - INTERVAL 1 HOUR ELSE t END", 'false', "WHERE t NOT BETWEEN TIMESTAMP '2026-03-10' AND TIMESTAMP '2026-03-14'")}`,
    );
    const report = await run(reference, now);
    expect(report.time).toMatchObject({ futureRows: 1, disorderedRows: 2, disorderedOf: 3455, outsideRows: 1 });
    expect(report.time!.gaps).toHaveLength(1);
    const messages = report.findings.filter(({ code }) => code === 'TIME_DISORDER').map(({ message }) => message);
    expect(messages[0]).toMatch(/^1 row of "event_time" \(.*\) lie in the future, up to 2999-01-01$/);
    expect(messages[1]).toMatch(/^no row of "event_time" for (3\.9\d*|4\.0\d*|4) days from 2026-03-(09|10)/);
  });

  it('may be too old', async () => {
    const stale = await run(reference, current, null, { staleAfter: 86_400 });
    expect(stale.findings.find(({ code }) => code === 'DATA_STALE')).toMatchObject({
      severity: 'P2',
      column: 'event_time',
    });
    const ever = await run(reference, current, null, { staleAfter: 1e12 });
    expect(ever.findings.some(({ code }) => code === 'DATA_STALE')).toBe(false);
  });
});

describe('a period', () => {
  const during = async (period: Period, now = current) => run(reference, now, { by: 'auto' }, { period });
  const at = (date: string) => Date.parse(date) / 1000;

  it('leaves out the rows before and after it', async () => {
    const report = await during({ since: at('2026-03-08'), until: at('2026-03-15') });
    expect(report.datasets.current.rows).toBe(7 * 144);
    expect(told(report)).toBeUndefined();
    expect(report.notes[0]).toBe(
      'only the current rows of "event_time" from 2026-03-08T00:00:00Z before 2026-03-15T00:00:00Z count: 1,008 of 4,032 rows',
    );
  });

  it('may end with the newest row, or now', async () => {
    const day = await during({ last: { seconds: 86_400, from: 'newest' } });
    expect(day.datasets.current.rows).toBe(145);
    const none = await during({ last: { seconds: 86_400, from: 'now' } });
    expect(none.datasets.current.rows).toBe(0);
    expect(none.gate).toMatchObject({ status: 'no-verdict', exitCode: 2 });
  });

  it('needs a time', async () => {
    const now = await bench.parquet('timeless.parquet', `SELECT x, k FROM '${current}'`);
    await expect(during({ since: 0 }, now)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  it('works on text files and beside a filter', async () => {
    const csv = join(bench.folder, 'few.csv');
    writeFileSync(
      csv,
      `event_time,x,k\n${Array.from({ length: 300 }, (_, i) => `2026-03-0${(i % 9) + 1},${i / 300},a`).join('\n')}\n`,
    );
    const report = await checkFiles(reference, csv, {
      period: { since: at('2026-03-05') },
      current: { paths: [csv], where: 'x < 0.5' },
    });
    expect(report.datasets.current.rows).toBe(
      Array.from({ length: 150 }, (_, i) => i).filter((i) => (i % 9) + 1 >= 5).length,
    );
  });
});
