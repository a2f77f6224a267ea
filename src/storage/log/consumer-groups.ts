/** Consumer groups: the members of a group share the partitions, each partition has one reader, and
 * how far the group has come is kept with the log. Deterministic: who has what depends on the
 * members' names alone. Spec: S16, S17. */
import { EngineError } from '../../kernel/errors.ts';
import { shareOut } from './range-assignment.ts';

/** What a member reads, and the number that its commits must name. */
export interface Assignment {
  /** Counts the group's changes of members: a commit of an older one is refused. */
  readonly generation: number;
  /** Ascending. */
  readonly partitions: readonly number[];
}

/** How far a member has come. */
export interface GroupCommit {
  readonly group: string;
  readonly member: string;
  readonly generation: number;
  /** Next offset to read, by partition; partitions not named stay where they are. */
  readonly nextOffsets: ReadonlyMap<number, number>;
}

/** The consumer groups of a log. Members are those of this process and gone when it ends; offsets
 * and generations stay. */
export interface ConsumerGroups {
  /** Adds a member (again: changes nothing) and shares the partitions out anew. A new group begins
   * at the log's start. @throws EngineError `LOG_UNWRITABLE`. */
  join(group: string, member: string): Assignment;
  /** Takes a member out; the others share its partitions. Who is no member changes nothing. */
  leave(group: string, member: string): void;
  /** @throws EngineError `LOG_FENCED` for who is no member. */
  assignment(group: string, member: string): Assignment;
  /** Keeps offsets: durable when it returns.
   * @throws EngineError `LOG_FENCED` where the group has changed since, or the partition is
   * another's; `LOG_BAD_ARGUMENT` for an offset that goes back or past the end. Nothing is kept. */
  commit(commit: GroupCommit): void;
  /** Next offsets of a group, one a partition. @throws EngineError `LOG_BAD_ARGUMENT`. */
  committed(group: string): readonly number[];
  /** Per partition, records that the group has not committed. */
  lag(group: string): readonly number[];
  /** Moves a group without members to other offsets, for a replay. */
  seek(group: string, nextOffsets: readonly number[]): void;
  /** Forgets a group: it holds no retention back any more. */
  remove(group: string): void;
  /** In code unit order. */
  names(): readonly string[];
  /** The least offset that all groups have committed; +∞ where there is no group. */
  committedByAll(partition: number): number;
}

/** What is kept of a group. */
export interface SavedGroup {
  readonly generation: number;
  readonly nextOffsets: readonly number[];
}

/** Where groups are kept, and the log that they read. */
export interface ConsumerGroupsOptions {
  readonly partitionCount: number;
  readonly startOffsets: () => readonly number[];
  readonly endOffsets: () => readonly number[];
  /** Groups as they were saved last. */
  readonly saved: Readonly<Record<string, SavedGroup>>;
  /** Keeps all groups, or throws and keeps what was. */
  readonly save: (groups: Readonly<Record<string, SavedGroup>>) => void;
}

interface Group {
  readonly generation: number;
  readonly nextOffsets: readonly number[];
  readonly members: readonly string[];
}

/** Makes the groups of a log. */
export function createConsumerGroups(options: ConsumerGroupsOptions): ConsumerGroups {
  return new StoredGroups(options);
}

class StoredGroups implements ConsumerGroups {
  readonly #options: ConsumerGroupsOptions;
  #groups: ReadonlyMap<string, Group>;

