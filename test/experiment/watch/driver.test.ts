/** Driving runs: whatever is told of the clock, the run is the one that nobody watched; whatever is
 * changed in the world, the log gives the same run again, document and all. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { LiveCommand } from '../../../src/domain/live/live-command.ts';
import type { LiveFrame } from '../../../src/domain/live/live-frame.ts';
import { loadScenario } from '../../../src/experiment/io/load-scenario.ts';
import { readRunInputs } from '../../../src/experiment/run-inputs.ts';
import { performRun, type RunTask } from '../../../src/experiment/run-task.ts';
import type { Scenario } from '../../../src/experiment/scenario/schema.ts';
import type { CommandLogWriter } from '../../../src/experiment/turns/command-log.ts';
import type { Turn } from '../../../src/experiment/turns/turned-simulation.ts';
import { driveRun, newDriverState } from '../../../src/experiment/watch/driver.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { smallScenario } from '../small-world.ts';
import { type Scripted, scriptedDesk } from './scripted-desk.ts';

const small = smallScenario({
  audience: { viewers: 10 },
  clock: { start: '2026-11-20T20:00:00Z', duration: minutes(2), drain: seconds(20) },
  requests: { calls: { breaker: { kind: 'consecutive-failures', failures: 5 } } },
});

async function taskOf(
  scenario: Scenario,
  architecture: ArchitectureName = 'federated',
): Promise<RunTask> {
  const { catalogue, arrivals } = await readRunInputs(scenario, {});
  return {
    ...{ scenario, architecture, catalogue, arrivals },
    ...{ replication: 0, directory: undefined, trace: false },
  };
}

const task = await taskOf(small);
const alone = await performRun(task);

interface Driven {
  readonly speed?: number | null;
  readonly isPaused?: boolean;
  readonly stepsMs?: readonly number[];
  readonly of?: RunTask;
}

async function drive(script: readonly Scripted[], options: Driven = {}) {
  const { speed = null, isPaused = false, stepsMs, of = task } = options;
  const made = scriptedDesk(script, stepsMs);
  const written: Turn[] = [...(of.turns ?? [])];
  const log: CommandLogWriter = {
    append: (turn) => void written.push(turn),
    rewrite: (turns) => void written.splice(0, written.length, ...turns),
  };
  const state = newDriverState({ speed, isPaused });
  const figures = await driveRun(of, { desk: made.desk, state, log });
  return { ...made, figures, written };
}

function told(...commands: readonly LiveCommand[]): readonly Scripted[] {
  return commands.map((command) => ({ looks: 3, command }));
}

/** Each comes when it stands after the one before. */
function whenStanding(...commands: readonly LiveCommand[]): readonly Scripted[] {
  return commands.map((command) => ({ looks: Number.POSITIVE_INFINITY, command }));
}

/** What a frame shows of the world, whenever it is made. */
function contentOf({ sequence, clock, pages, ...rest }: LiveFrame) {
  const { nowUs, event } = clock;
  return { ...rest, nowUs, event, asked: pages?.asked, shown: pages?.shown, open: pages?.open };
}

const clockCommand: fc.Arbitrary<LiveCommand> = fc.oneof(
  fc.constant({ type: 'pause' } as const),
  fc.constant({ type: 'resume' } as const),
  fc.constantFrom({ type: 'speed', factor: 50 } as const, { type: 'speed', factor: null } as const),
  fc.record({ type: fc.constant('step' as const), events: fc.integer({ min: -300, max: 300 }) }),
  fc.record({ type: fc.constant('seek' as const), event: fc.integer({ min: 0, max: 900 }) }),
  fc.record({
    type: fc.constant('seek' as const),
    atUs: fc.integer({ min: 0, max: seconds(130) }),
  }),
);
const worldCommand: fc.Arbitrary<LiveCommand> = fc.oneof(
  fc.constant({ type: 'heal' } as const),
  fc.record({
    type: fc.constant('breaker' as const),
    edge: fc.constantFrom('router→movie', 'router→nobody'),
    status: fc.constantFrom('open' as const, 'closed' as const),
  }),
  fc.record({
    type: fc.constant('fault' as const),
    kind: fc.constantFrom('process.slow', 'client.offline', 'network.delay'),
    forUs: fc.integer({ min: seconds(1), max: seconds(40) }),
  }),
);
const scriptOf = (command: fc.Arbitrary<LiveCommand>) =>
  fc.array(fc.record({ looks: fc.integer({ min: 1, max: 12 }), command }), {
    minLength: 1,
    maxLength: 6,
  });
