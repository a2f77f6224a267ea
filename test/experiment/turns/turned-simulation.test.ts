/** The clock that takes turns, on a bare kernel: whichever way one goes, the same events run, and
 * the changes are made between the same two. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  refuseTurnsToCome,
  type Turn,
  TurnedSimulation,
} from '../../../src/experiment/turns/turned-simulation.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { createSimulation } from '../../../src/kernel/simulation.ts';

const END_US = 200;
const MARK_US = 90;
const HEAL = { kind: 'heal' } as const;

/** A kernel with three events an instant, every ten µs; a change schedules one more, at once. */
function turned(turns: readonly Turn[] = []) {
  const kernel = createSimulation();
  const story: string[] = [];
  const tick = kernel.registerHandler('tick', (n) => {
    story.push(`${kernel.nowUs} tick ${n}`);
    if (kernel.nowUs < END_US) kernel.schedule(10, tick, n);
  });
  const extra = kernel.registerHandler('extra', () => story.push(`${kernel.nowUs} extra`));
  for (const n of [0, 1, 2]) kernel.schedule(10, tick, n);
  const simulation = new TurnedSimulation({
    kernel,
    turns,
    makeChange: () => {
      story.push(`${kernel.nowUs} change`);
      kernel.schedule(0, extra, 0, undefined, -1);
    },
    mark: { atUs: MARK_US, onReached: () => story.push(`${kernel.nowUs} mark`) },
  });
  return { simulation, story };
}

/** Without the look at the mark: it is taken at its time, before or after a change at that time,
 * which what is looked at (integrals over time) does not tell apart. */
function eventsOf({ story }: { readonly story: readonly string[] }): readonly string[] {
  return story.filter((line) => !line.endsWith('mark'));
}

function refusal(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return error.code;
    throw error;
  }
  return 'not refused';
}

const move = fc.oneof(
  fc.record({ run: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ steps: fc.integer({ min: 1, max: 12 }) }),
  fc.constant({ change: true }),
);

describe('a clock that takes turns', () => {
  test.prop([fc.array(move, { minLength: 1, maxLength: 12 }), fc.infiniteStream(move)], {
    seed: 20261126,
    numRuns: 300,
  })('E535: makes written changes where they were made, however it is run', (made, again) => {
    const first = turned();
    for (const one of made) {
      if ('run' in one) first.simulation.run(Math.min(END_US, first.simulation.nowUs + one.run));
      else if ('steps' in one) for (let i = 0; i < one.steps; i += 1) first.simulation.step(END_US);
      else first.simulation.make(HEAL);
    }
    first.simulation.run(END_US);
    const straight = turned(first.simulation.made);
    straight.simulation.run(END_US);
    expect(eventsOf(straight)).toEqual(eventsOf(first));
    expect(straight.simulation.made).toEqual(first.simulation.made);
    expect(straight.simulation.toCome).toEqual([]);
    const winding = turned(first.simulation.made);
    for (const one of again) {
      const { nowUs } = winding.simulation;
      if (nowUs >= END_US) break;
      if ('run' in one) winding.simulation.run(Math.min(END_US, nowUs + one.run + 1));
      else winding.simulation.step(END_US);
    }
    winding.simulation.run(END_US);
    expect(eventsOf(winding)).toEqual(eventsOf(first));
  });

  test.prop([fc.array(move, { maxLength: 12 }), fc.array(move, { minLength: 1, maxLength: 6 })], {
    seed: 20261126,
    numRuns: 200,
  })('E535: stands exactly where somebody stood', (before, after) => {
    const first = turned();
    const go = (moves: typeof before) => {
      for (const one of moves) {
        if ('run' in one) first.simulation.run(Math.min(END_US, first.simulation.nowUs + one.run));
        else if ('steps' in one) first.simulation.step(END_US);
        else first.simulation.make(HEAL);
      }
    };
    go(before);
    const { executedCount: event, nowUs: atUs } = first.simulation;
    const story = [...first.story];
    go(after);
    const later = first.simulation.made.filter((one) => one.atUs > atUs || one.event > event);
    const here = first.simulation.made.slice(0, first.simulation.made.length - later.length);
    const second = turned(first.simulation.made);
    second.simulation.standAt({ event, atUs });
    expect(second.simulation.executedCount).toBe(event);
    expect(second.simulation.nowUs).toBe(atUs);
    expect(second.simulation.made).toEqual(here);
    const ticks = (of: readonly string[]) => of.filter((line) => /tick|extra/.test(line));
    expect(ticks(second.story)).toEqual(ticks(story));
  });

  it('E536: a change forgets those that were to come', () => {
    const { simulation } = turned([
      { event: 3, atUs: 10, change: HEAL },
      { event: 16, atUs: 50, change: HEAL },
    ]);
    simulation.run(30);
    expect(simulation.made.length).toBe(1);
    const { turn, forgotten } = simulation.make(HEAL);
    expect(turn).toEqual({ event: 10, atUs: 30, change: HEAL });
    expect(forgotten.map(({ atUs }) => atUs)).toEqual([50]);
    simulation.run(END_US);
    expect(simulation.made.length).toBe(2);
  });

  it.each([
    ['an event that the instant does not have', { event: 5, atUs: 10 }],
    ['an event that was long before', { event: 1, atUs: 50 }],
    ['a time between', { event: 1, atUs: 15 }],
  ])('E537: refuses the log of another run: %s', (_, standing) => {
    const turn = { ...standing, change: HEAL };
    expect(refusal(() => turned([turn]).simulation.run(END_US))).toBe('COMMANDS_REFUSED');
    const { simulation } = turned([turn]);
    const stepped = refusal(() => {
      while (simulation.step(END_US));
    });
    expect(stepped).toBe('COMMANDS_REFUSED');
  });

  it('E537: refuses what the run does not come to', () => {
    const { simulation } = turned([{ event: 9, atUs: END_US + 1, change: HEAL }]);
    simulation.run(END_US);
    expect(refusal(() => refuseTurnsToCome(simulation))).toBe('COMMANDS_REFUSED');
  });

  it('E535: tells when a time has passed, once, after all of its events', () => {
    const { simulation, story } = turned();
    while (simulation.step(END_US));
    expect(story.filter((line) => line.endsWith('mark'))).toEqual([`${MARK_US} mark`]);
    expect(story.indexOf(`${MARK_US} mark`)).toBe(story.indexOf(`${MARK_US} tick 2`) + 1);
  });
});
