/** From a stream and its disorder to what a pipeline is given, item by item: rows in the order of
 * arrival, the watermarks that they cause, and the end. */
import { hashWord } from '../../kernel/hash.ts';
import {
  createPartitionedWatermarks,
  type PartitionedWatermarks,
} from '../../streams/watermarks/partitioned-watermarks.ts';
import type { StreamedEvent, StreamTrial } from './stream-trial.ts';

/** Makes the row that is delivered: puts the event's time where the pipeline looks for it, and its
 * number, where rows have an id. */
export type StampRow<Row> = (row: Row, of: EventStamp) => Row;

/** What a row does not know by itself. */
export interface EventStamp {
  /** Event time, µs. */
  readonly timeUs: number;
  /** Place in the stream's `events`. */
  readonly event: number;
  /** Name of the source, where there are several. */
  readonly source: string | undefined;
}

/** An item on its way into a pipeline. */
export type DeliveredItem<Row> =
  | {
      readonly kind: 'row';
      readonly row: Row;
      readonly timeUs: number;
      readonly arrivalUs: number;
      readonly partition: number;
      readonly source: string | undefined;
      /** Its place in the stream's `events`. */
      readonly event: number;
      readonly isDuplicate: boolean;
      /** Whether the watermark had passed its time. */
      readonly isLate: boolean;
    }
  | { readonly kind: 'watermark'; readonly timeUs: number }
  /** Process time moves on: only where silent partitions are let go. */
  | { readonly kind: 'process-time'; readonly nowUs: number }
  | {
      readonly kind: 'poison';
      readonly record: unknown;
      readonly timeUs: number;
      readonly partition: number;
    };

interface Arrival<Row> {
  readonly arrivalUs: number;
  /** When it would have arrived had its partition not stalled: what waited keeps its order. */
  readonly dueUs: number;
  readonly rank: number;
  readonly event: number;
  readonly isDuplicate: boolean;
  readonly of: StreamedEvent<Row> | { readonly poison: unknown };
}

/** All items of a stream; the last one is the watermark +∞. */
export function deliver<Row>(
  trial: StreamTrial<Row>,
  stamp: StampRow<Row>,
): readonly DeliveredItem<Row>[] {
  const { boundUs, idleTimeoutUs, partitions = 1 } = trial;
  const watermarks = createPartitionedWatermarks<unknown>({
    partitionCount: partitions,
    strategy: { kind: 'bounded', boundUs },
    ...(idleTimeoutUs === undefined ? {} : { idleTimeoutUs }),
  });
  const items: DeliveredItem<Row>[] = [];
  const tell = (timeUs: number | undefined) => {
    if (timeUs !== undefined) items.push({ kind: 'watermark', timeUs });
  };
  let nowUs = Number.NEGATIVE_INFINITY;
  for (const arrival of arrivalsOf(trial)) {
    if (idleTimeoutUs !== undefined && arrival.arrivalUs > nowUs) {
      nowUs = arrival.arrivalUs;
      items.push({ kind: 'process-time', nowUs });
      tell(watermarks.passProcessTime(nowUs));
    }
    if ('poison' in arrival.of) {
      const { poison: record } = arrival.of;
      items.push({ kind: 'poison', record, timeUs: arrival.arrivalUs, partition: 0 });
      continue;
    }
    const item = rowItem(arrival, arrival.of, { trial, stamp, watermarks });
    if (idleTimeoutUs !== undefined) watermarks.hear(item.partition, nowUs);
    items.push(item);
    tell(watermarks.observe(item.partition, item.row, item.timeUs));
  }
  tell(watermarks.end());
  return items;
}

function rowItem<Row>(
  { arrivalUs, event, isDuplicate }: Arrival<Row>,
  { row, timeUs, partition = 0, source }: StreamedEvent<Row>,
  around: {
    readonly trial: StreamTrial<Row>;
    readonly stamp: StampRow<Row>;
    readonly watermarks: PartitionedWatermarks<unknown>;
  },
): Extract<DeliveredItem<Row>, { kind: 'row' }> {
  return {
    kind: 'row',
    row: around.stamp(row, { timeUs, event, source }),
    timeUs,
    arrivalUs,
    partition: partition % (around.trial.partitions ?? 1),
    source,
    event,
    isDuplicate,
    isLate: timeUs <= around.watermarks.watermarkUs,
  };
}

/** By arrival; at one instant by the order of ties, then as they stand. */
function arrivalsOf<Row>(trial: StreamTrial<Row>): readonly Arrival<Row>[] {
  const rankOf = (event: number) =>
    trial.tieOrder === undefined ? 0 : hashWord(hashWord(trial.tieOrder | 0, event), 7);
  const arrivals: Arrival<Row>[] = [];
  for (const [event, of] of trial.events.entries()) {
    const { timeUs, delayUs = 0, againAfterUs, partition = 0 } = of;
    const first = { rank: rankOf(event), event, of };
    const at = timeUs + delayUs;
    const arrive = (dueUs: number, isDuplicate: boolean) => {
      arrivals.push({ ...first, dueUs, arrivalUs: readAt(trial, partition, dueUs), isDuplicate });
    };
    arrive(at, false);
    if (againAfterUs !== undefined) arrive(at + againAfterUs, true);
  }
  for (const [n, fault] of (trial.faults ?? []).entries()) {
    if (fault.kind !== 'poison') continue;
    const of = { poison: fault.record };
    const event = trial.events.length + n;
    const { atUs } = fault;
    const one = { event, rank: rankOf(event), isDuplicate: false, of };
    arrivals.push({ ...one, arrivalUs: atUs, dueUs: atUs });
  }
  return arrivals.sort(
    (a, b) =>
      a.arrivalUs - b.arrivalUs ||
      a.dueUs - b.dueUs ||
      a.rank - b.rank ||
      a.event - b.event ||
      Number(a.isDuplicate) - Number(b.isDuplicate),
  );
}

/** A partition that stalls is read when it no longer does. */
function readAt(trial: StreamTrial<unknown>, partition: number, arrivalUs: number): number {
  let atUs = arrivalUs;
  for (const fault of trial.faults ?? []) {
    if (fault.kind !== 'stall') continue;
    const isHeld = fault.partition === partition % (trial.partitions ?? 1);
    if (isHeld && atUs >= fault.atUs) atUs = Math.max(atUs, fault.atUs + fault.forUs);
  }
  return atUs;
}
