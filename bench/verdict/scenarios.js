import {
  celsius,
  columnsPerDataset,
  fahrenheit,
  five,
  gain,
  halfTime,
  lognormal,
  mixed,
  mixture,
  newCategory,
  normal,
  poisson3,
  student2,
  withNulls,
  zeroInflated,
  zipf,
} from './laws.js';
import { levelScenarios } from './levels.js';
import { timeScenarios } from './time.js';

/**
 * Everything that is simulated, as a list that is the same in every worker. A scenario's `id` and a repeat's number are the seed of
 * all its draws.
 */

/** The rate at which rules are compared: clean datasets of 20 columns in which any column alarms. */
export const matchedRate = 0.05;

const nullLaws = [
  normal(),
  lognormal(1),
  zeroInflated,
  poisson3,
  student2,
  zipf(3),
  zipf(10),
  zipf(50),
  zipf(500),
  { name: 'twenty different columns', mixed: true },
];

/** Rows of the reference and the batch, and clean datasets of each law. */
const nullSizes = [
  { n: 100, m: 100, repeats: 300 },
  { n: 1000, m: 100, repeats: 300 },
  { n: 1000, m: 1000, repeats: 300 },
  { n: 1001, m: 200, repeats: 300 },
  { n: 10_000, m: 1000, repeats: 120 },
  { n: 1000, m: 10_000, repeats: 120 },
  { n: 100_000, m: 10_000, repeats: 25 },
  { n: 1_000_000, m: 1_000_000, repeats: 2 },
];

const shiftSizes = [
  { n: 1000, m: 1000, repeats: 300, nulls: 300 },
  { n: 10_000, m: 1000, repeats: 200, nulls: 200 },
  { n: 100_000, m: 10_000, repeats: 80, nulls: 50 },
];

const nulls1 = (share) => withNulls(normal(), share);

/**
 * The families of shifts. `beyond` says whether the population's change lies above what the default settings tolerate (`warn`); what
 * lies below is silent by declaration.
 */
export const families = [
  {
    id: 'small-mean',
    name: 'mean, below tolerance',
    clean: normal(),
    rows: [0.1, 0.2, 0.3].map((d) => ({ id: `mean ${d} σ`, now: normal(d), beyond: false })),
  },
  {
    id: 'large-mean',
    name: 'mean, above tolerance',
    clean: normal(),
    rows: [0.5, 1].map((d) => ({ id: `mean ${d} σ`, now: normal(d), beyond: true })),
  },
  {
    id: 'scale',
    name: 'scale',
    clean: normal(),
    rows: [
      { id: 'scale × 1.25', now: normal(0, 1.25), beyond: false },
      { id: 'scale × 1.5', now: normal(0, 1.5), beyond: true },
    ],
  },
  {
    id: 'tail',
    name: 'tail contamination',
    clean: normal(),
    rows: [{ id: '5 % of rows at +5 σ', now: mixture(normal(), 0.05, normal(5)), beyond: true }],
  },
  {
    id: 'segment',
    name: 'segment',
    clean: normal(),
    rows: [{ id: '20 % of rows +1 σ', now: mixture(normal(), 0.2, normal(1)), beyond: false }],
  },
  {
    id: 'category',
    name: 'one category',
    clean: five,
    rows: [
      { id: 'largest of five +5 points', now: gain(five, 0, 5), beyond: false },
      { id: 'largest of five +10 points', now: gain(five, 0, 10), beyond: true },
      { id: 'smallest of five +5 points', now: gain(five, 4, 5), beyond: false },
      { id: 'smallest of five +10 points', now: gain(five, 4, 10), beyond: true },
    ],
  },
  {
    id: 'new-category',
    name: 'new category',
    clean: five,
    rows: [{ id: 'new category 5 %', now: newCategory(five, 0.05), beyond: true }],
  },
  {
    id: 'nulls',
    name: 'null share',
    clean: nulls1(0.01),
    rows: [
      { id: 'nulls 1 % → 3 %', now: nulls1(0.03), beyond: true },
      { id: 'nulls 1 % → 6 %', now: nulls1(0.06), beyond: true },
    ],
  },
  {
    id: 'unit',
    name: 'unit error',
    clean: celsius,
    rows: [{ id: '10 % of rows × 1.8 + 32', now: mixture(celsius, 0.1, fahrenheit), beyond: true }],
  },
  {
    id: 'half-time',
    name: 'jump at half time',
    clean: normal(),
    rows: [{ id: '+1 σ from half time', now: halfTime(normal(), normal(1)), beyond: true }],
  },
];

