/** When a pipeline commits, and with what state. Without a trigger it commits after every round of
 * reading, and knows offsets only when it resumes. With one it commits only at checkpoints, so
 * that rows, offsets and the state they belong to are always written together. Spec: W110–W112. */
import type { CommitBatch, PipelineSink } from '../../domain/pipeline-ports.ts';
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { EngineError, invariant } from '../../kernel/errors.ts';
import { snapshotRefused } from './snapshot-refused.ts';
import { type ChunkedState, createStateBook, type StateBook } from './state-book.ts';

/** When to checkpoint: at the first end of a round of reading at which one of these is reached. */
export interface CheckpointTrigger {
  /** Records read since the last checkpoint; also what is in memory at most, but for one round. */
  readonly everyRecords: number;
  /** Process time since the last checkpoint, where anything was read or emitted since. */
  readonly everyUs?: number;
}

/** What a stage makes its state known to. */
export interface StateRegister {
  add(name: string, part: Checkpointable): void;
  addChunked(name: string, part: ChunkedState): void;
}

/** A pipeline's commits. */
export interface PipelineCheckpoints extends StateRegister {
  /** Restores all parts from the sink, if it has state. @returns when it was committed, process
   * time; −∞ where there was none. @throws EngineError `SNAPSHOT_REFUSED`. */
  resume(nextOffsets: readonly number[]): number;
  /** Whether to commit after a round of reading, given the records read since the last commit. */
  isDue(records: number, processTimeUs: number): boolean;
  /** Commits the batch with the state. @throws what the sink threw; nothing is committed then. */
  commit(batch: CommitBatch): void;
}

/** Options of {@link createPipelineCheckpoints}. */
export interface PipelineCheckpointOptions {
  readonly sink: PipelineSink;
  readonly trigger: CheckpointTrigger | undefined;
  /** What the state belongs to: everything that gives it its meaning. */
  readonly definition: PlainValue;
}

const SCHEMA = 'backlot.pipeline-state/1';

/** Makes the checkpoints of one pipeline.
 * @throws EngineError `PIPELINE_BAD_ARGUMENT` for a trigger that is none, or a sink that keeps no
 * state. */
export function createPipelineCheckpoints(options: PipelineCheckpointOptions): PipelineCheckpoints {
  const { sink, trigger } = options;
  if (trigger === undefined) {
    return {
      add: () => undefined,
      addChunked: () => undefined,
      resume: () => Number.NEGATIVE_INFINITY,
      isDue: () => true,
      commit: (batch) => sink.commit(batch),
    };
  }
  check(sink, trigger);
  return new Checkpoints(sink, trigger, createStateBook({ ...options, schema: SCHEMA }));
}

/** What a commit, and so its state, belongs to. */
interface Position {
  readonly offsets: readonly number[];
  readonly processTimeUs: number;
}

class Checkpoints implements PipelineCheckpoints {
  readonly #sink: PipelineSink;
  readonly #trigger: CheckpointTrigger;
  readonly #book: StateBook;
  #last: Position = { offsets: [], processTimeUs: Number.NEGATIVE_INFINITY };
  #next: Position | undefined;

  constructor(sink: PipelineSink, trigger: CheckpointTrigger, book: StateBook) {
    this.#sink = sink;
    this.#trigger = trigger;
    this.#book = book;
    book.add('position', {
      snapshot: () => {
        invariant(this.#next !== undefined, 'CHECKPOINT_WITHOUT_POSITION', {});
        return { ...this.#next };
      },
      restore: (saved) => {
        this.#last = saved as unknown as Position;
      },
    });
  }

  add(name: string, part: Checkpointable): void {
    this.#book.add(name, part);
  }

  addChunked(name: string, part: ChunkedState): void {
    this.#book.addChunked(name, part);
  }

  resume(nextOffsets: readonly number[]): number {
    const saved = this.#sink.committedState?.();
    if (saved === undefined) {
      if (nextOffsets.every((offset) => offset === 0)) return Number.NEGATIVE_INFINITY;
      throw snapshotRefused('offsets were committed without state');
    }
    this.#book.restore(saved);
    const { offsets, processTimeUs } = this.#last;
    if (String(offsets) === String(nextOffsets)) return processTimeUs;
    throw snapshotRefused(`state of offsets ${offsets} beside offsets ${nextOffsets}`);
  }

  isDue(records: number, processTimeUs: number): boolean {
    const { everyRecords, everyUs = Number.POSITIVE_INFINITY } = this.#trigger;
    // The first checkpoint's interval begins when process time is first told.
    if (this.#last.processTimeUs === Number.NEGATIVE_INFINITY) {
      this.#last = { ...this.#last, processTimeUs };
    }
    return records >= everyRecords || processTimeUs - this.#last.processTimeUs >= everyUs;
  }

  commit(batch: CommitBatch): void {
    const { nextOffsets, processTimeUs } = batch;
    this.#next = { offsets: nextOffsets, processTimeUs };
    const state = this.#book.take();
    let isCommitted = false;
    try {
      this.#sink.commit({ ...batch, state });
      isCommitted = true;
    } finally {
      this.#book.settle(isCommitted);
    }
    this.#last = this.#next;
  }
}

function check(sink: PipelineSink, { everyRecords, everyUs = 1 }: CheckpointTrigger): void {
  for (const [argument, found] of Object.entries({ everyRecords, everyUs })) {
    if (Number.isSafeInteger(found) && found > 0) continue;
    throw badArgument(`checkpoint.${argument}`, found, 'must be a whole number above 0');
  }
  if (sink.committedState !== undefined) return;
  throw badArgument('sink', 'no committedState', 'must keep state where checkpoints are asked for');
}

function badArgument(argument: string, found: unknown, rule: string): EngineError {
  return new EngineError('PIPELINE_BAD_ARGUMENT', `${argument}: ${String(found)} ${rule}`, {
    argument,
    found,
  });
}
