import { describe, expect, it } from 'vitest';
import { testedCategoryCells } from '../../src/drift/tested-cells.ts';
import type { QualityColumn, QualityFact } from '../../src/model/quality.ts';
import { measureColumnQuality, measureDatasetQuality } from '../../src/quality/registry.ts';
import { judge } from '../../src/verdict/judge.ts';
import { withQuality } from '../../src/verdict/quality.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { Random } from '../support/random.ts';
import { columnOf, type Values } from './columns.ts';

/** Simulations: a few seeded datasets in every run; SIMULATIONS=3000 for as many as a claim needs. */
const simulations = Number(process.env.SIMULATIONS ?? 0);

type Draw = () => string | number | null;

const zipf = (values: number, exponent = 1) => Array.from({ length: values }, (_, i) => (i + 1) ** -exponent);
const coded = (random: Random, shares: readonly number[], name: (i: number) => string): Draw => {
  const draw = random.category(shares);
  return () => name(draw());
};

/** Columns that tempt: rare values, natural repeats, mixed strings, near-constants, roundings of all kinds. */
const laws: Readonly<Record<string, (random: Random) => Draw>> = {
  boolean: (random) => coded(random, [0.7, 0.3], (i) => `${i === 0}`),
  'rare boolean': (random) => coded(random, [0.985, 0.015], (i) => `${i === 0}`),
  'Zipf 5': (random) => coded(random, zipf(5), (i) => `c${i}`),
  'Zipf 50': (random) => coded(random, zipf(50), (i) => `c${i}`),
  'Zipf 500': (random) => coded(random, zipf(500), (i) => `c${i}`),
  'Zipf 20,000': (random) => coded(random, zipf(20_000), (i) => `c${i}`),
  'strings, some of them numbers': (random) => coded(random, zipf(40), (i) => (i % 7 === 3 ? `${i}` : `c${i}`)),
  'a top value of 98.6 %': (random) => coded(random, [0.986, 0.01, 0.004], (i) => `c${i}`),
  'a top value of 99.1 %': (random) => coded(random, [0.991, 0.009], (i) => `c${i}`),
  'a top value of 99.9 %': (random) => coded(random, [0.999, 0.001], (i) => `c${i}`),
  constant: () => () => 'EUR',
  normal: (random) => () => random.normal(),
  'normal, one decimal': (random) => () => Math.round(10 * random.normal()) / 10,
  'lognormal, rounded': (random) => () => Math.round(1000 * Math.exp(random.normal())),
  'heavy, rounded': (random) => () => Math.round((100 * random.normal()) / Math.max(1e-3, Math.abs(random.normal()))),
  'zero-inflated': (random) => () => (random.uniform() < 0.8 ? 0 : Math.round(100 * random.uniform())),
  'counts, a third missing': (random) => () => (random.uniform() < 0.33 ? null : random.binomial(5, 0.3)),
};

function withCells(column: QualityColumn): QualityColumn {
  const { table, rows } = column;
  if (table?.form !== 'categories') return { ...column, cells: null };
  const known = [...table.support.keys()].filter((i) => table.reference[i]! > 0);
  known.sort((a, b) => table.reference[b]! - table.reference[a]!);
  const [own, rest] = [known.slice(0, 100), known.slice(100)];
  const sum = (counts: Float64Array, among: readonly number[]) => among.reduce((total, i) => total + counts[i]!, 0);
  const missing = { reference: { null: 0, nan: 0 }, current: { null: 0, nan: 0 } };
  const cells = testedCategoryCells(
    {
      labels: own.map((i) => table.support[i]!),
      reference: Float64Array.from(own, (i) => table.reference[i]!),
      current: Float64Array.from(own, (i) => table.current[i]!),
      otherReference: sum(table.reference, rest),
      otherCurrent: rows.current - sum(table.current, own),
      unseenCurrent: 0,
    },
    missing,
  );
  return { ...column, cells };
}

interface Sizes {
  readonly reference: number;
  readonly current: number;
}

const settings = defaultVerdictSettings;
const judged = (facts: readonly QualityFact[], sizes: Sizes) =>
  withQuality(judge([], sizes, settings), facts, sizes, settings).verdict.findings;

/** Rows of a few small categories repeat by themselves, the more the more there are. */
function repeats(draw: () => number, rows: number) {
  return { rows, distinct: new Set(Array.from({ length: rows }, () => draw())).size };
}

