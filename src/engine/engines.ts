import { DriftError } from '../model/errors.ts';
import type { Side } from '../model/profile.ts';
import type { SourceOptions } from '../model/run.ts';
import type { DuckDbOptions } from './duckdb-engine.ts';
import type { Dataset, Engine } from './engine.ts';
import type { ImposedSchema } from './source.ts';

/** The engine that each side asks for, opened when it is first wanted: a table's server, or the embedded engine for files. */
export class Engines implements Engine {
  readonly #options: DuckDbOptions;
  /** by the server's address and user; null for the embedded engine */
  readonly #opening = new Map<string | null, Promise<Engine>>();
  readonly #opened: Engine[] = [];
  readonly #interruption = new AbortController();

  constructor(options: DuckDbOptions) {
    this.#options = options;
  }

  get description(): string {
    return this.#opened.map((engine) => engine.description).join(', ');
  }

  get threads(): number {
    return Math.max(1, ...this.#opened.map((engine) => engine.threads));
  }

  /** Begins to open what a side will ask for: the engine starts on threads of its own while other things are loaded. */
  prepare(options: SourceOptions): void {
    // who asks for it is told what went wrong
    this.#engineOf(options).catch(() => {});
  }

  async open(side: Side, options: SourceOptions, hash: 'ends' | 'full', imposed?: ImposedSchema): Promise<Dataset> {
    const engine = await this.#engineOf(options);
    return engine.open(side, options, hash, imposed);
  }

  interrupt(): void {
    this.#interruption.abort();
    for (const engine of this.#opened) engine.interrupt();
  }

  async close(): Promise<void> {
    // who closes waits for nothing that is still on its way
    this.#interruption.abort();
    await Promise.allSettled(this.#opening.values());
    for (const engine of this.#opened) await engine.close();
  }

  #engineOf({ server }: SourceOptions): Promise<Engine> {
    const key = server === undefined ? null : `${server.user}@${server.origin}`;
    const known = this.#opening.get(key);
    if (known) return known;
    const opening = this.#start(server);
    this.#opening.set(key, opening);
    return opening;
  }

  /** Each loads its driver only when it is wanted. */
  async #start(server: SourceOptions['server']): Promise<Engine> {
    const { signal } = this.#interruption;
    const engine =
      server === undefined
        ? await import('./duckdb-engine.ts').then(({ DuckDbEngine }) => DuckDbEngine.open(this.#options))
        : await import('./trino/trino-engine.ts').then(({ TrinoEngine }) => TrinoEngine.open(server, signal));
    this.#opened.push(engine);
    if (!signal.aborted) return engine;
    engine.interrupt();
    throw new DriftError('INTERRUPTED', 'interrupted');
  }
}
