/** The collector over HTTP: who is let in, what is answered, and that an answer comes after the
 * disk. */
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/kernel/errors.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { bodyOf, eventOf, KEY, startWorld, type WorldOptions } from './collector-world.ts';
import { connectRaw } from './raw-client.ts';

const folder = temporaryFolder();
const open = new Set<{ close(): Promise<void> }>();

afterEach(async () => {
  for (const world of open) await world.close();
  open.clear();
});

async function start(options: WorldOptions = {}) {
  const world = await startWorld(folder.fresh(), options);
  open.add(world);
  return world;
}

async function refusalOf(answer: Response) {
  const { error } = (await answer.json()) as { readonly error: { readonly code: string } };
  return [answer.status, error.code] as const;
}

describe('answers', () => {
  it('S403 tells of each event, after all of them are in the log', async () => {
    const { post, raws } = await start();
    const answer = await post(
      bodyOf([eventOf('a'), { ...eventOf('b'), id: 7 }, eventOf('c', 'v2')]),
    );
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      results: [
        { index: 0, id: 'a', result: 'ok' },
        { index: 1, id: null, result: 'drop', reason: 'event without an id' },
        { index: 2, id: 'c', result: 'ok' },
      ],
    });
    expect(raws()).toHaveLength(3);
    expect(raws()).toContainEqual(eventOf('c', 'v2'));
  });

  it('S403 says 400 where no event can be taken, and keeps them for the bad rows', async () => {
    const { post, raws } = await start();
    const answer = await post(bodyOf([{ id: '' }, 5]));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: 'no_valid_event' },
      results: [{ result: 'drop' }, { result: 'drop' }],
    });
    expect(raws()).toHaveLength(2);
  });

  it('S403 takes an empty batch, a beacon, a zipped body', async () => {
    const { post, url, raws } = await start();
    expect(await (await post(bodyOf([]))).json()).toEqual({ results: [] });
    const beacon = await fetch(`${url}?key=${KEY}`, {
      method: 'POST',
      body: bodyOf([eventOf('a')]),
    });
    expect(beacon.status).toBe(200);
    const zipped = gzipSync(bodyOf([eventOf('b')]));
    expect((await post(zipped, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(raws()).toEqual([eventOf('a'), eventOf('b')]);
  });

  it('S400 comes after the sync, one for all that wait; a failed one is 503', async () => {
    const held: ((error: unknown) => void)[] = [];
    const world = await start();
    Object.assign(world.log, { appendGroup: heldGroups(world.log, held) });
    const first = world.post(bodyOf([eventOf('a')]));
    await until(() => held.length === 1);
    const others = ['b', 'c', 'd'].map((id) => world.post(bodyOf([eventOf(id)])));
    await until(() => world.server.admission.openRequests === 4);
    held[0]?.(undefined);
    expect((await first).status).toBe(200);
    await until(() => held.length === 2);
    expect(world.groups.groups).toBe(2);
    const details = { path: 'log', systemCode: 'EIO' };
    held[1]?.(new EngineError('LOG_UNWRITABLE', 'log: the disk refused (EIO)', details));
    for (const answer of await Promise.all(others)) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    }
    expect([world.troubles, world.raws()]).toEqual([[], [eventOf('a')]]);
  });
});

