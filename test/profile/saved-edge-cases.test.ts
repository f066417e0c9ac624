import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { CheckOptions } from '../../src/model/run.ts';
import { readProfile } from '../../src/profile/saved/file.ts';
import { mergeProfiles, type NamedProfile } from '../../src/profile/saved/merge.ts';
import { restoreProfile } from '../../src/profile/saved/read.ts';
import { printProfile } from '../../src/profile/saved/write.ts';
import { profile } from '../../src/profiling.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { edgeCases, edgeNumbers } from '../edge-cases.ts';
import { checkFiles, checkOptions } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';
import { additive, columnsOf, derived, profileLike, verdictOf } from '../support/saved-profiles.ts';

/** The table of values that two ways of counting disagree on, with a column that is constant and one of empty texts. */
let bench: Bench;
let files: { reference: string; current: string; newer: string };
const folder = mkdtempSync(join(tmpdir(), 'driftgate-edges-'));
beforeAll(async () => {
  bench = await openBench();
  const rows = (name: string, first: number, more = '') =>
    bench.parquet(name, `SELECT * ${more}, 7 AS constant, '' AS empty_text FROM (${edgeCases(3000, first)})`);
  files = {
    reference: await rows('reference.parquet', 0),
    current: await rows('current.parquet', 1234),
    // renamed by name and by value, and a column that is new
    newer: await rows('newer.parquet', 1234, 'EXCLUDE (price, y), price AS "Price", y AS measured, id % 7 AS other'),
  };
});
afterAll(async () => {
  await bench.dispose();
  rmSync(folder, { recursive: true });
});

/** Three parts and one without a row. */
const cuts = ['id % 3 = 0', 'id % 3 = 1', 'id % 3 = 2', 'id < 0'];

