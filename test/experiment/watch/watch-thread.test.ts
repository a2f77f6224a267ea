/** The end of a thread that drives runs: nobody is left waiting. */
import { describe, expect, it } from 'vitest';
import { readRunInputs } from '../../../src/experiment/run-inputs.ts';
import type { RunTask } from '../../../src/experiment/run-task.ts';
import { startWatchThread } from '../../../src/experiment/watch/watch-thread.ts';
import { seconds } from '../../../src/kernel/time.ts';
import { smallScenario } from '../small-world.ts';

describe('a thread that drives runs', () => {
  it('L28: closing ends a run that stands, and answers whoever waits', async () => {
    const scenario = smallScenario({
      audience: { viewers: 4 },
      clock: { start: '2026-11-20T20:00:00Z', duration: seconds(30), drain: seconds(5) },
    });
    const { catalogue, arrivals } = await readRunInputs(scenario, {});
    const first = { shown: () => {} };
    const isShown = new Promise<void>((resolve) => {
      first.shown = resolve;
    });
    const thread = startWatchThread({ isPaused: true, onFrame: () => first.shown() });
    const task: RunTask = {
      ...{ scenario, architecture: 'direct' as const, catalogue, arrivals },
      ...{ replication: 0, directory: undefined, trace: false },
    };
    const done = thread.perform(task).then(
      () => 'done',
      (error: Error) => error.message,
    );
    await isShown;
    await thread.close();
    expect(await done).toContain('has ended');
    const late = await thread.command({ type: 'resume' });
    expect(late).toMatchObject({ ok: false, code: 'LIVE_RUN_OVER' });
    await thread.close();
  });
});
