import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TrinoServer } from '../../../src/model/run.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that speaks from a script: what it is asked for is kept. */
export interface MockServer {
  readonly origin: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

export type Reply = (asked: Asked, response: ServerResponse, origin: string) => void;

/** @param tls certificate and key of a server that speaks HTTPS, and what it asks of its clients */
export async function mockServer(reply: Reply, tls?: https.ServerOptions): Promise<MockServer> {
  const asked: Asked[] = [];
  let origin = '';
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = {
        method: request.method!,
        path: request.url!,
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      };
      asked.push(one);
      reply(one, response, origin);
    });
  };
  const server = tls ? https.createServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http${tls ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers a statement with pages one after the other: text is sent as it is, anything else as JSON. */
export function pages(...script: readonly (((origin: string) => unknown) | object | string | number)[]): Reply {
  let next = 0;
  return ({ method }, response, origin) => {
    if (method === 'DELETE') {
      response.writeHead(204).end();
      return;
    }
    const page = script[next++];
    if (typeof page === 'number') response.writeHead(page).end('come again');
    else if (typeof page === 'string') response.writeHead(200).end(page);
    else {
      const body = typeof page === 'function' ? page(origin) : page;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
  };
}

/** A page that is followed by another. */
export function more(page: object = {}): (origin: string) => object {
  return (origin) => ({
    id: 'q1',
    nextUri: `${origin}/v1/statement/executing/q1/s/1`,
    stats: { state: 'RUNNING' },
    ...page,
  });
}

export function last(page: object = {}): object {
  return { id: 'q1', stats: { state: 'FINISHED', nodes: 2, processedRows: 7 }, ...page };
}

export function settings(origin: string, more: Partial<TrinoServer> = {}): TrinoServer {
  return { origin, user: 'ana', timeoutMs: 10_000, session: {}, ...more };
}
