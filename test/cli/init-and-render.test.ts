import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DriftError, type SourceOptions } from '../../src/index.ts';
import { renderHtml } from '../../src/report/html/render.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { buildReport } from '../support/report-builder.ts';
import { driftgate, temporaryFolder } from './support.ts';

describe('init', () => {
  const asked: SourceOptions[] = [];
  const api = {
    describeColumns: async (source: SourceOptions) => {
      asked.push(source);
      return [
        { name: 'age', role: 'feature', kind: 'numeric', roleReason: null, kindReason: null },
        { name: 'y_pred', role: 'prediction', kind: 'boolean', roleReason: 'its name is "y_pred"', kindReason: null },
      ] as const;
    },
  };

  test('writes a file that check then finds', async () => {
    const folder = temporaryFolder();
    const { exitCode, stderr, stdout } = await driftgate('init --reference data/train.csv --csv-delimiter ;', {
      folder,
      api,
    });
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toBe('driftgate: wrote driftgate.yaml: 2 columns, 1 of the roles guessed; look them through\n');
    expect(asked.at(-1)).toEqual({ paths: ['data/train.csv'], csv: { delimiter: ';' } });
    const run = await driftgate('check -c today.csv --no-out', { folder });
    expect(run.asked).toMatchObject({
      reference: { paths: ['data/train.csv'], csv: { delimiter: ';' } },
      verdict: { columns: { y_pred: { role: 'prediction', kind: 'boolean' } } },
    });
  });

  test('writes paths as seen from the file', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'conf'));
    await driftgate('init -r data/train.csv -o conf/gate.yaml', { folder, api });
    expect(readFileSync(join(folder, 'conf', 'gate.yaml'), 'utf8')).toContain(
      '\nreference: ../data/train.csv\n'.replace('../data', '"../data').replace('csv\n', 'csv"\n'),
    );
    const { asked: options } = await driftgate('check --config conf/gate.yaml -c x --no-out', { folder });
    expect(options?.reference.paths).toEqual(['data/train.csv']);
  });

  test('never overwrites without --force, and finds out before it reads', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'driftgate.yaml'), 'mine');
    const never = {
      describeColumns: async () => {
        throw new Error('the data must not be read');
      },
    };
    expect(await driftgate('init -r x.csv', { folder, api: never })).toMatchObject({
      exitCode: 2,
      stderr: 'driftgate: "driftgate.yaml" exists; --force replaces it\n',
    });
    expect(readFileSync(join(folder, 'driftgate.yaml'), 'utf8')).toBe('mine');
    expect((await driftgate('init -r x.csv --force', { folder, api })).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'driftgate.yaml'), 'utf8')).toContain('y_pred');
    expect(readdirSync(folder)).toEqual(['driftgate.yaml']);
  });

  test('a folder that is not there', async () => {
    expect(await driftgate('init -r x.csv -o no/where.yaml', { api })).toMatchObject({
      exitCode: 2,
      stderr: 'driftgate: cannot write "no/where.yaml": its folder does not exist\n',
    });
  });
});

describe('render', () => {
  const report = buildReport({ status: 'breach' });
  const saved = (): string => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'report.json'), renderJson(report));
    return folder;
  };

  test('the summary by default, without a terminal in 80 columns and no colour', async () => {
    const { exitCode, stdout } = await driftgate('render report.json', { folder: saved() });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(renderTerminal(report, { color: false, width: 80 }));
  });

  test('by format, or by the name of the output', async () => {
    const folder = saved();
    expect((await driftgate('render report.json --format json', { folder })).stdout).toBe(renderJson(report));
    expect((await driftgate('render report.json -o out.html', { folder })).stdout).toBe('');
    expect(readFileSync(join(folder, 'out.html'), 'utf8')).toBe(renderHtml(report));
    await driftgate('render report.json --format terminal -o out.html', { folder, environment: { FORCE_COLOR: '1' } });
    expect(readFileSync(join(folder, 'out.html'), 'utf8')).toBe(renderTerminal(report, { color: false, width: 80 }));
  });

  test('from standard input', async () => {
    const { stdout } = await driftgate('render - --format json', { stdin: renderJson(report) });
    expect(stdout).toBe(renderJson(report));
  });

  test('what is no report', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x.json'), '{"a": 1}');
    const { exitCode, stderr } = await driftgate('render x.json', { folder });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^driftgate: "x\.json" is not a driftgate report.*\n$/);
    expect((await driftgate('render .', { folder })).stderr).toBe('driftgate: cannot read ".": it is a folder\n');
  });

  test('an output that cannot be written', async () => {
    const folder = saved();
    expect(await driftgate('render report.json -o no/where.html', { folder })).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
    const writeOut = async () => {
      throw new DriftError('OUTPUT_UNWRITABLE', 'cannot write "standard output": no space left on the device');
    };
    expect((await driftgate('render report.json', { folder, writeOut })).exitCode).toBe(2);
  });
});
