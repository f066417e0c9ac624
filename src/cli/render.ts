import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { compareFileNames, compareFormats, DriftError, type Flags, renderings } from '../index.ts';
import { noFormat } from '../model/rendering.ts';
import { quoted } from '../model/text.ts';
import { type Api, exitCodes } from './api.ts';
import { noComparisonFormat } from './compare.ts';
import { writeFiles } from './files.ts';
import { forLog } from './github.ts';
import { type Io, usesColor, widthOf } from './io.ts';

/** Draws a saved report; the exit code says whether that worked, not what the report says. */
export async function renderCommand(source: string, flags: Flags, io: Io, api: Api): Promise<number> {
  const output = typeof flags.output === 'string' ? flags.output : undefined;
  if (typeof flags.format === 'string') requireFormat(flags.format);
  const report = await api.parseSaved(
    await readText(source, io),
    source === '-' ? 'standard input' : quoted(source, 300),
  );
  // in a file nobody sees the terminal that it was made on
  const options =
    output === undefined
      ? { color: usesColor(flags.color, io), width: widthOf(io.stdout) }
      : { color: flags.color === true, width: 80 };
  let format: string;
  let text: string;
  if ('kind' in report) {
    const chosen = formatOf(flags.format, output, comparisons);
    text = await api.renderComparison(report, chosen, options);
    format = chosen;
  } else {
    const chosen = formatOf(flags.format, output, renderings);
    text = await api.render(report, chosen, options);
    format = chosen;
  }
  io.signal.throwIfAborted();
  if (output === undefined) await io.stdout.write(format === 'terminal' ? forLog(text, io) : text);
  else await writeFiles([{ path: resolve(io.folder, output), shown: output, text }], io.signal);
  return exitCodes.passed;
}

const comparisons = compareFormats.map((format) => ({ format, fileName: compareFileNames[format] }));

/** Known before the report is read; whether it can be drawn so, a comparison may see otherwise. */
function requireFormat(asked: string): void {
  if (!renderings.some(({ format }) => format === asked)) throw new DriftError('BAD_OPTION', noFormat(asked));
}

function formatOf<Format extends string>(
  asked: Flags[string],
  output: string | undefined,
  forms: readonly { readonly format: Format; readonly fileName: string }[],
): Format {
  if (typeof asked === 'string') {
    const format = forms.find((form) => form.format === asked)?.format;
    if (format === undefined) throw new DriftError('BAD_OPTION', noComparisonFormat(asked));
    return format;
  }
  const terminal = forms.find(({ format }) => format === 'terminal')!.format;
  if (output === undefined) return terminal;
  const extension = extname(output);
  return (
    (
      forms.find(({ fileName }) => fileName === basename(output)) ??
      forms.find(({ fileName }) => extname(fileName) === extension)
    )?.format ?? terminal
  );
}

export async function readText(source: string, io: Io): Promise<string> {
  if (source === '-') {
    const chunks: Uint8Array[] = [];
    for await (const chunk of io.stdin) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }
  try {
    return await readFile(resolve(io.folder, source), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw code === 'ENOENT' || code === 'ENOTDIR'
      ? new DriftError('FILE_NOT_FOUND', `no file ${quoted(source, 300)}`, { cause })
      : new DriftError(
          'FILE_UNREADABLE',
          `cannot read ${quoted(source, 300)}: ${code === 'EISDIR' ? 'it is a folder' : code}`,
          {
            cause,
          },
        );
  }
}
