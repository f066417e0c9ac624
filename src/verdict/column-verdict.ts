import type { ColumnEvidence } from '../model/evidence.ts';
import type { Tolerances, VerdictSettings } from '../model/settings.ts';
import type { ColumnVerdict, GatingMeasure, Outcome, PeriodNoise, VerdictCode } from '../model/verdict.ts';
import type { WindowPlan } from '../model/windows.ts';
import { type BatchPlan, describeWindows } from './batch-windows.ts';
import { finiteLogP, type Rejected } from './family.ts';
import { measureMirror } from './measure-question.ts';
import { cellName, sentence } from './messages.ts';
import {
  below,
  belowWhenConstant,
  changeInterval,
  constancy,
  constantInterval,
  greatestPhiSquared,
  type Movement,
  movement,
  phiSquaredInterval,
  smallestProvable,
} from './minimum-effect.ts';
import { periodNoise } from './noise.ts';
import { asMuchAsReference } from './noise-words.ts';
import { number, points, range } from './numerals.ts';
import { type Draft, type Question, questionsOf } from './questions.ts';
import { byWeight, type Ranked, ruleOf, type SeverityRules, worst } from './severity.ts';
import { tolerancesOf } from './tolerances.ts';

/** A column with everything that was asked of it, before the family is judged. */
export interface Examined {
  readonly evidence: ColumnEvidence;
  readonly tolerances: Tolerances;
  readonly facts: readonly Draft[];
  readonly moved: Movement | null;
  readonly questions: readonly Question[];
  /** how much the reference's own windows differ; null when they say nothing */
  readonly noise: PeriodNoise | null;
  readonly plan: WindowPlan;
  /** the batch's own windows; null when it has none */
  readonly batch: BatchPlan | null;
  /** the outcome that is known without any test, unless a fact speaks; null for a column that is tested */
  readonly settled: { readonly outcome: Outcome; readonly reason: string } | null;
}

/** A column's verdict, with its findings still ranked. */
export interface Judged {
  readonly examined: Examined;
  readonly verdict: ColumnVerdict;
  readonly ranked: readonly Ranked[];
}

/** @param tooFew why the batch allows no statistics; null when it does */
export function examine(
  evidence: ColumnEvidence,
  settings: VerdictSettings,
  tooFew: string | null,
  plan: WindowPlan,
  batch: BatchPlan | null = null,
): Examined {
  const { facts, settled } = standing(evidence, settings.severity);
  const tolerances = tolerancesOf(evidence, settings);
  const moved = settled === null && evidence.cells !== null ? movement(evidence.cells) : null;
  const known = { evidence, tolerances, facts, moved, plan, batch };
  if (settled !== null) return { ...known, questions: [], noise: null, settled };
  if (tooFew !== null) {
    return { ...known, questions: [], noise: null, settled: { outcome: 'undetermined', reason: tooFew } };
  }
  const noise = evidence.cells === null ? null : periodNoise(evidence.cells, evidence.windows, plan);
  return {
    ...known,
    questions: questionsOf(evidence, moved, tolerances, settings, noise, plan, batch),
    noise,
    settled,
  };
}

const roleWithoutTest: Readonly<Partial<Record<ColumnEvidence['role'], string>>> = {
  timestamp: 'a timestamp always moves on',
  id: 'an identifier has nothing to drift from',
  model_version: 'the model version is information about the run',
  latency: 'latency is no distribution that the model learned',
  status: 'the status is no distribution that the model learned',
  ignore: 'left out by the configuration',
};

/** What is known of a column from its schema and role alone. */
function standing(evidence: ColumnEvidence, severity: SeverityRules): Pick<Examined, 'facts' | 'settled'> {
  const { role, schema } = evidence;
  const settle = (outcome: Outcome, reason: string, ...facts: Draft[]) => ({ facts, settled: { outcome, reason } });

  const untested = roleWithoutTest[role];
  if (untested !== undefined) {
    return settle(
      'not-tested',
      schema === 'missing-in-current' ? `${untested}; missing from the current data` : untested,
    );
  }
  if (schema === 'new-in-current') {
    const fact: Draft = { code: 'NEW_COLUMN', data: {}, excess: 0 };
    return settle('not-tested', 'the reference has no such column', ...(severity.new_column === 'off' ? [] : [fact]));
  }
  if (schema === 'missing-in-current') {
    if (role === 'label') return settle('not-tested', 'labels have not arrived: the current data has no such column');
    if (severity.column_missing === 'off') {
      return settle('not-tested', 'missing from the current data, and the rule column_missing is off');
    }
    return settle('drift', 'missing from the current data', { code: 'COLUMN_MISSING', data: {}, excess: 0 });
  }
  const changed: Draft[] =
    schema === 'changed-type' && severity.type_changed !== 'off'
      ? [{ code: 'TYPE_CHANGED', data: { types: evidence.schemaDetail ?? null }, excess: 0 }]
      : [];
  if (evidence.error !== undefined) return settle('undetermined', evidence.error, ...changed);
  if (evidence.notTested !== undefined) return settle('not-tested', evidence.notTested, ...changed);
  return { facts: changed, settled: null };
}

