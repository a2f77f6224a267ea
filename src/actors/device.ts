/** The device: network, screen and player side by side. The screen loads one page at a time within
 * the client's patience; the player counts content time, pings and stalls; the network may go away
 * while something downloaded plays. Answers to calls that the device itself made go to whoever runs
 * the page's plan for it. Spec: A7, A8. */
import { assign, emit, enqueueActions, setup } from 'xstate';
import type { ViewerId } from '../domain/ids.ts';
import type { ApiOutcome, PageName, PageVariables } from '../domain/page.ts';
import type { TrackedEventData } from '../domain/tracked-event.ts';
import type { MediaFact, MediaPolicy } from '../sdk/media/media-session.ts';
import {
  beginPlayback,
  isAtTheEnd,
  type Playback,
  type PlaybackTurn,
  seekPlayback,
  turnPlayback,
  untilWordUs,
} from './playback.ts';
import { AWAITING } from './runtime/deadlock.ts';
import type { PlayerCommand } from './viewer.ts';

/** What chance and the clock tell a device. Times in µs. */
export interface DeviceWorld {
  readonly nowUs: () => number;
  /** How long the client waits for a page. */
  readonly pageTimeoutUs: number;
  readonly media: MediaPolicy;
  /** The answer to a call that this device made has arrived. */
  takeIn(attempt: unknown): void;
  startupTimeUs(viewer: ViewerId, playCount: number): number;
  /** Whether playback stalls at the end of the n-th heartbeat, and for how long. */
  stalls(viewer: ViewerId, heartbeat: number): boolean;
  stallTimeUs(viewer: ViewerId, heartbeat: number): number;
  /** The network's absence during a play, or undefined where it stays. */
  absence(viewer: ViewerId, playCount: number): NetworkAbsence | undefined;
}

/** When the network goes, counted from the start of the play, and for how long. */
export interface NetworkAbsence {
  readonly afterUs: number;
  readonly durationUs: number;
}

/** Input of a device's machine. */
export interface DeviceInput {
  readonly viewer: ViewerId;
}

/** What is on the screen's way. */
interface PageLoad {
  readonly pageSequence: number;
  readonly page: PageName;
  readonly variables: PageVariables;
}

/** What a device remembers: plain data. */
export interface DeviceContext extends DeviceInput {
  /** Whether its own network is there. */
  readonly online: boolean;
  /** Whether it is cut off all the same. */
  readonly isCutOff: boolean;
  readonly load: PageLoad | undefined;
  readonly playback: Playback | undefined;
  readonly heartbeat: number;
  readonly absence: NetworkAbsence | undefined;
}

/** What a device understands. */
export type DeviceMessage =
  | ({ readonly type: 'page.opened' } & PageLoad)
  | {
      readonly type: 'page.answered';
      readonly pageSequence: number;
      readonly outcome: ApiOutcome;
    }
  | { readonly type: 'call.answered'; readonly attempt: unknown }
  /** Enough time has passed since the last seek. */
  | { readonly type: 'seek.settled' }
  /** The device is cut off, whatever its own network does; and is no more. */
  | { readonly type: 'network.lost' }
  | { readonly type: 'network.restored' }
  | PlayerCommand;

/** What a device emits. */
export type DeviceEmission =
  | ({ readonly type: 'load.started' } & PageLoad)
  | { readonly type: 'load.abandoned'; readonly pageSequence: number }
  | {
      readonly type: 'page.shown';
      readonly pageSequence: number;
      readonly page: PageName;
      readonly outcome: ApiOutcome;
    }
  /** The page was not even asked for: the device is offline. */
  | { readonly type: 'page.unreachable'; readonly pageSequence: number }
  | { readonly type: 'playback.ended' }
  | { readonly type: 'network.changed'; readonly online: boolean }
  | ({ readonly type: 'fact.captured' } & MediaFact);

const US_PER_MS = 1_000;
const SETTLED = 'settled';

