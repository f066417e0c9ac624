import { expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render.ts';
import { bareReport, fullReport } from '../support/report-builder.ts';
import { describeInBrowser, shownColumns } from './browser.ts';

describeInBrowser('a report from before keys were added', (open) => {
  it.each([
    ['with none of them', bareReport],
    ['with all of them', fullReport],
  ])('%s shows every column', async (_name, report) => {
    const { page, troubles } = await open(renderHtml(report));
    const names = await shownColumns(page);
    expect(names).toHaveLength(report.columns.length);
    for (const link of await page.locator('table.columns tbody th a').all()) {
      const href = await link.getAttribute('href');
      await page.evaluate((hash) => {
        location.hash = hash;
      }, href!);
      await expect.poll(() => page.locator('dialog h2').textContent()).toBe(await link.textContent());
      await expect.poll(() => page.locator('dialog .why').count()).toBe(1);
      expect(await page.locator('dialog').textContent()).not.toMatch(/\bNaN\b|\bundefined\b|\[object /);
    }
    expect(await page.locator('main').textContent()).not.toMatch(/\bNaN\b|\bundefined\b|\[object /);
    expect(troubles).toEqual([]);
  });
});
