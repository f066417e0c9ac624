import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { Segmentation } from '../../src/model/segments.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** Whole runs over files, split by the values of columns. */

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());

/** Uniform in [0, 1), the same everywhere. */
const uniform = (stream: number, side: string) => `(hash(i, ${stream}, '${side}') % 1000003 / 1000003.0)`;

async function sides(name: string, reference: string, current: string, rows = [20_000, 8000]) {
  const file = (side: string, select: string, count: number) =>
    bench.parquet(`${name}-${side}.parquet`, `SELECT ${select} FROM range(${count}) t(i)`);
  return [await file('reference', reference, rows[0]!), await file('current', current, rows[1]!)] as const;
}

function only(report: Report): Segmentation {
  expect(report.segments).toHaveLength(1);
  return report.segments![0]!;
}

const named = (segmentation: Segmentation, name: string) => {
  const at = segmentation.segments.findIndex((segment) => segment.name === name);
  return { segment: segmentation.segments[at]!, at };
};
const tested = (segmentation: Segmentation, name: string) => segmentation.tested.find(({ column }) => column === name)!;

describe('a drift in one of ten segments', () => {
  let report: Report;
  let paths: readonly [string, string];
  beforeAll(async () => {
    const columns = (side: string, width: number) => `
      'g' || (hash(i, 1, '${side}') % 10) AS g,
      1 - ${uniform(2, side)} * CASE WHEN hash(i, 1, '${side}') % 10 = 3 THEN ${width} ELSE 1 END AS x,
      ['a', 'b', 'c'][1 + floor(3 * ${uniform(3, side)})::INTEGER] AS k`;
    paths = await sides('one', columns('r', 1), columns('c', 0.6));
    report = await checkFiles(...paths, { segments: [['g']] });
  });

  it('is found where it is, though the whole is stable', () => {
    expect(columnNamed(report, 'x').outcome).not.toBe('drift');
    const segmentation = only(report);
    expect(segmentation).toMatchObject({ columns: ['g'], skipped: null, judged: 10, distinct: [10], newValues: [] });
    expect(segmentation.segments[0]).toMatchObject({ name: 'g3', level: 'fail', drifted: 1, status: 'judged' });
    expect(segmentation.segments.slice(1).every(({ level }) => level === null)).toBe(true);
    expect(segmentation.tested[0]).toMatchObject({ column: 'x', rejected: 'fail' });
    expect(report.findings.map(({ code, column, data }) => [code, column, data.segment])).toEqual([
      ['SEGMENT_DRIFT', 'x', 'g3'],
    ]);
    expect(report.gate.exitCode).toBe(1);
    // with the column too, whose test fails in a test report
    expect(columnNamed(report, 'x')).toMatchObject({ severity: 'P2', findings: report.findings });
    expect(renderJunit(report)).toMatch(/<testcase name="x"[^>]*>\s*<failure message="P2 segment drifted"/);
  });

  it('has in every segment the φ² of a run over its rows alone', async () => {
    const where = { where: "g = 'g5'" };
    const alone = await checkFiles(...paths, {
      reference: { paths: [paths[0]], ...where },
      current: { paths: [paths[1]], ...where },
    });
    const segmentation = only(report);
    const { at } = named(segmentation, 'g5');
    // to the digits that are kept; only a column of categories has the same cells in every run
    expect(tested(segmentation, 'k').phiSquared[at]).toBeCloseTo(columnNamed(alone, 'k').gating!.phiSquared, 6);
    expect(segmentation.segments[at]!.rows).toEqual({
      reference: alone.datasets.reference.rows,
      current: alone.datasets.current.rows,
    });
  });

  it('stays a column of its own, and is asked once a column', () => {
    expect(columnNamed(report, 'g').outcome).toBe('stable');
    expect(
      only(report)
        .tested.map(({ column }) => column)
        .sort(),
    ).toEqual(['k', 'x']);
  });

  it('does not depend on threads', async () => {
    const again = await checkFiles(...paths, { segments: [['g']], threads: 4 });
    expect(again.segments).toEqual(report.segments);
  });
});

