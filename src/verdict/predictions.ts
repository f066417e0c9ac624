import { logBinomialUpperTail } from '../math/binomial.ts';
import { logNormalUpperTail, normalQuantile } from '../math/normal.ts';
import type {
  Concentration,
  ConfidenceProfile,
  ConfidenceReport,
  PredictionBounds,
  RuleCount,
  ScoreCheck,
  ScoreRule,
} from '../model/predictions.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { Finding } from '../model/verdict.ts';
import { finiteLogP } from './family.ts';
import { type Sizes, tooFewRows } from './gate.ts';
import type { LayerQuestion } from './layers.ts';
import { count, datum, number, percent, plural, range } from './numerals.ts';
import { shareRose } from './quality.ts';
import { layerRuleOf } from './severity.ts';

/**
 * What is asked of predictions and scores: is the model less confident, do its scores still keep the rules of probabilities, is
 * nearly every prediction the same? Each is a minimum-effect test of the run's family: a change that is tolerated does not alarm,
 * however many rows prove it, and neither does one that sampling explains.
 */

/** What the layer counted; null or empty where there is nothing to ask. */
export interface PredictionEvidence {
  readonly sizes: Sizes;
  /** the column of the predictions, and those of the scores */
  readonly prediction: string | null;
  readonly scores: readonly string[];
  readonly confidence: (Pick<ConfidenceReport, 'threshold' | 'near' | 'resolution'> & BothProfiles) | null;
  readonly checks: readonly CountedCheck[];
  readonly concentration: Pick<Concentration, 'value' | 'reference' | 'current'> | null;
  readonly bounds: readonly PredictionBounds[];
}

interface BothProfiles {
  readonly reference: ConfidenceProfile;
  readonly current: ConfidenceProfile;
}

/** One rule of scores, counted. */
export interface CountedCheck {
  readonly rule: ScoreRule;
  readonly reference: RuleCount;
  readonly current: RuleCount;
  /** the worst of it, as a part of the sentence; empty when there is none */
  readonly examples: string;
}

/** The questions of the layer, each with its place in the report. */
export interface JudgedPredictions {
  readonly questions: readonly LayerQuestion[];
  readonly facts: readonly Finding[];
  /** as the report shows them; a question's number is its place in `questions`, null for one that was not asked */
  readonly confidence: { readonly report: Omit<ConfidenceReport, 'rejected'>; readonly question: number | null } | null;
  readonly checks: readonly { readonly report: Omit<ScoreCheck, 'rejected'>; readonly question: number | null }[];
  readonly concentration: {
    readonly report: Omit<Concentration, 'rejected'>;
    readonly question: number | null;
  } | null;
}

/** A rule that more of the reference's rows break than this does not hold there, and is not asked of the batch. */
const heldShare = 0.01;

export function judgePredictions(evidence: PredictionEvidence, settings: VerdictSettings): JudgedPredictions {
  const questions: LayerQuestion[] = [];
  const tooFew = tooFewRows(evidence.sizes, settings.gate.minRows);
  const ask = (logP: number, tell: () => Finding | null): number => {
    questions.push({ logPFail: logP, logPWarn: null, tell });
    return questions.length - 1;
  };
  const confidence = evidence.confidence && askConfidence(evidence.confidence, evidence, settings, tooFew, ask);
  const checks = evidence.checks.map((check) => askCheck(check, evidence, settings, tooFew, ask));
  const concentration =
    evidence.concentration && askConcentration(evidence.concentration, evidence, settings, tooFew, ask);
  const facts = evidence.bounds.flatMap((bounds) => outOfBounds(bounds, settings) ?? []);
  return { questions, facts, confidence, checks, concentration };
}

type Ask = (logP: number, tell: () => Finding | null) => number;

/**
 * The mean confidence m fell by more than a tolerated share d: with the logarithm's delta method,
 *
 *   z = (ln m_ref + ln(1 − d) − ln m_cur) / √(s²_ref/m²_ref + s²_cur/m²_cur),
 *
 * s² the squared standard errors, each with half a row at the other end of the scale added, so that equal rows prove nothing by
 * being equal; that of the batch from the larger of both variances, since a confidence that fell to its floor has a small one of its
 * own, and would prove too much by it.
 */
export function confidenceFell(reference: ConfidenceProfile, current: ConfidenceProfile, tolerated: number): number {
  const wide = { ...current, std: Math.max(reference.std, current.std) };
  const { ratio, error } = meanRatio(reference, wide);
  return finiteLogP(logNormalUpperTail((Math.log1p(-tolerated) - Math.log(ratio)) / error));
}

