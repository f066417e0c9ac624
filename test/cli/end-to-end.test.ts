import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildPackage, type Ended, start } from './built.ts';
import { temporaryFolder } from './support.ts';

let installed: string;
let folder: string;
beforeAll(async () => {
  installed = await buildPackage();
  folder = temporaryFolder();
  /** Rows in a fixed pseudo-random order, `shift` of the range moved. */
  const rows = (count: number, shift: number) =>
    Array.from({ length: count }, (_, i) => {
      const u = ((i * 7919) % 10007) / 10007;
      return `${(u * 100 + shift).toFixed(3)},${['a', 'b', 'c'][(i * 31) % 3]},${(i * 17) % 5 < 2 ? 1 : 0}`;
    });
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(join(folder, name), `amount,kind,y_pred\n${lines.join('\n')}\n`);
  write('train.csv', rows(5000, 0));
  write('same.csv', rows(2000, 0));
  write('moved.csv', rows(2000, 60));
  write('few.csv', rows(12, 0));
}, 60_000);

const run = (...argv: string[]): Promise<Ended> => start(installed, argv, { cwd: folder }).ended;

test('nothing changed: 0, silence on standard error but for where the reports are', async () => {
  const { exitCode, stdout, stderr } = await run('check', '-r', 'train.csv', '-c', 'same.csv', '--out', 'same');
  expect(stderr).toBe('driftgate: wrote same/report.json and same/report.html\n');
  expect(stdout).not.toBe('');
  expect(exitCode).toBe(0);
});

test('a moved column: 1, by whatever way the report goes', async () => {
  const files = ['-r', 'train.csv', '-c', 'moved.csv'];
  const { exitCode, stdout } = await run('check', ...files, '--json', '--out', 'moved');
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    gate: { status: 'breach', exitCode: 1 },
    columns: expect.arrayContaining([expect.objectContaining({ name: 'amount', outcome: 'drift' })]),
  });
  expect(stdout).toBe(readFileSync(join(folder, 'moved', 'report.json'), 'utf8'));
  expect(await run('check', ...files, '--no-out', '--quiet')).toMatchObject({ exitCode: 1, stdout: '', stderr: '' });
  expect((await run('check', ...files, '--no-out', '--ignore', 'amount')).exitCode).toBe(0);
  expect((await run('render', 'moved/report.json', '--format', 'html')).stdout).toBe(
    readFileSync(join(folder, 'moved', 'report.html'), 'utf8'),
  );
});

test('too few rows: 2, and the report says so', async () => {
  const { exitCode, stdout } = await run('check', '-r', 'train.csv', '-c', 'few.csv', '--json', '--no-out');
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout).gate.status).toBe('no-verdict');
});

test('a file that is not there: 2 and one line, no folder made', async () => {
  const { exitCode, stdout, stderr } = await run('check', '-r', 'train.csv', '-c', 'nowhere.csv', '--out', 'none');
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^driftgate: .*nowhere\.csv.*\n$/);
});

test('init, then check with what it wrote', async () => {
  const made = await run('init', '-r', 'train.csv', '-o', 'gate.yaml');
  expect(made.exitCode).toBe(0);
  const yaml = readFileSync(join(folder, 'gate.yaml'), 'utf8');
  expect(yaml).toMatch(/\n {2}y_pred:\n {4}role: prediction {2}# /);
  const { exitCode, stdout } = await run('check', '--config', 'gate.yaml', '-c', 'same.csv', '--json', '--no-out');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).config).toMatchObject({
    file: 'gate.yaml',
    values: { columns: { y_pred: { role: 'prediction' } } },
  });
});

test('standard input is read', async () => {
  const { child, ended } = start(installed, ['check', '-r', 'train.csv', '-c', '-', '--no-out', '-q'], { cwd: folder });
  child.stdin.end(readFileSync(join(folder, 'moved.csv')));
  expect(await ended).toMatchObject({ exitCode: 1, stdout: '', stderr: '' });
});

test('measures', async () => {
  expect((await run('measures')).stdout).toContain('kolmogorov-smirnov*');
});
