/** Balancers beside distributions that are enumerated, so that a bias shows without any error rate,
 * and ejection beside a list of hosts that is walked sweep by sweep. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { ReplicaSight } from '../../../../src/queueing/balancing/balancer.ts';
import {
  type BalancingPolicy,
  createBalancer,
} from '../../../../src/queueing/balancing/create-balancer.ts';
import type { EjectionConfig } from '../../../../src/queueing/balancing/outlier-ejection.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

const replica: fc.Arbitrary<ReplicaSight> = fc.record({
  outstanding: fc.nat(3),
  isReady: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  zone: fc.constant(0),
  weight: fc.constant(1),
});

const policy: fc.Arbitrary<BalancingPolicy> = fc.constantFrom<BalancingPolicy>(
  { kind: 'power-of-two' },
  { kind: 'random' },
  { kind: 'least-outstanding', ties: 'random' },
  { kind: 'least-outstanding', ties: 'lowest-index' },
);

/** How often each replica is meant to be taken in `draws` pairs of equally likely choices. */
function meant(kind: BalancingPolicy, replicas: readonly ReplicaSight[], draws: number): number[] {
  const counts = replicas.map(() => 0);
  const ready = replicas.flatMap((one, i) => (one.isReady ? [i] : []));
  const load = (i: number): number => replicas[i]?.outstanding ?? 0;
  const fewest = Math.min(...ready.map(load));
  const least = ready.filter((i) => load(i) === fewest);
  const add = (i: number | undefined, share: number): void => {
    if (i !== undefined) counts[i] = (counts[i] ?? 0) + share * draws;
  };
  if (kind.kind === 'random') for (const i of ready) add(i, 1 / ready.length);
  else if (kind.kind === 'power-of-two') {
    for (const a of ready) {
      for (const b of ready) add(load(b) < load(a) ? b : a, 1 / ready.length ** 2);
    }
  } else if ('ties' in kind && kind.ties === 'random') {
    for (const i of least) add(i, 1 / least.length);
  } else add(least[0], 1);
  return counts.map((count) => Math.round(count));
}

const choicesAsEnumerated = zooProperty({
  name: 'choices-as-enumerated',
  claim: 'over all pairs of draws each ready replica is taken just as often as its policy says',
  arbitrary: fc.record({ policy, replicas: fc.array(replica, { minLength: 1, maxLength: 5 }) }),
  sizeOf: ({ replicas }) => ({ commands: replicas.length, faults: 0 }),
  holds({ policy: kind, replicas }) {
    const balancer = createBalancer({ policy: kind });
    const state = balancer.initial();
    const ready = replicas.filter((one) => one.isReady).length;
    // A grid on which replicas, ready ones and ties (up to 5) all get whole shares.
    const grid = replicas.length * Math.max(1, ready) * 12;
    const counts = replicas.map(() => 0);
    for (let i = 0; i < grid; i += 1) {
      for (let j = 0; j < grid; j += 1) {
        const draws = { u1: (i + 0.5) / grid, u2: (j + 0.5) / grid };
        const request = { replicas, nowUs: 0, key: 0, zone: 0, ...draws };
        const chosen = balancer.choose(state, request);
        assert.equal(chosen >= 0, ready > 0, 'somebody is chosen if anybody is ready');
        if (chosen >= 0) counts[chosen] = (counts[chosen] ?? 0) + 1;
      }
    }
    assert.deepEqual(counts, ready === 0 ? counts : meant(kind, replicas, grid * grid));
  },
});

const turnsAreTaken = zooProperty({
  name: 'turns-are-taken',
  claim: 'round robin gives no ready replica two turns more than another',
  arbitrary: fc.record({
    replicas: fc.array(replica, { minLength: 1, maxLength: 5 }),
    calls: fc.integer({ min: 1, max: 20 }),
  }),
  sizeOf: ({ calls }) => ({ commands: calls, faults: 0 }),
  holds({ replicas, calls }) {
    const balancer = createBalancer({ policy: { kind: 'round-robin' } });
    const turns = replicas.map(() => 0);
    let state = balancer.initial();
    for (let i = 0; i < calls; i += 1) {
      const request = { replicas, nowUs: i, key: 0, u1: 0.5, u2: 0.5, zone: 0 };
      const chosen = balancer.choose(state, request);
      if (chosen < 0) continue;
      state = balancer.sent(state, request, chosen);
      turns[chosen] = (turns[chosen] ?? 0) + 1;
    }
    const ready = turns.filter((_, i) => replicas[i]?.isReady);
    assert.ok(ready.length === 0 || Math.max(...ready) - Math.min(...ready) <= 1, `${turns}`);
    assert.equal(
      turns.reduce((sum, one) => sum + one, 0),
      ready.length === 0 ? 0 : calls,
    );
  },
});

interface Host {
  failures: number;
  endUs: number;
  isEjected: boolean;
  backoff: number;
  releasedUs: number;
}

