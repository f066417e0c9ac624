import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Side } from '../model/profile.ts';
import type { SourceOptions } from '../model/run.ts';
import { duckDbDialect } from './dialect.ts';
import { DuckDbSession } from './duckdb.ts';
import type { Dataset, Engine } from './engine.ts';
import { fewRows, SmallDataset } from './small-dataset.ts';
import { type ImposedSchema, withTicks } from './source.ts';
import { openSource } from './sources/open.ts';
import { SqlDataset } from './sql-dataset.ts';

export interface DuckDbOptions {
  readonly threads?: number | undefined;
  readonly memoryLimit?: string | undefined;
}

/** The embedded engine: files are read where they lie. */
export class DuckDbEngine implements Engine {
  readonly #session: DuckDbSession;
  readonly #folder: string;

  private constructor(session: DuckDbSession, folder: string) {
    this.#session = session;
    this.#folder = folder;
  }

  static async open(options: DuckDbOptions): Promise<DuckDbEngine> {
    const folder = mkdtempSync(join(tmpdir(), 'driftgate-'));
    try {
      return new DuckDbEngine(await DuckDbSession.open({ ...options, temporaryFolder: folder }), folder);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get description(): string {
    return `DuckDB ${this.#session.version}`;
  }

  get threads(): number {
    return this.#session.threads;
  }

  async open(side: Side, options: SourceOptions, hash: 'ends' | 'full', imposed?: ImposedSchema): Promise<Dataset> {
    const source = await openSource(this.#session, side, options, hash, imposed);
    const columns = withTicks(source.columns, imposed);
    const Kind = source.rows <= fewRows ? SmallDataset : SqlDataset;
    return new Kind(this.#session, duckDbDialect, { ...source, columns });
  }

  interrupt(): void {
    this.#session.interrupt();
  }

  async close(): Promise<void> {
    await this.#session.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
