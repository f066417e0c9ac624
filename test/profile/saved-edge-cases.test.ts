import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextDown, nextUp } from '../../src/math/floats.ts';
import type { SavedProfile } from '../../src/model/saved-profile.ts';
import { readProfile, savedSide } from '../../src/profile/saved/file.ts';
import { mergeProfiles, type NamedProfile } from '../../src/profile/saved/merge.ts';
import { restoreProfile } from '../../src/profile/saved/read.ts';
import { printProfile } from '../../src/profile/saved/write.ts';
import { profile } from '../../src/profiling.ts';
import { checkFiles, checkOptions } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** Everything that may go wrong in one table: 3,000 rows of a reference and of a batch that differ a little. */

let bench: Bench;
let files: { reference: string; current: string };
const folder = mkdtempSync(join(tmpdir(), 'driftgate-edges-'));
beforeAll(async () => {
  bench = await openBench();
  const rows = (name: string, from: number) =>
    bench.parquet(
      name,
      `SELECT
        CASE i % 9 WHEN 0 THEN NULL WHEN 1 THEN 'nan'::DOUBLE WHEN 2 THEN 'inf'::DOUBLE WHEN 3 THEN '-inf'::DOUBLE
          WHEN 4 THEN -0.0 WHEN 5 THEN 5e-324 WHEN 6 THEN -5e-324 WHEN 7 THEN 1e308 ELSE i / 7.0 END AS odd,
        ${[0.5, nextUp(0.5), nextDown(0.5), 1, nextUp(1), nextDown(1)].reduce(
          (rest, x, k) => `CASE WHEN i % 6 = ${k} THEN ${x.toPrecision(17)}::DOUBLE ELSE ${rest} END`,
          '0::DOUBLE',
        )} AS ulps,
        9007199254740993 + i * 2 AS beyond_doubles,
        (i * 2654435761 % 4294967296) / 1e6 AS many,
        CASE i % 7 WHEN 0 THEN 'a"b' WHEN 1 THEN 'line' || chr(10) || 'break' WHEN 2 THEN '😀 é' WHEN 3 THEN '' WHEN 4 THEN NULL
          WHEN 5 THEN 'it''s' ELSE chr(8238) || 'back' || chr(92) END AS text,
        'value ' || (i * i % 701) AS many_texts,
        TIMESTAMP '2026-01-01' + INTERVAL (i // 50) DAY AS event_time,
        i % 3 AS part
      FROM range(${from}, ${from + 3000}) rows(i)`,
    );
  files = { reference: await rows('reference.parquet', 0), current: await rows('current.parquet', 400) };
});
afterAll(async () => {
  await bench.dispose();
  rmSync(folder, { recursive: true });
});

