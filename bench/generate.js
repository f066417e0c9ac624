/**
 * Makes the data of the benches under `bench/data`, which git ignores.
 *
 *   node bench/generate.js [case …]      default: all of them
 *
 * Every value is a hash of its row's number, its column and its side, so the data is the same wherever it is made. A case is
 * kept while its stamp (this file's text and the engine's version) fits.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const folder = fileURLToPath(new URL('data', import.meta.url));

/** What a case holds; `csv` says the format of its files. */
const cases = {
  '10k': { rows: 10_000, expressions: mixedColumns },
  '1m': { rows: 1_000_000, expressions: mixedColumns },
  '5m': { rows: 5_000_000, expressions: mixedColumns },
  csv: { rows: 1_000_000, expressions: mixedColumns, csv: true },
  wide: { rows: 20_000, expressions: wideColumns },
};

/** Both files of a case. */
export function filesOf(name) {
  const ending = cases[name].csv ? 'csv' : 'parquet';
  return {
    reference: join(folder, name, `reference.${ending}`),
    current: join(folder, name, `current.${ending}`),
  };
}

/** SQL of independent draws for the row `i` of one side. */
function draws(side) {
  const uniform = (stream) => `((hash(i, ${stream}, '${side}') >> 11)::DOUBLE / 9007199254740992e0)`;
  const normal = (stream) => `(sqrt(-2 * ln(1 - ${uniform(stream)})) * cos(2 * pi() * ${uniform(stream + 0.5)}))`;
  return { uniform, normal };
}

/** 12 doubles, 4 integers, 4 strings and a timestamp. The current side is slightly shifted, `bimodal` clearly. */
function mixedColumns(side, rows) {
  const { uniform, normal } = draws(side);
  const current = side === 'current';
  const shift = current ? 0.05 : 0;
  const [start, days] = current ? ['2026-01-01', 30] : ['2025-01-01', 365];
  return {
    standard: `${normal(1)} + ${shift}`,
    rounded: `round(100 + 15 * (${normal(2)} + ${shift}), 1)`,
    bimodal: `${normal(3)} + CASE WHEN ${uniform(103)} < ${current ? 0.5 : 0.3} THEN 3 ELSE 0 END`,
    income: `round(exp(10.4 + 0.6 * ${normal(4)}), 2)`,
    amount: `round(exp(3 + 1.8 * ${normal(5)}), 2)`,
    heavy_tail: `${normal(6)} / sqrt(-ln(1 - ${uniform(106)}))`,
    zero_inflated: `CASE WHEN ${uniform(107)} < 0.7 THEN 0e0 ELSE round(exp(4 + ${normal(7)}), 2) END`,
    uniform: uniform(8),
    waiting: `CASE WHEN ${uniform(109)} < 0.05 THEN NULL ELSE -ln(1 - ${uniform(9)}) * ${1 + shift} END`,
    ratio: `${uniform(10)} * ${uniform(110)}`,
    temperature: `round(12 + 8 * sin(2 * pi() * i / ${rows}) + 4 * ${normal(11)}, 2)`,
    probability: `1 / (1 + exp(-(${normal(12)} * 1.5 - 1 + ${shift})))`,
    digit: `(${uniform(13)} * 10)::INTEGER % 10`,
    thousand: `floor(1000 * ${uniform(14)} * ${uniform(114)})::INTEGER`,
    fifty_thousand: `floor(50000 * ${uniform(15)})::INTEGER`,
    five_million: `floor(5000000 * ${uniform(16)})::INTEGER`,
    plan: `['free', 'basic', 'premium'][1 + floor(3 * ${uniform(17)} * ${uniform(117)})::INTEGER]`,
    country: `'country ' || floor(50 * ${uniform(18)} * ${uniform(118)})::INTEGER`,
    merchant: `'merchant ' || floor(exp(${uniform(19)} * ln(1000)))::INTEGER`,
    product: `'product ' || floor(20000 * ${uniform(20)})::INTEGER`,
    event_time: `TIMESTAMP '${start}' + to_seconds(floor(i * ${days * 86_400}e0 / ${rows})::INTEGER)`,
  };
}

/** 400 doubles, 60 integers and 40 strings. */
function wideColumns(side) {
  const { uniform, normal } = draws(side);
  const shift = side === 'current' ? 0.05 : 0;
  const shapes = [
    (stream) => `${normal(stream)} + ${shift}`,
    (stream) => `exp(${normal(stream)} + ${shift})`,
    (stream) => uniform(stream),
    (stream) => `-ln(1 - ${uniform(stream)})`,
    (stream) => `round(${normal(stream)}, 2)`,
    (stream) => `CASE WHEN ${uniform(stream + 1000)} < 0.6 THEN 0e0 ELSE exp(${normal(stream)}) END`,
    (stream) => `CASE WHEN ${uniform(stream + 1000)} < 0.1 THEN NULL ELSE ${normal(stream)} END`,
    (stream) => `${uniform(stream)} * ${uniform(stream + 1000)}`,
  ];
  const range = (count, make) => Array.from({ length: count }, (_, i) => make(i));
  return Object.fromEntries([
    ...range(400, (i) => [`double_${i}`, shapes[i % shapes.length](i)]),
    ...range(60, (i) => [`integer_${i}`, `floor(${[10, 300, 9000][i % 3]} * ${uniform(400 + i)})::INTEGER`]),
    ...range(40, (i) => [
      `string_${i}`,
      `'value ' || floor(${[4, 40, 400][i % 3]} * ${uniform(460 + i)} * ${uniform(1460 + i)})::INTEGER`,
    ]),
  ]);
}

async function makeCase(connection, name, stamp) {
  const { rows, expressions, csv } = cases[name];
  const stampFile = join(folder, name, 'stamp.txt');
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return;
  await rm(join(folder, name), { recursive: true, force: true });
  await mkdir(join(folder, name), { recursive: true });
  for (const [side, file] of Object.entries(filesOf(name))) {
    console.error(`making ${name}/${side}: ${rows.toLocaleString('en')} rows`);
    const select = Object.entries(expressions(side, rows)).map(([column, sql]) => `${sql} AS ${column}`);
    await connection.run(
      `COPY (SELECT ${select.join(', ')} FROM range(${rows}) AS rows(i))
       TO '${file.replaceAll("'", "''")}' ${csv ? '(FORMAT csv, HEADER)' : '(FORMAT parquet, COMPRESSION snappy)'}`,
    );
  }
  // last, so that a case cut short is made again
  await writeFile(stampFile, stamp);
}

/** Makes what is missing of the named cases. */
export async function generate(names) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const version = (await connection.runAndReadAll('SELECT version()')).getRows()[0][0];
    const stamp = createHash('sha256')
      .update(await readFile(fileURLToPath(import.meta.url)))
      .update(version)
      .digest('hex');
    for (const name of names) await makeCase(connection, name, stamp);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !(name in cases));
  if (unknown !== undefined) {
    console.error(`no case is called "${unknown}"; there are ${Object.keys(cases).join(', ')}`);
    process.exitCode = 2;
  } else {
    await generate(names.length > 0 ? names : Object.keys(cases));
  }
}
