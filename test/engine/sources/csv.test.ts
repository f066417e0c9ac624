import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { families, schemaOf, sorted, workbench } from './workbench.ts';

const bench = workbench();

describe('types', () => {
  test('are decided by the whole column, in the documented order', async () => {
    const path = bench.write(
      'types.csv',
      'flag,whole,real,stamp,clock,us,eu,open,word,nothing\n' +
        'true,1,1.5,2024-01-01T00:00:00Z,10:20,1/29/2024,29.1.2024,1/2/2024,yes,\n' +
        'FALSE, 2 ,nan,2024-01-02,10:20:30,1/2/2024 5:30 PM,1.2.2024,3/4/2024,NA,NA\n' +
        ',,-inf,2024-01-03 04:05:06.5+02:00,,,,,,\n',
    );
    const source = await bench.open(path);
    expect(families(source)).toEqual({
      flag: 'boolean',
      whole: 'integer',
      real: 'number',
      stamp: 'datetime',
      clock: 'datetime',
      us: 'datetime',
      eu: 'datetime',
      open: 'string',
      word: 'string',
      nothing: 'string',
    });
    expect(source.columns.map(({ notation }) => notation)).toEqual([
      undefined,
      undefined,
      undefined,
      'iso',
      'time',
      'month-first',
      'day-first',
      undefined,
      undefined,
      undefined,
    ]);
    expect(source.info.dialect.dates).toContain('"open"');
    expect(await bench.values(source)).toEqual(
      sorted([
        ['true', '1', '1.5', '1704067200.0', '37200.0', '1706486400.0', '1706486400.0', '1/2/2024', 'yes', null],
        ['false', '2', 'nan', '1704153600.0', '37230.0', '1704216600.0', '1706745600.0', '3/4/2024', 'NA', null],
        [null, null, '-inf', '1704247506.5', null, null, null, null, null, null],
      ]),
    );
    await source.close();
  });

  test('a numeric column bears one unreadable value in a hundred, not more', async () => {
    const cells = (bad: number) => Array.from({ length: 200 }, (_, i) => `${i < bad ? `n${i}` : i},${i}`).join('\n');
    const good = await bench.open(bench.write('two.csv', `a,b\n${cells(2)}\n`));
    expect(families(good)).toEqual({ a: 'integer', b: 'integer' });
    expect(await bench.failed(good)).toEqual({ a: ['n0', 'n1'] });
    const bad = await bench.open(bench.write('three.csv', `a,b\n${cells(3)}\n`));
    expect(families(bad)).toEqual({ a: 'string', b: 'integer' });
  });

  test('what the sample misses is found: decimals and words far from every sampled place', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => [
      i,
      i === 20_011 ? '1.5' : i,
      i % 40 === 1 && i > 20_000 && i < 40_000 ? 'w' : i,
      i === 20_011 ? 'x' : i,
      i === 20_011 ? '13/1/2024' : '1/29/2024',
    ]);
    const source = await bench.open(
      bench.write('late.csv', `a,b,c,d,e\n${rows.map((row) => row.join(',')).join('\n')}\n`),
    );
    expect(families(source)).toEqual({ a: 'integer', b: 'number', c: 'integer', d: 'integer', e: 'string' });
    const [row] = await bench.session.rows(
      `SELECT sum(c1)::DOUBLE, count_if(c4 = '13/1/2024')::INTEGER FROM ${source.relation}`,
    );
    expect(row).toEqual([(59_999 * 60_000) / 2 - 20_011 + 1.5, 1]);
    expect((await bench.failed(source)).d).toEqual(['x']);
    expect(source.rows).toBe(60_000);
  });

  test('null markers are values in text and nulls elsewhere, unless they are named', async () => {
    const path = bench.write('na.csv', 'country,x\nNA,1\nDE,NA\n"",-\nUS,none\n');
    const source = await bench.open(path, { csv: { nulls: ['none'] } });
    expect(families(source)).toEqual({ country: 'string', x: 'string' });
    const usual = await bench.open(bench.write('na2.csv', 'country,x\nNA,1\nDE,NA\n"",-\nUS,?\n'));
    expect(await bench.values(usual)).toEqual(
      sorted([
        ['NA', '1'],
        ['DE', null],
        [null, null],
        ['US', null],
      ]),
    );
    expect(await bench.failed(usual)).toEqual({});
  });

  test('the current side is read as the reference was', async () => {
    const reference = await bench.open(bench.write('r.csv', 'a;b;d;s\n1,5;1;1/29/2024;x\n2,5;2;1/30/2024;y\n'));
    const current = await bench.open(
      bench.write('c.csv', 's;d;b;a;new\n1;1/2/2024;2,5;abc;1\n2;x;3;1,25;2\n'),
      {},
      schemaOf(reference),
    );
    expect(current.info.dialect.decided).toBe("delimiter the reference's, decimal mark the reference's");
    expect(families(current)).toEqual({ s: 'string', d: 'datetime', b: 'number', a: 'number', new: 'integer' });
    expect(await bench.failed(current)).toEqual({ a: ['abc'], d: ['x'] });
    expect(await bench.values(current)).toEqual([
      ['1', '1704153600.0', '2.5', null, '1'],
      ['2', null, '3.0', '1.25', '2'],
    ]);
  });
});

