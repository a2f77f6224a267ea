/** Invariants of recovery fire where a world does not get well, and say so where it cannot. */
import { describe, expect, it } from 'vitest';
import type { World } from '../../../src/experiment/assemble.ts';
import { readRunInputs } from '../../../src/experiment/run-inputs.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import { minutes, ms, seconds } from '../../../src/kernel/time.ts';
import { DEFAULT_CONSECUTIVE } from '../../../src/queueing/calls/breakers/consecutive.ts';
import { whyNotRecoverable } from '../../../src/testing/invariants/liveness/recoverability.ts';
import { trialPreflight } from '../../../src/testing/invariants/liveness/trial-preflight.ts';
import { Watchtower } from '../../../src/testing/invariants/view/watchtower.ts';
import type { Trial } from '../../../src/testing/trial/trial.ts';
import { pose, tell } from './doctored.ts';
import { smallTrial } from './small-trial.ts';

/** A world whose faults are over after a minute, as seen at some time. */
function healing(changed: object) {
  return {
    nowUs: 0,
    healedAtUs: minutes(1),
    endUs: minutes(100),
    get phase(): string {
      return this.nowUs < minutes(1) ? 'safety' : 'liveness';
    },
    ...changed,
  };
}

/** Looks every minute. @returns what was found, and when. */
function watchFor(length: number, view: { nowUs: number }, look: () => unknown) {
  for (let minute = 0; minute <= length; minute += 1) {
    view.nowUs = minutes(minute);
    if (look() !== undefined) return minute;
  }
  return undefined;
}

describe('recovery', () => {
  const server = { name: 'movie', waiting: 3, readyCount: 1, memberCount: 2 };

  it.each(['lines-get-empty', 'replicas-come-back'])('T48: %s within ten minutes', (name) => {
    const world = { wired: { settings: [] } };
    const ill = healing({ servers: [{ ...server }] });
    expect(watchFor(20, ill, pose(name, { view: ill, world }).look)).toBe(12);
    const servers = [{ ...server }];
    const well = healing({ servers });
    const posed = pose(name, { view: well, world });
    expect(watchFor(9, well, posed.look)).toBeUndefined();
    Object.assign(servers[0] ?? {}, { waiting: 0, readyCount: 2 });
    expect(posed.look()).toBeUndefined();
    expect(posed.exercised()).toBe(1);
    Object.assign(servers[0] ?? {}, server);
    well.nowUs = minutes(30);
    expect(posed.look()).toBeUndefined();
  });

  it('T48: replicas take what their start takes besides, and what a slow scale-out added', () => {
    const intensity = minutes(4);
    const faults = [{ kind: 'platform.slow-scale-out' as const, at: 0, for: 1, intensity }];
    const startupTime = { kind: 'deterministic', value: minutes(1) };
    const settings = [{ fleet: { startupTime } }];
    const view = healing({ servers: [server] });
    const trial = smallTrial({ scenario: { faults } });
    const posed = pose('replicas-come-back', { view, trial, world: { wired: { settings } } });
    expect(watchFor(40, view, posed.look)).toBe(19);
  });

  it('T48: in a shorter run takes two thirds of what is left, a minute at least', () => {
    const view = healing({ servers: [server], endUs: minutes(7) });
    expect(watchFor(6, view, pose('lines-get-empty', { view }).look)).toBe(6);
    const short = healing({ servers: [server], endUs: seconds(90) });
    expect(watchFor(2, short, pose('lines-get-empty', { view: short }).look)).toBeUndefined();
  });

  it('T48: the pipeline catches up with the end of the log as it was', () => {
    const pipeline = { endOffsets: [4], watermarksUs: [] };
    const view = healing({ pipeline });
    const posed = pose('the-pipeline-catches-up', { view });
    const grow = () => {
      pipeline.endOffsets = [(pipeline.endOffsets[0] ?? 0) + 1];
      return posed.look();
    };
    expect(watchFor(20, view, grow)).toBe(12);
    const busy = pose('the-pipeline-catches-up', { view });
    const sink = busy.tower.pipeline.sink({ commit: () => {} } as never, {} as never);
    const rows = { facts: [], panes: [], late: [], badRows: [], stageCounts: [] };
    const keepUp = () => {
      sink.commit({ ...rows, nextOffsets: [...pipeline.endOffsets] } as never);
      pipeline.endOffsets = [(pipeline.endOffsets[0] ?? 0) + 1];
      return busy.look();
    };
    expect(watchFor(30, view, keepUp)).toBeUndefined();
    expect(busy.exercised()).toBeGreaterThan(10);
  });

  it('T48: everybody hears the end, of a page and of a call', () => {
    const view = healing({});
    const page = pose('everybody-hears-the-end', { view });
    Object.defineProperty(page.tower.calls, 'oldestPageUs', { value: 0 });
    expect(watchFor(40, view, page.look)).toBe(23);
    const call = pose('everybody-hears-the-end', { view });
    const edge = { account: { name: 'router→movie' } };
    call.tower.calls.edges.push({ edge, oldestUs: minutes(2) } as never);
    expect(watchFor(40, view, call.look)).toBe(24);
  });

  it('T48: a breaker that is asked does not stick, one that nobody asks may', () => {
    const breaker = { ...DEFAULT_CONSECUTIVE, openUs: seconds(30) };
    const of = { edge: 'router→movie', policies: { breaker } };
    const opens = { of, nowUs: 0, ask: 'finished', before: 'closed', after: 'open' };
    const ask = { of, ask: 'admit', role: 'first', verdict: 'breaker-open' };
    const view = healing({});
    const stuck = pose('breakers-do-not-stick', { view });
    tell(stuck.tower.guards.steps, opens);
    const asked = () => {
      tell(stuck.tower.guards.steps, { ...ask, nowUs: view.nowUs, before: 'open', after: 'open' });
      return stuck.look();
    };
    expect(watchFor(60, view, asked)).toBeGreaterThan(11);
    const quiet = pose('breakers-do-not-stick', { view });
    tell(quiet.tower.guards.steps, opens);
    expect(watchFor(60, view, quiet.look)).toBeUndefined();
  });

  it('T48: the stream reaches its end', () => {
    const at = (pipeline: object) =>
      pose('the-stream-reaches-its-end', {
        view: { pipeline: { captured: 3, ...pipeline } },
      }).atEnd();
    expect(at({ unread: 0, watermarkUs: Number.POSITIVE_INFINITY })).toBeUndefined();
    expect(at({ unread: 1, watermarkUs: Number.POSITIVE_INFINITY })).toBeDefined();
    expect(at({ unread: 0, watermarkUs: 5 })).toBeDefined();
  });
});