describe('clean data', () => {
  it.each([
    { sizes: { reference: 200, current: 100 }, datasets: 60 },
    { sizes: { reference: 100, current: 200 }, datasets: 60 },
    { sizes: { reference: 1000, current: 100 }, datasets: 40 },
    { sizes: { reference: 1000, current: 1000 }, datasets: 30 },
    { sizes: { reference: 200, current: 10_000 }, datasets: 6 },
    { sizes: { reference: 10_000, current: 1000 }, datasets: 6 },
    { sizes: { reference: 30_000, current: 30_000 }, datasets: 2 },
  ])(
    'has no finding at $sizes.reference against $sizes.current rows',
    { timeout: 3_600_000 },
    ({ sizes, datasets }) => {
      const random = new Random(sizes.reference * 7 + sizes.current);
      const told = new Map<string, number>();
      const runs = simulations || datasets;
      // the samplers of long tails are dear: made once
      const draws = Object.entries(laws).map(([name, law]) => [name, law(random)] as const);
      const rowsOf = [zipf(200), zipf(5000), zipf(100_000, 0.5)].map((shares) => random.category(shares));
      let noisy = 0;
      for (let run = 0; run < runs; run++) {
        const facts = draws.flatMap(([name, draw]) => {
          const side = (rows: number): Values => Array.from({ length: rows }, draw);
          return measureColumnQuality(withCells(columnOf(side(sizes.reference), side(sizes.current), { name })));
        });
        for (const draw of rowsOf) {
          const sides = {
            ids: null,
            reference: repeats(draw, sizes.reference),
            current: repeats(draw, sizes.current),
          };
          facts.push(...measureDatasetQuality({ rows: sizes, repeats: sides, missing: [], added: [], pairs: [] }));
        }
        const findings = judged(facts, sizes);
        if (findings.length > 0) noisy += 1;
        for (const { code, column } of findings)
          told.set(`${code} ${column}`, (told.get(`${code} ${column}`) ?? 0) + 1);
      }
      if (simulations) console.log(sizes, { runs, noisy }, Object.fromEntries(told));
      expect(noisy, JSON.stringify(Object.fromEntries(told))).toBeLessThanOrEqual(simulations ? 0.01 * runs : 0);
    },
  );
});

describe('data exactly at its threshold', () => {
  const runs = simulations || 2000;
  const sizesTried: readonly Sizes[] = [
    { reference: 200, current: 200 },
    { reference: 2000, current: 300 },
    { reference: 1000, current: 20_000 },
    { reference: 100_000, current: 10_000 },
  ];
  const base = { column: null, role: null, reference: 0, current: 0, detail: {} };
  const counted = (random: Random, of: number, share: number) => ({ rows: random.binomial(of, share), of });
  /** one test alone, so its level is alpha */
  const cases: Readonly<Record<string, (random: Random, n: number, m: number) => QualityFact>> = {
    'a habit of 3 % of another type, and half a point more': (random, n, m) => ({
      ...base,
      id: 'mixed-types',
      evidence: {
        form: 'share',
        reference: counted(random, n, 0.03),
        current: counted(random, m, 0.035),
        growth: 1,
        dispersion: 1,
      },
    }),
    'nothing of another type, then half a point': (random, n, m) => ({
      ...base,
      id: 'mixed-types',
      evidence: {
        form: 'share',
        reference: { rows: 0, of: n },
        current: counted(random, m, 0.005),
        growth: 1,
        dispersion: 1,
      },
    }),
    'pairs of rows in 10 %, and a point more': (random, n, m) => {
      // each pair repeats one row
      const pairs = (of: number, share: number) => ({ rows: random.binomial(Math.round(of / 2), 2 * share), of });
      return {
        ...base,
        id: 'duplicate-rows',
        evidence: { form: 'share', reference: pairs(n, 0.1), current: pairs(m, 0.11), growth: 1, dispersion: 2 },
      };
    },
    'a top value of 97 %, then 99 %': (random, n, m) => ({
      ...base,
      id: 'almost-constant',
      evidence: { form: 'rest', reference: counted(random, n, 0.03), current: counted(random, m, 0.01) },
    }),
    'half as many rows off a value of 99 %': (random, n, m) => ({
      ...base,
      id: 'almost-constant',
      evidence: { form: 'rest', reference: counted(random, n, 0.01), current: counted(random, m, 0.005) },
    }),
  };
  for (const [name, fact] of Object.entries(cases)) {
    it.each(sizesTried)(`${name}: $reference against $current rows`, { timeout: 600_000 }, (sizes) => {
      const random = new Random(sizes.reference + 3 * sizes.current);
      let found = 0;
      // binomials of many trials are slow: a fixed budget of trials
      const few = Math.max(300, Math.min(runs, Math.round(8e6 / (sizes.reference + sizes.current))));
      for (let run = 0; run < few; run++) {
        found += judged([fact(random, sizes.reference, sizes.current)], sizes).length;
      }
      if (simulations) console.log(name, sizes, few, found / few);
      // alpha is 1 %; three standard errors of so many runs beside it
      expect(found / few).toBeLessThanOrEqual(0.01 + 3 * Math.sqrt(0.0099 / few));
    });
  }
});
