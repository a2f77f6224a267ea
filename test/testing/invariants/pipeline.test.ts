/** Invariants of the pipeline fire where they are broken. */
import { describe, expect, it } from 'vitest';
import type { CommitBatch, LogRecord, PipelineSink } from '../../../src/domain/pipeline-ports.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import type { Warehouse } from '../../../src/storage/warehouse.ts';
import { wrapMethod } from '../../../src/testing/invariants/notes/wrap-method.ts';
import { type Posed, pose, tamperedRun } from './doctored.ts';
import { smallTrial } from './small-trial.ts';

const START_US = Date.parse('2026-11-20T20:00:00-05:00') * 1_000;

/** A record of the log, with an event in it unless told otherwise. */
function record(partition: number, offset: number, changed: object = {}): LogRecord {
  const raw = {
    id: `e${partition}.${offset}`,
    subject: `v${partition}`,
    sessionId: `s${partition}`,
  };
  return {
    ...{ partition, offset, ingestTimeUs: START_US, sentTimeUs: START_US },
    ...{ userAgent: '', clientAddress: '' },
    raw: { ...raw, sequence: offset, ...changed },
  };
}

/** A fact of that event. */
function fact(id: string, changed: object = {}) {
  const event = {
    id,
    type: 'media.play',
    eventTimeUs: START_US,
    data: { titleId: 't1' },
    ...changed,
  };
  return { event, ingestTimeUs: START_US, processTimeUs: START_US + 500_000, ...changed };
}

/** Drives an invariant by what a pipeline reads and commits. */
function pipeline(name: string, parts: Parameters<typeof pose>[1] = {}) {
  const posed = pose(name, parts);
  const panes: Record<string, unknown>[] = [];
  const stored: { n: number } = { n: 0 };
  const query = (sql: string) => (sql.includes('pane') ? panes : [stored]);
  const taken: PipelineSink = { commit: () => {}, committedOffsets: () => [0, 0] };
  const sink = posed.tower.pipeline.sink(taken, { query } as unknown as Warehouse);
  const log = new Map<string, LogRecord>();
  const reader = posed.tower.pipeline.reader({
    partitionCount: 2,
    read: (partition, offset) => {
      const found = log.get(`${partition}/${offset}`);
      return found === undefined ? [] : [found];
    },
  });
  return {
    ...posed,
    panes,
    stored,
    read(...records: readonly LogRecord[]) {
      for (const one of records) {
        log.set(`${one.partition}/${one.offset}`, one);
        reader.read(one.partition, one.offset, 1);
      }
    },
    commit(changed: object) {
      sink.commit({
        ...{ facts: [], panes: [], late: [], badRows: [], stageCounts: [], nextOffsets: [0, 0] },
        ...{ watermarkUs: 0, processTimeUs: 0 },
        ...changed,
      } as unknown as CommitBatch);
    },
  };
}

const wordsOf = (posed: Posed) => (posed.look() ?? posed.atEnd())?.message;

describe('progress', () => {
  it('T39: of a watermark that goes back is caught, running or committed', () => {
    const name = 'watermarks-never-go-back';
    const view = { pipeline: { watermarkUs: 5, watermarksUs: [5, 7] } };
    const running = pipeline(name, { view });
    expect(running.look()).toBeUndefined();
    view.pipeline.watermarksUs = [5, 6];
    expect(running.look()?.message).toBe('the watermark of partition 1 went back');
    const merged = pipeline(name, { view });
    expect(merged.look()).toBeUndefined();
    view.pipeline.watermarkUs = 4;
    expect(merged.look()?.message).toBe('the watermark went back');
    const committed = pipeline(name, { view });
    committed.commit({ watermarkUs: 9 });
    expect(committed.look()).toBeUndefined();
    committed.commit({ watermarkUs: 8 });
    expect(committed.look()?.message).toContain('before that of the commit before it');
  });

  it('T39: may begin again with another pipeline', () => {
    const view = { pipeline: { watermarkUs: 5, watermarksUs: [5] } };
    const posed = pipeline('watermarks-never-go-back', { view });
    expect(posed.look()).toBeUndefined();
    view.pipeline.watermarkUs = 3;
    view.pipeline.watermarksUs = [3];
    posed.tower.pipeline.sink({} as PipelineSink, {} as Warehouse);
    expect(posed.look()).toBeUndefined();
    expect(posed.tower.happenings['pipeline-recovered']).toBe(1);
  });

  it.each([
    ['goes back', { nextOffsets: [1, 3] }],
    ['passes the end of the log', { nextOffsets: [2, 9] }],
    ['is earlier', { nextOffsets: [2, 3], processTimeUs: 4 }],
  ])('T40: of a commit that %s is caught', (what, next) => {
    const view = { pipeline: { endOffsets: [4, 8], watermarksUs: [] } };
    const posed = pipeline('offsets-only-advance', { view });
    posed.commit({ nextOffsets: [2, 3], processTimeUs: 5 });
    expect(posed.look()).toBeUndefined();
    posed.commit({ processTimeUs: 5, ...next });
    expect(posed.look()?.message).toBe(`a commit ${what}`);
  });
});

