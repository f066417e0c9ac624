import { expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render.ts';
import { buildReport, columnPlans, widePlans } from '../support/report-builder.ts';
import { describeInBrowser, overflow, shownColumns } from './browser.ts';

const typical = renderHtml(buildReport());
const wide = renderHtml(buildReport({ columns: widePlans(1000) }));
const status = '.controls [role=status]';

describeInBrowser('the report page', (open) => {
  it('opens from a file without a request, an error or a shift, and tells the verdict', async () => {
    const { page, troubles } = await open(typical);
    await expect.poll(() => page.locator('.verdict h1').textContent()).toContain('BREACH');
    expect(await page.title()).toContain('BREACH');
    expect(await page.locator('main > section h2').allTextContents()).toEqual([
      'Findings',
      'Predictions',
      'Columns',
      'Data quality',
      'How it was computed',
    ]);
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
          }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => resolve(sum), 200);
        }),
    );
    expect(shift).toBeLessThan(0.01);
    expect(troubles).toEqual([]);
  });

  it('is sorted by a click on a head', async () => {
    const { page, troubles } = await open(typical);
    const names = columnPlans.map(({ name }) => name).sort();
    await page.getByRole('button', { name: /^Column/ }).click();
    expect(await shownColumns(page)).toEqual(names);
    expect(await page.locator('th[aria-sort=ascending]').textContent()).toContain('Column');
    await page.getByRole('button', { name: /^Column/ }).click();
    expect(await shownColumns(page)).toEqual(names.reverse());
    await page.getByRole('button', { name: /^φ²/ }).click();
    const byDrift = buildReport()
      .columns.filter(({ gating }) => gating !== null)
      .map(({ name, gating }) => ({ name, drift: gating!.phiSquared / gating!.tolerance.fail.phiSquared }))
      .sort((a, b) => b.drift - a.drift);
    expect((await shownColumns(page)).slice(0, byDrift.length)).toEqual(byDrift.map(({ name }) => name));
    expect(troubles).toEqual([]);
  });

  it('is filtered by text, kind and outcome', async () => {
    const { page, troubles } = await open(typical);
    await page.getByLabel('Name', { exact: true }).fill('ANN');
    expect(await shownColumns(page)).toEqual(['annual_income']);
    expect(await page.locator(status).textContent()).toBe('1 of 18 columns');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Kind', { exact: true }).selectOption('datetime');
    expect((await shownColumns(page)).sort()).toEqual(['event_time', 'last_login']);
    await page.getByLabel('Outcome', { exact: true }).selectOption('undetermined');
    expect(await shownColumns(page)).toEqual(['last_login']);
    await page.getByLabel('Name', { exact: true }).fill('nothing is called so');
    expect(await page.locator('#columns').textContent()).toContain('No column is like that.');
    // the number of stable columns in the head leads to them
    await page.locator('.counts a').nth(2).click();
    expect((await shownColumns(page)).sort()).toEqual(['age', 'comment', 'country', 'is_returning']);
    expect(troubles).toEqual([]);
  });

  it('is read by keyboard alone: filter, open, go on, close', async () => {
    const { page, troubles } = await open(typical);
    await page.keyboard.press('/');
    await page.keyboard.type('a');
    const names = await shownColumns(page);
    await page.locator('table.columns tbody th a').first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement!.textContent)).toBe(names[1]);
    await page.keyboard.press('Enter');
    const title = page.locator('dialog h2');
    expect(await title.textContent()).toBe(names[1]);
    await page.keyboard.press('ArrowRight');
    expect(await title.textContent()).toBe(names[2]);
    expect(page.url()).toMatch(new RegExp(`#column=${names[2]}$`));
    await page.keyboard.press('ArrowLeft');
    expect(await title.textContent()).toBe(names[1]);
    // what is behind the sheet cannot be reached
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate(
          () => document.activeElement === document.body || !!document.activeElement!.closest('dialog'),
        ),
      ).toBe(true);
    }
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('dialog').count()).toBe(0);
    expect(page.url()).not.toContain('#');
    expect(await page.evaluate(() => document.activeElement!.textContent)).toBe(names[1]);
    expect(troubles).toEqual([]);
  });

  it('opens a column by its address, by a finding, and closes with Back', async () => {
    const { page, troubles } = await open(typical, { hash: '#column=age' });
    expect(await page.locator('dialog h2').textContent()).toBe('age');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.locator('.findings a', { hasText: 'annual_income' }).first().click();
    expect(await page.locator('dialog h2').textContent()).toBe('annual_income');
    await page.goBack();
    await expect.poll(() => page.locator('dialog').count()).toBe(0);
    await page.locator('table.columns tbody tr', { hasText: 'country' }).locator('td').nth(1).click();
    expect(await page.locator('dialog h2').textContent()).toBe('country');
    await page.mouse.click(5, 400);
    await expect.poll(() => page.locator('dialog').count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('tells everything of a column: why, both distributions, statistics, measures, tests', async () => {
    const { page, troubles } = await open(typical, { hash: '#column=annual_income' });
    const sheet = page.locator('dialog .sheet');
    const text = (await sheet.textContent())!;
    for (const part of [
      'Why this outcome',
      'alpha 0.01',
      'median',
      'Kolmogorov–Smirnov',
      'gated',
      'p at fail',
      'Cells that were tested',
    ]) {
      expect(text).toContain(part);
    }
    // statistics stand side by side, with the difference
    expect(await sheet.locator('tr', { hasText: 'mean' }).first().locator('td').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\+[\d,]+$/)]),
    );
    // the exact number when pointed at
    expect(await sheet.locator('data[title]').first().getAttribute('title')).toMatch(/^[\d.]{7,}/);
    const before = await sheet.locator('.current-line').first().getAttribute('d');
    await sheet.getByLabel('log shares').check();
    expect(await sheet.locator('.current-line').first().getAttribute('d')).not.toBe(before);
    await sheet.locator('.chart svg').hover();
    expect(await sheet.locator('.readout').textContent()).toMatch(/reference .*%, current .*%/);
    await sheet.getByRole('button', { name: 'Cumulative' }).click();
    expect(await sheet.locator('.chart svg').getAttribute('aria-label')).toContain('median');
    await sheet.getByText('The drawing as a table').click();
    await expect.poll(() => sheet.locator('details[open] tbody tr').count()).toBeGreaterThan(40);
    expect(troubles).toEqual([]);
  });

  it('draws the Kolmogorov–Smirnov distance where it is largest', async () => {
    const report = buildReport();
    const columns = report.columns.map((column) => ({
      ...column,
      measures: column.measures.map((measure) =>
        measure.id === 'kolmogorov-smirnov' ? { ...measure, detail: { at: 44_000, current: 'larger' } } : measure,
      ),
    }));
    const { page, troubles } = await open(renderHtml({ ...report, columns }), { hash: '#column=annual_income' });
    await page.getByRole('button', { name: 'Cumulative' }).click();
    expect(await page.locator('.distance text').textContent()).toMatch(/^D = 0\.\d+ at 44,000$/);
    expect(troubles).toEqual([]);
  });

  it('draws the cells of a long tail on the scale that they were chosen on', async () => {
    const report = buildReport({ columns: [columnPlans[1]!] });
    const [column] = report.columns;
    const tail = (edges: readonly number[], logarithmicFrom: number) => ({
      ...column!,
      name: `from ${logarithmicFrom}`,
      distribution: {
        form: 'intervals' as const,
        edges,
        labels: null,
        logarithmicFrom,
        reference: edges.slice(1).map(() => 10),
        current: edges.slice(1).map((_, i) => i),
      },
    });
    const tens = Array.from({ length: 7 }, (_, i) => 10 ** i);
    const { page, troubles } = await open(
      renderHtml({ ...report, columns: [tail(tens, 0), tail([-1000, -100, -10, 0, 10, 100, 1000], 1)] }),
    );
    for (const [name, ticks] of [
      ['from 0', ['1', '10', '100', '1,000', '10,000', '100,000', '1,000,000']],
      ['from 1', ['−1,000', '−100', '−10', '0', '10', '100', '1,000']],
    ] as const) {
      await page.locator('table.columns tbody th a', { hasText: name }).click();
      const axis = page.locator('dialog .axes text[y="17"]');
      expect((await axis.allTextContents()).sort()).toEqual([...ticks].sort());
      expect(await page.locator('dialog figcaption').textContent()).toContain('spaced on a logarithmic scale');
      expect(await page.getByLabel('log values').count()).toBe(0);
      await page.keyboard.press('Escape');
    }
    expect(troubles).toEqual([]);
  });

  it('tells what gates a column instead of φ², what the reference’s own periods say, and data quality', async () => {
    const report = buildReport();
    const columns = report.columns.map((column) =>
      column.name === 'annual_income' && column.gating
        ? {
            ...column,
            gating: {
              ...column.gating,
              noise: {
                windows: 26,
                phiSquared: 0.31,
                median: 0.053,
                largest: 0.138,
                between: 0.002,
                expected: 0.01,
                degreesOfFreedom: 25,
                overdispersion: 1.4,
                logP: -40,
              },
              measure: {
                id: 'wasserstein',
                title: 'Wasserstein',
                scale: 'in robust standard deviations',
                statistic: 0.8123,
                certain: null,
                interval: [0.7, 0.9] as const,
                tolerance: { warn: 0.2, fail: 0.4 },
                method: 'bootstrap',
              },
            },
          }
        : column,
    );
    const quality = [
      { id: 'duplicate-rows', column: null, reference: 0.01, current: 0.09, threshold: 0.01, logP: -80 },
      { id: 'cardinality', column: 'annual_income', reference: 120, current: 480, threshold: 2, logP: -9 },
    ] as const;
    const { page, troubles } = await open(
      renderHtml({
        ...report,
        columns,
        quality: quality.map((result, i) => ({ ...result, severity: i === 0 ? 'P2' : null, detail: {} })),
      }),
      { hash: '#column=annual_income' },
    );
    const text = (await page.locator('dialog').textContent())!;
    for (const part of ['Wasserstein, in robust standard deviations', '26 periods', 'bootstrap', '2 × expected']) {
      expect(text).toContain(part);
    }
    await page.keyboard.press('Escape');
    expect(await page.locator('#quality tr', { hasText: 'duplicate rows' }).textContent()).toMatch(
      /1 %9 %1 point.*P2$/,
    );
    expect(troubles).toEqual([]);
  });

  it('pairs the bars of categories by how much they changed', async () => {
    const { page, troubles } = await open(typical, { hash: '#column=merchant_category' });
    const changes = await page.locator('dialog figure .bars tbody td:last-child').allTextContents();
    const sizes = changes.map((text) => Math.abs(Number(text.replace('−', '-'))));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(await page.locator('dialog figure .bars').textContent()).toContain('null');
    expect(troubles).toEqual([]);
  });

  it('has a dark scheme: the system’s, and one’s own choice, which lasts', async () => {
    const { page, troubles } = await open(typical);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Dark' }).click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await background()).toBe(dark);
    expect(await page.getByRole('button', { name: 'Dark' }).getAttribute('aria-pressed')).toBe('true');
    const system = await open(typical, { context: { colorScheme: 'dark' } });
    expect(await system.page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(dark);
    expect([...troubles, ...system.troubles]).toEqual([]);
  });

  it('prints on A4 with every detail open, and comes back', async () => {
    const { page, troubles } = await open(typical);
    const onPaper = await page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'));
      const articles = document.querySelectorAll('.printed article').length;
      const folded = document.querySelectorAll('.printed details:not([open])').length;
      dispatchEvent(new Event('afterprint'));
      return { articles, folded };
    });
    expect(onPaper).toEqual({ articles: 18, folded: 0 });
    await expect.poll(() => page.locator('.printed').count()).toBe(0);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const text = pdf.toString('latin1');
    expect(text.match(/\/Type\s*\/Page\b/g)!.length).toBeGreaterThan(12);
    expect(text).toMatch(/\/MediaBox\s*\[\s*0 0 59[45][.\d]* 84[12]/);
    expect(troubles).toEqual([]);
  });

  it('pages through a thousand columns, and opens in under a second', async () => {
    // the best of three, and beside a small page: other tests share the machine
    const fastest = async (html: string) => {
      const { page } = await open(html);
      const times: number[] = [];
      for (let i = 0; i < 3; i++) {
        await page.reload();
        times.push(
          await page.evaluate(() => {
            const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
            return navigation!.domContentLoadedEventEnd;
          }),
        );
      }
      return Math.min(...times);
    };
    const small = await fastest(typical);
    expect(await fastest(wide)).toBeLessThan(Math.max(1000, 4 * small));
    const { page, troubles } = await open(wide);
    expect((await shownColumns(page)).length).toBe(50);
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await page.locator('.pages').textContent()).toContain('51–100 of 1,000');
    await page.getByLabel('Name', { exact: true }).fill('feature_999');
    expect(await shownColumns(page)).toEqual(['feature_999']);
    await page.locator('table.columns tbody th a').first().click();
    expect(await page.locator('dialog h2').textContent()).toBe('feature_999');
    expect(troubles).toEqual([]);
  });

  it.each([360, 768, 1280, 2560])('fits %i pixels', async (width) => {
    const { page, troubles } = await open(typical, { width });
    expect(await overflow(page)).toBe(0);
    for (const name of ['annual_income', 'merchant_category', 'last_login']) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#column=${name}`);
      await expect.poll(() => page.locator('dialog h2').textContent()).toBe(name);
      expect(await overflow(page), name).toBe(0);
    }
    expect(troubles).toEqual([]);
  });

  it('says what it can where no script may run', async () => {
    const { page, troubles } = await open(typical, { context: { javaScriptEnabled: false } });
    const text = (await page.locator('main').textContent())!;
    expect(text).toContain('BREACH');
    expect(text).toContain('"annual_income" moved');
    expect(troubles.filter((trouble) => !trouble.startsWith('console'))).toEqual([]);
  });

  it('does not let no verdict read as fine', async () => {
    const { page, troubles } = await open(
      renderHtml(buildReport({ columns: columnPlans.slice(14, 16), status: 'no-verdict' })),
    );
    expect(await page.locator('.verdict h1').textContent()).toContain('NO VERDICT');
    expect(await page.locator('#findings').textContent()).toContain('this is not a pass');
    expect(troubles).toEqual([]);
  });
});
