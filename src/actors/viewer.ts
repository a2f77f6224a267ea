/** The viewer: arrives, browses, opens titles, plays, pauses, seeks, stops, goes on or leaves. What
 * a viewer wants goes out as emitted messages; every decision is a draw keyed by (viewer, step), so
 * slow pages delay a viewer but never change a choice. Spec: A6. */
import { assign, emit, setup } from 'xstate';
import type { BrowseAction, TitleAction } from '../domain/audience.ts';
import type { TitleId, ViewerId } from '../domain/ids.ts';
import type { ApiOutcome, PageName, PageVariables } from '../domain/page.ts';
import type { TrackedEventData, TrackedEventType } from '../domain/tracked-event.ts';
import type { ShownRow, VisitEmission, VisitMemory } from './visits.ts';

/** What a viewer decides, as pure functions of (viewer, step). Times in µs. */
export interface ViewerDecisions {
  thinkTimeUs(viewer: ViewerId, step: number): number;
  browse(viewer: ViewerId, step: number): BrowseAction;
  onTitle(viewer: ViewerId, step: number): TitleAction;
  title(viewer: ViewerId, step: number): ChosenTitle;
  searchText(viewer: ViewerId, step: number): string;
  /** Content time that the viewer means to watch; more than its length is to the end. */
  watchTimeUs(viewer: ViewerId, step: number, title: ChosenTitle): number;
  interruptionGapUs(viewer: ViewerId, step: number): number;
  pauses(viewer: ViewerId, step: number): boolean;
  pauseTimeUs(viewer: ViewerId, step: number): number;
  /** Where to seek to, as a share 0–1 of the title. */
  seekShare(viewer: ViewerId, step: number): number;
  goesOn(viewer: ViewerId, step: number): boolean;
  readonly patienceLoads: number;
}

/** A title that somebody picked. */
export interface ChosenTitle {
  readonly titleId: TitleId;
  readonly durationUs: number;
}

/** Input of a viewer's machine. */
export interface ViewerInput {
  readonly viewer: ViewerId;
  readonly favouriteGenre: string;
}

/** What a viewer remembers: plain data. */
export interface ViewerContext extends ViewerInput {
  /** Decisions made so far: the index of every draw. */
  readonly step: number;
  readonly pageSequence: number;
  readonly page: PageName;
  readonly variables: PageVariables;
  readonly failedLoads: number;
  readonly title: ChosenTitle | undefined;
  readonly playCount: number;
  /** Content time that is still to be watched in this play. */
  readonly remainingUs: number;
  /** Length of the current stretch of playing. */
  readonly stretchUs: number;
  /** Of viewers who come again; others have none. */
  readonly visits?: VisitMemory;
}

/** What a viewer understands. */
export type ViewerMessage =
  | {
      readonly type: 'page.shown';
      readonly outcome: ApiOutcome;
      /** Where something is recommended on it. */
      readonly row?: ShownRow;
    }
  | { readonly type: 'playback.ended' };

/** What a viewer emits: page loads and player commands to the device, gestures to the SDK. */
export type ViewerEmission =
  | {
      readonly type: 'page.opened';
      readonly page: PageName;
      readonly variables: PageVariables;
      readonly pageSequence: number;
    }
  | PlayerCommand
  | {
      readonly type: 'gesture.made';
      readonly event: TrackedEventType;
      readonly data: TrackedEventData;
    }
  | { readonly type: 'viewer.left' }
  | VisitEmission;

/** What a viewer tells the player of the device. */
export interface PlayerCommand {
  readonly type: 'player.play' | 'player.pause' | 'player.resume' | 'player.seek' | 'player.stop';
  readonly titleId: TitleId;
  /** Which play of this viewer's it is, from 1. */
  readonly playCount: number;
  readonly durationUs: number;
  /** Where to seek to, as a share 0–1 of the title; of use for `player.seek` only. */
  readonly seekShare: number;
}

const US_PER_MS = 1_000;
const NO_TITLE: ChosenTitle = { titleId: '', durationUs: 0 };

