/** Queues that outlive their pages: reloads, tabs that are gone, tabs that slept, stores that are
 * full, forbidden or spoilt. Whatever happens, every event gets to the collector. */
import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../../src/browser/sdk/store/site-store.ts';
import { hours } from '../../../src/kernel/time.ts';
import { click, clientIn } from './client-builder.ts';
import { FakeBrowser, FakeStore } from './fake-browser.ts';

const MINUTE = 60_000;

/** Names of targets that the collector took. */
function arrived(browser: FakeBrowser): readonly string[] {
  const byId = new Map(
    browser.requests.flatMap(({ body }) => body.events).map(({ id, data }) => [id, data.target]),
  );
  return [...browser.accepted.keys()].map((id) => byId.get(id) ?? '').sort();
}

const keys = ({ shared }: FakeBrowser, kind: string) =>
  [...shared.texts.keys()].filter((key) => key.includes(`.${kind}.`));

describe('the next page of a tab', () => {
  it('B9: sends what the page before had captured, in the same session', async () => {
    const browser = new FakeBrowser();
    browser.isOnline = false;
    const tab = browser.open();
    const first = clientIn(tab);
    click(first, 'a', 'b');
    // Killed: no pagehide, no stop.
    tab.isFrozen = true;
    browser.isOnline = true;
    await browser.pass(LEASE_MS.shown + 1);
    const second = clientIn(browser.open(tab.ownTab));
    click(second, 'c');
    await browser.pass(MINUTE);
    expect(arrived(browser)).toEqual(['a', 'b', 'c']);
    expect([...browser.accepted.values()]).toEqual([1, 1, 1]);
    const sessions = browser.requests.flatMap(({ body }) => body.events.map((e) => e.sessionId));
    expect(new Set(sessions).size).toBe(1);
    expect(second.stats()).toMatchObject({ captured: 3, acknowledged: 3, residual: 0 });
  });

  it('B9: a beacon that nobody heard of is sent again under the same ids', async () => {
    const browser = new FakeBrowser();
    const tab = browser.open();
    const first = clientIn(tab);
    click(first, 'a');
    first.hidden(true);
    tab.isFrozen = true;
    clientIn(browser.open(tab.ownTab));
    await browser.pass(MINUTE);
    expect(browser.requests.map(({ isBeacon }) => isBeacon)).toEqual([true, false]);
    expect([...browser.accepted.values()]).toEqual([2]);
  });

  it('B14: that comes back goes on where it was, or where others were', async () => {
    const browser = new FakeBrowser();
    browser.isOnline = false;
    const tab = browser.open();
    const page = clientIn(tab);
    click(page, 'a');
    page.hidden(true);
    page.shown();
    click(page, 'b');
    page.hidden(true);
    tab.isFrozen = true;
    const next = clientIn(browser.open(tab.ownTab));
    click(next, 'c');
    next.hidden(true);
    next.stop();
    tab.isFrozen = false;
    page.shown();
    click(page, 'd');
    browser.isOnline = true;
    page.network(true);
    await browser.pass(MINUTE);
    expect(arrived(browser)).toEqual(['a', 'b', 'c', 'd']);
    expect([...browser.accepted.values()]).toEqual([1, 1, 1, 1]);
  });
});

