/** Trials of a scenario that somebody wrote. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineScenario } from '../../../../src/experiment/scenario/define-scenario.ts';
import { scenarioTrials } from '../../../../src/testing/swarm/drawing/scenario-trials.ts';
import { runTrial } from '../../../../src/testing/trial/run-trial.ts';

const scenario = defineScenario({
  schema: 1,
  name: 'evening',
  question: 'q',
  seed: 77,
  clock: { start: '2026-11-20T20:00:00Z', duration: 3_600e6, drain: 900e6 },
  audience: { viewers: 5_000 },
  catalogue: { titles: 30 },
  network: { zones: 2 },
  traffic: {
    kind: 'open',
    rate: [{ at: 0, perSecond: 50 }],
    pages: { home: 1 },
  },
  faults: [
    { kind: 'service.outage', target: 'talent', at: 30e6, for: 600e6 },
    { kind: 'service.slow', target: 'movie', at: 1_800e6, for: 60e6 },
    { kind: 'zone.loss', zone: 1, at: 10e6, for: 5e6 },
  ],
});
const trials = fc.sample(scenarioTrials(scenario, { spanUs: 120e6 }), { seed: 5, numRuns: 40 });

describe('a trial of a scenario', () => {
  it('T54: is its beginning, with its own faults over in time', () => {
    for (const { scenario: piece, healedAt } of trials) {
      expect(piece.clock).toMatchObject({ duration: 120e6, drain: 120e6 });
      expect(healedAt).toBe(60e6);
      const own = piece.faults?.slice(0, 2);
      expect(own).toMatchObject([
        { kind: 'service.outage', at: 30e6, for: 30e6 },
        { kind: 'zone.loss', at: 10e6, for: 5e6 },
      ]);
      for (const fault of defineScenario(piece).faults) {
        expect(fault.at + fault.for).toBeLessThanOrEqual(healedAt);
      }
    }
  });

  it('T54: keeps topology and titles, few viewers, and a load test at a walk', () => {
    const seeds = new Set(trials.map(({ scenario: piece }) => piece.seed));
    expect(seeds.size).toBe(trials.length);
    for (const { scenario: piece, healedAt } of trials) {
      expect(piece.catalogue).toMatchObject({ titles: 30, seed: 77 });
      expect(piece.services).toEqual(scenario.services);
      expect(piece.network?.zones).toBe(2);
      expect(piece.audience.viewers).toBe(0);
      const guests = piece.audience.guests ?? [];
      expect(guests.length).toBeLessThanOrEqual(9);
      expect(guests.some(({ at }) => at === healedAt)).toBe(true);
      const rate = piece.traffic?.kind === 'open' ? piece.traffic.rate : [];
      expect(rate).toEqual([{ at: 0, perSecond: 0.5 }]);
    }
  });

  it('T60: is of one of the variants, with its fields and on its architecture', () => {
    const calledWith = { breaker: { kind: 'count-window' } };
    const varied = defineScenario({
      ...scenario,
      variants: [
        { name: 'plain', architecture: 'federated' },
        {
          name: 'breaker',
          architecture: 'direct',
          set: { 'services.talent.calledWith': calledWith },
        },
      ],
    });
    const drawn = fc.sample(scenarioTrials(varied), { seed: 1, numRuns: 30 });
    const found = drawn.map(({ architecture, scenario: { services } }) => {
      const { breaker } =
        defineScenario({ ...scenario, services }).services['talent']?.calledWith ?? {};
      return `${architecture} ${breaker?.kind ?? 'none'}`;
    });
    expect([...new Set(found)].sort()).toEqual(['direct count-window', 'federated none']);
  });

  it('T54: users of a closed load test think for long enough', () => {
    const users = [{ at: 0, users: 50 }];
    const traffic = { kind: 'closed' as const, users, pages: { home: 1 } };
    const closed = defineScenario({ ...scenario, traffic });
    for (const trial of fc.sample(scenarioTrials(closed, { spanUs: 60e6 }), 3)) {
      expect(trial.scenario.traffic).toMatchObject({
        users: [{ users: 4 }],
        thinkTime: { kind: 'deterministic', value: 4e6 },
      });
    }
  });

  it('T54: runs, on every architecture that was asked for', async () => {
    const [architectures, digests] = [new Set<string>(), new Set<string>()];
    for (const trial of trials.slice(0, 4)) {
      const { digest, events } = await runTrial(trial, []);
      expect(events).toBeGreaterThan(100);
      architectures.add(trial.architecture);
      digests.add(digest);
    }
    expect(digests.size).toBe(4);
    const one = scenarioTrials(scenario, { architectures: ['direct'], kinds: ['network.loss'] });
    for (const { architecture, scenario: piece } of fc.sample(one, 20)) {
      expect(architecture).toBe('direct');
      const drawn = (piece.faults ?? []).filter(({ kind }) => kind.startsWith('network.'));
      expect(drawn.every(({ kind }) => kind === 'network.loss')).toBe(true);
    }
  });
});
