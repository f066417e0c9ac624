import type { ColumnEvidence } from '../model/evidence.ts';
import type { ExplainingColumn } from '../model/ranking.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import { subject } from './messages.ts';
import { beyond, movement } from './minimum-effect.ts';
import { count, number, percent } from './numerals.ts';
import { isPrediction, tolerancesOf } from './tolerances.ts';

/** Less than this share of a prediction's drift is not worth a line. */
export const leastExplained = 0.05;

/** How far a tested column moved; null for others. */
export function movedBy({ cells, notTested, error, schema }: ColumnEvidence): number | null {
  if (cells === null || notTested !== undefined || error !== undefined || schema !== 'same') return null;
  return movement(cells)?.phiSquared ?? null;
}

/** A prediction whose drift is worth explaining: beyond the warn tolerance, were it the only column. */
export function isMovedPrediction(evidence: ColumnEvidence, settings: VerdictSettings): boolean {
  if (!isPrediction(evidence.role) || movedBy(evidence) === null) return false;
  const moved = movement(evidence.cells!)!;
  return moved.cells > 1 && beyond(moved, tolerancesOf(evidence, settings).warn).logP <= Math.log(settings.alpha);
}

/** The column that explains most, in words; null when none explains anything to speak of. */
export function explanation(
  { name, role }: Pick<ColumnEvidence, 'name' | 'role'>,
  phiSquared: number,
  columns: readonly ExplainingColumn[],
): string | null {
  const [first] = columns;
  if (first === undefined || first.explained < leastExplained) return null;
  const gap = first.uncovered > 0 ? `, ${percent(first.uncovered)} of the reference's rows without a counterpart` : '';
  return (
    `with the reference's distribution of ${quoted(first.column)} the φ² of ${subject(name, role)} is ${number(first.reweighted)} ` +
    `in place of ${number(phiSquared)}: ${Math.round(100 * first.explained)} % of its drift goes with that column ` +
    `(${count(first.effectiveRows)} effective rows${gap}); an association, not a cause`
  );
}
