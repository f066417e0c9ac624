/**
 * The peer of the CSV bench: the engine reads both files into tables, one after the other, in a process of its own.
 *
 *   node bench/load-csv.js THREADS FILE …
 */
import { DuckDBInstance } from '@duckdb/node-api';

const [threads, ...files] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
for (const file of files) {
  await connection.run(`CREATE OR REPLACE TABLE loaded AS SELECT * FROM read_csv('${file.replaceAll("'", "''")}')`);
}
connection.closeSync();
instance.closeSync();