/** In a few words, for a column whose outcome is drift. */
const briefly = {
  COLUMN_MISSING: 'missing from the current data',
  PREDICTION_COLLAPSE: 'every prediction is the same',
  TYPE_CHANGED: 'another type',
  MANY_DRIFT_WARN: 'many columns drifted at once',
  DRIFT_FAIL: 'drift above the fail tolerance',
  VARYING_BECAME_CONSTANT: 'became constant',
  CONSTANT_BECAME_VARYING: 'no longer constant',
  NULLS_UP: 'more missing values',
  UNSEEN_CATEGORIES: 'values that the reference never had',
  OUT_OF_RANGE: "values outside the reference's range",
  DRIFT_WARN: 'drift above the warn tolerance',
  NEW_VALUES_NOTED: 'a few new values',
  NEW_COLUMN: 'new',
} as const satisfies Record<VerdictCode, string>;

/** @param rejected at which level each of the column's questions was rejected, in their order */
export function judgeColumn(examined: Examined, rejected: readonly Rejected[], settings: VerdictSettings): Judged {
  const { evidence, tolerances, facts, moved, questions, noise, settled } = examined;
  const gating = moved === null ? null : gatingMeasure(evidence, moved, tolerances, settings.alpha, noise);

  // a note is worth a line, but is no drift
  const proven = questions.filter(
    (question, i) => rejected[i] === 'fail' || (rejected[i] && question.rule === 'drift'),
  );
  const drafts = questions.flatMap((question, i) => drafted(question, rejected[i]!, settings.severity));
  const told = withoutEchoes([...facts, ...drafts]);
  const ranked = told.flatMap((draft) => rank(draft, evidence, settings.severity)).sort(byWeight);
  const findings = ranked.map(({ finding }) => finding);

  const { outcome, reason } =
    facts.some((fact) => fact.code !== 'NEW_COLUMN') || proven.length > 0
      ? { outcome: 'drift' as const, reason: driftReason(told, proven, rejected, questions) }
      : (settled ?? mirror(examined, gating, settings.alpha));

  return {
    examined,
    ranked,
    verdict: {
      name: evidence.name,
      outcome,
      reason,
      severity: worst(findings),
      gating,
      tests: questions.map(({ rule, logPFail, logPWarn }, i) => ({ rule, logPFail, logPWarn, rejected: rejected[i]! })),
      findings,
      ...(examined.batch && evidence.batch && questions.length > 0
        ? { windows: describeWindows(examined.batch, evidence.batch, tolerances, settings.alpha) }
        : {}),
    },
  };
}

/** What a rejected question has to say. Drift at fail is drift at warn too, and told as such when the rule for fail is off. */
function drafted({ told }: Question, rejected: Rejected, severity: SeverityRules): readonly Draft[] {
  if (rejected === null) return [];
  const candidates = [rejected === 'fail' ? told.fail() : null, told.warn?.() ?? null].filter(
    (draft) => draft !== null,
  );
  return candidates.filter(({ code }) => severity[ruleOf[code]] !== 'off').slice(0, 1);
}

/** Rows off a constant are new values as well: one sentence is enough for them. */
function withoutEchoes(drafts: readonly Draft[]): readonly Draft[] {
  if (!drafts.some(({ code }) => code === 'CONSTANT_BECAME_VARYING')) return drafts;
  const echoes: readonly VerdictCode[] = ['UNSEEN_CATEGORIES', 'OUT_OF_RANGE', 'NEW_VALUES_NOTED'];
  return drafts.filter(({ code }) => !echoes.includes(code));
}

function rank({ code, data, excess }: Draft, { name, role }: ColumnEvidence, rules: SeverityRules): readonly Ranked[] {
  const severity = rules[ruleOf[code]];
  if (severity === 'off') return [];
  return [{ excess, finding: { code, severity, column: name, role, message: sentence(code, name, role, data), data } }];
}

