/** Everybody at home: spawns a household when its viewer arrives, finds it by any of its actors,
 * and retires it when the viewer has left and the SDK has nothing left to send. */
import type { SdkContext } from '../../actors/client-sdk.ts';
import type { ActorId, ActorSystem } from '../../actors/runtime/actor-system.ts';
import type { ViewerProfile } from '../../domain/audience.ts';
import type { ViewerId } from '../../domain/ids.ts';
import { invariant } from '../../kernel/errors.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { backlogOf } from '../../sdk/sdk-state.ts';
import type { Household } from './household.ts';
import type { Machines } from './machines.ts';

/** All households of a run. */
export interface Neighbourhood {
  /** The household that an actor belongs to. */
  homeOf(actor: ActorId): Household;
  /** All of them, in the order of arrival. */
  readonly households: readonly Household[];
  /** Schedules a viewer's arrival; before the run. */
  expect(viewer: ViewerId, atUs: number): void;
  /** Stops a household's actors, at the end of the present instant, unless its SDK has something
   * to send again by then. */
  retire(household: Household): void;
}

/** What a neighbourhood is made of. */
export interface NeighbourhoodOptions {
  readonly simulation: Simulation;
  readonly actors: ActorSystem;
  readonly machines: Machines;
  readonly audience: (viewer: ViewerId) => ViewerProfile;
  /** A household has moved in; its viewer does nothing before. */
  readonly onArrival: (household: Household) => void;
}

/** Makes an empty neighbourhood. */
export function createNeighbourhood(options: NeighbourhoodOptions): Neighbourhood {
  const { simulation, actors } = options;
  const households: Household[] = [];
  const homes: Household[] = [];
  const homeOf = (actor: ActorId): Household => {
    const household = homes[actor];
    invariant(household !== undefined, 'ACTOR_WITHOUT_HOME', { actor });
    return household;
  };
  const arrive = simulation.registerHandler('viewer.arrive', (viewer) => {
    const household = moveIn(viewer, options);
    households.push(household);
    for (const actor of [household.sdkActor, household.deviceActor, household.viewerActor]) {
      homes[actor] = household;
    }
    options.onArrival(household);
    actors.start(household.viewerActor);
  });
  const retire = simulation.registerHandler('household.retire', (sdk) => {
    // The device may have told the SDK one last thing at this very instant.
    const { sdk: state } = actors.snapshot(sdk).context as SdkContext;
    if (backlogOf(state) > 0) return;
    actors.stop(sdk);
    actors.stop(homeOf(sdk).deviceActor);
  });
  return {
    homeOf,
    households,
    expect: (viewer, atUs) => {
      simulation.schedule(atUs, arrive, viewer);
    },
    retire: (household) => {
      simulation.schedule(0, retire, household.sdkActor);
    },
  };
}

function moveIn(viewer: ViewerId, { actors, machines, audience }: NeighbourhoodOptions): Household {
  const profile = audience(viewer);
  const sdkActor = actors.spawn(machines.sdk, { name: `sdk/${viewer}`, input: { viewer } });
  const deviceActor = actors.spawn(machines.devices[profile.device], {
    name: `device/${viewer}`,
    input: { viewer },
  });
  const viewerActor = actors.spawn(machines.viewer, {
    name: `viewer/${viewer}`,
    input: { viewer, favouriteGenre: profile.favouriteGenre },
  });
  return {
    profile,
    viewerActor,
    deviceActor,
    sdkActor,
    access: undefined,
    isOnline: true,
    isCutOff: false,
    killCount: 0,
    hasLeft: false,
  };
}
