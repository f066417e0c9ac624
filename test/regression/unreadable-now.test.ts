import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkFiles, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

// A column that could be read on the reference and not on the current side was "undetermined", and the gate passed.

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());

it('a column that cannot be read any more breaches the gate', async () => {
  const reference = await bench.parquet(
    'reference.parquet',
    'SELECT i::DOUBLE AS x, i % 3 AS other FROM range(500) t(i)',
  );
  mkdirSync(join(bench.folder, 'now'));
  await bench.parquet('now/1.parquet', "SELECT TIMESTAMP '2026-01-01' AS x, i % 3 AS other FROM range(300) t(i)");
  await bench.parquet('now/2.parquet', 'SELECT i::DOUBLE AS x, i % 3 AS other FROM range(300) t(i)');
  const report = await checkFiles(reference, join(bench.folder, 'now'));
  expect(columnNamed(report, 'x').outcome).toBe('drift');
  expect(report.findings.map(({ code }) => code)).toContain('TYPE_CHANGED');
  expect(report.gate.exitCode).toBe(1);
  expect(columnNamed(report, 'other').outcome).toBe('stable');
});

it('the same dates on both sides are no time that moved on', async () => {
  const days = await bench.parquet(
    'days.parquet',
    "SELECT DATE '2026-01-01' AS day, i % 3 AS other FROM range(500) t(i)",
  );
  expect(columnNamed(await checkFiles(days, days), 'day').outcome).toBe('stable');
});
