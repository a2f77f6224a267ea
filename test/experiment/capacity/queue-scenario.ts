/** A scenario that is one M/M/c station and nothing else: pages of one exponential job each, asked
 * by a Poisson stream from inside the datacentre, over networks that take no time. */
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { Scenario, ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { exponential, fixed } from '../../../src/experiment/scenario/values.ts';
import { ms, seconds, us } from '../../../src/kernel/time.ts';
import { erlangC } from '../../../src/queueing/theory/erlang.ts';

/** The path of c. */
export const SERVERS = 'architectures.monolith.workersPerReplica';

const NO_TIME = { roundTripTime: fixed(us(0)), bandwidthBitsPerSec: 1e12 };
const IDLE = { replicas: 1, workersPerReplica: 1, baseTime: fixed(us(0)), timePerEntity: 0 };

/** What is asked of the station. */
export interface QueueCase {
  readonly seed?: number;
  readonly offeredErlangs: number;
  readonly meanServiceMs: number;
  readonly limitMs: number;
  readonly pages?: number;
  readonly drainSeconds?: number;
  readonly overrides?: Partial<ScenarioInput>;
}

/** The scenario, judged by the p95 of its pages. */
export function queueScenario(of: QueueCase): Scenario {
  const { offeredErlangs, meanServiceMs, limitMs, pages = 300 } = of;
  const perSecond = (offeredErlangs / meanServiceMs) * 1_000;
  return defineScenario({
    schema: 1,
    name: 'queue',
    question: 'How many servers?',
    seed: of.seed ?? 9,
    clock: {
      start: '2026-11-20T20:00:00Z',
      duration: seconds(Math.ceil(pages / perSecond)),
      drain: seconds(of.drainSeconds ?? 10),
    },
    audience: { viewers: 0 },
    catalogue: { titles: 20 },
    traffic: {
      kind: 'open',
      rate: [{ at: 0, perSecond }],
      via: 'datacentre',
      operations: [{ name: 'title', query: 'query T($id: ID!) { title(id: $id) { name } }' }],
    },
    services: {
      movie: { ...IDLE, baseTime: exponential(ms(meanServiceMs)) },
      production: IDLE,
      talent: IDLE,
    },
    architectures: { monolith: { replicas: 1, workersPerReplica: 4, maxWaiting: 100_000 } },
    network: { datacentre: NO_TIME, database: NO_TIME },
    requests: { pageTimeout: seconds(1_000), callTimeout: seconds(1_000) },
    objectives: [`p95(page.load) < ${limitMs}ms`],
    planning: { replications: 5, vary: { [SERVERS]: { min: 1, max: 40 } } },
    ...of.overrides,
  });
}

/** The smallest c at which 95 of 100 pages of M/M/c take less than the limit. P(T > t) =
 * e^−x + C·(e^−x − e^−(c − a)x) ÷ (c − a − 1) with x = μt. */
export function serversByTheory({ offeredErlangs: a, meanServiceMs, limitMs }: QueueCase): number {
  const x = limitMs / meanServiceMs;
  for (let c = Math.floor(a) + 1; ; c += 1) {
    const spare = c - a;
    const waited =
      Math.abs(spare - 1) < 1e-9
        ? x * Math.exp(-x)
        : (Math.exp(-x) - Math.exp(-spare * x)) / (spare - 1);
    if (Math.exp(-x) + erlangC(a, c) * waited <= 0.05) return c;
  }
}
