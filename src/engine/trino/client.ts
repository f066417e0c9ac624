import * as http from 'node:http';
import * as https from 'node:https';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { DriftError } from '../../model/errors.ts';
import type { QueryRecord, TrinoServer } from '../../model/run.ts';
import { printable, quoted } from '../../model/text.ts';
import { parseExactly } from './json.ts';

/** A column of a result. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
  readonly typeSignature?: TypeSignature;
}

/** A type in parts; what the server sends beside its text. */
export interface TypeSignature {
  readonly rawType: string;
  readonly arguments: readonly { readonly kind: string; readonly value: unknown }[];
}

export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly unknown[])[];
  readonly record: QueryRecord;
}

/** A query that the server took and could not answer. */
export class QueryFailure extends Error {
  readonly errorName: string;
  readonly errorType: string;

  constructor(error: WireError) {
    super(printable((error.message ?? 'no reason given').split('\n', 1)[0]!, 300));
    this.name = 'QueryFailure';
    this.errorName = error.errorName ?? 'UNKNOWN';
    this.errorType = error.errorType ?? 'INTERNAL_ERROR';
  }
}

/** How long is waited for what. Tests are quicker. */
export interface Pace {
  /** before the first repetition; each further wait is twice as long */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** in a row, before one request is given up */
  readonly attempts: number;
  /** without a byte, before a connection is taken for dead */
  readonly silenceMs: number;
  /** given to a cancellation, as somebody waits for it */
  readonly cancelMs: number;
}

const usualPace: Pace = { firstPauseMs: 75, longestPauseMs: 3000, attempts: 8, silenceMs: 90_000, cancelMs: 600 };

/** Statuses by which the protocol asks to come again; 429 is how proxies say so. */
const comeAgain = new Set([429, 502, 503, 504]);
/** A longer page is no answer made of aggregates. */
const mostPageBytes = 256 << 20;

interface WireError {
  readonly message?: string;
  readonly errorName?: string;
  readonly errorType?: string;
}

interface Page {
  readonly id?: string;
  readonly nextUri?: string;
  readonly columns?: readonly ResultColumn[];
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: WireError;
  readonly stats?: {
    readonly state?: string;
    readonly nodes?: number;
    readonly processedRows?: number;
    readonly processedBytes?: number;
    readonly physicalInputBytes?: number;
    readonly elapsedTimeMillis?: number;
    readonly cpuTimeMillis?: number;
  };
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Trino's statement protocol over HTTP: a statement is posted, and the addresses that the answers name are followed to the last page.
 *
 * All rows of a query arrive or none: an error in any page rejects. What is repeated: a request that the server asks to
 * repeat (429, 502, 503, 504; the statements only read, so a second one does no harm), and a GET whose connection broke, which gives the
 * same page again. Nothing is ever sent to another origin than the one that was named, for the requests carry credentials.
 */
export class TrinoClient {
  readonly #server: TrinoServer;
  readonly #pace: Pace;
  readonly #agent: http.Agent;
  readonly #interruption = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(server: TrinoServer, pace: Partial<Pace> = {}) {
    this.#server = server;
    this.#pace = { ...usualPace, ...pace };
    this.#agent = server.origin.startsWith('https:')
      ? new https.Agent({ keepAlive: true, secureContext: secureContextOf(server) })
      : new http.Agent({ keepAlive: true });
  }

