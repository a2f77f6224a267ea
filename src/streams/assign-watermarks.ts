/** The watermark stage: puts watermark elements between the events. Each partition's watermark is
 * bounded out-of-orderness; partitions that fall silent stop holding the others back. */
import { Observable, Subject } from 'rxjs';
import type { PartitionedEvent } from './enrich.ts';
import { createBoundedWatermark, createWatermarkMerge, MAX_WATERMARK_US } from './watermark.ts';
import type { StreamElement } from './window.ts';

/** Options of the stage. */
export interface AssignWatermarksOptions {
  readonly partitionCount: number;
  readonly boundUs: number;
  readonly idleTimeoutUs: number;
}

/** What moves event time besides events. */
export interface WatermarkControl {
  readonly watermarkUs: number;
  /** A partition had something to read. */
  hear(partition: number, processTimeUs: number): void;
  /** Process time moved on: silent partitions become idle. */
  passProcessTime(processTimeUs: number): void;
  /** The stream is over: everything fires. */
  end(): void;
}

/** Interleaves watermarks. An event goes out before the watermark that it causes. */
export function assignWatermarks(
  events$: Observable<PartitionedEvent>,
  options: AssignWatermarksOptions,
): { readonly elements$: Observable<StreamElement>; readonly control: WatermarkControl } {
  const { partitionCount, boundUs, idleTimeoutUs } = options;
  const control$ = new Subject<StreamElement>();
  const partitions = Array.from({ length: partitionCount }, () => createBoundedWatermark(boundUs));
  const merged = createWatermarkMerge(partitionCount);
  const heardUs = new Array<number | undefined>(partitionCount).fill(undefined);
  const state = { hasEnded: false };
  const tell = (watermarkUs: number | undefined) => {
    if (watermarkUs !== undefined) control$.next({ kind: 'watermark', watermarkUs });
  };
  const elements$ = new Observable<StreamElement>((subscriber) => {
    const controlled = control$.subscribe(subscriber);
    controlled.add(
      events$.subscribe({
        next({ partition, enriched }) {
          subscriber.next({ kind: 'event', enriched });
          const bounded = partitions[partition];
          bounded?.observe(enriched.event.eventTimeUs);
          tell(merged.advance(partition, bounded?.watermarkUs ?? 0));
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
      get watermarkUs() {
        return state.hasEnded ? MAX_WATERMARK_US : merged.watermarkUs;
      },
      hear(partition, processTimeUs) {
        heardUs[partition] = processTimeUs;
        merged.setActive(partition);
      },
      passProcessTime(processTimeUs) {
        for (let partition = 0; partition < partitionCount; partition += 1) {
          heardUs[partition] ??= processTimeUs;
          const silentUs = processTimeUs - (heardUs[partition] ?? processTimeUs);
          if (silentUs >= idleTimeoutUs) tell(merged.setIdle(partition));
        }
      },
      end() {
        state.hasEnded = true;
        control$.next({ kind: 'watermark', watermarkUs: MAX_WATERMARK_US });
      },
    },
  };
}
