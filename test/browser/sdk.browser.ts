/** The SDK in a real browser, against a real collector: exact counts of what people do, nothing
 * lost offline, over reloads or between tabs, nothing done without consent, nothing left behind. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BacklotOptions } from '../../src/browser/sdk/options.ts';
import type { BacklotStats } from '../../src/browser/sdk/stats.ts';
import { openChromium } from './open-chromium.ts';
import { sdkPage } from './sdk-page.ts';
import { countByType, type ServedCollector, serveCollector } from './served-collector.ts';

/** What the page has: these functions run in it. */
declare const backlot: { init(options: BacklotOptions): typeof sdk };
declare const sdk: {
  consent(granted: boolean): void;
  flush(): void;
  stop(): void;
  stats(): BacklotStats & { readonly errors: number };
};
declare const document: {
  readonly documentElement: { readonly scrollHeight: number };
  getElementById(id: string): { click(): void; scrollIntoView(): void } | null;
};
declare const history: { pushState(state: object, title: string, url: string): void };
declare const location: { hash: string };
declare const innerHeight: number;
declare function scrollTo(left: number, top: number): void;
declare const counted: { readonly listeners: number };

let collector: ServedCollector;
let browser: Browser;

beforeAll(async () => {
  collector = await serveCollector({
    '/page': sdkPage(),
    '/other': sdkPage('other'),
    '/alone': sdkPage('alone', true),
  });
  browser = await openChromium();
});

afterAll(async () => {
  await browser.close();
  await collector.close();
});

/** Counts listeners on the window and the document. */
const COUNTING = `globalThis.counted = { listeners: 0 };
for (const [name, step] of [['addEventListener', 1], ['removeEventListener', -1]]) {
  const method = EventTarget.prototype[name];
  EventTarget.prototype[name] = function (...args) {
    if (this === window || this instanceof Node) counted.listeners += step;
    return method.apply(this, args);
  };
}`;

interface Opened {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly requests: string[];
  readonly errors: string[];
}

/** A page with an SDK as `sdk`; each test has a browser of its own. */
async function open(
  options: Partial<BacklotOptions> = {},
  context?: BrowserContext,
): Promise<Opened> {
  const own = context ?? (await browser.newContext({ viewport: { width: 1_000, height: 700 } }));
  const page = await own.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/v1/batch')) requests.push(request.url());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${collector.origin}/page`);
  await start(page, options);
  return { context: own, page, requests, errors };
}

async function start(page: Page, options: Partial<BacklotOptions> = {}): Promise<void> {
  await page.evaluate(
    (all) => {
      const merged = { consent: 'not-needed' as const, ...all };
      Object.assign(globalThis, { sdk: backlot.init(merged) });
    },
    { url: `${collector.origin}/v1/batch`, writeKey: collector.writeKey, ...options },
  );
}

const stats = (page: Page) => page.evaluate(() => sdk.stats());

/** Waits until everything is with the collector. */
async function delivered(page: Page): Promise<void> {
  await page.evaluate(() => sdk.flush());
  await page.waitForFunction(() => {
    const { captured, acknowledged } = sdk.stats();
    return captured > 0 && captured === acknowledged;
  });
}

/** The only kinds of autocapture that are to be on. */
const only = (...names: readonly string[]): Partial<BacklotOptions> => ({
  autocapture: Object.fromEntries(
    [
      'clicks',
      'rageClicks',
      'deadClicks',
      'hovers',
      'scroll',
      'pages',
      'impressions',
      'search',
      'videos',
    ].map((name) => [name, names.includes(name)]),
  ),
});

