import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { TrinoClient } from '../../../src/engine/trino/client.ts';
import { parseExactly } from '../../../src/engine/trino/json.ts';
import type { TrinoServer } from '../../../src/model/run.ts';
import { Secret } from '../../../src/model/secret.ts';
import { last, type MockServer, mockServer, more, pages, type Reply, settings } from './mock-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function clientOf(
  reply: Reply,
  options: Partial<TrinoServer> = {},
): Promise<{ client: TrinoClient; server: MockServer }> {
  const server = await mockServer(reply);
  const client = new TrinoClient(settings(server.origin, options), {
    firstPauseMs: 2,
    longestPauseMs: 8,
    attempts: 4,
    silenceMs: 150,
  });
  open.push(client, server);
  return { client, server };
}

const columns = [{ name: 'n', type: 'bigint' }];

describe('pages', () => {
  it('are followed to the last, empty ones among them', async () => {
    const { client, server } = await clientOf(
      pages(
        more(),
        more({ columns }),
        more({ columns, data: [[1], [2]] }),
        more({ columns, data: [] }),
        last({ data: [[3]] }),
      ),
    );
    const { rows, columns: named, record } = await client.query('SELECT n FROM t');
    expect(rows).toEqual([[1], [2], [3]]);
    expect(named).toEqual(columns);
    expect(server.asked.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET', 'GET']);
    expect(server.asked[0]).toMatchObject({ path: '/v1/statement', body: 'SELECT n FROM t' });
    expect(record).toMatchObject({ id: 'q1', receivedRows: 3, nodes: 2, scannedRows: 7 });
    expect(record.receivedBytes).toBeGreaterThan(300);
  });

  it('a first answer that is the last is not lost', async () => {
    const { client } = await clientOf(pages(last({ columns, data: [[5]] })));
    expect((await client.query('SELECT 5')).rows).toEqual([[5]]);
  });

  it('numbers above 2⁵³ keep every digit, and text that looks like them stays text', async () => {
    const text =
      '{"id":"q","columns":[{"name":"a","type":"bigint"}],"data":[[9007199254740993,-9223372036854775808,0.1234567890123456789,1.25E-7,"9007199254740993, \\"12345678901234567",{"k":12345678901234567}]],"stats":{"state":"FINISHED"}}';
    const { client } = await clientOf(pages(text));
    expect((await client.query('SELECT a')).rows).toEqual([
      [
        '9007199254740993',
        '-9223372036854775808',
        0.12345678901234568,
        1.25e-7,
        '9007199254740993, "12345678901234567',
        { k: '12345678901234567' },
      ],
    ]);
    expect(parseExactly('[1,9007199254740992]')).toEqual([1, '9007199254740992']);
    expect(parseExactly('[ 9007199254740993 ]')).toEqual(['9007199254740993']);
  });
});

describe('repetition', () => {
  it('503, 429, 502 and 504 are asked again, statement and page alike', async () => {
    const { client, server } = await clientOf(
      pages(503, 429, more({ columns, data: [[1]] }), 502, 504, last({ data: [[2]] })),
    );
    expect((await client.query('SELECT n')).rows).toEqual([[1], [2]]);
    expect(server.asked.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST', 'GET', 'GET', 'GET']);
  });

  it('ends', async () => {
    const { client, server } = await clientOf(pages(503, 503, 503, 503, 503));
    await expect(client.query('SELECT n')).rejects.toMatchObject({
      code: 'ENGINE_FAILURE',
      message: `the Trino server ${server.origin} answers 503 Service Unavailable: come again`,
    });
    expect(server.asked).toHaveLength(4);
  });

  it('a page whose connection breaks is fetched again', async () => {
    let breaks = 2;
    const script = pages(more(), last({ columns, data: [[4]] }));
    const { client } = await clientOf((asked, response, origin) => {
      if (asked.method === 'GET' && breaks-- > 0) {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"id":');
        response.destroy();
      } else script(asked, response, origin);
    });
    expect((await client.query('SELECT n')).rows).toEqual([[4]]);
  });

  it('a statement whose connection breaks is not posted twice', async () => {
    const { client, server } = await clientOf((_, response) => response.destroy());
    await expect(client.query('SELECT n')).rejects.toMatchObject({
      code: 'ENGINE_FAILURE',
      message: `cannot reach the Trino server ${server.origin}: the connection broke`,
    });
    expect(server.asked).toHaveLength(1);
  });

  it('nobody there', async () => {
    const { client, server } = await clientOf(pages());
    await server.close();
    await expect(client.query('SELECT n')).rejects.toThrow(/^cannot reach the Trino server .*: nothing listens there$/);
  });
});

describe('a failed query', () => {
  const error = {
    message: 'line 1:8: Column "x" cannot be resolved\nat …',
    errorName: 'COLUMN_NOT_FOUND',
    errorType: 'USER_ERROR',
  };

  it('in the first page', async () => {
    const { client } = await clientOf(pages({ id: 'q', error, stats: { state: 'FAILED' } }));
    await expect(client.query('SELECT x')).rejects.toMatchObject({
      message: 'line 1:8: Column "x" cannot be resolved',
      errorType: 'USER_ERROR',
    });
  });

  it('in the last page takes the rows before it along', async () => {
    const { client } = await clientOf(
      pages(more({ columns, data: [[1], [2]] }), { id: 'q', columns, data: [[3]], error, stats: { state: 'FAILED' } }),
    );
    await expect(client.query('SELECT x')).rejects.toMatchObject({ errorName: 'COLUMN_NOT_FOUND' });
  });

  it('that gives no reason is a failure all the same', async () => {
    const { client } = await clientOf(pages({ id: 'q', columns, data: [[1]], stats: { state: 'FAILED' } }));
    await expect(client.query('SELECT x')).rejects.toThrow('ended a query as FAILED without a reason');
  });

  it.each(['{"id":"q","data":[[1', '<html>busy</html>', '[]', 'null'])(
    'an answer that is no page: %s',
    async (text) => {
      const { client } = await clientOf(pages(text));
      const failed = client.query('SELECT x');
      await expect(failed).rejects.toMatchObject({ code: 'ENGINE_FAILURE' });
      await expect(failed).rejects.toThrow(/sent an answer that is no/);
    },
  );

  it('JSON that breaks off in a later page: one error, and the query is cancelled', async () => {
    const { client, server } = await clientOf(pages(more({ columns, data: [[1]] }), '{"id":"q1","data":[[2'));
    await expect(client.query('SELECT x')).rejects.toThrow('is no JSON, or breaks off, after 21 bytes');
    expect(server.asked.at(-1)).toMatchObject({ method: 'DELETE', path: '/v1/statement/executing/q1/s/1' });
  });
});

describe('strangers get nothing', () => {
  it('a next page at another origin is not fetched', async () => {
    const foreign = await mockServer(pages());
    open.push(foreign);
    const { client } = await clientOf(pages({ id: 'q', nextUri: `${foreign.origin}/v1/x` }), {
      token: new Secret('hush-1'),
    });
    await expect(client.query('SELECT x')).rejects.toThrow(
      `sends on to "${foreign.origin}", which gets no credentials`,
    );
    expect(foreign.asked).toEqual([]);
  });

  it('nor is a redirect followed', async () => {
    const foreign = await mockServer(pages());
    open.push(foreign);
    const { client } = await clientOf((_, response) => response.writeHead(307, { location: foreign.origin }).end(), {
      password: new Secret('hush-2'),
    });
    await expect(client.query('SELECT x')).rejects.toThrow(`redirects to "${foreign.origin}", which is not followed`);
    expect(foreign.asked).toEqual([]);
  });
});

describe('credentials', () => {
  it.each([
    [{ password: new Secret('öpen:sesame') }, `Basic ${Buffer.from('ana:öpen:sesame').toString('base64')}`],
    [{ token: new Secret('t0ken') }, 'Bearer t0ken'],
    [{}, undefined],
  ])('are sent as the protocol has them (%#)', async (options, header) => {
    const { client, server } = await clientOf(pages(last()), options);
    await client.query('SELECT 1');
    expect(server.asked[0]!.headers.authorization).toBe(header);
  });

  it('user, catalog, schema and session properties go along', async () => {
    const { client, server } = await clientOf(pages(last()), {
      catalog: 'hive',
      schema: 'ml',
      session: { query_max_run_time: '5m', tag: 'a,b=c' },
    });
    await client.query('SELECT 1');
    expect(server.asked[0]!.headers).toMatchObject({
      'x-trino-user': 'ana',
      'x-trino-source': 'driftgate',
      'x-trino-catalog': 'hive',
      'x-trino-schema': 'ml',
      'x-trino-time-zone': 'UTC',
      'x-trino-session': 'query_max_run_time=5m,tag=a%2Cb%3Dc',
    });
  });

  it.each([
    [{}, 'wants a password or a token for "ana"; name it by trino.password_env or trino.token_env'],
    [{ password: new Secret('hush-3') }, 'refuses the password of "ana" (401)'],
    [{ token: new Secret('hush-4') }, 'refuses the token of "ana" (401)'],
  ])('401 says what was refused (%#)', async (options, text) => {
    const { client, server } = await clientOf(pages(401), options);
    await expect(client.query('SELECT 1')).rejects.toThrow(`the Trino server ${server.origin} ${text}`);
  });

  it('show in no error, no inspection and no JSON', async () => {
    const options = { password: new Secret('hush-5'), key: new Secret('hush-6') };
    const { client, server } = await clientOf(pages('hush'), options);
    const error = await client.query('SELECT 1').catch((caught: unknown) => caught);
    const server2 = settings(server.origin, options);
    for (const text of [
      inspect(error, { depth: 9, showHidden: true }),
      inspect(server2, { depth: 9, showHidden: true }),
      inspect(client, { depth: 9 }),
      JSON.stringify(server2),
      String(options.password),
    ]) {
      expect(text).not.toMatch(/hush-\d|aHVzaC/);
    }
  });
});

describe('stopping', () => {
  /** a first page, and then silence */
  const slow: Reply = (asked, response, origin) => {
    if (asked.method === 'POST') pages(more())(asked, response, origin);
    else if (asked.method === 'DELETE') response.writeHead(204).end();
  };

  it('an interruption cancels the query at the server, at once', async () => {
    const { client, server } = await clientOf(slow);
    const running = client.query('SELECT n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const asked = performance.now();
    client.interrupt();
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(performance.now() - asked).toBeLessThan(3000);
    expect(server.asked.at(-1)).toMatchObject({ method: 'DELETE', path: '/v1/statement/executing/q1/s/1' });
    await expect(client.query('SELECT n')).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('closing cancels what still runs, before the connection goes', async () => {
    const { client, server } = await clientOf(slow);
    const running = client.query('SELECT n');
    running.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.close();
    expect(server.asked.at(-1)).toMatchObject({ method: 'DELETE', path: '/v1/statement/executing/q1/s/1' });
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('also while it waits to come again', async () => {
    const server = await mockServer((_, response) => response.writeHead(503, { 'retry-after': '3600' }).end());
    const client = new TrinoClient(settings(server.origin));
    open.push(server, client);
    const running = client.query('SELECT n');
    setTimeout(() => client.interrupt(), 50);
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('a query that takes too long is cancelled and named', async () => {
    const { client, server } = await clientOf(slow, { timeoutMs: 100 });
    await expect(client.query('SELECT n')).rejects.toMatchObject({
      code: 'ENGINE_FAILURE',
      message: `the Trino server ${server.origin} took more than the 0.1 s of trino.timeout over a query, which was cancelled`,
    });
    expect(server.asked.at(-1)).toMatchObject({ method: 'DELETE' });
  });

  it('a connection without a byte is taken for dead', async () => {
    const { client } = await clientOf(slow);
    await expect(client.query('SELECT n')).rejects.toThrow(/cannot reach the Trino server .*: no answer for 0.15 s/);
  });
});