/** Law and size name a clean run, so that every family of one law is matched on the same one. */
export const matchedNullId = (clean, { n, m }) => `matched null/${clean.name}/${n}/${m}`;

function nullScenarios(quick) {
  const sizes = quick ? nullSizes.filter(({ n, m }) => n + m <= 11_000 && n + m !== 1201) : nullSizes;
  return sizes.flatMap(({ n, m, repeats }) =>
    nullLaws.map((law) => ({
      kind: 'clean',
      section: 'null',
      id: `null/${law.name}/${n}/${m}`,
      law: law.name,
      n,
      m,
      repeats,
      laws: law.mixed ? mixed : Array(columnsPerDataset).fill(law),
    })),
  );
}

function oddCleanScenarios() {
  const sizes = [
    { n: 1000, m: 1000 },
    { n: 10_000, m: 1000 },
  ];
  const correlated = sizes.map((size) => ({
    law: 'normal, all columns correlated (ρ = 0.8)',
    ...size,
    correlation: 0.8,
    laws: Array(columnsPerDataset).fill(normal()),
  }));
  const twice = sizes.map((size) => ({
    law: 'normal, every row there twice',
    ...size,
    twice: true,
    laws: Array(columnsPerDataset).fill(normal()),
  }));
  const missing = [
    { n: 200, m: 100 },
    { n: 1000, m: 100 },
    { n: 1000, m: 1000 },
    { n: 10_000, m: 1000 },
    { n: 1000, m: 10_000 },
  ].flatMap((size) =>
    [0.0005, 0.002, 0.01].map((share) => ({
      law: `normal, ${100 * share} % null`,
      ...size,
      laws: Array(columnsPerDataset).fill(withNulls(normal(), share)),
    })),
  );
  return [...correlated, ...twice, ...missing].map((scenario) => ({
    kind: 'clean',
    section: 'levels',
    id: `odd/${scenario.law}/${scenario.n}/${scenario.m}`,
    repeats: 150,
    ...scenario,
  }));
}

function shiftScenarios(quick) {
  const sizes = quick ? shiftSizes.slice(0, 1) : shiftSizes;
  const cleans = [...new Map(families.map(({ clean }) => [clean.name, clean])).values()];
  return sizes.flatMap(({ n, m, repeats, nulls }) => [
    ...cleans.map((clean) => ({
      kind: 'clean',
      section: 'shift',
      id: matchedNullId(clean, { n, m }),
      law: clean.name,
      n,
      m,
      repeats: nulls,
      scores: true,
      laws: Array(columnsPerDataset).fill(clean),
    })),
    ...families.flatMap(({ id: family, clean, rows }) =>
      rows.map((row) => ({
        kind: 'shift',
        section: 'shift',
        id: `shift/${family}/${row.id}/${n}/${m}`,
        family,
        row: row.id,
        n,
        m,
        repeats,
        clean,
        now: row.now,
      })),
    ),
  ]);
}

/** @param repeats multiplies every scenario's repeats, at least one each */
export function scenariosOf({ quick, repeats, only }) {
  const all = [
    ...nullScenarios(quick),
    ...shiftScenarios(quick),
    ...timeScenarios(quick),
    ...levelScenarios(quick),
    ...(quick ? [] : oddCleanScenarios()),
  ];
  return all
    .filter(({ section }) => only.includes(section))
    .map((scenario) => ({ ...scenario, repeats: Math.max(1, Math.round(scenario.repeats * repeats)) }));
}
