/** Random captured events for the metrics: plays with everything that players tell or leave out,
 * clicks, titles in slots, and visits on other days. */
import fc from 'fast-check';
import type { EnrichedEvent } from '../../../src/domain/pipeline-ports.ts';
import type { TrackedEventData, TrackedEventType } from '../../../src/domain/tracked-event.ts';
import type { Warehouse } from '../../../src/storage/warehouse.ts';
import { fact, warehouseWith } from '../warehouse-builder.ts';

const SECONDS_PER_DAY = 86_400;

/** The catalogue: titles beyond it have no running time. */
export const TITLES = [
  { titleId: 't0', kind: 'film', runtimeSeconds: 300, releaseDate: '2026-11-01' },
  { titleId: 't1', kind: 'show', runtimeSeconds: 120, releaseDate: '2026' },
] as const;
const RELEASES_US: Readonly<Record<string, number>> = {
  t0: Date.UTC(2026, 10, 1) * 1_000,
  t1: Date.UTC(2026, 0, 1) * 1_000,
};

/** A title as streams look it up. */
export function titleOf(titleId: string) {
  const title = TITLES.find((one) => one.titleId === titleId);
  return title && { ...title, releaseUs: RELEASES_US[titleId] ?? 0 };
}

/** A warehouse of these facts that knows the catalogue. */
export function described(facts: readonly EnrichedEvent[]): Warehouse {
  const warehouse = warehouseWith(facts);
  warehouse.describe({
    titles: TITLES.map((title) => ({ ...title, name: title.titleId, genres: [] })),
  });
  return warehouse;
}

const TYPES = [
  'media.play',
  'media.ping',
  'media.ping',
  'media.pause',
  'media.resume',
  'media.seek',
  'media.buffer_start',
  'media.buffer_start',
  'media.buffer_end',
  'media.end',
  'media.error',
  'ui.click',
  'ui.click',
  'ui.impression',
  'ui.impression',
  'page.view',
  'page.view',
] as const satisfies readonly TrackedEventType[];

const part = fc.record({
  type: fc.constantFrom(...TYPES),
  atSeconds: fc.nat(4_000),
  position: fc.nat(320),
  playback: fc.nat(4),
  session: fc.nat(2),
  slot: fc.nat(2),
  luck: fc.nat(29),
  days: fc.constantFrom(0, 0, 0, 1, 7, 30, 38),
  flag: fc.boolean(),
  isPlaced: fc.constant(false as boolean),
});
type Part = typeof part extends fc.Arbitrary<infer T> ? T : never;

/** Up to 45 events of 5 plays and 3 sessions, and of as many sessions again on later days. */
export const captured: fc.Arbitrary<readonly EnrichedEvent[]> = fc
  .array(part, { maxLength: 45, size: 'max' })
  .map((parts) => parts.map((one, i) => captureOf(withSeek(one, parts.slice(0, i)), i)));

/** Of the stalls, every other one soon after the last seek of its play, if there was one. */
function withSeek(one: Part, before: readonly Part[]): Part {
  if (one.type !== 'media.buffer_start' || one.luck % 2 === 0) return one;
  const at = before.findLastIndex((part) => part.type === 'media.seek');
  const seek = before[at];
  if (seek === undefined) return one;
  const atSeconds = secondOf(seek, at) + (one.luck % 8);
  return { ...one, playback: seek.playback, session: seek.session, atSeconds, isPlaced: true };
}

/** Two thirds of them within one short stretch: dense plays. */
function secondOf({ atSeconds, isPlaced }: Part, i: number): number {
  return i % 3 === 0 || isPlaced ? atSeconds : atSeconds % 400;
}

function captureOf(one: Part, i: number): EnrichedEvent {
  const { type, session } = one;
  const isMedia = type.startsWith('media.');
  const days = isMedia || i % 4 !== 0 ? 0 : one.days;
  const made = fact({
    id: `e${String(i).padStart(2, '0')}`,
    type,
    atSeconds: secondOf(one, i) + days * SECONDS_PER_DAY,
    sequence: i,
    session: `s${session}-${days}`,
    subject: `v${days === 0 ? session : (session + 1) % 3}`,
    data: isMedia ? mediaData(one) : uiData(one),
  });
  const deviceKind = ['tv', 'phone', 'web'][(one.luck + one.session) % 3] ?? 'tv';
  return { ...made, deviceKind, country: one.flag ? 'IN' : 'BR' };
}

/** Play 4 tells no positions, others leave one out now and then. */
function mediaData({ type, position, playback, slot, luck, flag }: Part): TrackedEventData {
  return {
    titleId: `t${playback % 3}`,
    playbackId: `p${playback}`,
    ...(playback === 4 || luck === 0 ? {} : { positionSeconds: position }),
    ...(luck % 3 === 1 ? { bitrateKbps: 500 * (1 + slot) } : {}),
    ...(luck === 2 || (type === 'media.error' && flag) ? { errorCode: `E${slot}` } : {}),
    ...(type === 'media.end' ? { completed: flag } : {}),
  };
}

function uiData({ type, slot, luck, flag, playback }: Part): TrackedEventData {
  const titleId = `t${playback % 3}`;
  switch (type) {
    case 'ui.impression':
      return {
        titleId,
        ...(luck % 4 === 0 ? {} : { row: `r${playback % 2}` }),
        ...(luck % 7 === 0 ? {} : { slot }),
        ...(luck % 3 === 0
          ? {}
          : {
              policyId: luck % 2 === 0 ? 'bandit' : 'random',
              propensity: [0.25, 0.5, 1][slot] ?? 0,
            }),
      };
    case 'ui.click':
      return flag ? { target: 'play', titleId } : { titleId };
    default:
      return flag ? { page: 'home' } : { page: 'title', titleId };
  }
}
