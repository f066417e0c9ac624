import type { CompareReport, PairedMetric, PairedMetricId } from '../model/compare.ts';
import type { VerdictSettings } from '../model/settings.ts';
import type { ColumnVerdict, Finding, FindingCode, Verdict } from '../model/verdict.ts';
import { finiteLogP, judgeFamily } from './family.ts';
import { decideGate, type Sizes } from './gate.ts';
import { count, number, percent, range } from './numerals.ts';
import { findingOrder, layerRuleOf } from './severity.ts';

/**
 * Whether a challenger is worse than the champion. That it differs is what it is for, so drift between the two is shown and not
 * gated; what is gated is less confidence, invalid scores, a collapse, predictions out of bounds, missing ones, service levels, and
 * with labels a metric that is worse by more than is tolerated.
 */

/** Findings of a run of the challenger against the champion that make it worse, and not just different. */
const worse: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'NULLS_UP',
  'CONFIDENCE_DOWN',
  'SCORES_INVALID',
  'PREDICTION_COLLAPSE',
  'PREDICTIONS_OUT_OF_BOUNDS',
  'SERVICE_LEVEL_MISSED',
  'PERFORMANCE_DOWN',
  'PERFORMANCE_SLIPPED',
]);
/** What the paired tests say better. */
const unpaired: ReadonlySet<FindingCode> = new Set<FindingCode>(['PERFORMANCE_DOWN', 'PERFORMANCE_SLIPPED']);

const metricNames = {
  accuracy: 'accuracy',
  'brier-score': 'the Brier score',
  'root-mean-squared-error': 'the root mean squared error',
  'mean-absolute-error': 'the mean absolute error',
} satisfies Record<PairedMetricId, string>;

/** A comparison asks two families, of the versions as two samples and of the pairs; each has one half of the error. */
export function halfOf(settings: VerdictSettings): number {
  return settings.alpha / 2;
}

export interface JudgedComparison {
  readonly gate: Omit<Verdict['gate'], 'counts'>;
  readonly findings: readonly Finding[];
  readonly differences: readonly Finding[];
  readonly metrics: readonly PairedMetric[];
  /** as the report shows them */
  readonly method: CompareReport['method'];
}

/**
 * @param run findings and columns of the challenger against the champion, judged at half of alpha
 * @param metrics of the pairs, judged here as a family of their own at the other half
 */
export function judgeComparison(
  run: {
    readonly findings: readonly Finding[];
    readonly columns: readonly ColumnVerdict[];
    readonly method: Pick<Verdict['method'], 'familySize'>;
  },
  metrics: readonly Omit<PairedMetric, 'rejected'>[],
  sizes: Sizes,
  settings: VerdictSettings,
): JudgedComparison {
  const asked = metrics.filter(({ rows }) => rows >= settings.gate.minRows);
  const levels = judgeFamily(
    asked.map(({ logPFail, logPWarn }) => ({ logPFail: finiteLogP(logPFail), logPWarn: finiteLogP(logPWarn) })),
    halfOf(settings),
  );
  const judged = metrics.map((metric): PairedMetric => {
    const i = asked.indexOf(metric);
    const finite = {
      logPNoDifference: finiteLogP(metric.logPNoDifference),
      logPFail: finiteLogP(metric.logPFail),
      logPWarn: finiteLogP(metric.logPWarn),
    };
    return { ...metric, ...finite, rejected: i < 0 ? null : levels[i]! };
  });
  const isWorse = ({ code }: Finding) => worse.has(code) && !(judged.length > 0 && unpaired.has(code));
  const findings = [...run.findings.filter(isWorse), ...judged.flatMap((metric) => tell(metric, settings) ?? [])].sort(
    findingOrder,
  );
  const differences = run.findings.filter((finding) => !worse.has(finding.code));
  const { counts: _, ...gate } = decideGate(run.columns, findings, sizes, settings.gate);
  const method = { alpha: settings.alpha, familySize: run.method.familySize, pairedFamilySize: asked.length };
  return { gate, findings, differences, metrics: judged, method };
}

function tell(metric: PairedMetric, { severity }: VerdictSettings): Finding | null {
  const { id, rows, champion, challenger, worse: by, interval, tolerated, rejected } = metric;
  if (rejected === null) return null;
  const code = rejected === 'fail' ? 'PERFORMANCE_DOWN' : 'PERFORMANCE_SLIPPED';
  const rule = severity[layerRuleOf[code]];
  if (rule === 'off') return null;
  // a slip of the model in use waits for the daily report; a challenger that slips is not to be promoted
  const level = rejected === 'warn' && rule === 'P3' ? 'P2' : rule;
  const amount = by === null ? 'beyond measure' : `${percent(by)}${interval ? ` ${range(interval, 100)}` : ''}`;
  const message =
    `the challenger is worse: ${metricNames[id]} ${number(challenger)} against the champion's ${number(champion)} on the same ` +
    `${count(rows)} labelled requests, ${amount} worse, above the tolerated ${percent(tolerated[rejected])}`;
  return {
    code,
    severity: level,
    column: null,
    role: null,
    message,
    data: { metric: id, champion, challenger, worse: by, rows, tolerated: tolerated[rejected] },
  };
}
