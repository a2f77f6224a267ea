/** A job's checkpoints: when they begin, what completes them, what becomes of those that fail. */
import { describe, expect, it } from 'vitest';
import type { CheckpointSink } from '../../../../src/domain/checkpoint-ports.ts';
import { createJob, type JobOptions } from '../../../../src/streams/checkpoints/job/job.ts';
import type { JobRow, JobSource } from '../../../../src/streams/checkpoints/job/job-item.ts';
import { createPartitionMerge } from '../../../../src/streams/checkpoints/job/partition-merge.ts';
import { createMemorySink, createMemoryStore } from './memory-sinks.ts';

interface OpenSource extends JobSource {
  add(...arrivals: number[]): void;
}

function openSource(name: string, part: Partial<JobSource> = {}): OpenSource {
  const arrivals: number[] = [];
  return {
    name,
    add: (...more) => {
      arrivals.push(...more);
    },
    read: (position, max) =>
      arrivals.slice(position, position + max).map((arrivalUs, i) => ({
        row: { id: `${name}${position + i}` },
        timeUs: arrivalUs,
        arrivalUs,
        sizeBytes: 10,
      })),
    watermark: { kind: 'ascending' },
    ...part,
  };
}

function jobOf(part: Partial<JobOptions> = {}) {
  const [a, b] = [openSource('a'), openSource('b')];
  const store = createMemoryStore();
  const sink = createMemorySink();
  const options: JobOptions = {
    definition: null,
    sources: [a, b],
    nodes: [{ name: 'both', inputs: ['a', 'b'], operator: createPartitionMerge(2) }],
    sinks: [{ name: 'rows', input: 'both', sink }],
    store,
    trigger: {},
    ...part,
  };
  return { a, b, store, sink, options, job: createJob(options) };
}

const ids = ({ committed }: { readonly committed: readonly JobRow[] }) =>
  committed.map(({ id }) => id);

describe('checkpoints of a job', () => {
  it.each([
    ['records', { everyRecords: 3 }, 2],
    ['bytes', { everyBytes: 25 }, 2],
    ['process time, where there is news', { everyUs: 10 }, 0],
  ])('W118 begin by %s', (_, trigger, completed) => {
    const { job, a, b } = jobOf({ trigger });
    a.add(1, 3, 5, 7);
    b.add(2, 4, 6);
    job.poll(0);
    expect(job.counts).toMatchObject({ records: 7, completed });
  });

  it('W118 begin by process time at the first record after it', () => {
    const { job, a, sink } = jobOf({ trigger: { everyUs: 10 } });
    job.poll(0);
    a.add(1);
    job.poll(9);
    expect(job.counts.completed).toBe(0);
    job.poll(10);
    job.poll(30);
    expect(job.counts.completed).toBe(1);
    expect(ids(sink)).toEqual(['a0']);
  });

  it('W121 records are read in order of arrival, then of sources', () => {
    const { job, a, b, sink } = jobOf();
    a.add(1, 5, 5);
    b.add(1, 2, 5);
    job.finish(0);
    expect(ids(sink)).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
  });

  it('W118 are complete when the slowest sink has answered; meanwhile rows flow on', () => {
    const slow = createMemorySink({ isSlow: true });
    const base = jobOf({ trigger: { everyRecords: 2 } });
    const sinks = [...base.options.sinks, { name: 'slow', input: 'both', sink: slow }];
    const job = createJob({ ...base.options, sinks });
    base.a.add(1, 2, 3, 4, 5);
    job.poll(0);
    expect(job.counts).toMatchObject({ records: 5, completed: 0 });
    expect([ids(base.sink), ids(slow)]).toEqual([[], []]);
    slow.waiting[0]?.({ kind: 'done' });
    expect(job.counts.completed).toBe(1);
    expect([ids(base.sink), ids(slow)]).toEqual([
      ['a0', 'a1'],
      ['a0', 'a1'],
    ]);
    expect(job.finish(0)).toBe(false);
    slow.waiting[1]?.({ kind: 'done' });
    expect(job.finish(0)).toBe(false);
    slow.waiting[2]?.({ kind: 'done' });
    expect(job.finish(0)).toBe(true);
    expect(slow.waiting).toHaveLength(3);
    expect([ids(base.sink), ids(slow)]).toEqual([
      ['a0', 'a1', 'a2', 'a3', 'a4'],
      ['a0', 'a1', 'a2', 'a3', 'a4'],
    ]);
  });
});

