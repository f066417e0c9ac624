import { describe, expect, test } from 'vitest';
import { measures } from '../../src/drift/registry.ts';
import {
  type BothMissing,
  type CategoryGateCells,
  testedCategoryCells,
  testedNumericCells,
} from '../../src/drift/tested-cells.ts';
import type { TestedCells } from '../../src/model/frequency-table.ts';
import type { Measure, MeasureInput, MeasureResult } from '../../src/model/measure.ts';
import { Random } from '../support/random.ts';
import {
  cellsInput,
  cellsOf,
  expectRelative,
  gateCells,
  mergedInput,
  momentsOf,
  tableInput,
  valuesInput,
  valueTable,
} from './inputs.ts';

/** Mistakes that well-known tools make, each with the test that ours does not. */

const named = (alias: string): Measure => measures.find((measure) => measure.alias === alias)!;
const rankMeasures = measures.filter(({ needs }) => needs.includes('table'));
const cellMeasures = measures.filter(({ needs }) => needs.includes('cells'));
const tests = measures.filter((measure) => measure.measure(differing(measure)).logPValue !== undefined);

/** Two cells and three values that differ, for whatever a measure reads. */
function differing(measure: Measure): MeasureInput {
  return measure.needs.includes('cells') ? cellsInput([30, 20], [10, 40]) : valuesInput([1, 2, 3, 4], [2, 3, 4, 6]);
}

/** Measures and the moments they read, from samples. */
function onSamples(measure: Measure, reference: readonly number[], current: readonly number[]): MeasureResult {
  return measure.measure(tableInput(valueTable(reference, current), momentsOf(reference, current)));
}

const normals = (random: Random, rows: number, shift = 0) =>
  Array.from({ length: rows }, () => Math.round(1000 * (random.normal() + shift)) / 1000);

const noneMissing: BothMissing = { reference: { null: 0, nan: 0 }, current: { null: 0, nan: 0 } };
const onCells = (measure: Measure, cells: TestedCells) =>
  measure.measure({ ...cellsInput([], []), cells }) as MeasureResult;

describe('trap 1: looking inside a run of ties inflates D', () => {
  test('0 0 1 against 0 1 1 is 1/3; integers and booleans too', () => {
    expect(onSamples(named('ks'), [0, 0, 1], [0, 1, 1]).statistic).toBe(1 / 3);
    expect(onSamples(named('ks'), [3, 3, 7, 7], [3, 7, 7, 7]).statistic).toBe(1 / 4);
    expect(onSamples(named('ks'), [5, 5, 5], [5, 5]).statistic).toBe(0);
    expect(onSamples(named('mwu'), [0, 0, 1], [0, 1, 1]).statistic).toBeCloseTo(6 / 9, 15);
  });
});

describe('trap 2: the reference taken as exact makes a nominal 5 % test alarm on 49 %', () => {
  test.each(['chi2', 'g', 'phi2'])('%s: ten cells, 1000 against 1000 rows, no drift: 5 %', (alias) => {
    const random = new Random(20261121);
    const shares = new Array<number>(10).fill(0.1);
    const runs = 4000;
    let rejected = 0;
    for (let run = 0; run < runs; run++) {
      const cells = cellsOf([...random.multinomial(1000, shares)], [...random.multinomial(1000, shares)]);
      if (onCells(named(alias), cells).logPValue! < Math.log(0.05)) rejected += 1;
    }
    expect(rejected / runs).toBeGreaterThan(0.04);
    expect(rejected / runs).toBeLessThan(0.06);
  });
});

describe('trap 3: a one-sided rank test does not see a shift downwards', () => {
  test.each(['mwu', 'ks', 'cvm', 'ad', 't'])('%s fires for both directions alike', (alias) => {
    const values = normals(new Random(1), 300);
    const shifted = (by: number) => onSamples(named(alias), values, normals(new Random(2), 300, by)).logPValue!;
    expect(shifted(-0.6)).toBeLessThan(-10);
    expect(shifted(0.6)).toBeLessThan(-10);
  });
});

