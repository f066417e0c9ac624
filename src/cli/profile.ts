import { resolve } from 'node:path';
import { DriftError, type Flags, type SavedProfile } from '../index.ts';
import { quoted } from '../model/text.ts';
import { type Api, exitCodes } from './api.ts';
import { withInput } from './check.ts';
import { writeFiles } from './files.ts';
import type { Io } from './io.ts';
import { ProgressLine } from './progress.ts';
import { readText } from './render.ts';

/** Writes the profile of a data set: of a reference, or of data counted like one. */
export async function profileCommand(data: readonly string[], flags: Flags, io: Io, api: Api): Promise<number> {
  const { output: _, gzip: __, where, like, 'min-count': least, redact, ...settings } = flags;
  const given = [flags.reference, flags.current].flatMap((paths) => paths ?? []) as string[];
  const paths = data.length > 0 ? data : given;
  const { check } = await api.loadConfig({
    // one data set, whichever side it is given as; without one, the reference of driftgate.yaml
    flags: {
      ...settings,
      ...(paths.length === 0 ? {} : { reference: paths }),
      ...(where === undefined ? {} : { 'reference-where': where }),
      current: ['.'],
    },
    folder: io.folder,
    environment: io.environment,
  });
  const progress = new ProgressLine(io.stderr);
  const seen = io.stderr.isTerminal && flags.quiet !== true;
  try {
    const profile = await api.profile({
      privacy: { minCount: leastRows(least), redacted: [...new Set((redact ?? []) as readonly string[])] },
      ...(typeof like === 'string' ? { like } : {}),
      check: {
        ...check,
        ...(await saltOf(flags, io)),
        // blocks of rows, and the order of a batch in time
        reference: { ...withInput(check.reference, io), ...(check.current.ordered ? { ordered: true } : {}) },
        signal: io.signal,
        onProgress: (step) => {
          if (seen) progress.show(step);
        },
      },
    });
    io.signal.throwIfAborted();
    await progress.erase();
    await writeProfile(profile, flags, io, api);
    return exitCodes.passed;
  } finally {
    await progress.erase();
  }
}

function leastRows(given: Flags[string]): number | null {
  if (given === undefined) return null;
  const rows = Number(given);
  if (typeof given !== 'string' || !Number.isInteger(rows) || rows < 1) {
    throw new DriftError(
      'BAD_OPTION',
      `--min-count is ${quoted(String(given))}; it takes a whole number of rows, 1 or more`,
    );
  }
  return rows;
}

/** The salt of redacted names; from a file or the environment, where no list of processes shows it. */
export async function saltOf(flags: Flags, io: Io): Promise<{ readonly salt?: string }> {
  const file = flags['salt-file'];
  const given = typeof file === 'string' ? (await readText(file, io)).trimEnd() : io.environment.DRIFTGATE_SALT;
  if (typeof file === 'string' && given === '')
    throw new DriftError('BAD_OPTION', `--salt-file ${quoted(file, 200)} is empty`);
  return given === undefined || given === '' ? {} : { salt: given };
}

/** Profiles of parts as that of the whole. */
export async function mergeCommand(profiles: readonly string[], flags: Flags, io: Io, api: Api): Promise<number> {
  await writeProfile(await api.mergeProfiles(profiles), flags, io, api);
  return exitCodes.passed;
}

async function writeProfile(profile: SavedProfile, { output, gzip }: Flags, io: Io, api: Api): Promise<void> {
  const shown = typeof output === 'string' ? output : undefined;
  const bytes = await api.renderProfile(profile, gzip === true || (shown?.endsWith('.gz') ?? false));
  if (shown === undefined) await io.stdout.write(bytes.toString());
  else await writeFiles([{ path: resolve(io.folder, shown), shown, text: bytes }], io.signal);
}
