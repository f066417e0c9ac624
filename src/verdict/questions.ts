import type { ColumnEvidence } from '../model/evidence.ts';
import type { Kind } from '../model/measure.ts';
import type { SeveritySetting, Tolerance, Tolerances, VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { JudgedTest, PeriodNoise, VerdictCode } from '../model/verdict.ts';
import type { WindowPlan } from '../model/windows.ts';
import { type BatchPlan, judgeParts, type KnownNoise, type PartsVerdict, placeOf } from './batch-windows.ts';
import { finiteLogP, type Hypothesis } from './family.ts';
import {
  constantBecameVarying,
  missingRatio,
  missingWentUp,
  type NewValues,
  outOfRange,
  toleratedMissingRise,
  toleratedNewShare,
  unseenCategories,
  varyingBecameConstant,
  wasConstant,
} from './hard-rules.ts';
import { measureQuestion } from './measure-question.ts';
import { cellName, type DriftData, type FindingData, type OutsideData, type UnseenData } from './messages.ts';
import { type BeyondTolerance, beyond, changeInterval, type Movement, phiSquaredInterval } from './minimum-effect.ts';
import { missingNoise } from './noise.ts';
import { isPrediction } from './tolerances.ts';

/** What may become a finding, before its severity is known. */
export type Draft = {
  [C in VerdictCode]: { readonly code: C; readonly data: FindingData[C]; readonly excess: number };
}[VerdictCode];

/** One hypothesis of the run's family, with what is to be said when it is rejected. */
export interface Question extends Hypothesis {
  readonly rule: JudgedTest['rule'];
  /** the finding at either level; `warn` is null for a rule that has no second level */
  readonly told: { readonly fail: () => Draft; readonly warn: (() => Draft) | null };
}

/** Everything that is asked of one column. A hard rule that is `off` is not asked, and takes no share of alpha. */
export function questionsOf(
  evidence: ColumnEvidence,
  moved: Movement | null,
  tolerances: Tolerances,
  { severity, alpha }: Pick<VerdictSettings, 'severity' | 'alpha'>,
  noise: PeriodNoise | null,
  plan: WindowPlan,
  batch: BatchPlan | null = null,
): readonly Question[] {
  const { windowSeconds } = plan;
  const known = { noise, windowSeconds };
  const asked: (Question | null)[] = [
    evidence.measureGate
      ? measureQuestion(evidence.measureGate, evidence.rows, alpha, noise)
      : moved &&
        driftQuestion(moved, tolerances, alpha, evidence.kind, known, partsOf(evidence, batch, tolerances, alpha)),
    on(severity.nulls_up, () => missingQuestion(evidence, plan)),
    on(severity.unseen_categories, () => unseenQuestion(evidence)),
    on(severity.out_of_range, () => outsideQuestion(evidence, noise?.overdispersion ?? 1)),
    modeQuestion(evidence, severity),
  ];
  return asked.filter((question) => question !== null);
}

function on<T>(setting: SeveritySetting, ask: () => T): T | null {
  return setting === 'off' ? null : ask();
}

/** What the windows of the batch say beside the whole, with the plan they belong to. */
interface Parts extends PartsVerdict {
  readonly plan: BatchPlan;
}

function partsOf(
  { batch: column }: ColumnEvidence,
  plan: BatchPlan | null,
  tolerances: Tolerances,
  alpha: number,
): Parts | null {
  const parts = column && plan && judgeParts(plan, column, tolerances, alpha);
  return parts ? { ...parts, plan: plan! } : null;
}

function driftQuestion(
  moved: Movement,
  tolerances: Tolerances,
  alpha: number,
  kind: Kind,
  known: KnownNoise,
  parts: Parts | null,
): Question | null {
  // rows that all fall into one cell cannot move between cells; the constant rule looks at them
  if (moved.cells < 2) return null;
  const ask = (level: 'fail' | 'warn') => {
    const evidence = beyond(moved, tolerances[level]);
    // both must speak: more than sampling explains beyond the tolerance, and more than the reference's own windows differ by
    const whole = Math.max(evidence.logP, known.noise?.logP ?? -Infinity) + (parts === null ? 0 : Math.LN2);
    const part = parts?.best[level] ?? null;
    const inPart = part !== null && parts!.logP[level] < whole && standsOut(part.moved, moved);
    return {
      logP: finiteLogP(Math.min(whole, parts?.logP[level] ?? 0)),
      draft: (): Draft => ({
        code: level === 'fail' ? 'DRIFT_FAIL' : 'DRIFT_WARN',
        ...driftTold(
          inPart ? part : { moved, evidence, ...known },
          inPart ? placeOf(parts!.plan, part.part) : wholeBatch,
          tolerances[level],
          alpha,
          kind,
        ),
      }),
    };
  };
  const [fail, warn] = [ask('fail'), ask('warn')];
  return { rule: 'drift', logPFail: fail.logP, logPWarn: warn.logP, told: { fail: fail.draft, warn: warn.draft } };
}

/** A part is worth naming when drift is clearly stronger in it: what fills the batch is as strong in all of it. */
function standsOut(part: Movement, whole: Movement): boolean {
  const change = ({ largest }: Movement) => largest?.change ?? 0;
  return part.phiSquared >= 1.5 * whole.phiSquared || change(part) >= 1.25 * change(whole);
}

const wholeBatch = { part: 'whole', since: null, until: null } as const;

/** Drift of the whole batch, or of a part of it. */
interface Found extends KnownNoise {
  readonly moved: Movement;
  readonly evidence: BeyondTolerance;
}

function driftTold(
  { moved, evidence, noise, windowSeconds }: Found,
  place: Pick<DriftData, 'part' | 'since' | 'until'>,
  tolerance: Tolerance,
  alpha: number,
  kind: Kind,
): { readonly excess: number; readonly data: DriftData } {
  const cell = evidence.by === 'cell' ? evidence.cell : (moved.largest ?? evidence.cell);
  const [phiSquaredLower, phiSquaredUpper] = phiSquaredInterval(moved, alpha);
  const [cellChangeLower, cellChangeUpper] = changeInterval(cell, alpha, moved.rows);
  return {
    excess: Math.max(ratio(moved.phiSquared, tolerance.phiSquared), ratio(cell.change, tolerance.cellChange)),
    data: {
      by: evidence.by,
      phiSquared: moved.phiSquared,
      phiSquaredLower,
      phiSquaredUpper,
      phiSquaredTolerance: tolerance.phiSquared,
      cells: moved.cells,
      referenceRows: moved.rows.reference,
      currentRows: moved.rows.current,
      cell: cellName(cell.cell, kind),
      cellReference: cell.reference,
      cellCurrent: cell.current,
      cellChangeLower,
      cellChangeUpper,
      cellChangeTolerance: tolerance.cellChange,
      windows: noise?.windows ?? null,
      windowSeconds: noise === null ? null : windowSeconds,
      windowsMedian: noise?.median ?? null,
      windowsLargest: noise?.largest ?? null,
      ...place,
    },
  };
}

function missingQuestion({ missing, rows, windows, cells }: ColumnEvidence, plan: WindowPlan): Question | null {
  const rise = missing && missingWentUp(missing, rows);
  if (!missing || !rise) return null;
  const referenceShare = missing.reference / rows.reference;
  const currentShare = missing.current / rows.current;
  // nulls come and go by period as well
  const noise = cells && windows ? missingNoise(missing, rows, windows, plan) : null;
  return hardRule('nulls', Math.max(rise.logP, noise?.logP ?? -Infinity), () => ({
    code: 'NULLS_UP',
    excess: currentShare - referenceShare,
    data: {
      by: rise.by,
      referenceShare,
      currentShare,
      currentMissing: missing.current,
      currentRows: rows.current,
      tolerated: rise.by === 'points' ? toleratedMissingRise : missingRatio,
    },
  }));
}

function unseenQuestion({ unseen }: ColumnEvidence): Question | null {
  const found = unseen && unseenCategories(unseen);
  if (!unseen || !found) return null;
  const data: UnseenData = {
    rows: unseen.unseenRows,
    currentRows: unseen.currentRows,
    examples: unseen.examples
      .slice(0, 3)
      .map(({ value }) => quoted(value, 40))
      .join(', '),
    tolerated: toleratedNewShare,
    expectedShare: found.expectedShare,
  };
  return newValuesRule('unseen', found, {
    fail: (excess) => ({ code: 'UNSEEN_CATEGORIES', excess, data }),
    noted: (excess) => ({ code: 'NEW_VALUES_NOTED', excess, data: { about: 'unseen', ...data } }),
    share: unseen.unseenRows / unseen.currentRows,
  });
}

function outsideQuestion({ outside }: ColumnEvidence, overdispersion: number): Question | null {
  const found = outside && outOfRange(outside, overdispersion);
  if (!outside || !found) return null;
  const data: OutsideData = {
    below: outside.below,
    above: outside.above,
    currentRows: outside.currentRows,
    referenceMin: finiteOrNull(outside.referenceMin),
    referenceMax: finiteOrNull(outside.referenceMax),
    currentMin: finiteOrNull(outside.currentMin),
    currentMax: finiteOrNull(outside.currentMax),
    tolerated: toleratedNewShare,
    expectedShare: found.expectedShare,
  };
  return newValuesRule('range', found, {
    fail: (excess) => ({ code: 'OUT_OF_RANGE', excess, data }),
    noted: (excess) => ({ code: 'NEW_VALUES_NOTED', excess, data: { about: 'outside', ...data } }),
    share: (outside.below + outside.above) / outside.currentRows,
  });
}

/** What the reference held decides which way the question goes, so that a column has one of them. */
function modeQuestion(
  { mode, role }: ColumnEvidence,
  severity: Pick<VerdictSettings['severity'], 'constant_changed' | 'prediction_collapse'>,
): Question | null {
  if (mode === null || !(mode.referenceRows > 0)) return null;
  if (wasConstant(mode)) {
    return on(severity.constant_changed, () =>
      hardRule('constant', constantBecameVarying(mode), () => ({
        code: 'CONSTANT_BECAME_VARYING',
        excess: mode.currentOffMode / mode.currentRows,
        data: {
          value: mode.value,
          referenceRows: mode.referenceRows,
          differingRows: mode.currentOffMode,
          currentRows: mode.currentRows,
          currentValue: mode.currentConstant ? (mode.currentValue ?? null) : null,
        },
      })),
    );
  }
  const collapse = isPrediction(role);
  return on(collapse ? severity.prediction_collapse : severity.constant_changed, () =>
    hardRule(collapse ? 'collapse' : 'constant', varyingBecameConstant(mode), () => ({
      code: collapse ? 'PREDICTION_COLLAPSE' : 'VARYING_BECAME_CONSTANT',
      excess: mode.referenceOffMode / mode.referenceRows,
      data: {
        value: mode.currentValue ?? mode.value,
        currentRows: mode.currentRows,
        referenceMode: mode.value,
        referenceModeShare: 1 - mode.referenceOffMode / mode.referenceRows,
      },
    })),
  );
}

function hardRule(rule: Question['rule'], logP: number, fail: () => Draft): Question {
  return { rule, logPFail: finiteLogP(logP), logPWarn: null, told: { fail, warn: null } };
}

/** The weaker question "more than the reference leaves unseen" is nested in the hard one, as `warn` is in `fail`. */
function newValuesRule(
  rule: Question['rule'],
  found: NewValues,
  told: { fail: (excess: number) => Draft; noted: (excess: number) => Draft; share: number },
): Question {
  return {
    rule,
    logPFail: finiteLogP(found.logPHard),
    logPWarn: finiteLogP(found.logPNoted),
    told: { fail: () => told.fail(told.share), warn: () => told.noted(told.share) },
  };
}

function ratio(value: number, tolerance: number): number {
  return tolerance > 0 ? value / tolerance : value;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
