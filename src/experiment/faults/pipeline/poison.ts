/** Records that no stage can read, each its own kind of nonsense, and each told from all others.
 * Spec: E484. */
import type { ActiveFault } from '../board/fault-board.ts';

/** Stands in each of them, and in nothing that anybody sends. */
export const POISON_MARK = 'backlot:poison/';
/** Deeper than the pipeline looks. */
const NESTING = 12;

/** Makes one. @param at - The opportunity. @param name - Of this one among all of the run. */
export function poisonOf(
  fault: ActiveFault,
  at: { readonly entity: number; readonly index: number },
  name: number,
): unknown {
  const { entity, index } = at;
  const mark = `${POISON_MARK}${name}`;
  const kinds: readonly (() => unknown)[] = [
    () => ({ unparsed: mark, reason: 'poison record' }),
    () => `{"id":"${mark}",`,
    () => [mark],
    () => mark,
    () => ({ id: mark, type: 'page.view', sequence: Number.MAX_VALUE, data: null }),
    () => nested(mark, NESTING),
  ];
  const number = Math.floor(fault.draws('poison').uniform(entity, index) * kinds.length);
  return kinds[number]?.();
}

function nested(value: unknown, depth: number): unknown {
  return depth === 0 ? value : { id: nested(value, depth - 1) };
}
