/**
 * The quality of the verdict, by simulation: false alarms on clean data and detection of shifts, for our gate, our classical p-values
 * and the default rules of well-known tools; the level of the gate's formulas at the tolerance. See docs/verdict-quality.md.
 *
 *   npm run bench:verdict -- [--quick] [--only null,shift,time,levels] [--repeats 1] [--seed 1] [--workers 4] [--markdown]
 *                            [--json] [--dist build] [--save run.json] [--load run.json,…]
 *
 * --repeats multiplies the number of datasets: 1 is a full run, 0.1 a tenth. The numbers depend on the seed and the repeats, not on
 * the workers. --load prints the tables of runs that were saved. `npm run build` first. Exits 1 when our gate alarms on clean data more often than it says.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { armsOf } from './verdict/evaluate.js';
import { loadProduct } from './verdict/product.js';
import { run } from './verdict/run.js';
import { levelTables, matched, nullTables, print, shiftDefaults, timeTables } from './verdict/tables.js';

const sections = ['null', 'shift', 'time', 'levels'];

function options() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: sections.join(',') },
      repeats: { type: 'string' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      markdown: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      save: { type: 'string' },
      load: { type: 'string' },
      dist: { type: 'string', default: fileURLToPath(new URL('../build', import.meta.url)) },
    },
  });
  const only = values.only.split(',');
  const unknown = only.find((name) => !sections.includes(name));
  if (unknown !== undefined) throw new Error(`no section is called "${unknown}"; there are ${sections.join(', ')}`);
  const repeats = Number(values.repeats ?? (values.quick ? 0.05 : 1));
  if (!(repeats > 0)) throw new Error(`--repeats takes a number above 0, not "${values.repeats}"`);
  const workers = Number(values.workers);
  if (!(Number.isInteger(workers) && workers >= 1)) throw new Error(`--workers takes a whole number from 1`);
  return { ...values, only, repeats, workers };
}

/** The gate's promise: at most α of clean datasets have any finding. Told when the excess cannot be chance (3 standard errors). */
const alpha = 0.01;
function broken(results) {
  return results
    .filter(({ kind }) => kind === 'clean' || kind === 'time')
    .filter(({ result: { datasets, datasetAlarms } }) => {
      const bound = alpha * datasets + 3 * Math.sqrt(alpha * (1 - alpha) * datasets);
      return datasetAlarms.gate > Math.max(1, bound);
    });
}

const began = performance.now();
const { quick, repeats, only, seed, workers, markdown, json, dist, save, load } = options();
const say = (text = '') => process.stdout.write(`${text}\n`);
const product = await loadProduct(dist);
const arms = armsOf(product);
const tty = process.stderr.isTTY;
const results =
  load === undefined
    ? await run({
        dist,
        workers,
        options: { quick, repeats, only, seed },
        onProgress: (share) => tty && process.stderr.write(`\r${Math.round(100 * share)} %   `),
      })
    : load.split(',').flatMap((file) => JSON.parse(readFileSync(file, 'utf8'), revive));
if (tty) process.stderr.write('\r');
if (save !== undefined) {
  writeFileSync(
    save,
    JSON.stringify(results, (_, value) => (value === Infinity ? 'Infinity' : value)),
  );
}

if (json) {
  // functions and scores left out: what was counted, by scenario
  say(
    JSON.stringify(
      results.map(({ id, kind, section, n, m, repeats: runs, result: { scores, ...counts } }) => ({
        ...{ id, kind, section, n, m, repeats: runs },
        ...counts,
        ...(scores
          ? { scores: Object.fromEntries(Object.entries(scores).map(([arm, list]) => [arm, digest(list)])) }
          : {}),
      })),
    ),
  );
} else {
  const heading = (text, level = 2) => say(markdown ? `\n${'#'.repeat(level)} ${text}\n` : `\n${text}\n`);
  const show = (table) => say(print(table, markdown));
  if (only.includes('null')) {
    const { bySize, summary } = nullTables(results, arms);
    heading('False alarms per 100 clean datasets of 20 columns (per 100 clean columns), all laws together');
    show(summary);
    for (const { title, table } of bySize) {
      heading(title, 3);
      show(table);
    }
  }
  if (only.includes('shift')) {
    heading('Detection with defaults, %: one column of twenty moved (our gate: any finding / exit code 1)');
    for (const { title, table } of shiftDefaults(results, arms)) {
      heading(title, 3);
      show(table);
    }
    const compared = matched(results, arms);
    heading('Detection at a matched false-alarm rate, %: 5 of 100 clean datasets alarm, for every rule');
    show(compared.summary);
    for (const { title, table } of compared.sizes) {
      heading(title, 3);
      show(table);
    }
  }
  if (only.includes('time')) {
    const { clean, shifted } = timeTables(results, arms);
    heading('Rows that are not independent: false alarms per 100 clean datasets (per 100 columns)');
    show(clean);
    if (shifted.rows.length > 0) {
      heading('Rows that are not independent: detection, %');
      show(shifted);
    }
  }
  if (only.includes('levels')) {
    const { at, around, worst, candidate, odd, central } = levelTables(results, arms);
    heading('The gate’s formulas at the tolerance: largest levels');
    show(worst);
    heading('The same with the larger of two standard errors for a cell’s change (a candidate, not the product)', 3);
    show(candidate);
    heading('The gate’s formulas at the tolerance: every case, %', 3);
    show(at);
    if (around.rows.length > 0) {
      heading('Around the tolerance: drift / stable at α = 1 %', 3);
      show(around);
    }
    if (odd.rows.length > 0) {
      heading('Clean datasets of other kinds: false alarms per 100 datasets (per 100 columns)', 3);
      show(odd);
      heading('Level of the drift question with the tolerance at 0, %', 3);
      show(central);
    }
  }
  const seconds = (performance.now() - began) / 1000;
  say(
    `\nseed ${seed}, repeats × ${repeats}, ${workers} workers, ${seconds.toFixed(0)} s (${processorSeconds().toFixed(0)} s of processor time)`,
  );
}

const failures = broken(results);
for (const { id, result } of failures) {
  process.stderr.write(
    `our gate alarmed on ${result.datasetAlarms.gate} of ${result.datasets} clean datasets: ${id}\n`,
  );
}
process.exitCode = failures.length > 0 ? 1 : 0;

/** JSON has no infinity, and a rule's score may be infinite. */
function revive(_, value) {
  return value === 'Infinity' ? Infinity : value;
}

function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Enough of a list of scores to see that two runs are the same. */
function digest(list) {
  return { length: list.length, first: list[0], sum: list.reduce((a, b) => (Number.isFinite(b) ? a + b : a), 0) };
}
