import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import * as publicApi from '../../src/index.ts';
import { type MockServer, mockServer, more, pages, type Reply } from '../engine/trino/mock-server.ts';
import { checkOptions } from '../support/check.ts';
import { driftgate, temporaryFolder } from './support.ts';

// an interruption is answered when what it interrupts is loaded
beforeAll(async () => {
  await import('../../src/check.ts');
}, 60_000);

const open: MockServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function run(reply: Reply, flags = '', signal?: AbortSignal) {
  const server = await mockServer(reply);
  open.push(server);
  const line = `check -r ml.train -c ml.log --engine ${server.origin.replace('http://', 'trino+http://ana@')}/hive ${flags}`;
  const outcome = await driftgate(line, {
    environment: { DRIFTGATE_TRINO_PASSWORD: 'hush-1' },
    api: { check: publicApi.check },
    ...(signal ? { signal } : {}),
  });
  return { ...outcome, server };
}

test('an interruption during a slow page: 130, the query cancelled at the server', async () => {
  const controller = new AbortController();
  let interrupted = 0;
  const slow: Reply = (asked, response, origin) => {
    if (asked.method === 'POST') pages(more())(asked, response, origin);
    else if (asked.method === 'DELETE') response.writeHead(204).end();
    else {
      // the page never comes
      interrupted = performance.now();
      controller.abort();
    }
  };
  const { exitCode, stderr, stdout, server } = await run(slow, '', controller.signal);
  expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 130, stderr: 'driftgate: interrupted\n', stdout: '' });
  expect(performance.now() - interrupted).toBeLessThan(1000);
  expect(server.asked.at(-1)?.method).toBe('DELETE');
});

test('401 is one line without the password', async () => {
  const { exitCode, stderr, server } = await run(pages(401));
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: `driftgate: the Trino server ${server.origin} refuses the password of "ana" (401)\n`,
  });
});

// regression: only check was handed the environment, so that the others came without a secret
test.each([
  ['profile', 'profile ml.train'],
  ['compare', 'compare ml.log --champion 1 --challenger 2'],
])('%s sends the password of the environment too', async (_, line) => {
  const server = await mockServer(pages(401));
  open.push(server);
  const { profile, compare } = publicApi;
  const engine = `${server.origin.replace('http://', 'trino+http://ana@')}/hive`;
  const { exitCode, stderr } = await driftgate(`${line} --engine ${engine}`, {
    environment: { DRIFTGATE_TRINO_PASSWORD: 'hush-1' },
    api: { profile, compare },
  });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: `driftgate: the Trino server ${server.origin} refuses the password of "ana" (401)\n`,
  });
});

test('a batch that is a profile is refused before the table beside it is counted', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'log.csv'), 'x\n1\n2\n');
  const saved = await publicApi.profile({ check: checkOptions(join(folder, 'log.csv'), '') });
  writeFileSync(join(folder, 'log.profile.json'), JSON.stringify(saved));
  const version = { id: 'q', columns: [{ name: 'v', type: 'varchar' }], data: [['435']], stats: { state: 'FINISHED' } };
  const server = await mockServer(pages(version));
  open.push(server);
  const engine = `${server.origin.replace('http://', 'trino+http://ana@')}/hive`;
  const { exitCode, stderr } = await driftgate(
    ['check', '-r', 'ml.train', '-c', join(folder, 'log.profile.json'), '--engine', engine],
    { api: { check: publicApi.check } },
  );
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^driftgate: the profile ".*log\.profile\.json" can be compared with a profile alone: .*\n$/);
  expect(server.asked.map(({ body }) => body)).toEqual(['SELECT version()']);
});

test('a table that is not there', async () => {
  const version = { id: 'q', columns: [{ name: 'v', type: 'varchar' }], data: [['435']], stats: { state: 'FINISHED' } };
  const missing = {
    id: 'q',
    error: {
      message: "line 1:15: Table 'hive.ml.train' does not exist",
      errorName: 'TABLE_NOT_FOUND',
      errorType: 'USER_ERROR',
    },
    stats: { state: 'FAILED' },
  };
  const { exitCode, stderr, server } = await run(pages(version, missing));
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: `driftgate: cannot read the table "ml.train" at ${server.origin}: Table 'hive.ml.train' does not exist\n`,
  });
});

test('a cluster that loses a node twice ends the run: no report', async () => {
  const version = { id: 'q', columns: [{ name: 'v', type: 'varchar' }], data: [['435']], stats: { state: 'FINISHED' } };
  const described = { id: 'q', columns: [{ name: 'x', type: 'double' }], stats: { state: 'FINISHED' } };
  const rows = { id: 'q', columns: [{ name: 'n', type: 'bigint' }], data: [[5000]], stats: { state: 'FINISHED' } };
  const gone = {
    id: 'q',
    error: { message: 'Node [http://10.0.0.7] has gone away', errorName: 'REMOTE_HOST_GONE', errorType: 'EXTERNAL' },
    stats: { state: 'FAILED' },
  };
  const { exitCode, stderr, folder, server } = await run(pages(version, described, rows, gone, gone));
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'driftgate: the Trino server failed a query: Node [http://10.0.0.7] has gone away (REMOTE_HOST_GONE)\n',
  });
  expect(() => readFileSync(join(folder, 'driftgate-report/report.json'))).toThrow();
  // asked once more, then given up
  expect(server.asked.filter(({ method }) => method === 'POST')).toHaveLength(5);
});
