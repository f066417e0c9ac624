import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WindowPlan } from '../../src/model/windows.ts';
import { judge } from '../../src/verdict/judge.ts';
import { noiseAround, periodNoise } from '../../src/verdict/noise.ts';
import { noiseSentence } from '../../src/verdict/noise-words.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { without } from '../../src/verdict/windows.ts';
import { cellsOf, columnOf } from '../support/evidence.ts';
import { planOf, weeklyPlan } from './periods.ts';

const whole = { batchInWindows: 1, leastRows: 1 };

/** Windows as rows, turned into one array a cell. */
const byCell = (windows: readonly (readonly number[])[]) =>
  windows[0]!.map((_, b) => Float64Array.from(windows, (counts) => counts[b]!));
const sums = (windows: readonly (readonly number[])[]) =>
  Float64Array.from(byCell(windows), (counts) => counts.reduce((a, b) => a + b, 0));

describe('the noise between windows, by hand', () => {
  // shares .9, .1 and .5 of the first cell; each against the rest: φ² = 3/2, 3/2 and 0
  const windows = [
    [9, 1],
    [1, 9],
    [5, 5],
  ];

  it('is what the windows differ by beyond sampling', () => {
    const noise = noiseAround(byCell(windows), sums(windows), Float64Array.of(8, 2), whole)!;
    expect(noise).toMatchObject({ windows: 3, degreesOfFreedom: 1 });
    expect(noise.median).toBeCloseTo(1.5, 14);
    expect(noise.largest).toBeCloseTo(1.5, 14);
    // (mean of 3/2, 3/2, 0) − 3/20, times 2/3
    expect(noise.between).toBeCloseTo((0.85 * 2) / 3, 14);
    // 1/30 + 1/10 + s² (1 + 1/3) = 8/9
    expect(noise.expected).toBeCloseTo(8 / 9, 14);
    const phiSquared = 0.18 * (1 / 1.3 + 1 / 0.7);
    expect(noise.phiSquared).toBeCloseTo(phiSquared, 14);
    // P(F(1, 2) ≥ x) = 1 − √(x / (x + 2))
    const x = (phiSquared * 9) / 8;
    expect(noise.logP).toBeCloseTo(Math.log(1 - Math.sqrt(x / (x + 2))), 12);
    // 1 and 10/… : the mean of φ² over its sampling variance
    expect(noise.overdispersion).toBeCloseTo(1 / 0.15, 12);
  });

  it('counts twice for a batch of half a window', () => {
    const noise = noiseAround(byCell(windows), sums(windows), Float64Array.of(8, 2), {
      ...whole,
      batchInWindows: 0.5,
    })!;
    expect(noise.expected).toBeCloseTo(2 / 15 + ((0.85 * 2) / 3) * (2 + 1 / 3), 14);
  });

  it('is nothing when the windows differ by sampling only', () => {
    const even = Array.from({ length: 12 }, (_, w) => (w % 2 ? [50, 50] : [51, 49]));
    const noise = noiseAround(byCell(even), sums(even), Float64Array.of(101, 99), whole)!;
    expect(noise.between).toBe(0);
    expect(noise.overdispersion).toBe(1);
    expect(noise.logP).toBeCloseTo(0, 12);
  });

  it('has one direction where all windows differ in one, and more where they do not', () => {
    const one = Array.from({ length: 12 }, (_, w) => (w % 2 ? [300, 500, 200] : [200, 500, 300]));
    expect(noiseAround(byCell(one), sums(one), Float64Array.of(1, 2, 1), whole)!.degreesOfFreedom).toBe(1);
    const turns = [
      [300, 500, 200],
      [200, 300, 500],
      [500, 200, 300],
    ];
    const two = Array.from({ length: 12 }, (_, w) => turns[w % 3]!);
    expect(noiseAround(byCell(two), sums(two), Float64Array.of(1, 2, 1), whole)!.degreesOfFreedom).toBe(2);
  });

  it('needs three windows with rows enough', () => {
    expect(noiseAround(byCell(windows.slice(0, 2)), Float64Array.of(10, 10), Float64Array.of(1, 1), whole)).toBeNull();
    expect(noiseAround(byCell(windows), sums(windows), Float64Array.of(1, 1), { ...whole, leastRows: 11 })).toBeNull();
    expect(noiseAround(byCell(windows), sums(windows), Float64Array.of(0, 0), whole)).toBeNull();
  });

  it('leaves out a window as if it had never been', () => {
    const four = [...windows, [3, 7]];
    const left = noiseAround(byCell(four), sums(windows), Float64Array.of(8, 2), whole, 3);
    expect(left).toEqual(noiseAround(byCell(windows), sums(windows), Float64Array.of(8, 2), whole));
  });
});

