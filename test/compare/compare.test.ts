import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agreement, CompareReport } from '../../src/model/compare.ts';
import { defaultOutcomeSettings } from '../../src/model/outcomes.ts';
import { renderComparison } from '../../src/report/compare/render.ts';
import { compareShape } from '../../src/report/compare/shape.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { drawnScores, type PairedScores } from '../outcome/paired-rows.ts';
import { expectClose } from '../outcome/rows.ts';
import { type Comparing, type Comparisons, classes, label, openComparisons, shadow } from '../support/comparisons.ts';
import type { Bench } from '../support/engine.ts';

/** Two versions on one log, on data whose numbers are known by construction. */

let comparisons: Comparisons;
let bench: Bench;
let run: Comparisons['run'];
beforeAll(async () => {
  comparisons = await openComparisons();
  ({ bench, run } = comparisons);
});
afterAll(() => comparisons.dispose());

const codes = ({ findings }: CompareReport) => findings.map(({ code }) => code);

describe('a challenger that is the champion', () => {
  test('passes, agrees and is not told to differ', async () => {
    const same = `${classes('u')}, ${label}`;
    const report = await run(shadow(1000, same, same));
    expect(report).toMatchObject({
      kind: 'compare',
      champion: { version: '3', rows: 1000 },
      challenger: { version: '4', rows: 1000 },
      versions: {
        column: 'model_version',
        found: [
          { version: '3', rows: 1000 },
          { version: '4', rows: 1000 },
        ],
      },
      findings: [],
      differences: [],
      gate: { status: 'pass', exitCode: 0 },
      unpaired: null,
    });
    expect(report.paired).toMatchObject({
      key: 'request_id',
      rows: 1000,
      champion: { keyless: 0, repeated: 0, alone: 0 },
      agreement: { form: 'classes', disagreed: 0, of: 1000 },
      scores: [{ column: 'score', rows: 1000, mean: 0, meanAbsolute: 0 }],
      labels: { column: 'label', rows: 1000 },
    });
    expect(
      report.paired!.metrics.map(({ id, worse, rejected, logPNoDifference }) => [
        id,
        worse,
        rejected,
        logPNoDifference,
      ]),
    ).toEqual([
      ['accuracy', 0, null, 0],
      ['roc-auc', 0, null, 0],
      ['log-loss', 0, null, 0],
      ['brier-score', 0, null, 0],
    ]);
    expect(report.paired!.untold).toEqual([]);
    expect(report).toMatchObject({
      leader: null,
      standing: 'neither is proven to be better: by accuracy, ROC-AUC, log loss and the Brier score they may be equal',
    });
  });
});

