/** Plans hold all that can be asked of them; a function that a plan names may break it, and is
 * found. */
import { describe, expect, it } from 'vitest';
import { plan as topTitles } from '../../../pipelines/top-titles.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import type { PlanRow } from '../../../src/streams/execute/compile-expression.ts';
import { count, sum } from '../../../src/streams/plan/builder/aggregate.ts';
import { pipeline, table } from '../../../src/streams/plan/builder/pipeline.ts';
import {
  boundedOutOfOrderness,
  hopping,
  session,
  tumbling,
} from '../../../src/streams/plan/builder/window.ts';
import { defineFunction } from '../../../src/streams/plan/functions.ts';
import { checkPipeline } from '../../../src/testing/pipelines/check-pipeline.ts';
import type { PlanRecord } from '../../../src/testing/pipelines/plans/start-plan.ts';
import {
  conserves,
  watermarkMonotone,
} from '../../../src/testing/pipelines/properties/accounts.ts';
import {
  agreesWithBatch,
  dedupes,
  deterministic,
  orderInsensitive,
  resumesFromAnySnapshot,
} from '../../../src/testing/pipelines/properties/comparisons.ts';
import type { PipelineProperty } from '../../../src/testing/pipelines/properties/property.ts';
import { windowMembership } from '../../../src/testing/pipelines/properties/window-membership.ts';
import type { PlanSubject } from '../../../src/testing/pipelines/subject.ts';
import { failureOf, storyWithoutToken } from '../failing.ts';

const RUNS = process.env['BACKLOT_LONG'] === '1' ? 600 : 10;

const SOURCE = {
  columns: { user: 'string', amount: 'double', at: 'timestamp' },
  time: 'at',
  watermark: boundedOutOfOrderness(seconds(5)),
} as const;

const start = () => pipeline('spend').source('orders', SOURCE);
const people = table('people', { key: 'string', columns: { country: 'string' } });

const perMinute = start()
  .window(tumbling(minutes(1)), { allowedLatenessUs: seconds(30) })
  .groupBy((f) => ({ user: f.user }))
  .aggregate({ orders: count(), spent: sum((f) => f.amount) })
  .sink('spend', { mode: 'upsert', key: ['user', 'window_start'] });

const sessions = start()
  .window(session(seconds(20)))
  .groupBy((f) => ({ user: f.user }))
  .aggregate({ orders: count() })
  .sink('sessions', { mode: 'append', key: ['user', 'window_start'] });

const slidingByCountry = start()
  .lookup(people, { on: (f) => f.user, take: { country: 'country' } })
  .window(hopping({ sizeUs: seconds(30), slideUs: seconds(10) }))
  .groupBy((f) => ({ country: f.country }))
  .aggregate({ orders: count() })
  .sink('by_country', { mode: 'append', key: ['country', 'window_start'] });

const paid = pipeline('paid')
  .source('orders', SOURCE)
  .joinWithin('payments', {
    right: { ...SOURCE, columns: { payer: 'string', sum: 'double', at: 'timestamp' } },
    leftKey: (f) => f.user,
    rightKey: (f) => f.payer,
    lowerUs: 0,
    upperUs: seconds(10),
    take: { paid: 'sum' },
  })
  .window(tumbling(minutes(1)))
  .groupBy((f) => ({ user: f.user }))
  .aggregate({ pairs: count() })
  .sink('paid', { mode: 'append', key: ['user', 'window_start'] });

const tables = {
  people: [
    { key: 'a', validFromUs: 0, values: { country: 'FR' } },
    { key: 'a', validFromUs: seconds(30), values: { country: 'DE' } },
    { key: 'b', validFromUs: seconds(10), values: null },
  ],
};

const SUBJECTS: readonly (readonly [string, PlanSubject])[] = [
  ['tumbling windows with lateness', { plan: perMinute }],
  ['sessions', { plan: sessions }],
  ['hopping windows behind a lookup', { plan: slidingByCountry, tables }],
  ['a join of two sources', { plan: paid }],
  ['top titles of each minute', { plan: topTitles }],
];

describe('T85–T95: plans', () => {
  it.each(SUBJECTS)('%s hold every property', async (_, subject) => {
    const all: readonly PipelineProperty<PlanRecord, PlanRow>[] = [
      deterministic(),
      conserves(),
      orderInsensitive(),
      agreesWithBatch(),
      resumesFromAnySnapshot(),
      watermarkMonotone(),
      windowMembership(),
    ];
    const report = await checkPipeline(subject, all, { runs: RUNS });
    expect(report.runs).toBe(RUNS);
  });

  it('T89: dedupe where they say so, and do not where they do not', async () => {
    await checkPipeline(topTitles, [dedupes()], { runs: 50 });
    const { facts } = await failureOf(checkPipeline(perMinute, [dedupes()]));
    expect(facts.size).toEqual({ commands: 1, faults: 1 });
  });

  it('T91: a function with a memory of its own is found, and told', async () => {
    let calls = 0;
    const discount = defineFunction({
      name: 'discount',
      version: 1,
      args: ['double'],
      returns: 'double',
      body: (amount: number | null) => {
        calls += 1;
        return calls % 2 === 0 ? amount : 0;
      },
    });
    const plan = start()
      .map((f) => ({ user: f.user, amount: discount.of(f.amount) }))
      .window(tumbling(minutes(1)))
      .groupBy((f) => ({ user: f.user }))
      .aggregate({ spent: sum((f) => f.amount) })
      .sink('spend', { mode: 'append', key: ['user', 'window_start'] });
    const check = checkPipeline({ plan, functions: [discount] }, [deterministic()]);
    const failure = await failureOf(check);
    expect(failure.facts.size.commands).toBe(1);
    expect(storyWithoutToken(failure)).toContain('deterministic does not hold');
  });
});
