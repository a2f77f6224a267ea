/** Crashes and rebalancing where the pipeline takes time: what was processed and not committed is
 * processed again, and counts once. */
import { describe, expect, it } from 'vitest';
import { ms, seconds } from '../../../../src/kernel/time.ts';
import { expectNothingLost, type FaultInput, runStream } from '../stream-world.ts';

const WORKERS = {
  clickstream: {
    workers: { count: 2, maxBatchEvents: 5, timePerEvent: ms(400), flushEvery: seconds(4) },
  },
};

async function bothWays(fault: FaultInput) {
  const base = await runStream([], WORKERS);
  const struck = await runStream([fault], WORKERS);
  expectNothingLost(struck);
  expect(struck.facts).toEqual(base.facts);
  expect(struck.panes).toEqual(base.panes);
  const appended = ({ world }: typeof struck) =>
    world.clickstream.drive.workerStatistics()?.appended ?? 0;
  return { base, struck, again: appended(struck) - appended(base) };
}

describe('a pipeline on workers', () => {
  it('E477: a crash stops them; they process again what was not committed', async () => {
    const { struck, base, again } = await bothWays({
      kind: 'pipeline.crash',
      at: seconds(63),
      for: seconds(20),
    });
    expect(again).toBeGreaterThan(0);
    expect(struck.longestUs).toBeGreaterThan(base.longestUs + seconds(10));
  });

  it('E478: one leaves and comes back: twice all read again from the last commit', async () => {
    const { struck, again } = await bothWays({
      kind: 'pipeline.rebalance',
      at: seconds(63),
      for: seconds(20),
    });
    expect(struck.mishaps.pipelineDeaths).toBe(2);
    expect(again).toBeGreaterThan(0);
  });

  it('E475: a commit that fails stops them too', async () => {
    const { again } = await bothWays({
      kind: 'storage.full',
      target: 'warehouse',
      at: seconds(50),
      for: seconds(20),
    });
    expect(again).toBeGreaterThan(0);
  });
});
