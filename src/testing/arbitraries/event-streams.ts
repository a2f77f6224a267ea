/** Event streams with disorder: what a pipeline is given when clocks tie, phones are in tunnels,
 * batches come twice and partitions fall silent. They shrink to few events, in order, each once,
 * near time 0. Spec: T80–T83. */

import fc from 'fast-check';
import { US_PER_SECOND } from '../../kernel/time.ts';
import type { StreamedEvent, StreamFault, StreamTrial } from '../pipelines/stream-trial.ts';
import { tieOrders } from './tie-orders.ts';

/** How streams are drawn. */
export interface EventStreamOptions<Row> {
  /** Rows without their times. Plain data. */
  readonly row: fc.Arbitrary<Row>;
  /** Default 24. */
  readonly maxEvents?: number;
  /** Event times are within `[0, spanUs]`. Default: 60 steps. */
  readonly spanUs?: number;
  /** Times, delays and lateness are whole multiples of it, so that ties are common. Default 1 s. */
  readonly stepUs?: number;
  /** Disorder that watermarks allow for. Default 5 s. */
  readonly boundUs?: number;
  /** Share of events that come out of order, within the bound. Default 0.3. */
  readonly disorderShare?: number;
  /** Share of events that come later than that. Default 0.1. */
  readonly lateShare?: number;
  /** By how much more than the bound late ones come at most. Default: the span. */
  readonly maxLatenessUs?: number;
  /** Share of events that are delivered twice, within the bound of disorder. Default 0.15. */
  readonly duplicateShare?: number;
  /** Default 1. With several, some may stay empty: watermarks then wait for the end. */
  readonly partitions?: number;
  /** The partition of a row, where keys stay together; default: any. */
  readonly partitionOf?: ((row: Row) => number) | undefined;
  /** See `StreamTrial`. */
  readonly idleTimeoutUs?: number | undefined;
  /** What may go wrong with the stream as a whole. Default: nothing. */
  readonly faults?: readonly StreamFault['kind'][];
  /** Records that are no rows. */
  readonly poison?: fc.Arbitrary<unknown>;
  /** Whether events at one instant come in any order. Default true. */
  readonly ties?: boolean;
}

const BOUND_US = 5 * US_PER_SECOND;
const FAULTS_MAX = 3;
const SHORT_MAX = 4;
/** Longer histories have events at their end that come in order. */
const WAYS_MAX = 200;

/** Streams of events. */
export function eventStreams<Row>(
  options: EventStreamOptions<Row>,
): fc.Arbitrary<StreamTrial<Row>> {
  const { row, maxEvents = 24, stepUs = US_PER_SECOND, spanUs = 60 * stepUs } = options;
  const event = fc
    .tuple(steps(0, spanUs, stepUs), row, deliveries({ ...options, spanUs }))
    .map(([timeUs, one, way]) => onItsWay({ timeUs, row: one }, way, options));
  return streamOf(listsOf(event, maxEvents), { ...options, spanUs }, maxEvents);
}

/** Every third list is short: what two or three events can break, they break more often than many
 * do. */
