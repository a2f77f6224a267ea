/** The dashboard in Chromium, over a source whose frames are known: exact numbers, exact commands,
 * and nothing that the policy, axe-core or a hostile name could complain about. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LiveCommand } from '../../src/domain/live/live-command.ts';
import { fakeFrame, fakeHello } from '../live/dashboard/fake-frames.ts';
import { createFakeSource } from '../live/dashboard/fake-source.ts';
import {
  type OpenedDashboard,
  type OpenOptions,
  openDashboard,
  openPage,
} from './dashboard/open-dashboard.ts';
import { CHROMIUM, openChromium } from './open-chromium.ts';
import { axeViolations } from './report/open-report.ts';

/** Waits for a condition; how long says only when to give up. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202E{a|b}$' + '{7*7}';
/** Five pictures of the screen. */
const PICTURES = `(async () => {
  for (let n = 0; n < 5; n += 1) await new Promise((done) => requestAnimationFrame(done));
})()`;
const opened: OpenedDashboard[] = [];
let browser: Browser;

async function open(options: OpenOptions = {}): Promise<OpenedDashboard> {
  const one = await openDashboard(browser, options);
  opened.push(one);
  return one;
}

const figure = (page: Page, name: string) => page.locator(`[data-figure="${name}"]`).textContent();

