import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { driftgate } from './support.ts';

const log = fileURLToPath(new URL('../../fixtures/card-payments/log.parquet', import.meta.url));
const versions = ['compare', '--champion', '3', '--challenger', '4'];

it('writes what it found, prints a summary and says by the exit code that the challenger is worse', async () => {
  const { exitCode, stdout, stderr, folder } = await driftgate([...versions, log]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('the challenger is worse: the Brier score');
  expect(stderr).toBe(
    'driftgate: wrote driftgate-report/compare.json, driftgate-report/compare.html and driftgate-report/compare.md\n',
  );
  expect(readdirSync(join(folder, 'driftgate-report')).sort()).toEqual(['compare.html', 'compare.json', 'compare.md']);
  const schema = readFileSync(new URL('../../docs/compare.schema.json', import.meta.url), 'utf8');
  const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false }).compile(JSON.parse(schema));
  validate(JSON.parse(readFileSync(join(folder, 'driftgate-report/compare.json'), 'utf8')));
  expect(validate.errors).toBeNull();
}, 60_000);

it('prints JSON, takes the settings of a check, and passes a challenger that is no worse', async () => {
  const { exitCode, stdout, stderr } = await driftgate([
    'compare',
    log,
    ...'--champion 4 --challenger 3 --json --no-out --join-key request_id --fail-on P1 --set outcomes.drop.warn=0.01'.split(
      ' ',
    ),
  ]);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'compare',
    gate: { failOn: 'P1', exitCode: 0 },
    paired: {
      key: 'request_id',
      rows: 2000,
      // 4 leaves 0 … 1, so its score is no probability
      metrics: [{ id: 'accuracy', tolerated: { warn: 0.01 } }],
    },
  });
}, 60_000);

it.each([
  ['', 'compare needs --champion VERSION, one of the versions in the log'],
  ['--champion 3', 'compare needs --challenger VERSION, one of the versions in the log'],
  [
    '--champion 3 --challenger 4 --format csv',
    '--format is "csv"; a comparison is drawn as json, html, markdown or terminal',
  ],
  [
    '--champion 3 --challenger 9',
    '--challenger is "9", and "model_version" holds no such version; it holds "3" (2,000 rows), "4" (2,000 rows)',
  ],
  [
    '--champion 3 --challenger 4 --label verdict',
    'no column of the log is called "verdict"; there are 12, e.g. "request_id"',
  ],
])(
  'compare %s: one line, exit code 2',
  async (flags, message) => {
    const { exitCode, stdout, stderr } = await driftgate([
      'compare',
      log,
      ...flags.split(' ').filter(Boolean),
      '--no-out',
    ]);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: `driftgate: ${message}\n` });
  },
  60_000,
);

it('render draws a saved comparison in every form, the same as when it was made', async () => {
  const forms = ['json', 'html', 'markdown', 'terminal'];
  const { folder } = await driftgate([...versions, log, '--format', forms.join(','), '--quiet']);
  const saved = join(folder, 'driftgate-report/compare.json');
  const names = { json: 'compare.json', html: 'compare.html', markdown: 'compare.md', terminal: 'compare.txt' };
  for (const [format, name] of Object.entries(names)) {
    const written = readFileSync(join(folder, 'driftgate-report', name), 'utf8');
    const { exitCode, stdout } = await driftgate(['render', saved, '--format', format]);
    expect({ exitCode, same: stdout === written }, format).toEqual({ exitCode: 0, same: true });
    // by the name of what is written
    expect((await driftgate(['render', saved, '-o', join(folder, `other${extname(name)}`)])).exitCode).toBe(0);
    expect(readFileSync(join(folder, `other${extname(name)}`), 'utf8') === written, name).toBe(true);
  }
  expect((await driftgate(['render', saved])).stdout).toContain('The champion is better by accuracy');

  const csv = await driftgate(['render', saved, '--format', 'csv']);
  expect([csv.exitCode, csv.stderr]).toEqual([
    2,
    'driftgate: --format is "csv"; a comparison is drawn as json, html, markdown or terminal\n',
  ]);
  const explained = await driftgate(['explain', saved]);
  expect(explained.exitCode).toBe(2);
  expect(explained.stderr).toMatch(
    /is a comparison of two versions; expected the report\.json that "driftgate check" wrote\n$/,
  );
  const damaged = JSON.stringify({ ...JSON.parse(readFileSync(saved, 'utf8')), standing: 3 });
  expect((await driftgate(['render', '-'], { stdin: damaged })).stderr).toMatch(
    /^driftgate: standard input is damaged: .*standing/,
  );
  const older = damaged.replace('"schemaVersion":1', '"schemaVersion":0');
  expect((await driftgate(['render', '-'], { stdin: older })).stderr).toBe(
    'driftgate: standard input was written by an older driftgate: report version 0, this one reads version 1; run "driftgate compare" again\n',
  );
}, 120_000);

it('needs a log, and not standard input', async () => {
  expect((await driftgate('compare --champion 3 --challenger 4')).stderr).toBe(
    'driftgate: compare needs <log>; see "driftgate compare --help"\n',
  );
  expect((await driftgate('compare --champion 3 --challenger 4 - --no-out')).stderr).toContain('standard input');
});

it('check keeps the rows of one version', async () => {
  const reference = fileURLToPath(new URL('../../fixtures/card-payments/reference.parquet', import.meta.url));
  const { check } = await import('../../src/index.ts');
  const line = ['check', '-r', reference, '-c', log, '--no-out'];
  const third = await driftgate([...line, '--model-version', '3'], { api: { check } });
  expect(third.exitCode).toBe(0);
  expect(third.stdout).toContain(
    'only the 2,000 rows of the model "3" in "model_version"; left out: "4" (2,000\n  rows)',
  );
  const both = await driftgate(line, { api: { check } });
  expect(both.stdout.replace(/\n {2}/g, ' ')).toContain(
    '"model_version" names 2 versions of the model, judged together: "3" (2,000 rows), "4" (2,000 rows); --model-version picks one',
  );
  const none = await driftgate([...line, '--model-version', '5'], { api: { check } });
  expect([none.exitCode, none.stderr]).toEqual([
    2,
    'driftgate: --model-version is "5", and "model_version" holds no such version; it holds "3" (2,000 rows), "4" (2,000 rows)\n',
  ]);
}, 60_000);
