// The console's page in a browser: what it shows of a process with a full channel, a forgotten sender and a worker that dies.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { type Browser, type Page, launch } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Served, serve } from './served';

/** The one that is named, or where systems have theirs. */
const browsers = [
  process.env['MILLRACE_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const executablePath = browsers.find((path) => path !== undefined && existsSync(path));
if (executablePath === undefined)
  console.log('The page is not looked at: there is no Chromium here; MILLRACE_CHROMIUM can name one.');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(executablePath === undefined)('the page', () => {
  let browser: Browser;
  let served: Served;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    served = await serve(0, { MILLRACE_TRACE: '1' });
    browser = await launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    page = await browser.newPage();
    // Only what hangs takes so long.
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(served.url);
  });
  afterAll(async () => {
    await browser?.close();
    served?.[Symbol.dispose]();
  });

  const row = (label: string) => `//tr[.//button[normalize-space()='${label}']]`;

  test('shows what stands still in words, and first', async () => {
    await page.waitForSelector(
      `::-p-xpath(${row('forgotten sender')}[contains(., 'stands still: 1 to receive')])`,
    );
    await page.waitForSelector(`::-p-xpath(${row('full')}[contains(., 'stands still: 1 to send')])`);
    const first = await page.$$eval('#rows tr button', (buttons) =>
      buttons.slice(0, 2).map((button) => button.textContent),
    );
    expect(first.sort()).toEqual(['forgotten sender', 'full']);
  });

  test('says how long messages wait, where the channel keeps it', async () => {
    const oldest = (label: string, text: string) =>
      page.waitForSelector(`::-p-xpath(${row(label)}/td[4][${text}])`);
    // Its oldest has waited for seconds, and none was taken that could say how long messages wait.
    await oldest('full', "contains(., ' s') and not(contains(., 'half wait'))");
    await oldest('busy "quoted" \\\\', "contains(., 'none (half wait 0.0')");
    await oldest('forgotten sender', "normalize-space()=''");
  });

  test('draws threads as boxes and channels as pipes', async () => {
    const words = await page.$$eval('#map text', (texts) => texts.map((text) => text.textContent));
    expect(words).toContain('main thread');
    expect(words.some((word) => /^thread \d+$/.test(word ?? ''))).toBe(true);
    expect(await page.$$eval('#map a path.stalled', (pipes) => pipes.length)).toBe(2);
  });

  test('says on a click where the ends were made', async () => {
    const [button] = await page.$$(`::-p-xpath(${row('forgotten sender')}//button)`);
    await button!.click();
    await page.waitForSelector('#detail:not([hidden])');
    await page.waitForFunction(`document.querySelector('#ends')?.textContent?.includes('process.mjs')`);
    expect(await page.$eval('#ends', (ends) => ends.textContent)).toMatch(
      /sender, main thread.*process\.mjs:\d+/s,
    );
    expect(await page.evaluate(`document.activeElement?.id`)).toBe('detail-title');
    await page.click('#close-detail');
  });

  test('is used by keyboard: Tab leads to each control and channel, Enter opens and closes, and focus comes back', async () => {
    const focused = () =>
      page.evaluate(`document.activeElement.id || document.activeElement.textContent`) as Promise<string>;
    const tabTo = async (wanted: string) => {
      const met: string[] = [];
      while (met.at(-1) !== wanted && met.length < 30) {
        await page.keyboard.press('Tab');
        met.push(await focused());
      }
      return met;
    };
    await page.focus('#search');
    const met = await tabTo('forgotten sender');
    expect(met).toEqual(expect.arrayContaining(['pause', 'theme', 'map', 'forgotten sender']));
    await page.keyboard.press('Enter');
    await page.waitForFunction(`document.activeElement?.id === 'detail-title'`);
    await tabTo('close-detail');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('forgotten sender');
  });

  test('searches, and pauses', async () => {
    await page.type('#search', 'worker');
    await page.waitForFunction(`document.querySelectorAll('#rows tr').length === 1`);
    await page.evaluate(
      `{ const input = document.querySelector('#search'); input.value = ''; input.dispatchEvent(new Event('input')); }`,
    );
    await page.click('#pause');
    expect(await page.$eval('#state', (state) => state.textContent)).toBe('paused');
    await page.click('#pause');
  });

  test.each([
    [400, 'light'],
    [1600, 'light'],
    [1600, 'dark'],
  ])('has no violation of accessibility at %i pixels, %s, and fits', async (width, value) => {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
    await page.bringToFront();
    // Put in by the browser's debugger: the page itself runs nothing that is not its own.
    await page.evaluate(axe);
    const violations = await page.evaluate(
      `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
    );
    expect(violations).toEqual([]);
    expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(width);
    if (process.env['MILLRACE_SCREENSHOTS'] !== undefined) {
      mkdirSync('docs/images', { recursive: true });
      writeFileSync(`docs/images/console-${width}-${value}.png`, await page.screenshot());
    }
  });

  test('shows a sender that is forgotten within six seconds', async () => {
    /** How long it took from when it was forgotten until the page said so. */
    const forget = async () => {
      const planted = once(served.process, 'message') as Promise<[{ label: string; at: number }]>;
      served.process.send('forget a sender');
      const [{ label, at }] = await planted;
      const isShown = `[...document.querySelectorAll('#rows tr')].some(({ textContent }) =>
        textContent.startsWith('${label}') && textContent.includes('stands still'))`;
      await page.waitForFunction(isShown, { polling: 'mutation' });
      return Date.now() - at;
    };
    // A machine that is busy with something else is late: the best of five counts.
    const took: number[] = [];
    while (took.length < 5 && !(Math.min(...took) < 6000)) took.push(await forget());
    expect(Math.min(...took)).toBeLessThan(6000);
    expect(Math.min(...took)).toBeGreaterThanOrEqual(5000);
  });

  test('shows that a worker has died: its channel has no receiver left', async () => {
    served.process.send('end the worker');
    await page.waitForSelector(`::-p-xpath(${row('to a worker')}[contains(., '1 to 0')])`);
  });

  test('has met no error', () => {
    expect(problems).toEqual([]);
  });

  test('scrolls over a thousand channels', async () => {
    using many = await serve(1000);
    const other = await browser.newPage();
    other.setDefaultTimeout(120_000);
    await other.goto(many.url);
    await other.waitForFunction(`document.querySelectorAll('#rows tr').length === 300`);
    expect(await other.$eval('#count', (count) => count.textContent)).toMatch(
      /^1004 of 1004, the first 300 shown/,
    );
    await other.type('#search', 'one of many 999');
    await other.waitForFunction(`document.querySelectorAll('#rows tr').length === 1`);
    await other.close();
  });
});

describe.skipIf(executablePath === undefined)('a page that is left open', () => {
  test('for an hour takes no more memory than at its beginning', async () => {
    using served = await serve();
    const browser = await launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(served.url);
    await page.waitForFunction(`document.querySelectorAll('#rows tr').length === 4`);
    const session = await page.createCDPSession();
    /** Has the page's clock, with all its timers, go on by so many seconds as fast as they can be run. */
    const pass = async (seconds: number) => {
      const passed = once(session as never, 'Emulation.virtualTimeBudgetExpired');
      await session.send('Emulation.setVirtualTimePolicy', { policy: 'advance', budget: seconds * 1000 });
      await passed;
    };
    const weight = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { Nodes, JSHeapUsedSize } = await page.metrics();
      const points = await page.$$eval('.spark path', (paths) =>
        Math.max(...paths.map((path) => path.getAttribute('d')!.split('L').length)),
      );
      return { nodes: Nodes!, heap: JSHeapUsedSize!, points };
    };
    await pass(120);
    const before = await weight();
    await pass(3600);
    const after = await weight();
    console.log('an hour:', JSON.stringify([before, after]));
    expect(after.points).toBeLessThanOrEqual(60);
    expect(after.nodes).toBeLessThan(before.nodes * 1.5);
    expect(after.heap).toBeLessThan(before.heap * 1.5);
    await browser.close();
  });
});

test('a look at 1,000 channels costs its thread little, and none is made while nobody looks', () => {
  const program = `
    const { bounded } = require('millrace');
    const { Observer } = require('./dist/console/observer.js');
    const kept = Array.from({ length: 1000 }, () => bounded(4));
    const observer = new Observer();
    for (let look = 0; look < 20; look += 1) observer.look();
    /** The least of five rounds. */
    const least = (act) => Math.min(...Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      for (let time = 0; time < 20; time += 1) act();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    }));
    const looks = least(() => observer.look());
    const whole = least(() => require('millrace').inspect());
    console.log(JSON.stringify([looks, whole, kept.length]));
  `;
  const [looks, whole] = JSON.parse(
    execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }),
  ) as number[];
  // A look takes figures alone: a fraction of what it takes to list everything.
  expect(looks! / whole!).toBeLessThan(0.4);
});
