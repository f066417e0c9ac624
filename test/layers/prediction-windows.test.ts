import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { CheckOptions } from '../../src/model/run.ts';
import type { VerdictSettings } from '../../src/model/settings.ts';
import { printProfile } from '../../src/profile/saved/write.ts';
import { profile } from '../../src/profiling.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles, checkOptions } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** Predictions by window, on data whose numbers are known by construction: ten weeks, a row every ten minutes, and weeks after them. */

let bench: Bench;
let reference: string;
let fallen: string;
beforeAll(async () => {
  bench = await openBench();
  reference = await bench.parquet('reference.parquet', log('2026-01-05', 70, binary(sure)));
  // the fourth of four weeks
  fallen = await bench.parquet(
    'fallen.parquet',
    log('2026-03-16', 28, binary(`CASE WHEN t >= '2026-04-06' THEN ${unsure} ELSE ${sure} END`)),
  );
});
afterAll(() => bench.dispose());

/** u and v are uniform; t is the time. */
function log(from: string, days: number, columns: string): string {
  const uniform = (salt: string) => `hash(i || '${salt}${from}') % 1000000007 / 1000000007.0`;
  return `SELECT t AS event_time, hash(i, '${from}') % 97 AS a, ${columns}
    FROM (SELECT i, TIMESTAMP '${from}' + to_minutes(CAST(10 * i AS BIGINT)) AS t, ${uniform('u')} AS u, ${uniform('v')} AS v
          FROM range(${144 * days}) r(i)) ORDER BY i`;
}
const sure = 'CASE WHEN v < 0.5 THEN 0.1 * u ELSE 1 - 0.1 * u END';
const unsure = 'CASE WHEN v < 0.5 THEN 0.5 * u ELSE 1 - 0.5 * u END';
const binary = (p: string) => `${p} AS score, CASE WHEN ${p} >= 0.5 THEN 'yes' ELSE 'no' END AS prediction`;

function run(then: string, now: string, more: Partial<VerdictSettings> = {}, options: Partial<CheckOptions> = {}) {
  return checkFiles(then, now, { verdict: { ...defaultVerdictSettings, ...more }, ...options });
}
const down = (report: Report) => report.findings.find(({ code }) => code === 'CONFIDENCE_DOWN');
const weeks = { window: { by: 'time', unit: 'week', count: 1 } } as const;

