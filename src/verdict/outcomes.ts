import { Calendar } from '../math/calendar.ts';
import type { TestedCells } from '../model/frequency-table.ts';
import type { Direction, MetricDrop, MetricId } from '../model/outcome.ts';
import { type JudgedMetric, type LabelBias, metricTitle, type ReportedJoin } from '../model/outcomes.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { BatchWindow } from '../model/time.ts';
import type { Finding, LayerCode } from '../model/verdict.ts';
import type { TimeSpan } from '../model/windows.ts';
import { finiteLogP, type Rejected } from './family.ts';
import type { Layer, LayerQuestion } from './layers.ts';
import { cellName } from './messages.ts';
import { type BeyondTolerance, beyond, type Movement, movement } from './minimum-effect.ts';
import { count, number, percent, plural, range } from './numerals.ts';
import { layerRuleOf } from './severity.ts';
import { type NamedWindows, namedWindow } from './window-words.ts';

/**
 * Outcomes, judged like drift: not "is the metric lower", which half of all batches are, but "is it lower by more than the share of
 * its baseline that was declared acceptable, by more than sampling explains".
 */

/** One set of rows against the baseline. */
export interface Compared {
  readonly current: number | null;
  readonly interval: readonly [number, number] | null;
  /** that the metric was made from */
  readonly rows: number;
  /** tests at the warn and at the fail share, in that order */
  readonly drop: MetricDrop;
}

/** A metric against its baseline, measured and not judged. */
export interface MetricComparison {
  readonly id: MetricId;
  readonly className: string | null;
  readonly from: 'labels' | 'estimate';
  readonly baseline: number | null;
  readonly baselineFrom: 'reference' | 'config';
  readonly direction: Direction | null;
  readonly whole: Compared;
  /** by its place among the batch's windows; null spans for windows of rows */
  readonly windows: readonly (Compared & { readonly index: number; readonly span: TimeSpan | null })[];
}

/** A column's cells among unlabelled (`reference`) and labelled (`current`) rows of one batch. */
export interface LabelledCellsOf {
  readonly column: string;
  readonly kind: 'numeric' | 'categorical';
  readonly cells: TestedCells;
}

export interface OutcomeEvidence {
  readonly comparisons: readonly MetricComparison[];
  /** the shares of the baseline by which a metric may get worse */
  readonly drop: { readonly warn: number; readonly fail: number };
  readonly bias: readonly LabelledCellsOf[];
  readonly join: ReportedJoin | null;
  /** why labels that are there were not measured, where that is worth a finding */
  readonly unfit: string | null;
  /** of the batch, which the windows of the comparisons are places among */
  readonly windows: readonly BatchWindow[];
}

/** The questions of the layer, and how to read what became of them. */
export interface OutcomeQuestions {
  readonly layer: Layer;
  readonly judged: (rejected: readonly Rejected[]) => {
    readonly metrics: readonly JudgedMetric[];
    readonly bias: readonly LabelBias[];
  };
}

export function outcomeQuestions(evidence: OutcomeEvidence, settings: VerdictSettings): OutcomeQuestions {
  const calendar = new Calendar(settings.timeZone);
  const nameOf = (index: number) => namedWindow(evidence.windows, index, calendar);
  const metrics = evidence.comparisons.map((comparison) => metricQuestion(comparison, evidence.drop, nameOf, settings));
  const biases = evidence.bias.flatMap((cells) => biasQuestion(cells, settings) ?? []);
  const questions = [...metrics, ...biases].flatMap(({ question }) => question ?? []);
  return {
    layer: { questions, facts: joinFacts(evidence, settings) },
    judged: (rejected) => {
      const levels = new Map(questions.map((question, i) => [question, rejected[i] ?? null]));
      const levelOf = (question: LayerQuestion | null) => (question === null ? null : levels.get(question)!);
      return {
        metrics: metrics.map(({ judged, question }) => ({ ...judged, rejected: levelOf(question) })),
        bias: biases.map(({ bias, question }) => ({ ...bias, rejected: levelOf(question) })),
      };
    },
  };
}

interface AskedMetric {
  readonly judged: Omit<JudgedMetric, 'rejected'>;
  readonly question: LayerQuestion | null;
}

type WindowName = (index: number) => NamedWindows;

/** A shorter window has a rhythm of its own, that is no news: it is shown and does not gate. */
const week = 7 * 86_400;

/** The evidence at one level, and whose it is. */
interface Strongest {
  readonly logP: number;
  /** the earliest window that is proof by itself; null when none is */
  readonly first: MetricComparison['windows'][number] | null;
  readonly found: Compared;
  /** null for the whole batch */
  readonly window: MetricComparison['windows'][number] | null;
}

