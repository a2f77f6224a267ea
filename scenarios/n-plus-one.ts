/** Question: what does it cost to ask for every id by itself (N + 1 calls) instead of for a batch,
 * from the device over HTTP/1.1 or HTTP/2, and from a gateway inside the datacentre? Answer: over
 * HTTP/1.1 six times the page-load time; over HTTP/2 and in a gateway hardly any time, but wherever
 * it is done the base work of every call, some 17 times that of batches. Arithmetic below. */
import { defineScenario, fixed, ms, seconds, us } from 'backlot';

/* The home page lists n titles with p leading actors. Direct access is three waves deep either way:
 * a list, three questions a title, one an actor. With a round trip of 40 ms, 3 ms of service and
 * some transmission a wave takes about 43.5 ms, so
 *   batch             3 waves: about 132 ms,
 *   per id, HTTP/2    3 waves on one connection, and the bytes of 98 calls: about 147 ms,
 *   per id, HTTP/1.1  1 + ⌈3n/6⌉ + ⌈p/6⌉ rounds on six connections: about 18, some 780 ms,
 *   gateway, batch    1 wide-area round trip and two waves inside: about 51 ms,
 *   gateway, per id   the same and 0.25 ms of gateway CPU a call: about 62 ms,
 *   gateway, per id, one after the other: 1 + 2n calls of 3.5 ms: some 230 ms.
 * Times are fixed and workers ample, so that what is left is the way the calls go. */
const service = {
  replicas: 1,
  workersPerReplica: 512,
  baseTime: fixed(ms(2)),
  timePerEntity: us(20),
};
const inside = { bandwidthBitsPerSec: 10e9, lossProbability: 0 };
const wan = { roundTripTime: fixed(ms(40)), bandwidthBitsPerSec: 50e6, lossProbability: 0 };
const direct = (fanOut: 'batch' | 'per-id', protocol: 'http/1.1' | 'http/2') => ({
  name: `direct-${fanOut}-${protocol === 'http/2' ? 'http2' : 'http1'}`,
  architecture: 'direct' as const,
  set: { 'architectures.direct.fanOut': fanOut, 'network.connections': { protocol } },
});
const aggregation = (fanOut: 'batch' | 'per-id', order: 'parallel' | 'sequential') => ({
  name: `aggregation-${fanOut}-${order}`,
  architecture: 'aggregation' as const,
  set: { 'architectures.aggregation.fanOut': fanOut, 'architectures.aggregation.order': order },
});

export const scenario = defineScenario({
  schema: 1,
  name: 'n-plus-one',
  question: 'What do N + 1 calls cost, and where does the protocol hide them?',
  seed: 106,
  // Fifty clients take turns: after ten seconds all of them have open connections.
  clock: {
    start: '2026-11-20T20:00:00Z',
    duration: seconds(30),
    warmUp: seconds(14),
    drain: seconds(10),
  },
  audience: {
    devices: {
      tv: { share: 1, wan },
      phone: { share: 1, wan },
      web: { share: 1, wan },
      console: { share: 1, wan },
    },
  },
  traffic: {
    kind: 'open',
    rate: [{ at: 0, perSecond: 5 }],
    clients: 50,
    pages: { home: 1 },
    via: 'wan',
    device: 'web',
  },
  services: { movie: service, production: service, talent: service },
  architectures: {
    aggregation: {
      replicas: 1,
      workersPerReplica: 512,
      planTime: us(400),
      mergeTimePerFetch: us(250),
      mergeTimePerKib: us(30),
    },
  },
  network: {
    datacentre: { ...inside, roundTripTime: fixed(us(500)) },
    database: { ...inside, roundTripTime: fixed(ms(1)) },
  },
  variants: [
    direct('batch', 'http/1.1'),
    direct('batch', 'http/2'),
    direct('per-id', 'http/1.1'),
    direct('per-id', 'http/2'),
    aggregation('batch', 'parallel'),
    aggregation('batch', 'sequential'),
    aggregation('per-id', 'parallel'),
    aggregation('per-id', 'sequential'),
  ],
});
