/** A checkpoint as a job makes it: rows, barrier, store, commit. */
import type { CheckpointSink, CheckpointStore } from '../../../../src/domain/checkpoint-ports.ts';
import type { TableRow } from '../../../../src/storage/checkpoints/sqlite-checkpoints.ts';

/** Rows of an epoch. */
const ROWS = 3;

/** Completes the checkpoint of a step, unless it is complete.
 * @throws what aborted it; its rows stay pending then. */
export function completeCheckpoint(
  store: CheckpointStore,
  sink: CheckpointSink<TableRow>,
  step: number,
): void {
  const checkpoint = step + 1;
  if ((store.latest()?.checkpoint ?? 0) >= checkpoint) {
    sink.recover(checkpoint);
    return;
  }
  sink.recover(store.latest()?.checkpoint ?? 0);
  for (let n = 0; n < ROWS; n += 1) sink.write({ id: `r${step}-${n}`, step });
  let isDone = false;
  sink.preCommit(checkpoint, (outcome) => {
    isDone = outcome.kind === 'done';
  });
  if (!isDone) throw new Error(`checkpoint ${checkpoint} was not told as done`);
  store.save({ checkpoint, text: `state ${checkpoint}` });
  sink.commit(checkpoint);
}
