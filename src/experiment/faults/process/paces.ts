/** Processes that are slow: for as long as the fault lasts (`process.slow`), less and less after a
 * restart with nothing warm (`process.cold-restart`), more and more until they are killed
 * (`process.leak`). A change of pace over time is a stair. Spec: E415–E417. */
import type { Server } from '../../requests/servers/server.ts';
import type { ActiveFault } from '../board/fault-board.ts';
import {
  type FaultGround,
  onServers,
  restartServer,
  strikeTimes,
} from '../servers/fault-ground.ts';

/** Steps of a stair. */
const STEPS = 16;

/** A step of the stair of one server. */
interface Step {
  readonly server: Server;
  readonly fault: ActiveFault;
  readonly factor: number;
}

/** Makes all three. */
export function createPaces(ground: FaultGround): void {
  const { board, simulation } = ground;
  const take = ({ server, fault, factor }: Step) => {
    if (board.active(fault.kind).includes(fault)) server.fleet.slowDown(fault, factor);
  };
  const takeStep = simulation.registerHandler('fault.pace', (_, step) => take(step as Step));
  const climb = (server: Server, fault: ActiveFault, factorAt: (share: number) => number) => {
    const durationUs = fault.endsAtUs - fault.beganAtUs;
    take({ server, fault, factor: factorAt(0) });
    for (let n = 1; n < STEPS; n += 1) {
      const step: Step = { server, fault, factor: factorAt(n / STEPS) };
      simulation.schedule(Math.floor((n * durationUs) / STEPS), takeStep, 0, step);
    }
  };
  const usualPace = (server: Server, fault: ActiveFault) => server.fleet.slowDown(fault, 1);
  onServers(ground, 'process.slow', {
    begin(server, fault) {
      board.struck(fault);
      server.fleet.slowDown(fault, fault.intensity);
    },
    end: usualPace,
  });
  onServers(ground, 'process.cold-restart', {
    begin(server, fault) {
      strikeTimes(ground, fault, restartServer(ground, server));
      climb(server, fault, (share) => fault.intensity + (1 - fault.intensity) * share);
    },
    end: usualPace,
  });
  onServers(ground, 'process.leak', {
    begin: (server, fault) => climb(server, fault, (share) => 1 + (fault.intensity - 1) * share),
    end(server, fault) {
      usualPace(server, fault);
      strikeTimes(ground, fault, restartServer(ground, server));
    },
  });
}
