import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measures } from '../../src/drift/registry.ts';
import { logNormalUpperTail } from '../../src/math/normal.ts';
import type { FrequencyTable } from '../../src/model/frequency-table.ts';
import type { MeasureInput } from '../../src/model/measure.ts';
import type { VerdictSettings } from '../../src/model/settings.ts';
import { boundary, lawOf, logUpperTail, redraw, upperQuantile } from '../../src/verdict/boundary-bootstrap.ts';
import { groupTable } from '../../src/verdict/grouped-table.ts';
import { judge } from '../../src/verdict/judge.ts';
import { measureGate, requireFittingMeasures, withMeasureGate } from '../../src/verdict/measure-gate.ts';
import { measureSizes, sizeFromCounts } from '../../src/verdict/measure-sizes.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { cellsOf, columnOf } from '../support/evidence.ts';
import { Random } from '../support/random.ts';

const measureOf = (alias: string) => measures.find((measure) => measure.alias === alias)!;
const counts = (values: readonly number[]) => Float64Array.from(values);

function valuesInput(support: readonly number[], reference: readonly number[], current: readonly number[]) {
  const table = {
    form: 'values',
    support: counts(support),
    reference: counts(reference),
    current: counts(current),
  } as const;
  return { table, cells: cellsOf(reference, current) };
}

function gated(alias: string, input: MeasureInput, warn: number, fail: number, name = 'x', alpha = 0.01) {
  const gate = measureGate(measureOf(alias), input, { warn, fail }, alpha, name);
  if ('failed' in gate) throw new Error(gate.failed);
  return gate;
}

/** Two columns of twenty values, the current one tilted to the right. */
const support = Array.from({ length: 20 }, (_, i) => i);
const even = support.map(() => 100);
const tilted = support.map((x) => Math.round(100 * Math.exp(0.08 * (x - 9.5))));

describe('every measure of the registry', () => {
  it('has a size', () => {
    expect(measureSizes.map(({ id }) => id).sort()).toEqual(measures.map(({ id }) => id).sort());
  });

  it.each(measures.filter(({ alias }) => alias !== 'fisher').map(({ alias }) => alias))(
    '%s: silent at what it measures and above, certain far below, and bounded around it',
    (alias) => {
      // Brown–Forsythe sees spreads
      const moved = alias === 'bf' ? support.map((x) => (x < 7 || x > 12 ? 140 : 20)) : tilted;
      const input = valuesInput(
        support,
        even.map((r) => 50 * r),
        moved.map((c) => 50 * c),
      );
      const { own } = gated(alias, input, 0, 0);
      expect(own.statistic).toBeGreaterThan(0.01);
      const [low, high] = own.interval;
      expect(low).toBeLessThan(own.statistic);
      expect(high).toBeGreaterThan(own.statistic);
      const above = gated(alias, input, own.statistic, 2 * own.statistic);
      expect(above.surely.warn).toBeGreaterThan(Math.log(0.2));
      expect(above.surely.fail).toBeGreaterThan(Math.log(0.9));
      const below = gated(alias, input, own.statistic / 4, own.statistic / 2);
      expect(below.surely.fail).toBeLessThan(Math.log(1e-6));
      expect(below.surely.warn).toBeLessThanOrEqual(below.surely.fail);
      // at the lower bound the tolerance is just about proven
      const [surer, barely] = [gated(alias, input, 0.97 * low, 1e6), gated(alias, input, 1.03 * low, 1e6)];
      expect(surer.surely.warn).toBeLessThan(Math.log(0.02));
      expect(barely.surely.warn).toBeGreaterThan(Math.log(0.004));
    },
    30_000,
  );

  it.each(measures.filter(({ needs }) => needs.includes('table')).map(({ alias }) => alias))(
    '%s: the size does not grow with the rows',
    (alias) => {
      const measure = measureOf(alias);
      const size = measureSizes.find(({ id }) => id === measure.id)!;
      const of = (k: number) => {
        const input = valuesInput(
          support,
          even.map((r) => r * k),
          tilted.map((c) => c * k),
        );
        return size.of(measure.measure(input), input.table);
      };
      // up to n − 1 in place of n
      expect(of(100)).toBeCloseTo(of(1), 2);
      const input = valuesInput(support, even, tilted);
      expect(sizeFromCounts(size, measure, input.table.support)(input.table)).toBeCloseTo(of(1), 12);
    },
  );
});

