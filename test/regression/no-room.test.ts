import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explain } from '../../src/cli/api.ts';
import { DuckDbSession } from '../../src/engine/duckdb.ts';
import { openSource } from '../../src/engine/sources/open.ts';
import { writeTemporary } from '../../src/engine/sources/temporary.ts';

// A full or missing temporary folder and a memory limit that is too low ended in a stack and "this is a defect", or blamed the file.

async function failure(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => undefined,
    (cause: unknown) => cause,
  );
}

test('a memory limit that is too low is named, not the file', async () => {
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'driftgate-no-room-'));
  const tooLow = {
    code: 'ENGINE_FAILURE',
    message: expect.stringMatching(/more memory than the 1\dKB .* raise --memory-limit$/),
  };
  expect(await failure(DuckDbSession.open({ temporaryFolder, memoryLimit: '10KB' }))).toMatchObject(tooLow);
  const session = await DuckDbSession.open({ temporaryFolder, memoryLimit: '4MB', threads: 1 });
  const path = join(temporaryFolder, 'data.csv');
  writeFileSync(path, 'x,y\n1,2\n');
  const error = await failure(openSource(session, 'reference', { paths: [path] }, 'ends'));
  expect(error).toMatchObject({ code: 'ENGINE_FAILURE', message: expect.stringContaining('more memory than the 4MB') });
  session.close();
  rmSync(temporaryFolder, { recursive: true });
});

test.skipIf(process.platform !== 'linux')('a full temporary folder is one line', async () => {
  const content = (async function* () {
    yield Buffer.alloc(100_000);
  })();
  expect(await failure(writeTemporary(content, '/dev/full'))).toMatchObject({
    code: 'OUTPUT_UNWRITABLE',
    message: expect.stringMatching(/^cannot write to the temporary folder .*: no space left on the device; TMPDIR/),
  });
});

test('a temporary folder that does not exist is one line', async () => {
  const error = await failure((async () => mkdtempSync('/no/such/folder/driftgate-'))());
  expect(explain(error)).toBe(
    'driftgate: cannot write to the temporary folder "/no/such/folder": it does not exist; TMPDIR can name another',
  );
});
