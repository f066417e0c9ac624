import { describe, expect, it } from 'vitest';
import type {
  Axis,
  Dataset,
  Derivation,
  GroupedRequest,
  LabelledColumn,
  NumberReading,
  Range,
  Term,
} from '../../../src/engine/engine.ts';
import type { ImposedSchema, SourceColumn } from '../../../src/engine/source.ts';
import { SqlDataset } from '../../../src/engine/sql-dataset.ts';
import type { QueryResult, TrinoClient } from '../../../src/engine/trino/client.ts';
import { trinoDialect } from '../../../src/engine/trino/dialect.ts';
import { openTable } from '../../../src/engine/trino/open-table.ts';
import { TrinoSession } from '../../../src/engine/trino/session.ts';
import { nextUp } from '../../../src/math/floats.ts';
import { goldenSchema, goldenTables, hostileName } from './golden-tables.ts';
import { settings } from './mock-server.ts';

/**
 * Every statement that a question of a data set sends, to the character: golden-sql/*.sql, read by people and held against a server by
 * `npm run test:trino`. A change of the SQL is seen here without one; `npx vitest run test/engine/trino/golden-sql -u` accepts it.
 */

/** Answers every statement with zeros, and keeps it. */
class Recorder {
  readonly statements: string[] = [];
  readonly #columns: readonly (readonly [string, string])[];
  /** what every value is */
  answer: unknown = 0;

  constructor(columns: readonly (readonly [string, string])[]) {
    this.#columns = columns;
  }

