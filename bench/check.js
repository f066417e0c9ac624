/**
 * Measures whole runs of `driftgate check` against a peer, in turns (tool, peer, tool, peer …), and judges the stated bounds.
 *
 *   node bench/check.js [--only 10k,1m] [--runs 5] [--threads 4] [--tool bin/driftgate.js] [--markdown]
 *
 * Ratios and differences are taken pair by pair, so that a machine that slows down slows both; what is shown is their median
 * and range. The first turn of each is a warm-up and not counted. `npm run build` first. Exits 1 when a bound is not met.
 */
import { spawn } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { filesOf } from './generate.js';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

const ONE_GB = 1e9;
const summarize = {
  name: 'SUMMARIZE of both files',
  args: (threads, files) => [here('summarize.js'), threads, ...files],
};
const loadCsv = {
  name: 'CREATE TABLE of both files',
  args: (threads, files) => [here('load-csv.js'), threads, ...files],
};
const emptyScript = { name: 'node -e 0', args: () => ['-e', '0'] };
/** The same check with other options. */
const checkWith = (name, ...more) => ({
  name,
  args: (threads, files, tool, report) => [...checkArgs(tool, files, report, threads), ...more],
});

/**
 * Every column profiled and tested as a whole, as SUMMARIZE looks at it: without what the batch's time, the score and the whole row add
 * (windows, noise between periods, confidence, repeated rows).
 */
const columnsAlone = [
  ...['--window', 'none', '--noise', 'off', '--set', 'quality.duplicate_rows.severity=off'],
  ...['--set', 'columns.probability.role=feature', '--set', 'columns.event_time.role=feature'],
];

/** The cases in the order they run. `bounds` lists what `judge` asks of the case. */
const cases = {
  '10k': { title: '10,000 rows × 21, Parquet', peer: emptyScript, bounds: { extraSeconds: 0.5 } },
  '1m': { title: '1,000,000 rows × 21, Parquet', peer: summarize, bounds: { ratio: 1, memory: ONE_GB } },
  '1m-columns': {
    title: '1,000,000 rows × 21, Parquet, columns alone',
    data: '1m',
    more: columnsAlone,
    peer: summarize,
    bounds: { ratio: 1 },
  },
  '5m': { title: '5,000,000 rows × 21, Parquet', peer: summarize, bounds: { ratio: 1, memory: ONE_GB } },
  csv: { title: '1,000,000 rows × 21, CSV', peer: loadCsv, bounds: { ratio: 2, memory: ONE_GB } },
  'csv-columns': {
    title: '1,000,000 rows × 21, CSV, columns alone',
    data: 'csv',
    more: columnsAlone,
    peer: loadCsv,
    bounds: { ratio: 2 },
  },
  wide: { title: '20,000 rows × 500, Parquet', peer: summarize, bounds: { seconds: 15, memory: ONE_GB } },
  layers: {
    title: '5,000,000 rows × 21, 30 daily windows and 10 segments',
    data: '5m',
    more: ['--window', '1d', '--segment', 'digit'],
    peer: checkWith('the check without them', '--window', 'none'),
    bounds: { ratio: 2.5, memory: ONE_GB },
  },
  profile: {
    title: '5,000,000 rows × 21 against a saved reference',
    data: '5m',
    saved: true,
    peer: checkWith('the check of both files'),
    bounds: { ratio: 0.6, memory: ONE_GB },
  },
  exact: {
    title: '5,000,000 rows × 21, --exact',
    data: '5m',
    more: ['--exact'],
    peer: checkWith('the check without'),
    bounds: {},
  },
};

/** Five times the rows may take at most this many times as long. */
const GROWTH_BOUND = 10;

