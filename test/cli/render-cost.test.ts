import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { renderJson } from '../../src/report/json.ts';
import { renderings } from '../../src/report/registry.ts';
import { buildReport, widePlans } from '../support/report-builder.ts';
import { buildPackage, start } from './built.ts';
import { temporaryFolder } from './support.ts';

/**
 * What it costs to draw a thousand columns: at most 2 seconds and 500 MB. Measured is the whole process, from start to end, in
 * seconds of the processor, which a busy machine lengthens less than those of the clock.
 */
const [seconds, megabytes] = [2, 500];

let installed: string;
const folder = temporaryFolder();
const used = join(folder, 'used.json');
const meter = join(folder, 'meter.cjs');

beforeAll(async () => {
  writeFileSync(join(folder, 'report.json'), renderJson(buildReport({ columns: widePlans(1000) })));
  writeFileSync(
    meter,
    `process.on('exit', () => {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      require('node:fs').writeFileSync(${JSON.stringify(used)}, JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS / 1024]));
    });`,
  );
  installed = await buildPackage();
}, 60_000);

test.each(renderings.map(({ format }) => format))('%s', async (format) => {
  const argv = ['render', 'report.json', '--format', format, '-o', `out.${format}`];
  const { exitCode } = await start(installed, argv, { cwd: folder, node: ['--require', meter] }).ended;
  expect(exitCode).toBe(0);
  const [cpuSeconds, peak] = JSON.parse(readFileSync(used, 'utf8')) as [number, number];
  if (process.env.DRIFTGATE_SHOW_COST) console.info(`${format}: ${cpuSeconds.toFixed(2)} s, ${peak.toFixed(0)} MB`);
  expect(cpuSeconds).toBeLessThan(seconds);
  expect(peak).toBeLessThan(megabytes);
});
