/** What runs of one plan share, and what follows from results that are known. */
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { CallPlan } from '../../../src/gateway/call-plan.ts';
import { deepFreeze } from '../../../src/gateway/plan/freeze.ts';
import { KnownResults } from '../../../src/gateway/plan/known-results.ts';
import { createPlanCompiler } from '../../../src/gateway/plan/plan-compiler.ts';
import { compileSteps } from '../../../src/gateway/plan/steps.ts';

const fetchOf = (serviceName: string, isEntityFetch = false) => ({
  kind: 'Fetch' as const,
  serviceName,
  operation: `{${serviceName}}`,
  ...(isEntityFetch ? { requires: [{ kind: 'Field' as const, name: 'id' }] } : {}),
});

const plan: CallPlan = {
  document: 'query($y: Boolean!) { a @include(if: $y) { id } b { id } }',
  root: {
    kind: 'Sequence',
    nodes: [
      { kind: 'Parallel', nodes: [fetchOf('a'), fetchOf('b')] },
      {
        kind: 'Parallel',
        nodes: [
          { kind: 'Flatten', path: [{ Field: 'a' }], node: fetchOf('c', true) },
          { kind: 'Sequence', nodes: [fetchOf('d'), fetchOf('e')] },
        ],
      },
      {
        kind: 'BatchFetch',
        serviceName: 'f',
        operation: '{f}',
        entityBatch: {
          aliases: [
            {
              alias: '_e0',
              representationsVariableName: 'r0',
              paths: [[{ Field: 'a' }], [{ Field: 'b' }, '@', { Field: 'x' }]],
              requires: [{ kind: 'Field', name: 'id' }],
            },
          ],
        },
      },
    ],
  },
};

describe('compileSteps', () => {
  it('knows which fetches are over before each one starts', () => {
    const fetches = compileSteps(plan);
    const after = fetches.map(({ serviceName, after: before }) => [serviceName, before]);
    expect(after).toEqual([
      ['a', []],
      ['b', []],
      ['c', [0, 1]],
      ['d', [0, 1]],
      ['e', [0, 1, 3]],
      ['f', [0, 1, 2, 3, 4]],
    ]);
    expect(fetches.map(({ errorPaths }) => errorPaths)).toEqual([
      [['a']],
      [['b']],
      [['a']],
      [['d']],
      [['e']],
      [['a'], ['b']],
    ]);
  });
});

describe('createPlanCompiler', () => {
  const publicSchema = buildSchema('type Query { a: T b: T } type T { id: ID! more: Int }');
  const compile = createPlanCompiler({ publicSchema });

  it('compiles a plan once for each truth of its conditions', () => {
    expect(compile(plan, { y: true, other: 1 })).toBe(compile(plan, { y: 'true' }));
    expect(compile(plan, { y: true })).not.toBe(compile(plan, { y: false }));
  });

  it('answers from known results with the same object, from unknown ones with an equal one', () => {
    const compiled = compile(plan, { y: true });
    const answerTo = (data: Record<string, unknown>) => {
      const state = compiled.newState();
      state.outcomes[0] = [{ data, errors: [], failures: [], isDegraded: false }];
      return compiled.answer(state);
    };
    const frozen = deepFreeze({ a: { id: '1' } });
    expect(answerTo(frozen).data).toEqual({ a: { id: '1' }, b: null });
    expect(answerTo(frozen).data).toBe(answerTo(frozen).data);
    const open = { a: { id: '1' } };
    const first = answerTo(open).data;
    open.a.id = '2';
    expect(first).toEqual({ a: { id: '1' }, b: null });
    expect(answerTo(open).data).toEqual({ a: { id: '2' }, b: null });
  });
});

describe('KnownResults', () => {
  it('keeps one slot a list of frozen results, none for others', () => {
    const known = new KnownResults<number>();
    const a = Object.freeze({});
    const b = Object.freeze({});
    known.slot([a, b]).value = 1;
    known.slot([b, a]).value = 2;
    known.slot([a, {}]).value = 3;
    expect(known.slot([a, b]).value).toBe(1);
    expect(known.slot([b, a]).value).toBe(2);
    expect(known.slot([a]).value).toBeUndefined();
    expect(known.slot([a, {}]).value).toBeUndefined();
  });
});
