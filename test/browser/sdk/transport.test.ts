/** The contract of client SDKs over HTTP: the items of PostHog's SDK test harness by their names,
 * on the browser's transport with a network that answers as it likes. */
import { describe, expect, it, vi } from 'vitest';
import { retryAfterUs } from '../../../src/browser/sdk/delivery/answer.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { click, clientIn, URL_OF_COLLECTOR } from './client-builder.ts';
import { FakeBrowser, type Fate, okFor, type SeenRequest } from './fake-browser.ts';

const MINUTE = 60_000;
const SINGLE = { maxBatchEvents: 1 };
const PAIR = { maxBatchEvents: 2 };

/** The first requests meet these fates, later ones are accepted. */
const inTurn =
  (...fates: readonly (Fate | undefined)[]) =>
  (_: SeenRequest, n: number) =>
    fates[n];

const attempts = ({ requests }: FakeBrowser) => requests.map(({ body }) => body.attempt);

describe('a request', () => {
  it('B4: is JSON with the key as a bearer, without waiting once a batch is full', async () => {
    const browser = new FakeBrowser();
    const client = clientIn(browser.open(), { policy: PAIR });
    click(client, 'a', 'b');
    await browser.pass(0);
    const [request] = browser.requests;
    expect(request).toMatchObject({
      url: URL_OF_COLLECTOR,
      headers: { 'content-type': 'application/json', authorization: 'Bearer wk-demo' },
      keepalive: true,
      isPacked: false,
    });
    expect(request?.body.events.map(({ sequence }) => sequence)).toEqual([0, 1]);
    expect(client.stats()).toMatchObject({ captured: 2, acknowledged: 2, residual: 0 });
  });

  it('B8: is compressed where it is large, unless the collector says 415', async () => {
    const browser = new FakeBrowser();
    const client = clientIn(browser.open(), { policy: SINGLE, gzipFromBytes: 1_000 });
    const packed = () => browser.requests.map(({ isPacked }) => isPacked);
    const settles = (count: number) =>
      vi.waitFor(() => expect(client.stats().acknowledged).toBe(count));
    click(client, 'x'.repeat(2_000));
    await settles(1);
    browser.fate = inTurn(undefined, { status: 415 });
    click(client, 'y'.repeat(2_000));
    await settles(2);
    click(client, 'z'.repeat(2_000));
    await settles(3);
    expect(packed()).toEqual([true, true, false, false]);
    expect(browser.accepted.size).toBe(3);
    expect(client.stats()).toMatchObject({ acknowledged: 3, dropped: 0 });
  });
});

