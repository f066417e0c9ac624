import { expect, test } from 'vitest';
import { DriftError } from '../../src/model/errors.ts';
import { fromFile, fromFlags, mistake } from './support.ts';

test.each([
  // unknown names
  [
    'a mistyped setting',
    'alpha: 0.01\n\n# how far\ntolerence:\n  feature: {}\n',
    'driftgate.yaml:4:1: no setting is called "tolerence"; did you mean "tolerances"?',
  ],
  [
    'a mistyped setting inside a map',
    'gate:\n  min_rows: 5\n  failon: P1\n',
    'driftgate.yaml:3:3: no setting is called "gate.failon"; did you mean "gate.fail_on"?',
  ],
  [
    'the right word at the wrong level',
    'fail_on: P1\n',
    'driftgate.yaml:1:1: no setting is called "fail_on"; did you mean "gate.fail_on"?',
  ],
  [
    'dots for levels, as in messages and --set',
    'gate.fail_on: P1\n',
    'driftgate.yaml:1:1: no setting is called "gate.fail_on"; it is written as gate: {fail_on: …}',
  ],
  [
    'dots for levels below a level',
    'tolerances:\n  feature.warn: {}\n  feature:\n    warn.phi_squared: 0.2\n',
    'driftgate.yaml:2:3: no setting is called "tolerances.feature.warn"; it is written as tolerances: {feature: {warn: …}}',
  ],
  [
    'a hyphen for an underscore',
    'runs-per-year: 365\n',
    'driftgate.yaml:1:1: no setting is called "runs-per-year"; did you mean "runs_per_year"?',
  ],
  [
    'nothing like it at the top',
    'alpha: 0.01\nxyzzy: 1\n',
    'driftgate.yaml:2:1: no setting is called "xyzzy"; docs/config.md lists them all',
  ],
  [
    'nothing like it inside a map',
    'csv:\n  xyzzy: 1\n',
    'driftgate.yaml:2:3: no setting is called "csv.xyzzy"; csv has delimiter, decimal, header, nulls, encoding',
  ],
  [
    'inside a column, whose name is hostile',
    'columns:\n  "a\\nb.c":\n    rolle: id\n',
    'driftgate.yaml:3:5: no setting is called "columns.\\"a\\nb.c\\".rolle"; did you mean "columns.\\"a\\nb.c\\".role"?',
  ],
  [
    'in a flow map',
    'gate: {fail_on: P1, mn_rows: 3}\n',
    'driftgate.yaml:1:21: no setting is called "gate.mn_rows"; did you mean "gate.min_rows"?',
  ],
  ['a name that is no text', '1: 2\n', 'driftgate.yaml:1:1: no setting is called "1"; docs/config.md lists them all'],

  // wrong values
  [
    'text for a number',
    'alpha: high\n',
    'driftgate.yaml:1:8: alpha is "high"; it takes a number above 0 and at most 0.5',
  ],
  [
    'a number in quotation marks',
    'alpha: "0.01"\n',
    'driftgate.yaml:1:8: alpha is "0.01"; it takes a number above 0 and at most 0.5',
  ],
  ['out of range', 'alpha: 0.7\n', 'driftgate.yaml:1:8: alpha is 0.7; it takes a number above 0 and at most 0.5'],
  [
    'not a number at all',
    'alpha: .nan\n',
    'driftgate.yaml:1:8: alpha is NaN; it takes a number above 0 and at most 0.5',
  ],
  ['zero', 'alpha: 0\n', 'driftgate.yaml:1:8: alpha is 0; it takes a number above 0 and at most 0.5'],
  [
    'a broken number of rows',
    'gate:\n  min_rows: 2.5\n',
    'driftgate.yaml:2:13: gate.min_rows is 2.5; it takes a whole number from 1 to 1000000000',
  ],
  [
    'a severity that does not exist',
    'gate:\n  fail_on: P4\n',
    'driftgate.yaml:2:12: gate.fail_on is "P4"; it takes P1, P2 or P3',
  ],
  ['yes, which is text', 'gate:\n  strict: yes\n', 'driftgate.yaml:2:11: gate.strict is "yes"; it takes true or false'],
  [
    'no value',
    'sensitivity:\nalpha: 0.01\n',
    'driftgate.yaml:1:1: sensitivity has no value; it takes high, standard or low',
  ],
  [
    'a list for a map',
    'gate: [1]\n',
    'driftgate.yaml:1:7: gate is a list; it takes settings: fail_on, min_rows, strict',
  ],
  [
    'a value for a map',
    'tolerances:\n  feature: 0.2\n',
    'driftgate.yaml:2:12: tolerances.feature is 0.2; it takes settings: warn, fail',
  ],
  [
    'a map for a value',
    'reference:\n  path: a.csv\n',
    'driftgate.yaml:2:3: reference is a map; it takes a path or a list of paths',
  ],
  [
    'a number in a list of paths',
    'reference:\n  - a.csv\n  - 2024\n',
    'driftgate.yaml:3:5: reference, entry 2, is 2024; it takes a path or a list of paths',
  ],
  [
    'an empty list',
    'reference: []\n',
    'driftgate.yaml:1:12: reference is an empty list; it takes a path or a list of paths',
  ],
  [
    'a role that does not exist',
    'columns:\n  y: {role: target}\n',
    'driftgate.yaml:2:13: columns.y.role is "target"; it takes feature, prediction, score, label, timestamp, id, segment, model_version, latency, status or ignore',
  ],
  [
    'a role without its key',
    'columns:\n  y: label\n',
    'driftgate.yaml:2:6: columns.y is "label"; it takes settings of that column: role, kind, tolerances, gate, class',
  ],
  [
    'columns as a list',
    'columns: [y]\n',
    'driftgate.yaml:1:10: columns is a list; it takes names of columns, each with its settings',
  ],
  [
    'a tolerance beyond its scale',
    'columns:\n  y:\n    tolerances:\n      warn: {cell_change: 7}\n',
    'driftgate.yaml:4:27: columns.y.tolerances.warn.cell_change is 7; it takes a number from 0 to 1',
  ],
  [
    'a size without a unit',
    'memory_limit: 600\n',
    'driftgate.yaml:1:15: memory_limit is 600; it takes a size such as 600MB or 2GB',
  ],
  [
    'two characters for a delimiter',
    'csv:\n  delimiter: "||"\n',
    'driftgate.yaml:2:14: csv.delimiter is "||"; it takes one character such as ";" (or "\\t" for a tab)',
  ],
  [
    'a measure that does not exist',
    'measures: [psi, kss]\n',
    'driftgate.yaml:1:11: no measure is called "kss"; did you mean "ks"?',
  ],
  [
    'the first of several, in the order of the file',
    'zeta: 1\nalpha: x\n',
    'driftgate.yaml:1:1: no setting is called "zeta"; docs/config.md lists them all',
  ],

  // settings that contradict each other
  [
    'a budget beside alpha',
    'alpha: 0.01\nfalse_alarms_per_year: 2\nruns_per_year: 365\n',
    'driftgate.yaml:2:1: false_alarms_per_year and alpha both set the error of a run; keep one',
  ],
  [
    'half a budget',
    'false_alarms_per_year: 2\n',
    'driftgate.yaml:1:24: false_alarms_per_year needs runs_per_year beside it',
  ],
  [
    'the other half',
    'runs_per_year: 2\n',
    'driftgate.yaml:1:16: runs_per_year sets nothing by itself; it goes with false_alarms_per_year',
  ],
  [
    'a budget that is no restraint',
    'false_alarms_per_year: 8\nruns_per_year: 10\n',
    'driftgate.yaml:1:24: false_alarms_per_year is 8 in 10 runs, an alpha of 0.8; it takes at most half as many as runs',
  ],
  [
    'warn above fail',
    'tolerances:\n  feature:\n    warn:\n      phi_squared: 0.3\n',
    'driftgate.yaml:4:20: tolerances.feature.warn.phi_squared is 0.3, above the 0.25 at fail; raise that as well',
  ],
  [
    'fail below warn',
    'tolerances:\n  prediction:\n    fail: {cell_change: 0.01}\n',
    'driftgate.yaml:3:25: tolerances.prediction.fail.cell_change is 0.01, below the 0.05 at warn; lower that as well',
  ],
  [
    'warn above fail, of one column',
    'columns:\n  y:\n    tolerances: {warn: {phi_squared: 0.3}, fail: {phi_squared: 0.2}}\n',
    'driftgate.yaml:3:38: columns.y.tolerances.warn.phi_squared is 0.3, above the 0.2 at fail; raise that as well',
  ],

  // not a map of settings, or not YAML
  [
    'an empty file',
    '',
    'driftgate.yaml:1:1: the file sets nothing; write a setting such as "alpha: 0.01" or remove it',
  ],
  [
    'comments only',
    '# later\n',
    'driftgate.yaml:1:1: the file sets nothing; write a setting such as "alpha: 0.01" or remove it',
  ],
  [
    'a list at the top',
    '- alpha: 0.01\n',
    'driftgate.yaml:1:1: the file is a list; it takes settings such as "alpha: 0.01"',
  ],
  [
    'a text at the top',
    'alpha\n',
    'driftgate.yaml:1:1: the file is the value "alpha"; it takes settings such as "alpha: 0.01"',
  ],
  ['the same twice', 'alpha: 0.01\ngate:\n  strict: true\nalpha: 0.02\n', 'driftgate.yaml:4:1: "alpha" is set twice'],
  [
    'the same column twice',
    'columns:\n  "a b": {role: id}\n  a b: {role: label}\n',
    'driftgate.yaml:3:3: "a b" is set twice',
  ],
  ['a tab', 'gate:\n\tstrict: true\n', 'driftgate.yaml:2:1: tabs are not allowed as indentation'],
  [
    'an open bracket',
    'reference: [a.csv\nalpha: 0.01\n',
    'driftgate.yaml:2:1: flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  ['an open quotation mark', 'reference: "a.csv\n', 'driftgate.yaml:2:1: missing closing "quote'],
  ['a tag of another tool', 'alpha: !env ALPHA\n', 'driftgate.yaml:1:8: unresolved tag: !env'],
  [
    'two documents',
    'alpha: 0.01\n---\nalpha: 0.02\n',
    'driftgate.yaml:2:1: a second document starts here; the file takes one',
  ],
  ['an alias to nothing', 'gate: *strict\n', 'driftgate.yaml:1:7: nothing is called "&strict"'],
])('%s', async (_, yaml, line) => {
  expect(await mistake(fromFile(yaml))).toBe(line);
});

test.each([
  ['text for a number', { alpha: 'high' }, '--alpha is "high"; it takes a number above 0 and at most 0.5'],
  [
    'hexadecimal, which JavaScript would take',
    { alpha: '0x0' },
    '--alpha is "0x0"; it takes a number above 0 and at most 0.5',
  ],
  [
    'nothing, which JavaScript would take for 0',
    { threads: '' },
    '--threads is ""; it takes a whole number from 1 to 1024',
  ],
  ['a severity', { 'fail-on': 'p2' }, '--fail-on is "p2"; it takes P1, P2 or P3'],
  ['a measure', { measures: ['psi,kss'] }, 'no measure is called "kss"; did you mean "ks"?'],
  [
    'an assignment without a value',
    { set: ['strict'] },
    '--set is "strict"; it takes KEY=VALUE such as gate.min_rows=500',
  ],
  [
    'an assignment to nothing',
    { set: ['gate.fial_on=P1'] },
    '--set: no setting is called "gate.fial_on"; did you mean "gate.fail_on"?',
  ],
  [
    'an assignment of nonsense',
    { set: ['severity.nulls_up=P9'] },
    '--set: severity.nulls_up is "P9"; it takes P1, P2, P3 or off',
  ],
  ['an assignment to a map', { set: ['gate=P1'] }, '--set: gate is "P1"; it takes settings: fail_on, min_rows, strict'],
  [
    'an assignment to a map and into it',
    { set: ['gate=P1', 'gate.strict=true'] },
    '--set: gate is "P1"; it takes settings: fail_on, min_rows, strict',
  ],
  [
    'an assignment to a prototype',
    { set: ['__proto__.polluted=1'] },
    '--set: no setting is called "__proto__"; docs/config.md lists them all',
  ],
  ['two roles', { label: ['y'], prediction: ['y'] }, 'the column "y" is given to --prediction and to --label'],
  [
    'a budget beside alpha',
    { alpha: '0.01', 'false-alarms-per-year': '2' },
    '--false-alarms-per-year and --alpha both set the error of a run; keep one',
  ],
  ['half a budget', { 'false-alarms-per-year': '2' }, '--false-alarms-per-year needs runs_per_year beside it'],
  [
    'standard input for both',
    { reference: ['-'], current: ['-'] },
    'standard input can be read once; only one of --reference and --current can be -',
  ],
  ['no current data', { current: undefined }, 'no current data; give --current PATH, or "current" in driftgate.yaml'],
])('a flag: %s', async (_, flags, line) => {
  expect(await mistake(fromFlags(flags))).toBe(line);
  await expect(fromFlags(flags)).rejects.toThrow(DriftError);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('a file that is not there', async () => {
  expect(await mistake(fromFlags({ config: 'conf/x.yaml' }))).toBe('no configuration file "conf/x.yaml"');
  expect(await mistake(fromFlags({ config: '.' }))).toBe('cannot read ".": it is a folder');
});

test('mistakes in the file are of the file, mistakes in flags of the flags', async () => {
  await expect(fromFile('alpha: 2\n')).rejects.toMatchObject({ code: 'BAD_CONFIG' });
  await expect(fromFlags({ alpha: '2' })).rejects.toMatchObject({ code: 'BAD_OPTION' });
});
