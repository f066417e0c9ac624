import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Axis,
  axisSize,
  ColumnFailure,
  type CrossCounts,
  type Dataset,
  type Term,
} from '../../src/engine/engine.ts';
import type { SourceColumn } from '../../src/engine/source.ts';
import { nextDown, nextUp } from '../../src/math/floats.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** Counting by groups and over several axes, against counting the same rows here. */

interface Row {
  readonly x: number | null;
  readonly k: string | null;
  readonly g: string;
  readonly t: number;
}

const hostile = `it's "q" \\ ;--`;
const rows: readonly Row[] = Array.from({ length: 997 }, (_, i) => ({
  x: i % 13 === 0 ? null : i % 29 === 0 ? Number.NaN : i % 31 === 0 ? Number.POSITIVE_INFINITY : ((i * 37) % 101) / 7,
  k: i % 17 === 0 ? null : ['a', 'b', hostile, '🙂'][i % 4]!,
  g: ['u', 'v', 'w'][i % 3]!,
  t: 1_700_000_000 + ((i * 7919) % 1000),
}));

let bench: Bench;
let data: Dataset;
let column: (name: string) => SourceColumn;

beforeAll(async () => {
  bench = await openBench();
  const literal = (value: number | string | null) =>
    value === null ? 'NULL' : typeof value === 'number' ? `'${value}'::DOUBLE` : `'${value.replaceAll("'", "''")}'`;
  const values = rows.map(
    ({ x, k, g, t }) => `(${literal(x)}, ${literal(k)}, ${literal(g)}, make_timestamp(${t}::BIGINT * 1000000))`,
  );
  const path = await bench.parquet('rows.parquet', `SELECT * FROM (VALUES ${values.join(', ')}) AS t(x, k, g, t)`);
  data = await bench.open(path);
  column = (name) => data.columns.find((candidate) => candidate.name === name)!;
});
afterAll(() => bench.dispose());

const answered = <T>(answer: T | ColumnFailure | undefined): T => {
  if (answer instanceof ColumnFailure) throw new Error(answer.message);
  return answer!;
};

/** The same table by looking at every row. */
function expected(places: readonly ((row: Row) => number)[], sums: readonly ((row: Row) => number)[]) {
  const cells = new Map<string, { rows: number; sums: number[]; summed: number[] }>();
  for (const row of rows) {
    const key = places.map((place) => place(row)).join(',');
    const cell = cells.get(key) ?? { rows: 0, sums: sums.map(() => 0), summed: sums.map(() => 0) };
    cells.set(key, cell);
    cell.rows += 1;
    for (const [i, sum] of sums.entries()) {
      const value = sum(row);
      if (!Number.isFinite(value)) continue;
      cell.sums[i]! += value;
      cell.summed[i]! += 1;
    }
  }
  return cells;
}

function found({ places, rows, sums, summed }: CrossCounts) {
  return new Map(
    Array.from(rows, (count, i) => [
      places.map((place) => place[i]).join(','),
      { rows: count, sums: sums.map((sum) => sum[i]!), summed: summed.map((n) => n[i]!) },
    ]),
  );
}

describe('groupedCells', () => {
  it('counts by the labels of two columns', async () => {
    const by = [
      { column: column('g'), labels: ['w', 'u'] },
      { column: column('k'), labels: ['b', hostile] },
    ];
    const edges = Float64Array.of(2, 5, 9);
    const { rows: groups, answers } = await data.groupedCells(
      [{ form: 'numbers', column: column('x'), as: 'value', edges }],
      { form: 'labels', columns: by },
    );
    const { cells, present, nan } = answered(answers[0]);
    for (const [i, g] of ['w', 'u'].entries()) {
      for (const [j, k] of ['b', hostile].entries()) {
        const inside = rows.filter((row) => row.g === g && row.k === k);
        const group = i * 2 + j;
        expect(groups[group]).toBe(inside.length);
        expect(present[group]).toBe(inside.filter(({ x }) => x !== null).length);
        expect(nan[group]).toBe(inside.filter(({ x }) => Number.isNaN(x)).length);
        const counts = cells.map((cell) => cell[group]);
        const places = inside.flatMap(({ x }) =>
          x === null || Number.isNaN(x) ? [] : [edges.filter((e) => e <= x).length],
        );
        expect(counts).toEqual([0, 1, 2, 3].map((cell) => places.filter((place) => place === cell).length));
      }
    }
  });
});

