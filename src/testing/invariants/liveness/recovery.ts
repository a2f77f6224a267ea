/** Once faults are over, everything gets well again: lines get empty, breakers close, replicas come
 * back, the pipeline catches up, everybody who waits hears the end of it. Spec: T48. */
import type { World } from '../../../experiment/assemble.ts';
import { FAULT_KINDS } from '../../../experiment/faults/catalogue/fault-kinds.ts';
import type { CataloguedFault } from '../../../experiment/faults/plan/fault-schema.ts';
import { meanOf } from '../../../kernel/distributions/distribution.ts';
import type { Invariant } from '../invariant.ts';
import type { ChangeCount } from '../notes/changes.ts';
import type { GuardStep, WatchedGuard } from '../notes/guard-notes.ts';
import { watching } from '../watching.ts';
import { type LookAround, recovers, recoveryWithinUs } from './lasting.ts';

/** Waiting lines. */
export const LINES_GET_EMPTY: Invariant = recovers(
  [
    'lines-get-empty',
    'every waiting line is empty at some time within 10 minutes of the end of all faults',
  ],
  ({ view, tower }) =>
    whenChanged(tower.changes.requests, (tell) => {
      for (const server of view.servers) tell(server.name, server.waiting === 0);
    }),
);

/** Replicas. */
export const REPLICAS_COME_BACK: Invariant = recovers(
  [
    'replicas-come-back',
    'every replica that a server is to have is ready within 10 minutes of the end of all faults',
  ],
  ({ view, tower }) =>
    whenChanged(tower.changes.requests, (tell) => {
      for (const server of view.servers) {
        tell(server.name, server.readyCount >= server.memberCount);
      }
    }),
  startingUs,
);

/** What a start may take: long draws of it, and what slow scale-outs add to those that began while
 * they lasted. */
function startingUs({ scenario, wired }: World): number {
  const usual = wired.settings.map(({ fleet }) => 3 * meanOf(fleet.startupTime));
  const added = scenario.faults.map((fault) =>
    fault.kind === 'platform.slow-scale-out' ? addedBy(fault) : 0,
  );
  return Math.max(0, ...usual) + Math.max(0, ...added);
}

function addedBy({ kind, intensity }: CataloguedFault): number {
  return intensity ?? FAULT_KINDS[kind].intensity?.default ?? 0;
}

/** The pipeline. */
export const THE_PIPELINE_CATCHES_UP: Invariant = recovers(
  [
    'the-pipeline-catches-up',
    'what is in the log is committed within 10 minutes, and of the end of all faults',
  ],
  ({ view, tower }) => {
    const targets: number[] = [];
    return whenChanged(tower.changes.pipeline, (tell) => {
      const { committedOffsets } = tower.pipeline;
      const { endOffsets } = view.pipeline;
      for (let n = 0; n < endOffsets.length; n += 1) {
        const isThere = (committedOffsets[n] ?? 0) >= (targets[n] ?? 0);
        tell(`partition ${n}`, isThere);
        if (!isThere) continue;
        targets[n] = endOffsets[n] ?? 0;
        tell(`partition ${n}`, (committedOffsets[n] ?? 0) >= (targets[n] ?? 0));
      }
    });
  },
);

/** Calls and pages. */
export const EVERYBODY_HEARS_THE_END: Invariant = recovers(
  [
    'everybody-hears-the-end',
    'every page and every call ends within 10 minutes, and of the end of all faults',
  ],
  ({ tower, view, recovered }) => {
    let endings = 0;
    const withinUs = recoveryWithinUs(view);
    return (tell) => {
      if (tower.calls.endings > endings) recovered();
      endings = tower.calls.endings;
      const { nowUs, healedAtUs } = view;
      const isYoung = (sinceUs: number | undefined) =>
        sinceUs === undefined || nowUs - Math.max(sinceUs, healedAtUs) <= withinUs;
      tell('the oldest page', isYoung(tower.calls.oldestPageUs));
      for (const { edge, oldestUs } of tower.calls.edges) {
        tell(edge.account.name, isYoung(oldestUs));
      }
    };
  },
);

/** Questions that a breaker must have had after its pause before it counts as stuck. */
const QUESTIONS = 10;

/** Breakers. */
export const BREAKERS_DO_NOT_STICK: Invariant = recovers(
  [
    'breakers-do-not-stick',
    'a breaker that is asked goes on to another state within 10 minutes of the end of all faults',
  ],
  ({ tower, view, recovered }) => {
    const stuck = new Map<WatchedGuard, { sinceUs: number; asked: number; name: string }>();
    tower.guards.steps.on((step) => {
      const { of, nowUs, before, after } = step;
      if (view.phase !== 'safety' && before !== 'closed' && after !== before) recovered();
      if (of.policies.breaker === undefined || after === 'closed' || before !== after) {
        stuck.delete(of);
        if (of.policies.breaker === undefined || after === 'closed') return;
      }
      const one = stuck.get(of) ?? { sinceUs: nowUs, asked: 0, name: `${of.edge} (${stuck.size})` };
      stuck.set(of, one);
      if (isQuestionAfterPause(step, one.sinceUs)) one.asked += 1;
    });
    return (tell) => {
      for (const [of, { sinceUs, asked, name }] of stuck) {
        const { nowUs, healedAtUs } = view;
        const isLong =
          nowUs - Math.max(sinceUs, healedAtUs) > recoveryWithinUs(view) + pauseUsOf(of);
        tell(name, !(isLong && asked >= QUESTIONS * trialsOf(of)));
      }
    };
  },
);

function isQuestionAfterPause({ ask, of, nowUs }: GuardStep, sinceUs: number): boolean {
  return ask === 'admit' && nowUs > sinceUs + pauseUsOf(of);
}

function pauseUsOf({ policies: { breaker } }: WatchedGuard): number {
  if (breaker === undefined) return 0;
  return breaker.kind === 'hystrix' ? breaker.sleepUs : breaker.openUs;
}

function trialsOf({ policies: { breaker } }: WatchedGuard): number {
  return breaker !== undefined && 'halfOpenCalls' in breaker ? breaker.halfOpenCalls : 1;
}

/** The end of the stream. */
export const THE_STREAM_REACHES_ITS_END: Invariant = watching(
  'the-stream-reaches-its-end',
  'when the run is over everything in the log is committed, and the watermark is at the end',
  ({ view, checked, broken }) => ({
    atEnd() {
      const { unread, watermarkUs, captured } = view.pipeline;
      if (captured > 0) checked();
      if (unread === 0 && watermarkUs === Number.POSITIVE_INFINITY) return;
      broken('the pipeline did not reach the end of the stream', { unread, watermarkUs });
    },
  }),
);

function whenChanged(
  news: ChangeCount,
  around: (...of: Parameters<LookAround>) => void,
): LookAround {
  return Object.assign(around, { news });
}
