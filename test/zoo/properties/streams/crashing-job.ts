/** A job with two sources, duplicates, late rows and windows: however often it dies, and wherever,
 * its sinks show in the end what they would have shown without. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { CheckpointSink, CheckpointStore } from '../../../../src/domain/checkpoint-ports.ts';
import { createDedupeNode } from '../../../../src/streams/checkpoints/job/dedupe-node.ts';
import { createJob, type Job } from '../../../../src/streams/checkpoints/job/job.ts';
import type {
  JobRow,
  JobSource,
  SourceRecord,
} from '../../../../src/streams/checkpoints/job/job-item.ts';
import { createPartitionMerge } from '../../../../src/streams/checkpoints/job/partition-merge.ts';
import { createWindowNode } from '../../../../src/streams/checkpoints/job/window-node.ts';
import {
  createMemorySink,
  createMemoryStore,
} from '../../../streams/checkpoints/job/memory-sinks.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';
import { CrashPoints, liveOn } from './crash-points.ts';

interface Sent {
  readonly partition: number;
  /** Since the one before. */
  readonly gap: number;
  /** Before or after its arrival. */
  readonly behind: number;
  readonly id: string;
}

interface Life {
  readonly sent: readonly Sent[];
  readonly everyRecords: number;
  /** Points between crashes. */
  readonly crashes: readonly number[];
  /** Pre-commits that are refused, by number. */
  readonly refused: readonly number[];
  /** Which of the ready sources goes next, in turn; none: in order of arrival. */
  readonly picks: readonly number[];
}

const PARTITIONS = ['p0', 'p1'];
const POLL = 4;
const DEDUPE = 25;

const life: fc.Arbitrary<Life> = fc.record({
  sent: fc.array(
    fc.record({
      partition: fc.nat(1),
      gap: fc.oneof(fc.nat(2), fc.nat(14)),
      behind: fc.nat(12),
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    }),
    { minLength: 1, maxLength: 20, size: 'max' },
  ),
  everyRecords: fc.integer({ min: 1, max: 4 }),
  crashes: fc.array(fc.nat(60), { maxLength: 2 }),
  refused: fc.uniqueArray(fc.nat(8), { maxLength: 1 }),
  picks: fc.array(fc.nat(2), { minLength: 1, maxLength: 7 }),
});

function recordsOf({ sent }: Life): readonly (SourceRecord & { readonly partition: number })[] {
  let now = 0;
  return sent.map(({ partition, gap, behind, id }) => {
    now += gap;
    return { partition, row: { id }, timeUs: Math.max(0, now - behind), arrivalUs: now };
  });
}

/** The sink with points around what it does, and refusals. */
function tested(
  sink: CheckpointSink<JobRow>,
  points: CrashPoints,
  isRefused: () => boolean,
): CheckpointSink<JobRow> {
  return {
    write: (row) => points.around(() => sink.write(row)),
    preCommit(checkpoint, answer) {
      if (isRefused()) throw new Error('refused');
      points.around(() => sink.preCommit(checkpoint, answer));
    },
    commit: (checkpoint) => points.around(() => sink.commit(checkpoint)),
    recover: (last) => points.around(() => sink.recover(last)),
  };
}

/** What a life of the job has: what is sent, where it goes, the clock, and where it may die. */
interface Place {
  readonly drawn: Life;
  readonly clock: { now: number };
  readonly points: CrashPoints;
  readonly panes: CheckpointSink<JobRow>;
  readonly late: CheckpointSink<JobRow>;
  readonly store: CheckpointStore;
}

function sourceOf(name: string, { drawn, clock, points }: Place): JobSource {
  const partition = PARTITIONS.indexOf(name);
  const records = recordsOf(drawn).filter((one) => one.partition === partition);
  return {
    name,
    read: (position, most) =>
      points.around(() =>
        records.slice(position, position + most).filter((one) => one.arrivalUs <= clock.now),
      ),
    watermark: { kind: 'bounded', boundUs: 3 },
    idleTimeoutUs: 10,
    chain: [createDedupeNode({ idOf: (row) => String(row['id']), ttlUs: DEDUPE })],
  };
}

