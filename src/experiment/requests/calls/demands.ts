/** How long calls keep workers busy: per domain a base time and a time per entity resolved, drawn
 * by (viewer, page, domain, occurrence), so that all architectures meet the same demands. */
import type { TracedCall } from '../../../gateway/page-trace.ts';
import type { Chance, Draws } from '../../../kernel/chance.ts';
import { type DistributionSpec, quantileOf } from '../../../kernel/distributions/distribution.ts';
import type { Demand } from './call.ts';
import { drawEntity, type PageRequest } from './page-request.ts';

/** Calls of one page that draw separately: more would share draws. */
const CALLS_PER_PAGE = 256;
/** Entities of one call that draw separately. */
const ENTITIES_PER_CALL = 64;

/** How often each domain was asked in one page so far, by its number. */
export type Occurrences = Uint8Array;

/** Draws demands. */
export interface Demands {
  /** A page begins: nothing was asked yet. */
  begin(): Occurrences;
  /** The demand of a page's next call. */
  of(request: PageRequest, traced: TracedCall, occurrences: Occurrences): Demand;
  /** What was asked of each domain so far, by its name. */
  readonly tallies: ReadonlyMap<string, DomainTally>;
}

/** Calls that a domain had work from, and the fewest and most entities of one of them. */
export interface DomainTally {
  readonly calls: number;
  readonly entitiesMin: number;
  readonly entitiesMax: number;
}

/** What a domain's work costs. */
export interface DomainCost {
  readonly baseTime: DistributionSpec;
  /** µs per entity, or their distribution. */
  readonly timePerEntity: number | DistributionSpec;
}

/** What demands are drawn from. */
export interface DemandsOptions {
  readonly costs: Readonly<Record<string, DomainCost>>;
  readonly chance: Chance;
  /** How many times longer a domain's work takes now: 1 but for faults. */
  readonly slowness: (domain: string) => number;
}

interface DomainDraws {
  readonly tally: { -readonly [K in keyof DomainTally]: DomainTally[K] };
  readonly domain: string;
  readonly base: (u: number) => number;
  readonly perEntityUs: number;
  readonly perEntity: ((u: number) => number) | undefined;
  readonly baseDraws: Draws;
  readonly entityDraws: Draws;
}

/** Makes the demands of a run. */
export function createDemands({ costs, chance, slowness }: DemandsOptions): Demands {
  const domains = Object.keys(costs)
    .sort()
    .map((domain) => domainDraws(domain, costs[domain] as DomainCost, chance));
  return {
    begin: () => new Uint8Array(domains.length),
    tallies: new Map(domains.map(({ domain, tally }) => [domain, tally])),
    of(request, { work }, occurrences) {
      let totalUs = 0;
      let entitiesUs = 0;
      for (let i = 0; i < domains.length; i += 1) {
        const one = domains[i] as DomainDraws;
        const entities = work[one.domain] ?? 0;
        if (entities === 0) continue;
        const { tally } = one;
        tally.calls += 1;
        if (entities < tally.entitiesMin) tally.entitiesMin = entities;
        if (entities > tally.entitiesMax) tally.entitiesMax = entities;
        const occurrence = occurrences[i] ?? 0;
        occurrences[i] = occurrence + 1;
        const index = request.pageSequence * CALLS_PER_PAGE + occurrence;
        const u = one.baseDraws.uniform(drawEntity(request), index);
        const perEntitiesUs =
          entityTimeUs(one, { request, index, entities }) * slowness(one.domain);
        entitiesUs += perEntitiesUs;
        totalUs += one.base(u) * slowness(one.domain) + perEntitiesUs;
      }
      return { totalUs, entitiesUs };
    },
  };
}

function domainDraws(domain: string, cost: DomainCost, chance: Chance): DomainDraws {
  const { timePerEntity } = cost;
  const isFixed = typeof timePerEntity === 'number';
  return {
    domain,
    tally: { calls: 0, entitiesMin: Number.POSITIVE_INFINITY, entitiesMax: 0 },
    base: quantileOf(cost.baseTime),
    perEntityUs: isFixed ? timePerEntity : 0,
    perEntity: isFixed ? undefined : quantileOf(timePerEntity),
    baseDraws: chance.draws(`service.${domain}.base-time`),
    entityDraws: chance.draws(`service.${domain}.entity-time`),
  };
}

function entityTimeUs(
  one: DomainDraws,
  call: { readonly request: PageRequest; readonly index: number; readonly entities: number },
): number {
  if (one.perEntity === undefined) return one.perEntityUs * call.entities;
  let sumUs = 0;
  for (let i = 0; i < call.entities; i += 1) {
    const index = call.index * ENTITIES_PER_CALL + (i % ENTITIES_PER_CALL);
    sumUs += one.perEntity(one.entityDraws.uniform(drawEntity(call.request), index));
  }
  return sumUs;
}