describe('by hand', () => {
  it('one cell’s change: normal, of two cells one', () => {
    const input = { table: {} as FrequencyTable, cells: cellsOf([500, 500], [650, 350]) };
    const { own, surely } = gated('cell', input, 0.07, 0.12);
    const variance = (k: number) => (((k + 0.5) / 1001) * ((1000.5 - k) / 1001)) / 1000;
    const error = Math.sqrt(variance(500) + variance(650));
    expect(own.statistic).toBeCloseTo(0.15, 12);
    expect(surely.warn).toBeCloseTo(Math.LN2 + logNormalUpperTail(0.08 / error), 9);
    expect(surely.fail).toBeCloseTo(Math.LN2 + logNormalUpperTail(0.03 / error), 9);
  });

  it('the AUC: the variance of the placements', () => {
    // reference 0 1, current 1 2 a hundred times: AUC 7/8; placements of the reference ½·(1 + 1), 1, 3/4 …
    const input = valuesInput([0, 1, 2], [100, 100, 0], [0, 100, 100]);
    const { own, surely } = gated('mwu', input, 0.1, 0.3);
    expect(own.statistic).toBeCloseTo(0.375, 12);
    // of the reference 1 and 3/4, of the current side 3/4 and 1, about 7/8; a row half-way off added
    const error = Math.sqrt((2 * (200 / 64 + 0.25)) / 200 ** 2);
    expect(surely.warn).toBeCloseTo(logNormalUpperTail(0.275 / error), 6);
  });

  it('Kolmogorov–Smirnov: the law of the sampling error', () => {
    const input = valuesInput([0, 1], [500, 500], [300, 700]);
    const { surely, own } = gated('ks', input, 0.1, 0.3);
    // (0.2 − 0.1)/√(2/1000) = √5, 2 e^(−2·5)
    expect(surely.warn).toBeCloseTo(Math.LN2 - 10, 9);
    expect(surely.fail).toBe(0);
    // 2 e^(−2 z²) = 0.01
    const reach = Math.sqrt(Math.log(200) / 2) * Math.sqrt(2 / 1000);
    expect(own.interval[0]).toBeCloseTo(0.2 - reach, 4);
    expect(own.interval[1]).toBeCloseTo(0.2 + reach, 4);
  });
});

