import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { DuckDbSession } from '../../../src/engine/duckdb.ts';
import type { ImposedSchema, OpenedSource } from '../../../src/engine/source.ts';
import { openSource } from '../../../src/engine/sources/open.ts';
import { DriftError, type ErrorCode } from '../../../src/model/errors.ts';
import type { SourceOptions } from '../../../src/model/run.ts';

/** A folder for files and an engine, for the tests of one file. */
export function workbench() {
  let folder = '';
  let session: DuckDbSession;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'driftgate-sources-'));
    mkdirSync(join(folder, 'temporary'));
    session = await DuckDbSession.open({ temporaryFolder: join(folder, 'temporary'), threads: 2 });
  });
  afterAll(() => {
    session.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const bench = {
    get session(): DuckDbSession {
      return session;
    },
    get temporary(): string {
      return join(folder, 'temporary');
    },
    path: (name: string): string => join(folder, name),
    write(name: string, content: string | Uint8Array): string {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    open(paths: string | readonly string[], options: Partial<SourceOptions> = {}, imposed?: ImposedSchema) {
      const all = typeof paths === 'string' ? [paths] : paths;
      return openSource(session, imposed ? 'current' : 'reference', { ...options, paths: all }, 'ends', imposed);
    },
    /** all rows as text, sorted */
    async values(source: OpenedSource): Promise<(string | null)[][]> {
      const columns = source.columns.map(({ index }) => `CAST(c${index} AS VARCHAR)`).join(', ');
      const rows = (await session.rows(`SELECT ${columns} FROM ${source.relation}`)) as (string | null)[][];
      return sorted(rows);
    },
    async failed(source: OpenedSource): Promise<Record<string, unknown[]>> {
      const result: Record<string, unknown[]> = {};
      for (const { name, castFailed, written } of source.columns) {
        if (!castFailed) continue;
        const rows = await session.rows(`SELECT ${written} FROM ${source.relation} WHERE ${castFailed} ORDER BY 1`);
        if (rows.length > 0) result[name] = rows.flat();
      }
      return result;
    },
    async refuses(code: ErrorCode, message: RegExp, opening: Promise<OpenedSource>): Promise<void> {
      const error = await opening.then(
        () => undefined,
        (cause: unknown) => cause,
      );
      expect(error).toBeInstanceOf(DriftError);
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
      expect((error as Error).message).not.toContain('\n');
    },
  };
  return bench;
}

export function sorted(rows: readonly (string | null)[][]): (string | null)[][] {
  const key = (row: readonly (string | null)[]): string => JSON.stringify(row);
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

export function families(source: OpenedSource): Record<string, string> {
  return Object.fromEntries(source.columns.map(({ name, family }) => [name, family]));
}

export function schemaOf(source: OpenedSource): ImposedSchema {
  return { columns: source.columns, dialect: source.info.dialect };
}
