/** A dashboard over a fake source, opened in Chromium, with an ear for complaints. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { LiveHello } from '../../../src/domain/live/live-hello.ts';
import {
  type Dashboard,
  type DashboardOptions,
  startDashboard,
} from '../../../src/live/dashboard/start-dashboard.ts';
import { fakeHello } from '../../live/dashboard/fake-frames.ts';
import { createFakeSource, type FakeSource } from '../../live/dashboard/fake-source.ts';

/** The page, what is behind it, and what went wrong in it. */
export interface OpenedDashboard {
  readonly page: Page;
  readonly source: FakeSource;
  readonly dashboard: Dashboard;
  /** Errors, warnings and breaches of the policy. */
  readonly complaints: string[];
  /** Emits frames and waits until the last is drawn. */
  show(...frames: Parameters<FakeSource['emit']>): Promise<void>;
}

/** How to open it. */
export interface OpenOptions {
  readonly hello?: LiveHello;
  readonly source?: FakeSource;
  readonly dashboard?: Partial<DashboardOptions>;
  readonly context?: BrowserContextOptions;
  readonly isReadOnly?: boolean;
}

/** Starts and opens; the test closes both. */
export async function openDashboard(
  browser: Browser,
  options: OpenOptions = {},
): Promise<OpenedDashboard> {
  const source = options.source ?? createFakeSource(options.hello ?? fakeHello());
  const dashboard = await startDashboard({ source, ...options.dashboard });
  const url = options.isReadOnly === true ? dashboard.readOnlyUrl : dashboard.url;
  const { page, complaints } = await openPage(browser, url, options.context);
  return {
    page,
    source,
    dashboard,
    complaints,
    async show(frame) {
      source.emit(frame);
      await page.locator(`body[data-sequence="${frame.sequence}"]`).waitFor();
    },
  };
}

/** Opens one more page. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1_200, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const { origin } = new URL(url);
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) {
      complaints.push(`asked for ${request.url()}`);
    }
  });
  await page.goto(url);
  return { page, complaints };
}
