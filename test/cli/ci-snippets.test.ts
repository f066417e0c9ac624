import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { buildReport } from '../support/report-builder.ts';
import { buildPackage, root } from './built.ts';
import { temporaryFolder } from './support.ts';

// several runs of the whole program a test, beside others that use every core
vi.setConfig({ testTimeout: 120_000 });

/** The snippets of docs/ci.md, run as they stand there, with our build in the place of the published package. */

interface Snippet {
  readonly language: string;
  readonly text: string;
  readonly heading: string;
}

function snippetsOf(name: string): Snippet[] {
  const markdown = readFileSync(join(root, 'docs', name), 'utf8');
  const found: Snippet[] = [];
  let heading = '';
  for (const [, title, language, text] of markdown.matchAll(/^## (.*)$|^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else found.push({ language: language!, text: text!, heading });
  }
  return found;
}

const snippets = snippetsOf('ci.md');
const under = (heading: string, language: string) =>
  snippets.filter((snippet) => snippet.heading === heading && snippet.language === language).map(({ text }) => text);

let installed: string;
beforeAll(async () => {
  installed = await buildPackage();
}, 60_000);

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder as the snippets expect it; today's data has drifted or has not. */
function workplace(current: 'drifted' | 'healthy'): string {
  const folder = temporaryFolder();
  const data = join(root, 'fixtures', 'credit-scoring');
  for (const below of ['data', 'logs', 'bin', 'node_exporter']) mkdirSync(join(folder, below));
  for (const name of ['data/train.parquet', 'train.parquet'])
    copyFileSync(join(data, 'reference.parquet'), join(folder, name));
  for (const name of ['data/today.parquet', 'logs/2026-11-06.parquet'])
    copyFileSync(join(data, `${current}.parquet`), join(folder, name));
  const command = (name: string, script: string) => {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  };
  const program = `exec "${process.execPath}" "${join(installed, 'bin', 'driftgate.js')}" "$@"`;
  command('driftgate', program);
  command('npx', `test "$1 $2" = "--yes driftgate" || exit 99\nshift 2\n${program}`);
  // a first comment cannot be edited; the body has to fit
  command(
    'gh',
    'case "$*" in *--edit-last*) exit 1;; esac\ntest "$1 $2 $3" = "pr comment 7" && test "$4" = --body-file && test "$(wc -m < "$5")" -lt 65536 && echo commented',
  );
  command('date', 'test "$*" = "-u +%F" && echo 2026-11-06');
  return folder;
}

function run(folder: string, script: string, environment: Record<string, string> = {}, shell = 'bash'): Ended {
  const { NO_COLOR: _, FORCE_COLOR: __, GITHUB_STEP_SUMMARY: ___, GITHUB_ACTIONS: ____, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(shell, ['-e', '-c', script], {
    cwd: folder,
    env: { ...env, ...environment, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  return { exitCode: status, stdout, stderr };
}

const reports = (folder: string, below = 'driftgate-report') => readdirSync(join(folder, below)).sort();

test('every snippet belongs to a test below', () => {
  expect(snippets.map(({ heading, language }) => `${heading}: ${language}`)).toEqual([
    'GitHub Actions: yaml',
    'GitHub Actions: yaml',
    'GitLab CI: yaml',
    'A script for cron, Airflow and the like: sh',
    'A script for cron, Airflow and the like: cron',
    'A script for cron, Airflow and the like: python',
    'Jenkins: groovy',
    'Prometheus: sh',
    'Prometheus: yaml',
  ]);
});

interface Step {
  readonly name?: string;
  readonly run?: string;
}

describe('GitHub Actions', () => {
  test.each([
    ['drifted', 1, 'BREACH', '::error title='],
    ['healthy', 0, 'PASS', '::notice title='],
  ] as const)('the job, %s', (current, exitCode, word, annotation) => {
    const [workflow, comment] = under('GitHub Actions', 'yaml').map((text) => parse(text));
    const steps = workflow.jobs.drift.steps as Step[];
    const script = (name: string) => steps.find((step) => step.name === name)!.run!;
    const folder = workplace(current);
    const summary = join(folder, 'summary.md');
    const inActions = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };

    expect(run(folder, script('Check for drift'), inActions).exitCode).toBe(exitCode);
    expect(reports(folder)).toEqual(['report.html', 'report.json', 'report.md']);
    expect(readFileSync(summary, 'utf8')).toContain(` ${word}: `);
    expect(readFileSync(summary, 'utf8')).toBe(readFileSync(join(folder, 'driftgate-report', 'report.md'), 'utf8'));

    const annotated = run(folder, script('Annotate'), inActions);
    expect(annotated).toMatchObject({ exitCode: 0, stderr: '' });
    expect(annotated.stdout.startsWith(annotation)).toBe(true);

    const commented = run(folder, (comment as Step[])[0]!.run!, { ...inActions, NUMBER: '7' });
    expect(commented).toMatchObject({ exitCode: 0, stdout: 'commented\n' });
  });
});

test.each([
  ['drifted', 1, '<failure '],
  ['healthy', 0, '<testcase '],
] as const)('GitLab CI, %s', (current, exitCode, text) => {
  const { drift } = parse(under('GitLab CI', 'yaml')[0]!);
  const folder = workplace(current);
  expect(run(folder, drift.script.join('\n')).exitCode).toBe(exitCode);
  expect(readFileSync(join(folder, drift.artifacts.reports.junit), 'utf8')).toContain(text);
  for (const path of drift.artifacts.paths) expect(existsSync(join(folder, path))).toBe(true);
  expect(drift.allow_failure.exit_codes).toEqual([2]);
});

describe('the script', () => {
  const heading = 'A script for cron, Airflow and the like';
  const withScript = (current: 'drifted' | 'healthy') => {
    const folder = workplace(current);
    writeFileSync(join(folder, 'check-drift.sh'), under(heading, 'sh')[0]!);
    return folder;
  };

  test('no verdict', () => {
    const outcome = run(withScript('healthy'), 'sh check-drift.sh train.parquet nowhere.parquet report', {}, 'sh');
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/\nno verdict on drift, exit code 2\n$/);
  });

  test.each([
    ['drifted', 1],
    ['healthy', 0],
  ] as const)('by cron, %s', (current, exitCode) => {
    const folder = withScript(current);
    // as cron reads it: five fields, the command, and a percent sign behind a backslash
    const [, command] = /^(?:\S+ ){5}(.*)\n$/.exec(under(heading, 'cron')[0]!)!;
    const outcome = run(folder, command!.replaceAll('\\%', '%').replace('/srv/model', folder), {}, 'sh');
    expect([outcome.exitCode, outcome.stdout]).toEqual([exitCode, '']);
    if (current === 'healthy') expect(outcome.stderr).toBe('');
    else expect(outcome.stderr).toMatch(/^drift; the whole report is report\/report\.html\n BREACH /);
    expect(reports(folder, 'report')).toEqual(['report.html', 'report.json', 'report.txt']);
  });

  test('by Airflow', () => {
    const folder = withScript('drifted');
    const [, command] = /bash_command="(.*)",\n/.exec(under(heading, 'python')[0]!)!;
    const filled = command!.replaceAll('{{ ds }}', '2026-11-06').replaceAll('/srv/model', folder);
    expect(run(folder, filled).exitCode).toBe(1);
    expect(reports(folder, 'reports/2026-11-06')).toHaveLength(3);
  });
});

test('Jenkins', () => {
  const [text] = under('Jenkins', 'groovy');
  const [, command] = /script: '(.*)'\)/.exec(text!)!;
  const folder = workplace('drifted');
  expect(run(folder, command!, {}, 'sh').exitCode).toBe(1);
  const [, results] = /testResults: '(.*)'/.exec(text!)!;
  expect(readFileSync(join(folder, results!), 'utf8')).toContain('<testsuites>');
});

describe('Prometheus', () => {
  test.each(['drifted', 'healthy'] as const)('the textfile, %s', (current) => {
    const folder = workplace(current);
    const script = under('Prometheus', 'sh')[0]!.replace('/var/lib/node_exporter', join(folder, 'node_exporter'));
    expect(run(folder, script).exitCode).toBe(0);
    expect(reports(folder, 'node_exporter')).toEqual(['driftgate.prom']);
    const text = readFileSync(join(folder, 'node_exporter', 'driftgate.prom'), 'utf8');
    expect(text).toContain(`\ndriftgate_exit_code ${current === 'drifted' ? 1 : 0}\n`);
  });

  test('the rules speak of metrics that are there', () => {
    const { groups } = parse(under('Prometheus', 'yaml')[0]!);
    const expressions: string[] = groups.flatMap(({ rules }: { rules: { expr: string }[] }) =>
      rules.map(({ expr }) => expr),
    );
    const text = renderPrometheus(buildReport());
    const metrics = expressions.flatMap((expression) => expression.match(/driftgate_\w+/g) ?? []);
    expect(metrics.length).toBeGreaterThan(3);
    for (const metric of metrics) expect(text).toContain(`# TYPE ${metric} gauge\n`);
  });

  test('docs/formats.md names every metric and every file', async () => {
    const page = readFileSync(join(root, 'docs', 'formats.md'), 'utf8');
    for (const [, metric] of renderPrometheus(buildReport()).matchAll(/# TYPE (\w+) gauge/g))
      expect(page).toContain(`\`${metric}\``);
    const { renderings } = await import('../../src/index.ts');
    for (const { format, fileName } of renderings) expect(page).toContain(`| \`${format}\` | \`${fileName}\` |`);
  });

  test('the commands of docs/formats.md', () => {
    const folder = workplace('healthy');
    copyFileSync(join(folder, 'data', 'today.parquet'), join(folder, 'today.parquet'));
    const [snippet] = snippetsOf('formats.md');
    expect(run(folder, snippet!.text)).toMatchObject({ exitCode: 0 });
    expect(reports(folder)).toEqual(['report.html', 'report.json', 'report.junit.xml', 'report.md']);
    expect(readFileSync(join(folder, 'report.csv'), 'utf8')).toMatch(/^column,role,/);
  });
});
