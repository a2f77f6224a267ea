/** Invariants of one's own: always, sometimes, eventually; and what proved nothing. */
import { describe, expect, it } from 'vitest';
import type { World } from '../../../src/experiment/assemble.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import {
  always,
  eventuallyWithin,
  type Following,
  type Said,
  sometimes,
} from '../../../src/testing/invariants/modalities.ts';
import { vacuous } from '../../../src/testing/invariants/vacuity.ts';
import { viewOf } from '../../../src/testing/invariants/view/watchtower.ts';
import { runTrial } from '../../../src/testing/trial/run-trial.ts';
import { pose } from './doctored.ts';
import { smallTrial } from './small-trial.ts';

describe('always', () => {
  it.each<readonly [Said, string | undefined, number]>([
    [undefined, undefined, 0],
    [true, undefined, 1],
    [false, 'does not hold: the claim', 1],
    ['words', 'words', 1],
    [{ message: 'a finding', details: { n: 1 } }, 'a finding', 1],
  ])('T12: that is told %j finds %j', (said, message, exercised) => {
    const posed = pose(always('mine', 'the claim', () => said));
    expect(posed.look()?.message).toBe(message);
    expect(posed.exercised()).toBe(exercised);
  });

  it('T2: is asked after every event and at the end; the first finding counts', async () => {
    let asked = 0;
    const mine = always('mine', 'few events', ({ eventCount }) => {
      asked += 1;
      return eventCount < 10;
    });
    const outcome = await runTrial(smallTrial(), [mine]);
    expect(outcome.violations).toHaveLength(1);
    expect(outcome.violations[0]).toMatchObject({ invariant: 'mine', event: 10 });
    expect(asked).toBe(outcome.events + 1);
  });
});

describe('sometimes', () => {
  it('T13: counts the events after which it holds, and finds nothing', () => {
    const view = { nowUs: 0 };
    const posed = pose(
      sometimes('mine', 'late', ({ nowUs }) => nowUs > 1),
      { view },
    );
    for (const nowUs of [0, 1, 2, 3]) {
      view.nowUs = nowUs;
      expect(posed.look()).toBeUndefined();
    }
    expect(posed.exercised()).toBe(2);
  });
});

describe('eventually', () => {
  const following = (view: { calls: boolean; answer: boolean }, more: Partial<Following> = {}) => ({
    withinUs: 10,
    when: () => view.calls,
    // biome-ignore lint/suspicious/noThenProperty: nobody awaits what follows what.
    then: () => view.answer,
    ...more,
  });
  const setUp = (more: Partial<Following> = {}, healedAtUs = 0) => {
    const view = { nowUs: 0, healedAtUs, calls: false, answer: false };
    const posed = pose(eventuallyWithin('mine', following(view, more), 'an answer'), { view });
    const at = (nowUs: number, calls: boolean, answer: boolean) => {
      Object.assign(view, { nowUs, calls, answer });
      return posed.look()?.message;
    };
    return { ...posed, at };
  };

  it('T14: is exercised by each call that is answered in time', () => {
    const { at, exercised } = setUp();
    expect(at(0, false, false)).toBeUndefined();
    expect(at(5, true, false)).toBeUndefined();
    expect(at(15, false, true)).toBeUndefined();
    expect(at(20, true, true)).toBeUndefined();
    expect(exercised()).toBe(2);
  });

  it('T14: finds what comes too late, even where it came before anybody looked', () => {
    const { at } = setUp();
    at(5, true, false);
    expect(at(16, false, true)).toBe('not in time: an answer');
  });

  it('T14: counts from the end of all faults where that is later', () => {
    const { at } = setUp({}, 100);
    at(5, true, false);
    expect(at(110, false, false)).toBeUndefined();
    expect(at(111, false, false)).toBe('not in time: an answer');
  });

  it('T14: says nothing of what the run was too short for', () => {
    const { at, atEnd, exercised } = setUp();
    at(5, true, false);
    expect(atEnd()).toBeUndefined();
    expect(exercised()).toBe(0);
  });

  it('T14: is told why it is impossible instead, or in words of its own', () => {
    const excused = setUp({ unless: () => 'nobody could' });
    excused.at(5, true, false);
    expect(excused.at(16, false, false)).toBeUndefined();
    expect(excused.excused()).toBe('nobody could');
    const worded = setUp({ missing: ({ nowUs }) => `nothing by ${nowUs}` });
    worded.at(5, true, false);
    expect(worded.at(16, false, false)).toBe('nothing by 16');
  });
});

describe('the view', () => {
  it('T11: shows servers, edges, pages, pipeline, faults and phases of a trial', async () => {
    const phases = new Set<string>();
    const seen = { faults: 0, unread: 0, busy: 0, openTries: 0, guards: 0 };
    const looks = always('looks', 'it can be looked at', (world) => {
      phases.add(world.phase);
      seen.faults += world.faults.length;
      seen.unread = Math.max(seen.unread, world.pipeline.unread);
      for (const server of world.servers) seen.busy = Math.max(seen.busy, server.busyWorkers);
      for (const edge of world.edges) {
        seen.openTries = Math.max(seen.openTries, edge.openTries);
        seen.guards = Math.max(seen.guards, edge.guards.length);
      }
      const isActive = world.isFaultActive('service.slow', 'movie');
      return isActive === (world.nowUs >= seconds(10) && world.nowUs < seconds(30));
    });
    let end: unknown;
    const keeps = always('keeps', 'it is there in the end', (world) => {
      end = {
        to: world.edge('router→movie')?.to,
        replicas: world.server('movie')?.replicas.map(({ state }) => state),
        committed: world.pipeline.facts > 0 && world.pipeline.captured >= world.pipeline.facts,
        pages: world.pages.asked > 0,
        breaker: world.edge('router→movie')?.guards[0]?.breaker,
        bulkhead: world.edge('router→movie')?.guards[0]?.bulkhead?.maxConcurrent,
      };
      return true;
    });
    const trial = smallTrial({
      healedAt: minutes(1),
      scenario: {
        requests: { calls: { breaker: { kind: 'hystrix' }, bulkhead: { maxConcurrent: 7 } } },
        faults: [
          { kind: 'service.slow', target: 'movie', at: seconds(10), for: seconds(20), factor: 3 },
          { kind: 'process.slow', target: 'talent', at: seconds(10), for: seconds(20) },
        ],
      },
    });
    const { violations } = await runTrial(trial, [looks, keeps]);
    expect(violations).toEqual([]);
    expect([...phases]).toEqual(['safety', 'liveness', 'drain']);
    expect(Object.values(seen).every((most) => most > 0)).toBe(true);
    expect(end).toMatchObject({ to: 'movie', committed: true, pages: true, bulkhead: 7 });
    expect(end).toMatchObject({ breaker: 'closed', replicas: expect.arrayContaining(['ready']) });
  });

  it('T11: is refused where nobody watches', () => {
    expect(() => viewOf({ probe: undefined } as World)).toThrow('WORLD_NOT_WATCHED');
  });
});

describe('vacuity', () => {
  it('T15: names what was never exercised and what was never hit', () => {
    const one = always('one', '', () => true);
    const two = always('two', '', () => undefined);
    const mark = sometimes('mark', '', () => false);
    const outcomes = [{ exercised: { one: 0, two: 0, mark: 0 } }, { exercised: { one: 3 } }];
    expect(vacuous(outcomes, [one, two, mark])).toEqual({
      neverExercised: ['two'],
      neverHit: ['mark'],
    });
  });
});
