/** Impatient clients: they ask what others ask, and wait for nothing but that the answers come. */
import { setup } from 'xstate';

/** What a crowd understands. */
export interface CrowdMessage {
  readonly type: 'call.answered';
  readonly attempt: unknown;
}

/** What a crowd's answers go to. */
export interface CrowdWorld {
  takeIn(attempt: unknown): void;
}

/** Makes the machine of a crowd. */
export function createCrowdMachine(world: CrowdWorld) {
  return setup({
    types: { events: {} as CrowdMessage },
    actions: { takeIn: ({ event }) => world.takeIn(event.attempt) },
  }).createMachine({
    id: 'crowd',
    initial: 'asking',
    states: { asking: { on: { 'call.answered': { actions: 'takeIn' } } } },
  });
}
