/** Chrome traces: duration events of one track nest, by a stack that knows nothing of lanes. */
import { fc, it as prop } from '@fast-check/vitest';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../../src/experiment/result.ts';
import { PERFETTO } from '../../../src/export/formats/perfetto.ts';
import { type LaneSpan, placeInLanes } from '../../../src/export/traces/lanes.ts';
import { NO_SOURCES, realRun } from '../export-documents.ts';

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly cat?: string;
  readonly id?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

let run: RunDocument;
let events: readonly TraceEvent[];

beforeAll(async () => {
  run = (await realRun()).document;
  events = (JSON.parse(PERFETTO.render(run, NO_SOURCES)) as { traceEvents: TraceEvent[] })
    .traceEvents;
});

/** The first event that begins within another one of its track and ends after it; by stacks. */
function misplaced(durations: readonly TraceEvent[]): TraceEvent | undefined {
  const stacks = new Map<string, number[]>();
  const inOrder = [...durations].sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  return inOrder.find(({ pid, tid, ts, dur }) => {
    const key = `${pid}/${tid}`;
    const ends = stacks.get(key) ?? [];
    stacks.set(key, ends);
    while ((ends.at(-1) ?? Number.POSITIVE_INFINITY) <= ts) ends.pop();
    const isMisplaced = (ends.at(-1) ?? Number.POSITIVE_INFINITY) < ts + dur;
    ends.push(ts + dur);
    return isMisplaced;
  });
}

describe('the stack', () => {
  it('finds what does not nest', () => {
    const event = (ts: number, dur: number, tid = 0) =>
      ({ ph: 'X', name: 'x', pid: 1, tid, ts, dur, args: {} }) as const;
    expect(misplaced([event(0, 10), event(2, 3), event(5, 5), event(10, 4)])).toBeUndefined();
    expect(misplaced([event(0, 10), event(8, 3)])).toEqual(event(8, 3));
    expect(misplaced([event(0, 10), event(8, 3, 1)])).toBeUndefined();
  });
});

describe('Perfetto', () => {
  it('X54: duration events of a track nest, of a run with retries, hedges and failures', () => {
    const durations = events.filter(({ ph }) => ph === 'X');
    expect(durations.length).toBeGreaterThan(100);
    expect(misplaced(durations)).toBeUndefined();
    expect(new Set(durations.map(({ tid }) => tid)).size).toBeGreaterThan(1);
    const names = durations.map(({ name }) => name).join('\n');
    expect(names).toMatch(/\(retry\)/);
    expect(names).toMatch(/\(hedge\)/);
    // On one lane alone they would not.
    expect(misplaced(durations.map((one) => ({ ...one, tid: 0 })))).toBeDefined();
  });

  it('X54: keeps every span of every page, whole µs since the start', () => {
    const spans = run.architectures.flatMap(({ traces }) =>
      (traces?.pages ?? []).flatMap((page) => page.spans),
    );
    const durations = events.filter(({ ph }) => ph === 'X');
    const key = (one: { ts: number; dur: number }) => `${one.ts} ${one.dur}`;
    expect(durations.map(key).sort()).toEqual(
      spans.map(({ startUs, durationUs }) => key({ ts: startUs, dur: durationUs })).sort(),
    );
    expect(durations.every(({ ts, dur }) => Number.isInteger(ts) && Number.isInteger(dur))).toBe(
      true,
    );
  });

  it('X55: asynchronous events begin and end once; every track has its name', () => {
    for (const { ph, id, pid, cat } of events.filter((one) => one.ph === 'b' || one.ph === 'e')) {
      const pair = events.filter((one) => one.id === id && one.cat === cat && one.pid === pid);
      expect(pair.map((one) => one.ph)).toEqual(['b', 'e']);
      expect(['b', 'e']).toContain(ph);
    }
    expect(events.filter(({ ph }) => ph === 'b').length).toBe(run.faults.length);
    const named = new Set(
      events.filter(({ name }) => name === 'process_name').map(({ pid }) => pid),
    );
    expect(events.every(({ pid }) => named.has(pid))).toBe(true);
    const counters = events.filter(({ ph }) => ph === 'C');
    expect(counters.length).toBeGreaterThan(10);
    for (const { args } of counters) {
      expect(Object.values(args).every((value) => Number.isFinite(value))).toBe(true);
    }
  });
});

/** Trees whose children lie within their parents and overlap one another as they like. */
const tree: fc.Arbitrary<readonly LaneSpan[]> = fc
  .array(fc.tuple(fc.nat(), fc.nat(20), fc.nat(20)), { maxLength: 40 })
  .map((drawn) => {
    const spans: LaneSpan[] = [{ id: 0, parent: null, startUs: 0, durationUs: 100 }];
    for (const [which, from, length] of drawn) {
      const parent = spans[which % spans.length] as LaneSpan;
      const startUs = parent.startUs + Math.min(from, parent.durationUs);
      const durationUs = Math.min(length, parent.startUs + parent.durationUs - startUs);
      spans.push({ id: spans.length, parent: parent.id, startUs, durationUs });
    }
    return spans;
  });

describe('lanes', () => {
  prop.prop([tree], { seed: 8, numRuns: 500 })('X56: nest for any tree of spans', (spans) => {
    const placed = placeInLanes(spans);
    const durations = placed.map(({ span, lane }) => ({
      ph: 'X',
      name: String(span.id),
      pid: 1,
      tid: lane,
      ts: span.startUs,
      dur: span.durationUs,
      args: {},
    }));
    expect(misplaced(durations)).toBeUndefined();
    expect(placed.length).toBe(spans.length);
    expect(placed.find(({ span }) => span.parent === null)?.lane).toBe(0);
  });
});
