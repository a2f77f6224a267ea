/** The log: what is appended is read, in order, from any offset that is kept. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createPartitionedLog } from '../../src/storage/partitioned-log.ts';
import { START_US } from './warehouse-builder.ts';

const payload = (events: readonly unknown[]) => ({
  sentTimeUs: START_US,
  userAgent: 'Roku/DVP-12.5',
  clientAddress: '192.0.2.1',
  events,
});

describe('partitioned log', () => {
  it('makes one record an event, with what the payload says of all of them', () => {
    const log = createPartitionedLog({ partitions: 1 });
    const append = { payload: payload(['a', 'b']), ingestTimeUs: START_US, partitionKey: 'v1' };
    expect(log.append(append)).toBe(2);
    expect(log.read(0, 0, 10)).toEqual(
      ['a', 'b'].map((raw, offset) => ({
        partition: 0,
        offset,
        ingestTimeUs: START_US,
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

  it('S1 a key has one partition, the same in every log; many keys use all of them', () => {
    const used = new Set<number>();
    for (let viewer = 0; viewer < 400; viewer += 1) {
      const partitions = [1, 2].map(() => {
        const log = createPartitionedLog({ partitions: 4 });
        const append = { ingestTimeUs: START_US, partitionKey: `v${viewer}` };
        log.append({ ...append, payload: payload(['x']) });
        log.append({ ...append, payload: payload(['y']) });
        return [0, 1, 2, 3].filter((partition) => log.read(partition, 0, 9).length === 2);
      });
      expect(partitions[0]).toHaveLength(1);
      expect(partitions[0]).toEqual(partitions[1]);
      used.add(partitions[0]?.[0] ?? -1);
    }
    expect(used.size).toBe(4);
  });

  const append = fc.record({ key: fc.nat(9), events: fc.nat(5), isRead: fc.boolean() });

  test.prop([fc.array(append, { minLength: 1, maxLength: 60 })], { seed: 71, numRuns: 200 })(
    'S1 reading and truncating in turn sees every record once, in the order of its key',
    (appends) => {
      const log = createPartitionedLog({ partitions: 3 });
      const offsets = [0, 0, 0];
      const seen = new Map<number, string[]>();
      const sent = new Map<number, string[]>();
      const drain = (maxRecords: number) => {
        for (const partition of offsets.keys()) {
          for (const { raw, offset } of log.read(partition, offsets[partition] ?? 0, maxRecords)) {
            expect(offset).toBe(offsets[partition]);
            offsets[partition] = offset + 1;
            const [key = '', name = ''] = String(raw).split('/');
            seen.set(Number(key), [...(seen.get(Number(key)) ?? []), name]);
          }
        }
        log.truncateBefore(offsets);
      };
      let total = 0;
      for (const { key, events, isRead } of appends) {
        const names = Array.from({ length: events }, (_, i) => `${total + i}`);
        const raws = names.map((name) => `${key}/${name}`);
        log.append({ payload: payload(raws), ingestTimeUs: START_US, partitionKey: `k${key}` });
        if (events > 0) sent.set(key, [...(sent.get(key) ?? []), ...names]);
        total += events;
        if (isRead) drain(3);
      }
      const read = offsets.reduce((sum, offset) => sum + offset, 0);
      expect(log.unreadFrom(offsets)).toBe(total - read);
      drain(Number.MAX_SAFE_INTEGER);
      expect(log.unreadFrom(offsets)).toBe(0);
      expect(new Map([...seen].sort())).toEqual(new Map([...sent].sort()));
    },
  );

  it('forgets what is truncated, and only that', () => {
    const log = createPartitionedLog({ partitions: 1 });
    log.append({ payload: payload(['a', 'b', 'c']), ingestTimeUs: 1, partitionKey: 'k' });
    log.truncateBefore([2]);
    log.truncateBefore([1]);
    expect(log.read(0, 0, 9).map(({ offset }) => offset)).toEqual([2]);
    expect(log.unreadFrom([2])).toBe(1);
  });
});
