/** W3, the single-server queue that simulators are compared by (Cimba's `MM1_single`): arrivals
 * every Exp(1/0.9), service Exp(1), 1 s each; the time in system is 10 s on average. Every gap and
 * every service is drawn when it is needed. */
import { createChance } from '../../src/kernel/chance.ts';
import { createRunDigest } from '../../src/kernel/digest.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';
import { createHistogram } from '../../src/stats/hdr-histogram.ts';
import { createTimeWeightedMean } from '../../src/stats/moments.ts';

/** What came out. */
export interface SingleServerOutcome {
  readonly served: number;
  readonly meanTimeInSystemS: number;
  /** Only with full statistics. */
  readonly meanInSystem: number;
}

const MEAN_GAP_US = 1e6 / 0.9;
const MEAN_SERVICE_US = 1e6;
const US_PER_S = 1e6;
/** Longest waiting line that is kept; far beyond what a million objects bring about. */
const LINE = 2 ** 16;
const LONGEST_US = 10_000_000_000;
const SLICE_US = 3_600_000_000;

/** Serves `objects`. @param isFull - whether the number in system over time, a histogram of the
 * times in system and the run's digest are kept, or the sum of times only. */
export function serveObjects(objects: number, isFull: boolean): SingleServerOutcome {
  const simulation = createSimulation({ maxEvents: Number.MAX_SAFE_INTEGER });
  const chance = createChance({ seed: 1, replication: 0 });
  const [gaps, services] = [chance.draws('bench.gap'), chance.draws('bench.service')];
  const digest = createRunDigest({ sliceUs: SLICE_US });
  const histogram = createHistogram({ significantDigits: 2, maxValue: LONGEST_US });
  const level = createTimeWeightedMean(0, 0);
  const actor = digest.actorHandle('server');
  const [came, went] = [digest.eventHandle('came'), digest.eventHandle('went')];
  const arrivedUs = new Float64Array(LINE);
  let [arrived, served, sumUs, lastUs] = [0, 0, 0, 0];

  const depart = simulation.registerHandler('depart', () => {
    const { nowUs } = simulation;
    const inSystemUs = nowUs - (arrivedUs[served & (LINE - 1)] ?? 0);
    sumUs += inSystemUs;
    lastUs = nowUs;
    served += 1;
    if (isFull) {
      histogram.record(inSystemUs);
      level.set(nowUs, arrived - served);
      digest.recordAt(nowUs, actor, went, arrived + served);
    }
    if (served < arrived) simulation.schedule(serviceUs(served), depart, 0);
  });
  const arrive = simulation.registerHandler('arrive', () => {
    const { nowUs } = simulation;
    arrivedUs[arrived & (LINE - 1)] = nowUs;
    arrived += 1;
    if (isFull) {
      level.set(nowUs, arrived - served);
      digest.recordAt(nowUs, actor, came, arrived + served);
    }
    if (arrived - served === 1) simulation.schedule(serviceUs(served), depart, 0);
    if (arrived < objects) simulation.schedule(gapUs(arrived), arrive, 0);
  });

  function gapUs(object: number): number {
    return Math.round(-Math.log(gaps.uniform(0, object)) * MEAN_GAP_US);
  }

  function serviceUs(object: number): number {
    return Math.round(-Math.log(services.uniform(0, object)) * MEAN_SERVICE_US);
  }

  simulation.schedule(gapUs(0), arrive, 0);
  simulation.run(Number.MAX_SAFE_INTEGER / 2);
  return {
    served,
    meanTimeInSystemS: sumUs / served / US_PER_S,
    meanInSystem: isFull ? level.meanUntil(lastUs) : Number.NaN,
  };
}
