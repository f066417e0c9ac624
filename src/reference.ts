import type { Dataset, Engine } from './engine/engine.ts';
import type { ImposedSchema, SourceColumn } from './engine/source.ts';
import { begun } from './engine/turn.ts';
import { DriftError } from './model/errors.ts';
import type { CheckOptions, DatasetInfo, SourceOptions } from './model/run.ts';
import type { SavedProfile } from './model/saved-profile.ts';
import { quoted } from './model/text.ts';
import { countPeriods, type ReferencePeriods } from './profile/periods.ts';
import { countRepeats, type RowRepeats, rowKeyOf } from './profile/quality.ts';
import { profileReference } from './profile/reference.ts';
import { named, saltCheck } from './profile/saved/privacy.ts';
import { profileName, type RestoredProfile, restoreProfile } from './profile/saved/read.ts';
import type { ReferenceColumn } from './profile/side.ts';
import { ofVersion } from './versions.ts';

/** What a check knows of its reference, whether it is counted just now or was saved before. */
export interface ReferenceSide {
  readonly rows: number;
  readonly columns: readonly ReferenceColumn[];
  readonly info: DatasetInfo;
  /** in fine periods, because how long the batch is turns out later; null without a timestamp. Counted while other things go on */
  readonly periods: Promise<ReferencePeriods | null>;
  readonly repeats: Promise<RowRepeats | null>;
  /** its rows; null when there is only a profile */
  readonly data: Dataset | null;
  readonly saved: SavedProfile | null;
}

/** What of the reference a check will not ask for. */
export interface Unasked {
  readonly repeats: boolean;
  readonly periods: boolean;
}

/** A source whose columns are read as they are said to be. */
export function withKinds(source: SourceOptions, said: CheckOptions['verdict']['columns']): SourceOptions {
  const kinds = Object.entries(said).flatMap(([name, { kind }]) => (kind === undefined ? [] : [[name, kind] as const]));
  return kinds.length === 0 ? source : { ...source, kinds: Object.fromEntries(kinds) };
}

/** Reads and profiles the reference; what needs its columns is still being counted when they are there. */
export async function countReference(
  engine: Engine,
  options: Pick<CheckOptions, 'reference' | 'hash' | 'verdict' | 'referenceVersion'>,
  unasked: Unasked,
  onRead: () => void,
): Promise<ReferenceSide & { readonly data: Dataset }> {
  const { columns: said } = options.verdict;
  const opened = await engine.open('reference', withKinds(options.reference, said), options.hash);
  const { referenceVersion } = options;
  const data = referenceVersion === undefined ? opened : (await ofVersion(opened, [], said, referenceVersion)).data;
  onRead();
  const columns = await profileReference(data, said);
  const key = unasked.repeats ? null : rowKeyOf(columns);
  return {
    rows: data.rows,
    columns,
    info: data.info,
    periods: begun(unasked.periods ? Promise.resolve(null) : countPeriods(data, columns)),
    repeats: begun(countRepeats(data, key, columns).then((counts) => key && counts && { key, counts })),
    data,
    saved: null,
  };
}

/**
 * The reference from its profile.
 *
 * @throws {DriftError} BAD_OPTION, BAD_PROFILE when the settings ask of it what only the rows could say
 */
export function savedReference(
  saved: SavedProfile,
  options: Pick<CheckOptions, 'reference' | 'verdict' | 'referenceVersion'>,
  unasked: Unasked,
): ReferenceSide {
  const name = profileName(options.reference.paths[0]!);
  const refuse = (what: string) => new DriftError('BAD_OPTION', `${name} ${what}`);
  if (options.reference.where !== undefined) {
    throw refuse('cannot be filtered any more: --reference-where and --where-both are for profiling it');
  }
  if (options.referenceVersion !== undefined) {
    throw refuse('holds the rows of all versions together: profile those of the version that is to be compared');
  }
  for (const column of saved.columns) {
    const said = Object.hasOwn(options.verdict.columns, column.name) ? options.verdict.columns[column.name] : undefined;
    for (const what of ['role', 'kind'] as const) {
      const asked = said?.[what];
      if (asked === undefined || asked === column[what] || asked === column.said[what]) continue;
      throw refuse(
        `has ${quoted(column.name, 60)} as ${column[what]}, and the settings say ${asked}; profile the data again with these settings`,
      );
    }
  }
  const { columns, periods } = restoreProfile(saved, name);
  const { repeats } = saved;
  return {
    rows: saved.rows,
    columns,
    info: infoOf(saved),
    periods: Promise.resolve(unasked.periods ? null : periods),
    repeats: Promise.resolve(
      unasked.repeats || repeats === null
        ? null
        : {
            key: { ids: repeats.ids, columns: repeats.columns },
            counts: { rows: repeats.rows, distinct: repeats.distinct },
          },
    ),
    data: null,
    saved,
  };
}

