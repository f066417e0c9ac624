import { describe, expect, test } from 'vitest';
import { fromFile, fromFlags, mistake } from './support.ts';

/** `columns.<name>.gate`: a measure that decides on a column. */

const gate = (text: string, more = '') => fromFile(`columns:\n  age:\n${more}    gate: {${text}}\n`);

describe('a measure of its own for a column', () => {
  test('by alias or id, in the file or by --set', async () => {
    const expected = { measure: 'kolmogorov-smirnov', warn: 0.1, fail: 0.2 };
    for (const name of ['ks', 'kolmogorov-smirnov']) {
      const { check } = await gate(`measure: ${name}, warn: 0.1, fail: 0.2`);
      expect(check.verdict.columns.age).toEqual({ gate: expected });
    }
    const { check } = await fromFlags({
      set: ['columns.a.b.gate.measure=ks', 'columns.a.b.gate.warn=0.1', 'columns.a.b.gate.fail=0.2'],
    });
    expect(check.verdict.columns['a.b']).toEqual({ gate: expected });
  });

  test('stands beside the column’s other settings, and in the record of the run', async () => {
    const { check } = await gate('measure: wasserstein, warn: 2, fail: 5', '    role: prediction\n    kind: numeric\n');
    expect(check.verdict.columns.age).toEqual({
      role: 'prediction',
      kind: 'numeric',
      gate: { measure: 'wasserstein', warn: 2, fail: 5 },
    });
    expect(check.config.values.columns).toMatchObject({ age: { gate: { warn: 2 } } });
  });

  test('nothing written is nothing set', async () => {
    expect((await fromFile('columns:\n  age:\n    gate:\n')).check.verdict.columns.age).toBeUndefined();
  });
});

test.each([
  [
    'measure: kss, warn: 0.1, fail: 0.2',
    '',
    'driftgate.yaml:3:21: columns.age.gate.measure is "kss", and no measure is called that; did you mean "ks"?',
  ],
  [
    'measure: ks, fail: 0.2',
    '',
    'driftgate.yaml:3:21: columns.age.gate.measure needs warn beside it: there is no default for it',
  ],
  [
    'measure: ks, warn: 0.2',
    '',
    'driftgate.yaml:3:21: columns.age.gate.measure needs fail beside it: there is no default for it',
  ],
  ['warn: 0.1, fail: 0.2', '', 'driftgate.yaml:3:18: columns.age.gate.warn needs the measure beside it'],
  [
    'measure: ks, warn: 0.3, fail: 0.2',
    '',
    'driftgate.yaml:3:31: columns.age.gate.warn is 0.3, above the 0.2 at fail; raise that as well',
  ],
  [
    'measure: ks, warn: 0.1, fail: 0.2',
    '    kind: categorical\n',
    'driftgate.yaml:4:21: columns.age.gate.measure is "ks", which compares numeric or datetime columns; this one is categorical',
  ],
  [
    'measure: ks, warn: -1, fail: 0.2',
    '',
    'driftgate.yaml:3:31: columns.age.gate.warn is -1; it takes a number from 0',
  ],
  [
    'mesure: ks, warn: 0.1, fail: 0.2',
    '',
    'driftgate.yaml:3:12: no setting is called "columns.age.gate.mesure"; did you mean "columns.age.gate.measure"?',
  ],
])('gate: {%s}%s', async (text, more, line) => {
  expect(await mistake(gate(text, more))).toBe(line);
});
