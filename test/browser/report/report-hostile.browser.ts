/** Hostile names in a report with its script on: nothing runs, nothing is asked for, no attribute
 * comes in; and the policy holds where escaping would fail. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../../src/report/render-report.ts';
import { compareDocument, runDocument } from '../../report/fixture-documents.ts';
import { stormDocument } from '../../report/load-test-documents.ts';
import {
  loadDocument,
  planDocument,
  sweepDocument,
} from '../../report/planning/planning-documents.ts';
import { CHROMIUM, openChromium } from '../open-chromium.ts';
import { ATTACKS, hostileDocument } from './hostile-documents.ts';
import { openReport } from './open-report.ts';

/** Elements and attributes that no report has, as the page finds them; as a text, for it runs in
 * the page. */
const INTRUSIONS = `(() => {
  const found = [];
  const known = /^(svg|g|path|text|tspan|title|defs|clipPath|rect|circle|polygon|polyline)$/;
  const attribute = ({ name, value }) =>
    /^on|^src|^formaction|^autofocus/.test(name) || (/href$/.test(name) && !value.startsWith('#'));
  for (const element of document.querySelectorAll('*')) {
    found.push(...[...element.attributes].filter(attribute).map(({ name }) => name));
    const isSvg = element.namespaceURI === 'http://www.w3.org/2000/svg';
    if (isSvg && !known.test(element.localName)) found.push('svg ' + element.localName);
  }
  const strange = 'iframe,object,embed,img,link,base,form,math,template,input,audio,video';
  found.push(...[...document.querySelectorAll(strange)].map((one) => one.localName));
  if ('hit' in globalThis) found.push('a script ran');
  found.push('scripts ' + document.querySelectorAll('script:not([type])').length);
  found.push('styles ' + document.querySelectorAll('style').length);
  found.push('metas ' + document.querySelectorAll('meta').length);
  return found;
})()`;

/** Enough for every kind of chart of a document. */
const FIGURES_MAX = 12;

/** Does with a page what readers do: opens all, points at everything, toggles. */
async function useEverything(page: Page): Promise<number> {
  for (const one of await page.locator('details').all()) {
    await one.evaluate((details) => details.setAttribute('open', ''));
  }
  let shown = 0;
  for (const figure of (await page.locator('figure').all()).slice(0, FIGURES_MAX)) {
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('.plot').waitFor();
    await figure.locator('.plot').focus();
    for (const key of ['ArrowRight', 'ArrowRight', '+', 'ArrowRight']) {
      await page.keyboard.press(key);
    }
    if (await figure.locator('.tip').isVisible()) shown += 1;
  }
  for (const button of await page.locator('.legend button').all()) await button.click();
  return shown;
}

describe.skipIf(CHROMIUM === undefined)('R3, R64: hostile names', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'backlot-report-'));
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const DOCUMENTS = {
    run: runDocument,
    compare: compareDocument,
    storm: stormDocument,
    plan: planDocument,
    load: loadDocument,
    sweep: sweepDocument,
  };
  for (const [name, make] of Object.entries(DOCUMENTS)) {
    it(`are inert in the report of a ${name}`, async () => {
      const html = renderReport(hostileDocument(await make()));
      const { page, complaints } = await openReport(browser, { html, folder });
      expect(await page.locator('h1').textContent()).toMatch(/<|'|"|&/);
      expect(await useEverything(page)).toBeGreaterThan(0);
      expect(await page.locator('[data-failed]').count()).toBe(0);
      expect(await page.evaluate(INTRUSIONS)).toEqual(['scripts 1', 'styles 1', 'metas 5']);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  }

  it('that got into the page unescaped would do nothing: the policy', async () => {
    const marker = '<h2 id="verdict">';
    const html = renderReport(runDocument());
    for (const attack of ATTACKS.filter((one) => !/plaintext|noscript|<!--|refresh/.test(one))) {
      const { page, complaints } = await openReport(
        browser,
        {
          html: html.replace(marker, `${attack.replaceAll('$', '$$$$')}${marker}`),
          folder,
        },
        { hasScript: false },
      );
      await page.context().close();
      expect(complaints.filter((one) => one.startsWith('asked for'))).toEqual([]);
    }
    const holed = html.replace(marker, `${ATTACKS.slice(0, 9).join('')}${marker}`);
    const { page, complaints } = await openReport(browser, { html: holed, folder });
    expect(complaints.length).toBeGreaterThan(3);
    expect(complaints.filter((one) => !/Content Security Policy/.test(one))).toEqual([]);
    expect(await page.evaluate(`'hit' in globalThis`)).toBe(false);
    await page.context().close();
  });
});
