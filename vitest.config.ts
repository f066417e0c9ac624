import { dirname, join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { buildPage, pages } from './scripts/build-page.js';

const names = Object.keys(pages) as (keyof typeof pages)[];

export default defineConfig({
  plugins: [
    {
      // in a build these modules stand beside the compiled ones; here they are bundled from the sources of this moment
      name: 'report-page',
      enforce: 'pre',
      async load(id) {
        const name = names.find((page) => id.endsWith(`/src/report/html/${page}`));
        if (name === undefined) return null;
        const { code, files } = await buildPage(name);
        for (const file of files) this.addWatchFile(file);
        return code;
      },
      resolveId(source, importer) {
        const name = names.find((page) => source === `./${page}`);
        if (name === undefined || !importer?.includes('/src/report/html/')) return null;
        return join(dirname(importer), name);
      },
    },
  ],
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/every-report.ts'],
    testTimeout: 90_000,
    // the engine uses every core itself; more processes than this only make the timings noisy
    maxWorkers: 4,
  },
});
