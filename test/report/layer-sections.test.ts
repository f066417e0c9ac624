import { expect, it } from 'vitest';
import type { PredictionReport } from '../../src/model/predictions.ts';
import type { ServiceReport } from '../../src/model/service.ts';
import { displayWidth } from '../../src/report/display-width.ts';
import { parseReport, renderJson } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { buildReport, hostileTexts } from '../support/report-builder.ts';

/** Names of columns, statuses and classes come from logs. */

const profile = (mean: number) => ({
  rows: 1000,
  mean,
  std: 0.1,
  quantiles: { q01: 0.5, q05: 0.55, q25: 0.7, q50: 0.8, q75: 0.9, q95: 0.95, q99: 0.99 },
  nearThreshold: 80,
  entropy: 0.5,
});
const count = { rows: 10, of: 1000 };
const predictions = (name: string): PredictionReport => ({
  prediction: name,
  scores: [{ column: name, class: name }],
  meaning: 'probability',
  reason: name,
  confidence: {
    reference: profile(0.8),
    current: profile(0.7),
    drop: 0.125,
    interval: [0.1, 0.15],
    tolerated: 0.15,
    threshold: 0.5,
    near: 0.1,
    resolution: 0.005,
    part: null,
    since: null,
    logP: -1,
    rejected: false,
  },
  checks: [
    {
      rule: 'within-0-1',
      reference: count,
      current: count,
      tolerated: 0.001,
      notAsked: null,
      logP: -1,
      rejected: false,
    },
  ],
  concentration: { value: name, reference: count, current: count, logP: null, rejected: false },
  bounds: [name, name].map((column) => ({
    column,
    min: 0,
    max: null,
    below: 1,
    above: 0,
    rows: 9,
    tolerated: 0,
    smallest: -1,
    largest: 3,
  })),
  histogram: { edges: [0, 1], classes: [{ class: name, reference: [3], current: [4] }] },
  windows: [],
  series: [],
});
const percentile = { value: 12.5, exact: true };
const latency = {
  rows: 9,
  missing: 1,
  invalid: 0,
  percentiles: { p50: percentile, p95: percentile, p99: percentile },
  max: 20,
};
const status = { rows: 9, missing: 1, errors: 2, top: [{ value: 'x', rows: 2, error: true }] };
const service = (name: string): ServiceReport => ({
  latencies: [name, name].map((column) => ({ column, unit: 'ms', reason: name, reference: latency, current: latency })),
  statuses: [{ column: name, reference: null, current: status }],
  time: { column: name, from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z', throughput: 0.5 },
  windows: [{ from: null, to: null, rows: 9, throughput: null, latencies: [null, null], errors: [null] }],
  levels: [
    { measure: 'p95', column: name, level: 10, found: 12.5, missed: true, reason: null, windows: [0] },
    { measure: 'error_rate', column: name, level: 0.1, found: null, missed: null, reason: name, windows: [] },
    { measure: 'throughput', column: null, level: 0.1, found: 0.5, missed: false, reason: null, windows: [] },
  ],
});

it.each(hostileTexts.map((name) => [JSON.stringify(name.slice(0, 40)), name]))(
  'a column called %s harms no rendering',
  (_, name) => {
    const report = { ...buildReport({ columns: [] }), predictions: predictions(name), service: service(name) };
    expect(parseReport(renderJson(report))).toEqual(report);
    const terminal = renderTerminal(report, { color: false, width: 80 });
    for (const line of terminal.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
    for (const harm of ['\u001b', '\u0000', '\u202e', '\t', '\r']) expect(terminal).not.toContain(harm);
    const markdown = renderMarkdown(report);
    // nothing has a meaning in a code span
    const outside = markdown.replace(/`[^`\n]*`/g, '').replace(/<\/?(?:details|summary|code)>|<!-- driftgate -->/g, '');
    expect(outside).not.toMatch(/<[a-z!/]/i);
    const series = renderPrometheus(report)
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    expect(new Set(series.map((line) => line.replace(/ \S+$/, ''))).size).toBe(series.length);
  },
);
