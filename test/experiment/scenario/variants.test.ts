/** Variants: a scenario with fields set otherwise, and everything that can be wrong with them. */
import { describe, expect, it } from 'vitest';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { variantsOf } from '../../../src/experiment/scenario/variants.ts';
import type { EngineError } from '../../../src/kernel/errors.ts';
import { minutes } from '../../../src/kernel/time.ts';

const BASE: ScenarioInput = {
  schema: 1,
  name: 'varied',
  question: 'Which is better?',
  seed: 1,
  clock: { start: '2026-11-20T19:30:00-05:00', duration: minutes(10) },
  audience: { viewers: 10 },
};

type VariantInput = NonNullable<ScenarioInput['variants']>[number];

function scenarioWith(variants: readonly VariantInput[], over: Partial<ScenarioInput> = {}) {
  return defineScenario({ ...BASE, ...over, variants: [...variants] });
}

function problemsOf(variants: readonly unknown[], over: Partial<ScenarioInput> = {}) {
  try {
    scenarioWith(variants as VariantInput[], over);
  } catch (error) {
    expect((error as EngineError<'SCENARIO_INVALID'>).code).toBe('SCENARIO_INVALID');
    return (error as EngineError<'SCENARIO_INVALID'>).details.problems;
  }
  return [];
}

const PLAIN: VariantInput = { name: 'plain', architecture: 'federated' };

describe('variants', () => {
  it('E9: set fields by path, and leave the scenario and one another as they are', () => {
    const scenario = scenarioWith([
      PLAIN,
      {
        name: 'more',
        architecture: 'monolith',
        set: { 'services.talent.replicas': 5, 'requests.calls': { timeoutUs: 7_000 } },
      },
    ]);
    const before = JSON.stringify(scenario);
    const [plain, more] = variantsOf(scenario);
    expect(plain).toMatchObject({ name: 'plain', architecture: 'federated' });
    expect(plain?.scenario.services['talent']?.replicas).toBe(1);
    expect(more).toMatchObject({ name: 'more', architecture: 'monolith' });
    expect(more?.scenario.services['talent']?.replicas).toBe(5);
    expect(more?.scenario.requests.calls?.timeoutUs).toBe(7_000);
    expect(more?.scenario.seed).toBe(scenario.seed);
    expect(JSON.stringify(scenario)).toBe(before);
  });

  it('E9: are the four architectures where there are none, and only those asked for', () => {
    const names = variantsOf(defineScenario(BASE)).map(({ name }) => name);
    expect(names).toEqual(['monolith', 'direct', 'aggregation', 'federated']);
    const scenario = scenarioWith([PLAIN, { name: 'mono', architecture: 'monolith' }]);
    expect(variantsOf(scenario, ['monolith']).map(({ name }) => name)).toEqual(['mono']);
  });

  it('E9: are data: a path like __proto__ is an unknown key and changes nothing else', () => {
    const set = JSON.parse('{ "__proto__.polluted": true }') as Record<string, unknown>;
    const problems = problemsOf([{ ...PLAIN, set }]);
    expect(problems.length).toBeGreaterThan(0);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('E2: refuses unknown architectures and names that come twice', () => {
    expect(problemsOf([{ name: 'odd', architecture: 'federatd' }])).toEqual([
      {
        path: 'variants.0.architecture',
        found: '"federatd"',
        rule: expect.stringContaining('did you mean "federated"?'),
      },
    ]);
    expect(problemsOf([PLAIN, PLAIN])).toEqual([
      { path: 'variants.1.name', found: '"plain"', rule: 'a name of its own' },
    ]);
  });

  it('E2: names the nearest field for a misspelt one inside `set`, and the value found', () => {
    const problems = problemsOf([
      { ...PLAIN, set: { 'services.talent.replica': 3 } },
      { ...PLAIN, name: 'second', set: { 'services.talent.replicas': -3, 'clock.drain': 'long' } },
      { ...PLAIN, name: 'third', set: { seed: { x: 1 } } },
    ]);
    expect(problems).toEqual([
      {
        path: 'variants.0.set: services.talent.replica',
        found: 'an unknown key',
        rule: expect.stringContaining('did you mean "replicas"?'),
      },
      { path: 'variants.1.set: clock.drain', found: '"long"', rule: expect.any(String) },
      { path: 'variants.1.set: services.talent.replicas', found: '-3', rule: expect.any(String) },
      { path: 'variants.2.set: seed', found: '{"x":1}', rule: expect.any(String) },
    ]);
  });

  it('E2: reports what a variant makes of the scenario, all at once, beside other problems', () => {
    const problems = problemsOf(
      [
        { ...PLAIN, set: { 'clock.warmUp': minutes(20) } },
        { ...PLAIN, name: 'second', set: { 'audience.viewers': 0 } },
      ],
      { faults: [{ kind: 'service.outage', target: 'tallent', at: 0, for: 1 }] },
    );
    expect(problems.map(({ path }) => path)).toEqual([
      'faults.0.target',
      'variants.0.set: clock.warmUp',
      'variants.0.set: faults.0.target',
      'variants.1.set: audience.viewers',
      'variants.1.set: faults.0.target',
    ]);
  });

  it('E2: lets references name variants, and refuses those that name none', () => {
    const reference = { variant: 'plain', metric: 'meanMs' as const, value: 3, source: 'somebody' };
    expect(problemsOf([PLAIN], { references: [reference] })).toEqual([]);
    expect(problemsOf([PLAIN], { references: [{ ...reference, variant: 'plane' }] })).toEqual([
      {
        path: 'references.0.variant',
        found: '"plane"',
        rule: expect.stringContaining('did you mean "plain"?'),
      },
    ]);
  });

  it('E2: refuses a zone that is not there, and points of a load out of order', () => {
    expect(problemsOf([], { faults: [{ kind: 'zone.loss', zone: 1, at: 0, for: 1 }] })).toEqual([
      { path: 'faults.0.zone', found: '1', rule: expect.stringContaining('network.zones') },
    ]);
    const pages = { home: 1 };
    const rate = [
      { at: 5, perSecond: 1 },
      { at: 5, perSecond: 2 },
    ];
    expect(problemsOf([], { traffic: { kind: 'open', rate, pages } })[0]?.path).toBe(
      'traffic.rate',
    );
    const users = [
      { at: 5, users: 1 },
      { at: 1, users: 2 },
    ];
    expect(problemsOf([], { traffic: { kind: 'closed', users, pages } })[0]?.path).toBe(
      'traffic.users',
    );
  });
});
