import { beforeAll, expect, it } from 'vitest';
import { renderCompareHtml } from '../../src/report/html/render-compare.ts';
import { hiding } from '../support/hostile.ts';
import { violations } from './axe.ts';
import { describeInBrowser, overflow } from './browser.ts';
import { type CompareSamples, samples } from './compare-samples.ts';

/** The page of a comparison, as a person has it open. */

let reports: CompareSamples;
beforeAll(async () => {
  reports = await samples();
}, 120_000);
const page = (name: keyof CompareSamples) => renderCompareHtml(reports[name]);

describeInBrowser('a comparison', (open) => {
  it('says first who is better and what stops the gate, then the two versions', async () => {
    const { page: shown, troubles } = await open(page('typical'));
    expect(await shown.title()).toBe('BREACH · driftgate comparison');
    expect(await shown.locator('.verdict .reason').textContent()).toBe(
      'The champion is better by accuracy, ROC-AUC and the Brier score.',
    );
    expect(await shown.locator('.verdict ol li').allTextContents()).toEqual([
      'P1 Brier score: performance fell',
      'P2 score: invalid scores',
      'P2 score: less confident',
    ]);
    expect(await shown.locator('.counts b').allTextContents()).toEqual(['2,000', '9.7 %', '1,351', '3 : 0']);
    expect(await shown.locator('.side').allTextContents()).toEqual([
      'championbetter3 decides today, 2,000 rowsEvery row has its partner.',
      'challenger4 is tried, 2,000 rowsEvery row has its partner.',
    ]);
    expect(troubles).toEqual([]);
  });

  it('shows metrics with their differences, intervals and p-values, and why one is not told', async () => {
    const { page: shown } = await open(page('typical'));
    const metrics = shown.locator('#metrics');
    const brier = metrics.locator('tbody tr').filter({ hasText: 'Brier score' });
    const found = reports.typical.paired!.metrics.find(({ id }) => id === 'brier-score')!;
    for (const value of [found.champion, found.challenger, found.difference]) {
      expect(await brier.locator(`data[value="${value}"]`).count()).toBe(1);
    }
    expect(await brier.textContent()).toMatch(/paired t/);
    expect(await brier.locator('.rejected.fail').last().textContent()).toContain('worse by more than 20 %');
    expect(await metrics.textContent()).toContain('DeLong');
    expect(await metrics.textContent()).toContain(
      'Log loss is not told: "score" of the challenger is no probability: it reaches 1.2.',
    );
  });

  it('shows who said what, and both distributions, which links of findings lead to', async () => {
    const { page: shown, troubles } = await open(page('typical'));
    const cells = shown.locator('#agreement .confusion tbody td');
    expect(await cells.allTextContents()).toEqual(['91.8 %1,507', '8.2 %134', '16.7 %60', '83.3 %299']);
    expect(await shown.locator('#agreement').textContent()).toContain('194 of 2,000 requests');
    await shown.locator('#findings a').first().click();
    const article = shown.locator('article.compared').first();
    await expect.poll(() => article.evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(200);
    expect(await article.locator('h3').textContent()).toContain('score');
    await article.getByRole('button', { name: 'Cumulative' }).click();
    expect(await article.locator('svg[role=img]').getAttribute('aria-label')).toMatch(
      /\(champion\), .* \(challenger\)/,
    );
    await article.locator('.chart svg').hover();
    await expect.poll(() => article.locator('.readout').textContent()).toMatch(/champion .* %, challenger .* %/);
    expect(troubles).toEqual([]);
  });

  it('never calls the two sides reference and current', async () => {
    for (const name of ['typical', 'values'] as const) {
      const { page: shown } = await open(page(name));
      const named = await shown.locator('.key').allTextContents();
      expect(new Set(named)).toEqual(new Set(['champion', 'challenger']));
    }
  });

  it('of requests that are not the same says so, and shows two samples', async () => {
    const { page: shown, troubles } = await open(page('unpaired'));
    expect(await shown.locator('#agreement').textContent()).toContain(
      'No value of "request_id" is a request of both versions',
    );
    expect(await shown.locator('#metrics').count()).toBe(0);
    expect(await shown.locator('article.compared').count()).toBe(2);
    expect(troubles).toEqual([]);
  });

  it('changes its colours by the button', async () => {
    const { page: shown } = await open(page('better'));
    const background = () => shown.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await shown.getByRole('button', { name: 'Dark' }).click();
    expect(await background()).not.toBe(light);
  });

  it.each([
    ['typical', 'light', 1280],
    ['typical', 'dark', 1280],
    ['hostile', 'dark', 360],
    ['values', 'light', 360],
    ['unpaired', 'light', 1280],
    ['better', 'light', 390],
  ] as const)('gives axe-core nothing to say at AA and fits: %s, %s, %i pixels', async (name, colorScheme, width) => {
    const { page: shown, troubles } = await open(page(name), {
      width,
      context: { colorScheme, reducedMotion: 'reduce' },
    });
    expect(await overflow(shown)).toBe(0);
    expect(await violations(shown)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('of hostile names runs nothing and hides nothing', async () => {
    const { page: shown, troubles } = await open(page('hostile'));
    const text = (await shown.locator('#app').textContent())!;
    expect(hiding.exec(text)?.[0]).toBeUndefined();
    expect(text).toContain('v4\\u001b[31m</script><b>');
    expect(await shown.locator('main').locator('img, iframe, object, embed, form, base, style, b > b').count()).toBe(0);
    expect(
      await shown.evaluate(
        () =>
          [...document.querySelectorAll('*')].filter((element) =>
            element.getAttributeNames().some((name) => name.startsWith('on')),
          ).length,
      ),
    ).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('prints in full', async () => {
    const { page: shown, troubles } = await open(page('better'));
    expect((await shown.pdf()).length).toBeGreaterThan(10_000);
    await shown.emulateMedia({ media: 'print' });
    await shown.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await shown.locator('#method details:not([open])').count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('without scripts has the verdict and the findings', async () => {
    const { page: shown } = await open(page('typical'), { context: { javaScriptEnabled: false } });
    expect(await shown.locator('h1').textContent()).toContain('The champion is better by accuracy');
    expect(await shown.locator('li').count()).toBe(3);
    expect(await shown.locator('main').textContent()).toContain(
      'Challenger 4, 2,000 rows, against champion 3, 2,000 rows.',
    );
  });

  it('refuses a script that is not its own', async () => {
    const { page: shown, troubles } = await open(
      page('better').replace('</body>', '<script>document.title = "taken"</script></body>'),
    );
    expect(await shown.title()).not.toBe('taken');
    expect(troubles.join()).toContain('Content Security Policy');
  });
});
