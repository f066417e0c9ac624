import { expect, test } from 'vitest';
import { settings, version } from '../../src/index.ts';
import { driftgate, sides } from './support.ts';

test.each([
  ['chek', 'no command is called "chek"; did you mean "check"?'],
  [
    'xyzzy',
    'no command is called "xyzzy"; there are check, compare, profile, merge, init, render, explain and measures',
  ],
  ['--verison', 'no option is called "--verison"; did you mean "--version"?'],
  ['check --refrence a', 'no option is called "--refrence"; did you mean "--reference"?'],
  ['check --xyzzy', 'no option is called "--xyzzy"; "driftgate check --help" lists them'],
  ['check --strict=1', '--strict takes no value; found "1"'],
  ['check --out', '--out needs a value'],
  ['check --reference', '--reference needs a value'],
  ['check --reference --current a.csv', '--reference needs a value; found the option --current'],
  ['check --reference -c a.csv', '--reference needs a value; found the option -c'],
  ['check train.csv today.csv', '"train.csv" belongs to no option; data is given with --reference and --current'],
  ['measures all', '"all" belongs to no option'],
  ['check', 'no reference data; give --reference PATH, or "reference" in driftgate.yaml'],
  ['check --reference a.csv', 'no current data; give --current PATH, or "current" in driftgate.yaml'],
  ['check --alpha 0.01 -c a.csv --alpha=0.05', '--alpha "0.01" and --alpha "0.05" were both given, where one is taken'],
  ['check --strict --no-strict', '--strict and --no-strict were both given, where one is taken'],
  [
    'check --where a=1 --where b=2',
    '--where "a=1" and --where "b=2" were both given, where one is taken; AND joins two conditions into one',
  ],
  ['render a.json -o b.md -o c.md', '--output "b.md" and --output "c.md" were both given, where one is taken'],
  [
    `check ${sides} --min-rows 50 --set gate.min_rows=60`,
    '"gate.min_rows" is given twice: --min-rows "50" and --set "60"',
  ],
  [`check ${sides} --fail-on P7`, '--fail-on is "P7"; it takes P1, P2 or P3'],
  [`check ${sides} --config nowhere.yaml`, 'no configuration file "nowhere.yaml"'],
  ['render', 'render needs <report>; see "driftgate render --help"'],
  ['render x.json --format htm', 'no format of the report is called "htm"; did you mean "html"?'],
  [`check ${sides} --format json,htm`, 'no format of the report is called "htm"; did you mean "html"?'],
  ['render nowhere.json', 'no file "nowhere.json"'],
  ['init', 'no reference data; give --reference PATH'],
  ['profile', 'no reference data; give --reference PATH, or "reference" in driftgate.yaml'],
  ['profile a.csv --min-count x', '--min-count is "x"; it takes a whole number of rows, 1 or more'],
  ['profile a.csv --like nowhere.json', 'no file "nowhere.json"'],
  ['merge', 'merge needs <profiles>; see "driftgate merge --help"'],
  ['merge a.json b.json', 'no file "a.json"'],
])('driftgate %s: one line on standard error, exit code 2', async (line, message) => {
  const { exitCode, stdout, stderr } = await driftgate(line);
  expect(stderr).toBe(`driftgate: ${message}\n`);
  expect(stdout).toBe('');
  expect(exitCode).toBe(2);
});

test('control characters of a mistyped word reach no terminal', async () => {
  const { stderr, exitCode } = await driftgate(['check', '--\u001b[31mred\u0007']);
  expect(stderr).toBe(
    'driftgate: no option is called "--\\u001b[31mred\\u0007"; "driftgate check --help" lists them\n',
  );
  expect(exitCode).toBe(2);
});

test('nothing at all prints the help to standard error and is no pass', async () => {
  const { exitCode, stdout, stderr } = await driftgate('');
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain('Usage: driftgate <command> [options]');
});

test('--version', async () => {
  expect(await driftgate('--version')).toMatchObject({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help: commands, examples and exit codes within 80 columns', async () => {
  const { exitCode, stdout } = await driftgate('--help');
  expect(exitCode).toBe(0);
  for (const word of ['check', 'init', 'render', 'measures', 'Examples:', 'Exit codes:', '130'])
    expect(stdout).toContain(word);
  for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});

test('the help of check and profile names every flag of the table, and help check is the same', async () => {
  const { exitCode, stdout } = await driftgate('check --help');
  expect(exitCode).toBe(0);
  const profile = await driftgate('profile --help');
  for (const { flag, group } of settings) {
    const help = group === 'Profile' ? profile.stdout : stdout;
    if (flag) expect(help).toContain(`--${flag.negative ? 'no-' : ''}${flag.name}`);
  }
  for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  expect((await driftgate('help check')).stdout).toBe(stdout);
});

test('measures: a table of 80 columns', async () => {
  const { exitCode, stdout } = await driftgate('measures');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('population-stability-index*');
  expect(stdout).toContain('hellinger ');
  for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});
