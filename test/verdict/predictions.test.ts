import { describe, expect, it } from 'vitest';
import type { ConfidenceMoments, ConfidenceProfile } from '../../src/model/predictions.ts';
import type { SeverityRule, VerdictSettings } from '../../src/model/settings.ts';
import { judgeFamily } from '../../src/verdict/family.ts';
import {
  confidenceFell,
  confidenceNoise,
  joinedMoments,
  judgePredictions,
  nearlyCollapsed,
  type PredictionEvidence,
} from '../../src/verdict/predictions.ts';
import { shareRose } from '../../src/verdict/quality.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { Random } from '../support/random.ts';

/** Each question of the prediction layer by itself at alpha 0.01. SIMULATIONS=20000 for as many runs as a claim needs. */
const simulations = Number(process.env.SIMULATIONS ?? 0);
const level = Math.log(0.01);

function profileOf(values: readonly number[]): ConfidenceProfile {
  const rows = values.length;
  const mean = values.reduce((a, b) => a + b) / rows;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, rows - 1));
  const quantiles = { q01: 0, q05: 0, q25: 0, q50: 0, q75: 0, q95: 0, q99: 0 };
  return { rows, mean, std, quantiles, nearThreshold: 0, entropy: null };
}

const sizes = [
  { n: 200, m: 100 },
  { n: 1000, m: 1000 },
  { n: 10_000, m: 200 },
];

/** Shares of alarms, at 1 % and three standard errors above. */
function alarms(runs: number, draw: () => number): number {
  let found = 0;
  for (let i = 0; i < runs; i++) if (draw() <= level) found += 1;
  return found / runs;
}
const most = (runs: number) => 0.01 + 3 * Math.sqrt((0.01 * 0.99) / runs);

/** A law of confidences, and the same fallen by exactly 15 % in the mean. */
const laws: Readonly<Record<string, (random: Random, fallen: boolean) => number>> = {
  'spread evenly': (random, fallen) => (0.5 + random.uniform() / 2) * (fallen ? 0.85 : 1),
  'nearly always sure': (random, fallen) => {
    const unsure = 0.02 + (fallen ? (0.15 * (0.98 + 0.02 * 0.55)) / 0.45 : 0);
    return random.uniform() < unsure ? 0.55 : 1;
  },
  // from 0.5 + 0.1·0.5 to 0.85 of it, by sure rows alone
  'rarely sure': (random, fallen) => 0.45 + (random.uniform() < (fallen ? (0.85 * 0.55 - 0.45) / 0.5 : 0.2) ? 0.5 : 0),
};

describe('confidence', () => {
  it.each(sizes)(
    'that fell by exactly what is tolerated is told in 1 % of $n against $m rows',
    { timeout: 600_000 },
    ({ n, m }) => {
      const random = new Random(n + m);
      const runs = simulations || 400;
      for (const [name, law] of Object.entries(laws)) {
        const draw = (rows: number, fallen: boolean) =>
          profileOf(Array.from({ length: rows }, () => law(random, fallen)));
        const told = alarms(runs, () => confidenceFell(draw(n, false), draw(m, true), 0.15));
        const clean = alarms(runs, () => confidenceFell(draw(n, false), draw(m, false), 0.15));
        if (simulations) console.log(`confidence, ${name}`, { n, m, told, clean });
        expect(told, name).toBeLessThanOrEqual(most(runs));
        expect(clean, name).toBe(0);
      }
    },
  );

  it('proves nothing by being equal, and finds what is far', () => {
    const all = (value: number, rows: number) => profileOf(Array<number>(rows).fill(value));
    expect(confidenceFell(all(1, 1000), all(1, 100), 0.15)).toBeCloseTo(0, 9);
    expect(confidenceFell(all(1, 1000), all(0.6, 100), 0.15)).toBeLessThan(-100);
    expect(confidenceFell(all(1, 200), all(0.84, 1), 0.15)).toBeGreaterThan(level);
  });
});

