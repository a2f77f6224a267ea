/** Streams that are smaller than a stream: fewer events and faults, less disorder, plainer times
 * and rows. Spec: T104. */
import { eachSmaller, nearer, shorter, withoutPairs } from '../shrink/greedy.ts';
import type { StreamedEvent, StreamFault, StreamTrial } from './stream-trial.ts';

/** Smaller streams, boldest first.
 * @param stepUs - Times and delays change by whole multiples of it. */
export function* smallerStreams<Row>(
  trial: StreamTrial<Row>,
  stepUs: number,
): Iterable<StreamTrial<Row>> {
  const { tieOrder, ...untied } = trial;
  const later = function* (event: StreamedEvent<Row>): Iterable<StreamedEvent<Row>> {
    if (event.delayUs !== undefined) yield { ...event, delayUs: event.delayUs + stepUs };
  };
  if (tieOrder !== undefined) {
    yield untied;
    // Instead of an order of ties, one event that is a step later.
    for (const events of eachSmaller(trial.events, later)) yield { ...untied, events };
  }
  const { faults = [], ...faultless } = trial;
  for (const fewer of shorter(faults)) {
    yield fewer.length === 0 ? faultless : { ...trial, faults: fewer };
  }
  for (const events of shorter(trial.events)) yield { ...trial, events };
  for (const events of withoutPairs(trial.events)) yield { ...trial, events };
  for (const events of smallerEvents(trial.events, stepUs)) yield { ...trial, events };
  for (const fewer of eachSmaller(faults, (one) => milder(one, stepUs))) {
    yield { ...trial, faults: fewer };
  }
}

function* smallerEvents<Row>(
  events: readonly StreamedEvent<Row>[],
  step: number,
): Iterable<readonly StreamedEvent<Row>[]> {
  yield* eachSmaller(events, (event) => calmer(event, step));
  yield* earlier(events, step);
  yield* eachSmaller(events, (event) => plainer(event, events));
}

/** With less disorder. */
function* calmer<Row>(event: StreamedEvent<Row>, step: number): Iterable<StreamedEvent<Row>> {
  const { delayUs, ...prompt } = event;
  if (delayUs !== undefined) yield prompt;
  const { againAfterUs, ...once } = event;
  if (againAfterUs !== undefined) yield once;
  const { partition, ...first } = event;
  if (partition !== undefined) yield first;
  for (const us of nearer(delayUs ?? 0, { step })) yield { ...event, delayUs: us };
  for (const us of nearer(againAfterUs ?? 0, { step })) yield { ...event, againAfterUs: us };
}

/** All events from one on earlier, so that gaps close; then each by itself. */
function* earlier<Row>(
  events: readonly StreamedEvent<Row>[],
  step: number,
): Iterable<readonly StreamedEvent<Row>[]> {
  const times = [...new Set(events.map(({ timeUs }) => timeUs))].sort((a, b) => a - b);
  for (const [n, fromUs] of times.entries()) {
    for (const toUs of nearer(fromUs, { plain: times[n - 1] ?? 0, step })) {
      yield events.map((event) => {
        const { timeUs } = event;
        return timeUs < fromUs ? event : { ...event, timeUs: timeUs - fromUs + toUs };
      });
    }
  }
  yield* eachSmaller(events, function* (event) {
    for (const timeUs of nearer(event.timeUs, { step })) yield { ...event, timeUs };
  });
}

/** With a plainer row: one that another event has, so that it is one that can be drawn. */
function* plainer<Row>(
  event: StreamedEvent<Row>,
  all: readonly StreamedEvent<Row>[],
): Iterable<StreamedEvent<Row>> {
  const text = JSON.stringify(event.row);
  for (const { row } of all) {
    const other = JSON.stringify(row);
    const isPlainer = other.length < text.length || (other.length === text.length && other < text);
    if (isPlainer) yield { ...event, row };
  }
}

function* milder(fault: StreamFault, step: number): Iterable<StreamFault> {
  if (fault.kind === 'crash') {
    for (const afterItems of nearer(fault.afterItems)) yield { ...fault, afterItems };
    return;
  }
  for (const atUs of nearer(fault.atUs, { step })) yield { ...fault, atUs };
  if (fault.kind === 'stall') {
    for (const forUs of nearer(fault.forUs, { plain: step, step })) yield { ...fault, forUs };
  }
}