/** Holds groups until they are let go, then has them fail or go on. */
function heldGroups(
  log: Awaited<ReturnType<typeof startWorld>>['log'],
  held: ((error: unknown) => void)[],
): typeof log.appendGroup {
  const write = log.appendGroup.bind(log);
  return (frames, done) => {
    held.push((error) => (error === undefined ? write(frames, done) : done({ error })));
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe('who is let in, before the body is read', () => {
  it('S406 none without a key (401), none with one that is withdrawn (403)', async () => {
    const keys = [
      { key: KEY, ratePerSec: 100 },
      { key: 'withdrawn-key', ratePerSec: 100, isEnabled: false },
    ];
    const { post, raws } = await start({ keys });
    const as = async (authorization: string) =>
      refusalOf(await post(bodyOf([eventOf('a')]), { authorization }));
    expect(await as('')).toEqual([401, 'no_write_key']);
    expect(await as(`Bearer ${KEY}x`)).toEqual([401, 'no_write_key']);
    expect(await as(`Basic ${KEY}`)).toEqual([401, 'no_write_key']);
    expect(await as(`Bearer ${'x'.repeat(5_000)}`)).toEqual([401, 'no_write_key']);
    expect(await as('Bearer withdrawn-key')).toEqual([403, 'key_disabled']);
    expect(raws()).toEqual([]);
  });

  it('S407 429 with Retry-After beyond the rate of a key', async () => {
    const { post } = await start({ keys: [{ key: KEY, ratePerSec: 1 }] });
    const answers = await Promise.all([1, 2, 3].map((i) => post(bodyOf([eventOf(`e${i}`)]))));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(refused.map(({ headers }) => Number(headers.get('retry-after')))).toEqual([1]);
  });

  it('S409 503 with Retry-After where too much waits, 429 where too much is unread', async () => {
    let unread = 0;
    const { post, server } = await start({
      limits: { openBytesMax: 10, unreadMax: 5 },
      unread: () => unread,
    });
    const busy = await post(bodyOf([eventOf('a')]));
    expect([busy.headers.get('retry-after'), ...(await refusalOf(busy))]).toEqual([
      '1',
      503,
      'busy',
    ]);
    unread = 6;
    const late = await post(bodyOf([eventOf('a')]));
    expect([late.headers.get('retry-after'), ...(await refusalOf(late))]).toEqual([
      '10',
      429,
      'too_much_unread',
    ]);
    await until(() => server.admission.openRequests === 0);
    expect(server.admission.openBytes).toBe(0);
  });

  it('S404 413, 415, 405, 404: by length, type, method and place', async () => {
    const { post, url } = await start();
    const refused = async (answer: Promise<Response>) => refusalOf(await answer);
    expect(await refused(post('x'.repeat(1_048_577)))).toEqual([413, 'body_too_large']);
    expect(await refused(post('{}', { 'content-type': 'text/html' }))).toEqual([
      415,
      'unsupported_media_type',
    ]);
    expect(await refused(post('{}', { 'content-encoding': 'br' }))).toEqual([
      415,
      'unsupported_encoding',
    ]);
    const put = await fetch(url, { method: 'PUT', body: '{}' });
    expect(put.headers.get('allow')).toBe('POST, OPTIONS');
    expect(await refusalOf(put)).toEqual([405, 'method_not_allowed']);
    expect(await refused(fetch(url.replace('batch', '<b>')))).toEqual([404, 'not_found']);
  });

  it('S404 zipped bodies by what comes out of them', async () => {
    const { post } = await start({ limits: { inflatedBytesMax: 100_000, ratioMax: 100 } });
    const zipped = async (bytes: Uint8Array) =>
      refusalOf(await post(bytes, { 'content-encoding': 'gzip' }));
    expect(await zipped(gzipSync(Buffer.alloc(90_000, 32)))).toEqual([413, 'inflated_too_large']);
    expect(await zipped(gzipSync(bodyOf([eventOf('a')])).subarray(0, 40))).toEqual([
      400,
      'bad_gzip',
    ]);
    expect(await zipped(new Uint8Array(0))).toEqual([400, 'bad_gzip']);
  });
});

describe('S408 pages', () => {
  const SHOP = 'https://shop.example';

  it('may send where their exact origin is allowed, and ask before', async () => {
    const { post, url } = await start({ keys: [{ key: KEY, ratePerSec: 99, origins: [SHOP] }] });
    const ask = (origin: string) => fetch(url, { method: 'OPTIONS', headers: { origin } });
    const asked = await ask(SHOP);
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, SHOP]);
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    const foreign = await ask('https://shop.example.evil.example');
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    const sent = await post(bodyOf([eventOf('a')]), { origin: SHOP });
    expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([200, SHOP]);
    for (const origin of ['https://evil.example', `${SHOP}.`, 'http://shop.example', 'null']) {
      const refused = await post(bodyOf([eventOf('a')]), { origin });
      expect(await refusalOf(refused)).toEqual([403, 'origin_not_allowed']);
    }
  });

  it('of the server itself may send', async () => {
    const { post, server } = await start();
    expect((await post(bodyOf([eventOf('a')]), { origin: server.origin })).status).toBe(200);
  });
});

describe('health', () => {
  it('is always well, and ready where the pipeline is', async () => {
    let unread = 0;
    const { server } = await start({ unread: () => unread });
    expect((await fetch(`${server.origin}/health`)).status).toBe(200);
    expect((await fetch(`${server.origin}/ready`)).status).toBe(200);
    unread = 1;
    expect((await fetch(`${server.origin}/ready`)).status).toBe(503);
  });
});

it('S414 closes though a connection is open on which nothing was ever asked', async () => {
  const world = await startWorld(folder.fresh());
  const silent = connectRaw(world.port);
  expect((await world.post(bodyOf([eventOf('a')]))).status).toBe(200);
  await world.close();
  expect((await silent.answer()).status).toBe(0);
});

it('S403 the address is forgotten but for its network', async () => {
  const { post, log } = await start();
  await post(bodyOf([eventOf('a')]), { 'user-agent': 'u'.repeat(600) });
  const [record] = [...log.read(0, 0, 9), ...log.read(1, 0, 9)];
  expect(record).toMatchObject({ clientAddress: '127.0.0.0', userAgent: 'u'.repeat(512) });
});
