/** What one page of a kind asks of every station: the traces of its questions give calls and
 * entities exactly, the scenario's distributions give means and variances of worker time. The same
 * walk through the trace, in mean times and with nobody in the way, is the page's critical path.
 * Caches are cold, nothing fails, nothing is tried twice. Spec: E251. */
import type { PageTraces, TracedCall } from '../../../gateway/page-trace.ts';
import type { NetworkTimes } from './network-times.ts';
import type { PageCosts, StationJob } from './page-costs.ts';
import type { AskedQuestion } from './page-streams.ts';

/** Jobs of one page at one station, on average over its questions. */
export interface StationWork {
  readonly jobs: number;
  /** Worker time of all of them, µs. */
  readonly workUs: number;
  /** Σ E[S²] of all of them, µs². */
  readonly squaresUs2: number;
}

/** One kind of page on one architecture. */
export interface PageWork {
  readonly stations: ReadonlyMap<string, StationWork>;
  readonly calls: number;
  readonly entities: number;
  /** Mean time of a page that never waits, µs; without handshakes and transmission. */
  readonly criticalPathUs: number;
  /** The same if no worker needed any time: the network alone. */
  readonly networkUs: number;
  /** Most calls that are under way at once. */
  readonly maxParallelCalls: number;
}

/** What pages are worked out with. */
export interface PageWorkOptions {
  readonly costs: PageCosts;
  readonly traces: PageTraces;
  readonly network: NetworkTimes;
}

/** Works a kind of page out. Cost: below a ms a question that nobody asked before. */
export function pageWork(questions: readonly AskedQuestion[], options: PageWorkOptions): PageWork {
  const tally = new Tally();
  for (const question of questions) {
    tally.criticalPathUs += followPage(question, { ...options, tally, workFactor: 1 });
    tally.networkUs += followPage(question, { ...options, tally: undefined, workFactor: 0 });
  }
  return tally.perPage(questions.length);
}

class Tally {
  calls = 0;
  entities = 0;
  criticalPathUs = 0;
  networkUs = 0;
  maxParallelCalls = 0;
  readonly #stations = new Map<string, { jobs: number; workUs: number; squaresUs2: number }>();

  job([station, { meanUs, varianceUs2 }]: StationJob): void {
    let known = this.#stations.get(station);
    if (known === undefined) {
      known = { jobs: 0, workUs: 0, squaresUs2: 0 };
      this.#stations.set(station, known);
    }
    known.jobs += 1;
    known.workUs += meanUs;
    known.squaresUs2 += varianceUs2 + meanUs ** 2;
  }

  call({ work }: TracedCall, openCalls: number): void {
    this.calls += 1;
    for (const entities of Object.values(work)) this.entities += entities;
    this.maxParallelCalls = Math.max(this.maxParallelCalls, openCalls);
  }

  perPage(pages: number): PageWork {
    const each = (sum: number) => (pages === 0 ? 0 : sum / pages);
    return {
      stations: new Map(
        [...this.#stations].map(([name, { jobs, workUs, squaresUs2 }]) => [
          name,
          { jobs: each(jobs), workUs: each(workUs), squaresUs2: each(squaresUs2) },
        ]),
      ),
      calls: each(this.calls),
      entities: each(this.entities),
      criticalPathUs: each(this.criticalPathUs),
      networkUs: each(this.networkUs),
      maxParallelCalls: this.maxParallelCalls,
    };
  }
}

interface FollowOptions extends PageWorkOptions {
  readonly tally: Tally | undefined;
  /** 1, or 0 for the network alone. */
  readonly workFactor: number;
}

/** One page in mean times, as if nobody else were there. @returns its time, µs. */
function followPage({ plan, variables }: AskedQuestion, options: FollowOptions): number {
  const { traces, costs, tally, network, workFactor } = options;
  const run = traces.begin(plan, variables);
  const open: { readonly call: TracedCall; readonly endsAtUs: number }[] = [];
  let nowUs = 0;
  const done = (job: StationJob | undefined): number => {
    if (job === undefined) return 0;
    tally?.job(job);
    return job[1].meanUs * workFactor;
  };
  const start = (calls: readonly TracedCall[]) => {
    for (const call of calls) {
      const workUs = costs.call(call).reduce((sum, job) => sum + done(job), 0);
      open.push({ call, endsAtUs: nowUs + network.callUs(call) + workUs });
      tally?.call(call, open.length);
    }
  };
  nowUs += done(costs.plan);
  start(run.start());
  while (open.length > 0) {
    const { call, endsAtUs } = takeEarliest(open);
    nowUs = Math.max(nowUs, endsAtUs) + done(costs.answer);
    start(run.complete(call.callId, 'answered'));
  }
  const end = run.end();
  return nowUs + (end === undefined ? 0 : done(costs.merge(end))) + network.pageUs;
}

function takeEarliest<T extends { readonly endsAtUs: number }>(open: T[]): T {
  let best = 0;
  for (let i = 1; i < open.length; i += 1) {
    if ((open[i] as T).endsAtUs < (open[best] as T).endsAtUs) best = i;
  }
  return open.splice(best, 1)[0] as T;
}
