import type { ColumnEvidence } from '../model/evidence.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { Verdict } from '../model/verdict.ts';
import { examine, type Judged, judgeColumn } from './column-verdict.ts';
import { judgeFamily } from './family.ts';
import { decideGate, type Sizes, tooFewRows } from './gate.ts';
import { sentence } from './messages.ts';
import { count } from './numerals.ts';
import { byWeight, compareText, fewColumns, type Ranked } from './severity.ts';

/**
 * The verdict of a run, from counts alone: what was asked of every column is judged as one family of hypotheses, so that a clean
 * run breaches the gate with probability alpha at most, however many columns it has.
 *
 * Pure: the same evidence gives the same verdict, in whatever order the columns come.
 */
export function judge(evidence: readonly ColumnEvidence[], sizes: Sizes, settings: VerdictSettings): Verdict {
  const tooFew = tooFewRows(sizes, settings.gate.minRows);
  const examined = evidence.map((column) => examine(column, settings, tooFew));

  const family = examined.flatMap(({ questions }) => questions);
  const rejected = judgeFamily(family, settings.alpha);
  let taken = 0;
  const judged = examined.map((column) => {
    const levels = rejected.slice(taken, taken + column.questions.length);
    taken += levels.length;
    return judgeColumn(column, levels, settings);
  });

  const ranked = [...judged.flatMap((column) => column.ranked), ...manyAtOnce(judged, settings)].sort(byWeight);
  const findings = ranked.map(({ finding }) => finding);
  const columns = judged.map(({ verdict }) => verdict);
  return {
    columns,
    findings,
    gate: decideGate(columns, findings, sizes, settings.gate),
    method: {
      alpha: settings.alpha,
      familySize: family.length,
      noise: 'noise between periods unknown: the reference was not compared with itself over time',
    },
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
