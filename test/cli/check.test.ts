import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DriftError } from '../../src/index.ts';
import { driftgate, sides, temporaryFolder } from './support.ts';

const check = `check ${sides}`;

describe('a run', () => {
  test('prints the summary, writes both reports and says where', async () => {
    const { exitCode, stdout, stderr, folder } = await driftgate(check);
    expect(exitCode).toBe(0);
    expect(stdout.toLowerCase()).toContain('pass');
    expect(stderr).toBe('driftgate: wrote driftgate-report/report.json and driftgate-report/report.html\n');
    expect(readdirSync(join(folder, 'driftgate-report')).sort()).toEqual(['report.html', 'report.json']);
    expect(JSON.parse(readFileSync(join(folder, 'driftgate-report', 'report.json'), 'utf8'))).toMatchObject({
      tool: { name: 'driftgate' },
      config: { file: null },
    });
  });

  test.each([
    ['pass', 0],
    ['breach', 1],
    ['no-verdict', 2],
  ] as const)('%s is exit code %d, whatever is printed', async (status, exitCode) => {
    for (const flags of ['', ' --json', ' --quiet', ' --no-out']) {
      expect((await driftgate(`${check}${flags}`, { status })).exitCode).toBe(exitCode);
    }
  });

  test('--json: the report alone on standard output, the same as in the file', async () => {
    const { stdout, folder } = await driftgate(`${check} --json --out here`);
    expect(stdout).toBe(readFileSync(join(folder, 'here', 'report.json'), 'utf8'));
  });

  test('--quiet: nothing at all; with --json what was asked for', async () => {
    expect(await driftgate(`${check} --quiet`)).toMatchObject({ stdout: '', stderr: '' });
    expect(JSON.parse((await driftgate(`${check} -q --json`)).stdout)).toHaveProperty('gate');
  });

  test('--no-out writes nothing', async () => {
    const { folder, stderr } = await driftgate(`${check} --no-out`);
    expect([readdirSync(folder), stderr]).toEqual([[], '']);
  });

  test('flags arrive', async () => {
    const { asked } = await driftgate([
      ...check.split(' '),
      ...['-c', 'b.csv', '--where', '-x > 1', '--prediction', 'y', 'z', '--no-header', '--csv-null', '-999'],
      ...['--no-strict', '--measures', 'ks', '--set', 'severity.nulls_up=off'],
    ]);
    expect(asked).toMatchObject({
      current: { paths: ['today.csv', 'b.csv'], where: '-x > 1', csv: { header: false, nulls: ['-999'] } },
      verdict: {
        columns: { y: { role: 'prediction' }, z: { role: 'prediction' } },
        severity: { nulls_up: 'off' },
        gate: { strict: false },
      },
      measures: ['kolmogorov-smirnov'],
    });
    expect(asked?.reference).not.toHaveProperty('stdin');
  });

  test('standard input goes to the side that asked for it', async () => {
    const { asked } = await driftgate('check -r train.csv -c -', { stdin: 'a\n1\n' });
    expect(asked?.current.paths).toEqual(['-']);
    const chunks: Uint8Array[] = [];
    for await (const chunk of asked?.current.stdin ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('a\n1\n');
  });
});

describe('driftgate.yaml', () => {
  test('is found and said, and its mistakes are one line', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'driftgate.yaml'), 'reference: r.csv\ncurrent: c.csv\nout: there\nalpha: 0.02\n');
    const { exitCode, stderr, asked } = await driftgate('check', { folder });
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      'driftgate: settings from driftgate.yaml\ndriftgate: wrote there/report.json and there/report.html\n',
    );
    expect(asked?.verdict.alpha).toBe(0.02);
    writeFileSync(join(folder, 'driftgate.yaml'), 'reference: r.csv\nalpa: 0.02\n');
    expect(await driftgate('check -c x', { folder })).toMatchObject({
      exitCode: 2,
      stderr: 'driftgate: driftgate.yaml:2:1: no setting is called "alpa"; did you mean "alpha"?\n',
    });
  });
});

describe('colour', () => {
  const colored = async (flags: string, environment: Record<string, string>, terminal: boolean) =>
    (await driftgate(`${check} --no-out${flags}`, { environment, terminal })).stdout.includes('\u001b[');
  test.each([
    ['', {}, true, true],
    ['', {}, false, false],
    ['', { TERM: 'dumb' }, true, false],
    ['', { NO_COLOR: '1' }, true, false],
    ['', { NO_COLOR: '' }, true, true],
    ['', { FORCE_COLOR: '1' }, false, true],
    ['', { FORCE_COLOR: '0' }, true, false],
    [' --no-color', { FORCE_COLOR: '1' }, true, false],
    [' --color', { NO_COLOR: '1' }, false, true],
  ])('%s %o terminal %s: %s', async (flags, environment, terminal, expected) => {
    expect(await colored(flags, environment, terminal)).toBe(expected);
  });
});

