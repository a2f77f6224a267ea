/** Each lint with a scenario that trips it, and the same one mended. */
import { describe, expect, it } from 'vitest';
import { refusedScenario } from '../../../src/experiment/check/check-scenario.ts';
import { LINT_CODES, type LintCode } from '../../../src/experiment/check/lints/finding.ts';
import type { Objective, Term } from '../../../src/experiment/objectives/objective.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { exponential, fixed, lognormal, pareto } from '../../../src/experiment/scenario/values.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { hours, minutes, ms, seconds, us } from '../../../src/kernel/time.ts';
import { checked, codesOf, loadTest } from './checked.ts';

type Overrides = Partial<ScenarioInput>;

interface LintCase {
  readonly trips: Overrides;
  readonly mended: Overrides;
  readonly severity: 'error' | 'warning';
  /** Default `aggregation`. */
  readonly architecture?: ArchitectureName;
}

/** Fast services with ample workers, so that nothing trips by itself. */
const ample = {
  replicas: 4,
  workersPerReplica: 16,
  baseTime: lognormal(ms(4), 0.4),
  timePerEntity: us(20),
};
type Service = NonNullable<ScenarioInput['services']>[string];
const services = (talent: Partial<Service> = {}): Overrides => ({
  services: { movie: ample, production: ample, talent: { ...ample, ...talent } },
});

/** Pages a second on ample machines for long enough. */
function calm(overrides: Overrides): ReturnType<typeof loadTest> {
  return loadTest({
    ...services(),
    clock: { start: '2026-11-20T20:00:00Z', duration: minutes(20), drain: seconds(5) },
    architectures: {
      aggregation: {
        replicas: 2,
        workersPerReplica: 16,
        planTime: us(400),
        mergeTimePerFetch: us(250),
        mergeTimePerKib: us(30),
      },
    },
    ...overrides,
  });
}

const closed = (users: number): Overrides => ({
  traffic: {
    kind: 'closed',
    users: [{ at: 0, users }],
    thinkTime: exponential(seconds(1)),
    pages: { home: 1 },
  },
  ...services({ replicas: 1, workersPerReplica: 1 }),
});

const database = (connections: number): Overrides =>
  services({
    replicas: 1,
    workersPerReplica: 64,
    database: { connections, workers: 64, queryTime: fixed(ms(40)), timePerRow: 0 },
  });

function pageTerm(aggregate: Term['aggregate']): Term {
  return { kind: 'term', aggregate, metric: 'page.load', labels: [], subject: null };
}

function objective(changes: {
  readonly q?: number;
  readonly limit?: number;
  readonly windows?: Objective['windows'];
  readonly minReplications?: number;
}): Overrides {
  const { q = 0.99, limit = seconds(5), windows = null, minReplications = 1 } = changes;
  const one: Objective = {
    text: `p${q * 100}(page.load) < ${limit / 1_000}ms`,
    condition: {
      expression: pageTerm({ kind: 'quantile', q }),
      comparison: '<',
      limit,
      unit: 'ms',
    },
    windows,
    scopes: [],
    recovery: null,
    severity: 'fail',
    confidence: 0.95,
    minReplications,
    minSamples: 1,
    onNoData: 'fail',
  };
  return { objectives: [one as never] };
}

const hpa = (maxReplicas: number) => ({
  hpa: {
    minReplicas: 1,
    maxReplicas,
    metrics: [{ kind: 'resource-utilization' as const, targetPercent: 60 }],
  },
});
const slow = { baseTime: fixed(ms(100)), timePerEntity: 0, workersPerReplica: 1 };
const zoned = (replicas: number): Overrides => ({
  network: { zones: 3 },
  ...services({ ...slow, replicas }),
});
const faulty = (factor: number): Overrides => ({
  ...services({ ...slow, replicas: 6 }),
  faults: [{ kind: 'service.slow', target: 'talent', at: minutes(1), for: minutes(2), factor }],
});
const perId = (protocol: 'http/1.1' | 'http/2'): Overrides => ({
  network: { connections: { protocol } },
  architectures: { direct: { fanOut: 'per-id' } },
});
const workers = (count: number): Overrides => ({ clickstream: { workers: { count } } });
const clock = (length: ReturnType<typeof minutes>): Overrides => ({
  clock: { start: '2026-11-20T20:00:00Z', duration: length, drain: seconds(5) },
});
const paretoBase = (shape: number) => services({ baseTime: pareto(ms(2), shape) });
const windows = (share: number) => ({ lengthUs: minutes(1), share });