  async query(sql: string): Promise<QueryResult> {
    this.statements.push(sql);
    const record = {
      ...{ id: 'q', receivedBytes: 0, receivedRows: 0, scannedRows: 0, scannedBytes: 0 },
      ...{ nodes: 2, durationMs: 0, cpuMs: 0 },
    };
    if (/^SELECT \* FROM .* LIMIT 0$/s.test(sql)) {
      return { columns: this.#columns.map(([name, type]) => ({ name, type })), rows: [], record };
    }
    const wide = Array.from({ length: 500 }, (_, i) => ({ name: `_col${i}`, type: 'double' }));
    return { columns: wide, rows: [wide.map(() => this.answer)], record };
  }
}

async function opened(
  table: keyof typeof goldenTables = 'log',
  more: { where?: string; imposed?: ImposedSchema } = {},
): Promise<{ data: Dataset; recorder: Recorder }> {
  const { where, imposed } = more;
  const recorder = new Recorder(goldenTables[table]);
  const session = new TrinoSession(recorder as unknown as TrinoClient);
  const options = { paths: [`${goldenSchema}.${table}`], ...(where === undefined ? {} : { where }) };
  const source = await openTable(session, options, settings('http://127.0.0.1:1'), '435', imposed);
  return { data: new SqlDataset(session, trinoDialect, source), recorder };
}

/** The statements of one question. */
async function sent(ask: (data: Dataset, column: (name: string) => SourceColumn) => unknown): Promise<string[]> {
  const { data, recorder } = await opened();
  recorder.statements.length = 0;
  await ask(data, (name) => data.columns.find((one) => one.name === name)!);
  return recorder.statements;
}

const golden = (statements: readonly string[], file: string) =>
  expect(`${statements.join(';\n\n')};\n`).toMatchFileSnapshot(`golden-sql/${file}.sql`);

const value = (column: SourceColumn): NumberReading => ({ column, as: 'value' });
const edges = Float64Array.of(-5, 0, nextUp(0), 5e-324 * 3, 0.1 + 0.2, 1e300);
const ranges: Range[] = [
  [-0.5, 0],
  [7, 7.125],
];
const labels = ['plain', 'it\'s "quoted"', 'two\nlines', '😀', '', "U&'\\0041'", 'back\\slash'];
const time = { start: Date.UTC(2026, 2, 1) / 1000, length: 86_400, count: 4 };

describe('a table is opened', () => {
  it('with every type', async () => {
    const { recorder, data } = await opened();
    await data.close();
    await golden(recorder.statements, 'open');
  });

  it('with a predicate that ends in a comment', async () => {
    const { recorder } = await opened('log', { where: "s = 'it''s' AND \"x\" > 0 -- those" });
    await golden(recorder.statements, 'open-where');
  });

  it('as the reference has it: text that is to be numbers, times and flags', async () => {
    const notations: Record<string, string> = { t_month_first: 'month-first', t_day_first: 'day-first' };
    const imposed: ImposedSchema = {
      columns: goldenTables.texts.map(([name]) =>
        name in notations
          ? { name, family: 'datetime', notation: notations[name]! }
          : { name, family: name.slice(2) as SourceColumn['family'] },
      ),
      dialect: {},
    };
    const { data, recorder } = await opened('texts', { imposed });
    recorder.statements.length = 0;
    await data.countPresent(data.columns);
    for (const column of data.columns) await data.castFailureExamples(column, 3);
    await golden(recorder.statements, 'casts');
  });
});

const questions: Record<string, Parameters<typeof sent>[0]> = {
  'count-numbers': (data, c) =>
    data.countNumbers([
      ...['x', hostileName, 'n', 'price', 't', 'zoned', 'day', 'clock'].map((name) => value(c(name))),
      { column: c('s'), as: 'length' },
      { column: c('s'), as: 'time' },
    ]),
  'count-categories': (data, c) => data.countCategories(['s', 'code', 'flag', 'n', 'x', hostileName].map(c)),
  'count-present': (data, c) => data.countPresent(['blob', 'vector'].map(c)),
  'count-distinct': (data, c) => data.countDistinct(['n', 's'].map(c)),
  'count-duplicates': async (data, c) => {
    await data.countDuplicates(['x', hostileName, 'n', 's', 'flag', 't', 'vector'].map(c), false);
    await data.countDuplicates(['n', 's'].map(c), true);
  },
  'number-tables': (data, c) => data.numberTables(['x', 'n', 't'].map(c).map(value), 100_000),
  'category-tables': (data, c) => data.categoryTables(['s', 'flag', 'n', 'price', 'x'].map(c), 5000),
  sample: async (data, c) => {
    await data.sample([value(c('x')), value(c('n'))], [c('x'), c('s')], 150);
    await data.sample([{ ...value(c('x')), ranges }], [c('x')], 1);
  },
  'interval-counts': (data, c) =>
    data.intervalCounts([
      { ...value(c('x')), edges, min: -10, max: 1e301, center: 0.25, scale: 0.5 },
      { ...value(c('n')), edges, min: -5, max: 4, center: 0, scale: 1 },
    ]),
  'counts-within': (data, c) => {
    const cut = Float64Array.of(-0.5, -0.25, 0, 7, 7.0625, 7.125);
    return data.countsWithin([value(c('x')), value(c('n'))].map((reading) => ({ ...reading, ranges, edges: cut })));
  },
  'values-within': (data, c) => data.valuesWithin([value(c('x')), value(c('t'))].map((one) => ({ ...one, ranges }))),
  'heavy-values': (data, c) => data.heavyValues([{ ...value(c('x')), ranges }], 1000),
  'grouped-cells': async (data, c) => {
    const requests: GroupedRequest[] = [
      { form: 'numbers', ...value(c('x')), edges },
      { form: 'numbers', ...value(c('n')), edges: Float64Array.of(2 ** 53, 2 ** 53 + 2) },
      { form: 'categories', column: c('s'), labels },
      { form: 'categories', column: c('flag'), labels: ['true', 'false'] },
      { form: 'categories', column: c('s'), labels: [] },
    ];
    const of = value(c('t'));
    await data.groupedCells(requests, { form: 'time', ...of, ...time });
    await data.groupedCells(requests.slice(0, 1), { form: 'moments', ...of, edges: Float64Array.of(-1, 0, 1e9) });
    const labelled: LabelledColumn[] = [
      { column: c('s'), labels },
      { column: c('flag'), labels: ['true', 'false'] },
    ];
    await data.groupedCells(requests.slice(0, 1), { form: 'labels', columns: labelled });
    await data.groupedCells(requests.slice(0, 1), { form: 'axes', axes: axesOf(c) });
  },
  'cross-counts': (data, c) => {
    const read = (name: string): Term => ({ op: 'value', reading: value(c(name)) });
    const sums: Term[] = [
      read('x'),
      { op: 'least', terms: [read('x'), read('n')] },
      { op: 'greatest', terms: [read('x'), 3] },
      { op: 'ln', term: read('x') },
      { op: '/', terms: [read('x'), read('n')] },
      { op: 'is', column: c('s'), label: labels[1]! },
      { op: 'same', columns: [c('s'), c('flag')] },
      { op: 'abs', term: { op: '-', terms: [read('x'), -0.5] } },
    ];
    return data.crossCounts([
      { axes: axesOf(c), sums, where: [{ op: 'is', column: c('flag'), label: 'false' }] },
      { axes: [], sums: [read('n')] },
      {
        axes: [
          {
            form: 'numbers',
            ...value(c('x')),
            edges: Float64Array.of(Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY),
          },
        ],
        sums: [],
      },
      {
        axes: axesOf(c).slice(-1),
        sums: [read('n')],
        inside: [
          { term: read('x'), edges: Float64Array.of(0, 0.5) },
          { term: { op: 'abs', term: read('n') }, edges: Float64Array.of(1) },
        ],
      },
    ]);
  },
  derive: async (data, c) => {
    const derivations: Derivation[] = [
      { as: 'itself', column: c('s') },
      { as: 'class', column: c('x') },
      { as: 'class', column: c('s') },
      { as: 'number', reading: value(c('n')), together: [c('x')] },
      { as: 'difference', columns: [c('x'), c('n')] },
      { as: 'threshold', column: c('x'), threshold: 0.5, above: labels[1]!, below: 'no' },
      {
        as: 'largest',
        scores: [
          { name: "class 'a'", column: c('x') },
          { name: 'b', column: c(hostileName) },
        ],
      },
      { as: 'code', column: c('s'), codes: new Map(labels.map((label, i) => [label, i])) },
      { as: 'among', column: c('s'), texts: labels },
      { as: 'half', columns: [c('x'), c('s')] },
      { as: 'present', column: c('s') },
      { as: 'stretch', by: { form: 'time', ...value(c('t')), ...time } },
    ];
    const derived = data.derive(derivations.map((derivation, i) => ({ name: `d${i}`, derivation })));
    await derived.countPresent(derived.columns);
  },
  'join-labels': async (data, c) => {
    const other = data;
    const join = { key: c('s'), labels: other, labelKey: c('n'), label: c('flag') };
    const { data: joined } = await data.joinLabels({
      ...join,
      labelTime: value(c('t')),
      time: value(c('zoned')),
      columns: [c('x'), c('s')],
    });
    await joined.countPresent(joined.columns);
    await data.countAlike(join);
    await data.keyExamples(c('s'), 3);
  },
  pair: async (data, c) => {
    const { data: paired } = await data.pair({
      key: c('s'),
      other: data,
      otherKey: c('n'),
      columns: [c('x')],
      otherColumns: [c('price')],
      shared: [[c('flag'), c('flag')]],
    });
    await paired.countPresent(paired.columns);
  },
  scores: async (data, c) => {
    const request = { score: c('x'), positive: c('n'), by: { column: c('n'), count: 3 } };
    await data.scoreTables(request, 100_000);
    await data.scoreRankings(request);
    await data.scoreTables({ ...request, by: null }, 100_000);
  },
  'paired-rankings': async (data, c) => {
    for (const merged of [false, true])
      await data.pairedRankings({ scores: [c('x'), c('n')], positive: c('n'), merged });
  },
  'some-rows': async (data, c) => {
    const during = await data.during(value(c('t')), time.start, Number.POSITIVE_INFINITY);
    const only = await during.only(c('s'), labels[1]!);
    await only.countPresent([c('x')]);
  },
};

function axesOf(c: (name: string) => SourceColumn): Axis[] {
  return [
    { form: 'numbers', ...value(c('x')), edges },
    {
      form: 'computed',
      term: { op: '+', terms: [{ op: 'value', reading: value(c('x')) }, 1] },
      edges: edges.slice(0, 2),
    },
    { form: 'categories', column: c('s'), labels: labels.slice(0, 2) },
    { form: 'time', ...value(c('t')), ...time },
  ];
}

describe('questions', () => {
  it.each(Object.keys(questions))('%s', async (name) => {
    await golden(await sent(questions[name]!), name);
  });

  it('NaN and infinities are counted where the extremes are none', async () => {
    const { data, recorder } = await opened();
    recorder.statements.length = 0;
    recorder.answer = 'Infinity';
    await data.countNumbers([value(data.columns[0]!)]);
    expect(recorder.statements).toHaveLength(2);
    await golden(recorder.statements.slice(1), 'non-finite');
  });

  it('every one of a data set is here', () => {
    // what asks nothing by itself, or is part of another
    const apart = [
      'constructor',
      'info',
      'remote',
      'close',
      'readColumns',
      'kept',
      'castFailureExamples',
      'countDisorder',
    ];
    const parts = ['countAlike', 'keyExamples', 'scoreTables', 'scoreRankings', 'during', 'only'];
    const all = Object.getOwnPropertyNames(SqlDataset.prototype).filter((name) => ![...apart, ...parts].includes(name));
    const asked = Object.keys(questions).filter((name) => !['scores', 'some-rows'].includes(name));
    expect(all.map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).sort()).toEqual(
      asked.sort(),
    );
  });
});
