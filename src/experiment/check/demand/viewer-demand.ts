/** What viewers ask for over time, whatever the architecture: the expected arrivals folded with how
 * long after arriving a sample of them asks for what. Spec: E250. */
import { createAudience } from '../../../domain/audience.ts';
import type { PageName, PageVariables } from '../../../domain/page.ts';
import { createChance } from '../../../kernel/chance.ts';
import { createRateCurve } from '../../../kernel/distributions/rate-curve.ts';
import { US_PER_SECOND } from '../../../kernel/time.ts';
import { audienceConfig } from '../../households/audience-config.ts';
import { createViewerDecisions } from '../../households/viewer-decisions.ts';
import type { RunInputs } from '../../run-inputs.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { addAt, BUCKETS, bucketLengthOf, MAX_QUESTIONS, systematic } from './buckets.ts';
import { walkViewer } from './viewer-walk.ts';

/** What all viewers together ask for. */
export interface ViewerDemand {
  /** By name of the page. */
  readonly pages: readonly {
    readonly page: PageName;
    readonly ratePerSec: readonly number[];
    /** What is asked, each as often as it is. */
    readonly variables: readonly PageVariables[];
  }[];
  /** Tracked events per second, bucket by bucket. */
  readonly eventRatePerSec: readonly number[];
}

/** Viewers whose visits are followed at most: their pages' standard error is about 2 %. */
const MAX_WALKS = 600;

/** The demand of a scenario's viewers, on the draws of its first replication. Cost: some 20 ms. */
export function viewerDemand(scenario: Scenario, inputs: RunInputs): ViewerDemand {
  const { audience } = scenario;
  const expected = audience.viewers + audience.guests.length;
  if (expected === 0) return { pages: [], eventRatePerSec: new Array<number>(BUCKETS).fill(0) };
  const walks = Math.min(MAX_WALKS, Math.max(1, Math.ceil(expected)));
  const bucketUs = bucketLengthOf(scenario);
  const asked = new Map<PageName, Asked>();
  const eventOffsets = new Array<number>(BUCKETS).fill(0);
  for (const walk of walksOf(scenario, inputs, walks)) {
    for (const { page, variables, atUs } of walk.pages) {
      const known = asked.get(page) ?? emptyAsked();
      asked.set(page, known);
      addAt(known.offsets, atUs / bucketUs, 1 / walks);
      known.variables.push(variables);
    }
    for (const atUs of walk.eventsAtUs) addAt(eventOffsets, atUs / bucketUs, 1 / walks);
  }
  const arrivals = arrivalsByBucket(scenario, inputs, bucketUs);
  const rateOf = (offsets: readonly number[]) =>
    folded(arrivals, offsets).map((count) => (count / bucketUs) * US_PER_SECOND);
  return {
    pages: [...asked]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([page, { offsets, variables }]) => ({
        page,
        ratePerSec: rateOf(offsets),
        variables: systematic(variables, MAX_QUESTIONS),
      })),
    eventRatePerSec: rateOf(eventOffsets),
  };
}

interface Asked {
  readonly offsets: number[];
  readonly variables: PageVariables[];
}

function emptyAsked(): Asked {
  return { offsets: new Array<number>(BUCKETS).fill(0), variables: [] };
}

function walksOf(scenario: Scenario, { catalogue }: RunInputs, count: number) {
  const chance = createChance({ seed: scenario.seed, replication: 0 });
  const decisions = createViewerDecisions(scenario, catalogue, chance);
  const profileOf = createAudience(audienceConfig(scenario, catalogue), chance);
  const horizonUs = bucketLengthOf(scenario) * BUCKETS;
  const { heartbeat: heartbeatUs } = scenario.clickstream;
  return Array.from({ length: count }, (_, viewer) => {
    const genre = profileOf(viewer).favouriteGenre;
    return walkViewer(decisions, { viewer, genre, horizonUs, heartbeatUs });
  });
}

/** Expected arrivals in each bucket; guests where they arrive. */
function arrivalsByBucket(
  { audience, clock }: Scenario,
  { arrivals }: RunInputs,
  bucketUs: number,
): readonly number[] {
  const counts = new Array<number>(BUCKETS).fill(0);
  for (const { at } of audience.guests) addAt(counts, at / bucketUs, 1);
  if (audience.viewers === 0) return counts;
  const curve = createRateCurve(
    arrivals.map(({ atUs, relativeRate }) => ({ atUs, ratePerSec: relativeRate })),
  );
  const all = curve.cumulative(clock.duration);
  const until = (bucket: number) => curve.cumulative(Math.min(clock.duration, bucket * bucketUs));
  for (let i = 0; i < BUCKETS; i += 1) {
    addAt(counts, i, (audience.viewers * (until(i + 1) - until(i))) / all);
  }
  return counts;
}

/** Counts of what follows arrivals: Σ arrivals before × share that asks so long after. */
function folded(arrivals: readonly number[], offsets: readonly number[]): readonly number[] {
  const counts = new Array<number>(BUCKETS).fill(0);
  for (let arrival = 0; arrival < BUCKETS; arrival += 1) {
    const many = arrivals[arrival] ?? 0;
    if (many === 0) continue;
    for (let i = arrival; i < BUCKETS; i += 1) {
      counts[i] = (counts[i] ?? 0) + many * (offsets[i - arrival] ?? 0);
    }
  }
  return counts;
}
