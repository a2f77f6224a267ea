/** The pipeline over a log with duplicates, bad rows and disorder: it dies and is refused commits
 * at any point, and in the end its sink holds each event once and the counts of a batch. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type {
  CommitBatch,
  LogReader,
  LogRecord,
  PipelineSink,
  StageCount,
  StatePart,
} from '../../../../src/domain/pipeline-ports.ts';
import { minutes, seconds } from '../../../../src/kernel/time.ts';
import { createPipeline } from '../../../../src/streams/pipeline.ts';
import {
  batchCounts,
  finalPanes,
  logRecord,
  pipelineOptions,
  START_US,
  trackedEvent,
  WINDOWS,
} from '../../../streams/clickstream-builder.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';
import { CrashPoints, liveOn } from './crash-points.ts';
import { JOBS } from './crashing-job.ts';

interface Sent {
  readonly partition: number;
  /** Seconds since the one before. */
  readonly gap: number;
  readonly behind: number;
  readonly id: number;
  readonly isBad: boolean;
}

interface Life {
  readonly sent: readonly Sent[];
  readonly everyRecords: number;
  /** Seconds; the larger one makes nothing late. */
  readonly bound: number;
  readonly crashes: readonly number[];
  /** Commits that the sink refuses, by number. */
  readonly refused: readonly number[];
}

const PARTITIONS = 2;
const POLL = 10;
const PATIENT = 10_000;
const DEDUPE = 90;

