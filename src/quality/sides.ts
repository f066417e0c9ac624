import { type ColumnProfile, type Role, untestedRoles } from '../model/profile.ts';

/** Ids and the like may hold what they want, and labels arrive late. */
export function isJudged(role: Role): boolean {
  return role !== 'label' && !untestedRoles.has(role);
}

/** Rows with a value that reads as the column's type. */
export function presentRows({ rows, nulls, nan, castFailures }: ColumnProfile): number {
  return rows - nulls - nan - castFailures;
}
