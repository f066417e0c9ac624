import { resolve } from 'node:path';
import type { Flags, SavedProfile } from '../index.ts';
import { type Api, exitCodes } from './api.ts';
import { withInput } from './check.ts';
import { writeFiles } from './files.ts';
import type { Io } from './io.ts';
import { ProgressLine } from './progress.ts';

/** Writes the profile of a data set: of a reference, or of data counted like one. */
export async function profileCommand(data: readonly string[], flags: Flags, io: Io, api: Api): Promise<number> {
  const { output: _, gzip: __, where, like, ...settings } = flags;
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
  });
  const progress = new ProgressLine(io.stderr);
  const seen = io.stderr.isTerminal && flags.quiet !== true;
  try {
    const profile = await api.profile({
      ...(typeof like === 'string' ? { like: resolve(io.folder, like) } : {}),
      check: {
        ...check,
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

/** Profiles of parts as that of the whole. */
export async function mergeCommand(profiles: readonly string[], flags: Flags, io: Io, api: Api): Promise<number> {
  await writeProfile(await api.mergeProfiles(profiles.map((path) => resolve(io.folder, path))), flags, io, api);
  return exitCodes.passed;
}

async function writeProfile(profile: SavedProfile, { output, gzip }: Flags, io: Io, api: Api): Promise<void> {
  const shown = typeof output === 'string' ? output : undefined;
  const bytes = await api.renderProfile(profile, gzip === true || (shown?.endsWith('.gz') ?? false));
  if (shown === undefined) await io.stdout.write(bytes.toString());
  else await writeFiles([{ path: resolve(io.folder, shown), shown, text: bytes }], io.signal);
}
