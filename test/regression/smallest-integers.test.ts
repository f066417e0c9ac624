import { expect, test } from 'vitest';
import { families, workbench } from '../engine/sources/workbench.ts';

// Whole numbers of 19 digits and a minus sign were numbers in CSV and integers in Parquet, and so an id in one of them only.

const bench = workbench();

test('the sign of a whole number is no digit', async () => {
  const values = Array.from({ length: 50 }, (_, i) => `-${9_223_372_036_854_775_807n - BigInt(i)}\n`);
  const source = await bench.open(bench.write('smallest.csv', `x\n${values.join('')}`));
  expect(families(source)).toEqual({ x: 'integer' });
  await source.close();
});
