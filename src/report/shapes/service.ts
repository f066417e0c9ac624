import {
  type LatencySummary,
  type LatencyUnit,
  latencyUnits,
  type Percentile,
  type ServiceLevel,
  type ServiceReport,
  type ServiceWindow,
  type StatusSummary,
  serviceMeasures,
} from '../../model/service.ts';
import { array, boolean, constant, count, named, nullable, number, object, string } from '../shape.ts';

const percentile = named(
  'Percentile',
  'By nearest rank: the smallest value with at least so many of the rows at or below it.',
  object<Percentile>({
    value: [number, 'milliseconds'],
    exact: [boolean, 'false when it was only found to lie in a narrow interval, whose upper end the value is'],
  }),
);

const latency = named(
  'Latency',
  'How long answers took.',
  object<LatencySummary>({
    rows: [count, 'rows with a latency'],
    missing: [count, 'rows without one'],
    invalid: [count, 'rows with a negative or infinite one, left out'],
    percentiles: [
      nullable(
        object<NonNullable<LatencySummary['percentiles']>>({
          p50: [percentile, 'half of the requests'],
          p95: [percentile, '95 % of the requests'],
          p99: [percentile, '99 % of the requests'],
        }),
      ),
      'null when no row has a latency',
    ],
    max: [nullable(number), 'milliseconds'],
  }),
);

const status = named(
  'Status',
  'How requests ended.',
  object<StatusSummary>({
    rows: [count, 'rows with a status'],
    missing: [count, 'rows without one'],
    errors: [count, 'rows whose status means a failed request'],
    top: [
      array(
        object<StatusSummary['top'][number]>({
          value: [string, 'the status'],
          rows: [count, 'rows that hold it'],
          error: [boolean, 'whether it means a failed request'],
        }),
      ),
      'the most frequent',
    ],
  }),
);

const window = object<ServiceWindow>({
  from: [nullable(string), 'ISO 8601, UTC; null for windows of rows'],
  to: [nullable(string), 'not included'],
  rows: [count, 'rows in it'],
  throughput: [nullable(number), 'rows a second; null for a window that the log does not fill from end to end'],
  latencies: [
    array(
      nullable(
        object<NonNullable<ServiceWindow['latencies'][number]>>({
          p50: [number, 'milliseconds'],
          p95: [number, 'milliseconds'],
          p99: [number, 'milliseconds'],
        }),
      ),
    ),
    'one entry a latency column; upper ends of narrow intervals; null without a latency',
  ],
  errors: [
    array(
      nullable(
        object<NonNullable<ServiceWindow['errors'][number]>>({
          rows: [count, 'failed requests'],
          of: [count, 'rows with a status'],
        }),
      ),
    ),
    'one entry a status column; null without a status',
  ],
});

const level = object<ServiceLevel>({
  measure: [constant<ServiceLevel['measure']>(...serviceMeasures), 'of what'],
  column: [nullable(string), 'the latency or status; null for throughput'],
  level: [number, 'milliseconds, a share, or rows a second'],
  found: [nullable(number), 'of this log; null when it does not tell'],
  missed: [nullable(boolean), 'null when it could not be judged'],
  reason: [nullable(string), 'why it could not'],
  windows: [array(count), 'the windows that miss it by themselves, by index'],
});

export const serviceShape = named(
  'Service',
  'How the service answered; docs/service.md explains it.',
  object<ServiceReport>({
    latencies: [
      array(
        object<ServiceReport['latencies'][number]>({
          column: [string, 'the latency'],
          unit: [constant<LatencyUnit>(...latencyUnits), 'its unit in the log'],
          reason: [string, 'why this unit'],
          reference: [nullable(latency), 'null when the reference has no such column'],
          current: [nullable(latency), 'null when it cannot be read as numbers'],
        }),
      ),
      'one entry a latency column of the log',
    ],
    statuses: [
      array(
        object<ServiceReport['statuses'][number]>({
          column: [string, 'the status'],
          reference: [nullable(status), 'null when the reference has no such column'],
          current: [nullable(status), 'null when it cannot be read'],
        }),
      ),
      'one entry a status column of the log',
    ],
    time: [
      nullable(
        object<NonNullable<ServiceReport['time']>>({
          column: [string, 'the timestamp'],
          from: [string, 'from when nearly all rows lie; ISO 8601, UTC'],
          to: [string, 'to when'],
          throughput: [number, 'rows a second in that span'],
        }),
      ),
      'null without a timestamp',
    ],
    windows: [array(window), 'the windows of the batch, cut as for the columns'],
    levels: [array(level), 'the levels that were written down'],
  }),
);
