import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { qualityIds } from '../../src/model/quality.ts';
import { qualityChecks } from '../../src/quality/registry.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';

const root = join(import.meta.dirname, '../..');

describe('the registry of data-quality checks', () => {
  test('holds every check once, in the stated order', () => {
    expect(qualityChecks.map(({ id }) => id)).toEqual([...qualityIds]);
  });

  test.each(qualityChecks.map((check) => [check.id, check] as const))(
    '%s has a file, a page and a setting',
    (id, check) => {
      expect(existsSync(join(root, `src/quality/${id}.ts`))).toBe(true);
      const page = readFileSync(join(root, `docs/quality/${id}.md`), 'utf8');
      for (const head of ['## What it asks', '## When to worry', '## How it is computed', '## How to silence it']) {
        expect(page, head).toContain(head);
      }
      expect(page.startsWith(`# ${check.title}`)).toBe(true);
      const judgedElsewhere = id === 'missing-columns' || id === 'new-columns';
      expect(Object.hasOwn(defaultVerdictSettings.quality, id)).toBe(!judgedElsewhere);
    },
  );

  test('nothing stops a pipeline by default', () => {
    for (const { severity } of Object.values(defaultVerdictSettings.quality)) expect(severity).toBe('P3');
  });
});
