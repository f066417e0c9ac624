import { describe, expect, it } from 'vitest';
import { measures } from '../../src/drift/registry.ts';
import { normalQuantile } from '../../src/math/normal.ts';
import type { TestedCells, ValueTable } from '../../src/model/frequency-table.ts';
import type { Measure } from '../../src/model/measure.ts';
import { measureGate } from '../../src/verdict/measure-gate.ts';
import { measureSizes, sizeFromCounts } from '../../src/verdict/measure-sizes.ts';
import { Random } from '../support/random.ts';

/** Simulations: a few seeded ones in every run; SIMULATIONS=3000 for as many as a claim needs. */
const simulations = Number(process.env.SIMULATIONS ?? 0);
/** MEASURES=ks,psi for some of them; all in a simulation. */
const only =
  process.env.MEASURES?.split(',') ?? (simulations > 0 ? null : ['ks', 'mwu', 'w1', 't', 'psi', 'tv', 'phi2']);
const asked = (alias: string) => only?.includes(alias) ?? true;

/** A law on the line by its quantiles, for the reference and for the current side. */
interface Pair {
  readonly name: string;
  readonly reference: (u: number) => number;
  readonly current: (u: number) => number;
}

const normal = (shift: number, scale = 1): Pair => ({
  name: `normal, shifted by ${shift}, spread ${scale}`,
  reference: normalQuantile,
  current: (u) => shift + scale * normalQuantile(u),
});
const shifted = normal(0.4);
/** A tenth of the rows goes from one end to the other: the difference is the same all the way between. */
const flat: Pair = {
  name: 'uniform, a tenth moved across',
  reference: (u) => u,
  current: (u) => (u < 0.8 ? 0.1 + u : 0.9 + (u - 0.8) / 2),
};
const lognormal: Pair = {
  name: 'lognormal, half as large again',
  reference: (u) => Math.exp(normalQuantile(u)),
  current: (u) => 1.5 * Math.exp(normalQuantile(u)),
};
const integers: Pair = {
  name: 'small integers',
  reference: (u) => Math.floor(-2 * Math.log(1 - u)),
  current: (u) => Math.floor(-2.6 * Math.log(1 - u)),
};

function tableOf(reference: Float64Array, current: Float64Array): ValueTable {
  const counts = new Map<number, [number, number]>();
  for (const [side, values] of [reference, current].entries()) {
    for (const value of values) {
      const at = counts.get(value) ?? [0, 0];
      at[side]! += 1;
      counts.set(value, at);
    }
  }
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return {
    form: 'values',
    support: Float64Array.from(sorted, ([value]) => value),
    reference: Float64Array.from(sorted, ([, [r]]) => r),
    current: Float64Array.from(sorted, ([, [, c]]) => c),
  };
}

/** The populations' own value: of so fine a table that its steps do not matter, at the sizes of the samples. */
function population(measure: Measure, pair: Pair, n: number, m: number): number {
  const grid = Array.from({ length: 20_000 }, (_, i) => (i + 0.5) / 20_000);
  const table = tableOf(Float64Array.from(grid, pair.reference), Float64Array.from(grid, pair.current));
  const size = measureSizes.find(({ id }) => id === measure.id)!;
  const counts = {
    reference: table.reference.map((r) => (r * n) / 20_000),
    current: table.current.map((c) => (c * m) / 20_000),
  };
  return sizeFromCounts(size, measure, table.support)(counts);
}

function cellsOf(reference: Float64Array, current: Float64Array): TestedCells {
  const labels = Array.from(reference, (_, i) => String(i));
  return { labels, reference, current, main: { labels, reference, current } };
}

const noCells = cellsOf(new Float64Array(1), new Float64Array(1));
const levels = [0.05, 0.01, 0.001] as const;

/** How often a measure is called above its tolerance when the population lies exactly there, and how often it is called below. */
function atTolerance(runs: number, logP: () => { logP: number; below: boolean }) {
  const hits = levels.map(() => 0);
  let below = 0;
  for (let i = 0; i < runs; i++) {
    const { logP: found, below: proven } = logP();
    for (const [j, level] of levels.entries()) if (found <= Math.log(level)) hits[j]! += 1;
    if (proven) below += 1;
  }
  return { above: hits.map((hit) => hit / runs), below: below / runs };
}

const sizes = [
  { n: 200, m: 100 },
  { n: 1000, m: 1000 },
  { n: 10_000, m: 1000 },
] as const;

function show(what: string, { above, below }: ReturnType<typeof atTolerance>): void {
  const percent = (share: number) => (100 * share).toFixed(2);
  if (simulations) console.log(`\n| ${what} | ${above.map(percent).join(' / ')} | ${percent(below)} |`);
}

const measureOf = (alias: string) => measures.find((measure) => measure.alias === alias)!;

