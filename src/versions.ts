import { ColumnFailure, type Dataset } from './engine/engine.ts';
import type { SourceColumn } from './engine/source.ts';
import { columnsOfRole } from './layers/columns.ts';
import { DriftError } from './model/errors.ts';
import type { ColumnSettings } from './model/settings.ts';
import { quoted } from './model/text.ts';
import type { ReferenceColumn } from './profile/side.ts';
import { plural } from './verdict/numerals.ts';

/** The models that wrote a log, by the column that names them. */
export interface LogVersions {
  readonly column: SourceColumn;
  /** most frequent first */
  readonly versions: readonly { readonly name: string; readonly rows: number }[];
}

/** More values than this name no versions that anyone could choose from. */
const mostVersions = 1000;
const shownVersions = 8;

/** Null when no column names a model. */
export async function versionsOf(
  data: Dataset,
  reference: readonly Pick<ReferenceColumn, 'source' | 'role' | 'roleReason'>[],
  settings: Readonly<Record<string, ColumnSettings>>,
): Promise<LogVersions | null> {
  const named = columnsOfRole(data, 'model_version', reference, settings);
  const column = (named.find(({ reason }) => reason === null) ?? named[0])?.source;
  if (column === undefined || column.family === 'unsupported' || column.family === 'embedding') return null;
  const [table] = await data.categoryTables([column], mostVersions);
  if (table === undefined || table instanceof ColumnFailure) return null;
  return { column, versions: table.values.map((name, i) => ({ name, rows: table.counts[i]! })) };
}

/**
 * The version that is meant: 4 is also 4.0, as a column of whole numbers with gaps is stored.
 *
 * @param asked how it was asked for: `--champion`
 * @throws {DriftError} BAD_OPTION that names the versions there are
 */
export function findVersion(
  { column, versions }: LogVersions,
  wanted: string,
  asked: string,
): LogVersions['versions'][number] {
  const sameNumber = (name: string) => wanted.trim() !== '' && name.trim() !== '' && Number(name) === Number(wanted);
  const found = versions.find(({ name }) => name === wanted) ?? versions.find(({ name }) => sameNumber(name));
  if (found !== undefined) return found;
  throw new DriftError(
    'BAD_OPTION',
    `${asked} is ${quoted(wanted, 60)}, and ${quoted(column.name, 40)} holds no such version; it holds ${listed(versions)}`,
  );
}

/** `"4" (800 rows), "3" (1,200 rows)` */
export function listed(versions: LogVersions['versions']): string {
  if (versions.length === 0) return 'none';
  const shown = versions
    .slice(0, shownVersions)
    .map(({ name, rows }) => `${quoted(name, 40)} (${plural(rows, 'row')})`);
  const more = versions.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** The rows of the log that one model wrote, or all of them; and what to say of it. */
export async function ofVersion(
  data: Dataset,
  reference: readonly ReferenceColumn[],
  settings: Readonly<Record<string, ColumnSettings>>,
  wanted: string | undefined,
): Promise<{ readonly data: Dataset; readonly note: string | null }> {
  const found = await versionsOf(data, reference, settings);
  if (wanted === undefined) {
    const several = found !== null && found.versions.length > 1 && found.versions.length < mostVersions;
    const note = several
      ? `${quoted(found.column.name, 40)} names ${found.versions.length} versions of the model, judged together: ${listed(found.versions)}; --model-version picks one`
      : null;
    return { data, note };
  }
  if (found === null) {
    throw new DriftError(
      'UNKNOWN_COLUMN',
      `--model-version is ${quoted(wanted, 60)}, and no column of the current data names a model; name it with --model-version-column COLUMN`,
    );
  }
  const { name, rows } = findVersion(found, wanted, '--model-version');
  const others = found.versions.filter((version) => version.name !== name);
  const left = others.length === 0 ? 'it is the only one' : `left out: ${listed(others)}`;
  return {
    data: await data.only(found.column, name),
    note: `only the ${plural(rows, 'row')} of the model ${quoted(name, 40)} in ${quoted(found.column.name, 40)}; ${left}`,
  };
}
