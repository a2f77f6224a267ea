/** What stored events keep of a payload beside the columns of their table. */
import type { TrackedEventData } from '../tracked-event.ts';

/** What has no column of its own, as JSON; null where there is nothing. */
export function detailOf(data: TrackedEventData): string | null {
  const { page, target, query, scrollDepthPercent, method, path } = data;
  const more = moreDetail(data);
  if (more !== undefined) {
    return JSON.stringify({ page, target, query, scrollDepthPercent, method, path, ...more });
  }
  if (
    page === undefined &&
    target === undefined &&
    query === undefined &&
    scrollDepthPercent === undefined &&
    method === undefined &&
    path === undefined
  ) {
    return null;
  }
  return JSON.stringify({ page, target, query, scrollDepthPercent, method, path });
}

/** What few events have: kept apart, so that the others do not pay for writing its absence. */
function moreDetail(data: TrackedEventData): Readonly<Record<string, unknown>> | undefined {
  const { errorCode, bitrateKbps, row, slot, policyId, propensity } = data;
  if (
    errorCode === undefined &&
    bitrateKbps === undefined &&
    row === undefined &&
    slot === undefined &&
    policyId === undefined &&
    propensity === undefined
  ) {
    return browserDetail(data);
  }
  return { errorCode, bitrateKbps, row, slot, policyId, propensity, ...browserDetail(data) };
}

/** What only SDKs in browsers tell. */
function browserDetail(data: TrackedEventData): Readonly<Record<string, unknown>> | undefined {
  const { durationSeconds, clickCount, playbackRate, volumePercent, muted, fullscreen } = data;
  if (
    durationSeconds === undefined &&
    clickCount === undefined &&
    playbackRate === undefined &&
    volumePercent === undefined &&
    muted === undefined &&
    fullscreen === undefined
  ) {
    return undefined;
  }
  return { durationSeconds, clickCount, playbackRate, volumePercent, muted, fullscreen };
}
