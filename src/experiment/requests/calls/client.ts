/** Who asks for pages: a household's device, or a user of a load test. */
import type { ActorId } from '../../../actors/runtime/actor-system.ts';
import type { DeviceKind } from '../../../domain/audience.ts';
import type { ViewerId } from '../../../domain/ids.ts';
import type { WanAccess } from '../../households/wan-connection.ts';

/** A client as the request path knows it. */
export interface Client {
  readonly profile: { readonly viewer: ViewerId; readonly device: DeviceKind };
  /** The actor that answers reach. */
  readonly deviceActor: ActorId;
  /** What the wide-area network remembers of it, from its first message on. */
  access: WanAccess | undefined;
  /** Whether a fault keeps its device offline; users of load tests have none that could be. */
  readonly isCutOff?: boolean;
}
