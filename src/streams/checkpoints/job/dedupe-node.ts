/** Deduplication as a part of a source's chain: the first row of an id passes, in the time to live
 * that the memory knows. Spec: W3. */
import { createDedupeMemory } from '../../dedupe-memory.ts';
import type { JobOperator, JobRow } from './job-item.ts';

/** Options of {@link createDedupeNode}. */
export interface DedupeNodeOptions {
  readonly idOf: (row: JobRow) => string;
  /** The clock that the time to live runs on; it must not go back by much. Default: event time. */
  readonly clockUsOf?: (row: JobRow) => number;
  readonly ttlUs: number;
}

/** Makes the part. */
export function createDedupeNode(options: DedupeNodeOptions): JobOperator {
  const memory = createDedupeMemory(options.ttlUs);
  return {
    push(_input, item, emit) {
      if (item.kind === 'row') {
        const clockUs = options.clockUsOf?.(item.row) ?? item.timeUs;
        const now = { print: 0, ingestTimeUs: clockUs };
        if (memory.firstPrint(options.idOf(item.row), now) !== undefined) return;
      }
      emit(item);
    },
    // Cuts a chunk, so that a memory that is restored has the chunks of one that ran on.
    snapshot: () => ({
      clock: memory.clock.snapshot(),
      chunks: memory.chunks.whole().map(({ name, value }) => ({ name, value })),
    }),
    restore: (saved) => memory.restore(saved),
  };
}