describe('redraws from counts', () => {
  const tv = sizeFromCounts(measureSizes.find(({ id }) => id === 'total-variation')!, measureOf('tv'), null);
  const both = { reference: counts([400, 300, 300]), current: counts([200, 300, 500]) };

  it('begin where the measure is the tolerance, in the observed direction', () => {
    const edge = boundary(tv, both, 0.1)!;
    expect(tv(edge)).toBeCloseTo(0.1, 9);
    expect([...edge.reference]).toEqual([400, 300, 300]);
    expect(edge.current[0]).toBeCloseTo(300, 6);
    expect(boundary(tv, both, 0.2)).toBeNull();
  });

  it('depend on the seed and the counts alone, and never on the size of the data', () => {
    expect(redraw(tv, both, 3).sorted).toEqual(redraw(tv, both, 3).sorted);
    expect(redraw(tv, both, 3).mean).not.toBe(redraw(tv, both, 4).mean);
    const large = { reference: counts([4e8, 3e8, 3e8]), current: counts([2e8, 3e8, 5e8]) };
    expect(redraw(tv, large, 3).mean).toBeCloseTo(0.2, 4);
  });

  it('give a p-value that is never 0, falls with the value, and agrees with the normal law far out', () => {
    const random = new Random(1);
    const law = lawOf(Float64Array.from({ length: 4000 }, () => random.normal()));
    let before = 0;
    for (let z = -3; z < 30; z += 0.05) {
      const log = logUpperTail(law, z);
      expect(log).toBeLessThanOrEqual(before);
      expect(log).toBeGreaterThan(-Infinity);
      before = log;
    }
    expect(logUpperTail(law, 0)).toBeCloseTo(Math.log(0.5), 1);
    // within a factor of three at one in 30,000, and of ten at one in a hundred million
    expect(Math.abs(logUpperTail(law, 4) - logNormalUpperTail(4))).toBeLessThan(Math.log(3));
    expect(Math.abs(logUpperTail(law, 5.6) - logNormalUpperTail(5.6))).toBeLessThan(Math.log(10));
    expect(logUpperTail(law, upperQuantile(law, 0.01))).toBeCloseTo(Math.log(0.01), 1);
    expect(logUpperTail(law, upperQuantile(law, 1e-6))).toBeCloseTo(Math.log(1e-6), 6);
  });

  it('a skewed law has the tail of its own skewness', () => {
    // the sum of four squares of normals: 4 degrees of freedom, P(> 23.5) = 1e-4
    const random = new Random(2);
    const law = lawOf(
      Float64Array.from({ length: 4000 }, () => {
        let sum = 0;
        for (let i = 0; i < 4; i++) sum += random.normal() ** 2;
        return sum;
      }),
    );
    expect(Math.abs(logUpperTail(law, 23.51) - Math.log(1e-4))).toBeLessThan(Math.log(3));
  });
});

