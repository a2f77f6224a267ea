/** What the guards over one edge did, by time bucket: how long breakers were open, and what budgets
 * granted. Where every client has a guard of its own these are sums over the clients. Told by the
 * guards; changes nothing. Spec: E505. */
import type { BreakerStatus } from '../../../queueing/calls/breakers/circuit-breaker.ts';
import type { GuardWatch } from '../../../queueing/calls/call-guard.ts';
import type { CallPolicies } from '../../../queueing/calls/call-policies.ts';
import { createLevelAverages } from '../../../stats/warm-up/level-averages.ts';

/** Notes of one edge. */
export interface GuardNotes {
  /** Of the edge. */
  readonly name: string;
  /** For every guard that is made over the edge. */
  readonly watch: GuardWatch;
  /** Times that a breaker opened. */
  readonly openings: number;
  /** Mean number of breakers in each bucket that ended by then; undefined without breakers. */
  breakers(untilUs: number): BreakerLevels | undefined;
  /** Extra attempts asked of budgets in each bucket, and granted ones; undefined without any. */
  readonly extra:
    | { readonly asked: readonly number[]; readonly granted: readonly number[] }
    | undefined;
}

/** One number a bucket. */
export interface BreakerLevels {
  readonly open: readonly number[];
  readonly halfOpen: readonly number[];
}

/** Makes the notes of an edge. */
export function createGuardNotes(
  name: string,
  policies: Pick<CallPolicies, 'breaker' | 'budget'>,
  bucketUs: number,
): GuardNotes {
  const start = { startUs: 0, level: 0, sliceUs: bucketUs };
  const levels = { open: createLevelAverages(start), 'half-open': createLevelAverages(start) };
  const now = { closed: 0, open: 0, 'half-open': 0 };
  const extra = { asked: [] as number[], granted: [] as number[] };
  let openings = 0;
  const changed = (status: BreakerStatus, by: number, nowUs: number) => {
    now[status] += by;
    if (status !== 'closed') levels[status].set(nowUs, now[status]);
  };
  const count = (of: number[], bucket: number) => {
    while (of.length <= bucket) of.push(0);
    of[bucket] = (of[bucket] ?? 0) + 1;
  };
  return {
    name,
    watch: {
      breakerChanged(from, to, nowUs) {
        changed(from, -1, nowUs);
        changed(to, 1, nowUs);
        if (to === 'open') openings += 1;
      },
      extraAsked(isGranted, nowUs) {
        const bucket = Math.floor(nowUs / bucketUs);
        count(extra.asked, bucket);
        if (isGranted) count(extra.granted, bucket);
      },
    },
    get openings() {
      return openings;
    },
    breakers: (untilUs) =>
      policies.breaker === undefined
        ? undefined
        : { open: levels.open.until(untilUs), halfOpen: levels['half-open'].until(untilUs) },
    extra: policies.budget === undefined ? undefined : extra,
  };
}
