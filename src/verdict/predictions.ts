import { logBinomialUpperTail } from '../math/binomial.ts';
import { Calendar } from '../math/calendar.ts';
import { logStudentTTwoSided } from '../math/f-distribution.ts';
import { logNormalUpperTail, normalQuantile } from '../math/normal.ts';
import type {
  Concentration,
  ConfidenceMoments,
  ConfidenceProfile,
  ConfidenceReport,
  ConfidenceWindow,
  PredictionBounds,
  RuleCount,
  ScoreCheck,
  ScoreRule,
} from '../model/predictions.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { BatchWindow } from '../model/time.ts';
import type { Finding } from '../model/verdict.ts';
import type { Timeline } from '../model/windows.ts';
import { type BatchPart, planBatch } from './batch-windows.ts';
import { finiteLogP } from './family.ts';
import { type Sizes, tooFewRows } from './gate.ts';
import type { LayerQuestion } from './layers.ts';
import { fewestWindows } from './noise.ts';
import { count, datum, number, percent, plural, range } from './numerals.ts';
import { shareRose } from './quality.ts';
import { layerRuleOf } from './severity.ts';
import { namedWindow, namedWindows } from './window-words.ts';

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
  readonly confidence: ConfidenceEvidence | null;
  readonly checks: readonly CountedCheck[];
  readonly concentration: Pick<Concentration, 'value' | 'reference' | 'current'> | null;
  readonly bounds: readonly PredictionBounds[];
  readonly batch: {
    /** empty when the batch is not cut */
    readonly windows: readonly BatchWindow[];
    /** the reference by period, and the confidence in each; null when that is not known */
    readonly timeline: Timeline | null;
    readonly periods: readonly (ConfidenceMoments | null)[] | null;
  };
}

