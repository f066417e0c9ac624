import { DriftError } from '../index.ts';
import { exitCodes, explain } from './api.ts';
import { unwritable } from './files.ts';
import type { Io, Output } from './io.ts';
import { main } from './main.ts';

/** Runs the command line of this very process and leaves its exit code behind; never cuts off a query or an output. */
export async function run(): Promise<void> {
  // should the process end before it comes to a verdict, that is no pass
  process.exitCode = exitCodes.noVerdict;
  const controller = new AbortController();
  let readsInput = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) {
        // asked twice: die of the signal, at once; process.exit would wait for the query
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
      }
      controller.abort(new DriftError('INTERRUPTED', 'interrupted'));
      // who waits for input waits no longer
      if (readsInput) process.stdin.destroy();
    });
  }
  // an exit code of 1 would say that drift was proven
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(exitCodes.noVerdict);
  });
  // a reader that went away, e.g. head, is told to each write and to nobody else
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  const io: Io = {
    folder: process.cwd(),
    environment: process.env,
    get stdin() {
      readsInput = true;
      return process.stdin;
    },
    stdout: output(process.stdout, 'standard output'),
    stderr: output(process.stderr, null),
    signal: controller.signal,
  };
  process.exitCode = await main(process.argv.slice(2), io);
}

/** @param name for errors; null when there is nobody to tell */
function output(stream: NodeJS.WriteStream, name: string | null): Output {
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          const gone = error && ['EPIPE', 'ERR_STREAM_DESTROYED'].includes((error as NodeJS.ErrnoException).code ?? '');
          if (!error || gone || name === null) resolve();
          else reject(unwritable(name, error));
        });
      }),
  };
}
