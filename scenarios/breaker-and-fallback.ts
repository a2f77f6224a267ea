/** Question: what does a slow service do to pages that could do without it? Talent takes 150
 * times as long for half a minute, which is beyond the time-out of its caller, two tries a call.
 * Known answers: at `scenario`. */
import { defineScenario, fixed, ms, seconds } from 'backlot';

/** Ample: nobody waits for a worker while all is well. */
const service = { replicas: 2, workersPerReplica: 16, timePerEntity: 0 };

const called = {
  timeoutUs: ms(500),
  retry: {
    maxAttempts: 2,
    backoff: { kind: 'full-jitter', baseUs: ms(20), capUs: ms(20) },
    retryOn: ['timeout', 'unavailable', 'overloaded'],
  },
  deadline: {},
} as const;

const breaker = {
  kind: 'count-window',
  size: 40,
  minimumCalls: 20,
  openUs: seconds(5),
  halfOpenCalls: 2,
} as const;

const fault = { at: seconds(30), for: seconds(30) };

/** Known answers. Without a breaker a page takes time-out × tries longer for each of its two
 * calls to talent (cast, then names of directors), and what talent does is done for nobody. With
 * one (resilience4j's count window) pages are as fast as ever, in part, once `minimumCalls` have
 * timed out, and whole again `openUs` and the half-open trials after the fault at the latest. A
 * default value turns partial pages into degraded ones; a stale answer does so for what was
 * asked before. In the last two variants a service is dead: talent's fields may be null, so
 * pages are partial; without movie there is no title, so they are errors. */
export const scenario = defineScenario({
  schema: 1,
  name: 'breaker-and-fallback',
  question: 'What does a slow service do to pages that could do without it?',
  seed: 41,
  clock: { start: '2026-11-20T20:00:00Z', duration: seconds(90), drain: seconds(20) },
  audience: { viewers: 0 },
  catalogue: { titles: 300 },
  traffic: {
    kind: 'open',
    rate: [{ at: 0, perSecond: 40 }],
    via: 'datacentre',
    pages: { title: 1 },
  },
  services: {
    movie: { ...service, baseTime: fixed(ms(6)) },
    production: { ...service, baseTime: fixed(ms(7)) },
    talent: { ...service, baseTime: fixed(ms(20)), calledWith: called },
  },
  requests: { callTimeout: seconds(2) },
  faults: [{ kind: 'service.slow', target: 'talent', factor: 150, ...fault }],
  variants: [
    { name: 'no-protection', architecture: 'federated' },
    {
      name: 'breaker',
      architecture: 'federated',
      set: { 'services.talent.calledWith.breaker': breaker },
    },
    {
      name: 'breaker-and-default',
      architecture: 'federated',
      set: {
        'services.talent.calledWith.breaker': breaker,
        'services.talent.calledWith.fallback': [{ kind: 'default-value' }],
      },
    },
    {
      name: 'breaker-and-stale-cache',
      architecture: 'federated',
      set: {
        'services.talent.calledWith.breaker': breaker,
        'services.talent.calledWith.fallback': [
          { kind: 'stale-cache', maxStalenessUs: seconds(120) },
        ],
      },
    },
    {
      name: 'dead-talent',
      architecture: 'federated',
      set: { faults: [{ kind: 'service.outage', target: 'talent', ...fault }] },
    },
    {
      name: 'dead-movie',
      architecture: 'federated',
      set: { faults: [{ kind: 'service.outage', target: 'movie', ...fault }] },
    },
  ],
});