export function listsOf<T>(one: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> {
  const short = Math.min(maxLength, SHORT_MAX);
  return fc.oneof(
    { weight: 1, arbitrary: fc.array(one, { maxLength: short, size: 'max' }) },
    { weight: 2, arbitrary: fc.array(one, { maxLength, size: 'max' }) },
  );
}

/** How drawn disorder is put on events that somebody else draws. */
export type DisorderOptions<Row> = Omit<EventStreamOptions<Row>, 'row' | 'maxEvents'>;

/** Streams over events that somebody else draws: histories of viewers, samples of real data.
 * @param options - `spanUs`: how long the histories are. */
export function disordered<Row>(
  histories: fc.Arbitrary<readonly StreamedEvent<Row>[]>,
  options: DisorderOptions<Row>,
): fc.Arbitrary<StreamTrial<Row>> {
  const { stepUs = US_PER_SECOND, spanUs = 60 * stepUs } = options;
  const ways = fc.array(deliveries({ ...options, spanUs }), {
    maxLength: WAYS_MAX,
    size: 'max',
  });
  const events = fc
    .tuple(histories, ways)
    .map(([all, drawn]) => all.map((one, i) => onItsWay(one, drawn[i] ?? {}, options)));
  return streamOf(events, { ...options, spanUs }, WAYS_MAX);
}

function streamOf<Row>(
  events: fc.Arbitrary<readonly StreamedEvent<Row>[]>,
  options: DisorderOptions<Row> & { readonly spanUs: number },
  maxEvents: number,
): fc.Arbitrary<StreamTrial<Row>> {
  const { boundUs = BOUND_US, partitions = 1, idleTimeoutUs, ties = true } = options;
  const head = {
    schema: 'backlot.stream/1' as const,
    boundUs,
    ...(partitions === 1 ? {} : { partitions }),
    ...(idleTimeoutUs === undefined ? {} : { idleTimeoutUs }),
  };
  const order = ties ? tieOrders() : fc.constant(undefined);
  return fc
    .tuple(events, streamFaults(options, maxEvents), order)
    .map(([all, faults, tieOrder]) => ({
      ...head,
      events: all,
      ...(faults.length === 0 ? {} : { faults }),
      ...(tieOrder === undefined ? {} : { tieOrder }),
    }));
}

/** What happens to one event between its device and the pipeline. */
interface Way {
  readonly delayUs?: number | undefined;
  readonly againAfterUs?: number | undefined;
  /** Before the number of partitions, or a row's own, is looked at. */
  readonly partition?: number;
}

function onItsWay<Row>(
  event: StreamedEvent<Row>,
  { delayUs, againAfterUs, partition = 0 }: Way,
  { partitions = 1, partitionOf }: DisorderOptions<Row>,
): StreamedEvent<Row> {
  const found = (partitionOf?.(event.row) ?? partition) % partitions;
  return {
    ...event,
    ...(delayUs === undefined ? {} : { delayUs }),
    ...(againAfterUs === undefined ? {} : { againAfterUs }),
    ...(found === 0 ? {} : { partition: found }),
  };
}

function deliveries<Row>(
  options: DisorderOptions<Row> & { readonly spanUs: number },
): fc.Arbitrary<Way> {
  const { boundUs = BOUND_US, stepUs = US_PER_SECOND, disorderShare = 0.3 } = options;
  const { lateShare = 0.1, duplicateShare = 0.15, partitions = 1 } = options;
  const { maxLatenessUs = Math.max(options.spanUs, boundUs) } = options;
  const within = steps(1, boundUs, stepUs);
  const beyond = steps(1, maxLatenessUs, stepUs).map((moreUs) => boundUs + moreUs);
  return fc.record({
    delayUs: sometimes([
      { share: boundUs < stepUs ? 0 : disorderShare, arbitrary: within },
      { share: lateShare, arbitrary: beyond },
    ]),
    againAfterUs: sometimes([{ share: duplicateShare, arbitrary: steps(0, boundUs, stepUs) }]),
    partition: fc.nat(partitions - 1),
  });
}

/** Whole multiples of a step. */
function steps(least: number, mostUs: number, stepUs: number): fc.Arbitrary<number> {
  const most = Math.max(least, Math.floor(mostUs / stepUs));
  return fc.integer({ min: least, max: most }).map((count) => count * stepUs);
}

/** Undefined, or with its share of draws something else; shrinks to undefined. */
function sometimes<T>(
  choices: readonly { readonly share: number; readonly arbitrary: fc.Arbitrary<T> }[],
): fc.Arbitrary<T | undefined> {
  const rest = 1 - choices.reduce((sum, { share }) => sum + share, 0);
  const weighted = [
    { weight: perMille(rest), arbitrary: fc.constant(undefined) },
    ...choices.map(({ share, arbitrary }) => ({ weight: perMille(share), arbitrary })),
  ].filter(({ weight }, i) => i === 0 || weight > 0);
  return fc.oneof({ withCrossShrink: true }, ...weighted);
}

function perMille(share: number): number {
  return Math.max(0, Math.round(share * 1_000));
}

function streamFaults<Row>(
  options: DisorderOptions<Row> & { readonly spanUs: number },
  maxEvents: number,
): fc.Arbitrary<readonly StreamFault[]> {
  const { faults = [], poison, spanUs, stepUs = US_PER_SECOND, partitions = 1 } = options;
  const at = steps(0, spanUs, stepUs);
  const kinds: fc.Arbitrary<StreamFault>[] = [];
  if (faults.includes('poison') && poison !== undefined) {
    kinds.push(fc.record({ kind: fc.constant('poison'), atUs: at, record: poison }));
  }
  if (faults.includes('stall')) {
    const forUs = steps(1, spanUs, stepUs);
    const partition = fc.nat(partitions - 1);
    kinds.push(fc.record({ kind: fc.constant('stall'), atUs: at, forUs, partition }));
  }
  if (faults.includes('crash')) {
    const afterItems = fc.nat(2 * maxEvents);
    kinds.push(fc.record({ kind: fc.constant('crash'), afterItems }));
  }
  if (kinds.length === 0) return fc.constant([]);
  return fc.array(fc.oneof(...kinds), { maxLength: FAULTS_MAX });
}
