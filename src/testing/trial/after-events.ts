/** Who is asked after an event: those whose things may have changed in it. Spec: T150. */
import type { InvariantWatch } from '../invariants/invariant.ts';

/** Asks, in the order of the watches.
 * @param ask - Called with each watch that may have something to say now.
 * @returns What to call after every event. Cost: a comparison for each watch that is not asked. */
export function afterEvents<W extends { readonly watch: InvariantWatch }>(
  watches: readonly W[],
  ask: (one: W) => void,
): () => void {
  const turns = watches
    .filter(({ watch }) => watch.afterEvent !== undefined)
    .map((one) => ({ one, news: one.watch.news, seen: -1 }));
  return () => {
    for (const turn of turns) {
      const { news } = turn;
      if (news !== undefined) {
        if (news.count === turn.seen) continue;
        turn.seen = news.count;
      }
      ask(turn.one);
    }
  };
}