/** What every kind of viewer is made of: delays, guards and actions. */
export function viewerSetup(decisions: ViewerDecisions) {
  return setup({
    types: {
      context: {} as ViewerContext,
      events: {} as ViewerMessage,
      emitted: {} as ViewerEmission,
      input: {} as ViewerInput,
    },
    delays: {
      thinkTime: ({ context }) => decisions.thinkTimeUs(context.viewer, context.step) / US_PER_MS,
      stretch: ({ context }) => context.stretchUs / US_PER_MS,
      pauseTime: ({ context }) => decisions.pauseTimeUs(context.viewer, context.step) / US_PER_MS,
    },
    guards: {
      browses: ({ context }, params: { action: BrowseAction }) =>
        decisions.browse(context.viewer, context.step) === params.action,
      acts: ({ context }, params: { action: TitleAction }) =>
        decisions.onTitle(context.viewer, context.step) === params.action,
      loadFailed: ({ event }) =>
        event.type === 'page.shown' && (event.outcome === 'failed' || event.outcome === 'timeout'),
      outOfPatience: ({ context }) => context.failedLoads >= decisions.patienceLoads,
      showsTitle: ({ context }) => context.page === 'title',
      showsPlayer: ({ context }) => context.page === 'play',
      watchedEnough: ({ context }) => context.remainingUs <= 0,
      pauses: ({ context }) => decisions.pauses(context.viewer, context.step),
      goesOn: ({ context }) => decisions.goesOn(context.viewer, context.step),
    },
    actions: {
      decide: assign({ step: ({ context }) => context.step + 1 }),
      countFailure: assign({ failedLoads: ({ context }) => context.failedLoads + 1 }),
      forgetFailures: assign({ failedLoads: 0 }),
      wantHome: assign(({ context }) => ({
        page: 'home' as const,
        variables: { genre: context.favouriteGenre },
        pageSequence: context.pageSequence + 1,
      })),
      wantSearch: assign(({ context }) => ({
        page: 'search' as const,
        variables: { text: decisions.searchText(context.viewer, context.step) },
        pageSequence: context.pageSequence + 1,
      })),
      chooseTitle: assign({
        title: ({ context }) => decisions.title(context.viewer, context.step),
      }),
      wantTitle: assign(({ context }) => ({
        page: 'title' as const,
        variables: { id: context.title?.titleId ?? '' },
        pageSequence: context.pageSequence + 1,
      })),
      wantPlayer: assign(({ context }) => ({
        page: 'play' as const,
        variables: { id: context.title?.titleId ?? '' },
        pageSequence: context.pageSequence + 1,
      })),
      tryAgain: assign({ pageSequence: ({ context }) => context.pageSequence + 1 }),
      planWatching: assign(({ context }) => ({
        playCount: context.playCount + 1,
        remainingUs: decisions.watchTimeUs(context.viewer, context.step, context.title ?? NO_TITLE),
      })),
      planStretch: assign(({ context }) => {
        const gapUs = decisions.interruptionGapUs(context.viewer, context.step);
        const stretchUs = Math.max(1, Math.min(gapUs, context.remainingUs));
        return { stretchUs, remainingUs: context.remainingUs - stretchUs, step: context.step + 1 };
      }),
      openPage: emit(({ context }) => ({
        type: 'page.opened' as const,
        page: context.page,
        variables: context.variables,
        pageSequence: context.pageSequence,
      })),
      command: emit(({ context }, params: { command: PlayerCommand['type'] }) => ({
        type: params.command,
        titleId: context.title?.titleId ?? '',
        playCount: context.playCount,
        durationUs: context.title?.durationUs ?? 0,
        seekShare: decisions.seekShare(context.viewer, context.step),
      })),
      hover: emit(({ context }) => ({
        type: 'gesture.made' as const,
        event: 'ui.hover' as const,
        data: { page: context.page, target: 'card' },
      })),
      scroll: emit(({ context }) => ({
        type: 'gesture.made' as const,
        event: 'ui.scroll' as const,
        data: { page: context.page, scrollDepthPercent: scrollDepth(decisions, context) },
      })),
      click: emit(({ context }, params: { target: 'title' | 'play' }) => ({
        type: 'gesture.made' as const,
        event: 'ui.click' as const,
        data: {
          page: context.page,
          target: params.target,
          titleId: context.title?.titleId ?? '',
        },
      })),
      type: emit(({ context }) => ({
        type: 'gesture.made' as const,
        event: 'ui.search' as const,
        data: { page: context.page, query: decisions.searchText(context.viewer, context.step) },
      })),
      leave: emit({ type: 'viewer.left' as const }),
    },
  });
}