describe('groupedCells by axes', () => {
  it('has a group for every row, also for those without a place', async () => {
    const edges = Float64Array.of(2, 9);
    const axes: Axis[] = [
      { form: 'numbers', column: column('x'), as: 'value', edges },
      { form: 'categories', column: column('k'), labels: ['b', hostile] },
    ];
    const { rows: groups, answers } = await data.groupedCells(
      [{ form: 'categories', column: column('g'), labels: ['u', 'v', 'w'] }],
      { form: 'axes', axes },
    );
    const { cells } = answered(answers[0]);
    expect(groups).toHaveLength(axisSize(axes[0]!) * axisSize(axes[1]!));
    expect(groups.reduce((a, b) => a + b, 0)).toBe(rows.length);
    const placeOf = ({ x, k }: Row) => {
      const first = x === null || Number.isNaN(x) ? 3 : edges.filter((edge) => edge <= x).length;
      return first * 4 + (k === null ? 3 : k === 'b' ? 0 : k === hostile ? 1 : 2);
    };
    for (const [group, count] of groups.entries()) {
      const inside = rows.filter((row) => placeOf(row) === group);
      expect(count).toBe(inside.length);
      for (const [i, g] of ['u', 'v', 'w'].entries()) {
        expect(cells[i]![group]).toBe(inside.filter((row) => row.g === g).length);
      }
    }
  });

  it('finds many labels of rows in memory as it does those of a file', async () => {
    const long = 'é'.repeat(300);
    const texts = ['a', 'A', hostile, '🙂', ' ', '0', 'x,y', 'null?', `${long}1`, `${long}2`, 'seldom'];
    const literals = texts.map((text) => `'${text.replaceAll("'", "''")}'`).join(', ');
    const query = `SELECT i, CASE WHEN i % 13 > 0 THEN [${literals}][1 + (i * 7 + i // 5) % 11] END AS k FROM range(500) AS t(i)`;
    const csv = join(bench.folder, 'labels.csv');
    await bench.run(`COPY (${query}) TO '${csv}'`);
    const sides = [await bench.open(csv), await bench.open(await bench.parquet('labels.parquet', query))];
    const [loaded, read] = await Promise.all(
      sides.map(async (side) => {
        const [i, k] = side.columns as [SourceColumn, SourceColumn];
        const tables = await side.categoryTables([k], 100);
        const labels = answered(tables[0]).values.slice(0, -1);
        expect(labels.length).toBeGreaterThanOrEqual(8);
        const axis: Axis = { form: 'numbers', column: i, as: 'value', edges: Float64Array.of(100, 250) };
        const { answers } = await side.groupedCells([{ form: 'categories', column: k, labels }], {
          form: 'axes',
          axes: [axis],
        });
        return { labels, ...answered(answers[0]) };
      }),
    );
    expect(loaded).toEqual(read);
  });
});