export interface ConfidenceEvidence extends Pick<ConfidenceReport, 'threshold' | 'near' | 'resolution'> {
  readonly reference: ConfidenceProfile;
  readonly current: ConfidenceProfile;
  /** one a window of the batch; null where no row has a confidence */
  readonly windows: readonly (Pick<ConfidenceWindow, 'rows' | 'mean' | 'std' | 'nearThreshold'> | null)[];
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
  readonly confidence: {
    readonly report: Omit<ConfidenceReport, 'rejected'>;
    readonly windows: readonly (ConfidenceWindow | null)[];
    readonly question: number | null;
  } | null;
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
 * The mean confidence m fell by more than a tolerated share d:
 *
 *   z = ((1 − d)·m_ref − m_cur) / √((1 − d)²·s²_ref + s²_cur),
 *
 * s² the squared standard errors, each with half a row at the other end of the scale added, so that equal rows prove nothing by
 * being equal; that of the batch from the larger of both variances, since a confidence that fell to its floor has a small one of its
 * own, and would prove too much by it.
 */
export function confidenceFell(reference: ConfidenceMoments, current: ConfidenceMoments, tolerated: number): number {
  const kept = 1 - tolerated;
  const error = Math.sqrt(kept ** 2 * squaredError(reference) + squaredError(current, reference.std));
  return finiteLogP(logNormalUpperTail((kept * reference.mean - current.mean) / error));
}

function squaredError({ rows, std }: ConfidenceMoments, least = 0): number {
  return (Math.max(std, least) ** 2 + 0.5 / rows) / rows;
}

/**
 * A window of the batch was to be expected among W windows of the reference as long as itself: with the mean x̄ and the variance s²
 * of their mean confidences, v̄ what sampling alone makes of it, and m and v those of the window,
 *
 *   t = (x̄ − m) / √(s²·(1/D + 1/W) + max(0, v − v̄)),
 *
 * held against Student's law with W − 1 degrees of freedom; D is the window's length in those of the reference, at most 1. What days
 * and hours differ by does not shrink with more rows, so no sampling error holds it; where windows of one hour of the day serve, it
 * is the noise of that hour. 0, the logarithm of 1, where the mean did not fall.
 *
 * @returns null when so few windows say nothing
 */
export function confidenceNoise(
  windows: readonly ConfidenceMoments[],
  current: ConfidenceMoments,
  batchInWindows: number,
): number | null {
  const W = windows.length;
  if (W < fewestWindows) return null;
  const mean = windows.reduce((sum, window) => sum + window.mean, 0) / W;
  const variance = windows.reduce((sum, window) => sum + (window.mean - mean) ** 2, 0) / (W - 1);
  const sampling = windows.reduce((sum, window) => sum + squaredError(window), 0) / W;
  const typical = Math.max(...windows.map(({ std }) => std));
  const more = Math.max(0, squaredError(current, typical) - sampling);
  const fall = mean - current.mean;
  if (!(fall > 0)) return 0;
  const t = fall / Math.sqrt(variance * (1 / batchInWindows + 1 / W) + more);
  return finiteLogP(logStudentTTwoSided(t, W - 1) - Math.LN2);
}

/** Of the ratio of the means, by the delta method. */
function dropInterval(
  reference: ConfidenceMoments,
  current: ConfidenceMoments,
  alpha: number,
): readonly [number, number] {
  const ratio = current.mean / reference.mean;
  const error = Math.sqrt(squaredError(current) + ratio ** 2 * squaredError(reference)) / reference.mean;
  const arm = normalQuantile(1 - alpha) * error;
  return [1 - ratio - arm, 1 - Math.max(0, ratio - arm)];
}

/** A shorter part of a batch has a rhythm of its own. */
const week = 7 * 86_400;

/** A run of windows that may decide. */
interface AskedPart {
  readonly part: BatchPart;
  readonly found: ConfidenceMoments;
  readonly logP: number;
}

/**
 * The windows and suffixes of the batch that columns are asked in too, where they have enough rows with a confidence: those whose
 * rhythm is known, by windows of the reference as long as themselves, or that are too long to have one. Windows of rows are cut
 * because the user said so.
 */
function askedParts(
  { reference, windows }: ConfidenceEvidence,
  { windows: cut, timeline, periods }: PredictionEvidence['batch'],
  settings: VerdictSettings,
): AskedPart[] {
  const enough = (moments: ConfidenceMoments | null): moments is ConfidenceMoments =>
    moments !== null && moments.rows >= settings.gate.minRows;
  return planBatch({ column: null, windows: cut, timeline }, settings).parts.flatMap((part): AskedPart[] => {
    const found = joinedMoments(windows.slice(part.from, part.to));
    if (!enough(found)) return [];
    const { plan } = part;
    const then = (plan?.windows ?? []).map(({ from, to }) => joinedMoments(periods?.slice(from, to) ?? []));
    const noise = plan && confidenceNoise(then.filter(enough), found, plan.batchInWindows);
    const [first, last] = [cut[part.from]!.span, cut[part.to - 1]!.span];
    if (noise === null && first && last && last.to - first.from < week) return [];
    const fell = confidenceFell(reference, found, settings.predictions.confidenceDrop);
    return [{ part, found, logP: Math.max(fell, noise ?? Number.NEGATIVE_INFINITY) }];
  });
}

/** Null when there is no row. */
export function joinedMoments(parts: readonly (ConfidenceMoments | null)[]): ConfidenceMoments | null {
  const known = parts.filter((part) => part !== null);
  const rows = known.reduce((sum, part) => sum + part.rows, 0);
  if (rows === 0) return null;
  const mean = known.reduce((sum, part) => sum + part.rows * part.mean, 0) / rows;
  const squares = known.reduce(
    (sum, part) => sum + (part.rows - 1) * part.std ** 2 + part.rows * (part.mean - mean) ** 2,
    0,
  );
  return { rows, mean, std: rows < 2 ? 0 : Math.sqrt(squares / (rows - 1)) };
}

/** The combined evidence, and whose it is. */
interface Strongest {
  readonly logP: number;
  /** null for the whole batch */
  readonly part: AskedPart | null;
  /** windows that may decide, and those of them that are proof by themselves; places in the batch */
  readonly asked: readonly number[];
  readonly proven: readonly number[];
}

/**
 * A fall that does not fill the batch is diluted in the whole, so its windows and suffixes are asked too, as those of columns are:
 * with S suffixes and W windows that may decide,
 *
 *   p = min(1, 2·p_whole, 4·S·min p_suffix, 4·W·min p_window)
 */
function strongest(whole: number, parts: readonly AskedPart[], alpha: number): Strongest {
  if (parts.length === 0) return { logP: whole, part: null, asked: [], proven: [] };
  const share = (form: BatchPart['form']) => Math.log(4 * parts.filter(({ part }) => part.form === form).length);
  const shares = { window: share('window'), suffix: share('suffix') };
  const shared = parts.map((part) => ({ ...part, logP: Math.min(0, part.logP + shares[part.part.form]) }));
  const least = shared.reduce((best, part) => (part.logP < best.logP ? part : best));
  const windows = shared.filter(({ part }) => part.form === 'window');
  const ofWhole = Math.min(0, whole + Math.LN2);
  return {
    ...(least.logP < ofWhole ? { logP: least.logP, part: least } : { logP: ofWhole, part: null }),
    asked: windows.map(({ part }) => part.from),
    proven: windows.filter(({ logP }) => logP <= Math.log(alpha)).map(({ part }) => part.from),
  };
}

function askConfidence(
  counted: ConfidenceEvidence,
  { scores, batch }: PredictionEvidence,
  settings: VerdictSettings,
  tooFew: string | null,
  ask: Ask,
): JudgedPredictions['confidence'] {
  const { windows, ...whole } = counted;
  const { reference, current } = whole;
  const { confidenceDrop: tolerated } = settings.predictions;
  const interval = dropInterval(reference, current, settings.alpha);
  const severity = settings.severity[layerRuleOf.CONFIDENCE_DOWN];
  const found =
    // what was never sure cannot be less so
    tooFew !== null || severity === 'off' || !(reference.mean > 0)
      ? null
      : strongest(confidenceFell(reference, current, tolerated), askedParts(counted, batch, settings), settings.alpha);
  const { part, asked, proven }: Omit<Strongest, 'logP'> = found ?? { part: null, asked: [], proven: [] };
  const drop = 1 - current.mean / reference.mean;
  const tell = (): Finding | null =>
    severity === 'off' || found === null
      ? null
      : {
          code: 'CONFIDENCE_DOWN',
          severity,
          ...subjectOf(scores),
          ...tellConfidence(counted, found, batch, settings),
        };
  const z = normalQuantile(1 - settings.alpha);
  return {
    report: {
      ...whole,
      drop,
      interval,
      tolerated,
      part: part && { form: part.part.form, from: part.part.from, to: part.part.to },
      since: proven[0] ?? null,
      logP: found?.logP ?? null,
    },
    windows: windows.map((moments, index) => {
      if (moments === null) return null;
      const arm = z * Math.sqrt(squaredError(moments));
      const bounds = [Math.max(0, moments.mean - arm), Math.min(1, moments.mean + arm)] as const;
      return { ...moments, interval: bounds, asked: asked.includes(index), beyond: proven.includes(index) };
    }),
    question: found === null ? null : ask(found.logP, tell),
  };
}

function tellConfidence(
  { reference, current: whole, threshold, near, windows }: ConfidenceEvidence,
  { part: strongest, asked, proven }: Strongest,
  { windows: batch }: PredictionEvidence['batch'],
  settings: VerdictSettings,
): Pick<Finding, 'message' | 'data'> {
  const { confidenceDrop: tolerated } = settings.predictions;
  const calendar = new Calendar(settings.timeZone);
  const part = strongest?.part ?? null;
  const named = part && namedWindows(batch, part, calendar);
  const current = strongest?.found ?? whole;
  const drop = 1 - current.mean / reference.mean;
  const interval = dropInterval(reference, current, settings.alpha);
  const [first] = proven;
  const since = first === undefined ? null : namedWindow(batch, first, calendar).since;
  // what the part says already, or a whole that is so from its beginning, is no news
  const isNews =
    first !== undefined &&
    (part === null ? first !== asked[0] : part.form === 'suffix' ? first < part.from : first !== part.from);
  const when =
    named === null ? '' : part!.form === 'suffix' ? ` since ${named.since}` : ` from ${named.since} to ${named.until}`;
  const inPart = part === null ? [whole] : windows.slice(part.from, part.to);
  const nearRows = inPart.reduce((sum, own) => sum + (own?.nearThreshold ?? 0), 0);
  return {
    message:
      `the model is less sure${when}: the mean confidence fell from ${number(reference.mean)} to ${number(current.mean)}, ` +
      `by ${percent(drop)} ${range(interval, 100)}, above the tolerated ${percent(tolerated)} ` +
      `(${count(reference.rows)} against ${plural(current.rows, 'row')}); nearer than ${number(near)} to the ` +
      `threshold ${number(threshold)} lie ${percent(nearRows / current.rows)} of rows, ` +
      `were ${percent(reference.nearThreshold / reference.rows)}` +
      `${named === null ? '' : `; ${number(whole.mean)} over the whole batch`}` +
      `${isNews ? `; so since ${since}` : ''}`,
    data: {
      referenceMean: reference.mean,
      currentMean: current.mean,
      drop,
      dropLower: interval[0],
      dropUpper: interval[1],
      tolerated,
      referenceRows: reference.rows,
      currentRows: current.rows,
      part: part?.form ?? 'whole',
      since: part?.form === 'suffix' ? named!.since : since,
      begin: named?.since ?? null,
      end: named?.until ?? null,
    },
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
