import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { SavedProfile } from '../../src/model/saved-profile.ts';
import { mergeProfiles, type NamedProfile } from '../../src/profile/saved/merge.ts';
import { unpackCounts } from '../../src/profile/saved/packing.ts';
import { profileSchema } from '../../src/profile/saved/shape.ts';
import { printProfile } from '../../src/profile/saved/write.ts';
import { profile } from '../../src/profiling.ts';
import { printJson } from '../../src/report/json.ts';
import { checkFiles, checkOptions } from '../support/check.ts';
import { additive, columnsOf, derived, profileLike, verdictOf } from '../support/saved-profiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'driftgate-profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fixtures = 'fixtures/credit-scoring';

function written(saved: SavedProfile, name = 'reference.profile.json'): string {
  const path = join(folder, name);
  writeFileSync(path, printProfile(saved));
  return path;
}

describe('a saved reference', () => {
  it.each(['healthy', 'drifted'])(
    'gives the verdict of the raw one on the %s log',
    async (log) => {
      const reference = `${fixtures}/reference.parquet`;
      const path = written(await profile({ check: checkOptions(reference, reference) }));
      const current = `${fixtures}/${log}.parquet`;
      const [raw, saved] = [await checkFiles(reference, current), await checkFiles(path, current)];
      expect(verdictOf(saved)).toEqual(verdictOf(raw));
    },
    60_000,
  );
});

describe('both sides saved', () => {
  it.each(['healthy', 'drifted'])(
    'give the cells and windows of the raw %s log',
    async (log) => {
      const reference = `${fixtures}/reference.parquet`;
      const current = `${fixtures}/${log}.parquet`;
      const own = written(await profile({ check: checkOptions(reference, reference) }));
      const batch = written(await profile({ check: checkOptions(current, current), like: own }), 'log.profile.json');
      const [raw, saved] = [await checkFiles(reference, current), await checkFiles(own, batch)];
      expect(saved.gate.status).toBe(raw.gate.status);
      expect(columnsOf(saved)).toEqual(columnsOf(raw));
    },
    60_000,
  );
});

describe('parts', () => {
  it('add up to the whole, in any order', async () => {
    const source = `${fixtures}/healthy.parquet`;
    const reference = `${fixtures}/reference.parquet`;
    const own = written(await profile({ check: checkOptions(reference, reference) }));
    const like = (where?: string) => profileLike(own, source, where);
    const whole = await like();
    const cuts = ["channel = 'web'", "channel <> 'web' AND age < 40", "channel <> 'web' AND age >= 40", 'age < 0'];
    const parts = await Promise.all(cuts.map(like));
    expect(parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(whole.rows);
    const [a, b, c, d] = parts.map((part, i) => ({ path: `${i}`, profile: part })) as [N, N, N, N];
    const joined = (...own: N[]) => mergeProfiles(own);
    const merged = joined(a, b, c, d);
    expect(additive(merged)).toEqual(additive(whole));
    const truth = derived(whole);
    for (const [name, value] of derived(merged)) {
      // the log lies fifty spreads after the reference, about whose center the powers are taken: fewer digits hold, and are told
      const tolerance = /event_time\.(?:std|skewness|kurtosis)/.test(name) ? 1e-3 : 1e-9;
      expect(Math.abs(value - truth.get(name)!), name).toBeLessThanOrEqual(tolerance * Math.abs(truth.get(name)!));
    }
    expect(joined(d, c, b, a)).toEqual(merged);
    const nested = joined({ path: 'ab', profile: joined(a, b) }, { path: 'cd', profile: joined(c, d) });
    expect(nested).toEqual(merged);
  }, 60_000);
});
type N = NamedProfile;

describe('docs/profile.schema.json', () => {
  it('is up to date; otherwise: npx vitest run test/profile -u', async () => {
    await expect(printJson(profileSchema())).toMatchFileSnapshot('../../docs/profile.schema.json');
  });

  it('describes what is written', async () => {
    const reference = `${fixtures}/reference.parquet`;
    const own = await profile({ check: checkOptions(reference, reference) });
    const batch = await profile({ check: checkOptions(reference, reference), like: written(own) });
    const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false }).compile(profileSchema());
    for (const saved of [own, batch]) {
      expect(validate(JSON.parse(printProfile(saved))), JSON.stringify(validate.errors)).toBe(true);
    }
    expect(validate({ ...own, rows: -1 })).toBe(false);
  });
});

describe('privacy', () => {
  const reference = `${fixtures}/reference.parquet`;
  const current = `${fixtures}/drifted.parquet`;
  const salt = 'a salt that nobody may read';
  it('gives the same verdict under hashed names, with the same salt', async () => {
    const saved = await profile({
      check: { ...checkOptions(reference, reference), salt },
      privacy: { minCount: null, redacted: ['channel', 'region'] },
    });
    const path = written(saved, 'redacted.profile.json');
    const text = printProfile(saved);
    expect(text).not.toContain(salt);
    expect(text).not.toMatch(/"web"|"branch"|"north"/i);
    const [raw, own] = [await checkFiles(reference, current), await checkFiles(path, current, { salt })];
    const seen = ({ columns }: Report) =>
      columns.map(({ name, cells, outcome }) => ({ name, cells, outcome })).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(seen(own)).toEqual(seen(raw));
    await expect(checkFiles(path, current)).rejects.toMatchObject({ message: expect.stringMatching(/needs the salt/) });
    await expect(checkFiles(path, current, { salt: 'other' })).rejects.toMatchObject({
      message: expect.stringMatching(/another salt/),
    });
    const batch = await profile({ check: { ...checkOptions(current, current), salt }, like: path });
    const both = await checkFiles(path, written(batch, 'batch.profile.json'));
    expect(seen(both).map(({ name, outcome }) => ({ name, outcome }))).toEqual(
      seen(raw).map(({ name, outcome }) => ({ name, outcome })),
    );
  }, 60_000);

  it('folds rare categories, and says no more of them than their rows', async () => {
    const least = 500;
    const saved = await profile({
      check: checkOptions(reference, reference),
      privacy: { minCount: least, redacted: [] },
    });
    for (const { counts, profile: own } of saved.columns) {
      if (counts?.form !== 'categories') continue;
      const rows = unpackCounts(counts.counts, counts.names.length);
      expect(Math.min(least, ...rows)).toBe(least);
      expect(Math.min(least, ...own!.top.map((entry) => entry.rows))).toBe(least);
      expect(own!.castFailureExamples).toEqual([]);
    }
    const report = await checkFiles(written(saved), current);
    expect(report.gate.status).toBe('breach');
  }, 60_000);

  it('names a column that is not there, or has no names', async () => {
    const redacted = (name: string, more = {}) =>
      profile({
        check: { ...checkOptions(reference, reference), ...more },
        privacy: { minCount: null, redacted: [name] },
      });
    await expect(redacted('chanel', { salt })).rejects.toMatchObject({
      message: expect.stringMatching(/did you mean "channel"/),
    });
    await expect(redacted('age', { salt })).rejects.toMatchObject({
      message: expect.stringMatching(/only names of categories/),
    });
    await expect(redacted('channel')).rejects.toMatchObject({ message: expect.stringMatching(/needs a salt/) });
  }, 60_000);
});
