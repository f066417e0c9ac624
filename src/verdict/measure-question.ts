import type { MeasureGate, Outcome, PeriodNoise } from '../model/verdict.ts';
import { finiteLogP } from './family.ts';
import { type OwnDriftData, ownEstimate } from './measure-words.ts';
import { asMuchAsReference } from './noise-words.ts';
import { number, range } from './numerals.ts';
import type { Question } from './questions.ts';

/**
 * The drift question of a column with a measure of its own. On a merged table it rests on the lower certain bound, so that what is
 * rejected is so wherever the raw values lie inside their intervals. Null when there was nothing to measure.
 */
export function measureQuestion(
  gate: MeasureGate,
  rows: { readonly reference: number; readonly current: number },
  alpha: number,
  noise: PeriodNoise | null,
): Question | null {
  if ('failed' in gate) return null;
  const { own, surely } = gate;
  const least = noise?.logP ?? -Infinity;
  const told = (code: 'DRIFT_FAIL' | 'DRIFT_WARN') => () => {
    const tolerance = code === 'DRIFT_FAIL' ? own.tolerance.fail : own.tolerance.warn;
    const data: OwnDriftData = {
      by: 'measure',
      measure: own.id,
      title: own.title,
      scale: own.scale,
      statistic: own.statistic,
      lower: own.interval[0],
      upper: own.interval[1],
      leastStatistic: own.certain?.[0] ?? null,
      mostStatistic: own.certain?.[1] ?? null,
      tolerance,
      method: own.method,
      alpha,
      referenceRows: rows.reference,
      currentRows: rows.current,
    };
    return { code, data, excess: tolerance > 0 ? own.statistic / tolerance : own.statistic };
  };
  return {
    rule: 'drift',
    logPFail: finiteLogP(Math.max(surely.fail, least)),
    logPWarn: finiteLogP(Math.max(surely.warn, least)),
    told: { fail: told('DRIFT_FAIL'), warn: told('DRIFT_WARN') },
  };
}

/** Not drift: then proven below the warn tolerance, or open, and why. */
export function measureMirror(
  gate: MeasureGate,
  alpha: number,
  noise: PeriodNoise | null,
  windowSeconds: number | null,
): { outcome: Outcome; reason: string } {
  const open = (reason: string) => ({ outcome: 'undetermined' as const, reason });
  if ('failed' in gate) return open(`not measurable: ${gate.failed}`);
  const { own, surely, perhaps } = gate;
  const estimate = ownEstimate(own);
  const tolerance = `the warn tolerance ${number(own.tolerance.warn)}`;
  if (own.interval[1] < own.tolerance.warn) return { outcome: 'stable', reason: `${estimate} is below ${tolerance}` };
  const goal = Math.log(alpha);
  if (surely.warn <= goal) {
    if (noise !== null && windowSeconds !== null && noise.logP > goal) {
      return open(asMuchAsReference(estimate, noise, windowSeconds));
    }
    return open(
      `above the warn tolerance by itself, but not proven among all the questions of this run: ${estimate}, tolerance ${number(own.tolerance.warn)}`,
    );
  }
  if (own.certain !== null && perhaps.warn <= goal) {
    return open(
      `its values were counted in intervals: the statistic of the raw values lies in ${range(own.certain)}, and whether it is proven ` +
        `above ${tolerance} depends on where; --exact would tell`,
    );
  }
  return open(`too few rows: ${estimate} does not tell on which side of ${tolerance} it is`);
}