describe('a challenger that is worse', () => {
  test('by its accuracy on the same requests', async () => {
    // wrong on every eighth request, the champion on every fiftieth
    const wrong = (n: number) =>
      `${label}, CASE WHEN (u >= 0.5) <> (i % ${n} = 0) THEN 'yes' ELSE 'no' END AS prediction`;
    const report = await run(shadow(4000, wrong(50), wrong(8)));
    const metric = report.paired!.metrics[0]!;
    expect(metric).toMatchObject({ id: 'accuracy', rows: 4000, champion: 0.98, challenger: 0.875, rejected: 'warn' });
    expect(metric.worse).toBeCloseTo(1 - 0.875 / 0.98, 9);
    expect(report.paired!.agreement).toMatchObject({ disagreed: 500 + 80 - 2 * 20 });
    expect(report.findings).toMatchObject([
      {
        code: 'PERFORMANCE_SLIPPED',
        severity: 'P2',
        message: expect.stringMatching(
          /^the challenger is worse: accuracy 0\.875 against the champion's 0\.98 on the same 4,000 labelled requests, 10\.7 % \[\d+\.?\d*, \d+\.?\d*\] worse, above the tolerated 5 %$/,
        ),
      },
    ]);
    expect(report.gate.exitCode).toBe(1);
    expect(report).toMatchObject({ leader: 'champion', standing: 'the champion is better by accuracy' });
    const better = await run(shadow(4000, wrong(8), wrong(50)));
    expect(better).toMatchObject({ findings: [], leader: 'challenger' });
    expect(better.gate.exitCode).toBe(0);
  });

  test('by the errors of its values', async () => {
    const value = (noise: string) => `100 * u AS label, 100 * u + ${noise} AS prediction`;
    const report = await run(
      shadow(
        2000,
        value('(CAST(hash(i, 1) % 2001 AS INT) - 1000) / 500.0'),
        value('(CAST(hash(i, 2) % 2001 AS INT) - 1000) / 300.0'),
      ),
    );
    const metrics = report.paired!.metrics;
    expect(metrics.map(({ id, rejected }) => [id, rejected])).toEqual([
      ['root-mean-squared-error', 'fail'],
      ['mean-absolute-error', 'fail'],
    ]);
    expect(metrics[0]!.champion / (2 / Math.sqrt(3))).toBeCloseTo(1, 1);
    expect(metrics[0]!.challenger / (10 / 3 / Math.sqrt(3))).toBeCloseTo(1, 1);
    expect(report.paired!.agreement).toMatchObject({ form: 'values', rows: 2000 });
    expect(codes(report)).toEqual(['PERFORMANCE_DOWN', 'PERFORMANCE_DOWN']);
    expect(report.findings[0]!.severity).toBe('P1');
  });

  test('by its confidence and its scores, labels or not', async () => {
    const report = await run(
      shadow(
        2000,
        classes('CASE WHEN u < 0.5 THEN u / 5 ELSE 1 - (1 - u) / 5 END'),
        classes('CASE WHEN i % 40 = 0 THEN 1.5 ELSE 0.3 + 0.4 * u END'),
      ),
    );
    expect(codes(report).sort()).toEqual(['CONFIDENCE_DOWN', 'SCORES_INVALID']);
    // that it differs is what a challenger is for
    expect(report.differences.map(({ code }) => code)).toContain('DRIFT_FAIL');
    expect(report.paired).toMatchObject({ labels: null, metrics: [] });
  });
});

test('versions with a log each are compared as those of one', async () => {
  const answers = shadow(400, `${classes('u')}, ${label}`, `${classes('u * u')}, ${label}`);
  const paths = await Promise.all(
    [3, 4].map((version) =>
      bench.parquet(`only-${version}.parquet`, `SELECT * FROM (${answers}) WHERE model_version = ${version}`),
    ),
  );
  expect((await comparisons.of(paths)).paired).toEqual((await run(answers)).paired);
});

test('classes of long names are told apart', async () => {
  // by more than is shown of them
  const name = (last: string) => `repeat('x', 300) || ${last}`;
  const answer = (turned: string) =>
    `CASE WHEN (u >= 0.5) <> (${turned}) THEN ${name("'a'")} ELSE ${name("'b'")} END AS prediction, CASE WHEN u >= 0.5 THEN ${name("'a'")} ELSE ${name("'b'")} END AS label`;
  const { paired } = await run(shadow(400, answer('false'), answer('i % 10 = 0')));
  expect(paired!.agreement).toMatchObject({ form: 'classes', disagreed: 40, of: 400 });
  const { classes, counts } = paired!.agreement as Extract<Agreement, { form: 'classes' }>;
  expect(classes).toHaveLength(2);
  expect(counts.map((row, i) => row[1 - i]!).reduce((a, b) => a + b)).toBe(40);
  expect(paired!.metrics[0]).toMatchObject({ id: 'accuracy', champion: 1, challenger: 0.9 });
});

