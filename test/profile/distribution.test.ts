import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../src/model/report.ts';
import { distributionOf, joinSides } from '../../src/profile/tables.ts';
import { Random } from '../support/random.ts';

/** Both sides as every value with its count, drawn. */
function draw(reference: readonly number[], current: readonly number[]): Distribution {
  const side = (sample: readonly number[]) => {
    const values = Float64Array.from(new Set(sample)).sort();
    const count = new Map<number, number>();
    for (const value of sample) count.set(value, (count.get(value) ?? 0) + 1);
    return { form: 'values', values, counts: values.map((value) => count.get(value)!) } as const;
  };
  return distributionOf(joinSides(side(reference), side(current))!)!;
}

const rows = 4000;
const sample = (value: (u: number, z: number) => number, seed: number): number[] => {
  const random = new Random(seed);
  return Array.from({ length: rows }, () => value(random.uniform(), random.normal()));
};
const both = (value: (u: number, z: number) => number) => draw(sample(value, 1), sample(value, 3));
const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
const fullest = ({ reference }: Distribution) => Math.max(...reference) / sum(reference);

describe('the cells for the eye', () => {
  it.each([
    ['lognormal, σ 2', (_: number, z: number) => Math.exp(2 * z)],
    ['Pareto, α 1', (u: number) => 1 / (1 - u)],
  ])('are logarithmic for a %s column, whose rows would else stand in one', (_name, value) => {
    const drawn = both(value);
    expect(drawn.logarithmicFrom).toBe(0);
    expect(fullest(drawn)).toBeLessThan(0.55);
    const steps = drawn.edges!.slice(1).map((edge, i) => Math.log(edge / drawn.edges![i]!));
    for (const step of steps) expect(step).toBeCloseTo(steps[0]!, 6);
  });

  it('hold whole numbers each, where there is nothing else', () => {
    const zipf = both((u) => Math.floor(1 / (1 - u)));
    expect(zipf.logarithmicFrom).toBe(0);
    expect(zipf.edges!.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
    const ages = both((u) => Math.floor(18 + 70 * u));
    expect(new Set(ages.edges!.slice(1).map((edge, i) => edge - ages.edges![i]!))).toEqual(new Set([2]));
    expect(Math.max(...ages.reference)).toBeLessThan(2 * Math.min(...ages.reference.slice(0, -1)));
    expect(both((u) => (u < 0.95 ? 0 : 1)).edges).toEqual([0, 1, 2]);
  });

  it('are so beyond zero for a column of zeros and a long tail, the zeros in a cell of their own', () => {
    const drawn = both((u, z) => (u < 0.6 ? 0 : Math.exp(4 + 2 * z)));
    expect(drawn.logarithmicFrom).toBeGreaterThan(0);
    expect(drawn.edges![0]).toBe(0);
    expect(drawn.reference[0]! / rows).toBeCloseTo(0.6, 1);
    expect(drawn.reference.filter((count) => count > rows / 200).length).toBeGreaterThan(20);
  });

  it('are so to both sides of zero', () => {
    const drawn = both((u, z) => (u < 0.5 ? -1 : 1) * Math.exp(3 * z));
    expect(drawn.logarithmicFrom).toBeGreaterThan(0);
    const { edges } = drawn;
    expect(edges![0]! / edges!.at(-1)!).toBeCloseTo(-1, 0);
    expect(fullest(drawn)).toBeLessThan(0.2);
  });

  it.each([
    ['normal', (_: number, z: number) => 100 + 10 * z],
    ['normal around zero', (_: number, z: number) => z],
    ['exponential', (u: number) => -Math.log(1 - u)],
    ['mildly lognormal', (_: number, z: number) => Math.exp(0.7 * z)],
    ['few-valued', (u: number) => Math.floor(5 * u * u * u)],
    ['constant', () => 7],
    ['zeros and ones', (u: number) => (u < 0.95 ? 0 : 1)],
  ])('are equally wide for a %s column', (_name, value) => {
    expect(both(value)).not.toHaveProperty('logarithmicFrom');
  });

  it('hold every row once, over ascending edges, whatever the values', () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 });
    const tails = fc.array(
      fc.tuple(fc.integer({ min: -300, max: 300 }), fc.boolean()).map(([power, up]) => (up ? 1 : -1) * 10 ** power),
      { minLength: 1, maxLength: 200 },
    );
    fc.assert(
      fc.property(fc.oneof(numbers, tails), fc.oneof(numbers, tails), (reference, current) => {
        const { edges, ...drawn } = draw(reference, current);
        for (let i = 1; i < edges!.length; i++) expect(edges![i]!).toBeGreaterThan(edges![i - 1]!);
        expect(edges!.length).toBeLessThanOrEqual(41);
        expect(drawn.reference).toHaveLength(edges!.length - 1);
        expect(sum(drawn.reference)).toBe(reference.length);
        expect(sum(drawn.current)).toBe(current.length);
      }),
      { numRuns: 300 },
    );
  });
});
