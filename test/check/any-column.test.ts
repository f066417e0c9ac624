import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { checkFiles, columnNamed } from '../support/check.ts';
import { type Bench, openBench } from '../support/engine.ts';

/** One bad column never stops the run, nor changes what is said of the others. */

const uniform = (k: number) => `((hash(i * 7 + SEED + ${k}) >> 11)::DOUBLE / 9007199254740992)`;
const ordinary = {
  number: `sqrt(-2 * ln(${uniform(0)} + 1e-300)) * cos(6.28 * ${uniform(1)})`,
  category: `'c' || (hash(i * 5 + SEED) % 7)`,
};

/** SQL of row i, and the outcome that must come of it. */
const columns: Readonly<Record<string, readonly [sql: string, outcome: string]>> = {
  'all null': ['NULL::DOUBLE', 'not-tested'],
  'all null text': ['NULL::VARCHAR', 'not-tested'],
  constant: ['42', 'stable'],
  'constant text': [`'x'`, 'stable'],
  'one row': ['CASE WHEN i = 5 THEN 1.5 END', 'stable'],
  'all NaN': [`'nan'::DOUBLE`, 'not-tested'],
  '±infinity': [
    `CASE WHEN i % 3 = 0 THEN 'inf'::DOUBLE WHEN i % 3 = 1 THEN '-inf'::DOUBLE ELSE (hash(i) % 500)::DOUBLE END`,
    'stable',
  ],
  '±1e308': ['CASE WHEN i % 2 = 0 THEN 1e308 ELSE -1e308 END', 'stable'],
  'near the largest double': ['(i % 50) * 3.5e306', 'stable'],
  subnormal: ['5e-324::DOUBLE * (i % 5)', 'stable'],
  'negative zero': ['CASE WHEN i % 2 = 0 THEN -0.0::DOUBLE ELSE 0.0::DOUBLE END', 'stable'],
  'beyond 2^53': ['9007199254740993 + (hash(i + SEED) % 5)::BIGINT', 'stable'],
  hugeint: ['170141183460469231731687303715884105727::HUGEINT - (i % 9)', 'stable'],
  'unsigned 64': ['18446744073709551615::UBIGINT - (i % 5)::UBIGINT', 'stable'],
  decimal: ['((i % 100)::DECIMAL(18, 3) / 7)::DECIMAL(18, 3)', 'stable'],
  float: ['(i % 77)::FLOAT / 3', 'stable'],
  'time zone': [`TIMESTAMPTZ '2026-01-01 00:00:00+02' + to_seconds((hash(i + SEED) % 1000000)::BIGINT)`, 'stable'],
  nanoseconds: [`(TIMESTAMP '2026-01-01' + to_seconds((hash(i + SEED) % 1000000)::BIGINT))::TIMESTAMP_NS`, 'stable'],
  date: [`DATE '2026-01-01' + (hash(i + SEED) % 300)::INT`, 'stable'],
  time: [`TIME '00:00:00' + to_seconds((hash(i + SEED) % 80000)::BIGINT)`, 'stable'],
  'time with zone': [`'10:00:00+02'::TIMETZ`, 'not-tested'],
  uuid: ['uuid()', 'not-tested'],
  enum: [`('b' || (hash(i + SEED) % 3))::ENUM('b0', 'b1', 'b2')`, 'stable'],
  boolean: ['hash(i + SEED) % 2 = 0', 'stable'],
  blob: [`'\\xAA\\xBB'::BLOB`, 'not-tested'],
  list: ['[i, i + 1]', 'not-tested'],
  embedding: ['[i::FLOAT, 2.0::FLOAT]', 'not-tested'],
  map: [`MAP {'a': i}`, 'not-tested'],
  interval: ['INTERVAL 3 DAY', 'not-tested'],
  'list of structs': [`[{'a': 1}]`, 'not-tested'],
  '10 MB string': [`CASE WHEN i = 7 THEN repeat('q', 10000000) ELSE 'short' || (i % 3) END`, 'stable'],
  'control characters': [`chr(7) || chr(27) || '[31m' || (i % 3)`, 'stable'],
  'said "hello"; DROP TABLE t --': [`'x''y' || (i % 3)`, 'stable'],
  'line\nbreak, 🦆 and \u202eright to left': ['i % 4', 'stable'],
};

describe('any column', () => {
  let bench: Bench;
  let alone: Report;
  let together: Report;
  beforeAll(async () => {
    bench = await openBench();
    const files: string[] = [];
    for (const [name, list] of [
      ['alone', Object.entries(ordinary)],
      [
        'together',
        [...Object.entries(ordinary), ...Object.entries(columns).map(([key, [sql]]) => [key, sql] as const)],
      ],
    ] as const) {
      for (const [side, seed, rows] of [
        ['reference', 100, 3000],
        ['current', 900_000, 2000],
      ] as const) {
        const select = list.map(
          ([key, sql]) => `${sql.replaceAll('SEED', String(seed))} AS "${key.replaceAll('"', '""')}"`,
        );
        files.push(
          await bench.parquet(`${name}-${side}.parquet`, `SELECT ${select.join(', ')} FROM range(${rows}) t(i)`),
        );
      }
    }
    alone = await checkFiles(files[0]!, files[1]!);
    together = await checkFiles(files[2]!, files[3]!);
  }, 60_000);
  afterAll(() => bench.dispose());

  it('leaves the results of every other column unchanged', () => {
    for (const name of Object.keys(ordinary)) {
      // the place in the list of all columns is about the others by its nature
      expect({ ...columnNamed(together, name), qValue: null }).toEqual({ ...columnNamed(alone, name), qValue: null });
      expect(columnNamed(together, name).outcome).toBe('stable');
    }
  });

  for (const [name, [, outcome]] of Object.entries(columns)) {
    it(`${JSON.stringify(name)} ends in a stated outcome`, () => {
      const column = columnNamed(together, name);
      expect(column.error).toBeNull();
      expect(column.outcome).toBe(outcome);
      expect(column.reason).not.toBe('');
    });
  }

  it('renders, strictly and in 80 columns', () => {
    expect(JSON.parse(renderJson(together)).columns).toHaveLength(together.columns.length);
    const lines = renderTerminal(together, { color: false, width: 80 }).split('\n');
    expect(lines.filter((line) => line.includes('\u001b') || line.includes('\u202e'))).toEqual([]);
  });

  it('1,000,000 distinct strings are text, told by their lengths', async () => {
    const text = (side: string, seed: number) =>
      bench.parquet(
        `${side}-text.parquet`,
        `SELECT 'row ' || (i + ${seed}) AS words, i % 10 AS n FROM range(1000000) t(i)`,
      );
    const report = await checkFiles(await text('reference', 0), await text('current', 5_000_000));
    expect(columnNamed(report, 'words')).toMatchObject({ kind: 'text', error: null });
    expect(columnNamed(report, 'words').outcome).toBe('drift'); // the lengths did change: 7 characters and more
    expect(columnNamed(report, 'n').outcome).toBe('stable');
  }, 60_000);
});
