import type { ColumnEvidence } from '../model/evidence.ts';
import type { TestedCells } from '../model/frequency-table.ts';
import type { DriftDecomposition, Segment, SegmentStatus } from '../model/segments.ts';
import { type Severity, severities, type Tolerance, type VerdictSettings } from '../model/settings.ts';
import { printable, quoted } from '../model/text.ts';
import type { ColumnVerdict, Finding, Verdict } from '../model/verdict.ts';
import type { WindowPlan } from '../model/windows.ts';
import { finiteLogP, type Rejected } from './family.ts';
import type { LayerQuestion } from './layers.ts';
import { driftStory, subject } from './messages.ts';
import { type BeyondTolerance, beyond, type Movement, movement } from './minimum-effect.ts';
import { noiseAround, partNoise, periodNoise } from './noise.ts';
import { count, number, percent, plural } from './numerals.ts';
import { driftTold, wholeBatch } from './questions.ts';
import { tolerancesOf } from './tolerances.ts';

/**
 * The drift of columns by segment. Each column has one question a segmentation, "did it drift in some segment": the p-value is K
 * times the smallest of the K segments' own, so the segments together take one place in the run's family, and a column's question
 * about the whole keeps nearly all of its power.
 */

/** A column in the segments that are judged. */
export interface ColumnBySegment {
  readonly evidence: ColumnEvidence;
  /** the segment's own tested cells, merged for its sizes; null for a segment that is not judged */
  readonly cells: readonly (TestedCells | null)[];
  /** the reference by equal blocks of time, absent or null when it is not known: by segment one series a tested cell */
  readonly blocks?: {
    readonly seconds: number;
    readonly segments: readonly (readonly Float64Array[] | null)[];
  } | null;
}

interface SegmentEvidence {
  readonly moved: Movement;
  /** null where it is not beyond the tolerance at all */
  readonly fail: BeyondTolerance | null;
  readonly warn: BeyondTolerance | null;
  readonly logP: { readonly fail: number; readonly warn: number };
  /** how many times its fail tolerance */
  readonly excess: number;
}

/** A column with what was asked of its segments. */
export interface AskedSegments {
  readonly evidence: ColumnEvidence;
  readonly segments: readonly (SegmentEvidence | null)[];
  /** null when the rule is off, or no segment could be judged */
  readonly question: LayerQuestion | null;
}

/** Whether a segment holds enough rows to be judged. */
export function segmentStatus(rows: Segment['rows'], { gate }: Pick<VerdictSettings, 'gate'>): SegmentStatus {
  if (rows.reference === 0) return 'new';
  if (rows.current === 0) return 'vanished';
  return Math.min(rows.reference, rows.current) < gate.minRows ? 'few-rows' : 'judged';
}

/** A column that the gate tests by its cells as a whole is tested so by segment. */
export function testedBySegment(evidence: ColumnEvidence): boolean {
  const { cells, schema, notTested, error, measureGate } = evidence;
  return cells !== null && schema === 'same' && notTested === undefined && error === undefined && !measureGate;
}

/**
 * @param by the columns that the data is split by
 * @param names of the segments
 */
