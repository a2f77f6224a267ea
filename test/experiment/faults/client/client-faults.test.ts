/** Every kind of the client family: the claim shows in figures, the world recovers, books close,
 * and the same seed gives the same run. */
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../../src/kernel/time.ts';
import { runWorld } from '../../small-world.ts';
import { CLIENT_KINDS } from '../arbitrary-faults.ts';
import {
  FAULT,
  type FaultInput,
  type Figures,
  figuresOf,
  guestScenario,
  healthyGuests,
} from '../faulty-world.ts';

/** What a kind claims, and how strong it is. */
interface Claim {
  readonly fault?: Partial<FaultInput>;
  readonly holds: (found: Figures, without: Figures) => void;
}

const YEAR_S = 31_557_600;
const END_S = (FAULT.at + FAULT.for) / seconds(1);
const lagOf = ({ eventTime, ingestTime }: Figures['events'][number]) => ingestTime - eventTime;

const CLAIMS: Readonly<Record<string, Claim>> = {
  'client.offline': {
    holds(found, without) {
      // Nothing gets out, pages least of all; what was captured comes afterwards.
      const during = ({ ingestTime }: { ingestTime: number }) =>
        ingestTime > 11 && ingestTime < END_S;
      expect(without.events.filter(during).length).toBeGreaterThan(10);
      expect(found.events.filter(during)).toEqual([]);
      expect(found.failedPages).toBeGreaterThan(2);
      expect(found.events.filter((event) => lagOf(event) > 8).length).toBeGreaterThan(0);
      expect(found.dropped).toEqual({});
    },
  },
  'client.clock-off': {
    fault: { probability: 0.8, intensity: YEAR_S * seconds(1) },
    holds(found, without) {
      const off = found.events.filter((event) => Math.abs(lagOf(event)) > YEAR_S / 2);
      const sides = new Set(off.map((event) => Math.sign(lagOf(event))));
      expect([...sides].sort()).toEqual([-1, 1]);
      // Clocks that were off are right again.
      const subjects = new Set(off.map(({ subject }) => subject));
      expect(subjects.size).toBeLessThanOrEqual(found.faults[0]?.strikes ?? 0);
      const later = found.events.filter(({ ingestTime }) => ingestTime > END_S + 5);
      expect(later.some(({ subject }) => subjects.has(subject))).toBe(true);
      expect(later.every((event) => Math.abs(lagOf(event)) < 10)).toBe(true);
      expect(found.stored).toBe(without.stored);
    },
  },
  'client.clock-jump': {
    fault: { probability: 0.6, intensity: seconds(3_600) },
    holds(found, without) {
      const isOff = (event: Figures['events'][number]) => Math.abs(lagOf(event)) > 3_000;
      const off = found.events.filter(isOff);
      expect(off.length).toBeGreaterThan(3);
      // They stay wrong. Who comes after the jump has a clock that is right.
      expect(off.some(({ ingestTime }) => ingestTime > END_S)).toBe(true);
      const last = found.events.filter(({ subject }) => subject === `v${0x4000_0007}`);
      expect(last.length).toBeGreaterThan(0);
      expect(last.some(isOff)).toBe(false);
      expect(found.stored).toBe(without.stored);
    },
  },
  'client.killed': {
    fault: { probability: 0.7 },
    holds(found, without) {
      // The answer reaches nobody: the next life sends the same again.
      expect(found.acceptedTwice).toBeGreaterThan(0);
      expect(found.requests).toBeGreaterThan(without.requests);
      expect(found.stored).toBe(without.stored);
    },
  },
  'client.bot-flood': {
    fault: { intensity: 12.5 },
    holds(found, without) {
      const bots = found.events.filter(({ subject }) => subject.startsWith('bot'));
      expect(bots.length).toBe(Math.floor(12.5 * 20));
      expect(found.stored).toBe(without.stored + bots.length);
      expect(found.requests).toBe(without.requests + 20);
    },
  },
  'client.malformed': {
    fault: { probability: 0.5 },
    holds(found, without) {
      expect(found.bad).toBe(found.faults[0]?.strikes);
      expect(found.stored).toBe(without.stored - found.bad);
    },
  },
};

