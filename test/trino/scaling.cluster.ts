import { describe, expect, it } from 'vitest';
import type { Dataset, NumberReading } from '../../src/engine/engine.ts';
import { TrinoEngine } from '../../src/engine/trino/trino-engine.ts';
import { install, start } from './cluster.ts';

/**
 * What the questions of a check cost by rows and workers, each of one processor, for docs/scale.md:
 * DRIFTGATE_TRINO_SCALING=1 npm run test:trino -- scaling
 *
 * CPU is the server's own account over all nodes; the elapsed time is that of the query at the server. Best of three.
 */
const asked = process.env.DRIFTGATE_TRINO_SCALING !== undefined;
const installed = asked ? install() : 'it was not asked for';

const columns = 'quantity, extendedprice, discount, tax, CAST(shipdate AS TIMESTAMP(6)) AS event_time';
const repetitions = 3;

describe.skipIf(typeof installed === 'string')('scaling', () => {
  it.each([1, 2])(
    '%i workers',
    async (workers) => {
      if (typeof installed === 'string') return;
      const cluster = await start(installed, workers, 1);
      const server = { ...cluster.server, session: { scale_writers: 'false' } };
      const engine = await TrinoEngine.open(server);
      try {
        await cluster.query('CREATE TABLE warm AS SELECT 1 AS x');
        for (const millions of [2, 6]) {
          // orderkey runs to 6,000,000 over 6,001,215 rows
          const where = `orderkey <= ${millions * 1_000_000}`;
          await cluster.query(
            `CREATE TABLE lines${millions} AS SELECT ${columns} FROM tpch.sf1.lineitem WHERE ${where}`,
          );
          const data = await engine.open('reference', { paths: [`lines${millions}`], server }, 'ends');
          expect(data.rows).toBeGreaterThan(0.9 * millions * 1_000_000);
          for (const [name, ask] of questions(data)) {
            const costs: { cpuMs: number; durationMs: number; receivedBytes: number }[] = [];
            for (let i = 0; i < repetitions; i++) {
              await ask();
              costs.push(data.info.server!.queries.at(-1)!);
            }
            const best = (of: (cost: (typeof costs)[number]) => number) => Math.min(...costs.map(of));
            console.log(
              JSON.stringify({
                workers,
                rows: data.rows,
                question: name,
                elapsedMs: best(({ durationMs }) => durationMs),
                cpuMs: best(({ cpuMs }) => cpuMs),
                receivedBytes: best(({ receivedBytes }) => receivedBytes),
              }),
            );
          }
        }
      } finally {
        await engine.close();
        await cluster.stop();
      }
    },
    900_000,
  );
});

/** Four columns each, as a check asks. */
function questions(data: Dataset): [string, () => Promise<unknown>][] {
  const column = (name: string) => data.columns.find((one) => one.name === name)!;
  const numbers = ['quantity', 'extendedprice', 'discount', 'tax'].map(
    (name): NumberReading => ({ column: column(name), as: 'value' }),
  );
  const grid = (count: number, most: number) => Float64Array.from({ length: count }, (_, i) => (i * most) / count);
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