describe('trap 4: a floor or a cut-off in units of the column', () => {
  const reference = normals(new Random(3), 200);
  const current = normals(new Random(4), 150, 0.3);
  const times = (unit: number) => (values: readonly number[]) => values.map((value) => value * unit);

  test.each([2 ** -17, 2 ** 17, 1e-5, 1e5])(
    'every score without a unit is unchanged when the column is multiplied by %s',
    (unit) => {
      const scale = times(unit);
      for (const measure of rankMeasures) {
        const before = onSamples(measure, reference, current);
        const after = onSamples(measure, scale(reference), scale(current));
        const free = { w1: 'scaled', energy: 'coefficient', t: 'glassDelta', bf: 'spreadRatio' }[measure.alias];
        if (free) expectRelative(Number(after.detail?.[free]), Number(before.detail?.[free]), 1e-9);
        if (measure.alias !== 'w1' && measure.alias !== 'energy')
          expectRelative(after.statistic, before.statistic, 1e-9);
        if (before.logPValue !== undefined) expectRelative(after.logPValue, before.logPValue, 1e-9);
      }
    },
  );
});

describe('trap 5: one far value stretches bins over the pooled range and empties all others', () => {
  test('one current row at 10¹² changes no cell but the last, and no score by more than its own weight', () => {
    const reference = normals(new Random(5), 2000);
    const current = normals(new Random(6), 1000);
    const outlier = [...current.slice(1), 1e12];
    const cells = (values: readonly number[]) => testedNumericCells(gateCells(reference, values), noneMissing);
    const [before, after] = [cells(current), cells(outlier)];
    expect(after.labels).toEqual(before.labels);
    const changed = after.current.filter((rows, i) => rows !== before.current[i]).length;
    expect(changed).toBeLessThanOrEqual(2);
    for (const alias of ['phi2', 'cell', 'psi', 'kl', 'js', 'hellinger', 'tv', 'linf']) {
      const difference = onCells(named(alias), after).statistic - onCells(named(alias), before).statistic;
      expect(Math.abs(difference), alias).toBeLessThan(0.005);
    }
    for (const alias of ['ks', 'mwu']) {
      const difference =
        onSamples(named(alias), reference, outlier).statistic - onSamples(named(alias), reference, current).statistic;
      expect(Math.abs(difference)).toBeLessThanOrEqual(1 / 1000 + 1e-15);
    }
  });
});

describe('trap 6: equal widths over a heavy tail put most rows in one bin', () => {
  test('D of a million heavy-tailed rows is that of the sorted samples, and within the bounds of a merged table', () => {
    const random = new Random(20261121);
    const heavy = (rows: number, scale: number) =>
      Float64Array.from({ length: rows }, () => Math.fround(scale * Math.exp(3 * random.normal())));
    const [reference, current] = [heavy(1_000_000, 1).sort(), heavy(20_000, 1.1).sort()];
    let truth = 0;
    for (let i = 0, j = 0; i < reference.length || j < current.length; ) {
      const value = Math.min(reference[i] ?? Infinity, current[j] ?? Infinity);
      while (reference[i] === value) i++;
      while (current[j] === value) j++;
      truth = Math.max(truth, Math.abs(i / reference.length - j / current.length));
    }
    const distinct = [...new Set([...reference, ...current])].sort((a, b) => a - b);
    const counts = (sorted: Float64Array) => {
      let at = 0;
      return Float64Array.from(distinct, (value) => {
        const from = at;
        while (sorted[at] === value) at++;
        return at - from;
      });
    };
    const table = {
      form: 'values' as const,
      support: Float64Array.from(distinct),
      reference: counts(reference),
      current: counts(current),
    };
    expectRelative(named('ks').measure(tableInput(table)).statistic, truth, 1e-12);
    const sample = [...reference].filter((_, i) => i % 1000 === 0);
    const few = [...current].filter((_, i) => i % 20 === 0);
    const [lower, upper] = named('ks').measure(
      mergedInput(
        sample,
        few,
        sample.filter((_, i) => i % 8 === 4),
      ),
    ).interval!;
    const small = named('ks').measure(valuesInput(sample, few)).statistic;
    expect(small).toBeGreaterThanOrEqual(lower);
    expect(small).toBeLessThanOrEqual(upper);
    expect(upper - lower).toBeLessThan(0.03);
  });
});

describe('trap 7: equal shares of NaN counted as drift', () => {
  const reference = normals(new Random(7), 1000);

  test('a fifth of NaN on both sides scores as little as none; more nulls are seen', () => {
    const cells = gateCells(reference, reference);
    const missing = (before: number, now: number): BothMissing => ({
      reference: { null: 0, nan: before },
      current: { null: 0, nan: now },
    });
    for (const measure of cellMeasures.filter(({ alias }) => alias !== 'fisher')) {
      expect(onCells(measure, testedNumericCells(cells, missing(250, 250))).statistic, measure.id).toBe(0);
      expect(onCells(measure, testedNumericCells(cells, missing(10, 50))).statistic, measure.id).toBeGreaterThan(0);
    }
    expect(onCells(named('chi2'), testedNumericCells(cells, missing(10, 50))).logPValue!).toBeLessThan(Math.log(0.05));
  });
});

