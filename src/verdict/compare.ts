import type { CompareReport, PairedMetric, PairedMetricId, PairedReport, VersionRole } from '../model/compare.ts';
import type { VerdictSettings } from '../model/settings.ts';
import type { ColumnVerdict, Finding, FindingCode, Verdict } from '../model/verdict.ts';
import { finiteLogP, judgeFamily } from './family.ts';
import { decideGate, type Sizes } from './gate.ts';
import { count, number, percent, plural, range } from './numerals.ts';
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
  'roc-auc': 'ROC-AUC',
  'log-loss': 'log loss',
  'brier-score': 'the Brier score',
  'root-mean-squared-error': 'the root mean squared error',
  'mean-absolute-error': 'the mean absolute error',
} satisfies Record<PairedMetricId, string>;

/** A comparison asks two families, of the versions as two samples and of the pairs; each has one half of the error. */
export function halfOf(settings: VerdictSettings): number {
  return settings.alpha / 2;
}

/** What was measured of the pairs, before it is judged. */
export type MeasuredMetric = Omit<PairedMetric, 'rejected' | 'better'>;
export type MeasuredPairs = Omit<PairedReport, 'metrics'> & { readonly metrics: readonly MeasuredMetric[] };

export interface JudgedComparison extends Standing {
  readonly gate: Omit<Verdict['gate'], 'counts'>;
  readonly findings: readonly Finding[];
  readonly differences: readonly Finding[];
  readonly metrics: readonly PairedMetric[];
  /** as the report shows them */
  readonly method: CompareReport['method'];
}

/**
 * @param run findings and columns of the challenger against the champion, judged at half of alpha
 * @param paired metrics of the pairs, judged here as a family of their own at the other half; null without pairs
 */
export function judgeComparison(
  run: {
    readonly findings: readonly Finding[];
    readonly columns: readonly ColumnVerdict[];
    readonly method: Pick<Verdict['method'], 'familySize'>;
  },
  paired: MeasuredPairs | null,
  sizes: Sizes,
  settings: VerdictSettings,
): JudgedComparison {
  const metrics = paired?.metrics ?? [];
  const asked = metrics.filter(({ rows }) => rows >= settings.gate.minRows);
  const levels = judgeFamily(
    asked.map(({ logPFail, logPWarn }) => ({ logPFail: finiteLogP(logPFail), logPWarn: finiteLogP(logPWarn) })),
    halfOf(settings),
  );
  // told, not gated, and so a family apart
  const apart = judgeFamily(
    asked.map(({ logPNoDifference }) => ({ logPFail: finiteLogP(logPNoDifference), logPWarn: null })),
    halfOf(settings),
  );
  const judged = metrics.map((metric): PairedMetric => {
    const i = asked.indexOf(metric);
    const differs = i >= 0 && apart[i] !== null;
    const finite = {
      logPNoDifference: finiteLogP(metric.logPNoDifference),
      logPFail: finiteLogP(metric.logPFail),
      logPWarn: finiteLogP(metric.logPWarn),
    };
    return { ...metric, ...finite, better: differs ? betterOf(metric) : null, rejected: i < 0 ? null : levels[i]! };
  });
  const isWorse = ({ code }: Finding) => worse.has(code) && !(judged.length > 0 && unpaired.has(code));
  const findings = [...run.findings.filter(isWorse), ...judged.flatMap((metric) => tell(metric, settings) ?? [])].sort(
    findingOrder,
  );
  const differences = run.findings.filter((finding) => !worse.has(finding.code));
  const { counts: _, ...gate } = decideGate(run.columns, findings, sizes, settings.gate);
  const method = { alpha: settings.alpha, familySize: run.method.familySize, pairedFamilySize: asked.length };
  return { gate, findings, differences, metrics: judged, method, ...standing(paired, judged, settings) };
}

/** Metrics of which more is better; of all others, which are losses, less is. */
const gains: ReadonlySet<PairedMetricId> = new Set<PairedMetricId>(['accuracy', 'roc-auc']);

function betterOf({ id, difference }: MeasuredMetric): VersionRole | null {
  if (difference === 0) return null;
  return difference > 0 === gains.has(id) ? 'challenger' : 'champion';
}

interface Standing {
  readonly leader: VersionRole | null;
  readonly standing: string;
}

/** Who is better on the requests of both. */
function standing(paired: MeasuredPairs | null, metrics: readonly PairedMetric[], { gate }: VerdictSettings): Standing {
  const untold = (standing: string): Standing => ({ leader: null, standing });
  if (paired === null) return untold('which of the two is better is not told: no request is known to be of both');
  if (metrics.length === 0) {
    const [{ reason } = { reason: 'no request of both has a label' }] = paired.untold;
    return untold(`which of the two is better is not told: ${reason}`);
  }
  const asked = metrics.filter(({ rows }) => rows >= gate.minRows);
  if (asked.length === 0) {
    const most = Math.max(...metrics.map(({ rows }) => rows));
    return untold(
      `which of the two is better is not told: ${plural(most, 'labelled request')} of both, and ${count(gate.minRows)} are needed`,
    );
  }
  const by = (who: VersionRole | null) =>
    listed(asked.filter(({ better }) => better === who).map(({ id }) => metricNames[id]));
  const [champion, challenger, neither] = [by('champion'), by('challenger'), by(null)];
  if (champion !== '' && challenger !== '')
    return untold(`neither is better throughout: the champion by ${champion}, the challenger by ${challenger}`);
  const leader = champion !== '' ? 'champion' : challenger !== '' ? 'challenger' : null;
  if (leader === null) return untold(`neither is proven to be better: by ${neither} they may be equal`);
  const rest = neither === '' ? '' : `; by ${neither} they may be equal`;
  return { leader, standing: `the ${leader} is better by ${champion || challenger}${rest}` };
}

/** `a, b and c` */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
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
