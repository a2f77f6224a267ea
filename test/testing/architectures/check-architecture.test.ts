/** Architectures that hold, architectures that do not, and what is told of those. */
import { describe, expect, it } from 'vitest';
import type { FaultKindName } from '../../../src/experiment/faults/catalogue/fault-kinds.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import { checkArchitecture } from '../../../src/testing/architectures/check-architecture.ts';
import { answersDiffer } from '../../../src/testing/architectures/same-answers.ts';
import type { Invariant } from '../../../src/testing/invariants/invariant.ts';
import { always, sometimes } from '../../../src/testing/invariants/modalities.ts';
import type { Trial } from '../../../src/testing/trial/trial.ts';
import { waysToRun } from '../../../src/testing/trial/ways-to-run.ts';
import { failureOf } from '../failing.ts';

const IS_LONG = process.env['BACKLOT_LONG'] === '1';

const scenario: Trial['scenario'] = {
  schema: 1,
  name: 'two-guests',
  question: 'Does it hold?',
  seed: 1,
  clock: { start: '2026-11-20T20:00:00Z', duration: 40_000_000, drain: 40_000_000 },
  catalogue: { titles: 20 },
  audience: { guests: [{ at: 0 }, { at: 3_000_000 }] },
};

const pagesAreShown: Invariant = {
  name: 'pages-are-shown',
  modality: 'always',
  claim: 'every page is whole',
  watch: ({ recorder }) => ({
    exercised: () => recorder.shownCount,
    atEnd() {
      const failed = recorder.loads.filter(({ outcome }) => outcome !== 'ok');
      return failed.length === 0 ? undefined : { message: `${failed.length} pages are not whole` };
    },
  }),
};

describe('architectures', () => {
  it('T112, T113: hold the library under drawn faults, and answer the same without', async () => {
    const report = await checkArchitecture({ scenario, runs: IS_LONG ? 1_000 : 4, seed: 11 });
    expect(report).toMatchObject({ name: 'two-guests', corpus: [] });
  });

  it('T113: that do not hold are told by the smallest trial of theirs', async () => {
    const check = checkArchitecture({
      scenario,
      architectures: ['aggregation'],
      invariants: [],
      also: [pagesAreShown],
      faults: { kinds: ['network.partition'], maxFaults: 2 },
      sameAnswers: false,
      runs: 30,
      shrinkRuns: 24,
      seed: 1,
    });
    const { facts } = await failureOf(check);
    expect(facts.property).toBe('pages-are-shown');
    expect(facts.size.commands).toBe(1);
    expect(facts.size.faults).toBe(1);
    expect((facts.input as Trial).architecture).toBe('aggregation');
  });

  it('T115: are not said to hold where an invariant of one’s own never looked', async () => {
    const own = [
      always('never-looks', 'nothing', () => undefined),
      sometimes('unicorn', 'a unicorn', () => false),
    ];
    const options = { scenario, architectures: ['direct'], invariants: [], runs: 2 } as const;
    const check = checkArchitecture({ ...options, also: own });
    await expect(check).rejects.toThrow(/never-looks: never had anything.*\n.*unicorn: never held/);
    const mayMiss = ['never-looks', 'unicorn'];
    await checkArchitecture({ ...options, also: own, mayMiss });
  });

  it('T60: are those that can answer what the scenario asks', async () => {
    const query = 'query Genres { genres { name } }';
    const asked = { kind: 'open' as const, rate: [{ at: 0, perSecond: 1 }] };
    const defined = defineScenario({
      ...scenario,
      audience: {},
      traffic: { ...asked, pages: {}, operations: [{ name: 'genres', query }] },
    });
    const names = waysToRun(defined).map(({ architecture }) => architecture);
    expect(names.toSorted()).toEqual(['federated', 'monolith']);
    expect(() => waysToRun(defined, ['direct'])).toThrow('CLI_USAGE');
  });

  it('T98: a misspelt kind or target of faults is told', async () => {
    const kinds = ['process.slwo' as FaultKindName];
    await expect(checkArchitecture({ scenario, faults: { kinds } })).rejects.toThrow(
      'TESTING_BAD_ARGUMENT: faults.kinds: "process.slwo" is none',
    );
    const faults = { targets: ['taletn'] };
    await expect(checkArchitecture({ scenario, faults })).rejects.toThrow('did you mean "talent"?');
  });

  it('T112: differ where one has no time to answer', async () => {
    const trial: Trial = {
      schema: 'backlot.trial/1',
      architecture: 'monolith',
      healedAt: 1,
      scenario: {
        ...scenario,
        architectures: {
          federated: {
            replicas: 1,
            workersPerReplica: 1,
            planTime: 20_000_000,
            mergeTimePerFetch: 1,
            mergeTimePerKib: 1,
          },
        },
      },
    };
    expect(await answersDiffer(trial, ['monolith', 'aggregation'])).toBeUndefined();
    const found = await answersDiffer(trial, ['monolith', 'federated']);
    expect(found).toMatch(/^viewer \d+, page 1: home ok in monolith, home \w+ in federated$/);
  });
});
