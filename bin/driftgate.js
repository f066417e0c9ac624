#!/usr/bin/env node
// Plain enough to be understood by any Node, so that an old one can be told.
const [major, minor] = process.versions.node.split('.').map(Number);
process.exitCode = 2;
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`driftgate: needs Node 20.19 or newer; this is ${process.version}`);
} else {
  const door = new URL('../dist/cli/process.js', import.meta.url);
  import('node:module')
    // from Node 22 on what was compiled once is kept
    .then((node) => {
      if (node.enableCompileCache) node.enableCompileCache();
    })
    .then(() => import(door.href))
    .then(
      ({ run }) => run(),
      async (error) => {
        const { existsSync } = await import('node:fs');
        console.error(existsSync(door) ? error : 'driftgate: not built yet; run "npm run build" in its folder first');
      },
    );
}