describe('a long table is grouped to redraw from', () => {
  const random = new Random(9);
  const draw = (shift: number, rows: number) =>
    Float64Array.from({ length: rows }, () => Math.exp(random.normal() + shift)).sort();
  const [then, now] = [draw(0, 4000), draw(0.3, 2000)];
  const all = [...new Set([...then, ...now])].sort((a, b) => a - b);
  const at = new Map(all.map((value, i) => [value, i]));
  const tally = (side: Float64Array) => {
    const rows = new Float64Array(all.length);
    for (const value of side) rows[at.get(value)!]! += 1;
    return rows;
  };
  const table = {
    form: 'values',
    support: Float64Array.from(all),
    reference: tally(then),
    current: tally(now),
  } as const;

  it('to some sixty values with all the rows and the same mean', () => {
    const grouped = groupTable(table);
    expect(grouped.support.length).toBeLessThan(70);
    expect([...grouped.support]).toEqual([...grouped.support].sort((a, b) => a - b));
    const sum = (rows: Float64Array) => rows.reduce((a, b) => a + b, 0);
    expect([sum(grouped.reference), sum(grouped.current)]).toEqual([4000, 2000]);
  });

  it.each(['w1', 'energy', 'cvm', 'ad', 't', 'bf'])('%s of the groups is that of the values within 5 %', (alias) => {
    const measure = measureOf(alias);
    const size = measureSizes.find(({ id }) => id === measure.id)!;
    const grouped = groupTable(table);
    const fine = sizeFromCounts(size, measure, table.support)(table);
    const coarse = sizeFromCounts(size, measure, grouped.support)(grouped);
    expect(Math.abs(coarse / fine - 1)).toBeLessThan(0.05);
  });

  it('costs a bounded time', () => {
    const start = performance.now();
    gated('w1', { table, cells: cellsOf([1], [1]) }, 0.1, 0.2);
    // some 50 ms on an idle core; this machine may be busy
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('the verdict', () => {
  const settings = (
    alias: string,
    warn: number,
    fail: number,
    more: Partial<VerdictSettings> = {},
  ): VerdictSettings => ({
    ...defaultVerdictSettings,
    columns: { x: { gate: { measure: measureOf(alias).id, warn, fail } } },
    ...more,
  });
  const column = (factor: number, name = 'x') => {
    const [reference, current] = [even.map((r) => r * factor), tilted.map((c) => c * factor)];
    const input = valuesInput(support, reference, current);
    return { evidence: columnOf(name, reference, current, { kind: 'numeric' }), table: input.table };
  };
  const verdictOf = (alias: string, warn: number, fail: number, factor = 1) => {
    const { evidence, table } = column(factor);
    const chosen = settings(alias, warn, fail);
    const own = withMeasureGate(evidence, table, undefined, chosen);
    const others = [columnOf('other', [500, 500], [500, 500])];
    return judge([own, ...others], { reference: 1000, current: 1000 }, chosen);
  };

  it('takes the place of the column’s drift question in the one family', () => {
    const { columns, method } = verdictOf('ks', 0.05, 0.1);
    expect(method.familySize).toBe(2);
    expect(columns[0]!.tests.map(({ rule }) => rule)).toEqual(['drift']);
    expect(columns[0]).toMatchObject({ outcome: 'drift', severity: 'P2' });
    expect(columns[0]!.gating?.measure).toMatchObject({
      id: 'kolmogorov-smirnov',
      tolerance: { warn: 0.05, fail: 0.1 },
    });
    expect(columns[1]!.gating).not.toHaveProperty('measure');
  });

  it('the finding names the measure, the number, its interval, the tolerance and how it was judged', () => {
    const [finding] = verdictOf('ks', 0.05, 0.1).findings;
    expect(finding!.message).toMatch(
      /^"x" drifted: Kolmogorov–Smirnov 0\.19\d? is above the fail tolerance 0\.1: by sampling it could be \[0\.1\d*, 0\.2\d*\], each bound at alpha 0\.01 \(Kolmogorov law of the sampling error; 2,000 against 2,\d+ rows\)$/,
    );
    expect(JSON.stringify(finding)).not.toMatch(/NaN|null,null,null/);
  });

  it('warns between the tolerances, is stable below, and open in between', () => {
    expect(verdictOf('tv', 0.08, 0.3, 10).columns[0]).toMatchObject({ outcome: 'drift', severity: 'P3' });
    expect(verdictOf('tv', 0.4, 0.5, 10).columns[0]).toMatchObject({ outcome: 'stable', severity: null });
    const open = verdictOf('tv', 0.2, 0.5).columns[0]!;
    expect(open.outcome).toBe('undetermined');
    expect(open.reason).toMatch(
      /^too few rows: Total variation .*does not tell on which side of the warn tolerance 0\.2/,
    );
  });

  it('does not depend on the other columns, nor on their order', () => {
    const { evidence, table } = column(1);
    const chosen = settings('w1', 0.5, 3);
    const own = withMeasureGate(evidence, table, undefined, chosen);
    const others = [columnOf('other', [500, 500], [500, 500]), columnOf('third', [500, 500], [510, 490])];
    const sizes = { reference: 1000, current: 1000 };
    const find = (columns: typeof others) => judge(columns, sizes, chosen).columns.find(({ name }) => name === 'x');
    expect(find([...others, own])).toEqual(find([own, ...others]));
  });

  it('a side without a value is undetermined, and says why', () => {
    const evidence = columnOf('x', [500, 500], [500, 500], { kind: 'numeric' });
    const { table } = valuesInput([1, 2], [0, 0], [1, 2]);
    const own = withMeasureGate(evidence, table, undefined, settings('ks', 0.1, 0.2));
    const [judged] = judge([own], { reference: 1000, current: 1000 }, settings('ks', 0.1, 0.2)).columns;
    expect(judged).toMatchObject({ outcome: 'undetermined', tests: [] });
    expect(judged!.reason).toMatch(/^not measurable: the reference data has no value/);
  });

  it('a constant column has not moved', () => {
    const evidence = columnOf('x', [1000], [1000], { kind: 'numeric' });
    const chosen = settings('ks', 0.1, 0.2);
    const own = withMeasureGate(evidence, valuesInput([3], [1000], [1000]).table, undefined, chosen);
    expect(judge([own], { reference: 1000, current: 1000 }, chosen).columns[0]).toMatchObject({ outcome: 'stable' });
  });

  it('a measure that does not compare the kind is a mistake of the configuration', () => {
    const chosen = settings('ks', 0.1, 0.2);
    expect(() => requireFittingMeasures([{ name: 'x', kind: 'categorical' }], chosen)).toThrow(
      'columns."x".gate.measure is "ks", which compares numeric, datetime columns; this one is categorical',
    );
    expect(() => requireFittingMeasures([{ name: 'constructor', kind: 'categorical' }], chosen)).not.toThrow();
  });
});

describe('on a merged table', () => {
  // a fifth of the rows of either side in the middle interval, where nobody knows how they lie
  const merged = (reference: readonly number[], current: readonly number[]): FrequencyTable => ({
    form: 'intervals',
    edges: counts([1, 2, 3]),
    reference: counts(reference),
    current: counts(current),
    outer: {
      reference: { min: 0, max: 4, sumBelow: 0, sumAbove: 0 },
      current: { min: 0, max: 4, sumBelow: 0, sumAbove: 0 },
    },
  });
  const chosen: VerdictSettings = {
    ...defaultVerdictSettings,
    columns: { x: { gate: { measure: 'kolmogorov-smirnov', warn: 0.1, fail: 0.3 } } },
  };
  const outcome = (reference: readonly number[], current: readonly number[]) => {
    const evidence = columnOf('x', reference, current, { kind: 'numeric' });
    const own = withMeasureGate(evidence, merged(reference, current), undefined, chosen);
    return judge([own], { reference: 1000, current: 1000 }, chosen).columns[0]!;
  };

  it('the verdict holds wherever the rows lie in their intervals', () => {
    const drifted = outcome([4000, 1000, 1000, 4000], [2000, 1000, 1000, 6000]);
    expect(drifted).toMatchObject({ outcome: 'drift' });
    expect(drifted.gating!.measure!.certain![0]).toBeCloseTo(0.2, 12);
    expect(drifted.findings[0]!.message).toContain('0.2, of the raw values in [0.2, ');
  });

  it('is undetermined when it depends on where, and says that --exact would tell', () => {
    const open = outcome([3900, 2100, 0, 4000], [4000, 2000, 0, 4000]);
    expect(open.outcome).toBe('undetermined');
    expect(open.reason).toMatch(/^its values were counted in intervals: .* \[0\.01, 0\.4\].*; --exact would tell$/);
  });
});

it('whatever the counts, numbers are finite and the levels nested', () => {
  const rows = fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 })), { minLength: 1, maxLength: 8 });
  const names = measures.map(({ alias }) => alias);
  fc.assert(
    fc.property(rows, fc.constantFrom(...names), fc.double({ min: 0, max: 2, noNaN: true }), (pairs, alias, warn) => {
      const input = valuesInput(
        pairs.map((_, i) => i * 1e3),
        pairs.map(([r]) => r),
        pairs.map(([, c]) => c),
      );
      const gate = measureGate(measureOf(alias), input, { warn, fail: warn + 0.1 }, 0.01, 'x');
      if ('failed' in gate) return;
      expect(JSON.stringify(gate)).not.toMatch(/null,null|NaN/);
      expect(gate.surely.warn).toBeLessThanOrEqual(gate.surely.fail);
      expect(gate.surely.fail).toBeLessThanOrEqual(0);
      const [low, high] = gate.own.interval;
      expect([low, high, gate.own.statistic].every(Number.isFinite)).toBe(true);
      expect(low).toBeLessThanOrEqual(high);
    }),
    { numRuns: 40, seed: 3 },
  );
}, 60_000);
