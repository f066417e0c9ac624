import { describe, expect, it } from 'vitest';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { Random } from '../support/random.ts';
import {
  autoregressive,
  drifted,
  type Law,
  periodEffects,
  planOf,
  rhythm,
  runs,
  shifted,
  slowEffects,
} from './periods.ts';

/** Simulations: a few seeded data sets in every run; SIMULATIONS=400 for as many as a claim needs. */
const simulations = Number(process.env.SIMULATIONS ?? 0);

interface Case {
  readonly name: string;
  readonly law: Law;
  readonly windows: number;
  readonly rows: readonly number[];
  /** in an ordinary run */
  readonly datasets: number;
  /** most alarms of a hundred clean data sets of 20 columns */
  readonly most: number;
  /** least alarms of a hundred without looking at time, where the point is that they are many */
  readonly leastWithout?: number;
}

const clean: readonly Case[] = [
  { name: 'period effects .1', law: periodEffects(0.1), windows: 30, rows: [1000], datasets: 5, most: 2 },
  {
    name: 'period effects .3',
    law: periodEffects(0.3),
    windows: 30,
    rows: [1000],
    datasets: 30,
    most: 2,
    leastWithout: 60,
  },
  {
    name: 'period effects .3, 12 windows',
    law: periodEffects(0.3),
    windows: 12,
    rows: [1000],
    datasets: 30,
    most: 2,
    leastWithout: 60,
  },
  {
    name: 'period effects .3, 8 windows',
    law: periodEffects(0.3),
    windows: 8,
    rows: [1000],
    datasets: 30,
    most: 2,
    leastWithout: 60,
  },
  {
    name: 'period effects .3, 5 windows',
    law: periodEffects(0.3),
    windows: 5,
    rows: [1000],
    datasets: 30,
    most: 2,
    leastWithout: 60,
  },
  {
    name: 'period effects .3, 3 windows',
    law: periodEffects(0.3),
    windows: 3,
    rows: [1000],
    datasets: 30,
    most: 2,
    leastWithout: 60,
  },
  {
    name: 'AR(1) .9, 200 rows',
    law: autoregressive(0.9),
    windows: 30,
    rows: [200],
    datasets: 30,
    most: 2,
    leastWithout: 50,
  },
  { name: 'AR(1) .9, 1000 rows', law: autoregressive(0.9), windows: 30, rows: [1000], datasets: 3, most: 2 },
];

describe('clean data sets of 20 columns whose periods differ', () => {
  it.each(clean)('$name', { timeout: 3_600_000 }, ({ name, law, windows, rows, datasets, most, leastWithout }) => {
    const random = new Random(windows + rows[0]!);
    const total = simulations || datasets;
    let alarms = 0;
    let alone = 0;
    let fired = 0;
    let tried = 0;
    for (let i = 0; i < total; i++) {
      const verdict = runs(random, { law, windows, rows });
      if (drifted(verdict.with)) alarms += 1;
      if (drifted(verdict.without)) alone += 1;
      fired += verdict.with.method.periods.backTest?.fired ?? 0;
      tried += verdict.with.method.periods.backTest?.windows ?? 0;
    }
    if (simulations) console.log(name, { alarms: alarms / total, alone: alone / total, backTest: fired / tried });
    expect(alarms).toBeLessThanOrEqual((most / 100) * total);
    if (leastWithout) expect(alone).toBeGreaterThanOrEqual((leastWithout / 100) * total);
  });

  it('with two windows is judged without them', { timeout: 3_600_000 }, () => {
    const verdict = runs(new Random(2), { law: periodEffects(0.3), windows: 2, rows: [1000] });
    expect(verdict.with.columns.map(({ tests }) => tests)).toEqual(verdict.without.columns.map(({ tests }) => tests));
    expect(verdict.with.method.noise).toMatch(/^noise between periods unknown: the reference holds 2 windows/);
  });
});