describe('autocapture', () => {
  it('B20: clicks, each once, by the names that the page gives', async () => {
    const { page, context, errors } = await open({
      ...only('clicks'),
      policy: { maxBatchAgeUs: 600e6, maxBatchEvents: 50 },
    });
    for (const id of ['#buy', '#buy', '#named', '#tile-2 span']) await page.click(id);
    await page.click('#for-check', { position: { x: 45, y: 8 } });
    for (const id of ['#ignored', '#masked']) await page.click(id);
    await page.evaluate(() => document.getElementById('buy')?.click());
    const [request] = await Promise.all([
      page.waitForRequest(/v1\/batch/),
      page.evaluate(() => sdk.flush()),
    ]);
    const { events } = request.postDataJSON();
    expect(events.map(({ type, data }: { type: string; data: object }) => [type, data])).toEqual([
      ['ui.click', { page: '/page', target: 'button#buy "Buy now"' }],
      ['ui.click', { page: '/page', target: 'button#buy "Buy now"' }],
      ['ui.click', { page: '/page', target: 'the-name' }],
      [
        'ui.click',
        { page: '/page', target: 'a#tile-2 "Two"', titleId: 'tt2', row: 'new', slot: 1 },
      ],
      ['ui.click', { page: '/page', target: 'label#for-check' }],
      ['ui.click', { page: '/page', target: 'button' }],
    ]);
    await context.close();
    expect(errors).toEqual([]);
  });

  it('B21: a rage once, and a dead click where nothing comes of it', async () => {
    const { page, context } = await open(only('clicks', 'rageClicks', 'deadClicks'));
    await page.click('#dead', { clickCount: 4, delay: 20 });
    await page.waitForFunction(() => (sdk.stats().byType['ui.dead_click'] ?? 0) > 0);
    await page.click('#alive');
    await page.waitForTimeout(1_300);
    expect((await stats(page)).byType).toEqual({
      'ui.click': 5,
      'ui.rage_click': 1,
      'ui.dead_click': 1,
    });
    await context.close();
  });

  it('B22, B24: hovers that last, and titles half in sight for a second', async () => {
    const { page, context } = await open(only('hovers', 'impressions'));
    await page.hover('#buy');
    await page.waitForTimeout(700);
    await page.hover('#named');
    await page.waitForTimeout(100);
    await page.mouse.move(5, 690);
    await page.waitForFunction(() => sdk.stats().byType['ui.impression'] === 3);
    await page.evaluate(() => document.getElementById('far')?.scrollIntoView());
    await page.waitForFunction(() => sdk.stats().byType['ui.impression'] === 4);
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(1_300);
    expect((await stats(page)).byType).toEqual({ 'ui.hover': 1, 'ui.impression': 4 });
    await context.close();
  });

  it('B23, B25: scroll depth, page views of documents and routes, and leaves', async () => {
    const { page, context } = await open(only('scroll', 'pages'));
    for (const share of [0.3, 0.6, 0.1, 1]) {
      await page.evaluate((to) => {
        const { scrollHeight } = document.documentElement;
        scrollTo(0, (scrollHeight - innerHeight) * to);
      }, share);
      await page.waitForTimeout(200);
    }
    expect((await stats(page)).byType).toEqual({ 'page.view': 1, 'ui.scroll': 4 });
    await page.evaluate(() => history.pushState({}, '', '/page/two?token=secret'));
    await page.evaluate("history.replaceState({}, '', '/page/two?x=1')");
    await page.evaluate(() => {
      location.hash = '#/three';
    });
    await page.goBack();
    await page.waitForFunction(() => sdk.stats().byType['page.view'] === 4);
    expect((await stats(page)).byType).toMatchObject({ 'page.leave': 3 });
    await context.close();
  });

  it('B29: searches, once people pause; never what else they type', async () => {
    const { page, context } = await open(only('search'));
    await page.fill('#secret', 'hunter2');
    await page.fill('#plain', 'my address');
    await page.fill('#masked-search', 'private');
    await page.locator('#search').pressSequentially('night', { delay: 20 });
    await page.waitForFunction(() => sdk.stats().byType['ui.search'] === 1);
    await page.press('#search', 'Enter');
    await page.locator('#plain').focus();
    const [request] = await Promise.all([
      page.waitForRequest(/v1\/batch/),
      page.evaluate(() => sdk.flush()),
    ]);
    expect(request.postDataJSON().events.map(({ data }: { data: object }) => data)).toEqual([
      { page: '/page', query: 'night' },
    ]);
    await context.close();
  });

  it('B19: names of inputs that shadow a form’s own break nothing', async () => {
    const { page, context, errors } = await open(only('clicks', 'hovers', 'impressions'));
    // The form's names mislead the test's own tools, too.
    const [x, y] = await page.evaluate<[number, number]>(
      `(({ left, top }) => [left, top])(document.getElementById('hostile-button')
        .getBoundingClientRect())`,
    );
    await page.mouse.click(x + 5, y + 5);
    await page.mouse.click(x + 300, y + 5);
    const { byType, errors: inside } = await stats(page);
    expect([byType['ui.click'], inside]).toEqual([2, 0]);
    await context.close();
    expect(errors).toEqual([]);
  });
});