describe('progress', () => {
  test('is one line of a terminal, erased at the end', async () => {
    const { stderr } = await driftgate(`${check} --no-out`, { terminal: true });
    expect(stderr).toBe('\r\u001b[2K 42 %  reading reference\r\u001b[2K');
  });

  test('is for nobody but a person at a terminal', async () => {
    expect((await driftgate(`${check} --no-out`)).stderr).toBe('');
    expect((await driftgate(`${check} --no-out --quiet`, { terminal: true })).stderr).toBe('');
    expect((await driftgate(`${check} --no-out --json`, { terminal: true })).stderr).toBe('');
  });

  test('is erased before an error', async () => {
    const { stderr } = await driftgate(`${check} --no-out`, {
      terminal: true,
      api: {
        check: async ({ onProgress }) => {
          onProgress?.({ step: 'reading', fraction: 0 });
          throw new DriftError('FILE_NOT_FOUND', 'no file "x"');
        },
      },
    });
    expect(stderr).toBe('\r\u001b[2K  0 %  reading\r\u001b[2Kdriftgate: no file "x"\n');
  });
});

describe('output that cannot be written', () => {
  const never = async () => {
    throw new Error('the run must not start');
  };

  test.each([
    ['a file in the place of the folder', 'taken', 'cannot write "taken": it is a file, not a folder'],
    ['a file on the way', 'taken/below', 'cannot write "taken/below": a part of the path is a file, not a folder'],
    ['a folder in the place of a file', 'odd', 'cannot write "odd/report.html": it is a folder'],
  ])('%s is found before the run', async (_, out, message) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'taken'), '');
    mkdirSync(join(folder, 'odd', 'report.html'), { recursive: true });
    const { exitCode, stderr } = await driftgate(`${check} --out ${out}`, { folder, api: { check: never } });
    expect(stderr).toBe(`driftgate: ${message}\n`);
    expect(exitCode).toBe(2);
  });

  test('a folder made for nothing is taken away again, one that was there is not', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'old'));
    const api = {
      check: async () => {
        throw new DriftError('FILE_NOT_FOUND', 'no file "x"');
      },
    };
    await driftgate(`${check} --out new/and/deep`, { folder, api });
    await driftgate(`${check} --out old`, { folder, api });
    expect(readdirSync(folder)).toEqual(['old']);
  });

  test.each([
    ['pass', 2],
    ['no-verdict', 2],
    ['breach', 1],
  ] as const)('when it fails at the end, %s is exit code %d, and nothing is left half', async (status, exitCode) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', 'report.json'), 'before');
    const { buildReport } = await import('../support/report-builder.ts');
    const outcome = await driftgate(`${check} --out out`, {
      folder,
      status,
      api: {
        check: async () => {
          // comes into being during the run
          mkdirSync(join(folder, 'out', 'report.html'));
          return buildReport({ status });
        },
      },
    });
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stdout).not.toBe('');
    expect(outcome.stderr).toBe('driftgate: cannot write "out/report.html": it is a folder\n');
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['report.html', 'report.json']);
    expect(readFileSync(join(folder, 'out', 'report.json'), 'utf8')).toBe('before');
  });

  test('standard output on a full device', async () => {
    const writeOut = async () => {
      throw new DriftError('OUTPUT_UNWRITABLE', 'cannot write "standard output": no space left on the device');
    };
    expect(await driftgate(`${check} --no-out`, { writeOut })).toMatchObject({
      exitCode: 2,
      stderr: 'driftgate: cannot write "standard output": no space left on the device\n',
    });
    expect((await driftgate(`${check} --no-out`, { writeOut, status: 'breach' })).exitCode).toBe(1);
  });

  test('a link stays a link', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'kept.json'), 'before');
    symlinkSync(join(folder, 'kept.json'), join(folder, 'out', 'report.json'));
    await driftgate(`${check} --out out`, { folder });
    expect(readFileSync(join(folder, 'kept.json'), 'utf8')).toContain('"driftgate"');
    expect(readdirSync(folder).sort()).toEqual(['kept.json', 'out']);
  });
});

describe('a failing run', () => {
  test('known errors are one line without control characters', async () => {
    const { exitCode, stderr, stdout } = await driftgate(check, {
      api: {
        check: async () => {
          throw new DriftError('BAD_WHERE', 'no column "\u001b[2Jx"\nLINE 1');
        },
      },
    });
    expect([exitCode, stdout, stderr]).toEqual([2, '', 'driftgate: no column "\\u001b[2Jx"\\nLINE 1\n']);
  });

  test('defects show their stack and ask to be reported', async () => {
    const { exitCode, stderr } = await driftgate(check, {
      api: {
        check: async () => {
          throw new TypeError('undefined is not a function');
        },
      },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^TypeError: undefined is not a function\n {4}at /);
    expect(stderr).toMatch(/driftgate: this is a defect of driftgate \S+; please report it with the lines above\n$/);
  });

  test('an interrupted run writes nothing: 130', async () => {
    const controller = new AbortController();
    const { exitCode, stderr, stdout, folder } = await driftgate(check, {
      signal: controller.signal,
      api: {
        check: async ({ signal }) => {
          controller.abort();
          signal?.throwIfAborted();
          throw new Error('unreachable');
        },
      },
    });
    expect([exitCode, stdout, stderr]).toEqual([130, '', 'driftgate: interrupted\n']);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('an interrupt that comes when all is computed writes nothing either', async () => {
    const controller = new AbortController();
    const { buildReport } = await import('../support/report-builder.ts');
    const { exitCode, folder } = await driftgate(check, {
      signal: controller.signal,
      api: {
        check: async () => {
          controller.abort();
          return buildReport({ status: 'breach' });
        },
      },
    });
    expect([exitCode, existsSync(join(folder, 'driftgate-report'))]).toEqual([130, false]);
  });
});
