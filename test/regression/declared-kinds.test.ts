import { expect, test } from 'vitest';
import type { Kind } from '../../src/model/measure.ts';
import { families, schemaOf, workbench } from '../engine/sources/workbench.ts';

// A column of numbers with a few words in it was text, and --numeric could not mend it: "values stored as VARCHAR cannot be".

const bench = workbench();

const kinds: Record<string, Kind> = {
  price: 'numeric',
  flag: 'boolean',
  day: 'datetime',
  zip: 'numeric',
  cohort: 'categorical',
  grade: 'categorical',
  phone: 'text',
};
const rows = Array.from({ length: 100 }, (_, i) => ({
  price: i % 10 === 0 ? 'n.d.' : i % 10 === 1 ? '1,234' : `${i}.5`,
  flag: i % 10 === 0 ? 'maybe' : i % 2 === 0 ? 'true' : 'false',
  day: i % 10 === 0 ? 'soon' : `${10 + (i % 20)}/01/2024`,
  zip: `0${1000 + i}`,
  cohort: `2024-0${1 + (i % 3)}-01`,
  grade: i === 0 ? 'A' : `${i % 5}`,
  phone: `${5550000 + i}`,
}));
const csv = (lines: readonly Record<string, string>[]): string =>
  `${Object.keys(lines[0]!).join(';')}\n${lines.map((line) => `${Object.values(line).join(';')}\n`).join('')}`;
const expected = {
  ...{ price: 'number', flag: 'boolean', day: 'datetime', cohort: 'string', grade: 'string', phone: 'string' },
};
const failures = {
  price: [...Array(10).fill('1,234'), ...Array(10).fill('n.d.')],
  flag: Array(10).fill('maybe'),
  day: Array(10).fill('soon'),
};

test('text is read as what it is said to be when most of it reads so, from CSV, JSON lines and Parquet alike', async () => {
  const written = {
    csv: bench.write('said.csv', csv(rows)),
    jsonl: bench.write('said.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    parquet: bench.path('said.parquet'),
  };
  await bench.session.run(
    `COPY (SELECT * FROM read_csv('${written.csv}', delim = ';', all_varchar = true)) TO '${written.parquet}' (FORMAT parquet)`,
  );
  for (const [format, path] of Object.entries(written)) {
    const source = await bench.open(path, { kinds });
    expect(families(source), format).toMatchObject(expected);
    expect(['number', 'integer'], format).toContain(families(source).zip);
    expect(await bench.failed(source), format).toEqual(failures);
    expect(
      source.columns.find(({ name }) => name === 'day'),
      format,
    ).toMatchObject({ notation: 'day-first' });

    // the current side follows, whatever its own values look like
    const worse = rows.map((row) => ({ ...row, price: 'n.d.' }));
    const current = await bench.open(bench.write('worse.csv', csv(worse)), {}, schemaOf(source));
    expect(families(current), format).toMatchObject(expected);
    expect(await bench.failed(current), format).toMatchObject({ price: Array(100).fill('n.d.') });
    await current.close();
    await source.close();
  }
});

test('text of which most does not read so, or dates that leave the order open, stay text', async () => {
  const text = `a,b\n${Array.from({ length: 50 }, (_, i) => `${i % 3 === 0 ? i : 'word'},0${1 + (i % 9)}/0${1 + (i % 7)}/2024\n`).join('')}`;
  const source = await bench.open(bench.write('not.csv', text), { kinds: { a: 'numeric', b: 'datetime' } });
  expect(families(source)).toEqual({ a: 'string', b: 'string' });
  expect(source.info.dialect.dates).toContain('"b"');
  await source.close();
});

test('a name like that of a property of every object is a name', async () => {
  const source = await bench.open(bench.write('names.csv', 'constructor,toString\n1,x\n2,y\n'), { kinds });
  expect(families(source)).toEqual({ constructor: 'integer', toString: 'string' });
  await source.close();
});

// driftgate.yaml as init writes it declares every column, which must not cost a second look at each of them
test('what is as it was declared is settled by the sample', async () => {
  const text = `a,b,c,d\n${Array.from({ length: 50 }, (_, i) => `${i},2024-01-${10 + (i % 20)},word,${i % 3}\n`).join('')}`;
  const path = bench.write('plain.csv', text);
  const statements: string[] = [];
  const { rows } = bench.session;
  bench.session.rows = (sql: string) => {
    statements.push(sql);
    return rows.call(bench.session, sql);
  };
  const declared = { a: 'numeric', b: 'datetime', c: 'categorical', d: 'categorical' } as const;
  const source = await bench.open(path, { kinds: declared });
  bench.session.rows = rows;
  expect(families(source)).toEqual({ a: 'integer', b: 'datetime', c: 'string', d: 'integer' });
  expect(statements.filter((sql) => sql.includes('regexp_full_match'))).toEqual([]);
  await source.close();
});
