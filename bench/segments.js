/**
 * What the questions by segment find and what they cost, by simulation: 20 normal columns in 10 segments, judged by the product's own
 * cells, p-values and family. See docs/segments.md.
 *
 *   node bench/segments.js [--datasets 400] [--only rows,time] [--seed 1]
 *
 * `npm run build` first. Exits 1 when clean data alarms more often than alpha says.
 */
import { parseArgs } from 'node:util';
import { gateEdges, tracedNumericCells } from '../build/drift/tested-cells.js';
import { normalQuantile, normalUpperTail } from '../build/math/normal.js';
import { judgeFamily } from '../build/verdict/family.js';
import { judge } from '../build/verdict/judge.js';
import { askSegments } from '../build/verdict/segments.js';
import { defaultVerdictSettings } from '../build/verdict/tolerances.js';
import { without } from '../build/verdict/windows.js';
import { Random } from './verdict/random.js';

const columns = 20;
const segments = 10;
const ladder = [0.005, 0.01, 0.02, 0.05];
const sizes = [
  [10_000, 1000],
  [10_000, 10_000],
  [100_000, 20_000],
  [1_000_000, 100_000],
];
/** Shifts in standard deviations; where: in one of the segments, or in all of them. At 0.327 φ² is at the warn tolerance. */
const scenarios = [
  { name: 'clean', shift: 0, where: 'all' },
  { name: '0.327 σ in every segment: the warn tolerance itself', shift: 0.327, where: 'all' },
  { name: '0.5 σ in one segment', shift: 0.5, where: 'one' },
  { name: '0.7 σ in one segment', shift: 0.7, where: 'one' },
  { name: '1 σ in one segment', shift: 1, where: 'one' },
  { name: '0.4 σ in every segment', shift: 0.4, where: 'all' },
];

const edges = gateEdges({
  atoms: [],
  deciles: Array.from({ length: 9 }, (_, i) => normalQuantile((i + 1) / 10)),
  tails: ladder.map((fraction) => ({
    fraction,
    lower: normalQuantile(fraction),
    upper: normalQuantile(1 - fraction),
  })),
});

function sharesOf(shift) {
  const below = [0, ...edges.map(({ at }) => 1 - normalUpperTail(at - shift)), 1];
  return below.slice(1).map((upper, i) => upper - below[i]);
}

const noMissing = { reference: { null: 0, nan: 0 }, current: { null: 0, nan: 0 } };
const traced = (reference, current) =>
  tracedNumericCells({ edges, atoms: [], reference, current }, noMissing, (value) => value.toFixed(2));
const cellsOf = (reference, current) => traced(reference, current).cells;
const sum = (parts) => Float64Array.from(parts[0], (_, b) => parts.reduce((total, part) => total + part[b], 0));

function evidenceOf(column, cells, [n, m]) {
  return {
    name: `c${column}`,
    role: 'feature',
    kind: 'numeric',
    schema: 'same',
    rows: { reference: n, current: m },
    cells,
    missing: null,
    unseen: null,
    outside: null,
    mode: null,
  };
}

/** One data set; only the first column moves. */
function dataset(random, [n, m], { shift, where }) {
  const equal = Array(segments).fill(1 / segments);
  const rows = { reference: random.multinomial(n, equal), current: random.multinomial(m, equal) };
  const [still, moved] = [sharesOf(0), sharesOf(shift)];
  return Array.from({ length: columns }, (_, column) => {
    const isMoved = (s) => column === 0 && (where === 'all' || s === 0);
    const reference = Array.from(rows.reference, (count) => Float64Array.from(random.multinomial(count, still)));
    const current = Array.from(rows.current, (count, s) =>
      Float64Array.from(random.multinomial(count, isMoved(s) ? moved : still)),
    );
    return {
      evidence: evidenceOf(column, cellsOf(sum(reference), sum(current)), [n, m]),
      cells: reference.map((counts, s) => cellsOf(counts, current[s])),
    };
  });
}

const plan = without('off', null);
const names = Array.from({ length: segments }, (_, s) => `s${s}`);

function evaluate(data, [n, m]) {
  const evidence = data.map((column) => column.evidence);
  const rows = { reference: n, current: m };
  const asked = data.map((column) => askSegments(['segment'], names, column, defaultVerdictSettings, plan));
  const layer = { questions: asked.map(({ question }) => question), facts: [] };
  const alone = judge(evidence, rows, defaultVerdictSettings, plan);
  const together = judge(evidence, rows, defaultVerdictSettings, plan, [layer]);
  const drifted = ({ columns: verdicts }) => verdicts[0].outcome === 'drift';
  // every segment of every column as a question of its own
  const flat = judgeFamily(
    [
      ...evidence.map((_, c) => {
        const [test] = alone.columns[c].tests;
        return { logPFail: test.logPFail, logPWarn: test.logPWarn };
      }),
      ...asked.flatMap(({ segments: own }) => own.map(({ logP }) => ({ logPFail: logP.fail, logPWarn: logP.warn }))),
    ],
    defaultVerdictSettings.alpha,
  );
  const bySegment = together.layers[0];
  return {
    wholeAlone: drifted(alone),
    whole: drifted(together),
    segments: bySegment[0] !== null,
    wholeFlat: flat[0] !== null,
    flat: flat.slice(columns, columns + segments).some((level) => level !== null),
    any: together.findings.length > 0 || bySegment.some((level) => level !== null),
  };
}

