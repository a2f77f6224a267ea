/** `platform.frozen-autoscaler` and `platform.slow-scale-out`. Spec: E425, E426. */
import type { FaultGround } from '../servers/fault-ground.ts';
import type { ServerHazards } from '../servers/server-hazards.ts';

/** How faults hinder the scaling of a server. A strike is a decision that is not made, or a replica
 * that starts late. */
export function createScaling(
  ground: FaultGround,
  server: string,
): Pick<ServerHazards, 'freezesAutoscaler' | 'startupDelayUs'> {
  const { simulation } = ground;
  const board = ground.boardOf(server);
  return {
    freezesAutoscaler() {
      const [fault] = board.active('platform.frozen-autoscaler');
      if (fault !== undefined) board.struck(fault);
      return fault !== undefined;
    },
    startupDelayUs() {
      let laterUs = 0;
      let leftUs = 0;
      for (const fault of board.active('platform.slow-scale-out')) {
        board.struck(fault);
        laterUs += Math.round(fault.intensity);
        leftUs = Math.max(leftUs, fault.endsAtUs - simulation.nowUs);
      }
      return Math.min(laterUs, leftUs);
    },
  };
}