const CASES: Readonly<Record<LintCode, LintCase>> = {
  'L-STABLE': {
    trips: services({ ...slow, replicas: 1 }),
    mended: services({ ...slow, replicas: 6 }),
    severity: 'error',
  },
  'L-AUTOSCALER': {
    trips: services({ ...slow, replicas: 1, autoscaler: hpa(6) }),
    mended: services({ ...slow, replicas: 6, autoscaler: hpa(6) }),
    severity: 'warning',
  },
  'L-ZONE': { trips: zoned(3), mended: zoned(9), severity: 'warning' },
  'L-SATURATED': { trips: closed(2_000), mended: closed(20), severity: 'warning' },
  'L-FAULT': { trips: faulty(8), mended: faulty(1.2), severity: 'warning' },
  'L-POOL': { trips: database(1), mended: database(20), severity: 'warning' },
  'L-PARTITIONS': { trips: workers(9), mended: workers(4), severity: 'warning' },
  'L-TAIL': { trips: paretoBase(1.05), mended: paretoBase(3.5), severity: 'warning' },
  'L-RUN-LENGTH': {
    trips: { ...services({ ...slow, replicas: 3 }), ...clock(seconds(90)) },
    mended: { ...services({ ...slow, replicas: 3 }), ...clock(hours(4)) },
    severity: 'warning',
  },
  'L-TRAFFIC': { trips: clock(seconds(3)), mended: clock(minutes(1)), severity: 'warning' },
  'L-RETURNS': {
    trips: { recommendations: { arms: [{ name: 'all', policy: { kind: 'random' } }] } },
    mended: {},
    severity: 'warning',
  },
  'L-SCALE': {
    trips: services({ ...slow, replicas: 5 }),
    mended: services(),
    severity: 'warning',
  },
  'L-TIMEOUT': {
    trips: { requests: { callTimeout: ms(2) } },
    mended: { requests: { callTimeout: ms(500) } },
    severity: 'warning',
  },
  'L-CONNECTIONS': {
    trips: perId('http/1.1'),
    mended: perId('http/2'),
    severity: 'warning',
    architecture: 'direct',
  },
  'L-OBJECTIVE': {
    trips: objective({ limit: ms(8) }),
    mended: objective({ limit: ms(900) }),
    severity: 'error',
  },
  'L-SAMPLES': {
    trips: { ...clock(minutes(1)), ...objective({ q: 0.9999 }) },
    mended: { ...clock(minutes(1)), ...objective({ q: 0.99 }) },
    severity: 'warning',
  },
  'L-REPLICATIONS': {
    trips: objective({ minReplications: 30 }),
    mended: objective({ minReplications: 10 }),
    severity: 'warning',
  },
};

