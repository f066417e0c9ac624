import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { TrinoClient } from '../../src/engine/trino/client.ts';
import type { TrinoServer } from '../../src/model/run.ts';
import { connectors, type Installation, release } from './installation.ts';

/** A machine that is slower than this would make of every test a test of patience. */
const readyMs = 180_000;
/** Nodes of one processor take longer, and whoever measures waits. */
const measuredReadyMs = 900_000;
/** Three nodes take about 4 GB; the rest is for whatever else runs. */
const neededBytes = 6 * 2 ** 30;
const runPrefix = 'driftgate-trino-';

/** Nodes on loopback; ended with the process that started them, whatever happens to it. */
export interface Cluster {
  readonly server: TrinoServer;
  /** the processes of the workers */
  readonly workers: readonly number[];
  stop(): Promise<void>;
}

/**
 * A coordinator that does no work of its own, and workers.
 *
 * @param processors that each node takes the machine to have; all of them unless given
 * @returns the reason in words when this machine cannot have them
 */
export async function start(
  installation: Installation,
  workers: number,
  processors?: number,
): Promise<Cluster | string> {
  const available = process.availableMemory();
  if (available < neededBytes) {
    const gigabytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
    return `it takes ${gigabytes(neededBytes)} GiB of memory, and ${gigabytes(available)} are free`;
  }
  removeRemains();
  let reason = '';
  // a second time, in case somebody took a port between its choice and its use
  for (let attempt = 0; attempt < 2; attempt++) {
    const cluster = await startOnce(installation, workers, processors);
    if (typeof cluster !== 'string') return cluster;
    reason = cluster;
    if (!/address already in use|failed to bind/i.test(reason)) break;
  }
  return reason;
}

async function startOnce(
  { folder }: Installation,
  workers: number,
  processors: number | undefined,
): Promise<Cluster | string> {
  const run = mkdtempSync(join(tmpdir(), runPrefix));
  const ports = await freePorts(workers + 1);
  const origin = `http://127.0.0.1:${ports[0]}`;
  const nodes = ports.map((port, i) => startNode(folder, join(run, nameOf(i)), port, origin, i, processors));
  const end = () => {
    for (const node of nodes) node.kill('SIGKILL');
  };
  process.on('exit', end);
  // a process that runs tests for another outlives it otherwise, and the nodes with it
  const orphaned = () => process.exit(1);
  process.once('disconnect', orphaned);
  const stop = async (): Promise<void> => {
    process.off('exit', end);
    process.off('disconnect', orphaned);
    const gone = nodes.map(
      (node) =>
        // one that never started has no process
        node.pid === undefined ||
        node.exitCode !== null ||
        node.signalCode !== null ||
        new Promise((resolve) => node.once('exit', resolve)),
    );
    end();
    await Promise.all(gone);
    rmSync(run, { recursive: true, force: true });
  };
  const server: TrinoServer = {
    origin,
    user: 'tester',
    catalog: 'memory',
    schema: 'default',
    timeoutMs: 300_000,
    session: {},
  };
  const trouble = await untilReady(server, nodes, run, processors === undefined ? readyMs : measuredReadyMs);
  if (trouble !== null) {
    await stop();
    return trouble;
  }
  return { server, workers: nodes.slice(1).map(({ pid }) => pid!), stop };
}

/** @returns null, or why they will not be ready */
async function untilReady(
  server: TrinoServer,
  nodes: readonly ChildProcess[],
  run: string,
  patienceMs: number,
): Promise<string | null> {
  const client = new TrinoClient({ ...server, timeoutMs: 20_000 }, { attempts: 1, silenceMs: 20_000 });
  const unstarted = new Set<number>();
  for (const [i, node] of nodes.entries()) node.once('error', () => unstarted.add(i));
  const deadline = Date.now() + patienceMs;
  try {
    for (;;) {
      const dead = nodes.findIndex((node, i) => node.exitCode !== null || node.signalCode !== null || unstarted.has(i));
      if (dead >= 0) return `the ${nameOf(dead)} ended while it started: ${lastWords(dead, run)}`;
      const active = await client
        .query("SELECT count(*) FROM system.runtime.nodes WHERE state = 'active'")
        .then(({ rows }) => Number(rows[0]?.[0]))
        .catch(() => 0);
      if (active === nodes.length) return null;
      if (Date.now() > deadline) return `${active} of ${nodes.length} nodes are ready after ${patienceMs / 1000} s`;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } finally {
    await client.close();
  }
}

/** What a run left that was killed together with whoever would have cleaned up. */
function removeRemains(): void {
  const yesterday = Date.now() - 86_400_000;
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(runPrefix)) continue;
    const path = join(tmpdir(), name);
    if (statSync(path).mtimeMs < yesterday) rmSync(path, { recursive: true, force: true });
  }
}

function nameOf(place: number): string {
  return place === 0 ? 'coordinator' : `worker${place}`;
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
    'task.concurrency=2',
    `http-server.http.port=${port}`,
    `discovery.uri=${origin}`,
  ];
  writeFileSync(join(folder, 'etc', 'config.properties'), `${properties.join('\n')}\n`);
  for (const connector of connectors) {
    writeFileSync(
      join(folder, 'etc', 'catalog', `${connector}.properties`),
      `connector.name=${connector}\n${connector === 'memory' ? `memory.max-data-per-node=${processors === undefined ? 300 : 900}MB\n` : ''}`,
    );
  }
  const log = openSync(join(folder, 'log.txt'), 'w');
  const flags = [
    '-XX:+ExitOnOutOfMemoryError',
    '-Djdk.attach.allowAttachSelf=true',
    // what runs for a minute is not worth the second compiler; what is measured is
    ...(processors === undefined
      ? ['-Xmx1G', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
      : ['-Xmx2G', '-XX:+UseG1GC', `-XX:ActiveProcessorCount=${processors}`]),
  ];
  const system = {
    'file.encoding': 'UTF-8',
    'user.timezone': 'UTC',
    'node.environment': 'test',
    'node.id': nameOf(place),
    'node.data-dir': join(folder, 'data'),
    'node.internal-address': '127.0.0.1',
    'node.bind-ip': '127.0.0.1',
    config: 'etc/config.properties',
    'catalog.config-dir': 'etc/catalog',
    'plugin.dir': join(installation, 'plugin'),
  };
  const definitions = Object.entries(system).map(([name, value]) => `-D${name}=${value}`);
  const classPath = [join(installation, 'lib', '*'), installation].join(delimiter);
  const node = spawn('java', [...flags, ...definitions, '-cp', classPath, 'Launcher', release], {
    cwd: folder,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  return node;
}

/** What a node's log says of its end. */
function lastWords(place: number, run: string): string {
  const log = readFileSync(join(run, nameOf(place), 'log.txt'), 'utf8');
  const words = /Failed to bind.*|\bErrors?:[\s\S]*|\bERROR\b[\s\S]*/.exec(log)?.[0] ?? log.slice(-300);
  return words.replace(/\s+/g, ' ').slice(0, 300);
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