describe('dialect', () => {
  test.each([
    ['comma', 'a,b\n1,x\n2,y;z\n', ','],
    ['semicolon with decimal commas', 'a;b;c\n1,5;2,5;x\n1,6;2,7;y\n', ';'],
    ['tab', 'a\tb\n1,5\tx\n', 'tab'],
    ['bar', 'a|b\n1|x,y,z\n', '|'],
    ['early ragged rows', 'a,b,c\n1,2\n1\n1,2,3\n4,5,6\n7,8,9\n', ','],
  ])('%s', async (_, text, delimiter) => {
    const many = text + text.split('\n').at(-2)!.concat('\n').repeat(300);
    const source = await bench.open(bench.write('dialect.csv', many));
    expect(source.info.dialect.delimiter).toBe(delimiter);
  });

  test('thousands are not decimals', async () => {
    const source = await bench.open(bench.write('thousands.tsv', 'a\tb\n1,500\tx\n2,500\ty\n'));
    expect(source.info.dialect.decimal).toBe('.');
    expect(families(source)).toEqual({ a: 'string', b: 'string' });
  });

  test('empty and repeated names are replaced, and said; empty columns at the end go', async () => {
    const source = await bench.open(bench.write('names.csv', 'a,,a,A,,\n1,2,3,4,,\n5,6,7,8,,\n'));
    expect(source.columns.map(({ name }) => name)).toEqual(['a', 'column_2', 'a_2', 'A']);
    expect(source.info.dialect.names).toContain('field 3, "a", is called "a_2"');
    expect(source.info.dialect.dropped).toContain('2 empty columns');
    expect((await bench.open(bench.write('no.csv', '1,2\n3,4\n'), { csv: { header: false } })).rows).toBe(2);
  });
});

