import { expect, test } from 'vitest';
import { families, workbench } from '../engine/sources/workbench.ts';

// A numeric column with a marker for "no value" that is not in the list became text, of which little is compared, and nothing said
// so.

const bench = workbench();

test('a column of numbers that stays text is named, with a value that is none', async () => {
  const rows = Array.from(
    { length: 100 },
    (_, i) => `${i % 10 === 0 ? 'missing' : i},word${i},2024-13-${10 + (i % 20)}`,
  );
  const path = bench.write('income.csv', `income,word,day\n${rows.join('\n')}\n`);
  const source = await bench.open(path);
  expect(families(source)).toMatchObject({ income: 'string', word: 'string' });
  expect(source.info.dialect.text).toBe('"income" is text, although most of its values are numbers: not "missing"');
  await source.close();
  const told = await bench.open(path, { csv: { nulls: ['missing'] } });
  expect(families(told)).toMatchObject({ income: 'integer' });
  expect(told.info.dialect).not.toHaveProperty('text');
  await told.close();
});
