/** Partitions of a concurrency limit: guaranteed shares, lent out while there is room. */
import { describe, expect, it } from 'vitest';
import {
  endDelay,
  enterPartition,
  leavePartition,
  NO_PARTITIONS,
  type PartitionConfig,
  partitionLimit,
} from '../../../src/queueing/limits/partitions.ts';

const CONFIG: PartitionConfig = {
  shares: { batch: 0.3, live: 0.7 },
  maxDelayed: 1,
  rejectDelayUs: 0,
};
const LIMIT = 10;

/** Admits as many as it can of `count` requests. */
function enter(name: string, count: number, state = NO_PARTITIONS) {
  let admitted = 0;
  let now = state;
  for (let i = 0; i < count; i += 1) {
    const answer = enterPartition(CONFIG, now, { name, limit: LIMIT });
    now = answer.state;
    if (answer.verdict === 'admitted') admitted += 1;
  }
  return { admitted, state: now };
}

describe('partitions', () => {
  it('Q43: guarantee max(1, ceil(limit · share))', () => {
    expect(partitionLimit(CONFIG, 'batch', 10)).toBe(3);
    expect(partitionLimit(CONFIG, 'live', 10)).toBe(7);
    expect(partitionLimit(CONFIG, 'live', 11)).toBe(8);
    expect(partitionLimit(CONFIG, 'batch', 1)).toBe(1);
    expect(partitionLimit(CONFIG, 'unknown', 10)).toBe(0);
  });

  it('Q43: lend what others leave, and keep the guarantee beyond the limit', () => {
    const batch = enter('batch', 20);
    expect(batch.admitted).toBe(10);
    const live = enter('live', 20, batch.state);
    expect(live.admitted).toBe(7);
    expect(live.state.inFlight).toBe(17);
    expect(enter('unknown', 1, live.state).admitted).toBe(0);
  });

  it('Q43: reject once all shares are used', () => {
    const batch = enter('batch', 3);
    const live = enter('live', 7, batch.state);
    expect(live.state.inFlight).toBe(10);
    expect(enter('batch', 1, live.state).admitted).toBe(0);
    expect(enter('live', 1, live.state).admitted).toBe(0);
    const freed = leavePartition(live.state, 'batch');
    expect(enter('batch', 1, freed).admitted).toBe(1);
  });

  it('Q43: hold back so many rejections at once and no more', () => {
    const full = enter('batch', 10).state;
    const config = { ...CONFIG, rejectDelayUs: 500 };
    const first = enterPartition(config, full, { name: 'batch', limit: LIMIT });
    const second = enterPartition(config, first.state, { name: 'batch', limit: LIMIT });
    expect([first.delayUs, second.delayUs]).toEqual([500, 0]);
    expect(endDelay(second.state).delayed).toBe(0);
  });
});
