/** Pages along the trace cache against the executor without it: whatever becomes of which call, in
 * whatever order, the calls and the end are the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAGE_NAMES } from '../../src/domain/page.ts';
import { ARCHITECTURE_NAMES } from '../../src/gateway/architecture.ts';
import { createArchitecture } from '../../src/gateway/architectures.ts';
import type { CallPlan, PlanNode } from '../../src/gateway/call-plan.ts';
import {
  type CallOutcome,
  createPageTraces,
  type PageEnd,
  type PageTraceRun,
  type PageTraces,
  type TracedCall,
} from '../../src/gateway/page-trace.ts';
import {
  createPlanRunner,
  type FetchResult,
  type PlannedFetch,
} from '../../src/gateway/plan-run.ts';
import { createServiceBackends } from '../../src/gateway/service-backends.ts';
import { productSupergraph } from '../../src/gateway/services/product.ts';
import { InvariantError } from '../../src/kernel/errors.ts';
import { createTinyCatalogue } from './tiny-catalogue.ts';

const { publicSchema, types } = productSupergraph();
const SCHEDULES = ['plan', 'dataflow'] as const;
const OUTCOMES: readonly CallOutcome[] = ['answered', 'failed', 'stale', 'default'];
const VARIABLES = { genre: 'Crime', id: 'tt07', text: 'night' };

/** The plan with at most so many representations a call, and calls of a fetch under way. */
function batched(plan: CallPlan, maxBatch: number, maxInFlight?: number): CallPlan {
  const limits = maxInFlight === undefined ? { maxBatch } : { maxBatch, maxInFlight };
  const change = (node: PlanNode): PlanNode => {
    if (node.kind === 'Fetch') return node.requires ? { ...node, ...limits } : node;
    if (node.kind === 'Flatten') return { ...node, node: change(node.node) };
    if (node.kind === 'Sequence' || node.kind === 'Parallel') {
      return { ...node, nodes: node.nodes.map(change) };
    }
    return node;
  };
  return { ...plan, root: change(plan.root) };
}

const plans = ARCHITECTURE_NAMES.flatMap((name) =>
  PAGE_NAMES.map((page) => createArchitecture(name).plan(page)),
);
const allPlans = [
  ...plans,
  ...plans.map((plan) => batched(plan, 1)),
  batched(plans[9] as CallPlan, 3),
  ...plans.map((plan, i) => batched(plan, 1, 1 + (i % 3))),
];

function createWorld() {
  const backends = createServiceBackends(createTinyCatalogue());
  const worlds = SCHEDULES.map((schedule) => ({
    traces: createPageTraces({ publicSchema, types, backends, schedule, maxPages: 20 }),
    createRun: createPlanRunner(publicSchema, { types, schedule }),
  }));
  return { backends, worlds };
}

/** What a call says: equal texts for the same call in both worlds. */
const nameOf = (service: string, operation: string, variables: unknown) =>
  `${service} ${operation} ${JSON.stringify(variables)}`;

function resultOf(call: TracedCall, outcome: CallOutcome): FetchResult {
  const { data, errors } = call.answer;
  if (outcome === 'failed') return { ok: false, message: 'the service did not answer' };
  if (outcome === 'answered') return { ok: true, data, errors };
  return { ok: true, data, errors, fallback: outcome };
}

