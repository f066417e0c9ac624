import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect } from 'vitest';
import { schemaErrors } from '../support/published-schema.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const built: string[] = [];
afterAll(() => {
  const errors = built.flatMap((folder) => reportsOf(folder).flatMap((json) => schemaErrors(json) ?? []));
  for (const folder of built) rmSync(folder, { recursive: true, force: true });
  expect(errors, 'every report of the built package is what docs/report.schema.json says').toEqual([]);
});

/** Every report that the package made, in whatever process and form. */
function reportsOf(folder: string): string[] {
  const kept = join(folder, 'reports');
  return readdirSync(kept).map((name) => readFileSync(join(kept, name), 'utf8'));
}

/** Has the built package keep a copy of each report that it makes; all else stays as it is. */
function keepReports(folder: string): void {
  mkdirSync(join(folder, 'reports'));
  renameSync(join(folder, 'build', 'check.js'), join(folder, 'build', 'kept-check.js'));
  writeFileSync(
    join(folder, 'build', 'check.js'),
    `import { writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import * as kept from './kept-check.js';
export * from './kept-check.js';
export async function check(...given) {
  const report = await kept.check(...given);
  writeFileSync(${JSON.stringify(join(folder, 'reports'))} + '/' + randomUUID() + '.json', JSON.stringify(report));
  return report;
}
`,
  );
}

/** The package as it is installed, built from the sources of this moment: the folder that holds bin, dist and package.json. */
export async function buildPackage(): Promise<string> {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'driftgate-test-'));
  built.push(folder);
  // types are checked by `npm run types`
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = [
    '-p',
    join(root, 'tsconfig.build.json'),
    '--outDir',
    join(folder, 'build'),
    '--noCheck',
    '--declaration',
    'false',
    '--declarationDir',
    'null',
  ];
  const run = promisify(execFile);
  await run(process.execPath, [compiler, ...options]);
  await run(process.execPath, [join(root, 'scripts', 'build-page.js'), join(folder, 'build')]);
  keepReports(folder);
  await run(process.execPath, [join(root, 'scripts', 'bundle.js'), join(folder, 'build'), join(folder, 'dist')]);
  for (const part of ['bin', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
  return folder;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
}

/** Starts the real program. */
export function start(
  folder: string,
  argv: readonly string[],
  options: { cwd?: string; node?: readonly string[]; temporary?: string } = {},
): Running {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  const child = spawn(process.execPath, [...(options.node ?? []), join(folder, 'bin', 'driftgate.js'), ...argv], {
    cwd: options.cwd ?? folder,
    env: options.temporary === undefined ? env : { ...env, TMPDIR: options.temporary },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
  return { child, ended };
}
