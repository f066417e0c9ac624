import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ColumnSettings } from '../../src/model/settings.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles, columnNamed } from '../support/check.ts';

/** What a stranger is told of how the data was read. */

let folder: string;
let reference: string;
let current: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftgate-notes-'));
  const lines = Array.from(
    { length: 1200 },
    (_, i) =>
      `${i % 20 === 0 ? 'n.d.' : (i * 37) % 101},2026-01-${String(1 + (i % 28)).padStart(2, '0')},${1_700_000_000 + 60 * i}\n`,
  );
  reference = join(folder, 'reference.csv');
  current = join(folder, 'current.csv');
  writeFileSync(reference, `price,day,login\n${lines.join('')}`);
  writeFileSync(current, `price,day,login\n${lines.slice(0, 400).join('')}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const saying = (columns: Record<string, ColumnSettings>) =>
  checkFiles(reference, current, { verdict: { ...defaultVerdictSettings, columns } });

test('a column of numbers that is text is said, with the flag that reads it', async () => {
  const { notes } = await checkFiles(reference, current);
  expect(notes).toContainEqual(expect.stringMatching(/^"price" is text, .* not "n\.d\."; --numeric, .* reads it so/));
});

test('what does not read as the kind that was declared is counted on both sides', async () => {
  const report = await saying({ price: { kind: 'numeric' } });
  expect(columnNamed(report, 'price')).toMatchObject({
    kind: 'numeric',
    reference: { castFailures: 60 },
    current: { castFailures: 20 },
  });
  expect(report.notes).toContain(
    '60 of 1,200 reference values and 20 of 400 current values of "price" do not read as numbers and count as missing, e.g. "n.d."',
  );
});

test('a kind that a column cannot have is said', async () => {
  const { notes } = await saying({ price: { kind: 'datetime' } });
  expect(notes).toContainEqual(
    expect.stringMatching(
      /^"price" stays categorical: .*; it was declared datetime, which most of its values cannot be$/,
    ),
  );
});

test('whole numbers since 1970 are times where they are declared so, and no id', async () => {
  expect(columnNamed(await checkFiles(reference, current), 'login').role).toBe('id');
  expect(columnNamed(await saying({ login: { kind: 'datetime' } }), 'login')).toMatchObject({
    role: 'feature',
    kind: 'datetime',
  });
});

test('a time that no name makes the timestamp is offered for one, and not where there is one', async () => {
  const offer = /^if "day" says when a row was logged, --timestamp COLUMN /;
  expect((await checkFiles(reference, current)).notes).toContainEqual(expect.stringMatching(offer));
  const { notes } = await saying({ day: { role: 'timestamp' } });
  expect(notes).not.toContainEqual(expect.stringMatching(offer));
});

test('a filter that leaves no row is said', async () => {
  const { notes, gate } = await checkFiles(reference, current, {
    current: { paths: [current], where: "day > '2030-01-01'" },
  });
  expect(gate.exitCode).toBe(2);
  expect(notes).toContainEqual(expect.stringMatching(/^no row of ".*" meets where "day > '2030-01-01'"$/));
});
