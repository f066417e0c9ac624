import { defineConfig } from 'vitest/config';
import { buildPage } from './scripts/build-page.js';

export default defineConfig({
  plugins: [
    {
      // in a build this module stands beside the compiled ones; here it is bundled from the sources of this moment
      name: 'report-page',
      enforce: 'pre',
      async load(id) {
        if (!id.endsWith('/src/report/html/page.js')) return null;
        const { code, files } = await buildPage();
        for (const file of files) this.addWatchFile(file);
        return code;
      },
      resolveId(source, importer) {
        if (source !== './page.js' || !importer?.endsWith('/src/report/html/render.ts')) return null;
        return importer.replace(/render\.ts$/, 'page.js');
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
