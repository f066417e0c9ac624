import { expect, test } from 'vitest';
import { families, schemaOf, workbench } from '../engine/sources/workbench.ts';

// Postal codes such as 01067 were read as numbers in CSV (in JSON and Parquet they were text), so that a pipeline that loses the
// zeros was not noticed.

const bench = workbench();
const file = (name: string, cells: readonly string[]) =>
  bench.write(name, `code,x\n${cells.map((cell, i) => `${cell},${i}`).join('\n')}\n`);
const cells = (padded: number) => Array.from({ length: 200 }, (_, i) => (i < padded ? `0${i + 1}` : `${i}`));

test('digits with leading zeros are text, as written', async () => {
  const source = await bench.open(file('codes.csv', ['01067', '80331', ' 00501', '10115']));
  expect(families(source)).toEqual({ code: 'string', x: 'integer' });
  expect(source.info.dialect.codes).toContain('"code"');
  expect((await bench.values(source)).map(([code]) => code?.trim())).toContain('01067');
  const lost = await bench.open(file('lost.csv', ['1067', '80331']), {}, schemaOf(source));
  expect(families(lost)).toMatchObject({ code: 'string' });
  for (const opened of [source, lost]) await opened.close();
});

test('one in a hundred does not make a code, nor do zero, decimals and dates', async () => {
  for (const [name, column, family] of [
    ['two.csv', cells(2), 'integer'],
    ['three.csv', cells(3), 'string'],
    ['zero.csv', ['0', '-0', '10'], 'integer'],
    ['decimals.csv', ['0.5', '00.25', '1'], 'number'],
    ['dates.csv', ['01.02.2024', '01.31.2024', '28.02.2024'].slice(0, 1).concat('31.01.2024'), 'datetime'],
  ] as const) {
    const source = await bench.open(file(name, column));
    expect([name, families(source).code]).toEqual([name, family]);
    await source.close();
  }
});