export function askSegments(
  by: readonly string[],
  names: readonly string[],
  { evidence, cells, blocks }: ColumnBySegment,
  settings: VerdictSettings,
  plan: WindowPlan,
): AskedSegments {
  const tolerances = tolerancesOf(evidence, settings);
  const noise = evidence.cells && periodNoise(evidence.cells, evidence.windows, plan);
  const segments = cells.map((own, s): SegmentEvidence | null => {
    const moved = own && movement(own);
    if (!moved) return null;
    const fail = strictlyBeyond(moved, tolerances.fail);
    const warn = strictlyBeyond(moved, tolerances.warn);
    const shared = noise === null || moved.cells < 2 ? Number.NEGATIVE_INFINITY : partNoise(noise, moved, plan);
    const series = blocks?.segments[s];
    const itsOwn = series && warn ? blockNoise(own, series, blocks.seconds, settings, plan) : Number.NEGATIVE_INFINITY;
    const between = Math.max(shared, itsOwn);
    return {
      moved,
      fail,
      warn,
      // rows that all fall into one cell cannot move between cells
      logP: moved.cells < 2 ? { fail: 0, warn: 0 } : levelsBeyond(fail, warn, between),
      excess: excessOf(moved, tolerances.fail),
    };
  });
  const asked = segments.flatMap((segment, i) => (segment === null ? [] : [{ segment, name: names[i]! }]));
  if (asked.length === 0 || settings.severity.segment_drift === 'off') return { evidence, segments, question: null };
  const strongest = (level: 'fail' | 'warn') =>
    asked.reduce((a, b) => (b.segment.logP[level] < a.segment.logP[level] ? b : a));
  const combined = (level: 'fail' | 'warn') =>
    finiteLogP(Math.log(asked.length) + strongest(level).segment.logP[level]);
  const tell = (level: 'fail' | 'warn', columns: ReadonlyMap<string, ColumnVerdict>): Finding | null => {
    const severity = severityOf(level, settings);
    if (severity === null || saidOfTheWhole(columns.get(evidence.name), level)) return null;
    const { segment, name } = strongest(level);
    const found = { moved: segment.moved, evidence: segment[level]!, noise: null, windowSeconds: null };
    const { data } = driftTold(found, wholeBatch, tolerances[level], settings.alpha, evidence.kind);
    const whole = columns.get(evidence.name)?.gating?.phiSquared ?? null;
    const told = {
      ...data,
      segmentation: by.join(' × '),
      segment: name,
      segments: asked.length,
      wholePhiSquared: whole,
    };
    const message = segmentSentence(evidence, told, driftStory(data, `${level} tolerance`));
    return { code: 'SEGMENT_DRIFT', severity, column: evidence.name, role: evidence.role, message, data: told };
  };
  const question = {
    logPFail: combined('fail'),
    logPWarn: combined('warn'),
    excess: strongest('fail').segment.excess,
    tell,
  };
  return { evidence, segments, question };
}

/** Windows that the blocks of time are joined to, so that a small segment fills them. */
const windowNumbers = [24, 12, 8] as const;
/** Rows of a window on average, in times gate.min_rows: some hold fewer. */
const enough = 1.5;

/**
 * p₂ by the segment's own windows of the reference. They are not cut for the batch: what is longer than a window is judged by the
 * noise of one, which is more; what is shorter, as if the noise came day by day. −∞ when the segment is too small to tell.
 */
function blockNoise(
  cells: TestedCells,
  series: readonly Float64Array[],
  blockSeconds: number,
  { gate }: Pick<VerdictSettings, 'gate'>,
  { batchSeconds }: WindowPlan,
): number {
  const blocks = series[0]?.length ?? 0;
  const rows = series.reduce((sum, own) => sum + own.reduce((a, b) => a + b, 0), 0);
  const windows = windowNumbers.find((many) => blocks % many === 0 && rows / many >= enough * gate.minRows);
  if (windows === undefined || batchSeconds === null) return Number.NEGATIVE_INFINITY;
  const size = blocks / windows;
  const joined = series.map((own) =>
    Float64Array.from({ length: windows }, (_, w) => own.slice(w * size, (w + 1) * size).reduce((a, b) => a + b, 0)),
  );
  const batchInWindows = Math.min(1, batchSeconds / (blockSeconds * size));
  const noise = noiseAround(joined, cells.reference, cells.current, { batchInWindows, leastRows: gate.minRows });
  return noise?.logP ?? Number.NEGATIVE_INFINITY;
}

/** How many times its tolerance the drift is, on the scale where it is more. */
function excessOf({ phiSquared, largest }: Movement, tolerance: Tolerance): number {
  const times = (value: number, limit: number) => (limit > 0 ? value / limit : value);
  return Math.max(times(phiSquared, tolerance.phiSquared), times(largest?.change ?? 0, tolerance.cellChange));
}

function levelsBeyond(fail: BeyondTolerance | null, warn: BeyondTolerance | null, between: number) {
  const of = (found: BeyondTolerance | null) => (found === null ? 0 : Math.max(found.logP, between));
  return { fail: of(fail), warn: of(warn) };
}

/** What lies within a tolerance on both scales has a p-value of 1, which need not be computed for every segment of every column. */
function strictlyBeyond(moved: Movement, tolerance: Tolerance): BeyondTolerance | null {
  const within = moved.phiSquared <= tolerance.phiSquared && (moved.largest?.change ?? 0) <= tolerance.cellChange;
  return within ? null : beyond(moved, tolerance);
}

/** A segment that drifted at warn weighs no more than a column that did. */
function severityOf(level: 'fail' | 'warn', { severity }: VerdictSettings): Severity | null {
  const own = severity.segment_drift;
  const limit = level === 'fail' ? own : severity.drift_warn;
  if (own === 'off' || limit === 'off') return null;
  return severities[Math.max(severities.indexOf(own), severities.indexOf(limit))]!;
}