  /**
   * Every row of a statement's result. Whole numbers that a double may not hold come as text, see {@link parseExactly}.
   *
   * @throws {QueryFailure} the server's own error
   * @throws {DriftError} ENGINE_FAILURE when the server cannot be spoken with, INTERRUPTED
   */
  async query(sql: string): Promise<QueryResult> {
    const running = this.#query(sql);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #query(sql: string): Promise<QueryResult> {
    const { timeoutMs } = this.#server;
    const timeout = AbortSignal.timeout(timeoutMs);
    const stop = AbortSignal.any([this.#interruption.signal, timeout]);
    const rows: (readonly unknown[])[] = [];
    let columns: readonly ResultColumn[] = [];
    let receivedBytes = 0;
    let next: URL | undefined;
    try {
      let answer = await this.#send('POST', new URL('/v1/statement', this.#server.origin), stop, sql);
      for (;;) {
        receivedBytes += answer.body.length;
        const page = this.#page(answer);
        if (page.error) {
          next = undefined;
          throw new QueryFailure(page.error);
        }
        columns = page.columns ?? columns;
        for (const row of page.data ?? []) rows.push(row);
        next = page.nextUri === undefined ? undefined : this.#own(page.nextUri);
        if (next === undefined) return { columns, rows, record: this.#record(page, receivedBytes, rows.length) };
        answer = await this.#send('GET', next, stop);
      }
    } catch (error) {
      if (next !== undefined) await this.#cancel(next);
      if (this.#interruption.signal.aborted) throw new DriftError('INTERRUPTED', 'interrupted', { cause: error });
      if (!timeout.aborted) throw error;
      const seconds = timeoutMs / 1000;
      throw this.#failure(`took more than the ${seconds} s of trino.timeout over a query, which was cancelled`, error);
    }
  }

  /** Cancels whatever runs, and refuses every query after it. */
  interrupt(): void {
    this.#interruption.abort();
  }

  /** Leaves nothing running: where one query has failed, others may be under way. */
  async close(): Promise<void> {
    this.interrupt();
    await Promise.allSettled(this.#running);
    this.#agent.destroy();
  }

  #record({ id = '', stats }: Page, receivedBytes: number, receivedRows: number): QueryRecord {
    return {
      id,
      receivedBytes,
      receivedRows,
      scannedRows: stats?.processedRows ?? 0,
      scannedBytes: stats?.physicalInputBytes ?? stats?.processedBytes ?? 0,
      nodes: stats?.nodes ?? 0,
      durationMs: stats?.elapsedTimeMillis ?? 0,
      cpuMs: stats?.cpuTimeMillis ?? 0,
    };
  }

  #page({ body, status, headers }: Answer): Page {
    if (status !== 200) throw this.#refusal(status, headers, body);
    let page: unknown;
    try {
      page = parseExactly(body.toString('utf8'));
    } catch (cause) {
      throw this.#failure(`sent an answer that is no JSON, or breaks off, after ${body.length} bytes`, cause);
    }
    if (typeof page !== 'object' || page === null || Array.isArray(page))
      throw this.#failure('sent an answer that is no page');
    const { nextUri, error, stats } = page as Page;
    // the last page of a query that did not end well, and does not say why
    if (nextUri === undefined && !error && stats?.state !== undefined && stats.state !== 'FINISHED') {
      throw this.#failure(`ended a query as ${printable(stats.state, 40)} without a reason`);
    }
    return page as Page;
  }

  /** An address of the server's own: another would be given the credentials. */
  #own(address: string): URL {
    let url: URL;
    try {
      url = new URL(address);
    } catch (cause) {
      throw this.#failure(`names ${quoted(address)} as the address of the next page`, cause);
    }
    if (url.origin === new URL(this.#server.origin).origin) return url;
    throw this.#failure(
      `sends on to ${quoted(url.origin)}, which gets no credentials; name that address as the engine, or behind a proxy set http-server.process-forwarded`,
    );
  }

  #refusal(status: number, headers: http.IncomingHttpHeaders, body: Buffer): DriftError {
    const { password, token, certificate, user } = this.#server;
    if (status === 401) {
      const sent = token ? 'token' : password ? 'password' : certificate ? 'certificate' : null;
      return sent === null
        ? this.#failure(
            `wants a password or a token for ${quoted(user)}; name it by trino.password_env or trino.token_env`,
          )
        : this.#failure(`refuses the ${sent} of ${quoted(user)} (401)`);
    }
    if (status === 403) return this.#failure(`does not let ${quoted(user)} in (403)`);
    if (status >= 300 && status < 400) {
      const target = headers.location === undefined ? '' : ` to ${quoted(headers.location, 120)}`;
      return this.#failure(`redirects${target}, which is not followed; name that address as the engine`);
    }
    const line = body.toString('utf8', 0, 400).split('\n', 1)[0]!;
    return this.#failure(`answers ${status} ${http.STATUS_CODES[status] ?? ''}: ${printable(line, 120)}`);
  }

  #failure(what: string, cause?: unknown): DriftError {
    const message = `the Trino server ${printable(this.#server.origin, 120)} ${what}`;
    return new DriftError('ENGINE_FAILURE', message, { cause });
  }

