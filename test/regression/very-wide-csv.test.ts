import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DuckDbEngine } from '../../src/engine/duckdb-engine.ts';

// Each thread that writes a table holds a part of every column: 16 MB of a thousand columns asked for more memory than 600 MB.

test('a CSV of a thousand columns is read within the usual memory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'driftgate-wide-csv-'));
  const columns = Array.from({ length: 1000 }, (_, i) => i);
  const lines = Array.from({ length: 1000 }, (_, row) => columns.map((i) => Math.sin(row * 1000 + i)).join(','));
  const path = join(folder, 'wide.csv');
  writeFileSync(path, `${columns.map((i) => `x${i}`).join(',')}\n${lines.join('\n')}\n`);
  const engine = await DuckDbEngine.open({ threads: 4 });
  try {
    const data = await engine.open('reference', { paths: [path] }, 'ends');
    expect([data.rows, data.columns.length]).toEqual([1000, 1000]);
    const [counts] = await data.countNumbers([{ column: data.columns[999]!, as: 'value' }]);
    expect(counts).toMatchObject({ present: 1000, castFailures: 0 });
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true });
  }
}, 60_000);
