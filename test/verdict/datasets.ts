import type { ColumnEvidence } from '../../src/model/evidence.ts';
import type { Role } from '../../src/model/profile.ts';
import { evidenceOf, type Sample } from '../support/evidence.ts';
import type { Random } from '../support/random.ts';

export interface Sizes {
  readonly reference: number;
  readonly current: number;
}

/** A law to draw a column from; `shift` moves it by so many standard deviations. */
export interface Law {
  readonly name: string;
  readonly kind: Sample['kind'];
  readonly role?: Role;
  sampler(random: Random): () => number;
}

export const normal = (shift = 0, scale = 1): Law => ({
  name: 'normal',
  kind: 'numeric',
  sampler: (random) => () => shift + scale * random.normal(),
});
const lognormal: Law = { name: 'lognormal', kind: 'numeric', sampler: (random) => () => Math.exp(2 * random.normal()) };
const student2: Law = {
  name: 'student 2',
  kind: 'numeric',
  sampler: (random) => () => random.normal() / Math.sqrt(-Math.log(1 - random.uniform())),
};
export const categories = (name: string, shares: readonly number[]): Law => ({
  name,
  kind: 'categorical',
  sampler: (random) => random.category(shares),
});
export const boolean = (share: number): Law => categories(`boolean ${share}`, [1 - share, share]);
const zipf = (k: number): Law =>
  categories(
    `zipf ${k}`,
    Array.from({ length: k }, (_, i) => 1 / (i + 1)),
  );

export const withMissing = (law: Law, share: number): Law => ({
  ...law,
  name: `${law.name}, ${share} missing`,
  sampler: (random) => {
    const draw = law.sampler(random);
    return () => (random.uniform() < share ? Number.NaN : draw());
  },
});
const as = (role: Role, law: Law): Law => ({ ...law, role, name: `${role} ${law.name}` });

/** Twenty columns of the kinds that real logs hold, the awkward ones among them. */
export const mixedLaws: readonly Law[] = [
  normal(),
  withMissing(normal(), 0.01),
  withMissing(normal(), 0.1),
  lognormal,
  withMissing(lognormal, 0.002),
  student2,
  student2,
  boolean(0.5),
  boolean(0.1),
  boolean(0.02),
  boolean(0.001),
  categories('five', [0.4, 0.25, 0.2, 0.1, 0.05]),
  withMissing(categories('five', [0.4, 0.25, 0.2, 0.1, 0.05]), 0.05),
  zipf(50),
  withMissing(zipf(50), 0.01),
  zipf(500),
  zipf(500),
  categories('constant', [1]),
  as('score', normal()),
  as('prediction', boolean(0.02)),
];

/** One column: the reference drawn from one law, the current side from another. */
export function draw(random: Random, name: string, then: Law, now: Law, sizes: Sizes): ColumnEvidence {
  const side = (law: Law, rows: number) => {
    const next = law.sampler(random);
    return Float64Array.from({ length: rows }, next);
  };
  return evidenceOf({
    name,
    kind: then.kind,
    ...(then.role ? { role: then.role } : {}),
    reference: side(then, sizes.reference),
    current: side(now, sizes.current),
  });
}

export function cleanDataset(random: Random, sizes: Sizes): readonly ColumnEvidence[] {
  return mixedLaws.map((law, i) => draw(random, `${i} ${law.name}`, law, law, sizes));
}
