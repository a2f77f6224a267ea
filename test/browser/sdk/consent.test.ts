/** Consent first: before it everything is in memory, a refusal leaves no trace, and what one tab is
 * told holds for all of them. */
import { describe, expect, it } from 'vitest';
import type { BacklotOptions } from '../../../src/browser/sdk/options.ts';
import { click, clientIn } from './client-builder.ts';
import { FakeBrowser, FakeStore } from './fake-browser.ts';

const MINUTE = 60_000;
const ASK = { consent: 'ask' as const };

/** Where no storage, and no request, was ever touched. */
function isUntouched(browser: FakeBrowser, ownTab: FakeStore): boolean {
  return browser.shared.writes === 0 && ownTab.writes === 0 && browser.requests.length === 0;
}

describe('before the decision', () => {
  it('B1: nothing is stored or sent, whatever happens to the page', async () => {
    const browser = new FakeBrowser();
    const ownTab = new FakeStore();
    const client = clientIn(browser.open(ownTab), ASK);
    click(client, 'a', 'b');
    client.flush();
    client.network(false);
    client.network(true);
    await browser.pass(10 * MINUTE);
    client.hidden(false);
    client.shown();
    client.hidden(true);
    client.stop();
    await browser.pass(MINUTE);
    expect(isUntouched(browser, ownTab)).toBe(true);
    expect(client.stats()).toMatchObject({ consent: 'undecided', queued: 2, isKept: false });
  });

  it('B1: agreed to, what waited is sent, and kept until it is through', async () => {
    const browser = new FakeBrowser();
    const ownTab = new FakeStore();
    const client = clientIn(browser.open(ownTab), ASK);
    click(client, 'a', 'b');
    await browser.pass(MINUTE);
    client.consent(true);
    expect(browser.shared.length).toBeGreaterThan(0);
    await browser.pass(MINUTE);
    expect(browser.sent()).toEqual([['a', 'b']]);
    expect(client.stats()).toMatchObject({ consent: 'granted', acknowledged: 2, isKept: true });
  });

  it('B1: agreed to once, it holds for the next page, with the same subject', async () => {
    const browser = new FakeBrowser();
    const first = clientIn(browser.open(), ASK);
    first.consent(true);
    const { subject } = first.stats();
    first.stop();
    const second = clientIn(browser.open(), ASK);
    expect(second.stats()).toMatchObject({ consent: 'granted', subject });
    click(second, 'a');
    await browser.pass(MINUTE);
    expect(browser.requests[0]?.body.events[0]?.subject).toBe(subject);
  });
});

describe('a refusal', () => {
  it('B1: leaves nothing: no request, no storage', async () => {
    const browser = new FakeBrowser();
    const ownTab = new FakeStore();
    const client = clientIn(browser.open(ownTab), ASK);
    click(client, 'a', 'b');
    client.consent(false);
    click(client, 'c');
    await browser.pass(10 * MINUTE);
    client.hidden(true);
    client.stop();
    expect(isUntouched(browser, ownTab)).toBe(true);
    expect(client.stats()).toMatchObject({ queued: 0, droppedByReason: { sdk_no_consent: 3 } });
  });

  it('B1: taken back, it removes every trace, that of other tabs too', async () => {
    const browser = new FakeBrowser();
    browser.isOnline = false;
    const ownTab = new FakeStore();
    const gone = clientIn(browser.open(), ASK);
    gone.consent(true);
    click(gone, 'x');
    gone.hidden(true);
    const client = clientIn(browser.open(ownTab), ASK);
    const { subject } = client.stats();
    click(client, 'a');
    expect(browser.shared.length).toBeGreaterThan(3);
    client.consent(false);
    expect([browser.shared.length, ownTab.length]).toEqual([0, 0]);
    browser.isOnline = true;
    client.network(true);
    await browser.pass(10 * MINUTE);
    expect(browser.requests).toEqual([]);
    expect([browser.shared.length, ownTab.length]).toEqual([0, 0]);
    expect(client.stats().subject).not.toBe(subject);
  });

  it('B15: in one tab is one in all of them, and so is a consent', async () => {
    const browser = new FakeBrowser();
    const [one, two] = [clientIn(browser.open(), ASK), clientIn(browser.open(), ASK)];
    click(one, 'a');
    click(two, 'b');
    one.consent(true);
    const [key] = [...browser.shared.texts.keys()].filter((name) => name.endsWith('who'));
    two.sharedChanged('of somebody else');
    expect(two.stats().consent).toBe('undecided');
    two.sharedChanged(key ?? '');
    expect(two.stats()).toMatchObject({ consent: 'granted', subject: one.stats().subject });
    await browser.pass(MINUTE);
    expect(browser.accepted.size).toBe(2);
    one.consent(false);
    two.sharedChanged(key ?? '');
    expect(two.stats().consent).toBe('denied');
    expect(browser.shared.length).toBe(0);
  });

  it('B3: is what the browser’s signals say, until somebody agrees in so many words', async () => {
    const browser = new FakeBrowser();
    for (const consent of ['ask', 'not-needed'] as const) {
      const ownTab = new FakeStore();
      const client = clientIn(browser.open(ownTab), { consent }, true);
      click(client, 'a');
      await browser.pass(MINUTE);
      expect(isUntouched(browser, ownTab)).toBe(true);
      expect(client.stats().consent).toBe('denied');
      client.stop();
    }
    const client = clientIn(browser.open(), ASK, true);
    client.consent(true);
    click(client, 'b');
    await browser.pass(MINUTE);
    expect(browser.sent()).toEqual([['b']]);
  });
});

