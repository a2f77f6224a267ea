/** Plans as jobs: killed at every step, on plans by hand and at random, they commit what they would
 * have committed, and save the same state. Spec: W125. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import { createJob } from '../../../../src/streams/checkpoints/job/job.ts';
import type { JobRow, JobSource } from '../../../../src/streams/checkpoints/job/job-item.ts';
import {
  createPlanNode,
  type PlanInput,
  planOutputs,
} from '../../../../src/streams/checkpoints/job/plan-node.ts';
import { count } from '../../../../src/streams/plan/builder/aggregate.ts';
import { desc, pipeline } from '../../../../src/streams/plan/builder/pipeline.ts';
import { boundedOutOfOrderness, hopping } from '../../../../src/streams/plan/builder/window.ts';
import type { PipelinePlan } from '../../../../src/streams/plan/plan.ts';
import { randomPlans, randomRecords } from '../../plan/random-plans.ts';
import {
  type CrashSubject,
  crashEverywhere,
  crashed,
  type FaultPort,
  Killed,
  uninterrupted,
} from '../crash-harness.ts';
import {
  createMemorySink,
  createMemoryStore,
  type MemorySink,
  type MemoryStore,
} from './memory-sinks.ts';

interface PlanWorld {
  readonly plan: PipelinePlan;
  /** Records by input. */
  readonly records: readonly (PlanInput & { readonly rows: readonly JobRow[] })[];
  readonly everyRecords: number;
}

interface Disk {
  readonly store: MemoryStore;
  readonly sinks: ReadonlyMap<string, MemorySink>;
}

/** Steps before each call; what is dead calls nothing any more. */
function mortal<F extends (...args: never[]) => unknown>(
  fault: FaultPort,
  place: string,
  act: F,
): F {
  return ((...args: Parameters<F>) => {
    if (fault.isDead) throw new Killed('dead already');
    fault.step(place);
    return act(...args);
  }) as F;
}

function planWorld({ plan, records, everyRecords }: PlanWorld): CrashSubject<Disk> {
  const outputs = planOutputs(plan);
  const names = ['plan', ...outputs.map((output) => `plan.${output}`)];
  return {
    fresh: () => ({
      store: createMemoryStore(),
      sinks: new Map(names.map((name) => [name, createMemorySink()])),
    }),
    // Memory that outlives the job: nothing of a dead one touches it.
    survivor: (disk) => disk,
    discard: () => undefined,
    run({ store, sinks }, fault) {
      const operator = createPlanNode({
        plan,
        inputs: records,
        partitions: Object.fromEntries(
          records.map(({ source }) => [
            source,
            records.filter((other) => other.source === source).length,
          ]),
        ),
      });
      const sources = records.map(
        ({ rows }, input): JobSource => ({
          name: `in${input}`,
          read: mortal(fault, 'read', (position: number, max: number) =>
            rows.slice(position, position + max).map((row, i) => ({
              row,
              timeUs: 0,
              arrivalUs: position + i,
            })),
          ),
          watermark: { kind: 'ascending' },
        }),
      );
      const job = createJob({
        definition: plan.name,
        sources,
        nodes: [
          {
            name: 'plan',
            inputs: sources.map(({ name }) => name),
            outputs,
            operator: {
              push: mortal(fault, 'push', operator.push.bind(operator)),
              passProcessTime: (nowUs, emit) => operator.passProcessTime?.(nowUs, emit),
              snapshot: mortal(fault, 'snapshot', () => operator.snapshot()),
              restore: (saved) => operator.restore(saved),
            },
          },
        ],
        sinks: names.map((name) => {
          const sink = sinks.get(name) ?? createMemorySink();
          return {
            name: `to ${name}`,
            input: name,
            sink: {
              ...sink,
              preCommit: mortal(fault, 'preCommit', sink.preCommit),
              commit: mortal(fault, 'commit', sink.commit),
              recover: mortal(fault, 'recover', sink.recover),
            },
          };
        }),
        store: { latest: store.latest, save: mortal(fault, 'save', store.save) },
        trigger: { everyRecords },
      });
      job.finish(1);
      fault.step('after the last commit');
      const rows = [...sinks].map(([name, { committed }]) => [name, committed]);
      return { rows, checkpoints: store.all };
    },
  };
}

