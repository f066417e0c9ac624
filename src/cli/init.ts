import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { configFileNames, DriftError, type Flags } from '../index.ts';
import { quoted } from '../model/text.ts';
import { type Api, exitCodes } from './api.ts';
import { withInput } from './check.ts';
import { writeFiles } from './files.ts';
import type { Io } from './io.ts';

/** Writes a commented driftgate.yaml with what is known of the reference's columns. */
export async function initCommand(flags: Flags, io: Io, api: Api): Promise<number> {
  const { source, values } = await api.loadReference(flags, io.folder, io.environment);
  const shown = typeof flags.output === 'string' ? flags.output : configFileNames[0];
  const path = resolve(io.folder, shown);
  // before the data is read
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (exists && flags.force !== true) {
    throw new DriftError('OUTPUT_UNWRITABLE', `${quoted(shown, 300)} exists; --force replaces it`);
  }
  const columns = await api.describeColumns(withInput(source, io), io.signal);
  io.signal.throwIfAborted();
  const fromFile = (given: string): string =>
    given === '-' || source.server !== undefined || isAbsolute(given)
      ? given
      : relative(dirname(path), resolve(io.folder, given));
  const reference = source.paths.map(fromFile);
  const text = await api.initialConfig(
    { ...values, reference: reference.length === 1 ? reference[0] : reference },
    columns,
  );
  await writeFiles([{ path, shown, text }], io.signal);
  const guessed = columns.filter(({ roleReason }) => roleReason !== null).length;
  await io.stderr.write(
    `driftgate: wrote ${shown}: ${columns.length} columns, ${guessed} of the roles guessed; look them through\n`,
  );
  return exitCodes.passed;
}
