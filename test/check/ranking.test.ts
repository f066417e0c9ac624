import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExplainedPrediction } from '../../src/model/ranking.ts';
import type { Report } from '../../src/model/report.ts';
import { renderJson } from '../../src/report/json.ts';
import { checkFiles, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** Which columns matter, in whole runs over files. */

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());

const uniform = (stream: number, side: string) => `(hash(i, ${stream}, '${side}') % 1000003 / 1000003.0)`;

async function sides(name: string, columns: (side: string) => string, rows = 20_000) {
  const file = (side: string) =>
    bench.parquet(`${name}-${side}.parquet`, `SELECT ${columns(side)} FROM range(${rows}) t(i)`);
  return [await file('r'), await file('c')] as const;
}

const explained = (report: Report, prediction: string): ExplainedPrediction =>
  report.ranking!.predictions.find(({ column }) => column === prediction)!;

/** `cause` moves; the score and the class follow it alone; `bystander` moves too, and `still` does not. */
const model = (side: string) => {
  const cause = `CASE WHEN ${uniform(1, side)} < ${side === 'r' ? 0.2 : 0.6} THEN 'high' ELSE 'low' END`;
  return `i, ${cause} AS cause,
    round(${uniform(2, side)} * 0.5 + CASE WHEN ${cause} = 'high' THEN 0.5 ELSE 0 END, 4) AS score,
    CASE WHEN ${cause} = 'high' AND ${uniform(3, side)} < 0.9 THEN 'decline' ELSE 'approve' END AS prediction,
    CASE WHEN ${uniform(4, side)} < 0.1 THEN NULL ELSE ${uniform(5, side)} + ${side === 'r' ? 0 : 0.3} END AS bystander,
    i % 8 AS still`;
};

describe('a prediction that follows one column', () => {
  let report: Report;
  beforeAll(async () => {
    report = await checkFiles(...(await sides('cause', model)), {
      importances: { still: 1, cause: 0.5, bystander: 0.1 },
    });
  });

  it.each(['score', 'prediction'])('goes with it: %s', (name) => {
    const { columns, phiSquared, sentence } = explained(report, name);
    expect(phiSquared).toBe(columnNamed(report, name).gating!.phiSquared);
    expect(columns[0]!.column).toBe('cause');
    expect(columns[0]!.explained).toBeGreaterThan(0.99);
    expect(columns[0]!.uncovered).toBe(0);
    const bystander = columns.find(({ column }) => column === 'bystander')!;
    expect(Math.abs(bystander.explained)).toBeLessThan(0.05);
    expect(sentence).toMatch(
      /^with the reference's distribution of "cause" the φ² of (score|prediction) "\w+" is .* an association, not a cause$/,
    );
  });

  it('does not ask of what could explain nothing', () => {
    const { columns, left } = explained(report, 'score');
    expect(columns.map(({ column }) => column)).not.toContain('still');
    expect(left).toBeGreaterThan(0);
  });

  it('has the columns by drift × importance', () => {
    const { importance } = report.ranking!;
    expect(importance.map(({ column }) => column)).toEqual(['cause', 'bystander', 'still']);
    const [cause] = importance;
    expect(cause!.weight).toBeCloseTo(0.5 * columnNamed(report, 'cause').gating!.phiSquared, 5);
    expect(importance.reduce((sum, { share }) => sum + share!, 0)).toBeCloseTo(1, 5);
    expect(cause!.outcome).toBe('drift');
  });

  it('travels as JSON', () => {
    expect(JSON.parse(renderJson(report)).ranking).toEqual(report.ranking);
  });

  it('does not depend on threads', async () => {
    const again = await checkFiles(...(await sides('cause', model)), { threads: 4 });
    expect(again.ranking!.predictions).toEqual(report.ranking!.predictions);
  });
});

describe('predictions and columns without values', () => {
  it('are weighted by what is missing, too', async () => {
    // the score is missing where the column is, and the column is missing more often now
    const report = await checkFiles(
      ...(await sides('missing', (side) => {
        const gone = `${uniform(1, side)} < ${side === 'r' ? 0.1 : 0.5}`;
        return `CASE WHEN ${gone} THEN NULL ELSE ${uniform(2, side)} END AS x,
          CASE WHEN ${gone} THEN 'nan'::DOUBLE ELSE ${uniform(3, side)} END AS score`;
      })),
    );
    const [x] = explained(report, 'score').columns;
    expect(x).toMatchObject({ column: 'x' });
    expect(x!.explained).toBeGreaterThan(0.99);
  });

  it('say what has no counterpart', async () => {
    const report = await checkFiles(
      ...(await sides('gone', (side) =>
        side === 'r'
          ? `['a', 'b'][1 + i % 2] AS x, (i % 2) / 2.0 AS score`
          : `'b' AS x, 0.5 + (i % 10) / 1000.0 AS score`,
      )),
    );
    const [x] = explained(report, 'score').columns;
    expect(x!.uncovered).toBeCloseTo(0.5, 3);
  });
});

describe('without anything to rank', () => {
  it('is absent when no prediction moved', async () => {
    const [path] = await sides('same', model);
    expect((await checkFiles(path, path)).ranking).toBeUndefined();
  });

  it('refuses the importance of a column that is not there', async () => {
    const [path] = await sides('unknown', (side) => `${uniform(1, side)} AS age`);
    await expect(checkFiles(path, path, { importances: { agee: 1 } })).rejects.toThrow(
      'importance is given for "agee", and the reference has no such column; did you mean "age"?',
    );
    expect((await checkFiles(path, path, { importances: { age: 0 } })).ranking!.importance).toEqual([
      { column: 'age', importance: 0, phiSquared: 0, weight: 0, share: null, outcome: 'stable' },
    ]);
  });
});