/** Slices that grow, fast or slowly, and that swing. */
const stepsMs = fc.constantFrom([9], [3, 20, 9], [12, 14]);

describe('a driven run', () => {
  test.prop([scriptOf(clockCommand), stepsMs], { seed: 20261126, numRuns: 5 })(
    'L20: is the one that nobody watched, whatever is told of its clock',
    async (script, steps) => {
      const { figures, answers, frames } = await drive(script, { stepsMs: steps });
      expect(answers.filter(({ answer }) => !answer.ok)).toEqual([]);
      expect(figures).toEqual(alone);
      const seen = new Map<string, unknown>();
      // Behind the last event the pipeline closes its windows.
      for (const frame of frames.slice(0, -1).map(contentOf)) {
        const key = `${frame.event} ${frame.nowUs}`;
        expect(frame).toEqual(seen.get(key) ?? frame);
        seen.set(key, frame);
      }
    },
  );

  test.prop([scriptOf(fc.oneof(clockCommand, worldCommand)), stepsMs], {
    seed: 20261127,
    numRuns: 5,
  })('L25: is run again by its log, figures and all', async (script, steps) => {
    const { figures, written } = await drive(script, { stepsMs: steps });
    expect(written).toEqual(figures.turns);
    expect(await performRun({ ...task, turns: written })).toEqual(figures);
    const again = await drive([], { of: { ...task, turns: written } });
    expect(again.figures).toEqual(figures);
  });

  it.each(['evening-peak', 'retry-storm'])(
    'L20: keeps the figures of %s, shortened',
    async (name) => {
      const scenario = await loadScenario(`scenarios/${name}.ts`);
      const clock = { ...scenario.clock, duration: seconds(40), drain: seconds(2) };
      const variant = scenario.variants[0]?.architecture ?? 'federated';
      const short = await taskOf(
        { ...scenario, clock, catalogue: { ...scenario.catalogue, titles: 100 }, objectives: [] },
        variant,
      );
      const { figures, frames } = await drive(
        told({ type: 'pause' }, { type: 'step', events: -9 }),
        {
          of: short,
          stepsMs: [9],
        },
      );
      expect(frames.length).toBeGreaterThan(3);
      expect(figures).toEqual(await performRun(short));
    },
  );
});

describe('commands of the clock', () => {
  it('L21: a step goes so many events on or back, and then it stands', async () => {
    const { frames, rests } = await drive(
      whenStanding(
        { type: 'seek', event: 400 },
        { type: 'step', events: 25 },
        { type: 'step', events: -30 },
        { type: 'step', events: -1_000_000 },
        { type: 'seek', atUs: seconds(61) },
        { type: 'seek', atUs: minutes(60) },
      ),
      { isPaused: true },
    );
    const stood = frames.filter(({ clock }) => clock.state === 'paused').map(({ clock }) => clock);
    expect(stood.map(({ event }) => event).slice(0, 5)).toEqual([0, 400, 425, 395, 0]);
    expect(stood.slice(5).map(({ nowUs }) => nowUs)).toEqual([seconds(61), seconds(140)]);
    expect(rests.count).toBe(7);
    expect(frames.at(-1)?.clock.state).toBe('finished');
  });

  it('L21: a speed is kept, and shown beside the one that was reached', async () => {
    const { frames } = await drive([], { speed: 20, stepsMs: [5] });
    const settled = frames.slice(6, -1).map(({ clock }) => clock);
    expect(settled.length).toBeGreaterThan(10);
    for (const { reachedSpeed, speed } of settled) {
      expect(speed).toBe(20);
      expect(reachedSpeed).toBeGreaterThan(17);
      expect(reachedSpeed).toBeLessThan(23);
    }
  });

  it('L21: shows four frames a second at most, and one at the end', async () => {
    const desk = await drive([], { speed: 20, stepsMs: [5] });
    const wallMs = minutes(2.33) / 20 / 1_000;
    expect(desk.frames.length).toBeLessThanOrEqual(wallMs / 250 + 3);
    expect(desk.frames.map(({ sequence }) => sequence)).toEqual(desk.frames.map((_, i) => i + 1));
  });

  it('L21: refuses numbers that are none', async () => {
    const { answers } = await drive(
      told(
        { type: 'step', events: 0.5 },
        { type: 'seek', event: -1 },
        { type: 'seek', atUs: Number.NaN },
        { type: 'speed', factor: 0 },
      ),
    );
    for (const { answer } of answers) expect(answer).toMatchObject({ code: 'LIVE_BAD_COMMAND' });
    expect(answers.length).toBe(4);
  });
});

