import type { Engine } from './engine/engine.ts';
import { Engines } from './engine/engines.ts';
import { keepLayers } from './layers/open.ts';
import { DriftError } from './model/errors.ts';
import type { CheckOptions, DatasetInfo } from './model/run.ts';
import type { SavedProfile } from './model/saved-profile.ts';
import type { Timeline } from './model/windows.ts';
import { batchTimestamp, countBatchWindows } from './profile/batch-windows.ts';
import { batchTime } from './profile/periods.ts';
import { countRepeats } from './profile/quality.ts';
import { readProfile, savedSide } from './profile/saved/file.ts';
import { countLike } from './profile/saved/like.ts';
import { mergeProfiles } from './profile/saved/merge.ts';
import { isOpen, openly, type Privacy, recordOf } from './profile/saved/privacy.ts';
import { profileName, restoreProfile } from './profile/saved/read.ts';
import { saveProfile, sealed } from './profile/saved/write.ts';
import { countReference, infoOf, requireCommonColumns, schemaOf, withNames } from './reference.ts';
import { version } from './version.ts';

/** What is profiled: with the settings of a check, of which the reference is the data. */
export interface ProfileOptions {
  readonly check: CheckOptions;
  /** the profile whose cells the data is counted over, so that the two can be compared and merged */
  readonly like?: string;
  /** absent: everything is said openly; of data that is counted like a profile, that profile decides */
  readonly privacy?: Omit<Privacy, 'salt'>;
}

/**
 * A data set's profile, which a later check can have for its reference, or for its current side.
 *
 * @throws {DriftError} when the data cannot be read
 */
export async function profile({ check: options, like, privacy }: ProfileOptions): Promise<SavedProfile> {
  const progress = (step: string, fraction: number) => {
    options.signal?.throwIfAborted();
    options.onProgress?.({ step, fraction });
  };
  if ((await savedSide(options.reference)) !== null) {
    throw new DriftError('BAD_OPTION', `${profileName(options.reference.paths[0]!)} is one already; give the data`);
  }
  const parent = like === undefined ? null : { path: like, saved: await readProfile(like) };
  const engine = new Engines(options);
  const stop = () => engine.interrupt();
  options.signal?.addEventListener('abort', stop);
  try {
    progress('reading the data', 0);
    return parent === null
      ? await ownProfile(engine, options, { ...openly, ...privacy, salt: options.salt ?? null }, progress)
      : await profileLike(engine, options, parent.saved, parent.path);
  } catch (error) {
    if (options.signal?.aborted) throw new DriftError('INTERRUPTED', 'interrupted', { cause: error });
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await engine.close();
  }
}

async function ownProfile(
  engine: Engine,
  options: CheckOptions,
  privacy: Privacy,
  progress: (step: string, fraction: number) => void,
): Promise<SavedProfile> {
  const side = await countReference(engine, options, { repeats: false, periods: false }, () =>
    progress('profiling the data', 0.2),
  );
  const periods = await side.periods;
  progress('profiling for the layers beside the columns', 0.8);
  const { kept, notes } = isOpen(privacy)
    ? await keepLayers(side.data, { columns: side.columns, periods }, options, engine)
    : { kept: {}, notes: ['what the layers beside the columns count is left out, as --min-count and --redact ask'] };
  const repeats = await side.repeats;
  await side.data.close();
  return saveProfile({
    engine: engine.description,
    version,
    rows: side.rows,
    datasets: [withoutServer(side.info)],
    config: options.config,
    settings: options.verdict.columns,
    columns: side.columns,
    timeline: periods && originOf(periods.timeline),
    periods: periods?.columns ?? new Map(),
    repeats,
    layers: kept,
    notes,
    privacy,
  });
}

async function profileLike(
  engine: Engine,
  options: CheckOptions,
  saved: SavedProfile,
  path: string,
): Promise<SavedProfile> {
  const restored = restoreProfile(saved, profileName(path));
  const { verdict, reference: source, hash } = options;
  const data = await engine.open('current', source, hash, schemaOf({ columns: restored.columns, info: infoOf(saved) }));
  requireCommonColumns([[path], source.paths], restored.columns, data);
  const { columns } = await withNames(restored, saved, data, options.salt, profileName(path));
  const timestamp = batchTimestamp(data, columns, verdict.columns);
  const time = timestamp && (await batchTime(data, timestamp, columns));
  const { window, timeZone } = verdict;
  const windows = window && (await countBatchWindows(data, columns, time, window, timeZone));
  const { counted, ...like } = await countLike(data, saved, columns, time, windows, options.salt ?? null);
  const repeats = saved.repeats && (await countRepeats(data, saved.repeats, counted));
  await data.close();
  return sealed({
    ...saved,
    tool: { version, engine: engine.description },
    rows: data.rows,
    ...recordOf({ datasets: [withoutServer(data.info)], config: options.config }, saved.privacy),
    like: saved.checksum,
    ...like,
    repeats: saved.repeats && repeats && { ids: saved.repeats.ids, columns: saved.repeats.columns, ...repeats },
    layers: {},
    notes: [],
  });
}

/**
 * Profiles of parts as the profile of the whole.
 *
 * @throws {DriftError} FILE_NOT_FOUND, BAD_PROFILE when they were counted over different cells
 */
export async function merge(paths: readonly string[]): Promise<SavedProfile> {
  const parts: { path: string; profile: SavedProfile }[] = [];
  // one by one: of several that cannot be read, the first is named
  for (const path of paths) parts.push({ path, profile: await readProfile(path) });
  return mergeProfiles(parts);
}

/** What was asked of a server differs from run to run, and says nothing of the data. */
function withoutServer({ server: _, ...info }: DatasetInfo): DatasetInfo {
  return info;
}

function originOf({ start, ...timeline }: Timeline) {
  return { ...timeline, origin: start, first: 0 };
}
