/** The window operator, case by case: what properties and vectors do not name. */
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/kernel/errors.ts';
import { createWindowOperator } from '../../../src/streams/windows/create-window-operator.ts';
import type { LateRow, Pane } from '../../../src/streams/windows/window-operator.ts';
import type { WindowSpec } from '../../../src/streams/windows/window-spec.ts';
import { listOf, type Row, sumOf } from './window-builder.ts';

const END = Number.POSITIVE_INFINITY;

function operator(spec: WindowSpec) {
  const panes: Pane<number>[] = [];
  const late: LateRow<Row>[] = [];
  const create = () =>
    createWindowOperator<Row, number, number>({
      spec,
      keyOf: ({ key }) => key,
      gapUsOf: ({ value }) => Number(value),
      aggregator: sumOf,
      onPane: (pane) => panes.push(pane),
      onLate: (row) => late.push(row),
    });
  const windows = create();
  const add = (key: string, timeUs: number, value = 1) => windows.add({ key, value }, timeUs);
  const shown = () =>
    panes.splice(0).map(({ key, value, info }) => {
      const sign = info.isRetraction ? '-' : '';
      return `${sign}${key} ${value} ${info.startUs}..${info.endUs} ${info.timing}`;
    });
  return { windows, create, add, panes, late, shown };
}

const tumbling: WindowSpec = { assign: { kind: 'tumbling', sizeUs: 10 } };

describe('aligned windows', () => {
  it('W21 fire by time, then key by UTF-16 code units, then start', () => {
    const { windows, add, shown } = operator(tumbling);
    for (const [key, time] of [
      ['b', 25],
      ['a', 3],
      ['ä', 3],
      ['B', 3],
      ['a', 25],
    ] as const) {
      add(key, time);
    }
    windows.advanceTo(100);
    expect(shown()).toEqual([
      'B 1 0..10 ON_TIME',
      'a 1 0..10 ON_TIME',
      'ä 1 0..10 ON_TIME',
      'a 1 20..30 ON_TIME',
      'b 1 20..30 ON_TIME',
    ]);
  });

  it('W12 put negative times into the window below', () => {
    const { windows, add, shown } = operator(tumbling);
    add('k', -1);
    windows.advanceTo(-1);
    expect(shown()).toEqual(['k 1 -10..0 ON_TIME']);
  });

  it('W12 stay on the grid for all safe integers', () => {
    const { windows, add, panes } = operator({ assign: { kind: 'tumbling', sizeUs: 3 } });
    const times = [1, 2, 3, 4].map((less) => Number.MAX_SAFE_INTEGER - 4 - less);
    for (const time of times) add('k', time);
    windows.advanceTo(END);
    expect(panes.length).toBeGreaterThan(1);
    for (const { info } of panes) {
      expect(info.startUs % 3).toBe(0);
      expect(info.endUs - info.startUs).toBe(3);
    }
  });

  it('W12 hopping with slide > size leaves gaps, whose rows are counted as unassigned', () => {
    const { windows, add, shown, late } = operator({
      assign: { kind: 'hopping', sizeUs: 4, slideUs: 10 },
    });
    add('k', 3);
    add('k', 4);
    windows.advanceTo(20);
    add('k', 15);
    expect(shown()).toEqual(['k 1 0..4 ON_TIME']);
    expect(windows.counts).toMatchObject({ received: 3, unassigned: 1, late: 1 });
    expect(late).toMatchObject([{ timeUs: 15, watermarkUs: 20 }]);
  });

  it('W12 cumulating windows grow by a step, and begin again', () => {
    const { windows, add, shown } = operator({
      assign: { kind: 'cumulate', stepUs: 5, maxSizeUs: 15 },
    });
    for (const time of [1, 7, 8, 16]) add('k', time);
    windows.advanceTo(END);
    expect(shown()).toEqual([
      'k 1 0..5 ON_TIME',
      'k 3 0..10 ON_TIME',
      'k 3 0..15 ON_TIME',
      'k 1 15..20 ON_TIME',
      'k 1 15..25 ON_TIME',
      'k 1 15..30 ON_TIME',
    ]);
  });

  it('W12 the global window fires at the end of the stream', () => {
    const { windows, add, panes } = operator({ assign: { kind: 'global' } });
    add('k', -5);
    add('k', 1_000_000);
    windows.advanceTo(2_000_000);
    expect(panes).toEqual([]);
    windows.advanceTo(END);
    expect(panes).toMatchObject([
      { value: 2, info: { startUs: Number.MIN_SAFE_INTEGER, endUs: Number.MAX_SAFE_INTEGER } },
    ]);
    add('k', 3);
    expect(windows.counts.late).toBe(1);
  });

  it('W15 a row too late for some of its windows drops out of these, and is told as that', () => {
    const { windows, add, shown, late } = operator({
      assign: { kind: 'hopping', sizeUs: 10, slideUs: 5 },
    });
    add('k', 12);
    windows.advanceTo(14);
    add('k', 13);
    windows.advanceTo(END);
    expect(shown()).toEqual(['k 1 5..15 ON_TIME', 'k 2 10..20 ON_TIME']);
    expect(late).toEqual([]);
    expect(windows.counts).toMatchObject({ partialLateDrops: 1, late: 0 });
  });

  it('a watermark that goes back is ignored; rows without a time are refused', () => {
    const { windows, add } = operator(tumbling);
    windows.advanceTo(50);
    windows.advanceTo(5);
    add('k', 20);
    expect(windows.counts.late).toBe(1);
    expect(() => add('k', Number.NaN)).toThrow(
      "STREAMS_BAD_WINDOW: a row's time is NaN; it has to be a whole number of µs",
    );
  });

  it('W13 a Beam watermark W fires as a Flink watermark W − 1 does', () => {
    const { windows, add, shown } = operator({ ...tumbling, watermarkConvention: 'beam' });
    add('k', 3);
    windows.advanceTo(9);
    expect(shown()).toEqual([]);
    windows.advanceTo(10);
    expect(shown()).toEqual(['k 1 0..10 ON_TIME']);
  });
});

