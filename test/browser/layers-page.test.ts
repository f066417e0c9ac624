import { expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render.ts';
import { withLayers } from '../support/layers.ts';
import { buildReport } from '../support/report-builder.ts';
import { violations } from './axe.ts';
import { describeInBrowser, overflow } from './browser.ts';

const report = withLayers(buildReport());
const layered = renderHtml(report);

/** What was asked for and not there. */
const nothing = /\bNaN\b|\bundefined\b|\[object |Infinity/;

describeInBrowser('the sections of the layers', (open) => {
  it('tells since when, and leads from a cell to its column by keyboard alone', async () => {
    const { page, troubles } = await open(layered);
    const time = page.locator('#time');
    expect(await time.locator('.since').textContent()).toMatch(/^Since 2026-11-06: annual_income, /);
    const cells = time.locator('.heat tbody a[aria-label]');
    expect(await cells.count()).toBe(10 * (await time.locator('.heat tbody tr').count()));
    // one stop for all cells
    expect(await time.locator('.heat tbody td a[tabindex="0"]').count()).toBe(1);
    await cells.first().focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
    const name = await time.locator('.heat tbody th').first().textContent();
    const label = await page.evaluate(() => document.activeElement!.getAttribute('aria-label'));
    expect(label).toMatch(/, 2026-11-03 to 2026-11-04: φ² 0\.\d+/);
    expect(label!.startsWith(`${name}, `)).toBe(true);
    expect(await time.locator('.readout').textContent()).toContain('4,074 rows');
    await page.keyboard.press('ArrowLeft');
    expect(await time.locator('.readout').textContent()).toContain('too few rows to be judged');
    await page.keyboard.press('Enter');
    expect(await page.locator('dialog h2').textContent()).toBe(name);
    await page.keyboard.press('Escape');
    expect(troubles).toEqual([]);
  });

  it('shows levels by form, volumes, gaps and other views of the same', async () => {
    const { page, troubles } = await open(layered, { hash: '#time' });
    const time = page.locator('#time');
    await expect(time.isVisible()).resolves.toBe(true);
    const marks = await time.locator('.heat tbody tr').first().locator('td').allTextContents();
    expect(marks).toEqual(['', '', '', '', '', '▲', '▲', '▲', '▲', '▲']);
    expect(await time.locator('.volumes td').first().getAttribute('title')).toBe(
      '2026-11-01 to 2026-11-02: 4,000 rows',
    );
    const text = (await time.textContent())!;
    for (const part of [
      '2026-11-02 03:00 to 2026-11-02 19:30',
      '16.5 h',
      '1,042 of 19,990 rows',
      '1 of them with too few',
    ]) {
      expect(text).toContain(part);
    }
    await time.getByRole('button', { name: 'Missing' }).click();
    expect(await time.locator('.heat tbody a[aria-label]').last().getAttribute('aria-label')).toContain('12 % missing');
    expect(troubles).toEqual([]);
  });

  it('draws a column by window, with both tolerances, and gives the numbers as a table', async () => {
    const { page, troubles } = await open(layered, { hash: '#column=annual_income' });
    const sheet = page.locator('dialog .sheet');
    expect(await sheet.textContent()).toContain('Since 2026-11-06');
    const chart = sheet.locator('.chart.series').first();
    expect(await chart.locator('.level-line').count()).toBe(2);
    expect(await chart.locator('.point.fail').count()).toBe(5);
    await chart.getByText('The numbers as a table').click();
    await expect.poll(() => chart.locator('tbody tr').count()).toBe(10);
    expect(await chart.locator('tbody tr').nth(1).textContent()).toBe('2026-11-02 to 2026-11-0312–');
    expect(troubles).toEqual([]);
  });

  it('tells metrics against their baseline, by window, and what they are made of', async () => {
    const { page, troubles } = await open(layered);
    const section = page.locator('#outcomes');
    const first = section.locator('table.outcomes tbody tr').first();
    expect(await first.textContent()).toMatch(/^△F1 of “yes”gated.*worse by more than 5 %.*2026-11-10 to 2026-11-11/);
    expect(await section.locator('table.outcomes tbody tr').nth(1).textContent()).toContain('1.2 % better');
    await section.getByRole('button', { name: /^Show all \d+ metrics$/ }).click();
    expect(await section.locator('table.outcomes').textContent()).toContain('Calibration error');
    const chart = section.locator('.chart.series').first();
    expect(await chart.locator('.keys span').allTextContents()).toEqual(['on labels', 'estimated', 'baseline']);
    await chart.locator('svg').hover();
    expect(await chart.locator('.readout').textContent()).toMatch(
      /^2026-11-0\d to .*: on labels 0\.\d+ \(.*estimated 0/,
    );
    expect(await section.locator('.confusion').count()).toBe(2);
    expect(await section.locator('.confusion').last().locator('tbody tr').first().textContent()).toBe(
      'no96.8 %9,0003.2 %302',
    );
    const text = (await section.textContent())!;
    for (const part of [
      'calibration error (ECE) 0.111',
      '31,204 of 41,327 rows',
      '2 d in the median',
      '10,123',
      'does not hold',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(nothing);
    expect(troubles).toEqual([]);
  });

  it('keeps the twelve largest of many classes, and draws residuals of numbers', async () => {
    const many = withLayers(buildReport(), { texts: Array.from({ length: 30 }, (_, i) => `class ${i}`) });
    const classes = await open(renderHtml(many));
    const heads = await classes.page.locator('.confusion').first().locator('thead th').allTextContents();
    expect(heads).toHaveLength(14);
    expect(heads.at(-1)).toBe('OTHER');
    await classes.page.getByLabel('Class of the calibration').selectOption({ index: 2 });
    expect(await classes.page.locator('#outcomes figure h4', { hasText: 'Score of' }).textContent()).toContain(
      'class 2',
    );
    const numbers = await open(renderHtml(withLayers(buildReport(), { task: 'regression' })));
    expect(await numbers.page.locator('.chart.residuals path.current-line').count()).toBe(1);
    expect(await numbers.page.locator('.confusion').count()).toBe(0);
    expect([...classes.troubles, ...numbers.troubles]).toEqual([]);
  });

  it('tells of predictions how sure they are, and whether they are possible at all', async () => {
    const { page, troubles } = await open(layered);
    const section = page.locator('#predictions');
    const text = (await section.textContent())!;
    for (const part of [
      'The mean confidence fell by more than 15 % since 2026-11-06, over the whole it fell by 22 %',
      '15 % is accepted',
      'Scores by predicted class',
      'a predicted class that has not the largest score not asked: no',
    ]) {
      expect(text).toContain(part);
    }
    const rows = section.locator('table.sanity tbody tr');
    expect(await rows.first().textContent()).toMatch(/^a score outside of 0 to 102\.9 %0\.1 %4\.6e-6▲ yes$/);
    expect(await section.locator('table', { hasText: 'near the threshold' }).locator('tr').nth(1).textContent()).toBe(
      'mean0.9100.710−0.200',
    );
    // no, yes, and all others
    expect(await section.locator('.by-class h4').allTextContents()).toEqual([
      expect.stringMatching(/^no \d/),
      expect.stringMatching(/^yes \d/),
      expect.stringMatching(/^all others \d/),
    ]);
    expect(troubles).toEqual([]);
  });

  it('draws how sure the predictions are by window, with what the reference had and what is tolerated', async () => {
    const { page, troubles } = await open(layered);
    const section = page.locator('#predictions');
    expect(await section.textContent()).toContain(
      '▲ In 5 of 10 windows the confidence is proven to have fallen by more than is tolerated, first from 2026-11-06 to 2026-11-07.',
    );
    const charts = section.locator('.series-card');
    const titles = await charts.locator('h4').allTextContents();
    expect(titles.slice(0, 2)).toEqual(['Mean confidence', 'Near the threshold 0.5']);
    expect(titles).toHaveLength(4);
    const first = charts.first();
    expect(await first.locator('.keys span').allTextContents()).toEqual(['current', 'reference', 'tolerated']);
    expect(await first.locator('.level-line').count()).toBe(2);
    expect(await first.locator('.point.fail').count()).toBe(5);
    await first.getByText('The numbers as a table').click();
    await expect.poll(() => first.locator('tbody tr').count()).toBe(10);
    expect(await first.locator('tbody tr').nth(9).textContent()).toBe(
      '2026-11-10 to 2026-11-113,9900.528 (0.516 to 0.540) ▲ fail',
    );
    expect(await first.locator('tbody tr').nth(1).textContent()).toBe('2026-11-02 to 2026-11-030–');
    await section.getByRole('button', { name: 'Show all 5 series by window' }).click();
    // of two classes one tells of both
    expect((await charts.locator('h4').allTextContents()).at(-1)).toBe('Predicted as yes');
    expect(await section.textContent()).not.toMatch(nothing);
    expect(troubles).toEqual([]);
  });

  it('draws many windows of predictions as few, by the least confident, and names rows rightly', async () => {
    const many = withLayers(buildReport(), { windows: 150 });
    const rows = <W extends { readonly rows: number }>(windows: readonly W[]) =>
      windows.map((window) => ({ ...window, from: null, to: null, rows: 100 }));
    const { page, troubles } = await open(
      renderHtml({
        ...many,
        time: { ...many.time!, column: null, windows: rows(many.time!.windows) },
        outcomes: { ...many.outcomes!, windows: rows(many.outcomes!.windows) },
        predictions: { ...many.predictions!, windows: rows(many.predictions!.windows) },
        service: { ...many.service!, windows: rows(many.service!.windows) },
      }),
    );
    for (const id of ['predictions', 'outcomes', 'service']) {
      const chart = page.locator(`#${id} .chart.series`).first();
      await chart.getByText('The numbers as a table').click();
      await expect.poll(() => chart.locator('tbody tr').count()).toBe(50);
      expect(await chart.locator('tbody th').last().textContent(), id).toBe('rows 14,701 to 15,000');
    }
    expect(await page.locator('#predictions').textContent()).toContain('first from row 7,501 to row 7,800');
    expect(troubles).toEqual([]);
  });

  it('tells which segments drifted, in which columns, and whether their shares explain it', async () => {
    const { page, troubles } = await open(layered, { hash: '#segments' });
    const section = page.locator('#segments');
    const rows = section.locator('.segment-table tbody tr');
    expect(await rows.first().textContent()).toMatch(/^▲no8 %20,0009\.7 %4,000▲ 3 columns, fail level/);
    expect(await rows.nth(4).textContent()).toContain('new');
    expect(await section.locator('.decompositions li').first().textContent()).toContain('the mix of segments12 %');
    expect(await section.locator('article').nth(1).textContent()).toContain('Not split: No.');
    await section.getByText('Columns by segment').first().click();
    const cell = section.locator('.heat tbody td a').first();
    expect(await cell.textContent()).toBe('▲');
    await rows.first().locator('.worst a').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('dialog h2').count()).toBe(1);
    expect(troubles).toEqual([]);
  });

  it('shows all of many segments when asked', async () => {
    const { page, troubles } = await open(renderHtml(withLayers(buildReport(), { segments: 50 })));
    const rows = page.locator('#segments .segment-table tbody tr');
    expect(await rows.count()).toBe(12);
    await page.getByRole('button', { name: 'Show all 50 segments' }).click();
    expect(await rows.count()).toBe(50);
    expect(troubles).toEqual([]);
  });

  it('ranks columns by importance and by what goes with the prediction’s drift', async () => {
    const { page, troubles } = await open(layered);
    const section = page.locator('#ranking');
    const bars = section.locator('.part');
    const widths = await bars.evaluateAll((all) => all.map((bar) => (bar as HTMLElement).style.width));
    expect(widths.length).toBeGreaterThan(5);
    expect(widths[0]).toBe('100%');
    const text = (await section.textContent())!;
    expect(text).toContain('60 %');
    expect(text).toContain('an association, not a cause');
    expect(text).toContain('4 more columns drifted too little');
    expect(troubles).toEqual([]);
  });

  it('holds the service against its levels', async () => {
    const { page, troubles } = await open(layered);
    const section = page.locator('#service');
    expect(await section.locator('.service-levels tbody tr').allTextContents()).toEqual([
      expect.stringMatching(/^▲95 % of the latencies .*at most 120 ms148\.8 ms▲ missed in 1 window, from 11-10$/),
      expect.stringMatching(/^share of errors .*at most 5 %3 %yes$/),
      expect.stringMatching(/^throughputat least 1 rows\/s–not judged: No\.$/),
    ]);
    expect(await section.locator('.chart.series').count()).toBe(3);
    expect(await section.locator('.chart.series').first().locator('.keys span').allTextContents()).toEqual([
      'p50',
      'p95',
      'p99',
      'p95 level',
    ]);
    expect(await section.textContent()).toContain('≤ 496 ms');
    expect(troubles).toEqual([]);
  });

  it('is printed with every series and no button', async () => {
    const { page, troubles } = await open(layered);
    const found = await page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'));
      const visible = (selector: string) =>
        [...document.querySelectorAll(selector)].filter((element) => getComputedStyle(element).display !== 'none')
          .length;
      const counts = {
        series: visible('#outcomes .chart.series'),
        details: visible('.printed .chart.series'),
        more: visible('main > section .more'),
        folded: document.querySelectorAll('#segments details:not([open])').length,
      };
      dispatchEvent(new Event('afterprint'));
      return counts;
    });
    expect(found).toEqual({ series: 7, details: 22, more: 0, folded: 0 });
    expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(50_000);
    expect(troubles).toEqual([]);
  });

  it('shows no section that the report has nothing for', async () => {
    const { page, troubles } = await open(renderHtml(buildReport()));
    for (const id of ['time', 'outcomes', 'segments', 'ranking', 'service']) {
      expect(await page.locator(`#${id}`).count()).toBe(0);
    }
    expect(troubles).toEqual([]);
  });

  it('is named by the zone of its days, and by rows where it has no time', async () => {
    const zoned = { ...report, time: { ...report.time!, zone: 'America/New_York' } };
    const rows = {
      ...report,
      time: {
        ...report.time!,
        column: null,
        windows: report.time!.windows.map((window) => ({ ...window, from: null, to: null })),
      },
    };
    for (const [other, label] of [
      [zoned, '2026-10-31 20:00 to 2026-11-01 19:00'],
      [rows, 'rows 1 to 4,000'],
    ] as const) {
      const { page, troubles } = await open(renderHtml(other));
      expect(await page.locator('.heat tbody td a').first().getAttribute('title')).toContain(label);
      expect(troubles).toEqual([]);
    }
  });

  it.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)('gives axe-core nothing to say, and fits: %s, %i pixels', async (colorScheme, width) => {
    const { page, troubles } = await open(layered, { width, context: { colorScheme, reducedMotion: 'reduce' } });
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(await page.locator('main').textContent()).not.toMatch(nothing);
    await page.evaluate(() => {
      location.hash = '#column=annual_income';
    });
    await expect.poll(() => page.locator('dialog h2').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(troubles).toEqual([]);
  });
});
