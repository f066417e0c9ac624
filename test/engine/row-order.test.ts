import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDbEngine } from '../../src/engine/duckdb-engine.ts';
import type { Dataset } from '../../src/engine/engine.ts';
import type { SourceOptions } from '../../src/model/run.ts';
import { numberReading } from '../../src/profile/side.ts';
import { type Bench, openBench } from '../support/engine.ts';
import { Random } from '../support/random.ts';

/** Rows that are earlier than the one before them, against a loop over the rows. */

const start = Date.UTC(2026, 2, 1) / 1000;
const random = new Random(11);
/** A log of parallel writers: times go up, a row in ten is late by up to a minute, one in fifty has none. */
const times = Array.from({ length: 120_000 }, (_, i) =>
  i % 50 === 7 ? null : start + i - (random.uniform() < 0.1 ? Math.floor(random.uniform() * 60) : 0),
);
const disordered = (rows: readonly (number | null)[]) => {
  const known = rows.filter((time) => time !== null);
  return { rows: known.filter((time, i) => i > 0 && time < known[i - 1]!).length, of: known.length };
};
const iso = (time: number | null) => (time === null ? '' : new Date(time * 1000).toISOString().slice(0, 19));
const csv = (rows: readonly (number | null)[]) =>
  `i,event_time\n${rows.map((time, i) => `${i},${iso(time)}`).join('\n')}\n`;

let bench: Bench;
let engine: DuckDbEngine;
const at = (name: string) => join(bench.folder, name);
beforeAll(async () => {
  bench = await openBench();
  engine = await DuckDbEngine.open({ threads: 4 });
  writeFileSync(at('log.csv'), csv(times));
  await bench.run(
    `CREATE TABLE log AS SELECT * FROM read_csv('${at('log.csv')}', columns = {i: 'INTEGER', event_time: 'TIMESTAMP'})`,
  );
  const copy = (name: string, where: string) =>
    bench.run(
      `COPY (SELECT * FROM log WHERE ${where} ORDER BY i) TO '${at(name)}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    );
  await copy('log.parquet', 'true');
  mkdirSync(at('days'));
  await copy('days/part-0.parquet', 'i >= 70000');
  await copy('days/part-1.parquet', 'i < 70000');
  mkdirSync(at('tree/region=north'), { recursive: true });
  await copy('tree/region=north/part-0.parquet', 'true');
});
afterAll(async () => {
  await engine.close();
  await bench.dispose();
});

const open = (path: string, more: Partial<SourceOptions> = {}) =>
  engine.open('current', { paths: [at(path)], ...more }, 'ends');
async function order(data: Dataset) {
  const column = data.columns.find(({ name }) => name === 'event_time')!;
  const answer = await data.countDisorder(numberReading(column, 'datetime'));
  await data.close();
  return answer;
}
const orderOf = async (path: string, more: Partial<SourceOptions> = {}) => order(await open(path, more));
const someTimes = times.map((time, i) => (i >= 30_000 ? time : null));

describe('the rows of a Parquet file', () => {
  test('are all looked at, on any number of threads', async () => {
    expect(await orderOf('log.parquet')).toEqual(disordered(times));
  });
  test('are those of the filter and of the period', async () => {
    expect(await orderOf('log.parquet', { where: 'i >= 30000' })).toEqual(disordered(someTimes));
    const data = await open('log.parquet');
    const time = numberReading(data.columns[1]!, 'datetime');
    const from = start + 30_000;
    expect(await order(await data.during(time, from, Number.POSITIVE_INFINITY))).toEqual(
      disordered(times.filter((at) => at !== null && at >= from)),
    );
  });
  test('are compared with those of the same file', async () => {
    const parts = [disordered(times.slice(70_000)), disordered(times.slice(0, 70_000))];
    expect(await orderOf('days')).toEqual({
      rows: parts[0]!.rows + parts[1]!.rows,
      of: parts[0]!.of + parts[1]!.of,
    });
  });
  test('of a partitioned tree have no order that says anything', async () => {
    expect(await orderOf('tree')).toEqual({ none: 'a partitioned tree has its rows in the order of its folders' });
  });
});

describe('the rows of text', () => {
  const first = disordered(times.slice(0, 50_000));
  test('are the first 50,000', async () => {
    expect(await orderOf('log.csv')).toEqual(first);
    expect(await orderOf('log.csv', { ordered: true })).toEqual(first);
    expect(await orderOf('log.csv', { where: 'i >= 30000' })).toEqual(disordered(someTimes.slice(0, 50_000)));
  });
  test('may be JSON', async () => {
    const lines = times.map((time, i) => JSON.stringify({ i, event_time: time === null ? null : iso(time) }));
    writeFileSync(at('log.jsonl'), `${lines.join('\n')}\n`);
    expect(await orderOf('log.jsonl')).toEqual(first);
    writeFileSync(at('log.json'), `[${lines.slice(0, 1000).join(',\n')}]`);
    expect(await orderOf('log.json', { format: 'jsonl' })).toEqual(disordered(times.slice(0, 1000)));
  });
  test('may lie in several files, with lines that are not read', async () => {
    mkdirSync(at('texts'));
    writeFileSync(at('texts/a.csv'), `${csv(times.slice(500, 900))}one,two,three\n`);
    writeFileSync(at('texts/b.csv'), csv(times.slice(0, 500)));
    const parts = [disordered(times.slice(500, 900)), disordered(times.slice(0, 500))];
    expect(await orderOf('texts')).toEqual({ rows: parts[0]!.rows + parts[1]!.rows, of: parts[0]!.of + parts[1]!.of });
  });
  test('cannot be read again where the text was rewritten', async () => {
    writeFileSync(at('utf16.csv'), `\ufeff${csv(times.slice(0, 300))}`, 'utf16le');
    expect(await orderOf('utf16.csv')).toEqual({ none: 'text was rewritten before it could be read' });
  });
});

test('the rows of an Arrow file are all looked at', async () => {
  const table = tableFromArrays({ event_time: times.map(iso) });
  writeFileSync(at('log.arrow'), tableToIPC(table, 'file'));
  for (let attempt = 0; attempt < 5; attempt++) expect(await orderOf('log.arrow')).toEqual(disordered(times));
});