function metricQuestion(
  comparison: MetricComparison,
  drop: OutcomeEvidence['drop'],
  nameOf: WindowName,
  settings: VerdictSettings,
): AskedMetric {
  const { id, className, from, baseline, baselineFrom, whole } = comparison;
  const { minRows } = settings.gate;
  const few =
    whole.rows < minRows
      ? `${plural(whole.rows, 'row')} ${from === 'labels' ? 'with a label' : 'with a score'}, fewer than the ${count(minRows)} that a verdict needs`
      : null;
  const codes = codesOf(from);
  const silent = Object.values(codes).every((code) => settings.severity[layerRuleOf[code]] === 'off');
  const tested = few === null && whole.drop.tests.length === 2;
  const fail = tested ? strongest(comparison, 1, settings) : null;
  const warn = tested ? strongest(comparison, 0, settings) : null;
  // what is worse by more than the larger share is worse by more than the smaller
  const logPWarn = warn && fail && Math.min(warn.logP, fail.logP);
  const shown = { id, className, from, baseline, baselineFrom, tolerated: drop };
  return {
    judged: {
      ...shown,
      current: whole.current,
      relative: whole.drop.relative,
      logPWarn,
      logPFail: fail?.logP ?? null,
      window: (fail && fail.logP < 0 ? fail.window : warn?.window)?.index ?? null,
      reason: few ?? whole.drop.reason ?? (silent ? 'its rule is off' : null),
    },
    question:
      fail === null || warn === null || silent
        ? null
        : {
            logPFail: fail.logP,
            logPWarn,
            tell: (level) => tellDrop(comparison, level === 'fail' ? fail : warn, drop[level], level, nameOf, settings),
          },
  };
}

/**
 * A drop that fills one window is diluted in the whole, so both are asked: with W windows that may gate,
 *
 *   p = min(1, 2·p_whole, 2·W·min p_window)
 *
 * @param test which of the tests: at the warn or at the fail share
 */
function strongest({ whole, windows }: MetricComparison, test: 0 | 1, { gate, alpha }: VerdictSettings): Strongest {
  const asked = windows.filter(
    ({ span, rows, drop }) =>
      drop.tests.length === 2 && rows >= gate.minRows && (span === null || span.to - span.from >= week),
  );
  const of = (found: Compared, tests: number) =>
    Math.min(0, finiteLogP(found.drop.tests[test]!.logP) + Math.log(tests));
  if (asked.length < 2) return { logP: of(whole, 1), first: null, found: whole, window: null };
  const first = asked.find((window) => of(window, 2 * asked.length) <= Math.log(alpha)) ?? null;
  let best: Strongest = { logP: of(whole, 2), first, found: whole, window: null };
  for (const window of asked) {
    const logP = of(window, 2 * asked.length);
    if (logP < best.logP) best = { logP, first, found: window, window };
  }
  return best;
}

/** What is said at each level; an estimate that slipped by little is shown and not told. */
function codesOf(from: MetricComparison['from']): Readonly<Partial<Record<'fail' | 'warn', LayerCode>>> {
  return from === 'labels'
    ? { fail: 'PERFORMANCE_DOWN', warn: 'PERFORMANCE_SLIPPED' }
    : { fail: 'ESTIMATED_PERFORMANCE_DOWN' };
}

function tellDrop(
  comparison: MetricComparison,
  { found, window, first }: Strongest,
  tolerated: number,
  level: 'fail' | 'warn',
  nameOf: WindowName,
  { severity }: VerdictSettings,
): Finding | null {
  const code = codesOf(comparison.from)[level];
  if (code === undefined) return null;
  const setting = severity[layerRuleOf[code]];
  if (setting === 'off') return null;
  const { id, className, baseline, baselineFrom, direction, from, whole } = comparison;
  const { current, interval, rows } = found;
  const { relative } = found.drop;
  const named = window && nameOf(window.index);
  const begun = first && nameOf(first.index).since;
  const when = named === null ? '' : ` from ${named.since} to ${named.until}`;
  const moved = direction === 'lower' ? 'rose' : 'fell';
  const worse = relative === null ? '' : `, ${percent(Math.abs(relative))} worse`;
  const of = className === null ? '' : ` of ${quoted(className, 40)}`;
  const bounds = interval === null ? '' : ` ${range(interval)}`;
  const measured =
    from === 'labels' ? plural(rows, 'labelled row') : `estimated without labels on ${plural(rows, 'row')}`;
  const overall = window === null || whole.current === null ? '' : `; ${number(whole.current)} over the whole batch`;
  const since = window === null || begun === null || first === window ? '' : `; so since ${begun}`;
  return {
    code,
    severity: setting,
    column: null,
    role: null,
    message:
      `the ${from === 'labels' ? '' : 'estimated '}${metricTitle(id)}${of} ${moved} from ${number(baseline ?? 0)} to ${number(current ?? 0)}${bounds}${when}${worse}: ` +
      `beyond sampling, by more than the tolerated ${percent(tolerated)} (${measured}; the baseline is ${baselineFrom === 'reference' ? "the reference's own" : 'that of the configuration'}${overall}${since})`,
    data: {
      metric: id,
      className,
      baseline,
      current,
      relative,
      tolerated,
      rows,
      from,
      window: window?.index ?? null,
      since: begun,
      begin: named?.since ?? null,
      end: named?.until ?? null,
    },
  };
}

