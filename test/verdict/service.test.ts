import { describe, expect, it } from 'vitest';
import type { ServiceReport, ServiceWindow } from '../../src/model/service.ts';
import type { VerdictSettings } from '../../src/model/settings.ts';
import { judgeService } from '../../src/verdict/service.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';

/** Levels held against the log's own numbers: no test, so every boundary is exact. */

type Measured = Omit<ServiceReport, 'levels'>;
type Latency = NonNullable<Measured['latencies'][number]['current']>;

const latencyOf = (p95: number | null, more: Partial<Latency> = {}): Measured['latencies'][number] => {
  const at = (value: number) => ({ value, exact: true });
  return {
    ...{ column: 'took', unit: 'ms', reason: 'its name', reference: null },
    current: {
      ...{ rows: 1000, missing: 0, invalid: 0, max: p95 },
      percentiles: p95 === null ? null : { p50: at(p95 / 2), p95: at(p95), p99: at(2 * p95) },
      ...more,
    },
  };
};
const statusOf = (errors: number, rows: number): Measured['statuses'][number] => ({
  ...{ column: 'status', reference: null },
  current: { rows, missing: 0, errors, top: [] },
});
const windowOf = (day: number, more: Partial<ServiceWindow> = {}): ServiceWindow => ({
  from: `2026-03-0${day}T00:00:00.000Z`,
  to: `2026-03-0${day + 1}T00:00:00.000Z`,
  ...{ rows: 100, throughput: null, latencies: [], errors: [] },
  ...more,
});
const nothing: Measured = { latencies: [], statuses: [], time: null, windows: [] };
const present = { latency: [], status: [] };
const sizes = { reference: 5000, current: 1000 };
interface Levels {
  readonly p95?: number;
  readonly errorRate?: number;
  readonly throughputMin?: number;
}
const withLevels = ({ p95, errorRate, throughputMin }: Levels): VerdictSettings => ({
  ...defaultVerdictSettings,
  service: {
    ...defaultVerdictSettings.service,
    latency: { p50: null, p95: p95 ?? null, p99: null },
    errorRate: errorRate ?? null,
    throughputMin: throughputMin ?? null,
  },
});
/** The windows of the batch that those of the service are. */
const batchOf = (windows: readonly ServiceWindow[]) =>
  windows.map(({ from, to, rows }) => ({
    span: from === null || to === null ? null : { from: Date.parse(from) / 1000, to: Date.parse(to) / 1000 },
    rows,
  }));
const judge = (measured: Partial<Measured>, levels: Levels, more: { rows?: number; absent?: string[] } = {}) =>
  judgeService(
    { ...nothing, ...measured },
    { ...present, latency: more.absent ?? [] },
    { ...sizes, current: more.rows ?? sizes.current },
    withLevels(levels),
    batchOf(measured.windows ?? []),
  );

