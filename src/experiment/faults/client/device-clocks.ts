/** Wall clocks of devices that are wrong: off to either side while a fault lasts, or moved once,
 * when it begins, on devices that are there, for good. Monotonic clocks go right.
 * Spec: E462, E463. */
import type { Household } from '../../households/household.ts';
import type { ActiveFault, FaultBoard } from '../board/fault-board.ts';

/** How wrong clocks are. */
export interface DeviceClocks {
  /** What the viewer's device adds to the true time now, whole µs. */
  offsetUs(viewer: number): number;
}

/** Makes them. @param households - Whose devices are there, whenever it is asked. */
export function createDeviceClocks(
  board: FaultBoard,
  households: () => readonly Household[],
): DeviceClocks {
  const moved = new Map<number, number>();
  /** Of each fault that lasts: how far off its devices are, 0 for those that it does not hit. */
  const off = new Map<ActiveFault, Map<number, number>>();
  board.listen('client.clock-jump', {
    begin(fault) {
      for (const { profile } of households()) {
        const { viewer } = profile;
        const byUs = drawOffset(board, fault, viewer);
        if (byUs !== 0) moved.set(viewer, (moved.get(viewer) ?? 0) + byUs);
      }
    },
    end() {
      // What has moved stays.
    },
  });
  board.listen('client.clock-off', {
    begin: (fault) => off.set(fault, new Map()),
    end: (fault) => off.delete(fault),
  });
  return {
    offsetUs(viewer) {
      let us = moved.size === 0 ? 0 : (moved.get(viewer) ?? 0);
      for (const [fault, drawn] of off) {
        const known = drawn.get(viewer);
        const byUs = known ?? drawOffset(board, fault, viewer);
        if (known === undefined) drawn.set(viewer, byUs);
        us += byUs;
      }
      return us;
    },
  };
}

/** Whether the fault hits the viewer's device, and to which side. */
function drawOffset(board: FaultBoard, fault: ActiveFault, viewer: number): number {
  if (fault.draws('device').uniform(viewer, 0) >= fault.probability) return 0;
  board.struck(fault);
  const byUs = Math.round(fault.intensity);
  return fault.draws('side').uniform(viewer, 0) < 0.5 ? -byUs : byUs;
}