const life: fc.Arbitrary<Life> = fc.record({
  sent: fc.array(
    fc.record({
      partition: fc.nat(PARTITIONS - 1),
      gap: fc.nat(30),
      behind: fc.nat(60),
      id: fc.nat(9),
      isBad: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
    { minLength: 1, maxLength: 16, size: 'max' },
  ),
  everyRecords: fc.integer({ min: 1, max: 4 }),
  bound: fc.constantFrom(5, PATIENT),
  crashes: fc.array(fc.nat(40), { maxLength: 2 }),
  refused: fc.uniqueArray(fc.nat(6), { maxLength: 1 }),
});

/** An id comes again in its partition, and brings the time that it brought first. */
function recordsOf({ sent }: Life): LogRecord[][] {
  const partitions = Array.from({ length: PARTITIONS }, (): LogRecord[] => []);
  const firsts = new Map<string, number>();
  let now = 0;
  for (const { partition, gap, behind, id, isBad } of sent) {
    now += gap;
    const records = partitions[partition] ?? [];
    const firstAt = firsts.get(`${partition} ${id}`) ?? now - behind;
    firsts.set(`${partition} ${id}`, firstAt);
    const eventTimeUs = START_US + seconds(firstAt);
    const name = `p${partition}e${id}`;
    const event = trackedEvent({ id: name, eventTimeUs, data: { titleId: `t${id % 3}` } });
    const raw = isBad ? { ...event, type: 'nothing' } : event;
    const offset = records.length;
    records.push(logRecord({ partition, offset, ingestTimeUs: START_US + seconds(now), raw }));
  }
  return partitions;
}

/** A sink in memory: a batch is in it as a whole or not at all. */
class MemorySink implements PipelineSink {
  readonly batches: CommitBatch[] = [];
  readonly #parts = new Map<string, StatePart>();
  #checkpoint = 0;

  commit(batch: CommitBatch): void {
    this.batches.push(batch);
    const { state } = batch;
    if (state === undefined) return;
    if (state.isWhole) this.#parts.clear();
    for (const part of state.put) this.#parts.set(part.name, part);
    for (const name of state.removed) this.#parts.delete(name);
    this.#checkpoint = state.checkpoint;
  }

  committedOffsets(count: number): readonly number[] {
    const last = this.batches.at(-1)?.nextOffsets;
    return Array.from({ length: count }, (_, i) => last?.[i] ?? 0);
  }

  committedState() {
    if (this.#checkpoint === 0) return undefined;
    const parts = [...this.#parts.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { checkpoint: this.#checkpoint, parts };
  }
}

/** What the sink holds when all is over. */
function held(drawn: Life): MemorySink {
  const sink = new MemorySink();
  const points = new CrashPoints(drawn.crashes);
  let commits = 0;
  const tested: PipelineSink = {
    commit(batch) {
      commits += 1;
      if (drawn.refused.includes(commits - 1)) throw new Error('refused');
      points.around(() => sink.commit(batch));
    },
    committedOffsets: (count) => sink.committedOffsets(count),
    committedState: () => sink.committedState(),
  };
  liveOn(() => live(drawn, tested, points));
  return sink;
}

function live(drawn: Life, sink: PipelineSink, points: CrashPoints): void {
  const partitions = recordsOf(drawn);
  let nowUs = START_US;
  const log: LogReader = {
    partitionCount: PARTITIONS,
    read: (partition, offset, most) =>
      points.around(() =>
        (partitions[partition] ?? [])
          .slice(offset, offset + most)
          .filter((one) => one.ingestTimeUs <= nowUs),
      ),
  };
  const idleTimeoutUs = drawn.bound === PATIENT ? Number.MAX_SAFE_INTEGER : seconds(40);
  const pipeline = createPipeline(
    pipelineOptions({
      log,
      sink,
      watermark: { boundUs: seconds(drawn.bound), idleTimeoutUs },
      allowedLatenessUs: seconds(20),
      dedupeTtlUs: seconds(DEDUPE),
      maxRecordsPerPoll: 3,
      checkpoint: { everyRecords: drawn.everyRecords },
    }),
  );
  const lastUs = Math.max(...partitions.flat().map((one) => one.ingestTimeUs));
  for (; nowUs <= lastUs + seconds(POLL); nowUs += seconds(POLL)) {
    if (nowUs >= pipeline.processTimeUs) again(() => pipeline.poll(nowUs));
  }
  again(() => pipeline.finish(nowUs + minutes(1)));
}

/** A refused commit is made again at the same instant. */
function again(act: () => void): void {
  for (;;) {
    try {
      act();
      return;
    } catch (cause) {
      if (!(cause instanceof Error) || cause.message !== 'refused') throw cause;
    }
  }
}

function rowsOf({ batches }: MemorySink): Readonly<Record<string, readonly unknown[]>> {
  const all = (kind: 'facts' | 'panes' | 'late' | 'badRows') =>
    batches.flatMap((batch): readonly unknown[] => batch[kind]);
  return {
    facts: all('facts'),
    panes: all('panes'),
    late: all('late'),
    badRows: all('badRows'),
    counts: batches.at(-1)?.stageCounts ?? [],
  };
}

function sizeOf({ sent, crashes, refused }: Life): {
  readonly commands: number;
  readonly faults: number;
} {
  return { commands: sent.length, faults: crashes.length + refused.length };
}

const survivesCrashes = zooProperty({
  name: 'pipeline-holds-what-it-would-have-held',
  claim: 'after any crashes and refused commits the sink holds what it would have held',
  arbitrary: life,
  sizeOf,
  holds(drawn) {
    assert.deepEqual(rowsOf(held(drawn)), rowsOf(held({ ...drawn, crashes: [], refused: [] })));
  },
});

/** Ids that are valid and not remembered when they come, by ages of a time to live. */
function firstOnes(drawn: Life): string[] {
  const records = recordsOf(drawn).flat();
  const order = records.toSorted((a, b) => a.ingestTimeUs - b.ingestTimeUs);
  const valid = order.filter(({ raw }) => (raw as { readonly type: string }).type === 'media.play');
  return [...new Set(valid.map(({ raw }) => (raw as { readonly id: string }).id))];
}

const countsEachOnce = zooProperty({
  name: 'pipeline-counts-each-event-once',
  claim: 'each valid event is a fact once, in one pane of each window of a batch, or told late',
  arbitrary: life,
  sizeOf,
  holds(drawn) {
    const sink = held(drawn);
    const facts = sink.batches.flatMap((batch) => batch.facts);
    const ids = facts.map((fact) => fact.event.id);
    const span = drawn.sent.reduce((sum, one) => sum + one.gap, 0);
    // Within the time to live an id comes through once; each comes through at least once.
    if (span < DEDUPE) assert.equal(new Set(ids).size, ids.length, 'no event counts twice');
    assert.deepEqual([...new Set(ids)].sort(), firstOnes(drawn).sort(), 'no event is lost');
    const events = facts.map((fact) => fact.event);
    const late = sink.batches.flatMap((batch) => batch.late);
    const panes = finalPanes(sink.batches.flatMap((batch) => batch.panes));
    for (const { metric } of WINDOWS) {
      const counted = [...panes].filter(([name]) => name.startsWith(metric));
      const sum = counted.reduce((all, [, count]) => all + count, 0);
      const lateOnes = late.filter((one) => one.metric === metric).length;
      assert.equal(sum + lateOnes, events.length, `${metric}: counted + late = facts`);
    }
    if (drawn.bound === PATIENT) assert.deepEqual(panes, batchCounts(events, WINDOWS));
    sink.batches.at(-1)?.stageCounts.forEach(balances);
  },
});

function balances({ stage, received, passed, rejected, dropped }: StageCount): void {
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((all, count) => all + count, 0);
  assert.equal(received, passed + sum(rejected) + sum(dropped), `${stage} keeps its books`);
}

const sameAtAnyHour = zooProperty({
  name: 'pipeline-is-the-same-at-any-hour',
  claim: 'what a pipeline tells does not hang on the clock on the wall',
  arbitrary: fc.record({ drawn: life, stepMs: fc.integer({ min: 1, max: 100_000 }) }),
  sizeOf: ({ drawn }) => sizeOf(drawn),
  holds({ drawn, stepMs }) {
    const told = [1, stepMs].map((step) => {
      const real = Date.now;
      let nowMs = step * 1_000_000;
      Date.now = () => {
        nowMs += step;
        return nowMs;
      };
      try {
        return rowsOf(held(drawn));
      } finally {
        Date.now = real;
      }
    });
    assert.deepEqual(told[1], told[0]);
  },
});

/** All properties of pipelines. */
export const PIPELINE: readonly ZooProperty[] = [
  survivesCrashes,
  countsEachOnce,
  sameAtAnyHour,
  ...JOBS,
];