describe('power beside 19 clean columns', () => {
  /** share of data sets in which a shifted column is told, with a family of 20 */
  function power(law: Law, windows: number, datasets: number, level: 'warn' | 'fail'): number {
    const random = new Random(17);
    const total = simulations || datasets;
    let found = 0;
    for (let i = 0; i < total; i++) {
      // all columns shifted would help each other through Holm's steps: one column at a twentieth of alpha
      const evidence = runs(random, { law, windows, rows: [1000], columns: 1 });
      const { logPFail, logPWarn } = evidence.with.columns[0]!.tests[0]!;
      if ((level === 'fail' ? logPFail : logPWarn!) <= Math.log(defaultVerdictSettings.alpha / 20)) found += 1;
    }
    if (simulations) console.log('power', { windows, level, found: found / total });
    return found / total;
  }

  it('finds a shift by 1 at fail where periods differ by .1', { timeout: 3_600_000 }, () => {
    expect(power(shifted(periodEffects(0.1), 1), 30, 10, 'fail')).toBe(1);
    expect(power(shifted(periodEffects(0.1), 1), 12, 20, 'fail')).toBeGreaterThanOrEqual(0.95);
  });

  it('warns of a shift by .5 in most cases', { timeout: 3_600_000 }, () => {
    expect(power(shifted(periodEffects(0.1), 0.5), 30, 30, 'warn')).toBeGreaterThan(0.5);
  });

  it('finds a shift by 1 among rows that resemble each other', { timeout: 3_600_000 }, () => {
    expect(power(shifted(autoregressive(0.9), 1), 30, 10, 'warn')).toBeGreaterThanOrEqual(0.9);
  });

  it('is honest where periods differ by .3: one period is no proof of a shift by 1 in most cases', {
    timeout: 3_600_000,
  }, () => {
    const found = power(shifted(periodEffects(0.3), 1), 30, 30, 'warn');
    expect(found).toBeGreaterThan(0.05);
    expect(found).toBeLessThan(0.6);
  });
});

describe('a batch of six hours of a log with a daily rhythm', () => {
  const hours = 6 * 3600;
  const rows = [500];
  const days = 30;
  const plan = planOf(4 * days, rows, hours);

  it('is compared with the same hours of other days', { timeout: 3_600_000 }, () => {
    expect(plan).toMatchObject({ samePhase: 'hours', widened: null });
    expect(plan.windows).toHaveLength(days);
    const random = new Random(6);
    const total = simulations || 2;
    let alarms = 0;
    let alone = 0;
    let found = 0;
    // the wave's crest falls in the batch's hours
    const law = rhythm(0.7, 4);
    const turned: Law = { periods: (r, count) => law.periods(r, count + 1).slice(1) };
    const run = (setting: Law) => runs(random, { law: setting, windows: 4 * days, rows, plan });
    for (let i = 0; i < total; i++) {
      const verdict = run(turned);
      if (drifted(verdict.with)) alarms += 1;
      if (drifted(verdict.without)) alone += 1;
      if (drifted(run(shifted(turned, 1)).with)) found += 1;
    }
    if (simulations) console.log('rhythm', { alarms: alarms / total, alone: alone / total, found: found / total });
    expect(alarms).toBe(0);
    expect(alone).toBe(total);
    expect(found).toBe(total);
  });
});

describe('what is not held, and measured to say so', () => {
  it.skipIf(!simulations)('neighbouring periods that resemble each other', { timeout: 3_600_000 }, () => {
    for (const windows of [5, 12, 30]) {
      const random = new Random(71);
      let alarms = 0;
      for (let i = 0; i < simulations; i++) {
        if (drifted(runs(random, { law: slowEffects(0.3, 0.7), windows, rows: [1000] }).with)) alarms += 1;
      }
      console.log('AR(1) .7 of period effects .3', { windows, alarms: alarms / simulations });
    }
  });
});
