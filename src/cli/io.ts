/** What a command may touch of the process around it: a test hands in its own. */
export interface Io {
  /** the working folder, absolute */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Output;
  /** errors, remarks and progress */
  readonly stderr: Output;
  /** aborted when the user interrupts */
  readonly signal: AbortSignal;
}

export interface Output {
  readonly isTerminal: boolean;
  /** of the terminal, in characters */
  readonly columns: number | undefined;
  /**
   * Resolves when the text was handed over, also when nobody reads any more.
   *
   * @throws {DriftError} OUTPUT_UNWRITABLE
   */
  write(text: string): Promise<void>;
}

/** Width for tables and help: the terminal's, within reason, or 80. Some terminals say 0 for "unknown". */
export function widthOf({ columns }: Output): number {
  return columns ? Math.max(40, Math.min(columns, 160)) : 80;
}

/** Flags first, then FORCE_COLOR, NO_COLOR and whether somebody is looking. */
export function usesColor(flag: unknown, { environment, stdout }: Io): boolean {
  if (typeof flag === 'boolean') return flag;
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: terminal } = environment;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (none !== undefined && none !== '') return false;
  return stdout.isTerminal && terminal !== 'dumb';
}
