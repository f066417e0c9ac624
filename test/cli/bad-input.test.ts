import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/check.ts';
import { driftgate, temporaryFolder } from './support.ts';

/** Bad input: one line on standard error, exit 2, nothing written. */

const credit = join(import.meta.dirname, '../../fixtures/credit-scoring');
const reference = join(credit, 'reference.parquet');
const healthy = join(credit, 'healthy.csv');

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const run = (...flags: string[]) => {
  const out = flags.includes('--out') ? [] : ['--out', 'out'];
  return driftgate(['check', '--no-color', ...out, ...flags], { folder, api: { check } });
};

beforeAll(() => {
  const lines = readFileSync(healthy, 'utf8').split('\n');
  const parquet = readFileSync(reference);
  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  write('empty.csv', '');
  write('header.csv', `${lines[0]}\n`);
  write('few.csv', `${lines.slice(0, 31).join('\n')}\n`);
  write('ragged.csv', `${lines.slice(0, 1001).join('\n')}\n${'a,b,c\n'.repeat(5)}`);
  write('very-ragged.csv', `${lines.slice(0, 301).join('\n')}\n${'a,b,c\n'.repeat(50)}`);
  write('truncated.parquet', parquet.subarray(0, parquet.length - 2000));
  write('text.parquet', 'hello world, this is text\n');
  write('binary.csv', parquet.subarray(5000, 30_000));
  write('nothing-common.csv', 'x,y\n1,2\n3,4\n');
  write('bad.yaml', 'alpha: 0.01\n  tolerances: [\n');
  write('mistyped.yaml', 'gate:\n  min_rows: 100\ntolerence:\n  a: 1\n');
  mkdirSync(join(folder, 'empty-folder'));
  mkdirSync(join(folder, 'no-data'));
  writeFileSync(join(folder, 'no-data', 'readme.md'), 'hi');
});

describe('input that cannot be used', () => {
  const cases: readonly (readonly [name: string, flags: readonly string[], line: RegExp])[] = [
    ['a missing file', ['-r', reference, '-c', at('nope.csv')], /there is no file ".*nope\.csv"/],
    ['an empty file', ['-r', reference, '-c', at('empty.csv')], /".*empty\.csv" is empty/],
    [
      'a folder without data',
      ['-r', reference, '-c', at('empty-folder')],
      /the folder ".*empty-folder" holds no data file/,
    ],
    ['a folder of other files', ['-r', reference, '-c', at('no-data')], /the folder ".*no-data" holds no data file/],
    ['a glob without a match', ['-r', reference, '-c', at('x*.csv')], /no file matches ".*x\*\.csv"/],
    [
      'a truncated Parquet',
      ['-r', reference, '-c', at('truncated.parquet')],
      /".*truncated\.parquet" is a cut-off Parquet file/,
    ],
    ['a text called Parquet', ['-r', reference, '-c', at('text.parquet')], /".*text\.parquet" is not a Parquet file/],
    ['a binary called CSV', ['-r', reference, '-c', at('binary.csv')], /".*binary\.csv" is not delimited text/],
    [
      'mostly malformed rows',
      ['-r', reference, '-c', at('very-ragged.csv')],
      /".*very-ragged\.csv": 50 of 350 rows cannot be read/,
    ],
    ['no common columns', ['-r', reference, '-c', at('nothing-common.csv')], /have no column in common/],
    [
      'an unknown column',
      ['-r', reference, '-c', healthy, '--prediction', 'predcition'],
      /no column is called "predcition".*did you mean "prediction"\?/,
    ],
    [
      'an unknown option',
      ['-r', reference, '-c', healthy, '--alhpa', '3'],
      /no option is called "--alhpa"; did you mean "--alpha"\?/,
    ],
    ['bad YAML', ['-r', reference, '-c', healthy, '--config', 'bad.yaml'], /^driftgate: bad\.yaml:\d+:\d+: /],
    [
      'an unknown setting',
      ['-r', reference, '-c', healthy, '--config', 'mistyped.yaml'],
      /^driftgate: mistyped\.yaml:3:1: no setting is called "tolerence"; did you mean "tolerances"\?/,
    ],
    ['a bad predicate', ['-r', reference, '-c', healthy, '--where', 'nope > 3'], /where "nope > 3": .*nope/],
    [
      'two statements',
      ['-r', reference, '-c', healthy, '--where', '1 = 1; DROP TABLE x'],
      /where "1 = 1; DROP TABLE x": /,
    ],
    [
      'an unwritable folder',
      ['-r', reference, '-c', healthy, '--out', '/proc/nowhere/at/all'],
      /cannot write "\/proc\/nowhere\/at\/all"/,
    ],
  ];
  for (const [name, flags, line] of cases) {
    it(name, async () => {
      const { exitCode, stdout, stderr } = await run(...flags);
      expect(stderr).toMatch(line);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(existsSync(join(folder, 'out'))).toBe(false);
    });
  }
});

describe('input that can be read and not judged', () => {
  for (const [file, rows] of [
    ['header.csv', 'no rows'],
    ['few.csv', '30 rows'],
  ] as const) {
    it(`${file} writes a report that says why`, async () => {
      const out = join(folder, `out-${file}`);
      const { exitCode, stdout } = await run('-r', reference, '-c', at(file), '--out', out);
      expect(exitCode).toBe(2);
      expect(stdout).toContain('NO VERDICT');
      expect(stdout).toContain(rows);
      expect(readdirSync(out).sort()).toEqual(['report.html', 'report.json']);
      const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
      expect(report.gate).toMatchObject({ status: 'no-verdict', exitCode: 2 });
      expect(report.gate.reason).toContain(rows);
    });
  }

  it('counts malformed rows, with their lines, and goes on', async () => {
    const out = join(folder, 'out-ragged');
    const { exitCode } = await run('-r', reference, '-c', at('ragged.csv'), '--out', out);
    expect(exitCode).toBe(0);
    const { current } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')).datasets;
    expect(current).toMatchObject({ rows: 1000, rejectedRows: 5 });
    expect(current.rejected.map(({ line }: { line: number }) => line)).toEqual([1002, 1003, 1004, 1005, 1006]);
  });
});
