/** Two nested questions: whatever is above `fail` is above `warn` too, so logPWarn ≤ logPFail. */
export interface Hypothesis {
  readonly logPFail: number;
  /** null when the question has one level only */
  readonly logPWarn: number | null;
}

export type Rejected = 'fail' | 'warn' | null;

/**
 * JSON has no −Infinity, and a p-value of e^−1000000 convinces everyone: logarithms below this are cut to it.
 */
export const leastLogP = -1e6;

export function finiteLogP(logP: number): number {
  // a NaN is no evidence; + 0 turns −0 into 0
  return Number.isNaN(logP) ? 0 : Math.min(0, Math.max(leastLogP, logP)) + 0;
}

/**
 * Holm's procedure over the `fail` questions of a whole run; what it leaves alone is asked at `warn` with the share of alpha that
 * is left. Every hypothesis carries one share; a rejected one hands it on to the others, so both levels together err with
 * probability alpha at most, whatever the dependence between columns.
 *
 * Sources    Holm (1979), Scandinavian Journal of Statistics 6, 65–70; Bretz et al. (2009), doi:10.1002/sim.3495, for the shares.
 *
 * @returns at which level each was rejected, in the order given
 */
export function judgeFamily(hypotheses: readonly Hypothesis[], alpha: number): readonly Rejected[] {
  const order = hypotheses.map((_, i) => i).sort((i, j) => hypotheses[i]!.logPFail - hypotheses[j]!.logPFail);
  const rejected: Rejected[] = hypotheses.map(() => null);
  let left = hypotheses.length;
  for (const i of order) {
    if (!(hypotheses[i]!.logPFail <= Math.log(alpha / left))) break;
    rejected[i] = 'fail';
    left -= 1;
  }
  const warnLevel = Math.log(alpha / left);
  return rejected.map((level, i) => {
    const { logPWarn } = hypotheses[i]!;
    return level ?? (logPWarn !== null && logPWarn <= warnLevel ? 'warn' : null);
  });
}
