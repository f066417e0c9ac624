import { duckDbDialect } from '../src/engine/dialect.ts';
import { nextDown, nextUp } from '../src/math/floats.ts';

/**
 * The table of values that two ways of counting disagree on first. Every way there is to come by a count (of files, of a server's table,
 * of a saved or merged profile) is held against the others over it, bit for bit.
 */

/** Edges for counting {@link edgeNumbers}; −5, 0 and 5 are values of the table, and their neighbours are. */
export const edgesOfNumbers: readonly number[] = [-5, 0, nextUp(0), 5];

export const edgeNumbers: readonly (number | null)[] = [
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  2 ** -1022,
  nextDown(2 ** -1022),
  nextDown(5),
  5,
  nextUp(5),
  nextDown(-5),
  -5,
  nextUp(-5),
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  0.1 + 0.2,
  0.3,
  2 ** 53,
];

/** Neighbours that a double cannot tell apart among them. */
export const edgeIntegers: readonly (bigint | null)[] = [
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 53n + 2n,
  -(2n ** 53n) - 1n,
  null,
  0n,
];

/** `NUL` cannot be stored in Parquet's text by every writer, and is left out. */
export const edgeTexts: readonly (string | null)[] = [
  'plain',
  'it\'s "quoted"',
  "''",
  'two\nlines',
  'carriage\r\nreturn\tand tab',
  '😀 é',
  'e\u0301',
  '\u202eright to left',
  'back\\slash \\0041',
  '',
  ' blank ',
  'Blank',
  'long '.repeat(60),
  `${'long '.repeat(60)}and another end`,
  null,
  '50 %',
  "U&'\\0041'",
  '-- ; DROP TABLE t /*',
  'NULL',
  'NaN',
];

/** UTC, to the microsecond; windows of a day begin at {@link edgeWindow}'s start. */
export const edgeMoments: readonly (string | null)[] = [
  '2026-03-01 00:00:00',
  '2026-02-28 23:59:59.999999',
  '2026-03-01 00:00:00.000001',
  '1969-12-31 23:59:59.999999',
  null,
  '2026-03-02 00:00:00',
  '2026-03-02 12:34:56.789012',
  '2026-02-28 00:00:00',
  '2026-03-04 00:00:00',
  '2026-03-03 23:59:59.999999',
];

/** Seconds; four days, of which the third holds nothing but its last microsecond, and one that is empty can be asked for behind them. */
export const edgeWindow = { start: Date.UTC(2026, 1, 28) / 1000, length: 86_400, count: 4 } as const;

/** Names of columns that hold plain numbers. In lower case, as catalogs of servers keep them. */
export const edgeNames: readonly string[] = [
  'it\'s a "name"',
  'two\nlines',
  '😀 é',
  'a.b',
  'select',
  ' blank ',
  'c0',
  "'; --",
];

/** Columns without any value, or with one kind of value only. */
const uniform: Readonly<Record<string, readonly (number | null)[]>> = {
  nothing: [null],
  only_nan: [Number.NaN],
  nan_and_null: [Number.NaN, null],
  infinite: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  zeros: [-0, 0],
  subnormal: [Number.MIN_VALUE, 2 * Number.MIN_VALUE, -Number.MIN_VALUE, 3 * Number.MIN_VALUE],
};

/**
 * The table as a query of the embedded engine: the lists in cycles of different speed, so that every value meets every other.
 *
 * @param first number of the first row, which makes the parts of a table that is cut in pieces
 */
export function edgeCases(rows: number, first = 0): string {
  const number = (value: number | null) => (value === null ? 'NULL' : spelled(value));
  const columns = [
    'i AS id',
    `${pick(edgeNumbers.map(number), 'i')} AS x`,
    'sin(i) * 10 AS y',
    // consecutive doubles
    '1e0 + (i * 7919) % 977 * 2.220446049250313e-16 AS ulps',
    `${pick(
      edgeIntegers.map((value) => (value === null ? 'NULL' : `CAST(${value} AS BIGINT)`)),
      'i // 2',
    )} AS big`,
    `${pick(
      edgeTexts.map((value) => (value === null ? 'NULL' : duckDbDialect.text(value))),
      'i // 3',
    )} AS s`,
    `${pick(
      edgeMoments.map((value) => (value === null ? 'NULL' : `TIMESTAMP '${value}'`)),
      'i // 7',
    )} AS t`,
    'i % 5 = 0 AS flag',
    'CAST((i % 1000) / 8 AS DECIMAL(12, 3)) AS price',
    'CAST(i % 7 AS FLOAT) / 3 AS f',
    "DATE '2026-01-01' + CAST(i % 40 AS INTEGER) AS day",
    "strftime(TIMESTAMP '2026-01-01' + to_seconds(i * 60), '%Y-%m-%dT%H:%M:%SZ') AS iso",
    ...Object.entries(uniform).map(
      ([name, values]) => `CAST(${pick(values.map(number), 'i')} AS DOUBLE) AS ${duckDbDialect.identifier(name)}`,
    ),
    ...edgeNames.map((name, k) => `CAST((i * ${k + 3}) % 11 AS DOUBLE) AS ${duckDbDialect.identifier(name)}`),
  ];
  return `SELECT ${columns.join(', ')} FROM range(${first}, ${first + rows}) AS r(i)`;
}

function pick(list: readonly string[], by: string): string {
  return `CASE (${by}) % ${list.length} ${list.map((value, i) => `WHEN ${i} THEN ${value}`).join(' ')} END`;
}

/** −0 keeps its sign only as text. */
function spelled(value: number): string {
  return Object.is(value, -0) ? "'-0.0'::DOUBLE" : duckDbDialect.number(value);
}
