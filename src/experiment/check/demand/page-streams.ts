/** How many pages of which kind a scenario asks an architecture for over time: its viewers', and
 * those of an open load test by its rate. A closed one's rate hangs on the answers: see
 * `stations/closed-loop.ts`. Spec: E250. */
import type { PageVariables } from '../../../domain/page.ts';
import type { ApiArchitecture } from '../../../gateway/architecture.ts';
import type { CallPlan } from '../../../gateway/call-plan.ts';
import { createChance } from '../../../kernel/chance.ts';
import { createRateCurve } from '../../../kernel/distributions/rate-curve.ts';
import { US_PER_SECOND } from '../../../kernel/time.ts';
import { askablesOf } from '../../load/load-test-of.ts';
import { createPageMix } from '../../load/page-mix.ts';
import type { RunInputs } from '../../run-inputs.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { BUCKETS, bucketLengthOf, MAX_QUESTIONS, systematic } from './buckets.ts';
import type { ViewerDemand } from './viewer-demand.ts';

/** A question as it is asked. */
export interface AskedQuestion {
  readonly plan: CallPlan;
  readonly variables: PageVariables;
}

/** One kind of page. */
export interface PageStream {
  readonly page: string;
  readonly from: 'viewers' | 'load test';
  /** Pages per second in each time bucket; null where answers decide it (a closed load test). */
  readonly ratePerSec: readonly number[] | null;
  /** Questions of this kind, each as often as it is asked. */
  readonly questions: readonly AskedQuestion[];
  /** Of a load test: share of its pages. */
  readonly share: number;
}

/** What is asked of what. */
export interface StreamsOptions {
  readonly scenario: Scenario;
  readonly architecture: ApiArchitecture;
  readonly inputs: RunInputs;
  readonly viewers: ViewerDemand;
}

/** Questions drawn of a load test. */
const LOAD_TEST_DRAWS = 512;

/** The pages of a scenario on an architecture. */
export function pageStreams(options: StreamsOptions): readonly PageStream[] {
  const { architecture, viewers } = options;
  const ofViewers = viewers.pages.map(({ page, ratePerSec, variables }): PageStream => {
    const plan = architecture.plan(page);
    return {
      page,
      from: 'viewers',
      ratePerSec,
      questions: variables.map((one) => ({ plan, variables: one })),
      share: 0,
    };
  });
  return [...ofViewers, ...loadTestStreams(options)];
}

function loadTestStreams({
  scenario,
  architecture,
  inputs,
}: StreamsOptions): readonly PageStream[] {
  const { traffic } = scenario;
  if (traffic === undefined) return [];
  const askables = askablesOf(scenario, traffic, architecture);
  const mix = createPageMix({
    askables,
    catalogue: inputs.catalogue,
    popularityExponent: scenario.catalogue.popularityExponent,
    chance: createChance({ seed: scenario.seed, replication: 0 }),
  });
  const drawn = Array.from({ length: LOAD_TEST_DRAWS }, (_, user) => mix(user, 0));
  const rate = traffic.kind === 'open' ? openRate(scenario, traffic.rate) : null;
  const total = askables.reduce((sum, { weight }) => sum + weight, 0);
  return askables
    .filter(({ weight }) => weight > 0)
    .map(({ name, weight }) => ({
      page: name,
      from: 'load test',
      ratePerSec: rate?.map((perSec) => (perSec * weight) / total) ?? null,
      questions: systematic(
        drawn.filter(({ page }) => page === name),
        MAX_QUESTIONS,
      ),
      share: weight / total,
    }));
}

function openRate(
  scenario: Scenario,
  rate: readonly { readonly at: number; readonly perSecond: number }[],
): readonly number[] {
  const bucketUs = bucketLengthOf(scenario);
  const { duration } = scenario.clock;
  const curve = createRateCurve(
    rate.map(({ at, perSecond }) => ({ atUs: at, ratePerSec: perSecond })),
  );
  const until = (bucket: number) => curve.cumulative(Math.min(duration, bucket * bucketUs));
  return Array.from(
    { length: BUCKETS },
    (_, i) => ((until(i + 1) - until(i)) / bucketUs) * US_PER_SECOND,
  );
}
