import * as publicApi from '../index.ts';
import { printable, quoted } from '../model/text.ts';
import { reasons } from './files.ts';

/** What the commands call; a test can put in its own. */
export type Api = Pick<
  typeof publicApi,
  | 'check'
  | 'compare'
  | 'describeColumns'
  | 'explainReport'
  | 'initialConfig'
  | 'listMeasures'
  | 'loadConfig'
  | 'loadReference'
  | 'mergeProfiles'
  | 'parseReport'
  | 'parseSaved'
  | 'profile'
  | 'render'
  | 'renderProfile'
  | 'renderComparison'
>;

/** Those that the command line gives; the others are the gate's. */
export const exitCodes = { passed: 0, noVerdict: 2, interrupted: 130 } as const;

/** One line for what the user can act on; the stack for what only we can. */
export function explain(error: unknown): string {
  if (error instanceof publicApi.DriftError) return `driftgate: ${printable(error.message, 2000)}`;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === 'mkdtemp' && path !== undefined && code !== undefined) {
    const folder = quoted(path.replace(/[/\\][^/\\]*$/, ''), 300);
    const reason = code === 'ENOENT' ? 'it does not exist' : (reasons[code] ?? code);
    return `driftgate: cannot write to the temporary folder ${folder}: ${reason}; TMPDIR can name another`;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${stack}\ndriftgate: this is a defect of driftgate ${publicApi.version}; please report it with the lines above`;
}
