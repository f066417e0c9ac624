import { expect, test } from 'vitest';
import { families, schemaOf, workbench } from '../engine/sources/workbench.ts';

// The reference's delimiter was imposed on a current side that is separated by another one: a .tsv beside a .csv had "no column in
// common", and no flag could mend it, as --csv-delimiter is for both sides.

const bench = workbench();

test('a side whose first line lacks the delimiter of the reference is read with its own, and its own decimal mark', async () => {
  const reference = await bench.open(bench.write('reference.csv', 'x,y,g\n1.5,2,a\n2.5,3,b\n'));
  const imposed = schemaOf(reference);
  for (const [name, text, delimiter, decimal] of [
    ['tab.tsv', 'x\ty\tg\n1.5\t2\ta\n', 'tab', '.'],
    ['semicolon.csv', 'x;y;g\n1,5;2;a\n', ';', ','],
  ] as const) {
    const current = await bench.open(bench.write(name, text), {}, imposed);
    expect(current.info.dialect).toMatchObject({ delimiter, decimal });
    expect(current.info.dialect.decided).toContain('the reference\'s "," is not in the first line');
    expect(await bench.values(current)).toEqual([['1.5', '2', 'a']]);
    await current.close();
  }
  await reference.close();
});

test('a reference of one column is followed', async () => {
  const reference = await bench.open(bench.write('one.csv', 'note\nb\n'));
  const alone = await bench.open(bench.write('other.csv', 'note;more\na;b\n'), {}, schemaOf(reference));
  expect(families(alone)).toEqual({ 'note;more': 'string' });
  for (const source of [reference, alone]) await source.close();
});

// a wrong --csv-delimiter made one column of text of every row, in which nothing drifts
test('a delimiter that was named wrongly is refused, with the one that separates the file', async () => {
  const path = bench.write('named.csv', 'x;y\n1;2\n3;"a;b"\n');
  await bench.refuses(
    'BAD_OPTION',
    /named\.csv" has no ",", which --csv-delimiter \(csv\.delimiter\) names, in its first line; it is separated by ";"$/,
    bench.open(path, { csv: { delimiter: ',' } }),
  );
  const notes = bench.write('notes.csv', 'note, as it was typed\nfine\nso, so, la la\nall good, thanks\n');
  const source = await bench.open(notes, { csv: { delimiter: ';' } });
  expect(source.columns).toHaveLength(1);
  await source.close();
});
