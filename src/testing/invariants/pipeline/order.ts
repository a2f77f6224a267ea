/** The order that the log keeps: of a partition by offset, of a subject in one partition, of one
 * request as the device captured it. What it does not keep is the order of requests: a device that
 * gives one up while it is under way sends the next, and the network may be slower with the first.
 * Spec: T45. */
import type { LogRecord } from '../../../domain/pipeline-ports.ts';
import type { Invariant } from '../invariant.ts';
import { watching } from '../watching.ts';

/** Faults that write records elsewhere, in another order, or again. */
const REORDERING = new Set([
  'pipeline.out-of-order',
  'pipeline.duplicate',
  'pipeline.poison-record',
  'pipeline.partition-skew',
]);

/** Order by key. */
export const KEYS_KEEP_THEIR_ORDER: Invariant = watching(
  'keys-keep-their-order',
  'records are read without a gap, a subject is in one partition, a request’s events in order',
  ({ tower, world, checked, broken }) => {
    const isReordered = world.scenario.faults.some(({ kind }) => REORDERING.has(kind));
    const nextOffsets: number[] = [];
    const seen = new Set<string>();
    const partitionOf = new Map<string, number>();
    const last = new Map<string, { readonly request: string; readonly sequence: number }>();
    tower.pipeline.firstRead.on((record) => {
      const { partition, offset, sentTimeUs, ingestTimeUs, sentUptimeUs } = record;
      const at = { partition, offset };
      checked();
      const expected = nextOffsets[partition] ?? 0;
      nextOffsets[partition] = offset + 1;
      if (offset !== expected) broken('records were left out', { ...at, expected });
      const event = eventOf(record);
      if (event === undefined || isReordered) return;
      const { id, subject, sessionId, sequence } = event;
      const home = partitionOf.get(subject) ?? partition;
      partitionOf.set(subject, home);
      if (home !== partition) broken('one subject is in two partitions', { ...at, subject, home });
      const before = last.get(sessionId);
      // One that comes again has its place already.
      if (seen.has(id)) return;
      seen.add(id);
      const request = `${sentTimeUs}/${sentUptimeUs}/${ingestTimeUs}`;
      last.set(sessionId, { request, sequence });
      if (before?.request !== request || before.sequence < sequence) return;
      broken('events of one request are out of order', { ...at, sessionId, sequence, before });
    });
    return undefined;
  },
);

interface Sequenced {
  readonly id: string;
  readonly subject: string;
  readonly sessionId: string;
  readonly sequence: number;
}

/** Undefined for what is no event as SDKs send it. */
function eventOf({ raw }: LogRecord): Sequenced | undefined {
  const event = raw as Partial<Sequenced> | null;
  if (typeof event !== 'object' || event === null) return undefined;
  const { id, subject, sessionId, sequence } = event;
  const isNamed = [id, subject, sessionId].every((name) => typeof name === 'string');
  return isNamed && Number.isSafeInteger(sequence) && Number(sequence) >= 0
    ? (event as Sequenced)
    : undefined;
}
