/** A household: one viewer, the device and its SDK. */
import type { ActorId } from '../../actors/runtime/actor-system.ts';
import type { ViewerProfile } from '../../domain/audience.ts';
import type { WanAccess } from './wan-connection.ts';

/** One viewer with everything at home. */
export interface Household {
  readonly profile: ViewerProfile;
  readonly viewerActor: ActorId;
  readonly deviceActor: ActorId;
  readonly sdkActor: ActorId;
  /** What the wide-area network remembers of it, from its first message on. */
  access: WanAccess | undefined;
  isOnline: boolean;
  /** Whether a fault keeps it offline. */
  isCutOff: boolean;
  /** How often the app was killed. */
  killCount: number;
  hasLeft: boolean;
}