function options() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: Object.keys(cases).join(',') },
      runs: { type: 'string', default: '5' },
      threads: { type: 'string', default: String(availableParallelism()) },
      tool: { type: 'string', default: here('../bin/driftgate.js') },
      markdown: { type: 'boolean', default: false },
    },
  });
  const names = values.only.split(',');
  const unknown = names.find((name) => !(name in cases));
  if (unknown !== undefined)
    throw new Error(`no case is called "${unknown}"; there are ${Object.keys(cases).join(', ')}`);
  for (const name of ['runs', 'threads']) {
    if (!(Number.isInteger(Number(values[name])) && Number(values[name]) >= 1)) {
      throw new Error(`--${name} takes a whole number from 1, not "${values[name]}"`);
    }
  }
  return { ...values, names, runs: Number(values.runs), tool: resolve(values.tool) };
}

/** Runs Node with arguments to its end: wall time in seconds and peak resident memory in bytes. */
async function measure(args, scratch, allowedCodes) {
  const memoryFile = join(scratch, 'peak-memory.txt');
  await rm(memoryFile, { force: true });
  const start = performance.now();
  const child = spawn(process.execPath, ['--require', here('peak-memory.cjs'), ...args], {
    cwd: scratch,
    env: { ...process.env, BENCH_PEAK_MEMORY_FILE: memoryFile },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let end = start;
  let errors = '';
  child.on('exit', () => {
    end = performance.now();
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code, signal] = await new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (...how) => done(how));
  });
  if (!allowedCodes.includes(code)) {
    throw new Error(`node ${args.join(' ')} ended with ${signal ?? `exit code ${code}`}\n${errors}`);
  }
  return { seconds: (end - start) / 1000, memory: Number(await readFile(memoryFile, 'utf8')) };
}

/**
 * The data is made in a process of its own: Linux hands a parent's memory on as the least peak of its children, so this
 * process must stay small.
 */
async function makeData(names) {
  const child = spawn(process.execPath, [here('generate.js'), ...names], { stdio: 'inherit' });
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new Error(`bench/generate.js ended with exit code ${code}`);
}

function checkArgs(tool, [reference, current], report, threads) {
  return [
    tool,
    'check',
    '--reference',
    reference,
    '--current',
    current,
    '--out',
    report,
    '--quiet',
    '--threads',
    threads,
  ];
}

/** The profile that a saved reference is; how long it takes to make is not counted. */
async function saveProfile(tool, reference, threads, scratch) {
  const file = join(scratch, 'reference.profile.json');
  await measure([tool, 'profile', reference, '--no-config', '--threads', threads, '-o', file], scratch, [0]);
  return file;
}

async function measureCase(name, { runs, threads, tool }, scratch) {
  const { title, peer, data = name, more = [], saved = false } = cases[name];
  const { reference, current } = filesOf(data);
  const report = join(scratch, 'report');
  const compared = saved ? await saveProfile(tool, reference, threads, scratch) : reference;
  const toolArgs = [...checkArgs(tool, [compared, current], report, threads), ...more];
  const peerArgs = peer.args(threads, [reference, current], tool, report);
  const pairs = [];
  for (let run = 0; run <= runs; run++) {
    await rm(report, { recursive: true, force: true });
    // whether the data has drifted does not matter here, but Node ends with 1 on a crash too: then there is no report
    const ours = await measure(toolArgs, scratch, [0, 1]);
    if ((await readdir(report).catch(() => [])).length === 0)
      throw new Error(`${tool} has written no report of ${name}`);
    const theirs = await measure(peerArgs, scratch, [0, 1]);
    console.error(`${name} ${run === 0 ? 'warm-up' : run}: ${seconds(ours.seconds)}, peer ${seconds(theirs.seconds)}`);
    if (run > 0) pairs.push({ ours, theirs });
  }
  const of = (value) => spread(pairs.map(value));
  return {
    name,
    title,
    peer: peer.name,
    ours: of(({ ours }) => ours.seconds),
    theirs: of(({ theirs }) => theirs.seconds),
    ratio: of(({ ours, theirs }) => ours.seconds / theirs.seconds),
    extra: of(({ ours, theirs }) => ours.seconds - theirs.seconds),
    ourMemory: of(({ ours }) => ours.memory),
    theirMemory: of(({ theirs }) => theirs.memory),
  };
}

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { median, lowest: sorted[0], highest: sorted[sorted.length - 1] };
}

