/** The watermark stage: what goes out between the events, and when a silent partition lets go. */
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { seconds } from '../../src/kernel/time.ts';
import { assignWatermarks } from '../../src/streams/assign-watermarks.ts';
import type { PartitionedEvent } from '../../src/streams/enrich.ts';
import { START_US, trackedEvent } from './clickstream-builder.ts';

const BOUND_US = seconds(5);
/** Whatever a device's clock says, its event arrives within the first hour. */
const LAST_ARRIVAL_S = 3_600;

function stage() {
  const events$ = new Subject<PartitionedEvent>();
  const { elements$, control } = assignWatermarks(events$, {
    partitionCount: 2,
    boundUs: BOUND_US,
    idleTimeoutUs: seconds(60),
  });
  const out: (string | number)[] = [];
  elements$.subscribe((element) => {
    out.push(element.kind === 'event' ? element.enriched.event.id : element.watermarkUs - START_US);
  });
  const push = (partition: number, id: string, atSeconds: number) =>
    events$.next({
      partition,
      enriched: {
        event: trackedEvent({ id, eventTimeUs: START_US + seconds(atSeconds) }),
        ingestTimeUs: START_US + seconds(Math.min(atSeconds, LAST_ARRIVAL_S)),
        processTimeUs: START_US,
        deviceKind: 'tv',
        country: 'IN',
        localHour: 1,
        titleName: null,
        genre: null,
      },
    });
  return { events$, control, out, push };
}

const watermarkAt = (atSeconds: number) => seconds(atSeconds) - BOUND_US - 1;

describe('assignWatermarks', () => {
  it('puts a watermark behind the event that causes it, once all partitions have spoken', () => {
    const { out, push } = stage();
    push(0, 'a', 10);
    push(1, 'b', 7);
    push(1, 'c', 6);
    push(1, 'd', 20);
    expect(out).toEqual(['a', 'b', watermarkAt(7), 'c', 'd', watermarkAt(10)]);
  });

  it('W5 follows a clock that is years ahead ten minutes beyond the arrival of its event', () => {
    const { out, push } = stage();
    push(0, 'a', 10);
    push(1, 'b', 86_400 * 365 * 2);
    push(1, 'c', 11);
    push(0, 'd', 86_400);
    expect(out).toEqual(['a', 'b', watermarkAt(10), 'c', 'd', watermarkAt(3_600 + 600)]);
  });

  it('W6 lets a partition go that was silent for the idle timeout, not a moment before', () => {
    const { out, push, control } = stage();
    control.hear(0, START_US);
    control.passProcessTime(START_US);
    push(0, 'a', 10);
    control.hear(0, START_US + seconds(59));
    control.passProcessTime(START_US + seconds(60) - 1);
    expect(out).toEqual(['a']);
    control.passProcessTime(START_US + seconds(60));
    expect(out).toEqual(['a', watermarkAt(10)]);
    expect(control.watermarkUs).toBe(START_US + watermarkAt(10));
  });

  it('takes a partition back once it has caught up', () => {
    const { out, push, control } = stage();
    control.hear(0, START_US);
    control.passProcessTime(START_US);
    push(0, 'a', 100);
    control.hear(0, START_US + seconds(60));
    control.passProcessTime(START_US + seconds(60));
    control.hear(1, START_US + seconds(61));
    push(1, 'old', 50);
    push(0, 'b', 120);
    expect(out).toEqual(['a', watermarkAt(100), 'old', 'b', watermarkAt(120)]);
    push(1, 'c', 130);
    push(0, 'd', 200);
    expect(out.slice(5)).toEqual(['c', 'd', watermarkAt(130)]);
  });

  it('ends with the greatest watermark, which everything has passed', () => {
    const { out, push, control } = stage();
    expect(control.watermarkUs).toBe(Number.NEGATIVE_INFINITY);
    push(0, 'a', 1);
    control.end();
    expect(out).toEqual(['a', Number.POSITIVE_INFINITY]);
    expect(control.watermarkUs).toBe(Number.POSITIVE_INFINITY);
  });

  it('passes on the end and the failure of its source', () => {
    const events$ = new Subject<PartitionedEvent>();
    const options = { partitionCount: 1, boundUs: 0, idleTimeoutUs: 1 };
    const heard: string[] = [];
    const listener = { complete: () => heard.push('complete'), error: () => heard.push('error') };
    const completing = assignWatermarks(events$, options).elements$.subscribe(listener);
    events$.complete();
    expect(completing.closed).toBe(true);
    const failing$ = new Subject<PartitionedEvent>();
    assignWatermarks(failing$, options).elements$.subscribe(listener);
    failing$.error(new Error('a stage threw'));
    expect(heard).toEqual(['complete', 'error']);
  });
});