describe('commands of the world', () => {
  const slow: LiveCommand = { type: 'fault', kind: 'process.slow', target: 'movie', forUs: 30e6 };

  it('L24: are written where they are made, and shown while they last', async () => {
    const { written, frames, figures } = await drive(
      whenStanding({ type: 'seek', atUs: seconds(40) }, slow, { type: 'step', events: 40 }),
      { isPaused: true },
    );
    expect(written).toEqual([expect.objectContaining({ atUs: seconds(40) })]);
    const [active] = frames.filter(({ faults }) => faults.length > 0);
    expect(active?.faults).toEqual([
      { kind: 'process.slow', target: 'movie', beganAtUs: 40e6, endsAtUs: 70e6 },
    ]);
    expect(figures.result.digest).not.toBe(alone.result.digest);
  });

  it('L24: happen again after a way back, and are forgotten where another is made', async () => {
    const { written, answers } = await drive(
      whenStanding(
        { type: 'seek', atUs: seconds(60) },
        slow,
        { type: 'seek', atUs: seconds(20) },
        { type: 'seek', atUs: seconds(65) },
        { type: 'seek', atUs: seconds(30) },
        { type: 'fault', kind: 'client.offline', forUs: 5e6 },
        { type: 'step', events: 5 },
      ),
      { isPaused: true },
    );
    expect(written.map(({ atUs }) => atUs / 1e6)).toEqual([30]);
    const notes = answers.flatMap(({ answer }) => (answer.ok ? (answer.note ?? []) : ['no']));
    expect(notes).toEqual(['a later command is no more: the run goes another way from here']);
  });

  it('L24: of kinds that must be wired from the start are made where they were told', async () => {
    const crash: LiveCommand = { type: 'fault', kind: 'pipeline.crash', forUs: 20e6 };
    const script = whenStanding({ type: 'seek', event: 300 }, slow, crash);
    const { written, figures } = await drive(script, { isPaused: true });
    expect(written.map(({ event }) => event)).toEqual([300, 300]);
    expect(await performRun({ ...task, turns: written })).toEqual(figures);
  });

  it('L27: that cannot be are refused with what can, and change nothing', async () => {
    const { answers, written, figures } = await drive(
      whenStanding(
        { type: 'fault', kind: 'process.slwo', forUs: 5 },
        { type: 'fault', kind: 'process.slow', target: 'movies', forUs: 5 },
        { type: 'fault', kind: 'process.slow', forUs: 0 },
        { type: 'fault', kind: 'process.slow', intensity: 1e9, forUs: 5 },
        { type: 'breaker', edge: 'router→movies', status: 'open' },
        { type: 'seek', atUs: minutes(60) },
        { type: 'heal' },
      ),
      { isPaused: true },
    );
    const refused = answers.flatMap(({ answer }) => (answer.ok ? [] : [answer.message]));
    expect(refused.length).toBe(6);
    expect(refused[1]).toContain('did you mean');
    expect(refused[4]).toContain('did you mean "router→movie"?');
    expect(refused[5]).toContain('go back first');
    expect(written).toEqual([]);
    expect(figures).toEqual(alone);
  });
});