describe('who somebody is', () => {
  it('B2: is random, different for each browser, and no cookie', () => {
    const [one, two] = [new FakeBrowser(), new FakeBrowser()].map((browser, n) => {
      for (let i = 0; i < n; i += 1) browser.nextName();
      return clientIn(browser.open()).stats().subject;
    });
    expect(one).toMatch(/^[\w-]{16}$/);
    expect(two).not.toBe(one);
  });

  it('B2: changes with identify, for later events; their session begins anew', async () => {
    const browser = new FakeBrowser();
    const client = clientIn(browser.open());
    click(client, 'a', 'b');
    client.identify('p-77');
    click(client, 'c');
    client.identify('p-77');
    click(client, 'd');
    client.identify(undefined);
    click(client, 'e');
    await browser.pass(MINUTE);
    const events = browser.requests.flatMap(({ body }) => body.events);
    const subjects = events.map(({ subject }) => subject);
    expect(subjects.slice(2, 4)).toEqual(['p-77', 'p-77']);
    expect(new Set(subjects).size).toBe(3);
    expect(events.map(({ sequence }) => sequence)).toEqual([0, 1, 0, 1, 0]);
    expect(new Set(events.map(({ sessionId }) => sessionId)).size).toBe(3);
    client.stop();
    expect(clientIn(browser.open()).stats().subject).toBe(subjects[4]);
  });
});

describe('what may leave the page', () => {
  it('B16: fields by allow-list and deny-list, plain values, texts cut', async () => {
    const browser = new FakeBrowser();
    const client = clientIn(browser.open(), {
      properties: { allow: ['target', 'query', 'slot'], deny: ['query'] },
    });
    const data = JSON.parse('{"target":"t","query":"q","row":"r","slot":2,"__proto__":{"x":1}}');
    client.capture({ type: 'ui.click', data });
    const odd = { target: 'x'.repeat(9_000), slot: Number.NaN, query: () => 1 } as object;
    client.capture({ type: 'ui.click', data: odd });
    client.flush();
    await browser.pass(0);
    const [first, second] = browser.requests[0]?.body.events ?? [];
    expect(first?.data).toEqual({ target: 't', slot: 2 });
    expect(second?.data).toEqual({ target: 'x'.repeat(2_048) });
  });

  it('B17: beforeSend changes and drops; where it throws, it harms nobody else', async () => {
    const browser = new FakeBrowser();
    const client = clientIn(browser.open(), {
      beforeSend(fact) {
        const { target } = fact.data;
        if (target === 'break') throw new Error('a bug of the page');
        if (target === 'secret') return null;
        return { ...fact, data: { target: `${target}!` } };
      },
    });
    click(client, 'a', 'break', 'secret', 'b');
    client.flush();
    await browser.pass(0);
    expect(browser.sent()).toEqual([['a!', 'b!']]);
    expect(client.stats()).toMatchObject({ captured: 2, droppedByPage: 1, brokenByPage: 1 });
  });

  it.each([
    [{ url: '' } as Partial<BacklotOptions>, 'url'],
    [{ writeKey: '' }, 'writeKey'],
    [{ consent: 'yes' as 'ask' }, 'consent'],
    [{ subject: '' }, 'subject'],
    [{ policy: { sampleRate: 0 } }, 'sampleRate'],
  ])('B16: refuses %j', (options, name) => {
    expect(() => clientIn(new FakeBrowser().open(), options)).toThrowError(name);
  });
});