/** Somebody who has done nothing yet. */
export function newViewer(input: ViewerInput): ViewerContext {
  return {
    ...input,
    step: 0,
    pageSequence: 0,
    page: 'home',
    variables: { genre: input.favouriteGenre },
    failedLoads: 0,
    title: undefined,
    playCount: 0,
    remainingUs: 0,
    stretchUs: 0,
  };
}

/** Makes the machine that all viewers of a run share. */
export function createViewerMachine(decisions: ViewerDecisions) {
  const viewer = viewerSetup(decisions);
  return viewer.createMachine({
    id: 'viewer',
    context: ({ input }) => newViewer(input),
    initial: 'loading',
    states: {
      loading: {
        entry: 'openPage',
        on: {
          'page.shown': [
            { guard: 'loadFailed', target: 'annoyed', actions: 'countFailure' },
            { guard: 'showsPlayer', target: 'watching', actions: 'forgetFailures' },
            { guard: 'showsTitle', target: 'onTitle', actions: 'forgetFailures' },
            { target: 'browsing', actions: 'forgetFailures' },
          ],
        },
      },
      annoyed: {
        always: { guard: 'outOfPatience', target: 'left' },
        after: { thinkTime: { target: 'loading', actions: ['decide', 'tryAgain'] } },
      },
      browsing: {
        after: {
          thinkTime: [
            {
              guard: { type: 'browses', params: { action: 'hover' } },
              target: 'browsing',
              reenter: true,
              actions: ['hover', 'decide'],
            },
            {
              guard: { type: 'browses', params: { action: 'scroll' } },
              target: 'browsing',
              reenter: true,
              actions: ['scroll', 'decide'],
            },
            {
              guard: { type: 'browses', params: { action: 'search' } },
              target: 'loading',
              actions: ['type', 'wantSearch', 'decide'],
            },
            {
              guard: { type: 'browses', params: { action: 'open' } },
              target: 'loading',
              actions: [
                'chooseTitle',
                { type: 'click', params: { target: 'title' } },
                'wantTitle',
                'decide',
              ],
            },
            { target: 'left' },
          ],
        },
      },
      onTitle: {
        after: {
          thinkTime: [
            {
              guard: { type: 'acts', params: { action: 'hover' } },
              target: 'onTitle',
              reenter: true,
              actions: ['hover', 'decide'],
            },
            {
              guard: { type: 'acts', params: { action: 'play' } },
              target: 'loading',
              actions: [{ type: 'click', params: { target: 'play' } }, 'wantPlayer', 'decide'],
            },
            {
              guard: { type: 'acts', params: { action: 'back' } },
              target: 'loading',
              actions: ['wantHome', 'decide'],
            },
            { target: 'left' },
          ],
        },
      },
      watching: watchingState(viewer),
      sated: {
        always: [
          { guard: 'goesOn', target: 'loading', actions: ['decide', 'wantHome'] },
          { target: 'left' },
        ],
      },
      left: { type: 'final', entry: 'leave' },
    },
  });
}

/** A title plays, with pauses and jumps, until there has been enough of it. The machine that it is
 * part of is called `viewer` and has a state `sated`. */
export function watchingState(viewer: ReturnType<typeof viewerSetup>) {
  return viewer.createStateConfig({
    entry: ['planWatching', 'decide', { type: 'command', params: { command: 'player.play' } }],
    initial: 'playing',
    on: { 'playback.ended': 'sated' },
    states: {
      playing: {
        entry: 'planStretch',
        after: {
          stretch: [
            {
              guard: 'watchedEnough',
              target: '#viewer.sated',
              actions: { type: 'command', params: { command: 'player.stop' } },
            },
            {
              guard: 'pauses',
              target: 'paused',
              actions: { type: 'command', params: { command: 'player.pause' } },
            },
            {
              target: 'playing',
              reenter: true,
              actions: { type: 'command', params: { command: 'player.seek' } },
            },
          ],
        },
      },
      paused: {
        after: {
          pauseTime: {
            target: 'playing',
            actions: ['decide', { type: 'command', params: { command: 'player.resume' } }],
          },
        },
      },
    },
  });
}

/** Scroll depth in steps of 25 %. */
function scrollDepth(decisions: ViewerDecisions, context: ViewerContext): number {
  return 25 * Math.ceil(decisions.seekShare(context.viewer, context.step) * 4);
}
