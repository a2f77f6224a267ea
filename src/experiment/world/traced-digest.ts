/** A digest that also tells a trace file what it records, under the names of the handles. */
import type { RunDigest } from '../../kernel/digest.ts';
import type { TraceFile } from '../io/trace-file.ts';

/** Wraps a digest; its value is the same with a trace and without. */
export function tracedDigest(digest: RunDigest, trace: TraceFile | undefined): RunDigest {
  if (trace === undefined) return digest;
  const actorNames = new Map<number, string>();
  const eventNames = new Map<number, string>();
  return {
    record(...record) {
      digest.record(...record);
      const [simTimeUs, actor, event, drawCount] = record;
      trace.write({ simTimeUs, actor, event, drawCount });
    },
    actorHandle(name) {
      const handle = digest.actorHandle(name);
      actorNames.set(handle, name);
      return handle;
    },
    eventHandle(type) {
      const handle = digest.eventHandle(type);
      eventNames.set(handle, type);
      return handle;
    },
    recordAt(...record) {
      digest.recordAt(...record);
      const [simTimeUs, actorHandle, eventHandle, drawCount] = record;
      const actor = actorNames.get(actorHandle) ?? '';
      const event = eventNames.get(eventHandle) ?? '';
      trace.write({ simTimeUs, actor, event, drawCount });
    },
    value: () => digest.value(),
    slices: () => digest.slices(),
    actors: () => digest.actors(),
    save: () => digest.save(),
    restore: (state) => digest.restore(state),
  };
}