describe('several tabs', () => {
  it('B11: have queues of their own, and ids that never meet', async () => {
    const browser = new FakeBrowser();
    const clients = [1, 2, 3].map(() => clientIn(browser.open()));
    for (const client of clients) click(client, 'a', 'b');
    await browser.pass(MINUTE);
    expect(keys(browser, 'q').length).toBe(3);
    expect(browser.accepted.size).toBe(6);
    expect([...browser.accepted.values()].every((times) => times === 1)).toBe(true);
  });

  it('B11: a tab that was copied, with what is its own, takes another name', async () => {
    const browser = new FakeBrowser();
    const tab = browser.open();
    const client = clientIn(tab);
    const copy = new FakeStore();
    for (const [key, text] of tab.ownTab.texts) copy.setItem(key, text);
    const other = clientIn(browser.open(copy));
    click(client, 'a');
    click(other, 'b');
    await browser.pass(MINUTE);
    expect(keys(browser, 'q').length).toBe(2);
    expect(arrived(browser)).toEqual(['a', 'b']);
  });

  it('B12: one takes over what one that is gone has left, once, and clears it away', async () => {
    const browser = new FakeBrowser();
    browser.isOnline = false;
    const gone = browser.open();
    click(clientIn(gone), 'a', 'b');
    gone.isFrozen = true;
    const others = [clientIn(browser.open()), clientIn(browser.open())];
    browser.isOnline = true;
    for (const other of others) other.network(true);
    await browser.pass(LEASE_MS.shown - 1);
    expect(browser.requests).toEqual([]);
    await browser.pass(MINUTE);
    expect(arrived(browser)).toEqual(['a', 'b']);
    expect([...browser.accepted.values()]).toEqual([1, 1]);
    expect(keys(browser, 'q').length).toBe(2);
    const adopted = others.map((other) => other.stats().adopted);
    expect(adopted.reduce((sum, { queues }) => sum + queues, 0)).toBe(1);
    expect(adopted.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBe(2);
  });

  it('B12: one that left properly is followed at once', async () => {
    const browser = new FakeBrowser();
    browser.isOnline = false;
    const gone = clientIn(browser.open());
    click(gone, 'a');
    gone.hidden(true);
    gone.hidden(false);
    browser.isOnline = true;
    clientIn(browser.open());
    await browser.pass(0);
    expect(arrived(browser)).toEqual(['a']);
  });

  it('B13: one that slept through its lease begins anew, and sends nothing twice', async () => {
    const browser = new FakeBrowser();
    browser.isOnline = false;
    const tab = browser.open();
    const sleeper = clientIn(tab);
    click(sleeper, 'a');
    sleeper.hidden(false);
    tab.isFrozen = true;
    await browser.pass(LEASE_MS.hidden + 1);
    browser.isOnline = true;
    clientIn(browser.open());
    await browser.pass(MINUTE);
    expect(arrived(browser)).toEqual(['a']);
    tab.isFrozen = false;
    sleeper.network(true);
    sleeper.shown();
    click(sleeper, 'b');
    await browser.pass(10 * MINUTE);
    expect(arrived(browser)).toEqual(['a', 'b']);
    expect(browser.accepted.get(browser.requests[0]?.body.events[0]?.id ?? '')).toBe(1);
  });
});

describe('a store', () => {
  it('B10: that is full costs nothing but the next life; failures count', async () => {
    const browser = new FakeBrowser();
    browser.shared.quota = 600;
    const client = clientIn(browser.open());
    click(client, ...Array.from({ length: 30 }, (_, n) => `t${n}`));
    await browser.pass(MINUTE);
    expect(browser.accepted.size).toBe(30);
    expect(client.stats().storeFailures).toBeGreaterThan(0);
    expect(client.stats()).toMatchObject({ acknowledged: 30, residual: 0 });
  });

  it('B10: that was full never makes two events share an id', async () => {
    const browser = new FakeBrowser();
    browser.isOnline = false;
    const tab = browser.open();
    const first = clientIn(tab);
    click(first, 'a');
    browser.shared.quota = 0;
    click(first, 'b', 'c');
    first.stop();
    browser.shared.quota = 1e6;
    browser.isOnline = true;
    const second = clientIn(browser.open(tab.ownTab));
    click(second, 'd', 'e');
    await browser.pass(MINUTE);
    // What fitted is there, and nothing of the new page is taken for what was lost.
    expect(arrived(browser)).toEqual(['a', 'd', 'e']);
  });

  it('B10: that is forbidden, or throws at everything, is done without', async () => {
    const browser = new FakeBrowser();
    const tab = browser.open();
    const client = clientIn(Object.assign(browser.open(), { shared: undefined }));
    click(client, 'a');
    const broken = {
      get length(): number {
        throw new Error('SecurityError');
      },
      key: thrower,
      getItem: thrower,
      setItem: thrower,
      removeItem: thrower,
    };
    const other = clientIn(Object.assign(tab, { shared: broken }));
    click(other, 'b');
    await browser.pass(MINUTE);
    other.consent(false);
    expect(arrived(browser)).toEqual(['a', 'b']);
  });

  it.each([
    ['no JSON', '{"schema":1,"state":{'],
    ['something else', '[1,2,3]'],
    ['a state of another make', '{"schema":99}'],
    [
      'a state that is none',
      '{"schema":1,"savedAt":{"wallUs":1,"uptimeUs":1},"state":{"queue":7}}',
    ],
  ])('B11: that holds %s is put aside, and counted', async (_, text) => {
    const browser = new FakeBrowser();
    const tab = browser.open();
    clientIn(tab).stop();
    const [key = ''] = keys(browser, 'q');
    browser.shared.setItem(key, text);
    const client = clientIn(browser.open(tab.ownTab));
    click(client, 'a');
    await browser.pass(MINUTE);
    expect(arrived(browser)).toEqual(['a']);
    expect(client.stats().storesRefused).toBe(1);
    expect([...browser.shared.texts.values()]).toContain(text);
  });

  it('B9: of a long queue is written once a second, and as the page hides', async () => {
    const browser = new FakeBrowser();
    browser.isOnline = false;
    const tab = browser.open();
    const policy = { eventBurst: 1_000, maxBatchAgeUs: hours(1), maxBatchEvents: 5_000 };
    const client = clientIn(tab, { policy });
    click(client, ...Array.from({ length: 300 }, (_, n) => `t${n}`));
    const before = browser.shared.writes;
    click(client, ...Array.from({ length: 50 }, (_, n) => `u${n}`));
    expect(browser.shared.writes).toBe(before);
    await browser.pass(1_000);
    expect(browser.shared.writes).toBe(before + 1);
    const [key = ''] = keys(browser, 'q');
    click(client, 'last');
    client.hidden(true);
    expect(browser.shared.getItem(key)).toContain('"last"');
  });
});

function thrower(): never {
  throw new Error('SecurityError');
}