describe('confidence by window', () => {
  /** A mean of rows that are 0 or 1 about it, as a law of few rows has it, shifted by what a day has of its own. */
  const day = (random: Random, rows: number, share: number, effect: number): ConfidenceMoments => {
    const own = Math.min(1, Math.max(0, share + effect * random.normal()));
    const high = random.binomial(rows, own);
    const mean = 0.5 + (0.5 * high) / rows;
    return { rows, mean, std: Math.sqrt((0.25 * (high / rows) * (1 - high / rows) * rows) / (rows - 1)) };
  };
  const settings = defaultVerdictSettings;
  const hour = 3600;
  /** At night a third less sure than by day. */
  const usual = (quarter: number) => (quarter % 4 === 0 ? 0.2 : 0.9);
  const usualMean = 0.5 + 0.5 * (0.25 * 0.2 + 0.75 * 0.9);

  /** A reference of so many days that are cut in four, and a batch of three; a share of sure rows in each quarter. */
  function asked(random: Random, days: number, rows: number, effect: number, now: (quarter: number) => number) {
    const then = (i: number) => day(random, rows, usual(i), effect);
    const periods = Array.from({ length: 4 * days }, (_, i) => then(i));
    const windows = Array.from({ length: 12 }, (_, i) => ({ ...day(random, rows, now(i), effect), nearThreshold: 0 }));
    const side = (of: readonly ConfidenceMoments[]) => ({
      ...profileOf([0.5, 1]),
      ...joinedMoments(of)!,
    });
    const start = 1_767_571_200;
    const length = 6 * hour;
    const { confidence } = judgePredictions(
      {
        sizes: { reference: 4 * days * rows, current: 12 * rows },
        prediction: null,
        scores: ['score'],
        confidence: {
          reference: side(periods),
          current: side(windows),
          threshold: 0.5,
          near: 0.1,
          resolution: 0.005,
          windows,
        },
        checks: [],
        concentration: null,
        bounds: [],
        batch: {
          windows: windows.map((_, i) => ({
            span: { from: start + (4 * days + i) * length, to: start + (4 * days + i + 1) * length },
            rows,
          })),
          timeline: {
            column: 't',
            start,
            length,
            rows: new Float64Array(4 * days).fill(rows),
            outside: 0,
            granularity: 0,
          },
          periods,
        },
      },
      settings,
    );
    return confidence!;
  }

  it.each([
    { days: 10, rows: 100, effect: 0.05 },
    { days: 30, rows: 100, effect: 0 },
    { days: 30, rows: 500, effect: 0.1 },
    { days: 60, rows: 2000, effect: 0.05 },
  ])(
    'is not told of nights as there always were, nor of a fall of exactly what is tolerated: $days days of $rows rows',
    { timeout: 600_000 },
    ({ days, rows, effect }) => {
      const random = new Random(days * rows);
      const runs = Math.min(simulations || 150, 2000);
      const clean = alarms(runs, () => asked(random, days, rows, effect, usual).report.logP!);
      if (simulations) console.log('nights', { days, rows, effect, clean });
      expect(clean).toBeLessThanOrEqual(most(runs));
      // days that differ are no matter of the law of sampling that the whole is held against
      if (effect > 0) return;
      const share = 2 * (0.85 * usualMean - 0.5);
      const fallen = alarms(runs, () => asked(random, days, rows, effect, () => share).report.logP!);
      if (simulations) console.log('fallen by what is tolerated', { days, rows, fallen });
      expect(fallen).toBeLessThanOrEqual(most(runs));
    },
  );

  it('finds the one window that fell, and says so of no other', () => {
    const found = asked(new Random(1), 30, 200, 0.02, (i) => (i === 7 ? 0.1 : usual(i)));
    expect(found.report).toMatchObject({ part: { form: 'window', from: 7, to: 8 }, since: 7 });
    expect(found.report.logP).toBeLessThan(level);
    expect(found.windows.map((window) => window!.asked)).toEqual(Array(12).fill(true));
    expect(found.windows.flatMap((window, i) => (window!.beyond ? [i] : []))).toEqual([7]);
  });

  it.each(Object.keys(laws))(
    'of ten, each fallen by what is tolerated, is told in one of a hundred runs: %s',
    { timeout: 600_000 },
    (name) => {
      const law = laws[name]!;
      const random = new Random(name.length);
      const runs = simulations ? Math.min(simulations, 4000) : 200;
      const share = Math.log(4 * 10);
      for (const { n, m } of sizes) {
        const draw = (rows: number, fallen: boolean) =>
          profileOf(Array.from({ length: rows }, () => law(random, fallen)));
        const told = alarms(runs, () => {
          const reference = draw(n, false);
          const windows = Array.from({ length: 10 }, () => confidenceFell(reference, draw(m, true), 0.15));
          return Math.min(...windows) + share;
        });
        if (simulations) console.log(`the least of ten windows, ${name}`, { n, m, told });
        expect(told).toBeLessThanOrEqual(most(runs));
      }
    },
  );
});

