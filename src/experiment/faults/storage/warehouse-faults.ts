/** What faults of the storage family do to the warehouse: its commits fail, with everything taken
 * back, or end with the process, or take long, and it cannot be read. Below that SQLite is trusted:
 * what a loss of power or a wrong bit does to its pages is its own tests' business. Spec: E475. */
import type { CommitBatch, PipelineSink } from '../../../domain/pipeline-ports.ts';
import { EngineError } from '../../../kernel/errors.ts';
import type { FaultKindName } from '../catalogue/fault-kinds.ts';
import { type FaultSight, identityOf } from '../fault-sight.ts';

/** Names the store that faults aim at. */
const WAREHOUSE_TARGET = 'warehouse';
const PATH = 'warehouse';

/** What fails every commit while it lasts. */
const LASTING = [
  ['storage.full', 'full', 'ENOSPC'],
  ['storage.read-only', 'other', 'EROFS'],
  ['storage.permission', 'other', 'EACCES'],
] as const satisfies readonly (readonly [FaultKindName, 'full' | 'other', string])[];

/** A sink with the warehouse's faults in front of it.
 * @param onSlow - Told how long a commit took, µs. */
export function createFaultySink(options: {
  readonly sink: PipelineSink;
  readonly sight: FaultSight;
  readonly onSlow: (delayUs: number) => void;
  /** Numbers the reads of the warehouse, whoever reads. */
  readonly nextRead: () => number;
}): PipelineSink {
  const { sink, sight, onSlow } = options;
  const readable = () => {
    const at = { target: WAREHOUSE_TARGET, entity: 0, index: options.nextRead() };
    if (sight.strike('storage.read-error', at) !== undefined) throw unreadable();
  };
  return {
    commit(batch) {
      for (const [kind, reason, code] of LASTING) {
        const [fault] = sight.active(kind, WAREHOUSE_TARGET);
        if (fault === undefined) continue;
        sight.struck(fault);
        throw unwritable(reason, code);
      }
      commitStruck(batch, sink, sight);
      for (const fault of sight.active('storage.slow', WAREHOUSE_TARGET)) {
        sight.struck(fault);
        onSlow(fault.intensity);
      }
    },
    committedOffsets(partitionCount) {
      readable();
      return sink.committedOffsets(partitionCount);
    },
    committedState() {
      readable();
      return sink.committedState?.();
    },
  };
}

/** A commit is named by its process time: the next try of the same rows has another. */
function commitStruck(batch: CommitBatch, sink: PipelineSink, sight: FaultSight): void {
  const at = { target: WAREHOUSE_TARGET, entity: identityOf(`${batch.processTimeUs}`), index: 0 };
  for (const kind of ['storage.write-error', 'storage.fsync-error'] as const) {
    if (sight.strike(kind, at) !== undefined) commitInPart(batch, sink);
  }
  const torn = sight.strike('storage.torn-write', at);
  if (torn === undefined) {
    sink.commit(batch);
    return;
  }
  // The process dies in the commit: SQLite has all of it or nothing.
  if (torn.draws('survives').uniform(at.entity, 0) < 0.5) sink.commit(batch);
  throw unwritable('other', 'the process died');
}

/** Fails when rows are written and offsets are about to be: the transaction is rolled back. */
function commitInPart(batch: CommitBatch, sink: PipelineSink): never {
  const failing: CommitBatch = {
    ...batch,
    get nextOffsets(): readonly number[] {
      throw unwritable('other', 'EIO');
    },
  };
  sink.commit(failing);
  throw unwritable('other', 'EIO');
}

function unwritable(reason: 'full' | 'other', code: string): EngineError {
  const message = `${PATH}: the commit failed (${code}); nothing is kept, commit it again`;
  return new EngineError('WAREHOUSE_UNWRITABLE', message, { path: PATH, reason });
}

function unreadable(): EngineError {
  const message = `${PATH}: it cannot be read (EIO); read it again`;
  return new EngineError('WAREHOUSE_UNREADABLE', message, { path: PATH });
}