/** Makes the machine that all devices of one kind share. */
export function createDeviceMachine(world: DeviceWorld) {
  return setup({
    types: {
      context: {} as DeviceContext,
      events: {} as DeviceMessage,
      emitted: {} as DeviceEmission,
      input: {} as DeviceInput,
    },
    delays: {
      pageTimeout: () => world.pageTimeoutUs / US_PER_MS,
      startup: ({ context }) =>
        world.startupTimeUs(context.viewer, context.playback?.playCount ?? 0) / US_PER_MS,
      heartbeat: ({ context }) =>
        Math.max(1, untilWordUs(context.playback, world.media.heartbeatUs)) / US_PER_MS,
      stall: ({ context }) => world.stallTimeUs(context.viewer, context.heartbeat) / US_PER_MS,
      untilAbsence: ({ context }) => (context.absence?.afterUs ?? 0) / US_PER_MS,
      absence: ({ context }) => (context.absence?.durationUs ?? 0) / US_PER_MS,
    },
    guards: {
      isOffline: ({ context }) => !isOnline(context),
      answersThisLoad: ({ context, event }) =>
        event.type === 'page.answered' && event.pageSequence === context.load?.pageSequence,
      atTheEnd: ({ context }) => isAtTheEnd(context.playback, world.nowUs()),
      stalls: ({ context }) => world.stalls(context.viewer, context.heartbeat),
      losesNetwork: ({ context, event }) =>
        event.type === 'player.play' &&
        world.absence(context.viewer, event.playCount) !== undefined,
    },
    actions: {
      remember: assign(({ event }) => (event.type === 'page.opened' ? { load: event } : {})),
      forgetLoad: assign({ load: undefined }),
      startLoad: emit(({ context }) => ({
        type: 'load.started' as const,
        pageSequence: context.load?.pageSequence ?? 0,
        page: context.load?.page ?? 'home',
        variables: context.load?.variables ?? {},
      })),
      abandonLoad: emit(({ context }) => ({
        type: 'load.abandoned' as const,
        pageSequence: context.load?.pageSequence ?? 0,
      })),
      show: emit(({ context, event }, params: { outcome: ApiOutcome | 'answer' }) => ({
        type: 'page.shown' as const,
        pageSequence: context.load?.pageSequence ?? 0,
        page: context.load?.page ?? 'home',
        outcome:
          params.outcome !== 'answer'
            ? params.outcome
            : event.type === 'page.answered'
              ? event.outcome
              : 'failed',
      })),
      reportUnreachable: emit(({ event }) => ({
        type: 'page.unreachable' as const,
        pageSequence: event.type === 'page.opened' ? event.pageSequence : 0,
      })),
      capturePageView: emit(({ context }) => ({
        type: 'fact.captured' as const,
        event: 'page.view' as const,
        data: pageViewData(context.load),
      })),
      takeIn: ({ event }) => {
        if (event.type === 'call.answered') world.takeIn(event.attempt);
      },
      insertTitle: assign(({ context, event }) =>
        event.type === 'player.play'
          ? { playback: beginPlayback(context.viewer, event, world.nowUs()) }
          : {},
      ),
      planAbsence: assign(({ context, event }) =>
        event.type === 'player.play'
          ? { absence: world.absence(context.viewer, event.playCount) }
          : {},
      ),
      countHeartbeat: assign(({ context }) => ({ heartbeat: context.heartbeat + 1 })),
      turn: enqueueActions(({ context, enqueue }, params: { to: PlaybackTurn }) => {
        if (context.playback === undefined) return;
        const at = { nowUs: world.nowUs(), policy: world.media };
        const { playback, facts } = turnPlayback(context.playback, params.to, at);
        enqueue.assign({ playback });
        for (const fact of facts) enqueue.emit({ type: 'fact.captured', ...fact });
      }),
      seek: enqueueActions(({ context, event, enqueue }) => {
        if (context.playback === undefined || event.type !== 'player.seek') return;
        const at = { nowUs: world.nowUs(), policy: world.media };
        const { playback, facts } = seekPlayback(context.playback, event.seekShare, at);
        enqueue.assign({ playback });
        for (const fact of facts) enqueue.emit({ type: 'fact.captured', ...fact });
        enqueue.cancel(SETTLED);
        enqueue.raise(
          { type: 'seek.settled' },
          { id: SETTLED, delay: world.media.seekSettleUs / US_PER_MS },
        );
      }),
      endPlayback: emit({ type: 'playback.ended' as const }),
      goOffline: assign({ online: false }),
      goOnline: assign({ online: true, absence: undefined }),
      cutOff: assign({ isCutOff: true }),
      reconnect: assign({ isCutOff: false }),
      tellNetwork: emit(({ context }) => ({
        type: 'network.changed' as const,
        online: isOnline(context),
      })),
    },
  }).createMachine({
    id: 'device',
    type: 'parallel',
    context: ({ input }) => ({
      ...input,
      online: true,
      isCutOff: false,
      load: undefined,
      playback: undefined,
      heartbeat: 0,
      absence: undefined,
    }),
    on: {
      'call.answered': { actions: 'takeIn' },
      'network.lost': { actions: ['cutOff', 'tellNetwork'] },
      'network.restored': { actions: ['reconnect', 'tellNetwork'] },
    },
    states: {
      network: {
        initial: 'online',
        states: {
          online: {
            on: {
              'player.play': { guard: 'losesNetwork', target: 'fading', actions: 'planAbsence' },
            },
          },
          fading: {
            after: { untilAbsence: { target: 'offline', actions: ['goOffline', 'tellNetwork'] } },
          },
          offline: {
            after: { absence: { target: 'online', actions: ['goOnline', 'tellNetwork'] } },
          },
        },
      },
      screen: {
        initial: 'idle',
        states: {
          idle: {
            on: {
              'page.opened': [
                {
                  guard: 'isOffline',
                  actions: 'reportUnreachable',
                },
                { target: 'loading', actions: ['remember', 'startLoad'] },
              ],
            },
          },
          loading: {
            tags: AWAITING,
            on: {
              'page.answered': {
                guard: 'answersThisLoad',
                target: 'idle',
                actions: [
                  { type: 'show', params: { outcome: 'answer' } },
                  'capturePageView',
                  'forgetLoad',
                ],
              },
            },
            after: {
              pageTimeout: {
                target: 'idle',
                actions: [
                  'abandonLoad',
                  { type: 'show', params: { outcome: 'timeout' } },
                  'forgetLoad',
                ],
              },
            },
          },
        },
      },
      player: {
        initial: 'stopped',
        on: { 'seek.settled': { actions: turn('passed') } },
        states: {
          stopped: { on: { 'player.play': { target: 'starting', actions: 'insertTitle' } } },
          starting: {
            on: {
              'player.stop': 'stopped',
              'player.pause': {
                target: 'paused',
                actions: [turn('started'), turn('paused')],
              },
            },
            after: {
              startup: { target: 'playing', actions: turn('started') },
            },
          },
          playing: {
            on: {
              'player.pause': { target: 'paused', actions: turn('paused') },
              'player.seek': { target: 'playing', reenter: true, actions: 'seek' },
              'player.stop': { target: 'stopped', actions: turn('stopped') },
            },
            after: {
              heartbeat: [
                {
                  guard: 'atTheEnd',
                  target: 'stopped',
                  actions: [turn('completed'), 'endPlayback'],
                },
                {
                  guard: 'stalls',
                  target: 'buffering',
                  actions: ['countHeartbeat', turn('stalled')],
                },
                {
                  target: 'playing',
                  reenter: true,
                  actions: ['countHeartbeat', turn('passed')],
                },
              ],
            },
          },
          buffering: {
            on: {
              'player.pause': { target: 'paused', actions: turn('paused') },
              'player.stop': { target: 'stopped', actions: turn('stopped') },
            },
            after: {
              stall: { target: 'playing', actions: turn('unstalled') },
            },
          },
          paused: {
            on: {
              'player.resume': { target: 'playing', actions: turn('resumed') },
              'player.seek': { actions: 'seek' },
              'player.stop': { target: 'stopped', actions: turn('stopped') },
            },
          },
        },
      },
    },
  });
}

function isOnline({ online, isCutOff }: DeviceContext): boolean {
  return online && !isCutOff;
}

function turn(to: PlaybackTurn) {
  return { type: 'turn' as const, params: { to } };
}

function pageViewData(load: PageLoad | undefined): TrackedEventData {
  const page = load?.page ?? 'home';
  const titleId = load?.variables['id'];
  return titleId === undefined ? { page } : { page, titleId };
}