describe('trap 8: a new category gives p = 0 at first sight', () => {
  const cells = (unseen: number): TestedCells => {
    const counts: CategoryGateCells = {
      labels: ['a', 'b', 'c'],
      reference: Float64Array.of(5000, 3000, 2000),
      current: Float64Array.of(5000 - unseen, 3000, 2000),
      otherReference: 0,
      otherCurrent: 0,
      unseenCurrent: unseen,
    };
    return testedCategoryCells(counts, noneMissing);
  };

  test.each(['chi2', 'g', 'phi2'])('%s: one row in ten thousand is nothing, one in twenty is', (alias) => {
    expect(onCells(named(alias), cells(1)).logPValue!).toBeGreaterThan(Math.log(0.05));
    expect(onCells(named(alias), cells(500)).logPValue!).toBeLessThan(-100);
  });
});

describe('traps 9 and 16: enormous drift gives p = NaN or 0, and k/R permutations p = 0', () => {
  const far = {
    form: 'values' as const,
    support: Float64Array.of(0, 1, 2, 3),
    reference: Float64Array.of(6e7, 4e7, 0, 0),
    current: Float64Array.of(0, 0, 4e7, 6e7),
  };
  const wide = { ...far, reference: Float64Array.of(1, 5e7, 5e7, 1), current: Float64Array.of(5e7, 1, 1, 5e7) };

  test.each(tests.map((measure) => [measure.id, measure] as const))('%s has a finite logarithm', (_, measure) => {
    const input = measure.needs.includes('cells')
      ? cellsInput([1e8, 0], [0, 1e8])
      : tableInput(measure.alias === 'bf' ? wide : far);
    const { statistic, logPValue } = measure.measure(input) as MeasureResult;
    expect(Number.isFinite(statistic)).toBe(true);
    expect(Number.isFinite(logPValue)).toBe(true);
    expect(logPValue).toBeLessThan(-1e6);
  });

  test('these are all of them', () => {
    expect(tests.map(({ alias }) => alias).sort()).toEqual(
      ['ad', 'bf', 'chi2', 'cvm', 'fisher', 'g', 'ks', 'mwu', 'phi2', 't', 'v'].sort(),
    );
  });

  test('where all ways to deal the rows are known, p is at least one of them', () => {
    for (const alias of ['ad', 'ks']) {
      const log = onSamples(named(alias), [1, 2, 3, 4], [5, 6, 7, 8]).logPValue!;
      expect(Math.exp(log), alias).toBeGreaterThanOrEqual(1 / 70);
    }
    expect(Math.exp(named('fisher').measure(cellsInput([4, 0], [0, 4])).logPValue!)).toBeCloseTo(2 / 70, 14);
  });
});

describe('trap 10: exchanging the datasets gives another score', () => {
  const reference = normals(new Random(8), 120);
  const current = normals(new Random(9), 90, 0.4);

  test.each(measures.filter(({ symmetric }) => symmetric).map((measure) => [measure.id, measure] as const))(
    '%s is symmetric as it says',
    (_, measure) => {
      const both = measure.needs.includes('cells')
        ? [cellsInput([30, 20], [10, 45]), cellsInput([10, 45], [30, 20])]
        : [valuesInput(reference, current), valuesInput(current, reference)];
      const [there, back] = both.map((input) => measure.measure(input));
      expectRelative(back!.statistic, there!.statistic, 1e-12);
    },
  );

  test('three are not, and say so', () => {
    const directed = measures.filter(({ symmetric }) => !symmetric).map(({ alias }) => alias);
    expect(directed.sort()).toEqual(['kl', 'mwu', 't']);
  });
});

describe('trap 11: the order of the rows changes the numbers', () => {
  test('shuffled rows give the same doubles', () => {
    const random = new Random(10);
    const shuffled = (values: readonly number[]) =>
      values
        .map((value) => [random.bits(), value] as const)
        .sort(([a], [b]) => a - b)
        .map(([, value]) => value);
    const [reference, current] = [normals(random, 500), normals(random, 400, 0.1)];
    for (const measure of rankMeasures) {
      const once = measure.measure(valuesInput(reference, current));
      expect(measure.measure(valuesInput(shuffled(reference), shuffled(current))), measure.id).toEqual(once);
    }
  });
});

