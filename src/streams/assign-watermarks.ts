/** The watermark stage: puts watermark elements between the events. Each partition's watermark is
 * bounded out-of-orderness; partitions that fall silent stop holding the others back. */
import { Observable, Subject } from 'rxjs';
import type { EnrichedEvent } from '../domain/pipeline-ports.ts';
import type { Checkpointable } from '../domain/plain-value.ts';
import { minutes } from '../kernel/time.ts';
import type { PartitionedEvent } from './enrich.ts';
import { createPartitionedWatermarks } from './watermarks/partitioned-watermarks.ts';
import { MAX_WATERMARK_US } from './watermarks/watermark-merge.ts';

/** What flows into plans: an event, or the news that event time has moved on. */
export type StreamElement =
  | { readonly kind: 'event'; readonly enriched: EnrichedEvent }
  | { readonly kind: 'watermark'; readonly watermarkUs: number };

/** Options of the stage. */
export interface AssignWatermarksOptions {
  readonly partitionCount: number;
  readonly boundUs: number;
  readonly idleTimeoutUs: number;
}

/** What moves event time besides events. */
export interface WatermarkControl extends Checkpointable {
  /** Whether `end` was called. */
  readonly hasEnded: boolean;
  readonly watermarkUs: number;
  /** Of one partition, whether or not it counts now; −∞ before its first event. */
  watermarkOf(partition: number): number;
  /** A partition had something to read. */
  hear(partition: number, processTimeUs: number): void;
  /** Process time moved on: silent partitions become idle. */
  passProcessTime(processTimeUs: number): void;
  /** The stream is over: everything fires. */
  end(): void;
}

/** How far beyond its arrival an event may move event time: what clocks on devices are ahead by. */
const AHEAD_MAX_US = minutes(10);

/** Interleaves watermarks. An event goes out before the watermark that it causes. */
export function assignWatermarks(
  events$: Observable<PartitionedEvent>,
  options: AssignWatermarksOptions,
): { readonly elements$: Observable<StreamElement>; readonly control: WatermarkControl } {
  const { partitionCount, boundUs, idleTimeoutUs } = options;
  const control$ = new Subject<StreamElement>();
  const watermarks = createPartitionedWatermarks<unknown>({
    partitionCount,
    strategy: { kind: 'bounded', boundUs },
    idleTimeoutUs,
  });
  const tell = (watermarkUs: number | undefined) => {
    if (watermarkUs !== undefined) control$.next({ kind: 'watermark', watermarkUs });
  };
  const elements$ = new Observable<StreamElement>((subscriber) => {
    const controlled = control$.subscribe(subscriber);
    controlled.add(
      events$.subscribe({
        next({ partition, enriched }) {
          subscriber.next({ kind: 'event', enriched });
          // One clock that is years ahead would make everybody else late.
          const timeUs = Math.min(enriched.event.eventTimeUs, enriched.ingestTimeUs + AHEAD_MAX_US);
          tell(watermarks.observe(partition, enriched, timeUs));
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
    return controlled;
  });
  return {
    elements$,
    control: {
      get hasEnded() {
        return watermarks.watermarkUs === MAX_WATERMARK_US;
      },
      get watermarkUs() {
        return watermarks.watermarkUs;
      },
      watermarkOf: (partition) => watermarks.watermarkOf(partition),
      hear: (partition, processTimeUs) => watermarks.hear(partition, processTimeUs),
      passProcessTime: (processTimeUs) => tell(watermarks.passProcessTime(processTimeUs)),
      end: () => tell(watermarks.end()),
      snapshot: () => watermarks.snapshot(),
      restore: (saved) => watermarks.restore(saved),
    },
  };
}
