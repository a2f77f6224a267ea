/** Every kind of the network family on batches and acknowledgements: the claim shows in figures, no
 * event is lost or stored twice, books close, and the same seed gives the same run. */
import { describe, expect, it } from 'vitest';
import { ms } from '../../../../src/kernel/time.ts';
import { LINK_KINDS } from '../arbitrary-faults.ts';
import {
  FAULT,
  type FaultInput,
  type Figures,
  figuresOf,
  guestScenario,
  healthyGuests,
} from '../faulty-world.ts';

/** What a kind claims of the link to the collector, and how strong it is. */
interface Claim {
  readonly fault?: Partial<FaultInput>;
  readonly holds: (found: Figures, without: Figures) => void;
}

const isLater = (found: Figures, without: Figures) =>
  expect(found.delaySeconds).toBeGreaterThan(without.delaySeconds + 0.05);
const comesOnce = (found: Figures) => expect(found.acceptedTwice).toBe(0);
const comesTwice = (found: Figures) => expect(found.acceptedTwice).toBeGreaterThan(0);
const slowsDown = (found: Figures, without: Figures) => {
  isLater(found, without);
  comesOnce(found);
  expect(found.requests).toBe(without.requests);
};
const isTriedAgain = (found: Figures, without: Figures) => {
  isLater(found, without);
  comesTwice(found);
};
const arrivesNot = (found: Figures, without: Figures) => {
  isLater(found, without);
  comesOnce(found);
};

const CLAIMS: Readonly<Record<string, Claim>> = {
  'network.delay': { fault: { intensity: ms(800) }, holds: slowsDown },
  'network.jitter': { fault: { intensity: ms(1_500) }, holds: slowsDown },
  'network.bandwidth': { fault: { intensity: ms(150) }, holds: slowsDown },
  'network.reorder': { fault: { probability: 0.8, intensity: ms(1_500) }, holds: slowsDown },
  'network.loss': { fault: { probability: 0.6 }, holds: isTriedAgain },
  'network.duplicate': {
    fault: { probability: 0.7 },
    holds(found, without) {
      comesTwice(found);
      expect(found.requests).toBeGreaterThan(without.requests);
      expect(found.delaySeconds).toBeCloseTo(without.delaySeconds, 6);
    },
  },
  'network.corrupt': { fault: { probability: 0.6 }, holds: isTriedAgain },
  'network.truncate': { fault: { probability: 0.6 }, holds: isTriedAgain },
  'network.partition': { holds: arrivesNot },
  'network.partition-one-way': {
    holds(found, without) {
      comesTwice(found);
      expect(found.requests).toBeGreaterThan(without.requests);
    },
  },
  'network.isolate': {
    holds(found, without) {
      arrivesNot(found, without);
      // The devices of the other front end notice nothing.
      expectSomeInTime(found, without);
    },
  },
  'network.clog': {
    holds(found, without) {
      isLater(found, without);
      // Everything that waited arrives at once.
      const end = found.events.filter(({ ingestTime }) => ingestTime === 30);
      expect(end.length).toBeGreaterThan(5);
    },
  },
  'network.reset': {
    fault: { probability: 0.6 },
    holds(found, without) {
      comesTwice(found);
      expect(found.requests).toBeGreaterThan(without.requests);
    },
  },
  'network.stale-discovery': {
    holds(found, without) {
      arrivesNot(found, without);
      expectSomeInTime(found, without);
    },
  },
};

/** Some devices are hit and some are not. */
function expectSomeInTime(found: Figures, without: Figures): void {
  const duringOf = ({ events }: Figures) =>
    events.filter(({ ingestTime }) => ingestTime > 13 && ingestTime < 30).length;
  expect(duringOf(found)).toBeGreaterThan(0);
  expect(duringOf(found)).toBeLessThan(duringOf(without));
}

describe('E451–E453: on the link to the collector', () => {
  it.each(LINK_KINDS)('%s does what it says, and loses nothing', async (kind) => {
    const claim = CLAIMS[kind];
    const fault = { kind, target: 'clickstream', ...FAULT, ...claim?.fault } as FaultInput;
    const without = await healthyGuests();
    const found = await figuresOf(guestScenario([fault]));
    expect(found.faults[0]?.strikes).toBeGreaterThan(2);
    claim?.holds(found, without);
    // The same events are stored in the end, each once, whatever happened to them on the way.
    expect(found.stored).toBe(without.stored);
    expect(found.dropped).toEqual({});
    expect((await figuresOf(guestScenario([fault]))).digest).toBe(found.digest);
  });

  it('E453: an SDK that runs out of tries gives its batch up, and says so', async () => {
    const retry = { maxAttempts: 2, backoffBase: ms(500), backoffCap: ms(500) };
    const fault = { kind: 'network.partition', target: 'clickstream', ...FAULT } as const;
    const given = guestScenario([fault]);
    const scenario = { ...given, clickstream: { ...given.clickstream, retry } };
    const found = await figuresOf(scenario);
    expect(found.dropped['sdk_retries_exhausted']).toBeGreaterThan(0);
  });

  it('E453: what is given up, and comes all the same, is no loss', async () => {
    const retry = { maxAttempts: 2, backoffBase: ms(500), backoffCap: ms(500) };
    const fault = { kind: 'network.clog', target: 'clickstream', ...FAULT } as const;
    const given = guestScenario([fault]);
    const scenario = { ...given, clickstream: { ...given.clickstream, retry } };
    const found = await figuresOf(scenario);
    expect(found.dropped).toEqual({ sdk_retries_exhausted: 0 });
    expect(found.stored).toBe((await healthyGuests()).stored);
  });
});
