/** Devices with clocks that lie, sending over networks that delay: a small world in which the true
 * time of every event is known, so that corrections can be scored. All draws are keyed by (profile,
 * device, purpose, index). */
import { createChance, type Draws } from '../../../src/kernel/chance.ts';
import { createTimeCorrection } from '../../../src/streams/time-correction/strategies.ts';
import type {
  ClockSample,
  TimeCorrectionName,
} from '../../../src/streams/time-correction/time-correction.ts';

/** A network, and the devices behind it. Times are ms. */
export interface NetworkProfile {
  readonly name: string;
  /** One-way delay: a floor, and a log-normal part above it by its median and spread. */
  readonly delayFloorMs: number;
  readonly delayMedianMs: number;
  readonly delaySigma: number;
  /** Chance that a batch must wait for a network, and the mean of that wait. */
  readonly offlineProbability: number;
  readonly offlineMeanMs: number;
  /** Chance that a batch is sent again after its first way was lost, with a backoff of seconds; the
   * device's clocks are read anew. */
  readonly retryProbability: number;
  /** Greatest error of the wall clock at the start, and the chance that it is set in a session. */
  readonly wallErrorMs: number;
  readonly jumpProbability: number;
}

/** The three profiles of the table. */
export const PROFILES: readonly NetworkProfile[] = [
  {
    name: 'fibre',
    delayFloorMs: 8,
    delayMedianMs: 6,
    delaySigma: 0.6,
    offlineProbability: 0,
    offlineMeanMs: 0,
    retryProbability: 0.002,
    wallErrorMs: 2_000,
    jumpProbability: 0,
  },
  {
    name: '4G',
    delayFloorMs: 30,
    delayMedianMs: 60,
    delaySigma: 1,
    offlineProbability: 0.02,
    offlineMeanMs: 20_000,
    retryProbability: 0.02,
    wallErrorMs: 60_000,
    jumpProbability: 0.1,
  },
  {
    name: 'flaky mobile',
    delayFloorMs: 60,
    delayMedianMs: 400,
    delaySigma: 1.4,
    offlineProbability: 0.15,
    offlineMeanMs: 1_800_000,
    retryProbability: 0.15,
    // Years: a television set that was off, a phone without a battery.
    wallErrorMs: 3 * 365 * 86_400_000,
    jumpProbability: 0.5,
  },
];

/** One event: what clocks said, and when it happened. */
export interface TimedSample extends ClockSample {
  readonly trueTimeUs: number;
}

const START_US = 1_795_204_800_000_000;
const DEVICES = 300;
const EVENTS_PER_DEVICE = 120;
const EVENT_GAP_MEAN_MS = 4_000;
const BATCH_EVENTS = 10;
const MS = 1_000;

/** All events of a profile's devices, in the order in which they reach the collector. */
export function samplesOf(profile: NetworkProfile, seed: number): readonly TimedSample[] {
  const chance = createChance({ seed, replication: 0 });
  const known = new Map<string, Draws>();
  const drawsOf = (purpose: string) => {
    const draws = known.get(purpose) ?? chance.draws(`${profile.name}.${purpose}`);
    known.set(purpose, draws);
    return draws;
  };
  return Array.from({ length: DEVICES }, (_, device) => deviceSamples(profile, device, drawsOf))
    .flat()
    .sort((a, b) => a.ingestTimeUs - b.ingestTimeUs);
}

