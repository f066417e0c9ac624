import { execFileSync, spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { workbench } from '../engine/sources/workbench.ts';

// A named pipe, which is also what a shell makes of <(zcat log.csv.gz), was read at places, as a file is: "cannot read (ESPIPE)".
// Standard input that was named twice was said to be empty.

const bench = workbench();
const rows = 'x,g\n1,a\n2,b\n';

test.skipIf(process.platform === 'win32')('a named pipe is read to its end', async () => {
  const path = bench.path('pipe.csv');
  execFileSync('mkfifo', [path]);
  const writer = spawn('sh', ['-c', 'printf "$1" > "$0"', path, rows], { stdio: 'ignore' });
  const source = await bench.open(path);
  expect(await bench.values(source)).toEqual([
    ['1', 'a'],
    ['2', 'b'],
  ]);
  expect(source.info.files[0]!.path).toBe(path);
  await source.close();
  writer.kill();
});

test('standard input named twice is read once', async () => {
  const stdin = (async function* () {
    yield new TextEncoder().encode(rows);
  })();
  const source = await bench.open(['-', '-'], { stdin });
  expect(source.rows).toBe(2);
  await source.close();
});
