import type { OutcomesReport } from '../../model/outcomes.ts';
import type { ConfidenceWindow, PredictionReport } from '../../model/predictions.ts';
import type { Report } from '../../model/report.ts';
import { latencyPercentiles, type ServiceReport, type ServiceWindow } from '../../model/service.ts';
import type { TimeReport } from '../../model/time.ts';
import type { ColumnWindows } from '../../model/verdict.ts';
import { formatCount } from '../numbers.ts';

/** More windows than this are too narrow for any screen, and too much for a page. */
const mostWindows = 60;

/**
 * The report with at most so many windows: of more, neighbours are drawn as one, by the worst of them. A note says so. Outcomes,
 * which cannot be joined from what is reported, keep the window of each such group that has most labels, and those that were judged;
 * where windows are blocks of rows, so that their place is told by the rows before them, it stands for all rows of its group.
 */
export function fewerWindows(report: Report): Report {
  const { time, outcomes, predictions, service } = report;
  const windows = Math.max(...[time, outcomes, predictions, service].map((part) => part?.windows.length ?? 0));
  if (windows <= mostWindows) return report;
  const size = Math.ceil(windows / mostWindows);
  return {
    ...report,
    columns: report.columns.map((column) =>
      column.windows ? { ...column, windows: joinedColumn(column.windows, size) } : column,
    ),
    ...(time && { time: joinedTime(time, size) }),
    ...(outcomes && { outcomes: chosenOutcomes(outcomes, size) }),
    ...(predictions && { predictions: joinedPredictions(predictions, size) }),
    ...(service && { service: joinedService(service, size) }),
    notes: [
      ...report.notes,
      `this page draws each ${formatCount(size)} neighbouring windows as one, by the worst of them; all ${formatCount(windows)} stand in report.json`,
    ],
  };
}

function groups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

function largest(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value !== null && (most === null || value > most) ? value : most), null);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function joinedColumn({ phiSquared, cellChange, missing, beyond }: ColumnWindows, size: number): ColumnWindows {
  return {
    phiSquared: groups(phiSquared, size).map(largest),
    cellChange: groups(cellChange, size).map(largest),
    missing: groups(missing, size).map(largest),
    beyond: groups(beyond, size).map((levels) =>
      levels.includes('fail') ? 'fail' : levels.includes('warn') ? 'warn' : null,
    ),
  };
}

function joinedTime(time: TimeReport, size: number): TimeReport {
  return {
    ...time,
    windows: groups(time.windows, size).map((group) => ({
      from: group[0]!.from,
      to: group.at(-1)!.to,
      rows: sum(group.map(({ rows }) => rows)),
      judged: group.some(({ judged }) => judged),
    })),
  };
}

function chosenOutcomes(outcomes: OutcomesReport, size: number): OutcomesReport {
  const judged = new Set(outcomes.judged.flatMap(({ window }) => (window === null ? [] : [window])));
  const all = groups([...outcomes.windows.keys()], size);
  const labelled = (i: number) => outcomes.windows[i]!.labelled;
  const most = all.map((group) => group.reduce((best, i) => (labelled(i) > labelled(best) ? i : best)));
  if (outcomes.windows[0]?.from === null) {
    const windows = all.map((group, g) => ({
      ...outcomes.windows[group.find((i) => judged.has(i)) ?? most[g]!]!,
      rows: sum(group.map((i) => outcomes.windows[i]!.rows)),
    }));
    return { ...outcomes, windows, judged: placed(outcomes, (window) => Math.floor(window / size)) };
  }
  const kept = [...new Set([...judged, ...most])].sort((a, b) => a - b);
  return {
    ...outcomes,
    windows: kept.map((i) => outcomes.windows[i]!),
    judged: placed(outcomes, (window) => kept.indexOf(window)),
  };
}

function placed({ judged }: OutcomesReport, place: (window: number) => number): OutcomesReport['judged'] {
  return judged.map((metric) => ({ ...metric, window: metric.window === null ? null : place(metric.window) }));
}

/** The window of least confidence stands for its group, and of a series the value that is furthest from the reference's. */
function joinedPredictions(predictions: PredictionReport, size: number): PredictionReport {
  const { confidence, windows, series } = predictions;
  const place = (window: number) => Math.floor(window / size);
  const furthest = (values: readonly (number | null)[], from: number) =>
    values.reduce((far, value) =>
      value !== null && (far === null || Math.abs(value - from) > Math.abs(far - from)) ? value : far,
    );
  return {
    ...predictions,
    confidence: confidence && {
      ...confidence,
      part: confidence.part && {
        ...confidence.part,
        from: place(confidence.part.from),
        to: place(confidence.part.to - 1) + 1,
      },
      since: confidence.since === null ? null : place(confidence.since),
    },
    windows: groups(windows, size).map((group) => ({
      from: group[0]!.from,
      to: group.at(-1)!.to,
      rows: sum(group.map(({ rows }) => rows)),
      confidence: group.reduce<ConfidenceWindow | null>(
        (least, { confidence: own }) => (own !== null && (least === null || own.mean < least.mean) ? own : least),
        null,
      ),
    })),
    series: series.map((line) => ({
      ...line,
      windows: groups(line.windows, size).map((group) => furthest(group, line.reference ?? line.current ?? 0)),
    })),
  };
}

function joinedService(service: ServiceReport, size: number): ServiceReport {
  return {
    ...service,
    windows: groups(service.windows, size).map(joinedServiceWindow),
    levels: service.levels.map((level) => ({
      ...level,
      windows: [...new Set(level.windows.map((i) => Math.floor(i / size)))],
    })),
  };
}

function joinedServiceWindow(group: readonly ServiceWindow[]): ServiceWindow {
  const [first] = group as readonly [ServiceWindow, ...ServiceWindow[]];
  const rates = group.flatMap(({ throughput }) => (throughput === null ? [] : [throughput]));
  return {
    from: first.from,
    to: group.at(-1)!.to,
    rows: sum(group.map(({ rows }) => rows)),
    throughput: rates.length === 0 ? null : Math.min(...rates),
    latencies: first.latencies.map((_, column) => {
      const found = group.flatMap(({ latencies }) => latencies[column] ?? []);
      if (found.length === 0) return null;
      const [p50, p95, p99] = latencyPercentiles.map((p) => Math.max(...found.map((window) => window[p])));
      return { p50: p50!, p95: p95!, p99: p99! };
    }),
    errors: first.errors.map((_, column) => {
      const found = group.flatMap(({ errors }) => errors[column] ?? []);
      const share = ({ rows, of }: { rows: number; of: number }) => (of > 0 ? rows / of : 0);
      return found.length === 0 ? null : found.reduce((worst, one) => (share(one) > share(worst) ? one : worst));
    }),
  };
}