describe('the noise of the reference', () => {
  it('is exceeded by one more such window in 1 %, whatever the number of windows', { timeout: 600_000 }, () => {
    const random = new Random(11);
    const runs = simulations ? 20 * simulations : 4000;
    for (const [W, rows, now] of [
      [3, 200, 200],
      [8, 200, 50],
      [30, 100, 1000],
      [60, 1000, 1000],
    ] as const) {
      const window = (many: number): ConfidenceMoments => {
        const error = 0.2 / Math.sqrt(many);
        return { rows: many, mean: 0.8 + 0.02 * random.normal() + error * random.normal(), std: 0.2 };
      };
      const told = alarms(
        runs,
        () =>
          confidenceNoise(
            Array.from({ length: W }, () => window(rows)),
            window(now),
            1,
          )!,
      );
      if (simulations) console.log('noise of the confidence', { W, rows, now, told });
      expect(told).toBeLessThanOrEqual(most(runs));
    }
  });

  it('is not known from two windows, and nothing where the mean rose', () => {
    const window = (mean: number) => ({ rows: 100, mean, std: 0.1 });
    expect(confidenceNoise([window(0.8), window(0.9)], window(0.5), 1)).toBeNull();
    expect(confidenceNoise([window(0.8), window(0.79), window(0.8)], window(0.81), 1)).toBe(0);
  });
});

describe('rows that break a rule', () => {
  const rose = (reference: number, n: number, current: number, m: number) =>
    shareRose(
      {
        form: 'share',
        reference: { rows: reference, of: n },
        current: { rows: current, of: m },
        growth: 1,
        dispersion: 1,
      },
      0.001,
    );

  it.each([...sizes, { n: 100_000, m: 100_000 }])(
    'do not alarm where as many broke it before, or by no more than the tolerated share: $n against $m rows',
    { timeout: 600_000 },
    ({ n, m }) => {
      const random = new Random(n - m + 5);
      const runs = simulations ? Math.min(simulations, 2000) : n * 1 > 50_000 ? 30 : 300;
      for (const share of [0, 0.0005, 0.005]) {
        const clean = alarms(runs, () => rose(random.binomial(n, share), n, random.binomial(m, share), m));
        const at = alarms(runs, () => rose(random.binomial(n, share), n, random.binomial(m, share + 0.001), m));
        if (simulations) console.log('rule broken', { n, m, share, clean, at });
        expect(clean).toBeLessThanOrEqual(most(runs));
        expect(at).toBeLessThanOrEqual(most(runs));
      }
    },
  );

  it('alarm when many do', () => {
    expect(rose(0, 1000, 20, 1000)).toBeLessThan(Math.log(0.0005));
  });
});