interface AskedBias {
  readonly bias: Omit<LabelBias, 'rejected'>;
  readonly question: LayerQuestion | null;
}

/** The same arithmetic as for a column's drift, labelled rows against unlabelled ones. */
function biasQuestion({ column, kind, cells }: LabelledCellsOf, settings: VerdictSettings): AskedBias | null {
  const moved = movement(cells);
  if (moved === null || moved.largest === null) return null;
  const { warn, fail } = settings.tolerances.prediction;
  const [atWarn, atFail] = [beyond(moved, warn), beyond(moved, fail)];
  const enough = Math.min(moved.rows.reference, moved.rows.current) >= settings.gate.minRows;
  const silent = settings.severity[layerRuleOf.LABELS_BIASED] === 'off';
  const { cell, reference, current } = moved.largest;
  return {
    bias: { column, phiSquared: moved.phiSquared, cell, labelled: current, unlabelled: reference },
    question:
      !enough || silent
        ? null
        : {
            logPFail: finiteLogP(atFail.logP),
            logPWarn: finiteLogP(atWarn.logP),
            tell: (level) => tellBias(column, kind, moved, level === 'fail' ? atFail : atWarn, level, settings),
          },
  };
}

function tellBias(
  column: string,
  kind: LabelledCellsOf['kind'],
  { phiSquared, rows }: Movement,
  { cell }: BeyondTolerance,
  level: 'fail' | 'warn',
  { severity, tolerances }: VerdictSettings,
): Finding | null {
  const setting = severity[layerRuleOf.LABELS_BIASED];
  if (setting === 'off') return null;
  const tolerance = tolerances.prediction[level];
  const coverage = rows.current / (rows.current + rows.reference);
  return {
    code: 'LABELS_BIASED',
    severity: setting,
    column: null,
    role: null,
    message:
      `labels have arrived for ${percent(coverage)} of rows (${count(rows.current)} of ${count(rows.current + rows.reference)}), and these differ from the others in ${quoted(column)}: ` +
      `the share of ${cellName(cell.cell, kind)} is ${percent(cell.current)} with a label and ${percent(cell.reference)} without; φ² ${number(phiSquared)}, ` +
      `beyond the ${level} tolerance ${number(tolerance.phiSquared)} or ${number(100 * tolerance.cellChange)} points of one cell: metrics speak of the labelled rows only`,
    data: {
      column,
      phiSquared,
      cell: cell.cell,
      labelled: cell.current,
      unlabelled: cell.reference,
      labelledRows: rows.current,
      unlabelledRows: rows.reference,
    },
  };
}

/** What a join found needs no test: a key with two truths is wrong in any number. */
function joinFacts({ join, unfit }: OutcomeEvidence, { severity }: VerdictSettings): Finding[] {
  const setting = severity[layerRuleOf.LABEL_JOIN];
  if (setting === 'off') return [];
  const fact = (message: string, data: Finding['data']): Finding => ({
    code: 'LABEL_JOIN',
    severity: setting,
    column: null,
    role: null,
    message,
    data,
  });
  const told: Finding[] = [];
  if (unfit !== null) told.push(fact(`outcomes are not measured: ${unfit}`, {}));
  if (join !== null && join.conflictingKeys > 0) {
    told.push(
      fact(
        `${plural(join.conflictingKeys, 'key')} of the labels ${join.conflictingKeys === 1 ? 'has' : 'have'} labels that contradict each other: ${plural(join.contradictedRows, 'row')} of the log ${join.contradictedRows === 1 ? 'counts' : 'count'} as unlabelled (of ${count(join.labelKeys)} labelled keys)`,
        { conflictingKeys: join.conflictingKeys, rows: join.contradictedRows, labelKeys: join.labelKeys },
      ),
    );
  }
  if (join !== null && join.repeatedRows > 0) {
    told.push(
      fact(
        `${plural(join.repeatedRows, 'row')} of the log ${join.repeatedRows === 1 ? 'repeats' : 'repeat'} the key ${quoted(join.key, 40)} of another; each row gets the label of its key and counts once`,
        { repeatedRows: join.repeatedRows, key: join.key },
      ),
    );
  }
  return told;
}
