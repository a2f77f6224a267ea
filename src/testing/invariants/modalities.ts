/** Invariants of one's own: what must always hold, what must be seen once in a campaign, and what
 * must follow within a time. Checks see a {@link WorldView} and say what they found; how often
 * there was anything to look at is counted, so that a check that never looked is told from one that
 * held. Spec: T12–T15. */
import type { Finding, Invariant } from './invariant.ts';
import { towerOf, viewOf } from './view/watchtower.ts';
import type { WorldView } from './view/world-view.ts';

/** What a check says: it holds; it does not, with words (`false`: the claim itself); or there was
 * nothing to look at (`undefined`). */
export type Said = boolean | string | Finding | undefined;

/** Must hold after every event, and when the run is over. */
export function always(name: string, claim: string, check: (world: WorldView) => Said): Invariant {
  return {
    name,
    modality: 'always',
    claim,
    watch(world) {
      const view = viewOf(world);
      let exercised = 0;
      const look = (): Finding | undefined => {
        const said = check(view);
        if (said === undefined) return undefined;
        exercised += 1;
        return findingOf(said, claim);
      };
      return { afterEvent: look, atEnd: look, exercised: () => exercised };
    },
  };
}

/** {@link always} of pages, calls and servers: looked at when one of them may have changed. */
export function alwaysOfRequests(...args: Parameters<typeof always>): Invariant {
  const invariant = always(...args);
  return {
    ...invariant,
    watch: (world, trial) => ({
      ...invariant.watch(world, trial),
      news: towerOf(world).changes.requests,
    }),
  };
}

/** Must hold after at least one event of one run of a campaign: a coverage mark. */
export function sometimes(
  name: string,
  claim: string,
  holds: (world: WorldView) => boolean,
): Invariant {
  return {
    name,
    modality: 'sometimes',
    claim,
    watch(world) {
      const view = viewOf(world);
      let hits = 0;
      const look = (): undefined => {
        if (holds(view)) hits += 1;
      };
      return { afterEvent: look, atEnd: look, exercised: () => hits };
    },
  };
}

/** What must follow what. Times in µs. */
export interface Following {
  /** How long it may take; while faults are active the time does not run. */
  readonly withinUs: number;
  /** What calls for it: the time runs from the first event after which this holds. */
  readonly when: (world: WorldView) => boolean;
  readonly then: (world: WorldView) => boolean;
  /** Words for what is missing, where the claim is not enough. */
  readonly missing?: (world: WorldView) => string;
  /** Asked before anything is reported: why this world cannot get there, whoever is to blame. What
   * it says is told instead (`excused`). */
  readonly unless?: (world: WorldView) => string | undefined;
}

/** Must hold within a time of what calls for it, counted from the end of all faults where that is
 * later. Where the run ends before the time is up, nothing is said. */
export function eventuallyWithin(name: string, following: Following, claim = name): Invariant {
  return {
    name,
    modality: 'eventually',
    claim,
    watch(world) {
      const view = viewOf(world);
      const debt = new Debt(view, following, claim);
      return {
        afterEvent: () => debt.look(),
        atEnd: () => debt.look(),
        exercised: () => debt.paid,
        excused: () => debt.excuse,
      };
    },
  };
}

/** What is owed in one world, and until when. */
class Debt {
  /** How often what was called for came. */
  paid = 0;
  excuse: string | undefined;
  readonly #view: WorldView;
  readonly #following: Following;
  readonly #claim: string;
  #sinceUs: number | undefined;

  constructor(view: WorldView, following: Following, claim: string) {
    this.#view = view;
    this.#following = following;
    this.#claim = claim;
  }

  look(): Finding | undefined {
    const view = this.#view;
    const { when, then, withinUs } = this.#following;
    const { nowUs, healedAtUs } = view;
    const sinceUs = this.#sinceUs;
    if (sinceUs !== undefined) {
      // What holds only now came too late: it did not hold after any event before.
      const untilUs = Math.max(sinceUs, healedAtUs) + withinUs;
      if (nowUs > untilUs) return this.#overdue({ sinceUs, untilUs });
      if (!then(view)) return undefined;
      this.#sinceUs = undefined;
      this.paid += 1;
      return undefined;
    }
    if (!when(view)) return undefined;
    if (then(view)) this.paid += 1;
    else this.#sinceUs = nowUs;
    return undefined;
  }

  #overdue(times: { readonly sinceUs: number; readonly untilUs: number }): Finding | undefined {
    const { unless, missing } = this.#following;
    this.#sinceUs = undefined;
    const excuse = unless?.(this.#view);
    if (excuse === undefined) {
      return { message: missing?.(this.#view) ?? `not in time: ${this.#claim}`, details: times };
    }
    this.excuse ??= excuse;
    return undefined;
  }
}

function findingOf(said: Exclude<Said, undefined>, claim: string): Finding | undefined {
  if (said === true) return undefined;
  if (said === false) return { message: `does not hold: ${claim}` };
  return typeof said === 'string' ? { message: said } : said;
}
