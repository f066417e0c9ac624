import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { data, fromFile, fromFlags, measures, mistake, temporaryFolder } from './support.ts';

/** Importances and segments, as written in a file, a file of their own, and flags. */

async function fromImportances(text: string | Uint8Array, name = 'importances.csv') {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), text);
  const { check } = await loadConfig({ flags: { ...data, config: false, importance: name }, folder, measures });
  return { ...check.importances };
}

test.each([
  ['lines', 'age,0.3\nincome,0.5\n', { age: 0.3, income: 0.5 }],
  ['a line that names the columns', '\ufeffname,importance\r\nage,3e-1\r\n\r\n', { age: 0.3 }],
  ['names in quotation marks', '"a, ""b""",1\n constructor , 2 \n"c","3"', { 'a, "b"': 1, constructor: 2, c: 3 }],
  ['a map', '{"age": 0.3, "__proto__": 1}', { age: 0.3, ['__proto__']: 1 }],
  ['a list', ' [{"name": "age", "importance": 0}]', { age: 0 }],
])('a file of %s', async (_, text, expected) => {
  expect(Object.entries(await fromImportances(text))).toEqual(Object.entries(expected));
});

test.each([
  ['age,-0.3', 'importances.csv:1: the importance of "age" is "-0.3"; it takes a number from 0'],
  ['name,importance\nage,much', 'importances.csv:2: the importance of "age" is "much"; it takes a number from 0'],
  ['age,', 'importances.csv:1: the importance of "age" is ""; it takes a number from 0'],
  ['age,1\nage,2', 'importances.csv:2: the importance of "age" is given twice'],
  ['age;1', 'importances.csv:1: is "age;1"; it takes a name and a number such as age,0.3'],
  [',1', 'importances.csv:1: names no column; it takes a name and a number'],
  ['\n\n', 'importances.csv: holds no importance; it takes lines such as age,0.3'],
  ['{"age": "0.3", ', 'importances.csv: is no JSON, though it begins like it'],
  ['{"age": null}', 'importances.csv: the importance of "age" is null; it takes a number from 0'],
  [Uint8Array.of(0xff, 0xfe), 'importances.csv: is not UTF-8 text'],
])('a file that holds %j', async (text, message) => {
  expect(await mistake(fromImportances(text))).toBe(message);
});

test('the settings hold importances themselves, or the name of their file beside driftgate.yaml', async () => {
  expect({ ...(await fromFile('importance: {age: 0.3}')).check.importances }).toEqual({ age: 0.3 });
  expect(await mistake(fromFile('importance: {age: -0.3}'))).toBe(
    'driftgate.yaml:1:19: importance.age is -0.3; it takes a number from 0',
  );
  expect(await mistake(fromFile('importance: gone.csv'))).toBe('no file of importances "gone.csv"');
  expect(await mistake(fromFile('importance: [age]'))).toBe(
    'driftgate.yaml:1:13: importance is a list; it takes a file (CSV or JSON) or a map from columns to numbers of 0 or more',
  );
});

test('what is read is recorded in place of the name of its file', async () => {
  const { check } = await fromFile('importance: {age: 0.3}');
  expect(check.config.values.importance).toEqual({ age: 0.3 });
});

test('segments are columns, or columns combined', async () => {
  const { check } = await fromFile('segments: [country, [country, device]]');
  expect(check.segments).toEqual([['country'], ['country', 'device']]);
  expect((await fromFile('segments: country')).check.segments).toEqual([['country']]);
  expect((await fromFlags({ segment: ['country', 'country, device'] })).check.segments).toEqual([
    ['country'],
    ['country', 'device'],
  ]);
  expect((await fromFlags({})).check.segments).toBeUndefined();
  expect(await mistake(fromFile('segments: [country, [device, 3]]'))).toBe(
    'driftgate.yaml:1:21: segments, entry 2, is a list; it takes names of columns, or lists of names whose values are combined',
  );
  expect(await mistake(fromFlags({ segment: ['country,,device'] }))).toContain('--segment, entry 1, is a list');
});
