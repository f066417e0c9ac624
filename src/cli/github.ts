import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { unwritable } from './files.ts';
import type { Io } from './io.ts';

/** The file that GitHub Actions shows as the summary of a job; undefined elsewhere. */
export function summaryFile({ environment, folder }: Io): string | undefined {
  const path = environment.GITHUB_STEP_SUMMARY;
  return path === undefined || path === '' ? undefined : resolve(folder, path);
}

/**
 * Adds to what the steps before have written.
 *
 * @throws {DriftError} OUTPUT_UNWRITABLE
 */
export async function addToSummary(path: string, markdown: string): Promise<void> {
  try {
    await appendFile(path, markdown);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/**
 * Text for the log of a job. GitHub Actions takes a line that starts with `::`, and `##[` wherever it stands, for a command, and
 * names of columns come from outside: signs of the same look take their place. Elsewhere the text stays as it is.
 */
export function forLog(text: string, { environment }: Io): string {
  if (environment.GITHUB_ACTIONS !== 'true') return text;
  return text.replace(/^((?:[^\S\n]|\u001b\[[\d;]*m)*)::/gm, '$1∷').replaceAll('##[', '#♯[');
}