function driftReason(
  told: readonly Draft[],
  proven: readonly Question[],
  rejected: readonly Rejected[],
  questions: readonly Question[],
): string {
  const phrases = told.filter(({ code }) => code !== 'NEW_VALUES_NOTED').map(({ code }) => briefly[code]);
  if (phrases.length > 0) return phrases.join('; ');
  // the drift rules are off: the column still drifted
  return proven
    .map((question) => `drift above the ${rejected[questions.indexOf(question)]} tolerance, rule off`)
    .join('; ');
}

function gatingMeasure(
  evidence: ColumnEvidence,
  moved: Movement,
  { warn, fail }: Tolerances,
  alpha: number,
  noise: PeriodNoise | null,
): GatingMeasure {
  const single = moved.cells < 2 ? constancy(evidence) : null;
  const own = evidence.measureGate;
  return {
    phiSquared: moved.phiSquared,
    cells: moved.cells,
    samplingVariance: moved.samplingVariance,
    largestCellChange: moved.largest && {
      cell: moved.largest.cell,
      reference: moved.largest.reference,
      current: moved.largest.current,
    },
    tolerance: { warn, fail },
    smallestProvable: smallestProvable(moved, warn, alpha),
    interval: single === null ? phiSquaredInterval(moved, alpha) : constantInterval(single, alpha),
    noise: noise && { ...noise, logP: finiteLogP(noise.logP) },
    ...(own && 'own' in own ? { measure: own.own } : {}),
  };
}

/** Not drift: then either proven to be below the warn tolerance on both scales, or open. Only a proof makes a column stable. */
function mirror(
  { evidence, moved, noise, plan, tolerances: { warn } }: Examined,
  gating: GatingMeasure | null,
  alpha: number,
): { outcome: Outcome; reason: string } {
  if (evidence.measureGate) return measureMirror(evidence.measureGate, alpha, noise, plan.windowSeconds);
  const open = (reason: string) => ({ outcome: 'undetermined' as const, reason });
  if (moved === null || gating === null) return open('nothing to compare: no counts on one of the sides');
  const single = moved.cells < 2;
  const counted = single ? constancy(evidence) : null;
  if (single && counted === null) return open('nothing to compare: every row falls into one cell');

  const proof = counted === null ? below(moved, warn) : belowWhenConstant(counted, warn);
  const goal = Math.log(alpha);
  const phiSquaredBelow = finiteLogP(proof.logPhiSquared) < goal;
  const cellsBelow = finiteLogP(proof.logCellChange) < goal;
  const phiSquared = estimate(gating);
  const tolerance = `the warn tolerance ${number(warn.phiSquared)}`;
  if (phiSquaredBelow && cellsBelow) {
    return {
      outcome: 'stable',
      reason: single
        ? `one single value on both sides; ${phiSquared} is below ${tolerance}`
        : `${phiSquared} is below ${tolerance}, and no cell changed by ${points(warn.cellChange)}`,
    };
  }
  const intervals = moved.shifts.map((shift) => ({ shift, interval: changeInterval(shift, alpha, moved.rows) }));
  const surest = intervals.reduce((a, b) => (b.interval[0] > a.interval[0] ? b : a));
  if (gating.interval[0] > warn.phiSquared || surest.interval[0] > warn.cellChange) {
    if (noise !== null && plan.windowSeconds !== null && noise.logP > goal) {
      return open(asMuchAsReference(phiSquared, noise, plan.windowSeconds));
    }
    const { shift, interval } = surest;
    const share = `the share of ${cellName(shift.cell, evidence.kind)} changed by ${points(shift.change)} ${range(interval, 100)}`;
    return open(
      `above the warn tolerance by itself, but not proven among all the questions of this run: ${phiSquared}, ${share}`,
    );
  }
  if (!phiSquaredBelow) {
    const provable =
      gating.smallestProvable < greatestPhiSquared
        ? `this batch can only prove φ² above ${number(gating.smallestProvable)}`
        : 'this batch can prove nothing';
    return open(`too few rows: ${phiSquared} does not tell on which side of ${tolerance} it is; ${provable}`);
  }
  const widest = intervals.reduce((a, b) => (b.interval[1] > a.interval[1] ? b : a));
  return open(
    `too few rows: φ² is below ${tolerance}, but the share of ${cellName(widest.shift.cell, evidence.kind)} may have changed by ` +
      `up to ${points(widest.interval[1])}, and ${points(warn.cellChange)} are tolerated`,
  );
}

/** φ² of the sample with the interval of the population's; many cells and few rows put the former above the latter. */
function estimate({ phiSquared, interval, cells, samplingVariance }: GatingMeasure): string {
  const sampling = phiSquared > interval[1] ? ` (sampling alone gives ${number((cells - 1) * samplingVariance)})` : '';
  return `φ² ${number(phiSquared)} ${range(interval)}${sampling}`;
}
