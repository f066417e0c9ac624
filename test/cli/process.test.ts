import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { version } from '../../src/index.ts';
import { renderJson } from '../../src/report/json.ts';
import { buildReport, widePlans } from '../support/report-builder.ts';
import { buildPackage, type Ended, root, start } from './built.ts';
import { temporaryFolder } from './support.ts';

let installed: string;
beforeAll(async () => {
  installed = await buildPackage();
}, 60_000);

/** A report larger than any pipe's buffer. */
const report = renderJson(buildReport({ columns: widePlans(300), status: 'breach' }));
const saved = (): string => {
  const path = join(temporaryFolder(), 'report.json');
  writeFileSync(path, report);
  return path;
};
const bash = (script: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const program = join(installed, 'bin', 'driftgate.js');
    execFile(
      'bash',
      ['-c', script, 'bash', process.execPath, program, ...args],
      { maxBuffer: 1e9 },
      (error, stdout, stderr) => {
        resolve({ exitCode: error ? (error.code as number) : 0, signal: error?.signal ?? null, stdout, stderr });
      },
    );
  });

test('--version and --help need none of the heavy libraries', async () => {
  const folder = temporaryFolder();
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(installed, part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules', 'commander'), join(folder, 'node_modules', 'commander'));
  expect(await start(folder, ['--version']).ended).toMatchObject({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  expect(await start(folder, ['check', '--help']).ended).toMatchObject({ exitCode: 0, stderr: '' });
});

test('an old Node is told so before anything is imported', async () => {
  const pretend = "data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.18.3' } })";
  const ended = await start(installed, ['--version'], { node: ['--import', pretend] }).ended;
  expect(ended).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: `driftgate: needs Node 20.19 or newer; this is ${process.version}\n`,
  });
});

test('a fresh clone is told to build', async () => {
  const folder = temporaryFolder();
  for (const part of ['bin', 'package.json']) cpSync(join(installed, part), join(folder, part), { recursive: true });
  expect(await start(folder, ['--version']).ended).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: 'driftgate: not built yet; run "npm run build" in its folder first\n',
  });
});

describe('standard output', () => {
  test('is written to its end before the process ends', async () => {
    const { exitCode, stdout } = await start(installed, ['render', saved(), '--format', 'json']).ended;
    expect(exitCode).toBe(0);
    expect(stdout === report).toBe(true);
    const slow = await bash('"$1" "$2" render "$3" --format json | (sleep 0.3; cat)', saved());
    expect(slow.stdout === report).toBe(true);
  });

  test('a reader that goes away ends nothing but the output', async () => {
    const script = '"$1" "$2" render "$3" --format json | head -c 10 > /dev/null; echo "$PIPESTATUS"';
    expect(await bash(script, saved())).toMatchObject({ stdout: '0\n', stderr: '' });
  });

  test('a full device is an error', async () => {
    expect(await bash('"$1" "$2" render "$3" --format json > /dev/full', saved())).toMatchObject({
      exitCode: 2,
      stderr: 'driftgate: cannot write "standard output": no space left on the device\n',
    });
  });

  test('a device named as a file is written to and stays a device', async () => {
    const { stdout } = await bash('"$1" "$2" render "$3" --format json -o /dev/stdout | cat', saved());
    expect(stdout === report).toBe(true);
  });
});

test('mistakes and unknown files are one line and exit code 2', async () => {
  expect(await start(installed, ['render', 'nowhere.json']).ended).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: 'driftgate: no file "nowhere.json"\n',
  });
});

test('a signal while waiting for standard input: 130 at once', async () => {
  // how long this machine takes at this moment until the program listens; nothing else tells
  const before = performance.now();
  await start(installed, ['--version']).ended;
  const startUp = 300 + 3 * (performance.now() - before);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { child, ended } = start(installed, ['render', '-']);
    await new Promise((resolve) => setTimeout(resolve, startUp));
    const asked = performance.now();
    child.kill(signal);
    expect(await ended).toMatchObject({ exitCode: 130, stdout: '', stderr: 'driftgate: interrupted\n' });
    expect(performance.now() - asked).toBeLessThan(1000);
  }
});

test('the door is plain enough for an old Node to read', () => {
  const text = readFileSync(join(installed, 'bin', 'driftgate.js'), 'utf8');
  expect(text).not.toMatch(/^import |\?\.|\?\?|^await /m);
});
