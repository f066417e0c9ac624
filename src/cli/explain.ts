import type { Flags } from '../index.ts';
import { quoted } from '../model/text.ts';
import { type Api, exitCodes } from './api.ts';
import { forLog } from './github.ts';
import { type Io, usesColor, widthOf } from './io.ts';
import { readText } from './render.ts';

/** Says why, from a saved report; the exit code says whether that worked, not what the report says. */
export async function explainCommand(
  source: string,
  column: string | undefined,
  flags: Flags,
  io: Io,
  api: Api,
): Promise<number> {
  const name = source === '-' ? 'standard input' : quoted(source, 300);
  const report = await api.parseReport(await readText(source, io), name);
  const options = { color: usesColor(flags.color, io), width: Math.min(100, widthOf(io.stdout)) };
  const text = await api.explainReport(report, column ?? null, options);
  io.signal.throwIfAborted();
  await io.stdout.write(forLog(text, io));
  return exitCodes.passed;
}
