/** The window stage as an RxJS operator: enriched events and watermarks in, panes out, late events
 * aside. RxJS keeps no time here: event time moves when a watermark element says so. */
import { Observable, type OperatorFunction } from 'rxjs';
import type { EnrichedEvent, LateEvent, WindowPane } from '../domain/pipeline-ports.ts';
import type { TrackedEventType } from '../domain/tracked-event.ts';
import { createTumblingWindows } from './tumbling-window.ts';

/** What flows into windows: an event, or the news that event time has moved on. */
export type StreamElement =
  | { readonly kind: 'event'; readonly enriched: EnrichedEvent }
  | { readonly kind: 'watermark'; readonly watermarkUs: number };

/** A windowed count: plain data. */
export interface WindowSpec {
  /** Names the result, like `plays_1m`. */
  readonly metric: string;
  readonly sizeUs: number;
  /** Types of event that count; null for all. */
  readonly types: readonly TrackedEventType[] | null;
  readonly keyBy: WindowKey;
}

/** What a window's rows are keyed by. */
export type WindowKey = 'titleId' | 'type' | 'status' | 'target';

/** Options of the stage. */
export interface WindowOptions {
  readonly spec: WindowSpec;
  readonly allowedLatenessUs: number;
  readonly processTimeUs: () => number;
  readonly onLate: (late: LateEvent) => void;
}

/** The operator: counts events by key and tumbling window. */
export function countInWindows(
  options: WindowOptions,
): OperatorFunction<StreamElement, WindowPane> {
  const { spec, onLate, processTimeUs } = options;
  const isCounted = spec.types === null ? null : new Set<string>(spec.types);
  return (source) =>
    new Observable((subscriber) => {
      let watermarkUs = Number.NEGATIVE_INFINITY;
      const windows = createTumblingWindows({
        size: spec.sizeUs,
        allowedLateness: options.allowedLatenessUs,
        onFire: ({ key, value, start, end, timing, paneIndex }) =>
          subscriber.next({
            metric: spec.metric,
            key,
            windowStartUs: start,
            windowEndUs: end,
            value,
            timing,
            paneIndex,
            emitTimeUs: processTimeUs(),
          }),
      });
      return source.subscribe({
        next(element) {
          if (element.kind === 'watermark') {
            watermarkUs = element.watermarkUs;
            windows.advanceTo(watermarkUs);
            return;
          }
          const { event } = element.enriched;
          if (isCounted !== null && !isCounted.has(event.type)) return;
          const time = event.eventTimeUs;
          if (windows.add({ key: keyOf(spec.keyBy, element.enriched), value: 1, time })) return;
          onLate({ eventId: event.id, metric: spec.metric, eventTimeUs: time, watermarkUs });
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

function keyOf(keyBy: WindowKey, { event }: EnrichedEvent): string {
  switch (keyBy) {
    case 'titleId':
      return event.data.titleId ?? 'none';
    case 'type':
      return event.type;
    case 'target':
      return event.data.target ?? 'none';
    case 'status':
      return String(event.data.status ?? 'none');
  }
}
