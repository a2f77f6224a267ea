/** The plans that a collector runs without being asked: plays and events a minute as panes, the
 * titles played most and the sessions of viewers as results. Spec: S420. */
import { hours, minutes, seconds } from '../../kernel/time.ts';
import { DEFAULT_SDK_POLICY } from '../../sdk/sdk-policy.ts';
import { countPlan } from '../../streams/count-plan.ts';
import { enrichedEvents, type JobWatermark } from '../../streams/enriched-source.ts';
import { withUsedColumns } from '../../streams/execute/used-columns.ts';
import { count, countDistinct, min } from '../../streams/plan/builder/aggregate.ts';
import { desc, pipeline } from '../../streams/plan/builder/pipeline.ts';
import { session, tumbling } from '../../streams/plan/builder/window.ts';
import type { PipelinePlan } from '../../streams/plan/plan.ts';
import type { PipelineSettings } from '../backfill/job-settings.ts';

/** How a collector tells event time: phones send half a minute late without being offline. */
export const LIVE_WATERMARK: JobWatermark = { boundUs: seconds(30), idleTimeoutUs: seconds(60) };

const ALLOWED_LATENESS_US = minutes(10);
const TITLES_KEPT = 10;
/** SDKs try an event for so long, and a little longer until the last try has arrived: what comes
 * again within it is the same event. */
const DEDUPE_TTL_US = DEFAULT_SDK_POLICY.maxAgeUs + hours(1);

/** What the pipeline of a collector does, before a user adds plans. */
export function liveSettings(): PipelineSettings {
  return {
    plans: livePlans(),
    watermark: LIVE_WATERMARK,
    dedupeTtlUs: DEDUPE_TTL_US,
    // Devices' clocks are years off; the difference of two readings of one of them is not.
    timeCorrection: 'snowplow',
  };
}

function livePlans(): readonly PipelinePlan[] {
  const settings = { watermark: LIVE_WATERMARK, allowedLatenessUs: ALLOWED_LATENESS_US };
  return [
    countPlan(
      { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
      settings,
    ),
    countPlan({ metric: 'events_1m', sizeUs: minutes(1), types: null, keyBy: 'type' }, settings),
    topTitles(),
    sessions(),
  ];
}

function topTitles(): PipelinePlan {
  const plan = pipeline('top_titles')
    .from(enrichedEvents(LIVE_WATERMARK))
    .filter((f) => f.event_type.eq('media.play'))
    .window(tumbling(minutes(1)), { allowedLatenessUs: ALLOWED_LATENESS_US })
    .groupBy((f) => ({ title_id: f.title_id.coalesce('none') }))
    .aggregate({ plays: count() })
    .top(TITLES_KEPT, { by: [desc('plays')] })
    .late('late')
    .sink('top_titles', { mode: 'upsert', key: ['window_start', 'rank'] });
  return withUsedColumns(plan, ['event_id']);
}

function sessions(): PipelinePlan {
  const plan = pipeline('sessions')
    .from(enrichedEvents(LIVE_WATERMARK))
    .window(session(minutes(30)), { allowedLatenessUs: ALLOWED_LATENESS_US })
    .groupBy((f) => ({ subject: f.subject }))
    .aggregate({
      events: count(),
      plays: count((f) => f.event_type.eq('media.play')),
      titles: countDistinct((f) => f.title_id),
      first_at: min((f) => f.event_time_us),
    })
    .late('late')
    .sink('sessions', { mode: 'upsert', key: ['subject', 'window_start'] });
  return withUsedColumns(plan, ['event_id']);
}
