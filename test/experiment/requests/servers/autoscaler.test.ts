/** An autoscaler on a fleet, with the delays that metrics and pods have, through crashes too. */
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../../src/experiment/requests/calls/call.ts';
import { startAutoscaler } from '../../../../src/experiment/requests/servers/autoscaler.ts';
import { createChance } from '../../../../src/kernel/chance.ts';
import { createSimulation } from '../../../../src/kernel/simulation.ts';
import { HPA_DEFAULTS } from '../../../../src/queueing/autoscaling/hpa-config.ts';
import { createFleet, type Fleet } from '../../../../src/queueing/stations/fleet.ts';
import { DEFAULT_FLEET_CONFIG } from '../../../../src/queueing/stations/fleet-config.ts';

const SECOND_US = 1_000_000;
const STARTUP_US = 7 * SECOND_US;

/** A fleet whose ready replicas are all busy to a share of each second until `busyUntilSec`. */
function scaledFleet(options: {
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly busy: (second: number) => number;
  readonly endSec: number;
  readonly act?: Readonly<Record<number, (fleet: ReturnType<typeof createFleet<Attempt>>) => void>>;
}) {
  const simulation = createSimulation();
  const fleet = createFleet<Attempt>({
    simulation,
    name: 'scaled',
    chance: createChance({ seed: 1, replication: 0 }),
    config: {
      ...DEFAULT_FLEET_CONFIG,
      replicas: options.replicas,
      startupTime: { kind: 'deterministic', value: STARTUP_US },
    },
    listener: { finished: () => {}, dropped: () => {} },
  });
  const endUs = options.endSec * SECOND_US;
  startAutoscaler({
    name: 'scaled',
    hpa: {
      ...HPA_DEFAULTS,
      maxReplicas: options.maxReplicas,
      metrics: [{ kind: 'resource-utilization', resource: 'cpu', targetPercent: 50 }],
    },
    metricLagUs: 10 * SECOND_US,
    metricWindowUs: 15 * SECOND_US,
    workersPerReplica: 1,
    simulation,
    fleet,
    endUs,
  });
  const readyBySecond: number[] = [];
  const tick = simulation.registerHandler('test.tick', (second) => {
    options.act?.[second]?.(fleet);
    const ready = fleet.replicas.filter(({ isReady }) => isReady);
    readyBySecond.push(ready.length);
    const demandUs = options.busy(second) * SECOND_US;
    for (const { index } of ready) {
      if (demandUs > 0) fleet.offer({ demandUs, priority: 0, deadlineUs: endUs } as Attempt, index);
    }
    if (second < options.endSec) simulation.schedule(SECOND_US, tick, second + 1);
  });
  simulation.schedule(0, tick, 0);
  simulation.run(endUs);
  return { fleet, readyBySecond };
}

/** Sizes that an autoscaler with a target of one busy worker a pod asks a still fleet for. */
function sizesAskedFor(options: {
  readonly members: number;
  readonly draining: number;
  readonly busyWorkers: number;
}): readonly number[] {
  const { members, draining, busyWorkers } = options;
  const simulation = createSimulation();
  const asked: number[] = [];
  const count = members + draining;
  const replicas = Array.from({ length: count }, (_, index) => {
    const isMember = index < members;
    return { index, isMember, isReady: isMember, state: isMember ? 'ready' : 'draining' };
  });
  const fleet = {
    replicas,
    busyWorkerUs: () => (simulation.nowUs * busyWorkers) / count,
    scaleTo: (size: number) => void asked.push(size),
  } as unknown as Fleet<Attempt>;
  startAutoscaler({
    name: 'still',
    hpa: {
      ...HPA_DEFAULTS,
      maxReplicas: 50,
      metrics: [{ kind: 'object-average', targetMilli: 1_000 }],
    },
    metricLagUs: 0,
    metricWindowUs: 15 * SECOND_US,
    workersPerReplica: 4,
    simulation,
    fleet,
    endUs: 40 * SECOND_US,
  });
  simulation.run(40 * SECOND_US);
  return asked;
}

describe('an autoscaler', () => {
  it('E16: sees load a lag and a window late, and pods start in their time', () => {
    const { readyBySecond } = scaledFleet({
      replicas: 2,
      maxReplicas: 10,
      busy: () => 0.9,
      endSec: 60,
    });
    // Measured at 15 s, known at 25 s, seen at 30 s: 0.9 ÷ 0.5 · 2 pods ask for 4, ready 7 s later.
    expect(readyBySecond[36]).toBe(2);
    expect(readyBySecond[37]).toBe(4);
    expect(Math.max(...readyBySecond.slice(0, 36))).toBe(2);
  });

  it('E16: stays within its bounds, and comes down only after five calm minutes', () => {
    const { readyBySecond } = scaledFleet({
      replicas: 1,
      maxReplicas: 3,
      busy: (second) => (second < 120 ? 0.95 : 0.01),
      endSec: 600,
    });
    expect(Math.max(...readyBySecond)).toBe(3);
    expect(readyBySecond[300]).toBe(3);
    expect(readyBySecond[599]).toBe(1);
  });

  it('E16: leaves a fleet on its target alone', () => {
    const { readyBySecond } = scaledFleet({
      replicas: 4,
      maxReplicas: 10,
      busy: () => 0.5,
      endSec: 300,
    });
    expect(new Set(readyBySecond)).toEqual(new Set([4]));
  });

  it('E16: lives through a crash of all, and the fleet comes back as wanted', () => {
    const { fleet, readyBySecond } = scaledFleet({
      replicas: 4,
      maxReplicas: 10,
      busy: () => 0.5,
      endSec: 400,
      act: { 100: (crashing) => crashing.failAll(), 200: (restored) => restored.restoreAll() },
    });
    expect(readyBySecond[150]).toBe(0);
    expect(readyBySecond[208]).toBe(4);
    expect(fleet.replicas.length).toBeLessThanOrEqual(10);
    expect(readyBySecond[399]).toBeGreaterThanOrEqual(2);
  });

  it.each([0, 1])(
    'E16: does not count pods that drain as current replicas (%i drain)',
    (draining) => {
      // 10.4 busy workers at a target of one a pod: within the tolerance of 10 pods.
      expect(sizesAskedFor({ members: 10, draining, busyWorkers: 10.4 })).toEqual([]);
    },
  );
});