describe('no row is lost silently', () => {
  test('malformed rows are rejected with the line an editor shows', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `${i},"two\nlines",${i}`);
    rows[10] = '10,x';
    rows[500] = '500,x,y,z';
    rows[700] = '700,"bad"x,y';
    const source = await bench.open(bench.write('bad.csv', `a,b,c\n${rows.join('\n')}\n`));
    expect(source.rows).toBe(997);
    expect(source.info.rejectedRows).toBe(3);
    expect(source.info.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [22, '2 fields where the header has 3'],
      [1001, '4 fields where the header has 3'],
      [1400, 'a quote is out of place or never closed'],
    ]);
  });

  test('a quote that never closes', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => (i === 99_900 ? `${i},"x,${i}` : `${i},x,${i}`));
    const source = await bench.open(bench.write('open.csv', `a,b,c\n${rows.join('\n')}\n`));
    expect(source.rows + source.info.rejectedRows).toBe(100_000);
    expect(source.info.rejectedRows).toBe(100);
    rows[5] = '5,"x,5';
    await bench.refuses(
      'FILE_UNREADABLE',
      /rows cannot be read.*line 7/,
      bench.open(bench.write('open2.csv', `a,b,c\n${rows.join('\n')}\n`)),
    );
  });

  test.each([
    ['mixed line ends', 'a,b\r\n1,2\n3,4\r\n5,"6\n7"\r\n8,9\n', 4],
    ['mixed the other way', 'a,b\n1,2\r\n3,4\n5,"6\r\n7"\r\n8,9', 4],
    ['carriage returns', 'a,b\r1,2\r3,4\r', 2],
    ['CRLF, a break in the header', '\ufeff"a",b\r\n1,2\r\n3,"4\r\n5"\r\n', 2],
    ['a quoted field ends the file', 'a,b\n1,"2"\n3,"4"', 2],
    ['blank lines', '\n\na,b\n\n1,2\n\n\n3,"4\n\n5"\n\n', 2],
  ])('%s', async (_, text, rows) => {
    const source = await bench.open(bench.write('ends.csv', text));
    expect(source.columns.map(({ name }) => name)).toEqual(['a', 'b']);
    expect([source.rows, source.info.rejectedRows]).toEqual([rows, 0]);
  });

  test('a field of 10 MB', async () => {
    const path = bench.write('long.csv', `a,b\n${'1,x\n'.repeat(50)}2,${'z'.repeat(10_000_000)}\n`);
    const source = await bench.open(path);
    expect([source.rows, source.info.rejectedRows]).toEqual([51, 0]);
    expect(await bench.session.rows(`SELECT max(length(c1))::INTEGER FROM ${source.relation}`)).toEqual([[10_000_000]]);
  });

  test('archives, whole and cut off', async () => {
    const text = `a,b\n${'1,x\n'.repeat(100_000)}`;
    expect((await bench.open(bench.write('z.csv.gz', gzipSync(text)))).rows).toBe(100_000);
    const cut = gzipSync(text).subarray(0, 200);
    await bench.refuses('FILE_UNREADABLE', /cut-off gzip archive/, bench.open(bench.write('cut.csv.gz', cut)));
    await bench.session.run(
      `COPY (SELECT i AS a, 'x' AS b FROM range(50000) t(i)) TO '${bench.path('z.csv.zst')}' (HEADER)`,
    );
    expect((await bench.open(bench.path('z.csv.zst'))).rows).toBe(50_000);
  });
});

describe('encodings', () => {
  const text = 'naïve,größe\ncafé €,1\nœuvre,2\n';
  test.each([
    ['utf-8', Buffer.from(text)],
    ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['windows-1252', Buffer.from(text.replaceAll('€', '\x80').replaceAll('œ', '\x9c'), 'latin1')],
  ])('%s', async (encoding, bytes) => {
    const source = await bench.open(bench.write('encoded.csv', bytes));
    expect(source.info.dialect.encoding).toBe(encoding);
    expect(families(source)).toEqual({ naïve: 'string', größe: 'integer' });
    expect(await bench.values(source)).toEqual([
      ['café €', '1'],
      ['œuvre', '2'],
    ]);
  });

  test('bytes of another encoding far into the file', async () => {
    const lines = Buffer.from(`a,b\n${'1,x\n'.repeat(200_000)}`);
    const source = await bench.open(
      bench.write('late.csv', Buffer.concat([lines, Buffer.from('2,caf\xe9\n', 'latin1')])),
    );
    expect(source.info.dialect.encoding).toBe('latin-1');
    expect(readdirSync(bench.temporary)).toEqual([]);
    expect(await bench.session.rows(`SELECT c1 FROM ${source.relation} WHERE c0 = 2`)).toEqual([['café']]);
  });

  test('a damaged row in UTF-8', async () => {
    const lines = `a,b\n${'1,ü\n'.repeat(1000)}`;
    const source = await bench.open(
      bench.write('damaged.csv', Buffer.concat([Buffer.from(lines), Buffer.from('2,\xff\n', 'latin1')])),
    );
    expect(source.info.rejected).toMatchObject([{ line: 1002, reason: 'bytes that are not UTF-8' }]);
  });
});

