import type { Metric, MetricId, Performance } from '../model/outcome.ts';
import { metricIds } from '../model/outcome.ts';
import type { ClassificationCounts, OutcomeCounts, ScoreCounts } from '../model/outcome-counts.ts';
import { calibrationOf } from './calibration.ts';
import { confusionMetrics } from './confusion-metrics.ts';
import { DEFAULT_CONFIDENCE, deviate } from './intervals.ts';
import { probabilityMetrics } from './probability-metrics.ts';
import { rankingMetrics } from './ranking-metrics.ts';
import { regressionMetrics } from './regression-metrics.ts';

/** Every metric that the counts can tell, in the order of {@link metricIds}, each with an interval at the given confidence. */
export function performanceOf(counts: OutcomeCounts, confidence = DEFAULT_CONFIDENCE): Performance {
  const z = deviate(confidence);
  if (counts.task === 'regression') return { metrics: inOrder(regressionMetrics(counts, z)), calibration: [] };
  const { scores } = counts;
  const calibrated = (scores && scores.outsideUnit === 0 ? scores.classes : []).map((each) => calibrationOf(each, z));
  return {
    metrics: inOrder([
      ...ofConfusion(counts, z),
      ...(scores === null ? [] : ofScores(scores, z)),
      ...calibrated.flatMap(({ metrics }) => metrics),
    ]),
    calibration: calibrated.flatMap(({ curves }) => curves),
  };
}

/** The metric of that name and class; undefined when the counts do not tell it. */
export function metricOf({ metrics }: Performance, id: MetricId, className: string | null = null): Metric | undefined {
  return metrics.find((metric) => metric.id === id && metric.className === className);
}

function ofConfusion({ confusion, positive }: ClassificationCounts, z: number): Metric[] {
  return confusion === null ? [] : confusionMetrics(confusion, positive, z);
}

function ofScores(scores: ScoreCounts, z: number): Metric[] {
  return [...rankingMetrics(scores.classes, z), ...probabilityMetrics(scores, z)];
}

/** Stable: classes keep their order within a metric. */
function inOrder(metrics: readonly Metric[]): Metric[] {
  const place = new Map(metricIds.map((id, i) => [id, i]));
  return metrics.toSorted((a, b) => place.get(a.id)! - place.get(b.id)!);
}
