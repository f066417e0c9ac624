import { describe, expect, it } from 'vitest';
import type { ColumnEvidence } from '../../src/model/evidence.ts';
import type { BatchEvidence, BatchWindows } from '../../src/model/time.ts';
import type { Timeline } from '../../src/model/windows.ts';
import { judgeParts, planBatch } from '../../src/verdict/batch-windows.ts';
import { judge } from '../../src/verdict/judge.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { cellsOf, columnOf } from '../support/evidence.ts';
import { Random } from '../support/random.ts';

const day = 86_400;
const settings = defaultVerdictSettings;
const tolerances = settings.tolerances.feature;

/** Windows of a week, which have no rhythm to know. */
const weeks = (rows: readonly number[], timeline: Timeline | null = null): BatchWindows => ({
  column: 'event_time',
  windows: rows.map((many, i) => ({ span: { from: i * 7 * day, to: (i + 1) * 7 * day }, rows: many })),
  timeline,
});

/** One column from its counts by window and cell. */
function byWindow(reference: readonly number[], windows: readonly (readonly number[])[]): BatchEvidence {
  const cells = reference.map((_, b) => Float64Array.from(windows, (counts) => counts[b]!));
  const pooled = cells.map((counts) => counts.reduce((a, b) => a + b, 0));
  return { cells: cellsOf(reference, pooled), batch: { cells, main: cells }, reference: null, missing: null };
}

function column(name: string, reference: readonly number[], windows: readonly (readonly number[])[]): ColumnEvidence {
  const batch = byWindow(reference, windows);
  return columnOf(name, reference, [...batch.cells.current], { batch });
}

/** Counts of normal values over the deciles of the standard normal law. */
const deciles = [
  -1.2815515655, -0.8416212336, -0.5244005127, -0.2533471031, 0, 0.2533471031, 0.5244005127, 0.8416212336, 1.2815515655,
];
function normalCounts(random: Random, rows: number, shift = 0): number[] {
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < rows; i++) {
    const x = random.normal() + shift;
    counts[deciles.filter((edge) => edge <= x).length]! += 1;
  }
  return counts;
}

const level = { warn: Math.log(settings.alpha / 20), fail: Math.log(settings.alpha / 20) };

