import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDbSession } from '../../src/engine/duckdb.ts';
import { DuckDbEngine } from '../../src/engine/duckdb-engine.ts';
import type { Dataset } from '../../src/engine/engine.ts';

/** A folder of its own and an engine; `dispose` removes both. */
export interface Bench {
  readonly folder: string;
  /** writes a Parquet file of a query's rows */
  parquet(name: string, query: string): Promise<string>;
  /** runs a statement beside the engine that is tested */
  run(sql: string): Promise<void>;
  numbers(sql: string): Promise<Float64Array[]>;
  /** opens a file as the reference */
  open(path: string, where?: string): Promise<Dataset>;
  dispose(): Promise<void>;
}

export async function openBench(threads = 2): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'driftgate-test-'));
  const writer = await DuckDbSession.open({ temporaryFolder: folder, threads });
  const engine = await DuckDbEngine.open({ threads });
  return {
    folder,
    parquet: async (name, query) => {
      const path = join(folder, name);
      await writer.run(`COPY (${query}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
      return path;
    },
    run: (sql) => writer.run(sql),
    numbers: (sql) => writer.numbers(sql),
    open: (path, where) =>
      engine.open('reference', { paths: [path], ...(where === undefined ? {} : { where }) }, 'ends'),
    dispose: async () => {
      await writer.close();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
