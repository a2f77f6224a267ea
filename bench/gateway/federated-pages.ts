/** A page with exact data through the federated gateway, without a network. N = 200,000 pages along
 * the trace cache over 400 titles (seed 7), calls completed last first, without and with 1 % of
 * calls failing; beside it the same pages by the plan executor (answers of services remembered,
 * then resolved anew) and the monolith's graphql-js. */
import { createBuiltInCatalogue } from '../../src/domain/built-in-catalogue.ts';
import type { PageVariables } from '../../src/domain/page.ts';
import { createArchitecture } from '../../src/gateway/architectures.ts';
import type { CallPlan } from '../../src/gateway/call-plan.ts';
import { createPageTraces, type PageTraces } from '../../src/gateway/page-trace.ts';
import { createPlanRun } from '../../src/gateway/plan-run.ts';
import { createServiceBackends, type ServiceBackends } from '../../src/gateway/service-backends.ts';
import { productSupergraph } from '../../src/gateway/services/product.ts';
import { type BenchCase, type BenchResult, figure, medianRates } from '../bench-suite.ts';

const TRACED_PAGES = 200_000;
const UNTRACED_PAGES = 20_000;
const UNCACHED_PAGES = 1_000;
const TITLES = 400;
/** Every hundredth call fails in the case with failures. */
const FAIL_EVERY = 100;

/** What a page costs. */
export async function federatedPageFigures(scale: number): Promise<readonly BenchResult[]> {
  const catalogue = createBuiltInCatalogue({ titles: TITLES, seed: 7 });
  const plan = createArchitecture('federated').plan('title');
  const pages = catalogue.titles.slice(0, TITLES).map(({ id }): PageVariables => ({ id }));
  const backends = createServiceBackends(catalogue);
  const forgetful = createServiceBackends(catalogue, { maxRememberedAnswers: 0 });
  const { publicSchema, types } = productSupergraph();
  const traces = createPageTraces({ publicSchema, types, backends });
  const count = (pagesAtFullScale: number) => Math.max(1, Math.round(pagesAtFullScale * scale));
  const work = { plan, pages };
  const anew = { pages, backends: forgetful, count: count(UNCACHED_PAGES) };
  const cases: readonly BenchCase[] = [
    traced('traced', { ...work, traces, count: count(TRACED_PAGES), failEvery: 0 }),
    traced('failing', { ...work, traces, count: count(TRACED_PAGES), failEvery: FAIL_EVERY }),
    untraced('untraced', { ...work, backends, count: count(UNTRACED_PAGES) }),
    untraced('uncached', { ...anew, plan }),
    untraced('monolith', { ...anew, plan: createArchitecture('monolith').plan('title') }),
  ];
  const rates = await medianRates(cases, { scale });
  const costUs = (name: string) => 1_000_000 / (rates.get(name) ?? Number.NaN);
  return [
    figure('federated_page_cpu_us', costUs('traced'), 'µs'),
    figure('federated_page_with_failures_cpu_us', costUs('failing'), 'µs'),
    figure('federated_page_untraced_cpu_us', costUs('untraced'), 'µs'),
    figure('federated_page_uncached_cpu_us', costUs('uncached'), 'µs'),
    figure('monolith_page_uncached_cpu_us', costUs('monolith'), 'µs'),
    figure('federated_page_uncached_vs_cpu_ratio', costUs('uncached') / costUs('traced'), '×'),
  ];
}

interface Work {
  readonly plan: CallPlan;
  readonly pages: readonly PageVariables[];
  readonly count: number;
}

function traced(
  name: string,
  options: Work & { readonly traces: PageTraces; readonly failEvery: number },
): BenchCase {
  const { plan, pages, count, traces, failEvery } = options;
  let calls = 0;
  const run = () => {
    let ended = 0;
    for (let i = 0; i < count; i += 1) {
      const page = traces.begin(plan, pages[i % pages.length] ?? {});
      const open = page.start().slice();
      for (let call = open.pop(); call !== undefined; call = open.pop()) {
        calls += 1;
        const fails = failEvery > 0 && calls % failEvery === 0;
        open.push(...page.complete(call.callId, fails ? 'failed' : 'answered'));
      }
      if (page.end() !== undefined) ended += 1;
    }
    return ended;
  };
  return { name, units: count, run };
}

function untraced(name: string, options: Work & { readonly backends: ServiceBackends }): BenchCase {
  const { plan, pages, count, backends } = options;
  const run = () => {
    let ended = 0;
    for (let i = 0; i < count; i += 1) {
      const page = createPlanRun(plan, pages[i % pages.length] ?? {});
      const open = page.start().slice();
      for (let fetch = open.pop(); fetch !== undefined; fetch = open.pop()) {
        const { serviceName: service, operation, variables } = fetch;
        const { data, errors } = backends.execute({ service, operation, variables });
        open.push(...page.complete(fetch.fetchId, { ok: true, data, errors }));
      }
      if (page.answer() !== undefined) ended += 1;
    }
    return ended;
  };
  return { name, units: count, run };
}
