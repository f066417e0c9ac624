import type { Side } from '../../model/profile.ts';
import type { SourceOptions, TrinoServer } from '../../model/run.ts';
import type { Dataset, Engine } from '../engine.ts';
import type { ImposedSchema } from '../source.ts';
import { SqlDataset } from '../sql-dataset.ts';
import { TrinoClient } from './client.ts';
import { trinoDialect } from './dialect.ts';
import { openTable } from './open-table.ts';
import { TrinoSession } from './session.ts';

/** A Trino cluster: tables are counted where they lie. */
export class TrinoEngine implements Engine {
  readonly threads = 1;
  readonly #server: TrinoServer;
  readonly #client: TrinoClient;
  readonly #session: TrinoSession;
  readonly #release: string;

  private constructor(server: TrinoServer, client: TrinoClient, release: string) {
    this.#server = server;
    this.#client = client;
    this.#session = new TrinoSession(client);
    this.#release = release;
  }

  static async open(server: TrinoServer, signal?: AbortSignal): Promise<TrinoEngine> {
    const client = new TrinoClient(server);
    const stop = () => client.interrupt();
    signal?.addEventListener('abort', stop);
    try {
      const { rows } = await client.query('SELECT version()');
      return new TrinoEngine(server, client, String(rows[0]?.[0] ?? 'of unknown version'));
    } catch (error) {
      await client.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  get description(): string {
    return `Trino ${this.#release}`;
  }

  async open(_: Side, options: SourceOptions, _hash: 'ends' | 'full', imposed?: ImposedSchema): Promise<Dataset> {
    const source = await openTable(this.#session, options, this.#server, this.#release, imposed);
    return new SqlDataset(this.#session, trinoDialect, source);
  }

  interrupt(): void {
    this.#client.interrupt();
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
