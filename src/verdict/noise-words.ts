import { quoted } from '../model/text.ts';
import type { NoiseSource, PeriodNoise } from '../model/verdict.ts';
import type { Phase, WindowPlan } from '../model/windows.ts';
import { fewestWindows, windowsForShape, windowsForStrength } from './noise.ts';
import { count, number, percent, plural } from './numerals.ts';

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** 1 day, 14 days, 6 hours; in the largest unit that it is a whole number of, or fills three times. */
export function duration(seconds: number): string {
  const [noun, unit] =
    units.find(([, unit]) => seconds >= unit && (seconds % unit === 0 || seconds >= 3 * unit)) ?? units[3];
  const many = number(seconds / unit);
  return `${many} ${noun}${many === '1' ? '' : 's'}`;
}

const phases: Readonly<Record<Phase, string>> = {
  hours: 'the same hours of the day',
  weekdays: 'the same days of the week',
};

/** How well the noise between periods is known, by the number of windows. */
export function strengthOf(windows: number): NoiseSource['strength'] {
  if (windows < fewestWindows) return 'none';
  if (windows < windowsForShape) return 'direction';
  return windows < windowsForStrength ? 'weak' : 'full';
}

/** What is known of the noise between periods, in one sentence without a full stop. */
export function noiseSentence(plan: WindowPlan, { windows, strength, backTest }: NoiseSource): string {
  switch (plan.unknown) {
    case 'off':
      return 'noise between periods not asked for';
    case 'no-timestamp':
      return 'no time: noise between periods unknown';
    case 'no-batch-time':
      return `the current data has no time in ${quoted(plan.column ?? '', 40)}: noise between periods unknown`;
  }
  const length = duration(plan.windowSeconds!);
  if (strength === 'none') {
    const found = windows === 0 ? 'no window' : plural(windows, 'window');
    return `noise between periods unknown: the reference holds ${found} as long as the batch (${length})${sparse(plan)}, and ${fewestWindows} are needed`;
  }
  const phase = plan.samePhase === null ? '' : `, all ${phases[plan.samePhase]}`;
  const widened =
    plan.widened === null
      ? ''
      : `, of any time: only ${count(plan.widened.found)} are of ${phases[plan.widened.phase]}`;
  const longer = plan.batchInWindows < 2 / 3 ? ', longer than the batch' : '';
  const known = { full: '', weak: ', weakly known', direction: ': so few that only a strong drift is proven' }[
    strength
  ];
  const tested =
    backTest === null
      ? ''
      : `; would have fired on ${count(backTest.fired)} of ${count(backTest.windows)} clean windows`;
  return `noise between periods from ${count(windows)} windows of ${length} of the reference${phase}${longer}${widened}${sparse(plan)}${known}${tested}`;
}

function sparse({ sparse }: WindowPlan): string {
  return sparse === 0 ? '' : `, ${count(sparse)} more with too few rows`;
}

/** Beyond the tolerance, and yet no drift: why. */
export function asMuchAsReference(estimate: string, noise: PeriodNoise, windowSeconds: number): string {
  const { windows, median, largest, logP } = noise;
  const said = `its ${count(windows)} windows of ${duration(windowSeconds)} have a φ² of ${number(median)} in the median and ${number(largest)} at most`;
  const chance = `p ${percent(Math.exp(logP))}`;
  return windows < windowsForShape
    ? `beyond the tolerance, but so few windows of the reference cannot tell it from noise between periods: ${estimate}; ${said} (${chance})`
    : `beyond the tolerance, but the reference varies as much: ${estimate}; ${said} (${chance})`;
}
