/** Faults of devices and of the SDKs on them. */
import type { ActorSystem } from '../../../actors/runtime/actor-system.ts';
import type { Household } from '../../households/household.ts';
import type { FaultBoard } from '../board/fault-board.ts';
import { createDeviceClocks, type DeviceClocks } from './device-clocks.ts';
import { createMalformedFault, type MalformedFault } from './malformed.ts';
import { createOfflineFault, type OfflineFault } from './offline.ts';

/** They of one run. */
export interface ClientFaults {
  readonly clocks: DeviceClocks;
  readonly offline: OfflineFault;
  readonly malformed: MalformedFault;
}

/** Makes them. @param households - Those that there are, whenever it is asked. */
export function createClientFaults(options: {
  readonly board: FaultBoard;
  readonly actors: ActorSystem;
  readonly households: () => readonly Household[];
}): ClientFaults {
  const { board, households } = options;
  return {
    clocks: createDeviceClocks(board, households),
    offline: createOfflineFault(options),
    malformed: createMalformedFault(board),
  };
}
