/** Workers that are stopped in the middle of what they do: nothing goes missing, nothing is done
 * twice that was not lost, and the meter's books still close to the µs. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  type BegunBatch,
  createWorkerGroup,
} from '../../../../src/experiment/tracking/workers/worker-group.ts';
import { workersWith } from './arrivals.ts';

function group(config: Parameters<typeof workersWith>[0], partitionCount: number) {
  const settings = { config: workersWith(config), partitionCount, bucketUs: 1e6, endUs: 1e7 };
  return createWorkerGroup(settings);
}

describe('workers that are halted', () => {
  it('E478: give up their batch: its events are in front again, as old as they were', () => {
    const one = group({ maxBatchEvents: 2, timePerEvent: 10 }, 1);
    one.append(0, 3, 0);
    one.append(0, 1, 5);
    one.halt([0], 12);
    expect(one.next()).toBeUndefined();
    expect(one.statistics(12)).toMatchObject({ lag: 4, processed: 0, insideUs: 3 * 12 + 7 });
    expect(one.append(0, 1, 13)).toBeUndefined();
    expect(one.resume(1, 20)).toMatchObject([{ worker: 0, finishUs: 40 }]);
    // Since they came: 20 µs each until they were taken again, and 20 in the batch.
    one.finish(0, 40);
    expect(one.statistics(40)).toMatchObject({ processed: 2, waitUs: 40, serviceUs: 40 });
    expect(one.statistics(40).busyUs).toEqual([12 + 20]);
  });

  it('E478: process again what was processed and is lost, before all else', () => {
    const one = group({ maxBatchEvents: 10, timePerEvent: 1 }, 2);
    one.append(1, 4, 0);
    one.finish(0, 4);
    one.append(1, 1, 4);
    one.halt([0, 3], 4);
    const [begun] = one.resume(1, 6);
    expect(begun).toMatchObject({ finishUs: 10 });
    expect(one.finish(0, 10).processed).toEqual([{ partition: 1, count: 4 }]);
    expect(one.statistics(10)).toMatchObject({ appended: 8, processed: 8, lag: 0 });
  });

  it('E478: share the partitions out among those who are left', () => {
    const three = group({ count: 3, maxBatchEvents: 1, timePerEvent: 1 }, 3);
    three.halt([], 0);
    expect(three.resume(2, 0)).toEqual([]);
    const owners = [0, 1, 2].map((partition) => three.append(partition, 1, 1)?.worker);
    // The first has two partitions, and is busy with the first of them.
    expect(owners).toEqual([0, undefined, 1]);
  });
});

const step = fc.oneof(
  fc.record({
    act: fc.constant('append' as const),
    partition: fc.nat({ max: 2 }),
    count: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ act: fc.constant('halt' as const), lost: fc.nat({ max: 3 }) }),
  fc.record({ act: fc.constant('resume' as const), members: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ act: fc.constant('pass' as const), us: fc.nat({ max: 50 }) }),
);

/** Runs what is due up to a time. */
function passTo(workers: ReturnType<typeof group>, untilUs: number): void {
  for (let batch: BegunBatch | undefined = workers.next(); batch; batch = workers.next()) {
    if (batch.finishUs > untilUs) return;
    workers.finish(batch.worker, batch.finishUs);
  }
}

describe('workers that are halted at any time', () => {
  test.prop([fc.array(step, { maxLength: 40 })], { seed: 478, numRuns: 300 })(
    'E314: ∫ lag dt = Σ sojourns + Σ ages, and appended = processed + lag',
    (steps) => {
      const workers = group({ count: 3, maxBatchEvents: 4, timePerBatch: 3, timePerEvent: 5 }, 3);
      let nowUs = 0;
      let isHalted = false;
      for (const one of steps) {
        if (one.act === 'append') workers.append(one.partition, one.count, nowUs);
        if (one.act === 'halt' && !isHalted) {
          const { processed } = workers.statistics(nowUs);
          workers.halt([Math.min(one.lost, processed)], nowUs);
          isHalted = true;
        }
        if (one.act === 'resume' && isHalted) {
          workers.resume(one.members, nowUs);
          isHalted = false;
        }
        if (one.act === 'pass') nowUs += one.us;
        passTo(workers, nowUs);
      }
      const found = workers.statistics(nowUs);
      expect(found.appended).toBe(found.processed + found.lag);
      expect(found.eventUs).toBe(found.waitUs + found.serviceUs + found.insideUs);
    },
  );
});
