import { fileURLToPath } from 'node:url';
import type { CompareReport } from '../../src/model/compare.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { classes, label, openComparisons, shadow } from '../support/comparisons.ts';
import { nastyTexts } from '../support/hostile.ts';

/** Comparisons of every form, made by the product itself. */
export interface CompareSamples {
  /** a payment model: classes, a score, latencies, labels of a part */
  readonly typical: CompareReport;
  /** names, versions and classes that try to be more than text; more classes than are told apart */
  readonly hostile: CompareReport;
  /** predictions of a value */
  readonly values: CompareReport;
  /** requests that went to one version each */
  readonly unpaired: CompareReport;
  /** a challenger that is better */
  readonly better: CompareReport;
}

export async function samples(): Promise<CompareSamples> {
  const comparisons = await openComparisons();
  const { run } = comparisons;
  try {
    const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
    // no text of the engine holds these
    const names = nastyTexts.filter((name) => name.trim() !== '' && !/[\0\ud800-\udfff]/u.test(name));
    const nasty = names.slice(0, 30).map(text).join(', ');
    const [prediction, score, key, version, truth] = names.slice(30, 35) as [string, string, string, string, string];
    const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
    const several = (one: string) => `list_extract([${nasty}], 1 + CAST(floor(30 * (${one})) AS INT))`;
    const hostile = `SELECT request_id AS ${identifier(key)}, 'v' || model_version || ${text('\u001b[31m</script><b>')} AS ${identifier(version)}, p AS ${identifier(prediction)}, s AS ${identifier(score)}, l AS ${identifier(truth)} FROM (${shadow(
      1500,
      `${several('u')} AS p, u AS s, ${several('u')} AS l`,
      `${several('CASE WHEN i % 5 = 0 THEN 1 - u ELSE u END')} AS p, u / 2 AS s, ${several('u')} AS l`,
    )})`;
    const role = (name: string, as: 'prediction' | 'score' | 'id' | 'model_version' | 'label') =>
      [name, { role: as }] as const;
    const columns = Object.fromEntries([
      role(prediction, 'prediction'),
      role(score, 'score'),
      role(key, 'id'),
      role(version, 'model_version'),
      role(truth, 'label'),
    ]);
    const half = (which: number, rest: number) =>
      `SELECT 'r' || i AS request_id, ${which} AS model_version, ${classes('hash(i) % 1000003 / 1000003.0')} FROM range(1000) t(i) WHERE i % 2 = ${rest}`;
    const noisy = (by: number) =>
      `100 * u AS label, 100 * u + (CAST(hash(i, ${by}) % 2001 AS INT) - 1000) / ${by} AS prediction`;
    return {
      typical: await comparisons.of([
        fileURLToPath(new URL('../../fixtures/card-payments/log.parquet', import.meta.url)),
      ]),
      hostile: await run(hostile, {
        champion: 'v3\u001b[31m</script><b>',
        challenger: 'v4\u001b[31m</script><b>',
        check: { verdict: { ...defaultVerdictSettings, columns } },
      }),
      values: await run(shadow(2000, noisy(500), noisy(300))),
      unpaired: await run(`(${half(3, 0)}) UNION ALL (${half(4, 1)})`),
      better: await run(
        shadow(
          3000,
          `${classes('least(1, greatest(0, u + (CAST(hash(i, 1) % 1001 AS INT) - 500) / 900.0))')}, ${label}`,
          `${classes('least(1, greatest(0, u + (CAST(hash(i, 2) % 1001 AS INT) - 500) / 3000.0))')}, ${label}`,
        ),
      ),
    };
  } finally {
    await comparisons.dispose();
  }
}
