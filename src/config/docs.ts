import { expected, flagName, type Group, groups, type Setting, sections, settings } from './options.ts';

/** docs/config.md. */
export function configReference(): string {
  const parts = [
    intro,
    ...groups.map((group) =>
      section(
        group,
        settings.filter((setting) => setting.group === group),
      ),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

const intro = `<!-- written by "npm run docs" from src/config/options.ts; do not edit -->

# Settings

A setting is given as a flag, or in \`driftgate.yaml\`; \`driftgate init --reference FILE\` writes a commented one. The file is
named with \`--config FILE\`; without it, \`driftgate.yaml\` in the working folder is used, and said so. \`--no-config\` reads none.
[config.schema.json](config.schema.json) lets an editor complete and check the file.

- **Flags win over the file, the file over the defaults**, setting by setting. Two ways of saying one thing replace each other as
  a whole: \`false_alarms_per_year\` with \`runs_per_year\` replaces an \`alpha\` of a weaker source and the reverse, and
  \`--sensitivity\` replaces the \`tolerances\` of the file.
- A setting without a flag of its own is set with \`--set KEY=VALUE\`: \`--set severity.nulls_up=P3\`,
  \`--set columns.age.tolerances.warn.phi_squared=0.2\`. It may be repeated; a list is separated by commas.
- A flag with dots takes several values, and may be repeated: \`--current a.csv b.csv\` or \`--current a.csv --current b.csv\`.
- Paths in the file are relative to the file's folder, paths in flags to the working folder.
- A switch has both forms: \`--strict\`, and \`--no-strict\` against a file that sets it.
- \`where\` filters the current side, \`reference_where\` the reference, \`where_both\` both; where two apply, both must hold. They are
  SQL over the columns' own names, trusted like the command line itself.
- Raising only \`warn\` of one column above its \`fail\` raises \`fail\` with it; for the tolerances of all columns both are to be said.
- A mistake is one line with its place in the file and the nearest setting, and the exit code is 2.`;

/** What a group is about, where its name does not tell. */
const abouts: Partial<Record<Group, string>> = {
  Profile:
    'Of `driftgate profile`, the first two of `driftgate merge` too; [profiles.md](profiles.md) explains them. `profile` takes what says how ' +
    'data is read, what columns are and what the layers are told as well. None of these has a place in `driftgate.yaml`.',
};

function section(group: Group, members: readonly Setting[]): string {
  const maps = Object.entries(sections).filter(([path]) =>
    members.some(({ key }) => key?.startsWith(`${path}.`) && !path.includes('.')),
  );
  return [
    `## ${group}`,
    ...(abouts[group] === undefined ? [] : [abouts[group]]),
    ...maps.map(([path, description]) => `\`${path}\`: ${description}.`),
    [
      '| setting | flag | takes | default | what it does |',
      '| --- | --- | --- | --- | --- |',
      ...members.map((setting) => row(setting)),
    ].join('\n'),
  ].join('\n\n');
}

function row({ key, flag, value, default: standard, defaultText, description, assigns }: Setting): string {
  const setting =
    key === null
      ? assigns
        ? code(`${assigns.key.replace('*', '<name>')}: ${assigns.to}`)
        : ''
      : code(key.replace('*', '<name>'));
  const typed =
    flag === null
      ? code('--set')
      : code(`${flag.short ? `-${flag.short}, ` : ''}${flagName(flag)}${flag.value ? ` <${flag.value}>` : ''}`);
  const shown = Array.isArray(standard)
    ? standard.map(code).join(', ')
    : standard === undefined
      ? ''
      : code(String(standard));
  return `| ${[
    setting,
    typed,
    value.type === 'boolean' ? `${code('true')} or ${code('false')}` : expected(value),
    shown || (defaultText ?? ''),
    description,
  ]
    .map((cell) => cell.replaceAll('|', '\\|'))
    .join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
