/** A viewer who is recommended something: takes a title from the row of the home page or looks
 * elsewhere, is more or less content with what was played, and comes back later for another visit,
 * or never again. All else is as other viewers do it. Every decision is keyed by (viewer, row),
 * (viewer, title) or (viewer, visit): slow pages delay and never change one. Spec: A120–A124. */
import { assign, emit, enqueueActions } from 'xstate';
import {
  newViewer,
  type ViewerContext,
  type ViewerDecisions,
  viewerSetup,
  watchingState,
} from './viewer.ts';
import type { VisitDecisions, VisitMemory } from './visits.ts';

/** What a returning viewer decides. */
export type ReturningViewerDecisions = ViewerDecisions & VisitDecisions;

const US_PER_MS = 1_000;
/** The row's name in tracked events. */
export const ROW_NAME = 'for-you';

const FIRST_VISIT: VisitMemory = {
  visit: 0,
  exposure: 0,
  hasPlayed: false,
  row: undefined,
  taken: undefined,
};

/** Makes the machine that all returning viewers of a run share. */
export function createReturningViewerMachine(decisions: ReturningViewerDecisions) {
  const plain = viewerSetup(decisions);
  const viewer = plain.extend({
    delays: {
      returnTime: ({ context }) =>
        decisions.returnTimeUs(context.viewer, memoryOf(context)) / US_PER_MS,
    },
    guards: {
      takesFromRow: ({ context }) => takenSlot(decisions, context) >= 0,
      hasSeenEnough: ({ context }) => {
        const { row } = memoryOf(context);
        return row !== undefined && !decisions.looksElsewhere(context.viewer, row);
      },
      cameForIt: ({ context }) => memoryOf(context).taken !== undefined,
      churns: ({ context }) => decisions.churns(context.viewer, memoryOf(context)),
      isOpen: () => decisions.isOpen(),
    },
    actions: {
      seeRow: enqueueActions(({ context, event, enqueue }) => {
        const row = event.type === 'page.shown' ? event.row : undefined;
        enqueue.assign({ visits: { ...memoryOf(context), row, taken: undefined } });
        if (row !== undefined) enqueue.emit({ type: 'row.seen', row });
      }),
      takeFromRow: enqueueActions(({ context, enqueue }) => {
        const memory = memoryOf(context);
        const slot = takenSlot(decisions, context);
        const found = memory.row?.slots[slot];
        if (memory.row === undefined || found === undefined) return;
        const { titleId, durationUs } = found;
        const row = memory.row.number;
        enqueue.assign({
          title: { titleId, durationUs },
          visits: { ...memory, row: undefined, taken: { row, slot } },
        });
        enqueue.emit({ type: 'row.answered', row, takenSlot: slot });
        const data = { page: context.page, target: 'title', titleId, row: ROW_NAME, slot };
        enqueue.emit({ type: 'gesture.made', event: 'ui.click', data });
      }),
      turnAway: enqueueActions(({ context, enqueue }) => {
        const memory = memoryOf(context);
        if (memory.row === undefined) return;
        enqueue.assign({ visits: { ...memory, row: undefined } });
        enqueue.emit({ type: 'row.answered', row: memory.row.number, takenSlot: -1 });
      }),
      enjoy: enqueueActions(({ context, enqueue }) => {
        const memory = memoryOf(context);
        const titleId = context.title?.titleId ?? '';
        const share = decisions.enjoyedShare(context.viewer, titleId);
        const exposure = decisions.afterPlay(memory.exposure, share);
        enqueue.assign({ visits: { ...memory, exposure, hasPlayed: true, taken: undefined } });
        const row = memory.taken?.row;
        enqueue.emit({ type: 'title.enjoyed', titleId, share, exposure, row });
      }),
      lookBack: enqueueActions(({ context, enqueue }) => {
        const memory = memoryOf(context);
        if (memory.hasPlayed) return;
        const exposure = decisions.afterPlay(memory.exposure, 0);
        enqueue.assign({ visits: { ...memory, exposure } });
        enqueue.emit({ type: 'visit.wasted', exposure });
      }),
      beginVisit: assign(({ context }) => {
        const { visit, exposure } = memoryOf(context);
        return { failedLoads: 0, visits: { ...FIRST_VISIT, visit: visit + 1, exposure } };
      }),
      tellOfVisit: emit(({ context }) => ({
        type: 'visit.begun' as const,
        visit: memoryOf(context).visit,
      })),
      endVisit: emit(({ context }) => ({
        type: 'visit.ended' as const,
        visit: memoryOf(context).visit,
        exposure: memoryOf(context).exposure,
      })),
    },
  });
  return viewer.createMachine({
    id: 'viewer',
    context: ({ input }) => ({
      ...newViewer(input),
      visits: { ...FIRST_VISIT, exposure: decisions.firstExposure(input.viewer) },
    }),
    initial: 'loading',
    states: {
      loading: {
        entry: 'openPage',
        on: {
          'page.shown': [
            { guard: 'loadFailed', target: 'annoyed', actions: 'countFailure' },
            { guard: 'showsPlayer', target: 'watching', actions: 'forgetFailures' },
            { guard: 'showsTitle', target: 'onTitle', actions: 'forgetFailures' },
            { target: 'browsing', actions: ['forgetFailures', 'seeRow'] },
          ],
        },
      },
      annoyed: {
        always: { guard: 'outOfPatience', target: 'leaving' },
        after: { thinkTime: { target: 'loading', actions: ['decide', 'tryAgain'] } },
      },
      browsing: {
        after: {
          thinkTime: [
            {
              guard: 'takesFromRow',
              target: 'loading',
              actions: ['takeFromRow', 'wantTitle', 'decide'],
            },
            { guard: 'hasSeenEnough', target: 'leaving', actions: ['turnAway', 'decide'] },
            {
              guard: { type: 'browses', params: { action: 'hover' } },
              target: 'browsing',
              reenter: true,
              actions: ['turnAway', 'hover', 'decide'],
            },
            {
              guard: { type: 'browses', params: { action: 'scroll' } },
              target: 'browsing',
              reenter: true,
              actions: ['turnAway', 'scroll', 'decide'],
            },
            {
              guard: { type: 'browses', params: { action: 'search' } },
              target: 'loading',
              actions: ['turnAway', 'type', 'wantSearch', 'decide'],
            },
            {
              guard: { type: 'browses', params: { action: 'open' } },
              target: 'loading',
              actions: [
                'turnAway',
                'chooseTitle',
                { type: 'click', params: { target: 'title' } },
                'wantTitle',
                'decide',
              ],
            },
            { target: 'leaving', actions: ['turnAway', 'decide'] },
          ],
        },
      },
      onTitle: {
        after: {
          thinkTime: [
            {
              guard: 'cameForIt',
              target: 'loading',
              actions: [{ type: 'click', params: { target: 'play' } }, 'wantPlayer', 'decide'],
            },
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
            { target: 'leaving', actions: 'decide' },
          ],
        },
      },
      watching: watchingState(plain),
      sated: {
        always: [
          { guard: 'goesOn', target: 'loading', actions: ['enjoy', 'decide', 'wantHome'] },
          { target: 'leaving', actions: ['enjoy', 'decide'] },
        ],
      },
      leaving: {
        entry: 'lookBack',
        always: [{ guard: 'churns', target: 'left' }, { target: 'away' }],
      },
      away: {
        entry: 'endVisit',
        after: {
          returnTime: {
            guard: 'isOpen',
            target: 'loading',
            actions: ['beginVisit', 'tellOfVisit', 'wantHome', 'decide'],
          },
        },
      },
      left: { type: 'final', entry: 'leave' },
    },
  });
}

/** Everybody who comes again has one from the start. */
function memoryOf({ visits }: ViewerContext): VisitMemory {
  return visits ?? FIRST_VISIT;
}

function takenSlot(decisions: VisitDecisions, context: ViewerContext): number {
  const { row } = memoryOf(context);
  return row === undefined ? -1 : decisions.takenSlot(context.viewer, row);
}
