/** What the script of a report adds: zoom, cursor, legend, pages of tables; and that its failures
 * leave the page as it was. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../../src/report/render-report.ts';
import { runDocument } from '../../report/fixture-documents.ts';
import { CHROMIUM, openChromium } from '../open-chromium.ts';
import { openReport, type ReportView } from './open-report.ts';

const SECTION = 'section[aria-labelledby="page-loads"]';

/** Texts of the labels of a chart's time axis. */
async function timesOf(figure: Locator): Promise<readonly string[]> {
  const texts = await figure.locator('svg.chart text').allTextContents();
  return texts.filter((text) => /^\d\d?:\d\d/.test(text));
}

describe.skipIf(CHROMIUM === undefined)('the script of the report', () => {
  let browser: Browser;
  let folder: string;
  const html = renderReport(runDocument());

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'backlot-report-'));
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (view: ReportView = {}) => openReport(browser, { html, folder }, view);

  /** The first two charts over time, on the screen. */
  async function twoCharts(page: Page): Promise<readonly [Locator, Locator]> {
    const figures = page.locator(`${SECTION} figure`);
    await figures.first().scrollIntoViewIfNeeded();
    await figures.nth(1).locator('.plot').waitFor();
    return [figures.first(), figures.nth(1)];
  }

  it('R63: leaves the drawings of the server until something is done', async () => {
    const { page, complaints } = await open();
    const [first] = await twoCharts(page);
    expect(await first.locator('.plot svg.chart > title').count()).toBe(1);
    await first.locator('.plot').focus();
    await page.keyboard.press('ArrowRight');
    expect(await first.locator('.plot svg.chart > title').count()).toBe(0);
    expect(await first.locator('svg.chart').count()).toBe(1);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('R63: draws what the server drew, to the pixel where it was', async () => {
    const { page } = await open();
    const [first] = await twoCharts(page);
    const plot = first.locator('.plot');
    const before = {
      box: await plot.boundingBox(),
      texts: await plot.locator('text').allTextContents(),
    };
    const paths = await plot.locator('path').count();
    await plot.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    expect(await plot.locator('svg.chart > title').count()).toBe(0);
    expect(await plot.boundingBox()).toEqual(before.box);
    expect(await plot.locator('text').allTextContents()).toEqual(before.texts);
    expect(await plot.locator('path').count()).toBeGreaterThanOrEqual(paths - 2);
    await page.context().close();
  });

  it('R65: zooms by a drag, in all charts over time, and back by a double click', async () => {
    const { page } = await open();
    const [first, second] = await twoCharts(page);
    const whole = await timesOf(second);
    const box = await first.locator('.plot').boundingBox();
    if (box === null) throw new Error('no plot');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, y, { steps: 3 });
    await page.mouse.up();
    const zoomed = await timesOf(second);
    expect(zoomed).not.toEqual(whole);
    expect(zoomed.length).toBeGreaterThan(2);
    expect(await timesOf(first)).toEqual(zoomed);
    // A chart farther down has the window too, as soon as it is seen.
    const later = page.locator('section[aria-labelledby="utilisation"] figure').first();
    await later.scrollIntoViewIfNeeded();
    await later.locator('.plot').waitFor();
    await expect.poll(() => timesOf(later)).toEqual(zoomed);
    await first.scrollIntoViewIfNeeded();
    await first.locator('.plot').dblclick();
    expect(await timesOf(first)).toEqual(whole);
    await page.context().close();
  });

  it('R65: zooms by buttons and keys, moves and shows the whole again', async () => {
    const { page } = await open();
    const [first] = await twoCharts(page);
    const whole = await timesOf(first);
    await first.getByRole('button', { name: 'Zoom in' }).click();
    const halved = await timesOf(first);
    expect(halved).not.toEqual(whole);
    await first.locator('.plot').focus();
    await page.keyboard.press('Shift+ArrowRight');
    const moved = await timesOf(first);
    expect(moved).not.toEqual(halved);
    await page.keyboard.press('+');
    expect(await timesOf(first)).not.toEqual(moved);
    await page.keyboard.press('0');
    expect(await timesOf(first)).toEqual(whole);
    await page.keyboard.press('+');
    await first.getByRole('button', { name: 'Show the whole axis' }).click();
    expect(await timesOf(first)).toEqual(whole);
    await page.context().close();
  });

  it('R65: a wheel scrolls the page, and zooms in a chart that has the focus', async () => {
    const { page } = await open();
    const [first] = await twoCharts(page);
    const whole = await timesOf(first);
    const top = Number(await page.evaluate('scrollY'));
    await first.locator('.plot').hover();
    await page.mouse.wheel(0, 100);
    await expect.poll(() => page.evaluate('scrollY')).toBeGreaterThan(top);
    expect(await timesOf(first)).toEqual(whole);
    await first.locator('.plot').focus();
    await first.locator('.plot').hover();
    const still = await page.evaluate('scrollY');
    for (let n = 0; n < 4; n += 1) await page.mouse.wheel(0, -100);
    await expect.poll(() => timesOf(first)).not.toEqual(whole);
    expect(await page.evaluate('scrollY')).toBe(still);
    await page.context().close();
  });

  it('R65: points at a moment in all charts over time, and says it', async () => {
    const { page } = await open();
    const [first, second] = await twoCharts(page);
    await first.locator('.plot').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const tip = first.locator('.tip');
    expect(await tip.locator('b').textContent()).toMatch(/^19:\d\d UTC$/);
    expect(await tip.locator('.row').count()).toBe(3);
    const said = await page.getByRole('status').textContent();
    expect(said).toMatch(/^19:\d\d UTC; p50 [\d,.]+ ms; p95 [\d,.]+ ms; p99 [\d,.]+ ms$/);
    expect(await second.locator('.cross').isVisible()).toBe(true);
    expect(await second.locator('.tip').isVisible()).toBe(false);
    await page.keyboard.press('End');
    expect(await tip.locator('b').textContent()).toMatch(/^20:5\d UTC$/);
    await page.keyboard.press('Escape');
    expect(await tip.isVisible()).toBe(false);
    expect(await second.locator('.cross').isVisible()).toBe(false);
    await page.context().close();
  });

  it('R65: the pointer shows values of every kind of chart, faults among them', async () => {
    const { page } = await open();
    for (const id of ['comparison', 'page-loads', 'pipeline', 'viewing']) {
      const figure = page.locator(`section[aria-labelledby="${id}"] figure`).first();
      await figure.scrollIntoViewIfNeeded();
      await figure.locator('.plot').waitFor();
      await figure.locator('.plot').hover();
      expect(await figure.locator('.tip').isVisible()).toBe(true);
      expect(await figure.locator('.tip .row').count()).toBeGreaterThan(0);
    }
    expect(await page.locator('[data-failed]').count()).toBe(0);
    const [first] = await twoCharts(page);
    await first.locator('.plot').hover();
    expect(await first.locator('.tip').textContent()).toContain('Fault A');
    await page.context().close();
  });

  it('R66: a legend switches a series off in its section, and on', async () => {
    const { page } = await open();
    const [first, second] = await twoCharts(page);
    const dashed = (figure: Locator) => figure.locator('svg.chart path[stroke-dasharray="9,4"]');
    const button = page.locator(`${SECTION} .legend`).getByRole('button', { name: 'p95' });
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    expect(await dashed(first).count()).toBe(0);
    expect(await dashed(second).count()).toBe(0);
    const other = page.locator('section[aria-labelledby="traffic"] figure').first();
    await other.scrollIntoViewIfNeeded();
    expect(await dashed(other).count()).toBeGreaterThan(0);
    await button.click();
    await first.scrollIntoViewIfNeeded();
    expect(await dashed(first).count()).toBe(1);
    await page.context().close();
  });

  it('R67: shows long tables by pages of 25 rows', async () => {
    const { page } = await open();
    const details = page.locator('#page-loads-0-numbers');
    await details.scrollIntoViewIfNeeded();
    await details.locator('summary').click();
    const pager = details.locator('.pager');
    await pager.waitFor();
    const rows = details.locator('tbody tr:visible');
    expect(await rows.count()).toBe(25);
    expect(await pager.locator('span').textContent()).toBe('Rows 1–25 of 60');
    await pager.getByRole('button', { name: 'Next' }).click();
    await pager.getByRole('button', { name: 'Next' }).click();
    expect(await rows.count()).toBe(10);
    expect(await pager.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await pager.getByRole('button', { name: 'All rows' }).click();
    expect(await rows.count()).toBe(60);
    expect(await page.getByRole('status').textContent()).toContain('Rows 1–60 of 60');
    await page.context().close();
  });

  it('R63: on paper charts are whole, as the server drew them', async () => {
    const { page } = await open();
    const [first] = await twoCharts(page);
    await first.getByRole('button', { name: 'Zoom in' }).click();
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await first.locator('svg.chart > title').count()).toBe(1);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await first.locator('svg.chart > title').count()).toBe(0);
    await page.context().close();
  });

  it('R63: a chart that cannot be read stays, and the others work', async () => {
    const broken = html.replace(
      '{"kind":"line","spec":{"id":"page-loads-0"',
      '{"kind":"?","spec":{"id":"x"',
    );
    expect(broken).not.toBe(html);
    const { page, complaints } = await openReport(browser, { html: broken, folder });
    const figures = page.locator(`${SECTION} figure`);
    await figures.nth(1).scrollIntoViewIfNeeded();
    await figures.nth(1).locator('.plot').waitFor();
    await figures.first().and(page.locator('[data-failed]')).waitFor();
    expect(await figures.first().locator('svg.chart[role="img"]').isVisible()).toBe(true);
    await figures.nth(1).locator('.plot').focus();
    await page.keyboard.press('ArrowRight');
    expect(await figures.nth(1).locator('.tip').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('R65: nothing moves by itself', async () => {
    const { page } = await open({ reducedMotion: 'reduce' });
    const [first] = await twoCharts(page);
    await first.getByRole('button', { name: 'Zoom in' }).click();
    const moving = await page.evaluate('document.getAnimations().length');
    expect(moving).toBe(0);
    await page.context().close();
  });

  it('leads past its head by a link, which the keyboard meets first', async () => {
    const { page } = await open();
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    expect(await focused.textContent()).toBe('Skip to the sections');
    expect((await focused.boundingBox())?.x ?? -1).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    expect(await page.locator('main:focus').count()).toBe(1);
    await page.context().close();
  });
});