describe('retries', () => {
  for (const status of [503, 500, 502, 504, 408, 429]) {
    it(`B6: retries_on_${status}`, async () => {
      const browser = new FakeBrowser();
      browser.fate = inTurn({ status });
      click(clientIn(browser.open(), { policy: SINGLE }), 'a');
      await browser.pass(5 * MINUTE);
      expect(attempts(browser)).toEqual([1, 2]);
      expect([...browser.accepted.values()]).toEqual([1]);
    });
  }

  for (const status of [400, 401, 403, 404, 410, 422, 501, 505]) {
    it(`B6: does_not_retry_on_${status}`, async () => {
      const browser = new FakeBrowser();
      browser.fate = inTurn({ status });
      const client = clientIn(browser.open(), { policy: SINGLE });
      click(client, 'a');
      await browser.pass(60 * MINUTE);
      expect(browser.requests.length).toBe(1);
      expect(client.stats().droppedByReason).toEqual({ sdk_rejected: 1 });
    });
  }

  it('B6: does_not_retry_on_413, but splits', async () => {
    const browser = new FakeBrowser();
    browser.fate = inTurn({ status: 413 });
    click(clientIn(browser.open(), { policy: { maxBatchEvents: 4 } }), 'a', 'b', 'c', 'd');
    await browser.pass(MINUTE);
    expect(browser.sent()).toEqual([
      ['a', 'b', 'c', 'd'],
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('B4: gives a silent server up in time, and frees the connection', async () => {
    const browser = new FakeBrowser();
    browser.fate = inTurn('lost', 'unanswered');
    const client = clientIn(browser.open(), { policy: { ...SINGLE, ackTimeoutUs: seconds(3) } });
    click(client, 'a');
    await browser.pass(MINUTE);
    expect(attempts(browser)).toEqual([1, 2, 3]);
    expect(browser.requests[1]?.atMs).toBeGreaterThanOrEqual(3_000);
    expect([...browser.accepted.values()]).toEqual([2]);
    expect(client.stats()).toMatchObject({ acknowledged: 1, inFlight: 0 });
  });

  it('B6: implements_backoff, max_retries_respected', async () => {
    const browser = new FakeBrowser();
    browser.fate = () => ({ status: 500 });
    const retry = { maxAttempts: 4, backoffBaseUs: seconds(1), backoffCapUs: minutes(1) };
    const client = clientIn(browser.open(), { policy: { ...SINGLE, retry } });
    click(client, 'a');
    await browser.pass(60 * MINUTE);
    expect(browser.requests.map(({ atMs }) => atMs)).toEqual([0, 500, 1_500, 3_500]);
    expect(client.stats().droppedByReason).toEqual({ sdk_retries_exhausted: 1 });
  });
});

describe('Retry-After', () => {
  it('B7: respects_retry_after_header, in seconds or as a date', async () => {
    const browser = new FakeBrowser();
    const date = new Date(browser.wallMs + 200_000).toUTCString();
    browser.fate = inTurn(
      { status: 429, headers: { 'retry-after': '120' } },
      { status: 503, headers: { 'retry-after': date } },
    );
    click(clientIn(browser.open(), { policy: SINGLE }), 'a');
    await browser.pass(10 * MINUTE);
    expect(browser.requests.map(({ atMs }) => atMs)).toEqual([0, 120_000, 200_000]);
  });

  it.each([
    ['7', 7e6],
    [' 1.5 ', 1.5e6],
    ['-3', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
    ['Wed, 25 Nov 2026 00:00:10 GMT', 10e6],
    ['Wed, 25 Nov 2025 00:00:10 GMT', 0],
  ])('B7: reads %j', (text, us) => {
    expect(retryAfterUs(text, Date.UTC(2026, 10, 25))).toBe(us);
  });
});

describe('what a retry keeps and changes', () => {
  it('B6: preserves_uuid_and_timestamp and request_id; its attempt and time change', async () => {
    const browser = new FakeBrowser();
    browser.fate = inTurn('lost', { status: 500 });
    click(clientIn(browser.open(), { policy: PAIR }), 'a', 'b');
    await browser.pass(2 * MINUTE);
    const [first, second, third] = browser.requests.map(({ body }) => body);
    expect(third?.events).toEqual(first?.events);
    expect(second?.requestId).toBe(first?.requestId);
    expect(attempts(browser)).toEqual([1, 2, 3]);
    const byUs = (second?.sentTimeUs ?? 0) - (first?.sentTimeUs ?? 0);
    expect(byUs).toBeGreaterThan(10e6);
    expect((second?.sentUptimeUs ?? 0) - (first?.sentUptimeUs ?? 0)).toBe(byUs);
  });

  it('B6: no_duplicate_events_in_batch', async () => {
    const browser = new FakeBrowser();
    browser.fate = inTurn('lost', 'lost');
    click(clientIn(browser.open()), ...Array.from({ length: 25 }, (_, n) => `t${n}`));
    await browser.pass(2 * MINUTE);
    for (const { body } of browser.requests) {
      expect(new Set(body.events.map(({ id }) => id)).size).toBe(body.events.length);
    }
    expect(browser.accepted.size).toBe(25);
    expect([...browser.accepted.values()].every((times) => times === 1)).toBe(true);
  });

  it('B31: flush_with_no_events_sends_nothing', async () => {
    const browser = new FakeBrowser();
    clientIn(browser.open()).flush();
    await browser.pass(MINUTE);
    expect(browser.requests).toEqual([]);
  });
});

describe('answers event by event', () => {
  it('B6: retries_only_retry_events_from_partial; an unknown result is terminal', async () => {
    const browser = new FakeBrowser();
    const verdicts = ['ok', 'retry', 'drop', 'quarantined'];
    browser.fate = (request, n) =>
      n === 0 ? okFor(request, (i) => verdicts[i] ?? 'ok') : undefined;
    const client = clientIn(browser.open(), { policy: { maxBatchEvents: 4 } });
    click(client, 'a', 'b', 'c', 'd');
    await browser.pass(MINUTE);
    expect(browser.sent()).toEqual([['a', 'b', 'c', 'd'], ['b']]);
    expect(client.stats()).toMatchObject({ acknowledged: 2, droppedByReason: { sdk_rejected: 2 } });
  });

  it.each([
    ['a login page', '<html>Welcome to the hotel</html>'],
    ['nothing', ''],
    ['no results', '{"ok":true}'],
    ['null', 'null'],
    ['results that are no list', '{"results":{"length":1}}'],
    ['results of other events', '{"results":[{"id":"__proto__","result":"ok"},7,null]}'],
  ])('B6: a 200 with %s settles nothing', async (_, text) => {
    const browser = new FakeBrowser();
    browser.fate = inTurn({ status: 200, text });
    const client = clientIn(browser.open(), { policy: SINGLE });
    click(client, 'a');
    await browser.pass(MINUTE);
    expect(browser.requests.length).toBe(2);
    expect(client.stats()).toMatchObject({ acknowledged: 1, dropped: 0 });
  });

  it('B6: results without ids go by their index', async () => {
    const browser = new FakeBrowser();
    const text = '{"results":[{"index":1,"result":"ok"},{"index":0,"id":null,"result":"drop"}]}';
    browser.fate = inTurn({ status: 200, text });
    const client = clientIn(browser.open(), { policy: PAIR });
    click(client, 'a', 'b');
    await browser.pass(MINUTE);
    expect(client.stats()).toMatchObject({ acknowledged: 1, dropped: 1 });
  });
});

describe('a page that hides', () => {
  it('B5: sends in plain text with the key in the query, and hears the answer', async () => {
    const browser = new FakeBrowser();
    const client = clientIn(browser.open());
    click(client, 'a', 'b');
    client.hidden(false);
    await browser.pass(0);
    expect(browser.requests[0]).toMatchObject({
      url: `${URL_OF_COLLECTOR}?key=wk-demo`,
      headers: { 'content-type': 'text/plain' },
      keepalive: true,
      isBeacon: false,
    });
    expect(client.stats()).toMatchObject({ acknowledged: 2, inFlight: 0 });
  });

  it('B5: leaves by beacon, or by fetch where there is none', async () => {
    const browser = new FakeBrowser();
    const tab = browser.open();
    const client = clientIn(tab);
    click(client, 'a');
    client.hidden(true);
    tab.mayBeacon = false;
    click(client, 'b');
    await browser.pass(0);
    expect(browser.requests.map(({ isBeacon }) => isBeacon)).toEqual([true, false]);
    expect(browser.sent()).toEqual([['a'], ['b']]);
  });

  it('B5: keeps within 64 KiB under way, and sends the rest next time', async () => {
    const browser = new FakeBrowser();
    browser.fate = () => 'unanswered';
    const tab = browser.open();
    const client = clientIn(tab, { policy: { maxBatchEvents: 50, maxBatchAgeUs: minutes(9) } });
    click(client, ...Array.from({ length: 45 }, (_, n) => `${n}:${'x'.repeat(2_000)}`));
    client.hidden(false);
    await browser.pass(0);
    const alive = browser.requests.filter(({ keepalive }) => keepalive);
    const bytes = alive.reduce((sum, { body }) => sum + JSON.stringify(body).length, 0);
    expect(bytes).toBeLessThanOrEqual(65_536);
    expect(bytes).toBeGreaterThan(40_000);
    client.stop();
    browser.fate = () => undefined;
    clientIn(browser.open(tab.ownTab));
    await browser.pass(5 * MINUTE);
    expect(browser.accepted.size).toBe(45);
  });
});
