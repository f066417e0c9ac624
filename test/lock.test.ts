import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What `npm ci` reads: a platform's package that is missing here is refused on every platform, as out of step with package.json. */

interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};

describe('the lock file', () => {
  // it listed the packages of Linux only, as the others could not be fetched where it was written
  it('lists the packages of all platforms', () => {
    for (const { optionalDependencies = {} } of Object.values(lock.packages)) {
      for (const name of Object.keys(optionalDependencies).filter((name) => name.startsWith('@'))) {
        expect(lock.packages, name).toHaveProperty([`node_modules/${name}`]);
      }
    }
    for (const platform of ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64']) {
      const [os, cpu] = platform.split('-');
      const driver = lock.packages[`node_modules/@duckdb/node-bindings-${platform}`];
      expect(driver, platform).toMatchObject({ optional: true, os: [os], cpu: [cpu] });
    }
  });

  it('names no registry', () => {
    for (const [name, { resolved }] of Object.entries(lock.packages)) expect(resolved, name).toBeUndefined();
  });
});