/** Envoy's rule of failures in a row, host by host and sweep by sweep. */
class Hosts {
  readonly #config: EjectionConfig;
  readonly #hosts: Host[];
  #sweptUs = 0;

  constructor(config: EjectionConfig, count: number) {
    this.#config = config;
    this.#hosts = Array.from({ length: count }, () => ({
      failures: 0,
      endUs: 0,
      isEjected: false,
      backoff: 0,
      releasedUs: -1,
    }));
  }

  observe(at: number, ok: boolean, nowUs: number): void {
    this.#sweep(nowUs);
    const host = this.#hosts[at] as Host;
    host.failures = ok ? 0 : host.failures + 1;
    if (host.isEjected || host.failures !== this.#config.consecutiveFailures) return;
    host.failures = 0;
    const ejected = this.#hosts.filter((one) => one.isEjected).length;
    const { maxEjectedPercent, alwaysEjectOne, baseEjectionUs, maxEjectionUs } = this.#config;
    const isWithin = ((ejected + 1) * 100) / this.#hosts.length <= maxEjectedPercent;
    if (!isWithin && !(alwaysEjectOne && ejected === 0)) return;
    host.isEjected = true;
    if (host.backoff * baseEjectionUs < maxEjectionUs + baseEjectionUs) host.backoff += 1;
    host.endUs = nowUs + Math.min(maxEjectionUs, baseEjectionUs * host.backoff);
  }

  /** Who may be taken now: all if all are ejected. */
  eligible(nowUs: number): number[] {
    this.#sweep(nowUs);
    const all = this.#hosts.map((_, i) => i);
    const healthy = all.filter((i) => this.#hosts[i]?.isEjected === false);
    return healthy.length > 0 ? healthy : all;
  }

  #sweep(nowUs: number): void {
    const { intervalUs } = this.#config;
    for (; this.#sweptUs + intervalUs <= nowUs; ) {
      this.#sweptUs += intervalUs;
      for (const host of this.#hosts) {
        if (host.isEjected && host.endUs <= this.#sweptUs) {
          Object.assign(host, { isEjected: false, failures: 0, releasedUs: this.#sweptUs });
        }
        const wasIn = host.releasedUs >= 0 && this.#sweptUs - host.releasedUs >= intervalUs;
        if (!host.isEjected && wasIn) host.backoff = Math.max(0, host.backoff - 1);
      }
    }
  }
}

const ejection: fc.Arbitrary<EjectionConfig> = fc.record({
  consecutiveFailures: fc.integer({ min: 1, max: 3 }),
  intervalUs: fc.constant(10),
  baseEjectionUs: fc.constantFrom(5, 20),
  maxEjectionUs: fc.constantFrom(20, 60),
  maxEjectedPercent: fc.constantFrom(0, 50, 100),
  alwaysEjectOne: fc.boolean(),
  successRateMinHosts: fc.constant(100),
  successRateMinRequests: fc.constant(100),
  successRateStdevFactor: fc.constant(1.9),
});

const ejectionAsWalked = zooProperty({
  name: 'ejected-hosts-as-walked',
  claim: 'a host is left out exactly while the rule of failures in a row has it ejected',
  arbitrary: fc.record({
    config: ejection,
    count: fc.integer({ min: 1, max: 4 }),
    outcomes: fc.array(
      fc.record({
        gapUs: fc.oneof(fc.constant(0), fc.nat(9), fc.nat(80)),
        host: fc.nat(3),
        ok: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, fc.constant(true)),
      }),
      { maxLength: 30, size: 'max' },
    ),
  }),
  sizeOf: ({ outcomes }) => ({
    commands: outcomes.length,
    faults: 0,
  }),
  holds({ config, count, outcomes }) {
    const balancer = createBalancer({ policy: { kind: 'random' }, ejection: config });
    const hosts = new Hosts(config, count);
    const sight = { outstanding: 0, isReady: true, zone: 0, weight: 1 };
    const replicas = Array.from({ length: count }, () => sight);
    let state = balancer.initial();
    let nowUs = 0;
    const look = (): void => {
      const chosen = new Set<number>();
      for (let i = 0; i < count * count; i += 1) {
        const request = { replicas, nowUs, key: 0, u1: (i + 0.5) / count ** 2, u2: 0.5, zone: 0 };
        chosen.add(balancer.choose(state, request));
      }
      const request = { replicas, nowUs, key: 0, u1: 0.5, u2: 0.5, zone: 0 };
      assert.deepEqual([...chosen].sort(), hosts.eligible(nowUs), `at ${nowUs}`);
      state = balancer.sent(state, request, balancer.choose(state, request));
    };
    for (const { gapUs, host, ok } of outcomes) {
      nowUs += gapUs;
      look();
      const at = host % count;
      hosts.observe(at, ok, nowUs);
      state = balancer.observe(state, { replica: at, ok, durationUs: 1, nowUs });
      look();
    }
  },
});

/** All properties of balancing. */
export const BALANCING: readonly ZooProperty[] = [
  choicesAsEnumerated,
  turnsAreTaken,
  ejectionAsWalked,
];
