import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { trinoServer, type WrittenTrino } from '../../../src/config/trino.ts';
import { TrinoClient } from '../../../src/engine/trino/client.ts';
import { last, mockServer, more, pages, settings } from './mock-server.ts';

// Settings that name files, and a server that speaks TLS. The certificates are made by certificates/generate.sh.

const folder = fileURLToPath(new URL('certificates/', import.meta.url));
const pem = (name: string) => readFileSync(`${folder}${name}`, 'utf8');

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Lock {
  /** whose certificate the server shows */
  readonly as?: 'server' | 'elsewhere';
  /** whether it wants one of its clients */
  readonly wants?: boolean;
  readonly maxVersion?: 'TLSv1.2';
}

async function query(written: WrittenTrino, { as = 'server', wants = false, ...more }: Lock = {}) {
  const columns = [{ name: 'n', type: 'bigint' }];
  const server = await mockServer(twoPages(columns), {
    key: pem(`${as}.key`),
    cert: pem(`${as}.pem`),
    ...(wants ? { requestCert: true, rejectUnauthorized: true, ca: pem('authority.pem') } : {}),
    ...more,
  });
  open.push(server);
  const address = server.origin.replace('https://', 'trino://ana@');
  const around = {
    environment: { DRIFTGATE_TRINO_PASSWORD: 'hush' },
    folder,
    located: (_: string, path: string) => path,
    fail: (path: readonly string[], text: string): never => {
      throw new Error(`${path.join('.')} ${text}`);
    },
  };
  const client = new TrinoClient(trinoServer(address, written, around), { firstPauseMs: 2, attempts: 3 });
  open.push(client);
  const answer = client.query('SELECT n').then(
    ({ rows }) => rows,
    (error: Error & { code?: string }) => `${error.code}: ${error.message.replace(server.origin, 'ORIGIN')}`,
  );
  return { answer: await answer, asked: server.asked };
}

function twoPages(columns: readonly object[]) {
  return pages(more({ columns, data: [[1]] }), last({ data: [[2]] }));
}

describe('the server', () => {
  it('is trusted when an authority of trino.ca_file signed its certificate', async () => {
    const { answer, asked } = await query({ ca_file: 'authority.pem' });
    expect(answer).toEqual([[1], [2]]);
    expect(asked[0]!.headers.authorization).toBe(`Basic ${Buffer.from('ana:hush').toString('base64')}`);
  });

  it.each([
    ['by default', {}],
    ['of another authority', { ca_file: 'stranger.pem' }],
  ])('is told nothing when it is unknown, %s', async (_, written) => {
    const { answer, asked } = await query(written);
    expect(answer).toMatch(
      /^ENGINE_FAILURE: no safe connection to the Trino server ORIGIN: unable to [a-z ]+; trino\.ca_file names the authority that signed it$/,
    );
    expect(asked).toEqual([]);
  });

  it('is told nothing when it does not speak TLS', async () => {
    const server = await mockServer(pages(last()));
    open.push(server);
    const client = new TrinoClient(settings(server.origin.replace('http:', 'https:')));
    open.push(client);
    await expect(client.query('SELECT 1')).rejects.toThrow(
      /^no safe connection to the Trino server https:\/\/127.0.0.1:\d+: it does not speak TLS; trino\+http:\/\/ is for those that do not$/,
    );
  });

  it('is told nothing when its certificate is for another host', async () => {
    const { answer, asked } = await query({ ca_file: 'authority.pem' }, { as: 'elsewhere' });
    expect(answer).toBe(
      'ENGINE_FAILURE: no safe connection to the Trino server ORIGIN: its certificate is for DNS:trino.example',
    );
    expect(asked).toEqual([]);
  });
});

describe.each([{}, { maxVersion: 'TLSv1.2' as const }])('a server that wants a certificate %o', (version) => {
  it('is given one', async () => {
    const written = { ca_file: 'authority.pem', cert_file: 'client.pem', key_file: 'client.key' };
    expect((await query(written, { wants: true, ...version })).answer).toEqual([[1], [2]]);
  });

  it('and there is none', async () => {
    const { answer, asked } = await query({ ca_file: 'authority.pem' }, { wants: true, ...version });
    expect(answer).toBe(
      'ENGINE_FAILURE: the Trino server ORIGIN wants a certificate of its clients; trino.cert_file names it',
    );
    expect(asked).toEqual([]);
  });
});

describe('files that hold something else', () => {
  it.each<[string, WrittenTrino, string]>([
    [
      'no authority',
      { ca_file: 'generate.sh' },
      'trino.ca_file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)',
    ],
    [
      'no certificate',
      { cert_file: 'generate.sh' },
      'trino.cert_file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)',
    ],
    ['no key', { cert_file: 'client.pem' }, 'trino.cert_file holds no key in PEM (-----BEGIN PRIVATE KEY-----)'],
    [
      'no key',
      { cert_file: 'client.pem', key_file: 'generate.sh' },
      'trino.key_file holds no key in PEM (-----BEGIN PRIVATE KEY-----)',
    ],
    [
      "another's key",
      { cert_file: 'client.pem', key_file: 'server.key' },
      'trino.key_file holds the key of another certificate',
    ],
  ])('%s', async (_, written, text) => {
    await expect(query(written)).rejects.toMatchObject({ code: 'BAD_OPTION', message: text });
  });
});
