import { describe, expect, it } from 'vitest';
import type { QueryRecord } from '../../src/model/run.ts';
import { checkFiles } from '../support/check.ts';
import { install, start } from './cluster.ts';

/**
 * What a check costs by rows and workers, each of one processor, for docs/scale.md: DRIFTGATE_TRINO_SCALING=1 npm run test:trino -- scaling
 *
 * Seconds are of a whole check of a table against another as long; CPU is the server's own account, over all nodes.
 */
const asked = process.env.DRIFTGATE_TRINO_SCALING !== undefined;
const installed = asked ? install() : 'it was not asked for';

const columns =
  'orderkey, quantity, extendedprice, discount, tax, linenumber, returnflag, linestatus, shipmode, CAST(shipdate AS TIMESTAMP(6)) AS event_time';

describe.skipIf(typeof installed === 'string')('scaling', () => {
  it.each([1, 2])('%i workers', async (workers) => {
    if (typeof installed === 'string') return;
    const cluster = await start(installed, workers, 1);
    const server = { ...cluster.server, session: { scale_writers: 'false' } };
    try {
      for (const millions of [1, 2, 4]) {
        const limit = 1_500_000 * millions;
        // orderkey runs to 6,000,000 over 6,001,215 rows
        const where = `orderkey <= ${limit}`;
        await cluster.query(`CREATE TABLE lines${millions} AS SELECT ${columns} FROM tpch.sf1.lineitem WHERE ${where}`);
        const side = { paths: [`lines${millions}`], server };
        // the first run compiles
        if (millions === 1) await checkFiles('', '', { reference: side, current: side });
        const begin = performance.now();
        const report = await checkFiles('', '', { reference: side, current: side });
        const seconds = (performance.now() - begin) / 1000;
        const queries = [report.datasets.reference, report.datasets.current].flatMap(({ server }) => server!.queries);
        const sum = (of: (query: QueryRecord) => number) => queries.reduce((total, query) => total + of(query), 0);
        console.log(
          JSON.stringify({
            workers,
            rows: report.datasets.reference.rows,
            seconds: Number(seconds.toFixed(1)),
            cpuSeconds: Number((sum(({ cpuMs }) => cpuMs) / 1000).toFixed(1)),
            queries: queries.length,
            scannedRows: sum(({ scannedRows }) => scannedRows),
            scannedMB: Math.round(sum(({ scannedBytes }) => scannedBytes) / 1e6),
            receivedMB: Number((sum(({ receivedBytes }) => receivedBytes) / 1e6).toFixed(2)),
          }),
        );
        if (millions === 4) {
          for (const { cpuMs, durationMs, scannedRows, receivedBytes } of report.datasets.reference.server!.queries)
            console.log(JSON.stringify({ cpuMs, durationMs, scannedRows, receivedBytes }));
        }
        expect(report.columns.filter(({ error }) => error !== null)).toEqual([]);
      }
    } finally {
      await cluster.stop();
    }
  });
});
