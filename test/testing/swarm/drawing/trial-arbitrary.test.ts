/** Trials drawn whole: valid, small, the same for ever, and shrinking to the plainest. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FAULT_KIND_NAMES,
  FAULT_KINDS,
} from '../../../../src/experiment/faults/catalogue/fault-kinds.ts';
import { isCatalogued } from '../../../../src/experiment/faults/plan/fault-schema.ts';
import { defineScenario } from '../../../../src/experiment/scenario/define-scenario.ts';
import { drawTrial } from '../../../../src/testing/swarm/campaign/swarm-source.ts';
import {
  reachableTargets,
  trialArbitrary,
} from '../../../../src/testing/swarm/drawing/trial-arbitrary.ts';
import type { Trial } from '../../../../src/testing/trial/trial.ts';
import { SWARM } from '../swarms.ts';

const SEEDS = Array.from({ length: 600 }, (_, seed) => seed);
const trials = SEEDS.map((seed) => drawTrial(SWARM, seed));

describe('a drawn trial', () => {
  it('T50: is the same for the same seed, and another for another', () => {
    expect(SEEDS.slice(0, 40).map((seed) => drawTrial(SWARM, seed))).toEqual(trials.slice(0, 40));
    expect(new Set(trials.map((trial) => JSON.stringify(trial))).size).toBe(trials.length);
  });

  it('T50: survives JSON', () => {
    for (const trial of trials.slice(0, 100)) {
      expect(JSON.parse(JSON.stringify(trial))).toEqual(trial);
    }
  });

  it('T51: is a valid scenario, and small', () => {
    for (const { scenario } of trials.slice(0, 150)) {
      const { clock, audience } = defineScenario(scenario);
      expect(clock.duration).toBeLessThanOrEqual(90e6);
      expect(audience.guests.length).toBeLessThanOrEqual(5);
    }
  });

  it('T51: topologies, policies and clickstreams differ in everything that they can', () => {
    const values = new Map<string, Set<string>>();
    for (const { scenario, architecture } of trials) {
      const { services, requests, clickstream, network, architectures, traffic } = scenario;
      const seen = { services, requests, clickstream, network, architectures, traffic };
      for (const [path, value] of leaves({ architecture, ...seen })) {
        const known = values.get(path) ?? new Set();
        values.set(path, known.add(String(value)));
      }
    }
    expect(values.get('architecture')?.size).toBe(4);
    for (const of of ['breaker', 'budget', 'bulkhead', 'hedge', 'throttle', 'fallback']) {
      expect([...values.keys()].some((path) => path.startsWith(`requests.calls.${of}`))).toBe(true);
    }
    for (const of of ['limit', 'shedding', 'autoscaler', 'balancing', 'cache', 'database']) {
      expect([...values.keys()].some((path) => path.startsWith(`services.movie.${of}`))).toBe(true);
    }
    expect(values.get('clickstream.pollEvery')?.size).toBe(3);
    expect(values.get('clickstream.partitions')?.size).toBe(3);
  });

  it('T52: every kind is drawn, within the ranges of its swarm, and healed in time', () => {
    const drawn = new Set<string>();
    for (const { scenario, healedAt } of trials) {
      for (const fault of defineScenario({ ...scenario, traffic: undefined }).faults) {
        if (!isCatalogued(fault)) throw new Error('not of the catalogue');
        drawn.add(fault.kind);
        const { swarmProbability: [least, most] = [1, 1], intensity } = FAULT_KINDS[fault.kind];
        const isCertain = fault.probability === 1;
        expect(isCertain || fault.probability >= least * 0.99).toBe(true);
        expect(isCertain || fault.probability <= most * 1.01).toBe(true);
        if (fault.intensity !== undefined && intensity !== undefined) {
          expect(fault.intensity).toBeGreaterThanOrEqual(intensity.swarm[0] * 0.99);
          expect(fault.intensity).toBeLessThanOrEqual(intensity.swarm[1] * 1.01);
        }
        expect((fault.rate?.until ?? fault.at) + fault.for).toBeLessThanOrEqual(healedAt);
      }
    }
    expect(drawn.size).toBe(FAULT_KIND_NAMES.length);
  });

  it('T52: each trial has few kinds, some many times', () => {
    const kinds = trials.map(({ scenario }) => (scenario.faults ?? []).map(({ kind }) => kind));
    expect(Math.max(...kinds.map((some) => new Set(some).size))).toBeLessThanOrEqual(8);
    const repeating = kinds.filter((some) => new Set(some).size < some.length);
    expect(repeating.length).toBeGreaterThan(trials.length / 4);
    expect(kinds.some((some) => some.length === 0)).toBe(true);
  });

  it('T53: somebody comes when the faults are over', () => {
    for (const { scenario, healedAt } of trials) {
      const guests = scenario.audience.guests ?? [];
      expect(guests.some(({ at }) => at >= healedAt)).toBe(true);
      expect(scenario.clock.duration).toBeGreaterThan(healedAt);
    }
  });

  it('T51: ties are permuted in about half of them', () => {
    const tied = trials.filter(({ tieOrder }) => tieOrder !== undefined).length;
    expect(tied / trials.length).toBeGreaterThan(0.4);
    expect(tied / trials.length).toBeLessThan(0.6);
  });

  it('T57: shrinks to the plainest trial', () => {
    const found = fc.check(
      fc.property(trialArbitrary(), () => false),
      { seed: 3, numRuns: 1 },
    );
    const [plainest] = (found.counterexample ?? fail()) as unknown as readonly [Trial];
    const { scenario, architecture, tieOrder } = plainest;
    expect({ architecture, tieOrder, faults: scenario.faults }).toEqual({
      architecture: 'monolith',
      tieOrder: undefined,
      faults: [],
    });
    expect(scenario.audience.guests).toEqual([{ at: 0 }, { at: 15e6 }]);
    expect([scenario.architectures, scenario.traffic]).toEqual([undefined, undefined]);
    expect(Object.keys(scenario.services?.['movie'] ?? {}).sort()).toEqual([
      'baseTime',
      'replicas',
      'timePerEntity',
      'workersPerReplica',
    ]);
  });

  it('T52: is aimed at what there is', () => {
    expect(reachableTargets('process.crash', 'monolith', ['movie'])).toEqual(['monolith']);
    expect(reachableTargets('process.crash', 'direct', ['movie'])).toEqual(['movie']);
    expect(reachableTargets('process.crash', 'federated', ['movie'])).toEqual([
      'movie',
      'federated',
    ]);
  });
});

/** Dotted paths of all values. */
function leaves(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, path === '' ? name : `${path}.${name}`),
  );
}

function fail(): never {
  throw new Error('no counterexample');
}
