import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { ServiceSettings } from '../../src/model/settings.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** The service layer on logs whose numbers are known by construction. */

let bench: Bench;
let reference: string;
beforeAll(async () => {
  bench = await openBench();
  reference = await bench.parquet('reference.parquet', rows(1000, ''));
});
afterAll(() => bench.dispose());

let made = 0;
async function run(
  query: string,
  service: Partial<ServiceSettings> = {},
  more = {},
  against = reference,
): Promise<Report> {
  made += 1;
  const path = await bench.parquet(`log-${made}.parquet`, query);
  const standard = defaultVerdictSettings.service;
  const verdict = { ...defaultVerdictSettings, ...more, service: { ...standard, ...service } };
  return checkFiles(against, path, { verdict });
}

/** Rows with a feature, and what else is asked for; `i` counts them from 0. */
function rows(count: number, columns: string): string {
  return `SELECT hash(i) % 97 AS a, hash(i) / 1e15 AS b${columns && `, ${columns}`} FROM range(${count}) t(i)`;
}

const second = (expression: string) => `make_timestamp(1700000000000000 + CAST((${expression}) * 1e6 AS BIGINT))`;
const levels = { p50: null, p95: null, p99: null };
const missed = (report: Report) => report.findings.filter(({ code }) => code === 'SERVICE_LEVEL_MISSED');

describe('latency', () => {
  test('percentiles are the values of the nearest rank, few values or many', async () => {
    // 7919 is prime: i * 7919 % 10000 goes through 0 … 9999
    const few = await run(rows(10_000, '1 + (i * 7919) % 1000 AS latency_ms'));
    expect(few.service!.latencies[0]).toMatchObject({
      column: 'latency_ms',
      unit: 'ms',
      reference: null,
      current: {
        rows: 10_000,
        missing: 0,
        invalid: 0,
        percentiles: {
          p50: { value: 500, exact: true },
          p95: { value: 950, exact: true },
          p99: { value: 990, exact: true },
        },
        max: 1000,
      },
    });
    const many = await run(rows(150_000, '(1 + (i * 7919) % 150000) / 8.0 AS latency_us'));
    const { percentiles, max } = many.service!.latencies[0]!.current!;
    expect(many.service!.latencies[0]!.unit).toBe('us');
    expect(percentiles).toEqual({
      p50: { value: 9.375, exact: true },
      p95: { value: 17.8125, exact: true },
      p99: { value: 18.5625, exact: true },
    });
    expect(max).toBe(18.75);
  });

  test('a level is missed by as much as it is, in some windows first', async () => {
    const log = rows(
      4800,
      `${second('i * 36')} AS ts, CASE WHEN i >= 2400 THEN 0.4 ELSE 0.1 END + (i % 100) / 1e4 AS latency_seconds, 200 + 300 * CAST(i % 50 = 0 AS INT) AS status_code`,
    );
    const report = await run(log, {
      latency: { ...levels, p50: 200, p95: 300, p99: 500 },
      errorRate: 0.01,
      throughputMin: 0.02,
    });
    const { levels: judged, time, windows } = report.service!;
    expect(judged.map(({ measure, found, missed: is }) => [measure, found, is])).toEqual([
      ['p50', 109.9, false],
      ['p95', 408.9, true],
      ['p99', 409.7, false],
      ['error_rate', 0.02, true],
      ['throughput', expect.closeTo(1 / 36, 4), false],
    ]);
    expect(time).toEqual({
      column: 'ts',
      from: '2023-11-14T22:13:20.000Z',
      to: '2023-11-16T22:12:45.000Z',
      throughput: expect.closeTo(1 / 36, 4),
    });
    expect(windows.reduce((sum, { rows }) => sum + rows, 0)).toBe(4800);
    expect(windows[1]).toEqual({
      from: '2023-11-15T00:00:00.000Z',
      to: '2023-11-15T06:00:00.000Z',
      rows: 600,
      throughput: expect.closeTo(1 / 36, 9),
      latencies: [{ p50: 104.9, p95: 109.4, p99: 109.8 }],
      errors: [{ rows: 12, of: 600 }],
    });
    expect(windows[0]!.throughput).toBeNull();
    // the change falls into the fifth window
    expect(judged[1]!.windows).toEqual([4, 5, 6, 7, 8]);
    expect(missed(report).map(({ message }) => message)).toEqual([
      'the 95th percentile of "latency_seconds" is 408.9 ms, 36.3 % above its level of at most 300 ms (4,800 rows); missed in 5 of 9 windows, first from 2023-11-15 18:00 UTC to 2023-11-16',
      expect.stringMatching(
        /^the error share of "status_code" is 2 %, 100 % above its level of at most 1 % \(4,800 rows\); missed in \d of 9 windows/,
      ),
    ]);
    expect(report.gate.exitCode).toBe(1);
  });
});

