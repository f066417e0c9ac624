import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { PredictionSettings, VerdictSettings } from '../../src/model/settings.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** The prediction layer on data whose numbers are known by construction. */

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());

let made = 0;
async function run(
  reference: string,
  current: string,
  predictions: Partial<PredictionSettings> = {},
  more: Partial<VerdictSettings> = {},
): Promise<Report> {
  made += 1;
  const [then, now] = await Promise.all([
    bench.parquet(`reference-${made}.parquet`, reference),
    bench.parquet(`current-${made}.parquet`, current),
  ]);
  const standard = defaultVerdictSettings.predictions;
  return checkFiles(then, now, {
    verdict: { ...defaultVerdictSettings, ...more, predictions: { ...standard, ...predictions } },
  });
}

/** Rows with a feature, a uniform u that i decides, and what else is asked for; the seed makes another sample of the same law. */
function rows(count: number, columns: string, seed = 0): string {
  const u = `hash(i * 1000 + ${seed}) % 1000000007 / 1000000007.0`;
  const v = `hash(i * 1000 + 500 + ${seed}) % 1000000007 / 1000000007.0`;
  return `SELECT a, ${columns} FROM (SELECT i, hash(i, ${seed}) % 97 AS a, ${u} AS u, ${v} AS v FROM range(${count}) t(i))`;
}
const codes = (report: Report) => report.findings.map(({ code }) => code);
const of = (report: Report, code: string) => report.findings.filter((finding) => finding.code === code);

/** A binary classifier: p and the class on either side of one half. */
const binary = (p: string) => `${p} AS score, CASE WHEN ${p} >= 0.5 THEN 'yes' ELSE 'no' END AS prediction`;

describe('confidence', () => {
  test('of a probability, as counted row by row', async () => {
    const report = await run(rows(4000, binary('u')), rows(2000, binary('u'), 1));
    expect(report.findings).toEqual([]);
    const { predictions } = report;
    expect(predictions).toMatchObject({
      prediction: 'prediction',
      scores: [{ column: 'score', class: null }],
      meaning: 'probability',
      confidence: { rejected: false, tolerated: 0.15, threshold: 0.5, near: 0.1 },
    });
    const file = `'${bench.folder}/current-${made}.parquet'`;
    const [mean, std, nearby, entropy, q05] = (
      await bench.numbers(`SELECT avg(c), stddev_samp(c), CAST(count(CASE WHEN abs(score - 0.5) < 0.1 THEN 1 END) AS DOUBLE),
        -avg(score * log2(score) + (1 - score) * log2(1 - score)), quantile_cont(c, 0.05)
        FROM (SELECT *, greatest(score, 1 - score) AS c FROM ${file})`)
    ).map((column) => column[0]!);
    const { current } = predictions!.confidence!;
    expect(current.rows).toBe(2000);
    expect(current.mean).toBeCloseTo(mean!, 10);
    expect(current.std).toBeCloseTo(std!, 9);
    expect(current.nearThreshold).toBe(nearby);
    expect(current.entropy).toBeCloseTo(entropy!, 10);
    expect(Math.abs(current.quantiles.q05 - q05!)).toBeLessThan(0.006);
    expect(predictions!.checks.map(({ rule, current: { rows, of } }) => [rule, rows, of])).toEqual([
      ['within-0-1', 0, 2000],
      ['largest-score', 0, 2000],
    ]);
    const { edges, classes } = predictions!.histogram!;
    expect(edges).toHaveLength(21);
    expect(classes.map(({ class: name }) => name).sort()).toEqual(['no', 'yes']);
    for (const { class: name, current: cells } of classes) {
      for (const [i, count] of cells.entries()) expect(count > 0).toBe(name === 'no' ? i < 10 : i >= 10);
    }
    expect(classes.flatMap((one) => one.current).reduce((a, b) => a + b)).toBe(2000);
  });

  test('that fell by more than the tolerated share is told, and no less', async () => {
    // far from the threshold then, near it now: 0.95 on average against 0.75
    const sure = binary('CASE WHEN v < 0.5 THEN 0.1 * u ELSE 1 - 0.1 * u END');
    const unsure = binary('CASE WHEN v < 0.5 THEN 0.5 * u ELSE 1 - 0.5 * u END');
    const report = await run(rows(4000, sure), rows(1000, unsure, 1));
    const [finding] = of(report, 'CONFIDENCE_DOWN');
    expect(finding).toMatchObject({ severity: 'P2', column: 'score', role: 'score' });
    expect(finding!.message).toMatch(
      /^the model is less sure: the mean confidence fell from 0\.95\d* to 0\.7\d*, by 2\d\.?\d* % \[\d+\.?\d*, 2\d\.?\d*\], above the tolerated 15 % \(4,000 against 1,000 rows\); nearer than 0\.1 to the threshold 0\.5 lie \d+\.?\d* % of rows, were 0 %$/,
    );
    expect(report.predictions!.confidence!.rejected).toBe(true);
    expect(of(await run(rows(4000, sure), rows(1000, unsure, 1), { confidenceDrop: 0.3 }), 'CONFIDENCE_DOWN')).toEqual(
      [],
    );
    const off = await run(
      rows(4000, sure),
      rows(1000, unsure, 1),
      {},
      {
        severity: { ...defaultVerdictSettings.severity, confidence_drop: 'off' },
      },
    );
    expect(off.predictions!.confidence).toMatchObject({ logP: null, rejected: false });
  });

  test('is the score itself where it says so, or is never below one half beside two classes', async () => {
    const told = await run(rows(500, 'u AS confidence'), rows(500, 'u AS confidence', 1));
    expect(told.predictions).toMatchObject({ meaning: 'confidence', reason: 'it is called "confidence"' });
    expect(told.predictions!.confidence!.current.mean).toBeCloseTo(0.5, 1);
    expect(told.predictions!.confidence!.current.entropy).toBeNull();
    const largest = "0.5 + u / 2 AS score, CASE WHEN v < 0.3 THEN 'yes' ELSE 'no' END AS prediction";
    const found = await run(rows(500, largest), rows(500, largest, 1));
    expect(found.predictions).toMatchObject({
      meaning: 'confidence',
      reason: '"score" is never below 1/2, with 2 predicted classes',
    });
    const said = await run(rows(500, largest), rows(500, largest, 1), { score: 'probability' });
    expect(said.predictions).toMatchObject({ meaning: 'probability', reason: 'predictions.score says so' });
  });

  test('is not measured on scores that are no probabilities', async () => {
    const logit = '10 * u - 5 AS score';
    const report = await run(rows(500, logit), rows(500, logit, 1), {}, { columns: { score: { role: 'score' } } });
    expect(report.predictions).toMatchObject({ meaning: null, confidence: null, checks: [], histogram: null });
    expect(report.notes).toContain(
      'no confidence was measured: "score" leaves 0 … 1 in the reference already, so it is no probability',
    );
  });
});

