/** The report as a browser shows it: complete with JavaScript off, in light and dark, wide, on a
 * phone and on paper, under policies that forbid all scripts and styles, clean by axe-core. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/render-report.ts';
import { compareDocument, runDocument } from '../report/fixture-documents.ts';
import { manyDocument, stormDocument } from '../report/load-test-documents.ts';
import {
  loadDocument,
  planDocument,
  sweepDocument,
} from '../report/planning/planning-documents.ts';
import { CHROMIUM, openChromium } from './open-chromium.ts';
import { axeViolations, openReport } from './report/open-report.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NAMES = ['run', 'compare', 'storm', 'many', 'plan', 'load', 'sweep'] as const;
const VIEWS = [
  ['light', 1_200],
  ['dark', 1_200],
  ['light', 390],
  ['dark', 390],
] as const;

/** All views of a run; of the others, each width and each scheme once. */
function viewsOf(name: string) {
  return name === 'run' ? VIEWS : [VIEWS[0], VIEWS[3]];
}

/** Reads a property of the computed style; it runs in the page, whose globals Node has not. */
const STYLE = (element: unknown, property: string): string =>
  (globalThis as unknown as PageGlobals).getComputedStyle(element)[property] ?? '';

interface PageGlobals {
  getComputedStyle(element: unknown): Readonly<Record<string, string>>;
}

/** Where the visible elements of a selector stand. */
async function boxesOf(page: Page, selector: string) {
  const all = await page.locator(selector).all();
  const boxes = await Promise.all(all.map((one) => one.boundingBox()));
  return boxes.filter((box) => box !== null);
}

describe.skipIf(CHROMIUM === undefined)('the report in a browser', () => {
  let browser: Browser;
  let folder: string;
  const pages = new Map<string, string>();
  const htmlOf = (name: string): string => pages.get(name) ?? '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'backlot-report-'));
    pages.set('run', renderReport(runDocument()));
    pages.set('compare', renderReport(compareDocument()));
    pages.set('storm', renderReport(await stormDocument()));
    pages.set('many', renderReport(await manyDocument()));
    pages.set('plan', renderReport(planDocument()));
    pages.set('load', renderReport(loadDocument()));
    pages.set('sweep', renderReport(sweepDocument()));
    browser = await openChromium();
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('R60: with JavaScript off', () => {
    for (const name of NAMES) {
      for (const [colorScheme, width] of viewsOf(name)) {
        it(`${name}, ${colorScheme}, ${width} px: draws, fits, asks for nothing`, async () => {
          const view = { colorScheme, width, hasScript: false };
          const { page, complaints } = await openReport(
            browser,
            { html: htmlOf(name), folder },
            view,
          );
          expect(await page.locator('figure svg.chart').count()).toBeGreaterThan(0);
          expect(await page.locator('h1').count()).toBe(1);
          expect(await page.locator('figure').count()).toBe(
            await page.locator('figure details').count(),
          );
          const body = await page.locator('body').boundingBox();
          expect(body?.width ?? 0).toBeLessThanOrEqual(width);
          for (const box of await boxesOf(page, '.scroll, h1, .facts, .legend, svg')) {
            expect(box.x + box.width).toBeLessThanOrEqual(width + 1);
          }
          expect(await page.locator('tr[hidden], button').count()).toBe(0);
          expect(complaints).toEqual([]);
          await page.context().close();
        });
      }
    }

    it('has different colours by light and by dark', async () => {
      const background = async (colorScheme: 'light' | 'dark') => {
        const view = { colorScheme, width: 800, hasScript: false };
        const { page } = await openReport(browser, { html: htmlOf('run'), folder }, view);
        const image = await page.screenshot({ clip: { x: 0, y: 0, width: 4, height: 4 } });
        await page.context().close();
        return image.toString('base64');
      };
      expect(await background('light')).not.toBe(await background('dark'));
    });
  });

  describe('R63: under the policy of Jenkins, without scripts and style sheets', () => {
    let server: Server;
    beforeAll(async () => {
      server = createServer((_, response) => {
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy':
            "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self'",
        });
        response.end(htmlOf('run'));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    it('has its tables, its drawings, their colours, and the size of their texts', async () => {
      const page = await browser.newPage({ viewport: { width: 1_200, height: 900 } });
      const { port } = server.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}/`);
      expect(await page.locator('html[data-script]').count()).toBe(0);
      const drawn = page.locator('figure svg.chart');
      expect(await drawn.count()).toBe(htmlOf('run').match(/<svg class="chart"/g)?.length);
      const line = page.locator('svg.chart path[stroke-dasharray="9,4"]').first();
      const look = await line.evaluate(STYLE, 'stroke');
      expect(look).toBe('rgb(192, 78, 0)');
      const text = page.locator('svg.chart text').first();
      expect(await text.evaluate(STYLE, 'fontSize')).toBe('12px');
      await page.context().close();
    });
  });

  describe('axe-core', () => {
    for (const name of NAMES) {
      for (const [colorScheme, width] of viewsOf(name)) {
        it(`finds nothing in ${name}, ${colorScheme}, ${width} px, all opened`, async () => {
          const view = { colorScheme, width };
          const { page } = await openReport(browser, { html: htmlOf(name), folder }, view);
          for (const one of await page.locator('details').all()) {
            await one.evaluate((details) => details.setAttribute('open', ''));
          }
          // The script has made what it makes of charts on the screen.
          await page.locator('figure').first().scrollIntoViewIfNeeded();
          await page.locator('figure .plot').first().waitFor();
          expect(await axeViolations(page, AXE)).toEqual([]);
          await page.context().close();
        });
      }
    }
  });

  describe('on paper', () => {
    it('prints whole tables in the colours of paper, whatever was on the screen', async () => {
      const view = { colorScheme: 'dark', width: 800 } as const;
      const { page } = await openReport(browser, { html: htmlOf('run'), folder }, view);
      const details = page.locator('#page-loads-0-numbers');
      await details.evaluate((one) => one.setAttribute('open', ''));
      await details.scrollIntoViewIfNeeded();
      await page.locator('.pager').first().waitFor();
      const rows = details.locator('tbody tr:visible');
      expect(await rows.count()).toBe(25);
      await page.emulateMedia({ media: 'print' });
      expect(await rows.count()).toBe(runDocument().architectures[0]?.series.minutes.length);
      expect(await page.locator('.pager:visible, .tools:visible, nav:visible').count()).toBe(0);
      const body = page.locator('body');
      const background = await body.evaluate(STYLE, 'backgroundColor');
      expect(background).toBe('rgb(255, 255, 255)');
      const pdf = await page.pdf({ format: 'A4' });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      expect(pdf.length).toBeGreaterThan(20_000);
      await page.context().close();
    });
  });
});
