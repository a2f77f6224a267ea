/** Freshness where a pipeline that dies reads again: found by the swarm, as a false alarm. */
import { expect, it } from 'vitest';
import { seconds } from '../../../src/kernel/time.ts';
import { FACTS_ARE_FRESH } from '../../../src/testing/invariants/pipeline/freshness.ts';
import { runTrial } from '../../../src/testing/trial/run-trial.ts';
import type { Trial } from '../../../src/testing/trial/trial.ts';

const SERVICE = {
  replicas: 1,
  workersPerReplica: 1,
  baseTime: { kind: 'deterministic', value: 5_000 },
  timePerEntity: 250,
} as const;

it('T46: a checkpoint is taken at a poll: what died before waits for the next one', async () => {
  const trial: Trial = {
    schema: 'backlot.trial/1',
    architecture: 'aggregation',
    healedAt: seconds(8),
    scenario: {
      schema: 1,
      name: 'fresh',
      question: 'How long may an event wait?',
      seed: 1_836_139_294,
      clock: { start: '2026-11-20T20:00:00Z', duration: seconds(9), drain: seconds(45) },
      catalogue: { titles: 20 },
      audience: { guests: [{ at: 0 }] },
      services: { movie: SERVICE, production: SERVICE, talent: SERVICE },
      clickstream: { maxBatchEvents: 1, pollEvery: seconds(2) },
      faults: [{ kind: 'pipeline.crash', at: 7_063_117, for: 936_883 }],
    },
  };
  const { violations, exercised } = await runTrial(trial, [FACTS_ARE_FRESH]);
  expect(violations).toEqual([]);
  expect(exercised['facts-are-fresh']).toBeGreaterThan(0);
});
