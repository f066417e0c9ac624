import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DriftError } from '../../src/model/errors.ts';
import { profileSchemaVersion, type SavedProfile } from '../../src/model/saved-profile.ts';
import { readProfile, savedSide } from '../../src/profile/saved/file.ts';
import { parseProfile } from '../../src/profile/saved/read.ts';
import { printProfile, sealed } from '../../src/profile/saved/write.ts';
import { profile } from '../../src/profiling.ts';
import { checkFiles, checkOptions } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';
import { Random } from '../support/random.ts';
import { profileLike, verdictOf } from '../support/saved-profiles.ts';

/** A profile that was cut off, edited, damaged or is something else gives one line, or the same verdict: never a stack or another one. */

const folder = mkdtempSync(join(tmpdir(), 'driftgate-damaged-'));
let bench: Bench;
let saved: SavedProfile;
let text: string;
let batch: string;
const write = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
beforeAll(async () => {
  bench = await openBench();
  const rows = (first: number) =>
    bench.parquet(
      `rows-${first}.parquet`,
      `SELECT sin(i) AS x, i % 5 AS few, CASE WHEN i % 9 > 0 THEN 'c' || (i * i % 307) END AS many, 'a' || i % 4 AS some,
        TIMESTAMP '2026-01-01' + to_hours(CAST(i AS INTEGER)) AS event_time FROM range(${first}, ${first + 1500}) r(i)`,
    );
  const [reference, current] = [await rows(0), await rows(700)];
  saved = await profile({ check: checkOptions(reference, reference) });
  text = printProfile(saved);
  batch = write('batch.json', printProfile(await profileLike(write('own.json', text), current)));
}, 60_000);
afterAll(async () => {
  await bench.dispose();
  rmSync(folder, { recursive: true });
});

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, member]) =>
    pathsIn(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? inner : [path, ...inner];
}

/** A copy with one value replaced, or without it. */
function edited(path: Path, change: (value: unknown) => unknown): unknown {
  const copy = JSON.parse(text);
  let holder = copy;
  for (const key of path.slice(0, -1)) holder = holder[key];
  const last = path.at(-1)!;
  const value = change(holder[last]);
  if (value !== undefined) holder[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return copy;
}

const replacements: readonly ((value: unknown) => unknown)[] = [
  () => undefined,
  () => null,
  () => 'NaN',
  () => -1,
  () => 0.5,
  () => 1e300,
  () => ({}),
  (value) => (typeof value === 'number' ? value + 1 : typeof value === 'string' ? value.slice(1) : []),
];

/** The same profile, or one line. */
function readsSafely(content: string, what: string): void {
  try {
    expect(printProfile(parseProfile(content, 'it')), what).toBe(text);
  } catch (error) {
    expect(error, what).toBeInstanceOf(DriftError);
    expect(error, what).toMatchObject({ code: 'BAD_PROFILE', message: expect.stringMatching(/^it .*$/) });
  }
}

it('every value deleted or replaced in turn', () => {
  const paths = pathsIn(JSON.parse(text));
  expect(paths.length).toBeGreaterThan(300);
  for (const [i, path] of paths.entries()) {
    const change = replacements[i % replacements.length]!;
    readsSafely(JSON.stringify(edited(path, change)), `${path.join('.')} ${i % replacements.length}`);
  }
});

it('single bits flipped, and the file cut off', () => {
  const random = new Random(7);
  const bytes = Buffer.from(text);
  for (let i = 0; i < 250; i++) {
    const copy = Buffer.from(bytes);
    const at = random.below(bytes.length);
    copy[at] = copy[at]! ^ (1 << random.below(8));
    readsSafely(copy.toString('utf8'), `bit of byte ${at}`);
    readsSafely(bytes.subarray(0, at).toString('utf8'), `cut at ${at}`);
  }
});

/** Who can write the file can write its checksum: what is no profile any more is one line, not a stack. */
it('an edit under a checksum of its own gives a report or one line', async () => {
  const random = new Random(11);
  const paths = pathsIn(JSON.parse(text)).filter(([first]) => first !== 'checksum' && first !== 'config');
  let reports = 0;
  for (let i = 0; i < 160; i++) {
    const path = paths[random.below(paths.length)]!;
    const change = replacements[random.below(replacements.length)]!;
    let forged: SavedProfile;
    try {
      forged = sealed(edited(path, change) as SavedProfile);
    } catch {
      continue; // no checksum fits what is not of the contract's form
    }
    const file = write('forged.json', printProfile(forged));
    try {
      const report = await checkFiles(file, batch);
      expect(report.gate.status).toBeDefined();
      reports++;
    } catch (error) {
      expect(error, path.join('.')).toBeInstanceOf(DriftError);
      expect((error as Error).message, path.join('.')).not.toContain('\n');
    }
  }
  expect(reports).toBeGreaterThan(5);
}, 60_000);

describe('what is no profile', () => {
  const refused = async (content: string | Uint8Array, message: RegExp) => {
    const path = write('bad.profile.json', content);
    const error = await readProfile(path).catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: 'BAD_PROFILE', message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain('\n');
  };
  it('is refused in one line', async () => {
    await refused(text.slice(0, text.length / 2), /cut off/);
    await refused('', /cut off/);
    await refused('[1, 2]', /no driftgate profile/);
    await refused('null', /no driftgate profile/);
    await refused('{"tool": {"name": "driftgate"}}', /no driftgate profile/);
    const versioned = (version: unknown) =>
      text.replace(`"schemaVersion": ${profileSchemaVersion}`, `"schemaVersion": ${version}`);
    await refused(versioned(profileSchemaVersion + 1), /newer driftgate/);
    await refused(versioned(profileSchemaVersion - 1), /older driftgate/);
    await refused(versioned('"x"'), /schemaVersion is "x"/);
    await refused(text.replace('"rows": 1500', '"rows": 1501'), /not as it was written/);
    await refused(text.replace('"rows": 1500', '"rows": "1500"'), /rows is "1500"/);
    await refused(text.replace('"rows": 1500', '"rows": 1500, "more": 1'), /no such key/);
    await refused(gzipSync(text).subarray(0, 2000), /damaged or cut-off gzip/);
    await refused(JSON.stringify({ ...saved, checksum: saved.checksum.replace(/^./, 'g') }), /not as it was written/);
  });
  it('is told from data, and a damaged profile stays one', async () => {
    expect(await savedSide({ paths: [join(bench.folder, 'rows-0.parquet')] })).toBeNull();
    expect(await savedSide({ paths: [write('data.jsonl', '{"format": "x"}\n')] })).toBeNull();
    const cut = write('cut.json', text.slice(0, 5000));
    await expect(checkFiles(cut, batch)).rejects.toMatchObject({ code: 'BAD_PROFILE' });
  });
  it('is one in other white space, with a byte order mark or in gzip', async () => {
    const verdict = verdictOf(await checkFiles(write('own.json', text), batch));
    const forms = [JSON.stringify(JSON.parse(text), null, 3), `\ufeff${text}`, gzipSync(text)];
    for (const form of forms) expect(verdictOf(await checkFiles(write('form.json', form), batch))).toEqual(verdict);
  }, 60_000);
});
