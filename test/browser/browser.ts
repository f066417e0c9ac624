import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';

/** Set to 1 where no browser can run; the tests then show as skipped. */
const skip = process.env.DRIFTGATE_SKIP_BROWSER === '1';

/** Where Chrome and Chromium are usually installed. */
const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser that CHROME_PATH names, or an installed one, or the one that came with the development dependencies. */
async function launch(): Promise<Browser> {
  const named = process.env.CHROME_PATH;
  const installed = named ?? usual.find((path) => existsSync(path));
  const tried: string[] = [];
  if (installed !== undefined) {
    try {
      return await chromium.launch({ executablePath: installed, args: ['--no-sandbox'] });
    } catch (error) {
      tried.push(`${installed}: ${(error as Error).message}`);
    }
  }
  if (named === undefined) {
    try {
      const { default: packaged } = await import('@sparticuz/chromium');
      return await chromium.launch({ executablePath: await packaged.executablePath(), args: packaged.args });
    } catch (error) {
      tried.push(`@sparticuz/chromium: ${(error as Error).message}`);
    }
  }
  throw new Error(
    'no browser could be started: install Chromium, or name one in CHROME_PATH, or set DRIFTGATE_SKIP_BROWSER=1 to skip ' +
      `these tests\n${tried.join('\n')}`,
  );
}

/** A report page as a person has it open, and all that went wrong with it. */
export interface OpenPage {
  readonly page: Page;
  /** requests for anything but the file, errors on the console, scripts that broke, dialogs that something opened */
  readonly troubles: readonly string[];
}

export interface Visit {
  readonly hash?: string;
  readonly width?: number;
  readonly height?: number;
  readonly context?: BrowserContextOptions;
}

/** Tests in a real browser: `open` shows a page from a file, without any network. */
export function describeInBrowser(
  name: string,
  tests: (open: (html: string, visit?: Visit) => Promise<OpenPage>) => void,
) {
  describe.skipIf(skip)(name, () => {
    let browser: Browser | undefined;
    let folder: string;
    let files = 0;
    const opened: BrowserContext[] = [];
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'driftgate-page-'));
      browser = await launch();
    }, 60_000);
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((context) => context.close()));
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    tests(async (html, { hash = '', width = 1280, height = 900, context: options = {} } = {}) => {
      const file = join(folder, `${++files}.html`);
      writeFileSync(file, html);
      const context = await browser!.newContext({ viewport: { width, height }, offline: true, ...options });
      opened.push(context);
      const page = await context.newPage();
      const troubles: string[] = [];
      const url = pathToFileURL(file).href;
      await context.route('**/*', (route) => {
        const requested = route.request().url();
        if (requested.split('#')[0] === url) return route.continue();
        troubles.push(`request for ${requested.slice(0, 200)}`);
        return route.abort();
      });
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) troubles.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => troubles.push(`broken script: ${error.message}`));
      page.on('dialog', (dialog) => {
        troubles.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto(`${url}${hash}`);
      return { page, troubles };
    });
  });
}

/** What stands in the first column of the table of columns. */
export async function shownColumns(page: Page): Promise<string[]> {
  return page.locator('table.columns tbody th').allTextContents();
}

export async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const sheet = document.querySelector('.sheet');
    const beyond = (element: Element) => element.scrollWidth - element.clientWidth;
    return Math.max(beyond(document.documentElement), sheet ? beyond(sheet) : 0);
  });
}
