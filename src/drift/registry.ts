import { DriftError } from '../model/errors.ts';
import type { Measure } from '../model/measure.ts';
import { nearest, quoted } from '../model/text.ts';
import { chiSquared } from './chi-squared.ts';
import { hellinger } from './hellinger.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { largestCellChange } from './largest-cell-change.ts';
import { mannWhitney } from './mann-whitney.ts';
import { phiSquared } from './phi-squared.ts';
import { populationStabilityIndex } from './population-stability-index.ts';
import { totalVariation } from './total-variation.ts';
import { wasserstein } from './wasserstein.ts';

/** Every measure, in the order in which reports show them. */
export const measures: readonly Measure[] = [
  phiSquared,
  largestCellChange,
  populationStabilityIndex,
  kolmogorovSmirnov,
  wasserstein,
  jensenShannon,
  mannWhitney,
  totalVariation,
  hellinger,
  chiSquared,
];

/** @throws {DriftError} UNKNOWN_MEASURE with the nearest name there is */
export function findMeasure(idOrAlias: string): Measure {
  const found = measures.find(({ id, alias }) => id === idOrAlias || alias === idOrAlias);
  if (found) return found;
  const known = measures.flatMap(({ id, alias }) => [id, alias]);
  const guess = nearest(idOrAlias, known);
  const hint = guess ? `did you mean ${quoted(guess)}?` : `known are ${measures.map(({ alias }) => alias).join(', ')}`;
  throw new DriftError('UNKNOWN_MEASURE', `no measure is called ${quoted(idOrAlias)}; ${hint}`);
}
