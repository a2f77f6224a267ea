/** The smallest machine worth measuring: three states in a ring and a counter; and the same by
 * hand. */
import { assign, setup } from 'xstate';
import { createChance } from '../../src/kernel/chance.ts';
import type { Walk } from './walks.ts';

/** The machine. */
export const ringMachine = setup({
  types: { context: {} as { readonly count: number }, events: {} as { readonly type: 'go' } },
  actions: { count: assign({ count: ({ context }) => context.count + 1 }) },
}).createMachine({
  id: 'ring',
  context: { count: 0 },
  initial: 'a',
  states: {
    a: { on: { go: { target: 'b', actions: 'count' } } },
    b: { on: { go: { target: 'c', actions: 'count' } } },
    c: { on: { go: { target: 'a', actions: 'count' } } },
  },
});

/** Rings run by a switch. */
export class SwitchRings {
  readonly #rings: { state: 'a' | 'b' | 'c'; count: number }[] = [];

  /** @returns the ring's number. */
  spawn(): number {
    return this.#rings.push({ state: 'a', count: 0 }) - 1;
  }

  /** State and context, as the machine has them. */
  stateOf(number: number): readonly [string, { readonly count: number }] {
    const ring = this.#rings[number];
    if (ring === undefined) throw new Error(`there is no ring ${number}`);
    return [ring.state, { count: ring.count }];
  }

  deliver(number: number, type: string): void {
    const ring = this.#rings[number];
    if (ring === undefined || type !== 'go') return;
    switch (ring.state) {
      case 'a':
        ring.state = 'b';
        break;
      case 'b':
        ring.state = 'c';
        break;
      default:
        ring.state = 'a';
    }
    ring.count += 1;
  }
}

/** Draws who is to go. */
export function drawRingWalk(actors: number, events: number): Walk<'go'> {
  const draws = createChance({ seed: 1, replication: 0 }).draws('bench.ring');
  const go = { type: 'go' } as const;
  return {
    actors: Int32Array.from({ length: events }, (_, i) => Math.floor(draws.uniform(0, i) * actors)),
    events: Array.from({ length: events }, () => go),
  };
}