describe('a measure of ordered values, the population at the tolerance', () => {
  const cases = [
    ...['ks', 'mwu', 'w1', 'energy', 'cvm', 'ad', 't'].map((alias) => ({ alias, pair: shifted })),
    ...['ks', 'w1', 'energy'].map((alias) => ({ alias, pair: flat })),
    ...['w1', 'energy', 't', 'mwu'].map((alias) => ({ alias, pair: lognormal })),
    ...['ks', 'mwu', 'w1', 'cvm', 'bf'].map((alias) => ({ alias, pair: integers })),
    ...['bf', 'ks', 'w1', 'ad'].map((alias) => ({ alias, pair: normal(0, 1.4) })),
  ].filter(({ alias, pair }) => asked(alias) && (simulations > 0 || pair.name === shifted.name));

  it.each(cases)('$alias: $pair.name', { timeout: 3_600_000 }, ({ alias, pair }) => {
    const measure = measureOf(alias);
    for (const { n, m } of simulations ? sizes : sizes.slice(0, 1)) {
      const random = new Random(n + m);
      const tolerance = population(measure, pair, n, m);
      const draw = (quantile: (u: number) => number, rows: number) =>
        Float64Array.from({ length: rows }, () => quantile(random.uniform() || 0.5));
      let run = 0;
      const found = atTolerance(simulations || 40, () => {
        const table = tableOf(draw(pair.reference, n), draw(pair.current, m));
        run += 1;
        const gate = measureGate(
          measure,
          { table, cells: noCells },
          { warn: tolerance, fail: tolerance },
          0.01,
          `column ${run}`,
        );
        if ('failed' in gate) throw new Error(gate.failed);
        return { logP: gate.surely.warn, below: gate.own.interval[1] < tolerance };
      });
      show(`${alias} | ${pair.name} | ${n} / ${m}`, found);
      // the seeds of an ordinary run are fixed; a long run may err three standard errors more than promised
      expect(found.above[1]).toBeLessThanOrEqual(simulations ? 0.02 + 3 * Math.sqrt(0.01 / simulations) : 0.075);
    }
  });
});

describe('a measure of cells, the population at the tolerance', () => {
  const shares = {
    'ten cells, a tilt': Array.from({ length: 10 }, (_, i) => [0.1, 0.1 * Math.exp(1.2 * (i / 9 - 0.5))]),
    'five categories, one grows': [0.4, 0.25, 0.2, 0.1, 0.05].map((p, i) => [p, i === 4 ? p + 0.12 : 0.88 * p]),
    'forty categories, a tilt': Array.from({ length: 40 }, (_, i) => [1 / (i + 4), Math.exp(1.2 * (i / 39)) / (i + 4)]),
    'two values': [
      [0.5, 0.42],
      [0.5, 0.58],
    ],
  } as const;
  const cases = Object.entries(shares).flatMap(([name, pairs]) =>
    ['psi', 'js', 'tv', 'hellinger', 'kl', 'chi2', 'g', 'v', 'cell', 'phi2'].map((alias) => ({ name, alias, pairs })),
  );

  it.each(cases.filter(({ alias, name }) => asked(alias) && (simulations > 0 || name === 'ten cells, a tilt')))(
    '$alias: $name',
    { timeout: 3_600_000 },
    ({ alias, name, pairs }) => {
      const measure = measureOf(alias);
      const size = measureSizes.find(({ id }) => id === measure.id)!;
      const sum = (side: 0 | 1) => pairs.reduce((total, pair) => total + pair[side]!, 0);
      const [p, q] = ([0, 1] as const).map((side) => pairs.map((pair) => pair[side]! / sum(side))) as [
        number[],
        number[],
      ];
      for (const { n, m } of simulations ? sizes : sizes.slice(0, 1)) {
        const random = new Random(n + m);
        const counts = {
          reference: Float64Array.from(p, (share) => share * n),
          current: Float64Array.from(q, (share) => share * m),
        };
        const tolerance = sizeFromCounts(size, measure, null)(counts);
        let run = 0;
        const found = atTolerance(simulations || 40, () => {
          run += 1;
          const cells = cellsOf(random.multinomial(n, p), random.multinomial(m, q));
          const table = { form: 'categories', support: cells.labels, ...cells } as const;
          const gate = measureGate(measure, { table, cells }, { warn: tolerance, fail: tolerance }, 0.01, `c ${run}`);
          if ('failed' in gate) throw new Error(gate.failed);
          return { logP: gate.surely.warn, below: gate.own.interval[1] < tolerance };
        });
        show(`${alias} | ${name} | ${n} / ${m}`, found);
        expect(found.above[1]).toBeLessThanOrEqual(simulations ? 0.02 + 3 * Math.sqrt(0.01 / simulations) : 0.075);
      }
    },
  );
});

describe('power: a drift of twice the tolerance, 1000 against 1000 rows', () => {
  const draw = (random: Random, quantile: (u: number) => number) =>
    Float64Array.from({ length: 1000 }, () => quantile(random.uniform() || 0.5));

  it.each(['ks', 'mwu', 'w1', 't', 'cvm'])('%s proves it at one in two thousand', { timeout: 600_000 }, (alias) => {
    const measure = measureOf(alias);
    const random = new Random(1);
    const tolerance = population(measure, normal(0.4), 1000, 1000);
    const runs = simulations || 8;
    let found = 0;
    for (let i = 0; i < runs; i++) {
      const table = tableOf(draw(random, normalQuantile), draw(random, normal(0.8).current));
      const gate = measureGate(measure, { table, cells: noCells }, { warn: tolerance, fail: 9 }, 0.01, `${i}`);
      if ('surely' in gate && gate.surely.warn <= Math.log(0.0005)) found += 1;
    }
    if (simulations) console.log(`\n| power ${alias} | ${((100 * found) / runs).toFixed(1)} |`);
    expect(found / runs).toBeGreaterThanOrEqual(0.75);
  });
});