describe('sessions', () => {
  it('W14 with gaps of their rows: the furthest end wins', () => {
    const { windows, add, shown } = operator({
      assign: { kind: 'session', gapUs: { kind: 'column', name: 'gap' }, touch: 'split' },
    });
    add('k', 0, 100);
    add('k', 10, 5);
    add('k', 99, 2);
    add('k', 102, 0);
    windows.advanceTo(END);
    expect(shown()).toEqual(['k 107 0..101 ON_TIME', 'k 0 102..103 ON_TIME']);
  });

  it('W14 a row that bridges three sessions makes one of them', () => {
    const { windows, add, shown } = operator({
      assign: { kind: 'session', gapUs: { kind: 'column', name: 'gap' } },
    });
    for (const time of [20, 0, 40]) add('k', time, 5);
    expect(windows.openWindows).toBe(3);
    add('k', 1, 50);
    expect(windows.openWindows).toBe(1);
    windows.advanceTo(END);
    expect(shown()).toEqual(['k 65 0..51 ON_TIME']);
  });

  it('W18 retracting takes back all sessions that were merged away, before the merged one', () => {
    const { windows, add, shown } = operator({
      assign: { kind: 'session', gapUs: 10 },
      trigger: { early: { kind: 'count', count: 1 } },
      accumulation: 'retracting',
    });
    add('k', 0);
    add('k', 20);
    add('k', 10, 5);
    expect(shown()).toEqual([
      'k 1 0..10 EARLY',
      'k 1 20..30 EARLY',
      '-k 1 0..10 EARLY',
      '-k 1 20..30 EARLY',
      'k 7 0..30 EARLY',
    ]);
    windows.advanceTo(29);
    expect(shown()).toEqual(['-k 7 0..30 EARLY', 'k 7 0..30 ON_TIME']);
  });

  it('W18 counts of new rows add up when sessions merge', () => {
    const { windows, add, shown } = operator({
      assign: { kind: 'session', gapUs: 10 },
      trigger: { early: { kind: 'count', count: 5 }, onTime: false },
    });
    for (const time of [0, 1, 20, 21, 10]) add('k', time);
    expect(shown()).toEqual(['k 5 0..31 EARLY']);
    windows.advanceTo(END);
    expect(shown()).toEqual([]);
  });

  it('W14 a row within the lateness opens a session, which tells it at once', () => {
    const { windows, add, shown } = operator({
      assign: { kind: 'session', gapUs: 10 },
      allowedLatenessUs: 20,
    });
    windows.advanceTo(28);
    add('k', 0);
    expect(shown()).toEqual(['k 1 0..10 LATE']);
    windows.advanceTo(29);
    add('k', 0);
    expect(windows.counts.late).toBe(1);
  });

  it('W18 a session that has fired and grows fires again at its new end, not before', () => {
    const { windows, add, shown } = operator({
      assign: { kind: 'session', gapUs: 10 },
      allowedLatenessUs: 100,
    });
    add('k', 0);
    windows.advanceTo(9);
    add('k', 8);
    windows.advanceTo(16);
    expect(shown()).toEqual(['k 1 0..10 ON_TIME']);
    windows.advanceTo(17);
    expect(shown()).toEqual(['k 2 0..18 ON_TIME']);
    add('k', 2);
    expect(shown()).toEqual(['k 3 0..18 LATE']);
    windows.advanceTo(117);
    expect(windows.openWindows).toBe(0);
  });

  it('W20 Kafka: any key moves stream time; a row is taken in before it closes others', () => {
    const { windows, add, shown, late } = operator({
      assign: { kind: 'session', gapUs: 5, touch: 'kafka' },
      closeRule: 'stream-time',
      allowedLatenessUs: 2,
    });
    add('a', 0);
    add('a', 5);
    add('b', 7);
    windows.advanceTo(1_000);
    expect(shown()).toEqual([]);
    add('b', 8);
    expect(shown()).toEqual(['a 2 0..5 ON_TIME']);
    add('a', 5);
    expect(late).toMatchObject([{ timeUs: 5 }]);
    windows.advanceTo(END);
    expect(shown()).toEqual(['b 2 7..8 ON_TIME']);
  });
});

