/** The page run: sends what the plan asks for, tries again what fails, gives up in time, ignores
 * what comes too late, and reports once. */
import { describe, expect, it } from 'vitest';
import { createPageRunMachine, type PlanPort } from '../../src/actors/page-run.ts';
import { ms } from '../../src/kernel/time.ts';
import { benchOfOne } from './bench-of-one.ts';

/** A plan of two waves: calls 0 and 1, then call 2 once both are in. */
function twoWaves() {
  const answers: (readonly [number, boolean])[] = [];
  const plan: PlanPort = {
    start: () => [0, 1],
    complete: (_request, call, ok) => {
      answers.push([call, ok]);
      return answers.length === 2 ? [2] : [];
    },
    outcome: () => (answers.every(([, ok]) => ok) ? 'ok' : 'partial'),
  };
  return { plan, answers };
}

function pageRunBench(maxAttempts = 2) {
  const { plan, answers } = twoWaves();
  const bench = benchOfOne(
    () =>
      createPageRunMachine({
        plan,
        callTimeoutUs: ms(100),
        retry: { maxAttempts, backoffBaseUs: ms(20), backoffCapUs: ms(200) },
        backoffUniform: () => 0.5,
      }),
    { request: 9 },
  );
  bench.actors.start(0);
  const sent = () =>
    bench.emitted
      .filter(({ message }) => message.type === 'call.sent')
      .map(({ atUs, message }) => [atUs / ms(1), message['call'], message['attempt']]);
  const answer = (call: number, attempt: number, ok = true) =>
    bench.tell({ type: 'call.answered', call, attempt, ok });
  const reports = () => bench.emitted.filter(({ message }) => message.type === 'run.completed');
  return { bench, answers, sent, answer, reports };
}

describe('a page run', () => {
  it('A13: sends wave after wave and reports once all is in', () => {
    const { sent, answer, reports } = pageRunBench();
    answer(1, 1);
    answer(0, 1);
    answer(2, 1);
    expect(sent()).toEqual([
      [0, 0, 1],
      [0, 1, 1],
      [0, 2, 1],
    ]);
    expect(reports().map(({ message }) => message['outcome'])).toEqual(['ok']);
  });

  it('A13: tries a failed call again after a pause, then takes the failure', () => {
    const { bench, answers, sent, answer } = pageRunBench();
    answer(0, 1);
    answer(1, 1, false);
    bench.simulation.run(ms(10));
    answer(1, 2, false);
    expect(sent()).toEqual([
      [0, 0, 1],
      [0, 1, 1],
      [10, 1, 2],
      [10, 2, 1],
    ]);
    expect(answers).toEqual([
      [0, true],
      [1, false],
    ]);
  });

  it('A13: gives a silent call up after the timeout of its last try', () => {
    const { bench, answers, reports } = pageRunBench(1);
    bench.simulation.run(ms(250));
    expect(answers).toEqual([
      [0, false],
      [1, false],
      [2, false],
    ]);
    expect(reports().map(({ atUs, message }) => [atUs, message['outcome']])).toEqual([
      [ms(200), 'partial'],
    ]);
  });

  it('A13: ignores answers to tries that were given up, and answers twice', () => {
    const { bench, answers, answer } = pageRunBench();
    bench.simulation.run(ms(115));
    answer(0, 1);
    answer(1, 2);
    answer(1, 2);
    expect(answers).toEqual([[1, true]]);
  });
});
