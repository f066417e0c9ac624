import { DriftError } from '../model/errors.ts';
import { quoted } from '../model/text.ts';
import { flagName, type Setting, settings, type ValueType } from './options.ts';
import { dotted, isTree, type Layer, settingAt, valueAt } from './schema.ts';

/** What was typed, by the flag's name without dashes: text, texts of a repeatable flag, or a switch. */
export type Flags = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

type Node = { [key: string]: unknown };

/**
 * Flags as a layer of settings, so that they are checked as the file is.
 *
 * @throws {DriftError} BAD_OPTION
 */
export function flagLayer(flags: Flags): Layer {
  const values: Node = Object.create(null);
  /** which flag set a path, in the order of setting */
  const origins = new Map<string, string>();
  const put = (path: readonly string[], value: unknown, origin: string): void => {
    let node = values;
    for (const part of path.slice(0, -1)) {
      node[part] ??= Object.create(null);
      // `--set gate=1 --set gate.strict=true`: the first stays, to be found wrong
      if (!isTree(node[part])) return;
      node = node[part] as Node;
    }
    node[path.at(-1)!] = value;
    origins.set(path.join('\0'), origin);
  };

  for (const setting of settings) {
    const given = setting.flag ? flags[setting.flag.name] : undefined;
    if (setting.flag === null || given === undefined) continue;
    const flag = flagName(setting.flag);
    if (setting.assigns) {
      for (const column of given as readonly string[]) {
        const path = setting.assigns.key.split('.').map((part) => (part === '*' ? column : part));
        const other = origins.get(path.join('\0'));
        if (other !== undefined && valueAt(values, path) !== setting.assigns.to) {
          throw new DriftError('BAD_OPTION', `the column ${quoted(column)} is given to ${other} and to ${flag}`);
        }
        put(path, setting.assigns.to, flag);
      }
    } else if (setting.key !== null && given !== false) {
      put(setting.key.split('.'), parsed(setting.value, given), flag);
    } else if (setting.key !== null && setting.value.type === 'boolean') {
      put(setting.key.split('.'), false, flag);
    }
  }
  for (const assignment of (flags.set ?? []) as readonly string[]) {
    const equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new DriftError(
        'BAD_OPTION',
        `--set is ${quoted(assignment)}; it takes KEY=VALUE such as gate.min_rows=500`,
      );
    }
    const path = keyPath(assignment.slice(0, equals));
    const setting = settingAt(path);
    const text = assignment.slice(equals + 1);
    const value = setting ? parseAssigned(setting, text) : text;
    const other = origins.get(path.join('\0'));
    if (other !== undefined && JSON.stringify(valueAt(values, path)) !== JSON.stringify(value)) {
      const first = `${other} ${quoted(String(valueAt(values, path)), 60)}`;
      const second = quoted(text, 60);
      throw new DriftError('BAD_OPTION', `${quoted(dotted(path))} is given twice: ${first} and --set ${second}`);
    }
    put(path, value, '--set');
  }

  /** of the path, or of the list or the tree that it stands in */
  const origin = (path: readonly string[]): string => {
    for (let end = path.length; end > 0; end--) {
      const flag = origins.get(path.slice(0, end).join('\0'));
      if (flag !== undefined) return flag;
    }
    return '--set';
  };
  const positions = [...origins.keys()];
  return {
    code: 'BAD_OPTION',
    values,
    place: (path) => (origin(path) === '--set' ? '--set: ' : ''),
    name: (path) => (origin(path) === '--set' ? dotted(path) : origin(path)),
    order: (path) => positions.indexOf(path.join('\0')),
  };
}

/** `columns.a.b.role` is about the column `a.b`: names of columns may hold dots. */
function keyPath(key: string): string[] {
  const column = /^columns\.(.+?)\.(role|kind|class|tolerances\..*|gate\..*)$/.exec(key);
  return column ? ['columns', column[1]!, ...column[2]!.split('.')] : key.split('.');
}

function parsed(value: ValueType, given: string | readonly string[] | true): unknown {
  if (typeof given === 'string') return parseFlag(value, given);
  if (value.type !== 'lists' || given === true) return given;
  return given.map((text) => (text.includes(',') ? text.split(',').map((item) => item.trim()) : text));
}

/** What is not a number stays text, for the message about it. */
function parseFlag(value: ValueType, text: string): unknown {
  if (value.type !== 'number') return text;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text;
}

function parseAssigned({ value }: Setting, text: string): unknown {
  if (value.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (value.type === 'list' || value.type === 'lists') return text.split(',').map((item) => item.trim());
  return parseFlag(value, text);
}
