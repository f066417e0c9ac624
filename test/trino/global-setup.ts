import type { TestProject } from 'vitest/node';
import type { TrinoServer } from '../../src/model/run.ts';
import { start } from './cluster.ts';
import { install } from './installation.ts';

/** What the tests are given. */
export type Provided =
  | { readonly server: TrinoServer; readonly workers: readonly number[] }
  /** why there is none; no fault of what is tested */
  | { readonly missing: string };

declare module 'vitest' {
  interface ProvidedContext {
    readonly trino: Provided;
  }
}

/**
 * One coordinator and two workers for all tests, held by the process that runs them all, so that they end with it whatever becomes of a
 * test. Whatever keeps them from starting skips the tests, visibly: only what the tests themselves find is a failure.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const begun = performance.now();
  const seconds = () => `${((performance.now() - begun) / 1000).toFixed(0)} s`;
  const installation = install();
  const cluster = typeof installation === 'string' ? installation : await start(installation, 2).catch(String);
  if (typeof cluster === 'string') {
    project.provide('trino', { missing: cluster });
    const notice = `\nSKIPPED: nothing was tested on a Trino cluster: ${cluster} (after ${seconds()})\n`;
    console.warn(notice);
    // once more where it is read last
    return async () => console.warn(notice);
  }
  console.log(`a Trino coordinator and two workers are ready after ${seconds()}`);
  const { server, workers, stop } = cluster;
  project.provide('trino', { server, workers });
  return stop;
}
