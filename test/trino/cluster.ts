import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { TrinoClient } from '../../src/engine/trino/client.ts';
import type { TrinoServer } from '../../src/model/run.ts';

/** The last release that Java 17 runs. */
export const release = '435';
const connectors = ['memory', 'tpch'] as const;
const readyMs = 150_000;

/** A server's files on disk. */
export interface Installation {
  readonly folder: string;
}

/** Nodes on loopback; ended with the process that started them, whatever happens to it. */
export interface Cluster {
  readonly server: TrinoServer;
  /** rows of a statement of the tests' own */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** ends a worker as a crash would */
  kill(worker: number): void;
  stop(): Promise<void>;
}

/**
 * The server out of its published parts (120 MB instead of the 1 GB of the whole distribution: two connectors out of fifty), once for
 * every later run.
 *
 * @returns the reason in words when there is no Java 17, no Maven, or nothing to download
 */
export function install(): Installation | string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(cache, 'driftgate', `trino-${release}`);
  const java = version('java', ['-version']);
  if (java === null) return 'there is no java';
  if (!(Number(/version "(\d+)/.exec(java)?.[1]) >= 17)) return `java is ${java.split('\n', 1)[0]}; it takes 17`;
  if (existsSync(folder)) return { folder };
  if (version('mvn', ['-version']) === null) return 'there is no mvn to download the server with';
  if (version('javac', ['-version']) === null) return 'there is no javac';
  mkdirSync(join(cache, 'driftgate'), { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'driftgate', 'unfinished-'));
  try {
    writeFileSync(join(unfinished, 'pom.xml'), pom());
    const maven = (...goals: string[]) =>
      execFileSync('mvn', ['-B', '-q', '-ntp', ...goals], { cwd: unfinished, stdio: 'pipe', timeout: 900_000 });
    maven('dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=lib');
    for (const connector of connectors) {
      const artifact = `io.trino:trino-${connector}:${release}:zip`;
      maven('dependency:unpack', `-Dartifact=${artifact}`, `-DoutputDirectory=plugin`);
      renameSync(join(unfinished, 'plugin', `trino-${connector}-${release}`), join(unfinished, 'plugin', connector));
    }
    cpSync(new URL('Launcher.java', import.meta.url), join(unfinished, 'Launcher.java'));
    execFileSync('javac', ['-cp', join('lib', '*'), '-d', '.', 'Launcher.java'], { cwd: unfinished, stdio: 'pipe' });
    renameSync(unfinished, folder);
    return { folder };
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: Buffer; stderr?: Buffer };
    const reason = /Could not (?:find artifact|transfer)[^(\n]*/.exec(`${stdout}${stderr}`)?.[0] ?? message;
    return `the server cannot be downloaded: ${reason.slice(0, 300)}`;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function version(command: string, flags: readonly string[]): string | null {
  try {
    return execFileSync('sh', ['-c', '"$0" "$@" 2>&1', command, ...flags], { encoding: 'utf8' });
  } catch {
    return null;
  }
}

function pom(): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>driftgate</groupId><artifactId>trino</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>io.trino</groupId><artifactId>trino-main</artifactId><version>${release}</version></dependency>
  </dependencies>
</project>
`;
}

/**
 * A coordinator that does no work of its own, and workers.
 *
 * @param processors that each node takes the machine to have; all of them unless given
 */
export async function start({ folder }: Installation, workers: number, processors?: number): Promise<Cluster> {
  const run = mkdtempSync(join(tmpdir(), 'driftgate-trino-'));
  const ports = await freePorts(workers + 1);
  const origin = `http://127.0.0.1:${ports[0]}`;
  const nodes = ports.map((port, i) =>
    startNode(folder, join(run, i === 0 ? 'coordinator' : `worker${i}`), port, origin, i, processors),
  );
  const ended = () => nodes.findIndex((node) => node.exitCode !== null);
  const end = () => {
    for (const node of nodes) node.kill('SIGKILL');
  };
  process.on('exit', end);
  const server: TrinoServer = {
    origin,
    user: 'tester',
    catalog: 'memory',
    schema: 'default',
    timeoutMs: 300_000,
    session: {},
  };
  const client = new TrinoClient(server);
  const stop = async (): Promise<void> => {
    client.close();
    process.off('exit', end);
    const gone = nodes.map(
      (node) => node.exitCode ?? node.signalCode ?? new Promise((resolve) => node.once('exit', resolve)),
    );
    end();
    await Promise.all(gone);
    rmSync(run, { recursive: true, force: true });
  };
  try {
    const deadline = Date.now() + readyMs;
    for (;;) {
      const dead = ended();
      if (dead >= 0) throw new Error(`node ${dead} ended while it started: ${lastWords(dead, run)}`);
      const active = await client
        .query("SELECT count(*) FROM system.runtime.nodes WHERE state = 'active'")
        .then(({ rows }) => Number(rows[0]?.[0]))
        .catch(() => 0);
      if (active === workers + 1) break;
      if (Date.now() > deadline) throw new Error(`${active} of ${workers + 1} nodes after ${readyMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    server,
    query: async (sql) => (await client.query(sql)).rows,
    kill: (worker) => nodes[worker]!.kill('SIGKILL'),
    stop,
  };
}

/** A worker that is gone is given up within the patience of a test; a server's own is five minutes. */
const coordinatorProperties = [
  'node-scheduler.include-coordinator=false',
  'failure-detector.heartbeat-interval=500ms',
  'query.remote-task.max-error-duration=10s',
];

function startNode(
  installation: string,
  folder: string,
  port: number,
  origin: string,
  place: number,
  processors: number | undefined,
): ChildProcess {
  mkdirSync(join(folder, 'etc', 'catalog'), { recursive: true });
  mkdirSync(join(folder, 'data'));
  const properties = [
    `coordinator=${place === 0}`,
    ...(place === 0 ? coordinatorProperties : []),
    `http-server.http.port=${port}`,
    `discovery.uri=${origin}`,
  ];
  writeFileSync(join(folder, 'etc', 'config.properties'), `${properties.join('\n')}\n`);
  for (const connector of connectors) {
    writeFileSync(
      join(folder, 'etc', 'catalog', `${connector}.properties`),
      `connector.name=${connector}\n${connector === 'memory' ? 'memory.max-data-per-node=900MB\n' : ''}`,
    );
  }
  const log = openSync(join(folder, 'log.txt'), 'w');
  const flags = [
    '-server',
    '-Xmx2G',
    '-XX:+UseG1GC',
    '-XX:+ExitOnOutOfMemoryError',
    '-Djdk.attach.allowAttachSelf=true',
  ];
  if (processors !== undefined) flags.push(`-XX:ActiveProcessorCount=${processors}`);
  const system = {
    'file.encoding': 'UTF-8',
    'user.timezone': 'UTC',
    'node.environment': 'test',
    'node.id': place === 0 ? 'coordinator' : `worker${place}`,
    'node.data-dir': join(folder, 'data'),
    'node.internal-address': '127.0.0.1',
    'node.bind-ip': '127.0.0.1',
    config: 'etc/config.properties',
    'catalog.config-dir': 'etc/catalog',
    'plugin.dir': join(installation, 'plugin'),
  };
  const definitions = Object.entries(system).map(([name, value]) => `-D${name}=${value}`);
  const classPath = [join(installation, 'lib', '*'), installation].join(delimiter);
  return spawn('java', [...flags, ...definitions, '-cp', classPath, 'Launcher', release], {
    cwd: folder,
    stdio: ['pipe', log, log],
  });
}

/** What a node's log says of its end. */
function lastWords(place: number, run: string): string {
  const log = readFileSync(join(run, place === 0 ? 'coordinator' : `worker${place}`, 'log.txt'), 'utf8');
  return /\bErrors?:[\s\S]{0,600}|ERROR[\s\S]{0,600}/.exec(log)?.[0] ?? log.slice(-600);
}

function freePorts(count: number): Promise<number[]> {
  const one = () =>
    new Promise<{ port: number; close: () => void }>((resolve, reject) => {
      const server = createServer();
      server.on('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { port: number };
        resolve({ port, close: () => server.close() });
      });
    });
  return Promise.all(Array.from({ length: count }, one)).then((found) =>
    found.map(({ port, close }) => {
      close();
      return port;
    }),
  );
}
