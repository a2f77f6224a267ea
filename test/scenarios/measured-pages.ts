/** One variant of a load test, page by page: how long each load took, and, worked out without the
 * run, which calls the page truly makes. What tests of conclusions compare. */
import { createPageMix } from '../../src/experiment/load/page-mix.ts';
import { readRunInputs } from '../../src/experiment/run-inputs.ts';
import type { Scenario } from '../../src/experiment/scenario/schema.ts';
import { variantsOf } from '../../src/experiment/scenario/variants.ts';
import { createArchitecture } from '../../src/gateway/architectures.ts';
import type { CallPlan } from '../../src/gateway/call-plan.ts';
import {
  createPageTraces,
  type PageEnd,
  type PageTraces,
  type TracedCall,
} from '../../src/gateway/page-trace.ts';
import { createServiceBackends } from '../../src/gateway/service-backends.ts';
import { productSupergraph } from '../../src/gateway/services/product.ts';
import { createChance } from '../../src/kernel/chance.ts';
import { runWorld } from '../experiment/small-world.ts';

/** One page load, measured and known. */
export interface MeasuredPage {
  readonly pageLoadTimeUs: number;
  /** False during the warm-up. */
  readonly isMeasured: boolean;
  readonly outcome: string;
  /** Its calls: what is out at once, then what is out when all of that is in. */
  readonly waves: readonly (readonly TracedCall[])[];
  readonly end: PageEnd;
}

/** A variant that has run. */
export interface MeasuredVariant {
  readonly scenario: Scenario;
  readonly plan: CallPlan;
  /** By who asked for them and when. */
  readonly pages: ReadonlyMap<string, MeasuredPage>;
}

/** Runs one variant of a scenario whose load test asks for one page. */
export async function measureVariant(of: Scenario, name: string): Promise<MeasuredVariant> {
  const variant = variantsOf(of).find((one) => one.name === name);
  const [page] = Object.keys(of.traffic?.pages ?? {});
  if (variant === undefined || page === undefined) throw new Error(`no variant "${name}"`);
  const { scenario } = variant;
  const { catalogue } = await readRunInputs(scenario, {});
  const architecture = createArchitecture(variant.architecture, scenario.architectures);
  const plan = architecture.plan(page as 'home');
  const mix = createPageMix({
    askables: [
      {
        name: page,
        weight: 1,
        priority: 0,
        plan,
        variableNames: [page === 'home' ? 'genre' : 'id'],
      },
    ],
    catalogue,
    popularityExponent: scenario.catalogue.popularityExponent,
    chance: createChance({ seed: scenario.seed, replication: 0 }),
  });
  const traces = createPageTraces({
    publicSchema: productSupergraph().publicSchema,
    backends: createServiceBackends(catalogue),
  });
  const { world, warehouse } = await runWorld(scenario, { architecture: variant.architecture });
  warehouse.close();
  const asked = new Map<number, number>();
  const pages = new Map<string, MeasuredPage>();
  const inOrder = [...world.recorder.loads].sort((a, b) => a.askedAtUs - b.askedAtUs);
  for (const { viewer, askedAtUs, pageLoadTimeUs, isMeasured, outcome } of inOrder) {
    const sequence = asked.get(viewer) ?? 0;
    asked.set(viewer, sequence + 1);
    const { variables } = mix(viewer, sequence);
    const known = followed(traces, plan, variables);
    pages.set(`${viewer} ${askedAtUs}`, { pageLoadTimeUs, isMeasured, outcome, ...known });
  }
  return { scenario, plan, pages };
}

function followed(traces: PageTraces, plan: CallPlan, variables: Record<string, string>) {
  const run = traces.begin(plan, variables);
  const waves: (readonly TracedCall[])[] = [];
  for (let open = run.start(); open.length > 0; ) {
    waves.push(open);
    open = open.flatMap(({ callId }) => run.complete(callId, 'answered'));
  }
  const end = run.end();
  if (end === undefined) throw new Error('a page without an end');
  return { waves, end };
}

/** The value of a fixed duration of a scenario. */
export function fixedUs(distribution: { readonly kind: string; readonly value?: number }): number {
  if (distribution.value === undefined) throw new Error(`${distribution.kind} is not fixed`);
  return distribution.value;
}

/** A link of a scenario, in the plain form or another. */
type AnyLink = Scenario['network']['datacentre'] | Scenario['audience']['devices']['web']['wan'];

/** One way over a link with fixed times, headers included. */
export function legUs(link: AnyLink, sizeBytes: number): number {
  if (!('bandwidthBitsPerSec' in link && 'roundTripTime' in link)) throw new Error('no plain link');
  const usPerByte = 8_000_000 / link.bandwidthBitsPerSec;
  return Math.max(1, Math.round(fixedUs(link.roundTripTime) / 2 + sizeBytes * usPerByte));
}

/** What a service does for a call where nobody waits: worker time, then its database. */
export function serviceUs({ services, network }: Scenario, call: TracedCall): number {
  const demandUs = Object.entries(call.work).reduce((sum, [domain, entities]) => {
    const service = services[domain];
    if (service === undefined || entities === 0) return sum;
    return sum + fixedUs(service.baseTime) + Number(service.timePerEntity) * entities;
  }, 0);
  return demandUs + fixedUs(network.database.roundTripTime) * call.databaseRoundTrips;
}
