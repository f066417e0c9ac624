import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** A log whose days differ: every column has a level of its own on every day, with a standard deviation of 0.4. */

const uniform = (key: string) => `((hash(${key}) >> 11)::DOUBLE / 9007199254740992 + 1e-12)`;
const normal = (key: string) =>
  `sqrt(-2 * ln(${uniform(`${key} || 'r'`)})) * cos(6.283185307 * ${uniform(`${key} || 'a'`)})`;
const columns = Array.from({ length: 12 }, (_, k) => `x${k}`);

const days = (from: number, to: number, rows: number, shift = '') => `
  SELECT TIMESTAMP '2026-03-01' + to_seconds(CAST(day * 86400 + row * ${86_400 / rows} AS BIGINT)) AS event_time,
         ${columns
           .map((name, k) => {
             const level = `0.4 * ${normal(`'${name}' || day`)}`;
             return `${level} + ${normal(`'${name}' || day || '/' || row`)}${k === 0 ? shift : ''} AS ${name}`;
           })
           .join(',\n         ')},
         CASE WHEN ${uniform(`'plan' || day || '/' || row`)} < 0.5 + 0.1 * ${normal(`'plan' || day`)} THEN 'a' ELSE 'b' END AS plan
  FROM range(${from}, ${to}) d(day), range(${rows}) r(row)`;

let bench: Bench;
let reference: string;
let ordinary: string;
let shifted: string;

beforeAll(async () => {
  bench = await openBench();
  reference = await bench.parquet('reference.parquet', days(0, 40, 400));
  ordinary = await bench.parquet('ordinary.parquet', days(40, 41, 2000));
  shifted = await bench.parquet('shifted.parquet', days(40, 41, 2000, ' + 4'));
});
afterAll(() => bench.dispose());

const drifted = (report: Report) => report.columns.filter(({ outcome }) => outcome === 'drift').map(({ name }) => name);

describe('a reference whose days differ', () => {
  it('takes an ordinary day for what it is', async () => {
    const report = await checkFiles(reference, ordinary);
    expect(drifted(report)).toEqual([]);
    expect(report.gate.exitCode).toBe(0);
    expect(report.method.periods).toMatchObject({
      column: 'event_time',
      windows: 40,
      windowSeconds: 86_400,
      strength: 'full',
      backTest: { windows: 40, fired: 0 },
    });
    expect(report.method.noise).toBe(
      'noise between periods from 40 windows of 1 day of the reference, of any time: only 5 are of the same days of the week; ' +
        'would have fired on 0 of 40 clean windows',
    );
    const told = report.columns.find(({ reason }) => reason.startsWith('beyond the tolerance, but the reference'))!;
    expect(told.outcome).toBe('undetermined');
    expect(told.gating!.noise!.logP).toBeGreaterThan(Math.log(0.01));
    expect(renderTerminal(report, { color: false, width: 300 })).toContain('would have fired on 0 of 40 clean windows');
  });

  it('would alarm on that day if time did not count', async () => {
    const report = await checkFiles(reference, ordinary, { verdict: { ...defaultVerdictSettings, noise: 'off' } });
    expect(drifted(report).length).toBeGreaterThan(1);
    expect(report.method.periods).toMatchObject({ windows: 0, strength: 'none' });
  });

  it('finds a column that really moved', async () => {
    const report = await checkFiles(reference, shifted);
    expect(drifted(report)).toEqual(['x0']);
    expect(report.gate.exitCode).toBe(1);
    expect(columnNamed(report, 'x0').findings[0]!.message).toMatch(
      /; the reference's own 40 windows of 1 day reach φ² /,
    );
  });

  it('says so when the batch has no time, and judges without', async () => {
    const timeless = await bench.parquet(
      'timeless.parquet',
      `SELECT * EXCLUDE (event_time) FROM (${days(40, 41, 2000)})`,
    );
    const report = await checkFiles(reference, timeless);
    expect(report.method.noise).toBe('the current data has no time in "event_time": noise between periods unknown');
    expect(drifted(report).length).toBeGreaterThan(1);
  });

  it('is the same whatever the order of rows and the number of threads', async () => {
    const turned = await bench.parquet('turned.parquet', `SELECT * FROM (${days(0, 40, 400)}) ORDER BY hash(x3)`);
    const [one, other] = await Promise.all([
      checkFiles(reference, ordinary, { threads: 1 }),
      checkFiles(turned, ordinary, { threads: 4 }),
    ]);
    const judged = ({ columns, method }: Report) => ({
      method,
      columns: columns.map(({ name, outcome, reason, gating, tests }) => ({ name, outcome, reason, gating, tests })),
    });
    expect(judged(other)).toEqual(judged(one));
  });
});
