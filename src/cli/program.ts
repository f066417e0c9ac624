import { Command, Option } from 'commander';
import {
  compareFormats,
  defaultCompareFormats,
  expected,
  type Flags,
  flagName,
  oneOf,
  renderings,
  type Setting,
  settings,
  version,
} from '../index.ts';
import { type Io, widthOf } from './io.ts';

/** The commands, each given what was typed and answering with the exit code. */
export interface Commands {
  check(flags: Flags): Promise<number>;
  compare(log: readonly string[], flags: Flags): Promise<number>;
  init(flags: Flags): Promise<number>;
  profile(data: readonly string[], flags: Flags): Promise<number>;
  merge(profiles: readonly string[], flags: Flags): Promise<number>;
  render(report: string, flags: Flags): Promise<number>;
  explain(report: string, column: string | undefined, flags: Flags): Promise<number>;
  measures(): Promise<number>;
}

/** Where help goes; errors are thrown, and printed by the caller. */
export interface HelpText {
  out: string;
  error: string;
}

/** The command line as commander sees it, from the table of settings. */
export function buildProgram(commands: Commands, io: Io, help: HelpText, done: (exitCode: number) => void): Command {
  const program = new Command('driftgate');
  // before the subcommands are made: they take these over
  program
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: (text) => {
        help.out += text;
      },
      writeErr: (text) => {
        help.error += text;
      },
      outputError: () => {},
      getOutHelpWidth: () => widthOf(io.stdout),
      getErrHelpWidth: () => widthOf(io.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: false })
    .helpCommand(false)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .description('Compares a dataset with a reference: one verdict, a report and an exit code.')
    .usage('<command> [options]')
    .addHelpText('after', examples);

  const check = command(program, 'check', 'compare current data with a reference')
    .usage('--reference PATH --current PATH [options]')
    .addHelpOption(new Option('-h, --help', 'print this help').helpGroup('Run:'))
    .addHelpText('after', exitCodes);
  for (const setting of settings) if (!isOfProfileFile(setting)) addSetting(check, setting);
  check.action(async () => done(await commands.check(flagsOf(check))));

  const compare = command(program, 'compare', 'compare two versions of a model in one log')
    .usage('LOG... --champion VERSION --challenger VERSION [options]')
    .argument('<log...>', 'files, globs or folders that hold rows of both versions')
    .addHelpOption(new Option('-h, --help', 'print this help').helpGroup('Run:'))
    .addHelpText('after', compareExitCodes)
    .addOption(new Option('--champion <version>', 'the version that decides today').helpGroup('Data:'))
    .addOption(new Option('--challenger <version>', 'the version that is tried').helpGroup('Data:'));
  for (const setting of settings) if (isOfComparison(setting)) addSetting(compare, asOfComparison(setting));
  compare.action(async (log: readonly string[]) => done(await commands.compare(log, flagsOf(compare))));

  const profile = command(program, 'profile', 'save what a later check needs of a data set, without its rows')
    .usage('DATA... [options]')
    .argument('[data...]', 'files, globs or folders, or - for CSV on standard input')
    .addHelpOption(new Option('-h, --help', 'print this help').helpGroup('Run:'))
    .addHelpText('after', profileExamples);
  for (const setting of settings) if (isOfProfileFile(setting)) addSetting(profile, setting);
  for (const setting of settings) if (isOfProfile(setting)) addSetting(profile, setting);
  profile.action(async (data: readonly string[]) => done(await commands.profile(data, flagsOf(profile))));

  const merge = command(program, 'merge', 'add profiles of parts to the profile of the whole')
    .usage('PROFILE PROFILE... [options]')
    .argument('<profiles...>', 'profiles that were counted over the same cells, see profile --like');
  for (const setting of settings) if (isOfMerge(setting)) addSetting(merge, setting);
  merge.action(async (profiles: readonly string[]) => done(await commands.merge(profiles, flagsOf(merge))));

  const init = command(program, 'init', 'write a commented driftgate.yaml for a reference').usage(
    '--reference PATH [options]',
  );
  for (const setting of settings) if (isOfReference(setting)) addSetting(init, setting);
  init
    .option('-o, --output <file>', 'where to write it (default: driftgate.yaml)')
    .option('--force', 'replace the file when it exists')
    .action(async () => done(await commands.init(flagsOf(init))));

  const render = command(program, 'render', 'draw a saved report again; needs no data').argument(
    '<report>',
    'a report.json that check wrote, a compare.json that compare wrote, or - for standard input',
  );
  render
    .option(
      '--format <name>',
      `${oneOf(renderings.map(({ format }) => format))} (default: by the name of the output, or terminal)`,
    )
    .option('-o, --output <file>', 'where to write it (default: standard output)');
  for (const setting of settings) if (setting.flag?.name === 'color') addSetting(render, setting);
  render.action(async (report: string) => done(await commands.render(report, flagsOf(render))));

  const explain = command(program, 'explain', 'say why: of one column of a saved report, or of its exit code')
    .argument('<report>', 'a report.json that check wrote, or - for standard input')
    .argument(
      '[column]',
      'the column to explain, or time, outcomes, predictions, segments, ranking, service (default: the gate)',
    );
  for (const setting of settings) if (setting.flag?.name === 'color') addSetting(explain, setting);
  explain.action(async (report: string, column: string | undefined) =>
    done(await commands.explain(report, column, flagsOf(explain))),
  );

  command(program, 'measures', 'list the measures that a report can show').action(async () =>
    done(await commands.measures()),
  );
  return program;
}

