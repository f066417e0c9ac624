import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaErrors } from './support/published-schema.ts';

/** The package as others get it: packed, installed into an empty project, used by a program and from the command line. */

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

describe('the packed package', () => {
  let folder: string;
  let files: string[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'driftgate-pack-'));
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: root,
      maxBuffer: 1e8,
    });
    // what the build says on the way stands before the JSON
    const packed = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string; files: { path: string }[] }];
    files = packed[0].files.map(({ path }) => path);
    mkdirSync(join(folder, 'project'));
    writeFileSync(join(folder, 'project', 'package.json'), '{ "name": "stranger", "private": true, "type": "module" }');
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', join(folder, packed[0].filename)], {
      cwd: join(folder, 'project'),
    });
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what it needs and nothing of the workshop', () => {
    expect(files).toContain('bin/driftgate.js');
    expect(files).toContain('dist/index.js');
    expect(files).toContain('dist/index.d.ts');
    expect(files).toContain('docs/report.schema.json');
    expect(files).toContain('docs/config.schema.json');
    expect(files.filter((path) => /^(src|test|bench|fixtures|\.ci)\//.test(path))).toEqual([]);
  });

  it('gives a command', async () => {
    const { stdout } = await run('npx', ['--no-install', 'driftgate', '--version'], { cwd: join(folder, 'project') });
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(stdout.trim()).toBe(version);
  }, 30_000);

  it('gives a library that runs and typechecks', async () => {
    const credit = join(root, 'fixtures', 'credit-scoring');
    writeFileSync(
      join(folder, 'project', 'use.mts'),
      [
        "import { check, loadConfig, render, type Report } from 'driftgate';",
        'const { check: options } = await loadConfig({',
        `  flags: { reference: [${JSON.stringify(join(credit, 'reference.parquet'))}], current: [${JSON.stringify(join(credit, 'drifted.csv'))}] },`,
        '  folder: process.cwd(),',
        '});',
        'const report: Report = await check(options);',
        "const text: string = await render(report, 'json', { color: false, width: 80 });",
        'process.stdout.write(JSON.stringify([report.gate.exitCode, text]));',
      ].join('\n'),
    );
    const project = join(folder, 'project');
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const types = join(root, 'node_modules', '@types');
    const options = [
      '--strict',
      '--skipLibCheck',
      '--target',
      'es2023',
      '--module',
      'nodenext',
      '--types',
      'node',
      '--typeRoots',
      types,
    ];
    await run(process.execPath, [compiler, ...options, 'use.mts'], { cwd: project });
    const { stdout } = await run(process.execPath, ['use.mjs'], { cwd: project });
    const [exitCode, text] = JSON.parse(stdout) as [number, string];
    expect([exitCode, schemaErrors(text)]).toEqual([1, null]);
  }, 60_000);
});
