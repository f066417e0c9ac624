import type { Kind } from '../model/measure.ts';
import type { Role } from '../model/profile.ts';
import { printable } from '../model/text.ts';
import { configFileNames, declarableKinds, expected, type Setting, sections, settings } from './options.ts';
import { isTree, type Tree, valueAt } from './schema.ts';

/** A column of the reference, and what was concluded of it. */
export interface ColumnDescription {
  readonly name: string;
  readonly role: Role;
  readonly kind: Kind;
  /** why this role; null when there is nothing to say */
  readonly roleReason: string | null;
  readonly kindReason: string | null;
}

/**
 * A commented driftgate.yaml: what is known is set, everything else is shown at its default behind a `#`.
 *
 * @param values settings to write as they are, e.g. the reference's path
 */
export function initialConfig(values: Tree, columns: readonly ColumnDescription[]): string {
  const lines = [
    `# ${configFileNames[0]}: what "driftgate check" obeys in this folder. Flags win over it; docs/config.md explains it.`,
    '# A line such as "#alpha: 0.01" shows a default, or an example: take the "#" away to set it.',
  ];
  const open: string[] = [];
  for (const setting of settings) {
    const path = setting.key?.split('.') ?? [];
    const key = path.at(-1);
    if (key === undefined) continue;
    if (path[0] === 'columns') {
      if (open[0] !== 'columns') {
        open.splice(0, open.length, 'columns');
        lines.push('', ...columnLines(columns));
      }
      continue;
    }
    const parents = path.slice(0, -1);
    const shared = parents.findIndex((part, i) => part !== open[i]);
    const depth = shared < 0 ? parents.length : shared;
    if (parents.length === 0) {
      lines.push('');
    }
    for (let i = depth; i < parents.length; i++) {
      if (i === 0) lines.push('');
      lines.push(`${indent(i)}# ${sections[parents.slice(0, i + 1).join('.')]}`, `${indent(i)}${parents[i]}:`);
    }
    open.splice(0, open.length, ...parents);
    lines.push(...settingLines(setting, indent(parents.length), key, valueAt(values, path)));
  }
  return `${lines.join('\n')}\n`;
}

function settingLines(setting: Setting, margin: string, key: string, value: unknown): string[] {
  // the rules of severity all take the same, which their map says
  const choice = setting.value.type === 'choice' && !setting.key?.startsWith('severity.');
  const takes = choice ? ` (${expected(setting.value)})` : '';
  const unset = setting.defaultText === undefined ? '' : `; unset: ${setting.defaultText}`;
  return [
    `${margin}# ${setting.description}${takes}${unset}`,
    value === undefined
      ? `${margin}#${key}: ${scalars(setting.default ?? setting.example)}`
      : `${margin}${key}: ${scalars(value)}`,
  ];
}

function columnLines(columns: readonly ColumnDescription[]): string[] {
  const lines = [
    `# ${sections.columns}; a column can also have its own tolerances:`,
    '#   age:',
    '#     tolerances:',
    '#       warn: {phi_squared: 0.2, cell_change: 0.1}',
    '#       fail: {phi_squared: 0.4, cell_change: 0.2}',
    'columns:',
  ];
  for (const { name, role, kind, roleReason, kindReason } of columns) {
    // YAML gives up on longer keys
    if (name.length > 1000) {
      lines.push(`  # ${printable(name)}: cannot be named here`);
      continue;
    }
    const declarable = (declarableKinds as readonly Kind[]).includes(kind);
    lines.push(
      `  ${scalar(name)}:`,
      `    role: ${role}${reason(roleReason)}`,
      `    ${declarable ? '' : '# '}kind: ${kind}${reason(kindReason)}`,
    );
  }
  return lines;
}

function reason(text: string | null): string {
  return text === null ? '' : `  # ${printable(text, 120)}`;
}

function indent(depth: number): string {
  return '  '.repeat(depth);
}

function scalars(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(scalars).join(', ')}]`;
  if (!isTree(value)) return scalar(value);
  return `{${Object.entries(value)
    .map(([name, own]) => `${scalar(name)}: ${scalars(own)}`)
    .join(', ')}}`;
}

/** A value on one line; what could be read as something else stands in quotation marks. JSON strings are YAML. */
function scalar(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const bare = /^[\p{L}_][\p{L}\p{N}_./-]*$/u.test(value) && !/^(?:null|true|false)$/i.test(value);
  return bare ? value : JSON.stringify(value);
}
