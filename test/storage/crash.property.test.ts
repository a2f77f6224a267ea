/** A commit that fails at any point leaves nothing behind, and the pipeline ends where it would
 * have ended without the failure. Spec: S2, S5. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import type { CommitBatch, PipelineSink } from '../../src/domain/pipeline-ports.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { createPartitionedLog } from '../../src/storage/log/memory-log.ts';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import type { CheckpointTrigger } from '../../src/streams/checkpoints/pipeline-checkpoints.ts';
import { type CountSpec, countPlan } from '../../src/streams/count-plan.ts';
import { createPipeline, type Pipeline } from '../../src/streams/pipeline.ts';
import { partOf } from '../long/part-of.ts';
import { contentOf, fact, START_US } from './warehouse-builder.ts';

const WATERMARK = { boundUs: seconds(5), idleTimeoutUs: seconds(2) };
const COUNTS: readonly CountSpec[] = [
  { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
];

const PARTITIONS = 2;

const sent = fc.record({
  id: fc.nat(60).map((n) => `e${n}`),
  viewer: fc.nat(5),
  title: fc.nat(3),
  atSeconds: fc.nat(300),
  isBroken: fc.nat(9).map((n) => n === 0),
});
/** What arrives before each poll. */
const rounds = fc
  .array(fc.array(sent, { minLength: 1, maxLength: 25, size: 'max' }), {
    minLength: 1,
    maxLength: 6,
    size: 'max',
  })
  .map((all) => {
    // An id that comes again brings its payload again: a new pipeline without the old one's memory
    // does not know another payload for one (W77).
    const first = new Map<string, (typeof all)[number][number]>();
    return all.map((round) =>
      round.map((one) => {
        const { viewer, title, atSeconds } = first.get(one.id) ?? one;
        if (!first.has(one.id)) first.set(one.id, one);
        return { ...one, viewer, title, atSeconds };
      }),
    );
  });
type Rounds = typeof rounds extends fc.Arbitrary<infer R> ? R : never;

/** Where a commit blows up: in the n-th commit, at some row of one list (the last ones of a
 * transaction are the offsets). */
const blast = fc.record({
  commit: fc.nat(7),
  list: fc.constantFrom<keyof CommitBatch>(
    'facts',
    'panes',
    'late',
    'badRows',
    'stageCounts',
    'nextOffsets',
  ),
  row: fc.nat(30),
});
type Blast = typeof blast extends fc.Arbitrary<infer B> ? B : never;

class Crash extends Error {}

const reached = { crashes: 0, lists: new Set<string>() };
afterAll(() => {
  expect(reached.crashes).toBeGreaterThan(50);
  expect([...reached.lists].sort()).toEqual([
    'badRows',
    'facts',
    'late',
    'nextOffsets',
    'panes',
    'stageCounts',
  ]);
});

/** The batch, one of whose rows throws when it is read; undefined where there is no such row. */
function explosive(batch: CommitBatch, { list, row }: Blast): CommitBatch | undefined {
  const rows = batch[list];
  if (!Array.isArray(rows) || rows.length === 0) return undefined;
  const copy: unknown[] = [...rows];
  Object.defineProperty(copy, row % rows.length, {
    get() {
      reached.crashes += 1;
      reached.lists.add(list);
      throw new Crash(list);
    },
  });
  return { ...batch, [list]: copy };
}

/** A log filled round by round, and what a pipeline over it needs besides its sink. */
function world(arrivals: Rounds) {
  const log = createPartitionedLog({ partitions: PARTITIONS });
  const append = (round: number) => {
    for (const { id, viewer, title, atSeconds, isBroken } of arrivals[round] ?? []) {
      const { event } = fact({ id, atSeconds, data: { titleId: `t${title}` } });
      log.append({
        ingestTimeUs: START_US + seconds(round),
        partitionKey: `v${viewer}`,
        payload: {
          sentTimeUs: START_US,
          userAgent: viewer === 0 ? 'Roku/1' : '-',
          clientAddress: '',
          events: [isBroken ? { ...event, type: 'nothing' } : event],
        },
      });
    }
  };
  const pipelineInto = (sink: PipelineSink, checkpoint?: CheckpointTrigger) =>
    createPipeline({
      ...(checkpoint === undefined ? {} : { checkpoint }),
      log,
      sink,
      reference: { title: () => undefined, country: () => 'ZZ', utcOffsetMinutes: () => 0 },
      watermark: WATERMARK,
      plans: COUNTS.map((spec) =>
        countPlan(spec, { watermark: WATERMARK, allowedLatenessUs: seconds(20) }),
      ),
      dedupeTtlUs: minutes(60),
      maxRecordsPerPoll: 10,
    });
  return { append, pipelineInto, nowUs: (round: number) => START_US + seconds(round) };
}

