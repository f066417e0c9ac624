import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkFiles, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

// A constant that became a column of more values than a table holds was asked nothing about its constant: the current side was
// merged into intervals, and the rule read tables only.

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());

it('a constant that takes 150,000 values is no longer constant', async () => {
  const reference = await bench.parquet('reference.parquet', 'SELECT 7.5 AS x, i % 3 AS other FROM range(3000) t(i)');
  const current = await bench.parquet(
    'current.parquet',
    'SELECT 7 + i / 1e5 AS x, i % 3 AS other FROM range(150000) t(i)',
  );
  const column = columnNamed(await checkFiles(reference, current), 'x');
  expect(column.outcome).toBe('drift');
  expect(column.findings.map(({ code }) => code)).toContain('CONSTANT_BECAME_VARYING');
});

it('a continuous prediction that is stuck at one value has collapsed', async () => {
  const reference = await bench.parquet(
    'scores.parquet',
    'SELECT (i * 7919 % 150001) / 150001 AS score FROM range(150000) t(i)',
  );
  const current = await bench.parquet('stuck.parquet', 'SELECT 0.5 AS score FROM range(1000) t(i)');
  const report = await checkFiles(reference, current);
  expect(report.findings.map(({ code }) => code)).toContain('PREDICTION_COLLAPSE');
  expect(columnNamed(report, 'score').severity).toBe('P1');
});
