import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countSorted } from '../../src/engine/sql-dataset.ts';
import { countOverEdges, gateEdgesOfTable, wantedRanks } from '../../src/profile/edges.ts';
import { profileReference } from '../../src/profile/reference.ts';
import { type Bench, openBench } from '../support/engine.ts';

/**
 * The gate's edges of a merged column, found by a sample, one scan of counts and a few rows read out, against the same edges cut
 * from the whole sorted column.
 */

const rows = 160_000;
/** a uniform number of row i, the k-th of its kind */
const u = (k: number) => `((hash(i * 16 + ${k}) >> 11)::DOUBLE / 9007199254740992)`;
const normal = `sqrt(-2 * ln(${u(1)} + 1e-300)) * cos(6.283185307179586 * ${u(2)})`;

const columns = {
  normal,
  lognormal: `exp(3 * ${normal})`,
  'heavy tails': `(${normal}) / (${u(3)} * ${u(4)} + 1e-12)`,
  'zero-inflated': `CASE WHEN ${u(5)} < 0.3 THEN 0 ELSE -ln(${u(6)} + 1e-300) END`,
  'three atoms': `CASE WHEN ${u(5)} < 0.1 THEN -1e9 WHEN ${u(5)} < 0.3 THEN 0 WHEN ${u(5)} < 0.36 THEN 7.5 ELSE ${normal} END`,
  'large magnitude': `1e9 + ${normal}`,
  'tiny magnitude': `1e-9 * (${normal})`,
  'crowded in one spot': `CASE WHEN ${u(5)} < 0.5 THEN 5 + 1e-8 * ${u(6)} ELSE 1000 * ${u(7)} END`,
  'many ties': `floor(130000 * ${u(8)} * ${u(9)}) / 7 + CASE WHEN ${u(5)} < 0.5 THEN ${u(6)} ELSE 0 END`,
  integers: `(hash(i) % 100000000)::BIGINT`,
  ascending: `i::DOUBLE / 3`,
} as const;

describe('gate edges of columns with too many values for a table', () => {
  let bench: Bench;
  let path: string;
  beforeAll(async () => {
    bench = await openBench();
    const list = Object.entries(columns).map(([name, sql]) => `${sql} AS "${name}"`);
    path = await bench.parquet('wide.parquet', `SELECT ${list.join(', ')} FROM range(${rows}) t(i)`);
  });
  afterAll(() => bench.dispose());

  it('are exact order statistics of the whole column, and the counts over them are exact', async () => {
    const data = await bench.open(path);
    const found = await profileReference(
      data,
      Object.fromEntries(Object.keys(columns).map((name) => [name, { role: 'feature' as const }])),
    );
    for (const column of found) {
      const { name } = column.source;
      expect(column.error, name).toBeNull();
      expect(column.counts?.form, name).toBe('intervals');
      if (column.counts?.form !== 'intervals') continue;
      const [sample] = await data.sample([{ column: column.source, as: 'value' }], [], 1);
      const table = countSorted((sample as Float64Array).sort());
      expect(column.gate, name).toEqual(gateEdgesOfTable(table));
      expect([...column.counts.counts], name).toEqual([...countOverEdges(table, column.counts.edges)]);
      // the stated bound: no interval above 1/128 of the rows unless it is a single value
      const { counts, edges } = column.counts;
      const distinct = [...edges.keys()]
        .slice(1)
        .map((i) => table.values.filter((v) => v >= edges[i - 1]! && v < edges[i]!).length);
      for (const [k, values] of distinct.entries()) {
        if (values > 1) expect(counts[k + 1]! / rows, `${name}, interval ${k + 1}`).toBeLessThanOrEqual(1 / 128);
      }
    }
  }, 180_000);

  it('are the same where single values travel, and fewer of them do', async () => {
    const many = 2_000_000;
    const list = {
      smooth: normal,
      skewed: `exp(3 * ${normal})`,
      // values that many rows share, so that no narrower interval holds fewer
      prices: `floor(4e5 * ${u(3)} * ${u(4)}) / 100`,
      'huge and tiny': `CASE WHEN ${u(5)} < 0.5 THEN 1.7e308 * (2 * ${u(6)} - 1) ELSE 5e-324 * floor(1e6 * ${u(7)}) END`,
    };
    const sql = Object.entries(list).map(([name, expression]) => `${expression} AS "${name}"`);
    const file = await bench.parquet('many.parquet', `SELECT ${sql.join(', ')} FROM range(${many}) t(i)`);
    const profileOf = async (remote: boolean) => {
      const data = await bench.open(file);
      let read = 0;
      const asked = new Proxy(data, {
        get: (target, name) => {
          if (name === 'remote') return remote;
          const member = Reflect.get(target, name) as unknown;
          if (typeof member !== 'function') return member;
          return async (...args: unknown[]) => {
            const answers = await member.apply(target, args);
            if (name === 'valuesWithin') for (const values of answers as Float64Array[]) read += new Set(values).size;
            return answers;
          };
        },
      });
      const columns = await profileReference(asked, {});
      return { read, columns: columns };
    };
    const [here, there] = [await profileOf(false), await profileOf(true)];
    expect(here.columns.map(({ counts }) => counts?.form)).toEqual(Object.keys(list).map(() => 'intervals'));
    expect(there.columns.map(({ gate }) => gate)).toEqual(here.columns.map(({ gate }) => gate));
    const over = (columns: typeof here.columns) =>
      columns.map(({ counts }) => counts?.form === 'intervals' && { edges: counts.edges, counts: counts.counts });
    expect(over(there.columns)).toEqual(over(here.columns));
    expect(there.read).toBeLessThan(here.read / 10);
  }, 180_000);

  it('do not depend on the order of rows, the number of files or threads', async () => {
    const shuffled = await bench.parquet(
      'shuffled.parquet',
      `SELECT * FROM read_parquet('${path}') ORDER BY hash(ascending)`,
    );
    const one = await openBench(1);
    const settings = Object.fromEntries(Object.keys(columns).map((name) => [name, { role: 'feature' as const }]));
    const first = await profileReference(await bench.open(path), settings);
    const second = await profileReference(await one.open(shuffled), settings);
    await one.dispose();
    for (const [i, column] of first.entries()) {
      expect(second[i]!.gate, column.source.name).toEqual(column.gate);
      // sums are rounded where a number is made of them
      expect(second[i]!.counts, column.source.name).toEqual({ ...column.counts, sums: expect.anything() });
      expect(second[i]!.profile, column.source.name).toEqual(column.profile);
    }
  }, 180_000);
});

describe('wantedRanks', () => {
  it('are the deciles and both ends of the tail ladder, ascending and inside', () => {
    for (const n of [1, 2, 3, 19, 100, 1000, 1_000_003]) {
      const ranks = wantedRanks(n).map(({ rank }) => rank);
      expect(ranks).toHaveLength(17);
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      expect(Math.min(...ranks)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...ranks)).toBeLessThan(n);
    }
    expect(wantedRanks(0)).toEqual([]);
  });

  it('leave the stated share outside', () => {
    const at = (end: string, fraction: number) =>
      wantedRanks(1000).find((w) => w.end === end && w.fraction === fraction)!.rank;
    expect(at('lower', 0.005)).toBe(5);
    expect(at('upper', 0.005)).toBe(995);
    expect(at('decile', 0.5)).toBe(500);
  });
});
