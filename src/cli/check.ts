import { join, resolve } from 'node:path';
import { DriftError, type Flags, renderings, type SourceOptions } from '../index.ts';
import { type Api, exitCodes, explain } from './api.ts';
import { listed, type OutputFile, type OutputFolder, prepareFolder, writeFiles } from './files.ts';
import { addToSummary, forLog, summaryFile } from './github.ts';
import { type Io, usesColor, widthOf } from './io.ts';
import { saltOf } from './profile.ts';
import { ProgressLine } from './progress.ts';

/**
 * One run: settings, data, verdict, reports. The exit code is that of the gate; a report that cannot be written makes it 2,
 * unless the gate is breached: a proven finding wins over every reason for 2.
 */
export async function checkCommand(flags: Flags, io: Io, api: Api): Promise<number> {
  const { check, out, formats, githubSummary, found } = await api.loadConfig({
    flags,
    folder: io.folder,
    environment: io.environment,
  });
  const quiet = flags.quiet === true;
  const remark = async (text: string): Promise<void> => {
    if (!quiet) await io.stderr.write(`driftgate: ${text}\n`);
  };
  if (found !== null) await remark(`settings from ${found}`);

  const written = formats.map((format) => renderings.find((rendering) => rendering.format === format)!);
  const summary = githubSummary ? summaryFile(io) : undefined;
  if (githubSummary && summary === undefined) {
    await remark('no job summary: GITHUB_STEP_SUMMARY is not set, as it is in GitHub Actions');
  }
  const folder = out === null ? null : resolve(io.folder, out);
  const prepared: OutputFolder | null =
    folder === null || out === null
      ? null
      : await prepareFolder(
          folder,
          out,
          written.map(({ fileName }) => fileName),
        );
  const progress = new ProgressLine(io.stderr);
  const seen = io.stderr.isTerminal && !quiet && flags.json !== true;
  let kept = false;
  try {
    io.signal.throwIfAborted();
    let loading = false;
    const report = await api.check({
      ...check,
      ...(await saltOf(flags, io)),
      reference: withInput(check.reference, io),
      current: withInput(check.current, io),
      signal: io.signal,
      onProgress: (step) => {
        // the renderings load while the engine counts and nothing else is to be done here
        if (!loading && step.fraction > 0) {
          loading = true;
          void Promise.allSettled(written.map(({ load }) => load()));
        }
        if (seen) progress.show(step);
      },
    });
    io.signal.throwIfAborted();
    await progress.erase();

    // everything is drawn before anything is written
    const files: OutputFile[] = [];
    if (folder !== null && out !== null) {
      for (const { format, fileName } of written) {
        const text = await api.render(report, format, { color: false, width: 80 });
        files.push({ path: join(folder, fileName), shown: join(out, fileName), text });
      }
    }
    const shown = flags.json
      ? await api.render(report, 'json', { color: false, width: 80 })
      : quiet
        ? ''
        : forLog(
            await api.render(report, 'terminal', { color: usesColor(flags.color, io), width: widthOf(io.stdout) }),
            io,
          );
    const markdown = summary === undefined ? '' : await api.render(report, 'markdown', { color: false, width: 80 });

    const failures: DriftError[] = [];
    const attempt = async (step: () => Promise<void>): Promise<boolean> => {
      try {
        await step();
        return true;
      } catch (error) {
        if (io.signal.aborted || !(error instanceof DriftError)) throw error;
        failures.push(error);
        return false;
      }
    };
    kept = await attempt(() => writeFiles(files, io.signal));
    if (summary !== undefined) await attempt(() => addToSummary(summary, markdown));
    if (shown !== '') await attempt(() => io.stdout.write(shown));
    if (kept && files.length > 0) await remark(`wrote ${listed(files.map((file) => file.shown))}`);
    for (const failure of failures) await io.stderr.write(`${explain(failure)}\n`);
    return failures.length > 0 && report.gate.exitCode !== 1 ? exitCodes.noVerdict : report.gate.exitCode;
  } finally {
    await progress.erase();
    if (!kept) await prepared?.discard();
  }
}

/** Standard input for the path `-`. */
export function withInput(source: SourceOptions, io: Io): SourceOptions {
  return source.paths.includes('-') ? { ...source, stdin: io.stdin } : source;
}
