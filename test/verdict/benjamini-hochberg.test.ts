import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../src/verdict/benjamini-hochberg.ts';
import { judge } from '../../src/verdict/judge.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { columnOf } from '../support/evidence.ts';

const fixtures = new URL('../../fixtures/reference-values/', import.meta.url);

describe('q-values', () => {
  it.each(['two-sample.json', 'two-sample-second-seed.json'])("agree with SciPy's: %s", (file) => {
    const { multiple_testing: known } = JSON.parse(readFileSync(new URL(file, fixtures), 'utf8'));
    const found = benjaminiHochberg(known.p.map(Math.log));
    for (const [i, q] of found.entries()) expect(q).toBeCloseTo(known.benjamini_hochberg[i], 12);
  });

  it('by hand: 0.01, 0.02, 0.9 of three', () => {
    const found = benjaminiHochberg([0.02, 0.9, 0.01].map(Math.log));
    for (const [i, q] of [0.03, 0.9, 0.03].entries()) expect(found[i]).toBeCloseTo(q, 12);
  });

  it('what has no p counts for nothing', () => {
    const found = benjaminiHochberg([null, Math.log(0.01), null]);
    expect(found[0]).toBeNull();
    expect(found[1]).toBeCloseTo(0.01, 12);
    expect(benjaminiHochberg([])).toEqual([]);
  });

  it('laws: never below p, never above 1, in the order of p, whatever the order of the columns', () => {
    const logs = fc.array(fc.double({ min: -2000, max: 0, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(logs, (log) => {
        const q = benjaminiHochberg(log) as number[];
        for (const [i, p] of log.entries()) {
          expect(q[i]).toBeGreaterThanOrEqual(Math.exp(p));
          expect(q[i]).toBeLessThanOrEqual(1);
          for (const [j, other] of log.entries()) if (p < other) expect(q[i]).toBeLessThanOrEqual(q[j]!);
        }
        expect(benjaminiHochberg(log.toReversed())).toEqual(q.toReversed());
      }),
      { seed: 5 },
    );
  });
});

it('every tested column has one, and it decides nothing', () => {
  const columns = [
    columnOf('same', [250, 250, 250, 250], [250, 250, 250, 250]),
    // a difference that is certain and harmless
    columnOf('harmless', [250_000, 250_000], [255_000, 245_000]),
    columnOf('id', [1, 1], [1, 1], { role: 'id' }),
  ];
  const verdict = judge(columns, { reference: 1000, current: 1000 }, defaultVerdictSettings);
  expect(verdict.columns[0]!.qValue).toBeCloseTo(1, 12);
  expect(verdict.columns[1]!.qValue).toBeLessThan(1e-20);
  expect(verdict.columns[1]!.outcome).toBe('stable');
  expect(verdict.columns[2]).not.toHaveProperty('qValue');
});
