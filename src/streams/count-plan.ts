/** Counts of events by key and window, as plans: those that every run, ingestion and recovery
 * makes, and the warehouse keeps in the table `pane`. Spec: W142. */
import type { TrackedEventType } from '../domain/tracked-event.ts';
import { enrichedEvents, type JobWatermark } from './enriched-source.ts';
import { LATE_OUTPUT, PANE_SINK } from './execute/job-plan.ts';
import { withUsedColumns } from './execute/used-columns.ts';
import { count } from './plan/builder/aggregate.ts';
import { pipeline } from './plan/builder/pipeline.ts';
import { tumbling } from './plan/builder/window.ts';
import type { PipelinePlan } from './plan/plan.ts';

/** A windowed count: plain data. */
export interface CountSpec {
  /** Names the plan and its panes, like `plays_1m`. */
  readonly metric: string;
  readonly sizeUs: number;
  /** Types of event that count; null for all. */
  readonly types: readonly TrackedEventType[] | null;
  readonly keyBy: CountKey;
}

/** What panes are keyed by; `none` where an event has no such thing. */
export type CountKey = 'titleId' | 'type' | 'status' | 'target';

/** What the counts of one pipeline share. */
export interface CountSettings {
  readonly allowedLatenessUs: number;
  readonly watermark: JobWatermark;
}

/** The plan of a count. */
export function countPlan(spec: CountSpec, settings: CountSettings): PipelinePlan {
  const { metric, sizeUs, types, keyBy } = spec;
  const { allowedLatenessUs, watermark } = settings;
  const events = pipeline(metric).from(enrichedEvents(watermark));
  const counted = types === null ? events : events.filter((f) => f.event_type.in(...types));
  const plan = counted
    .window(tumbling(sizeUs), { allowedLatenessUs })
    .groupBy((f) => {
      switch (keyBy) {
        case 'titleId':
          return { key: f.title_id.coalesce('none') };
        case 'target':
          return { key: f.target.coalesce('none') };
        case 'type':
          return { key: f.event_type };
        case 'status':
          return { key: f.status };
      }
    })
    .aggregate({ value: count() })
    .late(LATE_OUTPUT)
    .sink(PANE_SINK, { mode: 'upsert', key: ['key', 'window_start'] });
  return withUsedColumns(plan, ['event_id']);
}
