import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { duckDbDialect } from '../../src/engine/dialect.ts';
import { DuckDbSession } from '../../src/engine/duckdb.ts';
import { DuckDbEngine } from '../../src/engine/duckdb-engine.ts';
import type { SavedProfile } from '../../src/model/saved-profile.ts';
import { batchTime } from '../../src/profile/periods.ts';
import { countLike } from '../../src/profile/saved/like.ts';
import { mergeProfiles } from '../../src/profile/saved/merge.ts';
import { restoreProfile } from '../../src/profile/saved/read.ts';
import { sealed } from '../../src/profile/saved/write.ts';
import { profile } from '../../src/profiling.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { edgeCases, edgeMoments, edgeNumbers, edgeTexts } from '../edge-cases.ts';
import { checkOptions } from '../support/check.ts';
import { additive, derived } from '../support/saved-profiles.ts';

/** Random tables in random parts: whatever the order and the grouping, what is merged is the same, and its counts are the whole's. */

interface Row {
  readonly part: number;
  readonly x: number | null;
  readonly big: bigint | null;
  readonly s: string | null;
  readonly t: string | null;
  readonly flag: boolean | null;
}

const moment = fc
  .date({ min: new Date('2026-02-20T00:00:00Z'), max: new Date('2026-03-20T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19).replace('T', ' '));
const row: fc.Arbitrary<Row> = fc.record({
  part: fc.integer({ min: 0, max: 4 }),
  x: fc.oneof(fc.constantFrom(...edgeNumbers), fc.double(), fc.integer({ min: -9, max: 9 })),
  big: fc.option(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })),
  s: fc.oneof(fc.constantFrom(...edgeTexts), fc.string({ unit: 'grapheme', maxLength: 5 })),
  t: fc.oneof({ arbitrary: fc.constantFrom(...edgeMoments), weight: 1 }, { arbitrary: moment, weight: 4 }),
  flag: fc.option(fc.boolean()),
});
const columns = 'x, big, s, t, flag';

function valuesOf(rows: readonly Row[]): string {
  const text = (value: string | null) => (value === null ? 'NULL' : duckDbDialect.text(value));
  const number = (x: number | null) =>
    x === null ? 'NULL' : Object.is(x, -0) ? "'-0.0'::DOUBLE" : duckDbDialect.number(x);
  const literals = rows.map(
    ({ part, x, big, s, t, flag }) =>
      `(${part}, CAST(${number(x)} AS DOUBLE), CAST(${big} AS BIGINT), CAST(${text(s)} AS VARCHAR), CAST(${text(t)} AS TIMESTAMP), CAST(${flag} AS BOOLEAN))`,
  );
  return `SELECT * FROM (VALUES ${literals.join(', ')}) AS v(part, ${columns})`;
}

const folder = mkdtempSync(join(tmpdir(), 'driftgate-laws-'));
let writer: DuckDbSession;
let engine: DuckDbEngine;
let own: SavedProfile;
const write = async (name: string, query: string) => {
  const path = join(folder, name);
  await writer.run(`COPY (${query}) TO ${duckDbDialect.text(path)} (FORMAT parquet)`);
  return path;
};
beforeAll(async () => {
  writer = await DuckDbSession.open({ temporaryFolder: folder, threads: 1 });
  engine = await DuckDbEngine.open({ threads: 1 });
  const reference = await write('reference.parquet', `SELECT ${columns} FROM (${edgeCases(2000)})`);
  const verdict = { ...defaultVerdictSettings, columns: { t: { role: 'timestamp' as const } } };
  own = await profile({ check: { ...checkOptions(reference, reference), verdict } });
  writeFileSync(join(folder, 'own.profile.json'), JSON.stringify(own));
}, 60_000);
afterAll(async () => {
  writer.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function profileOf(path: string, where?: string): Promise<SavedProfile> {
  const data = await engine.open('current', { paths: [path], ...(where === undefined ? {} : { where }) }, 'ends');
  const parent = restoreProfile(own, 'it').columns;
  const time = await batchTime(data, data.columns.find(({ name }) => name === 't')!, parent);
  const { counted: _, ...like } = await countLike(data, own, parent, time, null, null);
  await data.close();
  const rest = { like: own.checksum, repeats: null, layers: {}, notes: [] };
  return sealed({ ...own, rows: data.rows, datasets: [data.info], ...like, ...rest });
}

const merged = (...parts: SavedProfile[]) =>
  mergeProfiles(parts.map((part, i) => ({ path: `part ${i}`, profile: part })));

it('counts of the whole, to the bit; merging is associative and commutative', async () => {
  let tables = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 80 }),
      fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      async (rows, choices) => {
        const path = await write(`table-${tables++}.parquet`, valuesOf(rows));
        const whole = await profileOf(path);
        const parts: SavedProfile[] = [];
        for (let part = 0; part < 5; part++) parts.push(await profileOf(path, `part = ${part}`));
        const flat = merged(...parts);
        expect(additive(flat)).toEqual(additive(whole));
        const truth = derived(whole);
        for (const [name, value] of derived(flat)) {
          if (/mean|min|max|zeros/.test(name)) expect(close(value, truth.get(name)!), name).toBe(true);
        }
        // any two of what is left, until one is
        const left = [...parts];
        for (let i = 0; left.length > 1; i += 2) {
          const [a] = left.splice(choices[i]! % left.length, 1);
          const [b] = left.splice(choices[i + 1]! % left.length, 1);
          left.push(merged(a!, b!));
        }
        expect(left[0]).toEqual(flat);
      },
    ),
    { numRuns: 10, seed: 20_261_121 },
  );
}, 60_000);

function close(value: number, truth: number): boolean {
  return Object.is(value, truth) || Math.abs(value - truth) <= 1e-9 * Math.abs(truth);
}
