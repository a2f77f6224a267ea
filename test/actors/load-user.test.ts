/** A user of a load test: one page at a time, as long as the profile has a place. */
import { describe, expect, it } from 'vitest';
import { createLoadUserMachine } from '../../src/actors/load-user.ts';
import { benchOfOne } from './bench-of-one.ts';

function userBench(options: {
  readonly thinkUs: number;
  readonly wanted: (nowUs: number) => boolean;
}) {
  const takenIn: unknown[] = [];
  const bench = benchOfOne(
    (simulation) =>
      createLoadUserMachine({
        thinkTimeUs: () => options.thinkUs,
        isWanted: () => options.wanted(simulation.nowUs),
        takeIn: (attempt) => takenIn.push(attempt),
      }),
    { user: 7 },
  );
  return { ...bench, takenIn };
}

const ANSWERED = { type: 'page.answered' };
const ADMITTED = { type: 'user.admitted' };

describe('a load user', () => {
  it('A23: thinks, asks, waits for the answer, thinks and asks again', () => {
    const bench = userBench({ thinkUs: 500_000, wanted: () => true });
    bench.tell(ADMITTED);
    bench.simulation.run(2_000_000);
    bench.tell(ANSWERED);
    bench.simulation.run(10_000_000);
    expect(bench.emitted).toEqual([
      { atUs: 500_000, message: { type: 'page.wanted', pageSequence: 0 } },
      { atUs: 2_500_000, message: { type: 'page.wanted', pageSequence: 1 } },
    ]);
  });

  it('A23: without think time asks in the instant of the answer', () => {
    const bench = userBench({ thinkUs: 0, wanted: () => true });
    bench.tell(ADMITTED);
    bench.tell(ANSWERED);
    bench.tell(ANSWERED);
    expect(bench.emitted.map(({ message }) => message['pageSequence'])).toEqual([0, 1, 2]);
    expect(bench.value()).toBe('waiting');
  });

  it('A23: is away until it is admitted, and once its place is gone', () => {
    const bench = userBench({ thinkUs: 0, wanted: (nowUs) => nowUs < 1_000 || nowUs > 5_000 });
    bench.tell(ANSWERED);
    expect(bench.emitted).toEqual([]);
    bench.tell(ADMITTED);
    bench.simulation.run(2_000);
    bench.tell(ANSWERED);
    expect(bench.value()).toBe('away');
    bench.simulation.run(6_000);
    bench.tell(ADMITTED);
    expect(bench.emitted.map(({ message }) => message['pageSequence'])).toEqual([0, 1]);
  });

  it('A23: does not ask where its place went while it thought', () => {
    const bench = userBench({ thinkUs: 500_000, wanted: (nowUs) => nowUs < 400_000 });
    bench.tell(ADMITTED);
    bench.simulation.run(10_000_000);
    expect(bench.emitted).toEqual([]);
    expect(bench.value()).toBe('away');
  });

  it('A23: takes in answers to its calls in any state, and two admissions are one', () => {
    const bench = userBench({ thinkUs: 500_000, wanted: () => true });
    bench.tell({ type: 'call.answered', attempt: 'a' });
    bench.tell(ADMITTED);
    bench.tell(ADMITTED);
    bench.tell({ type: 'call.answered', attempt: 'b' });
    bench.simulation.run(5_000_000);
    expect(bench.takenIn).toEqual(['a', 'b']);
    expect(bench.emitted).toHaveLength(1);
  });
});
