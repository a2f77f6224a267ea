/** `platform.retry-storm`: beside each call impatient clients ask the same. Theirs are calls like
 * any other: they take connections, workers and tries, and stand on the books of edge and server;
 * no page waits for them. Spec: E432. */
import { createCrowdMachine } from '../../../actors/crowd.ts';
import type { ActorId, ActorSystem } from '../../../actors/runtime/actor-system.ts';
import type { MachineMaker } from '../../../actors/runtime/machine-shelf.ts';
import { type Attempt, Call, type CallOwner } from '../../requests/calls/call.ts';
import type { Crowd } from '../../requests/calls/call-edge.ts';
import { drawEntity, drawIndex } from '../../requests/calls/page-request.ts';
import type { ActiveFault } from '../board/fault-board.ts';
import type { FaultGround } from '../servers/fault-ground.ts';

/** Repetitions below are the page's own. */
const CROWD_FROM = 1_000;

/** One of the crowd: it has no use for what it asks. */
class Impatient implements CallOwner {
  readonly actor: ActorId;
  readonly zone: number;
  readonly repetition: number;

  constructor(actor: ActorId, { owner }: Call, nth: number) {
    this.actor = actor;
    this.zone = owner.zone;
    this.repetition = (owner.repetition ?? 0) + CROWD_FROM + nth;
  }

  settled(): void {}
}

/** Makes the crowds before servers. A strike is a call of theirs. */
export function createRetryStorms(
  ground: FaultGround,
  { actors, machineOf }: { readonly actors: ActorSystem; readonly machineOf: MachineMaker },
): (server: string) => Crowd {
  let actor: ActorId | undefined;
  const takeIn = (attempt: unknown) => (attempt as Attempt).call.route.answered(attempt as Attempt);
  const crowdActor = (): ActorId => {
    actor ??= actors.spawn(machineOf(createCrowdMachine, { takeIn }), { name: 'crowd' });
    return actor;
  };
  return (server) => {
    const board = ground.boardOf(server);
    return {
      joins(call, begin) {
        if (call.owner instanceof Impatient) return;
        for (const fault of board.active('platform.retry-storm')) {
          for (let i = callsBeside(call, fault); i > 0; i -= 1) {
            board.struck(fault);
            begin(anotherOf(call, new Impatient(crowdActor(), call, i)));
          }
        }
      },
    };
  };
}

/** The intensity on average: a whole number, and one more for the rest of it. */
function callsBeside({ request, slot }: Call, { intensity, draws }: ActiveFault): number {
  const whole = Math.floor(intensity);
  if (whole === intensity) return whole;
  const u = draws('calls').uniform(drawEntity(request), drawIndex(request, slot, 0));
  return u < intensity - whole ? whole + 1 : whole;
}

function anotherOf(call: Call, owner: CallOwner): Call {
  const { route, request, traced, demand, deadlineUs } = call;
  return new Call({ route, request, owner, traced, demand, deadlineUs });
}
