/** The report as a browser shows it: light, dark, on a phone, in print, with JavaScript off and the
 * network watched. Skips with a printed reason where there is no Chromium. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/render-report.ts';
import { compareDocument, runDocument } from './fixture-documents.ts';
import { manyDocument, stormDocument } from './load-test-documents.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);
const IS_LONG = process.env['BACKLOT_LONG'] === '1';
if (CHROMIUM === undefined) console.info('skipped: no Chromium on this machine');

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the visible elements of a selector stand. */
async function boxesOf(page: Page, selector: string) {
  const all = await page.locator(selector).all();
  const boxes = await Promise.all(all.map((one) => one.boundingBox()));
  return boxes.filter((box) => box !== null);
}

/** Both widths and both schemes; colours move no box, so each pair of them is for the long run. */
const VIEWS = [
  ['light', 1_200],
  ['dark', 390],
  ...(IS_LONG
    ? ([
        ['dark', 1_200],
        ['light', 390],
      ] as const)
    : []),
] as const;

describe.skipIf(CHROMIUM === undefined)('the report in a browser', () => {
  let browser: Browser;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'backlot-report-'));
    writeFileSync(join(directory, 'run.html'), renderReport(runDocument()));
    writeFileSync(join(directory, 'compare.html'), renderReport(compareDocument()));
    writeFileSync(join(directory, 'storm.html'), renderReport(await stormDocument()));
    writeFileSync(join(directory, 'many.html'), renderReport(await manyDocument()));
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: FLAGS });
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Opens a report and notes what it asks for and complains about. */
  async function open(
    name: string,
    options: { readonly colorScheme: 'light' | 'dark'; readonly width: number },
  ): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
    const context = await browser.newContext({
      colorScheme: options.colorScheme,
      javaScriptEnabled: false,
      viewport: { width: options.width, height: 900 },
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) complaints.push(`asks for ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(directory, name)).href);
    return { page, complaints };
  }

  for (const name of ['run.html', 'compare.html', 'storm.html', 'many.html']) {
    for (const [colorScheme, width] of VIEWS) {
      it(`${name}, ${colorScheme}, ${width} px: draws, fits, and asks for nothing`, async () => {
        const { page, complaints } = await open(name, { colorScheme, width });
        expect(await page.locator('svg').count()).toBeGreaterThan(1);
        expect(await page.locator('h1').count()).toBe(1);
        const body = await page.locator('body').boundingBox();
        expect(body?.width ?? 0).toBeLessThanOrEqual(width);
        for (const box of await boxesOf(page, '.scroll, h1, .facts, .legend')) {
          expect(box.x + box.width).toBeLessThanOrEqual(width + 1);
        }
        for (const box of await boxesOf(page, 'svg')) {
          expect(box.x + box.width).toBeLessThanOrEqual(width + 1);
        }
        expect(complaints).toEqual([]);
        await page.context().close();
      });
    }
  }

  it('has different colours by light and by dark', async () => {
    const background = async (colorScheme: 'light' | 'dark') => {
      const { page } = await open('run.html', { colorScheme, width: 800 });
      const image = await page.screenshot({ clip: { x: 0, y: 0, width: 4, height: 4 } });
      await page.context().close();
      return image.toString('base64');
    };
    expect(await background('light')).not.toBe(await background('dark'));
  });

  it('prints', async () => {
    const { page } = await open('run.html', { colorScheme: 'dark', width: 800 });
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(20_000);
    await page.context().close();
  });
});
