/** Suite `kernel`: the hold model (each executed event schedules one more), cancellation, draws,
 * the digest, and whole workloads (M/M/1, PHOLD). Hold: N = 1,000,000 events, gaps exponential
 * with mean 100 µs, seed 1. */
import { createChance } from '../src/kernel/chance.ts';
import { createRunDigest } from '../src/kernel/digest.ts';
import { createSimulation } from '../src/kernel/simulation.ts';
import { type BenchCase, type BenchSuite, figure, medianRates } from './bench-suite.ts';
import { interleaved } from './interleaved.ts';
import { ObjectHeap } from './object-heap.ts';
import { queueingCases } from './queueing/queueing-workloads.ts';

/** A few percent need more than a few samples. */
const PAIRS = 21;
const HOLD_EVENTS = 1_000_000;
const CANCEL_REQUESTS = 300_000;
const DRAWS = 2_000_000;
const GAP_MASK = 0xffff;

/** Gaps of the hold model, drawn beforehand: the bench measures the kernel, not the logarithm. */
const draws = createChance({ seed: 1, replication: 0 }).draws('bench.gap');
const GAPS = Float64Array.from({ length: GAP_MASK + 1 }, (_, i) =>
  Math.max(1, Math.round(-Math.log(draws.uniform(0, i)) * 100)),
);

/** The suite. */
export const kernelSuite: BenchSuite = async ({ scale }) => {
  const events = Math.round(HOLD_EVENTS * scale);
  const cases: readonly BenchCase[] = [
    { name: 'hold 1k', units: events, run: () => hold(1_000, events) },
    { name: 'hold 100k', units: events, run: () => hold(100_000, events) },
    { name: 'object heap 1k', units: events, run: () => holdObjects(1_000, events) },
    { name: 'cancel', units: scaled(CANCEL_REQUESTS, scale), run: () => cancelling(scale) },
    { name: 'draws', units: scaled(DRAWS, scale), run: () => drawing(scaled(DRAWS, scale)) },
    ...queueingCases(scale),
  ];
  const rates = await medianRates(cases, { scale });
  const silent = () => hold(1_000, events);
  const recorded = () => holdRecorded(1_000, events);
  const pairs = interleaved(
    [
      { name: 'silent', units: events, prepare: () => silent },
      { name: 'recorded', units: events, prepare: () => recorded },
    ],
    scale >= 1 ? PAIRS : 1,
  );
  const rate = (name: string) => rates.get(name) ?? Number.NaN;
  return [
    figure('hold_1k_events_per_s', rate('hold 1k'), 'events/s'),
    figure('hold_100k_events_per_s', rate('hold 100k'), 'events/s'),
    figure('hold_1k_vs_object_heap_ratio', rate('hold 1k') / rate('object heap 1k'), '×'),
    figure('digest_overhead_share', pairs.ratio('recorded', 'silent') - 1, 'share'),
    figure('cancel_requests_per_s', rate('cancel'), 'requests/s'),
    figure('draws_per_s', rate('draws'), 'draws/s'),
    figure('mm1_objects_per_s', rate('mm1'), 'objects/s'),
    figure('mm1_full_objects_per_s', rate('mm1_full'), 'objects/s'),
    figure('phold_1k_events_per_s', rate('phold_1k'), 'events/s'),
    figure('phold_100k_events_per_s', rate('phold_100k'), 'events/s'),
  ];
};

function scaled(units: number, scale: number): number {
  return Math.round(units * scale);
}

/** The hold model with `pending` events waiting. @returns events executed. */
function hold(pending: number, events: number): number {
  const simulation = createSimulation();
  let executed = 0;
  const handler = simulation.registerHandler('hold', (target) => {
    executed += 1;
    if (executed + simulation.pendingCount >= events) return;
    simulation.schedule(GAPS[executed & GAP_MASK] ?? 1, handler, target);
  });
  const first = Math.min(pending, events);
  for (let i = 0; i < first; i += 1) simulation.schedule(GAPS[i & GAP_MASK] ?? 1, handler, i);
  simulation.run(Number.MAX_SAFE_INTEGER / 2);
  return executed;
}

/** The same with a digest of every event, by one of 64 actors. */
function holdRecorded(pending: number, events: number): number {
  const simulation = createSimulation();
  const digest = createRunDigest({ sliceUs: 1_000_000 });
  const first = Math.min(pending, events);
  const actors = Int32Array.from({ length: 64 }, (_, i) => digest.actorHandle(`bench/${i}`));
  const event = digest.eventHandle('hold');
  let executed = 0;
  const handler = simulation.registerHandler('hold', (target) => {
    executed += 1;
    digest.recordAt(simulation.nowUs, actors[target & 63] ?? 0, event, executed);
    if (executed + simulation.pendingCount >= events) return;
    simulation.schedule(GAPS[executed & GAP_MASK] ?? 1, handler, target);
  });
  for (let i = 0; i < first; i += 1) simulation.schedule(GAPS[i & GAP_MASK] ?? 1, handler, i);
  simulation.run(Number.MAX_SAFE_INTEGER / 2);
  return digest.actors().length === Math.min(64, first) ? executed : 0;
}

/** The same on a heap of objects. */
function holdObjects(pending: number, events: number): number {
  const heap = new ObjectHeap();
  let executed = 0;
  let waiting = Math.min(pending, events);
  const run = () => {
    executed += 1;
    waiting -= 1;
    if (executed + waiting >= events) return;
    waiting += 1;
    heap.schedule(GAPS[executed & GAP_MASK] ?? 1, run);
  };
  const first = waiting;
  for (let i = 0; i < first; i += 1) heap.schedule(GAPS[i & GAP_MASK] ?? 1, run);
  for (let i = 0; i < events; i += 1) heap.step();
  return executed;
}

/** Each request schedules a time-out 1 ms ahead; four of five are cancelled before. */
function cancelling(scale: number): number {
  const requests = scaled(CANCEL_REQUESTS, scale);
  const simulation = createSimulation();
  const keys = new Float64Array(requests);
  let done = 0;
  const timeout = simulation.registerHandler('timeout', () => {
    done += 1;
  });
  const answer = simulation.registerHandler('answer', (request) => {
    if (request % 5 !== 0 && simulation.cancel(keys[request] ?? -1)) done += 1;
  });
  const arrive = simulation.registerHandler('arrive', (request) => {
    keys[request] = simulation.schedule(1_000, timeout, request);
    simulation.schedule(500, answer, request);
    if (request + 1 < requests) simulation.schedule(1, arrive, request + 1);
  });
  simulation.schedule(0, arrive, 0);
  simulation.run(Number.MAX_SAFE_INTEGER / 2);
  return done;
}

function drawing(count: number): number {
  const uniforms = createChance({ seed: 1, replication: 0 }).draws('bench.draw');
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += uniforms.uniform(i, 3);
  // The mean of uniforms: six standard errors around one half.
  const isUniform = Math.abs(sum / count - 0.5) < 6 * Math.sqrt(1 / 12 / count);
  return isUniform ? count : 0;
}
