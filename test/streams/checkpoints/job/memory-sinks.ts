/** A store and two-phase sinks that outlive the jobs of a test, in memory. */
import type {
  CheckpointSink,
  CheckpointStore,
  PhaseOutcome,
  SavedCheckpoint,
} from '../../../../src/domain/checkpoint-ports.ts';
import type { JobRow } from '../../../../src/streams/checkpoints/job/job-item.ts';

/** A store that keeps all checkpoints. */
export interface MemoryStore extends CheckpointStore {
  readonly all: readonly SavedCheckpoint[];
}

/** Makes an empty store. */
export function createMemoryStore(): MemoryStore {
  const all: SavedCheckpoint[] = [];
  return {
    all,
    save: (saved) => {
      all.push(saved);
    },
    latest: () => all.at(-1),
  };
}

/** A sink whose rows can be looked at. */
export interface MemorySink extends CheckpointSink<JobRow> {
  readonly committed: readonly JobRow[];
  /** Answers that wait, where they are not given at once. */
  readonly waiting: readonly ((outcome: PhaseOutcome) => void)[];
}

/** Makes an empty sink. @param isSlow - Answers wait to be given by the test. */
export function createMemorySink({ isSlow = false } = {}): MemorySink {
  const committed: JobRow[] = [];
  const waiting: ((outcome: PhaseOutcome) => void)[] = [];
  let open: JobRow[] = [];
  let pending: { readonly checkpoint: number; readonly rows: readonly JobRow[] }[] = [];
  const commit = (upTo: number) => {
    for (const { checkpoint, rows } of pending) if (checkpoint <= upTo) committed.push(...rows);
    pending = pending.filter(({ checkpoint }) => checkpoint > upTo);
  };
  return {
    committed,
    waiting,
    write: (row) => {
      open.push(row);
    },
    preCommit(checkpoint, answer) {
      pending.push({ checkpoint, rows: open });
      open = [];
      if (isSlow) waiting.push(answer);
      else answer({ kind: 'done' });
    },
    commit,
    recover(lastCompleted) {
      commit(lastCompleted);
      pending = [];
      open = [];
    },
  };
}
