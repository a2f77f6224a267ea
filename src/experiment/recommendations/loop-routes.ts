/** What viewers of the closed loop emit, and who gets it: impressions go to the SDK, the rest is
 * truth. */
import type { ActorId, ActorSystem } from '../../actors/runtime/actor-system.ts';
import type { VisitEmission } from '../../actors/visits.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { SdkMessage } from '../../sdk/sdk-messages.ts';
import type { Household } from '../households/household.ts';
import type { Recorder } from '../world/recorder.ts';
import type { Routes } from '../world/router.ts';
import type { ClosedLoop } from './closed-loop.ts';

/** What the routes connect. */
export interface LoopRouteParts {
  readonly loop: ClosedLoop | undefined;
  readonly simulation: Simulation;
  readonly actors: ActorSystem;
  readonly homeOf: (actor: ActorId) => Household;
  readonly recorder: Recorder;
}

/** Makes them. Nobody emits anything of this where there is no loop. */
export function loopRoutes(parts: LoopRouteParts): Routes<VisitEmission> {
  const { loop, simulation, actors, homeOf, recorder } = parts;
  const numberOf = (actor: ActorId) => homeOf(actor).profile.viewer;
  const tellSdk = (actor: ActorId, message: SdkMessage) =>
    actors.send(homeOf(actor).sdkActor, message, 0);
  return {
    'row.seen': (viewer) => {
      for (const data of loop?.desk.seen(numberOf(viewer)) ?? []) {
        tellSdk(viewer, { type: 'fact.captured', event: 'ui.impression', data });
      }
    },
    'row.answered': (viewer, { row, takenSlot }) =>
      loop?.answered(numberOf(viewer), { row, takenSlot }),
    'title.enjoyed': (viewer, message) => loop?.enjoyed(numberOf(viewer), message),
    'visit.wasted': (viewer, { exposure }) => loop?.wasted(numberOf(viewer), exposure),
    'visit.begun': (viewer) => {
      loop?.visited(numberOf(viewer));
      recorder.viewersChanged(1, simulation.nowUs);
      tellSdk(viewer, { type: 'app.shown' });
    },
    'visit.ended': (viewer) => {
      recorder.viewersChanged(-1, simulation.nowUs);
      tellSdk(viewer, { type: 'app.hidden' });
    },
  };
}