describe('scores with labels', () => {
  /** Rows as the figures of fixtures/outcomes/paired.json were drawn from. */
  const logged = ({ labels, champion, challenger }: PairedScores, name: (label: number) => string) => {
    const rows = labels.flatMap((label, i) => [
      `('r${i}', 3, '${champion[i]}'::DOUBLE, ${name(label)})`,
      `('r${i}', 4, '${challenger[i]}'::DOUBLE, ${name(label)})`,
    ]);
    return `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(request_id, model_version, score, label)`;
  };
  const figures = JSON.parse(readFileSync(new URL('../../fixtures/outcomes/paired.json', import.meta.url), 'utf8')) as {
    readonly drawnBinary: readonly {
      readonly seed: number;
      readonly rows: number;
      readonly steps: number;
      readonly share: number;
      readonly expected: Record<
        'delong' | 'log-loss' | 'brier-score',
        { areas: number[]; means: number[]; difference: number; logP: number }
      >;
    }[];
  };

  test.each(figures.drawnBinary.map((each) => [each.seed, each] as const))(
    'give the figures of the oracle, drawn from %i',
    async (_, { seed, rows, steps, share, expected }) => {
      const report = await run(logged(drawnScores(seed, rows, steps, share), String));
      expect(report.paired!.metrics.map(({ id }) => id)).toEqual(['roc-auc', 'log-loss', 'brier-score']);
      for (const { id, champion, challenger, difference, logPNoDifference } of report.paired!.metrics) {
        const { areas, means = areas, ...told } = expected[id === 'roc-auc' ? 'delong' : (id as 'log-loss')];
        // what is reported has eleven digits, of the numbers themselves
        expectClose(champion, means[0]!, 1e-10, id);
        expectClose(challenger, means[1]!, 1e-10, id);
        expectClose(difference, told.difference, 1e-10, id, 1);
        expectClose(logPNoDifference, told.logP, 1e-10, id);
      }
    },
  );

  test('of texts, as of numbers', async () => {
    const rows = drawnScores(3, 200, 64, 0.5);
    const metrics = async (name: (label: number) => string) => (await run(logged(rows, name))).paired!.metrics;
    const texts = await metrics((label) => (label === 1 ? "'it''s'" : "'is not'"));
    expect(texts).toEqual(await metrics((label) => `${label}::DOUBLE`));
    expect(texts).toHaveLength(3);
  });

  test.each<[string, string, string, string, readonly string[], string]>([
    ['of one class', 'u', '1 - u', "'yes' AS label", [], 'every label is "yes"; two classes are needed'],
    [
      'of three classes',
      'u',
      '1 - u',
      "CASE i % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'c' END AS label",
      [],
      'the labels are of more than two classes, and nothing says of which "score" is; outcomes.positive does',
    ],
    [
      'of a champion that is no probability',
      '10 * u - 5',
      '10 * u - 4',
      label,
      ['roc-auc'],
      '"score" of the champion is no probability: it reaches -',
    ],
    [
      'of a challenger that is no probability',
      'u',
      '2 * u',
      label,
      ['roc-auc', 'brier-score'],
      '"score" of the challenger is no probability: it reaches 2',
    ],
  ])('%s are told as far as they go, and why no further', async (_, three, four, labels, ids, reason) => {
    const report = await run(shadow(500, `${three} AS score, ${labels}`, `${four} AS score, ${labels}`), {
      check: { verdict: { ...defaultVerdictSettings, columns: { score: { role: 'score' } } } },
    });
    const { metrics, untold } = report.paired!;
    expect(metrics.map(({ id }) => id)).toEqual(ids);
    expect([...metrics, ...untold].map(({ id }) => id).sort()).toEqual(['brier-score', 'log-loss', 'roc-auc']);
    for (const one of untold) expect(one.reason).toContain(reason);
    expect(compareShape.read(report, '', 'refuse')).toEqual(report);
  });

  test('that are certain have a log loss all the same', async () => {
    // right or wrong, and always sure
    const sure = (n: number) => `CASE WHEN (u >= 0.5) <> (i % ${n} = 0) THEN 1.0 ELSE 0.0 END AS score, ${label}`;
    const report = await run(shadow(1000, sure(100), sure(50)));
    const [area, loss, brier] = report.paired!.metrics;
    expect(brier).toMatchObject({ id: 'brier-score', champion: 0.01, challenger: 0.02 });
    expect(loss!.champion).toBeCloseTo(-0.01 * Math.log(2 ** -52), 9);
    expect(loss!.challenger).toBeCloseTo(-0.02 * Math.log(2 ** -52), 9);
    expect(area!.champion).toBeGreaterThan(area!.challenger);
  });

  test('of a challenger that gives none', async () => {
    const report = await run(shadow(300, `u AS score, ${label}`, `NULL::DOUBLE AS score, ${label}`));
    expect(report.paired!.metrics).toEqual([]);
    const reason = 'no pair has a label and both scores';
    expect(report.paired!.untold).toEqual([
      {
        id: 'roc-auc',
        reason: 'two rows of each class are needed, and no pair with both scores has the label "yes"',
      },
      { id: 'log-loss', reason },
      { id: 'brier-score', reason },
    ]);
    expect(report.standing).toContain('which of the two is better is not told: two rows of each class are needed');
    expect(report.gate.status).toBe('breach');
  });

  test('of one row of a class', async () => {
    const rare = "CASE WHEN i = 7 THEN 'yes' ELSE 'no' END AS label";
    const report = await run(shadow(300, `u AS score, ${rare}`, `1 - u AS score, ${rare}`), {
      check: { outcomes: { ...defaultOutcomeSettings, positive: 'yes' } },
    });
    expect(report.paired!.untold).toEqual([
      {
        id: 'roc-auc',
        reason: 'two rows of each class are needed, and one pair with both scores has the label "yes"',
      },
    ]);
  });
});