describe('crossCounts', () => {
  const x = (row: Row) => row.x ?? Number.NaN;
  const edges = Float64Array.of(-0, 1, 3, 3.5, 10);

  it('counts and sums over numbers, labels and time', async () => {
    const axes: Axis[] = [
      { form: 'numbers', column: column('x'), as: 'value', edges },
      { form: 'categories', column: column('k'), labels: ['🙂', 'a'] },
      { form: 'time', column: column('t'), as: 'value', start: 1_700_000_100, length: 250, count: 3 },
    ];
    const value: Term = { op: 'value', reading: { column: column('x'), as: 'value' } };
    const sums: Term[] = [
      value,
      { op: 'abs', term: { op: '-', terms: [value, 5] } },
      { op: 'ln', term: value },
      { op: '/', terms: [1, value] },
      { op: 'least', terms: [value, { op: '*', terms: [2, 2] }] },
      { op: 'is', column: column('k'), label: hostile },
    ];
    const [answer] = await data.crossCounts([{ axes, sums }]);
    const wanted = expected(
      [
        (row) => (Number.isNaN(x(row)) ? axisSize(axes[0]!) - 1 : edges.filter((edge) => edge <= x(row)).length),
        (row) => (row.k === null ? 3 : row.k === '🙂' ? 0 : row.k === 'a' ? 1 : 2),
        (row) => (row.t < 1_700_000_100 || row.t >= 1_700_000_850 ? 3 : Math.floor((row.t - 1_700_000_100) / 250)),
      ],
      [
        x,
        (row) => Math.abs(x(row) - 5),
        (row) => (x(row) > 0 ? Math.log(x(row)) : Number.NaN),
        (row) => (x(row) === 0 ? Number.NaN : 1 / x(row)),
        (row) => (Number.isNaN(x(row)) ? (row.x === null ? Number.NaN : 4) : Math.min(x(row), 4)),
        (row) => (row.k === null ? Number.NaN : Number(row.k === hostile)),
      ],
    );
    const got = found(answered(answer));
    expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [key, cell] of wanted) {
      const { rows: count, sums: totals, summed } = got.get(key)!;
      expect(count).toBe(cell.rows);
      expect(summed).toEqual(cell.summed);
      for (const [i, total] of cell.sums.entries()) expect(totals[i]).toBeCloseTo(total, 9);
    }
  });

  it('places what is computed from a row', async () => {
    const value: Term = { op: 'value', reading: { column: column('x'), as: 'value' } };
    const term: Term = { op: 'greatest', terms: [value, { op: '-', terms: [12, value] }, 7] };
    const edges = Float64Array.of(7, 8, 11);
    const [answer] = await data.crossCounts([
      {
        axes: [
          { form: 'computed', term, edges },
          { form: 'categories', column: column('g'), labels: ['u'] },
        ],
        sums: [term],
      },
    ]);
    const computed = (row: Row) => Math.max(x(row), 12 - x(row), 7);
    const wanted = expected(
      [
        (row) => (Number.isNaN(x(row)) ? 4 : edges.filter((edge) => edge <= computed(row)).length),
        (row) => (row.g === 'u' ? 0 : 1),
      ],
      [computed],
    );
    const got = found(answered(answer));
    expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [key, cell] of wanted) {
      expect(got.get(key)!.rows).toBe(cell.rows);
      expect(got.get(key)!.sums[0]).toBeCloseTo(cell.sums[0]!, 9);
    }
  });

  it('places values at, just below and just above evenly spread edges', async () => {
    for (const [steps, last] of [
      [200, nextUp(1)],
      [20, 1],
      [7 * 3, 1],
      [49, 3],
    ] as const) {
      const edges = Float64Array.from({ length: steps + 1 }, (_, i) => (i === steps ? last : i / steps));
      const near = Array.from(edges, (edge) => [nextDown(edge), edge, nextUp(edge)]).flat();
      const values = [...near, -1, -1e-320, 5e-324, 0.5, 2, 1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      const list = values.map((value) => `('${value}'::DOUBLE)`).join(', ');
      const grid = await bench.open(
        await bench.parquet(`grid-${steps}.parquet`, `SELECT v FROM (VALUES ${list}, (NULL), ('nan'::DOUBLE)) AS t(v)`),
      );
      const [v] = grid.columns;
      const axis = { form: 'numbers', column: v!, as: 'value', edges } as const;
      const term: Term = { op: 'value', reading: { column: v!, as: 'value' } };
      const [answer, whole] = await grid.crossCounts([
        { axes: [axis], sums: [] },
        { axes: [], sums: [], inside: [{ term, edges }] },
      ]);
      const { places, rows: counts } = answered(answer);
      const found = new Float64Array(axisSize(axis));
      for (const [i, place] of places[0]!.entries()) found[place] = counts[i]!;
      const wanted = new Float64Array(axisSize(axis));
      wanted[axisSize(axis) - 1] = 2;
      for (const value of values) wanted[edges.filter((edge) => edge <= value).length]! += 1;
      expect(found).toEqual(wanted);
      expect(answered(whole).inside).toEqual([[wanted.slice(0, -1)]]);
    }
  });

  it('answers without axes, under a condition, and a failure for one request alone', async () => {
    const is: Term = { op: 'is', column: column('g'), label: 'v' };
    const same: Term = { op: 'same', columns: [column('g'), column('g')] };
    const answers = await data.crossCounts([
      { axes: [], sums: [same], where: [is] },
      { axes: [{ form: 'numbers', column: { ...column('x'), index: 99 }, as: 'value', edges }], sums: [] },
    ]);
    const { rows: count, sums } = answered(answers[0]);
    expect(Array.from(count)).toEqual([rows.filter(({ g }) => g === 'v').length]);
    expect(Array.from(sums[0]!)).toEqual(Array.from(count));
    expect(answers[1]).toBeInstanceOf(ColumnFailure);
  });
});