describe('E460–E465: client faults', () => {
  it.each(CLIENT_KINDS)('%s does what it says, and the world recovers', async (kind) => {
    const claim = CLAIMS[kind];
    const fault = { kind, ...FAULT, ...claim?.fault } as FaultInput;
    const without = await healthyGuests();
    const found = await figuresOf(guestScenario([fault]));
    expect(found.faults[0]?.strikes).toBeGreaterThan(2);
    claim?.holds(found, without);
    const again = await figuresOf(guestScenario([fault]));
    expect(again.digest).toBe(found.digest);
    expect(again.events).toEqual(found.events);
  });
});

describe('E461: devices offline', () => {
  it('are so from their first moment where they come meanwhile', async () => {
    const fault = { kind: 'client.offline', at: 0, for: seconds(40) } as const;
    const found = await figuresOf(guestScenario([fault]));
    expect(found.events.every(({ ingestTime }) => ingestTime >= 40)).toBe(true);
    expect(found.loads.every(({ askedAt }) => askedAt >= 40)).toBe(true);
  });

  it('stay so until the last of the faults over each other ends', async () => {
    const faults: FaultInput[] = [
      { kind: 'client.offline', at: seconds(10), for: seconds(20) },
      { kind: 'client.offline', at: seconds(20), for: seconds(30) },
    ];
    const found = await figuresOf(guestScenario(faults));
    const during = found.events.filter(({ ingestTime: at }) => at > 11 && at < 50);
    expect(during).toEqual([]);
  });

  it('go on with absences of their own', async () => {
    const absence = {
      probability: 1,
      after: { kind: 'deterministic', value: seconds(1) },
      duration: { kind: 'deterministic', value: seconds(50) },
    } as const;
    const given = guestScenario([{ kind: 'client.offline', ...FAULT }]);
    const { devices, behaviour } = given.audience;
    const scenario = {
      ...given,
      clock: { ...given.clock, drain: minutes(240) },
      audience: {
        ...given.audience,
        behaviour: { ...behaviour, titleWeights: { hover: 0, play: 90, back: 0, leave: 10 } },
        devices: Object.fromEntries(
          Object.entries(devices).map(([kind, device]) => [kind, { ...device, absence }]),
        ) as unknown as typeof devices,
      },
    };
    const found = await figuresOf(scenario);
    expect(found.faults[0]?.strikes).toBeGreaterThan(2);
    expect(found.stored).toBeGreaterThan(50);
  });
});

describe('E465: a bot', () => {
  it('is not heard where its requests are lost, and is not booked', async () => {
    const faults: FaultInput[] = [
      { kind: 'client.bot-flood', ...FAULT, intensity: 10 },
      { kind: 'network.partition', target: 'clickstream', at: FAULT.at, for: seconds(5) },
      { kind: 'network.duplicate', target: 'clickstream', at: seconds(20), for: seconds(30) },
    ];
    const found = await figuresOf(guestScenario(faults));
    const bots = found.events.filter(({ subject }) => subject.startsWith('bot'));
    // All but the first four of twenty requests.
    expect(bots.length).toBe(160);
    expect(found.acceptedTwice).toBeGreaterThan(80);
  });

  it('stops when all faults are healed', async () => {
    const flood = { kind: 'client.bot-flood', ...FAULT, intensity: 10 } as const;
    const { world, warehouse } = await runWorld(guestScenario([flood]), {
      look({ simulation, board }) {
        const heal = simulation.registerHandler('heal', () => board.heal());
        simulation.schedule(FAULT.at + seconds(4.5), heal, 0);
      },
    });
    const [row] = warehouse.query("SELECT count(*) AS n FROM fact_event WHERE subject LIKE 'bot%'");
    expect(row?.['n']).toBe(45);
    expect(world.board.tally()[0]?.strikes).toBe(5);
    warehouse.close();
  });
});
