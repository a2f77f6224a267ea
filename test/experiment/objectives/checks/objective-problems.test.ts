/** Objectives in a scenario: parsed, checked against it before the run, and reported with
 * everything else that is wrong. */
import { describe, expect, it } from 'vitest';
import { defineScenario } from '../../../../src/experiment/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../../../src/experiment/scenario/schema.ts';
import { variantsOf } from '../../../../src/experiment/scenario/variants.ts';
import { EngineError, type ScenarioProblem } from '../../../../src/kernel/errors.ts';
import { minutes, seconds } from '../../../../src/kernel/time.ts';

const BASE: ScenarioInput = {
  schema: 1,
  name: 'promises',
  question: 'Are they kept?',
  seed: 1,
  clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(30), warmUp: minutes(5) },
  audience: { viewers: 10 },
  network: { zones: 3 },
  faults: [
    { kind: 'zone.loss', zone: 1, at: minutes(20), for: minutes(2) },
    { kind: 'service.slow', target: 'movie', at: minutes(10), for: minutes(1) },
  ],
  phases: [{ name: 'peak', from: minutes(15), to: minutes(25) }],
};

type Objectives = NonNullable<ScenarioInput['objectives']>;

function problemsOf(
  objectives: readonly unknown[],
  more: Partial<ScenarioInput> = {},
): readonly ScenarioProblem[] {
  try {
    defineScenario({ ...BASE, ...more, objectives: objectives as Objectives });
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    return (error as EngineError<'SCENARIO_INVALID'>).details.problems;
  }
  return [];
}

