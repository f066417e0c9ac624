import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findMeasure, measures } from '../../src/drift/registry.ts';

describe('registry', () => {
  test('ids and aliases are unique', () => {
    const names = measures.flatMap(({ id, alias }) => [...new Set([id, alias])]);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(measures)('$id has a file, a test and a docs page of its name', ({ id }) => {
    for (const path of [`src/drift/${id}.ts`, `test/drift/${id}.test.ts`, `docs/measures/${id}.md`]) {
      expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).toBe(true);
    }
  });

  test('finds by id and by alias', () => {
    expect(findMeasure('kolmogorov-smirnov')).toBe(findMeasure('ks'));
  });

  test('an unknown name says what is nearest', () => {
    expect(() => findMeasure('kss')).toThrowError(
      expect.objectContaining({ code: 'UNKNOWN_MEASURE', message: 'no measure is called "kss"; did you mean "ks"?' }),
    );
    expect(() => findMeasure('correlation')).toThrowError(/known are phi2, cell, psi/);
  });
});
