/** Whole worlds of the swarm: drawn topologies, policies, people and faults, watched by the library
 * of invariants, and the same to the bit whatever the clock on the wall says. */
import assert from 'node:assert/strict';
import { EngineError } from '../../../../src/kernel/errors.ts';
import type { Invariant } from '../../../../src/testing/invariants/invariant.ts';
import { INVARIANTS } from '../../../../src/testing/invariants/library.ts';
import { always } from '../../../../src/testing/invariants/modalities.ts';
import { smallerTrials, trialSize } from '../../../../src/testing/shrink/smaller-trials.ts';
import { trialArbitrary } from '../../../../src/testing/swarm/drawing/trial-arbitrary.ts';
import { runTrial, type TrialOutcome } from '../../../../src/testing/trial/run-trial.ts';
import type { Trial } from '../../../../src/testing/trial/trial.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

/** An answer that counts settles its call: two tries are never both the answer. */
const ANSWERS_SETTLE = always(
  'each-answer-settles-a-call',
  'over every edge as many tries were answers as calls were answered',
  ({ edges }) => {
    const used = edges.filter((edge) => edge.calls > 0);
    const wrong = used.find((edge) => edge.answers !== edge.settled.answered);
    if (wrong === undefined) return used.length > 0 ? true : undefined;
    return `${wrong.name}: ${wrong.answers} answers for ${wrong.settled.answered} answered calls`;
  },
);

/** The laws that hold after every event; how soon a world recovers is the swarm's own question. */
const LAWS = INVARIANTS.filter(({ modality }) => modality === 'always');
const WATCHED: readonly Invariant[] = [...LAWS, ANSWERS_SETTLE];

/** Without the federated gateway, whose planner takes longer than a small world. */
const trials = trialArbitrary({ architectures: ['direct', 'aggregation', 'monolith'] });

/** @returns undefined for what shrinking made no scenario. */
async function outcomeOf(
  trial: Trial,
  invariants: readonly Invariant[],
): Promise<TrialOutcome | undefined> {
  try {
    return await runTrial(trial, invariants);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'SCENARIO_INVALID') return undefined;
    throw error;
  }
}

const keepsItsLaws = zooProperty<Trial>({
  name: 'worlds-keep-their-laws',
  claim: 'no invariant of the library breaks in any world, whatever its faults',
  arbitrary: trials,
  sizeOf: trialSize,
  smallerThan: smallerTrials,
  async holds(trial) {
    const outcome = await outcomeOf(trial, WATCHED);
    const [first] = outcome?.violations ?? [];
    if (first !== undefined) assert.fail(`${first.invariant}: ${first.message}`);
  },
});

async function digestAt(trial: Trial, stepMs: number): Promise<string | undefined> {
  const real = Date.now;
  let nowMs = 1_000_000 * stepMs;
  Date.now = () => {
    nowMs += stepMs;
    return nowMs;
  };
  try {
    return (await outcomeOf(trial, []))?.digest;
  } finally {
    Date.now = real;
  }
}

const sameAtAnyHour = zooProperty<Trial>({
  name: 'worlds-are-the-same-at-any-hour',
  claim: 'the digest of a run does not hang on the clock on the wall',
  arbitrary: trials,
  sizeOf: trialSize,
  smallerThan: smallerTrials,
  async holds(trial) {
    assert.equal(await digestAt(trial, 7), await digestAt(trial, 10_001));
  },
});

/** All properties of worlds. */
export const WORLD: readonly ZooProperty[] = [keepsItsLaws, sameAtAnyHour];
