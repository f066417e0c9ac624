import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/model/report.ts';
import type { CheckOptions } from '../../../src/model/run.ts';
import type { WindowRule } from '../../../src/model/time.ts';
import { defaultVerdictSettings } from '../../../src/verdict/tolerances.ts';
import { checkFiles, columnNamed } from '../../support/check.ts';
import { type Bench, openBench } from '../../support/engine.ts';

/** A label is a column of the report, and the same one whether it lies in the log or in a file of its own. */

const unit = (key: string) => `((hash(${key}) >> 11)::DOUBLE / 9007199254740992)`;
const kinds = {
  classes: (side: string) => {
    const bad = side === 'then' ? '0.2' : "CASE WHEN event_time < TIMESTAMP '2026-03-15' THEN 0.2 ELSE 0.6 END";
    return `CASE WHEN ${unit(`i || '${side}y'`)} < ${bad} THEN 'bad' ELSE 'good' END`;
  },
  numbers: (side: string) => `${unit(`i || '${side}y'`)} + ${side === 'then' ? 0 : 0.4}`,
} as const;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.dispose());

async function filesOf(kind: keyof typeof kinds) {
  const rows = (side: string, from: string, count: number) =>
    `SELECT *, ${kinds[kind](side)} AS label, CASE WHEN ${unit(`i || '${side}p'`)} < 0.9 THEN label END AS written
     FROM (SELECT i, 'key ' || i AS id, TIMESTAMP '${from}' + to_seconds(i * 600) AS event_time,
             ${unit(`i || '${side}x'`)} AS x FROM range(${count}) r(i))`;
  const [then, now] = [rows('then', '2025-12-01', 9000), rows('now', '2026-03-01', 4000)];
  const predicted = kind === 'classes' ? "coalesce(written, 'good')" : 'coalesce(written, 0.5)';
  const write = (name: string, columns: string, of: string) =>
    bench.parquet(`${kind}-${name}.parquet`, `SELECT ${columns} FROM (${of}) ORDER BY i`);
  const columns = `id, event_time, x, ${predicted} AS prediction`;
  // of one row in seven no label has come
  const arrived = 'CASE WHEN i % 7 > 0 THEN label END';
  return {
    reference: await write('reference', `${columns}, label`, then),
    labelled: await write('labelled', `${columns}, ${arrived} AS label`, now),
    log: await write('log', columns, now),
    stale: await write('stale', `${columns}, 'none' AS label`, now),
    labels: await bench.parquet(
      `${kind}-labels.parquet`,
      `SELECT id AS request, ${arrived} AS outcome FROM (${now}) ORDER BY hash(i)`,
    ),
  };
}

const weekly: WindowRule = { by: 'time', unit: 'week', count: 1 };
const run = (reference: string, current: string, window: WindowRule | null, more: Partial<CheckOptions> = {}) =>
  checkFiles(reference, current, { verdict: { ...defaultVerdictSettings, window }, ...more });
const labelOf = (report: Report) => {
  const { type: _, ...column } = columnNamed(report, 'label');
  return column;
};

describe.each(['classes', 'numbers'] as const)('labels that are %s', (kind) => {
  let files: Awaited<ReturnType<typeof filesOf>>;
  beforeAll(async () => {
    files = await filesOf(kind);
  });
  const fromFile = () => ({ labels: { paths: [files.labels], key: 'id', labelKey: 'request', column: 'outcome' } });

  it.each([
    ['as a whole', null],
    ['by window', weekly],
    ['by blocks of rows', { by: 'rows', rows: 500 }],
  ] as const)('are one column in the log and in a file, %s', async (_, window) => {
    // blocks of rows need to know the order of the rows
    const current = { paths: [files.labelled], ordered: true };
    const own = await run(files.reference, files.labelled, window, { current });
    const met = await run(files.reference, files.log, window, {
      ...fromFile(),
      current: { paths: [files.log], ordered: true },
    });
    expect(labelOf(met)).toEqual(labelOf(own));
    expect(labelOf(met)).toMatchObject({ role: 'label', outcome: 'drift', current: { rows: 4000, nulls: 572 } });
    expect(met.columns.map(({ name }) => name)).toEqual(own.columns.map(({ name }) => name));
    expect(met.findings).toEqual(own.findings);
    expect(met.method).toEqual(own.method);
    expect(met.outcomes!.current).toEqual(own.outcomes!.current);
  });

  it('take the place of labels that the log has too', async () => {
    const met = await run(files.reference, files.log, weekly, fromFile());
    const both = await run(files.reference, files.stale, weekly, fromFile());
    expect(labelOf(both)).toEqual(labelOf(met));
    expect(both.findings).toEqual(met.findings);
  });

  it('are read value by value where that is asked for', async () => {
    const own = await run(files.reference, files.labelled, null, { exact: true });
    const met = await run(files.reference, files.log, null, { ...fromFile(), exact: true });
    expect(labelOf(met)).toEqual(labelOf(own));
  });
});

it('labels that the reference does not have are no column', async () => {
  const files = await filesOf('classes');
  const report = await run(files.log, files.log, null, {
    labels: { paths: [files.labels], key: 'id', labelKey: 'request', column: 'outcome' },
  });
  expect(report.columns.map(({ name }) => name).sort()).toEqual(['event_time', 'id', 'prediction', 'x']);
  expect(report.outcomes!.current!.labelled).toBeGreaterThan(3000);
});
