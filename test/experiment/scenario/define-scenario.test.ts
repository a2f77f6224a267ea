/** Scenarios: defaults, and every problem reported at once with the nearest valid name. */
import { describe, expect, it } from 'vitest';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { fixed } from '../../../src/experiment/scenario/values.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { hours, ms, us } from '../../../src/kernel/time.ts';

const SMALLEST: ScenarioInput = {
  schema: 1,
  name: 'smallest',
  question: 'Does it run?',
  seed: 1,
  clock: { start: '2026-11-20T19:30:00-05:00', duration: hours(1) },
  audience: { viewers: 10 },
};

const GATEWAY = {
  replicas: 1,
  workersPerReplica: 1,
  planTime: us(1),
  mergeTimePerFetch: us(1),
  mergeTimePerKib: us(1),
};

/** The problems of an input that is wrong on purpose. */
function problemsOf(input: unknown): readonly { path: string; found: string; rule: string }[] {
  try {
    defineScenario(input as ScenarioInput);
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    const { code, message, details } = error as EngineError<'SCENARIO_INVALID'>;
    expect(code).toBe('SCENARIO_INVALID');
    expect(message).not.toContain('\n');
    return details.problems;
  }
  return [];
}

describe('defineScenario', () => {
  it('E2: fills in every default', () => {
    const scenario = defineScenario(SMALLEST);
    expect(Object.keys(scenario.services)).toEqual(['movie', 'production', 'talent']);
    expect(scenario.clickstream.maxBatchEvents).toBe(20);
    expect(scenario.audience.devices.tv.share).toBeGreaterThan(0);
  });

  it('E2: is plain data: a copy through JSON is equal', () => {
    const scenario = defineScenario(SMALLEST);
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
  });

  it('E2: names the nearest key for an unknown one, at any depth', () => {
    const problems = problemsOf({
      ...SMALLEST,
      audiense: {},
      clickstream: { maxBatchEvent: 5 },
      audience: { viewers: 10, devices: undefined, behaviour: { thinkTimes: 1 } },
    });
    expect(problems.map(({ path }) => path)).toEqual([
      'audience.behaviour.thinkTimes',
      'audiense',
      'clickstream.maxBatchEvent',
    ]);
    expect(problems.map(({ rule }) => rule)).toEqual([
      expect.stringContaining('did you mean "thinkTime"?'),
      expect.stringContaining('did you mean "audience"?'),
      expect.stringContaining('did you mean "maxBatchEvents"?'),
    ]);
  });

  it('E2: reports every problem at once, sorted by path, with what was found', () => {
    const problems = problemsOf({
      ...SMALLEST,
      name: 'Not Kebab',
      seed: -1,
      audience: { viewers: -5 },
    });
    expect(problems.map(({ path, found }) => [path, found])).toEqual([
      ['audience.viewers', '-5'],
      ['name', '"Not Kebab"'],
      ['seed', '-1'],
    ]);
  });

  it('E2: refuses a service that no page can reach, and misses one that pages need', () => {
    const service = {
      replicas: 1,
      workersPerReplica: 1,
      baseTime: { kind: 'deterministic' as const, value: ms(1) },
      timePerEntity: us(1),
    };
    const problems = problemsOf({
      ...SMALLEST,
      services: { movie: service, production: service, talents: service },
    });
    expect(problems.map(({ path, found }) => [path, found])).toEqual([
      ['services.talent', 'nothing'],
      ['services.talents', 'a service that no page can reach'],
    ]);
    expect(problems[1]?.rule).toContain('did you mean "talent"?');
  });

  it('E2: refuses a fault on a service that is not there', () => {
    const problems = problemsOf({
      ...SMALLEST,
      faults: [{ kind: 'service.outage', target: 'tallent', at: 0, for: 10 }],
    });
    expect(problems).toEqual([
      {
        path: 'faults.0.target',
        found: '"tallent"',
        rule: expect.stringContaining('did you mean "talent"?'),
      },
    ]);
  });

  it('E2: names the nearest kind of fault', () => {
    const problems = problemsOf({
      ...SMALLEST,
      faults: [{ kind: 'service.outtage', target: 'talent', at: 0, for: 10 }],
    });
    expect(problems[0]?.rule).toContain('did you mean "service.outage"?');
  });

  it('E2: refuses a negative rate in the curve and points out of order', () => {
    const negative = problemsOf({
      ...SMALLEST,
      audience: {
        viewers: 5,
        arrivals: [
          { at: 0, relativeRate: -1 },
          { at: 5, relativeRate: 1 },
        ],
      },
    });
    expect(negative[0]).toMatchObject({ path: 'audience.arrivals.0.relativeRate', found: '-1' });
    const disordered = problemsOf({
      ...SMALLEST,
      audience: {
        viewers: 5,
        arrivals: [
          { at: 5, relativeRate: 1 },
          { at: 5, relativeRate: 1 },
        ],
      },
    });
    expect(disordered[0]?.path).toBe('audience.arrivals');
  });

  it('E2: refuses weights that add up to nothing and a warm-up that leaves nothing', () => {
    const problems = problemsOf({
      ...SMALLEST,
      clock: { ...SMALLEST.clock, warmUp: hours(1) },
      audience: { viewers: 5, countries: { US: 0 } },
    });
    expect(problems.map(({ path }) => path)).toEqual(['audience.countries', 'clock.warmUp']);
  });

  it('E2: lets published figures stand beside variants', () => {
    const reference = { metric: 'p95Ms', value: 5, source: 'a paper' } as const;
    const scenario = {
      ...SMALLEST,
      variants: [{ name: 'one', architecture: 'monolith' }],
      references: [{ ...reference, variant: 'one' }],
    };
    expect(problemsOf(scenario)).toEqual([]);
    const unknown = { ...scenario, references: [{ ...reference, variant: 'on' }] };
    expect(problemsOf(unknown)).toEqual([
      {
        path: 'references.0.variant',
        found: '"on"',
        rule: 'did you mean "one"?; valid: one',
      },
    ]);
  });

  it('E32: asks of a product only what it has', () => {
    const { audience, clock, name, question, schema, seed } = SMALLEST;
    const idle = { replicas: 1, workersPerReplica: 1, baseTime: fixed(ms(1)), timePerEntity: 0 };
    const services = { accounts: idle, inventory: idle, products: idle, reviews: idle };
    const whole = { schema, name, question, seed, clock, product: 'gateways-benchmark', services };
    const traffic = {
      kind: 'closed',
      users: [{ at: 0, users: 1 }],
      operations: [{ name: 'users', query: '{users{id}}' }],
    };
    expect(problemsOf({ ...whole, audience: {}, traffic })).toEqual([]);
    const wrong = {
      ...whole,
      audience,
      traffic: { ...traffic, pages: { home: 1 } },
      services: { ...services, movie: idle },
      variants: [{ name: 'one', architecture: 'monolith' }],
    };
    expect(problemsOf(wrong).map(({ path }) => path)).toEqual([
      'audience.viewers',
      'services.movie',
      'traffic.pages',
      'variants.0.architecture',
      'variants.0.set: audience.viewers',
      'variants.0.set: services.movie',
      'variants.0.set: traffic.pages',
    ]);
  });

  it('E2: says what is wrong when the input is no object at all', () => {
    expect(problemsOf(null)[0]).toMatchObject({ path: '(scenario)', found: 'null' });
  });

  it('E2: takes references to variants, or to architectures where there are none', () => {
    const reference = { metric: 'pagesPerSec', value: 9, source: 'a paper' } as const;
    const variants = [{ name: 'wide', architecture: 'federated' as const }];
    const to = (variant: string) => ({ ...SMALLEST, references: [{ ...reference, variant }] });
    expect(defineScenario({ ...to('wide'), variants }).references.length).toBe(1);
    expect(defineScenario(to('direct')).references.length).toBe(1);
    const [problem] = problemsOf({ ...to('wyde'), variants });
    expect(problem).toMatchObject({ path: 'references.0.variant', found: '"wyde"' });
    expect(problem?.rule).toContain('wide');
    expect(problemsOf(to('wide')).length).toBe(1);
  });

  it('E38: servers and lost zones are in regions and zones that there are', () => {
    const problems = problemsOf({
      ...SMALLEST,
      architectures: { federated: { ...GATEWAY, region: 2 } },
      network: { regions: 2, zones: 3 },
      faults: [{ kind: 'zone.loss', zone: 3, at: 0, for: ms(1) }],
    });
    expect(problems).toEqual([
      {
        path: 'architectures.federated.region',
        found: '2',
        rule: 'network.regions is 2: give 0 … 1',
      },
      { path: 'faults.0.zone', found: '3', rule: 'network.zones is 3: give 0 … 2' },
    ]);
  });

  it('E2: names the nearest key in a network that can be put in full or in short', () => {
    const { rule, path } = problemsOf({
      ...SMALLEST,
      network: { datacentre: { sameZones: 1 } },
    })[0] ?? {
      rule: '',
      path: '',
    };
    expect([path, rule]).toEqual([
      'network.datacentre.sameZones',
      expect.stringContaining('did you mean "sameZone"?'),
    ]);
  });
});
