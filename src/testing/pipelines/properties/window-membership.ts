/** Every event in the right windows, and in no other: recomputed from the definition of windows,
 * without the operators. Spec: T95. */
import type { WindowAssignment } from '../../../streams/windows/window-spec.ts';
import { bagDifference } from '../differences.ts';
import { notLate } from './comparisons.ts';
import type { PipelineProperty } from './property.ts';

/** A window as a result tells it. */
export interface WindowCount {
  readonly key: string;
  /** µs; `[start, end)`. */
  readonly startUs: number;
  readonly endUs: number;
  /** Events in it. */
  readonly events: number;
}

/** What the property needs to know. */
export interface WindowMembershipOptions<Row, Result> {
  readonly windows: Exclude<WindowAssignment, { readonly kind: 'global' }>;
  readonly keyOf: (row: Row) => string;
  readonly windowOf: (result: Result) => WindowCount;
}

/** Final results name, for each key, exactly the windows that its events are in, each with their
 * number. Sessions have a fixed gap.
 * @param options - For a plan they may be left out: its last window step says them. */
export function windowMembership<Row, Result>(
  options?: WindowMembershipOptions<Row, Result>,
): PipelineProperty<Row, Result> {
  return {
    name: 'window-membership',
    claim: 'every event is in the right windows, and in no other',
    needsPlan: options === undefined,
    check(seen) {
      if (options === undefined) return seen.plan?.windowDifference(seen);
      const { windows, keyOf, windowOf } = options;
      const { found, events } = notLate(seen);
      const keyed = events.map(({ event, timeUs }) => ({ key: keyOf(seen.stamp(event)), timeUs }));
      return windowDifference(found.map(windowOf), windows, keyed);
    },
  };
}

/** How windows that were told differ from those of the definition. */
export function windowDifference(
  told: readonly WindowCount[],
  windows: WindowMembershipOptions<never, never>['windows'],
  events: readonly KeyedTime[],
): string | undefined {
  const plain = told.map(({ key, startUs, endUs, events: n }) => {
    return { key, startUs, endUs, events: n };
  });
  return bagDifference(plain, expectedWindows(windows, events), {
    left: 'told',
    right: 'expected',
  });
}

/** An event's key and time. */
interface KeyedTime {
  readonly key: string;
  readonly timeUs: number;
}

/** The windows of events, by definition. Cost O(events · windows of one). */
function expectedWindows(
  windows: WindowMembershipOptions<never, never>['windows'],
  events: readonly KeyedTime[],
): readonly WindowCount[] {
  if (windows.kind === 'session') return sessionsOf(windows, events);
  const counts = new Map<string, WindowCount>();
  for (const { key, timeUs } of events) {
    for (const [startUs, endUs] of alignedWindowsOf(windows, timeUs)) {
      const name = JSON.stringify([key, startUs, endUs]);
      const { events: before } = counts.get(name) ?? { events: 0 };
      counts.set(name, { key, startUs, endUs, events: before + 1 });
    }
  }
  return [...counts.values()];
}

type Aligned = Exclude<WindowAssignment, { readonly kind: 'global' | 'session' }>;

/** `[start, end)` of every window that holds an instant. */
function* alignedWindowsOf(
  windows: Aligned,
  timeUs: number,
): Iterable<readonly [startUs: number, endUs: number]> {
  const { offsetUs = 0 } = windows;
  if (windows.kind === 'cumulate') {
    const { stepUs, maxSizeUs } = windows;
    const startUs = Math.floor((timeUs - offsetUs) / maxSizeUs) * maxSizeUs + offsetUs;
    for (let endUs = startUs + stepUs; endUs <= startUs + maxSizeUs; endUs += stepUs) {
      if (timeUs < endUs) yield [startUs, endUs];
    }
    return;
  }
  const { sizeUs } = windows;
  const slideUs = windows.kind === 'hopping' ? windows.slideUs : sizeUs;
  let startUs = Math.floor((timeUs - offsetUs) / slideUs) * slideUs + offsetUs;
  for (; startUs + sizeUs > timeUs; startUs -= slideUs) yield [startUs, startUs + sizeUs];
}

/** Neighbours that are not further apart than the gap are one session (`split`: less far). */
function sessionsOf(
  { gapUs, touch }: Extract<WindowAssignment, { readonly kind: 'session' }>,
  events: readonly KeyedTime[],
): readonly WindowCount[] {
  const gap = typeof gapUs === 'number' ? gapUs : Number.NaN;
  const isOne = (distanceUs: number) => (touch === 'split' ? distanceUs < gap : distanceUs <= gap);
  const byKey = new Map<string, number[]>();
  for (const { key, timeUs } of events) byKey.set(key, [...(byKey.get(key) ?? []), timeUs]);
  return [...byKey].flatMap(([key, ofKey]) => {
    const times = ofKey.toSorted((a, b) => a - b);
    const sessions: { startUs: number; lastUs: number; events: number }[] = [];
    for (const timeUs of times) {
      const last = sessions.at(-1);
      if (last !== undefined && isOne(timeUs - last.lastUs)) {
        last.lastUs = timeUs;
        last.events += 1;
      } else sessions.push({ startUs: timeUs, lastUs: timeUs, events: 1 });
    }
    return sessions.map(({ startUs, lastUs, events: n }) => {
      return { key, startUs, endUs: lastUs + (touch === 'kafka' ? 0 : gap), events: n };
    });
  });
}
