/** Every kind of the network family on the messages of calls: what it claims shows in figures, the
 * world recovers, books close, and the same seed gives the same run. */
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../../../src/experiment/scenario/schema.ts';
import { fixed, lognormal } from '../../../../src/experiment/scenario/values.ts';
import { ARCHITECTURE_NAMES } from '../../../../src/gateway/architecture.ts';
import { ms, seconds, us } from '../../../../src/kernel/time.ts';
import { LINK_KINDS } from '../arbitrary-faults.ts';
import {
  callScenario,
  FAULT,
  type FaultInput,
  type Figures,
  figuresOf,
  guestScenario,
} from '../faulty-world.ts';

/** What a kind claims of the link to the movie service, and how strong it is. */
interface Claim {
  readonly fault?: Partial<FaultInput>;
  readonly besides?: readonly FaultInput[];
  readonly holds: (with_: Figures, without: Figures) => void;
}

const hasSlower = ({ meanLoadMs, failedPages }: Figures, without: Figures) => {
  expect(meanLoadMs).toBeGreaterThan(without.meanLoadMs + 10);
  expect(failedPages).toBe(0);
};
const cannotRead = (found: Figures) => {
  expect(found.unreadable).toBeGreaterThan(5);
  // Questions and answers: each is a failure of its try, at once.
  expect(found.errors).toBeGreaterThan(found.unreadable);
  expect(found.failures).toEqual({ unavailable: found.errors });
};

const CLAIMS: Readonly<Record<string, Claim>> = {
  'network.delay': { fault: { intensity: ms(100) }, holds: hasSlower },
  'network.jitter': { fault: { intensity: ms(200) }, holds: hasSlower },
  'network.bandwidth': { fault: { intensity: ms(50) }, holds: hasSlower },
  'network.reorder': { fault: { probability: 0.3, intensity: ms(300) }, holds: hasSlower },
  'network.loss': {
    fault: { probability: 0.3 },
    holds(found) {
      expect(found.timeouts).toBe(strikesOf(found));
      // Lost questions never come; lost answers do not bring them back.
      expect(found.offered).toBeLessThan(found.attempts);
      expect(found.offered).toBeGreaterThan(found.attempts - strikesOf(found));
      expect(found.failures).toEqual({ timeout: found.timeouts });
    },
  },
  'network.duplicate': {
    fault: { probability: 0.5 },
    holds(found, without) {
      expect(found.copies).toBeGreaterThan(5);
      expect(found.copies).toBeLessThan(strikesOf(found));
      expect(found.offered).toBe(found.attempts + found.copies);
      // What is done twice is answered once.
      expect(found.pages).toBe(without.pages);
      expect(found.failures).toEqual({});
    },
  },
  'network.corrupt': { fault: { probability: 0.3 }, holds: cannotRead },
  'network.truncate': { fault: { probability: 0.3 }, holds: cannotRead },
  'network.partition': {
    holds(found) {
      expect(found.offered).toBe(found.attempts - strikesOf(found));
      expect(found.failedPages).toBeGreaterThan(10);
    },
  },
  'network.partition-one-way': {
    holds(found) {
      expect(found.offered).toBe(found.attempts);
      expect(found.timeouts).toBe(strikesOf(found));
      expect(found.failedPages).toBeGreaterThan(10);
    },
  },
  'network.isolate': {
    holds(found) {
      expect(found.timeouts).toBe(strikesOf(found));
      // The other replica answers; a second try goes there.
      expect(found.failedPages).toBeLessThan(found.timeouts / 2);
    },
  },
  'network.clog': {
    holds(found) {
      expect(found.timeouts).toBeGreaterThan(10);
      // Nothing is lost: what waited is done in the end.
      expect(found.offered).toBe(found.attempts);
    },
  },
  'network.reset': {
    fault: { probability: 0.4 },
    holds(found) {
      expect(found.errors).toBe(strikesOf(found));
      expect(found.unreadable).toBe(0);
      expect(found.offered).toBe(found.attempts);
    },
  },
  'network.stale-discovery': {
    besides: [{ kind: 'zone.loss', zone: 0, at: seconds(5), for: seconds(27) }],
    holds(found, without) {
      expect(found.refused).toBe(without.refused + strikesOf(found));
      expect(found.failures['unavailable']).toBeGreaterThanOrEqual(strikesOf(found));
    },
  },
};

const MOVIE = {
  replicas: 2,
  workersPerReplica: 4,
  baseTime: lognormal(ms(5), 0.5),
  timePerEntity: us(200),
  balancing: 'round-robin',
} as const;
const PLACE = {
  network: { zones: 2 },
  services: { movie: MOVIE, production: MOVIE, talent: MOVIE },
};

/** Without the fault; run once where nothing is besides. */
function healthyCalls(besides: readonly FaultInput[]): Promise<Figures> {
  if (besides.length > 0) return figuresOf(callScenario(besides, PLACE));
  healthy ??= figuresOf(callScenario([], PLACE));
  return healthy;
}
let healthy: Promise<Figures> | undefined;

function strikesOf({ faults }: Figures): number {
  const strikes = faults[0]?.strikes ?? 0;
  expect(strikes).toBeGreaterThan(5);
  return strikes;
}

describe('E440–E447: on the link to a service', () => {
  it.each(LINK_KINDS)('%s does what it says, and is over when it is over', async (kind) => {
    const claim = CLAIMS[kind];
    const { besides = [] } = claim ?? {};
    const fault = { kind, target: 'movie', ...FAULT, ...claim?.fault } as FaultInput;
    const without = await healthyCalls(besides);
    const found = await figuresOf(callScenario([fault, ...besides], PLACE));
    claim?.holds(found, without);
    const again = await figuresOf(callScenario([fault, ...besides], PLACE));
    expect(again.digest).toBe(found.digest);
    expect(found.digest).not.toBe(without.digest);
    const late = (figures: Figures) => figures.loads.filter(({ askedAt }) => askedAt > 32);
    expect(late(found).length).toBeGreaterThan(5);
    expect(late(found).every(({ outcome }) => outcome === 'ok')).toBe(true);
  });
});

describe('E447: who waits without a time-out', () => {
  it.each(ARCHITECTURE_NAMES)('gives up at the page time-out on %s', async (architecture) => {
    const traffic = {
      kind: 'closed' as const,
      users: [{ at: 0, users: 3 }],
      thinkTime: fixed(seconds(1)),
      pages: { title: 1 },
    } satisfies ScenarioInput['traffic'];
    const scenario = callScenario([{ kind: 'network.partition', ...FAULT }], { traffic });
    const found = await figuresOf(scenario, architecture);
    expect(found.failedPages).toBeGreaterThan(3);
    // They go on afterwards.
    const after = found.loads.filter(({ askedAt }) => askedAt > 32);
    expect(after.length).toBeGreaterThan(5);
  });

  it('gives up if it is the crowd of a retry storm, also beside pages of devices', async () => {
    const faults = ['platform.retry-storm', 'network.partition'].map(
      (kind) => ({ kind, ...FAULT }) as FaultInput,
    );
    for (const scenario of [callScenario(faults), guestScenario(faults)]) {
      const found = await figuresOf(scenario);
      expect(found.faults.every(({ strikes }) => strikes > 5)).toBe(true);
    }
  });
});