/** One entry for what was read; several data sets as one. */
export function infoOf({ datasets, rows }: Pick<SavedProfile, 'datasets' | 'rows'>): DatasetInfo {
  const [first, ...more] = datasets;
  if (more.length === 0) return first!;
  return {
    ...first!,
    paths: datasets.flatMap(({ paths }) => paths),
    files: datasets.flatMap(({ files }) => files),
    rows,
    where: null,
    rejectedRows: datasets.reduce((sum, { rejectedRows }) => sum + rejectedRows, 0),
    rejected: datasets.flatMap(({ rejected }) => rejected).slice(0, 10),
  };
}

/** What the current side must follow. */
export function schemaOf({ columns, info }: Pick<ReferenceSide, 'columns' | 'info'>): ImposedSchema {
  return {
    columns: columns.map(({ source: { name, family, notation, ticks } }) => ({
      name,
      family,
      ...(notation === undefined ? {} : { notation }),
      ...(ticks === undefined ? {} : { ticks }),
    })),
    dialect: info.dialect,
  };
}

export function sourcesOf({ columns }: Pick<ReferenceSide, 'columns'>): readonly SourceColumn[] {
  return columns.map(({ source }) => source);
}

/**
 * @param paths of the reference and of the current side
 * @throws {DriftError} NO_COMMON_COLUMNS
 */
export function requireCommonColumns(
  [then, now]: readonly [readonly string[], readonly string[]],
  reference: readonly ReferenceColumn[],
  data: Pick<Dataset, 'columns'>,
): void {
  const names = new Set(data.columns.map((column) => column.name));
  if (reference.some(({ source }) => names.has(source.name))) return;
  const some = (columns: readonly string[]) =>
    columns
      .slice(0, 3)
      .map((name) => quoted(name, 30))
      .join(', ');
  throw new DriftError(
    'NO_COMMON_COLUMNS',
    `${quoted(then.join(', '))} and ${quoted(now.join(', '))} have no column in common: ` +
      `${some(reference.map(({ source }) => source.name))} … against ${some([...names])} …`,
  );
}

/**
 * A restored profile whose redacted categories go by the names that they have in the data.
 *
 * @throws {DriftError} BAD_OPTION without the salt that they were hashed with
 */
export async function withNames<T extends RestoredProfile>(
  restored: T,
  { privacy }: SavedProfile,
  data: Dataset,
  salt: string | undefined,
  name: string,
): Promise<T> {
  if (privacy.redacted.length === 0) return restored;
  if (salt === undefined || saltCheck(salt) !== privacy.saltCheck) {
    const what = salt === undefined ? 'needs the salt' : 'was written with another salt than that';
    throw new DriftError(
      'BAD_OPTION',
      `${name} ${what} of its redacted columns ${privacy.redacted.map((column) => quoted(column, 40)).join(', ')}: --salt-file FILE, or the environment variable DRIFTGATE_SALT`,
    );
  }
  const names = await named(restored.columns, privacy.redacted, data, salt);
  const { columns, periods } = restored;
  return {
    ...restored,
    columns: columns.map((column) => names.get(column) ?? column),
    periods: periods && {
      ...periods,
      columns: new Map([...periods.columns].map(([column, cells]) => [names.get(column) ?? column, cells])),
    },
  };
}