function uninterrupted(arrivals: Rounds, checkpoint?: CheckpointTrigger) {
  const warehouse = openWarehouse({ path: ':memory:' });
  const { append, pipelineInto, nowUs } = world(arrivals);
  const pipeline = pipelineInto(warehouse, checkpoint);
  arrivals.forEach((_, round) => {
    append(round);
    pipeline.poll(nowUs(round));
  });
  pipeline.finish(nowUs(arrivals.length));
  return contentOf(warehouse);
}

/** A warehouse whose n-th commit fails once. */
function failing(at: Blast) {
  const warehouse = openWarehouse({ path: ':memory:' });
  let commits = 0;
  const commit = (batch: CommitBatch) => {
    const number = commits;
    commits += 1;
    const blasted = number === at.commit ? explosive(batch, at) : undefined;
    if (blasted === undefined) {
      warehouse.commit(batch);
      return;
    }
    const before = contentOf(warehouse);
    expect(() => warehouse.commit(blasted)).toThrow(Crash);
    expect(contentOf(warehouse)).toEqual(before);
    throw new Crash('the process');
  };
  const committedOffsets = (count: number) => warehouse.committedOffsets(count);
  const committedState = () => warehouse.committedState();
  return { warehouse, sink: { commit, committedOffsets, committedState } };
}

function crashed(act: () => void): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    return true;
  }
}

const RUNS = partOf(1_500, 40, 'crashes of a commit');
const DEAR_RUNS = partOf(400, 15, 'dear crashes of a commit');

describe('a commit that fails', () => {
  test.prop([rounds, blast], { seed: 81, numRuns: RUNS })(
    'S5 leaves nothing behind; polling on gives the content of an uninterrupted run',
    (arrivals, at) => {
      const { append, pipelineInto, nowUs } = world(arrivals);
      const { warehouse, sink } = failing(at);
      const pipeline = pipelineInto(sink);
      arrivals.forEach((_, round) => {
        append(round);
        if (crashed(() => pipeline.poll(nowUs(round)))) pipeline.poll(nowUs(round));
      });
      const end = () => pipeline.finish(nowUs(arrivals.length));
      if (crashed(end)) end();
      expect(contentOf(warehouse)).toEqual(uninterrupted(arrivals));
    },
  );

  test.prop([rounds, blast], { seed: 82, numRuns: RUNS })(
    'S5 a new pipeline that reads on from the offsets stores the same facts and bad rows',
    (arrivals, at) => {
      const { append, pipelineInto, nowUs } = world(arrivals);
      const { warehouse, sink } = failing(at);
      let pipeline = pipelineInto(sink);
      arrivals.forEach((_, round) => {
        append(round);
        if (!crashed(() => pipeline.poll(nowUs(round)))) return;
        pipeline = pipelineInto(sink);
        pipeline.poll(nowUs(round));
      });
      crashed(() => pipeline.finish(nowUs(arrivals.length)));
      const content = contentOf(warehouse);
      const expected = uninterrupted(arrivals);
      for (const table of ['fact_event', 'bad_row', 'dim_device', 'dim_event_type', 'dim_title']) {
        expect(content[table]).toEqual(expected[table]);
      }
    },
  );

  test.prop([rounds, blast], { seed: 84, numRuns: DEAR_RUNS })(
    'W111 a new pipeline that goes on from the state of each commit stores everything the same',
    (arrivals, at) => {
      const everyCommit = { everyRecords: 1 };
      const { append, pipelineInto, nowUs } = world(arrivals);
      const { warehouse, sink } = failing(at);
      let pipeline = pipelineInto(sink, everyCommit);
      const survive = (act: (alive: Pipeline) => void) => {
        if (!crashed(() => act(pipeline))) return;
        pipeline = pipelineInto(sink, everyCommit);
        act(pipeline);
      };
      arrivals.forEach((_, round) => {
        append(round);
        survive((alive) => alive.poll(nowUs(round)));
      });
      survive((alive) => alive.finish(nowUs(arrivals.length)));
      expect(contentOf(warehouse)).toEqual(uninterrupted(arrivals, everyCommit));
    },
  );

  test.prop([rounds, blast], { seed: 83, numRuns: RUNS })(
    'S3 a new pipeline that reads from the beginning stores the same facts, and all final panes',
    (arrivals, at) => {
      const { append, pipelineInto, nowUs } = world(arrivals);
      const { warehouse, sink } = failing(at);
      const fromStart = {
        commit: sink.commit,
        committedOffsets: (count: number) => new Array<number>(count).fill(0),
      };
      const replay = () => {
        const pipeline = pipelineInto(fromStart);
        arrivals.forEach((_, round) => {
          append(round);
          pipeline.poll(nowUs(round));
        });
        pipeline.finish(nowUs(arrivals.length));
      };
      if (crashed(replay)) {
        const again = world(arrivals);
        const pipeline = again.pipelineInto(fromStart);
        arrivals.forEach((_, round) => {
          again.append(round);
          pipeline.poll(nowUs(round));
        });
        pipeline.finish(nowUs(arrivals.length));
      }
      expect(contentOf(warehouse)).toEqual(uninterrupted(arrivals));
    },
  );
});