describe('objectives of a scenario', () => {
  it('E102: text, text with settings and object come out as objects', () => {
    const text = 'p99(page.load{page="home"}) < 450ms';
    const scenario = defineScenario({
      ...BASE,
      objectives: [text, { objective: 'count(events.lost)==0', severity: 'warn' }],
    });
    expect(scenario.objectives.map((one) => [one.text, one.severity])).toEqual([
      [text, 'fail'],
      ['count(events.lost) == 0', 'warn'],
    ]);
    expect(defineScenario(scenario)).toEqual(scenario);
    expect(defineScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario);
  });

  it('E102: variants keep them, and may change them', () => {
    const scenario = defineScenario({
      ...BASE,
      objectives: [
        'p99(page.load) < 450ms',
        'p99(page.load, arch="b") / p99(page.load, variant="a") < 1.15',
      ],
      variants: [
        { name: 'a', architecture: 'federated' },
        { name: 'b', architecture: 'federated', set: { objectives: ['p99(page.load) < 1s'] } },
      ],
    });
    expect(variantsOf(scenario).map((one) => one.scenario.objectives.length)).toEqual([2, 1]);
  });

  it.each([
    ['p99(page.load{page="hom"}) < 4ms', 'column 15: no such page as "hom"; did you mean "home"?'],
    ['p99(page.load{device=~"t.x"}) < 4ms', 'column 15: no device matches "t.x"'],
    ['p99(page.load{country!="FR"}) < 4ms', 'column 15: no such country as "FR"; '],
    ['max(server.queue{service="tallent"}) < 4', 'did you mean "talent"?'],
    ['count(events.dropped{reason="sdk_queue_ful"}) < 4', 'did you mean "sdk_queue_full"?'],
    ['p99(page.load) < 4ms during phase("peek")', 'column 29: no such phase as "peek"; did you'],
    ['p99(page.load) < 4ms outside fault("zone.los")', 'did you mean "zone.loss"?'],
    [
      'p99(page.load) < 4ms after fault("service.slow:talent")',
      'did you mean "service.slow:movie"',
    ],
    ['p99(page.load, arch="federatd") / p99(page.load, arch="monolith") < 2', '"federated"?'],
    ['mean(cost.per_hour) < 3USD', 'column 6: the scenario has no price book'],
    ['p99(page.load) < 4ms during 10m..40m', 'column 22: not within the run; the run lasts 30m'],
    ['p99(page.load) < 4ms during "21:30".."22:00"', 'not within the run; the run lasts 30m'],
    ['p99(page.load) < 4ms during "20:10".."20:10"', 'ends when it begins'],
    ['p99(page.load) < 4ms during 1m..5m', 'its scopes and the warm-up leave nothing'],
    ['p99(page.load) < 4ms during 20m..22m outside fault()', 'leave nothing of the run'],
    ['p99(page.load) < 4ms over 26m windows', 'windows of 26m are longer than what is measured'],
    ['max(server.queue) < 4 over 1500ms windows', 'server.queue is read every 1s'],
    ['recover(p99(page.load) < 4ms) within 11m after fault("zone.loss")', 'leaves 600s of the run'],
    [
      'recover(p99(page.load) < 4ms) over 2m windows within 1m after fault("zone.loss")',
      'its windows are longer than it may take',
    ],
  ])('E103: %s', (text, rule) => {
    const problems = problemsOf([text]);
    expect(problems).toEqual([
      { path: 'objectives.0', found: `'${text}'`, rule: expect.stringContaining(rule) },
    ]);
  });

  it('E103: what cannot be met together is told of the later one', () => {
    const rule = expect.stringContaining('cannot be met together with');
    const pairs = [
      ['p99(page.load) < 1ms', 'p99(page.load) > 2ms'],
      ['p50(page.load) > 2ms', 'p99(page.load) < 1ms'],
      ['max(page.load) <= 2ms', 'mean(page.load) > 2ms'],
      ['count(page.errors) == 0', 'count(page.errors) > 0'],
      ['count(page.errors) == 1', 'count(page.errors) == 2'],
      [
        'rate(page.errors) / rate(page.requests) < 1%',
        'rate(page.errors) / rate(page.requests) > 2%',
      ],
    ];
    for (const pair of pairs) {
      expect(problemsOf(pair)).toEqual([{ path: 'objectives.1', found: `'${pair[1]}'`, rule }]);
    }
  });

  it('E103: what can be met together is left alone', () => {
    const fine = [
      ['p99(page.load) < 2ms', 'p99(page.load) > 1ms'],
      ['p99(page.load) > 2ms', 'p50(page.load) < 1ms'],
      ['p99(page.load{page="home"}) < 1ms', 'p99(page.load{page="play"}) > 2ms'],
      ['p99(page.load) < 1ms during phase("peak")', 'p99(page.load) > 2ms'],
      [
        'p99(page.load) < 1ms over 1m windows for 40%',
        'p99(page.load) > 2ms over 1m windows for 40%',
      ],
      ['mean(page.load) < 1ms', 'p50(page.load) > 2ms'],
    ];
    for (const pair of fine) expect([pair, problemsOf(pair)]).toEqual([pair, []]);
  });

  it('E103: the same twice is told', () => {
    const problems = problemsOf(['p99(page.load) < 1ms', 'p99( page.load ) < 1 ms']);
    expect(problems.map(({ rule }) => rule)).toEqual(['the same objective stands here twice']);
  });

  it('E103: phases are parts of the run with names of their own', () => {
    const phases = [
      { name: 'peak', from: minutes(15), to: minutes(31) },
      { name: 'peak', from: minutes(9), to: minutes(8) },
    ];
    expect(problemsOf([], { phases }).map(({ path }) => path)).toEqual([
      'phases.0.to',
      'phases.1.name',
      'phases.1.to',
    ]);
  });

  it('E103: everything is told at once, with all else that is wrong', () => {
    const problems = problemsOf(
      [
        'p99(page.lod) < 1',
        { objective: 'p99(page.load) < 1s', severity: 'fatal' },
        7,
        { condition: {} },
        'p99(page.load) < 1s',
      ],
      { seed: -1 },
    );
    expect(problems.map(({ path }) => path)).toEqual([
      'objectives.0',
      'objectives.1.severity',
      'objectives.2',
      'objectives.3',
      'seed',
    ]);
    expect(problems[0]).toEqual({
      path: 'objectives.0',
      found: '"p99(page.lod) < 1"',
      rule: expect.stringContaining('column 5: metric "page.lod" does not exist; did you mean'),
    });
  });

  it('E103: what is wrong whatever the variant is told once', () => {
    const variants = [
      { name: 'a', architecture: 'federated' as const },
      { name: 'b', architecture: 'monolith' as const },
    ];
    const problems = problemsOf(['p99(page.load{page="hom"}) < 1s'], { variants });
    expect(problems.map(({ path }) => path)).toEqual(['objectives.0']);
  });

  it('E103: a variant that makes one impossible is told', () => {
    const problems = problemsOf(['p99(page.load) < 1s outside fault("zone.loss")'], {
      variants: [
        { name: 'calm', architecture: 'federated', set: { faults: [] } },
        { name: 'short', architecture: 'federated', set: { 'clock.duration': seconds(1_200) } },
      ],
    });
    expect(problems.map(({ path }) => path)).toEqual([
      'variants.0.set: objectives.0',
      'variants.1.set: phases.0.to',
    ]);
  });
});
