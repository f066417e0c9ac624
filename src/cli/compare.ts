import { join, resolve } from 'node:path';
import {
  type CompareFormat,
  compareFileNames,
  compareFormats,
  DriftError,
  defaultCompareFormats,
  type Flags,
  oneOf,
} from '../index.ts';
import { quoted } from '../model/text.ts';
import type { Api } from './api.ts';
import { listed, prepareFolder, writeFiles } from './files.ts';
import { forLog } from './github.ts';
import { type Io, usesColor, widthOf } from './io.ts';
import { ProgressLine } from './progress.ts';

/** Two versions of a model on one log; the exit code says whether the challenger is worse. */
export async function compareCommand(log: readonly string[], flags: Flags, io: Io, api: Api): Promise<number> {
  const version = (name: 'champion' | 'challenger'): string => {
    const given = flags[name];
    if (typeof given === 'string') return given;
    throw new DriftError('BAD_OPTION', `compare needs --${name} VERSION, one of the versions in the log`);
  };
  const [champion, challenger] = [version('champion'), version('challenger')];
  const formats = formatsOf(flags.format);
  const { 'join-key': joinKey, champion: _, challenger: __, format: ___, ...settings } = flags;
  // of the settings it is the key of the labels
  const ofLabels = flags.labels === undefined ? {} : { 'join-key': joinKey };
  const { check, out } = await api.loadConfig({
    flags: { ...settings, ...ofLabels, reference: log, current: log },
    folder: io.folder,
    environment: io.environment,
  });
  const folder = out === null ? null : resolve(io.folder, out);
  const prepared =
    folder === null || out === null
      ? null
      : await prepareFolder(
          folder,
          out,
          formats.map((format) => compareFileNames[format]),
        );
  const progress = new ProgressLine(io.stderr);
  const seen = io.stderr.isTerminal && flags.quiet !== true && flags.json !== true;
  let kept = false;
  try {
    const report = await api.compare({
      check: {
        ...check,
        signal: io.signal,
        onProgress: (step) => {
          if (seen) progress.show(step);
        },
      },
      champion,
      challenger,
      ...(typeof joinKey === 'string' && flags.labels === undefined ? { joinKey } : {}),
    });
    io.signal.throwIfAborted();
    await progress.erase();
    const plain = { color: false, width: 80 };
    if (folder !== null && out !== null) {
      const files = await Promise.all(
        formats.map(async (format) => ({
          path: join(folder, compareFileNames[format]),
          shown: join(out, compareFileNames[format]),
          text: await api.renderComparison(report, format, plain),
        })),
      );
      await writeFiles(files, io.signal);
      kept = true;
      if (flags.quiet !== true) await io.stderr.write(`driftgate: wrote ${listed(files.map(({ shown }) => shown))}\n`);
    }
    if (flags.json) await io.stdout.write(await api.renderComparison(report, 'json', plain));
    else if (flags.quiet !== true) {
      const shown = { color: usesColor(flags.color, io), width: widthOf(io.stdout) };
      await io.stdout.write(forLog(await api.renderComparison(report, 'terminal', shown), io));
    }
    return report.gate.exitCode;
  } finally {
    await progress.erase();
    if (!kept) await prepared?.discard();
  }
}

function formatsOf(asked: Flags[string]): readonly CompareFormat[] {
  if (!Array.isArray(asked)) return defaultCompareFormats;
  const words = asked.flatMap((word) => String(word).split(',')).map((word) => word.trim());
  return [...new Set(words)].map((word) => {
    const format = compareFormats.find((name) => name === word);
    if (format !== undefined) return format;
    throw new DriftError('BAD_OPTION', noComparisonFormat(word));
  });
}

export function noComparisonFormat(asked: string): string {
  return `--format is ${quoted(asked)}; a comparison is drawn as ${oneOf(compareFormats)}`;
}
