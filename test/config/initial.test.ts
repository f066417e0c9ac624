import { expect, test } from 'vitest';
import { type ColumnDescription, initialConfig } from '../../src/config/initial.ts';
import { fromFile } from './support.ts';

const column = (name: string, more: Partial<ColumnDescription> = {}): ColumnDescription => ({
  name,
  role: 'feature',
  kind: 'numeric',
  roleReason: null,
  kindReason: null,
  ...more,
});

const text = initialConfig({ reference: ['a.parquet', 'b c.parquet'], csv: { delimiter: ';' } }, [
  column('age'),
  column('y_pred', { role: 'prediction', kind: 'boolean', roleReason: 'its name is "y_pred"' }),
  column('vector', { kind: 'embedding', kindReason: 'stored as FLOAT[]' }),
]);

test('says what is known and shows everything else behind a #', () => {
  expect(text).toContain(`
# what the model was trained on: files, globs or folders, - for CSV on standard input, or with --engine a table
reference: [a.parquet, "b c.parquet"]
`);
  expect(text).toContain(`
columns:
  age:
    role: feature
    kind: numeric
  y_pred:
    role: prediction  # its name is "y_pred"
    kind: boolean
  vector:
    role: feature
    # kind: embedding  # stored as FLOAT[]
`);
  expect(text).toContain(`
gate:
  # exit with 1 when there is a finding of this severity or a worse one (P1, P2 or P3)
  #fail_on: P2
`);
  expect(text).toContain(`
tolerances:
  # of features, labels and segments
  feature:
    # drift above this is a warning
    warn:
      # drift of a feature as a whole, on the scale of PSI, that is still acceptable at warn
      #phi_squared: 0.1
`);
  expect(text).toContain('  delimiter: ";"\n');
});

test('loads as it is, and means the defaults', async () => {
  const { check } = await fromFile(text, { current: ['x'] });
  const plain = await fromFile('hash: ends\n', { reference: ['a'], current: ['x'] });
  expect(check.reference.paths).toEqual(['a.parquet', 'b c.parquet']);
  expect(check.verdict).toEqual({
    ...plain.check.verdict,
    columns: {
      age: { role: 'feature', kind: 'numeric' },
      y_pred: { role: 'prediction', kind: 'boolean' },
      vector: { role: 'feature' },
    },
  });
});

test('each line works when its # is taken away', async () => {
  const lines = text.split('\n');
  const hidden = lines.flatMap((line, i) => (/^ *#\w+:/.test(line) ? [i] : []));
  expect(hidden.length).toBeGreaterThan(30);
  for (const i of hidden) {
    const shown = lines.with(i, lines[i]!.replace('#', '')).join('\n');
    const other = /runs_per_year|false_alarms/.test(lines[i]!);
    const loading = fromFile(shown, { current: ['x'] });
    const ofLabels = lines.slice(0, i).findLast((line) => /^\w+:/.test(line)) === 'labels:';
    if (other) await expect(loading, lines[i]).rejects.toThrow(/needs runs_per_year|goes with false_alarms/);
    else if (ofLabels) await expect(loading, lines[i]).rejects.toThrow(/needs a key|goes with the path/);
    else await expect(loading, lines[i]).resolves.toBeDefined();
  }
});

test('hostile names come back as they were', async () => {
  const names = [
    'a: b',
    '#',
    '',
    ' ',
    'null',
    'True',
    '1',
    '1e3',
    '- x',
    'a\nb',
    '"',
    "'",
    '\u2028',
    '\u0007',
    '*x',
    '&x',
    '!x',
    '价格',
    'constructor',
    '__proto__',
    '👩‍👩‍👧',
    'a.b',
  ];
  const yaml = initialConfig(
    { reference: 'r.csv' },
    [...names, 'x'.repeat(2000)].map((name) => column(name, { kindReason: `${name} # a\nreason: 1` })),
  );
  const { check } = await fromFile(yaml, { current: ['x'] });
  expect(Object.keys(check.verdict.columns).sort()).toEqual([...names].sort());
});
