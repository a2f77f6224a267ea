/** The stories that failures print, word for word: they are what a user gets to see. */
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { checkArchitecture } from '../../../src/testing/architectures/check-architecture.ts';
import type { Invariant } from '../../../src/testing/invariants/invariant.ts';
import { checkMachine } from '../../../src/testing/machines/check-machine.ts';
import { checkPipeline } from '../../../src/testing/pipelines/check-pipeline.ts';
import {
  agreesWithBatch,
  resumesFromAnySnapshot,
} from '../../../src/testing/pipelines/properties/comparisons.ts';
import { traceTrial } from '../../../src/testing/story/trace-trial.ts';
import { trialDiagram } from '../../../src/testing/story/trial-story.ts';
import { runTrial } from '../../../src/testing/trial/run-trial.ts';
import type { Trial } from '../../../src/testing/trial/trial.ts';
import { failureOf, storyWithoutToken } from '../failing.ts';
import {
  batchSessions,
  CLICKS,
  ClicksPerMinute,
  naiveSessions,
} from '../pipelines/buggy-operators.ts';

const oneGuest: Trial = {
  schema: 'backlot.trial/1',
  architecture: 'federated',
  healedAt: 5_000_000,
  scenario: {
    schema: 1,
    name: 'one-guest',
    question: 'What does one guest see?',
    seed: 3,
    clock: { start: '2026-11-20T20:00:00Z', duration: 20_000_000, drain: 30_000_000 },
    catalogue: { titles: 20 },
    audience: { guests: [{ at: 1_000_000 }] },
    faults: [{ kind: 'service.outage', target: 'movie', at: 0, for: 5_000_000 }],
  },
};

/** Breaks as soon as a page fails. */
const noPageFails: Invariant = {
  name: 'no-page-fails',
  modality: 'always',
  claim: 'every page has something to show',
  watch: ({ recorder }) => ({
    exercised: () => recorder.shownCount,
    afterEvent() {
      if (!recorder.loads.some(({ outcome }) => outcome === 'failed')) return undefined;
      return { message: 'a page failed', details: { shown: recorder.shownCount } };
    },
  }),
};

describe('T106: stories', () => {
  it('of an operator', async () => {
    const check = checkPipeline({ rows: () => naiveSessions() }, [agreesWithBatch(batchSessions)], {
      ...CLICKS,
      name: 'sessions',
    });
    const story = storyWithoutToken(await failureOf(check));
    await expect(`${story}\n`).toMatchFileSnapshot('stories/operator.txt');
  });

  it('of a stage', async () => {
    const subject = { stage: () => new ClicksPerMinute('snapshot is empty') };
    const check = checkPipeline(subject, [resumesFromAnySnapshot()], CLICKS);
    const story = storyWithoutToken(await failureOf(check));
    await expect(`${story}\n`).toMatchFileSnapshot('stories/stage.txt');
  });

  it('of a machine', async () => {
    const machine = createMachine({
      id: 'door',
      initial: 'shut',
      states: { shut: { on: { OPEN: 'open' } }, open: { after: { 1000: 'stuck' } }, stuck: {} },
    });
    const failure = await failureOf(checkMachine(machine, { runs: 20 }));
    await expect(`${storyWithoutToken(failure)}\n`).toMatchFileSnapshot('stories/machine.txt');
  });

  it('of a trial', async () => {
    const check = checkArchitecture({
      scenario: oneGuest.scenario,
      architectures: ['federated'],
      invariants: [noPageFails],
      faults: { maxFaults: 0 },
      runs: 1,
      seed: 3,
      shrinkRuns: 24,
    });
    const story = storyWithoutToken(await failureOf(check));
    await expect(`${story}\n`).toMatchFileSnapshot('stories/trial.txt');
  });

  it('T114: come from a trace that changes nothing', async () => {
    for (const architecture of ['federated', 'direct'] as const) {
      const trial = { ...oneGuest, architecture, tieOrder: 5 };
      const { digest, messages } = await traceTrial(trial);
      expect(digest).toBe((await runTrial(trial, [])).digest);
      expect(messages.length).toBeGreaterThan(20);
      const diagram = await trialDiagram(trial);
      expect(diagram).toContain('✕ service.outage of movie begins');
      expect(diagram).toContain('warehouse');
      expect(diagram.includes('gateway')).toBe(architecture === 'federated');
    }
  });
});
