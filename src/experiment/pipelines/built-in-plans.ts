/** The plans that runs, ingestions and recoveries make without being asked: counts of plays,
 * events, requests and records. Spec: W142. */
import { hours, minutes, seconds } from '../../kernel/time.ts';
import { type CountSettings, type CountSpec, countPlan } from '../../streams/count-plan.ts';
import type { JobWatermark } from '../../streams/enriched-source.ts';
import type { PipelinePlan } from '../../streams/plan/plan.ts';
import type { Scenario } from '../scenario/schema.ts';

/** Windows of historical files. */
const FILE_COUNTS: readonly CountSpec[] = [
  { metric: 'events_1m', sizeUs: minutes(1), types: null, keyBy: 'type' },
  { metric: 'requests_1m', sizeUs: minutes(1), types: ['http.request'], keyBy: 'status' },
  { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
  { metric: 'records_1h', sizeUs: hours(1), types: ['record.ingested'], keyBy: 'target' },
];
/** Files are often out of order, and in a batch nobody waits: the watermark may lag far behind. */
export const FILE_WATERMARK = { boundUs: hours(1), idleTimeoutUs: hours(24) };

/** The part of a scenario that its counts depend on. */
export type CountedClickstream = Pick<
  Scenario['clickstream'],
  'window' | 'watermarkBound' | 'idleTimeout' | 'allowedLateness'
>;

/** How a scenario's pipeline tells event time. */
export function watermarkOf(clickstream: CountedClickstream): JobWatermark {
  return { boundUs: clickstream.watermarkBound, idleTimeoutUs: clickstream.idleTimeout };
}

/** Settings whose plans are kept, so that worlds of the same settings have the same plans. */
const KEPT = 64;
const kept = new Map<string, readonly PipelinePlan[]>();

/** Counts of a scenario's clickstream: the same plans for the same settings. */
export function worldPlans(clickstream: CountedClickstream): readonly PipelinePlan[] {
  const { window, watermarkBound, idleTimeout, allowedLateness } = clickstream;
  const key = [window, watermarkBound, idleTimeout, allowedLateness].join('/');
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= KEPT) kept.clear();
  const plans = makeWorldPlans(clickstream);
  kept.set(key, plans);
  return plans;
}

function makeWorldPlans(clickstream: CountedClickstream): readonly PipelinePlan[] {
  const { window, allowedLateness } = clickstream;
  const watermark = watermarkOf(clickstream);
  const settings: CountSettings = { watermark, allowedLatenessUs: allowedLateness };
  const counts: readonly CountSpec[] = [
    { metric: 'plays_1m', sizeUs: window, types: ['media.play'], keyBy: 'titleId' },
    { metric: 'events_1m', sizeUs: window, types: null, keyBy: 'type' },
  ];
  return counts.map((spec) => countPlan(spec, settings));
}

/** Counts of a historical file. */
export function filePlans(
  settings: CountSettings = { watermark: FILE_WATERMARK, allowedLatenessUs: hours(24) },
): readonly PipelinePlan[] {
  return FILE_COUNTS.map((spec) => countPlan(spec, settings));
}

/** The built-in plans by name, for `explain`: those of scenarios and files with their defaults. */
export function builtInPlan(name: string): PipelinePlan | undefined {
  const world = worldPlans({
    window: minutes(1),
    watermarkBound: seconds(30),
    idleTimeout: seconds(60),
    allowedLateness: minutes(10),
  });
  return [...world, ...filePlans()].find((plan) => plan.name === name);
}
