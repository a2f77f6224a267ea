/** A watched run over its thread: frames, commands, the end of it, and who is slow. */
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { LiveFrame } from '../../src/domain/live/live-frame.ts';
import { readRunInputs } from '../../src/experiment/run-inputs.ts';
import { performRun, type RunTask } from '../../src/experiment/run-task.ts';
import { variantsOf } from '../../src/experiment/scenario/variants.ts';
import { helloOf } from '../../src/experiment/watch/hello-of.ts';
import { seconds } from '../../src/kernel/time.ts';
import { startWatchedRun, type WatchedRun } from '../../src/live/watched-run.ts';
import { smallScenario } from '../experiment/small-world.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const scenario = smallScenario({
  audience: { viewers: 8 },
  clock: { start: '2026-11-20T20:00:00Z', duration: seconds(60), drain: seconds(5) },
});
const hello = helloOf(scenario, variantsOf(scenario));
const { catalogue, arrivals } = await readRunInputs(scenario, {});
const [direct, federated] = (['direct', 'federated'] as const).map(
  (architecture): RunTask => ({
    ...{ scenario, architecture, catalogue, arrivals },
    ...{ replication: 0, directory: undefined, trace: false },
  }),
) as [RunTask, RunTask];

const open: WatchedRun[] = [];
function started(options: Parameters<typeof startWatchedRun>[1] = {}): WatchedRun {
  const run = startWatchedRun(hello, options);
  open.push(run);
  return run;
}
afterEach(async () => {
  for (const run of open.splice(0)) await run.close();
});

/** The first frame that is as it should be. */
function frameThat(
  { source }: WatchedRun,
  isIt: (frame: LiveFrame) => boolean,
): Promise<LiveFrame> {
  return new Promise((resolve) => {
    const stop = source.onFrame((frame) => {
      if (!isIt(frame)) return;
      stop();
      resolve(frame);
    });
  });
}

describe('a watched run', () => {
  // One thread for all of it: a thread's start costs more than the runs.
  it('L22, L24, L29: stands, is told, waits for nobody, is the run of its log', async () => {
    const directory = folder.path('logs');
    const run = started({ isPaused: true, logDirectory: directory });
    const frames: LiveFrame[] = [];
    run.source.onFrame((frame) => void frames.push(frame));
    const first = frameThat(run, () => true);
    const done = run.perform([federated, direct]);
    expect((await first).clock).toMatchObject({ state: 'paused', event: 0 });
    const there = frameThat(run, ({ clock }) => clock.state === 'paused' && clock.event === 200);
    expect(await run.source.command({ type: 'seek', event: 200 })).toEqual({ ok: true });
    await there;
    expect(existsSync(directory)).toBe(false);
    const fault = { type: 'fault', kind: 'client.offline', forUs: 9e6 } as const;
    expect(await run.source.command(fault)).toEqual({ ok: true });
    const log = readFileSync(`${directory}/commands-federated.ndjson`, 'utf8');
    const [head = '', line = ''] = log.split('\n');
    expect(JSON.parse(head)).toEqual({ schema: 'backlot.commands/1', subject: 'federated' });
    expect(JSON.parse(line)).toMatchObject({ subject: 'federated', event: 200 });
    const resumed = run.source.command({ type: 'resume' });
    // This thread takes no frame for as long as some are made, and the other one goes on.
    const untilMs = performance.now() + 600;
    while (performance.now() < untilMs);
    expect(await resumed).toEqual({ ok: true });
    const figures = await done;
    expect(figures).toEqual([
      await performRun({ ...federated, turns: figures[0]?.turns }),
      await performRun(direct),
    ]);
    const ended = frames.filter(({ clock }) => clock.state === 'finished');
    expect(ended.map(({ subject }) => subject)).toEqual(['federated', 'direct']);
    expect(run.source.latest()).toEqual(ended[1]);
    expect(run.source.hello()).toBe(hello);
  });
});