describe('a checkpoint that fails', () => {
  const failingOnce = (phase: 'preCommit' | 'commit' | 'answer') => {
    const memory = createMemorySink();
    let isBroken = true;
    const breakOnce = () => {
      const wasBroken = isBroken;
      isBroken = false;
      if (wasBroken) throw new Error('disk full');
    };
    const sink: CheckpointSink<JobRow> = {
      ...memory,
      preCommit(checkpoint, answer) {
        if (phase === 'preCommit') breakOnce();
        memory.preCommit(checkpoint, (outcome) => {
          if (phase !== 'answer' || !isBroken) return answer(outcome);
          isBroken = false;
          return answer({ kind: 'failed', cause: new Error('disk full') });
        });
      },
      commit(checkpoint) {
        if (phase === 'commit') breakOnce();
        memory.commit(checkpoint);
      },
    };
    return { memory, sink };
  };

  it.each(['preCommit', 'commit', 'answer'] as const)('W119 in %s loses nothing', (phase) => {
    const { memory, sink } = failingOnce(phase);
    const { job, a } = jobOf({
      trigger: { everyRecords: 2 },
      sinks: [{ name: 'rows', input: 'both', sink }],
    });
    a.add(1, 2, 3, 4, 5);
    expect(() => job.poll(0)).toThrow('disk full');
    expect(ids(memory)).toEqual([]);
    job.poll(0);
    job.finish(0);
    expect(ids(memory)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
    expect(job.counts.aborted).toBe(phase === 'commit' ? 0 : 1);
  });

  it('W119 because the store fails is aborted, and its rows belong to the next', () => {
    const store = createMemoryStore();
    let isBroken = true;
    const { job, a, sink } = jobOf({
      trigger: { everyRecords: 2 },
      store: {
        latest: () => store.latest(),
        save(saved) {
          if (isBroken) throw new Error('locked');
          store.save(saved);
        },
      },
    });
    a.add(1, 2, 3);
    expect(() => job.poll(0)).toThrow('locked');
    expect(() => job.poll(0)).toThrow('locked');
    isBroken = false;
    job.finish(0);
    expect(ids(sink)).toEqual(['a0', 'a1', 'a2']);
    expect(store.all.map(({ checkpoint }) => checkpoint)[0]).toBe(3);
  });

  it('T130: makes no source idle that has records to read', () => {
    const [a, b] = ['a', 'b'].map((name) => openSource(name, { idleTimeoutUs: 10 }));
    const seen: string[] = [];
    const both = createPartitionMerge(2);
    let refusals = 0;
    const { job } = jobOf({
      sources: [a as JobSource, b as JobSource],
      nodes: [
        {
          name: 'both',
          inputs: ['a', 'b'],
          operator: {
            ...both,
            push: (input, item, emit) =>
              both.push(input, item, (told, output) => {
                seen.push(told.kind === 'row' ? String(told.row['id']) : told.kind);
                emit(told, output);
              }),
          },
        },
      ],
      sinks: [
        {
          name: 'rows',
          input: 'both',
          sink: {
            ...createMemorySink(),
            preCommit(_checkpoint, answer) {
              refusals += 1;
              answer(refusals === 1 ? { kind: 'failed', cause: 'full' } : { kind: 'done' });
            },
          },
        },
      ],
      trigger: { everyRecords: 2 },
    });
    job.poll(0);
    (a as OpenSource).add(12, 13, 14);
    (b as OpenSource).add(15);
    expect(() => job.poll(20)).toThrow('full');
    job.poll(20);
    // Had `b` been idle meanwhile, event time would have gone on to a's without it.
    expect(seen.slice(0, 4)).toEqual(['a0', 'a1', 'a2', 'b0']);
  });

  it('what an operator throws ends the job; a new one goes on from the last checkpoint', () => {
    const base = jobOf({ trigger: { everyRecords: 2 } });
    let isBroken = true;
    const merge = createPartitionMerge(2);
    const operator: typeof merge = {
      ...merge,
      push(input, item, emit) {
        if (isBroken && item.kind === 'row' && item.row['id'] === 'a3') throw new Error('a bug');
        merge.push(input, item, emit);
      },
    };
    const options = { ...base.options, nodes: [{ name: 'both', inputs: ['a', 'b'], operator }] };
    const job = createJob(options);
    base.a.add(1, 2, 3, 4, 5);
    expect(() => job.poll(0)).toThrow('a bug');
    isBroken = false;
    expect(() => job.finish(0)).toThrow('a bug');
    createJob(options).finish(0);
    expect(ids(base.sink)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
  });
});

describe('a job', () => {
  it('W120 checkpoints sources that are idle or have ended, and then stays ended', () => {
    const a = openSource('a', { idleTimeoutUs: 5 });
    const base = jobOf();
    const options = { ...base.options, sources: [a, base.b], trigger: { everyRecords: 1 } };
    const job = createJob(options);
    a.add(1);
    job.poll(0);
    job.poll(20);
    base.b.add(2, 3);
    job.poll(21);
    expect(ids(base.sink)).toEqual(['a0', 'b0', 'b1']);
    expect(job.finish(22)).toBe(true);
    const { length } = base.store.all;
    const again = createJob(options);
    expect(again.finish(23)).toBe(true);
    expect(base.store.all).toHaveLength(length);
    expect(ids(base.sink)).toEqual(['a0', 'b0', 'b1']);
  });

  it('W116 holds so many items and no more: then only barriers are sent', () => {
    const pick: JobOptions['pick'] = (ready) => {
      const record = ready.findIndex(({ isBarrier, source }) => !isBarrier && source === 0);
      const barrier = ready.findIndex(({ isBarrier, source }) => isBarrier && source === 0);
      return Math.max(0, record, barrier);
    };
    const { job, a, b, sink } = jobOf({ pick, maxHeld: 4, trigger: { everyRecords: 3 } });
    a.add(...Array.from({ length: 20 }, (_, i) => i));
    b.add(1);
    job.finish(0);
    // Each record is held with its watermark.
    expect(job.counts.maxHeld).toBe(4);
    expect(ids(sink)).toHaveLength(21);
  });

  it('W113 is refused the checkpoint of another', () => {
    const { options, job, a } = jobOf();
    a.add(1);
    job.finish(0);
    expect(() => createJob({ ...options, definition: 'other' })).toThrow(/^SNAPSHOT_REFUSED/);
  });

  const node = (name: string, inputs: readonly string[]) => {
    return { name, inputs, operator: createPartitionMerge(1) };
  };
  it.each<[string, Partial<JobOptions>, string]>([
    ['no source', { sources: [], nodes: [], sinks: [] }, 'job.sources: none'],
    ['a name twice', { nodes: [node('a', ['b'])] }, 'job.name: a stands for two parts'],
    ['an unknown input', { nodes: [node('x', ['y'])] }, 'job.input: y is no source'],
    ['a node without input', { nodes: [node('x', [])] }, 'job.inputs: x has none'],
    ['a sink of nothing', { nodes: [] }, 'job.input: both is no source'],
    ['a trigger of 0', { trigger: { everyRecords: 0 } }, 'job.everyRecords: 0 must be above 0'],
  ])('refuses %s', (_, part, problem) => {
    expect(() => jobOf(part)).toThrow(problem);
  });
});
