/** Aligned barriers under every interleaving: no snapshot holds a record behind its barriers, and
 * what a job commits over any crash is what it commits over none. Spec: W116, W117. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import { createJob, type JobOptions } from '../../../../src/streams/checkpoints/job/job.ts';
import type {
  JobOperator,
  JobSource,
  SourceRecord,
} from '../../../../src/streams/checkpoints/job/job-item.ts';
import { createPartitionMerge } from '../../../../src/streams/checkpoints/job/partition-merge.ts';
import { openSnapshot } from '../../../../src/streams/checkpoints/sealed-snapshot.ts';
import { createMemorySink, createMemoryStore } from './memory-sinks.ts';

const IS_LONG = process.env['BACKLOT_LONG'] === '1';
const SOURCES = ['a', 'b', 'c'];

/** How many records each source has. */
const sizes = fc.tuple(fc.nat(12), fc.nat(12), fc.nat(12));
/** Which of the ready sources goes next, step by step. */
const choices = fc.array(fc.nat(2), { minLength: 5, maxLength: 60, size: 'max' });
const scenario = fc.record({
  sizes,
  every: fc.integer({ min: 1, max: 6 }),
  /** Each life of the job: its choices, and after how many of them it dies. */
  lives: fc.array(fc.record({ choices, deathAfter: fc.nat(40) }), { minLength: 1, maxLength: 4 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

class Death extends Error {}

/** Counts the rows of each source, tells the counts when the stream ends, passes rows on. */
function createTally(): JobOperator {
  let seen: Record<string, number> = {};
  return {
    push(_input, item, emit) {
      emit(item);
      if (item.kind === 'row') {
        const source = String(item.row['source']);
        seen[source] = (seen[source] ?? 0) + 1;
      } else if (item.kind === 'watermark' && item.timeUs === Number.POSITIVE_INFINITY) {
        emit({ kind: 'row', row: { seen: { ...seen } }, timeUs: 0 });
      }
    },
    snapshot: () => ({ ...seen }),
    restore: (saved) => {
      seen = { ...(saved as Record<string, number>) };
    },
  };
}

function sourceOf(name: string, size: number): JobSource {
  const records = Array.from({ length: size }, (_, i): SourceRecord => {
    return { row: { source: name, id: `${name}${i}` }, timeUs: i, arrivalUs: i };
  });
  return {
    name,
    read: (position, max) => records.slice(position, position + max),
    watermark: { kind: 'ascending' },
  };
}

/** a and b are merged; that and c are merged again; then the tally. */
function graph(counts: Scenario['sizes']): Pick<JobOptions, 'sources' | 'nodes' | 'definition'> {
  return {
    definition: null,
    sources: SOURCES.map((name, i) => sourceOf(name, counts[i] ?? 0)),
    nodes: [
      { name: 'ab', inputs: ['a', 'b'], operator: createPartitionMerge(2) },
      { name: 'abc', inputs: ['ab', 'c'], operator: createPartitionMerge(2) },
      { name: 'tally', inputs: ['abc'], operator: createTally() },
    ],
  };
}

const SINKS = ['rows'];
const seal = (options: Pick<JobOptions, 'definition' | 'nodes'>) => ({
  schema: 'backlot.job/1',
  definition: {
    definition: options.definition,
    names: [SOURCES, options.nodes.map(({ name }) => name), SINKS],
  },
});

function live(drawn: Scenario, alignment: 'aligned' | 'skip') {
  const store = createMemoryStore();
  const sink = createMemorySink();
  const reached = { held: 0, deaths: 0 };
  const lives = [...drawn.lives, { choices: [0], deathAfter: Number.POSITIVE_INFINITY }];
  for (const { choices: chosen, deathAfter } of lives) {
    let step = 0;
    const job = createJob({
      ...graph(drawn.sizes),
      sinks: SINKS.map((name) => ({ name, input: 'tally', sink })),
      store,
      trigger: { everyRecords: drawn.every },
      alignment,
      pick(ready) {
        if (step >= deathAfter) throw new Death();
        step += 1;
        return (chosen[step % chosen.length] ?? 0) % ready.length;
      },
    });
    try {
      job.finish(0);
    } catch (error) {
      if (!(error instanceof Death)) throw error;
      reached.deaths += 1;
    }
    reached.held = Math.max(reached.held, job.counts.maxHeld);
  }
  return { store, sink, ...reached };
}

const idsOf = (counts: Scenario['sizes']) =>
  SOURCES.flatMap((name, i) => Array.from({ length: counts[i] ?? 0 }, (_, n) => `${name}${n}`));
const committedIds = ({ sink }: ReturnType<typeof live>) =>
  sink.committed.flatMap(({ id }) => (id === undefined ? [] : [String(id)]));
const tallyOf = ({ sink }: ReturnType<typeof live>) =>
  sink.committed.flatMap(({ seen }) => (seen === undefined ? [] : [seen]));

describe('alignment', () => {
  const done = { held: 0, deaths: 0, snapshots: 0, doubles: 0 };
  afterAll(() => {
    expect(done.held).toBeGreaterThan(100);
    expect(done.deaths).toBeGreaterThan(250);
    expect(done.snapshots).toBeGreaterThan(1_000);
    expect(done.doubles).toBeGreaterThan(50);
  });

  test.prop([scenario], { seed: 116, numRuns: IS_LONG ? 20_000 : 500 })(
    'W116 any interleaving over any crash commits every row once, and counts it once',
    (drawn) => {
      const result = live(drawn, 'aligned');
      done.held += Number(result.held > 0);
      done.deaths += result.deaths;
      expect(committedIds(result).sort()).toEqual(idsOf(drawn.sizes).sort());
      const truth = SOURCES.flatMap((name, i) => {
        const size = drawn.sizes[i] ?? 0;
        return size === 0 ? [] : [[name, size]];
      });
      expect(tallyOf(result)).toEqual([Object.fromEntries(truth)]);
    },
  );

  test.prop([scenario], { seed: 117, numRuns: IS_LONG ? 20_000 : 500 })(
    'W116 a snapshot holds what is before its barriers and nothing behind them',
    (drawn) => {
      const { store } = live(drawn, 'aligned');
      for (const { text } of store.all) {
        const states = openSnapshot(seal(graph(drawn.sizes)), text) as Record<string, unknown>;
        const tally = states['tally'] as Readonly<Record<string, number>>;
        for (const name of SOURCES) {
          const { position } = states[name] as { readonly position: number };
          expect(tally[name] ?? 0).toBe(position);
        }
        done.snapshots += 1;
      }
    },
  );

  test.prop([scenario], { seed: 118, numRuns: IS_LONG ? 20_000 : 500 })(
    'W117 without alignment every row is counted at least once, and some twice',
    (drawn) => {
      const [tally = {}] = tallyOf(live(drawn, 'skip')) as Readonly<Record<string, number>>[];
      for (const [i, name] of SOURCES.entries()) {
        const size = drawn.sizes[i] ?? 0;
        expect(tally[name] ?? 0).toBeGreaterThanOrEqual(size);
        if ((tally[name] ?? 0) > size) done.doubles += 1;
      }
    },
  );
});