describe('rows that are not paired', () => {
  test('without an id, two samples are compared', async () => {
    const report = await run(`SELECT * EXCLUDE (request_id) FROM (${shadow(500, classes('u'), classes('u'))})`);
    expect(report.paired).toBeNull();
    expect(report.unpaired).toBe(
      'no column is known as an id, so the versions were compared as two samples; --join-key COLUMN names one',
    );
    expect(report.gate.status).toBe('pass');
    expect(report.standing).toBe('which of the two is better is not told: no request is known to be of both');
  });

  test('of a canary, whose requests went to one version each', async () => {
    const half = (version: number, rest: number) =>
      `SELECT 'r' || i AS request_id, ${version} AS model_version, ${classes('hash(i) % 1000003 / 1000003.0')} FROM range(1000) t(i) WHERE i % 2 = ${rest}`;
    const report = await run(`(${half(3, 0)}) UNION ALL (${half(4, 1)})`);
    expect(report.paired).toBeNull();
    expect(report.unpaired).toBe(
      'no value of "request_id" is a request of both versions, so they were compared as two samples',
    );
  });

  test('are counted: without an id, asked twice, answered by one', async () => {
    const log = `(${shadow(500, classes('u'), classes('u'))}) UNION ALL
      (SELECT NULL, 4, 1, 0.5, 'yes') UNION ALL (SELECT 'r1', 4, 1, 0.5, 'yes') UNION ALL (SELECT 'only', 3, 1, 0.5, 'yes')`;
    const report = await run(log, { joinKey: 'request_id' });
    expect(report.paired).toMatchObject({
      rows: 499,
      champion: { keyless: 0, repeated: 0, alone: 2 },
      challenger: { keyless: 1, repeated: 2, alone: 0 },
    });
  });
});