describe('triggers', () => {
  it('W17 process time: a delay after the first row since the last pane', () => {
    const { windows, add, shown } = operator({
      ...tumbling,
      trigger: { early: { kind: 'process-time', delayUs: 100 } },
    });
    windows.passProcessTime(1_000);
    add('b', 1);
    windows.passProcessTime(1_050);
    add('a', 1);
    add('b', 2);
    windows.passProcessTime(1_099);
    expect(shown()).toEqual([]);
    windows.passProcessTime(1_200);
    expect(shown()).toEqual(['b 2 0..10 EARLY', 'a 1 0..10 EARLY']);
    windows.passProcessTime(2_000);
    add('b', 3);
    windows.advanceTo(9);
    windows.passProcessTime(3_000);
    expect(shown()).toEqual(['a 1 0..10 ON_TIME', 'b 3 0..10 ON_TIME']);
  });

  it('W17 event time: at multiples that the watermark passes, where there is news', () => {
    const { windows, add, shown } = operator({
      assign: { kind: 'tumbling', sizeUs: 100 },
      trigger: { early: { kind: 'event-time', everyUs: 10 } },
    });
    add('k', 25);
    windows.advanceTo(29);
    expect(shown()).toEqual([]);
    windows.advanceTo(31);
    expect(shown()).toEqual(['k 1 0..100 EARLY']);
    windows.advanceTo(55);
    add('k', 57);
    windows.advanceTo(59);
    expect(shown()).toEqual([]);
    windows.advanceTo(60);
    expect(shown()).toEqual(['k 2 0..100 EARLY']);
    add('k', 70);
    windows.advanceTo(99);
    expect(shown()).toEqual(['k 3 0..100 ON_TIME']);
  });

  it('W16 closing: always, where there is news, or never with a count of what was dropped', () => {
    const closingOf = (closing: 'fire-always' | 'fire-if-non-empty' | 'never') => {
      const { windows, add, panes } = operator({
        ...tumbling,
        allowedLatenessUs: 10,
        trigger: { late: { kind: 'never' }, closing },
      });
      add('news', 1);
      add('quiet', 1);
      windows.advanceTo(9);
      add('news', 2);
      add('news', 3);
      windows.advanceTo(END);
      const last = panes.filter(({ info }) => info.isLast);
      expect(last.every(({ info }) => info.timing === 'LATE')).toBe(true);
      return [last.map(({ key, value }) => `${key} ${value}`), windows.counts.droppedClosed];
    };
    expect(closingOf('fire-always')).toEqual([['news 3', 'quiet 1'], 0]);
    expect(closingOf('fire-if-non-empty')).toEqual([['news 3'], 0]);
    expect(closingOf('never')).toEqual([[], 2]);
  });

  it('W16 a jump past end and cleanup makes one pane, on time and last', () => {
    const { windows, add, panes } = operator({ ...tumbling, allowedLatenessUs: 10 });
    add('k', 1);
    windows.advanceTo(19);
    expect(panes).toMatchObject([{ info: { timing: 'ON_TIME', isFirst: true, isLast: true } }]);
    expect(windows.openWindows).toBe(0);
  });

  it('W16 without an on-time pane, what is left comes when the window closes', () => {
    const { windows, add, shown } = operator({
      ...tumbling,
      accumulation: 'discarding',
      trigger: { early: { kind: 'count', count: 2 }, onTime: false },
    });
    for (const time of [1, 2, 3]) add('k', time);
    windows.advanceTo(9);
    expect(shown()).toEqual(['k 2 0..10 EARLY', 'k 1 0..10 ON_TIME']);
  });

  it('W17 a bundle is looked at once, after its last row', () => {
    const panes: (readonly (number | string)[])[] = [];
    const windows = createWindowOperator({
      spec: { ...tumbling, trigger: { early: { kind: 'count', count: 2 } } },
      keyOf: ({ key }: Row) => key,
      aggregator: listOf,
      onPane: ({ value }) => panes.push(value),
      onLate: () => {},
    });
    windows.bundle(() => {
      windows.bundle(() => windows.add({ key: 'k', value: 1 }, 1));
      windows.add({ key: 'k', value: 2 }, 1);
      windows.add({ key: 'k', value: 3 }, 1);
    });
    expect(panes).toEqual([[1, 2, 3]]);
  });
});

