import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';

export interface SessionOptions {
  readonly threads?: number | undefined;
  /** e.g. `2GB` */
  readonly memoryLimit?: string | undefined;
  /** folder for spilled data; the caller creates and removes it */
  readonly temporaryFolder: string;
}

/** A column of a result as the driver hands it over. */
export type ResultColumn = readonly unknown[];

/**
 * One embedded engine with one connection: the only door to the driver. Several connections gain nothing here, a single query
 * uses every core.
 */
export class DuckDbSession {
  readonly version: string;
  readonly threads: number;
  /** folder for spilled data and converted files; the caller creates and removes it */
  readonly temporaryFolder: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    version: string,
    threads: number,
    folder: string,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.version = version;
    this.threads = threads;
    this.temporaryFolder = folder;
  }

  static async open(options: SessionOptions): Promise<DuckDbSession> {
    const config: Record<string, string> = {
      // no network, ever: an extension that is not linked in is an error, not a download
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      temp_directory: options.temporaryFolder,
      preserve_insertion_order: 'false',
      memory_limit: options.memoryLimit ?? '600MB',
    };
    if (options.threads !== undefined) config.threads = String(options.threads);
    const instance = await DuckDBInstance.create(':memory:', config);
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll("SELECT version(), current_setting('threads')::INTEGER");
    const [version, threads] = reader.getRows()[0] as [string, number];
    return new DuckDbSession(instance, connection, version, threads, options.temporaryFolder);
  }

  /** Runs a statement for its effect. */
  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /** All rows of a small result. bigint and driver values are not converted: cast in SQL. */
  async rows(sql: string): Promise<unknown[][]> {
    const reader = await this.#connection.runAndReadAll(sql);
    return reader.getRows() as DuckDBValue[][];
  }

  /** A larger result by column. */
  async columns(sql: string): Promise<ResultColumn[]> {
    const reader = await this.#connection.runAndReadAll(sql);
    return reader.getColumns() as DuckDBValue[][];
  }

  /** Stops the running query; it rejects with "Interrupted", the session stays usable. */
  interrupt(): void {
    this.#connection.interrupt();
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