const write = (name: string, text: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const own = async () => {
  const saved = await profile({ check: checkOptions(files.reference, files.reference) });
  return { saved, path: write('reference.profile.json', printProfile(saved)) };
};

it('gives the verdict of the raw table', async () => {
  const { path } = await own();
  const [raw, saved] = [await checkFiles(files.reference, files.current), await checkFiles(path, files.current)];
  const seen = ({ gate, findings, columns, method }: typeof raw) => ({
    ...{ gate, method },
    findings: findings.filter(({ code }) => code !== 'CARDINALITY_UP'),
    columns: columns.map(({ name, outcome, cells, tests, reference, current }) => ({
      ...{ name, outcome, cells, tests, reference, current },
    })),
  });
  expect(seen(saved)).toEqual(seen(raw));
}, 60_000);

it('comes back bit for bit, plain and in gzip', async () => {
  const { saved, path } = await own();
  const text = readFileSync(path, 'utf8');
  for (const again of [path, write('again.json.gz', gzipSync(text))]) {
    expect(printProfile(await readProfile(again))).toBe(text);
  }
  const { columns } = restoreProfile(saved, 'it');
  const ulps = columns.find(({ source }) => source.name === 'ulps')!;
  expect(ulps.counts).toMatchObject({ form: 'values' });
  expect([...(ulps.counts as { values: Float64Array }).values]).toEqual([
    ...[nextDown(0.5), 0.5, nextUp(0.5), nextDown(1), 1, nextUp(1)],
  ]);
});

it('adds up from three parts and an empty one, in any order and grouping', async () => {
  const { path } = await own();
  const like = (where?: string) => {
    const reference = { paths: [files.current], ...(where === undefined ? {} : { where }) };
    return profile({ check: { ...checkOptions(files.current, files.current), reference }, like: path });
  };
  const whole = await like();
  const parts: NamedProfile[] = [];
  for (const where of ['part = 0', 'part = 1', 'part = 2', 'part = 3']) {
    parts.push({ path: where, profile: await like(where) });
  }
  const [a, b, c, none] = parts as [NamedProfile, NamedProfile, NamedProfile, NamedProfile];
  const merged = mergeProfiles([a, b, c, none]);
  expect(mergeProfiles([none, c, a, b])).toEqual(merged);
  expect(
    mergeProfiles([
      { path: 'bc', profile: mergeProfiles([c, b]) },
      { path: 'a', profile: mergeProfiles([none, a]) },
    ]),
  ).toEqual(merged);
  expect(merged.timeline!.periods).toBeGreaterThan(20);
  expect(merged.timeline).toEqual(whole.timeline);
  for (const [i, column] of merged.columns.entries()) {
    const other = whole.columns[i]!;
    expect(countsOf(column), column.name).toEqual(countsOf(other));
    expect(column.periods, column.name).toBe(other.periods);
    for (const [key, value] of Object.entries(column.profile?.numbers ?? {})) {
      const truth = other.profile!.numbers![key as 'mean'];
      if (typeof value === 'number' && typeof truth === 'number') {
        expect(Math.abs(value - truth), `${column.name}.${key}`).toBeLessThanOrEqual(1e-9 * Math.abs(truth));
      } else expect(value, `${column.name}.${key}`).toEqual(truth);
    }
  }
}, 60_000);

function countsOf({ counts, profile }: SavedProfile['columns'][number]) {
  const { castFailureExamples: _, distinct, numbers, ...tallies } = profile!;
  if (counts?.form !== 'numbers') return { counts, tallies };
  const { powerSums, sumBelow, sumAbove, ...integers } = counts;
  return { counts: integers, tallies };
}

describe('what is no profile', () => {
  const refused = async (text: string | Uint8Array, message: RegExp) => {
    const path = write('bad.profile.json', text);
    await expect(readProfile(path)).rejects.toMatchObject({
      code: 'BAD_PROFILE',
      message: expect.stringMatching(message),
    });
    const error = await readProfile(path).catch((caught: Error) => caught);
    expect((error as Error).message).not.toContain('\n');
    return path;
  };
  it('is refused in one line', async () => {
    const { saved, path } = await own();
    const text = readFileSync(path, 'utf8');
    await refused(text.slice(0, text.length / 2), /cut off/);
    await refused('', /cut off/);
    await refused('[1, 2]', /no driftgate profile/);
    await refused('{"tool": {"name": "driftgate"}}', /no driftgate profile/);
    await refused(text.replace('"schemaVersion": 1', '"schemaVersion": 2'), /newer driftgate/);
    await refused(text.replace('"rows": 3000', '"rows": 3001'), /not as it was written/);
    await refused(text.replace('"rows": 3000', '"rows": "3000"'), /rows is "3000"/);
    await refused(text.replace('"rows": 3000', '"rows": 3000, "more": 1'), /no such key/);
    await refused(gzipSync(text).subarray(0, 2000), /damaged or cut-off gzip/);
    const { checksum: _, ...content } = saved;
    await refused(JSON.stringify({ ...content, checksum: saved.checksum.replace(/^./, 'g') }), /not as it was written/);
  });
  it('is told from data, and a damaged profile stays one', async () => {
    const { path } = await own();
    expect(await savedSide({ paths: [files.reference] })).toBeNull();
    expect(await savedSide({ paths: [write('data.jsonl', '{"format": "x"}\n')] })).toBeNull();
    const cut = write('cut.json', readFileSync(path, 'utf8').slice(0, 5000));
    await expect(checkFiles(cut, files.current)).rejects.toMatchObject({ code: 'BAD_PROFILE' });
  });
});

it('is asked for nothing that only its rows could say', async () => {
  const { path } = await own();
  const options = checkOptions(path, files.current);
  const refused = (more: Partial<typeof options>, message: RegExp) =>
    expect(checkFiles(path, files.current, more)).rejects.toMatchObject({ message: expect.stringMatching(message) });
  await refused({ reference: { paths: [path], where: 'part = 1' } }, /cannot be filtered any more/);
  await refused(
    { verdict: { ...options.verdict, columns: { many: { role: 'id' } } } },
    /has "many" as feature, and the settings say id/,
  );
  await expect(checkFiles(files.reference, path)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  const exact = await checkFiles(path, files.current, { exact: true });
  expect(exact.notes.join('\n')).toContain('--exact has nothing to read');
}, 60_000);

it('is below 1 MB for a hundred columns by day', async () => {
  const columns = Array.from({ length: 80 }, (_, k) => `hash(i * 131 + ${k}) / 1.8e19 AS number_${k}`);
  const texts = Array.from({ length: 19 }, (_, k) => `'c' || hash(i + ${k}) % ${10 + 40 * k} AS text_${k}`);
  const wide = await bench.parquet(
    'wide.parquet',
    `SELECT ${[...columns, ...texts].join(', ')}, TIMESTAMP '2025-01-01' + INTERVAL (i * 340) SECOND AS event_time FROM range(25000) rows(i)`,
  );
  const saved = await profile({ check: checkOptions(wide, wide) });
  expect(saved.columns).toHaveLength(100);
  expect(saved.timeline!.periods).toBeGreaterThan(90);
  const { length } = printProfile(saved);
  expect(length).toBeLessThan(1_000_000);
}, 60_000);
