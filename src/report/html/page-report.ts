import type { OutcomeWindow, SeriesMetric } from '../../model/outcomes.ts';
import type { PredictionReport } from '../../model/predictions.ts';
import type { Report, ReportColumn } from '../../model/report.ts';
import type { DatasetInfo } from '../../model/run.ts';
import type { Segmentation } from '../../model/segments.ts';
import type { ColumnWindows } from '../../model/verdict.ts';
import { printJson } from '../json.ts';
import { reportShape } from '../report-shape.ts';
import { fewerWindows } from './page-windows.ts';

/** Longest text of the data that travels; the whole one stands in report.json. */
const textLimit = 400;
const filesShown = 100;
const queriesShown = 100;
const configurationLimit = 60_000;

/**
 * The report as the page needs it: long texts cut, no finding twice, no digit that no one can see. Whatever else a report holds
 * passes through, so that a new section finds its data.
 */
export function pageReport(source: Report): Report {
  // keys in the order of the contract, so that a report from memory and the same from a file give the same page
  const report = fewerWindows(reportShape.read(source, '', 'drop'));
  const trimmed: Report = {
    ...report,
    columns: report.columns.map(pageColumn),
    datasets: { reference: pageDataset(report.datasets.reference), current: pageDataset(report.datasets.current) },
    config: pageConfiguration(report.config),
    ...(report.segments && { segments: report.segments.map(pageSegmentation) }),
    ...(report.predictions && { predictions: pagePredictions(report.predictions) }),
    ...(report.outcomes && {
      outcomes: { ...report.outcomes, windows: report.outcomes.windows.map(pageOutcomeWindow) },
    }),
  };
  return cutTexts(trimmed) as Report;
}

export function pageColumn(column: ReportColumn): ReportColumn {
  const { distribution, reference, current } = column;
  // the distribution tells the categories with both counts; for others the most frequent values say little
  const side = (profile: ReportColumn['reference']) => profile && { ...profile, top: [] };
  return {
    ...column,
    // they stand in report.findings; see app/with-findings.ts
    findings: [],
    tests: column.tests.map((test) => ({
      ...test,
      logPFail: significant(test.logPFail),
      logPWarn: test.logPWarn === null ? null : significant(test.logPWarn),
    })),
    measures: column.measures.map((measure) => ({ ...measure, pValue: null, log10PValue: logarithm(measure) })),
    ...(column.windows && { windows: pageColumnWindows(column.windows) }),
    reference: side(reference),
    current: side(current),
    distribution: distribution && {
      ...distribution,
      edges: distribution.edges && visibleEdges(distribution.edges, distribution.logarithmicFrom !== undefined),
    },
  };
}

/** What is drawn as a colour or a point, and told with three digits. */
function pageColumnWindows({ phiSquared, cellChange, missing, beyond }: ColumnWindows): ColumnWindows {
  return {
    phiSquared: phiSquared.map(drawn),
    cellChange: cellChange.map(drawn),
    missing: missing.map(drawn),
    beyond: told(beyond),
  };
}

function pageSegmentation(segmentation: Segmentation): Segmentation {
  return {
    ...segmentation,
    tested: segmentation.tested.map((column) => ({
      ...column,
      phiSquared: column.phiSquared.map(drawn),
      levels: told(column.levels),
      // the page tells of φ² and levels
      cellChange: [],
      decomposition: column.decomposition && {
        ...column.decomposition,
        within: column.decomposition.within.map((share) => drawn(share)!),
      },
    })),
  };
}

function pageOutcomeWindow(window: OutcomeWindow): OutcomeWindow {
  const metric = ({ value, interval, ...own }: SeriesMetric): SeriesMetric => ({
    ...own,
    value: value && significant(value),
    interval: interval && [significant(interval[0]), significant(interval[1])],
  });
  return { ...window, realised: window.realised.map(metric), estimated: window.estimated.map(metric) };
}

function pagePredictions(predictions: PredictionReport): PredictionReport {
  return {
    ...predictions,
    windows: predictions.windows.map(({ confidence, ...window }) => ({
      ...window,
      confidence: confidence && {
        ...confidence,
        mean: significant(confidence.mean),
        std: significant(confidence.std),
        interval: [significant(confidence.interval[0]), significant(confidence.interval[1])],
      },
    })),
    series: predictions.series.map((line) => ({
      ...line,
      windows: line.windows.map((value) => value && significant(value)),
    })),
  };
}

/** Most columns are beyond no level anywhere: then nothing is said of any place. */
function told<Level>(levels: readonly (Level | null)[]): readonly (Level | null)[] {
  return levels.some((level) => level !== null) ? levels : [];
}

function drawn(value: number | null): number | null {
  return value && Number(value.toPrecision(3));
}

function logarithm({ log10PValue }: ReportColumn['measures'][number]): number | null {
  return log10PValue === null ? null : significant(log10PValue);
}

/** Edges to a millionth of what they span, on a logarithmic scale of themselves: less than any screen can show. */
function visibleEdges(edges: readonly number[], logarithmic: boolean): readonly number[] {
  if (logarithmic) {
    const rounded = edges.map(significant);
    return rounded.every((edge, i) => i === 0 || edge > rounded[i - 1]!) ? rounded : edges;
  }
  const span = edges.at(-1)! - edges[0]!;
  if (!(span > 0) || !Number.isFinite(span)) return edges;
  const decimals = 6 - Math.ceil(Math.log10(span));
  const rounded = edges.map((edge) => (decimals > 0 && decimals <= 20 ? Number(edge.toFixed(decimals)) : edge));
  return rounded.every((edge, i) => i === 0 || edge > rounded[i - 1]!) ? rounded : edges;
}

function significant(value: number): number {
  return Number(value.toPrecision(6));
}

export function pageDataset(dataset: DatasetInfo): DatasetInfo {
  const { server } = dataset;
  return {
    ...dataset,
    paths: dataset.paths.slice(0, 20),
    files: dataset.files.slice(0, filesShown),
    ...(server ? { server: { ...server, queries: server.queries.slice(0, queriesShown) } } : {}),
  };
}

/** A configuration with thousands of columns stays in report.json; its hash identifies it. */
export function pageConfiguration(config: Report['config']): Report['config'] {
  if (printJson(config.values).length <= configurationLimit) return config;
  const { columns: _, ...values } = config.values;
  if (printJson(values).length <= configurationLimit) {
    return { ...config, values: { ...values, columns: '(too long for this page, see report.json)' } };
  }
  return { ...config, values: { '(all)': '(too long for this page, see report.json)' } };
}

/** Any JSON with its long texts cut. */
export function cutTexts(part: unknown): unknown {
  if (typeof part === 'string') return cut(part);
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map(cutTexts);
  // most of a report holds nothing to cut, and is not copied
  const entries = Object.entries(part);
  const whole = entries.map(([key, member]) => [cut(key), cutTexts(member)] as const);
  return whole.every(([key, member], i) => key === entries[i]![0] && member === entries[i]![1])
    ? part
    : Object.fromEntries(whole);
}

/** Cut between characters, never inside a surrogate pair. */
function cut(text: string): string {
  if (text.length <= textLimit) return text;
  const end = /[\ud800-\udbff]/.test(text[textLimit - 2]!) ? textLimit - 2 : textLimit - 1;
  return `${text.slice(0, end)}…`;
}
