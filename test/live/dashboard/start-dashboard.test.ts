/** The dashboard's server, over real sockets. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { FrameMessage } from '../../../src/domain/live/live-stream.ts';
import {
  type Dashboard,
  type DashboardOptions,
  startDashboard,
} from '../../../src/live/dashboard/start-dashboard.ts';
import { fakeFrame, fakeHello } from './fake-frames.ts';
import { createFakeSource, type FakeSource } from './fake-source.ts';
import { openEvents, type ReadEvents } from './read-events.ts';

/** Waits for a condition; how long says only when to give up. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

const TOKENS = { read: 'r'.repeat(22), act: 'a'.repeat(22) };
const open: Dashboard[] = [];
const readers: ReadEvents[] = [];

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await Promise.all(open.splice(0).map((dashboard) => dashboard.close()));
});

async function start(options: Partial<DashboardOptions> = {}) {
  const source = (options.source ?? createFakeSource(fakeHello())) as FakeSource;
  const dashboard = await startDashboard({ tokens: TOKENS, ...options, source });
  open.push(dashboard);
  return { source, dashboard, origin: new URL(dashboard.url).origin };
}

async function watch(origin: string, token = TOKENS.read): Promise<ReadEvents> {
  const reader = await openEvents(`${origin}/frames`, token);
  readers.push(reader);
  return reader;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function command(origin: string, body: string, headers: Record<string, string> = {}) {
  const all = { 'content-type': 'application/json', ...bearer(TOKENS.act), ...headers };
  return fetch(`${origin}/commands`, { method: 'POST', headers: all, body });
}

/** A request whose Host is another than its address. */
function statusFor(origin: string, headers: Record<string, string>, path = '/'): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${origin}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('frames', () => {
  it('L60: the latest frame comes first, then each as it is made', async () => {
    const { source, origin } = await start();
    source.emit(fakeFrame(1));
    const reader = await watch(origin);
    expect(reader.contentType).toBe('text/event-stream; charset=utf-8');
    expect(await reader.next()).toEqual({
      event: 'frame',
      data: { missed: 0, frame: fakeFrame(1) },
    });
    source.emit(fakeFrame(2));
    expect(await reader.next()).toEqual({
      event: 'frame',
      data: { missed: 0, frame: fakeFrame(2) },
    });
  });

  it('L60: nobody watching costs nothing', async () => {
    const { source, origin, dashboard } = await start();
    expect(source.listenerCount()).toBe(0);
    const reader = await watch(origin);
    await soon(() => source.listenerCount()).toBe(1);
    reader.close();
    await soon(() => source.listenerCount()).toBe(0);
    expect(dashboard.stats().clients).toBe(0);
  });

  it('L61: a slow client gets the newest frame and is told what it missed', async () => {
    const { source, origin, dashboard } = await start();
    const slow = await watch(origin);
    const quick = await watch(origin);
    const wide = 'x'.repeat(256 * 1_024);
    let n = 0;
    slow.pause();
    while (dashboard.stats().framesMissed < 20) {
      n += 1;
      source.emit({ ...fakeFrame(n), subject: wide });
      await quick.next();
      expect(n).toBeLessThan(2_000);
    }
    slow.resume();
    let last: FrameMessage | undefined;
    let received = 0;
    while (last?.frame.sequence !== n + 1) {
      last = (await slow.next()).data as FrameMessage;
      received += 1;
    }
    expect(last.missed).toBeGreaterThanOrEqual(20);
    expect(last.missed + received).toBe(n);
    expect(dashboard.stats()).toMatchObject({ framesMissed: last.missed, clients: 2 });
  });

  it('L61: a client that takes nothing for long is let go', async () => {
    const limits = { heartbeatMs: 5, stalledBeatsMax: 3 };
    const { source, origin, dashboard } = await start({ limits });
    const slow = await watch(origin);
    slow.pause();
    const wide = 'x'.repeat(1_024 * 1_024);
    await soon(() => {
      source.emit({ ...fakeFrame(1), subject: wide });
      return dashboard.stats().clients;
    }).toBe(0);
  });

  it('L60: a silent stream shows signs of life', async () => {
    const { origin } = await start({ limits: { heartbeatMs: 5 } });
    const reader = await watch(origin);
    await soon(() => reader.beats()).toBeGreaterThan(2);
  });

  it('L62: the end is told with how to run it again; then the server is gone', async () => {
    const { source, origin, dashboard } = await start();
    source.emit(fakeFrame(3));
    const reader = await watch(origin);
    await reader.next();
    const idle = connect(Number(new URL(origin).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const ending = { text: 'The run has finished.', command: 'backlot dash backlot-runs/x' };
    const began = performance.now();
    await dashboard.close(ending);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await reader.next()).toEqual({ event: 'end', data: ending });
    expect(await reader.next()).toEqual({ event: 'closed', data: null });
    await expect(fetch(origin)).rejects.toThrow();
    expect(source.listenerCount()).toBe(0);
  });

  it('L62: a client that takes nothing does not hold the server', async () => {
    const { source, origin, dashboard } = await start();
    const slow = await watch(origin);
    slow.pause();
    const wide = 'x'.repeat(1_024 * 1_024);
    while (dashboard.stats().framesMissed === 0) {
      source.emit({ ...fakeFrame(1), subject: wide });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const began = performance.now();
    await dashboard.close();
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('L67: one client too many is told to come back', async () => {
    const { origin, dashboard } = await start({ limits: { clientsMax: 2 } });
    const first = await watch(origin);
    await watch(origin);
    const refused = await fetch(`${origin}/frames`, { headers: bearer(TOKENS.read) });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toMatchObject({ ok: false, code: 'LIVE_TOO_MANY_CLIENTS' });
    first.close();
    await soon(() => dashboard.stats().clients).toBe(1);
    await watch(origin);
    expect(dashboard.stats()).toMatchObject({ clients: 2, clientsRefused: 1 });
  });
});

describe('who may', () => {
  it('L64: tokens are 128 random bits, in the fragment of the address', async () => {
    const { dashboard } = await start({ tokens: undefined });
    const token = /#token=(.*)$/.exec(dashboard.url)?.[1] ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(16);
    expect(dashboard.readOnlyUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=.{22}$/);
    expect(dashboard.readOnlyUrl).not.toBe(dashboard.url);
  });

  it('L64: without a token nobody looks, and looking is not acting', async () => {
    const { origin, source } = await start();
    for (const path of ['/hello.json', '/frames']) {
      for (const headers of [{}, bearer('wrong'), bearer(''), bearer(TOKENS.read.slice(1))]) {
        const answer = await fetch(`${origin}${path}`, { headers });
        expect(answer.status).toBe(401);
        expect(await answer.json()).toMatchObject({ ok: false, code: 'LIVE_NO_TOKEN' });
      }
    }
    const hello = await fetch(`${origin}/hello.json`, { headers: bearer(TOKENS.read) });
    expect(await hello.json()).toEqual({ ...fakeHello(), mayAct: false });
    const acting = await fetch(`${origin}/hello.json`, { headers: bearer(TOKENS.act) });
    expect(await acting.json()).toMatchObject({ mayAct: true });
    const refused = await command(origin, '{"type":"pause"}', bearer(TOKENS.read));
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ ok: false, code: 'LIVE_READ_ONLY' });
    expect(source.commands).toEqual([]);
  });

  it('L64: with no token to act nobody acts, and with none to look everybody looks', async () => {
    const { origin } = await start({ tokens: {} });
    expect((await fetch(`${origin}/hello.json`)).status).toBe(200);
    for (const token of ['', 'undefined', 'x']) {
      expect((await command(origin, '{"type":"pause"}', bearer(token))).status).toBe(403);
    }
  });

  it('L63: another name than its own is refused, whatever is asked for', async () => {
    const { origin } = await start();
    const port = new URL(origin).port;
    const good = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'LOCALHOST'];
    for (const host of good) expect(await statusFor(origin, { host })).toBe(200);
    const bad = [
      `evil.example:${port}`,
      '127.0.0.1.evil.example',
      'a@127.0.0.1',
      '10.0.0.1',
      'x y',
    ];
    for (const host of bad) {
      for (const path of ['/', '/hello.json', '/frames', '/none']) {
        expect(await statusFor(origin, { host, ...bearer(TOKENS.act) }, path)).toBe(403);
      }
    }
  });

  it('L63: another page is refused, even with the token', async () => {
    const { origin, source } = await start();
    const foreign = [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: origin.replace('127.0.0.1', 'localhost') },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      expect(await statusFor(origin, { ...headers, ...bearer(TOKENS.act) }, '/frames')).toBe(403);
      expect((await command(origin, '{"type":"heal"}', headers as never)).status).toBe(403);
    }
    expect(await statusFor(origin, { 'sec-fetch-site': 'cross-site' })).toBe(200);
    expect(source.commands).toEqual([]);
    expect((await command(origin, '{"type":"heal"}', { origin })).status).toBe(200);
  });

  it('L63: a server that listens everywhere answers to addresses, not to names', async () => {
    const { origin } = await start({ host: '0.0.0.0', otherHosts: ['dash.example'] });
    for (const host of ['127.0.0.1', '10.1.2.3:80', 'dash.example']) {
      expect(await statusFor(origin, { host })).toBe(200);
    }
    expect(await statusFor(origin, { host: 'evil.example' })).toBe(403);
  });
});

it('a port that is taken is named, with what to do', async () => {
  const { origin } = await start();
  await expect(start({ port: Number(new URL(origin).port) })).rejects.toThrow(
    /^SERVER_CANNOT_LISTEN: port \d+ of "127.0.0.1" is in use/,
  );
});
