/** An event stream with everything that goes wrong on its way, as plain data: what arbitraries
 * draw, shrinking makes smaller, and tokens carry. Order of arrival follows from the data: an event
 * arrives at its time plus its delay. Spec: T80–T83. */

/** An event. Its row gets its time, and a number of its own, when it is delivered. */
export interface StreamedEvent<Row> {
  /** Event time, µs. */
  readonly timeUs: number;
  readonly row: Row;
  /** From arrival at the event's own time; above the stream's bound the event may be late. µs. */
  readonly delayUs?: number | undefined;
  /** Partition of its source, from 0. Default 0. */
  readonly partition?: number | undefined;
  /** Name of its source, where the pipeline has several; default: the first. */
  readonly source?: string | undefined;
  /** It is delivered again so long after its first arrival, µs. */
  readonly againAfterUs?: number | undefined;
}

/** What goes wrong with the stream as a whole. */
export type StreamFault =
  /** A record that is no row arrives. */
  | { readonly kind: 'poison'; readonly atUs: number; readonly record: unknown }
  /** A partition is not read for a while: what arrives meanwhile comes at its end, and its
   * watermark stands still. */
  | {
      readonly kind: 'stall';
      readonly atUs: number;
      readonly forUs: number;
      readonly partition: number;
    }
  /** The pipeline dies behind so many delivered items, and goes on from its snapshot of then. */
  | { readonly kind: 'crash'; readonly afterItems: number };

/** A stream, its disorder and its faults. */
export interface StreamTrial<Row> {
  readonly schema: 'backlot.stream/1';
  /** Events that come no later than this after the newest are on time, µs. */
  readonly boundUs: number;
  /** Default 1. */
  readonly partitions?: number | undefined;
  /** A partition that is silent for so long holds the watermark back no longer; default: never. */
  readonly idleTimeoutUs?: number | undefined;
  readonly events: readonly StreamedEvent<Row>[];
  readonly faults?: readonly StreamFault[] | undefined;
  /** Seed of the order of arrivals at one instant; default: the order of `events`. */
  readonly tieOrder?: number | undefined;
}

/** How many events there are, and how much goes wrong: delays, duplicates, faults, an order of ties
 * that was asked for. */
export function streamSize(trial: StreamTrial<unknown>): {
  readonly commands: number;
  readonly faults: number;
} {
  let faults = (trial.faults ?? []).length + (trial.tieOrder === undefined ? 0 : 1);
  for (const { delayUs, againAfterUs } of trial.events) {
    if (delayUs !== undefined && delayUs > 0) faults += 1;
    if (againAfterUs !== undefined) faults += 1;
  }
  return { commands: trial.events.length, faults };
}

/** The stream with each event delivered once. */
export function withoutDuplicates<Row>(trial: StreamTrial<Row>): StreamTrial<Row> {
  if (trial.events.every(({ againAfterUs }) => againAfterUs === undefined)) return trial;
  const events = trial.events.map(({ againAfterUs: _, ...event }) => event);
  return { ...trial, events };
}

/** The stream with no event later than its bound allows. Where silent partitions are let go, they
 * are not silenced. */
export function onTime<Row>(trial: StreamTrial<Row>): StreamTrial<Row> {
  const { boundUs, idleTimeoutUs, faults = [] } = trial;
  const events = trial.events.map((event) => {
    const { delayUs = 0 } = event;
    return delayUs > boundUs ? { ...event, delayUs: boundUs } : event;
  });
  if (idleTimeoutUs === undefined) return { ...trial, events };
  return { ...trial, events, faults: faults.filter(({ kind }) => kind !== 'stall') };
}

/** The stream in the order of event time, ties in the order of `events`; nothing goes wrong. */
export function inOrder<Row>(trial: StreamTrial<Row>): StreamTrial<Row> {
  const { schema, boundUs, partitions, idleTimeoutUs } = trial;
  const events = trial.events.map(({ timeUs, row, partition, source }) => ({
    timeUs,
    row,
    ...(partition === undefined ? {} : { partition }),
    ...(source === undefined ? {} : { source }),
  }));
  return { schema, boundUs, partitions, idleTimeoutUs, events };
}
