import type { DuckDbSession, EngineColumn } from '../../src/engine/duckdb.ts';
import { literal } from '../../src/engine/sources/sql.ts';
import { TrinoClient } from '../../src/engine/trino/client.ts';
import { trinoDialect } from '../../src/engine/trino/dialect.ts';
import type { TrinoServer } from '../../src/model/run.ts';

/** Characters of one INSERT; the server takes a million. */
const statementLimit = 800_000;

/** The type of the copy in Trino. */
function trinoType({ name, kind }: EngineColumn['type']): string {
  if (kind === 'FLOAT') return 'REAL';
  if (kind === 'TIMESTAMP_TZ') return 'TIMESTAMP(6) WITH TIME ZONE';
  if (kind.startsWith('TIMESTAMP')) return 'TIMESTAMP(6)';
  if (kind === 'TIME') return 'TIME(6)';
  return name;
}

/**
 * Copies a local file into a table of the memory catalog, value by value as text, so that every double arrives to the last bit. The rows
 * are spread over the workers.
 */
export async function exportFile(
  duckdb: DuckDbSession,
  server: TrinoServer,
  file: string,
  table: string,
): Promise<number> {
  const scan = file.endsWith('.csv') ? `read_csv(${literal(file)})` : `read_parquet(${literal(file)})`;
  const columns = await duckdb.describe(`SELECT * FROM ${scan}`);
  const names = columns.map(({ name }) => trinoDialect.identifier(name));
  const types = columns.map(({ type }) => trinoType(type));
  const client = new TrinoClient({ ...server, session: { ...server.session, scale_writers: 'false' } });
  try {
    await client.query(`DROP TABLE IF EXISTS ${table}`);
    await client.query(`CREATE TABLE ${table} (${names.map((name, i) => `${name} ${types[i]}`).join(', ')})`);
    const texts = names.map((name) => `CAST(${name} AS VARCHAR)`).join(', ');
    const rows = (await duckdb.rows(`SELECT ${texts} FROM ${scan}`)) as (string | null)[][];
    const fields = columns.map((_, i) => `f${i} VARCHAR`).join(', ');
    const values = types.map((type, i) => `CAST(f${i} AS ${type})`).join(', ');
    const insert = async (batch: readonly string[]): Promise<void> => {
      const json = trinoDialect.text(`[${batch.join(',')}]`);
      await client.query(
        `INSERT INTO ${table} SELECT ${values} FROM UNNEST(CAST(json_parse(${json}) AS ARRAY(ROW(${fields}))))`,
      );
    };
    let batch: string[] = [];
    let size = 0;
    for (const row of rows) {
      const text = JSON.stringify(row.map((value, i) => spelled(value, types[i]!)));
      if (size + text.length > statementLimit) {
        await insert(batch);
        batch = [];
        size = 0;
      }
      batch.push(text);
      size += text.length + 1;
    }
    if (batch.length > 0) await insert(batch);
    return rows.length;
  } finally {
    await client.close();
  }
}

function spelled(value: string | null, type: string): string | null {
  if (value === null || (type !== 'DOUBLE' && type !== 'REAL')) return value;
  return value.replace(/^nan$/, 'NaN').replace(/^(-?)inf$/, '$1Infinity');
}