function deviceSamples(
  profile: NetworkProfile,
  device: number,
  drawsOf: (purpose: string) => Draws,
): readonly TimedSample[] {
  const draw = (purpose: string, index = 0) => drawsOf(purpose).uniform(device, index);
  const bootUs = START_US - Math.round(draw('boot') * 86_400_000) * MS;
  const wallErrorUs = Math.round((2 * draw('wall') - 1) * profile.wallErrorMs) * MS;
  const isSet = draw('jump') < profile.jumpProbability;
  const setAtUs =
    START_US + Math.round(draw('jump at') * EVENTS_PER_DEVICE * EVENT_GAP_MEAN_MS) * MS;
  // A clock that is set is right to within half a second.
  const rightedUs = Math.round((2 * draw('righted') - 1) * 500) * MS;
  const wall = (trueUs: number) => trueUs + (isSet && trueUs >= setAtUs ? rightedUs : wallErrorUs);
  const exponential = (purpose: string, index: number, meanMs: number) =>
    Math.round(-Math.log(1 - draw(purpose, index)) * meanMs * MS);
  const delayUs = (index: number) => {
    const normal = gaussian(draw('delay', 2 * index), draw('delay', 2 * index + 1));
    const above = profile.delayMedianMs * Math.exp(profile.delaySigma * normal);
    return Math.round((profile.delayFloorMs + above) * MS);
  };
  const samples: TimedSample[] = [];
  let trueUs = START_US;
  let sendableUs = START_US;
  let roundTripUs: number | undefined;
  for (let batch = 0; batch * BATCH_EVENTS < EVENTS_PER_DEVICE; batch += 1) {
    const captured: number[] = [];
    for (let i = 0; i < BATCH_EVENTS; i += 1) {
      trueUs += exponential('gap', batch * BATCH_EVENTS + i, EVENT_GAP_MEAN_MS);
      captured.push(trueUs);
    }
    const isOffline = draw('offline', batch) < profile.offlineProbability;
    const waitUs = isOffline ? exponential('absence', batch, profile.offlineMeanMs) : 0;
    const isRetried = draw('retry', batch) < profile.retryProbability;
    const backoffUs = isRetried ? exponential('backoff', batch, 5_000) : 0;
    const sentUs = Math.max(trueUs, sendableUs) + waitUs + backoffUs;
    sendableUs = sentUs;
    const upUs = delayUs(2 * batch);
    const ingestTimeUs = sentUs + upUs;
    for (const trueTimeUs of captured) {
      samples.push({
        sessionId: `${device}`,
        trueTimeUs,
        deviceTimeUs: wall(trueTimeUs),
        uptimeUs: trueTimeUs - bootUs,
        sentTimeUs: wall(sentUs),
        sentUptimeUs: sentUs - bootUs,
        ingestTimeUs,
        roundTripUs,
      });
    }
    roundTripUs = upUs + delayUs(2 * batch + 1);
  }
  return samples;
}

/** Box and Muller's transform. */
function gaussian(u: number, v: number): number {
  return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
}

/** How well a strategy did. */
export interface CorrectionScore {
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Of 1,000 pairs of events that follow each other in truth, in one session, how many stand in
   * the other order. */
  readonly inversionsPer1000: number;
  readonly shareWithin1s: number;
}

/** Scores a strategy on samples in the order of their arrival. */
export function scoreOf(
  strategy: TimeCorrectionName,
  samples: readonly TimedSample[],
): CorrectionScore {
  const correction = createTimeCorrection(strategy);
  const corrected = samples.map((sample) => ({ ...sample, timeUs: correction.correct(sample) }));
  const errors = corrected
    .map(({ timeUs, trueTimeUs }) => Math.abs(timeUs - trueTimeUs) / MS)
    .sort((a, b) => a - b);
  const quantile = (q: number) => errors[Math.floor(q * (errors.length - 1))] ?? Number.NaN;
  const bySession = new Map<string, typeof corrected>();
  for (const one of corrected) {
    const events = bySession.get(one.sessionId) ?? [];
    events.push(one);
    bySession.set(one.sessionId, events);
  }
  let pairs = 0;
  let inversions = 0;
  for (const events of bySession.values()) {
    const inTruth = events.toSorted((a, b) => a.trueTimeUs - b.trueTimeUs);
    for (let i = 1; i < inTruth.length; i += 1) {
      const [before, after] = [inTruth[i - 1], inTruth[i]];
      if (before === undefined || after === undefined) continue;
      if (before.trueTimeUs === after.trueTimeUs) continue;
      pairs += 1;
      if (before.timeUs > after.timeUs) inversions += 1;
    }
  }
  return {
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    inversionsPer1000: (1_000 * inversions) / pairs,
    shareWithin1s: errors.filter((error) => error <= 1_000).length / errors.length,
  };
}
