/** A user of a load test: asks for a page, waits for it, pauses, asks again, as long as the load
 * profile has a place for it. No mind of its own, unlike a viewer. Spec: A23. */
import { assign, emit, not, setup } from 'xstate';

/** What chance and the load profile tell a user. */
export interface LoadUserWorld {
  /** Pause in µs before the n-th page. */
  thinkTimeUs(user: number, page: number): number;
  /** Whether the profile still has a place for this user. */
  isWanted(user: number): boolean;
  /** The answer to a call that this user's client made has arrived. */
  takeIn(attempt: unknown): void;
}

/** Input of a user's machine. */
export interface LoadUserInput {
  readonly user: number;
}

/** What a user remembers. */
export interface LoadUserContext extends LoadUserInput {
  /** Pages asked for so far. */
  readonly pages: number;
}

/** What a user understands. */
export type LoadUserMessage =
  | { readonly type: 'user.admitted' }
  | { readonly type: 'call.answered'; readonly attempt: unknown }
  | { readonly type: 'page.answered' };

/** What a user emits. */
export type LoadUserEmission = { readonly type: 'page.wanted'; readonly pageSequence: number };

const US_PER_MS = 1_000;

/** Makes the machine that all users of a load test share. */
export function createLoadUserMachine(world: LoadUserWorld) {
  return setup({
    types: {
      context: {} as LoadUserContext,
      events: {} as LoadUserMessage,
      emitted: {} as LoadUserEmission,
      input: {} as LoadUserInput,
    },
    delays: {
      thinkTime: ({ context }) => world.thinkTimeUs(context.user, context.pages) / US_PER_MS,
    },
    guards: {
      isWanted: ({ context }) => world.isWanted(context.user),
      thinksNot: ({ context }) => world.thinkTimeUs(context.user, context.pages) === 0,
    },
    actions: {
      ask: emit(({ context }) => ({
        type: 'page.wanted' as const,
        pageSequence: context.pages,
      })),
      count: assign({ pages: ({ context }) => context.pages + 1 }),
      takeIn: ({ event }) => {
        if (event.type === 'call.answered') world.takeIn(event.attempt);
      },
    },
  }).createMachine({
    id: 'loadUser',
    context: ({ input }) => ({ user: input.user, pages: 0 }),
    initial: 'away',
    on: { 'call.answered': { actions: 'takeIn' } },
    states: {
      away: { on: { 'user.admitted': 'deciding' } },
      deciding: {
        always: [
          { guard: not('isWanted'), target: 'away' },
          { guard: 'thinksNot', target: 'waiting' },
          { target: 'thinking' },
        ],
      },
      thinking: {
        after: { thinkTime: [{ guard: 'isWanted', target: 'waiting' }, { target: 'away' }] },
      },
      waiting: {
        entry: ['ask', 'count'],
        on: { 'page.answered': 'deciding' },
      },
    },
  });
}