  /** One request, repeated while that is asked for. */
  async #send(method: 'POST' | 'GET', url: URL, stop: AbortSignal, body?: string): Promise<Answer> {
    const { firstPauseMs, longestPauseMs, attempts } = this.#pace;
    for (let attempt = 1; ; attempt++) {
      let pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
      try {
        const answer = await this.#exchange(method, url, stop, body);
        if (!comeAgain.has(answer.status) || attempt === attempts) return answer;
        const asked = Number(answer.headers['retry-after']);
        if (asked > 0) pause = Math.min(Math.max(pause, asked * 1000), 10 * longestPauseMs);
      } catch (error) {
        if (stop.aborted || error instanceof DriftError) throw error;
        // a statement whose connection broke may be running: it is not posted twice without being asked to
        if (method === 'POST' || attempt === attempts) throw this.#unreachable(error as NodeJS.ErrnoException);
      }
      await rest(pause, stop);
    }
  }

  #unreachable(cause: NodeJS.ErrnoException & { reason?: string; cert?: { subjectaltname?: string } }): DriftError {
    const code = cause.code ?? '';
    const origin = printable(this.#server.origin, 120);
    // some errors of OpenSSL have their reason in the middle of the message only
    const tls = /SSL routines:[^:]*:([^:]+)/.exec(cause.message)?.[1] ?? null;
    const [, alert] = /\balert (.+)/.exec(tls ?? '') ?? [];
    // what the server says of our certificate, or of there being none
    if (alert !== undefined && /certificate|handshake failure|unknown ca|access denied/.test(alert)) {
      return this.#server.certificate === undefined
        ? this.#failure('wants a certificate of its clients; trino.cert_file names it', cause)
        : this.#failure(`refuses the certificate of trino.cert_file (${printable(alert, 60)})`, cause);
    }
    if (tls !== null || /CERT|SSL|TLS|SIGNATURE|ISSUER/.test(code)) {
      const { subjectaltname } = cause.cert ?? {};
      const reason = /ALTNAME/.test(code)
        ? `its certificate is for ${printable(subjectaltname ?? 'no host', 160)}`
        : tls === 'wrong version number'
          ? 'it does not speak TLS; trino+http:// is for those that do not'
          : `${printable(tls ?? cause.message, 160)}${untrusted.test(code) ? '; trino.ca_file names the authority that signed it' : ''}`;
      const message = `no safe connection to the Trino server ${origin}: ${reason}`;
      return new DriftError('ENGINE_FAILURE', message, { cause });
    }
    const reasons: Readonly<Record<string, string>> = {
      ECONNREFUSED: 'nothing listens there',
      ENOTFOUND: 'no such host',
      ECONNRESET: 'the connection broke',
      EPIPE: 'the connection broke',
    };
    const reason = `cannot reach the Trino server ${origin}: ${reasons[code] ?? printable(cause.message, 160)}`;
    return new DriftError('ENGINE_FAILURE', reason, { cause });
  }

  /** Tells the server to stop; that it could not be told changes nothing. */
  async #cancel(next: URL): Promise<void> {
    await this.#exchange('DELETE', next, AbortSignal.timeout(this.#pace.cancelMs)).catch(() => {});
  }

  #exchange(method: string, url: URL, stop: AbortSignal, body?: string): Promise<Answer> {
    const { silenceMs } = this.#pace;
    const send = url.protocol === 'https:' ? https.request : http.request;
    return new Promise((resolve, reject) => {
      const asking = send(
        url,
        { method, agent: this.#agent, headers: this.#headers(), signal: stop, timeout: silenceMs },
        (response) => {
          const parts: Buffer[] = [];
          let bytes = 0;
          response.on('data', (part: Buffer) => {
            parts.push(part);
            bytes += part.length;
            if (bytes > mostPageBytes) asking.destroy(this.#failure(`sent a page of more than ${mostPageBytes} bytes`));
          });
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
          );
        },
      );
      asking.on('timeout', () => asking.destroy(new Error(`no answer for ${silenceMs / 1000} s`)));
      asking.on('error', reject);
      asking.end(body);
    });
  }

  #headers(): Record<string, string> {
    const { user, catalog, schema, password, token, session } = this.#server;
    const properties = Object.entries(session).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const basic = password && Buffer.from(`${user}:${password.reveal()}`).toString('base64');
    return {
      'User-Agent': 'driftgate',
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Trino-User': user,
      'X-Trino-Source': 'driftgate',
      // text without an offset is UTC, wherever the server stands
      'X-Trino-Time-Zone': 'UTC',
      // types of times with their precision
      'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
      ...(catalog === undefined ? {} : { 'X-Trino-Catalog': catalog }),
      ...(schema === undefined ? {} : { 'X-Trino-Schema': schema }),
      ...(properties.length === 0 ? {} : { 'X-Trino-Session': properties.join(',') }),
      ...(token ? { Authorization: `Bearer ${token.reveal()}` } : basic ? { Authorization: `Basic ${basic}` } : {}),
    };
  }
}

