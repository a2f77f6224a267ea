/** Where two runs part: both run side by side, slice after slice, until a slice differs; then both
 * run again up to the end of that slice, which is recorded, and the first event and the first draw
 * that differ are named. Spec: E363–E365. */
import type { RunDigest } from '../../kernel/digest.ts';
import { US_PER_MINUTE } from '../../kernel/time.ts';
import type { TraceRecord } from '../io/trace-file.ts';
import { firstDivergence } from './digest-parts.ts';
import { createDrawLog, type DrawLog, type DrawRecord } from './draw-log.ts';
import type { Watchers } from './open-world.ts';

/** A run that can be stopped on its way; a world is one. */
export interface Steppable {
  readonly digest: RunDigest;
  readonly endUs: number;
  /** Runs up to and including a time. */
  runTo(untilUs: number): void;
  close(): void;
}

/** Starts a run from its beginning, watched. */
export type Starter = (watchers: Watchers) => Steppable;

/** One event of one run, and where its draws stand. */
export interface EventRecord extends TraceRecord {
  /** 1-based within the slice. */
  readonly number: number;
}

/** The first draw that differs, on either side; null where that side drew no more in the slice. */
export interface DrawDivergence {
  /** 1-based over the whole run. */
  readonly number: number;
  readonly a: DrawRecord | null;
  readonly b: DrawRecord | null;
}

/** One side of the first event that differs. */
export interface DivergedSide {
  /** Null where this run has no further event in the slice. */
  readonly event: EventRecord | null;
  readonly before: readonly EventRecord[];
  readonly after: readonly EventRecord[];
}

/** Where two runs part. */
export interface Divergence {
  /** The slice: from here, one minute of virtual time; null where no event differs. */
  readonly sliceUs: number | null;
  readonly a: DivergedSide;
  readonly b: DivergedSide;
  /** The first draw that differs, which may come long before it shows in an event; null where all
   * draws are the same, as between architectures. */
  readonly draw: DrawDivergence | null;
}

/** Length of a slice of run digests. */
const SLICE_US = US_PER_MINUTE;

/** Finds where two runs part; undefined where they do not.
 * @param context - Events shown before and after. Cost: both runs up to where they part, twice;
 * memory: the events of one slice. */
export function locateDivergence(
  starters: readonly [a: Starter, b: Starter],
  context: number,
): Divergence | undefined {
  const parted = firstPartedSlices(starters);
  if (parted === undefined) return undefined;
  const { eventSliceUs, drawSliceUs } = parted;
  const events = eventSliceUs === null ? [] : starters.map((one) => eventsIn(one, eventSliceUs));
  const draws = drawSliceUs === null ? [] : starters.map((one) => drawsIn(one, drawSliceUs));
  const [a = [], b = []] = events;
  const at = firstUnequal(a, b, sameEvent);
  const [drawsOfA, drawsOfB] = draws;
  return {
    sliceUs: eventSliceUs,
    a: sideOf(a, at, context),
    b: sideOf(b, at, context),
    draw: drawsOfA && drawsOfB ? drawDivergence(drawsOfA, drawsOfB) : null,
  };
}

/** The first slices in which events, and draws, differ. */
function firstPartedSlices(
  starters: readonly [a: Starter, b: Starter],
): { readonly eventSliceUs: number | null; readonly drawSliceUs: number | null } | undefined {
  const logs = [createDrawLog(false), createDrawLog(false)] as const;
  const [logA, logB] = logs;
  const a = starters[0]({ watchChance: logA.watch });
  const b = starters[1]({ watchChance: logB.watch });
  try {
    const endUs = Math.max(a.endUs, b.endUs);
    let drawSliceUs: number | null = null;
    for (let startUs = 0; startUs <= endUs; startUs += SLICE_US) {
      const untilUs = Math.min(startUs + SLICE_US - 1, endUs);
      a.runTo(untilUs);
      b.runTo(untilUs);
      if (drawSliceUs === null && (logA.hash !== logB.hash || logA.count !== logB.count)) {
        drawSliceUs = startUs;
      }
      if (!endsAlike(a.digest, b.digest)) return { eventSliceUs: startUs, drawSliceUs };
    }
    return drawSliceUs === null ? undefined : { eventSliceUs: null, drawSliceUs };
  } finally {
    a.close();
    b.close();
  }
}

/** Whether the slices so far are equal: those before the last were looked at before. */
function endsAlike(a: RunDigest, b: RunDigest): boolean {
  const last = (digest: RunDigest) => ({ slices: digest.slices().slice(-2), actors: null });
  return firstDivergence(last(a), last(b)) === undefined;
}

/** The events of one slice. */
function eventsIn(start: Starter, sliceUs: number): readonly EventRecord[] {
  const events: EventRecord[] = [];
  const write = (record: TraceRecord) => {
    if (record.simTimeUs < sliceUs) return;
    events.push({ ...record, number: events.length + 1 });
  };
  const run = start({ trace: { write, close: () => {} } });
  try {
    run.runTo(Math.min(sliceUs + SLICE_US - 1, run.endUs));
    return events;
  } finally {
    run.close();
  }
}

/** The draws of one slice; those made while it was wired count to the first. */
function drawsIn(
  start: Starter,
  sliceUs: number,
): { readonly log: DrawLog; readonly from: number } {
  const log = createDrawLog(sliceUs === 0);
  const run = start({ watchChance: log.watch });
  try {
    if (sliceUs > 0) run.runTo(sliceUs - 1);
    const from = sliceUs === 0 ? 0 : log.count;
    log.isRecording = true;
    run.runTo(Math.min(sliceUs + SLICE_US - 1, run.endUs));
    return { log, from };
  } finally {
    run.close();
  }
}

function drawDivergence(
  a: ReturnType<typeof drawsIn>,
  b: ReturnType<typeof drawsIn>,
): DrawDivergence {
  const [ofA, ofB] = [a.log.recorded, b.log.recorded];
  const at = firstUnequal(ofA, ofB, sameDraw);
  return { number: a.from + at + 1, a: ofA[at] ?? null, b: ofB[at] ?? null };
}

function sideOf(events: readonly EventRecord[], at: number, context: number): DivergedSide {
  return {
    event: events[at] ?? null,
    before: events.slice(Math.max(0, at - context), at),
    after: events.slice(at + 1, at + 1 + context),
  };
}

function firstUnequal<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    if (!same(a[i] as T, b[i] as T)) return i;
  }
  return length;
}

function sameEvent(a: TraceRecord, b: TraceRecord): boolean {
  return (
    a.simTimeUs === b.simTimeUs &&
    a.actor === b.actor &&
    a.event === b.event &&
    a.drawCount === b.drawCount
  );
}

function sameDraw(a: DrawRecord, b: DrawRecord): boolean {
  return (
    a.purpose === b.purpose && a.entity === b.entity && a.index === b.index && a.value === b.value
  );
}
