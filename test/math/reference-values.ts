import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Arguments, then the value. */
type Row = readonly number[];

function read(name: string): Readonly<Record<string, readonly Row[]>> {
  return JSON.parse(readFileSync(new URL(`../../fixtures/reference-values/${name}.json`, import.meta.url), 'utf8'));
}

const document = { ...read('distributions'), ...read('test-laws') };

/** The rows of one function, as [arguments, value]. */
export function referenceRows(name: string): [number[], number][] {
  const rows = document[name];
  if (!rows || rows.length === 0) throw new Error(`no reference values for ${name}`);
  return rows.map((row) => [row.slice(0, -1), row.at(-1)!]);
}

export function relativeError(actual: number, expected: number): number {
  return actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected);
}

/** A logarithm of a probability: off by at most `tolerance` of the probability, or by so much of the logarithm when that is large. */
export function expectLog(actual: number, expected: number, tolerance: number, what: string): void {
  if (actual === expected) return;
  expect(
    Math.abs(actual - expected) / Math.max(1, Math.abs(expected)),
    `${what}: ${actual} for ${expected}`,
  ).toBeLessThan(tolerance);
}