const timed: Partial<CheckOptions> = {
  verdict: {
    ...defaultVerdictSettings,
    columns: { t: { role: 'timestamp' } },
    // the first of March, at midnight, is among the moments
    window: { by: 'time', unit: 'month', count: 1 },
  },
};
const write = (name: string, text: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const own = async () => {
  const saved = await profile({ check: { ...checkOptions(files.reference, files.reference), ...timed } });
  return { saved, path: write('reference.profile.json', printProfile(saved)) };
};
const check = (reference: string, current: string) => checkFiles(reference, current, timed);
const like = (path: string, file: string, where?: string) => profileLike(path, file, where, timed);

it('gives the verdict of the raw table, and a saved batch that of the raw one', async () => {
  const { path } = await own();
  const raw = await check(files.reference, files.current);
  expect(raw.columns).toHaveLength(28);
  expect(verdictOf(await check(path, files.current))).toEqual(verdictOf(raw));
  const batch = write('batch.profile.json', printProfile(await like(path, files.current)));
  const both = await check(path, batch);
  expect(columnsOf(both)).toEqual(columnsOf(raw));
  expect(verdictOf(both).quality).toEqual(verdictOf(raw).quality);
}, 60_000);

it('gives the verdict of the raw table when the sides were merged of parts', async () => {
  const { saved, path } = await own();
  const parts = async (file: string) =>
    mergeProfiles(
      await Promise.all(cuts.map(async (where) => ({ path: where, profile: await like(path, file, where) }))),
    );
  const [then, now] = [await parts(files.reference), await parts(files.current)];
  const reference = write('reference.profile.json', printProfile(then));
  const current = write('current.profile.json', printProfile(now));
  expect(restoreProfile(then, 'it').periods!.timeline).toEqual(restoreProfile(saved, 'it').periods!.timeline);
  expect(countsIn(await check(reference, files.current))).toEqual(
    countsIn(await check(files.reference, files.current)),
  );
  // the windows of a batch do not add up
  const uncut = { verdict: { ...timed.verdict!, window: null } };
  const raw = await checkFiles(files.reference, files.current, uncut);
  expect(countsIn(await checkFiles(reference, current, uncut))).toEqual(countsIn(raw));
}, 60_000);

/** What a merged profile keeps to the bit; which values are new is asked of a profile that the batch was counted like. */
function countsIn(report: Report) {
  return columnsOf(report).map(({ name, outcome, cells, tests }) => ({
    ...{ name, outcome, cells },
    tests: tests.filter(({ rule }) => rule !== 'unseen'),
  }));
}

it('comes back bit for bit, plain and in gzip', async () => {
  const { saved, path } = await own();
  const text = readFileSync(path, 'utf8');
  for (const again of [path, write('again.json.gz', gzipSync(text))]) {
    expect(printProfile(await readProfile(again))).toBe(text);
  }
  const { columns } = restoreProfile(saved, 'it');
  const edges = columns.find(({ source }) => source.name === 'x')!;
  const values = [...(edges.counts as { values: Float64Array }).values];
  expect(values).toEqual(
    [...new Set(edgeNumbers)]
      .filter((x) => x !== null && Number.isFinite(x) && !Object.is(x, -0))
      .sort((a, b) => a! - b!),
  );
});

it('adds up from three parts and an empty one, in any order and grouping', async () => {
  const { path } = await own();
  const whole = await like(path, files.newer);
  const parts: NamedProfile[] = [];
  for (const where of cuts) parts.push({ path: where, profile: await like(path, files.newer, where) });
  const [a, b, c, none] = parts as [NamedProfile, NamedProfile, NamedProfile, NamedProfile];
  expect(none.profile.rows).toBe(0);
  const merged = mergeProfiles([a, b, c, none]);
  expect(mergeProfiles([none, c, a, b])).toEqual(merged);
  expect(
    mergeProfiles([
      { path: 'bc', profile: mergeProfiles([c, b]) },
      { path: 'a', profile: mergeProfiles([none, a]) },
    ]),
  ).toEqual(merged);
  expect(additive(merged)).toEqual(additive(whole));
  const truth = derived(whole);
  for (const [name, value] of derived(merged)) {
    expect(Math.abs(value - truth.get(name)!), name).toBeLessThanOrEqual(1e-9 * Math.abs(truth.get(name)!));
  }
}, 60_000);

it('tells a renamed column by name and by values when both sides are saved', async () => {
  const { path } = await own();
  const renamed = (report: Report) =>
    report
      .quality!.filter(({ id }) => id === 'renamed-columns')
      .map(({ column, severity, detail }) => ({ column, severity, detail }))
      .sort((a, b) => (a.column! < b.column! ? -1 : 1));
  const raw = renamed(await check(files.reference, files.newer));
  const parts = await Promise.all(
    cuts.map(async (where) => ({ path: where, profile: await like(path, files.newer, where) })),
  );
  const saved = [await like(path, files.newer), mergeProfiles(parts)];
  expect(raw.filter(({ severity }) => severity !== null)).toEqual([
    { column: 'price', severity: 'P3', detail: { newName: 'Price', sameName: true } },
    { column: 'y', severity: 'P3', detail: { newName: 'measured', sameName: false } },
  ]);
  for (const batch of saved) {
    expect(renamed(await check(path, write('newer.profile.json', printProfile(batch))))).toEqual(raw);
  }
}, 60_000);

it('is asked for nothing that only its rows could say', async () => {
  const { path } = await own();
  const options = checkOptions(path, files.current);
  const refused = (more: Partial<typeof options>, message: RegExp) =>
    expect(checkFiles(path, files.current, more)).rejects.toMatchObject({ message: expect.stringMatching(message) });
  await refused({ reference: { paths: [path], where: 'id = 1' } }, /cannot be filtered any more/);
  await refused(
    { verdict: { ...options.verdict, columns: { y: { role: 'id' } } } },
    /has "y" as feature, and the settings say id/,
  );
  await expect(checkFiles(files.reference, path)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  const exact = await checkFiles(path, files.current, { exact: true });
  expect(exact.notes.join('\n')).toContain('--exact has nothing to read');
}, 60_000);

it('is below 1 MB for a hundred columns', async () => {
  const columns = Array.from({ length: 80 }, (_, k) => `hash(i * 131 + ${k}) / 1.8e19 AS number_${k}`);
  const texts = Array.from({ length: 19 }, (_, k) => `'c' || hash(i + ${k}) % ${10 + 40 * k} AS text_${k}`);
  const wide = await bench.parquet(
    'wide.parquet',
    `SELECT ${[...columns, ...texts].join(', ')}, TIMESTAMP '2025-01-01' + INTERVAL (i * 340) SECOND AS event_time FROM range(20000) rows(i)`,
  );
  const saved = await profile({ check: checkOptions(wide, wide) });
  expect(saved.columns).toHaveLength(100);
  // periods of six hours: none has to be left out
  expect(saved.timeline!.periods).toBeGreaterThan(300);
  const { length } = printProfile(saved);
  expect(length).toBeLessThan(1_000_000);
}, 120_000);
