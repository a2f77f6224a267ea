/** Minutes missed: those of windows, each once, whichever objective missed them. */
import { describe, expect, it } from 'vitest';
import { judgedWindows } from '../../../src/experiment/objectives/measure-objectives.ts';
import { sloMinutes } from '../../../src/experiment/objectives/slo-minutes.ts';
import { minutes } from '../../../src/kernel/time.ts';
import { runWorld, smallScenario } from '../small-world.ts';

async function measured(objectives: readonly string[]) {
  const scenario = smallScenario({ objectives: [...objectives] });
  const { world, warehouse } = await runWorld(scenario, { architecture: 'monolith' });
  const run = { world, warehouse, subject: 'monolith', warmUpUs: 0 };
  const windows = judgedWindows(run, scenario.objectives[0] as never);
  const found = sloMinutes(run);
  warehouse.close();
  return { windows, found };
}

describe('sloMinutes', () => {
  it('M100: nothing without windows', async () => {
    const { windows, found } = await measured(['p95(page.load) < 1s']);
    expect([windows, found]).toEqual([[], {}]);
  });

  it('M100: windows of several objectives count once', async () => {
    const { windows, found } = await measured([
      'p95(page.load) < 1us over 2m windows for 90%',
      'rate(page.requests) > 1/h over 1m windows for 90%',
      'p50(page.load) < 1us over 1m windows for 90%',
    ]);
    expect(windows.length).toBeGreaterThan(1);
    for (const { fromUs, toUs, holds } of windows) {
      expect([toUs - fromUs, holds]).toEqual([minutes(2), false]);
    }
    expect(found.sloMinutes?.missed).toBe(2 * windows.length);
    expect(found.sloMinutes?.of).toBe(8);
  });

  it('M100: none missed', async () => {
    const { found } = await measured(['p95(page.load) < 1h over 2m windows for 90%']);
    expect(found.sloMinutes).toEqual({ missed: 0, of: expect.any(Number) });
  });
});
