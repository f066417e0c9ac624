import { DriftError } from '../model/errors.ts';
import type { Measure } from '../model/measure.ts';
import { nearest, quoted } from '../model/text.ts';
import { andersonDarling } from './anderson-darling.ts';
import { brownForsythe } from './brown-forsythe.ts';
import { chiSquared } from './chi-squared.ts';
import { cramerVonMises } from './cramer-von-mises.ts';
import { cramersV } from './cramers-v.ts';
import { energyDistance } from './energy-distance.ts';
import { fisherExact } from './fisher-exact.ts';
import { gTest } from './g-test.ts';
import { hellinger } from './hellinger.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { kullbackLeibler } from './kullback-leibler.ts';
import { lInfinity } from './l-infinity.ts';
import { largestCellChange } from './largest-cell-change.ts';
import { mannWhitney } from './mann-whitney.ts';
import { phiSquared } from './phi-squared.ts';
import { populationStabilityIndex } from './population-stability-index.ts';
import { totalVariation } from './total-variation.ts';
import { wasserstein } from './wasserstein.ts';
import { welchT } from './welch-t.ts';

/** Every measure, in the order in which reports show them. */
export const measures: readonly Measure[] = [
  phiSquared,
  largestCellChange,
  populationStabilityIndex,
  kolmogorovSmirnov,
  wasserstein,
  jensenShannon,
  mannWhitney,
  cramerVonMises,
  andersonDarling,
  energyDistance,
  welchT,
  brownForsythe,
  totalVariation,
  lInfinity,
  hellinger,
  kullbackLeibler,
  chiSquared,
  gTest,
  cramersV,
  fisherExact,
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
