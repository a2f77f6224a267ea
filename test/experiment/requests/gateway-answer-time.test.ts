/** CPU that a gateway spends on each answer before its plan goes on. */
import { describe, expect, it } from 'vitest';
import type { ArchitectureResult } from '../../../src/experiment/result.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { exponential, fixed } from '../../../src/experiment/scenario/values.ts';
import { BENCHMARK_QUERY } from '../../../src/gateway/products/gateways-benchmark/query.ts';
import { ms, seconds, us } from '../../../src/kernel/time.ts';

const ROUND_TRIP_US = 200;
const FETCHES = 7;
const WAVES = 4;
const PLAN_US = 1_000;
const ANSWER_US = 500;

type Gateway = NonNullable<NonNullable<ScenarioInput['architectures']>['federated']>;

async function run(
  gateway: Partial<Gateway>,
  more: Partial<ScenarioInput> & { readonly users?: number } = {},
): Promise<ArchitectureResult> {
  const { users = 1, ...overrides } = more;
  const idle = { replicas: 1, workersPerReplica: 9, baseTime: fixed(us(0)), timePerEntity: us(0) };
  const scenario = defineScenario({
    schema: 1,
    name: 'answer-time',
    question: 'Does each answer cost the gateway what it should?',
    product: 'gateways-benchmark',
    seed: 3,
    clock: { start: '2026-11-20T20:00:00-05:00', duration: seconds(5), drain: seconds(1) },
    audience: {},
    traffic: {
      kind: 'closed',
      users: [{ at: us(0), users }],
      via: 'datacentre',
      operations: [{ name: 'benchmark', query: BENCHMARK_QUERY }],
    },
    network: {
      datacentre: { roundTripTime: fixed(us(ROUND_TRIP_US)), bandwidthBitsPerSec: 1e12 },
      database: { roundTripTime: fixed(us(0)), bandwidthBitsPerSec: 1e12 },
    },
    services: { accounts: idle, inventory: idle, products: idle, reviews: idle },
    ...overrides,
    architectures: {
      federated: {
        replicas: 1,
        workersPerReplica: 2,
        planTime: us(PLAN_US),
        mergeTimePerFetch: us(0),
        mergeTimePerKib: us(0),
        ...gateway,
      },
    },
  });
  const document = await runScenario(scenario, { threads: 1, architectures: ['federated'] });
  const [result] = document.architectures;
  if (result === undefined) throw new Error('nothing ran');
  expect(result.ledger.requests.residual).toBe(0);
  return result;
}

function routerOf({ servers }: ArchitectureResult) {
  const router = servers.find(({ name }) => name === 'router');
  if (router === undefined) throw new Error('no router');
  return router;
}

describe('answer time of a gateway', () => {
  it('E33: is spent once an answer, one after the other within a page', async () => {
    const result = await run({ answerTime: us(ANSWER_US) });
    const networkUs = (WAVES + 1) * ROUND_TRIP_US;
    const expectedMs = (networkUs + PLAN_US + FETCHES * ANSWER_US) / 1_000;
    // Bytes over the wire and a microsecond of each service are all that comes on top.
    expect(result.pageLoadTimeMs.p50 - expectedMs).toBeGreaterThanOrEqual(0);
    expect(result.pageLoadTimeMs.p50 - expectedMs).toBeLessThan(0.02);
    expect(result.pageLoadTimeMs.p99).toBe(result.pageLoadTimeMs.p50);
    const perPageUs = (routerOf(result).workSeconds * 1e6) / result.requests;
    expect(Math.abs(perPageUs - PLAN_US - FETCHES * ANSWER_US)).toBeLessThan(1);
  });

  it('E33: costs nothing where nothing is said, and no worker is asked to do nothing', async () => {
    const result = await run({});
    const expectedMs = ((WAVES + 1) * ROUND_TRIP_US + PLAN_US) / 1_000;
    expect(result.pageLoadTimeMs.p50 - expectedMs).toBeLessThan(0.02);
    const { workSeconds, meanServiceMs } = routerOf(result);
    expect(Math.abs((workSeconds * 1e6) / result.requests - PLAN_US)).toBeLessThan(1);
    expect(meanServiceMs).toBe(PLAN_US / 1_000);
  });

  it('E33: may be drawn, as planning may, and is the same in the same run', async () => {
    const gateway = { planTime: exponential(ms(1)), answerTime: exponential(us(ANSWER_US)) };
    const [result, again] = [await run(gateway), await run(gateway)];
    expect(again.digest).toBe(result.digest);
    const perPageUs = (routerOf(result).workSeconds * 1e6) / result.requests;
    // About 900 pages of eight exponential times each: 2 % is three standard errors.
    expect(result.requests).toBeGreaterThan(700);
    expect(Math.abs(perPageUs / (1_000 + FETCHES * ANSWER_US) - 1)).toBeLessThan(0.06);
    expect(result.pageLoadTimeMs.p99).toBeGreaterThan(result.pageLoadTimeMs.p50 * 1.3);
  });

  it('E33: ends with the page, when its client hangs up or its gateway crashes', async () => {
    const impatient = { timeoutUs: ms(4), retry: { maxAttempts: 1 } };
    const hungUp = await run(
      { answerTime: us(ANSWER_US) },
      { users: 3, requests: { pages: impatient } },
    );
    expect(hungUp.errors).toBeGreaterThan(500);
    expect(hungUp.wastedWorkShare).toBeGreaterThan(0.5);
    expect(routerOf(hungUp).inFlight).toBe(0);
    const crashed = await run(
      { answerTime: us(ANSWER_US) },
      { users: 6, faults: [{ kind: 'zone.loss', zone: 0, at: seconds(2), for: ms(10) }] },
    );
    expect(routerOf(crashed).failures['reset']).toBe(6);
    expect(routerOf(crashed).inFlight).toBe(0);
    const shownShare = 1 - crashed.errors / crashed.requests;
    expect(shownShare).toBeGreaterThan(0.8);
  });
});
