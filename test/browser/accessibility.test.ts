import { expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render.ts';
import { buildReport, columnPlans } from '../support/report-builder.ts';
import { violations } from './axe.ts';
import { describeInBrowser } from './browser.ts';

const typical = renderHtml(buildReport());
const undecided = renderHtml(buildReport({ columns: columnPlans.slice(14, 16), status: 'no-verdict' }));

describeInBrowser('accessibility', (open) => {
  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)('gives axe-core nothing to say at AA: %s, %i pixels', async (colorScheme, width) => {
    const { page, troubles } = await open(typical, { width, context: { colorScheme, reducedMotion: 'reduce' } });
    expect(await violations(page)).toEqual([]);
    for (const name of ['annual_income', 'merchant_category']) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#column=${name}`);
      await expect.poll(() => page.locator('dialog h2').textContent()).toBe(name);
      expect(await violations(page)).toEqual([]);
    }
    expect(troubles).toEqual([]);
  });

  it('nor of a page without a verdict', async () => {
    const { page, troubles } = await open(undecided);
    expect(await violations(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });
});