describe('what is refused', () => {
  const bad: readonly (readonly [string, WindowSpec])[] = [
    ['assign.sizeUs of a window is 0', { assign: { kind: 'tumbling', sizeUs: 0 } }],
    ['assign.slideUs of a window is 0.5', { assign: { kind: 'hopping', sizeUs: 1, slideUs: 0.5 } }],
    [
      'assign.offsetUs of a window is NaN',
      { assign: { kind: 'tumbling', sizeUs: 1, offsetUs: Number.NaN } },
    ],
    ['assign.gapUs of a window is 0', { assign: { kind: 'session', gapUs: 0 } }],
    [
      'fixed for touch: kafka',
      { assign: { kind: 'session', gapUs: { kind: 'column', name: 'gap' }, touch: 'kafka' } },
    ],
    ['a multiple of 2 (stepUs)', { assign: { kind: 'cumulate', stepUs: 2, maxSizeUs: 5 } }],
    ['allowedLatenessUs of a window is -1', { ...tumbling, allowedLatenessUs: -1 }],
    ['trigger.early.count', { ...tumbling, trigger: { early: { kind: 'count', count: 0 } } }],
    [
      'trigger.early.everyUs',
      { ...tumbling, trigger: { early: { kind: 'event-time', everyUs: 0 } } },
    ],
    ['trigger.late.count', { ...tumbling, trigger: { late: { kind: 'count', count: 0 } } }],
  ];
  for (const [message, spec] of bad) {
    it(`W12 ${message}`, () => {
      expect(() => operator(spec)).toThrow(message);
      expect(() => operator(spec)).toThrow(EngineError);
    });
  }

  it('a gap that is an expression without a function for it', () => {
    const spec: WindowSpec = {
      assign: { kind: 'session', gapUs: { kind: 'column', name: 'gap' } },
    };
    const options = {
      spec,
      keyOf: () => '',
      aggregator: sumOf,
      onPane: () => {},
      onLate: () => {},
    };
    expect(() => createWindowOperator(options)).toThrow('no gapUsOf is given');
  });

  it('W22 snapshots of other windows, and what is none; nothing changes then', () => {
    const { windows, create, add, shown } = operator(tumbling);
    add('k', 1);
    const before = windows.snapshot();
    const other = operator({ assign: { kind: 'tumbling', sizeUs: 11 } }).windows.snapshot();
    for (const saved of [null, 3, {}, other, { ...(before as object), cells: {} }]) {
      expect(() => windows.restore(saved)).toThrow('SNAPSHOT_REFUSED');
    }
    expect(windows.snapshot()).toEqual(before);
    create().restore(before);
    windows.advanceTo(END);
    expect(shown()).toEqual(['k 1 0..10 ON_TIME']);
    windows.restore(before);
    windows.advanceTo(END);
    expect(shown()).toEqual(['k 1 0..10 ON_TIME']);
  });
});
