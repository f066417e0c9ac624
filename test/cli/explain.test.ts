import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderJson } from '../../src/report/json.ts';
import { hiding, nastyTexts } from '../support/hostile.ts';
import { buildReport, hostilePlans } from '../support/report-builder.ts';
import { driftgate, temporaryFolder } from './support.ts';

describe('explain', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'report.json'), renderJson(buildReport()));

  test('a column', async () => {
    const { exitCode, stdout, stderr } = await driftgate('explain report.json annual_income', { folder });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^▲ "annual_income": drift, P2 \(investigate within hours\)\n/);
    expect(stdout).not.toContain('\u001b');
  });

  test('the gate, when no column is named; the exit code says that it could be explained', async () => {
    const { exitCode, stdout } = await driftgate('explain report.json', { folder });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^BREACH: /);
    expect(stdout).toContain('exit code 1');
  });

  test('standard input, and colours on a terminal unless refused', async () => {
    const stdin = renderJson(buildReport());
    const colored = await driftgate('explain - age', { stdin, terminal: true });
    expect(colored.stdout).toContain('\u001b[1m');
    const plain = await driftgate('explain - age --no-color', { stdin, terminal: true });
    expect(plain.stdout).not.toContain('\u001b');
  });

  test.each([
    [
      'explain report.json anual_income',
      'no column of the report is called "anual_income"; did you mean "annual_income"?',
    ],
    ['explain nowhere.json age', 'no file "nowhere.json"'],
    ['explain', 'explain needs <report>'],
    ['explain report.json age more', '"more"'],
  ])('%s is a mistake', async (line, message) => {
    const { exitCode, stdout, stderr } = await driftgate(line, { folder });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  describe('in the log of a job of GitHub Actions', () => {
    const nasty = temporaryFolder();
    const report = buildReport({ columns: hostilePlans(nastyTexts), notes: nastyTexts });
    const reason = '::error::no';
    writeFileSync(join(nasty, 'report.json'), renderJson({ ...report, gate: { ...report.gate, reason } }));
    const inActions = { folder: nasty, environment: { GITHUB_ACTIONS: 'true' } };
    // as the runner reads a line: behind any space, with colours taken out, and the older form anywhere
    const commands = (log: string) =>
      log
        .replaceAll(/\u001b\[[\d;]*m/g, '')
        .split('\n')
        .filter((line) => /^\s*::|##\[/.test(line));

    test('no name or value is a command, moves the cursor or reorders', async () => {
      for (const asked of [[], ...nastyTexts.map((name) => [name])]) {
        for (const more of [[], ['--color']]) {
          const line = ['explain', 'report.json', ...more, '--', ...asked];
          const { exitCode, stdout, stderr } = await driftgate(line, inActions);
          expect([exitCode, stderr]).toEqual([0, '']);
          expect(commands(stdout)).toEqual([]);
          expect(stdout.replaceAll(/\u001b\[[\d;]*m|\n/g, '')).not.toMatch(hiding);
        }
      }
    });

    test('nor is the name of a column that is not there', async () => {
      const { exitCode, stderr } = await driftgate(['explain', 'report.json', '##[error]noo'], inActions);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('is called "#♯[error]noo"; did you mean "#♯[error]no"?');
    });
  });

  test('a damaged report is a mistake', async () => {
    const { exitCode, stderr } = await driftgate('explain - age', { stdin: '{"tool": {"name": "driftgate"}}' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('standard input lacks schemaVersion: it is damaged');
  });
});