const { values } = parseArgs({
  options: {
    datasets: { type: 'string', default: '400' },
    only: { type: 'string', default: 'rows,time' },
    seed: { type: 'string', default: '1' },
  },
});
const datasets = Number(values.datasets);
const percent = (count) => `${Number(((100 * count) / datasets).toFixed(1))} %`;
const heads = ['the whole, alone', '+ by segment', '+ each segment', 'by segment', 'each segment', 'any finding'];
console.log('Independent rows\n');
console.log(`| drift of one of ${columns} columns | rows | ${heads.join(' | ')} |`);
console.log(`| --- | --- |${' --: |'.repeat(heads.length)}`);
for (const scenario of values.only.includes('rows') ? scenarios : []) {
  for (const size of sizes) {
    const counts = { wholeAlone: 0, whole: 0, wholeFlat: 0, segments: 0, flat: 0, any: 0 };
    for (let i = 0; i < datasets; i++) {
      const random = new Random(`${values.seed} ${scenario.name} ${size} ${i}`);
      const found = evaluate(dataset(random, size, scenario), size);
      for (const key of Object.keys(counts)) counts[key] += found[key] ? 1 : 0;
    }
    const { wholeAlone, whole, wholeFlat, segments: own, flat, any } = counts;
    const rows = size.map((count) => count.toLocaleString('en')).join(' / ');
    console.log(
      `| ${[scenario.name, rows, ...[wholeAlone, whole, wholeFlat, own, flat, any].map(percent)].join(' | ')} |`,
    );
    const bound = 0.01 * datasets + 3 * Math.sqrt(0.01 * 0.99 * datasets);
    if (scenario.name === 'clean' && any > Math.max(1, bound)) process.exitCode = 1;
  }
}

/** The reference in blocks of time as long as the batch, whose means differ. */
const blocks = 24;
const dayPlan = {
  ...without('off', null),
  windows: Array.from({ length: blocks }, (_, from) => ({ from, to: from + 1 })),
  column: 't',
  unknown: null,
  windowSeconds: 86_400,
  batchSeconds: 86_400,
  leastRows: 100,
};
const noisy = [
  { name: 'clean; blocks differ by 0.3 σ, in all segments alike', own: false, spread: 0.3, shift: 0 },
  { name: 'clean; blocks differ by 0.3 σ, each segment by itself', own: true, spread: 0.3, shift: 0 },
  { name: '1 σ in one segment; blocks differ by 0.1 σ, each segment by itself', own: true, spread: 0.1, shift: 1 },
  { name: '2 σ in one segment; blocks differ by 0.3 σ, each segment by itself', own: true, spread: 0.3, shift: 2 },
];
const noisySizes = [
  [24_000, 1000],
  [240_000, 10_000],
];

function noisyDataset(random, [n, m], { own, spread, shift }) {
  const rowsOf = (total) => Math.round(total / segments);
  return Array.from({ length: columns }, (_, column) => {
    const effects = () => {
      const common = spread * random.normal();
      return Array.from({ length: segments }, () => (own ? spread * random.normal() : common));
    };
    const draw = (rows, added) =>
      effects().map((effect, s) =>
        Float64Array.from(random.multinomial(rowsOf(rows), sharesOf(effect + (s === 0 ? added : 0)))),
      );
    const byBlock = Array.from({ length: blocks }, () => draw(n / blocks, 0));
    const current = draw(m, column === 0 ? shift : 0);
    const reference = current.map((_, s) => sum(byBlock.map((block) => block[s])));
    // counts by block in cells that were merged for something else: one series a cell
    const series = (sources, counts) =>
      sources.map((parts) =>
        Float64Array.from(counts, (own) =>
          parts.reduce((total, part) => total + (typeof part === 'number' ? own[part] : 0), 0),
        ),
      );
    const whole = traced(sum(reference), sum(current));
    const wholeBlocks = byBlock.map(sum);
    const parts = reference.map((counts, s) => traced(counts, current[s]));
    return {
      evidence: {
        ...evidenceOf(column, whole.cells, [n, m]),
        windows: {
          cells: series(whole.sources, wholeBlocks),
          main: series(whole.mainSources, wholeBlocks),
        },
      },
      cells: parts.map(({ cells }) => cells),
      blocks: {
        seconds: 86_400,
        segments: parts.map(({ sources }, s) =>
          series(
            sources,
            byBlock.map((block) => block[s]),
          ),
        ),
      },
    };
  });
}

console.log('\nBlocks of time that differ\n');
const noisyHeads = ['by sampling alone', "+ the whole's noise", "+ the segment's own noise"];
console.log(`| 20 columns in 10 segments | rows | ${noisyHeads.join(' | ')} |`);
console.log('| --- | --- | --: | --: | --: |');
for (const scenario of values.only.includes('time') ? noisy : []) {
  for (const size of noisySizes) {
    const counts = [0, 0, 0];
    for (let i = 0; i < datasets; i++) {
      const data = noisyDataset(new Random(`${values.seed} ${scenario.name} ${size} ${i}`), size, scenario);
      const known = [
        data.map((column) => ({ ...column, blocks: null, evidence: { ...column.evidence, windows: null } })),
        data.map((column) => ({ ...column, blocks: null })),
        data,
      ];
      for (const [k, all] of known.entries()) {
        const questions = all.map(
          (column) => askSegments(['segment'], names, column, defaultVerdictSettings, dayPlan).question,
        );
        const rows = { reference: size[0], current: size[1] };
        const evidence = all.map((column) => column.evidence);
        const { layers } = judge(evidence, rows, defaultVerdictSettings, dayPlan, [{ questions, facts: [] }]);
        const found = scenario.shift === 0 ? layers[0].some((level) => level !== null) : layers[0][0] !== null;
        counts[k] += found ? 1 : 0;
      }
    }
    const rows = size.map((count) => count.toLocaleString('en')).join(' / ');
    console.log(`| ${[scenario.name, rows, ...counts.map(percent)].join(' | ')} |`);
  }
}