describe('labels', () => {
  test('may stand in the rows of either version, and be numbers of another type', async () => {
    const three =
      'CASE WHEN u >= 0.5 THEN 1 ELSE 0 END AS prediction, CASE WHEN i % 2 = 0 THEN CAST(u >= 0.4 AS DOUBLE) END AS label';
    const four =
      'CASE WHEN u >= 0.4 THEN 1 ELSE 0 END AS prediction, CASE WHEN i % 2 = 1 THEN CAST(u >= 0.4 AS DOUBLE) END AS label';
    const report = await run(shadow(1000, three, four));
    expect(report.paired!.labels).toEqual({ column: 'label', rows: 1000 });
    expect(report.paired!.metrics).toMatchObject([{ id: 'accuracy', rows: 1000, challenger: 1 }]);
    expect(report.paired!.metrics[0]!.champion).toBeCloseTo(0.9, 1);
  });

  test('of a file of their own are met by the same key', async () => {
    const path = await bench.parquet(
      'labels.parquet',
      "SELECT 'r' || i AS request_id, CASE WHEN hash(i) % 1000000007 / 1000000007.0 >= 0.5 THEN 'yes' ELSE 'no' END AS outcome FROM range(900) t(i)",
    );
    const labels = { paths: [path], key: 'request_id', labelKey: 'request_id' };
    const report = await run(shadow(1000, classes('u'), classes('1 - u')), { check: { labels } });
    expect(report.paired!.labels).toEqual({ column: 'label', rows: 900 });
    expect(report.paired!.metrics).toMatchObject([
      { id: 'accuracy', rows: 900, champion: 1, challenger: 0, rejected: 'fail' },
      { id: 'roc-auc', rows: 900, champion: 1, challenger: 0, difference: -1, worse: 1, rejected: 'fail' },
      { id: 'log-loss', rows: 900, rejected: 'fail' },
      { id: 'brier-score', rows: 900, rejected: 'fail' },
    ]);
    expect(report.gate.exitCode).toBe(1);
  });

  test('that are few decide nothing', async () => {
    const few = (predicted: string) => `${predicted} AS prediction, CASE WHEN i < 60 THEN 'yes' END AS label`;
    const report = await run(
      shadow(
        1000,
        few("CASE WHEN i % 9 = 0 THEN 'no' ELSE 'yes' END"),
        few("CASE WHEN i % 2 = 0 THEN 'no' ELSE 'yes' END"),
      ),
    );
    expect(report.paired!.metrics[0]).toMatchObject({ rows: 60, rejected: null });
    expect(report.method.pairedFamilySize).toBe(0);
    expect(report.standing).toBe(
      'which of the two is better is not told: 60 labelled requests of both, and 100 are needed',
    );
  });
});

describe('mistakes', () => {
  const log = () => shadow(200, classes('u'), classes('u'));
  test.each<[string, string, Comparing, string]>([
    [
      'a version that is not there',
      '',
      { challenger: '5' },
      '--challenger is "5", and "model_version" holds no such version; it holds "3" (200 rows), "4" (200 rows)',
    ],
    ['one version twice', '', { challenger: '3' }, '--champion and --challenger are both "3"; they take two versions'],
    [
      'a key that is no column',
      '',
      { joinKey: 'request_idd' },
      'no column of the log is called "request_idd"; did you mean "request_id"?',
    ],
    [
      'no column of versions',
      'EXCLUDE (model_version)',
      {},
      'names a model; name it with --model-version-column COLUMN',
    ],
    [
      'nothing to compare',
      'EXCLUDE (score, prediction)',
      {},
      'no column of the log is known as a prediction or a score; name it with --prediction COLUMN or --score COLUMN',
    ],
  ])('%s is one line', async (_, columns, more, message) => {
    await expect(run(`SELECT * ${columns} FROM (${log()})`, more)).rejects.toThrow(message);
  });

  test('a version is meant by its number, however it is stored', async () => {
    const report = await run(`SELECT * REPLACE (model_version::DOUBLE AS model_version) FROM (${log()})`);
    expect(report.champion).toEqual({ version: '3.0', rows: 200 });
  });
});

describe('renderings', () => {
  test('keep the contract, fit the terminal and escape what the log holds', async () => {
    const hostile = `'<b>|\`x\`' AS prediction, u AS score, ${label}`;
    const report = await run(
      `SELECT * REPLACE ('v' || model_version || '\u001b[31m|<i>' AS model_version) FROM (${shadow(300, classes('u').replace("'yes'", "'<b>|`x`'"), hostile.replace('u AS score', '1 - u AS score'))})`.replace(
        `, ${label}`,
        '',
      ),
      { champion: 'v3\u001b[31m|<i>', challenger: 'v4\u001b[31m|<i>' },
    );
    const options = { color: false, width: 60 };
    const json = await renderComparison(report, 'json', options);
    expect(compareShape.read(JSON.parse(json), '', 'refuse')).toEqual(JSON.parse(json));
    const terminal = await renderComparison(report, 'terminal', options);
    expect(terminal).not.toContain('\u001b');
    for (const line of terminal.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    const markdown = await renderComparison(report, 'markdown', options);
    expect(markdown).not.toMatch(/<(?:b|i)>/);
  });
});
