/** Corrections that look at one batch alone. Each that compares the device's clock with the
 * collector's takes the batch's way through the network for clock skew, so that two events of two
 * batches may change places (PostHog/posthog#98250). Spec: W81–W83. */
import { statelessCorrection, type TimeCorrection } from './time-correction.ts';

/** What the device says. */
export function noCorrection(): TimeCorrection {
  return statelessCorrection('none', (sample) => sample.deviceTimeUs);
}

/** The age that the device tells, counted back from the arrival: `received − (sent − captured)`.
 * Source: Segment's `timestamp`; PostHog computes the same from an offset. */
export function segmentCorrection(): TimeCorrection {
  return statelessCorrection(
    'segment',
    ({ deviceTimeUs, sentTimeUs, ingestTimeUs }) => ingestTimeUs - (sentTimeUs - deviceTimeUs),
  );
}

/** The same where the device says that it captured before it sent; the arrival where it does not.
 * Source: Snowplow's `derived_tstamp`. */
export function snowplowCorrection(): TimeCorrection {
  return statelessCorrection('snowplow', ({ deviceTimeUs, sentTimeUs, ingestTimeUs }) =>
    deviceTimeUs < sentTimeUs ? ingestTimeUs - (sentTimeUs - deviceTimeUs) : ingestTimeUs,
  );
}
