import { DuckDbEngine } from './engine/duckdb-engine.ts';
import { keepLayers } from './layers/open.ts';
import { DriftError } from './model/errors.ts';
import type { CheckOptions } from './model/run.ts';
import type { SavedProfile } from './model/saved-profile.ts';
import { savedSide } from './profile/saved/file.ts';
import { profileName } from './profile/saved/read.ts';
import { saveProfile } from './profile/saved/write.ts';
import { countReference } from './reference.ts';
import { version } from './version.ts';

/** What is profiled: the settings of a check, of which the reference is the data. */
export interface ProfileOptions {
  readonly check: CheckOptions;
}

/**
 * A data set's profile, which a later check can have for its reference.
 *
 * @throws {DriftError} when the data cannot be read
 */
export async function profile({ check: options }: ProfileOptions): Promise<SavedProfile> {
  const progress = (step: string, fraction: number) => {
    options.signal?.throwIfAborted();
    options.onProgress?.({ step, fraction });
  };
  if ((await savedSide(options.reference)) !== null) {
    throw new DriftError('BAD_OPTION', `${profileName(options.reference.paths[0]!)} is one already; give the data`);
  }
  const engine = await DuckDbEngine.open(options);
  const stop = () => engine.interrupt();
  options.signal?.addEventListener('abort', stop);
  try {
    progress('reading the data', 0);
    const side = await countReference(engine, options, { repeats: false, periods: false }, () =>
      progress('profiling the data', 0.2),
    );
    progress('profiling for the layers beside the columns', 0.8);
    const { kept, notes } = await keepLayers(side.data, side.columns, options, engine);
    await side.data.close();
    const { periods } = side;
    return saveProfile({
      engine: engine.description,
      version,
      rows: side.rows,
      datasets: [side.info],
      config: options.config,
      settings: options.verdict.columns,
      columns: side.columns,
      timeline: periods && originOf(periods.timeline),
      periods: periods?.columns ?? new Map(),
      repeats: side.repeats,
      layers: kept,
      notes,
    });
  } catch (error) {
    if (options.signal?.aborted) throw new DriftError('INTERRUPTED', 'interrupted', { cause: error });
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await engine.close();
  }
}

function originOf({
  start,
  ...timeline
}: NonNullable<Awaited<ReturnType<typeof countReference>>['periods']>['timeline']) {
  return { ...timeline, origin: start, first: 0 };
}
