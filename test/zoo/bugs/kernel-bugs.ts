/** Bugs in the kernel. */
import type { Bug } from '../hunt/bug.ts';

/** Each with the property that must catch it. */
export const KERNEL_BUGS: readonly Bug[] = [
  {
    name: 'unstable-tie-break',
    file: 'src/kernel/event-queue.ts',
    find: `    const last = this.#previous[bucket] as number;
    this.#next[last] = node;
    this.#previous[node] = last;
    this.#next[node] = bucket;
    this.#previous[bucket] = node;`,
    replace: `    const first = this.#next[bucket] as number;
    this.#previous[first] = node;
    this.#next[node] = first;
    this.#previous[node] = bucket;
    this.#next[bucket] = node;`,
    story: 'Two things of the same microsecond happen in the wrong order: an ack before its send.',
    property: 'kernel/runs-like-a-list',
    withinRuns: 20,
  },
  {
    name: 'run-end-exclusive',
    file: 'src/kernel/event-queue.ts',
    find: 'if (bucket === NONE || !(this.#wheelUs <= untilUs)) return false;',
    replace: 'if (bucket === NONE || !(this.#wheelUs < untilUs)) return false;',
    story: 'What is due at the very end of a slice of time is left for the next slice.',
    property: 'kernel/runs-like-a-list',
    withinRuns: 200,
  },
  {
    name: 'lost-cancel',
    file: 'src/kernel/event-queue.ts',
    find: `    if (slot === NONE) return false;
    this.#remove(slot);
    return true;`,
    replace: `    if (slot === NONE) return false;
    if ((this.#time[slot] as number) > this.#wheelUs) this.#remove(slot);
    return true;`,
    story: 'A time-out cancelled at its very instant fires nevertheless: an answer is timed out.',
    property: 'kernel/runs-like-a-list',
    withinRuns: 100,
  },
  {
    name: 'stale-key-cancels-another',
    file: 'src/kernel/event-queue.ts',
    find: 'if (slot >= this.#used || generation !== this.#generation[slot]) return NONE;',
    replace: 'if (slot >= this.#used) return NONE;',
    story: 'Cancelling a timer that fired long ago takes out whoever has its slot by now.',
    property: 'kernel/runs-like-a-list',
    withinRuns: 200,
  },
  {
    name: 'priority-forgotten-in-the-future',
    file: 'src/kernel/event-queue.ts',
    find: 'if (priority !== 0 && shift === 0) this.#hasPriorities[bucket] = 1;',
    replace: 'if (priority > 0 && shift === 0) this.#hasPriorities[bucket] = 1;',
    story: 'An urgent event runs after others of its instant, but only if scheduled ahead.',
    property: 'kernel/runs-like-a-list',
    withinRuns: 500,
  },
  {
    name: 'far-future-wraps',
    file: 'src/kernel/event-queue.ts',
    find: 'if (timeUs >= this.#wheelEndUs) {',
    replace: 'if (timeUs > this.#wheelEndUs + WORD_US) {',
    story: 'A timer of more than 71 minutes fires at once, as in every 32-bit clock.',
    property: 'kernel/runs-like-a-list',
    withinRuns: 50,
  },
  {
    name: 'restore-reuses-pending-slot',
    file: 'src/kernel/event-queue.ts',
    find: 'freeSlots: freeSlots.reverse(),',
    replace: 'freeSlots,',
    story:
      'A run that goes on from a snapshot gives out other keys than the run it was taken from.',
    property: 'kernel/restored-keys-are-the-same',
    withinRuns: 200,
  },
  {
    name: 'digest-forgets-high-word',
    file: 'src/kernel/digest.ts',
    find: 'this.#spanEndUs = Math.min(startUs + this.#sliceUs, (high + 1) * WORD_US);',
    replace: 'this.#spanEndUs = startUs + this.#sliceUs * 5_000_000;',
    story: 'Two runs that differ only after more than an hour have the same digest.',
    property: 'kernel/digest-tells-runs-apart',
    withinRuns: 200,
  },
  {
    name: 'draws-share-an-index',
    file: 'src/kernel/chance.ts',
    find: `  uniform(entity: number, index: number): number {
    threefry(this.#key0, this.#key1, entity, index);`,
    replace: `  uniform(entity: number, index: number): number {
    threefry(this.#key0, this.#key1, entity + index, 0);`,
    story: "A viewer's second draw is the next viewer's first: their choices are correlated.",
    property: 'kernel/draws-are-named',
    withinRuns: 500,
  },
  {
    name: 'draws-share-a-purpose',
    file: 'src/kernel/chance.ts',
    find: 'threefry(hashText(purpose, 0x9e3779b9), hashText(purpose, 0x85ebca6b), seed, drawn);',
    replace: "threefry(hashText(purpose.split('.')[0] ?? '', 1), 0x85ebca6b, seed, drawn);",
    story: 'Who thinks long also always picks the popular title.',
    property: 'kernel/draws-are-named',
    withinRuns: 20,
  },
];