describe('delivery', () => {
  it('B42: offline and back loses nothing, and sends nothing twice', async () => {
    const subject = 'p-offline';
    const { page, context } = await open({ ...only('clicks'), subject });
    await context.setOffline(true);
    for (let i = 0; i < 5; i += 1) await page.click('#buy');
    expect(await stats(page)).toMatchObject({ captured: 5, acknowledged: 0, isOnline: false });
    await context.setOffline(false);
    await delivered(page);
    const stored = await collector.stored(5, subject);
    expect(countByType(stored)).toEqual({ 'ui.click': 5 });
    await context.close();
  });

  it('B42: a page that is left at once has its events delivered', async () => {
    const subject = 'p-left';
    const { page, context } = await open({ ...only('clicks', 'pages'), subject });
    await page.click('#buy');
    await page.goto(`${collector.origin}/other`);
    const stored = await collector.stored(3, subject);
    expect(countByType(stored)).toEqual({ 'page.view': 1, 'ui.click': 1, 'page.leave': 1 });
    await context.close();
  });

  it('B42: what a page could not send, the next one does; in two tabs, each once', async () => {
    const subject = 'p-tabs';
    const { page, context } = await open({ ...only('clicks'), subject });
    const second = await open({ ...only('clicks'), subject }, context);
    await context.setOffline(true);
    await page.click('#buy');
    await second.page.click('#named');
    const closed = second.page.waitForEvent('close');
    await second.page.close({ runBeforeUnload: true });
    await closed;
    await context.setOffline(false);
    await delivered(page);
    await page.reload();
    await start(page, { ...only('clicks'), subject });
    const stored = await collector.stored(2, subject);
    expect(countByType(stored)).toEqual({ 'ui.click': 2 });
    await context.close();
  });

  it('B10: a full store costs nothing but the next life', async () => {
    const { page, context, errors } = await open(only('clicks'));
    await page.evaluate(() => {
      const fill = (size: number) => {
        try {
          for (let i = 0; ; i += 1) localStorage.setItem(`fill-${size}-${i}`, 'x'.repeat(size));
        } catch {
          // Full.
        }
      };
      for (const size of [1_000_000, 10_000, 100]) fill(size);
    });
    for (let i = 0; i < 3; i += 1) await page.click('#buy');
    await delivered(page);
    expect((await stats(page)).acknowledged).toBe(3);
    await context.close();
    expect(errors).toEqual([]);
  });
});

describe('consent', () => {
  it('B1, B2: refused, there is no request, no storage, no cookie', async () => {
    const { page, context, requests } = await open({ consent: 'ask' });
    await page.click('#buy');
    await page.evaluate(() => sdk.consent(false));
    await page.click('#buy');
    await page.goto(`${collector.origin}/other`);
    const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length]);
    expect([kept, requests, await context.cookies()]).toEqual([[0, 0], [], []]);
    await context.close();
  });

  it('B3: a browser that says so is not tracked', async () => {
    const context = await browser.newContext();
    await context.addInitScript(() => {
      Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });
    });
    const { page, requests } = await open({}, context);
    await page.click('#buy');
    await page.evaluate(() => sdk.flush());
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    expect([(await stats(page)).consent, requests]).toEqual(['denied', []]);
    await context.close();
  });
});

describe('the page', () => {
  it('B33: that has only the first script gets autocapture from beside it', async () => {
    const { page, context, errors } = await open({ autocapture: false });
    await page.goto(`${collector.origin}/alone`);
    await start(page, only('clicks'));
    await page.waitForFunction('document.querySelector(\'script[src$="/sdk-capture.js"]\')');
    await expect
      .poll(async () => {
        await page.click('#buy');
        return (await stats(page)).byType['ui.click'] ?? 0;
      })
      .toBeGreaterThan(0);
    await context.close();
    expect(errors).toEqual([]);
  });

  it('B30: is as it was after stop', async () => {
    const context = await browser.newContext();
    await context.addInitScript({ content: COUNTING });
    const { page } = await open({}, context);
    const found = await page.evaluate(() => {
      const during = [counted.listeners > 10, Object.hasOwn(history, 'pushState')];
      const { captured } = sdk.stats();
      sdk.stop();
      document.getElementById('buy')?.click();
      history.pushState({}, '', '/page/after');
      const after = [counted.listeners, Object.hasOwn(history, 'pushState')];
      return { during, after, more: sdk.stats().captured - captured };
    });
    // Leaving the page view that was open is told by stop.
    expect(found).toEqual({ during: [true, true], after: [0, false], more: 0 });
    await context.close();
  });

  it('B17: is not broken by what it hands in, nor by its own callbacks', async () => {
    const { page, context, errors } = await open();
    const result = await page.evaluate(() => {
      const odd = sdk as unknown as Record<string, (...args: unknown[]) => unknown>;
      for (const value of [undefined, null, 7, 'x', {}, [], Symbol('s')]) {
        odd['track']?.('ui.click', value);
        odd['identify']?.(value);
        odd['consent']?.(true);
      }
      return typeof sdk.stats().captured;
    });
    expect(result).toBe('number');
    await context.close();
    expect(errors).toEqual([]);
  });
});
