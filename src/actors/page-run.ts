/** One page in the making: hosts a run of the page's call plan on the device (direct access) or at
 * the gateway. It sends the plan's calls, times them out, tries failed ones again, and reports the
 * answer when nothing is open. Spec: A13, Q7. */
import { cancel, emit, enqueueActions, setup } from 'xstate';
import type { ApiOutcome } from '../domain/page.ts';
import { backoffUs, mayRetry, type RetryPolicy } from '../queueing/retry.ts';
import { AWAITING } from './runtime/deadlock.ts';

/** The plan in execution, behind a port: `gateway` implements it, the assembly hands it in. */
export interface PlanPort {
  /** Starts the plan. @returns numbers of the calls to make. */
  start(request: number): readonly number[];
  /** Takes in the answer to a call (`ok`) or its failure. @returns calls that became possible. */
  complete(request: number, call: number, ok: boolean): readonly number[];
  /** How the page ended, once no call is open; undefined before. */
  outcome(request: number): ApiOutcome | undefined;
}

/** What a page run needs of its world. Times in µs. */
export interface PageRunWorld {
  readonly plan: PlanPort;
  readonly callTimeoutUs: number;
  readonly retry: RetryPolicy;
  backoffUniform(request: number, call: number, attempt: number): number;
}

/** Input of a page run's machine. */
export interface PageRunInput {
  readonly request: number;
}

/** What a page run remembers: plain data. The open calls and how often each was tried. */
export interface PageRunContext extends PageRunInput {
  readonly open: readonly OpenCall[];
}

/** A call that has no answer yet. */
export interface OpenCall {
  readonly call: number;
  readonly attempt: number;
}

/** What a page run understands. Answers to tries that were given up are ignored. */
export type PageRunMessage =
  | {
      readonly type: 'call.answered';
      readonly call: number;
      readonly attempt: number;
      readonly ok: boolean;
    }
  | { readonly type: 'call.timed-out'; readonly call: number; readonly attempt: number }
  | { readonly type: 'call.due-again'; readonly call: number };

/** What a page run emits. */
export type PageRunEmission =
  | {
      readonly type: 'call.sent';
      readonly request: number;
      readonly call: number;
      readonly attempt: number;
    }
  | { readonly type: 'run.completed'; readonly request: number; readonly outcome: ApiOutcome };

const US_PER_MS = 1_000;

/** Makes the machine that all page runs of a run share. */
export function createPageRunMachine(world: PageRunWorld) {
  return setup({
    types: {
      context: {} as PageRunContext,
      events: {} as PageRunMessage,
      emitted: {} as PageRunEmission,
      input: {} as PageRunInput,
    },
    guards: {
      isStale: ({ context, event }) =>
        event.type !== 'call.due-again' &&
        !context.open.some((open) => open.call === event.call && open.attempt === event.attempt),
      isOpen: ({ context, event }) => context.open.some((open) => open.call === event.call),
      answersOk: ({ event }) => event.type === 'call.answered' && event.ok,
      mayRetry: ({ event }) =>
        event.type !== 'call.due-again' && mayRetry(world.retry, event.attempt),
      isComplete: ({ context }) => context.open.length === 0,
    },
    actions: {
      start: enqueueActions(({ context, enqueue }) => {
        const calls = world.plan.start(context.request);
        enqueue.assign({ open: calls.map((call) => ({ call, attempt: 1 })) });
        for (const call of calls) {
          enqueue.emit({ type: 'call.sent', request: context.request, call, attempt: 1 });
          enqueue.raise({ type: 'call.timed-out', call, attempt: 1 }, timeoutOf(world, call));
        }
      }),
      takeIn: enqueueActions(({ context, event, enqueue }) => {
        const ok = event.type === 'call.answered' && event.ok;
        const calls = world.plan.complete(context.request, event.call, ok);
        const others = context.open.filter((open) => open.call !== event.call);
        enqueue.assign({ open: [...others, ...calls.map((call) => ({ call, attempt: 1 }))] });
        for (const call of calls) {
          enqueue.emit({ type: 'call.sent', request: context.request, call, attempt: 1 });
          enqueue.raise({ type: 'call.timed-out', call, attempt: 1 }, timeoutOf(world, call));
        }
      }),
      planRetry: enqueueActions(({ context, event, enqueue }) => {
        if (event.type === 'call.due-again') return;
        const { call, attempt } = event;
        const u = world.backoffUniform(context.request, call, attempt);
        enqueue.raise(
          { type: 'call.due-again', call },
          { id: `again/${call}`, delay: backoffUs(world.retry, attempt, u) / US_PER_MS },
        );
      }),
      tryAgain: enqueueActions(({ context, event, enqueue }) => {
        const { call } = event;
        const attempt = (context.open.find((open) => open.call === call)?.attempt ?? 0) + 1;
        enqueue.assign({
          open: context.open.map((open) => (open.call === call ? { call, attempt } : open)),
        });
        enqueue.emit({ type: 'call.sent', request: context.request, call, attempt });
        enqueue.raise({ type: 'call.timed-out', call, attempt }, timeoutOf(world, call));
      }),
      stopTimeout: cancel(({ event }) => `timeout/${event.call}`),
      report: emit(({ context }) => ({
        type: 'run.completed' as const,
        request: context.request,
        outcome: world.plan.outcome(context.request) ?? 'failed',
      })),
    },
  }).createMachine({
    id: 'pageRun',
    context: ({ input }) => ({ ...input, open: [] }),
    initial: 'running',
    states: {
      running: {
        tags: AWAITING,
        entry: 'start',
        always: { guard: 'isComplete', target: 'completed' },
        on: {
          'call.answered': [
            { guard: 'isStale', actions: [] },
            { guard: 'answersOk', actions: ['stopTimeout', 'takeIn'] },
            { guard: 'mayRetry', actions: ['stopTimeout', 'planRetry'] },
            { actions: ['stopTimeout', 'takeIn'] },
          ],
          'call.timed-out': [
            { guard: 'isStale', actions: [] },
            { guard: 'mayRetry', actions: 'planRetry' },
            { actions: 'takeIn' },
          ],
          'call.due-again': { guard: 'isOpen', actions: 'tryAgain' },
        },
      },
      completed: { type: 'final', entry: 'report' },
    },
  });
}

function timeoutOf(world: PageRunWorld, call: number) {
  return { id: `timeout/${call}`, delay: world.callTimeoutUs / US_PER_MS };
}
