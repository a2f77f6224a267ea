/** The demo site in a real browser with the whole collector behind it: what people do there reaches
 * the warehouse and the dashboard's numbers, exactly. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BacklotStats } from '../../src/browser/sdk/stats.ts';
import { openChromium } from './open-chromium.ts';
import { countByType, type ServedCollector, serveCollector } from './served-collector.ts';

declare const demo: { stats(): BacklotStats; flush(): void };

let collector: ServedCollector;
let browser: Browser;

beforeAll(async () => {
  collector = await serveCollector();
  browser = await openChromium();
});

afterAll(async () => {
  await browser.close();
  await collector.close();
});

async function visit(
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ readonly context: BrowserContext; readonly page: Page; readonly problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1_200, height: 800 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:' && origin !== collector.origin) {
      problems.push(request.url());
    }
  });
  await page.goto(`${collector.origin}/demo/`);
  await page.waitForSelector('html[data-demo=ready]');
  return { context, page, problems };
}

const byType = async (page: Page) => (await page.evaluate(() => demo.stats())).byType;
const subjectOf = async (page: Page) => (await page.evaluate(() => demo.stats())).subject;

async function until(page: Page, type: string, count: number): Promise<void> {
  await page.waitForFunction(
    ([name, least]) => (demo.stats().byType[name as string] ?? 0) >= (least as number),
    [type, count],
  );
}

async function play(page: Page, nth: number): Promise<void> {
  await page.locator('a.title').nth(nth).click();
  await page.click('[data-backlot-target=play]');
  await page.waitForSelector('video[data-film=ready]');
}

describe('the demo', () => {
  it('B40: clicks, scrolls, searches and plays reach warehouse and dashboard exactly', async () => {
    const { page, context, problems } = await visit();
    await page.click('#accept');
    const subject = await subjectOf(page);
    for (const share of [0.5, 1]) {
      await page.evaluate(
        `scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * ${share})`,
      );
      await page.waitForTimeout(250);
    }
    await until(page, 'ui.scroll', 4);
    await play(page, 0);
    const titleId = new URL(page.url()).hash.split('/').at(-1);
    await until(page, 'media.end', 1);
    await page.click('[data-backlot-target=leave-player]');
    await page.locator('#search').pressSequentially('drama', { delay: 10 });
    await until(page, 'ui.search', 1);
    const expected = await byType(page);
    expect(expected).toMatchObject({
      'page.view': 5,
      'page.leave': 4,
      'ui.scroll': 4,
      'ui.search': 1,
      'media.play': 1,
      'media.end': 1,
    });
    const { captured } = await page.evaluate(() => demo.stats());
    await page.evaluate(() => demo.flush());
    const stored = await collector.stored(captured, subject);
    expect(countByType(stored)).toEqual(expected);
    expect(
      stored.filter(({ type }) => type === 'media.play').map((event) => event.titleId),
    ).toEqual([titleId]);
    await context.close();
    expect(problems).toEqual([]);
    const { frames } = collector.service;
    await expect
      .poll(() => frames.latest()?.topTitles, { timeout: 10_000 })
      .toEqual([expect.objectContaining({ titleId, plays: 1 })]);
  });

  it('B42: a page closed in mid-play tells the end, with the seconds watched', async () => {
    const { page, context } = await visit();
    await page.click('#accept');
    const subject = await subjectOf(page);
    await play(page, 1);
    await until(page, 'media.play', 1);
    await page.waitForTimeout(1_200);
    const { captured } = await page.evaluate(() => demo.stats());
    await page.close({ runBeforeUnload: true });
    const stored = await collector.stored(captured + 2, subject);
    const ends = stored.filter(({ type }) => type === 'media.end');
    expect(ends.length).toBe(1);
    expect(countByType(stored)).toMatchObject({ 'media.play': 1, 'page.leave': 3 });
    await context.close();
  });

  it('B1: refused, it stores and sends nothing, and works as before', async () => {
    const { page, context } = await visit();
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/v1/')) sent.push(request.url());
    });
    await page.click('#decline');
    await play(page, 2);
    const kept = await page.evaluate('localStorage.length + sessionStorage.length');
    expect([kept, sent, await context.cookies()]).toEqual([0, [], []]);
    await context.close();
  });

  it('B42: offline it says so, waits, and delivers when it is back', async () => {
    const { page, context } = await visit();
    await page.click('#accept');
    await page.evaluate(() => demo.flush());
    await context.setOffline(true);
    await page.waitForSelector('#network:not([hidden])');
    const subject = await subjectOf(page);
    await page.locator('a.title').nth(3).click();
    await page.click('[data-backlot-target=back]');
    const { captured } = await page.evaluate(() => demo.stats());
    await context.setOffline(false);
    await page.waitForSelector('#network', { state: 'hidden' });
    await page.evaluate(() => demo.flush());
    expect((await collector.stored(captured, subject)).length).toBeGreaterThanOrEqual(captured);
    await context.close();
  });

  it.each([
    ['light', 1_200],
    ['dark', 1_200],
    ['light', 390],
  ] as const)('B40: is accessible: %s, %d pixels wide', async (colorScheme, width) => {
    const { page, context } = await visit({
      colorScheme,
      viewport: { width, height: 800 },
      bypassCSP: true,
    });
    const axe = readFileSync(new URL(import.meta.resolve('axe-core')), 'utf8');
    for (const hash of ['#/', '#/search', '#/title/tt00001', '#/play/tt00001']) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await page.evaluate(axe);
      const violations = await page.evaluate<readonly { id: string; nodes: { html: string }[] }[]>(
        'axe.run().then((result) => result.violations)',
      );
      expect(violations.map(({ id, nodes }) => [hash, id, nodes[0]?.html])).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        width,
      );
    }
    await context.close();
  });
});
