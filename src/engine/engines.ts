import { DriftError } from '../model/errors.ts';
import type { Side } from '../model/profile.ts';
import type { SourceOptions } from '../model/run.ts';
import type { DuckDbOptions } from './duckdb-engine.ts';
import type { Dataset, Engine } from './engine.ts';
import type { ImposedSchema } from './source.ts';

/** The engine that each side asks for, opened when the first side asks: a table's server, or the embedded engine for files. */
export class Engines implements Engine {
  readonly #options: DuckDbOptions;
  /** by the server's address; null for the embedded engine */
  readonly #opened = new Map<string | null, Engine>();
  readonly #interruption = new AbortController();

  constructor(options: DuckDbOptions) {
    this.#options = options;
  }

  get description(): string {
    return Array.from(this.#opened.values(), (engine) => engine.description).join(', ');
  }

  get threads(): number {
    return Math.max(1, ...Array.from(this.#opened.values(), (engine) => engine.threads));
  }

  async open(side: Side, options: SourceOptions, hash: 'ends' | 'full', imposed?: ImposedSchema): Promise<Dataset> {
    const engine = await this.#engineOf(options);
    return engine.open(side, options, hash, imposed);
  }

  interrupt(): void {
    this.#interruption.abort();
    for (const engine of this.#opened.values()) engine.interrupt();
  }

  async close(): Promise<void> {
    for (const engine of this.#opened.values()) await engine.close();
  }

  async #engineOf({ server }: SourceOptions): Promise<Engine> {
    const key = server === undefined ? null : `${server.user}@${server.origin}`;
    const known = this.#opened.get(key);
    if (known) return known;
    const { signal } = this.#interruption;
    // each loads its driver only when it is wanted
    const engine =
      server === undefined
        ? await import('./duckdb-engine.ts').then(({ DuckDbEngine }) => DuckDbEngine.open(this.#options))
        : await import('./trino/trino-engine.ts').then(({ TrinoEngine }) => TrinoEngine.open(server, signal));
    this.#opened.set(key, engine);
    if (signal.aborted) {
      engine.interrupt();
      throw new DriftError('INTERRUPTED', 'interrupted');
    }
    return engine;
  }
}
