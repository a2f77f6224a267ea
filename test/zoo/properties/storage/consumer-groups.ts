/** Consumer groups over a log in memory: members that come and go, commits of old generations,
 * retention. Each partition has one reader, and no record goes before it is committed. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { EngineError } from '../../../../src/kernel/errors.ts';
import type { Assignment } from '../../../../src/storage/log/consumer-groups.ts';
import { createPartitionedLog } from '../../../../src/storage/log/memory-log.ts';
import { requestOf, START_US } from '../../../storage/log/log-builder.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

type Step =
  | { readonly do: 'append'; readonly key: string; readonly events: number }
  | { readonly do: 'join' | 'leave'; readonly member: string }
  /** A member reads on, by what it last heard of its group, and commits so many records. */
  | { readonly do: 'commit'; readonly member: string; readonly records: number }
  | { readonly do: 'retain' };

const PARTITIONS = 3;
const GROUP = 'readers';

class Bench {
  readonly #log = createPartitionedLog({ partitions: PARTITIONS, segmentRecords: 2 });
  readonly #members = new Set<string>();
  /** What each member last heard, whether it still holds or not. */
  readonly #heard = new Map<string, Assignment>();
  readonly #committed = new Array<number>(PARTITIONS).fill(0);
  #hasGroup = false;

  take(step: Step): void {
    if (step.do === 'append') {
      const events = Array.from({ length: step.events }, (_, i) => `${i}`);
      this.#log.append(requestOf(events, { partitionKey: step.key }));
    } else if (step.do === 'join') this.#join(step.member);
    else if (step.do === 'leave') {
      this.#log.groups.leave(GROUP, step.member);
      this.#members.delete(step.member);
    } else if (step.do === 'commit') this.#commit(step.member, step.records);
    else {
      this.#log.retain({ nowUs: START_US * 2, maxAgeUs: 1 });
    }
    this.#check();
  }

  /** Who joins hears of the group; the others go on with what they heard. */
  #join(member: string): void {
    this.#heard.set(member, this.#log.groups.join(GROUP, member));
    this.#members.add(member);
    this.#hasGroup = true;
  }

  #commit(member: string, records: number): void {
    const heard = this.#heard.get(member);
    if (heard === undefined) return;
    const partition = heard.partitions[0];
    if (partition === undefined) return;
    const end = this.#log.endOffsets()[partition] ?? 0;
    const before = this.#committed[partition] ?? 0;
    const next = Math.min(end, before + records);
    const isCurrent =
      this.#members.has(member) &&
      this.#log.groups.assignment(GROUP, member).generation === heard.generation;
    const { generation } = heard;
    const nextOffsets = new Map([[partition, next]]);
    try {
      this.#log.groups.commit({ group: GROUP, member, generation, nextOffsets });
      assert.ok(isCurrent, `${member} commits for a generation that is over`);
      this.#committed[partition] = next;
    } catch (cause) {
      const isFenced = cause instanceof EngineError && cause.code === 'LOG_FENCED';
      assert.ok(isFenced && !isCurrent, String(cause));
    }
  }

  #check(): void {
    if (!this.#hasGroup) return;
    const { groups } = this.#log;
    assert.deepEqual(groups.committed(GROUP), this.#committed, 'what the group has committed');
    const shares = [...this.#members].flatMap((one) => [
      ...groups.assignment(GROUP, one).partitions,
    ]);
    const all = this.#members.size === 0 ? [] : Array.from({ length: PARTITIONS }, (_, i) => i);
    assert.deepEqual(shares.sort(), all, 'each partition has one reader');
    for (const [partition, start] of this.#log.startOffsets().entries()) {
      assert.ok(start <= (this.#committed[partition] ?? 0), 'what is not committed is kept');
    }
  }
}

const member = fc.constantFrom('m1', 'm2', 'm3', 'm4');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('append' as const),
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    events: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ do: fc.constantFrom('join' as const, 'leave' as const), member }),
  fc.record({ do: fc.constant('commit' as const), member, records: fc.nat(5) }),
  fc.record({ do: fc.constant('retain' as const) }),
);

const groupsShare = zooProperty({
  name: 'groups-share-and-fence',
  claim: 'each partition has one reader, who is over commits nothing, nothing unread is deleted',
  arbitrary: fc
    .array(step, { maxLength: 25, size: 'max' })
    // A group from the start: before there is one, nothing is held back.
    .map((steps): Step[] => [{ do: 'join', member: 'm1' }, ...steps]),
  sizeOf: (steps) => ({ commands: steps.length - 1, faults: 0 }),
  holds(steps) {
    const bench = new Bench();
    for (const one of steps) bench.take(one);
  },
});

/** Properties of consumer groups. */
export const GROUPS: readonly ZooProperty[] = [groupsShare];
