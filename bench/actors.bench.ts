/** Suite `actors`: statechart transitions on the interpreter in use, one service actor under load.
 * N = 40,000 calls (two transitions each), Poisson arrivals at ρ = 0.6, seed 1. */
import { createXStateActorSystem } from '../src/actors/runtime/xstate-actor-system.ts';
import { createServiceMachine, type ServiceMessage } from '../src/actors/service.ts';
import { createChance } from '../src/kernel/chance.ts';
import { createRunDigest } from '../src/kernel/digest.ts';
import { createSimulation } from '../src/kernel/simulation.ts';
import { type BenchSuite, figure, medianRates } from './bench-suite.ts';

const CALLS = 40_000;
const TRANSITIONS_PER_CALL = 2;
const MEAN_GAP_US = 1_000;
const DEMAND_US = 600;

/** The suite. */
export const actorsSuite: BenchSuite = async ({ scale }) => {
  const calls = Math.round(CALLS * scale);
  const units = calls * TRANSITIONS_PER_CALL;
  const rates = await medianRates([{ name: 'service', units, run: () => serve(calls) }], { scale });
  return [figure('xstate_transitions_per_s', rates.get('service') ?? Number.NaN, 'transitions/s')];
};

/** @returns messages and timers processed. */
function serve(calls: number): number {
  const simulation = createSimulation();
  const gaps = createChance({ seed: 1, replication: 0 }).draws('bench.gap');
  const actors = createXStateActorSystem({
    simulation,
    digest: createRunDigest({ sliceUs: 1_000_000 }),
    drawCount: () => 0,
    onEmit: () => {},
  });
  const service = actors.spawn(createServiceMachine({ nowUs: () => simulation.nowUs }), {
    name: 'service/bench',
    input: {
      service: 'bench',
      station: {
        replicas: 1,
        workersPerReplica: 1,
        maxWaiting: 1_000,
        balancing: 'least-outstanding',
      },
    },
  });
  let atUs = 0;
  for (let call = 0; call < calls; call += 1) {
    atUs += Math.round(-Math.log(gaps.uniform(0, call)) * MEAN_GAP_US);
    const job = { call: String(call), demandUs: DEMAND_US, arrivedAtUs: atUs };
    const message: ServiceMessage = { type: 'call.arrived', job };
    actors.send(service, message, atUs);
  }
  simulation.run(Number.MAX_SAFE_INTEGER / 2);
  return actors.processedCount;
}
