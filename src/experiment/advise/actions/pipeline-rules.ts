/** What can be done about the clickstream: workers, partitions, batches, flushes, watermarks.
 * Spec: M189. */
import type { AdviceFinding } from '../advice-document.ts';
import type { ActionDraft } from './action-draft.ts';
import type { RuleContext } from './rule-context.ts';
import { seconds, sizesAbove, sizesBelow } from './station-rules.ts';

const TARGET_UP = 0.6;
const TARGET_DOWN = 0.7;
/** Share of a worker's time that goes into batches as such, from which larger ones pay. */
const BATCH_SHARE = 0.1;

/** More workers, as partitions allow or with more of those, and larger batches. */
export function workersRule({ scenario }: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const { workers, partitions } = scenario.clickstream;
  if (workers === undefined) return [];
  const { count, maxBatchEvents, timePerBatch, timePerEvent } = workers;
  const busy = (finding.numbers['peakUtilization'] ?? 1) * count;
  const more = sizesAbove(count, Math.ceil(busy / TARGET_UP)).map((size): ActionDraft => {
    const enough = Math.max(partitions, size);
    const also = enough > partitions ? `, ${partitions} → ${enough} partitions` : '';
    return {
      title: `pipeline: ${count} → ${size} workers${also}`,
      set: {
        'clickstream.workers.count': size,
        ...(enough > partitions ? { 'clickstream.partitions': enough } : {}),
      },
      because: 'more workers keep up with the log',
    };
  });
  const events = Math.max(1, finding.numbers['meanBatchEvents'] ?? 1);
  const share = timePerBatch / Math.max(1, timePerBatch + events * timePerEvent);
  if (share < BATCH_SHARE) return more;
  return [
    ...more,
    {
      title: `pipeline: batches of ${maxBatchEvents} → ${maxBatchEvents * 4} events`,
      set: { 'clickstream.workers.maxBatchEvents': maxBatchEvents * 4 },
      because: 'a batch costs by itself, whatever is in it',
    },
  ];
}

/** More partitions, so that workers share evenly. */
export function skewRule({ scenario }: RuleContext): ActionDraft[] {
  const { partitions } = scenario.clickstream;
  return [
    {
      title: `clickstream: ${partitions} → ${partitions * 2} partitions`,
      set: { 'clickstream.partitions': partitions * 2 },
      because: 'smaller partitions are shared out more evenly',
    },
  ];
}

/** Less waiting by design: flushes or polls, and the SDK's batches. */
export function delaysRule({ scenario }: RuleContext): ActionDraft[] {
  const { workers, pollEvery, maxBatchAge } = scenario.clickstream;
  const commit =
    workers === undefined
      ? { what: 'poll', path: 'clickstream.pollEvery', every: pollEvery }
      : { what: 'flush', path: 'clickstream.workers.flushEvery', every: workers.flushEvery };
  const half = (us: number) => Math.max(1, Math.round(us / 2));
  const halved = `${seconds(commit.every)} → ${seconds(half(commit.every))}`;
  return [
    {
      title: `pipeline: ${commit.what} every ${halved}`,
      set: { [commit.path]: half(commit.every) },
      because: 'events wait less for the next commit',
    },
    {
      title: `SDK: batches of ${seconds(maxBatchAge)} → ${seconds(half(maxBatchAge))} at most`,
      set: { 'clickstream.maxBatchAge': half(maxBatchAge) },
      because: 'events leave the device earlier',
    },
  ];
}

/** A watermark that waits longer, and windows that stay open longer. */
export function lateRule({ scenario }: RuleContext): ActionDraft[] {
  const { watermarkBound, allowedLateness } = scenario.clickstream;
  return [
    ...[2, 4].map((times) => ({
      title: `watermark: ${seconds(watermarkBound)} → ${seconds(watermarkBound * times)} behind`,
      set: { 'clickstream.watermarkBound': watermarkBound * times },
      because: 'a slower watermark finds fewer events late',
    })),
    {
      title: `windows: ${seconds(allowedLateness)} → ${seconds(allowedLateness * 2)} of lateness`,
      set: { 'clickstream.allowedLateness': allowedLateness * 2 },
      because: 'late events still find their window',
    },
  ];
}

/** Fewer workers where they have little to do. */
export function workersSlackRule({ scenario }: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const { workers } = scenario.clickstream;
  if (workers === undefined) return [];
  const { count } = workers;
  const busy = (finding.numbers['peakUtilization'] ?? 0) * count;
  return sizesBelow(count, Math.ceil(busy / TARGET_DOWN)).map((size) => ({
    title: `pipeline: ${count} → ${size} worker${size === 1 ? '' : 's'}`,
    set: { 'clickstream.workers.count': size },
    because: 'fewer do the same work',
  }));
}
