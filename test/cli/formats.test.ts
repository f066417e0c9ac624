import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderings } from '../../src/index.ts';
import { reportFormats } from '../../src/model/rendering.ts';
import { renderGithub } from '../../src/report/github.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { buildReport, columnPlans } from '../support/report-builder.ts';
import { buildPackage, start } from './built.ts';
import { driftgate, sides, temporaryFolder } from './support.ts';

const check = `check ${sides}`;
const plain = { color: false, width: 80 };

describe('check --format', () => {
  test('each as a file of its own, repeated or separated by commas', async () => {
    const { exitCode, stderr, folder } = await driftgate(
      `${check} --format json,markdown --format junit prometheus --format csv,github --out out`,
      { status: 'breach' },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'driftgate: wrote out/report.json, out/report.md, out/report.junit.xml, out/report.prom, out/report.csv and out/report.github.txt\n',
    );
    const names = ['csv', 'github.txt', 'json', 'junit.xml', 'md', 'prom'];
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(names.map((name) => `report.${name}`));
    expect(readFileSync(join(folder, 'out', 'report.junit.xml'), 'utf8')).toContain('<testsuites>');
  });

  test('the forms of the file, and those of the flag over them', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'driftgate.yaml'), 'formats: [markdown, csv]\nout: out\n');
    expect((await driftgate(check, { folder })).stderr).toContain('wrote out/report.md and out/report.csv\n');
    expect((await driftgate(`${check} --format prometheus`, { folder })).stderr).toContain('wrote out/report.prom\n');
  });

  test('the summary as a file has no colours', async () => {
    const { folder } = await driftgate([...check.split(' '), '--format', 'terminal', '--color'], { terminal: true });
    expect(readFileSync(join(folder, 'driftgate-report', 'report.txt'), 'utf8')).not.toContain('\u001b');
  });

  test('a form that cannot be written is found out before the data is read', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out', 'report.md'), { recursive: true });
    const { exitCode, stderr, asked } = await driftgate(`${check} --format markdown --out out`, { folder });
    expect([exitCode, stderr, asked]).toEqual([
      2,
      'driftgate: cannot write "out/report.md": it is a folder\n',
      undefined,
    ]);
  });

  test('how data is stored has a flag of its own', async () => {
    const { asked } = await driftgate(`${check} --no-out --input-format csv --reference-format parquet`);
    expect([asked?.reference.format, asked?.current.format]).toEqual(['parquet', 'csv']);
  });
});

describe('--github-summary', () => {
  test('adds the report to the summary of the job, and leaves what is there', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'summary.md');
    writeFileSync(path, 'before\n');
    const call = { folder, environment: { GITHUB_STEP_SUMMARY: path }, status: 'breach' } as const;
    const { exitCode } = await driftgate(`${check} --no-out --github-summary`, call);
    expect(exitCode).toBe(1);
    expect(readFileSync(path, 'utf8')).toMatch(/^before\n<!-- driftgate -->\n\n## ✕ BREACH/);
  });

  test('without the flag the summary stays as it is', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'summary.md');
    await driftgate(`${check} --no-out`, { folder, environment: { GITHUB_STEP_SUMMARY: path } });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('elsewhere it says why there is none, and changes nothing', async () => {
    expect(await driftgate(`${check} --no-out --github-summary`)).toMatchObject({
      exitCode: 0,
      stderr: 'driftgate: no job summary: GITHUB_STEP_SUMMARY is not set, as it is in GitHub Actions\n',
    });
  });

  test.each([
    ['pass', 2],
    ['breach', 1],
  ] as const)('a summary that cannot be written, %s: exit code %d', async (status, exitCode) => {
    const folder = temporaryFolder();
    const outcome = await driftgate(`${check} --no-out --github-summary`, {
      folder,
      environment: { GITHUB_STEP_SUMMARY: folder },
      status,
    });
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stderr).toMatch(/^driftgate: cannot write ".*": it is a folder\n$/);
    expect(outcome.stdout).not.toBe('');
  });
});

