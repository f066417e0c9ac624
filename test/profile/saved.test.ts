import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { SavedProfile } from '../../src/model/saved-profile.ts';
import { printProfile } from '../../src/profile/saved/write.ts';
import { profile } from '../../src/profiling.ts';
import { checkFiles, checkOptions } from '../support/check.ts';

const folder = mkdtempSync(join(tmpdir(), 'driftgate-profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fixtures = 'fixtures/credit-scoring';

function written(saved: SavedProfile, name = 'reference.profile.json'): string {
  const path = join(folder, name);
  writeFileSync(path, printProfile(saved));
  return path;
}

/** What the verdict rests on, and says. */
function verdictOf({ gate, findings, columns, method }: Report) {
  return {
    gate,
    findings,
    method,
    columns: columns.map(({ distribution, measures, ...column }) => column),
  };
}

describe('a saved reference', () => {
  it.each(['healthy', 'drifted'])('gives the verdict of the raw one on the %s log', async (log) => {
    const reference = `${fixtures}/reference.parquet`;
    const path = written(await profile({ check: checkOptions(reference, reference) }));
    const current = `${fixtures}/${log}.parquet`;
    const [raw, saved] = [await checkFiles(reference, current), await checkFiles(path, current)];
    expect(verdictOf(saved)).toEqual(verdictOf(raw));
  }, 60_000);
});
