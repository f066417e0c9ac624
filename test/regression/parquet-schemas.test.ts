import { expect, test } from 'vitest';
import { families, schemaOf, workbench } from '../engine/sources/workbench.ts';

// Decimals of more than 38 digits were read as doubles by the engine, and wrong by many orders of magnitude. Of two columns of one
// name, the type of one was imposed on both. Both files were written by pyarrow.

const bench = workbench();
const wide = Buffer.from(
  [
    'UEFSMRUAFWAVYCwVBBUAFQYVBhwAAAACAAAABAEAAAAAAAAAAAAAAAAAAAAAAAAABdwAAAAAAAAAAAAAAAAAAAAAAAAACMoVABUgFSAsFQQVAB',
    'UGFQYcAAAAAgAAAAQBAAAAAJYAAAAA4RUEGTw1ABgGc2NoZW1hFQQAFQ4VKhUCGAZhbW91bnQlChUGFWQsXBUGFWQAAAAVDhUKFQIYBXByaWNl',
    'JQoVBBUULFwVBBUUAAAAFgQZHBksJgAcFQ4ZJQYAGRgGYW1vdW50FQAWBBaGARaGASYISRwVABUAFQIAPCkGGSYABAAAACYAHBUOGSUGABkYBX',
    'ByaWNlFQAWBBZGFkYmjgFJHBUAFQAVAgA8KQYZJgAEAAAAFswBFgQmCBbMAQAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGSwc',
    'AAAcAAAA5gAAAFBBUjE=',
  ].join(''),
  'base64',
);
const twice = Buffer.from(
  [
    'UEFSMRUAFSwVLCwVBBUAFQYVBhwAAAACAAAABAEAAAAAAAD4PwAAAAAAAARAFQAVIBUgLBUEFQAVBhUGHAAAAAIAAAAEAQEAAAB4AQAAAHkVBB',
    'k8NQAYBnNjaGVtYRUEABUKJQIYAWEAFQwlAhgBYSUATBwAAAAWBBkcGSwmABwVChklBgAZGAFhFQAWBBZSFlImCEkcFQAVABUCADwpBhkmAAQA',
    'AAAmABwVDBklBgAZGAFhFQAWBBZGFkYmWkkcFQAVABUCADwWBBkGGSYABAAAABaYARYEJggWmAEAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW',
    '9uIDI2LjAuMRksHAAAHAAAALkAAABQQVIx',
  ].join(''),
  'base64',
);

test('a decimal that the engine cannot hold is unsupported, not wrong', async () => {
  const source = await bench.open(bench.write('wide.parquet', wide));
  expect(families(source)).toEqual({ amount: 'unsupported', price: 'number' });
  expect(source.columns[0]!.native).toBe('DECIMAL(50,3)');
  await source.close();
});

test('the second column of a name is the second on the other side', async () => {
  const reference = await bench.open(bench.write('reference.parquet', twice));
  const current = await bench.open(bench.write('current.parquet', twice), {}, schemaOf(reference));
  for (const source of [reference, current]) {
    expect(families(source)).toEqual({ a: 'number', a_2: 'string' });
    expect(await bench.values(source)).toEqual([
      ['1.5', 'x'],
      ['2.5', 'y'],
    ]);
  }
  for (const source of [reference, current]) await source.close();
});
