import { compare } from '../../src/compare.ts';
import type { CompareReport } from '../../src/model/compare.ts';
import type { CheckOptions } from '../../src/model/run.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { type Bench, openBench } from './engine.ts';

/** Comparisons of two versions in logs that a query makes. */

export interface Comparing {
  readonly champion?: string;
  readonly challenger?: string;
  readonly joinKey?: string;
  readonly check?: Partial<CheckOptions>;
}

export interface Comparisons {
  readonly bench: Bench;
  /** of the versions 3 and 4 */
  run(query: string, more?: Comparing): Promise<CompareReport>;
  /** of files that are there */
  of(paths: readonly string[], more?: Comparing): Promise<CompareReport>;
  dispose(): Promise<void>;
}

export async function openComparisons(): Promise<Comparisons> {
  const bench = await openBench();
  let made = 0;
  const of: Comparisons['of'] = (paths, { champion = '3', challenger = '4', joinKey, check } = {}) => {
    const source = { paths };
    return compare({
      champion,
      challenger,
      ...(joinKey === undefined ? {} : { joinKey }),
      check: {
        reference: source,
        current: source,
        verdict: defaultVerdictSettings,
        measures: [],
        threads: 2,
        exact: false,
        hash: 'ends',
        config: { file: null, sha256: '', values: {} },
        ...check,
      },
    });
  };
  return {
    bench,
    of,
    run: async (query, more) => {
      made += 1;
      return of([await bench.parquet(`log-${made}.parquet`, query)], more);
    },
    dispose: () => bench.dispose(),
  };
}

/** Every request answered by both: `u` decides it, `three` and `four` are what the versions say. */
export function shadow(count: number, three: string, four: string): string {
  const u = 'hash(i) % 1000000007 / 1000000007.0';
  const one = (version: number, columns: string) =>
    `SELECT 'r' || i AS request_id, ${version} AS model_version, hash(i + 7) % 97 AS amount, ${columns} FROM (SELECT i, ${u} AS u FROM range(${count}) t(i))`;
  return `(${one(3, three)}) UNION ALL (${one(4, four)})`;
}

export const classes = (p: string) => `${p} AS score, CASE WHEN ${p} >= 0.5 THEN 'yes' ELSE 'no' END AS prediction`;
export const label = "CASE WHEN u >= 0.5 THEN 'yes' ELSE 'no' END AS label";