/** @throws {DriftError} BAD_OPTION when the files do not hold what they should */
function secureContextOf({ authority, certificate, key }: TrinoServer): SecureContext {
  const context = (name: string, options: SecureContextOptions): SecureContext => {
    try {
      return createSecureContext(options);
    } catch (cause) {
      const { code = '', message } = cause as NodeJS.ErrnoException;
      const reason = fileMistakes[code] ?? `does not read: ${printable(message, 160)}`;
      throw new DriftError('BAD_OPTION', `${name} ${reason}`, { cause });
    }
  };
  // a text without a certificate would be taken for an empty list
  if (authority !== undefined && !authority.includes('-----BEGIN CERTIFICATE-----')) {
    throw new DriftError('BAD_OPTION', `trino.ca_file ${fileMistakes.ERR_OSSL_PEM_NO_START_LINE}`);
  }
  const ca = authority === undefined ? {} : { ca: authority };
  const trusting = context('trino.ca_file', ca);
  if (certificate === undefined) return trusting;
  context('trino.cert_file', { cert: certificate });
  const name = key === undefined ? 'trino.cert_file' : 'trino.key_file';
  return context(name, { ...ca, cert: certificate, key: key?.reveal() ?? certificate });
}

/** Codes of a certificate that nobody known vouches for. */
const untrusted = /^UNABLE_TO|SELF_SIGNED|SIGNATURE|ISSUER|CERT_UNTRUSTED/;

/** OpenSSL's own words are about its insides. */
const fileMistakes: Readonly<Record<string, string>> = {
  ERR_OSSL_PEM_NO_START_LINE: 'holds no certificate in PEM (-----BEGIN CERTIFICATE-----)',
  ERR_OSSL_UNSUPPORTED: 'holds no key in PEM (-----BEGIN PRIVATE KEY-----)',
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: 'holds the key of another certificate',
  ERR_OSSL_BAD_DECRYPT: 'holds a key under a passphrase; it takes one without',
};

function rest(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const wake = () => {
      clearTimeout(timer);
      reject(stop.reason);
    };
    const timer = setTimeout(() => {
      stop.removeEventListener('abort', wake);
      resolve();
    }, milliseconds);
    if (stop.aborted) wake();
    else stop.addEventListener('abort', wake, { once: true });
  });
}
