import type { ColumnEvidence } from '../../src/model/evidence.ts';
import type { VerdictSettings } from '../../src/model/settings.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { TimeSpan, WindowPlan } from '../../src/model/windows.ts';
import { joinPeriods } from '../../src/profile/periods.ts';
import { judge } from '../../src/verdict/judge.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { planWindows } from '../../src/verdict/windows.ts';
import type { Random } from '../support/random.ts';

/** A log of equal periods, drawn for the tests alone: what one period's rows are, given everything before. */
export interface Law {
  /** a column's periods, oldest first, each a sampler of values; the last is the batch */
  periods(random: Random, count: number): readonly (() => number)[];
}

/** Standard normal rows around a level of their own for every period. */
export const periodEffects = (sd: number): Law => ({
  periods: (random, count) =>
    Array.from({ length: count }, () => {
      const level = sd * random.normal();
      return () => level + random.normal();
    }),
});

/** Levels of neighbouring periods that resemble each other: AR(1). */
export const slowEffects = (sd: number, correlation: number): Law => ({
  periods: (random, count) => {
    let level = sd * random.normal();
    return Array.from({ length: count }, () => {
      level = correlation * level + sd * Math.sqrt(1 - correlation ** 2) * random.normal();
      const here = level;
      return () => here + random.normal();
    });
  },
});

/** Rows that each resemble the row before: AR(1) with unit variance. */
export const autoregressive = (correlation: number): Law => ({
  periods: (random, count) => {
    let x = random.normal();
    const next = () => {
      x = correlation * x + Math.sqrt(1 - correlation ** 2) * random.normal();
      return x;
    };
    return Array.from({ length: count }, () => next);
  },
});

/** A rhythm: each period's level is its place in a wave of `length` periods. */
export const rhythm = (amplitude: number, length: number): Law => ({
  periods: (random, count) =>
    Array.from({ length: count }, (_, i) => {
      const level = amplitude * Math.sin((2 * Math.PI * i) / length);
      return () => level + random.normal();
    }),
});

export const shifted = (law: Law, shift: number): Law => ({
  periods: (random, count) => {
    const periods = law.periods(random, count);
    return periods.map((next, i) => (i === count - 1 ? () => next() + shift : next));
  },
});

const tails = 0.005;

/** One column of a reference of `windows` periods and a batch of one, as the engine would count it. */
export function column(
  random: Random,
  name: string,
  { law, windows, rows }: Setting,
  plan: WindowPlan,
): ColumnEvidence {
  const values = law.periods(random, windows + 1).map((next, w) => {
    const period = new Float64Array(rows[w % rows.length]!);
    // in order: one sampler may serve all periods
    for (let i = 0; i < period.length; i++) period[i] = next();
    return period;
  });
  const reference = Float64Array.from(values.slice(0, -1).flatMap((period) => [...period])).sort();
  const at = (share: number) => reference[Math.floor(share * reference.length)]!;
  const deciles = Array.from({ length: 9 }, (_, i) => at((i + 1) / 10));
  const edges = [at(tails), ...deciles, at(1 - tails)];
  const counted = values.map((period) => countOver(period, edges));
  const join = (counts: Float64Array) =>
    Float64Array.from([counts[0]! + counts[1]!, ...counts.slice(2, -2), counts.at(-2)! + counts.at(-1)!]);
  const byCell = (windowed: readonly Float64Array[]) =>
    Array.from(windowed[0]!, (_, b) => Float64Array.from(windowed, (counts) => counts[b]!));
  const past = counted.slice(0, -1);
  const batch = counted.at(-1)!;
  const cells = byCell(past);
  const main = byCell(past.map(join));
  const sum = (counts: readonly Float64Array[]) => Float64Array.from(counts, (cell) => cell.reduce((a, b) => a + b, 0));
  const labels = (counts: readonly unknown[]) => counts.map((_, b) => `cell ${b}`);
  return {
    name,
    role: 'feature',
    kind: 'numeric',
    schema: 'same',
    rows: { reference: reference.length, current: values.at(-1)!.length },
    cells: {
      labels: labels(cells),
      reference: sum(cells),
      current: batch,
      main: { labels: labels(main), reference: sum(main), current: join(batch) },
    },
    windows: { cells: joined(cells, plan), main: joined(main, plan) },
    missing: null,
    unseen: null,
    outside: null,
    mode: null,
  };
}

function joined(cells: readonly Float64Array[], { windows }: WindowPlan): Float64Array[] {
  return cells.map((counts) => joinPeriods(counts, windows));
}

function countOver(values: Float64Array, edges: readonly number[]): Float64Array {
  const counts = new Float64Array(edges.length + 1);
  for (const x of values) {
    let cell = 0;
    while (cell < edges.length && edges[cell]! <= x) cell += 1;
    counts[cell]! += 1;
  }
  return counts;
}

const day = 86_400;

/** A plan of weekly windows, which no rhythm narrows; a batch that follows the last of them. */
export function weeklyPlan(
  windows: number,
  rows: readonly number[],
  settings: Pick<VerdictSettings, 'noise' | 'gate'> = defaultVerdictSettings,
): WindowPlan {
  return planOf(windows, rows, 7 * day, settings);
}

export function planOf(
  windows: number,
  rows: readonly number[],
  length: number,
  settings: Pick<VerdictSettings, 'noise' | 'gate'> = defaultVerdictSettings,
  batch: TimeSpan = { from: windows * length, to: (windows + 1) * length },
): WindowPlan {
  const timeline = {
    column: 'event_time',
    start: 0,
    length,
    rows: Float64Array.from({ length: windows }, (_, w) => rows[w % rows.length]!),
    outside: 0,
    granularity: 0,
  };
  return planWindows(timeline, batch, settings);
}

export interface Setting {
  readonly law: Law;
  readonly windows: number;
  /** rows a period, repeated; the batch has those of its place */
  readonly rows: readonly number[];
  readonly columns?: number;
  readonly plan?: WindowPlan;
}

/** A run over columns of one law, and the same run without looking at time. */
export function runs(random: Random, setting: Setting): { with: Verdict; without: Verdict } {
  const { windows, rows, columns = 20, plan = weeklyPlan(windows, rows) } = setting;
  const evidence = Array.from({ length: columns }, (_, i) => column(random, `column ${i}`, setting, plan));
  const sizes = evidence[0]!.rows;
  return {
    with: judge(evidence, sizes, defaultVerdictSettings, plan),
    without: judge(evidence, sizes, defaultVerdictSettings),
  };
}

/** A drift at either level. */
export function drifted(verdict: Verdict): boolean {
  return verdict.columns.some(({ tests }) => tests.some(({ rule, rejected }) => rule === 'drift' && rejected !== null));
}