function meanRatio(reference: ConfidenceProfile, current: ConfidenceProfile): { ratio: number; error: number } {
  const relative = ({ rows, mean, std }: ConfidenceProfile) => (std ** 2 + 0.5 / rows) / rows / mean ** 2;
  return { ratio: current.mean / reference.mean, error: Math.sqrt(relative(reference) + relative(current)) };
}

function askConfidence(
  counted: NonNullable<PredictionEvidence['confidence']>,
  { scores }: PredictionEvidence,
  settings: VerdictSettings,
  tooFew: string | null,
  ask: Ask,
): JudgedPredictions['confidence'] {
  const { reference, current } = counted;
  const { confidenceDrop: tolerated } = settings.predictions;
  const { ratio, error } = meanRatio(reference, current);
  const z = normalQuantile(1 - settings.alpha);
  const drop = 1 - ratio;
  const interval = [1 - ratio * Math.exp(z * error), 1 - ratio * Math.exp(-z * error)] as const;
  const severity = settings.severity[layerRuleOf.CONFIDENCE_DOWN];
  const asked = tooFew === null && severity !== 'off' && reference.mean > 0;
  const logP = asked ? confidenceFell(reference, current, tolerated) : null;
  const tell = (): Finding | null =>
    severity === 'off'
      ? null
      : {
          code: 'CONFIDENCE_DOWN',
          severity,
          ...subjectOf(scores),
          message:
            `the model is less sure: the mean confidence fell from ${number(reference.mean)} to ${number(current.mean)}, ` +
            `by ${percent(drop)} ${range(interval, 100)}, above the tolerated ${percent(tolerated)} ` +
            `(${count(reference.rows)} against ${plural(current.rows, 'row')}); nearer than ${number(counted.near)} to the ` +
            `threshold ${number(counted.threshold)} lie ${percent(current.nearThreshold / current.rows)} of rows, were ` +
            percent(reference.nearThreshold / reference.rows),
          data: {
            referenceMean: reference.mean,
            currentMean: current.mean,
            drop,
            dropLower: interval[0],
            dropUpper: interval[1],
            tolerated,
            referenceRows: reference.rows,
            currentRows: current.rows,
          },
        };
  return {
    report: { ...counted, drop, interval, tolerated, logP },
    question: logP === null ? null : ask(logP, tell),
  };
}

/** What the scores do in rows that break a rule: one score, and those of several classes. */
const broken = {
  'within-0-1': { one: () => 'lies outside 0 … 1', many: 'lie outside 0 … 1' },
  'sum-to-1': { one: () => 'is not 1', many: 'do not add up to 1' },
  'largest-score': {
    one: (threshold: number) => `lies on the other side of the threshold ${number(threshold)} than the predicted class`,
    many: 'are highest for another class than the predicted one',
  },
} satisfies Record<ScoreRule, { one: (threshold: number) => string; many: string }>;

function askCheck(
  { rule, reference, current, examples }: CountedCheck,
  { prediction, scores }: PredictionEvidence,
  settings: VerdictSettings,
  tooFew: string | null,
  ask: Ask,
): JudgedPredictions['checks'][number] {
  const { invalidShare: tolerated, threshold } = settings.predictions;
  const severity = settings.severity[layerRuleOf.SCORES_INVALID];
  const who =
    scores.length === 1
      ? `score ${quoted(scores[0]!)} ${broken[rule].one(threshold)}`
      : `the scores of ${count(scores.length)} classes ${broken[rule].many}`;
  const notAsked =
    severity === 'off'
      ? 'severity.scores_invalid is off'
      : (tooFew ??
        (reference.of === 0 || current.of === 0
          ? 'no row to ask it of'
          : reference.rows > heldShare * reference.of
            ? `it does not hold in the reference, where ${percent(reference.rows / reference.of)} of rows break it`
            : null));
  const logP =
    notAsked === null
      ? finiteLogP(shareRose({ form: 'share', reference, current, growth: 1, dispersion: 1 }, tolerated))
      : null;
  const tell = (): Finding | null =>
    severity === 'off'
      ? null
      : {
          code: 'SCORES_INVALID',
          severity,
          ...(rule === 'largest-score' ? { column: prediction, role: 'prediction' } : subjectOf(scores)),
          message:
            `${who} in ${percent(current.rows / current.of)} of rows (${count(current.rows)} of ` +
            `${count(current.of)}${examples && `: ${examples}`}), were ${percent(reference.rows / reference.of)}: ` +
            `beyond sampling, the rise is above the tolerated ${percent(tolerated)}`,
          data: {
            rule,
            rows: current.rows,
            currentRows: current.of,
            referenceRows: reference.of,
            referenceInvalid: reference.rows,
            tolerated,
          },
        };
  return {
    report: { rule, reference, current, tolerated, notAsked, logP },
    question: logP === null ? null : ask(logP, tell),
  };
}

