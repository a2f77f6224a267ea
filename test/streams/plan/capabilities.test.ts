/** The capability table fails closed, and knows everything that plans can use. */
import { test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { count, quantile } from '../../../src/streams/plan/builder/aggregate.ts';
import { pipeline } from '../../../src/streams/plan/builder/pipeline.ts';
import { session, tumbling } from '../../../src/streams/plan/builder/window.ts';
import {
  capabilities,
  capabilityOf,
  PLAN_TARGETS,
  requireTarget,
} from '../../../src/streams/plan/capabilities.ts';
import { featuresOf } from '../../../src/streams/plan/features.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';
import { columnsOf } from '../../../src/streams/plan/step-expressions.ts';
import { randomPlans } from './random-plans.ts';

const start = () =>
  pipeline('p').source('s', {
    columns: { k: 'string', n: 'integer', gap: 'integer', at: 'timestamp' },
    time: 'at',
    watermark: { kind: 'ascending' },
  });

describe('capabilities (W31)', () => {
  test.prop([randomPlans], { seed: 42, numRuns: 200 })(
    'know every feature of every plan, and RxJS runs them all',
    (plan) => {
      for (const { feature, paths, targets } of capabilities(plan)) {
        expect(targets.rx).toEqual({ support: 'yes' });
        expect(paths.length).toBeGreaterThan(0);
        for (const target of PLAN_TARGETS) {
          const found = targets[target];
          expect(JSON.stringify(found)).not.toContain('unknown feature');
          if (found.support !== 'yes') expect(found.reason.length, feature).toBeGreaterThan(5);
        }
      }
      expect(requireTarget(plan, 'rx')).toEqual([]);
    },
  );

  it('refuse what they do not know', () => {
    for (const target of PLAN_TARGETS) {
      for (const feature of ['sort', 'constructor', '__proto__', '']) {
        expect(capabilityOf(feature, target)).toEqual({
          support: 'no',
          reason: `unknown feature "${feature}"`,
        });
      }
    }
    const plan = start().sink('o', { mode: 'append', key: [] });
    const newer = { ...plan, steps: [{ kind: 'sort' }] } as unknown as PipelinePlan;
    expect(() => requireTarget(newer, 'rx')).toThrow(
      /PLAN_UNSUPPORTED: plan "p" cannot go to rx: steps\[0\]: sort: unknown feature "sort"/,
    );
  });

  it('say where a feature is used, and why a target refuses', () => {
    const plan = start()
      .filter((f) => f.k.lower().eq('a'))
      .window(session((f) => f.gap))
      .groupBy((f) => ({ k: f.k }))
      .aggregate({ half: quantile((f) => f.n, { q: 0.5 }), rows: count() })
      .window(tumbling(10))
      .aggregate({ rows: count((f) => f.rows.gt(1)) })
      .sink('o', { mode: 'append', key: [] });
    const byName = new Map(featuresOf(plan).map(({ feature, paths }) => [feature, paths]));
    expect(byName.get('session-dynamic-gap')).toEqual(['steps[1].window.assign']);
    expect(byName.get('operator-lower')).toEqual(['steps[0]']);
    expect(byName.get('chained-windows')).toEqual(['steps[2]']);
    expect(byName.get('aggregate-count')).toEqual(['steps[1].aggregates', 'steps[2].aggregates']);
    expect(() => requireTarget(plan, 'flink-sql')).toThrow(
      /session-dynamic-gap: SESSION has a constant gap; .*aggregate-quantile/,
    );
    const [step] = plan.steps;
    expect(step?.kind === 'filter' ? columnsOf(step.where) : []).toEqual(['k']);
  });
});
