/** A policy of one's own, held against drawn faults: while one service is cut off, pages may have
 * defaults instead of its answers, but no holes. A time-out alone leaves holes; with a fallback it
 * holds. Run: `node examples/03-own-gateway-policy.ts`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ms, type ScenarioInput, seconds } from 'backlot';
import { CheckFailure, checkArchitecture, type Invariant } from 'backlot/testing';

const scenario = (calledWith: object): ScenarioInput => ({
  schema: 1,
  name: 'talent-is-cut-off',
  question: 'Do pages survive without the names of the cast?',
  seed: 1,
  clock: { start: '2026-11-20T20:00:00Z', duration: seconds(40), drain: seconds(40) },
  catalogue: { titles: 20 },
  audience: { guests: [0, 4, 8, 12, 16].map((second) => ({ at: seconds(second) })) },
  services: {
    ...Object.fromEntries(['movie', 'production'].map((name) => [name, service])),
    talent: { ...service, calledWith },
  },
});

const service = {
  replicas: 1,
  workersPerReplica: 4,
  baseTime: { kind: 'deterministic', value: 5_000 },
  timePerEntity: 100,
} as const;

const noHoles: Invariant = {
  name: 'no-holes',
  modality: 'always',
  claim: 'every page is whole, or has a default where something is missing',
  watch: ({ recorder }) => ({
    exercised: () => recorder.shownCount,
    atEnd() {
      const holes = recorder.loads.filter(
        ({ outcome }) => outcome !== 'ok' && outcome !== 'degraded',
      );
      return holes.length === 0 ? undefined : { message: `pages with holes: ${holes.length}` };
    },
  }),
};

const hold = (calledWith: object) =>
  checkArchitecture({
    scenario: scenario(calledWith),
    architectures: ['federated'],
    also: [noHoles],
    faults: { kinds: ['network.partition'], targets: ['talent'], maxFaults: 1 },
    runs: 6,
    shrinkRuns: 30,
  });

const patience = { timeoutUs: ms(200), deadline: {} };

test('a time-out with a fallback holds', async () => {
  await hold({ ...patience, fallback: [{ kind: 'default-value' }] });
});

test('a time-out alone does not', async () => {
  const failure = await hold(patience).then(
    () => assert.fail('it held'),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof CheckFailure);
  assert.deepEqual(failure.facts.size, { commands: 1, faults: 1 });
  process.stdout.write(`${failure.message}\n`);
});