describe('confidence by window', () => {
  test.each([
    ['time', { by: 'time', unit: 'week', count: 1 }],
    ['rows', { by: 'rows', rows: 1008 }],
  ] as const)('of %s is what the rows say', async (by, window) => {
    const { predictions } = await run(reference, fallen, { window });
    const group = by === 'time' ? "date_trunc('week', event_time)" : 'i // 1008';
    const file = `(SELECT *, row_number() OVER () - 1 AS i FROM '${fallen}')`;
    const [rows, mean, std, nearby, score, yes] = await bench.numbers(
      `SELECT count(*)::DOUBLE, avg(c), stddev_samp(c), count(CASE WHEN abs(score - 0.5) < 0.1 THEN 1 END)::DOUBLE,
        avg(score), avg(CASE WHEN prediction = 'yes' THEN 1.0 ELSE 0.0 END)
        FROM (SELECT *, ${group} AS w, greatest(score, 1 - score) AS c FROM ${file}) GROUP BY w ORDER BY w`,
    );
    expect(predictions!.windows).toHaveLength(4);
    for (const [i, { from, rows: all, confidence }] of predictions!.windows.entries()) {
      expect(from).toBe(by === 'time' ? new Date(Date.UTC(2026, 2, 16 + 7 * i)).toISOString() : null);
      expect([all, confidence!.rows, confidence!.nearThreshold]).toEqual([1008, rows![i], nearby![i]]);
      expect(confidence!.mean).toBeCloseTo(mean![i]!, 10);
      expect(confidence!.std).toBeCloseTo(std![i]!, 8);
      expect(confidence!.interval[0]).toBeLessThan(confidence!.mean);
    }
    const series = (form: string, name: string | null) =>
      predictions!.series.find((line) => line.form === form && line.class === name)!;
    for (const [i, value] of series('mean', null).windows.entries()) expect(value).toBeCloseTo(score![i]!, 10);
    for (const [i, value] of series('share', 'yes').windows.entries()) expect(value).toBeCloseTo(yes![i]!, 12);
    expect(series('share', 'yes').reference! + series('share', 'no').reference!).toBeCloseTo(1, 12);
    expect(series('share', 'yes').current! + series('share', 'no').current!).toBeCloseTo(1, 12);
  });

  it('that fell in the last one only is told, with its date', async () => {
    const report = await run(reference, fallen, weeks);
    // diluted, the whole has not fallen by 15 %
    expect(report.predictions!.confidence!.drop).toBeLessThan(0.1);
    expect(report.predictions!.confidence).toMatchObject({
      rejected: true,
      part: { form: 'window', from: 3, to: 4 },
      since: 3,
    });
    expect(report.predictions!.windows.map(({ confidence }) => confidence!.beyond)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    const finding = down(report)!;
    expect(finding).toMatchObject({ severity: 'P2', column: 'score' });
    expect(finding.message).toMatch(
      /^the model is less sure from 2026-04-06 to 2026-04-13: the mean confidence fell from 0\.95 to 0\.7\d+, by 2\d\.?\d* % \[\d+\.?\d*, 2\d\.?\d*\], above the tolerated 15 % \(10,080 against 1,008 rows\); nearer than 0\.1 to the threshold 0\.5 lie \d+\.?\d* % of rows, were 0 %; 0\.9\d* over the whole batch$/,
    );
    expect(finding.data).toMatchObject({ part: 'window', since: '2026-04-06', begin: '2026-04-06', end: '2026-04-13' });
    expect(renderTerminal(report, { color: false, width: 200 })).toContain(
      '(down 5.1 %; 15 % tolerated, more from 2026-04-06 to 2026-04-13)',
    );
    expect(renderMarkdown(report)).toContain('| lowest mean of a window, from 2026-04-06 to 2026-04-13 | – | 0.7');
  });

  it('says in which rows, where windows are rows', async () => {
    const message = down(await run(reference, fallen, { window: { by: 'rows', rows: 1008 } }))!.message;
    expect(message).toMatch(/^the model is less sure from row 3,025 to row 4,032: /);
  });

  it('of the whole that began later says since when', async () => {
    const current = await bench.parquet(
      'later.parquet',
      log('2026-03-16', 28, binary(`CASE WHEN t >= '2026-03-23' THEN 0.5 + (${unsure} - 0.5) / 4 ELSE ${sure} END`)),
    );
    const report = await run(reference, current, weeks);
    expect(report.predictions!.confidence).toMatchObject({ rejected: true, since: 1 });
    expect(down(report)!.message).toMatch(/so since 2026-03-23$/);
  });

  it('is the same of a saved reference, and of a file too long to be counted here', async () => {
    const path = join(bench.folder, 'reference.profile.json');
    const check = { ...checkOptions(reference, reference), verdict: { ...defaultVerdictSettings, ...weeks } };
    writeFileSync(path, printProfile(await profile({ check })));
    for (const window of [
      { by: 'time', unit: 'week', count: 1 },
      { by: 'time', unit: 'day', count: 1 },
      { by: 'rows', rows: 500 },
    ] as const) {
      const [raw, saved] = [await run(reference, fallen, { window }), await run(path, fallen, { window })];
      expect(saved.predictions).toEqual(raw.predictions);
      expect(down(saved)).toEqual(down(raw));
    }
    const long = await bench.parquet('long.parquet', `SELECT * FROM '${fallen}', range(6)`);
    const { predictions } = await run(reference, long, weeks);
    const short = (await run(reference, fallen, weeks)).predictions!;
    expect(predictions!.windows.map(({ confidence }) => confidence!.mean)).toEqual(
      short.windows.map(({ confidence }) => confidence!.mean),
    );
    expect(predictions!.series).toEqual(short.series);
  });
});

describe('a window with a rhythm', () => {
  // at night the model is less sure, and always was: 0.95 by day, 0.75 by night
  const nightly = binary(`CASE WHEN hour(t) < 6 THEN ${unsure} ELSE ${sure} END`);
  const quarters = {
    window: { by: 'time', unit: 'hour', count: 6 },
    gate: { ...defaultVerdictSettings.gate, minRows: 30 },
  } as const;
  let then: string;
  beforeAll(async () => {
    then = await bench.parquet('nightly.parquet', log('2026-01-05', 70, nightly));
  });

  it('is no news where the reference has the same', async () => {
    const now = await bench.parquet('nights.parquet', log('2026-03-16', 3, nightly));
    const report = await run(then, now, quarters);
    const windows = report.predictions!.windows.map(({ confidence }) => confidence!);
    expect(windows.filter(({ mean }) => mean < 0.8)).toHaveLength(3);
    expect(windows.every(({ asked, beyond }) => asked && !beyond)).toBe(true);
    expect(down(report)).toBeUndefined();
  });

  it('is told where that hour was never like it', async () => {
    const half = `0.5 + (${unsure} - 0.5) / 4`;
    const noon = binary(
      `CASE WHEN t >= TIMESTAMP '2026-03-18 12:00' AND hour(t) < 18 THEN ${half} WHEN hour(t) < 6 THEN ${unsure} ELSE ${sure} END`,
    );
    const now = await bench.parquet('noon.parquet', `FROM (${log('2026-03-16', 3, noon)}), range(3)`);
    expect(down(await run(then, now, quarters))!.message).toMatch(
      /^the model is less sure from 2026-03-18 12:00 UTC to 2026-03-18 18:00 UTC: /,
    );
  });

  it('is shown and not asked where the reference has no time, and long ones are asked', async () => {
    const timeless = await bench.parquet('timeless.parquet', `SELECT * EXCLUDE event_time FROM '${reference}'`);
    const days = { by: 'time', unit: 'day', count: 1 } as const;
    const long = await run(timeless, fallen, { window: days });
    expect(long.predictions!.windows).toHaveLength(28);
    expect(long.predictions!.windows.some(({ confidence }) => confidence!.asked)).toBe(false);
    // the last week is no window, and seven of them
    expect(long.predictions!.confidence).toMatchObject({ part: { form: 'suffix', from: 21, to: 28 }, since: null });
    expect(down(long)!.message).toMatch(/^the model is less sure since 2026-04-06: .* \(10,080 against 1,008 rows\)/);
    const short = await bench.parquet(
      'short.parquet',
      `FROM '${fallen}' WHERE event_time >= '2026-04-03' AND event_time < '2026-04-09'`,
    );
    expect(down(await run(timeless, short, { window: days }))).toBeUndefined();
    expect(down(await run(reference, short, { window: days }))!.message).toContain('less sure since 2026-04-06');
    expect(down(await run(timeless, fallen, weeks))!.message).toContain('from 2026-04-06 to 2026-04-13');
  });
});

describe('series', () => {
  it('of a regression are its mean by window', async () => {
    const price = (by: string) => `100 * u + ${by} AS prediction`;
    const then = await bench.parquet('prices.parquet', log('2026-01-05', 70, price('0')));
    const now = await bench.parquet(
      'dearer.parquet',
      log('2026-03-16', 28, price("CASE WHEN t >= '2026-04-06' THEN 50 ELSE 0 END")),
    );
    const { predictions } = await run(then, now, weeks);
    expect(predictions!.confidence).toBeNull();
    expect(predictions!.windows.map(({ rows, confidence }) => [rows, confidence])).toEqual(Array(4).fill([1008, null]));
    const [line, ...more] = predictions!.series;
    expect(more).toEqual([]);
    expect(line).toMatchObject({ form: 'mean', column: 'prediction', class: null });
    expect(line!.reference).toBeCloseTo(50, 0);
    expect(line!.windows[3]! - line!.windows[2]!).toBeGreaterThan(45);
  });

  it('of classes without a score are shares, missing predictions left out', async () => {
    const classes = (odds: string) =>
      `CASE WHEN i % 10 = 0 THEN NULL WHEN u < ${odds} THEN 'a|b' WHEN u < 0.9 THEN 'c' ELSE 'rare' END AS prediction`;
    const then = await bench.parquet('classes.parquet', log('2026-01-05', 70, classes('0.3')));
    const now = await bench.parquet(
      'other.parquet',
      log('2026-03-16', 28, classes("CASE WHEN t >= '2026-04-06' THEN 0.7 ELSE 0.3 END")),
    );
    const { series } = (await run(then, now, weeks)).predictions!;
    expect(series.map((line) => line.class)).toEqual(['c', 'a|b', 'rare']);
    for (const at of [0, 1, 2, 3])
      expect(series.reduce((sum, { windows }) => sum + windows[at]!, 0)).toBeCloseTo(1, 12);
    expect(series[1]!.reference).toBeCloseTo(0.3, 1);
    expect(series[1]!.windows[3]).toBeCloseTo(0.7, 1);
  });

  it('have nothing to say of a window without a score, or of numbers that overflow', async () => {
    const empty = binary(`CASE WHEN t >= '2026-04-06' THEN NULL ELSE ${sure} END`);
    const now = await bench.parquet('empty.parquet', log('2026-03-16', 28, empty));
    const { predictions } = await run(reference, now, weeks);
    expect(predictions!.windows.map(({ confidence }) => confidence === null)).toEqual([false, false, false, true]);
    expect(predictions!.series.find(({ form }) => form === 'mean')!.windows[3]).toBeNull();
    const huge = await bench.parquet('huge.parquet', log('2026-03-16', 28, '1e308 + u AS prediction'));
    const overflown = await run(
      await bench.parquet('small.parquet', log('2026-01-05', 70, 'u AS prediction')),
      huge,
      weeks,
    );
    expect(overflown.predictions!.series[0]!.windows).toEqual([null, null, null, null]);
  });

  it('are absent without windows', async () => {
    const { predictions } = await run(reference, fallen, { window: null });
    expect(predictions).toMatchObject({ windows: [], series: [] });
    expect(predictions!.confidence).toMatchObject({ part: null, since: null });
  });
});

// the fall of the logarithm of 0 is no number: the run ended
test('a confidence that fell to 0, or always was, ends no run', async () => {
  const then = await bench.parquet('confident.parquet', log('2026-01-05', 70, '0.8 + 0.1 * u AS confidence'));
  const zero = await bench.parquet('zero.parquet', log('2026-03-16', 28, '0.0 AS confidence'));
  const report = await run(then, zero, weeks);
  expect(report.predictions!.confidence).toMatchObject({ drop: 1, rejected: true });
  expect(down(report)!.message).toContain('by 100 %');
  expect((await run(zero, zero, weeks)).predictions!.confidence).toBeNull();
});