describe('statuses', () => {
  test('numbers from 500 on and the documented words fail; other words can be named', async () => {
    const words = `['ok', 'Timed out', 'ERROR', 'redirect', '503', 'cached', NULL, 'OK', 'ok', 'ok'][1 + i % 10] AS status_code`;
    const report = await run(rows(1000, words));
    const { current } = report.service!.statuses[0]!;
    expect(current).toMatchObject({ rows: 900, missing: 100, errors: 300 });
    expect(current!.top.filter(({ error }) => error).map(({ value }) => value)).toEqual(['503', 'ERROR', 'Timed out']);
    const own = await run(rows(1000, words), { errorValues: ['cached'] });
    expect(own.service!.statuses[0]!.current!.errors).toBe(200);
  });

  test('what the reference has stands beside; nothing is asked without a level', async () => {
    const log = await bench.parquet(
      'with-service.parquet',
      rows(1000, '10 + i % 10 AS latency_ms, 200 AS status_code'),
    );
    const report = await run(rows(1000, '900 AS latency_ms, 500 AS status_code'), {}, {}, log);
    expect(report.service!.latencies[0]!.reference!.percentiles!.p95.value).toBe(19);
    expect(report.service!.statuses[0]!.reference).toMatchObject({ rows: 1000, errors: 0 });
    expect(missed(report)).toEqual([]);
    expect(report.findings).toEqual([]);
  });
});

describe('bad input', () => {
  const p95 = { latency: { ...levels, p95: 300 } };

  test('a level without a column to hold it against is refused', async () => {
    await expect(run(rows(200, 'i AS n'), p95)).rejects.toThrow(
      'service.latency_ms.p95 is set, and no column is known as a latency; name it with --latency COLUMN',
    );
    await expect(run(rows(200, 'i AS n'), { errorRate: 0.1 })).rejects.toThrow(
      'service.error_rate is set, and no column is known as a status; name it with --status COLUMN',
    );
    const named = { columns: { took: { role: 'latency' as const } } };
    await expect(run(rows(200, 'i AS n'), p95, named)).rejects.toThrow('no column is called "took"');
  });

  test.each([
    [
      'text',
      "'fast' AS took",
      'it is not stored as numbers',
      'latency "took" is stored as VARCHAR, so it was not measured',
    ],
    ['nothing', 'CAST(NULL AS DOUBLE) AS took', 'no row has one', undefined],
    [
      'negative numbers',
      '-1.0 - i AS took',
      'no row has one; 200 rows with a negative or infinite one',
      '200 values of latency "took" are negative or infinite, which no duration is; they were left out',
    ],
  ])('a latency of %s is not taken for a level that was kept', async (_, column, reason, note) => {
    const report = await run(rows(200, column), p95, { columns: { took: { role: 'latency' as const } } });
    expect(missed(report)).toMatchObject([
      {
        column: 'took',
        message: `the 95th percentile of "took" has a service level, at most 300 ms, that could not be judged: ${reason}`,
      },
    ]);
    if (note !== undefined) expect(report.notes).toContain(note);
    expect(report.gate.exitCode).toBe(1);
  });

  test('a few odd values are left out and counted', async () => {
    const odd = `CASE i % 100 WHEN 0 THEN -5 WHEN 1 THEN 'Infinity'::DOUBLE WHEN 2 THEN 'NaN'::DOUBLE WHEN 3 THEN NULL ELSE 7 END AS latency_ms`;
    const report = await run(rows(1000, odd), { latency: { ...levels, p99: 7 } });
    expect(report.service!.latencies[0]!.current).toEqual({
      rows: 960,
      missing: 20,
      invalid: 20,
      percentiles: { p50: { value: 7, exact: true }, p95: { value: 7, exact: true }, p99: { value: 7, exact: true } },
      max: 7,
    });
    expect(missed(report)).toEqual([]);
  });

  test('a latency that went missing, and a log without time', async () => {
    const log = await bench.parquet('once.parquet', rows(1000, '10 AS latency_ms'));
    const report = await run(rows(500, ''), { ...p95, throughputMin: 1 }, {}, log);
    expect(missed(report).map(({ message }) => message)).toEqual([
      'the throughput has a service level, at least 1 row a second, that could not be judged: the log has no timestamp that spans any time',
      'the 95th percentile of "latency_ms" has a service level, at most 300 ms, that could not be judged: the log has no such column',
    ]);
  });

  test('a batch that is too small for a verdict has no level judged', async () => {
    const report = await run(rows(20, '900 AS latency_ms'), p95);
    expect(missed(report)).toEqual([]);
    expect(report.service!.levels).toMatchObject([
      { found: 900, missed: null, reason: '20 rows, fewer than the 100 that a verdict needs' },
    ]);
    expect(report.gate.exitCode).toBe(2);
  });
});
