import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Api } from '../../src/cli/api.ts';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import type { CheckOptions, Measure, Report } from '../../src/index.ts';
import { buildReport } from '../support/report-builder.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'driftgate-test-'));
  made.push(folder);
  return folder;
}

export interface Call {
  readonly folder?: string;
  readonly environment?: Io['environment'];
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly signal?: AbortSignal;
  readonly status?: Report['gate']['status'];
  readonly writeOut?: Io['stdout']['write'];
  readonly api?: Partial<Api>;
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly folder: string;
  /** what the engine was asked for */
  readonly asked: CheckOptions | undefined;
}

/** One command line in a folder of its own, with a check that answers at once. */
export async function driftgate(line: string | readonly string[], call: Call = {}): Promise<Outcome> {
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const folder = call.folder ?? temporaryFolder();
  let stdout = '';
  let stderr = '';
  let asked: CheckOptions | undefined;
  const io: Io = {
    folder,
    environment: call.environment ?? {},
    stdin: (async function* () {
      yield new TextEncoder().encode(call.stdin ?? '');
    })(),
    stdout: {
      isTerminal: call.terminal ?? false,
      columns: call.terminal ? 100 : undefined,
      write:
        call.writeOut ??
        (async (text) => {
          stdout += text;
        }),
    },
    stderr: {
      isTerminal: call.terminal ?? false,
      columns: call.terminal ? 100 : undefined,
      write: async (text) => {
        stderr += text;
      },
    },
    signal: call.signal ?? new AbortController().signal,
  };
  const exitCode = await main(argv, io, {
    check: async (options) => {
      asked = options;
      options.onProgress?.({ step: 'reading reference', fraction: 0.42 });
      return { ...buildReport({ status: call.status ?? 'pass' }), config: options.config };
    },
    listMeasures: async () => measures,
    loadConfig: async (request) => (await import('../../src/config/load.ts')).loadConfig({ ...request, measures }),
    ...call.api,
  });
  return { exitCode, stdout, stderr, folder, asked };
}

const measure = (id: string, alias: string): Measure => ({
  id,
  alias,
  title: id,
  summary: 'the largest difference between the two distribution functions',
  kinds: ['numeric', 'datetime'],
  needs: ['table'],
  range: [0, 1],
  symmetric: true,
  measure: () => ({ statistic: 0, exact: true }),
});

const measures = [
  measure('population-stability-index', 'psi'),
  measure('kolmogorov-smirnov', 'ks'),
  measure('wasserstein', 'w1'),
  measure('jensen-shannon', 'js'),
  measure('mann-whitney', 'auc'),
  measure('chi-squared', 'chi2'),
  measure('hellinger', 'hd'),
];

/** Flags for data that the fake check never reads. */
export const sides = '--reference train.parquet --current today.csv';
