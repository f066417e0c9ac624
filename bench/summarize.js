/**
 * The peer of the Parquet benches: the engine's own `SUMMARIZE` of both files, in a process of its own.
 *
 *   node bench/summarize.js THREADS FILE …
 */
import { DuckDBInstance } from '@duckdb/node-api';

const [threads, ...files] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
for (const file of files) {
  await connection.runAndReadAll(`SUMMARIZE SELECT * FROM read_parquet('${file.replaceAll("'", "''")}')`);
}
connection.closeSync();
instance.closeSync();
