/** Question: how many workers keep the clickstream fresh through a premiere? At minute five ten
 * times as many viewers arrive. One stands for five thousand, so the 40 µs of an event are 200 ms
 * here, and a worker gets through five a second. Known answer: SDK's batch, network and flush make
 * 12 s, 16 s at p99; one worker is behind for the rest of the evening (p99 above two minutes), two
 * are for a while (about 30 s: it hangs on the evening), four never (17 s). Of eight four are idle:
 * a partition has one worker, and the others are on the bill only. */
import { defineScenario, minutes, ms, seconds } from 'backlot';

const workers = (count: number) => ({ 'clickstream.workers.count': count });
const architecture = 'monolith' as const;

export const scenario = defineScenario({
  schema: 1,
  name: 'freshness-through-premiere',
  question: 'How many pipeline workers keep freshness p99 below 30 s through a premiere?',
  seed: 20261127,
  clock: { start: '2026-11-27T20:55:00-05:00', duration: minutes(14), drain: minutes(1) },
  audience: {
    viewers: 250,
    arrivals: [
      { at: minutes(0), relativeRate: 1 },
      { at: minutes(5), relativeRate: 1 },
      { at: seconds(330), relativeRate: 10 },
      { at: minutes(7), relativeRate: 10 },
      { at: minutes(8), relativeRate: 1 },
      { at: minutes(14), relativeRate: 1 },
    ],
  },
  clickstream: {
    partitions: 4,
    workers: {
      count: 1,
      maxBatchEvents: 20,
      timePerBatch: ms(5),
      timePerEvent: ms(200),
      flushEvery: seconds(5),
    },
  },
  objectives: ['p99(clickstream.freshness) < 30s'],
  prices: {},
  planning: { vary: { 'clickstream.workers.count': { min: 1, max: 8 } } },
  variants: [
    { name: 'one-worker', architecture, set: workers(1) },
    { name: 'two-workers', architecture, set: workers(2) },
    { name: 'four-workers', architecture, set: workers(4) },
    { name: 'eight-workers', architecture, set: workers(8) },
  ],
});
