import { cpus, loadavg } from 'node:os';
import { it } from 'vitest';
import type { Dataset, NumberReading, Range } from '../../src/engine/engine.ts';
import { TrinoClient } from '../../src/engine/trino/client.ts';
import { TrinoEngine } from '../../src/engine/trino/trino-engine.ts';
import type { QueryRecord } from '../../src/model/run.ts';
import { type Cluster, start } from './cluster.ts';
import { install } from './installation.ts';

/**
 * What the questions of a check cost by rows and workers, each of one processor, for docs/scale.md: npm run bench:trino
 *
 * CPU is the server's own account over all nodes, and that of the busiest worker, which is what a query waits for where nothing else runs;
 * the elapsed time is that of the query at the server. The clusters stand side by side and are asked in turn, so that what else the machine
 * does falls on all of them alike; medians, and the middle half of the elapsed times.
 */
const sizes = [1, 2, 3];
const millions = (process.env.DRIFTGATE_TRINO_MILLIONS ?? '2 6').split(' ').map(Number);
const repetitions = Number(process.env.DRIFTGATE_TRINO_REPETITIONS ?? 7);
const columns = 'quantity, extendedprice, discount, tax, CAST(shipdate AS TIMESTAMP(6)) AS event_time';

interface Asked {
  readonly cluster: Cluster;
  readonly engine: TrinoEngine;
}

it('costs by rows and workers', async () => {
  const installation = install();
  if (typeof installation === 'string') throw new Error(installation);
  const asked = new Map<number, Asked>();
  try {
    for (const workers of sizes) {
      const cluster = await start(installation, workers, 1);
      if (typeof cluster === 'string') throw new Error(cluster);
      asked.set(workers, { cluster, engine: await TrinoEngine.open(cluster.server) });
    }
    for (const many of millions) {
      const questions: Questions = new Map();
      for (const [workers, { cluster, engine }] of asked) {
        // its rows spread over all workers
        const server = { ...cluster.server, session: { scale_writers: 'false' } };
        const client = new TrinoClient(server);
        // orderkey runs to 6,000,000 over 6,001,215 rows
        const rows = `SELECT ${columns} FROM tpch.sf1.lineitem WHERE orderkey <= ${many * 1_000_000}`;
        await client.query(`CREATE TABLE lines${many} AS ${rows}`);
        const data = await engine.open('reference', { paths: [`lines${many}`], server }, 'ends');
        questions.set(workers, { client, data, ask: new Map(questionsOf(data)) });
      }
      for (const name of questions.get(1)!.ask.keys()) await measure(name, questions);
      for (const { client } of questions.values()) await client.close();
    }
  } finally {
    for (const { cluster, engine } of asked.values()) {
      await engine.close();
      await cluster.stop();
    }
  }
}, 3_000_000);

/** By number of workers. */
type Questions = Map<
  number,
  { readonly client: TrinoClient; readonly data: Dataset; readonly ask: ReadonlyMap<string, () => Promise<unknown>> }
>;

async function measure(name: string, questions: Questions): Promise<void> {
  const costs = new Map<number, (QueryRecord & { busiestMs: number })[]>();
  // the first warms up
  for (let i = -1; i < repetitions; i++) {
    for (const [workers, { client, data, ask }] of questions) {
      await ask.get(name)!();
      const record = data.info.server!.queries.at(-1)!;
      const { rows } = await client.query(
        `SELECT sum(split_cpu_time_ms) FROM system.runtime.tasks WHERE query_id = '${record.id}' AND node_id <> 'coordinator' GROUP BY node_id`,
      );
      const busiestMs = Math.max(...rows.map(([cpuMs]) => Number(cpuMs)));
      if (i >= 0) costs.set(workers, [...(costs.get(workers) ?? []), { ...record, busiestMs }]);
    }
  }
  for (const [workers, all] of costs) {
    const at = (value: (record: (typeof all)[number]) => number, probability = 0.5) =>
      all.map(value).sort((a, b) => a - b)[Math.floor(probability * (all.length - 1))]!;
    const elapsed = ({ durationMs }: QueryRecord) => durationMs;
    console.log(
      JSON.stringify({
        question: name,
        rows: questions.get(workers)!.data.rows,
        workers,
        cpuMs: at(({ cpuMs }) => cpuMs),
        busiestMs: at(({ busiestMs }) => busiestMs),
        elapsedMs: [at(elapsed, 0.25), at(elapsed), at(elapsed, 0.75)],
        receivedBytes: at(({ receivedBytes }) => receivedBytes),
      }),
    );
  }
  console.log(`load ${loadavg()[0]!.toFixed(1)} on ${cpus().length} processors`);
}

/** Four columns each, as a check asks. */
function questionsOf(data: Dataset): [string, () => Promise<unknown>][] {
  const column = (name: string) => data.columns.find((one) => one.name === name)!;
  const numbers = ['quantity', 'extendedprice', 'discount', 'tax'].map(
    (name): NumberReading => ({ column: column(name), as: 'value' }),
  );
  const grid = (count: number, most: number) => Float64Array.from({ length: count }, (_, i) => (i * most) / count);
  // twenty intervals with 1.5 % of the prices, in fifty pieces each
  const ranges = Array.from({ length: 20 }, (_, i): Range => [5000 + i * 3000, 5000 + i * 3000 + 50]);
  const pieces = Float64Array.from(ranges.flatMap(([from]) => Array.from({ length: 51 }, (_, i) => from + i)));
  const prices = numbers.map(() => ({ column: column('extendedprice'), as: 'value' as const, ranges, edges: pieces }));
  const time = { column: column('event_time'), as: 'value' as const };
  const year = 365.25 * 86_400;
  return [
    ['first counts', () => data.countNumbers(numbers)],
    [
      'intervals',
      () =>
        data.intervalCounts(
          numbers.map((one) => ({ ...one, edges: grid(230, 100), min: 0, max: 1e5, center: 0, scale: 1 })),
        ),
    ],
    ['sample', () => data.sample(numbers, data.columns.slice(0, 4), Math.floor(data.rows / 40_000))],
    ['cuts, counted', () => data.countsWithin(prices)],
    [
      'cuts, read',
      () =>
        data.valuesWithin(prices.map((one) => ({ ...one, ranges: ranges.map(([from]): Range => [from, from + 1]) }))),
    ],
    [
      'periods',
      () =>
        data.groupedCells(
          numbers.map((one) => ({ ...one, form: 'numbers' as const, edges: grid(18, 100) })),
          { form: 'time', ...time, start: 22 * year, length: year / 12, count: 84 },
        ),
    ],
    ['tables', () => data.numberTables([numbers[0]!, numbers[2]!, numbers[3]!], 100_000)],
  ];
}
