/** Machines that work, and machines with one bug each, found in so many steps. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, emit, fromPromise, setup } from 'xstate';
import { checkMachine } from '../../../src/testing/machines/check-machine.ts';
import { VacuousCheck } from '../../../src/testing/story/check-failure.ts';
import { failureOf } from '../failing.ts';

type PlayerEvent =
  | { readonly type: 'PLAY'; readonly title: string }
  | { readonly type: 'STOP' }
  | { readonly type: 'FAIL' };

/** A player that works; bugs on request. */
function player(bug?: 'counts stops' | 'never starts' | 'is stuck' | 'throws') {
  return setup({
    types: {
      context: {} as { readonly plays: number; readonly title: string },
      events: {} as PlayerEvent,
      emitted: {} as { readonly type: 'started' },
    },
    guards: {
      isLong: ({ event }) => {
        if (bug === 'throws' && event.type === 'PLAY' && event.title === 'b')
          throw new Error('no b');
        return event.type === 'PLAY' && event.title !== '';
      },
    },
  }).createMachine({
    id: 'player',
    context: { plays: 0, title: '' },
    initial: 'idle',
    states: {
      idle: {
        on: {
          PLAY: {
            guard: 'isLong',
            target: 'loading',
            actions: assign({
              plays: ({ context }) => context.plays + 1,
              title: ({ event }) => event.title,
            }),
          },
        },
      },
      loading: {
        ...(bug === 'never starts' ? {} : { after: { 3000: 'playing' } }),
        on: { STOP: 'idle', FAIL: 'failed' },
      },
      playing: {
        entry: emit({ type: 'started' }),
        on: {
          STOP: {
            target: 'idle',
            actions:
              bug === 'counts stops' ? assign({ plays: ({ context }) => context.plays - 2 }) : [],
          },
        },
      },
      failed: bug === 'is stuck' ? {} : { after: { 60000: 'idle' } },
    },
  });
}

const events = {
  PLAY: fc.record({ title: fc.constantFrom('a', 'b', '') }),
  STOP: fc.constant({}),
  FAIL: fc.constant({}),
};

describe('machines that work', () => {
  it('T107–T110: pass, and every state and transition is reached', async () => {
    const report = await checkMachine(player(), {
      events,
      always: { 'plays-count': ({ context }) => context.plays >= 0 },
      never: { 'plays-nothing': ({ context, isIn }) => isIn('playing') && context.title === '' },
      eventually: {
        'loads-in-time': {
          when: ({ isIn }) => isIn('loading'),
          holds: ({ isIn }) => !isIn('loading'),
          withinMs: 3_000,
        },
      },
    });
    expect(report).toMatchObject({ name: 'player', runs: 100 });
  });
});

describe('T108, T109: machines with a bug', () => {
  it.each([
    ['counts stops', 'plays-count', 3],
    ['never starts', 'loads-in-time', 1],
    ['is stuck', 'no-dead-end', 2],
    ['throws', 'throws-nothing', 1],
  ] as const)('%s: found by %s in %i steps', async (bug, property, steps) => {
    const check = checkMachine(player(bug), {
      events,
      always: { 'plays-count': ({ context }) => context.plays >= 0 },
      eventually: {
        'loads-in-time': {
          when: ({ isIn }) => isIn('loading'),
          holds: ({ isIn }) => !isIn('loading'),
          withinMs: 3_000,
        },
      },
    });
    const { facts } = await failureOf(check);
    expect(facts.property).toBe(property);
    expect(facts.size).toEqual({ commands: steps, faults: 0 });
    expect(facts.isMinimal).toBe(true);
  });

  it('T109: a dead end may be declared', async () => {
    const report = await checkMachine(player('is stuck'), { events, deadEnds: ['failed'] });
    expect(report.runs).toBe(100);
  });

  it('T107: interpreters that differ are told where', async () => {
    let reads = 0;
    const machine = setup({ types: { context: {} as { readonly n: number } } }).createMachine({
      id: 'impure',
      context: () => {
        reads += 1;
        return { n: reads };
      },
      on: { GO: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
    });
    const { facts } = await failureOf(checkMachine(machine, { runs: 5 }));
    expect(facts.property).toBe('interpreters-agree');
    expect(facts.size.commands).toBe(0);
    expect(facts.finding).toMatch(/^after step 0: compiled .*, XState /);
  });
});

describe('T110: what no run reached', () => {
  it('is told by name, unless it may be missed', async () => {
    const onlyA = { ...events, PLAY: fc.constant({ title: '' }) };
    const check = checkMachine(player(), { events: onlyA, runs: 20, deadEnds: ['idle'] });
    const missed = await check.then(
      () => [],
      (error: unknown) => {
        expect(error).toBeInstanceOf(VacuousCheck);
        return (error as VacuousCheck).missed;
      },
    );
    expect(missed).toContain('state player.playing');
    expect(missed).toContain('transition player.loading on STOP → player.idle');
    const mayMiss = missed.map((one) => one.replace(/^(state|transition) /, ''));
    await checkMachine(player(), { events: onlyA, runs: 20, deadEnds: ['idle'], mayMiss });
  });

  it('is told of invariants, too: nothing called for it', async () => {
    const check = checkMachine(player(), {
      events,
      eventually: { moves: { when: () => false, holds: () => true, withinMs: 1 } },
    });
    await expect(check).rejects.toThrow('what calls for moves');
  });
});

describe('T111: what cannot be checked', () => {
  it('is refused by name', async () => {
    const machine = setup({ actors: { ask: fromPromise(async () => 1) } }).createMachine({
      id: 'asks',
      initial: 'asking',
      states: { asking: { invoke: { src: 'ask', onDone: 'done' } }, done: { type: 'final' } },
    });
    await expect(checkMachine(machine, { events: { GO: fc.constant({}) } })).rejects.toMatchObject({
      code: 'ACTOR_UNSUPPORTED',
    });
  });

  it('a machine to which nothing can happen', async () => {
    const machine = setup({}).createMachine({ id: 'stone' });
    await expect(checkMachine(machine)).rejects.toMatchObject({ code: 'TESTING_BAD_ARGUMENT' });
  });
});
