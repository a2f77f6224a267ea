/** One page end to end in a run: what crossed the networks is what the page's calls truly are,
 * found here by asking the services by hand. */
import { expect, it } from 'vitest';
import { createPageMix } from '../../src/experiment/load/page-mix.ts';
import { readRunInputs } from '../../src/experiment/run-inputs.ts';
import type { Scenario } from '../../src/experiment/scenario/schema.ts';
import { fixed } from '../../src/experiment/scenario/values.ts';
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../src/gateway/architecture.ts';
import { createArchitecture } from '../../src/gateway/architectures.ts';
import { CALL_ORDERS, FAN_OUTS } from '../../src/gateway/plan/fan-out.ts';
import { createServiceBackends, type ServiceAnswer } from '../../src/gateway/service-backends.ts';
import { createChance } from '../../src/kernel/chance.ts';
import { ms, seconds } from '../../src/kernel/time.ts';
import { runWorld, smallScenario } from '../experiment/small-world.ts';
import { drivePlan } from '../gateway/drive-plan.ts';

/** What networks add: HTTP headers, and the body of a page request (a persisted query's hash). */
const CLIENT_HEADERS = 900 + 400;
const INTERNAL_HEADERS = 250 + 250;
const PAGE_REQUEST = 250;
/** The number of a load test's first user, who draws its title. */
const FIRST_USER = 0x6000_0000;

/** A user who thinks, asks once, and finds that the test is over. */
function onePage(
  architectures: NonNullable<Parameters<typeof smallScenario>[0]>['architectures'],
  via: 'wan' | 'datacentre' = 'wan',
) {
  return smallScenario({
    seed: 4,
    clock: { start: '2026-11-20T20:00:00-05:00', duration: seconds(1), drain: seconds(20) },
    audience: { viewers: 0 },
    architectures,
    traffic: {
      kind: 'closed',
      users: [{ at: 0, users: 1 }],
      thinkTime: fixed(ms(999)),
      pages: { home: 1 },
      via,
    },
  });
}

/** The page's calls and its answer, without a run. */
async function expected(scenario: Scenario, name: ArchitectureName) {
  const { catalogue } = await readRunInputs(scenario, {});
  const architecture = createArchitecture(name, scenario.architectures);
  const plan = architecture.plan('home');
  const mix = createPageMix({
    askables: [{ name: 'home', weight: 1, priority: 0, plan, variableNames: ['genre'] }],
    catalogue,
    popularityExponent: scenario.catalogue.popularityExponent,
    chance: createChance({ seed: scenario.seed, replication: 0 }),
  });
  const { variables } = mix(FIRST_USER, 0);
  const backends = createServiceBackends(catalogue);
  const answers: ServiceAnswer[] = [];
  const { answer } = drivePlan({
    plan,
    variables,
    backends: {
      ...backends,
      execute(request) {
        const one = backends.execute(request);
        answers.push(one);
        return one;
      },
    },
  });
  const sizeOf = (headers: number) =>
    answers.reduce((sum, one) => sum + one.requestBytes + one.responseBytes + headers, 0);
  const page = Buffer.byteLength(JSON.stringify({ data: answer.data }));
  const viaServer = { calls: 1, bytes: PAGE_REQUEST + page + CLIENT_HEADERS };
  const inside = { calls: answers.length, bytes: sizeOf(INTERNAL_HEADERS) };
  const nothing = { calls: 0, bytes: 0 };
  return {
    device: { wan: { calls: answers.length, bytes: sizeOf(CLIENT_HEADERS) }, internal: nothing },
    server: { wan: viaServer, internal: nothing },
    gateway: { wan: viaServer, internal: inside },
    router: { wan: viaServer, internal: inside },
  }[architecture.executedAt];
}

const CASES = [
  { name: 'monolith' as const, variants: [{}] },
  { name: 'direct' as const, variants: FAN_OUTS.map((fanOut) => ({ direct: { fanOut } })) },
  {
    name: 'aggregation' as const,
    variants: FAN_OUTS.flatMap((fanOut) => CALL_ORDERS.map((order) => ({ fanOut, order }))).map(
      (choice) => ({
        aggregation: {
          ...choice,
          replicas: 1,
          workersPerReplica: 2,
          planTime: ms(1),
          mergeTimePerFetch: 0,
          mergeTimePerKib: 0,
        },
      }),
    ),
  },
  {
    name: 'federated' as const,
    variants: (['plan', 'dataflow'] as const).map((schedule) => ({ schedule })),
  },
].flatMap(({ name, variants }) => variants.map((architectures) => ({ name, architectures })));

const WAYS = [
  ...CASES.map((one) => ({ ...one, via: 'wan' as const })),
  ...ARCHITECTURE_NAMES.map((name) => ({
    name,
    architectures: {},
    via: 'datacentre' as const,
  })),
];

it.each(WAYS)('G44: $name moves what its calls weigh: $architectures, $via', async (one) => {
  const scenario = onePage(one.architectures, one.via);
  const { world, warehouse } = await runWorld(scenario, { architecture: one.name });
  warehouse.close();
  const { loads, wan, internal } = world.recorder;
  expect(loads.map(({ outcome }) => outcome)).toEqual(['ok']);
  const moved = { wan: { ...wan }, internal: { ...internal } };
  expect(moved).toEqual(await expected(scenario, one.name));
  expect(wan.bytes).toBeGreaterThan(1_500);
});
