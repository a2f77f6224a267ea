/** A real run under the dashboard, from a real browser: what somebody does there is kept, and the
 * published run is the same when it is run again without anybody. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from './dashboard/open-dashboard.ts';
import { CHROMIUM, openChromium } from './open-chromium.ts';

/** Waits for a condition; how long says only when to give up. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BACKLOT = join(ROOT, 'bin', 'backlot.js');
const SCENARIO = join(ROOT, 'scenarios', 'breaker-and-fallback.ts');
const RUN = ['run', SCENARIO, '--variant', 'breaker'];

/** A process of the command line, and what it told. */
interface Told {
  readonly child: ChildProcess;
  readonly url: Promise<string>;
  readonly exitCode: Promise<number | null>;
  text(): string;
}

function tell(args: readonly string[]): Told {
  const child = spawn(process.execPath, [BACKLOT, ...args], { cwd: ROOT, stdio: 'pipe' });
  let text = '';
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = new Promise<string>((resolve, reject) => {
    const hear = (piece: Buffer): void => {
      text += piece.toString('utf8');
      const found = /Watch it at (\S+)\n/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('close', () => reject(new Error(`it ended without an address: ${text}`)));
  });
  return { child, url, exitCode, text: () => text };
}

const state = (page: Page) => page.locator('.clock .pill').getAttribute('data-state');
const event = async (page: Page) => {
  const words = (await page.locator('.clock .row').textContent()) ?? '';
  return Number(/event #([\d,]+)/.exec(words)?.[1]?.replaceAll(',', '') ?? 0);
};
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const done = (page: Page, words: string) =>
  page.locator('.commands li[data-state="done"]', { hasText: words }).first().waitFor();

describe.skipIf(CHROMIUM === undefined)('run --watch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backlot-watch-'));
  const out = join(folder, 'run');
  let browser: Browser;

  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('L62, L66: pause, step, seek, a fault by hand; verify finds the same run', async () => {
    const run = tell([...RUN, '--watch', '--paused', '--out', out]);
    const { page, complaints } = await openPage(browser, await run.url);
    await soon(() => state(page)).toBe('paused');
    expect(await event(page)).toBe(0);
    await press(page, '+1 event');
    await soon(() => event(page)).toBe(1);
    await press(page, '+100 events');
    await soon(() => event(page)).toBe(101);
    await press(page, '−1 event');
    await soon(() => event(page)).toBe(100);
    await page.getByLabel('Go to').fill('20s');
    await press(page, 'Go');
    await done(page, 'go to 20:00:20');
    await soon(() => page.locator('.time').textContent()).toContain('20:00:20');
    await page.getByLabel('Search').fill('process.slow');
    await page.getByLabel('Target').selectOption('movie');
    await page.getByLabel('Intensity').fill('30');
    await page.getByLabel('For', { exact: true }).fill('7s');
    await press(page, 'Inject');
    await done(page, 'fault process.slow on movie at 30 for 7 s');
    await press(page, 'max: as fast as it goes');
    await press(page, 'Resume');
    await page.getByText('The run is over.').waitFor({ timeout: 60_000 });
    expect(await page.locator('.verdict code').textContent()).toBe(`npx backlot dash ${out}`);
    expect([await run.exitCode, run.text().includes('Watch it at')]).toEqual([0, true]);
    expect(complaints).toEqual([]);
    const verified = await backlot(['verify', out]);
    expect(verified).toContain(`✓ all  ${digestOf(out)}`);
    expect(verified).toContain('reproduced: digests, document and balances');
  });

  it('L62: the process ends with a browser connected, and looking on changes nothing', async () => {
    const run = tell([...RUN, '--watch', '--out', join(folder, 'unchanged')]);
    const { page } = await openPage(browser, await run.url);
    expect(await run.exitCode).toBe(0);
    await page.getByText('The run is over.').waitFor();
    const plain = join(folder, 'plain');
    await backlot([...RUN, '--out', plain]);
    expect(digestOf(join(folder, 'unchanged'))).toBe(digestOf(plain));
    expect(digestOf(out)).not.toBe(digestOf(plain));
  });

  it('L62: dash shows the recorded run again, with what was changed in it', async () => {
    const again = tell(['dash', out]);
    const { page } = await openPage(browser, await again.url);
    await soon(() => state(page)).toBe('paused');
    await page.getByLabel('Go to').fill('22s');
    await press(page, 'Go');
    await page.locator('.faults', { hasText: 'process.slow on movie' }).waitFor();
    await press(page, 'Resume');
    expect(await again.exitCode).toBe(0);
    expect(again.text()).toContain(digestOf(out));
  });
});

function digestOf(directory: string): string {
  return JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8')).digest;
}

async function backlot(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [BACKLOT, ...args], { cwd: ROOT });
  return stdout;
}
