import { resolve } from 'node:path';
import type { Flags } from '../index.ts';
import { type Api, exitCodes } from './api.ts';
import { withInput } from './check.ts';
import { writeFiles } from './files.ts';
import type { Io } from './io.ts';
import { ProgressLine } from './progress.ts';

/** Writes the profile of a data set: of a reference, or of data counted like one. */
export async function profileCommand(data: readonly string[], flags: Flags, io: Io, api: Api): Promise<number> {
  const { output, gzip, where, ...settings } = flags;
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
      check: {
        ...check,
        reference: withInput(check.reference, io),
        signal: io.signal,
        onProgress: (step) => {
          if (seen) progress.show(step);
        },
      },
    });
    io.signal.throwIfAborted();
    await progress.erase();
    const shown = typeof output === 'string' ? output : undefined;
    const bytes = await api.renderProfile(profile, gzip === true || (shown?.endsWith('.gz') ?? false));
    if (shown === undefined) await io.stdout.write(bytes.toString());
    else await writeFiles([{ path: resolve(io.folder, shown), shown, text: bytes }], io.signal);
    return exitCodes.passed;
  } finally {
    await progress.erase();
  }
}