describe('fates', () => {
  const name = 'every-record-has-one-fate';

  it('T41: of a fact, a bad row and a copy are one each', () => {
    const posed = pipeline(name);
    const copy = record(0, 2, { id: 'e0.0' });
    posed.read(record(0, 0), record(0, 1), copy);
    const badRows = [{ partition: 0, offset: 1 }];
    posed.commit({ facts: [fact('e0.0')], badRows, nextOffsets: [3, 0] });
    expect(posed.look()).toBeUndefined();
    expect(posed.exercised()).toBe(3);
  });

  it('T41: of a record that is nowhere, was never read, or is not its commit’s are caught', () => {
    const lost = pipeline(name);
    lost.read(record(0, 0), record(0, 1));
    lost.commit({ facts: [fact('e0.0')], nextOffsets: [2, 0] });
    expect(wordsOf(lost)).toContain('has no fate');
    const unread = pipeline(name);
    unread.read(record(0, 0));
    unread.commit({ facts: [fact('e0.0')], nextOffsets: [2, 0] });
    expect(wordsOf(unread)).toContain('never read');
    const early = pipeline(name);
    early.read(record(0, 0), record(0, 1));
    early.commit({ facts: [fact('e0.0'), fact('e0.1')], nextOffsets: [1, 0] });
    expect(wordsOf(early)).toContain('rows of records that it does not pass');
  });

  it('T41: of what a stage drops for a reason of its own are known by its count', () => {
    const posed = pipeline(name);
    posed.read(record(0, 0));
    const stageCounts = [
      { stage: 'guard', received: 1, passed: 0, rejected: {}, dropped: { bot: 1 } },
    ];
    posed.commit({ stageCounts, nextOffsets: [1, 0] });
    expect(posed.look()).toBeUndefined();
  });

  it('T42: of an event that is a fact twice, or that the warehouse lacks, are caught', () => {
    const twice = pipeline('facts-are-there-once');
    twice.commit({ facts: [fact('a')] });
    expect(twice.look()).toBeUndefined();
    twice.commit({ facts: [fact('a')] });
    expect(twice.look()?.message).toBe('an event became a fact twice');
    const lacking = pipeline('facts-are-there-once');
    lacking.commit({ facts: [fact('a')] });
    lacking.stored.n = 1;
    expect(lacking.atEnd()).toBeUndefined();
    lacking.stored.n = 2;
    expect(lacking.atEnd()?.message).toContain('other facts than were committed');
  });
});