describe('the log of a job in GitHub Actions', () => {
  const columns = ['::error::no', '  ::add-mask::x', '##[error]no', 'std::string'].map((name) => ({
    ...columnPlans[10]!,
    name,
  }));
  const api = { check: async () => buildReport({ columns }) };

  test('takes no name of a column for a command', async () => {
    const { stdout } = await driftgate(`${check} --no-out`, { api, environment: { GITHUB_ACTIONS: 'true' } });
    expect(stdout).not.toMatch(/^\s*::/m);
    expect(stdout).not.toContain('##[');
    expect(stdout).toContain('std::string');
  });

  test('elsewhere names stay as they are', async () => {
    const { stdout } = await driftgate(`${check} --no-out`, { api });
    expect(stdout).toContain('##[error]no');
  });

  test('annotations stay commands', async () => {
    const report = buildReport({ columns: columnPlans });
    const { stdout } = await driftgate('render - --format github', {
      stdin: renderJson(report),
      environment: { GITHUB_ACTIONS: 'true' },
    });
    expect(stdout).toBe(renderGithub(report));
    expect(stdout).toMatch(/^::error title=/);
  });
});

describe('render --format', () => {
  const report = buildReport();
  const others = renderings.filter(({ format }) => format !== 'html');

  test('the names of the model are those of the registry', () => {
    expect(renderings.map(({ format }) => format)).toEqual([...reportFormats]);
  });

  test.each(others.map(({ format, load }) => [format, load] as const))('%s, without data', async (format, load) => {
    const { exitCode, stdout, stderr } = await driftgate(`render - --format ${format}`, { stdin: renderJson(report) });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe((await load())(report, plain));
  });

  test.each([
    ['report.junit.xml', renderJunit(report)],
    ['TEST-drift.xml', renderJunit(report)],
    ['comment.md', renderMarkdown(report)],
    ['report.github.txt', renderGithub(report)],
  ])('by the name of the output: %s', async (name, text) => {
    const { folder } = await driftgate(['render', '-', '-o', name], { stdin: renderJson(report) });
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
  });

  test('a name that is none: one line with the nearest', async () => {
    expect((await driftgate('render x.json --format markdwon')).stderr).toBe(
      'driftgate: no format of the report is called "markdwon"; did you mean "markdown"?\n',
    );
    expect((await driftgate('render x.json --format pdf')).stderr).toBe(
      'driftgate: no format of the report is called "pdf"; there are json, html, terminal, markdown, junit, prometheus, csv and github\n',
    );
  });
});

/** Refuses to load the engine and the drivers of files. */
const withoutEngine = `data:text/javascript,${encodeURIComponent(`
  import Module, { register } from 'node:module';
  const load = Module._load;
  Module._load = function (name, ...rest) {
    if (/^(@duckdb|apache-arrow)/.test(name)) throw new Error('the engine is out of reach');
    return load.call(this, name, ...rest);
  };
  register('data:text/javascript,' + encodeURIComponent(\`
    export async function resolve(name, context, next) {
      if (/^(@duckdb|apache-arrow)/.test(name)) throw new Error('the engine is out of reach');
      return next(name, context);
    }\`));
`)}`;

test('the installed program draws every form without an engine, twice the same', async () => {
  const installed = await buildPackage();
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'report.json'), renderJson(buildReport()));
  writeFileSync(join(folder, 'some.csv'), 'a\n1\n');
  const run = (...argv: string[]) => start(installed, argv, { cwd: folder, node: ['--import', withoutEngine] }).ended;
  for (const format of reportFormats) {
    const [once, again] = await Promise.all([1, 2].map(() => run('render', 'report.json', '--format', format)));
    expect(once, format).toMatchObject({ exitCode: 0, stderr: '' });
    expect(once!.stdout.length, format).toBeGreaterThan(500);
    expect(again).toEqual(once);
  }
  expect((await run('check', '-r', 'some.csv', '-c', 'some.csv', '--no-out')).stderr).toContain('out of reach');
}, 60_000);
