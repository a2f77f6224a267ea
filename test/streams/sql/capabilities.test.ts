/** The printers refuse exactly what the capability table says they refuse. */
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/kernel/errors.ts';
import { toFlinkSql } from '../../../src/streams/flink/to-flink-sql.ts';
import {
  capabilityOf,
  knownFeatures,
  type PlanTarget,
} from '../../../src/streams/plan/capabilities.ts';
import { featuresOf } from '../../../src/streams/plan/features.ts';
import { defineFunction } from '../../../src/streams/plan/functions.ts';
import { parsePlan } from '../../../src/streams/plan/parse-plan.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';
import { toBatchSql } from '../../../src/streams/sql/to-batch-sql.ts';
import { FEATURE_PLANS } from './feature-plans.ts';

const twice = defineFunction({
  name: 'twice',
  version: 1,
  args: ['double'],
  returns: 'double',
  body: (n) => 2 * n,
  sql: { duckdb: '2e0 * $1', sqlite: '2e0 * $1', 'flink-sql': '2e0 * $1' },
});

const FROM = { from: { plays: 'plays', ads: 'ads' }, tables: { titles: 'titles' } };
const functions = [twice];

const PRINTERS: Readonly<Record<string, readonly ((plan: PipelinePlan) => unknown)[]>> = {
  duckdb: [(plan) => toBatchSql(plan, { dialect: 'duckdb', ...FROM, functions })],
  sqlite: [(plan) => toBatchSql(plan, { dialect: 'sqlite', ...FROM, functions })],
  'flink-sql': [
    (plan) => toFlinkSql(plan, { variant: 'final', functions }),
    (plan) => toFlinkSql(plan, { variant: 'update', functions }),
  ],
};

test('there is a plan for every line of the table', () => {
  expect(Object.keys(FEATURE_PLANS).sort()).toEqual([...knownFeatures()].sort());
});

describe.each(Object.keys(PRINTERS))(
  'W63: %s refuses what the table says and nothing else',
  (target) => {
    test.each(Object.entries(FEATURE_PLANS))('%s', (feature, plan) => {
      const used = featuresOf(parsePlan(plan)).map((one) => one.feature);
      expect(used).toContain(feature);
      const refused = used.filter(
        (one) => capabilityOf(one, target as PlanTarget).support === 'no',
      );
      // The one variant may have to be the other: refused is what both refuse.
      const printers = PRINTERS[target] ?? [];
      const failures = printers.map((print) => problemsOf(() => print(plan)));
      expect(failures.every((one) => one !== undefined)).toBe(refused.length > 0);
      for (const problems of failures) {
        if (refused.length === 0) continue;
        for (const one of refused) expect(problems?.join('\n')).toContain(`: ${one}: `);
      }
    });
  },
);

function problemsOf(print: () => unknown): readonly string[] | undefined {
  try {
    print();
    return undefined;
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'PLAN_UNSUPPORTED') throw error;
    return (error.details as { problems: readonly string[] }).problems;
  }
}
