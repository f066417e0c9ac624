import type { Dataset, Engine } from '../engine/engine.ts';
import type { CheckOptions } from '../model/run.ts';
import type { Timeline } from '../model/windows.ts';
import type { ReferencePeriods } from '../profile/periods.ts';
import type { ReferenceColumn } from '../profile/side.ts';
import type { LayerRun } from './layer.ts';
import { absentData, Keeping, NotRemembered, noMemory, Remembering } from './memory.ts';
import { layers } from './registry.ts';

/** The reference as the layers see it: its rows, or what a profile kept of it. */
export interface LayerReference {
  readonly columns: readonly ReferenceColumn[];
  /** by period; null when it has no time, or nothing is to be made of it */
  readonly timeline: Timeline | null;
  readonly data: Dataset | Pick<Dataset, 'rows' | 'columns' | 'info'>;
  /** what a profile holds, by layer; null where the rows are there */
  readonly kept: Readonly<Record<string, unknown>> | null;
}

export interface OpenedLayers {
  readonly runs: readonly LayerRun[];
  readonly notes: readonly string[];
}

/** Opens every layer that has something to do; one that a profile does not serve says so. */
export async function openLayers(
  { columns, timeline, data, kept }: LayerReference,
  options: CheckOptions,
  engine: Engine,
): Promise<OpenedLayers> {
  const runs: LayerRun[] = [];
  const left: string[] = [];
  const rows = kept === null ? (data as Dataset) : absentData(data.rows, data.columns, data.info);
  for (const { name, open } of layers) {
    const memory = kept === null ? noMemory : new Remembering(Object.hasOwn(kept, name) ? kept[name] : null);
    try {
      const run = await open(rows, columns, options, engine, timeline, memory);
      if (run !== null) runs.push(run);
    } catch (error) {
      if (!(error instanceof NotRemembered)) throw error;
      left.push(name);
    }
  }
  return { runs, notes: left.length === 0 ? [] : [leftOut(left)] };
}

function leftOut(names: readonly string[]): string {
  const one = names.length === 1;
  return (
    `without ${names.join(' and ')}: the profile of the reference does not hold what ${one ? 'it asks' : 'they ask'} with these settings; ` +
    'profile the data with them, or give the data itself'
  );
}

/** What every layer keeps of a reference, for its profile. */
export async function keepLayers(
  data: Dataset,
  { columns, periods }: { readonly columns: readonly ReferenceColumn[]; readonly periods: ReferencePeriods | null },
  options: CheckOptions,
  engine: Engine,
): Promise<{ readonly kept: Readonly<Record<string, unknown>>; readonly notes: readonly string[] }> {
  const kept: Record<string, unknown> = {};
  const notes: string[] = [];
  for (const { name, open } of layers) {
    const memory = new Keeping();
    await open(data, columns, options, engine, periods?.timeline ?? null, memory);
    const saved = memory.saved();
    if (saved === null) notes.push(`the layer ${name} keeps more of the data than a profile holds, so it is left out`);
    else if (Object.keys(saved).length > 0) kept[name] = saved;
  }
  return { kept, notes };
}
