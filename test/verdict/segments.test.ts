import { describe, expect, it } from 'vitest';
import type { ColumnVerdict, JudgedTest } from '../../src/model/verdict.ts';
import { beyond, movement } from '../../src/verdict/minimum-effect.ts';
import { partNoise } from '../../src/verdict/noise.ts';
import { askSegments, explainDecomposition, segmentLevels, segmentStatus } from '../../src/verdict/segments.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { without } from '../../src/verdict/windows.ts';
import { cellsOf, columnOf } from '../support/evidence.ts';

const plan = without('off', null);
const settings = defaultVerdictSettings;
const still = cellsOf([500, 500], [500, 500]);
/** 20 points: beyond the fail tolerance by far. */
const moved = cellsOf([500, 500], [300, 700]);
/** 12 points: beyond warn, not proven beyond fail. */
const slightly = cellsOf([50_000, 50_000], [38_500, 61_500]);

const ask = (cells: Parameters<typeof askSegments>[2]['cells'], more = settings) =>
  askSegments(
    ['region'],
    ['north', 'south', 'east'],
    { evidence: columnOf('age', [1500, 1500], [1300, 1700]), cells },
    more,
    plan,
  );

const verdictOf = (rejected: JudgedTest['rejected']) =>
  new Map([
    [
      'age',
      {
        name: 'age',
        outcome: 'drift',
        reason: '',
        severity: null,
        gating: null,
        tests: [{ rule: 'drift', logPFail: 0, logPWarn: 0, rejected }],
        findings: [],
      } satisfies ColumnVerdict,
    ],
  ]);

describe('the question of a column', () => {
  it('is K times the smallest p-value of its K segments', () => {
    const { question } = ask([still, moved, null]);
    const { logP } = beyond(movement(moved)!, settings.tolerances.feature.fail);
    expect(question!.logPFail).toBeCloseTo(Math.log(2) + logP, 12);
  });

  it('is not asked without a segment to judge, or when its rule is off', () => {
    expect(ask([null, null, null]).question).toBeNull();
    expect(
      ask([moved, moved, moved], { ...settings, severity: { ...settings.severity, segment_drift: 'off' } }).question,
    ).toBeNull();
  });

  it('finds nothing where all rows fall into one cell', () => {
    const { question } = ask([cellsOf([500], [500]), null, null]);
    expect(question).toMatchObject({ logPFail: 0, logPWarn: 0 });
  });

  it('names the segment, the numbers and how they were formed', () => {
    const finding = ask([still, moved, still]).question!.tell('fail', verdictOf(null))!;
    expect(finding).toMatchObject({ code: 'SEGMENT_DRIFT', severity: 'P2', column: 'age', role: 'feature' });
    expect(finding.message).toBe(
      '"age" drifted where region is "south": the share of "cell 0" fell from 50 % to 30 %: 20 points [14.9, 25], above the fail ' +
        'tolerance 12 points (2 cells, 1,000 against 1,000 rows); φ² 0.167 [0.0925, 0.262]; the strongest of 3 segments',
    );
  });

  it('leaves what the column says as a whole to the column', () => {
    const { question } = ask([still, moved, still]);
    expect(question!.tell('fail', verdictOf('fail'))).toBeNull();
    expect(question!.tell('warn', verdictOf('warn'))).toBeNull();
    expect(question!.tell('fail', verdictOf('warn'))).not.toBeNull();
  });

  it('weighs no more at warn than a column does', () => {
    const { question } = ask([slightly, still, still]);
    expect(question!.tell('warn', verdictOf(null))!.severity).toBe('P3');
    const quiet = { ...settings, severity: { ...settings.severity, drift_warn: 'off' as const } };
    expect(ask([slightly, still, still], quiet).question!.tell('warn', verdictOf(null))).toBeNull();
  });
});

describe('the level of each segment', () => {
  const method = { alpha: 0.01, familySize: 100 };
  const levels = (cells: Parameters<typeof ask>[0], rejected: JudgedTest['rejected']) =>
    segmentLevels(ask(cells), rejected, { ...method, noise: '', periods: null as never });

  it('is none when the column’s question was not rejected', () => {
    expect(levels([moved, moved, null], null)).toEqual([null, null, null]);
  });

  it('is proven for the strongest, and for others by their own p-values', () => {
    const large = cellsOf([5000, 5000], [2500, 7500]);
    expect(levels([large, still, large], 'fail')).toEqual(['fail', null, 'fail']);
    expect(levels([large, slightly, still], 'fail')).toEqual(['fail', 'warn', null]);
    expect(levels([slightly, still, still], 'warn')).toEqual(['warn', null, null]);
  });
});