describe('page traces', () => {
  it('G16: are what the executor does, whatever fails, in any order, under both schedules', () => {
    const { backends, worlds } = createWorld();
    let calls = 0;
    let troubled = 0;
    const property = fc.property(
      fc.constantFrom(...allPlans),
      fc.constantFrom(...worlds),
      fc.infiniteStream(fc.nat()),
      (plan, { traces, createRun }, stream) => {
        const draw = (n: number) => (stream.next().value ?? 0) % n;
        const trouble = draw(4);
        const run = createRun(plan, VARIABLES);
        const traced = traces.begin(plan, VARIABLES);
        const fetches = new Map<string, PlannedFetch>();
        const open: TracedCall[] = [];
        const takeIn = (made: readonly TracedCall[], planned: readonly PlannedFetch[]) => {
          expect(made).toHaveLength(planned.length);
          made.forEach((call, i) => {
            const { serviceName, operation, variables } = planned[i] as PlannedFetch;
            fetches.set(`${call.callId}`, planned[i] as PlannedFetch);
            const answer = backends.execute({ service: serviceName, operation, variables });
            expect(nameOf(call.service, call.operation, call.answer)).toBe(
              nameOf(serviceName, operation, answer),
            );
            expect(Object.isFrozen(call)).toBe(true);
            open.push(call);
          });
          expect(traced.openCalls).toBe(open.length);
        };
        takeIn(traced.start(), run.start());
        while (open.length > 0) {
          expect(traced.end()).toBeUndefined();
          const [call] = open.splice(draw(open.length), 1) as [TracedCall];
          const outcome = draw(12) < trouble ? (OUTCOMES[draw(4)] ?? 'failed') : 'answered';
          const fetch = fetches.get(`${call.callId}`) as PlannedFetch;
          const planned = run.complete(fetch.fetchId, resultOf(call, outcome));
          takeIn(traced.complete(call.callId, outcome), planned);
          troubled += outcome === 'answered' ? 0 : 1;
          calls += 1;
        }
        const end = traced.end();
        expect(end?.answer).toEqual(run.answer());
        expect(end?.callCount).toBe(fetches.size);
        expect(end?.isDegraded).toBe(end?.answer.degraded === true);
      },
    );
    fc.assert(property, { numRuns: 600, seed: 11 });
    expect(calls).toBeGreaterThan(2_000);
    expect(troubled).toBeGreaterThan(200);
    expect(worlds.map(({ traces }) => traces.size <= 20)).toEqual([true, true]);
  });

  const follow = (traces: PageTraces, plan: CallPlan, outcome: CallOutcome = 'answered') => {
    const run: PageTraceRun = traces.begin(plan, VARIABLES);
    const made = [...run.start()];
    for (const call of made) made.push(...run.complete(call.callId, outcome));
    const end: PageEnd | undefined = run.end();
    return { made, end };
  };

  it('G17: are the same objects for the same page, until data change', () => {
    const { backends, worlds } = createWorld();
    const { traces } = worlds[0] as (typeof worlds)[number];
    const plan = createArchitecture('federated').plan('title');
    const first = follow(traces, plan);
    const again = follow(traces, plan);
    expect(again.made.every((call, i) => call === first.made[i])).toBe(true);
    expect(again.end).toBe(first.end);
    expect(first.end).toMatchObject({ outcome: 'ok', isDegraded: false, callCount: 5 });
    expect(first.end?.bytes).toBe(
      Buffer.byteLength(JSON.stringify({ data: first.end?.answer.data })),
    );
    expect(follow(traces, plan, 'failed').end).toMatchObject({ outcome: 'failed', callCount: 1 });
    expect(follow(traces, plan, 'stale').end).toMatchObject({ outcome: 'ok', isDegraded: true });
    backends.invalidate();
    const later = follow(traces, plan);
    expect(later.end).not.toBe(first.end);
    expect(later.end).toEqual(first.end);
  });

  it('name what calls are about', () => {
    const { worlds } = createWorld();
    const { traces } = worlds[0] as (typeof worlds)[number];
    const { made } = follow(traces, createArchitecture('federated').plan('play'));
    expect(made.map(({ entityKeys }) => entityKeys)).toEqual([
      [expect.stringMatching(/^query\(\$id:ID!\)\{title.*"id":"tt07"\}$/)],
      ['Title/tt07'],
    ]);
    expect(made.map(({ callId, service }) => [callId, service])).toEqual([
      [0, 'movie'],
      [1, 'production'],
    ]);
  });

  it('refuse calls that are not open', () => {
    const { worlds } = createWorld();
    const { traces } = worlds[0] as (typeof worlds)[number];
    const plan = batched(createArchitecture('federated').plan('search'), 1);
    const run = traces.begin(plan, VARIABLES);
    expect(run.end()).toBeUndefined();
    run.start();
    expect(() => run.start()).toThrow(InvariantError);
    const [call] = run.complete(0, 'answered');
    run.complete(call?.callId ?? -1, 'answered');
    for (const id of [0, call?.callId ?? -1, 999]) {
      expect(() => run.complete(id, 'answered')).toThrow(InvariantError);
    }
  });

  it('G42: hold back the calls of a fetch that would be too many at once', () => {
    const { worlds } = createWorld();
    const { traces } = worlds[0] as (typeof worlds)[number];
    const plan = createArchitecture('federated').plan('search');
    const fetchCount = 3;
    const run = traces.begin(batched(plan, 1, 2), VARIABLES);
    run.start();
    const first = run.complete(0, 'answered');
    expect(first).toHaveLength(4);
    const [one, two] = first.map(({ callId }) => callId) as [number, number];
    expect(two).toBe(one + fetchCount);
    expect(() => run.complete(two + fetchCount, 'answered')).toThrow(InvariantError);
    const [next, ...others] = run.complete(two, 'answered');
    expect([next?.callId, others]).toEqual([two + fetchCount, []]);
    expect(run.openCalls).toBe(4);
  });
});
