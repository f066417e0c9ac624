import type { Metric, Performance, PerformanceEstimate } from '../../model/outcome.ts';
import type { OutcomeCounts, ResidualCounts } from '../../model/outcome-counts.ts';
import type { ReportedEstimate, ReportedMetric, ResidualHistogram, SidePerformance } from '../../model/outcomes.ts';

/** Outcomes as the report shows them. */

/**
 * Sums differ in their last digits with the number of threads, and a report must not. Thirteen digits of a value agree with other
 * tools to 1e-12 of it; what says how far it may be off needs fewer.
 */
const valueDigits = 13;
const errorDigits = 10;
const mostResidualIntervals = 40;

function roundOutcome(x: number, digits = valueDigits): number {
  return Number.isFinite(x) ? Number(x.toPrecision(digits)) : x;
}

function roundPair(pair: readonly [number, number] | null): readonly [number, number] | null {
  return pair && [roundOutcome(pair[0], errorDigits), roundOutcome(pair[1], errorDigits)];
}

type Rounded = Pick<Metric, 'value' | 'interval'> & Partial<Pick<Metric, 'standardError'>>;

/** Without what no reader of a report needs, and rounded. */
export function reportedMetric<M extends Rounded>(metric: M): Omit<M, 'proportion'> {
  const { proportion: _, ...shown } = metric as M & { proportion?: unknown };
  const { value, interval, standardError } = metric;
  return {
    ...(shown as Omit<M, 'proportion'>),
    value: value === null ? null : roundOutcome(value),
    interval: roundPair(interval),
    ...(standardError === undefined
      ? {}
      : { standardError: standardError === null ? null : roundOutcome(standardError, errorDigits) }),
  };
}

export function reportedEstimate({
  method,
  rows,
  metrics,
  conditions,
  refused,
}: PerformanceEstimate): ReportedEstimate {
  return {
    method,
    rows,
    metrics: metrics.map(reportedMetric),
    conditions: conditions.map((condition) => ({
      ...condition,
      value: condition.value === null ? null : roundOutcome(condition.value),
    })),
    refused,
  };
}

export function reportedSide(
  counts: OutcomeCounts,
  { metrics, calibration }: Performance,
  sizes: Pick<SidePerformance, 'rows' | 'labelled'>,
): SidePerformance {
  const confusion = counts.task === 'classification' ? counts.confusion : null;
  return {
    ...sizes,
    metrics: metrics.map((metric): ReportedMetric => reportedMetric(metric)),
    confusion: confusion && { classes: confusion.classes, counts: [...confusion.counts] },
    calibration: calibration.map((curve) => ({
      ...curve,
      expectedByChance: roundOutcome(curve.expectedByChance),
      points: curve.points.map(({ rows, meanScore, observed, interval }) => ({
        rows,
        meanScore: roundOutcome(meanScore),
        observed: roundOutcome(observed),
        interval: roundPair(interval)!,
      })),
    })),
    residuals: counts.task === 'regression' && counts.residuals !== null ? histogram(counts.residuals) : null,
  };
}

/** Between the 0.5 % and the 99.5 % residual, equally wide; what lies beyond joins the end intervals. */
function histogram(residuals: ResidualCounts): ResidualHistogram {
  const cells = cellsOf(residuals);
  const rows = cells.reduce((sum, cell) => sum + cell.rows, 0);
  const at = (share: number) => {
    let below = 0;
    for (const cell of cells) {
      below += cell.rows;
      if (below >= share * rows) return cell.at;
    }
    return cells.at(-1)!.at;
  };
  const [from, to] = [at(0.005), at(0.995)];
  const count = to > from ? Math.min(mostResidualIntervals, cells.length) : 1;
  const width = (to - from) / count;
  const filled = new Array<number>(count).fill(0);
  for (const cell of cells) {
    const place = width > 0 ? Math.min(count - 1, Math.max(0, Math.floor((cell.at - from) / width))) : 0;
    filled[place]! += cell.rows;
  }
  const edges = Array.from({ length: count + 1 }, (_, i) => roundOutcome(i === count ? to : from + i * width));
  return { edges, rows: filled };
}

/** Each with where it lies: a value, or the middle of an interval. */
function cellsOf(residuals: ResidualCounts): { readonly at: number; readonly rows: number }[] {
  if (residuals.form === 'values') {
    return Array.from(residuals.values, (at, i) => ({ at, rows: residuals.rows[i]! }));
  }
  const { edges, rows, min, max } = residuals;
  return Array.from(rows, (count, i) => {
    const [low, high] = [Math.max(min, edges[i - 1] ?? min), Math.min(max, edges[i] ?? max)];
    return { at: low / 2 + high / 2, rows: count };
  }).filter((cell) => cell.rows > 0);
}
