// Bundles the compiled modules of build/ into the package's dist/: fewer files load faster, the engine's driver above all. What is
// imported lazily stays apart, and is loaded when it is needed.
//
//   node scripts/bundle.js [folder of the compiled modules] [folder of the bundle]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { licencesOf } from './licences.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Native code, and a library that needs its own folder's many files only for Arrow: installed beside the package. */
const apart = ['@duckdb/node-bindings', 'apache-arrow'];

async function bundle() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const building = await rolldown({
    input: { index: join(modules, 'index.js'), 'cli/process': join(modules, 'cli', 'process.js') },
    cwd: root,
    platform: 'node',
    external: apart,
    logLevel: 'warn',
    plugins: [
      {
        // package.json does not stand one folder above a bundled module
        name: 'version',
        load: (id) =>
          id === join(modules, 'version.js') ? `export const version = ${JSON.stringify(version)};\n` : null,
      },
    ],
  });
  const { output } = await building.write({
    dir: dist,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    comments: { legal: false, annotation: false, jsdoc: false },
    // a run of `check` loads these in turn; the engine starts while the last is loaded
    codeSplitting: {
      groups: [
        { name: 'settings', priority: 4, test: modulesOf('model/.*|config/.*|index|version|report/registry') },
        // what draws a saved report must not load the engine
        {
          name: 'report',
          priority: 3.5,
          test: modulesOf(
            'report/(?:json|report-shape|shapes?/.*|html/(?!render-compare|compare-page).*|words|numbers|gate|escape|scale|page)',
          ),
        },
        { name: 'measures', priority: 3, test: modulesOf('(?:drift|math)/.*') },
        { name: 'engine', priority: 2, test: /[\\/]@duckdb[\\/]|[\\/]engine[\\/](?!.*(?:arrow|lz4)\.js$)/ },
        // a page of its own, which a check does not draw
        { name: 'comparison', priority: 0.5, test: modulesOf('report/html/(?:render-compare|compare-page)') },
        {
          name: 'check',
          priority: 1,
          test: modulesOf('check|current|reference|versions|(?:layers|outcome|profile|quality|verdict)/.*'),
        },
      ],
    },
  });
  await building.close();
  const ids = output.flatMap((chunk) => chunk.moduleIds ?? []);
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, 'LICENCES.txt'), `${licencesOf(ids, 'These files contain:')}\n`);
}

/** @param names of compiled modules, without their ending */
function modulesOf(names) {
  return new RegExp(`^${escaped(`${modules}/`)}(?:${names})\\.js$`);
}

function escaped(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('/', '[\\\\/]');
}

const [modules, dist] = ['build', 'dist'].map((name, i) => resolve(process.argv[i + 2] ?? join(root, name)));
await bundle();
