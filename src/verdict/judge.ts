import { logChiSquaredUpperTail } from '../math/chi-squared.ts';
import type { ColumnEvidence } from '../model/evidence.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { ColumnVerdict, NoiseSource, Verdict } from '../model/verdict.ts';
import type { WindowPlan } from '../model/windows.ts';
import { backTest } from './back-test.ts';
import type { BatchPlan } from './batch-windows.ts';
import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { type Examined, examine, type Judged, judgeColumn } from './column-verdict.ts';
import { finiteLogP, type Hypothesis, judgeFamily, type Rejected } from './family.ts';
import { decideGate, type Sizes, tooFewRows } from './gate.ts';
import { type Layer, toldBy } from './layers.ts';
import { sentence } from './messages.ts';
import { noiseSentence, strengthOf } from './noise-words.ts';
import { count } from './numerals.ts';
import { byWeight, compareText, fewColumns, type Ranked, worst } from './severity.ts';
import { without } from './windows.ts';

/** A verdict, and at which level each of the other layers' questions was rejected, in their order. */
export interface JudgedRun extends Verdict {
  readonly layers: readonly (readonly Rejected[])[];
}

/**
 * The verdict of a run, from counts alone: what was asked of every column is judged as one family of hypotheses, so that a clean
 * run breaches the gate with probability alpha at most, however many columns it has.
 *
 * Pure: the same evidence gives the same verdict, in whatever order the columns come.
 *
 * @param batch the batch's own windows; null when it has none
 * @param layers what is asked beside the columns: their questions share the family
 */
export function judge(
  evidence: readonly ColumnEvidence[],
  sizes: Sizes,
  settings: VerdictSettings,
  plan: WindowPlan = without('no-timestamp', null),
  layers: readonly Layer[] = [],
  batch: BatchPlan | null = null,
): JudgedRun {
  const tooFew = tooFewRows(sizes, settings.gate.minRows);
  const examined = evidence.map((column) => examine(column, settings, tooFew, plan, batch));

  const family: Hypothesis[] = [
    ...examined.flatMap(({ questions }) => questions),
    ...layers.flatMap(({ questions }) => questions),
  ];
  const rejected = judgeFamily(family, settings.alpha);
  let taken = 0;
  const levelsOf = ({ questions }: { readonly questions: readonly unknown[] }) => {
    taken += questions.length;
    return rejected.slice(taken - questions.length, taken);
  };
  const judged = examined.map((column) => judgeColumn(column, levelsOf(column), settings));
  const byLayer = layers.map(levelsOf);

  const byName = new Map(judged.map(({ verdict }) => [verdict.name, verdict]));
  const beside = layers.flatMap((layer, i) => toldBy(layer, byLayer[i]!, byName));
  const ranked = [...judged.flatMap((column) => column.ranked), ...manyAtOnce(judged, settings), ...beside].sort(
    byWeight,
  );
  const findings = ranked.map(({ finding }) => finding);
  const columns = withBeside(withQValues(judged), judged, beside);
  const periods = noiseSource(examined, plan, family.length, settings);
  return {
    columns,
    findings,
    gate: decideGate(columns, findings, sizes, settings.gate),
    method: {
      alpha: settings.alpha,
      familySize: family.length,
      noise: noiseSentence(plan, periods),
      periods,
    },
    layers: byLayer,
  };
}

/** What a layer found of a column stands with the column too: a test report, for one, has nothing but columns. */
function withBeside(
  columns: readonly ColumnVerdict[],
  judged: readonly Judged[],
  beside: readonly Ranked[],
): readonly ColumnVerdict[] {
  return columns.map((column, i) => {
    const own = beside.filter(({ finding }) => finding.column === column.name);
    if (own.length === 0) return column;
    const findings = [...judged[i]!.ranked, ...own].sort(byWeight).map(({ finding }) => finding);
    return { ...column, findings, severity: worst(findings) };
  });
}

/** Classical p-values of φ², adjusted for the number of columns: for the list, and never gated. */
function withQValues(judged: readonly Judged[]): readonly ColumnVerdict[] {
  const tested = judged.map(({ examined: { moved, questions } }) =>
    moved !== null && moved.cells > 1 && questions.some(({ rule }) => rule === 'drift')
      ? finiteLogP(logChiSquaredUpperTail(moved.phiSquared / moved.samplingVariance, moved.cells - 1))
      : null,
  );
  return benjaminiHochberg(tested).map((qValue, i) => ({
    ...judged[i]!.verdict,
    ...(qValue === null ? {} : { qValue }),
  }));
}

function noiseSource(
  examined: readonly Examined[],
  plan: WindowPlan,
  familySize: number,
  settings: VerdictSettings,
): NoiseSource {
  const { column, windowSeconds, batchSeconds, outsideRows, samePhase } = plan;
  const tested = examined.filter(({ questions }) => questions.some(({ rule }) => rule === 'drift'));
  const windows = plan.windows.length;
  return {
    column,
    windows,
    windowSeconds,
    batchSeconds,
    outsideRows,
    samePhase,
    strength: strengthOf(windows),
    backTest: backTest(tested, plan, familySize, settings),
  };
}

/** More than a few of the model's inputs moved at once, each at `warn` at least. */
function manyAtOnce(judged: readonly Judged[], { severity }: VerdictSettings): readonly Ranked[] {
  const level = severity.many_drift_warn;
  const inputs = judged
    .filter(({ examined }) => examined.evidence.role === 'feature' || examined.evidence.role === 'segment')
    .filter(({ verdict }) => verdict.tests.some(({ rule }) => rule === 'drift'));
  const drifted = inputs
    .filter(({ verdict }) => verdict.tests.some(({ rule, rejected }) => rule === 'drift' && rejected !== null))
    .map(({ verdict }) => ({ name: verdict.name, phiSquared: verdict.gating?.phiSquared ?? 0 }))
    .sort((a, b) => b.phiSquared - a.phiSquared || compareText(a.name, b.name));
  if (level === 'off' || drifted.length <= fewColumns) return [];

  const shown = drifted.slice(0, 5).map(({ name }) => quoted(name, 40));
  const hidden = drifted.length - shown.length;
  const data = {
    columns: drifted.length,
    tested: inputs.length,
    limit: fewColumns,
    names: [...shown, ...(hidden > 0 ? [`${count(hidden)} more`] : [])].join(', '),
  };
  const message = sentence('MANY_DRIFT_WARN', null, null, data);
  return [
    { excess: 0, finding: { code: 'MANY_DRIFT_WARN', severity: level, column: null, role: null, message, data } },
  ];
}
