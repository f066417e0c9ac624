import { expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render.ts';
import { hiding, nastyTexts, samples } from '../support/hostile.ts';
import { withLayers } from '../support/layers.ts';
import { buildReport, hostilePlans } from '../support/report-builder.ts';
import { violations } from './axe.ts';
import { describeInBrowser, overflow, shownColumns } from './browser.ts';

const hostile = renderHtml(withLayers(samples.hostile!, { texts: nastyTexts.slice(0, 12) }));
/** No more columns than one page of the table holds. */
const parts = [nastyTexts.slice(0, 35), nastyTexts.slice(35)] as const;

describeInBrowser('a report of hostile names and values', (open) => {
  it.each([360, 1280].flatMap((width) => parts.map((texts, i) => [width, i + 1, texts] as const)))(
    'runs nothing, hides nothing and keeps its form at %i pixels, in every detail (part %i)',
    async (width, _part, texts) => {
      const report = withLayers(buildReport({ columns: hostilePlans(texts), notes: nastyTexts }), { texts });
      const { page, troubles } = await open(renderHtml(report), { width });
      expect(await overflow(page)).toBe(0);
      const names = await shownColumns(page);
      expect(names).toHaveLength(texts.length);
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
      for (const harmful of ['</script><script>alert(1)</script>', '[a](javascript:alert(1))', '=cmd()']) {
        expect(text).toContain(harmful);
      }
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
