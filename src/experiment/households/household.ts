/** A household: one viewer, the device and its SDK. */
import type { ActorId } from '../../actors/runtime/actor-system.ts';
import type { ViewerProfile } from '../../domain/audience.ts';

/** One viewer with everything at home. */
export interface Household {
  /** Position in the order of arrival: names the household's links. */
  readonly index: number;
  readonly profile: ViewerProfile;
  readonly viewerActor: ActorId;
  readonly deviceActor: ActorId;
  readonly sdkActor: ActorId;
  isOnline: boolean;
  hasLeft: boolean;
}
