/** Ways in which a client's bug spoils an event. All keep its id where one can be kept, so that
 * spoiled events remain apart; none makes an event that a pipeline could take for good.
 * Spec: E464. */
import type { TrackedEvent } from '../../../domain/tracked-event.ts';

/** Larger than what a collector takes of one event. */
const ABSURD_LENGTH = 40_000;

/** One way. */
export type Spoiler = (event: TrackedEvent) => unknown;

/** All ways, by what is wrong. */
export const SPOILERS: Readonly<Record<string, Spoiler>> = {
  'wrong type': (event) => ({ ...event, eventTimeUs: String(event.eventTimeUs) }),
  'missing field': ({ subject: _, ...event }) => event,
  'unknown type': (event) => ({ ...event, type: 'media.rewound' }),
  'absurd size': (event) => ({
    ...event,
    data: { ...event.data, query: 'x'.repeat(ABSURD_LENGTH) },
  }),
  'absurd number': (event) => ({ ...event, sequence: -1 }),
  'no object': (event) => JSON.stringify(event),
  'data of another kind': (event) => ({ ...event, data: [event.data] }),
};

const WAYS: readonly Spoiler[] = Object.values(SPOILERS);

/** Spoils an event. @param u - In (0, 1): which way. */
export function spoil(event: TrackedEvent, u: number): unknown {
  const way = WAYS[Math.floor(u * WAYS.length)];
  return way === undefined ? event : way(event);
}