describe('trap 13: constants, single rows and empty sides', () => {
  test.each(measures.map((measure) => [measure.id, measure] as const))('%s never answers with NaN', (_, measure) => {
    const samples: [number[], number[]][] = [
      [
        [7, 7, 7],
        [7, 7],
      ],
      [
        [7, 7, 7],
        [7, 8],
      ],
      [
        [7, 8, 8],
        [7, 7],
      ],
      [[1, 2, 3, 4], [2]],
      [[7], [7]],
    ];
    for (const [reference, current] of samples) {
      const table = valueTable(reference, current);
      const cells = cellsOf([...table.reference], [...table.current]);
      try {
        const { statistic, logPValue = 0, detail = {} } = measure.measure({ table, cells }) as MeasureResult;
        for (const number of [statistic, logPValue, ...Object.values(detail).filter((x) => typeof x === 'number')]) {
          expect(number, `${reference} against ${current}`).not.toBeNaN();
        }
        expect(logPValue).toBeLessThanOrEqual(0);
      } catch (error) {
        expect(error).toMatchObject({ code: 'EMPTY_SAMPLE' });
      }
    }
  });

  test.each(measures.map((measure) => [measure.id, measure] as const))(
    '%s of an empty side is an error',
    (_, measure) => {
      for (const [reference, current] of [
        [[1, 2, 3, 4], []],
        [[], [1, 2, 3, 4]],
        [[], []],
      ]) {
        const table = valueTable(reference!, current!);
        const cells = cellsOf([...table.reference], [...table.current]);
        expect(() => measure.measure({ table, cells })).toThrowError(expect.objectContaining({ code: 'EMPTY_SAMPLE' }));
      }
    },
  );
});

describe('trap 14: an empty cell makes PSI infinite, or whatever its constant says', () => {
  test('(rows + ½)/(all rows + cells/2) on both sides', () => {
    // p̃ = 950.5/1001 and 50.5/1001, q̃ = 1000.5/1001 and 0.5/1001
    const expected = (50 / 1001) * Math.log(1000.5 / 950.5) + (50 / 1001) * Math.log(50.5 / 0.5);
    expectRelative(named('psi').measure(cellsInput([950, 50], [1000, 0])).statistic, expected, 1e-13);
    expect(Number.isFinite(named('kl').measure(cellsInput([1000, 0], [950, 50])).statistic)).toBe(true);
  });
});

describe('trap 15: "JS 0.1" without a base, distance or divergence', () => {
  test('both are said, and the other form stands beside', () => {
    const { statistic, detail } = named('js').measure(cellsInput([30, 20], [10, 40])) as MeasureResult;
    expect(detail).toMatchObject({ base: 2, form: 'distance' });
    expect(Number(detail?.divergenceBits)).toBeCloseTo(statistic ** 2, 15);
    expect(named('kl').measure(cellsInput([30, 20], [10, 40])).detail).toMatchObject({
      direction: 'current from reference',
    });
  });
});

describe('trap 17: −0 beside 0 and infinities', () => {
  test('−0 and 0 are one value, whichever side has which', () => {
    const cells = testedNumericCells(gateCells([0, 0, -0, 1, 2, 3], [-0, -0, 0, 1, 2, 3]), noneMissing);
    expect(onCells(named('tv'), cells).statistic).toBe(0);
  });

  test('infinities are in the end cells', () => {
    const reference = Array.from({ length: 200 }, (_, i) => i);
    const current = reference.map((value) => (value >= 180 ? Infinity : value));
    const { reference: then, current: now } = testedNumericCells(gateCells(reference, current), noneMissing);
    expect([...now]).toEqual([...then].map((rows, i) => (i === 0 ? rows : now[i]!)));
    expect(now.reduce((sum, rows) => sum + rows, 0)).toBe(200);
  });
});

describe('trap 18: quantile edges coincide on a column full of zeros', () => {
  test('three fifths zeros are one cell of their own, and no edge stands twice', () => {
    const random = new Random(11);
    const reference = Array.from({ length: 2000 }, (_, i) => (i % 5 < 3 ? 0 : Math.exp(random.normal())));
    const gate = gateCells(reference, reference);
    const edges = gate.edges.map(({ at }) => at);
    expect(new Set(edges).size).toBe(edges.length);
    expect(edges).toEqual(edges.toSorted((a, b) => a - b));
    const { labels, reference: rows } = testedNumericCells(gate, noneMissing);
    expect(rows[labels.indexOf('= 0')]).toBe(1200);
    expect(new Set(labels).size).toBe(labels.length);
  });
});