describe('the windows of a batch', () => {
  it('are judged one by one and from each to the end', () => {
    const { parts, judged } = planBatch(weeks([500, 500, 99, 500]), settings);
    expect(judged).toEqual([true, true, false, true]);
    expect(parts.map(({ form, from, to }) => `${form} ${from}-${to}`)).toEqual([
      'window 0-1',
      'window 1-2',
      'window 3-4',
      'suffix 1-4',
    ]);
  });

  it('name the half that drifted, which the whole hides', () => {
    const clean = [500, 500];
    const moved = [300, 700];
    const windows = [clean, clean, clean, moved, moved, moved];
    const evidence = column('x', [50_000, 50_000], windows);
    const plan = planBatch(weeks(windows.map(() => 1000)), settings);
    const parts = judgeParts(plan, evidence.batch!, tolerances, settings.alpha)!;
    expect(parts.best.warn!.part).toMatchObject({ form: 'suffix', from: 3, to: 6 });
    const { columns, findings } = judge([evidence], evidence.rows, settings, undefined, [], plan);
    expect(columns[0]).toMatchObject({
      outcome: 'drift',
      windows: { beyond: [null, null, null, 'fail', 'fail', 'fail'] },
    });
    expect(findings[0]!.data).toMatchObject({ part: 'suffix', since: '1970-01-22', currentRows: 3000 });
    expect(findings[0]!.message).toContain('drifted since 1970-01-22: ');
  });

  it('name one bad week', () => {
    const clean = [500, 500];
    const windows = [clean, clean, [150, 850], clean, clean, clean, clean];
    const evidence = column('x', [50_000, 50_000], windows);
    const plan = planBatch(weeks(windows.map(() => 1000)), settings);
    const { findings } = judge([evidence], evidence.rows, settings, undefined, [], plan);
    expect(findings[0]!.data).toMatchObject({ part: 'window', since: '1970-01-15', until: '1970-01-22' });
    expect(findings[0]!.message).toContain('drifted from 1970-01-15 to 1970-01-22: ');
  });

  it('are not named when the drift fills the batch', () => {
    const windows = Array.from({ length: 6 }, () => [300, 700]);
    const evidence = column('x', [50_000, 50_000], windows);
    const plan = planBatch(weeks(windows.map(() => 1000)), settings);
    const { findings } = judge([evidence], evidence.rows, settings, undefined, [], plan);
    expect(findings[0]!.data).toMatchObject({ part: 'whole', since: null });
  });

  it('shorter than a week are shown and do not gate where the reference has no time', () => {
    const windows = {
      ...weeks([1000, 1000]),
      windows: weeks([1000, 1000]).windows.map(({ rows }, i) => ({ rows, span: { from: i * day, to: (i + 1) * day } })),
    };
    const plan = planBatch(windows, settings);
    expect(plan.parts.map(({ gates }) => gates)).toEqual([false, false]);
    const evidence = column(
      'x',
      [50_000, 50_000],
      [
        [500, 500],
        [200, 800],
      ],
    );
    expect(judgeParts(plan, evidence.batch!, tolerances, settings.alpha)).toBeNull();
    const { columns } = judge([evidence], evidence.rows, settings, undefined, [], plan);
    expect(columns[0]!.windows!.beyond).toEqual([null, 'fail']);
  });

  it('of rows gate, because they were asked for', () => {
    const plan = planBatch(
      {
        ...weeks([1000, 1000]),
        column: null,
        windows: [
          { span: null, rows: 1000 },
          { span: null, rows: 1000 },
        ],
      },
      settings,
    );
    expect(plan.parts.every(({ gates }) => gates)).toBe(true);
    const evidence = column(
      'x',
      [50_000, 50_000],
      [
        [500, 500],
        [200, 800],
      ],
    );
    const { findings } = judge([evidence], evidence.rows, settings, undefined, [], plan);
    expect(findings[0]!.data).toMatchObject({ part: 'window', since: 'row 1,001', until: 'row 2,000' });
  });

  it('that are too few rows say nothing', () => {
    const plan = planBatch(weeks([50, 50, 50]), settings);
    expect(plan.parts).toEqual([]);
  });
});

/** Ten windows, 10,000 rows against 1,000 or 10,000, as the specification's table has them. */
describe('the union of whole, windows and suffixes', () => {
  const rejectedAt = (
    repeats: number,
    { rows, shiftOf }: { rows: number; shiftOf: (window: number) => number },
    seed: number,
  ) => {
    const random = new Random(seed);
    const found = { warn: 0, fail: 0 };
    for (let i = 0; i < repeats; i++) {
      const windows = Array.from({ length: 10 }, (_, w) => normalCounts(random, rows / 10, shiftOf(w)));
      const evidence = column('x', normalCounts(random, 10_000), windows);
      const plan = planBatch(weeks(windows.map(() => rows / 10)), settings);
      const drift = judge([evidence], evidence.rows, settings, undefined, [], plan).columns[0]!.tests.find(
        ({ rule }) => rule === 'drift',
      )!;
      if (drift.logPFail <= level.fail) found.fail += 1;
      if (drift.logPWarn! <= level.warn) found.warn += 1;
    }
    return { warn: found.warn / repeats, fail: found.fail / repeats };
  };

  it('raises no false alarm', () => {
    expect(rejectedAt(400, { rows: 1000, shiftOf: () => 0 }, 1)).toEqual({ warn: 0, fail: 0 });
    expect(rejectedAt(100, { rows: 10_000, shiftOf: () => 0.1 }, 2)).toEqual({ warn: 0, fail: 0 });
  });

  it('proves a jump at half time that the whole never shows', () => {
    expect(rejectedAt(100, { rows: 1000, shiftOf: (w) => (w < 5 ? 0 : 1) }, 3).fail).toBeGreaterThan(0.95);
    expect(rejectedAt(50, { rows: 10_000, shiftOf: (w) => (w === 4 ? 0.5 : 0) }, 4).warn).toBeGreaterThan(0.5);
  });
});
