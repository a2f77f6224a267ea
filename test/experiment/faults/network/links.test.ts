/** Links, message by message: order, clogs, isolation, and what connections make of it. */
import { describe, expect, it } from 'vitest';
import { createFaultBoard } from '../../../../src/experiment/faults/board/fault-board.ts';
import {
  COLLECTOR,
  createBatchLink,
} from '../../../../src/experiment/faults/network/batch-link.ts';
import { keepOrder } from '../../../../src/experiment/faults/network/keep-order.ts';
import { createLinkFaults } from '../../../../src/experiment/faults/network/link-faults.ts';
import type { LinkMessage } from '../../../../src/experiment/faults/network/link-message.ts';
import type { CataloguedFault } from '../../../../src/experiment/faults/plan/fault-schema.ts';
import { WanConnection } from '../../../../src/experiment/households/wan-connection.ts';
import { createChance } from '../../../../src/kernel/chance.ts';
import { createSimulation } from '../../../../src/kernel/simulation.ts';
import { ms, seconds } from '../../../../src/kernel/time.ts';

type Planned = Pick<CataloguedFault, 'kind'> & Partial<CataloguedFault>;

const ENDS_US = seconds(3);
const READY = { isReady: true };

/** A link with faults from the first second to the third. */
function linkBench(planned: readonly Planned[]) {
  const simulation = createSimulation({});
  const faults = planned.map((fault) => ({
    at: seconds(1),
    for: seconds(2),
    probability: 1,
    ...fault,
  }));
  const chance = createChance({ seed: 5, replication: 0 });
  const board = createFaultBoard({ faults, simulation, chance });
  const links = createLinkFaults({ board, simulation });
  links.know([
    { name: 'movie', fleet: { replicas: [{ isReady: false }, READY, READY] } },
    { name: 'gateway', fleet: { replicas: [READY, READY] } },
    COLLECTOR,
  ]);
  board.start();
  return {
    simulation,
    board,
    links,
    batches: createBatchLink({ board, simulation, faults: links }),
  };
}

function message(index: number, more: Partial<LinkMessage> = {}): LinkMessage {
  const where = {
    link: 'movie',
    direction: 'up',
    places: [{ server: 'movie', replica: 1 }],
  } as const;
  return { ...where, entity: 1, index, sizeBytes: 2_048, delayUs: ms(10), ...more };
}

/** When messages that are sent every 5 ms arrive, µs. */
function arrivals(planned: readonly Planned[]): readonly number[] {
  const { simulation, links } = linkBench(planned);
  const lane = new WanConnection(0, 0).up;
  return Array.from({ length: 200 }, (_, index) => {
    simulation.run(ms(1_500) + index * ms(5));
    const { nowUs } = simulation;
    return nowUs + keepOrder(lane, links.fateOf(message(index)), nowUs);
  });
}

const isAscending = (times: readonly number[]) =>
  times.every((time, i) => time >= (times[i - 1] ?? 0));

describe('E445: a connection', () => {
  it.each([
    { kind: 'network.delay', probability: 0.3 } as const,
    { kind: 'network.jitter' } as const,
    { kind: 'network.bandwidth' } as const,
    { kind: 'network.clog' } as const,
  ])('keeps its order under $kind', (fault) => {
    const times = arrivals([fault]);
    expect(isAscending(times)).toBe(true);
    const undisturbed = times.map((_, i) => ms(1_510) + i * ms(5));
    expect(times.filter((time, i) => time > (undisturbed[i] ?? 0)).length).toBeGreaterThan(50);
  });

  it('lets others overtake what is held back', () => {
    const times = arrivals([{ kind: 'network.reorder', probability: 0.2, intensity: ms(50) }]);
    expect(isAscending(times)).toBe(false);
    const held = times.filter((time, i) => time - ms(1_500) - i * ms(5) > ms(10));
    expect(held.length).toBeGreaterThan(20);
    expect(held.length).toBeLessThan(80);
  });
});

describe('E443: how long a message takes', () => {
  it('waits behind a clog until the fault ends, and not at all if it comes later', () => {
    const { simulation, links } = linkBench([{ kind: 'network.clog' }]);
    simulation.run(ms(1_200));
    expect(links.fateOf(message(0)).delayUs).toBe(ENDS_US - ms(1_200));
    expect(links.fateOf(message(1, { delayUs: seconds(5) })).delayUs).toBe(seconds(5));
  });

  it('adds what is slow, and scales with the size where bandwidth is short', () => {
    const { simulation, links } = linkBench([
      { kind: 'network.delay', intensity: ms(7) },
      { kind: 'network.bandwidth', intensity: ms(3) },
    ]);
    simulation.run(ms(1_200));
    expect(links.fateOf(message(0)).delayUs).toBe(ms(10 + 7 + 2 * 3));
    expect(links.fateOf(message(1, { sizeBytes: 1_024 * 10 })).delayUs).toBe(ms(10 + 7 + 30));
  });
});

