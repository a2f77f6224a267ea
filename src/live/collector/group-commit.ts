/** Requests that wait for the disk together: all that came while the sync before was under way are
 * written at once and synced once. Nobody hears that it is written before it is. Spec: S400. */
import type { AppendRequest } from '../../domain/collector-ports.ts';
import type { DiskLog } from '../../storage/log/disk-log.ts';
import type { FrameSource } from '../../storage/log/frame.ts';

/** Told what became of a request; undefined where the log has it. */
export type Settle = (error: unknown) => void;

/** Options of {@link createGroupCommit}. */
export interface GroupCommitOptions {
  readonly log: Pick<DiskLog, 'appendGroup' | 'encode' | 'endOffsets'>;
  /** Told after each group what of the log is durable. */
  readonly onDurable: (endOffsets: readonly number[]) => void;
  /** Requests of one group at most: a group that takes long keeps the next one waiting. */
  readonly groupMax?: number;
}

/** Commits in groups. */
export interface GroupCommit {
  write(requests: readonly AppendRequest[], settle: Settle): void;
  /** Groups so far, and requests in them. */
  readonly groups: number;
  readonly requests: number;
  /** Resolves once nothing waits. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly frames: readonly FrameSource[];
  readonly settle: Settle;
}

const GROUP_MAX = 2_000;

/** Makes one. */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  return new Groups(options);
}

class Groups implements GroupCommit {
  readonly #options: GroupCommitOptions;
  #waiting: Waiting[] = [];
  #isBusy = false;
  #groups = 0;
  #requests = 0;
  #onIdle: (() => void)[] = [];

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  get groups(): number {
    return this.#groups;
  }

  get requests(): number {
    return this.#requests;
  }

  write(requests: readonly AppendRequest[], settle: Settle): void {
    const { log } = this.#options;
    this.#waiting.push({ frames: requests.map((one) => log.encode(one)), settle });
    if (this.#isBusy) return;
    this.#isBusy = true;
    // What the same turn of the event loop has read goes along.
    setImmediate(this.#flush);
  }

  async idle(): Promise<void> {
    if (!this.#isBusy) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  readonly #flush = (): void => {
    const { log, onDurable, groupMax = GROUP_MAX } = this.#options;
    const group = this.#waiting.slice(0, groupMax);
    this.#waiting = this.#waiting.length > groupMax ? this.#waiting.slice(groupMax) : [];
    if (group.length === 0) {
      this.#isBusy = false;
      for (const resolve of this.#onIdle.splice(0)) resolve();
      return;
    }
    this.#groups += 1;
    this.#requests += group.length;
    const all = group.flatMap(({ frames }) => frames);
    log.appendGroup(all, (outcome) => {
      const error = 'error' in outcome ? outcome.error : undefined;
      if (error === undefined) onDurable(log.endOffsets());
      for (const { settle } of group) settle(error);
      setImmediate(this.#flush);
    });
  };
}
