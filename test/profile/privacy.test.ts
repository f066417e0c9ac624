import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckOptions } from '../../src/model/run.ts';
import type { SavedProfile } from '../../src/model/saved-profile.ts';
import { profileBytes } from '../../src/profile/saved/file.ts';
import { mergeProfiles } from '../../src/profile/saved/merge.ts';
import { hashOf, unpackSteps } from '../../src/profile/saved/packing.ts';
import type { Privacy } from '../../src/profile/saved/privacy.ts';
import { printProfile } from '../../src/profile/saved/write.ts';
import { profile } from '../../src/profiling.ts';
import { checkFiles, checkOptions, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';
import { profileLike } from '../support/saved-profiles.ts';

/** Names that nothing else contains: 300 of them, the i-th in as many rows as i, so that there are named, hashed and rare ones. */
const names = Array.from({ length: 300 }, (_, i) => `Zürich "Secret" ${1000 + i}`);
const literal = (i: string) => `'Zürich "Secret" ' || (1000 + ${i})`;
/** The batch has names of its own. */
const newNames = ['New secret 7007', 'New secret 8008'];
const salt = 'a salt that nobody may read';
const filter = `secret <> 'Zürich "Secret" 1299'`;

let bench: Bench;
let files: { reference: string; current: string };
const folder = mkdtempSync(join(tmpdir(), 'driftgate-privacy-'));
beforeAll(async () => {
  bench = await openBench();
  const rows = 'SELECT i, j FROM range(300) a(i), range(300) b(j) WHERE j < i + 1 AND i % 3 < 2 OR j = 0';
  const columns = `${literal('i')} AS secret, CASE WHEN i < 9 THEN 'quite uncommon' ELSE 'often' END AS plain, i * j AS number`;
  files = {
    reference: await bench.parquet('reference.parquet', `SELECT ${columns} FROM (${rows})`),
    current: await bench.parquet(
      'current.parquet',
      // a column of the same names that the reference lacks, and new names
      `SELECT CASE WHEN j = 1 THEN '${newNames[0]}' WHEN j = 2 THEN '${newNames[1]}' ELSE secret END AS secret, secret AS other, number
       FROM (SELECT ${columns}, j FROM (${rows}))`,
    ),
  };
});
afterAll(async () => {
  await bench.dispose();
  rmSync(folder, { recursive: true });
});

const written = (saved: SavedProfile, name: string) => {
  const path = join(folder, name);
  writeFileSync(path, printProfile(saved));
  return path;
};

/** The file's bytes as written, and what a gzip of it unpacks to and is. */
function forms(saved: SavedProfile): Buffer[] {
  const text = printProfile(saved);
  const packed = profileBytes(text, true);
  return [profileBytes(text, false), packed, gunzipSync(packed)];
}

/** A text as it may stand in a file: plain, escaped, or within base64. */
function spellings(text: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    return bytes
      .subarray(0, bytes.length - (bytes.length % 3))
      .toString('base64')
      .slice(before === 0 ? 0 : 4);
  });
  return [text, JSON.stringify(text).slice(1, -1), ...inBase64];
}

function tells(saved: SavedProfile, text: string): boolean {
  return forms(saved).some((bytes) => spellings(text).some((spelling) => bytes.includes(spelling)));
}

/** What a profile is asked for: a filter and settings quote a value. */
const options = (file: string, more: Partial<CheckOptions> = {}): CheckOptions => ({
  ...checkOptions(file, file),
  salt,
  config: { file: null, sha256: '', values: { reference_where: filter } },
  reference: { paths: [file], where: filter },
  ...more,
});

async function profiles(privacy: Omit<Privacy, 'salt'>) {
  const own = await profile({ check: options(files.reference), privacy });
  const path = written(own, 'own.profile.json');
  const more = { salt, config: options(files.current).config };
  const parts = await Promise.all(
    ['number % 2 = 0', 'number % 2 = 1'].map(async (where) => ({
      path: where,
      profile: await profileLike(path, files.current, `${where} AND ${filter}`, more),
    })),
  );
  return { own, path, batch: parts[0]!.profile, merged: mergeProfiles(parts) };
}

it('an open profile tells names, so that those below are found where they are', async () => {
  const { own, merged } = await profiles({ minCount: null, redacted: [] });
  expect(names.filter((name) => tells(own, name)).length).toBeGreaterThanOrEqual(200);
  expect(tells(own, filter)).toBe(true);
  for (const name of newNames) expect(tells(merged, name), name).toBe(true);
  expect(tells(own, salt)).toBe(false);
}, 60_000);

describe('--redact', () => {
  it('leaves no name of the column, and no salt, in any form of the file', async () => {
    const { own, batch, merged } = await profiles({ minCount: null, redacted: ['secret'] });
    for (const saved of [own, batch, merged]) {
      for (const text of [...names, ...newNames, filter, salt]) expect(tells(saved, text), text).toBe(false);
      const { further } = categoriesOf(saved, 'secret');
      const hashes = new Set(further.hashes === null ? [] : unpackSteps(further.hashes, further.values!));
      // without the salt nobody can ask whether a name is among them
      for (const name of [...names, ...newNames]) expect(hashes.has(hashOf(name))).toBe(false);
    }
    expect(tells(own, 'often')).toBe(true);
  }, 60_000);

  it('gives the verdict of the data with the salt, and none without it', async () => {
    const { reference } = options(files.reference);
    const raw = await checkFiles(files.reference, files.current, { reference });
    const { path } = await profiles({ minCount: null, redacted: ['secret'] });
    const saved = await checkFiles(path, files.current, { salt });
    const seen = ({ outcome, tests }: (typeof raw)['columns'][number]) => ({
      outcome,
      tests: tests.map(({ rule, logPFail }) => ({ rule, logPFail })),
    });
    expect(seen(columnNamed(saved, 'secret'))).toEqual(seen(columnNamed(raw, 'secret')));
    for (const other of [undefined, 'another']) {
      const given = other === undefined ? {} : { salt: other };
      await expect(checkFiles(path, files.current, given)).rejects.toMatchObject({ code: 'BAD_OPTION' });
    }
  }, 60_000);
});

describe('--min-count', () => {
  it('tells nothing of a rarer name but its rows, in the data or in a part', async () => {
    const least = 100;
    const { own, batch, merged } = await profiles({ minCount: least, redacted: [] });
    const rare = names.filter((_, i) => i % 3 === 2 || i + 1 < least);
    expect(names.filter((name) => tells(own, name))).toEqual(
      names.slice(0, 299).filter((name) => !rare.includes(name)),
    );
    expect(tells(own, 'quite uncommon')).toBe(false);
    for (const saved of [own, batch, merged]) {
      for (const text of [...rare, names[299]!, filter]) expect(tells(saved, text), text).toBe(false);
      const { further } = categoriesOf(saved, 'secret');
      expect(further).toMatchObject({ values: null, hashes: null, classes: null, occurrences: null, unseen: [] });
    }
  }, 60_000);
});

function categoriesOf(saved: SavedProfile, name: string) {
  const { counts } = saved.columns.find((column) => column.name === name)!;
  if (counts?.form !== 'categories') throw new Error(`${name} is no category`);
  return counts;
}
