/** The page loads under way: each holds a run of its page's call plan, and for every call what it
 * carries and what it costs. Answers are real data from the subgraphs; chance decides only how long
 * the work takes, keyed by (viewer, page, domain, occurrence), the same for all architectures. */
import type { PlanPort } from '../../actors/page-run.ts';
import type { ViewerId } from '../../domain/ids.ts';
import type { ApiOutcome, PageName, PageVariables } from '../../domain/page.ts';
import type { ApiArchitecture } from '../../gateway/architecture.ts';
import {
  createPlanRun,
  type PlanAnswer,
  type PlannedFetch,
  type PlanRun,
} from '../../gateway/plan-run.ts';
import type { ServiceAnswer, ServiceBackends } from '../../gateway/service-backends.ts';
import type { Chance } from '../../kernel/chance.ts';
import { quantileOf } from '../../kernel/distributions/distribution.ts';
import { invariant } from '../../kernel/errors.ts';
import type { Scenario } from '../scenario/schema.ts';

/** Calls of one page that draw separately: more would share draws. */
const CALLS_PER_PAGE = 256;
/** Tries of one call that draw separately. */
const TRIES_PER_CALL = 8;

/** One call as links and services see it. */
export interface PageCall {
  readonly service: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Worker time in µs at the service. */
  readonly demandUs: number;
  readonly databaseRoundTrips: number;
}

/** All page loads of a run. */
export interface PageCalls {
  /** What page runs use. */
  readonly plan: PlanPort;
  open(request: number, load: OpenedPage): void;
  /** A call of an open page. */
  call(request: number, call: number): PageCall;
  viewerOf(request: number): ViewerId;
  pageSequenceOf(request: number): number;
  isOpen(request: number): boolean;
  /** Index for draws of one try of a page's call: pair it with the viewer. */
  drawIndex(request: number, call: number, attempt: number): number;
  /** Size of the page's answer in bytes and how many calls made it. */
  answerSize(request: number): { readonly bytes: number; readonly calls: number };
  close(request: number): void;
}

/** A page as it is opened. */
export interface OpenedPage {
  readonly viewer: ViewerId;
  readonly pageSequence: number;
  readonly page: PageName;
  readonly variables: PageVariables;
}

interface PageState extends OpenedPage {
  readonly run: PlanRun;
  readonly fetches: Map<number, FetchState>;
  readonly occurrences: Map<string, number>;
}

interface FetchState {
  readonly fetch: PlannedFetch;
  readonly answer: ServiceAnswer;
  readonly call: PageCall;
}

/** What page calls are made of. */
export interface PageCallsOptions {
  readonly scenario: Scenario;
  readonly architecture: ApiArchitecture;
  readonly backends: ServiceBackends;
  readonly chance: Chance;
  /** How many times longer a domain's work takes now: 1 but for faults. */
  readonly slowness: (domain: string) => number;
}

/** Makes the book of page loads. */
export function createPageCalls(options: PageCallsOptions): PageCalls {
  const { architecture, backends } = options;
  const pages = new Map<number, PageState>();
  const demand = createDemand(options);
  const page = (request: number): PageState => {
    const state = pages.get(request);
    invariant(state !== undefined, 'PAGE_NOT_OPEN', { request });
    return state;
  };
  const note = (state: PageState, fetches: readonly PlannedFetch[]): readonly number[] =>
    fetches.map((fetch) => {
      const answer = backends.execute({
        service: fetch.serviceName,
        operation: fetch.operation,
        variables: fetch.variables,
      });
      state.fetches.set(fetch.fetchId, {
        fetch,
        answer,
        call: {
          service: fetch.serviceName,
          requestBytes: answer.requestBytes,
          responseBytes: answer.responseBytes,
          demandUs: demand(state, answer),
          databaseRoundTrips: answer.databaseRoundTrips,
        },
      });
      return fetch.fetchId;
    });
  return {
    plan: {
      start: (request) => note(page(request), page(request).run.start()),
      complete: (request, call, ok) => {
        const state = page(request);
        const answer = state.fetches.get(call)?.answer;
        const result =
          ok && answer !== undefined
            ? { ok: true as const, ...resultOf(answer) }
            : { ok: false as const, message: 'the service did not answer' };
        return note(state, state.run.complete(call, result));
      },
      outcome: (request) => outcomeOf(page(request).run),
    },
    open(request, load) {
      pages.set(request, {
        ...load,
        run: createPlanRun(architecture.plan(load.page), load.variables),
        fetches: new Map(),
        occurrences: new Map(),
      });
    },
    call(request, call) {
      const fetch = page(request).fetches.get(call);
      invariant(fetch !== undefined, 'CALL_NOT_OPEN', { request, call });
      return fetch.call;
    },
    viewerOf: (request) => page(request).viewer,
    pageSequenceOf: (request) => page(request).pageSequence,
    isOpen: (request) => pages.has(request),
    drawIndex: (request, call, attempt) =>
      (page(request).pageSequence * CALLS_PER_PAGE + call) * TRIES_PER_CALL +
      (attempt % TRIES_PER_CALL),
    answerSize(request) {
      const state = page(request);
      return { bytes: bytesOf(state.run.answer()), calls: state.fetches.size };
    },
    close: (request) => void pages.delete(request),
  };
}

/** Answers are remembered as objects, so their sizes can be too. */
const sizes = new WeakMap<object, number>();
const encoder = new TextEncoder();

/** Size of an answer as UTF-8 JSON. */
function bytesOf(answer: PlanAnswer | undefined): number {
  if (answer === undefined) return 0;
  const known = sizes.get(answer);
  if (known !== undefined) return known;
  const { data, errors } = answer;
  const body = JSON.stringify(errors.length === 0 ? { data } : { data, errors });
  const bytes = encoder.encode(body).length;
  sizes.set(answer, bytes);
  return bytes;
}

function resultOf(answer: ServiceAnswer) {
  return answer.errors === undefined
    ? { data: answer.data }
    : { data: answer.data, errors: answer.errors };
}

function outcomeOf(run: PlanRun): ApiOutcome | undefined {
  const answer = run.answer();
  if (answer === undefined) return undefined;
  if (answer.errors.length === 0) return 'ok';
  const hasData = Object.values(answer.data ?? {}).some((value) => value !== null);
  return hasData ? 'partial' : 'failed';
}

/** Worker time of a call: per domain, base time (drawn) and time per entity resolved. */
function createDemand({ scenario, chance, slowness }: PageCallsOptions) {
  const domains = Object.keys(scenario.services)
    .sort()
    .map((domain) => {
      const service = scenario.services[domain];
      invariant(service !== undefined, 'SERVICE_MISSING', { domain });
      return {
        domain,
        base: quantileOf(service.baseTime),
        perEntityUs: service.timePerEntity,
        draws: chance.draws(`service.${domain}.base-time`),
      };
    });
  return (page: PageState, answer: ServiceAnswer): number => {
    let demandUs = 0;
    for (const { domain, base, perEntityUs, draws } of domains) {
      const entities = answer.work[domain as keyof ServiceAnswer['work']] ?? 0;
      if (entities === 0) continue;
      const occurrence = page.occurrences.get(domain) ?? 0;
      page.occurrences.set(domain, occurrence + 1);
      const u = draws.uniform(page.viewer, page.pageSequence * CALLS_PER_PAGE + occurrence);
      demandUs += (base(u) + perEntityUs * entities) * slowness(domain);
    }
    return Math.max(1, Math.round(demandUs));
  };
}
