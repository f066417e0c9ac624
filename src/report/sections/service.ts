import type { Report } from '../../model/report.ts';
import type { LatencySummary, ServiceLevel, ServiceMeasure, StatusSummary } from '../../model/service.ts';
import { latencyPercentiles } from '../../model/service.ts';
import { clip, terminalText, wrap } from '../display-width.ts';
import { cells, code } from '../markdown-text.ts';
import { formatCount, formatNumber, formatShare } from '../numbers.ts';
import type { Family } from '../prometheus.ts';
import { shownName, unique } from '../words.ts';

/** How the service answered. */

const measureWords = {
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  error_rate: 'errors',
  throughput: 'throughput',
} satisfies Record<ServiceMeasure, string>;

function amount(measure: ServiceMeasure, value: number): string {
  if (measure === 'error_rate') return formatShare(value);
  return measure === 'throughput' ? `${formatNumber(value, 3)} rows/s` : `${formatNumber(value, 3)} ms`;
}

function levelWords({ measure, level, missed }: ServiceLevel): string {
  const met = missed === null ? 'not judged' : missed ? 'missed' : 'kept';
  return `${measureWords[measure]} ${measure === 'throughput' ? 'at least' : 'at most'} ${amount(measure, level)} ${met}`;
}

function percentiles(summary: LatencySummary | null): string | null {
  if (!summary?.percentiles) return null;
  const of = summary.percentiles;
  return latencyPercentiles.map((name) => `${name} ${formatNumber(of[name].value, 3)}`).join(', ');
}

function errorShare(summary: StatusSummary | null): number | null {
  return summary === null || summary.rows === 0 ? null : summary.errors / summary.rows;
}

export function terminalLines({ service }: Report, width: number): string[] {
  if (!service) return [];
  const parts = [
    ...service.latencies.map(({ column, reference, current }) => {
      const then = percentiles(reference);
      return `${clip(terminalText(column), 40)} ${percentiles(current) ?? 'without a value'} ms${then === null ? '' : ` (${then} in the reference)`}`;
    }),
    ...service.statuses.map(({ column, reference, current }) => {
      const now = errorShare(current);
      const then = errorShare(reference);
      return `${clip(terminalText(column), 40)} ${now === null ? 'without a value' : `${formatShare(now)} errors`}${then === null ? '' : ` (${formatShare(then)} in the reference)`}`;
    }),
    ...(service.time ? [`${formatNumber(service.time.throughput, 3)} rows/s`] : []),
  ];
  const levels = service.levels.map(levelWords);
  return wrap(`service: ${[...parts, ...levels].join('; ')}`, width);
}

export function markdownLines({ service }: Report): string[] {
  if (!service) return [];
  const rows = [
    ...service.latencies.flatMap(({ column, reference, current }) =>
      latencyPercentiles.map((name) =>
        cells([
          `${code(column)} ${name}`,
          ...[reference, current].map((side) =>
            side?.percentiles ? `${formatNumber(side.percentiles[name].value)} ms` : '',
          ),
          levelOf(service.levels, name, column),
        ]),
      ),
    ),
    ...service.statuses.map(({ column, reference, current }) =>
      cells([
        `${code(column)} errors`,
        ...[reference, current].map((side) => {
          const share = errorShare(side);
          return share === null || side === null ? '' : `${formatShare(share)} (${formatCount(side.errors)})`;
        }),
        levelOf(service.levels, 'error_rate', column),
      ]),
    ),
    ...(service.time
      ? [
          cells([
            'throughput',
            '',
            `${formatNumber(service.time.throughput)} rows/s`,
            levelOf(service.levels, 'throughput', null),
          ]),
        ]
      : []),
  ];
  if (rows.length === 0) return [];
  return [
    '### Service',
    '',
    cells(['', 'reference', 'current', 'level']),
    cells(['---', '--:', '--:', '---']),
    ...rows,
  ];
}

function levelOf(levels: readonly ServiceLevel[], measure: ServiceMeasure, column: string | null): string {
  const level = levels.find((candidate) => candidate.measure === measure && candidate.column === column);
  if (level === undefined) return '';
  const met = level.missed === null ? 'not judged' : level.missed ? '**missed**' : 'kept';
  return `${amount(measure, level.level)}: ${met}`;
}

export function prometheusFamilies({ service }: Report): Family[] {
  if (!service) return [];
  const latencyNames = unique(service.latencies.map(({ column }) => shownName(column, 200)));
  const statusNames = unique(service.statuses.map(({ column }) => shownName(column, 200)));
  const sides = ['reference', 'current'] as const;
  return [
    {
      name: 'latency_seconds',
      help: 'Percentiles of the latency.',
      samples: service.latencies.flatMap((latency, i) =>
        sides.flatMap((side) => {
          const of = latency[side]?.percentiles;
          if (!of) return [];
          return latencyPercentiles.map((name) => ({
            labels: { column: latencyNames[i]!, side, quantile: `0.${name.slice(1)}` },
            value: of[name].value / 1000,
          }));
        }),
      ),
    },
    {
      name: 'request_error_ratio',
      help: 'Share of the requests that failed.',
      samples: service.statuses.flatMap((status, i) =>
        sides.flatMap((side) => {
          const value = errorShare(status[side]);
          return value === null ? [] : [{ labels: { column: statusNames[i]!, side }, value }];
        }),
      ),
    },
    {
      name: 'throughput_rows_per_second',
      help: 'Rows a second over the span of the log.',
      samples: service.time ? [{ labels: {}, value: service.time.throughput }] : [],
    },
    {
      name: 'service_level_missed',
      help: '1 when a service level was missed, 0 when it was kept.',
      samples: service.levels.flatMap(({ measure, column, missed }) =>
        missed === null
          ? []
          : [
              {
                labels: { measure, ...(column === null ? {} : { column: shownName(column, 200) }) },
                value: missed ? 1 : 0,
              },
            ],
      ),
    },
  ];
}
