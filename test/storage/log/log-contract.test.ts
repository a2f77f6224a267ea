/** What every log does, in memory or on disk: what is appended is read, in order, from any offset
 * that is kept. */
import { fc, test } from '@fast-check/vitest';
import { afterEach, describe, expect, it } from 'vitest';
import { createPartitionedLog } from '../../../src/storage/log/memory-log.ts';
import { partitionOf } from '../../../src/storage/log/partitioned-log.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { everythingIn, LOG_KINDS, type LogKind, requestOf, START_US } from './log-builder.ts';

const folder = temporaryFolder();
const open = new Set<{ close?(): void }>();

afterEach(() => {
  for (const log of open) log.close?.();
  open.clear();
});

function create(kind: LogKind, partitions = 1) {
  const log = kind.create(folder.fresh(), partitions);
  open.add(log);
  return log;
}

describe.each(LOG_KINDS)('the log $name', (kind) => {
  it('makes one record an event, with what the payload says of all of them', () => {
    const log = create(kind);
    const events = ['a', { deep: ['b', null, 1.5, '\ud800 lone'] }];
    expect(log.append(requestOf(events))).toEqual({ partition: 0, firstOffset: 0, count: 2 });
    expect(log.read(0, 0, 10)).toEqual(
      events.map((raw, offset) => ({
        partition: 0,
        offset,
        ingestTimeUs: START_US,
        sentTimeUs: START_US,
        userAgent: 'Roku/DVP-12.5',
        clientAddress: '192.0.2.1',
        raw,
      })),
    );
    expect(log.read(0, 1, 10)).toHaveLength(1);
    expect(log.read(0, 0, 1)).toHaveLength(1);
    expect(log.read(0, 2, 10)).toEqual([]);
    expect(log.read(5, 0, 10)).toEqual([]);
  });

  it('keeps the monotonic clock of the sender where it has one', () => {
    const log = create(kind);
    const { payload } = requestOf(['a']);
    log.append(requestOf([], { payload: { ...payload, sentUptimeUs: 7_000 } }));
    expect(log.read(0, 0, 1)[0]).toMatchObject({ sentUptimeUs: 7_000, sentTimeUs: START_US });
  });

  it('S1 a key has one partition, the same in every log; many keys use all of them', () => {
    const log = create(kind, 4);
    for (let viewer = 0; viewer < 100; viewer += 1) {
      const partitionKey = `v${viewer}`;
      const { partition } = log.append(requestOf([partitionKey], { partitionKey }));
      expect(partition).toBe(partitionOf(partitionKey, 4));
    }
    expect(everythingIn(log).every((raws) => raws.length > 10)).toBe(true);
    expect(everythingIn(log).flat()).toHaveLength(100);
    expect(partitionOf('v1', 4)).toBe(partitionOf('v1', 4));
    // For good: files of an older version are read by this one.
    expect(['v1', 'v2', 'v3', 'v4', ''].map((key) => partitionOf(key, 4))).toEqual([0, 0, 3, 3, 3]);
  });

  it('S10 appends many requests at once, each in its place', () => {
    const log = create(kind, 4);
    const keys = ['v1', 'v2', 'v1', 'v3', 'v2'];
    const requests = keys.map((partitionKey, i) =>
      requestOf([`${partitionKey}/${i}`], { partitionKey }),
    );
    const receipts = log.appendAll([...requests, requestOf([])]);
    expect(receipts.map(({ count }) => count)).toEqual([1, 1, 1, 1, 1, 0]);
    receipts.slice(0, 5).forEach(({ partition, firstOffset }, i) => {
      expect(log.read(partition, firstOffset, 1)[0]?.raw).toBe(`${keys[i]}/${i}`);
    });
    expect(log.endOffsets().reduce((sum, end) => sum + end, 0)).toBe(5);
  });

  it('forgets what is truncated, and only that', () => {
    const log = create(kind);
    log.append(requestOf(['a', 'b', 'c']));
    log.truncateBefore([2]);
    log.truncateBefore([1]);
    expect(log.read(0, 0, 9).map(({ offset }) => offset)).toEqual([2]);
    expect(log.unreadFrom([2])).toBe(1);
    expect([log.startOffsets(), log.endOffsets()]).toEqual([[2], [3]]);
    log.truncateBefore([99]);
    expect([log.startOffsets(), log.endOffsets()]).toEqual([[3], [3]]);
    expect(log.append(requestOf(['d'])).firstOffset).toBe(3);
  });

  describe('retention', () => {
    const filled = (appends: number) => {
      const log = create(kind);
      for (let i = 0; i < appends; i += 1) {
        log.append(requestOf([`event-${i}`], { ingestTimeUs: START_US + i }));
      }
      return log;
    };

    it('S15 deletes whole old segments, counts them, and leaves the last', () => {
      const log = filled(40);
      const before = everythingIn(log)[0] ?? [];
      expect(log.retain({ nowUs: START_US + 40 }).partitions[0]).toMatchObject({
        deletedRecords: 0,
      });
      const [row] = log.retain({ nowUs: START_US + 40, maxAgeUs: 20 }).partitions;
      expect(row?.deletedRecords).toBeGreaterThan(10);
      expect(row?.deletedRecords).toBeLessThanOrEqual(20);
      expect(row?.deletedBytes).toBeGreaterThan(row?.deletedRecords ?? 0);
      expect(log.startOffsets()).toEqual([row?.deletedRecords]);
      expect(everythingIn(log)[0]).toEqual(before.slice(row?.deletedRecords));
      log.retain({ nowUs: START_US + 1e6, maxAgeUs: 1 });
      expect(everythingIn(log)[0]?.length).toBeGreaterThan(0);
      expect(log.append(requestOf(['next'])).firstOffset).toBe(40);
    });

    it('S15 keeps a partition under its bytes', () => {
      const log = filled(60);
      const [all] = log.retain({ nowUs: START_US, maxBytesPerPartition: 1e9 }).partitions;
      expect(all).toMatchObject({ deletedRecords: 0, heldRecords: 0 });
      const [row] = log.retain({ nowUs: START_US, maxBytesPerPartition: 500 }).partitions;
      expect(row?.deletedRecords).toBeGreaterThan(10);
      const again = log.retain({ nowUs: START_US, maxBytesPerPartition: 500 }).partitions[0];
      expect(again?.deletedRecords).toBe(0);
    });

    it('S15 holds what a group has not committed, unless forced, and says so', () => {
      const log = filled(40);
      const { generation } = log.groups.join('slow', 'm');
      const nextOffsets = new Map([[0, 9]]);
      log.groups.commit({ group: 'slow', member: 'm', generation, nextOffsets });
      const policy = { nowUs: START_US + 1e6, maxAgeUs: 1 };
      const [held] = log.retain(policy).partitions;
      expect(log.startOffsets()[0]).toBeLessThanOrEqual(9);
      expect(held?.heldRecords).toBeGreaterThan(20);
      expect(held?.deletedUncommitted).toBe(0);
      const [forced] = log.retain({ ...policy, force: true }).partitions;
      const start = log.startOffsets()[0] ?? 0;
      expect(forced).toMatchObject({ deletedUncommitted: start - 9, heldRecords: 0 });
      expect(log.groups.lag('slow')).toEqual([40 - start]);
      expect(log.read(0, 9, 1)[0]?.offset).toBe(start);
    });
  });

  const append = fc.record({ key: fc.nat(9), events: fc.nat(5), isRead: fc.boolean() });
  const runs = kind.name === 'in memory' ? 200 : 25;
  test.prop([fc.array(append, { minLength: 1, maxLength: 40 })], { seed: 71, numRuns: runs })(
    'S18 reading and truncating in turn sees every record once, as a log in memory does',
    (appends) => {
      const log = create(kind, 3);
      const model = createPartitionedLog({ partitions: 3 });
      const offsets = [0, 0, 0];
      let total = 0;
      let seen = 0;
      const drain = (maxRecords: number) => {
        offsets.forEach((offset, partition) => {
          const records = log.read(partition, offset, maxRecords);
          expect(records).toEqual(model.read(partition, offset, maxRecords));
          offsets[partition] = offset + records.length;
          seen += records.length;
        });
        log.truncateBefore(offsets);
        model.truncateBefore(offsets);
        expect(log.startOffsets()).toEqual(model.startOffsets());
      };
      for (const { key, events, isRead } of appends) {
        const raws = Array.from({ length: events }, (_, i) => `${key}/${total + i}`);
        const request = requestOf(raws, { partitionKey: `k${key}` });
        expect(log.append(request)).toEqual(model.append(request));
        total += events;
        if (isRead) drain(3);
      }
      expect(log.unreadFrom(offsets)).toBe(total - seen);
      drain(Number.MAX_SAFE_INTEGER);
      expect([log.unreadFrom(offsets), seen]).toEqual([0, total]);
      open.delete(log);
      log.close?.();
    },
  );
});