const COLUMNS = { id: 'string', title: 'string', at: 'timestamp' } as const;
const EVENTS = {
  columns: COLUMNS,
  time: 'at',
  watermark: boundedOutOfOrderness(5),
} as const;
const POPULAR = pipeline('popular-rated-titles')
  .source('plays', EVENTS)
  .dedupe({ by: (f) => [f.id], ttlUs: 40 })
  .divert('trailers', (f) => f.title.eq('trailer'))
  .joinWithin('ratings', {
    right: EVENTS,
    leftKey: (f) => f.title,
    rightKey: (f) => f.title,
    lowerUs: -20,
    upperUs: 20,
    take: { rating: 'id' },
  })
  .window(hopping({ sizeUs: 20, slideUs: 10 }), { allowedLatenessUs: 5 })
  .groupBy((f) => ({ title: f.title }))
  .aggregate({ rows: count() })
  .late('too_late')
  .top(1, { by: [desc('rows')] })
  .sink('popular', { mode: 'upsert', key: ['window_start', 'rank'] });

const row = (id: string, title: string, at: number): JobRow => ({ id, title, at });
const BY_HAND: PlanWorld = {
  plan: POPULAR,
  everyRecords: 3,
  records: [
    {
      source: 'plays',
      partition: 0,
      rows: [row('a', 't1', 3), row('b', 't2', 9), row('a', 't1', 3), row('c', 't1', 31)],
    },
    {
      source: 'plays',
      partition: 1,
      rows: [row('d', 'trailer', 5), row('e', 't2', 28), row('f', 't2', 60), row('g', 't1', 2)],
    },
    {
      source: 'ratings',
      partition: 0,
      rows: [row('r1', 't1', 8), row('r2', 't2', 12), { id: 'r3', title: 't2', at: 'noon' }],
    },
  ],
};

describe('a plan that is killed', () => {
  it('W125 at any step commits the same rows and saves the same state', () => {
    const { crashPoints, places } = crashEverywhere(planWorld(BY_HAND));
    expect(crashPoints).toBeGreaterThan(60);
    expect([...places].sort()).toEqual([
      'after the last commit',
      'commit',
      'preCommit',
      'push',
      'read',
      'recover',
      'save',
      'snapshot',
    ]);
  });

  it('has results, trailers and a record that is no row', () => {
    const { content } = uninterrupted(planWorld(BY_HAND));
    const { rows } = content as { rows: readonly (readonly [string, readonly JobRow[]])[] };
    const counts = Object.fromEntries(rows.map(([name, all]) => [name, all.length]));
    expect(counts).toEqual({
      plan: 4,
      'plan.trailers': 1,
      'plan.too_late': 0,
      'plan.rejected': 1,
    });
  });
});

const IS_LONG = process.env['BACKLOT_LONG'] === '1';

describe('random plans, killed twice or more', () => {
  const done = { kills: 0, rows: 0 };
  afterAll(() => {
    expect(done.kills).toBeGreaterThan(200);
    expect(done.rows).toBeGreaterThan(300);
  });

  test.prop(
    [
      randomPlans,
      fc.tuple(randomRecords, randomRecords, randomRecords).map((all) => all.flat()),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
    ],
    { seed: 125, numRuns: IS_LONG ? 5_000 : 100 },
  )('W125 commit the same rows and save the same state', (...[plan, sent, kills, everyRecords]) => {
    const rows = sent as unknown as readonly JobRow[];
    const part = (partition: number) => ({
      source: 'events',
      partition,
      rows: rows.filter((_, i) => i % 2 === partition),
    });
    const subject = planWorld({ plan, records: [part(0), part(1)], everyRecords });
    const result = crashed(subject, kills);
    done.kills += result.kills;
    const whole = uninterrupted(subject).content as { rows: readonly [string, unknown[]][] };
    for (const [, all] of whole.rows) done.rows += all.length;
    expect(result.content, result.deaths.join(', then ')).toEqual(whole);
  });
});
