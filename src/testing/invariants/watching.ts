/** How the library's own invariants are made where states alone do not tell: they listen to the
 * news of the watchtower and keep the first thing that is wrong. */
import type { World } from '../../experiment/assemble.ts';
import type { Trial } from '../trial/trial.ts';
import type { Finding, Invariant } from './invariant.ts';
import type { ChangeCount } from './notes/changes.ts';
import { towerOf, type Watchtower } from './view/watchtower.ts';
import type { WorldView } from './view/world-view.ts';

/** What an invariant writes down while it listens. */
export interface Notebook {
  readonly world: World;
  readonly trial: Trial;
  readonly tower: Watchtower;
  readonly view: WorldView;
  /** There was something to check. */
  checked(): void;
  /** Something is wrong; the first counts. */
  broken(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** What is done besides listening. */
export interface Watching {
  readonly afterEvent?: () => void;
  /** What `afterEvent` looks at: it is called only when that may have changed. Left out: always. */
  readonly news?: ChangeCount;
  readonly atEnd?: () => void;
}

/** Makes an invariant that listens. @param listen - Called once a world, before it runs. */
export function watching(
  name: string,
  claim: string,
  listen: (notebook: Notebook) => Watching | undefined,
): Invariant {
  return {
    name,
    modality: 'always',
    claim,
    watch(world, trial) {
      const tower = towerOf(world);
      let exercised = 0;
      let finding: Finding | undefined;
      const done = listen({
        world,
        trial,
        tower,
        view: tower.viewOf(world),
        checked: () => {
          exercised += 1;
        },
        broken: (message, details = {}) => {
          finding ??= { message, details };
          tower.changes.alarms.count += 1;
        },
      });
      return {
        afterEvent: () => {
          done?.afterEvent?.();
          return finding;
        },
        atEnd: () => {
          done?.atEnd?.();
          return finding;
        },
        // Who only listens has news when it has found something.
        news: done?.afterEvent === undefined ? tower.changes.alarms : done.news,
        exercised: () => exercised,
      };
    },
  };
}
