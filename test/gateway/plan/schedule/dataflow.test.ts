/** Dependencies from data: what each fetch reads, and what follows for when it starts. */
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { CallPlan, FlattenSegment, PlanNode } from '../../../../src/gateway/call-plan.ts';
import { createPlanCompiler } from '../../../../src/gateway/plan/plan-compiler.ts';

const publicSchema = buildSchema('type Query { a: Int }');

const fields = (...names: string[]) => names.map((name) => ({ kind: 'Field' as const, name }));

function entities(serviceName: string, path: string, options: { set: string; on?: string[] }) {
  const segments = path
    .split('.')
    .map((one): FlattenSegment => (one === '@' ? '@' : { Field: one }));
  const node: PlanNode = {
    kind: 'Fetch',
    serviceName,
    operation: `query($r:[_Any!]!){_entities(representations:$r){...on T${options.set}}}`,
    requires: [
      {
        kind: 'InlineFragment',
        typeCondition: 'T',
        selections: fields('__typename', ...(options.on ?? ['id'])),
      },
    ],
  };
  return { kind: 'Flatten' as const, path: segments, node };
}

const root: PlanNode = {
  kind: 'Fetch',
  serviceName: 'root',
  operation: '{list{__typename id ...F} other{__typename id}} fragment F on T{more{id}}',
};
const plan = (...waves: PlanNode[][]): CallPlan => ({
  document: '{a}',
  root: {
    kind: 'Sequence',
    nodes: [root, ...waves.map((nodes): PlanNode => ({ kind: 'Parallel', nodes }))],
  },
});

function afterOf(schedule: 'plan' | 'dataflow', waves: PlanNode[][]) {
  const compiled = createPlanCompiler({ publicSchema, schedule })(plan(...waves), {});
  return compiled.fetches.map(({ after }) => after);
}

describe('the dataflow schedule', () => {
  const name = entities('names', 'list.@', { set: '{name}' });
  const size = entities('sizes', 'other', { set: '{size{__typename id}}' });
  const uses = entities('uses', 'list.@', { set: '{use}', on: ['id', 'name'] });
  const deep = entities('deep', 'other.size', { set: '{cm}' });

  it('G12: lets a fetch wait for those alone whose data it reads', () => {
    const waves = [
      [name, size],
      [uses, deep],
    ];
    expect(afterOf('plan', waves)).toEqual([[], [0], [0], [0, 1, 2], [0, 1, 2]]);
    expect(afterOf('dataflow', waves)).toEqual([[], [0], [0], [0, 1], [0, 2]]);
  });

  it('G12: keeps the order of the plan where nobody is known to write what is read', () => {
    const unknown = entities('u', 'list.@', { set: '{x}', on: ['id', 'secret'] });
    expect(afterOf('dataflow', [[name, size], [unknown]])).toEqual([[], [0], [0], [0, 1, 2]]);
  });

  it('counts a key that an output rewrite writes', () => {
    const { node, ...flatten } = entities('renamed', 'list.@', { set: '{_name:name}' });
    const path = [{ Key: '_name' }];
    const outputRewrites = [{ KeyRenamer: { path, renameKeyTo: 'name' } }];
    const renaming = { ...flatten, node: { ...node, outputRewrites } as PlanNode };
    expect(afterOf('dataflow', [[renaming, size], [uses]])).toEqual([[], [0], [0], [0, 1]]);
  });

  it('G12: leaves mutations in their order', () => {
    const change = (serviceName: string): PlanNode => ({
      kind: 'Fetch',
      serviceName,
      operationKind: 'mutation',
      operation: `mutation{${serviceName}}`,
    });
    const sequence: PlanNode = { kind: 'Sequence', nodes: ['x', 'y', 'z'].map(change) };
    const compile = createPlanCompiler({ publicSchema, schedule: 'dataflow' });
    const { fetches } = compile({ document: '{a}', root: sequence }, {});
    expect(fetches.map(({ after }) => after)).toEqual([[], [0], [0, 1]]);
  });
});
