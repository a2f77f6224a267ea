/** Refuses what is too big or nested too deep before anything looks at it. Cost O(fields), and no
 * more than the limit however big the record. Spec: W76. */
import type { Stage, StageFailure } from '../stage.ts';

/** Options of the stage. */
export interface GuardOptions {
  /** Texts, names and values of one event together, in characters. Default 65,536. */
  readonly maxSize?: number;
  /** Objects within objects, the event being the first. Default 8. */
  readonly maxDepth?: number;
}

/** What a number, a boolean or a bracket weighs. */
const VALUE_SIZE = 8;

/** Makes the stage. */
export function createGuardStage(options: GuardOptions = {}): Stage {
  const { maxSize = 65_536, maxDepth = 8 } = options;
  const tooLarge = refusal('too_large', 'event: too large');
  const tooDeep = refusal('too_deep', 'event: nested too deep');
  const weigh = (value: unknown, depth: number, room: number): number => {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null) return VALUE_SIZE;
    if (depth > maxDepth) return Number.POSITIVE_INFINITY;
    let size = VALUE_SIZE;
    for (const name in value) {
      size += name.length + weigh(value[name as never], depth + 1, room - size);
      if (size > room) return size;
    }
    return size;
  };
  return {
    name: 'guard',
    version: '1.0.0',
    part: 'validate',
    apply(draft) {
      const size = weigh(draft.raw, 1, maxSize);
      if (size <= maxSize) return draft;
      return size === Number.POSITIVE_INFINITY ? tooDeep : tooLarge;
    },
  };
}

function refusal(rule: string, reason: string): StageFailure {
  return {
    failed: 'rejected',
    type: 'size_violation',
    reason,
    messages: [{ field: 'event', rule, valueHash: null, error: reason }],
    isRecoverable: false,
  };
}
