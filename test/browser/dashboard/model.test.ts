/** What the dashboard's page computes, without a page. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandsOf, lineChartOption } from '../../../src/browser/dashboard/model/chart-options.ts';
import { commandWords } from '../../../src/browser/dashboard/model/command-words.ts';
import { dotsPerSec, linkWidthPx } from '../../../src/browser/dashboard/model/dot-speed.ts';
import { createEventParser } from '../../../src/browser/dashboard/model/event-parser.ts';
import { FrameHistory } from '../../../src/browser/dashboard/model/frame-history.ts';
import { layoutGraph } from '../../../src/browser/dashboard/model/graph-layout.ts';
import { MinMaxRing } from '../../../src/browser/dashboard/model/min-max-ring.ts';
import {
  clockTimeText,
  durationText,
  momentText,
  parseDuration,
  parseSeek,
} from '../../../src/browser/dashboard/model/moment-text.ts';
import { reconnectDelayMs } from '../../../src/browser/dashboard/model/reconnect-delay.ts';
import { StateStrip } from '../../../src/browser/dashboard/model/state-strip.ts';
import { fakeFrame, fakeHello, START_US } from '../../live/dashboard/fake-frames.ts';

const SEC = 1_000_000;
const RUN = { startUs: START_US, endUs: 3 * 3_600 * SEC };

describe('the stream', () => {
  it('L68: events come out whole, however they are cut', () => {
    const text =
      ': hi\n\nid: 1\nevent: frame\ndata: {"a":"é→"}\n\nevent: end\r\ndata: x\r\n\r\ndata: y\n\n';
    const whole = [
      { event: 'frame', data: '{"a":"é→"}' },
      { event: 'end', data: 'x' },
      { event: 'message', data: 'y' },
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const ends = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const parse = createEventParser();
        const pieces = ends.slice(1).map((end, n) => text.slice(ends[n], end));
        expect(pieces.flatMap((piece) => parse(piece))).toEqual(whole);
      }),
      { seed: 60, numRuns: 300 },
    );
  });

  it('L68: waits are doubled up to 15 s, and as long as the server asks', () => {
    expect([1, 2, 3, 6, 99].map((n) => reconnectDelayMs(n))).toEqual([
      500, 1_000, 2_000, 15_000, 15_000,
    ]);
    expect(reconnectDelayMs(1, 5)).toBe(5_000);
    expect(reconnectDelayMs(1, Number.NaN)).toBe(500);
  });
});

describe('series', () => {
  it('L70: a ring never has more points than it may, and loses no peak', () => {
    const values = fc.array(fc.option(fc.integer({ min: -1_000, max: 1_000 }), { freq: 8 }), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 20 }), (given, capacity) => {
        const ring = new MinMaxRing(capacity);
        for (const [n, value] of given.entries()) ring.add(n, value);
        const { points } = ring;
        expect(points.length).toBeLessThanOrEqual(capacity);
        expect(points.reduce((sum, { values: own }) => sum + own, 0)).toBe(given.length);
        const numbers = given.filter((value) => value !== null);
        const drawn = ring.vertices().flatMap(([, value]) => value ?? []);
        if (numbers.length > 0) {
          expect(Math.max(...drawn)).toBe(Math.max(...numbers));
          expect(Math.min(...drawn)).toBe(Math.min(...numbers));
        }
        const times = ring.vertices().map(([atUs]) => atUs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        for (const [atUs, value] of ring.vertices()) {
          if (value !== null) expect(given[atUs]).toBe(value);
        }
      }),
      { seed: 61, numRuns: 200 },
    );
  });

  it('L70: few values are kept as they are, with their gaps', () => {
    const ring = new MinMaxRing(4);
    for (const [n, value] of [3, null, 5].entries()) ring.add(n, value);
    expect(ring.vertices()).toEqual([
      [0, 3],
      [1, null],
      [2, 5],
    ]);
    ring.add(1, 9);
    expect(ring.vertices()).toEqual([
      [0, 3],
      [1, 9],
    ]);
  });

  it('L70: strips join what is the same and forget what is later', () => {
    const strip = new StateStrip<'open' | 'closed'>();
    for (const [atUs, state] of [
      [1, 'closed'],
      [2, 'closed'],
      [5, 'open'],
      [9, 'open'],
    ] as const) {
      strip.add(atUs, state);
    }
    expect(strip.stretches).toEqual([
      { fromUs: 1, toUs: 2, state: 'closed' },
      { fromUs: 2, toUs: 9, state: 'open' },
    ]);
    strip.add(4, 'closed');
    expect(strip.stretches.at(-1)).toEqual({ fromUs: 4, toUs: 4, state: 'closed' });
    for (let n = 0; n < 2_000; n += 1) strip.add(10 + n, n % 2 === 0 ? 'open' : 'closed');
    expect(strip.stretches).toHaveLength(600);
  });
});

describe('history', () => {
  it('L69: rates are differences of counts by virtual time, whatever was missed between', () => {
    const history = new FrameHistory();
    history.add(fakeFrame(10));
    expect(history.rates.pagesPerSec).toBeNull();
    history.add(fakeFrame(13));
    expect(history.rates).toMatchObject({
      pagesPerSec: 40,
      failedPerSec: 2,
      capturedPerSec: 500,
      acceptedPerSec: 470,
      storedPerSec: 450,
    });
    expect(history.rates.edges.get('router→rating')).toEqual({
      callsPerSec: 40,
      attemptsPerSec: 40,
      errorShare: 7 / 40,
    });
    expect(history.series('waiting:rating').vertices()).toEqual([
      [10 * SEC, 45],
      [13 * SEC, 45],
    ]);
  });

  it('L69: a paused clock adds nothing, going back forgets, another subject begins anew', () => {
    const history = new FrameHistory();
    for (const n of [1, 2, 3, 155, 155]) history.add(fakeFrame(n));
    expect(history.series('pages').vertices()).toHaveLength(4);
    expect(history.rates.pagesPerSec).toBe(40);
    expect(history.faults).toHaveLength(1);
    history.add(fakeFrame(2));
    expect(history.rates.pagesPerSec).toBeNull();
    expect(history.faults).toHaveLength(0);
    history.add(fakeFrame(4));
    expect(
      history
        .series('pages')
        .vertices()
        .map(([atUs]) => atUs / SEC),
    ).toEqual([1, 4]);
    history.add({ ...fakeFrame(5), subject: 'monolith' });
    expect(history.series('pages').vertices()).toEqual([[5 * SEC, null]]);
  });

  it('L69: a fault that is healed ends where it was last seen', () => {
    const history = new FrameHistory();
    history.add(fakeFrame(155));
    history.add({ ...fakeFrame(160), faults: [] });
    expect(history.faults.map(({ endsAtUs }) => endsAtUs)).toEqual([160 * SEC]);
    expect(bandsOf(history.faults, 0, 999 * SEC)).toEqual([[150 * SEC, 160 * SEC]]);
  });

  it('bands of faults do not lie over one another', () => {
    const fault = (beganAtUs: number, endsAtUs: number) => ({
      kind: 'x',
      target: null,
      beganAtUs,
      endsAtUs,
    });
    const faults = [fault(50, 60), fault(10, 30), fault(20, 40), fault(90, 99), fault(0, 2)];
    expect(bandsOf(faults, 5, 95)).toEqual([
      [10, 40],
      [50, 60],
      [90, 95],
    ]);
  });

  it('L70: a tooltip is text, whatever the names are', () => {
    const lines = [{ name: '{a|b}<img src=x>', look: 0, vertices: [[SEC, 4] as const] }];
    const option = lineChartOption({ run: RUN, nowUs: 2 * SEC, faults: [], lines });
    expect(option.tooltip.renderMode).toBe('richText');
    const text = option.tooltip.formatter([{ seriesName: '{a|b}<img src=x>', value: [SEC, 4] }]);
    expect(text).toBe('19:00:01\n a b <img src=x>: 4');
  });
});

describe('the graph', () => {
  it('L71: columns follow the calls, the same graph has the same layout', () => {
    const [subject] = fakeHello().subjects;
    if (subject === undefined) throw new Error('no subject');
    const layout = layoutGraph(subject);
    expect(layoutGraph(subject)).toEqual(layout);
    const columns = new Map(layout.nodes.map(({ node, x }) => [node.name, Math.round(x / 300)]));
    expect(Object.fromEntries(columns)).toEqual({
      viewers: 0,
      router: 1,
      collector: 1,
      movie: 2,
      rating: 2,
      log: 2,
      database: 3,
      warehouse: 3,
    });
    expect(layout.links).toHaveLength(7);
    const places = new Set(layout.nodes.map(({ x, y }) => `${x} ${y}`));
    expect(places.size).toBe(layout.nodes.length);
    for (const { x, y } of layout.nodes) {
      expect(x).toBeGreaterThan(0);
      expect(y + 46).toBeLessThan(layout.heightPx);
    }
  });

  it('L71: circles, loops and unknown ends do no harm', () => {
    const nodes = ['a', 'b', 'c'].map((name) => ({ name, kind: 'service' as const }));
    const link = (from: string, to: string) => ({ name: `${from}→${to}`, from, to });
    const links = [link('a', 'b'), link('b', 'c'), link('c', 'a'), link('a', 'a'), link('a', 'x')];
    const { nodes: placed, links: drawn } = layoutGraph({ name: 's', nodes, links });
    expect(placed).toHaveLength(3);
    expect(drawn.map(({ link: { name } }) => name)).toEqual(['a→b', 'b→c', 'c→a', 'a→a']);
    expect(drawn.every(({ path }) => !path.includes('NaN'))).toBe(true);
    expect(layoutGraph({ name: 's', nodes: [], links: [] }).widthPx).toBeGreaterThan(0);
  });

  it('L71: dots stand without calls and never run away', () => {
    expect([0, -1].map(dotsPerSec)).toEqual([0, 0]);
    const rates = [0.01, 1, 40, 3_000, 1e9];
    const speeds = rates.map(dotsPerSec);
    expect(speeds).toEqual(speeds.toSorted((a, b) => a - b));
    expect(speeds.at(-1)).toBe(6);
    expect(rates.map(linkWidthPx).at(-1)).toBe(9);
  });
});

describe('moments', () => {
  it('L72: are shown in UTC', () => {
    expect(momentText(RUN, 5_250_000)).toBe('Fri 2026-11-20 19:00:05.250 UTC');
    expect(clockTimeText(RUN, 3_600 * SEC)).toBe('20:00:00');
    expect([5 * SEC, 65 * SEC, 3_723 * SEC].map(durationText)).toEqual([
      '5 s',
      '1 min 05 s',
      '1 h 02 min 03 s',
    ]);
    expect(momentText({ startUs: Number.NaN, endUs: null }, 0)).toContain('1970');
  });

  it('L72: are typed as event, time of day, date, or time since the start', () => {
    const typed: Readonly<Record<string, unknown>> = {
      '#12,345': { event: 12_345 },
      '# 7': { event: 7 },
      '19:30': { atUs: 1_800 * SEC },
      '19:30:05.5 UTC': { atUs: 1_805.5 * SEC },
      '2026-11-20T20:00': { atUs: 3_600 * SEC },
      '2026-11-20 20:00:01Z': { atUs: 3_601 * SEC },
      '90s': { atUs: 90 * SEC },
      '1h 30m': { atUs: 5_400 * SEC },
      '250ms': { atUs: 250_000 },
      '18:59': undefined,
      '24:00': undefined,
      '19:60': undefined,
      '4h': undefined,
      '2026-11-19T20:00': undefined,
      '2026-13-45T20:00': undefined,
      '#-1': undefined,
      '12': undefined,
      '': undefined,
      soon: undefined,
    };
    for (const [text, target] of Object.entries(typed)) {
      expect([text, parseSeek(text, RUN)]).toEqual([text, target]);
    }
    expect(parseSeek('0:30', { startUs: START_US + 4 * 3_600 * SEC, endUs: null })).toEqual({
      atUs: 5_400 * SEC,
    });
    expect([parseDuration('5m'), parseDuration('x')]).toEqual([300 * SEC, undefined]);
  });

  it('L73: commands have words', () => {
    const words = [
      { type: 'pause' },
      { type: 'speed', factor: null },
      { type: 'speed', factor: 60 },
      { type: 'step', events: -1 },
      { type: 'step', events: 10_000 },
      { type: 'seek', event: 4_000 },
      { type: 'seek', atUs: 60 * SEC },
      { type: 'fault', kind: 'service.slow', target: 'movie', intensity: 4, forUs: 60 * SEC },
      { type: 'heal' },
      { type: 'breaker', edge: 'a→b', status: 'open' },
    ] as const;
    expect(words.map((command) => commandWords(command, RUN))).toEqual([
      'pause',
      'speed max',
      'speed ×60',
      'step back 1 event',
      'step 10,000 events',
      'go to event #4,000',
      'go to 19:01:00',
      'fault service.slow on movie at 4 for 1 min 00 s',
      'heal all faults',
      'hold breaker of a→b open',
    ]);
  });
});
