/** Random tracked events of ours, and what reading foreign events needs. */
import fc from 'fast-check';
import {
  TRACKED_EVENT_TYPES,
  type TrackedEvent,
  type TrackedEventData,
} from '../../../../src/domain/tracked-event.ts';

/** 2026-11-20T20:00:00Z, µs. */
export const START_US = 1_795_204_800_000_000;

/** Pseudonyms that a test can tell. */
export const CONTEXT = { pseudonym: (identity: string) => `p:${identity}`, sequence: 7 };

const word = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,5}){0,2}$/);
const path = fc.stringMatching(/^(\/[a-z]{1,6}){1,3}$/);

/** Any field, whatever the type of the event. */
export const trackedEvents: fc.Arbitrary<TrackedEvent> = fc
  .record(
    {
      id: fc.uuid(),
      type: fc.constantFrom(...TRACKED_EVENT_TYPES),
      subject: fc.nat(99).map((n) => `v${n}`),
      sessionId: fc.nat(99).map((n) => `s${n}`),
      sequence: fc.nat(1_000),
      eventTimeUs: fc.nat(1e9).map((us) => START_US + us * 1_000 + (us % 1_000)),
      uptimeUs: fc.nat(1e9),
      sampledRate: fc.integer({ min: 1, max: 100 }),
      schema: fc.constant('backlot/tracked_event/jsonschema/1-2-0'),
      data: fc.record(
        {
          page: word,
          titleId: fc.nat(99).map((n) => `tt${n}`),
          playbackId: fc.nat(99).map((n) => `play${n}`),
          positionSeconds: fc.nat(9_000),
          completed: fc.boolean(),
          seekFromSeconds: fc.nat(9_000),
          watchedSeconds: fc.nat(9_000),
          playedSeconds: fc.nat(9_000),
          pausedSeconds: fc.nat(9_000),
          bufferedSeconds: fc.nat(9_000),
          errorCode: word,
          bitrateKbps: fc.nat(20_000),
          row: word,
          slot: fc.nat(40),
          policyId: word,
          propensity: fc.double({ min: 0, max: 1, noNaN: true }),
          target: word,
          query: word,
          scrollDepthPercent: fc.double({ min: 0, max: 100, noNaN: true }),
          status: fc.integer({ min: 100, max: 599 }),
          responseBytes: fc.nat(),
          method: fc.constantFrom('GET', 'POST'),
          path,
          pageUrl: path,
          referrer: path,
          durationSeconds: fc.nat(9_000),
          clickCount: fc.nat(9),
          playbackRate: fc.constantFrom(0.5, 1, 2),
          volumePercent: fc.nat(100),
          muted: fc.boolean(),
          fullscreen: fc.boolean(),
        } satisfies { [K in keyof Required<TrackedEventData>]: fc.Arbitrary<unknown> },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['id', 'type', 'subject', 'sessionId', 'sequence', 'eventTimeUs', 'data'] },
  )
  .map((event) => event as TrackedEvent);

/** What reading an exported event back must give. */
export function readBack(event: TrackedEvent): TrackedEvent {
  const { pseudonym } = CONTEXT;
  const people = { subject: pseudonym(event.subject), sessionId: pseudonym(event.sessionId) };
  return { ...event, ...people };
}
