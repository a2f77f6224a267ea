/** A report opened in Chromium, with an ear for everything that it must not do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** An opened page and what it did against the rules: requests, dialogs, errors, complaints. */
export interface OpenedReport {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Light or dark, wide or phone. */
export interface ReportView {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  readonly hasScript?: boolean;
  readonly reducedMotion?: 'reduce';
}

/** Opens a page of HTML from a file, as people do. */
export async function openReport(
  browser: Browser,
  { html, folder }: { readonly html: string; readonly folder: string },
  view: ReportView = {},
): Promise<OpenedReport> {
  const { colorScheme = 'light', width = 1_200, hasScript = true } = view;
  const options: BrowserContextOptions = {
    colorScheme,
    javaScriptEnabled: hasScript,
    viewport: { width, height: 900 },
    ...(view.reducedMotion === undefined ? {} : { reducedMotion: view.reducedMotion }),
  };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', () => complaints.push('popup'));
  const file = join(folder, `page-${counter++}.html`);
  writeFileSync(file, html);
  const url = pathToFileURL(file).href;
  page.on('requestfinished', (request) => {
    if (request.url() !== url) complaints.push(`asked for ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // What a policy stops never leaves the browser.
    if (!/CSP/i.test(why)) complaints.push(`asked for ${request.url()}: ${why}`);
  });
  await page.goto(url);
  if (hasScript) await page.locator('html[data-script="ready"]').waitFor();
  return { page, complaints };
}

let counter = 0;

/** What axe-core finds wrong, in words. */
export async function axeViolations(page: Page, source: string): Promise<readonly string[]> {
  // By the debugger, which no policy of the page stops.
  await page.evaluate(source);
  const run = 'axe.run(document, { resultTypes: ["violations"] })';
  const { violations } = (await page.evaluate(run)) as {
    violations: { id: string; nodes: { target: string[] }[] }[];
  };
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`);
}
