import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The last release that Java 17 runs. */
export const release = '435';
export const connectors = ['memory', 'tpch'] as const;
/** Longer than that nobody waits for a download; what came is kept by Maven, so that the next run goes on from there. */
const downloadMs = 300_000;
/** A connection that is refused by silence, as firewalls do. */
const connectMs = 10_000;

/** A server's files on disk. */
export interface Installation {
  readonly folder: string;
}

/**
 * The server out of its published parts (120 MB instead of the 1 GB of the whole distribution: two connectors out of fifty), once for
 * every later run. `XDG_CACHE_HOME` says where it is kept, ~/.cache unless set.
 *
 * @returns the reason in words when there is no Java 17, no Maven, or nothing to download
 */
export function install(): Installation | string {
  const java = version('java', ['-version']);
  if (java === null) return 'there is no java';
  if (!(Number(/version "(\d+)/.exec(java)?.[1]) >= 17)) return `it takes Java 17, here is ${java.split('\n', 1)[0]}`;
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'driftgate');
  const folder = join(cache, `trino-${release}`);
  if (existsSync(folder)) return { folder };
  if (version('mvn', ['-version']) === null) return 'there is no mvn to download the server with';
  if (version('javac', ['-version']) === null) return 'there is no javac';
  let unfinished: string | undefined;
  try {
    mkdirSync(cache, { recursive: true });
    removeRemains(cache);
    unfinished = mkdtempSync(join(cache, 'unfinished-'));
    assemble(unfinished);
    renameSync(unfinished, folder);
    return { folder };
  } catch (error) {
    // another run was quicker
    if (existsSync(folder)) return { folder };
    return `the server cannot be downloaded: ${reasonOf(error)}`;
  } finally {
    if (unfinished !== undefined) rmSync(unfinished, { recursive: true, force: true });
  }
}

function assemble(folder: string): void {
  writeFileSync(join(folder, 'pom.xml'), pom());
  const deadline = Date.now() + downloadMs;
  const run = (command: string, ...flags: string[]) =>
    execFileSync(command, flags, {
      cwd: folder,
      stdio: 'pipe',
      timeout: Math.max(1, deadline - Date.now()),
      killSignal: 'SIGKILL',
    });
  const patience = [
    `-Daether.connector.connectTimeout=${connectMs}`,
    `-Dmaven.wagon.http.connectionTimeout=${connectMs}`,
    '-Dmaven.wagon.http.retryHandler.count=1',
  ];
  const maven = (...goals: string[]) => run('mvn', '-B', '-q', '-ntp', ...patience, ...goals);
  maven('dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=lib');
  for (const connector of connectors) {
    const artifact = `io.trino:trino-${connector}:${release}:zip`;
    maven('dependency:unpack', `-Dartifact=${artifact}`, '-DoutputDirectory=plugin');
    renameSync(join(folder, 'plugin', `trino-${connector}-${release}`), join(folder, 'plugin', connector));
  }
  cpSync(new URL('Launcher.java', import.meta.url), join(folder, 'Launcher.java'));
  run('javac', '-cp', join('lib', '*'), '-d', '.', 'Launcher.java');
}

function reasonOf(error: unknown): string {
  const { stdout, stderr, message, code } = error as Error & { stdout?: Buffer; stderr?: Buffer; code?: string };
  if (code === 'ETIMEDOUT')
    return `it takes more than ${downloadMs / 1000} s; the next run goes on where this one ended`;
  const output = `${stdout}${stderr}`;
  const said =
    /Could not (?:find artifact|transfer)[^(\n]*|Unknown host[^(\n]*/.exec(output)?.[0] ??
    /ERROR\] (.*)/.exec(output)?.[1];
  return (said ?? message.split('\n', 1)[0]!).trim().slice(0, 300);
}

/** Of runs that were killed. */
function removeRemains(cache: string): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const yesterday = Date.now() - 86_400_000;
    if (name.startsWith('unfinished-') && statSync(path).mtimeMs < yesterday)
      rmSync(path, { recursive: true, force: true });
  }
}

function version(command: string, flags: readonly string[]): string | null {
  try {
    return execFileSync('sh', ['-c', '"$0" "$@" 2>&1', command, ...flags], { encoding: 'utf8', timeout: 60_000 });
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