describe.skipIf(CHROMIUM === undefined)('the dashboard', () => {
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterEach(async () => {
    for (const { page, dashboard } of opened.splice(0)) {
      await dashboard.close();
      await page.context().close();
    }
  });
  afterAll(() => browser.close());

  it('shows the numbers of a frame exactly', async () => {
    const { page, show, complaints } = await open();
    await show(fakeFrame(100));
    await show(fakeFrame(160));
    const figures = Object.fromEntries(
      await page
        .locator('[data-figure]')
        .evaluateAll((all) =>
          all.map((one) => [one.getAttribute('data-figure'), one.textContent] as [string, string]),
        ),
    );
    expect(figures).toMatchObject({
      viewers: '1,160',
      'pages/s': '40',
      'failed/s': '2',
      'pages asked': '6,880',
      shown: '6,400',
      failed: '320',
      'failed share': '4.76 %',
      open: '160',
    });
    expect(await page.locator('.time').textContent()).toBe('Fri 2026-11-20 19:02:40.0 UTC');
    expect(await page.locator('.clock .row').textContent()).toContain('event #197,440');
    const lights = page.locator('.lights li');
    expect(await lights.evaluateAll((all) => all.map((one) => one.textContent))).toEqual([
      '✓holds: 802 msp99(page.load) < 1s',
      '✕missed: 4.65 %rate(page.failed) < 1 %',
      '?not known yetp99(pipeline.freshness) < 5s',
    ]);
    const cells = async (caption: string, row: string) =>
      page
        .locator(`[aria-label^="${caption}"] tr`, { hasText: row })
        .locator('th, td')
        .evaluateAll((all) => all.map((one) => one.textContent));
    expect(await cells('Servers now', 'rating')).toEqual([
      ...['rating', '45', '100 %', '16', '4', '5', '12'],
    ]);
    expect(await cells('Rate and share', 'router→rating')).toEqual([
      ...['router→rating', '40', '17.5 %', '6,400', '6,400', '1,120', 'open'],
    ]);
    expect(await cells('Events of the pipeline', 'dropped')).toEqual([
      'dropped: queue.full',
      '640',
    ]);
    for (const [stage, count] of [
      ['captured', '80,000'],
      ['accepted', '75,200'],
      ['stored', '72,000'],
    ]) {
      expect(await page.locator(`[data-stage="${stage}"]`).textContent()).toBe(count);
    }
    expect(await page.locator('.faults').textContent()).toBe('service.slow on rating, 50 s left');
    expect(complaints).toEqual([]);
  });

  it('L80, L81: shows what viewers do, and hides what nobody looks at', async () => {
    const { page, show, complaints } = await open();
    const viewing = page.locator('section.panel', { hasText: 'Events on the way to a play' });
    const policies = page.locator('section.panel', { hasText: 'Rows and titles shown so far' });
    await show(fakeFrame(100));
    expect(await viewing.isVisible()).toBe(false);
    const audience = {
      funnel: { home: 40, title: 20, playClicked: 10, playing: 9 },
      quality: {
        starts: 9,
        meanStartSeconds: 1.5,
        startFailures: 1,
        playFailures: 0,
        stalledShare: null,
      },
      policies: [{ policyId: HOSTILE, rows: 8, impressions: 80, clicks: 2, plays: 1 }],
    };
    await show({ ...fakeFrame(160), audience });
    expect(await viewing.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/home pages\s+40\s+–/),
      expect.stringMatching(/pages of titles\s+20\s+50 %/),
      expect.stringMatching(/clicks on play\s+10\s+50 %/),
      expect.stringMatching(/plays\s+9\s+90 %/),
    ]);
    expect(await figure(page, 'mean start')).toBe('1.50 s');
    expect(await figure(page, 'stalled')).toBe('–');
    expect(await policies.locator('tbody td').allTextContents()).toEqual([
      ...['8', '80', '2', '1'],
      '25 %',
    ]);
    await show({ ...fakeFrame(220), audience: { ...audience, policies: [] } });
    expect(await policies.isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('L66, L73: each control sends exactly its command, and lists what came of it', async () => {
    const refused = { ok: false, code: 'LIVE_REFUSED', message: 'not now' } as const;
    const source = createFakeSource(fakeHello(), ({ type }) =>
      type === 'heal' ? refused : { ok: true },
    );
    const { page, show } = await open({ source });
    await show(fakeFrame(100));
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const expected: LiveCommand[] = [];
    const done = async (command: LiveCommand) => {
      expected.push(command);
      await soon(() => source.commands).toEqual(expected);
    };
    await press('Pause');
    await done({ type: 'pause' });
    await page.locator('body').press('Space');
    await done({ type: 'pause' });
    const frame = fakeFrame(101);
    await show({ ...frame, clock: { ...frame.clock, state: 'paused' } });
    await page.locator('h1').click();
    await page.keyboard.press('Space');
    await done({ type: 'resume' });
    await page.getByRole('button', { name: /^×600/ }).focus();
    await page.keyboard.press('Space');
    await done({ type: 'speed', factor: 600 });
    await press('max: as fast as it goes');
    await done({ type: 'speed', factor: null });
    await press('+1 event');
    await done({ type: 'step', events: 1 });
    await press('−10k events');
    await done({ type: 'step', events: -10_000 });
    await page.getByLabel('Go to').fill('19:30');
    await page.keyboard.press('Enter');
    await done({ type: 'seek', atUs: 1_800_000_000 });
    await page.getByLabel('Go to').fill('#5');
    await press('Go');
    await done({ type: 'seek', event: 5 });
    await page.getByLabel('Go to').fill('tomorrow');
    await press('Go');
    await page.getByText('a moment of the run').waitFor();
    await page.getByRole('slider', { name: 'Moment' }).fill('60');
    await done({ type: 'seek', atUs: 60_000_000 });
    await page.getByLabel('Search').fill('zone');
    await page.getByLabel('Target').selectOption('b');
    await page.getByLabel('For', { exact: true }).fill('5m');
    await press('Inject');
    await done({ type: 'fault', kind: 'zone.loss', target: 'b', forUs: 300_000_000 });
    await page.getByLabel('Search').fill('slow service');
    await page.getByLabel('Intensity').fill('7.5');
    await press('Inject');
    await done({
      type: 'fault',
      kind: 'service.slow',
      target: 'movie',
      intensity: 7.5,
      forUs: 300_000_000,
    });
    await page.getByLabel('Breaker', { exact: true }).selectOption('router→rating');
    await press('Hold open');
    await done({ type: 'breaker', edge: 'router→rating', status: 'open' });
    await press('Heal all: end all faults; none of the plan follows');
    await done({ type: 'heal' });
    const items = page.locator('.commands li');
    await soon(() => items.first().textContent()).toContain('heal all faultsnot now');
    expect(await items.count()).toBe(expected.length);
    expect(await items.first().getAttribute('data-state')).toBe('refused');
    expect(await items.last().textContent()).toBe('✓ 19:01:40 · #123,400 · pause');
  });

  it('L74: without the right to act nothing can be told', async () => {
    const { page, show, source, dashboard } = await open({ isReadOnly: true });
    await show(fakeFrame(100));
    await page.getByText('read-only').waitFor();
    const buttons = page.getByRole('button');
    const count = await buttons.count();
    expect(count).toBeGreaterThan(12);
    for (let n = 0; n < count; n += 1) expect(await buttons.nth(n).isDisabled()).toBe(true);
    await page.keyboard.press('Space');
    const [, token] = dashboard.readOnlyUrl.split('#token=');
    const status = await page.evaluate(async (authorization) => {
      const headers = { authorization, 'content-type': 'application/json' };
      const sent = await fetch('commands', { method: 'POST', headers, body: '{"type":"pause"}' });
      return sent.status;
    }, `Bearer ${token}`);
    expect(status).toBe(403);
    expect(source.commands).toEqual([]);
  });

  it('L64: without a token the page says what is missing', async () => {
    const { dashboard } = await open();
    const { page } = await openPage(browser, dashboard.url.replace(/#.*/, ''));
    await page.getByText('looking needs a token').waitFor();
    await page.context().close();
  });

  it('L61: a slow page is told how many frames it missed', async () => {
    const { page, show, source, dashboard } = await open();
    await show(fakeFrame(1));
    const network = await page.context().newCDPSession(page);
    const limit = (bytesPerSec: number) =>
      network.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: bytesPerSec,
        uploadThroughput: -1,
      });
    await limit(2_000);
    let n = 1;
    while (dashboard.stats().framesMissed < 5) {
      n += 1;
      expect(n).toBeLessThan(5_000);
      source.emit({ ...fakeFrame(n), subject: 'x'.repeat(200_000) });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await limit(-1);
    await show(fakeFrame(n + 1));
    const missed = dashboard.stats().framesMissed;
    expect(missed).toBeGreaterThanOrEqual(5);
    const notice = page.getByText(`This page was too slow for ${missed} frames.`);
    await notice.waitFor();
  });

  it('L68: a page that is turned away comes back by itself', async () => {
    const { page, dashboard, show } = await open({ dashboard: { limits: { clientsMax: 1 } } });
    await show(fakeFrame(1));
    const second = await openPage(browser, dashboard.url);
    await second.page.getByText('as many browsers watch as may').waitFor();
    await page.goto('about:blank');
    await second.page.locator('body[data-connection="open"][data-sequence="2"]').waitFor();
    await second.page.context().close();
  });

  it('L62: the end is shown with how to run it again, and closes the server', async () => {
    const { page, dashboard, show } = await open();
    await show(fakeFrame(1));
    const began = performance.now();
    await dashboard.close({ text: 'The run is over.', command: 'npx backlot dash runs/x' });
    expect(performance.now() - began).toBeLessThan(1_000);
    await page.getByText('The run is over.').waitFor();
    expect(await page.locator('.verdict code').textContent()).toBe('npx backlot dash runs/x');
    expect(await page.locator('body').getAttribute('data-connection')).toBe('ended');
  });

  it('L71: dots move while the run does, and stand where less motion is asked for', async () => {
    const offsets = (page: Page) =>
      page
        .locator('.dots')
        .evaluateAll((all) => all.map((one) => one.getAttribute('stroke-dashoffset')));
    const moving = await open();
    const still = await open({ context: { reducedMotion: 'reduce' } });
    for (const { show } of [moving, still]) {
      await show(fakeFrame(1));
      await show(fakeFrame(2));
    }
    const first = await offsets(moving.page);
    await soon(() => offsets(moving.page)).not.toEqual(first);
    expect(await offsets(still.page)).toEqual(first.map(() => null));
    const frame = fakeFrame(3);
    await moving.show({ ...frame, clock: { ...frame.clock, state: 'paused' } });
    await moving.page.evaluate(PICTURES);
    const stopped = await offsets(moving.page);
    await moving.page.evaluate(PICTURES);
    expect(await offsets(moving.page)).toEqual(stopped);
  });

  it('L74: hostile names are text', async () => {
    const { page, show, source, complaints } = await open({ hello: fakeHello(HOSTILE) });
    await show(fakeFrame(100, HOSTILE));
    await show(fakeFrame(160, HOSTILE));
    for (const summary of await page.locator('summary').all()) await summary.click();
    await show(fakeFrame(161, HOSTILE));
    const plot = page.locator('figure:has-text("Waiting lines") .plot');
    await plot.hover();
    expect(await page.locator('img, iframe, object, a, script:not(body > script)').count()).toBe(0);
    expect(await page.locator('body > script').count()).toBe(1);
    expect(await page.locator('h1').textContent()).toContain('<img src=x onerror=alert(1)>');
    expect(await page.locator('body').textContent()).not.toContain('\u202E');
    await page.getByRole('button', { name: 'Inject' }).click();
    const target = `${HOSTILE}movie`;
    await soon(() => source.commands).toEqual([
      { type: 'fault', kind: 'service.slow', target, intensity: 4, forUs: 60_000_000 },
    ]);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['light', 1_200],
    ['dark', 1_200],
    ['light', 390],
    ['dark', 390],
  ] as const)('axe-core and the policy have nothing to say: %s, %i px', async (scheme, width) => {
    const context = { colorScheme: scheme, viewport: { width, height: 900 } };
    const { page, show, complaints } = await open({ context });
    for (const n of [140, 155, 156]) await show(fakeFrame(n));
    for (const summary of await page.locator('summary').all()) await summary.click();
    await show(fakeFrame(157));
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('.commands li').waitFor();
    expect(await axeViolations(page, AXE)).toEqual([]);
    const widthPx = await page.evaluate('document.documentElement.scrollWidth');
    expect(widthPx).toBeLessThanOrEqual(width);
    expect(await figure(page, 'open')).toBe('157');
    expect(complaints).toEqual([]);
  });
});
