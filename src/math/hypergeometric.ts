import { deviance, logFactorialRemainder } from './gamma.ts';
import { log1mexp, logAddExp } from './logarithms.ts';

/** log P(X = k): k successes among `draws` taken without replacement from `population`, of which `successes` are successes. */
export function logHypergeometricProbability(population: number, successes: number, draws: number, k: number): number {
  const failures = population - successes;
  const drawnFailures = draws - k;
  if (k < 0 || k > successes || drawnFailures < 0 || drawnFailures > failures) return -Infinity;
  if (draws === 0 || draws === population || successes === 0 || failures === 0) return 0;
  const share = draws / population;
  const rest = (population - draws) / population;
  return (
    -deviance(k, successes * share) -
    deviance(successes - k, successes * rest) -
    deviance(drawnFailures, failures * share) -
    deviance(failures - drawnFailures, failures * rest) +
    logFactorialRemainder(successes) -
    logFactorialRemainder(k) -
    logFactorialRemainder(successes - k) +
    logFactorialRemainder(failures) -
    logFactorialRemainder(drawnFailures) -
    logFactorialRemainder(failures - drawnFailures) -
    logFactorialRemainder(population) +
    logFactorialRemainder(draws) +
    logFactorialRemainder(population - draws)
  );
}

/** log P(X ≥ k) of the hypergeometric law: Fisher's exact test, one-sided. */
export function logHypergeometricUpperTail(population: number, successes: number, draws: number, k: number): number {
  const least = Math.max(0, draws + successes - population);
  const most = Math.min(draws, successes);
  if (k <= least) return 0;
  if (k > most) return -Infinity;
  return k > (draws * successes) / population
    ? logSumUpwards(population, successes, draws, k)
    : // fewer than k successes are drawn when at least successes − k + 1 of them stay behind
      log1mexp(logSumUpwards(population, successes, population - draws, successes - k + 1));
}

/** log P(X = 0): no success among the draws. */
export function logHypergeometricZero(population: number, successes: number, draws: number): number {
  return logHypergeometricProbability(population, successes, draws, 0);
}

/** Two probabilities closer than this are one: computed from other factors they differ in their last digits (as R has it). */
const EQUALLY_LIKELY = 1e-7;

/**
 * log of the sum of all P(X = j) ≤ P(X = k): Fisher's exact test, two-sided. The probabilities rise to one mode and fall, so what
 * counts is one tail on each side, and the far one begins where halving finds it.
 */
export function logHypergeometricTwoSided(population: number, successes: number, draws: number, k: number): number {
  const least = Math.max(0, draws + successes - population);
  const mode = Math.floor(((draws + 1) * (successes + 1)) / (population + 2));
  // counting what stays behind turns the law round
  if (k < mode) return logHypergeometricTwoSided(population, successes, population - draws, successes - k);
  const logProbability = (j: number) => logHypergeometricProbability(population, successes, draws, j);
  const bar = logProbability(k) + EQUALLY_LIKELY;
  // the mode counts too when it is no likelier than k
  if (logProbability(mode) <= bar) return 0;
  // the last j below the mode that is no likelier than k; least − 1 when there is none
  let low = least - 1;
  let high = mode;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (logProbability(middle) <= bar) low = middle;
    else high = middle;
  }
  const upper = logHypergeometricUpperTail(population, successes, draws, k);
  if (low < least) return upper;
  return Math.min(
    0,
    logAddExp(upper, logHypergeometricUpperTail(population, successes, population - draws, successes - low)),
  );
}

/** log Σ_{j ≥ k} for k at or above the mean; the terms fall. */
function logSumUpwards(population: number, successes: number, draws: number, k: number): number {
  const most = Math.min(draws, successes);
  const spare = population - successes - draws;
  let term = 1;
  let sum = 1;
  for (let j = k; j < most; j++) {
    const ratio = ((successes - j) / (j + 1)) * ((draws - j) / (spare + j + 1));
    term *= ratio;
    sum += term;
    if (ratio < 1 && term * ratio < sum * 2 ** -54 * (1 - ratio)) break;
  }
  return Math.min(0, logHypergeometricProbability(population, successes, draws, k) + Math.log(sum));
}