describe('several files', () => {
  test('with columns in another order, a missing and an additional one', async () => {
    const one = bench.write('several/1.csv', 'a,b\n1,x\n');
    const two = bench.write('several/2.csv', 'b,c,a\r\ny,3.5,2\r\n');
    const source = await bench.open([one, two]);
    expect(source.columns.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(await bench.values(source)).toEqual([
      ['1', 'x', null],
      ['2', 'y', '3.5'],
    ]);
    expect(source.info.dialect.schema).toContain('differs');
  });

  test('a partitioned folder', async () => {
    bench.write('tree/year=2023/k=a/x.csv', 'v\n1\n');
    bench.write('tree/year=2024/k=b/x.csv.gz', gzipSync('v\r\n2\r\n'));
    const source = await bench.open(bench.path('tree'));
    expect(families(source)).toEqual({ v: 'integer', year: 'integer', k: 'string' });
    expect(await bench.values(source)).toEqual([
      ['1', '2023', 'a'],
      ['2', '2024', 'b'],
    ]);
  });
});

test('edges: header only, zero bytes, a thousand columns, one column', async () => {
  const header = await bench.open(bench.write('header.csv', 'a,b\n'));
  expect([header.rows, header.columns.length]).toEqual([0, 2]);
  await bench.refuses('FILE_EMPTY', /zero\.csv" is empty/, bench.open(bench.write('zero.csv', '')));
  const names = Array.from({ length: 1000 }, (_, i) => `x${i}`).join(',');
  const row = Array.from({ length: 1000 }, (_, i) => (i % 3 ? i : '')).join(',');
  const wide = await bench.open(bench.write('wide.csv', `${names}\n${row}\n${row}\n`));
  expect([wide.rows, wide.columns.length]).toEqual([2, 1000]);
  const single = await bench.open(bench.write('single.csv', 'a\n1\n\n3\n'));
  expect(await bench.values(single)).toEqual(sorted([['1'], [null], ['3']]));
});

test('tables with nasty text are read as csv-parse reads them', async () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '"',
      '""',
      ',',
      ';',
      '\n',
      '\r\n',
      '\r',
      "'",
      '\\',
      'NA',
      '\ufeff',
      'é',
      '😀',
      '\t',
      '#',
      '--',
    ),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', ';'), maxLength: 8 }),
  );
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
    );
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), async (rows, newline, always) => {
      const clean = rows.map((row) => row.map((text) => text.replaceAll(/[\0\ufeff]/g, '')));
      const quote = (text: string): string =>
        always || /[",;\t|\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      const header = clean[0]!.map((_, i) => `n${i}`);
      const text = [header, ...clean].map((row) => row.map(quote).join(',') + newline).join('');
      const expected = (parse(text, { bom: true }) as string[][]).slice(1);
      expect(expected).toEqual(clean);
      const wordy = {
        columns: header.map((name) => ({ name, family: 'string' as const })),
        dialect: { delimiter: ',', blanks: 'kept' },
      };
      const source = await bench.open(bench.write('nasty.csv', text), {}, wordy);
      expect(source.info.rejected).toEqual([]);
      expect(await bench.values(source)).toEqual(
        sorted(clean.map((row) => row.map((text) => (text === '' ? null : text)))),
      );
      await source.close();
    }),
    { numRuns: 150 },
  );
});
