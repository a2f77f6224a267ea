/** The viewer of the actors bench: 12 states, two levels, guards on context, entry and exit
 * actions, six delays. It only computes; what a product's viewer decides and emits is left out, so
 * that the bench measures the runtime. `viewer-switch.ts` is the same by hand. */
import { assign, setup } from 'xstate';

/** What the viewer remembers. */
export interface ViewerContext {
  readonly step: number;
  readonly pages: number;
  readonly plays: number;
  readonly watchedS: number;
  readonly failures: number;
}

/** Events of the viewer. */
export type ViewerEventType =
  | 'arrive'
  | 'search'
  | 'open'
  | 'back'
  | 'play'
  | 'loaded'
  | 'fail'
  | 'tick'
  | 'pause'
  | 'resume'
  | 'seek'
  | 'end'
  | 'rate'
  | 'stop'
  | 'leave';

/** Delays in ms. */
export const DELAYS = {
  idleOnTitle: 60_000,
  loadTimeout: 10_000,
  pauseLimit: 300_000,
  calmDown: 5_000,
  rateLimit: 20_000,
  reconnect: 30_000,
} as const;

/** Failures in a row that a viewer bears. */
export const PATIENCE = 2;

/** Seconds that one tick of the player counts. */
export const TICK_S = 10;

/** The machine. */
export const viewerMachine = setup({
  types: {
    context: {} as ViewerContext,
    events: {} as { readonly type: ViewerEventType },
  },
  delays: DELAYS,
  guards: {
    isPatient: ({ context }) => context.failures < PATIENCE,
    hasPages: ({ context }) => context.pages > 0,
    watchedMuch: ({ context }) => context.watchedS >= 30 * TICK_S,
  },
  actions: {
    step: assign({ step: ({ context }) => context.step + 1 }),
    countPage: assign({
      pages: ({ context }) => context.pages + 1,
      step: ({ context }) => context.step + 1,
    }),
    countPlay: assign({ plays: ({ context }) => context.plays + 1, watchedS: 0 }),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    forgetFailures: assign({ failures: 0 }),
    watch: assign(({ context }) => ({ watchedS: context.watchedS + TICK_S })),
  },
}).createMachine({
  id: 'viewer',
  context: { step: 0, pages: 0, plays: 0, watchedS: 0, failures: 0 },
  initial: 'idle',
  states: {
    idle: { on: { arrive: { target: 'browsing', actions: 'step' } } },
    browsing: {
      initial: 'home',
      on: { leave: 'idle', fail: 'offline' },
      states: {
        home: {
          entry: 'countPage',
          on: { search: 'search', open: 'title' },
        },
        search: { on: { open: { target: 'title', actions: 'step' }, back: 'home' } },
        title: {
          entry: 'countPage',
          on: {
            back: 'home',
            play: { guard: 'hasPages', target: '#viewer.watching' },
          },
          after: { idleOnTitle: 'home' },
        },
      },
    },
    watching: {
      entry: 'countPlay',
      exit: 'step',
      initial: 'buffering',
      on: { stop: 'browsing', end: 'rating' },
      states: {
        buffering: {
          on: {
            loaded: { target: 'playing', actions: 'forgetFailures' },
            fail: [
              { guard: 'isPatient', target: 'buffering', reenter: true, actions: 'countFailure' },
              { target: '#viewer.annoyed' },
            ],
          },
          after: { loadTimeout: '#viewer.annoyed' },
        },
        playing: {
          on: {
            tick: [{ guard: 'watchedMuch', target: '#viewer.rating' }, { actions: 'watch' }],
            pause: 'paused',
            seek: { target: 'buffering', actions: 'step' },
          },
        },
        paused: {
          on: { resume: 'playing' },
          after: { pauseLimit: '#viewer.idle' },
        },
      },
    },
    annoyed: {
      entry: 'forgetFailures',
      on: { back: 'browsing' },
      after: { calmDown: 'browsing' },
    },
    rating: { on: { rate: 'browsing' }, after: { rateLimit: 'browsing' } },
    offline: { on: { loaded: 'browsing' }, after: { reconnect: 'browsing' } },
  },
});
