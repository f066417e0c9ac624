import { type Command, CommanderError } from 'commander';
import * as publicApi from '../index.ts';
import { nearest, printable, quoted } from '../model/text.ts';
import { type Api, exitCodes, explain } from './api.ts';
import { checkCommand } from './check.ts';
import { compareCommand } from './compare.ts';
import { explainCommand } from './explain.ts';
import { forLog } from './github.ts';
import { initCommand } from './init.ts';
import type { Io } from './io.ts';
import { measuresCommand } from './measures.ts';
import { mergeCommand, profileCommand } from './profile.ts';
import { buildProgram, type HelpText } from './program.ts';
import { renderCommand } from './render.ts';

/**
 * Runs one command line.
 *
 * @param argv without the program's own name
 * @returns the exit code: 0 passed, 1 breached, 2 no verdict, 130 interrupted
 */
export async function main(argv: readonly string[], io: Io, overrides: Partial<Api> = {}): Promise<number> {
  const api: Api = { ...publicApi, ...overrides };
  const help: HelpText = { out: '', error: '' };
  let exitCode: number = exitCodes.noVerdict;
  const program = buildProgram(
    {
      check: (flags) => checkCommand(flags, io, api),
      compare: (log, flags) => compareCommand(log, flags, io, api),
      init: (flags) => initCommand(flags, io, api),
      profile: (data, flags) => profileCommand(data, flags, io, api),
      merge: (profiles, flags) => mergeCommand(profiles, flags, io, api),
      render: (report, flags) => renderCommand(report, flags, io, api),
      explain: (report, column, flags) => explainCommand(report, column, flags, io, api),
      measures: () => measuresCommand(io, api),
    },
    io,
    help,
    (code) => {
      exitCode = code;
    },
  );
  program.commands.forEach((command) => {
    command.hook('preAction', (_, acting) => refuseStrays(acting));
    refuseRepeats(command);
  });
  // `driftgate help check` is what many type
  const line = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  try {
    await program.parseAsync(line, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (io.signal.aborted) {
      await io.stderr.write('driftgate: interrupted\n');
      return exitCodes.interrupted;
    }
    if (error instanceof CommanderError) return await usage(error, line, program, help, io);
    await io.stderr.write(forLog(`${explain(error)}\n`, io));
    return exitCodes.noVerdict;
  }
}

/** Help and version were asked for; everything else is a mistake in the command line. */
async function usage(
  error: CommanderError,
  argv: readonly string[],
  program: Command,
  help: HelpText,
  io: Io,
): Promise<number> {
  const { code, message } = error;
  if (code === 'commander.helpDisplayed' || code === 'commander.version') {
    await io.stdout.write(help.out);
    return exitCodes.passed;
  }
  if (code === 'commander.help') {
    // nothing was asked for: a gate must not read that as a pass
    await io.stderr.write(help.error);
    return exitCodes.noVerdict;
  }
  const word = /'([^']*)'/s.exec(message)?.[1] ?? '';
  const command = program.commands.find((candidate) => candidate.name() === argv[0]) ?? program;
  await io.stderr.write(forLog(`driftgate: ${mistake(code, word, message, command, program)}\n`, io));
  return exitCodes.noVerdict;
}

function mistake(code: string, word: string, message: string, command: Command, program: Command): string {
  const where = command === program ? 'driftgate' : `driftgate ${command.name()}`;
  switch (code) {
    case 'commander.unknownOption': {
      const [name, value] = word.split(/=(.*)/s) as [string, string | undefined];
      if (value !== undefined && command.options.some((option) => option.long === name)) {
        return `${name} takes no value; found ${quoted(value)}`;
      }
      const known = command.options.flatMap((option) => [option.long!, ...(option.short ? [option.short] : [])]);
      const meant = nearest(name, [...known, '--help']);
      return `no option is called ${quoted(name)}; ${meant === undefined ? `"${where} --help" lists them` : `did you mean "${meant}"?`}`;
    }
    case 'commander.unknownCommand': {
      const names = program.commands.map((candidate) => candidate.name());
      const meant = nearest(word, names);
      const hint =
        meant === undefined
          ? `there are ${publicApi.oneOf(names).replace(/ or /, ' and ')}`
          : `did you mean "${meant}"?`;
      return `no command is called ${quoted(word)}; ${hint}`;
    }
    case 'commander.optionMissingArgument':
      return `${/--[\w-]+/.exec(word)?.[0] ?? word} needs a value`;
    case 'commander.missingArgument':
      return `${command.name()} needs <${word}>; see "${where} --help"`;
    default:
      return printable(message.replace(/^error: /, ''), 300);
  }
}

/**
 * Of an option with one value, commander takes the last and drops what was said before; a gate must not obey half of what it was
 * told. The same said twice is no harm.
 *
 * @throws {DriftError} BAD_OPTION, as the options are parsed
 */
function refuseRepeats(command: Command): void {
  const given = new Map<string, string>();
  for (const option of command.options) {
    if (option.variadic) continue;
    const [flag, name] = [option.long!, option.attributeName()];
    command.on(`option:${option.name()}`, (value?: string | null) => {
      const said = value === null || value === undefined ? flag : `${flag} ${quoted(value)}`;
      const before = given.get(name);
      given.set(name, said);
      if (before === undefined || before === said) return;
      const hint = flag.includes('where') ? '; AND joins two conditions into one' : '';
      throw new publicApi.DriftError('BAD_OPTION', `${before} and ${said} were both given, where one is taken${hint}`);
    });
  }
}

/**
 * What commander lets through: a word that belongs to no option, and an option that was taken for the value of the one before.
 *
 * @throws {DriftError} BAD_OPTION
 */
function refuseStrays(command: Command): void {
  const taken = command.registeredArguments.length;
  const stray = command.registeredArguments.at(-1)?.variadic ? undefined : command.args[taken];
  if (stray !== undefined) {
    const hint = command.name() === 'check' ? '; data is given with --reference and --current' : '';
    throw new publicApi.DriftError('BAD_OPTION', `${quoted(stray)} belongs to no option${hint}`);
  }
  const flags = new Set(command.options.flatMap(({ long, short }) => [long, short]));
  for (const option of command.options) {
    for (const value of [command.getOptionValue(option.attributeName())].flat()) {
      if (typeof value === 'string' && flags.has(value)) {
        throw new publicApi.DriftError('BAD_OPTION', `${option.long} needs a value; found the option ${value}`);
      }
    }
  }
}