describe('nearly every prediction the same', () => {
  const asked = (then: number, n: number, now: number, m: number) =>
    nearlyCollapsed({ reference: { rows: n - then, of: n }, current: { rows: m - now, of: m } });

  it.each([
    // exactly 99 % now, however it was; or a fifth of what it was, below 1 %
    { before: 0.3, share: 0.01 },
    { before: 0.02, share: 0.004 },
    { before: 0.005, share: 0.005 },
    { before: 0.02, share: 0.02 },
  ])('does not alarm at its edges: others went from $before to $share', { timeout: 600_000 }, ({ before, share }) => {
    const random = new Random(3);
    const runs = simulations || 300;
    for (const { n, m } of [...sizes, { n: 5000, m: 5000 }]) {
      const told = alarms(runs, () => asked(random.binomial(n, before), n, random.binomial(m, share), m));
      if (simulations) console.log('collapse', { before, share, n, m, told });
      expect(told).toBeLessThanOrEqual(most(runs));
    }
  });

  it('is proven by enough rows', () => {
    expect(asked(300, 1000, 1, 2000)).toBeLessThan(Math.log(0.0001));
    expect(asked(300, 1000, 1, 200)).toBeGreaterThan(level);
  });
});

describe('what is asked of predictions', () => {
  const nothing: PredictionEvidence = {
    sizes: { reference: 1000, current: 1000 },
    prediction: 'class',
    scores: ['score'],
    ...{ confidence: null, checks: [], concentration: null, bounds: [] },
    batch: { windows: [], timeline: null, periods: null },
  };
  const judge = (evidence: Partial<PredictionEvidence>, settings: VerdictSettings = defaultVerdictSettings) =>
    judgePredictions({ ...nothing, ...evidence }, settings);
  const off = (rule: SeverityRule): VerdictSettings => ({
    ...defaultVerdictSettings,
    severity: { ...defaultVerdictSettings.severity, [rule]: 'off' },
  });
  const told = ({ questions }: ReturnType<typeof judge>, i = 0) => questions[i]!.tell('fail', new Map())!;
  const few = { sizes: { reference: 1000, current: 99 } };

  const even = (mean: number, rows = 1000): ConfidenceProfile => ({
    ...profileOf(Array.from({ length: rows }, (_, i) => mean + (i % 2 === 0 ? 0.01 : -0.01))),
    nearThreshold: rows / 10,
  });
  const confidence = (then: number, now: number) => ({
    confidence: {
      threshold: 0.5,
      near: 0.1,
      resolution: 0.001,
      reference: even(then),
      current: even(now),
      windows: [],
    },
  });
  const rule = (reference: number, current: number, of = 1000) => ({
    checks: [
      {
        rule: 'within-0-1' as const,
        examples: 'up to 1.5',
        reference: { rows: reference, of },
        current: { rows: current, of },
      },
    ],
  });
  const alike = (reference: number, current: number) => ({
    concentration: { value: 'no', reference: { rows: reference, of: 1000 }, current: { rows: current, of: 1000 } },
  });

  it('has a place for each in the family, one level each', () => {
    const judged = judge({ ...confidence(0.9, 0.6), ...rule(0, 50), ...alike(500, 995) });
    expect([judged.confidence!.question, judged.checks[0]!.question, judged.concentration!.question]).toEqual([
      0, 1, 2,
    ]);
    expect(judged.questions.map(({ logPWarn }) => logPWarn)).toEqual([null, null, null]);
    expect(judge({})).toEqual({ questions: [], facts: [], confidence: null, checks: [], concentration: null });
  });

  it('is a fall of the mean confidence by more than 15 %', () => {
    const at = (now: number) => judgeFamily(judge(confidence(0.8, now)).questions, 0.01)[0];
    expect([0.9, 0.8, 0.68, 0.6].map(at)).toEqual([null, null, null, 'fail']);
    const finding = told(judge(confidence(0.8, 0.6)));
    expect(finding).toMatchObject({ code: 'CONFIDENCE_DOWN', severity: 'P2', column: 'score', role: 'score' });
    expect(finding.message).toMatch(
      /fell from 0\.8 to 0\.6, by 25 % \[2\d\.?\d?, 2\d\.?\d?\], above the tolerated 15 % \(1,000 against 1,000 rows\)/,
    );
    expect(finding.message).toMatch(/threshold 0\.5 lie 10 % of rows, were 10 %$/);
    expect(told(judge({ ...confidence(0.8, 0.6), scores: ['a', 'b'] }))).toMatchObject({ column: null, role: null });
  });

  it('is not asked of few rows, of a confidence of 0, or when its rule is off, and still shown', () => {
    for (const judged of [
      judge({ ...confidence(0.8, 0.6), ...few }),
      judge(confidence(0, 0)),
      judge(confidence(0.8, 0.6), off('confidence_drop')),
    ]) {
      expect(judged.questions).toEqual([]);
      expect(judged.confidence).toMatchObject({ question: null, report: { logP: null, tolerated: 0.15 } });
    }
  });

  it('is a rule that scores break, where the reference keeps it', () => {
    const notAsked = (reference: number) => judge(rule(reference, 500)).checks[0]!.report.notAsked;
    expect(notAsked(10)).toBeNull();
    expect(notAsked(11)).toBe('it does not hold in the reference, where 1.1 % of rows break it');
    expect(judge({ ...rule(0, 500), ...few }).checks[0]!.report.notAsked).toMatch(/has 99 rows, fewer than the 100/);
    expect(judge(rule(0, 0, 0)).checks[0]!.report.notAsked).toBe('no row to ask it of');
    expect(judge(rule(0, 500), off('scores_invalid')).checks[0]!.report.notAsked).toBe(
      'severity.scores_invalid is off',
    );
    expect(told(judge(rule(0, 50))).message).toBe(
      'score "score" lies outside 0 … 1 in 5 % of rows (50 of 1,000: up to 1.5), were 0 %: beyond sampling, the rise is above the tolerated 0.1 %',
    );
    const many = told(judge({ ...rule(0, 50), scores: ['a', 'b', 'c'] }));
    expect(many).toMatchObject({ code: 'SCORES_INVALID', severity: 'P2', column: null });
    expect(many.message).toContain('the scores of 3 classes lie outside 0 … 1');
  });

  it('is a near collapse, which pages someone; a complete one is the column’s own', () => {
    expect(told(judge(alike(500, 999)))).toMatchObject({
      code: 'PREDICTION_COLLAPSE',
      severity: 'P1',
      column: 'class',
    });
    expect(judge(alike(500, 1000)).concentration!.question).toBeNull();
    expect(judge(alike(500, 999), off('prediction_collapse')).questions).toEqual([]);
  });

  it('are bounds that were written down: a fact, exact at its edge', () => {
    const outside = (below: number, above: number, tolerated: number) =>
      judge({
        bounds: [
          { column: 'price', min: 0, max: 100, below, above, rows: 1000, tolerated, smallest: -5, largest: 250 },
        ],
      }).facts;
    expect(outside(0, 0, 0)).toEqual([]);
    expect(outside(5, 5, 0.01)).toEqual([]);
    expect(outside(5, 6, 0.01)).toHaveLength(1);
    expect(outside(5, 6, 0.01)[0]!.message).toBe(
      'prediction "price" left the range that was allowed: 1.1 % of rows outside 0 … 100 (of 1,000, 5 below, e.g. -5; 6 above, e.g. 250), ' +
        'above the tolerated 1 %',
    );
    expect(outside(0, 1, 0)[0]!).toMatchObject({ code: 'PREDICTIONS_OUT_OF_BOUNDS', severity: 'P2', column: 'price' });
    expect(outside(0, 1, 0)[0]!.message).toContain('where none is tolerated');
  });
});
