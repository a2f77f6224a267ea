/** An autoscaler in virtual time, with pods that take time to start and usage known late: the dead
 * band, the lag of a ramp, and no flapping. */
import { describe, expect, it } from 'vitest';
import { hpaStep, NEW_HPA } from '../../../src/queueing/autoscaling/hpa.ts';
import { HPA_DEFAULTS, type HpaConfig } from '../../../src/queueing/autoscaling/hpa-config.ts';
import {
  createPodFleet,
  fleetObservation,
  measureFleet,
  type PodFleetConfig,
  readyPods,
  resizeFleet,
} from '../../../src/queueing/autoscaling/pod-fleet.ts';

const SECOND = 1_000_000;
const FLEET: PodFleetConfig = {
  pendingUs: 10 * SECOND,
  bootUs: 20 * SECOND,
  metricLagUs: 15 * SECOND,
  readingWindowUs: 15 * SECOND,
  requestMilli: 1_000,
};
const HPA: HpaConfig = {
  ...HPA_DEFAULTS,
  minReplicas: 2,
  maxReplicas: 200,
  metrics: [{ kind: 'resource-utilization', resource: 'cpu', targetPercent: 60 }],
};

/** One second of a fluid model. */
interface Second {
  readonly replicas: number;
  readonly ready: number;
  /** Wished CPU over the CPU of the ready pods. */
  readonly utilization: number;
}

/** A fluid that spreads evenly over the ready pods, measured and scaled every 15 s.
 * @param wishMilli - CPU that the load wants, by the second. */
function run(
  replicas: number,
  seconds: number,
  wishMilli: (second: number) => number,
): readonly Second[] {
  let fleet = createPodFleet(replicas);
  let state = NEW_HPA;
  const seen: Second[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const nowUs = second * SECOND;
    const ready = new Set(readyPods(fleet, nowUs).map((pod) => pod.id));
    const each = Math.min(FLEET.requestMilli, wishMilli(second) / ready.size);
    if (second % 15 === 0) {
      const usage = (pod: { readonly id: number }) => (ready.has(pod.id) ? each : 0);
      fleet = measureFleet(FLEET, fleet, { nowUs, usage });
      const step = hpaStep(HPA, state, {
        observation: fleetObservation(FLEET, fleet, nowUs),
        nowUs,
      });
      state = step.state;
      fleet = resizeFleet(FLEET, fleet, { replicas: step.desiredReplicas, nowUs });
    }
    const utilization = wishMilli(second) / (ready.size * FLEET.requestMilli);
    seen.push({ replicas: fleet.pods.length, ready: ready.size, utilization });
  }
  return seen;
}

function changes(seen: readonly Second[]): number[] {
  return seen.slice(1).flatMap((one, i) => {
    const by = one.replicas - (seen[i]?.replicas ?? 0);
    return by === 0 ? [] : [by];
  });
}

describe('a fleet of pods', () => {
  it('Q56: starts pods late, and takes away the youngest first, those not ready before', () => {
    let fleet = createPodFleet(2);
    fleet = resizeFleet(FLEET, fleet, { replicas: 4, nowUs: 0 });
    const readyAt = (second: number) => readyPods(fleet, second * SECOND).map((pod) => pod.id);
    expect(readyAt(29)).toEqual([0, 1]);
    expect(readyAt(30)).toEqual([0, 1, 2, 3]);
    const smaller = resizeFleet(FLEET, fleet, { replicas: 3, nowUs: 5 * SECOND });
    expect(smaller.pods.map((pod) => pod.id)).toEqual([0, 1, 2]);
    const phases = (second: number) =>
      fleetObservation(FLEET, fleet, second * SECOND).pods.map((pod) => pod.phase);
    expect(phases(9)).toEqual(['running', 'running', 'pending', 'pending']);
    expect(phases(10)).toEqual(['running', 'running', 'running', 'running']);
  });

  it('Q56: tells usage only when the lag is over', () => {
    let fleet = createPodFleet(1);
    fleet = measureFleet(FLEET, fleet, { nowUs: 0, usage: () => 100 });
    fleet = measureFleet(FLEET, fleet, { nowUs: 10 * SECOND, usage: () => 700 });
    const told = (second: number) => {
      const [reading] = fleetObservation(FLEET, fleet, second * SECOND).readings;
      return reading?.kind === 'per-pod' ? reading.byPod[0]?.valueMilli : undefined;
    };
    expect([14, 15, 24, 25].map(told)).toEqual([undefined, 100, 100, 700]);
  });
});

describe('an autoscaled fluid', () => {
  it('Q51: never scales for a load 9 % above target, and does for one 12 % above', () => {
    const wish = (percentOfTarget: number) => () => (100 * 600 * percentOfTarget) / 100;
    const dead = run(100, 7_200, wish(109));
    expect(changes(dead)).toEqual([]);
    expect(dead.at(-1)?.utilization).toBeCloseTo(0.654, 9);
    expect(changes(run(100, 7_200, wish(91)))).toEqual([]);
    const alive = run(100, 7_200, wish(112));
    expect(changes(alive).length).toBeGreaterThan(0);
    expect(alive.at(-1)?.utilization).toBeLessThan(0.606);
  });

  it('Q56: follows a ramp late by measurement, lag, step and start', () => {
    // From 20 to 60 pods' worth at target, over 10 minutes.
    const ramp = (second: number) => 12_000 + 24_000 * Math.min(1, Math.max(0, second - 300) / 600);
    const seen = run(20, 3_600, ramp);
    const peak = Math.max(...seen.map((one) => one.utilization));
    expect(peak).toBeGreaterThan(0.66);
    expect(peak).toBeLessThan(1);
    const final = seen.at(-1)?.replicas ?? 0;
    expect(final).toBeGreaterThanOrEqual(55);
    expect(final).toBeLessThanOrEqual(66);
    const first = seen.findIndex((one) => one.replicas > 20);
    const firstReady = seen.findIndex((one) => one.ready > 20);
    expect(firstReady - first).toBe(30);
  });

  it('Q53: does not flap under a load that swings faster than the window', () => {
    const swing = (second: number) => 30_000 + 12_000 * Math.sin((2 * Math.PI * second) / 120);
    const seen = run(50, 7_200, swing);
    const settled = changes(seen.slice(1_200));
    expect(settled).toEqual([]);
    expect(seen.at(-1)?.replicas).toBeGreaterThanOrEqual(65);
  });

  it('Q53: goes down once, five minutes after the load went', () => {
    const seen = run(60, 3_600, (second) => (second < 600 ? 36_000 : 12_000));
    const first = seen.findIndex((one) => one.replicas < 60);
    expect(first).toBeGreaterThanOrEqual(900);
    expect(first).toBeLessThanOrEqual(945);
    expect(changes(seen)).toEqual([-40]);
  });
});
