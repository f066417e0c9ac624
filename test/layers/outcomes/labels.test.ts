import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../../src/model/report.ts';
import type { CheckOptions, LabelSource } from '../../../src/model/run.ts';
import { checkFiles } from '../../support/check.ts';
import { type Bench, openBench } from '../../support/engine.ts';

/** Labels in the log and in files of their own, and what can be wrong with them. */

const rows = 400;
/** A log whose predictions are right in three of four rows. */
const truth = (i: number) => (i % 3 === 0 ? 1 : 0);
const predicted = (i: number) => (i % 4 === 0 ? 1 - truth(i) : truth(i));
const score = (i: number) => (predicted(i) === 1 ? 0.6 : 0.1) + (i % 50) / 200;

let bench: Bench;
let reference: string;
let log: string;
beforeAll(async () => {
  bench = await openBench();
  reference = await fileOf('reference', (i) => [i, score(i), predicted(i), truth(i)], [
    'id',
    'score',
    'prediction',
    'label',
  ]);
  log = await fileOf('log', (i) => [i, score(i), predicted(i)], ['id', 'score', 'prediction']);
});
afterAll(() => bench.dispose());

type Cell = number | string | null;
let made = 0;
async function fileOf(
  name: string,
  row: (i: number) => readonly Cell[],
  columns: readonly string[],
  count = rows,
): Promise<string> {
  made += 1;
  const literal = (cell: Cell) => (cell === null ? 'NULL' : typeof cell === 'number' ? String(cell) : `'${cell}'`);
  const values = Array.from({ length: count }, (_, i) => `(${row(i).map(literal).join(', ')})`);
  return bench.parquet(
    `${name}-${made}.parquet`,
    `SELECT * FROM (VALUES ${values.join(', ')}) AS t(${columns.map((column) => `"${column}"`).join(', ')})`,
  );
}

