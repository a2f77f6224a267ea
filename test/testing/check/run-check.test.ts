/** What every check does: its seed, the corpus, one property at a time, tokens that fail again. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMachine } from 'xstate';
import { seedOf } from '../../../src/testing/check/check-options.ts';
import { checkMachine } from '../../../src/testing/machines/check-machine.ts';
import { checkPipeline } from '../../../src/testing/pipelines/check-pipeline.ts';
import {
  agreesWithBatch,
  deterministic,
} from '../../../src/testing/pipelines/properties/comparisons.ts';
import { property } from '../../../src/testing/pipelines/properties/property.ts';
import { failureOf } from '../failing.ts';
import {
  batchSessions,
  CLICKS,
  type Click,
  naiveSessions,
  patientSessions,
  type Session,
} from '../pipelines/buggy-operators.ts';

const naive = { rows: () => naiveSessions() };
const patient = {
  operator: ({ late }: { late(click: Click): void }) => patientSessions(late),
};
const agrees = [agreesWithBatch(batchSessions)];

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('T101: the seed', () => {
  it('is the one given, the environment’s, or the name’s', () => {
    expect(seedOf({ seed: 7 }, 'a')).toBe(7);
    expect(seedOf({}, 'a')).toBe(seedOf({}, 'a'));
    expect(seedOf({}, 'a')).not.toBe(seedOf({}, 'b'));
    vi.stubEnv('BACKLOT_SEED', '42');
    expect(seedOf({}, 'a')).toBe(42);
    expect(seedOf({ seed: 7 }, 'a')).toBe(7);
    vi.stubEnv('BACKLOT_SEED', 'fefafc6b7d3cb998fe05532068cb5fc9728daaf1');
    expect(seedOf({}, 'a')).toBe(seedOf({}, 'b'));
    expect(Number.isInteger(seedOf({}, 'a'))).toBe(true);
  });

  it('decides everything: the same story, to the letter', async () => {
    const [one, two, other] = await Promise.all(
      [1, 1, 2].map((seed) => failureOf(checkPipeline(naive, agrees, { ...CLICKS, seed }))),
    );
    expect(one?.message).toBe(two?.message);
    expect(one?.facts.foundAs).not.toEqual(other?.facts.foundAs);
  });

  it('and runs say how many inputs are drawn', async () => {
    const drawn: unknown[] = [];
    const look = property<Click, Session>('look', ({ rows }) => {
      drawn.push(rows);
    });
    const report = await checkPipeline(patient, [look], { ...CLICKS, runs: 17, seed: 4 });
    expect(report).toEqual({ name: 'pipeline', seed: 4, runs: 17, corpus: [] });
    expect(drawn).toHaveLength(17);
  });
});

describe('T103: failures', () => {
  it('are run again from their token alone', async () => {
    const { facts, message } = await failureOf(checkPipeline(naive, agrees, CLICKS));
    const replay = facts.token;
    expect(message).toContain(`run again: { replay: '${replay}' }`);
    const again = await failureOf(checkPipeline(naive, agrees, { ...CLICKS, replay }));
    expect(again.facts).toMatchObject({ property: facts.property, input: facts.input, run: 0 });
    await expect(checkPipeline(patient, agrees, { ...CLICKS, replay })).resolves.toMatchObject({
      runs: 1,
    });
  });

  it('are run again by their own check only', async () => {
    const { facts } = await failureOf(checkPipeline(naive, agrees, CLICKS));
    const other = checkPipeline(naive, agrees, { ...CLICKS, name: 'other', replay: facts.token });
    await expect(other).rejects.toMatchObject({ code: 'TESTING_BAD_TOKEN' });
    const machine = createMachine({
      id: 'pipeline',
      initial: 'a',
      states: { a: { on: { GO: 'a' } } },
    });
    const foreign = checkMachine(machine, { replay: facts.token });
    await expect(foreign).rejects.toMatchObject({ code: 'TESTING_BAD_TOKEN' });
  });

  it('do not slip to another property while they are shrunk', async () => {
    const many = property<Click, Session>('at-most-five', ({ results }) => results.length <= 5);
    const none = property<Click, Session>('none', ({ results }) => results.length === 0);
    const isFirst = property<Click, Session>('first', () => true);
    const all = [isFirst, many, none];
    // `none` breaks with a single event; whoever is found first stays.
    const { facts } = await failureOf(checkPipeline(naive, all, { ...CLICKS, seed: 3 }));
    expect(['at-most-five', 'none']).toContain(facts.property);
    expect(facts.size.commands).toBe(facts.property === 'none' ? 1 : 6);
  });

  it('that are not there the second time are told as such, without a token', async () => {
    let calls = 0;
    const fickle = property<Click, Session>('fickle', () => {
      calls += 1;
      return calls > 1;
    });
    const check = checkPipeline(patient, [fickle], CLICKS);
    await expect(check).rejects.toThrow('does not break it again');
  });

  it('stay within the budget of shrinking, and say so', async () => {
    const options = { ...CLICKS, shrinkRuns: 5, seed: 1 };
    const { facts, message } = await failureOf(checkPipeline(naive, agrees, options));
    expect(facts.tries).toBeLessThanOrEqual(10);
    expect(facts.isMinimal).toBe(false);
    expect(message).toContain('the budget of shrinking ended there');
  });

  it('T96: are what a property of one’s own answers or throws', async () => {
    const said = async (holds: () => unknown) => {
      const check = checkPipeline(patient, [property<Click, Session>('own', holds)], CLICKS);
      return (await failureOf(check)).facts.finding;
    };
    expect(await said(() => false)).toBe('it answers false');
    expect(await said(() => 'seven are too many')).toBe('seven are too many');
    expect(await said(async () => Promise.reject(new Error('no')))).toBe('no');
  });

  it('T84: are what is thrown in the middle, too', async () => {
    const results = (clicks: readonly Click[]) => {
      if (clicks.length > 2) throw new RangeError('too many clicks');
      return clicks;
    };
    const check = checkPipeline({ results }, [deterministic()], {
      ...CLICKS,
      streams: fc.constant({
        schema: 'backlot.stream/1',
        boundUs: 0,
        events: [0, 1, 2, 3].map((timeUs) => ({ timeUs, row: { id: '', user: 'ann', at: 0 } })),
      }),
    });
    const { facts } = await failureOf(check);
    expect(facts).toMatchObject({ property: 'throws-nothing', size: { commands: 3, faults: 0 } });
    expect(facts.finding).toBe('RangeError: too many clicks');
  });
});
