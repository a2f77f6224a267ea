/** Batches as SDKs send them: 2,000 viewers, 20 events a batch in the mixture of an evening (mostly
 * heartbeats), UUIDs of version 7 as ids. Batch n is a pure function of n. */
import type { CollectorPayload, TrackedEventType } from '../../src/domain/tracked-event.ts';
import { seconds } from '../../src/kernel/time.ts';

/** Events of one batch. */
export const BATCH_EVENTS = 20;
const VIEWERS = 2_000;
const TITLES = 400;
const BATCH_GAP_US = 20_000;
const EVENT_GAP_US = seconds(0.4);
const US_PER_MS = 1_000;
/** 2026-11-20T20:00:00Z. */
const START_US = 1_795_204_800_000_000;
const MIXTURE: readonly TrackedEventType[] = [
  'page.view',
  'ui.click',
  'ui.hover',
  'ui.scroll',
  'media.play',
  'media.ping',
  'media.ping',
  'media.ping',
  'media.ping',
  'media.end',
];
const AGENTS = [
  'Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 SamsungBrowser/4.0 TV Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36',
];

/** A batch, and when it arrives. */
export interface SdkBatch {
  readonly ingestTimeUs: number;
  readonly partitionKey: string;
  readonly payload: CollectorPayload;
}

/** Makes batches in the order of arrival. */
export function createSdkBatches(count: number): readonly SdkBatch[] {
  return Array.from({ length: count }, (_, batch) => {
    const viewer = batch % VIEWERS;
    const first = Math.floor(batch / VIEWERS) * BATCH_EVENTS;
    const ingestTimeUs = START_US + batch * BATCH_GAP_US;
    return {
      ingestTimeUs,
      partitionKey: `v${viewer}`,
      payload: {
        sentTimeUs: ingestTimeUs - seconds(0.1),
        userAgent: AGENTS[viewer % AGENTS.length] ?? '',
        clientAddress: `203.0.113.${viewer % 256}`,
        events: Array.from({ length: BATCH_EVENTS }, (_unused, i) =>
          createEvent({ viewer, sequence: first + i, batch, ingestTimeUs }),
        ),
      },
    };
  });
}

function createEvent(options: {
  readonly viewer: number;
  readonly sequence: number;
  readonly batch: number;
  readonly ingestTimeUs: number;
}): object {
  const { viewer, sequence, batch, ingestTimeUs } = options;
  const eventTimeUs = ingestTimeUs - (BATCH_EVENTS - (sequence % BATCH_EVENTS)) * EVENT_GAP_US;
  const type = MIXTURE[(batch + sequence) % MIXTURE.length] ?? 'media.ping';
  const data = type.startsWith('media.')
    ? {
        titleId: `tt${(batch * 7 + sequence) % TITLES}`,
        playbackId: `p${viewer}-1`,
        positionSeconds: sequence * 60,
        ...(type === 'media.end' ? { completed: sequence % 2 === 0 } : {}),
      }
    : { page: 'home', target: 'card' };
  return {
    id: uuid(eventTimeUs, viewer, sequence),
    type,
    subject: `v${viewer}`,
    sessionId: `s${viewer}-0`,
    sequence,
    eventTimeUs,
    data,
  };
}

/** 48 bits of milliseconds, then what tells events of one millisecond apart. */
function uuid(timeUs: number, viewer: number, sequence: number): string {
  const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');
  const at = hex(Math.floor(timeUs / US_PER_MS), 12);
  return `${at.slice(0, 8)}-${at.slice(8)}-7000-8000-${hex(viewer, 4)}${hex(sequence, 8)}`;
}
