/** Pauses and zombies to the instant: what leaves a process that stands still, and when it stops
 * to be one. */
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../../src/experiment/scenario/values.ts';
import { ms, seconds } from '../../../../src/kernel/time.ts';
import { runWorld } from '../../small-world.ts';
import { FAULT_AT_US, FAULT_FOR_US, faultScenario, midFault } from '../fault-world.ts';

const END_US = FAULT_AT_US + FAULT_FOR_US;

/** Calls that the movie service had answered, and reset, at times of a run. */
async function movieAt(timesUs: readonly number[], scenario: ReturnType<typeof faultScenario>) {
  const seen: { answered: number; reset: number; inFlight: number }[] = [];
  const { warehouse } = await runWorld(scenario, {
    look({ simulation, wired }) {
      const movie = wired.servers.find(({ name }) => name === 'movie');
      const note = simulation.registerHandler('test.note', () => {
        const { answered = 0, failures } = movie?.account ?? {};
        const { inFlight = 0 } = movie ?? {};
        seen.push({ answered, reset: failures?.['reset'] ?? 0, inFlight });
      });
      for (const atUs of timesUs) simulation.schedule(atUs, note, 0);
    },
  });
  warehouse.close();
  return seen;
}

describe('a process that stands still', () => {
  it('E414: lets no answer out, not of what its database had for it either', async () => {
    const service = { baseTime: fixed(ms(100)), replicas: 1 };
    const scenario = faultScenario([midFault('process.pause', { target: 'movie' })], { service });
    const times = [FAULT_AT_US + 1, END_US - 1, END_US + seconds(5)];
    const [first, last, later] = await movieAt(times, scenario);
    expect(last?.answered).toBe(first?.answered);
    expect(last?.inFlight).toBeGreaterThan(first?.inFlight ?? 0);
    expect(later?.answered).toBeGreaterThan((last?.answered ?? 0) + 20);
    expect(later?.reset).toBe(0);
  });

  it('E423: a zombie that crashes is none any more, and is not killed again', async () => {
    const service = { replicas: 1, workersPerReplica: 8 };
    const crashAtUs = FAULT_AT_US + seconds(2);
    const faults = [
      midFault('process.zombie', { target: 'movie' }),
      midFault('process.crash', { target: 'movie', at: crashAtUs, for: seconds(1) }),
    ];
    const times = [crashAtUs - 1, crashAtUs + 1, END_US - 1, END_US + 1];
    const [before, after, atEnd, over] = await movieAt(times, faultScenario(faults, { service }));
    expect(before?.reset).toBe(0);
    expect(after?.reset).toBe(before?.inFlight);
    expect(after?.inFlight).toBe(0);
    expect(atEnd?.answered).toBeGreaterThan((before?.answered ?? 0) + 10);
    expect(over?.reset).toBe(after?.reset);
  });

  it('E423: a process that crashes in its pause starts into a running one', async () => {
    const service = { replicas: 1, workersPerReplica: 8 };
    const crashAtUs = FAULT_AT_US + seconds(2);
    const faults = [
      midFault('process.pause', { target: 'movie' }),
      midFault('process.crash', { target: 'movie', at: crashAtUs, for: seconds(1) }),
    ];
    const times = [crashAtUs - 1, crashAtUs + 1, END_US - 1];
    const [before, after, atEnd] = await movieAt(times, faultScenario(faults, { service }));
    expect(after?.reset).toBe(before?.inFlight);
    expect(atEnd?.answered).toBeGreaterThan((before?.answered ?? 0) + 10);
  });
});