  constructor(options: ConsumerGroupsOptions) {
    this.#options = options;
    this.#groups = new Map(
      Object.entries(options.saved).map(([name, group]) => [name, { ...group, members: [] }]),
    );
  }

  join(name: string, member: string): Assignment {
    const { generation, nextOffsets, members } = this.#groups.get(name) ?? {
      generation: 0,
      nextOffsets: this.#options.startOffsets(),
      members: [],
    };
    if (!members.includes(member)) {
      const next = {
        generation: generation + 1,
        nextOffsets,
        members: [...members, member].sort(),
      };
      this.#replace(name, next);
    }
    return this.assignment(name, member);
  }

  leave(name: string, member: string): void {
    const group = this.#groups.get(name);
    if (group === undefined || !group.members.includes(member)) return;
    const members = group.members.filter((other) => other !== member);
    this.#replace(name, { ...group, generation: group.generation + 1, members });
  }

  assignment(name: string, member: string): Assignment {
    const { generation, members } = this.#group(name);
    const index = members.indexOf(member);
    if (index < 0) throw fenced(name, `${member} is no member of it`);
    const shares = shareOut(this.#options.partitionCount, members.length);
    return { generation, partitions: shares[index] ?? [] };
  }

  commit({ group: name, member, generation, nextOffsets }: GroupCommit): void {
    const group = this.#group(name);
    const { partitions } = this.assignment(name, member);
    if (generation !== group.generation) {
      throw fenced(name, `generation ${generation} is over, it is at ${group.generation}`);
    }
    const endOffsets = this.#options.endOffsets();
    const next = [...group.nextOffsets];
    for (const [partition, offset] of nextOffsets) {
      if (!partitions.includes(partition)) {
        throw fenced(name, `partition ${partition} is not ${member}'s`);
      }
      const leastOffset = group.nextOffsets[partition] ?? 0;
      checkOffset(offset, { leastOffset, endOffset: endOffsets[partition] ?? 0 });
      next[partition] = offset;
    }
    this.#replace(name, { ...group, nextOffsets: next });
  }

  committed(name: string): readonly number[] {
    return this.#group(name).nextOffsets;
  }

  lag(name: string): readonly number[] {
    const startOffsets = this.#options.startOffsets();
    const { nextOffsets } = this.#group(name);
    return this.#options
      .endOffsets()
      .map((end, i) => end - Math.max(nextOffsets[i] ?? 0, startOffsets[i] ?? 0));
  }

  seek(name: string, nextOffsets: readonly number[]): void {
    const group = this.#group(name);
    if (group.members.length > 0) {
      throw fenced(name, `it has members (${group.members.join(', ')}); let them leave first`);
    }
    const endOffsets = this.#options.endOffsets();
    endOffsets.forEach((endOffset, i) => {
      checkOffset(nextOffsets[i] ?? Number.NaN, { leastOffset: 0, endOffset });
    });
    this.#replace(name, { ...group, nextOffsets: nextOffsets.slice(0, endOffsets.length) });
  }

  remove(name: string): void {
    const rest = new Map(this.#groups);
    if (rest.delete(name)) this.#keep(rest);
  }

  names(): readonly string[] {
    return [...this.#groups.keys()].sort();
  }

  committedByAll(partition: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { nextOffsets } of this.#groups.values()) {
      least = Math.min(least, nextOffsets[partition] ?? 0);
    }
    return least;
  }

  #group(name: string): Group {
    const group = this.#groups.get(name);
    if (group !== undefined) return group;
    throw badArgument('group', name, `is no consumer group; there are: ${this.names().join(', ')}`);
  }

  #replace(name: string, group: Group): void {
    this.#keep(new Map(this.#groups).set(name, group));
  }

  /** Saves first: what cannot be saved did not happen. */
  #keep(groups: ReadonlyMap<string, Group>): void {
    const names = [...groups.keys()].sort();
    this.#options.save(
      Object.fromEntries(
        names.map((name) => {
          const { generation, nextOffsets } = groups.get(name) as Group;
          return [name, { generation, nextOffsets }];
        }),
      ),
    );
    this.#groups = groups;
  }
}

function checkOffset(
  offset: number,
  { leastOffset, endOffset }: { readonly leastOffset: number; readonly endOffset: number },
): void {
  if (Number.isSafeInteger(offset) && offset >= leastOffset && offset <= endOffset) return;
  const rule = `must be a whole number from ${leastOffset} to ${endOffset}`;
  throw badArgument('nextOffsets', offset, rule);
}

function badArgument(argument: string, found: unknown, rule: string): EngineError {
  const message = `${argument}: ${String(found)} ${rule}`;
  return new EngineError('LOG_BAD_ARGUMENT', message, { argument, found });
}

function fenced(group: string, reason: string): EngineError {
  const message = `consumer group ${group}: ${reason}; join again and read on from committed()`;
  return new EngineError('LOG_FENCED', message, { group, reason });
}