describe('laws', () => {
  const counts = fc.array(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 4, maxLength: 4 }), {
    minLength: 3,
    maxLength: 20,
  });
  const batch = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 4, maxLength: 4 });

  it('neither the order of windows nor that of cells matters, and a p-value it is', () => {
    fc.assert(
      fc.property(counts, batch, (windows, current) => {
        fc.pre(current.some((rows) => rows > 0));
        const noise = noiseAround(byCell(windows), sums(windows), Float64Array.from(current), whole)!;
        expect(noise.logP).toBeLessThanOrEqual(0);
        expect(noise.degreesOfFreedom).toBeGreaterThanOrEqual(1);
        expect(noise.degreesOfFreedom).toBeLessThanOrEqual(3);
        const turned = [...windows].reverse();
        const reversed = noiseAround(byCell(turned), sums(turned), Float64Array.from(current), whole)!;
        expect(reversed.logP).toBeCloseTo(noise.logP, 8);
        const cells = windows.map((window) => [...window].reverse());
        const mirrored = noiseAround(byCell(cells), sums(cells), Float64Array.from([...current].reverse()), whole)!;
        expect(mirrored.logP).toBeCloseTo(noise.logP, 8);
      }),
    );
  });

  it('cells without rows change nothing, although the sums then go over windows instead of cells', () => {
    const windows = Array.from({ length: 12 }, (_, w) =>
      Array.from({ length: 4 }, (_, b) => 20 + ((w * 7 + b * 5) % 11)),
    );
    const padded = windows.map((window) => [...window, ...new Array<number>(20).fill(0)]);
    const batch = [30, 20, 25, 40];
    const narrow = noiseAround(byCell(windows), sums(windows), Float64Array.from(batch), whole)!;
    const wide = noiseAround(
      byCell(padded),
      sums(padded),
      Float64Array.from([...batch, ...new Array<number>(20).fill(0)]),
      whole,
    )!;
    expect(wide.degreesOfFreedom).toBeCloseTo(narrow.degreesOfFreedom, 10);
    expect(wide.logP).toBeCloseTo(narrow.logP, 10);
    expect(narrow.degreesOfFreedom).toBeGreaterThan(1);
    expect(narrow.degreesOfFreedom).toBeLessThan(3);
  });
});

