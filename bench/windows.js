/**
 * What judging the windows of a batch costs in false alarms and what it finds, by simulation: 20 normal columns whose days differ, a
 * batch in windows of its own, judged by the product's own cells, p-values and family. See docs/verdict-quality.md.
 *
 *   node bench/windows.js [--datasets 200] [--seed 1]
 *
 * `npm run build` first. Exits 1 when clean data alarms more often than alpha says.
 */
import { parseArgs } from 'node:util';
import { gateEdges, tracedNumericCells } from '../build/drift/tested-cells.js';
import { normalQuantile, normalUpperTail } from '../build/math/normal.js';
import { planBatch } from '../build/verdict/batch-windows.js';
import { judge } from '../build/verdict/judge.js';
import { defaultVerdictSettings as settings } from '../build/verdict/tolerances.js';
import { planWindows } from '../build/verdict/windows.js';
import { Random } from './verdict/random.js';

const columns = 20;
const ladder = [0.005, 0.01, 0.02, 0.05];
const hour = 3600;
const day = 24 * hour;

/**
 * noise: standard deviation of a period's own level, in those of the values; carried: how much of it the next period keeps; swing: of
 * the day's rhythm; rows: of a period.
 */
const scenarios = [
  { name: 'rows alike', noise: 0 },
  { name: 'day effects of 0.1 σ', noise: 0.1 },
  { name: 'day effects of 0.3 σ', noise: 0.3 },
  { name: 'day effects of 0.3 σ, AR(1) 0.7 from day to day', noise: 0.3, carried: 0.7 },
  { name: 'a rhythm of 0.7 σ over the day, batch of a day', noise: 0, swing: 0.7, hourly: true },
  { name: 'the same, hours differ by 0.1 σ besides', noise: 0.1, swing: 0.7, hourly: true },
];
const shifts = [
  { name: 'clean', of: () => 0 },
  { name: '0.5 σ from half time on', of: (w, W) => (w < W / 2 ? 0 : 0.5) },
  { name: '1 σ from half time on', of: (w, W) => (w < W / 2 ? 0 : 1) },
  { name: '1 σ in one window', of: (w) => (w === 3 ? 1 : 0) },
  { name: '0.5 σ throughout', of: () => 0.5 },
];
const sizes = [100, 1000];

const edges = gateEdges({
  atoms: [],
  deciles: Array.from({ length: 9 }, (_, i) => normalQuantile((i + 1) / 10)),
  tails: ladder.map((fraction) => ({ fraction, lower: normalQuantile(fraction), upper: normalQuantile(1 - fraction) })),
});
const noMissing = { reference: { null: 0, nan: 0 }, current: { null: 0, nan: 0 } };
const sum = (parts) => Float64Array.from(parts[0], (_, b) => parts.reduce((total, part) => total + part[b], 0));

function sharesOf(shift) {
  const below = [0, ...edges.map(({ at }) => 1 - normalUpperTail(at - shift)), 1];
  return below.slice(1).map((upper, i) => upper - below[i]);
}

/** The levels of so many periods, one after the other. */
function levels(random, count, { noise, carried = 0, swing = 0, hourly }, first) {
  let level = noise * random.normal();
  return Array.from({ length: count }, (_, i) => {
    level = carried * level + Math.sqrt(1 - carried ** 2) * noise * random.normal();
    return level + (hourly ? swing * Math.sin((2 * Math.PI * ((first + i) % 8)) / 8) : 0);
  });
}

function dataset(random, scenario, shift, rows) {
  const periods = scenario.hourly ? 8 * 60 : 60;
  const length = scenario.hourly ? 3 * hour : day;
  const count = scenario.hourly ? 8 : 10;
  const timeline = {
    column: 'time',
    start: 0,
    length,
    rows: new Float64Array(periods).fill(rows),
    outside: 0,
    granularity: 0,
  };
  const start = periods * length;
  const windows = Array.from({ length: count }, (_, i) => ({
    rows,
    span: { from: start + i * length, to: start + (i + 1) * length },
  }));
  const plan = planWindows(timeline, { from: start, to: start + count * length }, settings);
  const batch = planBatch({ column: 'time', windows, timeline }, settings);
  const evidence = Array.from({ length: columns }, (_, c) => {
    const draw = (level) => Float64Array.from(random.multinomial(rows, sharesOf(level)));
    const then = levels(random, periods, scenario, 0).map(draw);
    const now = levels(random, count, scenario, 0).map((level, w) => draw(level + (c === 0 ? shift(w, count) : 0)));
    return column(`c${c}`, then, now, plan);
  });
  return { evidence, plan, batch, sizes: { reference: periods * rows, current: count * rows } };
}

function column(name, then, now, plan) {
  const [reference, current] = [sum(then), sum(now)];
  const cut = (counts) => tracedNumericCells({ edges, atoms: [], reference, current: counts }, noMissing, String);
  const whole = cut(current);
  const window = cut(current.map((rows) => rows / now.length));
  const series = (parts, sources) =>
    sources.map((cells) => Float64Array.from(parts, (part) => cells.reduce((total, cell) => total + part[cell], 0)));
  const joined = plan.windows.map(({ from, to }) => sum(then.slice(from, to)));
  return {
    name,
    role: 'feature',
    kind: 'numeric',
    schema: 'same',
    rows: { reference: total(reference), current: total(current) },
    cells: whole.cells,
    windows: { cells: series(joined, whole.sources), main: series(joined, whole.mainSources) },
    batch: {
      cells: window.cells,
      batch: { cells: series(now, window.sources), main: series(now, window.mainSources) },
      reference: { cells: series(then, window.sources), main: series(then, window.mainSources) },
      missing: null,
    },
    missing: null,
    unseen: null,
    outside: null,
    mode: null,
  };
}

function total(counts) {
  return counts.reduce((a, b) => a + b, 0);
}

const { values } = parseArgs({
  options: { datasets: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const datasets = Number(values.datasets);
const percent = (count) => `${Number(((100 * count) / datasets).toFixed(1))} %`;
console.log(
  '| days, and what one of 20 columns does | rows a window | any alarm, whole only | any alarm | column at warn | at fail |',
);
console.log('| --- | --: | --: | --: | --: | --: |');
for (const scenario of scenarios) {
  for (const { name, of } of shifts) {
    for (const rows of sizes) {
      const found = { alone: 0, any: 0, warn: 0, fail: 0 };
      for (let i = 0; i < datasets; i++) {
        const random = new Random(`${values.seed} ${scenario.name} ${name} ${rows} ${i}`);
        const { evidence, plan, batch, sizes: both } = dataset(random, scenario, of, rows);
        const whole = judge(evidence, both, settings, plan);
        const all = judge(evidence, both, settings, plan, [], batch);
        const level = all.columns[0].tests.find(({ rule }) => rule === 'drift').rejected;
        if (whole.findings.length > 0) found.alone += 1;
        if (all.findings.length > 0) found.any += 1;
        if (level !== null) found.warn += 1;
        if (level === 'fail') found.fail += 1;
      }
      const { alone, any, warn, fail } = found;
      const clean = name === 'clean';
      const cells = [percent(alone), percent(any), ...(clean ? ['', ''] : [percent(warn), percent(fail)])];
      console.log(`| ${scenario.name}: ${name} | ${rows.toLocaleString('en')} | ${cells.join(' | ')} |`);
      const bound = 0.01 * datasets + 3 * Math.sqrt(0.01 * 0.99 * datasets);
      if (clean && any > Math.max(1, bound)) process.exitCode = 1;
    }
  }
}
