import type { ColumnEvidence } from '../model/evidence.ts';
import type { TestedCells } from '../model/frequency-table.ts';
import type { Tolerances, VerdictSettings } from '../model/settings.ts';
import type { NoiseSource } from '../model/verdict.ts';
import type { WindowCounts, WindowPlan } from '../model/windows.ts';
import { finiteLogP, type Hypothesis, judgeFamily, type Rejected } from './family.ts';
import { beyond, movement } from './minimum-effect.ts';
import { fewestWindows, noiseAround, sumOf } from './noise.ts';
import { atOrAbove, fewColumns } from './severity.ts';

/**
 * The drift rules of the gate, asked of what is known to be clean: each window of the reference against the rest of it, by the same
 * arithmetic as the batch against the whole. The counts are there already.
 */

/** Windows that are tried; of more, so many evenly spread ones. */
const mostWindows = 60;

/** A column that was tested, with what the test obeys. */
export interface Candidate {
  readonly evidence: ColumnEvidence;
  readonly tolerances: Tolerances;
}

const kept: Hypothesis = { logPFail: 0, logPWarn: 0 };

/**
 * @param familySize of the run: the questions that are not asked again keep their share of alpha
 * @returns null when too few windows are left without the one that is tried
 */
export function backTest(
  candidates: readonly Candidate[],
  plan: WindowPlan,
  familySize: number,
  settings: VerdictSettings,
): NoiseSource['backTest'] {
  const W = plan.windows.length;
  const asked = candidates.filter(
    ({ evidence }) => evidence.cells !== null && evidence.windows && !evidence.measureGate,
  );
  if (W <= fewestWindows || asked.length === 0) return null;
  const phases = plan.samePhase === null ? null : asked.map(({ evidence }) => sumOf(evidence.windows!.cells));
  const tried = Math.min(W, mostWindows);
  const others = Array.from({ length: Math.max(0, familySize - asked.length) }, () => kept);
  let fired = 0;
  for (let i = 0; i < tried; i++) {
    const window = Math.floor((i * W) / tried);
    const hypotheses = asked.map((candidate, c) =>
      driftOf(window, candidate, plan, phases?.[c] ?? null, settings.alpha),
    );
    // a window in which nothing stands out needs no family
    if (hypotheses.every((hypothesis) => hypothesis === kept)) continue;
    const rejected = judgeFamily([...hypotheses, ...others], settings.alpha);
    if (fires(asked, rejected, settings)) fired += 1;
  }
  return { windows: tried, fired };
}

/** The drift question of one column with one window as the batch; `kept` as soon as it cannot be rejected. */
function driftOf(
  window: number,
  { evidence, tolerances: { warn, fail } }: Candidate,
  plan: WindowPlan,
  phase: Float64Array | null,
  alpha: number,
): Hypothesis {
  const counts = evidence.windows!;
  const cells = cellsAround(evidence.cells!, counts, window);
  const moved = movement(cells);
  if (moved === null || moved.cells < 2) return kept;
  const largest = moved.largest?.change ?? 0;
  if (moved.phiSquared <= warn.phiSquared && largest <= warn.cellChange) return kept;
  const whole = phase === null ? cells.reference : without(phase, counts.cells, window);
  const noise = noiseAround(counts.cells, whole, cells.current, plan, window);
  if (noise !== null && noise.logP > Math.log(alpha)) return kept;
  const least = noise?.logP ?? -Infinity;
  return {
    logPFail: finiteLogP(Math.max(beyond(moved, fail).logP, least)),
    logPWarn: finiteLogP(Math.max(beyond(moved, warn).logP, least)),
  };
}

/** The window as the batch, and the reference without it. */
function cellsAround(cells: TestedCells, counts: WindowCounts, window: number): TestedCells {
  const pick = (windows: readonly Float64Array[]) => Float64Array.from(windows, (cell) => cell[window]!);
  return {
    labels: cells.labels,
    reference: without(cells.reference, counts.cells, window),
    current: pick(counts.cells),
    main: {
      labels: cells.main.labels,
      reference: without(cells.main.reference, counts.main, window),
      current: pick(counts.main),
    },
  };
}

function without(whole: Float64Array, windows: readonly Float64Array[], window: number): Float64Array {
  return whole.map((rows, b) => rows - windows[b]![window]!);
}

function fires(
  asked: readonly Candidate[],
  rejected: readonly Rejected[],
  { severity, gate: { failOn } }: VerdictSettings,
): boolean {
  const counts = (rule: 'drift_fail' | 'drift_warn' | 'many_drift_warn') => {
    const level = severity[rule];
    return level !== 'off' && atOrAbove(level, failOn);
  };
  const inputs = asked.filter(
    ({ evidence: { role } }, c) => (role === 'feature' || role === 'segment') && rejected[c] !== null,
  );
  return (
    (counts('drift_fail') && asked.some((_, c) => rejected[c] === 'fail')) ||
    (counts('drift_warn') && asked.some((_, c) => rejected[c] !== null)) ||
    (counts('many_drift_warn') && inputs.length > fewColumns)
  );
}
