/** A digest that also tells a trace file what it records. */
import type { RunDigest } from '../../kernel/digest.ts';
import type { TraceFile } from '../io/trace-file.ts';

/** Wraps a digest; its value is the same with a trace and without. */
export function tracedDigest(digest: RunDigest, trace: TraceFile | undefined): RunDigest {
  if (trace === undefined) return digest;
  return {
    record(...record) {
      digest.record(...record);
      const [simTimeUs, actor, event, drawCount] = record;
      trace.write({ simTimeUs, actor, event, drawCount });
    },
    value: () => digest.value(),
    slices: () => digest.slices(),
    actors: () => digest.actors(),
  };
}
