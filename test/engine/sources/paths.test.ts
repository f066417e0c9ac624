import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { workbench } from './workbench.ts';

const bench = workbench();

describe('what is named', () => {
  test('a name with glob characters is that file and no other', async () => {
    const odd = bench.write("glob/w[ab]*'{x}\n😀.csv", 'a\n1\n');
    bench.write("glob/wa'x.csv", 'a\n1\n2\n');
    expect((await bench.open(odd)).rows).toBe(1);
    expect((await bench.open(bench.path('glob/*.csv'))).rows).toBe(3);
    expect((await bench.open(bench.path("glob/w[a-c]'?.csv"))).rows).toBe(2);
  });

  test('folders, recursively; hidden, underscored and other files are passed over', async () => {
    bench.write('logs/b/2.csv', 'a,b\n1,1\n');
    bench.write('logs/1.csv', 'a,b\n1,2\n');
    bench.write('logs/.hidden.csv', 'x\n');
    bench.write('logs/_temporary/3.csv', 'x\n');
    bench.write('logs/README.md', 'x\n');
    const source = await bench.open(bench.path('logs'));
    expect(source.info.files.map(({ path }) => path)).toEqual([bench.path('logs/1.csv'), bench.path('logs/b/2.csv')]);
    expect(source.info.dialect.skipped).toContain('README.md');
    expect((await bench.open(bench.path('logs/**/*.csv'))).rows).toBe(2);
    expect(
      (await bench.open([bench.path('logs/*.csv'), bench.path('logs/1.csv'), bench.path('logs/{b,c}/2.csv')])).rows,
    ).toBe(2);
  });

  test('standard input, with a hash, and nothing left behind', async () => {
    const before = readdirSync(bench.temporary).length;
    async function* stdin() {
      yield Buffer.from('a,b\n1,');
      yield Buffer.from('x\n');
    }
    const source = await bench.open('-', { stdin: stdin() });
    expect(await bench.values(source)).toEqual([['1', 'x']]);
    expect(source.info.files).toMatchObject(
      [{ path: '-', sizeBytes: 8, hashOf: 'whole file', sha256: /^[0-9a-f]{64}$/ }].map((file) => ({
        ...file,
        sha256: expect.stringMatching(file.sha256) as string,
      })),
    );
    await source.close();
    expect(readdirSync(bench.temporary).length).toBe(before);
  });

  test('mistakes are one line', async () => {
    await bench.refuses('FILE_NOT_FOUND', /^there is no file ".*none\.csv"$/, bench.open(bench.path('none.csv')));
    await bench.refuses('FILE_NOT_FOUND', /no file "a\\u0000b"/, bench.open('a\0b'));
    await bench.refuses('NO_DATA_FILES', /^no file matches ".*\*\.pq"$/, bench.open(bench.path('*.pq')));
    mkdirSync(bench.path('hollow'));
    await bench.refuses('NO_DATA_FILES', /holds no data file/, bench.open(bench.path('hollow')));
    const text = bench.write('text.parquet', 'id,age\n1,2\n');
    await bench.refuses(
      'FILE_UNREADABLE',
      /text\.parquet" is not a Parquet file: it begins with "id,age/,
      bench.open(text),
    );
    await bench.session.run(
      `COPY (SELECT range AS a FROM range(1000)) TO '${bench.path('p.parquet')}' (FORMAT parquet)`,
    );
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(bench.path('p.parquet'));
    await bench.refuses(
      'FILE_UNREADABLE',
      /cut-off Parquet file/,
      bench.open(bench.write('cut.parquet', bytes.subarray(0, 300))),
    );
    await bench.refuses(
      'FILE_UNREADABLE',
      /is a Parquet file, not delimited text/,
      bench.open(bench.write('binary.csv', bytes)),
    );
    await bench.refuses(
      'FILE_UNREADABLE',
      /ZIP archive/,
      bench.open(bench.write('sheet.csv', Buffer.from('PK\x03\x04\0\0\0\0\x08\0\0\0'))),
    );
    await bench.refuses(
      'FILE_UNREADABLE',
      /mixes formats/,
      bench.open([bench.path('p.parquet'), bench.write('m.csv', 'a\n1\n')]),
    );
    const damaged = Buffer.from(bytes).fill(0xff, bytes.length - 60, bytes.length - 10);
    await bench.refuses(
      'FILE_UNREADABLE',
      /cannot read ".*damaged/,
      bench.open(bench.write('damaged.parquet', damaged)),
    );
    if (process.getuid?.() !== 0) {
      const locked = bench.write('locked.csv', 'a\n1\n');
      chmodSync(locked, 0);
      await bench.refuses('FILE_UNREADABLE', /permission denied/, bench.open(locked));
    }
  });
});

describe('where', () => {
  test('sees the decided types and the own names', async () => {
    const path = bench.write(
      'where.csv',
      'a,A,a,c0,when,row0\n1,2,3,10,2024-01-01,x\n4,5,6,20,2024-01-02,y\n7,8,,30,2024-01-03,\n',
    );
    expect((await bench.open(path, { where: 'a + a_2 > 5 and "A_3" = 5 -- comment' })).rows).toBe(1);
    expect((await bench.open(path, { where: 'a > 1' })).rows).toBe(2);
    expect((await bench.open(path, { where: 'c0 = 20' })).rows).toBe(1);
    const source = await bench.open(path, { where: `"when" >= TIMESTAMP '2024-01-02' and row0 = 'y'` });
    expect(await bench.values(source)).toEqual([['4', '5', '6', '20', '1704153600.0', 'y']]);
    expect(source.info.rows).toBe(1);
  });

  test.each([
    ['nosuch > 5', /where "nosuch > 5": Referenced column "nosuch" not found/],
    ['a = ;', /syntax error/],
    ['a > 1); DROP TABLE x; SELECT (1', /one condition/],
    ["a > 'x'", /Could not convert string 'x'/],
    ['sum(a) > 1', /aggregate/i],
  ])('%s', async (where, message) => {
    await bench.refuses('BAD_WHERE', message, bench.open(bench.write('bw.csv', 'a,b\n1,x\n'), { where }));
    await bench.session.run(`COPY (SELECT 1 AS a) TO '${bench.path('bw.parquet')}' (FORMAT parquet)`);
    await bench.refuses('BAD_WHERE', message, bench.open(bench.path('bw.parquet'), { where }));
  });
});

test('an interruption rejects what runs and whatever is asked after it', async () => {
  const path = bench.write('slow.csv', `a,b\n${'1,x\n'.repeat(2_000_000)}`);
  const opening = bench.open(path);
  const timer = setInterval(() => bench.session.interrupt(), 5);
  await expect(opening).rejects.toThrow(/INTERRUPT/);
  clearInterval(timer);
  await expect(bench.session.rows('SELECT 1')).rejects.toThrow(/INTERRUPT/);
});
