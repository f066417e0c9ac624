import { expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render.ts';
import { buildReport, hostilePlans, hostileTexts } from '../support/report-builder.ts';
import { violations } from './axe.ts';
import { describeInBrowser, overflow, shownColumns } from './browser.ts';

const report = buildReport({ columns: hostilePlans(), notes: hostileTexts });
const hostile = renderHtml(report);

/** Everything that a name may hold and a page must not. */
const hiding =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

describeInBrowser('a report of hostile names and values', (open) => {
  it.each([360, 1280])(
    'runs nothing, hides nothing and keeps its form at %i pixels, in every detail',
    async (width) => {
      const { page, troubles } = await open(hostile, { width });
      expect(await overflow(page)).toBe(0);
      const names = await shownColumns(page);
      expect(names).toHaveLength(hostileTexts.length);
      expect(new Set(names).size).toBe(names.length);
      const links = await page
        .locator('table.columns tbody th a')
        .evaluateAll((all) => all.map((a) => a.getAttribute('href')!));
      expect(new Set(links).size).toBe(links.length);
      for (const [i, link] of links.entries()) {
        await page.evaluate((hash) => {
          location.hash = hash;
        }, link);
        await expect.poll(() => page.locator('dialog h2').textContent()).toBe(names[i]);
        expect(await overflow(page), names[i]!).toBe(0);
      }
      const text = (await page.locator('#app').textContent())!;
      expect(hiding.exec(text)?.[0]).toBeUndefined();
      expect(text).toContain('</script><script>alert(1)</script>');
      // nothing of the data became an element or a handler
      expect(
        await page.evaluate(
          () =>
            document.querySelectorAll('img, iframe, object, embed, form, base, main style, dialog style').length +
            [...document.querySelectorAll('*')].filter((element) =>
              element.getAttributeNames().some((name) => name.startsWith('on')),
            ).length,
        ),
      ).toBe(0);
      expect(troubles).toEqual([]);
    },
  );

  it('prints, is filtered and passes axe-core', async () => {
    const { page, troubles } = await open(hostile);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Name', { exact: true }).fill('</script>');
    expect(await shownColumns(page)).toEqual(['</script><script>alert(1)</script>']);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    expect(troubles).toEqual([]);
  });

  it('refuses a script that is not its own', async () => {
    const { page, troubles } = await open(
      hostile.replace('</body>', '<script>document.title = "taken"</script></body>'),
    );
    expect(await page.title()).not.toBe('taken');
    expect(troubles.join()).toContain('Content Security Policy');
  });
});
