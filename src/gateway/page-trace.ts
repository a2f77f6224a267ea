/** The trace cache: what a page asks, of whom, with which true data and sizes, worked out once and
 * then followed at microseconds a page. What follows is known by the outcomes of the calls that it
 * is made from, never by the order in which they came in. Spec: G16, G17. */
import type { GraphQLSchema } from 'graphql';
import type { PageVariables } from '../domain/page.ts';
import type { CallPlan } from './call-plan.ts';
import type { TypeIndex } from './plan/data/type-index.ts';
import { createLruCache } from './plan/lru-cache.ts';
import { createPlanCompiler, type Schedule } from './plan/plan-compiler.ts';
import type { ServiceBackends } from './service-backends.ts';
import { TraceRun } from './trace/trace-run.ts';
import type { PageTraceRun } from './trace/traced-call.ts';
import { TracedPage } from './trace/traced-page.ts';

export type { CallOutcome, PageEnd, PageTraceRun, TracedCall } from './trace/traced-call.ts';

/** All pages of a run. */
export interface PageTraces {
  /** Begins a page. Cost below 1 µs where page and variables are remembered, else a few ms. */
  begin(plan: CallPlan, variables: PageVariables): PageTraceRun;
  /** Pages remembered. */
  readonly size: number;
}

/** What traces are made of. */
export interface PageTracesOptions {
  readonly publicSchema: GraphQLSchema;
  readonly backends: ServiceBackends;
  /** Types of the supergraph; those of the public schema by default. */
  readonly types?: TypeIndex;
  /** Default `plan`. */
  readonly schedule?: Schedule;
  /** Pages (plan and variables) remembered; the longest unused goes first. Default 2,048. */
  readonly maxPages?: number;
}

const MAX_PAGES = 2_048;

/** Makes the traces of a run. All of them are forgotten when `backends.dataVersion` changes. */
export function createPageTraces(options: PageTracesOptions): PageTraces {
  const { backends, maxPages = MAX_PAGES, ...plans } = options;
  const compile = createPlanCompiler(plans);
  const pages = createLruCache<TracedPage>(maxPages);
  const planNumbers = new WeakMap<CallPlan, number>();
  let planCount = 0;
  let dataVersion = backends.dataVersion;

  const numberOf = (plan: CallPlan): number => {
    let number = planNumbers.get(plan);
    if (number === undefined) {
      number = planCount;
      planCount += 1;
      planNumbers.set(plan, number);
    }
    return number;
  };

  return {
    get size() {
      return pages.size;
    },
    begin(plan, variables) {
      if (backends.dataVersion !== dataVersion) {
        pages.clear();
        dataVersion = backends.dataVersion;
      }
      const key = keyOf(numberOf(plan), variables);
      let page = pages.get(key);
      if (page === undefined) {
        page = new TracedPage(compile(plan, variables), variables, backends);
        pages.set(key, page);
      }
      return new TraceRun(page);
    },
  };
}

/** Names a page. Lengths keep values apart, whatever is in them. */
function keyOf(plan: number, variables: PageVariables): string {
  let key = `${plan}`;
  for (const name in variables) {
    const value = variables[name];
    if (value !== undefined) key += `;${name}:${String(value).length}:${value}`;
  }
  return key;
}