it('is judged with enough rows on both sides', () => {
  expect(segmentStatus({ reference: 100, current: 100 }, settings)).toBe('judged');
  expect(segmentStatus({ reference: 100, current: 99 }, settings)).toBe('few-rows');
  expect(segmentStatus({ reference: 0, current: 500 }, settings)).toBe('new');
  expect(segmentStatus({ reference: 500, current: 0 }, settings)).toBe('vanished');
});

it('has a p-value of 1 within the tolerance, so that none is computed there', () => {
  const { feature } = settings.tolerances;
  for (const cells of [
    still,
    cellsOf([500, 500], [440, 560]),
    cellsOf([50, 50], [44, 56]),
    cellsOf([90, 10], [9, 2]),
  ]) {
    expect(beyond(movement(cells)!, feature.fail).logP).toBe(0);
    expect(ask([cells, null, null]).question!.logPFail).toBe(0);
  }
});

it('knows the noise between periods of the whole', () => {
  const noise = {
    ...{ windows: 20, phiSquared: 0, median: 0, largest: 0, between: 0.1, expected: 0 },
    ...{ degreesOfFreedom: 2, overdispersion: 1, logP: 0 },
  };
  const part = (phiSquared: number) =>
    partNoise(noise, { phiSquared, cells: 10, samplingVariance: 0.001 }, { batchInWindows: 1 });
  // F(2, 19): P(F ≥ x) = (1 + 2x/19)^(−19/2), T = 9·0.001 + 0.1·1.05
  const tail = (x: number) => -9.5 * Math.log1p((2 * x) / 19);
  expect(part(0.114)).toBeCloseTo(tail(1), 9);
  expect(part(1.14)).toBeCloseTo(tail(10), 9);
});

describe('the noise of a segment of its own', () => {
  // 24 blocks of 200 rows, half of which have 30 % in the first cell and half 70 %: the batch is like one of them
  const share = (w: number) => (w % 2 === 0 ? 60 : 140);
  const series = [0, 1].map((cell) =>
    Float64Array.from({ length: 24 }, (_, w) => (cell === 0 ? share(w) : 200 - share(w))),
  );
  const batch = cellsOf([2400, 2400], [300, 700]);
  const plan = { ...without('off', null), unknown: null, batchSeconds: 86_400, windowSeconds: 86_400 };
  const logPFail = (rows: number) => {
    const segments = [series.map((own) => own.map((count) => (count * rows) / 200)), null, null];
    const cells = [batch, null, null];
    const column = { evidence: columnOf('age', [4800], [1000]), cells, blocks: { seconds: 86_400, segments } };
    return askSegments(['region'], ['north', 'south', 'east'], column, settings, plan).question!.logPFail;
  };

  it('explains a batch that is like its blocks', () => {
    expect(logPFail(200)).toBeGreaterThan(Math.log(0.05));
    expect(ask([batch, null, null]).question!.logPFail).toBeLessThan(Math.log(1e-4));
  });

  it('is not known of a segment that fills no window', () => {
    expect(logPFail(20)).toBeLessThan(Math.log(1e-4));
  });
});

describe('a decomposition in words', () => {
  const explain = (mix: number, within: number[], rows: number[]) =>
    explainDecomposition(
      { name: 'age', role: 'feature' },
      ['region'],
      ['north', 'south', 'east'],
      rows.map((share) => ({ reference: share, current: share })),
      { phiSquared: 0.36, mix, within, reweighted: 0.05 },
    );

  it('is the mix when that is most of it', () => {
    expect(explain(0.86, [0.1, 0.04, 0], [0.3, 0.3, 0.4])).toMatchObject({
      explained: 'mix',
      sentence:
        '86 % of the drift of "age" is the mix of region, not a change within its segments: with the reference\'s shares φ² is 0.05 in place of 0.36',
    });
  });

  it('is one segment when most comes from it, far beyond its rows', () => {
    expect(explain(0.1, [0.02, 0.88, 0], [0.5, 0.12, 0.38])).toMatchObject({
      explained: 'segment',
      segment: 'south',
      sentence:
        'the drift of "age" is explained by region "south": 88 % of φ² 0.36 comes from within it, which holds 12 % of the rows; the mix of region makes up 10 %',
    });
  });

  it('is spread when the largest segment holds as much as its rows', () => {
    expect(explain(0, [0.6, 0.2, 0.2], [0.6, 0.2, 0.2])).toMatchObject({ explained: 'spread', segment: 'north' });
    expect(explain(0.4, [0.4, 0.2, 0], [0.1, 0.5, 0.4])).toMatchObject({ explained: 'spread' });
  });
});
