import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildPackage, start } from './built.ts';
import { temporaryFolder } from './support.ts';

let installed: string;
beforeAll(async () => {
  installed = await buildPackage();
}, 60_000);

/** Keeps the engine busy for longer than any test may take. */
const endless = '(SELECT sum(sqrt(i)) FROM range(1000000000000) AS t(i)) > 0';

function folderWithData(): string {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 500 }, (_, i) => `${(i * 37) % 101},${i % 3 === 0 ? 'a' : 'b'}`);
  writeFileSync(join(folder, 'data.csv'), `amount,kind\n${rows.join('\n')}\n`);
  return folder;
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s while a query runs: 130 within a second, nothing left behind',
  async (signal) => {
    const folder = folderWithData();
    const temporary = temporaryFolder();
    const { child, ended } = start(installed, ['check', '-r', 'data.csv', '-c', 'data.csv', '--where', endless], {
      cwd: folder,
      temporary,
    });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(child.exitCode).toBeNull();
    const asked = performance.now();
    child.kill(signal);
    expect(await ended).toMatchObject({ exitCode: 130, signal: null, stdout: '', stderr: 'driftgate: interrupted\n' });
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(existsSync(join(folder, 'driftgate-report'))).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
  },
);

test('a signal while the data comes in on standard input', async () => {
  const folder = folderWithData();
  const temporary = temporaryFolder();
  const { child, ended } = start(installed, ['check', '-r', 'data.csv', '-c', '-'], { cwd: folder, temporary });
  child.stdin.write('amount,kind\n1,a\n');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(child.exitCode).toBeNull();
  const asked = performance.now();
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ exitCode: 130, stdout: '', stderr: 'driftgate: interrupted\n' });
  expect(performance.now() - asked).toBeLessThan(1000);
  expect(existsSync(join(folder, 'driftgate-report'))).toBe(false);
  expect(readdirSync(temporary)).toEqual([]);
});

// a thread that waited for the pipe kept the process alive until somebody wrote to it
test.skipIf(process.platform === 'win32').each(['nobody writes to', 'is written to slowly'])(
  'a signal while the data comes in from a named pipe that %s',
  async (how) => {
    const folder = folderWithData();
    const temporary = temporaryFolder();
    execFileSync('mkfifo', [join(folder, 'slow.csv')]);
    const writer =
      how === 'nobody writes to'
        ? null
        : spawn('sh', ['-c', '(echo amount,kind; sleep 60) > slow.csv'], { cwd: folder, detached: true });
    const { child, ended } = start(installed, ['check', '-r', 'data.csv', '-c', 'slow.csv'], {
      cwd: folder,
      temporary,
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(child.exitCode).toBeNull();
    const asked = performance.now();
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ exitCode: 130, stdout: '', stderr: 'driftgate: interrupted\n' });
    expect(performance.now() - asked).toBeLessThan(1000);
    if (writer) process.kill(-writer.pid!);
    expect(existsSync(join(folder, 'driftgate-report'))).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
  },
);
