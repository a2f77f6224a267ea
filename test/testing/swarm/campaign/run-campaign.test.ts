/** Campaigns: the same outcomes for the same seeds whatever the threads, small counterexamples, and
 * no alarm on the healthy system. */
import { describe, expect, it } from 'vitest';
import {
  FAULT_KIND_NAMES,
  type FaultKindName,
} from '../../../../src/experiment/faults/catalogue/fault-kinds.ts';
import {
  type DocumentFacts,
  faultsDocument,
} from '../../../../src/testing/swarm/campaign/faults-document.ts';
import { runCampaign } from '../../../../src/testing/swarm/campaign/run-campaign.ts';
import { outcomeOf } from '../../../../src/testing/swarm/campaign/seed-outcome.ts';
import { drawTrial } from '../../../../src/testing/swarm/campaign/swarm-source.ts';
import { WATCHED } from '../../../../src/testing/swarm/campaign/watched.ts';
import { fittedFault } from '../../../../src/testing/swarm/drawing/fault-plans.ts';
import { IS_LONG, partOf } from '../../../long/part-of.ts';
import { SWARM } from '../swarms.ts';

const FACTS: DocumentFacts = {
  scenario: null,
  seed: 1,
  commit: null,
  runsAsked: 16,
  kinds: FAULT_KIND_NAMES,
  invariants: WATCHED,
  replay: 'npx backlot faults --swarm --seed 1 --runs 16',
  isInterrupted: false,
  corpus: [],
};

describe('a campaign', () => {
  it('T55: comes to the same in one thread and in two', async () => {
    const options = { source: SWARM, seed: 1, runs: 10 };
    const [one, two] = await Promise.all([
      runCampaign({ ...options, threads: 1 }),
      runCampaign({ ...options, threads: 2 }),
    ]);
    expect(two.outcomes).toEqual(one.outcomes);
    expect(one.outcomes.map(({ seed }) => seed)).toEqual(
      Array.from({ length: 10 }, (_, i) => i + 1),
    );
    const documents = [one, two].map((outcome) => faultsDocument(outcome, FACTS));
    expect(documents[1]).toEqual(documents[0]);
    expect(documents[0]).toMatchObject({ runs: 10, stoppedBy: 'runs' });
    expect(documents[0]?.events.total).toBeGreaterThan(1_000);
  });

  it('T55: takes no new seed when the time is up, and says so', async () => {
    let asked = 0;
    const outcome = await runCampaign({
      source: SWARM,
      seed: 1,
      runs: 24,
      threads: 1,
      mayGoOn() {
        asked += 1;
        return asked <= 1;
      },
    });
    expect(outcome.outcomes.length).toBe(8);
    expect(faultsDocument(outcome, FACTS)).toMatchObject({ runs: 8, stoppedBy: 'time' });
  });

  it('T55: seeds go on from 0 after the last one', async () => {
    const { outcomes } = await runCampaign({
      source: SWARM,
      seed: 2 ** 32 - 1,
      runs: 2,
      threads: 1,
    });
    expect(outcomes.map(({ seed }) => seed)).toEqual([2 ** 32 - 1, 0]);
  });
});

describe('the healthy system', () => {
  const runs = partOf(20_000, 500, 'seeds of the swarm');
  // A thread loads all modules anew, which takes longer than the seeds of `npm test`.
  const threads = IS_LONG ? 2 : 1;

  it(`T58: breaks no invariant in ${runs} seeds`, {
    timeout: IS_LONG ? 7_200_000 : 300_000,
  }, async () => {
    const outcome = await runCampaign({ source: SWARM, seed: 1, runs, threads });
    const document = faultsDocument(outcome, { ...FACTS, runsAsked: runs });
    expect(document.failures.map(({ invariant, first }) => [invariant, first.seed])).toEqual([]);
    expect(document.runs).toBe(runs);
    const drawn = document.kinds.filter(({ trials }) => trials > 0);
    expect(drawn.length).toBe(FAULT_KIND_NAMES.length);
    const vacuous = document.invariants.filter(({ verdict }) => verdict === 'vacuous');
    expect(vacuous.map(({ name }) => name)).toEqual([]);
    const hit = document.invariants.filter(({ verdict }) => verdict === 'hit').length;
    const marks = document.invariants.filter(({ modality }) => modality === 'sometimes').length;
    expect(hit).toBeGreaterThanOrEqual(IS_LONG ? marks : Math.floor(marks * 0.9));
  });

  const pairs = FAULT_KIND_NAMES.flatMap((first) =>
    FAULT_KIND_NAMES.filter((second) => second !== first).map((second) => [first, second] as const),
  );

  it.runIf(IS_LONG)(
    'T58: breaks no invariant under any ordered pair of kinds',
    { timeout: 7_200_000 },
    async () => {
      const broken: unknown[] = [];
      for (const [i, [first, second]] of pairs.entries()) {
        const { violations } = await outcomeOf(i, pairTrial(i, first, second));
        if (violations.length > 0) broken.push([first, second, violations[0]?.invariant]);
      }
      expect(broken).toEqual([]);
      expect(pairs.length).toBe(FAULT_KIND_NAMES.length * (FAULT_KIND_NAMES.length - 1));
    },
  );

  // All of them with BACKLOT_LONG=1.
  it('T58: breaks no invariant under a sample of ordered pairs', async () => {
    for (let i = 0; i < pairs.length; i += 190) {
      const [first, second] = pairs[i] ?? pairs[0] ?? [];
      if (first === undefined || second === undefined) throw new Error('no pairs');
      const { violations } = await outcomeOf(i, pairTrial(i, first, second));
      expect([first, second, violations]).toEqual([first, second, []]);
    }
  });
});

/** A drawn trial with two faults instead of its own: the second begins while the first lasts. */
function pairTrial(seed: number, first: FaultKindName, second: FaultKindName) {
  const trial = drawTrial(SWARM, seed);
  const room = { healedAt: trial.healedAt, targetsOf: () => [] };
  const plain = { target: 0, probability: 0, intensity: 0 };
  const faults = [
    fittedFault({ ...plain, kind: first, at: 100, length: 600 }, room),
    fittedFault({ ...plain, kind: second, at: 300, length: 800 }, room),
  ];
  return { ...trial, scenario: { ...trial.scenario, faults } };
}
