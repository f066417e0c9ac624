import { findMeasure } from '../drift/registry.ts';
import { type PairedCounts, sampleSizes } from '../drift/samples.ts';
import { logKolmogorovUpperTail } from '../math/kolmogorov.ts';
import { logAddExp } from '../math/logarithms.ts';
import { logNoncentralChiSquaredUpperTail } from '../math/noncentral-chi-squared.ts';
import { logNormalUpperTail, normalQuantile } from '../math/normal.ts';
import { seedOf } from '../math/random.ts';
import { DriftError } from '../model/errors.ts';
import type { ColumnEvidence } from '../model/evidence.ts';
import type { FrequencyTable } from '../model/frequency-table.ts';
import type { Kind, Measure, MeasureInput, MeasureResult } from '../model/measure.ts';
import type { MeasureTolerance, VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { MeasureGate, OwnMeasure } from '../model/verdict.ts';
import { boundary, logUpperTail, redraw, type SamplingLaw, type Size, upperQuantile } from './boundary-bootstrap.ts';
import { finiteLogP } from './family.ts';
import { groupTable } from './grouped-table.ts';
import { type MeasureSize, measureSizes, sizeFromCounts } from './measure-sizes.ts';
import { movement, phiSquaredInterval, steadyVariance } from './minimum-effect.ts';

/**
 * Any measure as the gate of a column: "is the population's value larger than the tolerance?", asked of one number instead of φ² and
 * the largest cell change. By a formula where there is one,
 *
 *   Kolmogorov–Smirnov   P(sup |B| ≥ (D − τ)/√v): the difference of the two errors is no larger than a Brownian bridge, wherever the
 *                        maximum is and however many places share it
 *   AUC                  normal, with the variance of the placements (DeLong)
 *   one cell's change    normal, times the number of cells
 *   φ²                   the non-central chi-squared law
 *
 * and otherwise by redrawing from the table's counts with the tolerance as the truth (boundary-bootstrap.ts). docs/measure-gate.md has
 * the levels that were measured.
 *
 * Sources    Massart (1990), doi:10.1214/aop/1176990746; DeLong et al. (1988), doi:10.2307/2531595; Davison & Hinkley (1997), ch. 4.
 */

/** What is known of a measure's error by sampling. */
interface Inference {
  /** log p of "the population's value is at most the tolerance", were the measure found to be `value` */
  logP(value: number, tolerance: number): number;
  /** bounds of the population's value, each at alpha, were the measure found to be `value` */
  interval(value: number, alpha: number): readonly [number, number];
  readonly method: string;
}

/**
 * @param gate the measure's tolerances, in terms of its size (see measure-sizes.ts)
 * @param name of the column: redraws are seeded by it, so that they depend neither on the order of columns nor on the others
 */
export function measureGate(
  measure: Measure,
  input: MeasureInput,
  { warn, fail }: Pick<MeasureTolerance, 'warn' | 'fail'>,
  alpha: number,
  name: string,
): MeasureGate {
  const size = measureSizes.find(({ id }) => id === measure.id)!;
  let result: MeasureResult;
  try {
    result = measure.measure(input);
  } catch (error) {
    if (error instanceof DriftError && error.code === 'EMPTY_SAMPLE') return { failed: error.message };
    throw error;
  }
  const counts = countsOf(measure, input);
  const statistic = size.of(result, counts);
  if (!Number.isFinite(statistic)) return { failed: `${measure.title} has no finite value` };
  const certain = certainBounds(size, result);
  const [least, most] = certain ?? [statistic, statistic];
  const inference = infer(size, measure, input, counts, statistic, { warn, fail }, seedOf(name));
  const at = (value: number) => {
    const atFail = finiteLogP(inference.logP(value, fail));
    // what is above `fail` is above `warn`: redraws must not say otherwise
    return { fail: atFail, warn: finiteLogP(Math.min(atFail, inference.logP(value, warn))) };
  };
  const own: OwnMeasure = {
    id: measure.id,
    title: measure.title,
    scale: size.scale,
    statistic,
    certain,
    interval: [inference.interval(least, alpha)[0], inference.interval(most, alpha)[1]],
    tolerance: { warn, fail },
    method: inference.method,
  };
  return { own, surely: at(least), perhaps: at(most) };
}

function countsOf(measure: Measure, { table, cells }: MeasureInput): PairedCounts {
  if (!measure.needs.includes('cells')) return table;
  return measure.id === 'largest-cell-change' ? cells.main : cells;
}

/** Bounds that hold the statistic of the raw values; null when it is that of the raw values, or nothing is known of it. */
function certainBounds({ id }: MeasureSize, { interval, exact }: MeasureResult): readonly [number, number] | null {
  if (exact || interval === undefined || interval[0] === interval[1]) return null;
  const [low, high] = interval;
  if (id !== 'mann-whitney') return interval;
  const off = [Math.abs(low - 0.5), Math.abs(high - 0.5)];
  return [low <= 0.5 && high >= 0.5 ? 0 : Math.min(...off), Math.max(...off)];
}

function infer(
  size: MeasureSize,
  measure: Measure,
  input: MeasureInput,
  counts: PairedCounts,
  statistic: number,
  tolerance: { readonly warn: number; readonly fail: number },
  seed: number,
): Inference {
  switch (size.law) {
    case 'phi-squared':
      return byNoncentralLaw(input);
    case 'largest-change':
      return byNormalCells(counts);
    case 'kolmogorov-smirnov':
      return byBrownianBridge(counts);
    case 'auc':
      return byPlacements(counts);
    case 'cells':
      return byRedraws(size, sizeFromCounts(size, measure, null), counts, statistic, tolerance, seed);
    case 'table': {
      if (input.table.form === 'categories') throw new TypeError('a measure of ordered values was given categories');
      const grouped = groupTable(input.table);
      return byRedraws(size, sizeFromCounts(size, measure, grouped.support), grouped, statistic, tolerance, seed);
    }
  }
}

function byNoncentralLaw({ cells }: MeasureInput): Inference {
  const moved = movement(cells)!;
  const v = moved.samplingVariance;
  return {
    method: 'non-central chi-squared law',
    logP: (value, tolerance) =>
      moved.cells < 2 ? 0 : logNoncentralChiSquaredUpperTail(value / v, moved.cells - 1, tolerance / v),
    interval: (_, alpha) => phiSquaredInterval(moved, alpha),
  };
}

function byNormalCells({ reference, current }: PairedCounts): Inference {
  const { n, m } = sampleSizes({ reference, current });
  const filled = Array.from(reference.keys()).filter((i) => reference[i]! + current[i]! > 0);
  const shifts = filled.map((i) => ({
    change: Math.abs(reference[i]! / n - current[i]! / m),
    error: Math.sqrt(steadyVariance(reference[i]!, n) + steadyVariance(current[i]!, m)),
  }));
  // two cells change by the same
  const questions = filled.length === 2 ? 1 : filled.length;
  const greatest = (z: number) => Math.max(...shifts.map(({ change, error }) => change + z * error));
  return {
    method: 'normal law of each cell, times their number',
    logP: (_, tolerance) => {
      if (filled.length < 2) return 0;
      const z = Math.max(...shifts.map(({ change, error }) => (change - tolerance) / error));
      return Math.min(0, Math.log(2 * questions) + logNormalUpperTail(z));
    },
    interval: (_, alpha) => [
      Math.max(0, greatest(normalQuantile(alpha / (2 * questions)))),
      Math.min(1, greatest(-normalQuantile(alpha))),
    ],
  };
}

function byBrownianBridge(counts: PairedCounts): Inference {
  const { n, m } = sampleSizes(counts);
  const spread = Math.sqrt(1 / n + 1 / m);
  const logTail = (error: number) => (error > 0 ? logKolmogorovUpperTail(error / spread) : 0);
  return {
    method: 'Kolmogorov law of the sampling error',
    logP: (value, tolerance) => logTail(value - tolerance),
    interval: (value, alpha) => {
      const error = solve((x) => logTail(x) <= Math.log(alpha), 14 * spread);
      return [Math.max(0, value - error), Math.min(1, value + error)];
    },
  };
}

function byPlacements(counts: PairedCounts): Inference {
  const { n, m } = sampleSizes(counts);
  let referenceBelow = 0;
  let currentBelow = 0;
  let mean = 0;
  const placements = Array.from(counts.reference, (r, i) => {
    const c = counts.current[i]!;
    // of a reference row among the current ones, and of a current row among the reference's
    const at = { r, c, aboveIt: 1 - (currentBelow + c / 2) / m, belowIt: (referenceBelow + r / 2) / n };
    referenceBelow += r;
    currentBelow += c;
    mean += (r / n) * at.aboveIt;
    return at;
  });
  // a row half-way off on either side, so that the variance of sides that do not overlap is not zero
  let ofReference = 0.25;
  let ofCurrent = 0.25;
  for (const { r, c, aboveIt, belowIt } of placements) {
    ofReference += r * (aboveIt - mean) ** 2;
    ofCurrent += c * (belowIt - mean) ** 2;
  }
  const error = Math.sqrt(ofReference / n ** 2 + ofCurrent / m ** 2);
  return {
    method: 'normal law with the variance of the placements',
    // at the tolerance on one side of ½, the AUC may also come out on the other
    logP: (value, tolerance) =>
      Math.min(
        0,
        logAddExp(logNormalUpperTail((value - tolerance) / error), logNormalUpperTail((value + tolerance) / error)),
      ),
    interval: (value, alpha) => {
      const reach = -normalQuantile(alpha) * error;
      return [Math.max(0, value - reach), Math.min(0.5, value + reach)];
    },
  };
}

/** A sampling law, and the population's value that it was drawn at. */
interface Node {
  readonly tolerance: number;
  readonly law: SamplingLaw;
}

function byRedraws(
  { squared }: MeasureSize,
  size: Size,
  counts: PairedCounts,
  statistic: number,
  tolerance: { readonly warn: number; readonly fail: number },
  seed: number,
): Inference {
  const found = size(counts);
  // a grouped table has lost what lies inside its groups
  const scale = found > 0 && statistic > 0 ? statistic / found : 1;
  const { n, m } = sampleSizes(counts);
  const pooled = counts.reference.map((r, i) => (r + counts.current[i]!) / (n + m));
  const none = redraw(size, { reference: pooled.map((p) => p * n), current: pooled.map((p) => p * m) }, seed);
  const laws = new Map<number, SamplingLaw | null>();
  const lawAt = (at: number): SamplingLaw | null => {
    const known = laws.get(at);
    if (known !== undefined) return known;
    const edge = at > 0 ? boundary(size, counts, at / scale) : null;
    const law = at === 0 ? none : edge && redraw(size, edge, seed);
    laws.set(at, law);
    return law;
  };
  const logP = (value: number, at: number): number => {
    if (!(value > at)) return 0;
    const law = lawAt(at);
    return law === null ? 0 : logUpperTail(law, value / scale);
  };
  const asDistance = (value: number) => (squared ? Math.sqrt(value) : value);
  const fromDistance = (value: number) => (squared ? value ** 2 : value);
  return {
    method: `${none.sorted.length} redraws from the counts, with the tolerance as the truth`,
    logP,
    interval: (value, alpha) => {
      const nodes: Node[] = [{ tolerance: 0, law: none }];
      for (const at of [tolerance.warn, tolerance.fail]) {
        const law = at > nodes.at(-1)!.tolerance && at < statistic ? lawAt(at) : null;
        if (law !== null) nodes.push({ tolerance: at, law });
      }
      if (found > 0) nodes.push({ tolerance: statistic, law: redraw(size, counts, seed) });
      // the triangle inequality: the population is no farther off than the sample and its error together
      const error = upperQuantile(none, alpha) * scale;
      return [
        Math.min(value, lowerBound(nodes, value, scale, alpha)),
        fromDistance(asDistance(value) + asDistance(error)),
      ];
    },
  };
}

/** The smallest population value whose own sampling law, interpolated between those that were drawn, does not rule the value out. */
function lowerBound(nodes: readonly Node[], value: number, scale: number, alpha: number): number {
  const critical = nodes.map(({ law }) => upperQuantile(law, alpha) * scale);
  if (critical[0]! >= value) return 0;
  for (let i = 1; i < nodes.length; i++) {
    const [low, high] = [critical[i - 1]!, Math.max(critical[i - 1]!, critical[i]!)];
    if (high < value) continue;
    const part = (value - low) / (high - low);
    return nodes[i - 1]!.tolerance + part * (nodes[i]!.tolerance - nodes[i - 1]!.tolerance);
  }
  return nodes.at(-1)!.tolerance;
}

/** The smallest x in (0, most] for which this holds, where it holds from some x on. */
function solve(holds: (x: number) => boolean, most: number): number {
  let low = 0;
  let high = most;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The evidence with what the column's own measure found, when the user chose one for it. */
export function withMeasureGate(
  evidence: ColumnEvidence,
  table: FrequencyTable | null,
  moments: MeasureInput['moments'],
  { columns, alpha }: Pick<VerdictSettings, 'columns' | 'alpha'>,
): ColumnEvidence {
  const gate = gateOf(columns, evidence.name);
  const { cells, kind } = evidence;
  if (gate === undefined || table === null || cells === null || evidence.notTested !== undefined) return evidence;
  const measure = findMeasure(gate.measure);
  if (!measure.kinds.includes(kind)) return evidence;
  return { ...evidence, measureGate: measureGate(measure, { table, cells, moments }, gate, alpha, evidence.name) };
}

/**
 * The kind of a column is known when the reference was read.
 *
 * @throws {DriftError} BAD_CONFIG when a column's own measure does not compare its kind
 */
export function requireFittingMeasures(
  columns: readonly { readonly name: string; readonly kind: Kind }[],
  settings: Pick<VerdictSettings, 'columns'>,
): void {
  for (const { name, kind } of columns) {
    const gate = gateOf(settings.columns, name);
    const measure = gate && findMeasure(gate.measure);
    if (measure === undefined || measure.kinds.includes(kind)) continue;
    throw new DriftError(
      'BAD_CONFIG',
      `columns.${quoted(name, 40)}.gate.measure is ${quoted(measure.alias)}, which compares ${measure.kinds.join(', ')} columns; ` +
        `this one is ${kind}`,
    );
  }
}

function gateOf(columns: VerdictSettings['columns'], name: string): MeasureTolerance | undefined {
  // own keys only: a log may well have a column called "constructor"
  return Object.hasOwn(columns, name) ? columns[name]?.gate : undefined;
}
