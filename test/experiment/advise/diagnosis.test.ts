/** Findings, each from samples that have its cause and no other. */
import { describe, expect, it } from 'vitest';
import { bindingOf, diagnose } from '../../../src/experiment/advise/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/experiment/advise/diagnosis/evidence.ts';
import type { OperationsSample } from '../../../src/experiment/campaign/operations-sample.ts';
import type { RunSample } from '../../../src/experiment/campaign/run-sample.ts';
import { changedScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import { ERRORS, FRESHNESS, knownSample, knownScenario } from './known-world.ts';

const LATE = 'count(events.late) < 1';
const P99 = 'p99(page.load) < 450ms';
/** Nobody is busy and nothing is wrong. */
const WELL = { load: 0.3, events: 0.3 };

type Change = (operations: OperationsSample) => OperationsSample;

/** Evidence of two replications. */
function evidence(
  of: {
    readonly set?: Readonly<Record<string, unknown>>;
    readonly needs?: readonly string[];
    readonly change?: Change;
    readonly sample?: (sample: RunSample) => RunSample;
  } = {},
): Evidence {
  const { set = {}, needs = [ERRORS, FRESHNESS], change = (same) => same } = of;
  const { sample = (same) => same } = of;
  const changed = changedScenario(knownScenario(), { objectives: [...needs], ...set });
  if ('problems' in changed) throw new Error(JSON.stringify(changed.problems));
  const { scenario } = changed;
  const point = { name: 'tonight', architecture: 'aggregation' as const, scenario };
  const samples = [0, 1].map((replication) => {
    const made = knownSample(point, replication, WELL);
    const known = { ...made, metrics: { ...made.metrics, 'error share': 0 } };
    const { operations } = known;
    return sample(operations === undefined ? known : { ...known, operations: change(operations) });
  });
  return { scenario, architecture: 'aggregation', samples, needs: scenario.objectives };
}

function idsOf(of: Parameters<typeof evidence>[0]): readonly string[] {
  return diagnose(evidence(of)).flatMap(({ id, role }) => (role === 'slack' ? [] : [id]));
}

/** One server with other figures. */
function server(name: string, figures: Partial<OperationsSample['servers'][number]>): Change {
  return (operations) => ({
    ...operations,
    servers: operations.servers.map((one) => (one.name === name ? { ...one, ...figures } : one)),
  });
}

function workers(figures: Partial<NonNullable<OperationsSample['pipeline']['workers']>>): Change {
  return ({ pipeline, ...rest }) => ({
    ...rest,
    pipeline: {
      ...pipeline,
      workers: pipeline.workers === null ? null : { ...pipeline.workers, ...figures },
    },
  });
}

const FULL = { peakUtilization: 0.97 };

describe('findings', () => {
  it('M181: of a world that is well there are none but slack', () => {
    expect(idsOf({ needs: [ERRORS] })).toEqual([]);
    expect(diagnose(evidence()).map(({ role }) => role)).toContain('slack');
  });

  it('M182: a full station contributes, and binds where it is the busiest at the worst', () => {
    const [gateway] = diagnose(evidence({ needs: [ERRORS], change: server('gateway', FULL) }));
    expect(gateway).toMatchObject({ id: 'station-saturated:gateway', role: 'binding' });
    const [movie] = diagnose(evidence({ needs: [ERRORS], change: server('movie', FULL) }));
    expect(movie).toMatchObject({
      id: 'station-saturated:movie',
      role: 'contributing',
      objectives: [ERRORS],
      numbers: { peakUtilization: 0.97 },
    });
  });

  it('M182: calls turned away, and databases that are full', () => {
    const change = server('talent', { failures: { shed: 20, rejected: 5, error: 900 } });
    const away = diagnose(evidence({ needs: [ERRORS], change }));
    expect(away[0]).toMatchObject({ id: 'calls-turned-away:talent' });
    expect(away[0]?.numbers['turnedAwayShare']).toBeCloseTo(0.025, 9);
    const sample = (one: RunSample): RunSample => ({
      ...one,
      stations: [
        { station: 'talent database', utilization: 0.8, meanWaitMs: 12 },
      ] as unknown as RunSample['stations'],
    });
    expect(idsOf({ needs: [ERRORS], sample })).toEqual(['database-saturated:talent database']);
  });

  it('M183: retries and time-outs, only where pages need something', () => {
    const change: Change = (operations) => ({
      ...operations,
      edges: operations.edges.map((one) => ({
        ...one,
        attempts: 1_500,
        retries: 500,
        timeouts: 300,
        lateAnswers: 200,
      })),
    });
    const found = ['retries-amplify:gateway→talent', 'calls-time-out:gateway→talent'];
    expect(idsOf({ needs: [ERRORS], change })).toEqual(found);
    expect(idsOf({ needs: [LATE], change })).not.toEqual(expect.arrayContaining(found));
  });

  it('M183: a tail with nobody full, and pages that fail', () => {
    expect(idsOf({ needs: [P99] })).toEqual(['calls-have-a-tail:pages']);
    expect(idsOf({ needs: [P99], change: server('movie', FULL) })).not.toContain(
      'calls-have-a-tail:pages',
    );
    const sample = (one: RunSample): RunSample => ({
      ...one,
      metrics: { ...one.metrics, 'error share': 0.03 },
    });
    expect(idsOf({ needs: [ERRORS], sample })).toEqual(['pages-fail:pages']);
  });

  it('M184: caches that miss or are missing, at full services alone', () => {
    const full = server('talent', FULL);
    expect(idsOf({ needs: [ERRORS], change: full })).toContain('cache-absent:talent');
    const misses = server('talent', { ...FULL, cacheHitShare: 0.4 });
    expect(idsOf({ needs: [ERRORS], change: misses })).toContain('cache-misses:talent');
    const hits = server('talent', { ...FULL, cacheHitShare: 0.95 });
    expect(idsOf({ needs: [ERRORS], change: hits })).toEqual(['station-saturated:talent']);
    expect(idsOf({ needs: [ERRORS], change: server('gateway', FULL) })).toEqual([
      'station-saturated:gateway',
    ]);
  });

  it('M184: an autoscaler lags with replicas to spare, and is at its end with none', () => {
    const set = { 'services.talent.autoscaler': { hpa: { minReplicas: 1, maxReplicas: 4 } } };
    const at = (most: number) =>
      idsOf({
        set,
        needs: [ERRORS],
        change: server('talent', { ...FULL, replicas: { min: 1, max: most, mean: 1.5 } }),
      });
    expect(at(3)).toContain('autoscaler-lags:talent');
    expect(at(4)).toContain('autoscaler-at-its-end:talent');
  });

  it('M185: workers that are behind, uneven, or not the reason', () => {
    const behind = workers({ peakUtilization: 1 });
    expect(idsOf({ needs: [FRESHNESS], change: behind })).toEqual(['workers-saturated:pipeline']);
    expect(idsOf({ needs: [FRESHNESS] })).toEqual(['pipeline-delays:pipeline']);
    const uneven = workers({ count: 2, utilization: 0.5, utilizationByWorker: [1, 0] });
    expect(idsOf({ needs: [FRESHNESS], change: uneven })).toContain('partitions-skewed:pipeline');
    const idle = workers({ count: 3, peakUtilization: 0.2 });
    const slack = diagnose(evidence({ change: idle })).filter(({ role }) => role === 'slack');
    expect(slack.map(({ kind }) => kind)).toContain('workers-slack');
  });

  it('M185: late events, and pipelines that take no time', () => {
    expect(idsOf({ needs: [LATE] })).toEqual(['events-late:pipeline']);
    const none: Change = ({ pipeline, ...rest }) => ({
      ...rest,
      pipeline: { ...pipeline, workers: null },
    });
    expect(idsOf({ needs: [FRESHNESS], change: none })).toEqual(['pipeline-delays:pipeline']);
  });

  it('M181: samples of before have no operations, and lead to nothing', () => {
    const sample = ({ operations: _, ...one }: RunSample): RunSample => one;
    const found = evidence({ sample });
    expect(idsOf({ needs: [ERRORS], sample })).toEqual([]);
    const [objective] = found.needs;
    expect(objective === undefined ? null : bindingOf(found, objective)).toBeNull();
  });
});
