/** How liveness is checked: once all faults are over, what is not well has to be well again within
 * a time, thing by thing (a server, a caller, a partition). Where the trial's own settings make
 * that impossible, that is told instead. Spec: T48. */

import type { World } from '../../../experiment/assemble.ts';
import { minutes } from '../../../kernel/time.ts';
import type { Finding, Invariant } from '../invariant.ts';
import type { ChangeCount } from '../notes/changes.ts';
import { towerOf } from '../view/watchtower.ts';
import type { WorldView } from '../view/world-view.ts';
import type { Notebook } from '../watching.ts';
import { whyNotRecoverable } from './recoverability.ts';

/** How long recovering may take, in virtual time, from the end of all faults; in a run that is over
 * sooner, a part of what is left of it, which a minute at least has to be. */
const RECOVERY_WITHIN_US: number = minutes(10);
const LEAST_US: number = minutes(1);
const SHARE_OF_REST = 2 / 3;

/** The time that recovering may take in a world. */
export function recoveryWithinUs({ endUs, healedAtUs }: WorldView): number {
  const restUs = (endUs - healedAtUs) * SHARE_OF_REST;
  return Math.min(RECOVERY_WITHIN_US, Math.max(LEAST_US, restUs));
}

/** Says of each thing whether it is well now. Called once faults are over: after every event, or
 * where it gives `news`, after those in which something may have changed, and as long as anything
 * is unwell. */
export interface LookAround {
  (tell: (thing: string, isWell: boolean) => void): void;
  readonly news?: ChangeCount;
}

/** What is known of a world while it recovers. */
export interface Recovery extends Pick<Notebook, 'world' | 'tower' | 'view'> {
  /** Something got well that nobody was told of as a thing. */
  recovered(): void;
}

/** Makes an invariant: nothing stays unwell for longer than {@link recoveryWithinUs}.
 * @param around - Called once a world; gives what looks around in it.
 * @param moreUs - Time that it takes besides in this world, faults or not. */
export function recovers(
  [name, claim]: readonly [name: string, claim: string],
  around: (recovery: Recovery) => LookAround,
  moreUs: (world: World) => number = () => 0,
): Invariant {
  return {
    name,
    modality: 'eventually',
    claim,
    watch(world) {
      const tower = towerOf(world);
      const view = tower.viewOf(world);
      const withinUs = recoveryWithinUs(view) + moreUs(world);
      const unwellSince = new Map<string, number>();
      let recovered = 0;
      const lookAround = around({
        ...{ world, tower, view },
        recovered: () => {
          recovered += 1;
        },
      });
      let excuse: string | undefined;
      let finding: Finding | undefined;
      const overdue = (thing: string, sinceUs: number): void => {
        excuse ??= whyNotRecoverable(world, tower);
        if (excuse !== undefined) return;
        const message = `${thing}: not well for longer than ${Math.round(withinUs / 1e6)} s`;
        finding ??= { message, details: { thing, sinceUs, nowUs: view.nowUs } };
      };
      const tell = (thing: string, isWell: boolean): void => {
        if (isWell && unwellSince.size === 0) return;
        const sinceUs = unwellSince.get(thing);
        if (isWell && sinceUs === undefined) return;
        if (isWell) {
          unwellSince.delete(thing);
          recovered += 1;
        } else if (sinceUs === undefined) {
          unwellSince.set(thing, view.nowUs);
        } else if (view.nowUs - sinceUs > withinUs) {
          overdue(thing, sinceUs);
        }
      };
      let seen = -1;
      const look = () => {
        if (finding !== undefined || view.phase === 'safety') return finding;
        const { news } = lookAround;
        if (news !== undefined) {
          if (news.count === seen && unwellSince.size === 0) return undefined;
          seen = news.count;
        }
        lookAround(tell);
        return finding;
      };
      return { afterEvent: look, atEnd: look, exercised: () => recovered, excused: () => excuse };
    },
  };
}
