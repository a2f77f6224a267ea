/** The pipeline by example: what one poll commits, how it resumes, and what happens when the sink
 * or a stage fails. */
import { describe, expect, it } from 'vitest';
import type { CommitBatch } from '../../src/domain/pipeline-ports.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { createPipeline } from '../../src/streams/pipeline.ts';
import {
  createListLog,
  createListSink,
  finalPanes,
  pipelineOptions,
  REFERENCE,
  START_US,
  trackedEvent,
} from './clickstream-builder.ts';

const at = (atSeconds: number) => START_US + seconds(atSeconds);
const play = (id: string, atSeconds: number) => trackedEvent({ id, eventTimeUs: at(atSeconds) });

describe('pipeline', () => {
  it('commits facts, bad rows, panes and offsets of a poll in one batch', () => {
    const log = createListLog(1);
    const sink = createListSink();
    const pipeline = createPipeline(pipelineOptions({ log, sink }));
    for (const raw of [play('a', 5), play('b', 6), play('b', 6), { broken: true }]) {
      log.append({ raw });
    }
    log.append({ raw: play('c', 75) });
    expect(pipeline.poll(at(80))).toBe(5);
    expect(sink.batches).toHaveLength(1);
    expect(sink.batches[0]).toMatchObject({
      facts: [{ event: { id: 'a' } }, { event: { id: 'b' } }, { event: { id: 'c' } }],
      badRows: [{ offset: 3 }],
      nextOffsets: [5],
      watermarkUs: at(65) - 1,
      processTimeUs: at(80),
    });
    expect(sink.all('panes')).toMatchObject([
      { metric: 'plays_1m', key: 't1', value: 2, timing: 'ON_TIME', windowStartUs: START_US },
      { metric: 'events_1m', key: 'media.play', value: 2, timing: 'ON_TIME' },
    ]);
    expect(pipeline.counts()).toEqual([
      { stage: 'validate', received: 5, passed: 4, rejected: expect.anything(), dropped: {} },
      { stage: 'dedupe', received: 4, passed: 3, rejected: {}, dropped: { duplicate: 1 } },
      { stage: 'enrich', received: 3, passed: 3, rejected: {}, dropped: {} },
    ]);
  });

  it('commits nothing where there is nothing new', () => {
    const log = createListLog(2);
    const sink = createListSink();
    const pipeline = createPipeline(pipelineOptions({ log, sink }));
    expect(pipeline.poll(at(1))).toBe(0);
    expect(sink.batches).toEqual([]);
  });

  it('splits what is new into batches of at most so many records a partition', () => {
    const log = createListLog(1);
    const sink = createListSink();
    const pipeline = createPipeline(pipelineOptions({ log, sink, maxRecordsPerPoll: 2 }));
    for (const id of ['a', 'b', 'c', 'd', 'e']) log.append({ raw: play(id, 1) });
    expect(pipeline.poll(at(2))).toBe(5);
    expect(sink.batches.map(({ nextOffsets }) => nextOffsets)).toEqual([[2], [4], [5]]);
  });

  it('W7, W8 fires again within the lateness; later events are late, yet facts', () => {
    const log = createListLog(1);
    const sink = createListSink();
    const pipeline = createPipeline(pipelineOptions({ log, sink }));
    for (const raw of [play('a', 5), play('b', 75), play('c', 6), play('d', 101), play('e', 7)]) {
      log.append({ raw });
    }
    pipeline.poll(at(110));
    const plays = sink.all('panes').filter(({ metric }) => metric === 'plays_1m');
    expect(plays).toMatchObject([
      { value: 1, timing: 'ON_TIME', paneIndex: 0 },
      { value: 2, timing: 'LATE', paneIndex: 1 },
    ]);
    const late = { eventId: 'e', eventTimeUs: at(7), watermarkUs: at(91) - 1 };
    expect(sink.all('late')).toEqual([
      { ...late, metric: 'plays_1m' },
      { ...late, metric: 'events_1m' },
    ]);
    expect(sink.all('facts').map(({ event }) => event.id)).toContain('e');
  });

  it('W6 commits the panes that a silent partition had held back', () => {
    const log = createListLog(2);
    const sink = createListSink();
    const watermark = { boundUs: seconds(10), idleTimeoutUs: seconds(60) };
    const pipeline = createPipeline(pipelineOptions({ log, sink, watermark }));
    log.append({ raw: play('a', 5) });
    log.append({ raw: play('b', 75) });
    pipeline.poll(at(80));
    expect(sink.all('panes')).toEqual([]);
    log.append({ raw: play('c', 76) });
    pipeline.poll(at(139));
    pipeline.poll(at(140));
    expect(sink.all('panes')).toMatchObject([{ value: 1 }, { value: 1, emitTimeUs: at(140) }]);
  });

  it('finish closes every window', () => {
    const log = createListLog(3);
    const sink = createListSink();
    const pipeline = createPipeline(pipelineOptions({ log, sink }));
    log.append({ raw: play('a', 5) });
    pipeline.finish(at(10));
    expect(sink.all('panes').map(({ value }) => value)).toEqual([1, 1]);
    expect(pipeline.watermarkUs).toBe(Number.POSITIVE_INFINITY);
  });

  it('a second pipeline goes on where the first one committed', () => {
    const log = createListLog(2);
    const sink = createListSink();
    log.append({ raw: play('a', 5) });
    log.append({ raw: play('b', 6), partition: 1 });
    createPipeline(pipelineOptions({ log, sink })).poll(at(10));
    log.append({ raw: play('c', 7), partition: 1 });
    expect(createPipeline(pipelineOptions({ log, sink })).poll(at(11))).toBe(1);
    expect(sink.all('facts').map(({ event }) => event.id)).toEqual(['a', 'b', 'c']);
  });
});