describe('scores of classes', () => {
  const total = '(u + v + 0.5)';
  const scores = (scale = '1') =>
    `${scale} * u / ${total} AS proba_cat, ${scale} * v / ${total} AS proba_dog, ${scale} * 0.5 / ${total} AS proba_owl`;
  const largest = "CASE WHEN u >= v AND u >= 0.5 THEN 'cat' WHEN v >= 0.5 THEN 'dog' ELSE 'owl' END";
  const columns = {
    proba_cat: { role: 'score' },
    proba_dog: { role: 'score' },
    proba_owl: { role: 'score' },
  } as const;
  const good = `${scores()}, ${largest} AS prediction`;

  test('are recognised, and clean ones break no rule', async () => {
    const report = await run(rows(3000, good), rows(1000, good, 1), {}, { columns });
    expect(report.findings).toEqual([]);
    expect(report.predictions).toMatchObject({
      meaning: 'class-scores',
      reason: 'their names end with the predicted classes',
      scores: [
        { column: 'proba_cat', class: 'cat' },
        { column: 'proba_dog', class: 'dog' },
        { column: 'proba_owl', class: 'owl' },
      ],
    });
    expect(report.predictions!.checks.map(({ rule, current: { rows, of } }) => [rule, rows, of])).toEqual([
      ['within-0-1', 0, 1000],
      ['sum-to-1', 0, 1000],
      ['largest-score', 0, 1000],
    ]);
    expect(report.predictions!.confidence!.current.entropy).toBeGreaterThan(1);
  });

  test.each([
    [
      'do not add up to 1',
      scores('CASE WHEN i % 20 = 0 THEN 0.9 ELSE 1 END'),
      largest,
      'sum-to-1',
      'the scores of 3 classes do not add up to 1 in 5 % of rows (50 of 1,000), were 0 %: beyond sampling, the rise is above the tolerated 0.1 %',
    ],
    [
      'contradict the class',
      scores(),
      `CASE WHEN i % 10 = 0 AND u < v THEN 'cat' ELSE ${largest} END`,
      'largest-score',
      /^the scores of 3 classes are highest for another class than the predicted one in [45]\.?\d* % of rows/,
    ],
    [
      'lie outside',
      scores('CASE WHEN i % 20 = 0 THEN 3 ELSE 1 END'),
      largest,
      'within-0-1',
      /^the scores of 3 classes lie outside 0 … 1 in \d\.?\d* % of rows \(\d+ of 1,000: proba_cat \d\.\d+/,
    ],
  ])('are told when they %s', async (_, columnsNow, prediction, rule, message) => {
    const report = await run(
      rows(3000, good),
      rows(1000, `${columnsNow}, ${prediction} AS prediction`, 1),
      {},
      { columns },
    );
    const finding = of(report, 'SCORES_INVALID').find(({ data }) => data.rule === rule);
    if (typeof message === 'string') expect(finding?.message).toBe(message);
    else expect(finding?.message).toMatch(message);
    expect(finding).toMatchObject({ severity: 'P2', column: rule === 'largest-score' ? 'prediction' : null });
  });

  test('are not held to a rule that the reference breaks', async () => {
    const loose = `${scores('(0.5 + v)')}, ${largest} AS prediction`;
    const report = await run(rows(3000, loose), rows(1000, loose, 1), {}, { columns });
    const sum = report.predictions!.checks.find(({ rule }) => rule === 'sum-to-1')!;
    expect(sum.logP).toBeNull();
    expect(sum.notAsked).toMatch(/^it does not hold in the reference, where \d+\.?\d* % of rows break it$/);
  });

  test('without names of classes have to add up to 1, and the class can be said', async () => {
    const named = 'u AS s1, 1 - u AS s2, CASE WHEN u > 0.5 THEN 1 ELSE 0 END AS prediction';
    const s = { s1: { role: 'score', class: '1' }, s2: { role: 'score', class: '0' } } as const;
    const said = await run(rows(2000, named), rows(1000, named, 1), {}, { columns: s });
    expect(said.predictions!.checks.map(({ rule, current: { rows } }) => [rule, rows])).toEqual([
      ['within-0-1', 0],
      ['sum-to-1', 0],
      ['largest-score', 0],
    ]);
    const roles = { s1: { role: 'score' }, s2: { role: 'score' } } as const;
    const unsaid = await run(rows(2000, named), rows(1000, named, 1), {}, { columns: roles });
    expect(unsaid.predictions).toMatchObject({ meaning: 'class-scores', reason: 'they add up to 1 in the reference' });
    const none = await run(rows(2000, 'u AS s1, v AS s2'), rows(1000, 'u AS s1, v AS s2', 1), {}, { columns: roles });
    expect(none.predictions).toMatchObject({ meaning: null, confidence: null });
  });
});

describe('a binary score', () => {
  test('that leaves 0 … 1, or contradicts the class, is told', async () => {
    const off = rows(
      1000,
      `CASE WHEN i % 50 = 0 THEN 1 + u ELSE u END AS score, CASE WHEN u >= 0.5 OR i % 10 = 0 THEN 'yes' ELSE 'no' END AS prediction`,
      1,
    );
    const report = await run(rows(3000, binary('u')), off);
    expect(of(report, 'SCORES_INVALID').map(({ message }) => message)).toEqual([
      'score "score" lies on the other side of the threshold 0.5 than the predicted class in 3.2 % of rows (32 of 1,000), were 0 %: beyond sampling, the rise is above the tolerated 0.1 %',
      'score "score" lies outside 0 … 1 in 2 % of rows (20 of 1,000: 1.97216), were 0 %: beyond sampling, the rise is above the tolerated 0.1 %',
    ]);
  });

  test('cut elsewhere in the reference is not held to the threshold', async () => {
    const cut = "u AS score, CASE WHEN u >= 0.2 THEN 'yes' ELSE 'no' END AS prediction";
    const report = await run(rows(3000, cut), rows(1000, cut, 1));
    const check = report.predictions!.checks.find(({ rule }) => rule === 'largest-score')!;
    expect(check).toMatchObject({ logP: null });
    const set = await run(rows(3000, cut), rows(1000, cut, 1), { threshold: 0.2 });
    expect(set.predictions!.checks.find(({ rule }) => rule === 'largest-score')).toMatchObject({
      notAsked: null,
      current: { rows: 0 },
    });
  });
});

describe('collapse', () => {
  const share = (no: number) => `CASE WHEN u < ${no} THEN 'no' ELSE 'yes' END AS prediction`;

  test('of nearly all rows is told as that of all', async () => {
    const report = await run(rows(4000, share(0.7)), rows(4000, share(0.997), 1));
    const [finding] = of(report, 'PREDICTION_COLLAPSE');
    expect(finding).toMatchObject({ severity: 'P1', column: 'prediction', role: 'prediction' });
    expect(finding!.message).toMatch(
      /^prediction "prediction" nearly collapsed: 99\.[67]\d* % of 4,000 rows hold "no", proven more than 99 %; in the reference 7\d\.?\d* % did, and all others were more than 5 times as frequent$/,
    );
    expect(codes(report)).not.toContain('ALMOST_CONSTANT');
    expect(report.predictions!.concentration).toMatchObject({ value: 'no', rejected: true });
  });

  test('is left to the column when it is complete, and not told of a rare class', async () => {
    const whole = await run(rows(4000, share(0.7)), rows(4000, "'no' AS prediction", 1));
    expect(of(whole, 'PREDICTION_COLLAPSE')).toHaveLength(1);
    expect(whole.predictions!.concentration!.logP).toBeNull();
    const rare = await run(rows(4000, share(0.985)), rows(4000, share(0.995), 1));
    expect(of(rare, 'PREDICTION_COLLAPSE')).toEqual([]);
  });
});

describe('predictions out of bounds', () => {
  const values = (expression: string) => `${expression} AS prediction`;

  test('are counted against the range that was written down', async () => {
    const now = rows(1000, values('CASE WHEN i % 100 = 0 THEN -3.5 WHEN i % 200 = 1 THEN 140 ELSE 100 * u END'), 1);
    const report = await run(rows(3000, values('100 * u')), now, { min: 0, max: 100 });
    expect(report.predictions!.bounds).toEqual([
      {
        column: 'prediction',
        min: 0,
        max: 100,
        below: 10,
        above: 5,
        rows: 1000,
        tolerated: 0,
        smallest: -3.5,
        largest: 140,
      },
    ]);
    expect(of(report, 'PREDICTIONS_OUT_OF_BOUNDS')).toMatchObject([
      {
        severity: 'P2',
        message:
          'prediction "prediction" left the range that was allowed: 1.5 % of rows outside 0 … 100 (of 1,000, 10 below, e.g. -3.5; 5 above, e.g. 140), where none is tolerated',
      },
    ]);
    const tolerant = await run(rows(3000, values('100 * u')), now, { min: 0, outOfBoundsShare: 0.01 });
    expect(of(tolerant, 'PREDICTIONS_OUT_OF_BOUNDS')).toEqual([]);
    const clean = await run(rows(3000, values('100 * u')), rows(1000, values('100 * u'), 1), { min: 0, max: 100 });
    expect(clean.findings).toEqual([]);
  });

  test('are looked for in a prediction that only the log has', async () => {
    const report = await run(
      rows(500, 'u AS x'),
      rows(500, `u AS x, ${values("CASE WHEN i = 7 THEN '-Infinity'::DOUBLE ELSE u END")}`, 1),
      { min: 0 },
    );
    expect(of(report, 'PREDICTIONS_OUT_OF_BOUNDS')[0]!.message).toContain('(of 500, 1 below, e.g. −∞)');
  });

  test('cannot be looked for without a prediction, or in classes', async () => {
    await expect(run(rows(300, 'u AS x'), rows(300, 'u AS x', 1), { max: 1 })).rejects.toThrow(
      'predictions.max is set, and no column is known as a prediction; name it with --prediction COLUMN',
    );
    const named = "CASE WHEN u > 0.5 THEN 'a' ELSE 'b' END AS prediction";
    await expect(run(rows(300, named), rows(300, named, 1), { min: 1 })).rejects.toThrow(
      'predictions.min is set, and the prediction "prediction" is stored as VARCHAR; a range is one of numbers',
    );
  });
});

describe('bad input', () => {
  test('a score that is all null, or missing from the log, stops nothing', async () => {
    const nulls = await run(rows(500, binary('u')), rows(500, "CAST(NULL AS DOUBLE) AS score, 'no' AS prediction", 1));
    expect(nulls.predictions!.confidence).toBeNull();
    const missing = await run(
      rows(500, binary('u')),
      rows(500, "CASE WHEN u > 0.5 THEN 'yes' ELSE 'no' END AS prediction", 1),
    );
    expect(missing.predictions!.confidence).toBeNull();
    expect(codes(missing)).toContain('COLUMN_MISSING');
    const text = await run(rows(500, binary('u')), rows(500, "'high' AS score, 'no' AS prediction", 1));
    expect(text.predictions!.confidence).toBeNull();
  });

  test('scores without a value, not a number or infinite are left out', async () => {
    const odd = `CASE i % 10 WHEN 0 THEN NULL WHEN 1 THEN 'NaN'::DOUBLE ELSE u END AS score`;
    const report = await run(rows(1000, odd), rows(1000, odd, 1));
    expect(report.predictions!.confidence!.current.rows).toBe(800);
    expect(report.predictions!.checks[0]!.current).toEqual({ rows: 0, of: 800 });
  });
});