function jobOf(place: Place): Job {
  const { drawn } = place;
  return createJob({
    definition: 'zoo',
    sources: PARTITIONS.map((name) => sourceOf(name, place)),
    nodes: [
      { name: 'all', inputs: PARTITIONS, operator: createPartitionMerge(PARTITIONS.length) },
      {
        name: 'windows',
        inputs: ['all'],
        outputs: ['late'],
        operator: createWindowNode<number, number>({
          spec: { assign: { kind: 'tumbling', sizeUs: 8 }, allowedLatenessUs: 2 },
          keyOf: () => 'all',
          aggregator: {
            create: () => 0,
            add: (count) => count + 1,
            merge: (into, from) => into + from,
            result: (count) => count,
            save: (count) => count,
            load: (saved) => Number(saved),
          },
          paneRow: ({ value, info }) => ({
            start: info.startUs,
            count: value,
            pane: info.paneIndex,
          }),
        }),
      },
    ],
    sinks: [
      { name: 'panes', input: 'windows', sink: place.panes },
      { name: 'late rows', input: 'windows.late', sink: place.late },
    ],
    store: place.store,
    trigger: { everyRecords: drawn.everyRecords },
    ...(drawn.picks.length === 0 ? {} : { pick: pickerOf(drawn.picks) }),
  });
}

function pickerOf(picks: readonly number[]): (ready: readonly unknown[]) => number {
  let picked = 0;
  return (ready) => {
    picked += 1;
    return (picks[picked % picks.length] ?? 0) % Math.max(1, ready.length);
  };
}

/** What the sinks show when all is over. */
function shown(drawn: Life): unknown {
  const points = new CrashPoints(drawn.crashes);
  const store = createMemoryStore();
  const [panes, late] = [createMemorySink(), createMemorySink()];
  let preCommits = 0;
  const isRefused = () => {
    preCommits += 1;
    return drawn.refused.includes(preCommits - 1);
  };
  const place: Place = {
    drawn,
    clock: { now: 0 },
    points,
    panes: tested(panes, points, isRefused),
    late: tested(late, points, () => false),
    store: {
      save: (saved) => points.around(() => store.save(saved)),
      latest: () => store.latest(),
    },
  };
  const last = recordsOf(drawn).at(-1)?.arrivalUs ?? 0;
  liveOn(() => live(place, last));
  return { panes: panes.committed, late: late.committed };
}

function live(place: Place, last: number): void {
  const { clock } = place;
  clock.now = 0;
  const job = jobOf(place);
  for (let now = 0; now <= last + POLL; now += POLL) {
    if (now < job.processTimeUs) continue;
    clock.now = now;
    again(() => job.poll(now));
  }
  while (!again(() => job.finish(last + 100)));
}

/** A refused checkpoint is tried again at the next poll of the same instant. */
function again<T>(act: () => T): T {
  for (;;) {
    try {
      return act();
    } catch (cause) {
      if (!(cause instanceof Error) || cause.message !== 'refused') throw cause;
    }
  }
}

const survivesCrashes = zooProperty({
  name: 'job-shows-what-it-would-have-shown',
  claim: 'after any crashes and refused commits a job’s sinks show what they would have shown',
  arbitrary: life,
  sizeOf: ({ sent, crashes, refused }) => ({
    commands: sent.length,
    faults: crashes.length + refused.length,
  }),
  holds(drawn) {
    // Whoever picks otherwise after a crash makes another run: here sources go by arrival.
    const inOrder = { ...drawn, picks: [] };
    assert.deepEqual(shown(inOrder), shown({ ...inOrder, crashes: [], refused: [] }));
  },
});

const countsEachOnce = zooProperty({
  name: 'job-counts-each-id-once',
  claim: 'each first delivery of an id is in one last pane or among the late rows, once',
  arbitrary: life,
  sizeOf: ({ sent, crashes, refused }) => ({
    commands: sent.length,
    faults: crashes.length + refused.length,
  }),
  holds(drawn) {
    const { panes, late } = shown(drawn) as {
      readonly panes: readonly { readonly start: number; readonly count: number }[];
      readonly late: readonly JobRow[];
    };
    const counts = new Map(panes.map(({ start, count }) => [start, count]));
    const counted = [...counts.values()].reduce((sum, count) => sum + count, 0);
    assert.equal(counted + late.length, firstDeliveries(drawn));
  },
});

/** Deliveries of ids that are not remembered: ages of a time to live in the rows' own time, by
 * partition, as a dedupe node has it. */
function firstDeliveries(drawn: Life): number {
  let count = 0;
  for (const partition of PARTITIONS.keys()) {
    const seen = new Map<string, number>();
    let age = 0;
    let sinceUs = Number.NEGATIVE_INFINITY;
    for (const { row, timeUs } of recordsOf(drawn).filter((one) => one.partition === partition)) {
      if (timeUs - sinceUs >= DEDUPE) {
        age += 1;
        sinceUs = timeUs;
      }
      const id = String(row['id']);
      if ((seen.get(id) ?? Number.NEGATIVE_INFINITY) >= age - 1) continue;
      seen.set(id, age);
      count += 1;
    }
  }
  return count;
}

/** Properties of jobs. */
export const JOBS: readonly ZooProperty[] = [survivesCrashes, countsEachOnce];
