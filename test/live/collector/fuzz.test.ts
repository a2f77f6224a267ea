/** Twenty thousand malformed bodies over real sockets, and requests that are none: always 4xx,
 * never a hang, memory flat. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { COLLECTOR_LIMITS } from '../../../src/live/collector/collector-server.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { bodyOf, eventOf, KEY, startWorld } from './collector-world.ts';
import { type MalformedBody, malformedBodies } from './malformed-bodies.ts';
import { connectRaw, type RawAnswer, rawRequest } from './raw-client.ts';

const SEED = 20_261_126;
const BODIES = 20_000;
const CONNECTIONS = 8;
const PIPELINED = 25;
/** What caches and counters may take; a leak of 100 bytes a body would be 1.6 MB. */
const GROWTH_BYTES_MAX = 1_500_000;
const AUTHORIZATION = { authorization: `Bearer ${KEY}` };

const folder = temporaryFolder();

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Iterator helpers would end the generator with the first of them. */
function nextOf<T>(from: Iterator<T>, count: number): readonly T[] {
  const some: T[] = [];
  while (some.length < count) {
    const { done, value } = from.next();
    if (done === true) break;
    some.push(value);
  }
  return some;
}

describe('S410 malformed bodies', () => {
  it(`${BODIES} of them are 4xx, each, and nothing of them stays (seed ${SEED})`, async () => {
    console.log(`fuzz of the collector: seed ${SEED}, ${BODIES} bodies`);
    const world = await startWorld(folder.fresh());
    const bodies = malformedBodies(SEED, BODIES);
    const wrong: string[] = [];
    const statuses = new Map<number, number>();
    const judge = (body: MalformedBody, { status, body: text }: RawAnswer) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const isRefused = status >= 400 && status < 500 && text.startsWith('{"error":{"code":"');
      if (!isRefused) wrong.push(`${body.kind}: ${status} ${text.slice(0, 80)}`);
    };
    const lane = async (count: number) => {
      const client = connectRaw(world.port);
      for (let done = 0; done < count; done += PIPELINED) {
        const some = nextOf(bodies, PIPELINED);
        for (const { bytes, headers } of some) {
          client.write(rawRequest(bytes, { ...AUTHORIZATION, ...headers }));
        }
        for (const body of some) judge(body, await client.answer());
      }
      client.end();
    };
    const all = (count: number) =>
      Promise.all(Array.from({ length: CONNECTIONS }, () => lane(count / CONNECTIONS)));
    await all(BODIES / 5);
    const early = usedBytes();
    await all((BODIES / 5) * 2);
    const between = usedBytes();
    await all((BODIES / 5) * 2);
    // A leak is in both halves; what the process allocates besides is in one.
    const grown = 2 * Math.min(between - early, usedBytes() - between);
    expect(wrong).toEqual([]);
    expect([...statuses.keys()].sort()).toEqual([400, 413]);
    expect([...statuses.values()].reduce((sum, n) => sum + n, 0)).toBe(BODIES);
    expect(grown).toBeLessThan(GROWTH_BYTES_MAX);
    expect(world.troubles).toEqual([]);
    expect((await world.post(bodyOf([eventOf('still here')]))).status).toBe(200);
    expect(world.server.admission.openRequests).toBeLessThanOrEqual(1);
    await world.close();
  }, 60_000);
});

describe('S411 what is no request, or never ends', () => {
  const HEAD = `POST /v1/batch HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\n`;
  const TYPE = 'content-type: application/json\r\n';
  const CASES: readonly (readonly [name: string, bytes: string, statuses: readonly number[]])[] = [
    ['a head that stops', 'POST /v1/batch HTTP/1.1\r\nhost: x\r\nx-a: ', [408]],
    ['a body that stops', `${HEAD}${TYPE}content-length: 99\r\n\r\n{"events":`, [408]],
    ['chunks that stop', `${HEAD}${TYPE}transfer-encoding: chunked\r\n\r\n4\r\n{"ev\r\n`, [408]],
    ['a chunk of no size', `${HEAD}${TYPE}transfer-encoding: chunked\r\n\r\nzz\r\n`, [400]],
    ['two lengths', `${HEAD}${TYPE}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, [400]],
    [
      'a length and chunks',
      `${HEAD}${TYPE}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      [400],
    ],
    ['too many headers', `${HEAD}${'x-y: zzzzzzzzzz\r\n'.repeat(2_000)}\r\n`, [431]],
    [
      'one header too long',
      `${HEAD}x-y: ${'z'.repeat(2 * COLLECTOR_LIMITS.headerBytesMax)}\r\n\r\n`,
      [431],
    ],
    ['garbage', '\x00\x01\x02 what is this?\r\n\r\n', [400]],
    ['a URL of no end', `POST /${'a'.repeat(40_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, [431]],
    ['a length of no number', `${HEAD}${TYPE}content-length: -1\r\n\r\n`, [400]],
  ];

  it.each(CASES)('%s', async (_, bytes, statuses) => {
    const limits = { requestMs: 300, headersMs: 200 };
    const world = await startWorld(folder.fresh(), { limits });
    const client = connectRaw(world.port);
    client.write(bytes);
    expect(statuses).toContain((await client.answer()).status);
    expect((await client.answer()).status).toBe(0);
    expect(world.server.admission.openRequests).toBe(0);
    await world.close();
  });

  it('garbage behind a good request: that one is answered, then it is over', async () => {
    const world = await startWorld(folder.fresh());
    const client = connectRaw(world.port);
    const good = rawRequest(Buffer.from(bodyOf([eventOf('a')])), {
      ...AUTHORIZATION,
      'content-type': 'application/json',
    });
    client.write(Buffer.concat([good, good, Buffer.from('GARBAGE\r\n\r\n')]));
    const answers = [await client.answer(), await client.answer(), await client.answer()];
    expect(answers.every(({ status }) => [0, 200, 400].includes(status))).toBe(true);
    expect(world.troubles).toEqual([]);
    await world.close();
  });

  it('chunks of more than may be are 413, however long they are announced to be', async () => {
    const world = await startWorld(folder.fresh(), { limits: { bodyBytesMax: 20_000 } });
    const client = connectRaw(world.port);
    client.write(`${HEAD}${TYPE}transfer-encoding: chunked\r\n\r\n`);
    client.write(`5000\r\n${'x'.repeat(0x5000)}\r\n`);
    expect((await client.answer()).status).toBe(413);
    await world.close();
  });
});
