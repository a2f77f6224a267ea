/** A small world for dashboards: a greeting, and frames whose numbers follow from their moment. */
import type { LiveFrame } from '../../../src/domain/live/live-frame.ts';
import type { LiveHello } from '../../../src/domain/live/live-hello.ts';

/** Friday evening, 2026-11-20 19:00 UTC, µs. */
export const START_US = Date.UTC(2026, 10, 20, 19) * 1_000;
const SECOND_US = 1_000_000;

/** A greeting with a federated gateway and its pipeline.
 * @param prefix - Stands before every name, to make them hostile. */
export function fakeHello(prefix = ''): LiveHello {
  const named = (name: string): string => `${prefix}${name}`;
  const link = (from: string, to: string) => ({
    name: `${named(from)}→${named(to)}`,
    from: named(from),
    to: named(to),
  });
  return {
    schema: 'backlot.hello/1',
    title: named('Friday evening'),
    question: named('Does the router hold when a zone is lost?'),
    subjects: [
      {
        name: named('federated'),
        nodes: [
          { name: named('viewers'), kind: 'clients' },
          { name: named('router'), kind: 'entry' },
          { name: named('movie'), kind: 'service' },
          { name: named('rating'), kind: 'service' },
          { name: named('database'), kind: 'store' },
          { name: named('collector'), kind: 'collector' },
          { name: named('log'), kind: 'log' },
          { name: named('warehouse'), kind: 'warehouse' },
        ],
        links: [
          link('viewers', 'router'),
          link('router', 'movie'),
          link('router', 'rating'),
          link('movie', 'database'),
          link('viewers', 'collector'),
          link('collector', 'log'),
          link('log', 'warehouse'),
        ],
      },
    ],
    faultKinds: [
      {
        kind: 'service.slow',
        text: 'Answers of a service take longer.',
        targets: [named('movie'), named('rating')],
        intensity: { default: 4, min: 1, max: 100, unit: '×' },
      },
      {
        kind: 'zone.loss',
        text: 'All replicas of a zone are gone.',
        targets: [named('a'), named('b')],
        intensity: null,
      },
      {
        kind: 'network.loss',
        text: 'Packets are lost on every link.',
        targets: [],
        intensity: { default: 0.05, min: 0, max: 1, unit: '' },
      },
    ],
    hasClock: true,
  };
}

/** The frame of a moment.
 * @param n - Seconds since the start of the run, and its sequence minus one. */
export function fakeFrame(n: number, prefix = ''): LiveFrame {
  const named = (name: string): string => `${prefix}${name}`;
  const shown = 40 * n;
  const isFaulty = n >= 150 && n < 210;
  const edge = (from: string, to: string, rate: number) => ({
    name: `${named(from)}→${named(to)}`,
    calls: rate * n,
    attempts: rate * n,
    errors: to === 'rating' ? 7 * n : 0,
    retries: 0,
  });
  return {
    schema: 'backlot.frame/1',
    sequence: n + 1,
    subject: named('federated'),
    clock: {
      state: 'running',
      nowUs: n * SECOND_US,
      startUs: START_US,
      endUs: 3_600 * SECOND_US,
      event: 1_234 * n,
      speed: 60,
      reachedSpeed: 59.5,
    },
    pages: {
      asked: 43 * n,
      shown,
      failed: 2 * n,
      open: n,
      p50Ms: 120 + 20 * Math.sin(n / 9),
      p95Ms: 340 + 60 * Math.sin(n / 7),
      p99Ms: 800 + 220 * Math.sin(n / 5),
    },
    viewers: 1_000 + n,
    servers: [
      server(named('router'), { waiting: 0, busyWorkers: 11, workers: 64, limit: null }),
      server(named('movie'), { waiting: 3 + (n % 17), busyWorkers: 30, workers: 32, limit: 48 }),
      server(named('rating'), { waiting: 45, busyWorkers: 16, workers: 16, limit: 12 }),
      server(named('database'), { waiting: 1, busyWorkers: 8, workers: 40, limit: null }),
    ],
    edges: [
      { ...edge('viewers', 'router', 43), breaker: null },
      { ...edge('router', 'movie', 120), breaker: 'closed' },
      { ...edge('router', 'rating', 40), breaker: n % 20 < 10 ? 'open' : 'half-open' },
      { ...edge('movie', 'database', 300), breaker: null },
    ],
    objectives: [
      { text: named('p99(page.load) < 1s'), state: 'holds', value: '802 ms' },
      { text: named('rate(page.failed) < 1 %'), state: 'missed', value: '4.65 %' },
      { text: named('p99(pipeline.freshness) < 5s'), state: 'unknown', value: '' },
    ],
    pipeline: {
      captured: 500 * n,
      accepted: 470 * n,
      stored: 450 * n,
      badRows: n,
      duplicates: 3 * n,
      lateEvents: 2 * n,
      dropped: { 'queue.full': 4 * n },
      unread: 20 * n,
      unreadByPartition: [8 * n, 4 * n, 6 * n, 2 * n],
      watermarkLagUs: 2_400_000,
      freshnessUs: 3_100_000,
    },
    topTitles: ['Night Train', 'The Long Cut', 'Harbour', 'Ninth Reel', 'Second Unit']
      .map((name, i) => ({
        titleId: `title-${i}`,
        name: named(name),
        plays: 100 * (5 - i) + ((i * 37 + n * (i + 1)) % 400),
      }))
      .sort((a, b) => b.plays - a.plays),
    faults: !isFaulty
      ? []
      : [
          {
            kind: 'service.slow',
            target: named('rating'),
            beganAtUs: 150 * SECOND_US,
            endsAtUs: 210 * SECOND_US,
          },
        ],
  };
}

function server(
  name: string,
  now: {
    readonly waiting: number;
    readonly busyWorkers: number;
    readonly workers: number;
    readonly limit: number | null;
  },
) {
  const { limit, ...rest } = now;
  return { name, ...rest, readyReplicas: 4, desiredReplicas: 5, concurrencyLimit: limit };
}
