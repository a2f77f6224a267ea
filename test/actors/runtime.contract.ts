/** What every interpreter of statecharts must do: one suite, run over each implementation. */
import { describe, expect, it } from 'vitest';
import { assign, emit, raise, setup } from 'xstate';
import type { ActorMessage, CreateActorSystem } from '../../src/actors/runtime/actor-system.ts';
import { AWAITING, checkForDeadlock } from '../../src/actors/runtime/deadlock.ts';
import { createRunDigest } from '../../src/kernel/digest.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';

/** A machine that counts pings, answers each, and rings three chained timers. */
const chainMachine = setup({
  types: {
    context: {} as { readonly pings: number },
    events: {} as { readonly type: 'ping' } | { readonly type: 'stop' } | { readonly type: 'fail' },
    emitted: {} as { readonly type: 'pong'; readonly pings: number } | { readonly type: 'rang' },
  },
}).createMachine({
  id: 'chain',
  context: { pings: 0 },
  initial: 'first',
  on: {
    ping: {
      actions: [
        assign({ pings: ({ context }) => context.pings + 1 }),
        emit(({ context }) => ({ type: 'pong' as const, pings: context.pings })),
      ],
    },
    stop: '.ended',
    fail: {
      actions: assign(() => {
        throw new Error('on purpose');
      }),
    },
  },
  states: {
    first: { after: { 10: { target: 'second', actions: emit({ type: 'rang' }) } } },
    second: { after: { 10: { target: 'third', actions: emit({ type: 'rang' }) } } },
    third: { after: { 10: { target: 'rest', actions: emit({ type: 'rang' }) } } },
    rest: {},
    ended: { type: 'final' },
  },
});

/** A machine whose delayed message to itself is cancelled by leaving the state. */
const raisingMachine = setup({
  types: { events: {} as { readonly type: 'later' } | { readonly type: 'again' } },
}).createMachine({
  id: 'raising',
  initial: 'waiting',
  states: {
    waiting: {
      entry: raise({ type: 'later' }, { delay: 5, id: 'later' }),
      on: { later: 'done', again: { target: 'waiting', reenter: true } },
    },
    done: {},
  },
});

/** A machine that asks and waits for the answer. */
const awaitingMachine = setup({
  types: { events: {} as { readonly type: 'answered' } },
}).createMachine({
  id: 'caller',
  initial: 'asking',
  states: { asking: { tags: AWAITING, on: { answered: 'content' } }, content: {} },
});

