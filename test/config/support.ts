import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Flags } from '../../src/config/flags.ts';
import { type LoadedConfig, loadConfig } from '../../src/config/load.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'driftgate-test-'));
  made.push(folder);
  return folder;
}

const ordered = ['numeric', 'datetime'] as const;
const any = [...ordered, 'categorical', 'boolean'] as const;

export const measures = [
  { id: 'population-stability-index', alias: 'psi', kinds: any },
  { id: 'kolmogorov-smirnov', alias: 'ks', kinds: ordered },
  { id: 'wasserstein', alias: 'wasserstein', kinds: ordered },
  { id: 'jensen-shannon', alias: 'js', kinds: any },
  { id: 'mann-whitney', alias: 'auc', kinds: ordered },
  { id: 'chi-squared', alias: 'chi2', kinds: any },
  { id: 'hellinger', alias: 'hellinger', kinds: any },
];

export const data: Flags = { reference: ['train.parquet'], current: ['today.csv'] };

/** Flags alone. */
export function fromFlags(flags: Flags): Promise<LoadedConfig> {
  return loadConfig({ flags: { ...data, config: false, ...flags }, folder: temporaryFolder(), measures });
}

/** A driftgate.yaml in the working folder, with flags over it. */
export function fromFile(yaml: string, flags: Flags = data): Promise<LoadedConfig> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'driftgate.yaml'), yaml);
  return loadConfig({ flags, folder, measures });
}

/** The one line that a user would see. */
export async function mistake(loading: Promise<unknown>): Promise<string> {
  try {
    await loading;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('there was no mistake');
}
