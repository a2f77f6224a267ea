/** Consumer groups: shares, fences, offsets. The files that keep them are in `disk-log.test.ts`. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createPartitionedLog } from '../../../src/storage/log/memory-log.ts';
import { shareOut } from '../../../src/storage/log/range-assignment.ts';
import { requestOf } from './log-builder.ts';

function filledLog(partitions: number, records: number) {
  const log = createPartitionedLog({ partitions });
  for (let i = 0; i < records; i += 1) log.append(requestOf([i], { partitionKey: `k${i}` }));
  return log;
}

describe('range assignment', () => {
  it('S16 gives neighbours, the first members one more', () => {
    expect(shareOut(7, 3)).toEqual([
      [0, 1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(shareOut(2, 3)).toEqual([[0], [1], []]);
  });

  test.prop([fc.nat(64), fc.integer({ min: 1, max: 20 })], { seed: 5, numRuns: 500 })(
    'S16 every partition has one reader, and nobody two more than another',
    (partitions, members) => {
      const shares = shareOut(partitions, members);
      expect(shares.flat()).toEqual(Array.from({ length: partitions }, (_, i) => i));
      const sizes = shares.map((share) => share.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    },
  );
});

describe('consumer groups', () => {
  it('S16 who reads what depends on names, not on who came first', () => {
    const orders = [
      ['a', 'b', 'c'],
      ['c', 'a', 'b'],
    ];
    const shares = orders.map((members) => {
      const { groups } = createPartitionedLog({ partitions: 8 });
      for (const member of members) groups.join('g', member);
      return ['a', 'b', 'c'].map((member) => groups.assignment('g', member).partitions);
    });
    expect(shares[0]).toEqual(shares[1]);
    expect(shares[0]?.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('S16, S17 a member that leaves hands its partitions and offsets on', () => {
    const log = filledLog(2, 40);
    const { groups } = log;
    groups.join('g', 'a');
    const b = groups.join('g', 'b');
    expect(b).toEqual({ generation: 2, partitions: [1] });
    expect(groups.join('g', 'b')).toEqual(b);
    groups.commit({ group: 'g', member: 'b', generation: 2, nextOffsets: new Map([[1, 5]]) });
    groups.leave('g', 'b');
    groups.leave('g', 'nobody');
    expect(groups.assignment('g', 'a')).toEqual({ generation: 3, partitions: [0, 1] });
    expect(groups.committed('g')).toEqual([0, 5]);
    const ends = log.endOffsets();
    expect(groups.lag('g')).toEqual([ends[0], (ends[1] ?? 0) - 5]);
    expect((ends[0] ?? 0) + (ends[1] ?? 0)).toBe(40);
  });

  it('S16 refuses a commit of an older generation, of another’s partition, of a stranger', () => {
    const { groups } = filledLog(2, 40);
    const old = groups.join('g', 'a');
    groups.join('g', 'b');
    const commit = { group: 'g', member: 'a', nextOffsets: new Map([[0, 1]]) };
    expect(() => groups.commit({ ...commit, generation: old.generation })).toThrow(
      'LOG_FENCED: consumer group g: generation 1 is over, it is at 2; join again and read on ' +
        'from committed()',
    );
    const nextOffsets = new Map([
      [0, 1],
      [1, 1],
    ]);
    expect(() => groups.commit({ ...commit, generation: 2, nextOffsets })).toThrow(
      /LOG_FENCED.*partition 1 is not a's/,
    );
    expect(() => groups.commit({ ...commit, member: 'x', generation: 2 })).toThrow(
      /LOG_FENCED.*x is no member/,
    );
    expect(groups.committed('g')).toEqual([0, 0]);
    groups.commit({ ...commit, generation: 2 });
    expect(groups.committed('g')).toEqual([1, 0]);
  });

  it('refuses offsets that go back or past the end, and unknown groups', () => {
    const { groups } = filledLog(1, 10);
    const { generation } = groups.join('g', 'a');
    const commit = (offset: number) =>
      groups.commit({ group: 'g', member: 'a', generation, nextOffsets: new Map([[0, offset]]) });
    commit(4);
    for (const offset of [3, 11, 4.5, Number.NaN]) {
      expect(() => commit(offset)).toThrow(/^LOG_BAD_ARGUMENT: nextOffsets: .* from 4 to 10$/);
    }
    expect(groups.committed('g')).toEqual([4]);
    expect(() => groups.lag('h')).toThrow(/LOG_BAD_ARGUMENT: group: h is no consumer group.*: g$/);
  });

  it('seeks for a replay once nobody reads, and forgets a group', () => {
    const { groups } = filledLog(1, 10);
    const { generation } = groups.join('g', 'a');
    groups.commit({ group: 'g', member: 'a', generation, nextOffsets: new Map([[0, 8]]) });
    expect(() => groups.seek('g', [0])).toThrow(/LOG_FENCED.*it has members \(a\)/);
    groups.leave('g', 'a');
    expect(() => groups.seek('g', [11])).toThrow(/LOG_BAD_ARGUMENT/);
    groups.seek('g', [2]);
    expect(groups.lag('g')).toEqual([8]);
    expect([groups.names(), groups.committedByAll(0)]).toEqual([['g'], 2]);
    groups.remove('g');
    expect([groups.names(), groups.committedByAll(0)]).toEqual([[], Number.POSITIVE_INFINITY]);
  });
});
