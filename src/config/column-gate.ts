import type { Kind, Measure } from '../model/measure.ts';
import type { MeasureTolerance } from '../model/settings.ts';
import { nearest, quoted } from '../model/text.ts';
import { oneOf } from './options.ts';
import type { Layer } from './schema.ts';

/** `columns.<name>.gate` as written. */
export interface WrittenGate {
  readonly measure?: string;
  readonly warn?: number;
  readonly fail?: number;
}

/** The measure that decides on a column, by its id; null when none was written. */
export function measureGateOf(
  path: readonly string[],
  written: WrittenGate | null | undefined,
  kind: Kind | undefined,
  measures: readonly Pick<Measure, 'id' | 'alias' | 'kinds'>[],
  refuse: (path: readonly string[], text: string) => never,
  layerOf: (path: readonly string[]) => Layer | undefined,
): MeasureTolerance | null {
  const { measure: name, warn, fail } = written ?? {};
  if (name === undefined && warn === undefined && fail === undefined) return null;
  const [atMeasure, atWarn, atFail] = [
    [...path, 'measure'],
    [...path, 'warn'],
    [...path, 'fail'],
  ] as const;
  if (name === undefined) return refuse(warn === undefined ? atFail : atWarn, 'needs the measure beside it');
  if (warn === undefined || fail === undefined) {
    return refuse(atMeasure, `needs ${warn === undefined ? 'warn' : 'fail'} beside it: there is no default for it`);
  }
  const found = measures.find(({ id, alias }) => id === name || alias === name);
  if (found === undefined) {
    const meant = nearest(
      name,
      measures.flatMap(({ id, alias }) => [id, alias]),
    );
    const hint = meant === undefined ? '"driftgate measures" lists them' : `did you mean ${quoted(meant)}?`;
    return refuse(atMeasure, `is ${quoted(name)}, and no measure is called that; ${hint}`);
  }
  if (kind !== undefined && !found.kinds.includes(kind)) {
    refuse(atMeasure, `is ${quoted(name)}, which compares ${oneOf(found.kinds)} columns; this one is ${kind}`);
  }
  if (warn > fail) {
    if (layerOf(atWarn)) refuse(atWarn, `is ${warn}, above the ${fail} at fail; raise that as well`);
    refuse(atFail, `is ${fail}, below the ${warn} at warn; lower that as well`);
  }
  return { measure: found.id, warn, fail };
}