describe('pipeline under failure', () => {
  it('S5 commits at the next poll what the sink refused, once', () => {
    const log = createListLog(1);
    const list = createListSink();
    let isBroken = true;
    const commit = (batch: CommitBatch) => {
      if (isBroken) throw new Error('disk full');
      list.commit(batch);
    };
    const pipeline = createPipeline(pipelineOptions({ log, sink: { ...list, commit } }));
    for (const raw of [play('a', 5), play('b', 75)]) log.append({ raw });
    expect(() => pipeline.poll(at(80))).toThrow('disk full');
    expect(() => pipeline.poll(at(81))).toThrow('disk full');
    isBroken = false;
    expect(pipeline.poll(at(82))).toBe(0);
    expect(pipeline.poll(at(83))).toBe(0);
    expect(list.batches).toHaveLength(1);
    expect(list.batches[0]?.nextOffsets).toEqual([2]);
    expect(list.all('facts')).toHaveLength(2);
    expect([...finalPanes(list.all('panes')).values()]).toEqual([1, 1]);
  });

  it('S5 commits it even where nothing new and no pane came', () => {
    const log = createListLog(1);
    const list = createListSink();
    const refusals = ['disk full'];
    const commit = (batch: CommitBatch) => {
      const refusal = refusals.pop();
      if (refusal !== undefined) throw new Error(refusal);
      list.commit(batch);
    };
    const pipeline = createPipeline(pipelineOptions({ log, sink: { ...list, commit } }));
    log.append({ raw: play('a', 5) });
    expect(() => pipeline.poll(at(6))).toThrow('disk full');
    pipeline.poll(at(7));
    expect(list.all('facts')).toHaveLength(1);
  });

  it('stops loudly when a stage throws: no offset moves past the record', () => {
    const log = createListLog(1);
    const sink = createListSink();
    const reference = {
      ...REFERENCE,
      title: () => {
        throw new Error('no such shelf');
      },
    };
    const pipeline = createPipeline(pipelineOptions({ log, sink, reference }));
    log.append({ raw: play('a', 5) });
    expect(() => pipeline.poll(at(6))).toThrow('no such shelf');
    log.append({ raw: play('b', 6) });
    expect(() => pipeline.poll(at(7))).toThrow('no such shelf');
    expect(() => pipeline.finish(at(8))).toThrow('no such shelf');
    expect(sink.batches).toEqual([]);
  });

  it('runs without any window', () => {
    const log = createListLog(1);
    const sink = createListSink();
    const pipeline = createPipeline(pipelineOptions({ log, sink, plans: [] }));
    log.append({ raw: play('a', minutes(1)) });
    pipeline.finish(at(10));
    expect(sink.all('facts')).toHaveLength(1);
    expect(sink.all('panes')).toEqual([]);
  });
});
