/** The load test that a scenario describes, wired to the desk that takes its questions. */
import type { ActorId, ActorSystem } from '../../actors/runtime/actor-system.ts';
import type { MachineMaker } from '../../actors/runtime/machine-shelf.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ApiArchitecture } from '../../gateway/architecture.ts';
import { variableNamesIn } from '../../gateway/federation/operations.ts';
import type { Chance } from '../../kernel/chance.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { PageDesk } from '../requests/page-desk.ts';
import type { Scenario } from '../scenario/schema.ts';
import { createLoadTest } from './load-test.ts';
import { type Askable, createPageMix } from './page-mix.ts';

/** A load test as the assembly knows it. */
export interface LoadTest {
  /** A user wants its n-th page. */
  wanted(user: ActorId, pageSequence: number): void;
  /** Schedules users or arrivals; before the run. */
  start(): void;
}

/** What it is made of. */
export interface LoadTestOfOptions {
  readonly scenario: Scenario;
  readonly architecture: ApiArchitecture;
  readonly catalogue: Catalogue;
  readonly simulation: Simulation;
  readonly actors: ActorSystem;
  readonly chance: Chance;
  readonly desk: PageDesk;
  readonly takeIn: (attempt: unknown) => void;
  readonly machineOf: MachineMaker;
}

/** Makes the scenario's load test; undefined where it has none.
 * @throws EngineError `GATEWAY_BAD_OPERATION` for an operation that the architecture cannot
 * answer. */
export function createLoadTestOf(options: LoadTestOfOptions): LoadTest | undefined {
  const { scenario, catalogue, chance, desk } = options;
  const { traffic } = scenario;
  if (traffic === undefined) return undefined;
  const mix = createPageMix({
    askables: askablesOf(scenario, traffic, options.architecture),
    catalogue,
    popularityExponent: scenario.catalogue.popularityExponent,
    chance,
  });
  const isAwaited = traffic.kind === 'closed';
  const test = createLoadTest({
    ...options,
    traffic,
    mix,
    ask: (client, pageSequence, question) =>
      desk.ask(client, pageSequence, { question, isAwaited }),
  });
  return {
    wanted(user, pageSequence) {
      const client = test.clientOf(user);
      if (client !== undefined) test.asked(client, pageSequence);
    },
    start: () => test.start(),
  };
}

/** What a load test asks for, as an architecture plans it. */
export function askablesOf(
  { requests }: Scenario,
  { pages, operations }: NonNullable<Scenario['traffic']>,
  architecture: ApiArchitecture,
): readonly Askable[] {
  const asked: Askable[] = [];
  for (const [name, weight] of Object.entries(pages)) {
    const page = name as keyof typeof pages;
    const plan = architecture.plan(page);
    const variableNames = variableNamesIn(plan.document);
    asked.push({ name, weight, plan, priority: requests.priorities[page] ?? 0, variableNames });
  }
  for (const { name, weight, query, priority } of operations) {
    const plan = architecture.planOperation(query);
    const variableNames = variableNamesIn(plan.document);
    asked.push({ name, weight, plan, priority, variableNames });
  }
  return asked;
}