describe('what a drift is made of', () => {
  it('is the mix when only the shares of the segments change', async () => {
    const columns = (side: string, share: number) => `
      CASE WHEN ${uniform(1, side)} < ${share} THEN 'old' ELSE 'new' END AS g,
      CASE WHEN ${uniform(1, side)} < ${share} THEN ${uniform(2, side)} ELSE 1 + ${uniform(2, side)} END AS x`;
    const report = await checkFiles(...(await sides('mix', columns('r', 0.8), columns('c', 0.3))), {
      segments: [['g']],
    });
    const { decomposition } = tested(only(report), 'x');
    expect(columnNamed(report, 'x').outcome).toBe('drift');
    expect(decomposition).toMatchObject({ explained: 'mix' });
    expect(decomposition!.mix).toBeGreaterThan(0.98);
    expect(decomposition!.reweighted).toBeLessThan(0.01);
    expect(decomposition!.phiSquared).toBeCloseTo(columnNamed(report, 'x').gating!.phiSquared, 12);
    expect(decomposition!.mix + decomposition!.within.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    // nothing changed inside the segments
    expect(report.findings.some(({ code }) => code === 'SEGMENT_DRIFT')).toBe(false);
  });

  it('is one segment when that explains it', async () => {
    const columns = (side: string, shift: number) => `
      'g' || (i % 8) AS g, ${uniform(2, side)} + CASE WHEN i % 8 = 0 THEN ${shift} ELSE 0 END AS x`;
    const report = await checkFiles(...(await sides('within', columns('r', 0), columns('c', 5))), {
      segments: [['g']],
    });
    expect(tested(only(report), 'x').decomposition).toMatchObject({ explained: 'segment', segment: 'g0' });
  });
});

describe('values of segments', () => {
  it('are null, too few, new, gone, and more than fifty', async () => {
    const reference = `CASE WHEN i < 2000 THEN NULL WHEN i < 2050 THEN 'few' WHEN i < 3000 THEN 'gone'
      ELSE 'v' || floor(sqrt((i - 3000) / 5))::INTEGER END AS g, i % 4 AS x`;
    const current = `CASE WHEN i < 1000 THEN NULL WHEN i < 1500 THEN 'few' WHEN i < 2500 THEN 'never seen'
      ELSE 'v' || floor(sqrt((i - 2500) / 2))::INTEGER END AS g, i % 4 AS x`;
    const report = await checkFiles(...(await sides('values', reference, current)), { segments: [['g']] });
    const segmentation = only(report);
    expect(named(segmentation, '(missing)').segment).toMatchObject({
      values: [null],
      status: 'judged',
      rows: { reference: 2000, current: 1000 },
    });
    expect(named(segmentation, 'gone').segment).toMatchObject({ status: 'vanished', rows: { current: 0 } });
    expect(segmentation.segments.at(-1)).toMatchObject({ values: null, name: 'OTHER', status: 'other' });
    expect(segmentation.newValues).toEqual([{ value: 'never seen', rows: 1000 }]);
    // fifty segments and the rest; every row is somewhere
    expect(segmentation.segments).toHaveLength(51);
    const sum = (side: 'reference' | 'current') => segmentation.segments.reduce((n, { rows }) => n + rows[side], 0);
    expect([sum('reference'), sum('current')]).toEqual([20_000, 8000]);
    expect(tested(segmentation, 'x').phiSquared.at(-1)).toBeNull();
  });

  it('are combined, and hostile', async () => {
    const columns = `['it''s "q"', '🙂 × b', 'OTHER', '(missing)', ''][1 + i % 5] AS g, (i % 7) < 3 AS b, i % 3 AS n, i % 4 AS x`;
    const report = await checkFiles(...(await sides('pairs', columns, columns)), {
      segments: [['g', 'b'], ['n'], ['b', 'g']],
    });
    expect(report.segments!.map((segmentation) => segmentation.columns)).toEqual([['g', 'b'], ['n']]);
    const [pairs, numbers] = report.segments!;
    expect(pairs!.judged).toBe(10);
    expect(pairs!.segments.map(({ name }) => name)).toContain('it\'s "q" × false');
    expect(pairs!.segments.map(({ name }) => name)).toContain('"OTHER" × true');
    expect(pairs!.segments.map(({ name }) => name)).toContain('"(missing)" × true');
    expect(pairs!.segments.map(({ name }) => name)).toContain('"" × true');
    expect(pairs!.tested.map(({ column }) => column).sort()).toEqual(['n', 'x']);
    expect(numbers!.segments.map(({ name }) => name).sort()).toEqual(['0', '1', '2']);
    expect(report.segments!.flatMap(({ segments }) => segments).every(({ level }) => level === null)).toBe(true);
    expect(JSON.parse(renderJson(report)).segments).toEqual(report.segments);
  });

  it('are refused where they name rows: 50,000 of them', async () => {
    const columns = "'user ' || i AS user, i % 10 AS x";
    const report = await checkFiles(...(await sides('many', columns, columns, [60_000, 60_000])), {
      segments: [['user']],
    });
    expect(only(report)).toMatchObject({ judged: 0, segments: [], tested: [], distinct: [null] });
    expect(report.notes).toContain(
      'no segments by user: "user" has 50,000 values or more, which name rows and not groups of them; give a column with fewer, such as one that joins them to groups',
    );
  });

  it('are those of a column that was said to be a segment', async () => {
    const columns = 'i % 3 AS n, i % 4 AS x';
    const paths = await sides('said', columns, columns);
    const verdict = { ...defaultVerdictSettings, columns: { n: { role: 'segment' as const } } };
    expect(only(await checkFiles(...paths, { verdict })).columns).toEqual(['n']);
    expect((await checkFiles(...paths)).segments).toBeUndefined();
  });

  it('are none where the column is missing, on either side', async () => {
    const paths = await sides('lost', 'i % 3 AS g, i % 4 AS x', 'i % 4 AS x');
    expect(only(await checkFiles(...paths, { segments: [['g']] })).skipped).toBe(
      '"g" is missing from the current data',
    );
    await expect(checkFiles(...paths, { segments: [['h']] })).rejects.toThrow(
      'cannot split by "h": the reference has no such column; did you mean "g"?',
    );
    await expect(checkFiles(...paths, { segments: [['g', 'x', 'a', 'b']] })).rejects.toThrow(
      '"g,x,a,b" combines 4 columns to segments; it takes at most 3',
    );
  });
});

describe('segments that come and go by themselves', () => {
  it('do not alarm when the reference shows it, period by period', async () => {
    // two days a block; in every block each segment has a mean of its own
    const columns = (side: string, start: string) => `
      TIMESTAMP '${start}' + to_seconds(i * 172) AS event_time, 'g' || (i % 4) AS g,
      ${uniform(1, side)} + hash(i // 1000, i % 4, '${side}') % 1000 / 1500.0 AS x`;
    const paths = await sides('noise', columns('r', '2025-01-01'), columns('c', '2025-03-01'), [24_000, 1000]);
    const of = async (noise: 'time' | 'off') => {
      const { findings } = await checkFiles(...paths, {
        segments: [['g']],
        verdict: { ...defaultVerdictSettings, noise, window: null },
      });
      return findings.filter(({ code }) => code === 'SEGMENT_DRIFT').map(({ column }) => column);
    };
    expect(await of('off')).toEqual(['x']);
    expect(await of('time')).toEqual([]);
  });
});

describe('questions of segments', () => {
  it('take one place in the family a column, however many segments there are', async () => {
    const columns = 'i % 40 AS g, i % 4 AS x, i % 5 AS y';
    const paths = await sides('family', columns, columns);
    const [plain, split] = [await checkFiles(...paths), await checkFiles(...paths, { segments: [['g']] })];
    expect(split.method.familySize - plain.method.familySize).toBe(2);
  });

  it('are off with their rule', async () => {
    const columns = 'i % 4 AS g, i % 4 AS x';
    const verdict = {
      ...defaultVerdictSettings,
      severity: { ...defaultVerdictSettings.severity, segment_drift: 'off' as const },
    };
    const paths = await sides('off', columns, columns);
    const [plain, split] = [await checkFiles(...paths), await checkFiles(...paths, { segments: [['g']], verdict })];
    expect(split.method.familySize).toBe(plain.method.familySize);
    expect(only(split).tested.map(({ rejected }) => rejected)).toEqual([null]);
  });
});
