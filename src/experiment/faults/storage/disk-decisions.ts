/** What faults of the storage family do to the disk that the log is on. An opportunity is the n-th
 * operation of its kind on its file, whatever happens elsewhere. Spec: E473. */
import type { DiskOperation, DiskVerdict } from '../../../storage/simulated-disk/disk-verdict.ts';
import type { FaultKindName } from '../catalogue/fault-kinds.ts';
import { type FaultSight, identityOf } from '../fault-sight.ts';

/** Decides for one disk. */
export interface DiskDecisions {
  decide(operation: DiskOperation): DiskVerdict | undefined;
  /** Whether the log is open: while it is being opened, a read out of date could not be told from
   * a write that was torn off. */
  isServing: boolean;
  /** Whether a sync has failed since this was last put to false: what was written before may not
   * be there, so the log must be opened anew. */
  hasFailedSync: boolean;
}

/** Names the store that faults aim at. */
export const LOG_TARGET = 'log';
/** A write that goes astray lands so far behind its place at most. */
const ASTRAY_BYTES_MAX = 4_096;

/** Makes the decisions of a disk without faults so far. */
export function createDiskDecisions(sight: FaultSight): DiskDecisions {
  const counts = new Map<string, number>();
  /** Names the operation, and counts it. */
  const opportunity = ({ call, path }: DiskOperation) => {
    const name = `${call} ${path}`;
    const index = counts.get(name) ?? 0;
    counts.set(name, index + 1);
    return { target: LOG_TARGET, entity: identityOf(name), index };
  };
  type At = ReturnType<typeof opportunity>;
  const lasting = (kind: FaultKindName, code: 'ENOSPC' | 'EROFS' | 'EACCES') => {
    const [fault] = sight.active(kind, LOG_TARGET);
    if (fault === undefined) return undefined;
    sight.struck(fault);
    return { kind: 'error', code } as const;
  };
  const striking = (
    kind: FaultKindName,
    at: At,
    verdict: (share: number) => DiskVerdict,
  ): DiskVerdict | undefined => {
    const fault = sight.strike(kind, at);
    return fault && verdict(fault.draws('share').uniform(at.entity, at.index));
  };
  const decisions: DiskDecisions = {
    isServing: false,
    hasFailedSync: false,
    decide(operation) {
      const at = opportunity(operation);
      switch (operation.call) {
        case 'write':
          return (
            lasting('storage.read-only', 'EROFS') ??
            lasting('storage.full', 'ENOSPC') ??
            striking('storage.write-error', at, (share) => ({
              kind: 'error',
              code: 'EIO',
              share,
            })) ??
            striking('storage.torn-write', at, tornWrite) ??
            striking('storage.misdirected-write', at, strayWrite)
          );
        case 'read':
          return (
            striking('storage.read-error', at, () => ({ kind: 'error', code: 'EIO' })) ??
            (decisions.isServing
              ? striking('storage.stale-read', at, () => ({ kind: 'stale' }))
              : undefined) ??
            striking('storage.bit-flip', at, (share) => ({ kind: 'flip', at: share }))
          );
        case 'sync': {
          const verdict = striking('storage.fsync-error', at, () => ({
            kind: 'error',
            code: 'EIO',
          }));
          decisions.hasFailedSync ||= verdict !== undefined;
          return verdict;
        }
        case 'open':
          return lasting('storage.permission', 'EACCES') ?? lasting('storage.read-only', 'EROFS');
        case 'truncate':
        case 'remove':
        case 'rename':
          return lasting('storage.read-only', 'EROFS');
        default:
          return undefined;
      }
    },
  };
  return decisions;
}

/** Nothing, a part, or (one time in five) all of it is there. */
function tornWrite(share: number): DiskVerdict {
  return { kind: 'dies', share: Math.min(1, share * 1.25) };
}

function strayWrite(share: number): DiskVerdict {
  return { kind: 'dies', share: 1, astrayBytes: 1 + Math.floor(share * ASTRAY_BYTES_MAX) };
}