/** A column that drifted as a whole has a finding of its own; the segments tell where. */
function saidOfTheWhole(verdict: ColumnVerdict | undefined, level: 'fail' | 'warn'): boolean {
  return (verdict?.tests ?? []).some(
    ({ rule, rejected }) => rule === 'drift' && (rejected === 'fail' || (rejected === 'warn' && level === 'warn')),
  );
}

function segmentSentence(
  { name, role }: ColumnEvidence,
  told: {
    readonly segmentation: string;
    readonly segment: string;
    readonly segments: number;
    readonly wholePhiSquared: number | null;
  },
  story: string,
): string {
  const where = `where ${printable(told.segmentation, 60)} is ${quoted(told.segment, 60)}`;
  const whole = told.wholePhiSquared === null ? '' : `; as a whole φ² ${number(told.wholePhiSquared)}`;
  return `${subject(name, role)} drifted ${where}: ${story}; the strongest of ${plural(told.segments, 'segment')}${whole}`;
}

/**
 * At which level each segment of a column is proven to have drifted, once the column's question is judged: the strongest by that
 * alone; another when its own p-value, K times, is below the smallest share of alpha in the family.
 */
export function segmentLevels(
  { segments }: AskedSegments,
  rejected: Rejected,
  { alpha, familySize }: Verdict['method'],
): readonly Rejected[] {
  const judged = segments.filter((segment) => segment !== null);
  if (rejected === null) return segments.map(() => null);
  const limit = Math.log(alpha / familySize) - Math.log(judged.length);
  const least = Math.min(...judged.map(({ logP }) => logP[rejected]));
  return segments.map((segment) => {
    if (segment === null) return null;
    const { logP } = segment;
    if (rejected === 'fail' && (logP.fail <= limit || logP.fail === least)) return 'fail';
    return logP.warn <= limit || logP[rejected] === least ? 'warn' : null;
  });
}

/** From this share of φ² on, one cause explains most of it. */
const mostShare = 0.5;
/** … a segment only when its odds are this many times those of its rows: a large one holds a large part of any drift. */
const mostOdds = 2;

/**
 * A decomposition with what it says.
 *
 * @param rows both sides' shares of the rows, by segment
 */
export function explainDecomposition(
  { name, role }: Pick<ColumnEvidence, 'name' | 'role'>,
  by: readonly string[],
  names: readonly string[],
  rows: readonly { readonly reference: number; readonly current: number }[],
  parts: Pick<DriftDecomposition, 'phiSquared' | 'mix' | 'within' | 'reweighted'>,
): DriftDecomposition {
  const { mix, within, phiSquared, reweighted } = parts;
  const top = within.reduce((best, share, s) => (share > within[best]! ? s : best), 0);
  const share = within[top] ?? 0;
  const ofRows = ((rows[top]?.reference ?? 0) + (rows[top]?.current ?? 0)) / 2;
  const split = printable(by.join(' × '), 60);
  const who = subject(name, role);
  const kept = `with the reference's shares φ² is ${number(reweighted)} in place of ${number(phiSquared)}`;
  const segment = share > 0 ? names[top]! : null;
  const told = segment === null ? '' : quoted(segment, 60);
  const base = { ...parts, segment };
  if (mix >= mostShare) {
    return {
      ...base,
      explained: 'mix',
      sentence: `${part(mix)} of the drift of ${who} is the mix of ${split}, not a change within its segments: ${kept}`,
    };
  }
  if (share >= mostShare && odds(share) >= mostOdds * odds(ofRows)) {
    return {
      ...base,
      explained: 'segment',
      sentence:
        `the drift of ${who} is explained by ${split} ${told}: ${part(share)} of φ² ${number(phiSquared)} comes from within it, ` +
        `which holds ${percent(ofRows)} of the rows; the mix of ${split} makes up ${part(mix)}`,
    };
  }
  const most = segment === null ? '' : `; most from ${told} (${part(share)}, with ${percent(ofRows)} of the rows)`;
  return {
    ...base,
    explained: 'spread',
    sentence: `the drift of ${who} is spread over ${split}: ${part(mix)} is the mix, ${part(1 - mix)} lies within ${count(names.length)} segments${most}; ${kept}`,
  };
}

/** A share of φ², in whole percent: parts that work against the rest are negative. */
function part(share: number): string {
  return `${Math.round(100 * share) + 0} %`;
}

function odds(share: number): number {
  return share < 1 ? share / (1 - share) : Number.POSITIVE_INFINITY;
}