/** Nearly all: this share of the rows or more. */
const nearlyAll = 0.99;
/** The other values must have become this much rarer: a model that says no to 98 % says no to 99 % now and then. */
const rarer = 5;

/**
 * Nearly every prediction is the same: more than 99 % of the rows hold one value (exact binomial), and all others are less than a
 * fifth as frequent as they were (binomial, given the others of both sides). Exactly one value is the verdict's own rule.
 */
export function nearlyCollapsed({ reference, current }: Pick<Concentration, 'reference' | 'current'>): number {
  const off = current.of - current.rows;
  const offThen = reference.of - reference.rows;
  const few = logBinomialUpperTail(current.of, nearlyAll, current.rows);
  const expected = current.of / rarer / (current.of / rarer + reference.of);
  return finiteLogP(Math.max(few, logBinomialUpperTail(off + offThen, 1 - expected, offThen)));
}

function askConcentration(
  counted: NonNullable<PredictionEvidence['concentration']>,
  { prediction }: PredictionEvidence,
  settings: VerdictSettings,
  tooFew: string | null,
  ask: Ask,
): JudgedPredictions['concentration'] {
  const { value, reference, current } = counted;
  const severity = settings.severity.prediction_collapse;
  // all rows alike is asked by the column itself
  const asked =
    tooFew === null && severity !== 'off' && current.of > 0 && reference.of > 0 && current.rows < current.of;
  const logP = asked ? nearlyCollapsed(counted) : null;
  const tell = (): Finding | null =>
    severity === 'off'
      ? null
      : {
          code: 'PREDICTION_COLLAPSE',
          severity,
          column: prediction,
          role: 'prediction',
          message:
            `prediction ${quoted(prediction ?? '')} nearly collapsed: ${percent(current.rows / current.of)} of ` +
            `${plural(current.of, 'row')} hold ${quoted(value)}, proven more than ${percent(nearlyAll)}; in the reference ` +
            `${percent(reference.rows / reference.of)} did, and all others were more than ${number(rarer)} times as frequent`,
          data: {
            value,
            currentShare: current.rows / current.of,
            referenceShare: reference.rows / reference.of,
            currentRows: current.of,
            referenceRows: reference.of,
          },
        };
  return { report: { ...counted, logP }, question: logP === null ? null : ask(logP, tell) };
}

/** A fact of the batch: the user said which predictions are reasonable. */
function outOfBounds(bounds: PredictionBounds, settings: VerdictSettings): Finding | null {
  const { column, min, max, below, above, rows, tolerated, smallest, largest } = bounds;
  const severity = settings.severity[layerRuleOf.PREDICTIONS_OUT_OF_BOUNDS];
  const outside = below + above;
  if (severity === 'off' || outside === 0 || outside <= tolerated * rows) return null;
  const end = (value: number | null, infinite: string) => (value === null ? infinite : datum(value));
  const parts = [
    below > 0 ? `${count(below)} below, e.g. ${end(smallest !== null && smallest < min! ? smallest : null, '−∞')}` : '',
    above > 0 ? `${count(above)} above, e.g. ${end(largest !== null && largest > max! ? largest : null, '∞')}` : '',
  ].filter((part) => part !== '');
  return {
    code: 'PREDICTIONS_OUT_OF_BOUNDS',
    severity,
    column,
    role: 'prediction',
    message:
      `prediction ${quoted(column)} left the range that was allowed: ${percent(outside / rows)} of rows outside ` +
      `${end(min, '−∞')} … ${end(max, '∞')} (of ${count(rows)}, ${parts.join('; ')}), ` +
      (tolerated === 0 ? 'where none is tolerated' : `above the tolerated ${percent(tolerated)}`),
    data: { min, max, below, above, currentRows: rows, share: outside / rows, tolerated, smallest, largest },
  };
}

/** A single score is named; of several, none is the one. */
function subjectOf(scores: readonly string[]): Pick<Finding, 'column' | 'role'> {
  const [only] = scores;
  return scores.length === 1 && only !== undefined ? { column: only, role: 'score' } : { column: null, role: null };
}
