/** A pipeline that nothing holds up is fresh: what is in the log is committed at the next poll.
 * Spec: T46. */

import { FAULT_KINDS } from '../../../experiment/faults/catalogue/fault-kinds.ts';
import { CHECKPOINT } from '../../../experiment/faults/clickstream-faults.ts';
import { type Fault, isCatalogued } from '../../../experiment/faults/plan/fault-schema.ts';
import { seconds } from '../../../kernel/time.ts';
import type { Invariant } from '../invariant.ts';
import { watching } from '../watching.ts';

/** How long brokers and pipelines may take to come back after a fault, and to commit then. */
const RESTART_US = seconds(30);

/** Freshness. */
export const FACTS_ARE_FRESH: Invariant = watching(
  'facts-are-fresh',
  'without faults of log and pipeline, an event is a fact no later than the next poll',
  ({ tower, world, checked, broken }) => {
    const { pollEvery, workers } = world.scenario.clickstream;
    // Workers take time of their own: theirs is the law of their station.
    if (workers !== undefined) return undefined;
    const epochUs = Date.parse(world.scenario.clock.start) * 1_000;
    const held = world.scenario.faults.flatMap(heldUp);
    // Where something may hold the pipeline up it commits by checkpoints, at the first poll when
    // they are due, and whoever dies before it reads again what was read since the last one.
    const checkpointUs = held.length > 0 ? (CHECKPOINT.everyUs ?? 0) : 0;
    const mayWaitUs = pollEvery * (1 + Math.ceil(checkpointUs / pollEvery));
    tower.pipeline.committed.on(({ batch }) => {
      for (const { event, ingestTimeUs, processTimeUs } of batch.facts) {
        const atUs = ingestTimeUs - epochUs;
        if (held.some(({ fromUs, toUs }) => atUs >= fromUs - mayWaitUs && atUs <= toUs)) continue;
        checked();
        if (processTimeUs >= ingestTimeUs && processTimeUs - ingestTimeUs <= mayWaitUs) continue;
        const details = { id: event.id, ingestTimeUs, processTimeUs, mayWaitUs };
        broken('an event waited for longer than from one commit to the next', details);
      }
    });
    return undefined;
  },
);

interface Held {
  readonly fromUs: number;
  readonly toUs: number;
}

/** When a fault may hold log and pipeline up. Its intensity may be a time that it adds. */
function heldUp(fault: Fault): readonly Held[] {
  if (!isCatalogued(fault)) return [];
  const { family, intensity: usual } = FAULT_KINDS[fault.kind];
  if (family !== 'storage' && family !== 'pipeline') return [];
  const addedUs = usual?.unit === 'µs' ? (fault.intensity ?? usual.default) : 0;
  const lastUs = fault.rate?.until ?? fault.at;
  return [{ fromUs: fault.at, toUs: lastUs + fault.for + addedUs + RESTART_US }];
}