describe('lints', () => {
  it.each(LINT_CODES)('E255–E260: %s is told where it holds, and only there', async (code) => {
    const { trips, mended, severity, architecture = 'aggregation' } = CASES[code];
    const bad = await checked(calm(trips), { architectures: [architecture] });
    const found = bad.findings.filter((one) => one.code === code);
    expect(found.map((one) => one.severity)).toContain(severity);
    for (const one of found) expect(one.rule.length).toBeGreaterThan(20);
    const good = await checked(calm(mended), { architectures: [architecture] });
    expect(codesOf(good)).not.toContain(code);
  });

  it('E255: says how many workers it takes, and that many are stable', async () => {
    const talent = (replicas: number) =>
      checked(calm(services({ ...slow, replicas })), { architectures: ['aggregation'] });
    const bad = await talent(1);
    const needed = bad.subjects[0]?.stations.find(({ station }) => station === 'talent');
    const rule = bad.findings.find(({ code }) => code === 'L-STABLE')?.rule;
    expect(rule).toContain(`at least ${needed?.workersNeeded} workers`);
    expect(codesOf(await talent(needed?.workersNeeded ?? 0))).not.toContain('L-STABLE');
    expect(codesOf(await talent((needed?.workersNeeded ?? 0) - 1))).toContain('L-STABLE');
  });

  it('E255: lets a spike and a fleet that sheds pass with a warning', async () => {
    const severityOf = async (overrides: Overrides) => {
      const { findings } = await checked(calm(overrides), { architectures: ['aggregation'] });
      return findings.find(({ code }) => code === 'L-STABLE')?.severity;
    };
    const spike = (for_: number) => ({
      ...services({ ...slow, replicas: 6 }),
      traffic: {
        kind: 'open' as const,
        rate: [
          { at: 0, perSecond: 20 },
          { at: minutes(5), perSecond: 20 },
          { at: minutes(5) + 1, perSecond: 200 },
          { at: minutes(5) + for_, perSecond: 200 },
          { at: minutes(5) + for_ + 1, perSecond: 20 },
        ],
        pages: { home: 1 },
      },
    });
    expect(await severityOf(spike(seconds(30)))).toBe('warning');
    expect(await severityOf(spike(minutes(5)))).toBe('error');
    const shedding = { kind: 'progressive' as const };
    expect(await severityOf(services({ ...slow, replicas: 1, shedding }))).toBe('warning');
  });

  it('E255: makes an error of the zone that the plan is to survive', async () => {
    const planning = { vary: { 'services.talent.replicas': {} }, survive: 'zone' as const };
    const document = await checked(calm({ ...zoned(3), planning }), {
      architectures: ['aggregation'],
    });
    const zone = document.findings.find(({ code }) => code === 'L-ZONE');
    expect(zone?.severity).toBe('error');
    expect(document.findings[0]?.severity).toBe('error');
  });

  it('E256: makes errors of tails without a mean, and of runs that measure nothing', async () => {
    const scenario = calm({ ...paretoBase(0.9) });
    const document = await checked(scenario, { architectures: ['monolith'] });
    expect(document.findings.find(({ code }) => code === 'L-TAIL')?.severity).toBe('error');
    const nobody = calm({
      traffic: { kind: 'open', rate: [{ at: 0, perSecond: 0 }], pages: { home: 1 } },
    });
    const empty = await checked(nobody, { architectures: ['monolith'] });
    expect(empty.findings.find(({ code }) => code === 'L-TRAFFIC')?.severity).toBe('error');
    expect(empty.subjects[0]?.bottleneck).toBeNull();
  });

  it('E260: asks for the windows that a share of them takes', async () => {
    const asked = (share: number, replications: number) =>
      checked(calm(objective({ q: 0.5, windows: windows(share) })), {
        architectures: ['aggregation'],
        replications,
      });
    // ln 0.05 ÷ ln 0.99 = 299 windows of a minute, 20 a run.
    expect(codesOf(await asked(0.99, 14))).toContain('L-SAMPLES');
    expect(codesOf(await asked(0.99, 15))).not.toContain('L-SAMPLES');
  });

  it('E261: tells every problem of what is no scenario', () => {
    const bad = { schema: 1, name: 'bad', services: { talent: { replicas: -1 } } };
    const refuse = () => defineScenario(bad as never);
    expect(refuse).toThrow(EngineError);
    try {
      refuse();
    } catch (error) {
      const document = refusedScenario('bad.ts', error as EngineError);
      expect(document.errors).toBeGreaterThan(3);
      expect(document.findings.every(({ code }) => code === 'SCENARIO_INVALID')).toBe(true);
      const paths = document.findings.map(({ path }) => path);
      expect(paths).toContain('services.talent.replicas');
      expect(paths).toEqual([...paths].sort());
    }
  });
});
