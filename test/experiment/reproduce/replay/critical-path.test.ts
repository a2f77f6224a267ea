/** Where the time of pages went: in worlds with lines, faults and retries, the parts
 * of every page add up to its time, and watching changes no digest. */
import { describe, expect, it } from 'vitest';
import { watchCalls } from '../../../../src/experiment/reproduce/replay/call-watch.ts';
import {
  criticalPath,
  type PathKind,
  shares,
} from '../../../../src/experiment/reproduce/replay/critical-path.ts';
import { watchPages } from '../../../../src/experiment/reproduce/replay/open-pages.ts';
import type {
  WatchedPage,
  WatchedTry,
} from '../../../../src/experiment/reproduce/replay/page-records.ts';
import { worldState } from '../../../../src/experiment/reproduce/replay/world-state.ts';
import type { Scenario } from '../../../../src/experiment/scenario/schema.ts';
import { lognormal } from '../../../../src/experiment/scenario/values.ts';
import { ARCHITECTURE_NAMES } from '../../../../src/gateway/architecture.ts';
import { minutes, ms, us } from '../../../../src/kernel/time.ts';
import { runWorld, smallScenario } from '../../small-world.ts';

/** Slow services with one worker each, an outage, impatient callers. */
function troubled(): Scenario {
  const service = {
    replicas: 1,
    workersPerReplica: 1,
    baseTime: lognormal(ms(90), 0.8),
    timePerEntity: us(500),
  };
  return smallScenario({
    clock: { start: '2026-11-20T20:00:00-05:00', duration: ms(150_000), drain: minutes(1) },
    audience: { viewers: 60 },
    services: { movie: service, production: service, talent: service },
    requests: { callTimeout: ms(700) },
    faults: [{ kind: 'service.outage', target: 'talent', at: minutes(1), for: minutes(1) }],
  });
}

/** Some come before the outage, most during it. */
const WATCHED_VIEWERS = Array.from({ length: 20 }, (_, i) => 12 + i);

interface Watched {
  readonly pages: readonly WatchedPage[];
  readonly digest: string;
  readonly openNow: number;
}

async function watched(scenario: Scenario, architecture: (typeof ARCHITECTURE_NAMES)[number]) {
  const pages: WatchedPage[] = [];
  let look = () => 0;
  const { world, warehouse } = await runWorld(scenario, {
    architecture,
    look: (fresh) => {
      const byRequest = new Map<string, WatchedPage>();
      const loading = watchPages(fresh, {
        asked: (page) => {
          byRequest.set(page.request, page);
          pages.push(page);
        },
      });
      // More than one request can be watched at once.
      for (const viewer of WATCHED_VIEWERS) {
        const request = `r-${viewer}-0`;
        watchCalls(fresh, request, () => byRequest.get(request));
      }
      look = () => worldState(fresh, loading).pages.loading;
    },
  });
  const found: Watched = { pages, digest: world.digest.value(), openNow: look() };
  const { openCount, askedCount } = world.recorder;
  warehouse.close();
  return { ...found, openCount, askedCount };
}

describe('a page explained', () => {
  for (const architecture of ARCHITECTURE_NAMES) {
    it(`E372, E373: parts add up, and nothing changes (${architecture})`, async () => {
      const scenario = troubled();
      const found = await watched(scenario, architecture);
      const { world, warehouse } = await runWorld(scenario, { architecture });
      expect(found.digest).toBe(world.digest.value());
      warehouse.close();
      expect([found.pages.length, found.openNow]).toEqual([found.askedCount, found.openCount]);
      const kinds = new Set<PathKind>();
      const over = found.pages.filter(
        ({ viewer, shownAtUs, pageSequence }) =>
          shownAtUs !== null && pageSequence === 0 && WATCHED_VIEWERS.includes(viewer),
      );
      expect(over.length).toBeGreaterThan(15);
      for (const page of over) {
        const path = criticalPath(page);
        expect(path[0]?.fromUs ?? page.askedAtUs).toBe(page.askedAtUs);
        path.slice(1).forEach((part, i) => {
          expect(part.fromUs).toBe(path[i]?.toUs);
        });
        const sum = Object.values(shares(path)).reduce((total, part) => total + part, 0);
        expect(sum).toBe((page.shownAtUs ?? 0) - page.askedAtUs);
        for (const { kind } of path) kinds.add(kind);
      }
      expect([...kinds]).toEqual(expect.arrayContaining(['network', 'service', 'database']));
      // The monolith has all of the services' workers in one place.
      if (architecture !== 'monolith') expect(kinds).toContain('waiting');
      const tries = over.flatMap(triesOf);
      const outcomes = new Set(tries.map(({ outcome }) => outcome));
      expect(outcomes).toContain('answered');
      // The monolith is down as a whole; its clients ask once.
      expect(outcomes).toContain('failed: refused');
      if (architecture !== 'monolith') expect(kinds).toContain('retry');
      for (const one of tries) expect(one.outcome).not.toBeNull();
    });
  }
});