describe('the verdict with windows', () => {
  const steady = (w: number) => [250 + (w % 3), 250, 250, 250 - (w % 3)];
  const restless = (w: number) => (w % 2 ? [350, 250, 250, 150] : [150, 250, 250, 350]);
  const current = [450, 250, 200, 100];
  const of = (window: (w: number) => number[], count: number) => {
    const windows = Array.from({ length: count }, (_, w) => window(w));
    const cells = byCell(windows);
    return columnOf('x', [...sums(windows)], current, { windows: { cells, main: cells } });
  };
  const run = (window: (w: number) => number[], count: number) => {
    const column = of(window, count);
    return judge([column], column.rows, defaultVerdictSettings, weeklyPlan(count, [1000]));
  };

  it('stays drift where the reference is steady', () => {
    const verdict = run(steady, 20);
    expect(verdict.columns[0]).toMatchObject({ outcome: 'drift' });
    expect(verdict.findings[0]!.message).toMatch(/; the reference's own 20 windows of 7 days reach φ² 0\.0\d+$/);
    expect(verdict.method.noise).toBe(
      'noise between periods from 20 windows of 7 days of the reference; would have fired on 0 of 20 clean windows',
    );
    expect(verdict.method.periods).toMatchObject({
      windows: 20,
      strength: 'full',
      backTest: { windows: 20, fired: 0 },
    });
  });

  it('is undetermined where the reference varies as much', () => {
    const verdict = run(restless, 20);
    expect(verdict.columns[0]).toMatchObject({ outcome: 'undetermined', findings: [] });
    expect(verdict.columns[0]!.reason).toMatch(
      /^beyond the tolerance, but the reference varies as much: φ² 0\.\d+ \[.*\]; its 20 windows of 7 days have a φ² of 0\.\d+ in the median and 0\.\d+ at most \(p \d/,
    );
    const alone = judge([of(restless, 20)], of(restless, 20).rows, defaultVerdictSettings);
    expect(alone.columns[0]).toMatchObject({ outcome: 'drift' });
  });

  it('says that few windows cannot tell', () => {
    expect(run(restless, 5).columns[0]!.reason).toMatch(/^beyond the tolerance, but so few windows of the reference/);
    expect(run(restless, 5).method.noise).toMatch(/so few that only a strong drift is proven; would have fired/);
    expect(run(steady, 9).method.noise).toMatch(/, weakly known; would have fired/);
  });

  it('judges by the tolerance alone with fewer than three windows', () => {
    const verdict = run(restless, 2);
    expect(verdict.columns[0]).toMatchObject({ outcome: 'drift' });
    expect(verdict.columns[0]!.gating!.noise).toBeNull();
    expect(verdict.method.periods).toMatchObject({ strength: 'none', backTest: null });
  });

  it('tells how often the rules would have fired on the reference itself', () => {
    // one window of twenty has drifted: it fires, its neighbours do not
    const verdict = run((w) => (w === 7 ? [700, 100, 100, 100] : steady(w)), 20);
    expect(verdict.method.periods.backTest).toEqual({ windows: 20, fired: 1 });
  });

  it('judges the range by the rows that the reference is worth', () => {
    const outside = {
      referenceRows: 20_000,
      currentRows: 1000,
      below: 0,
      above: 14,
      referenceMin: 0,
      referenceMax: 1,
      currentMin: 0,
      currentMax: 2,
    };
    const test = (window: (w: number) => number[]) => {
      const column = { ...of(window, 20), outside };
      const verdict = judge([column], column.rows, defaultVerdictSettings, weeklyPlan(20, [1000]));
      return verdict.columns[0]!.tests.find(({ rule }) => rule === 'range')!;
    };
    expect(test(restless).logPWarn!).toBeGreaterThan(test(steady).logPWarn!);
  });

  it('holds a rise of missing values against what the windows lose', () => {
    const test = (lost: (w: number) => number, count = 20) => {
      const missing = Float64Array.from({ length: count }, (_, w) => lost(w));
      const reference = missing.reduce((a, b) => a + b, 0);
      const column = of(steady, count);
      const windows = { ...column.windows!, missing };
      const evidence = { ...column, windows, missing: { reference, current: 130 } };
      const verdict = judge([evidence], column.rows, defaultVerdictSettings, weeklyPlan(count, [1000]));
      return verdict.columns[0]!.tests.find(({ rule }) => rule === 'nulls')!.rejected;
    };
    expect(test((w) => 50 + (w % 3))).toBe('fail');
    expect(test((w) => (w % 2 ? 5 : 95))).toBeNull();
    // too few to silence the rule
    expect(test((w) => (w % 2 ? 5 : 95), 6)).toBe('fail');
  });

  it('is the larger of the two p-values at both levels', () => {
    const column = of(restless, 20);
    const noise = periodNoise(column.cells!, column.windows, weeklyPlan(20, [1000]))!;
    const [test] = run(restless, 20).columns[0]!.tests;
    expect(test!.logPFail).toBeGreaterThanOrEqual(noise.logP);
    expect(test!.logPWarn).toBe(noise.logP);
  });

  it('asks about the rows of its own part of the week', () => {
    const windows = Array.from({ length: 20 }, (_, w) => restless(w));
    const cells = byCell(windows);
    const counts = { cells, main: cells };
    const wider = cellsOf([9000, 4000, 4000, 3000], current);
    const plan: WindowPlan = { ...weeklyPlan(20, [1000]), samePhase: 'weekdays' };
    expect(periodNoise(wider, counts, plan)!.phiSquared).toBeCloseTo(
      periodNoise(cellsOf([...sums(windows)], current), counts, plan)!.phiSquared,
      14,
    );
  });
});

describe('the sentence', () => {
  const source = {
    column: 't',
    windows: 0,
    windowSeconds: null,
    batchSeconds: null,
    outsideRows: 0,
    samePhase: null,
  } as const;
  const none = { ...source, strength: 'none', backTest: null } as const;

  it.each([
    ['no-timestamp', 'no time: noise between periods unknown'],
    ['off', 'noise between periods not asked for'],
    ['no-batch-time', 'the current data has no time in "t\\u202e": noise between periods unknown'],
  ] as const)('%s', (unknown, sentence) => {
    expect(noiseSentence(without(unknown, 't\u202e'), none)).toBe(sentence);
  });

  it('names the part of the day, and what was missing of it', () => {
    const hours = planOf(4 * 30, [500], 6 * 3600);
    const full = { ...source, windows: 30, strength: 'full', backTest: null } as const;
    expect(noiseSentence(hours, full)).toBe(
      'noise between periods from 30 windows of 6 hours of the reference, all the same hours of the day',
    );
    const short = planOf(4 * 5, [500], 6 * 3600);
    expect(noiseSentence(short, { ...full, windows: 20 })).toBe(
      'noise between periods from 20 windows of 6 hours of the reference, of any time: only 5 are of the same hours of the day',
    );
  });
});