describe('recoverability', () => {
  const slow = (baseTime: number, changed: object = {}): Trial =>
    smallTrial({
      scenario: {
        audience: {},
        traffic: {
          kind: 'open',
          rate: [{ at: 0, perSecond: 5 }],
          via: 'datacentre',
          operations: [{ name: 'one', query: '{ title(id: "tt00001") { name } }' }],
        },
        services: Object.fromEntries(
          ['movie', 'production', 'talent'].map((name) => [
            name,
            {
              ...{ replicas: 1, workersPerReplica: 1, timePerEntity: 0 },
              baseTime: { kind: 'deterministic' as const, value: baseTime },
            },
          ]),
        ),
        ...changed,
      },
    });
  const reasonOf = async (trial: Trial) => {
    const scenario = defineScenario(trial.scenario);
    const inputs = await readRunInputs(scenario, {});
    const names = ['clients→router', 'router→movie', 'router→production', 'router→talent'];
    const edges = names.map((name) => ({ account: { name } }));
    const world = { scenario, wired: { edges } } as unknown as World;
    return whyNotRecoverable(world, new Watchtower(trial, inputs));
  };
  const once = { requests: { calls: { retry: { maxAttempts: 1 } } } };

  it('T49: a service that is overloaded without faults cannot recover', async () => {
    expect(await reasonOf(slow(ms(300), once))).toMatch(
      /^not recoverable because movie is overloaded even without faults \(ρ = 1\.\d\d\)$/,
    );
  });

  it('T49: nor one that retries without a budget keep overloaded; with one it can', async () => {
    expect(await reasonOf(slow(ms(100)))).toContain('retries without a budget can keep movie');
    const budget = { requests: { calls: { budget: { kind: 'ratio-bucket' as const } } } };
    expect(await reasonOf(slow(ms(100), budget))).toBeUndefined();
    expect(await reasonOf(slow(ms(100), once))).toBeUndefined();
  });

  it('T49: is told instead of a finding', () => {
    const servers = [{ name: 'movie', waiting: 3 }];
    const view = healing({ servers });
    const posed = pose('lines-get-empty', { view, world: { wired: { edges: [] } } });
    const stations = [{ station: 'movie', kind: 'service', offeredLoad: 3, peak: { workers: 2 } }];
    Object.defineProperty(posed.tower, 'preflight', { value: () => ({ stations }) });
    expect(watchFor(20, view, posed.look)).toBeUndefined();
    expect(posed.excused()).toContain('not recoverable because movie is overloaded');
  });

  it('T49: of pipelines is that of their workers', async () => {
    const trial = smallTrial({
      scenario: {
        audience: { viewers: 600 },
        clickstream: { workers: { count: 1, timePerEvent: seconds(2) } },
      },
    });
    const inputs = await readRunInputs(defineScenario(trial.scenario), {});
    const station = trialPreflight(trial, inputs).stations.find(({ kind }) => kind === 'pipeline');
    expect(station?.peak.utilization).toBeGreaterThan(1);
    expect(await reasonOf(trial)).toContain('overloaded even without faults');
  });
});