describe('windows', () => {
  const startUs = Math.floor(START_US / minutes(1)) * minutes(1);
  const pane = (metric: string, key: string, value: number) => ({
    metric,
    key,
    value,
    window_start_us: startUs,
  });

  it('T43: are what a batch over the facts computes, late ones apart', () => {
    const posed = pipeline('panes-are-the-batch-result');
    const late = [{ metric: 'events_1m', eventId: 'c' }];
    posed.commit({ facts: [fact('a'), fact('b', { type: 'ui.click' }), fact('c')], late });
    posed.panes.push(pane('plays_1m', 't1', 2));
    posed.panes.push(pane('events_1m', 'media.play', 1), pane('events_1m', 'ui.click', 1));
    expect(posed.atEnd()).toBeUndefined();
    expect(posed.exercised()).toBe(4);
  });

  it.each([
    ['counts one twice', [pane('plays_1m', 't1', 2), pane('events_1m', 'media.play', 1)]],
    ['is missing', [pane('plays_1m', 't1', 1)]],
    [
      'holds nothing',
      [
        pane('plays_1m', 't1', 1),
        pane('events_1m', 'media.play', 1),
        { ...pane('events_1m', 'media.play', 1), window_start_us: startUs + minutes(1) },
      ],
    ],
  ])('T43: of which one %s are caught', (_, panes) => {
    const posed = pipeline('panes-are-the-batch-result');
    posed.commit({ facts: [fact('a')] });
    posed.panes.push(...panes);
    expect(posed.atEnd()?.message).toContain('the batch over its facts');
  });

  it('T44: that call an event late too soon are caught', () => {
    const { allowedLateness } = { allowedLateness: minutes(10) };
    const lateAt = (watermarkUs: number) => {
      const posed = pipeline('only-late-events-are-late');
      const one = { metric: 'events_1m', eventId: 'a', eventTimeUs: START_US, watermarkUs };
      posed.commit({ late: [one] });
      return posed.look()?.message;
    };
    const endUs = startUs + minutes(1) + allowedLateness;
    expect(lateAt(endUs - 1)).toBeUndefined();
    expect(lateAt(endUs - 2)).toBe('an event was called late that was in time');
  });
});

describe('order and freshness', () => {
  it('T45: of records that are left out, elsewhere or exchanged is caught', () => {
    const name = 'keys-keep-their-order';
    const gap = pipeline(name);
    gap.read(record(0, 0), record(0, 2));
    expect(wordsOf(gap)).toBe('records were left out');
    const elsewhere = pipeline(name);
    elsewhere.read(record(0, 0), record(1, 0, { subject: 'v0' }));
    expect(wordsOf(elsewhere)).toBe('one subject is in two partitions');
    const exchanged = pipeline(name);
    exchanged.read(record(0, 0, { sequence: 1 }), record(0, 1, { sequence: 0 }));
    expect(wordsOf(exchanged)).toBe('events of one request are out of order');
  });

  it('T45: of records that come again, or of faults that exchange them, is none', () => {
    const name = 'keys-keep-their-order';
    const again = pipeline(name);
    again.read(record(0, 0), record(0, 1), record(0, 2, { id: 'e0.0', sequence: 0 }), record(0, 0));
    expect(wordsOf(again)).toBeUndefined();
    expect(again.tower.happenings['records-read-again']).toBe(1);
    const faults = [{ kind: 'pipeline.out-of-order' as const, at: 0, for: 1 }];
    const faulty = pipeline(name, { trial: smallTrial({ scenario: { faults } }) });
    faulty.read(record(0, 0, { sequence: 1 }), record(0, 1, { sequence: 0 }));
    expect(wordsOf(faulty)).toBeUndefined();
  });

  it('T46: of facts that wait too long is caught, unless a fault holds them up', () => {
    const stale = fact('a', { processTimeUs: START_US + seconds(2) });
    const found = (faults: NonNullable<Parameters<typeof smallTrial>[0]>['scenario']) => {
      const posed = pipeline('facts-are-fresh', { trial: smallTrial({ scenario: faults ?? {} }) });
      posed.commit({ facts: [fact('b')] });
      expect(posed.look()).toBeUndefined();
      posed.commit({ facts: [stale] });
      return posed.look()?.message;
    };
    expect(found({})).toContain('waited for longer than from one commit');
    const faults = [{ kind: 'pipeline.crash' as const, at: 0, for: seconds(1) }];
    expect(found({ faults })).toBeUndefined();
  });

  it('T47: of events that are lost is caught at the end', async () => {
    const found = await tamperedRun('events-are-conserved', ({ clickstream }) => {
      let count = 0;
      wrapMethod(clickstream, 'captured', (captured, event) => {
        captured(event);
        count += 1;
        if (count === 3) captured(event);
      });
    });
    expect(found?.message).toBe('1 events are not accounted for');
  });
});