/** All tries of a page, those made for tries included. */
function triesOf({ calls }: Pick<WatchedPage | WatchedTry, 'calls'>): readonly WatchedTry[] {
  return calls.flatMap(({ tries }) => tries.flatMap((one) => [one, ...triesOf(one)]));
}

it('E373: follows the chain from the end: the last answer, then what it waited for', () => {
  const none = { handshakeUs: 0, calls: [], visits: [], outcome: 'answered' };
  const call = (edge: string, beganAtUs: number, settledAtUs: number) => ({
    edge,
    operation: null,
    beganAtUs,
    settledAtUs,
    outcome: 'answered',
    tries: [
      {
        ...none,
        role: 'first' as const,
        beganAtUs,
        sentAtUs: beganAtUs,
        arrivedAtUs: beganAtUs + 1,
        respondedAtUs: settledAtUs - 1,
        endedAtUs: settledAtUs,
        visits: [
          { queuedAtUs: beganAtUs + 1, startedAtUs: beganAtUs + 3, endedAtUs: settledAtUs - 1 },
        ],
      },
    ],
  });
  const page: WatchedPage = {
    request: 'r-1-0',
    viewer: 1,
    pageSequence: 0,
    page: 'home',
    askedAtUs: 0,
    begunAtUs: 2,
    shownAtUs: 40,
    outcome: 'ok',
    calls: [call('a', 2, 20), call('b', 2, 12), call('c', 20, 40), call('d', 20, 30)],
  };
  const path = criticalPath(page);
  expect(path.map(({ kind, at }) => `${kind} ${at}`)).toEqual([
    'client client',
    ...['network a', 'waiting a', 'service a', 'network a'],
    ...['network c', 'waiting c', 'service c', 'network c'],
  ]);
  expect(shares(path)).toEqual({
    client: 2,
    network: 4,
    waiting: 4,
    service: 30,
    plan: 0,
    database: 0,
    retry: 0,
  });
});

it('E373: a try that ended in line waited there, and one that ended at a worker was served', () => {
  const shown = (startedAtUs: number | null): WatchedPage => ({
    request: 'r-1-0',
    viewer: 1,
    pageSequence: 0,
    page: 'home',
    askedAtUs: 0,
    begunAtUs: 0,
    shownAtUs: 1_000,
    outcome: 'timeout',
    calls: [
      {
        edge: 'clients→monolith',
        operation: null,
        beganAtUs: 0,
        settledAtUs: 1_000,
        outcome: 'abandoned',
        tries: [
          {
            role: 'first',
            beganAtUs: 0,
            sentAtUs: 0,
            handshakeUs: 0,
            arrivedAtUs: 10,
            respondedAtUs: null,
            endedAtUs: 1_000,
            outcome: 'hung up',
            visits: [{ queuedAtUs: 10, startedAtUs, endedAtUs: null }],
            calls: [],
          },
        ],
      },
    ],
  });
  expect(shares(criticalPath(shown(null)))).toMatchObject({ network: 10, waiting: 990 });
  const begun = shares(criticalPath(shown(400)));
  expect(begun).toMatchObject({ network: 10, waiting: 390, service: 600, database: 0 });
});
