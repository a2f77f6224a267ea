/** The ports of a checkpointed job: sinks with two phases, and the store that decides. A checkpoint
 * is complete once the store has saved it; until then nothing of it shows, from then on nothing of
 * it is lost. Spec: W115–W119. */

/** What became of a phase. A failure aborts the checkpoint; no row is lost by it. */
export type PhaseOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly cause: unknown };

/** Where a job's rows go. Epoch n holds the rows between barriers n − 1 and n. */
export interface CheckpointSink<Row> {
  /** Takes a row of the open epoch. */
  write(row: Row): void;
  /** Ends epoch `checkpoint` and makes its rows durable without showing them, then answers, at once
   * or later (a writer that needs promises answers from outside). Rows of an epoch whose
   * checkpoint was aborted stay pending and are shown by the next one that completes.
   * @throws what went wrong, which is the same as answering `failed`. */
  preCommit(checkpoint: number, answer: (outcome: PhaseOutcome) => void): void;
  /** Shows all that is pending up to `checkpoint`, which is complete. Repeating it changes nothing;
   * what it fails to do, the next commit or `recover` does. */
  commit(checkpoint: number): void;
  /** Before a job goes on: shows what is pending up to `lastCompleted` (0: none was), and throws
   * away what is pending after it, which will come again. */
  recover(lastCompleted: number): void;
}

/** One complete checkpoint. */
export interface SavedCheckpoint {
  /** Ascending from 1; aborted ones leave gaps. */
  readonly checkpoint: number;
  /** Sealed state: positions, operators, watermarks. */
  readonly text: string;
}

/** Keeps checkpoints. */
export interface CheckpointStore {
  /** All or nothing: when it returns, the checkpoint is complete.
   * @throws what went wrong; the checkpoint is aborted then. */
  save(saved: SavedCheckpoint): void;
  /** The last complete one. */
  latest(): SavedCheckpoint | undefined;
}