describe('E442: isolation', () => {
  it('hits one replica of each server, drawn among those that are ready', () => {
    const { simulation, links, board } = linkBench([{ kind: 'network.isolate' }]);
    simulation.run(ms(1_200));
    const isCut = (server: string, replica: number) =>
      links.fateOf(message(0, { link: server, places: [{ server, replica }] })).isLost;
    expect(isCut('movie', 0)).toBe(false);
    expect([1, 2].filter((replica) => isCut('movie', replica))).toHaveLength(1);
    expect([0, 1].filter((replica) => isCut('gateway', replica))).toHaveLength(1);
    // Nor does it reach anybody.
    const cut = [0, 1].find((replica) => isCut('gateway', replica)) ?? -1;
    const places = [
      { server: 'movie', replica: 0 },
      { server: 'gateway', replica: cut },
    ];
    expect(links.fateOf(message(0, { places })).isLost).toBe(true);
    expect(board.tally()[0]?.strikes).toBe(4);
    simulation.run(ENDS_US);
    expect(links.isQuiet).toBe(true);
  });

  it('hits the server that it is aimed at alone', () => {
    const { simulation, links } = linkBench([{ kind: 'network.isolate', target: 'aggregation' }]);
    simulation.run(ms(1_200));
    const lost = (server: string) =>
      [0, 1, 2].filter(
        (replica) => links.fateOf(message(0, { places: [{ server, replica }] })).isLost,
      );
    expect(lost('movie')).toEqual([]);
    expect(lost('gateway')).toHaveLength(1);
  });
});

describe('E440: while nothing is wrong', () => {
  it('links are quiet: before a fault, after it, and when all are healed', () => {
    const { simulation, board, links } = linkBench([{ kind: 'network.loss' }]);
    expect(links.isQuiet).toBe(true);
    simulation.run(seconds(1));
    expect(links.isQuiet).toBe(false);
    simulation.run(ENDS_US);
    expect(links.isQuiet).toBe(true);
    board.inject({ kind: 'network.clog', at: 0, for: seconds(9), probability: 1 });
    simulation.run(seconds(4));
    expect(links.isQuiet).toBe(false);
    board.heal();
    expect(links.isQuiet).toBe(true);
  });
});

describe('E452: what a device hears of a batch', () => {
  const deliveriesOf = (kind: CataloguedFault['kind'], direction: 'up' | 'down') => {
    const { simulation, batches } = linkBench([{ kind, target: 'clickstream' }]);
    simulation.run(ms(1_200));
    const leg = { direction, key: 3, sizeBytes: 900, delayUs: ms(40), lane: undefined };
    return [0, 1].map((viewer) =>
      batches
        .deliveries({ ...leg, viewer })
        .map(({ status, delayUs }) => [status, delayUs / ms(1)]),
    );
  };

  it.each([
    ['network.corrupt', 'up', [0, 40]],
    ['network.corrupt', 'down', [0, 40]],
    ['network.truncate', 'up', [408, 40]],
    ['network.truncate', 'down', [0, 40]],
    ['network.reset', 'up', ['whole', 40]],
    ['network.reset', 'down', [0, 20]],
    ['network.partition-one-way', 'up', ['whole', 40]],
  ] as const)('%s, %s', (kind, direction, heard) => {
    expect(deliveriesOf(kind, direction)).toEqual([[heard], [heard]]);
  });

  it('nothing where it is lost, and everything twice where it is doubled', () => {
    expect(deliveriesOf('network.partition', 'up')).toEqual([[], []]);
    expect(deliveriesOf('network.partition-one-way', 'down')).toEqual([[], []]);
    const twice = [
      ['whole', 40],
      ['whole', 80],
    ];
    expect(deliveriesOf('network.duplicate', 'up')).toEqual([twice, twice]);
  });

  it('one of two front ends is cut off, or is there no more', () => {
    const isolated = deliveriesOf('network.isolate', 'up').map((list) => list.length);
    expect([...isolated].sort()).toEqual([0, 1]);
    const stale = deliveriesOf('network.stale-discovery', 'up').map((list) => list[0]?.[0]);
    expect(new Set(stale)).toEqual(new Set([0, 'whole']));
  });
});
