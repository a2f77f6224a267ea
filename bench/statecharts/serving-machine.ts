/** One worker with a line that is counted: serves one call at a time, each for the same time. */
import { assign, createMachine } from 'xstate';

/** Makes the machine. @param demandUs - Time of a call in µs. */
export function createServingMachine(demandUs: number) {
  return createMachine({
    id: 'serving',
    types: {} as { context: { waiting: number }; events: { type: 'call.arrived' } },
    context: { waiting: 0 },
    initial: 'idle',
    states: {
      idle: { on: { 'call.arrived': 'busy' } },
      busy: {
        on: {
          'call.arrived': { actions: assign({ waiting: ({ context }) => context.waiting + 1 }) },
        },
        after: {
          [demandUs / 1_000]: [
            {
              guard: ({ context }) => context.waiting > 0,
              target: 'busy',
              reenter: true,
              actions: assign({ waiting: ({ context }) => context.waiting - 1 }),
            },
            { target: 'idle' },
          ],
        },
      },
    },
  });
}
