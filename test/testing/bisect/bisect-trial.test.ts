/** Bisection against trials whose turning point is known. The invariants are of the test's own:
 * what is looked for is the event, not the bug. */
import { describe, expect, it } from 'vitest';
import type { World } from '../../../src/experiment/assemble.ts';
import { seconds } from '../../../src/kernel/time.ts';
import { bisectTrial } from '../../../src/testing/bisect/bisect-trial.ts';
import type { Finding, Invariant } from '../../../src/testing/invariants/invariant.ts';
import type { Trial } from '../../../src/testing/trial/trial.ts';

const trial: Trial = {
  schema: 'backlot.trial/1',
  architecture: 'federated',
  healedAt: seconds(60),
  scenario: {
    schema: 1,
    name: 'bisected',
    question: 'After which event does nothing help?',
    seed: 3,
    clock: { start: '2026-11-20T20:00:00Z', duration: seconds(90), drain: seconds(60) },
    catalogue: { titles: 20 },
    audience: { guests: [{ at: 0 }, { at: seconds(5) }] },
    faults: [
      { kind: 'process.slow', target: 'movie', at: seconds(20), for: seconds(10) },
      { kind: 'process.slow', target: 'talent', at: seconds(40), for: seconds(10) },
    ],
  },
};

function invariantOf(check: (world: World) => Finding | undefined, atEndOnly = false): Invariant {
  return {
    name: 'of-the-test',
    modality: 'always',
    claim: 'What the test says.',
    watch: (world) => ({
      exercised: () => 1,
      ...(atEndOnly ? { atEnd: () => check(world) } : { afterEvent: () => check(world) }),
    }),
  };
}

const occurrences = (world: World) =>
  world.board.tally().reduce((sum, one) => sum + one.occurrences, 0);

describe('bisection', () => {
  it('T140: finds the event after which ending all faults no longer helps', async () => {
    const invariant = invariantOf(
      (world) =>
        occurrences(world) < 2
          ? undefined
          : { message: 'two faults have begun, and one is enough' },
      true,
    );
    const found = await bisectTrial(trial, invariant);
    if (found.verdict !== 'found') throw new Error(found.verdict);
    expect(found.atUs).toBe(seconds(40));
    expect(found.activeFaults).toEqual(['process.slow@talent']);
    expect(found.shownAfter).toBeGreaterThan(found.event);
    expect(found.runs).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(found.shownAfter)));
    expect(found.finding.message).toContain('two faults');
  });

  it('T141: says so where the invariant holds', async () => {
    expect(
      await bisectTrial(
        trial,
        invariantOf(() => undefined),
      ),
    ).toEqual({
      verdict: 'holds',
      runs: 1,
    });
  });

  it('T142: says so where faults have no part in it', async () => {
    const invariant = invariantOf(({ simulation }) =>
      simulation.executedCount < 50 ? undefined : { message: 'fifty events have run' },
    );
    const found = await bisectTrial(trial, invariant);
    expect(found).toMatchObject({ verdict: 'not-by-faults', runs: 2 });
  });
});