/** One line a bound. Memory is judged by the highest run, everything else by the median. */
function judge(results) {
  const lines = [];
  const add = (what, measured, bound, show, range) =>
    lines.push({ what, measured: range ?? show(measured), bound: `≤ ${show(bound)}`, passed: measured <= bound });
  for (const result of results) {
    const { ratio, extraSeconds, seconds: limit, memory } = cases[result.name].bounds;
    const { title, peer } = result;
    if (ratio !== undefined)
      add(`${title}: time / ${peer}`, result.ratio.median, ratio, factor, ranged(result.ratio, factor));
    if (extraSeconds !== undefined) {
      add(`${title}: time − ${peer}`, result.extra.median, extraSeconds, seconds, ranged(result.extra, seconds));
    }
    if (limit !== undefined) add(`${title}: time`, result.ours.median, limit, seconds, ranged(result.ours, seconds));
    if (memory !== undefined) add(`${title}: peak memory`, result.ourMemory.highest, memory, megabytes);
  }
  const [small, large] = ['1m', '5m'].map((name) => results.find((result) => result.name === name));
  if (small && large) {
    add('5,000,000 rows: time / 1,000,000 rows', large.ours.median / small.ours.median, GROWTH_BOUND, factor);
  }
  return lines;
}

function seconds(value) {
  return `${value.toFixed(2)} s`;
}

function megabytes(value) {
  return `${Math.round(value / 1e6)} MB`;
}

function factor(value) {
  return value.toFixed(2);
}

function ranged({ median, lowest, highest }, show) {
  return `${show(median)} (${show(lowest)} … ${show(highest)})`;
}

/** A table, padded, so that it reads well as text and as Markdown. */
function table(head, rows, markdown) {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells) => cells.map((cell, i) => cell.padEnd(widths[i]));
  if (!markdown) return [head, ...rows].map((row) => line(row).join('  ').trimEnd()).join('\n');
  const rule = widths.map((width) => '-'.repeat(width));
  return [line(head), rule, ...rows.map(line)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function print(results, verdicts, { markdown, runs, threads }) {
  const model = cpus()[0]?.model.trim();
  const context = [
    new Date().toISOString().slice(0, 10),
    `node ${['bench/check.js', ...process.argv.slice(2)].join(' ')}`,
    `${availableParallelism()} cores${model ? ` (${model})` : ''}, ${threads} threads`,
    `Node ${process.versions.node}`,
    `${runs} counted runs in turns after a warm-up`,
  ];
  console.log(markdown ? `${context.map((part) => `- ${part}`).join('\n')}\n` : `${context.join('; ')}\n`);
  console.log(
    table(
      ['data', 'driftgate check', 'peer', 'of the peer', 'ratio', 'peak memory', 'of the peer'],
      results.map((result) => [
        result.title,
        seconds(result.ours.median),
        result.peer,
        seconds(result.theirs.median),
        ranged(result.ratio, factor),
        megabytes(result.ourMemory.highest),
        megabytes(result.theirMemory.highest),
      ]),
      markdown,
    ),
  );
  console.log('');
  console.log(
    table(
      ['bound', 'measured', 'allowed', ''],
      verdicts.map(({ what, measured, bound, passed }) => [what, measured, bound, passed ? 'pass' : 'FAIL']),
      markdown,
    ),
  );
}

async function main() {
  const chosen = options();
  await access(chosen.tool).catch(() => {
    throw new Error(`there is no ${chosen.tool}; build the tool first`);
  });
  const scratch = await mkdtemp(join(tmpdir(), 'driftgate-bench-'));
  try {
    await makeData([...new Set(chosen.names.map((name) => cases[name].data ?? name))]);
    const results = [];
    for (const name of chosen.names) results.push(await measureCase(name, chosen, scratch));
    const verdicts = judge(results);
    print(results, verdicts, chosen);
    if (verdicts.some(({ passed }) => !passed)) process.exitCode = 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