describe('a level', () => {
  it('that is not written down is not judged', () => {
    expect(judge({ latencies: [latencyOf(1e9)], statuses: [statusOf(1000, 1000)] }, {})).toEqual({
      levels: [],
      facts: [],
    });
  });

  it('is kept by what is exactly at it', () => {
    const missed = (found: number) => judge({ latencies: [latencyOf(found)] }, { p95: 200 }).levels[0]!.missed;
    expect([199, 200, 200.001].map(missed)).toEqual([false, false, true]);
    // a third is no double, and neither is the share that is found
    const rate = (errors: number) => judge({ statuses: [statusOf(errors, 300)] }, { errorRate: 0.07 }).levels[0]!;
    expect([20, 21, 22].map((errors) => rate(errors).missed)).toEqual([false, false, true]);
    const time = { column: 'at', from: '', to: '' };
    const flow = (throughput: number) => judge({ time: { ...time, throughput } }, { throughputMin: 2 }).levels[0]!;
    expect([1.99, 2, 3].map((found) => flow(found).missed)).toEqual([true, false, false]);
  });

  it('that is missed is told with both numbers and by how much', () => {
    const { facts } = judge({ latencies: [latencyOf(250)] }, { p95: 200 });
    expect(facts).toMatchObject([{ code: 'SERVICE_LEVEL_MISSED', severity: 'P2', column: 'took', role: 'latency' }]);
    expect(facts[0]!.message).toBe(
      'the 95th percentile of "took" is 250 ms, 25 % above its level of at most 200 ms (1,000 rows)',
    );
    const zero = judge({ statuses: [statusOf(3, 300)] }, { errorRate: 0 }).facts[0]!;
    expect(zero.message).toBe('the error share of "status" is 1 %, above its level of at most 0 % (300 rows)');
    expect(zero.role).toBe('status');
    const time = { column: 'at', from: '', to: '', throughput: 1 };
    const slow = judge({ time }, { throughputMin: 4 }).facts[0]!;
    expect(slow).toMatchObject({ column: null, role: null });
    expect(slow.message).toBe('the throughput is 1 row a second, 75 % below its level of at least 4 rows a second');
  });

  it('names the windows that miss it by themselves', () => {
    const windows = [100, 300, 200, 201].map((p95, i) =>
      windowOf(i + 1, { latencies: [{ p50: 1, p95, p99: 999 }], errors: [null] }),
    );
    const { levels, facts } = judge({ latencies: [latencyOf(250)], windows }, { p95: 200 });
    expect(levels[0]!.windows).toEqual([1, 3]);
    expect(facts[0]!.message).toMatch(/; missed in 2 of 4 windows, first from 2026-03-02 to 2026-03-03$/);
    const ofRows = windows.map((window) => ({ ...window, from: null, to: null }));
    expect(judge({ latencies: [latencyOf(250)], windows: ofRows }, { p95: 200 }).facts[0]!.message).toMatch(
      /first from row 101 to row 200$/,
    );
    // a batch that keeps it says nothing of one window that does not
    expect(judge({ latencies: [latencyOf(200)], windows }, { p95: 200 }).facts).toEqual([]);
  });
});

describe('a level that could not be judged is told', () => {
  const reason = (measured: Partial<Measured>, levels: Levels, more = {}) => {
    const { levels: judged, facts } = judge(measured, levels, more);
    expect(judged[0]!.missed).toBeNull();
    expect(facts).toHaveLength(1);
    expect(facts[0]!.message).toContain(`could not be judged: ${judged[0]!.reason}`);
    return judged[0]!.reason;
  };

  it('with the reason', () => {
    const p95 = 200;
    expect(reason({}, { p95 }, { absent: ['took'] })).toBe('the log has no such column');
    expect(reason({ latencies: [{ ...latencyOf(1), current: null }] }, { p95 })).toBe('it is not stored as numbers');
    expect(reason({ latencies: [latencyOf(null, { rows: 0, invalid: 0 })] }, { p95 })).toBe('no row has one');
    expect(reason({ latencies: [latencyOf(null, { rows: 0, invalid: 2 })] }, { p95 })).toBe(
      'no row has one; 2 rows with a negative or infinite one',
    );
    expect(reason({ latencies: [latencyOf(1, { rows: 99 })] }, { p95 })).toBe(
      '99 rows, fewer than the 100 that a verdict needs',
    );
    expect(reason({ statuses: [statusOf(0, 0)] }, { errorRate: 0.1 })).toBe('no row has one');
    expect(reason({}, { throughputMin: 1 })).toBe('the log has no timestamp that spans any time');
  });

  it('but not of a batch that is too small for anything, of which that is said as a whole', () => {
    const few = judge({ latencies: [latencyOf(1, { rows: 99 })] }, { p95: 200 }, { rows: 99 });
    expect(few.levels[0]!.missed).toBeNull();
    expect(few.facts).toEqual([]);
  });

  it('unless the rule is off', () => {
    const settings = withLevels({ p95: 200 });
    const silent = { ...settings, severity: { ...settings.severity, service_level: 'off' } } as const;
    const judged = judgeService({ ...nothing, latencies: [latencyOf(250)] }, present, sizes, silent, []);
    expect(judged.levels[0]!.missed).toBe(true);
    expect(judged.facts).toEqual([]);
  });
});