function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .allowExcessArguments(true)
    .helpOption('-h, --help', 'print this help');
}

/** Settings that say where the reference is and how it is read. */
function isOfReference({ key }: Setting): boolean {
  return key === 'reference' || key === 'engine' || key === 'input_format' || (key?.startsWith('csv.') ?? false);
}

/** The two sides are one log, judged as a whole. */
const notOfComparison: ReadonlySet<string> = new Set([
  ...['reference', 'current', 'reference_where', 'where_both', 'reference_format', 'model_version'],
  ...[
    'noise',
    'window',
    'measures',
    'exact',
    'github_summary',
    'since',
    'until',
    'last',
    'segments',
    'importance',
    'stale_after',
    'salt-file',
  ],
]);
function isOfComparison(setting: Setting): boolean {
  const { key, flag } = setting;
  return flag !== null && !isOfProfileFile(setting) && !notOfComparison.has(key ?? flag.name);
}

/** Settings of the file that profile and merge write. */
function isOfProfileFile({ group }: Setting): boolean {
  return group === 'Profile';
}

function isOfMerge({ group, flag }: Setting): boolean {
  return group === 'Profile' && (flag?.name === 'output' || flag?.name === 'gzip');
}

/** What a comparison writes has other names, and another default. */
function asOfComparison(setting: Setting): Setting {
  const { key, flag } = setting;
  const description = key === null || flag === null ? undefined : writtenByComparison[key];
  return description === undefined || flag === null ? setting : { ...setting, flag: { ...flag, description } };
}

const writtenByComparison: Readonly<Record<string, string>> = {
  out: 'where the comparison is written, e.g. compare.json and compare.html; --no-out writes none (default: driftgate-report)',
  formats: `the forms of the comparison that are written, ${oneOf(compareFormats)}; commas may separate them (default: ${defaultCompareFormats.join(' ')})`,
};

/** Settings that say what is read and how, and what the layers beside the columns are told. */
function isOfProfile({ group, flag, key }: Setting): boolean {
  if (key === 'exact' || key === 'reference_where') return false;
  return (
    ['Data', 'Columns', 'Outcomes', 'Run'].includes(group) || flag?.name === 'timestamp' || flag?.name === 'config'
  );
}

function addSetting(command: Command, setting: Setting): void {
  const { flag } = setting;
  if (flag === null) return;
  const positive = `--${flag.name}${flag.value === undefined ? '' : ` <${flag.value}>`}`;
  const typed = flag.negative ? flagName(flag) : positive;
  const shown = new Option(flag.short ? `-${flag.short}, ${typed}` : typed, help(setting)).helpGroup(
    `${setting.group}:`,
  );
  const hidden = (flags: string) => new Option(flags).hideHelp();
  // the positive form first: commander gives a lone negative one a default
  if (flag.negative) command.addOption(hidden(positive));
  command.addOption(shown);
  if (!flag.negative && (flag.none || (setting.value.type === 'boolean' && setting.key !== null))) {
    command.addOption(hidden(`--no-${flag.name}`));
  }
}

function help({ description, value, default: standard, defaultText, flag }: Setting): string {
  if (flag?.description !== undefined) return flag.description;
  const remarks = [
    ...(value.type === 'choice' ? [expected(value)] : []),
    ...(standard !== undefined && value.type !== 'boolean'
      ? [`default: ${Array.isArray(standard) ? standard.join(' ') : standard}`]
      : defaultText !== undefined
        ? [`default: ${defaultText}`]
        : []),
  ];
  return remarks.length === 0 ? description : `${description} (${remarks.join('; ')})`;
}

/** What was typed, by the names of the table; commander's own defaults left out. */
function flagsOf(command: Command): Flags {
  const flags: Record<string, string | readonly string[] | boolean> = {};
  for (const option of command.options) {
    const attribute = option.attributeName();
    if (command.getOptionValueSource(attribute) !== 'cli') continue;
    flags[option.name().replace(/^no-/, '')] = command.getOptionValue(attribute);
  }
  return flags;
}

const examples = `
Examples:
  driftgate check --reference train.parquet --current 'logs/2026-11-*.parquet'
  driftgate check -r train.csv -c today.csv --prediction y_pred --fail-on P1
  driftgate init --reference train.parquet
  driftgate render driftgate-report/report.json --format html -o report.html
  driftgate explain driftgate-report/report.json annual_income

Exit codes:
  0  the gate passed
  1  the gate is breached: a finding at or above --fail-on
  2  no verdict: a bad option or setting, unreadable data, too few rows, a
     report that cannot be written, or --strict with a column undetermined;
     a proven finding wins over all of these
  130  interrupted

"driftgate <command> --help" explains a command.`;

const compareExitCodes = `
Examples:
  driftgate compare 'logs/2026-11-*.parquet' --champion 3 --challenger 4

Exit codes: 0 not proven to be worse, 1 the challenger is worse, 2 no verdict,
130 interrupted. docs/versions.md says what counts as worse.`;

const profileExamples = `
Examples:
  driftgate profile train.parquet -o train.profile.json
  driftgate check --reference train.profile.json --current today.parquet

docs/profiles.md says what a profile holds and reveals.`;

const exitCodes = `
Examples:
  driftgate check --reference train.parquet --current 'logs/2026-11-*.parquet'
  driftgate check -r train.parquet -c today.csv --where "country = 'DE'"
  zcat today.csv.gz | driftgate check -r train.csv -c - --json > report.json

Exit codes: 0 passed, 1 breached, 2 no verdict, 130 interrupted.
Settings can stand in driftgate.yaml as well: see docs/config.md.`;