function csvOf(name: string, lines: readonly string[]): string {
  made += 1;
  const path = join(bench.folder, `${name}-${made}.csv`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

function withLabels(
  path: string,
  more: Partial<LabelSource> = {},
  options: Partial<CheckOptions> = {},
): Promise<Report> {
  return checkFiles(reference, log, { labels: { paths: [path], key: 'id', labelKey: 'id', ...more }, ...options });
}

const all = Array.from({ length: rows }, (_, i) => i);
const metric = (report: Report, id: string) =>
  report.outcomes?.current?.metrics.find((each) => each.id === id && each.className === (id === 'roc-auc' ? '1' : null))
    ?.value;

describe('the same labels', () => {
  test('in the log and in a file give the same numbers, from Parquet, CSV and JSON lines, in any order', async () => {
    const inLog = await checkFiles(
      reference,
      await fileOf('log', (i) => [i, score(i), predicted(i), truth(i)], ['id', 'score', 'prediction', 'label']),
    );
    const files = [
      await fileOf('labels', (i) => [rows - 1 - i, truth(rows - 1 - i)], ['id', 'label']),
      csvOf('labels', ['id,label', ...all.toReversed().map((i) => `${i},${truth(i)}`)]),
      jsonLines(all.map((i) => ({ id: i, label: truth(i) }))),
    ];
    expect(inLog.outcomes!.current!.labelled).toBe(rows);
    expect(metric(inLog, 'accuracy')).toBe(0.75);
    for (const file of files) {
      const joined = await withLabels(file);
      expect(joined.outcomes!.current).toEqual(inLog.outcomes!.current);
      expect(joined.outcomes!.judged).toEqual(inLog.outcomes!.judged);
      expect(joined.outcomes!.estimate).toEqual(inLog.outcomes!.estimate);
    }
  });

  test('do not depend on the number of threads', async () => {
    const file = csvOf('labels', ['id,label', ...all.map((i) => `${i},${truth(i)}`)]);
    const [one, four] = [await withLabels(file, {}, { threads: 1 }), await withLabels(file, {}, { threads: 4 })];
    expect(one.outcomes).toEqual(four.outcomes);
  });

  function jsonLines(objects: readonly object[]): string {
    made += 1;
    const path = join(bench.folder, `labels-${made}.jsonl`);
    writeFileSync(path, objects.map((each) => JSON.stringify(each)).join('\n'));
    return path;
  }
});

describe('a join', () => {
  test('counts matched, unlabelled and orphan labels, duplicates on either side, and never multiplies rows', async () => {
    const labels = csvOf('labels', [
      'id,label',
      ...all.slice(0, 300).map((i) => `${i},${truth(i)}`),
      ...all.slice(0, 10).map((i) => `${i},${truth(i)}`), // again
      ...all.slice(20, 25).map((i) => `${i},${1 - truth(i)}`), // otherwise
      '9001,1',
      '9002,0',
      ',1',
      '350,',
    ]);
    const doubled = await fileOf('log', (i) => [i < 4 ? 7 : i, score(i), predicted(i)], ['id', 'score', 'prediction']);
    const report = await checkFiles(reference, doubled, { labels: { paths: [labels], key: 'id', labelKey: 'id' } });
    expect(report.outcomes!.join).toMatchObject({
      labels: 317,
      labelKeys: 302,
      keyless: 1,
      empty: 1,
      // rows 0 to 3 have the key 7 instead of their own, whose labels are orphans now
      matched: 295,
      unlabelled: 105,
      orphanKeys: 6,
      repeatedKeys: 10,
      conflictingKeys: 5,
      contradictedRows: 5,
      rowsWithoutKey: 0,
      repeatedRows: 4,
    });
    expect(report.outcomes!.current).toMatchObject({ rows, labelled: 295 });
    const told = report.findings.filter(({ code }) => code === 'LABEL_JOIN').map(({ message }) => message);
    expect(told).toEqual([
      '5 keys of the labels have labels that contradict each other: 5 rows of the log count as unlabelled (of 302 labelled keys)',
      '4 rows of the log repeat the key "id" of another; each row gets the label of its key and counts once',
    ]);
  });

  test('tells how late labels come', async () => {
    const timed = await bench.parquet(
      'timed.parquet',
      `SELECT id, score, prediction, TIMESTAMP '2026-03-01' + to_hours(CAST(id AS INTEGER)) AS ts FROM read_parquet('${log}')`,
    );
    const labels = await bench.parquet(
      'late.parquet',
      `SELECT id, label, TIMESTAMP '2026-03-01' + to_hours(CAST(id AS INTEGER)) + to_seconds(id * 10) AS labelled_at FROM read_parquet('${reference}')`,
    );
    const report = await checkFiles(reference, timed, {
      labels: { paths: [labels], key: 'id', labelKey: 'id' },
      verdict: {
        ...(await import('../../../src/verdict/tolerances.ts')).defaultVerdictSettings,
        columns: { ts: { role: 'timestamp' } },
      },
    });
    expect(report.outcomes!.join!.lag).toEqual({ least: 0, q50: 1990, q90: 3590, q99: 3950, most: 3990 });
  });

  test('without a single label yet measures nothing and says so', async () => {
    const report = await withLabels(csvOf('labels', ['id,label', '1,', '2,']));
    expect(report.outcomes).toMatchObject({ current: null, refused: 'no row has a label yet' });
    expect(report.notes).toContain('outcomes are not measured: no row has a label yet');
  });
});

describe('keys of different types', () => {
  // the type of a key that the reference has is imposed on the log
  let nameless: string;
  beforeAll(async () => {
    nameless = await fileOf('reference', (i) => [score(i), predicted(i), truth(i)], ['score', 'prediction', 'label']);
  });

  const labels = (key: (i: number) => Cell) => fileOf('labels', (i) => [key(i), truth(i)], ['id', 'label']);
  const logOf = (key: (i: number) => Cell) =>
    fileOf('log', (i) => [key(i), score(i), predicted(i)], ['id', 'score', 'prediction']);
  const run = async (ofLog: (i: number) => Cell, ofLabels: (i: number) => Cell) =>
    checkFiles(nameless, await logOf(ofLog), {
      labels: { paths: [await labels(ofLabels)], key: 'id', labelKey: 'id' },
    });

  test('the number 7 is the text "7", and 7.0', async () => {
    for (const [ours, theirs] of [
      [(i: number) => i, (i: number) => String(i)],
      [(i: number) => String(i), (i: number) => i],
    ] as const) {
      expect((await run(ours, theirs)).outcomes!.current!.labelled).toBe(rows);
    }
    const doubles = await bench.parquet(
      'doubles.parquet',
      `SELECT CAST(id AS DOUBLE) AS id, label FROM read_parquet('${reference}')`,
    );
    expect((await withLabels(doubles)).outcomes!.current!.labelled).toBe(rows);
  });

  test('text with leading zeros read for a log of numbers is a number', async () => {
    expect(
      (
        await run(
          (i) => i,
          (i) => String(i).padStart(8, '0'),
        )
      ).outcomes!.current!.labelled,
    ).toBe(rows);
  });

  test('leading zeros, case and blanks that differ in text are an error with an example of each side', async () => {
    const name = (i: number) => `ab-${i}`;
    await expect(
      run(
        (i) => `${i}`.padStart(6, '0'),
        (i) => `${i}`,
      ),
    ).rejects.toThrow(
      /^none of the labels of ".*" belongs to a row: the log's "id" holds "000000", that of the labels "0"; leading zeros differ: write them alike on both sides$/,
    );
    await expect(run((i) => name(i).toUpperCase(), name)).rejects.toThrow(
      /holds "AB-0", that of the labels "ab-0"; upper and lower case differ/,
    );
    await expect(run((i) => `${name(i)} `, name)).rejects.toThrow(/blanks around them differ/);
  });

  test('a key of other values altogether asks for the right one', async () => {
    await expect(
      run(
        (i) => `row-${i}`,
        (i) => `${i + 90_000}`,
      ),
    ).rejects.toThrow(/give the key that both have as --join-key/);
  });

  test('UUIDs of Parquet and of text are one thing', async () => {
    const uuid = (of: string) => `CAST(md5(CAST(${of} AS VARCHAR)) AS UUID)`;
    const ids = await bench.parquet(
      'uuid-log.parquet',
      `SELECT ${uuid('id')} AS id, score, prediction FROM read_parquet('${log}')`,
    );
    const texts = await bench.parquet(
      'uuid-labels.parquet',
      `SELECT CAST(${uuid('id')} AS VARCHAR) AS id, label FROM read_parquet('${reference}')`,
    );
    const report = await checkFiles(nameless, ids, { labels: { paths: [texts], key: 'id', labelKey: 'id' } });
    expect(report.outcomes!.current!.labelled).toBe(rows);
  });
});

describe('what is named wrongly', () => {
  test('a key that a side does not have', async () => {
    const labels = csvOf('labels', ['customer_id,label', '1,0']);
    await expect(withLabels(labels)).rejects.toThrow(
      /^--join-key is "id", and the labels ".*" has no such column; its columns are "customer_id", "label"$/,
    );
    await expect(withLabels(labels, { key: 'ids' })).rejects.toThrow(
      /^--join-key is "ids", and the current data has no such column; did you mean "id"\?$/,
    );
  });

  test('a file in which several columns could be the label', async () => {
    const labels = csvOf('labels', ['id,paid,amount', '1,0,10', '2,1,20']);
    await expect(withLabels(labels)).rejects.toThrow(
      /^which column of ".*" is the label\? none is called "label"; name one of "paid", "amount" as labels.column$/,
    );
    expect((await withLabels(labels, { column: 'paid' })).outcomes!.current!.labelled).toBe(2);
  });

  test('a file that is missing, or empty', async () => {
    await expect(withLabels('/nowhere/labels.csv')).rejects.toThrow(/no file or folder|no file/);
    await expect(withLabels(csvOf('empty', []))).rejects.toThrow();
  });
});

describe('labels of another task', () => {
  test('classes that no prediction has are refused in one line', async () => {
    const labels = await fileOf('labels', (i) => [i, i % 2 === 0 ? 'cat' : 'dog'], ['id', 'label']);
    await expect(withLabels(labels)).rejects.toThrow(
      /^400 of the labels ".*" hold values such as "cat" that do not read as integer, which "label" is in the reference, e.g. "0": labels of another task$/,
    );
  });

  test('numbers for classes are refused', async () => {
    const labels = await fileOf('labels', (i) => [i, i * 1.37], ['id', 'label']);
    await expect(withLabels(labels)).rejects.toThrow(
      /^"label" holds more than 100 different values such as ".*", where "0", "1" are known: labels of another task$/,
    );
  });

  test('in the log they are a finding, and the rest of the run goes on', async () => {
    const current = await fileOf('log', (i) => [i, score(i), predicted(i), i % 2 === 0 ? 'cat' : 'dog'], [
      'id',
      'score',
      'prediction',
      'label',
    ]);
    const report = await checkFiles(reference, current);
    expect(report.columns.length).toBe(4);
    expect(report.outcomes!.current).toBeNull();
    expect(report.findings.find(({ code }) => code === 'LABEL_JOIN')?.message).toBe(
      'outcomes are not measured: "label" holds values such as "cat" that do not read as integer, which the reference\'s labels are: labels of another task',
    );
  });

  test('in the reference likewise', async () => {
    const other = await fileOf('reference', (i) => [i, predicted(i), i % 2 === 0 ? 'cat' : 'dog'], [
      'id',
      'prediction',
      'label',
    ]);
    const report = await checkFiles(other, other);
    expect(report.outcomes).toBeUndefined();
    expect(report.findings.find(({ code }) => code === 'LABEL_JOIN')?.message).toBe(
      'outcomes are not measured: "label" holds "cat", "dog" and "prediction" "0", "1", with no class in common: labels of another task',
    );
  });
});

test('labels of a file that drift are found as a column of the log would be', async () => {
  // one in three was positive, now every one
  const positive = await fileOf('labels', (i) => [i, i % 20 === 0 ? 0 : 1], ['id', 'label']);
  const report = await withLabels(positive);
  const found = report.findings.find(({ code, column }) => code === 'DRIFT_FAIL' && column === 'label')!;
  expect(found).toMatchObject({ severity: 'P2', role: 'label' });
  expect(found.message).toMatch(/^label "label" drifted: /);
  const same = await withLabels(await fileOf('labels', (i) => [i, truth(i)], ['id', 'label']));
  expect(same.findings.filter(({ column }) => column === 'label')).toEqual([]);
});