/** Runs the contract on one interpreter. */
export function actorSystemContract(name: string, create: CreateActorSystem): void {
  const world = () => {
    const simulation = createSimulation();
    const digest = createRunDigest({ sliceUs: 1_000 });
    const emitted: {
      readonly atUs: number;
      readonly actor: number;
      readonly message: ActorMessage;
    }[] = [];
    const actors = create({
      simulation,
      digest,
      drawCount: () => 0,
      onEmit: (actor, message) => emitted.push({ atUs: simulation.nowUs, actor, message }),
    });
    return { simulation, digest, emitted, actors };
  };

  describe(`${name} as an actor system`, () => {
    it('A1: steps chained timers one by one on virtual time', () => {
      const { simulation, emitted, actors } = world();
      actors.start(actors.spawn(chainMachine, { name: 'chain/0' }));
      simulation.run(100_000);
      expect(emitted.map(({ atUs }) => atUs)).toEqual([10_000, 20_000, 30_000]);
      expect(actors.snapshot(0).value).toBe('rest');
    });

    it('A2: delivers messages after their delay, in order, and runs to completion', () => {
      const { simulation, emitted, actors } = world();
      const actor = actors.spawn(chainMachine, { name: 'chain/0' });
      actors.send(actor, { type: 'ping' }, 2_000);
      actors.send(actor, { type: 'ping' }, 2_000);
      actors.send(actor, { type: 'ping' }, 1_000);
      simulation.run(5_000);
      expect(emitted.map(({ atUs, message }) => [atUs, message])).toEqual([
        [1_000, { type: 'pong', pings: 1 }],
        [2_000, { type: 'pong', pings: 2 }],
        [2_000, { type: 'pong', pings: 3 }],
      ]);
      expect(actors.processedCount).toBe(3);
    });

    it('A3: counts messages to ended actors as dead letters', () => {
      const { actors } = world();
      const actor = actors.spawn(chainMachine, { name: 'chain/0' });
      expect(actors.runningCount).toBe(1);
      actors.deliver(actor, { type: 'stop' });
      actors.deliver(actor, { type: 'ping' });
      expect(actors.snapshot(actor).status).toBe('done');
      expect([actors.runningCount, actors.deadLetterCount]).toEqual([0, 1]);
    });

    it('A3: refuses an actor that never was', () => {
      const { actors } = world();
      expect(() => actors.deliver(7, { type: 'ping' })).toThrow(
        expect.objectContaining({ code: 'ACTOR_NO_RECEIVER' }),
      );
    });

    it('A4: stops an actor with its timers', () => {
      const { simulation, emitted, actors } = world();
      const actor = actors.spawn(chainMachine, { name: 'chain/0' });
      actors.start(actor);
      simulation.run(15_000);
      actors.stop(actor);
      actors.stop(actor);
      simulation.run(100_000);
      expect(emitted.length).toBe(1);
      expect(simulation.pendingCount).toBe(0);
      expect(actors.runningCount).toBe(0);
    });

    it('A4: delivers the delayed message of a machine to itself', () => {
      const { simulation, actors } = world();
      const actor = actors.spawn(raisingMachine, { name: 'raising/0' });
      actors.send(actor, { type: 'again' }, 3_000);
      simulation.run(4_999);
      expect(actors.snapshot(actor).value).toBe('waiting');
      simulation.run(20_000);
      expect(actors.snapshot(actor).value).toBe('done');
    });

    it('A5: names the failed actor and the message in the error', () => {
      const { actors } = world();
      const actor = actors.spawn(chainMachine, { name: 'chain/0' });
      expect(() => actors.deliver(actor, { type: 'fail' })).toThrow(
        expect.objectContaining({
          code: 'ACTOR_FAILED',
          details: { actor: 'chain/0', event: 'fail' },
        }),
      );
    });

    it('A18, A22: a released actor is forgotten once it has ended; nobody has its number', () => {
      const { actors } = world();
      const [first, second] = [0, 1].map((i) => {
        const actor = actors.spawn(chainMachine, { name: `chain/${i}` });
        actors.start(actor);
        return actor;
      }) as [number, number];
      actors.release(first);
      expect(actors.snapshot(first).status).toBe('active');
      actors.deliver(first, { type: 'stop' });
      expect(() => actors.snapshot(first)).toThrow(
        expect.objectContaining({ code: 'ACTOR_NO_RECEIVER' }),
      );
      actors.deliver(first, { type: 'ping' });
      actors.stop(second);
      actors.release(second);
      expect([actors.deadLetterCount, actors.runningCount]).toEqual([1, 0]);
      const third = actors.spawn(chainMachine, { name: 'chain/2' });
      expect([first, second]).not.toContain(third);
      actors.deliver(second, { type: 'ping' });
      expect(actors.snapshot(third).context).toEqual({ pings: 0 });
    });

    it('A22: actors that wait while nothing is pending are a deadlock, named', () => {
      const { simulation, actors } = world();
      const waiting = actors.spawn(awaitingMachine, { name: 'caller/7' });
      actors.start(waiting);
      expect(() => checkForDeadlock(simulation, actors)).toThrow(
        expect.objectContaining({
          code: 'ACTOR_DEADLOCK',
          message: expect.stringContaining('caller/7 in asking'),
        }),
      );
      actors.send(waiting, { type: 'answered' }, 5);
      checkForDeadlock(simulation, actors);
      simulation.run(5);
      checkForDeadlock(simulation, actors);
      expect(actors.tagged('awaiting')).toEqual([]);
    });

    it('E1: the digest depends on what happened, not on which process-wide ids were given', () => {
      const run = () => {
        const { simulation, digest, actors } = world();
        for (let i = 0; i < 3; i += 1) {
          actors.start(actors.spawn(chainMachine, { name: `chain/${i}` }));
        }
        actors.send(1, { type: 'ping' }, 12_000);
        simulation.run(50_000);
        expect(actors.processedCount).toBe(10);
        return digest.value();
      };
      expect(run()).toBe(run());
    });
  });
}
