/** A run forwards, backwards and forked: what it stands on is that the same events give the same
 * world, so each way to a moment is held to the digest of the straight one. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type WorldMaker, worldMaker } from '../../../../src/experiment/reproduce/open-world.ts';
import {
  type ForkChange,
  parseForkChange,
} from '../../../../src/experiment/reproduce/timeline/fork-change.ts';
import { parseMoment } from '../../../../src/experiment/reproduce/timeline/moment.ts';
import { openTimeline } from '../../../../src/experiment/reproduce/timeline/timeline.ts';
import { compareFork, snapshotsOf } from '../../../../src/experiment/reproduce/timeline/travel.ts';
import type { RunDocument } from '../../../../src/experiment/result.ts';
import type { ScenarioInput } from '../../../../src/experiment/scenario/schema.ts';
import { EngineError } from '../../../../src/kernel/errors.ts';
import { minutes, seconds } from '../../../../src/kernel/time.ts';
import { smallScenario } from '../../small-world.ts';

const OUTAGE = {
  kind: 'service.outage',
  target: 'movie',
  at: minutes(2),
  for: minutes(2),
} as const;

const scenario = smallScenario({
  audience: { viewers: 12 },
  clock: { start: '2026-11-20T20:00:00Z', duration: minutes(5), drain: minutes(1) },
  requests: { calls: { breaker: { kind: 'consecutive-failures', failures: 5 } } },
});

async function maker(faults: ScenarioInput['faults'] = []): Promise<WorldMaker> {
  const document = { schema: 'backlot.run/1' } as RunDocument;
  const varied = { ...scenario, faults: smallScenario({ faults }).faults };
  const variant = { name: 'federated', architecture: 'federated', scenario: varied } as const;
  return worldMaker({ files: {}, document }, variant);
}

const make = await maker();
const total = (() => {
  const line = openTimeline(make);
  const { simulation, digest } = line.finish();
  const found = { events: simulation.executedCount, digest: digest.value() };
  line.close();
  return found;
})();

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (cause) {
    if (cause instanceof EngineError) return cause.message;
    throw cause;
  }
  return 'not refused';
}

describe('a timeline', () => {
  test.prop([fc.array(fc.integer({ min: 0, max: total.events }), { minLength: 1, maxLength: 4 })], {
    seed: 20261126,
    numRuns: 8,
  })('E391: whatever way led to an event, the world there is the same', (stops) => {
    const line = openTimeline(make);
    for (const event of stops) line.goTo({ event });
    const last = stops.at(-1) ?? 0;
    const straight = openTimeline(make);
    straight.goTo({ event: last });
    expect(line.snapshot()).toEqual(straight.snapshot());
    expect(line.finish().digest.value()).toBe(total.digest);
    line.close();
    straight.close();
  });

  it('E391: steps back as it stepped on, and returns to its snapshots', () => {
    const line = openTimeline(make);
    line.goTo({ atUs: minutes(3) });
    const there = line.snapshot();
    expect(there.atUs).toBe(minutes(3));
    line.step(-7);
    expect(line.event).toBe(there.event - 7);
    line.step(3);
    line.returnTo(there);
    expect(line.snapshot().digest).toBe(there.digest);
    line.step(-1_000_000);
    expect(line.event).toBe(0);
    line.close();
  });

  it('E392: refuses the snapshot of another run', async () => {
    const line = openTimeline(make);
    line.goTo({ atUs: minutes(4) });
    const other = openTimeline(await maker([OUTAGE]));
    expect(refusal(() => other.returnTo(line.snapshot()))).toContain('it is of another run');
    line.close();
    other.close();
  });

  it('E392: snapshots stand at their times, up to the moment', () => {
    const found = snapshotsOf(make, { atUs: minutes(3) }, seconds(45));
    expect(found.map(({ atUs }) => atUs / seconds(1))).toEqual([45, 90, 135, 180]);
    expect(found.map(({ event }) => event)).toEqual(
      found.map(({ event }) => event).toSorted((a, b) => a - b),
    );
  });
});

describe('a fork', () => {
  const [edge] = ['router→movie'];

  it('E393: without a change that matters is the same run', () => {
    const found = compareFork(make, { atUs: minutes(2) }, [{ kind: 'heal' }]);
    expect(found.forked).toEqual(found.original);
  });

  it('E393: has the past of the run that it leaves, which goes on as it was', () => {
    const line = openTimeline(make);
    line.goTo({ atUs: minutes(2) });
    const before = line.snapshot();
    const fork = line.fork([{ kind: 'breaker', edge, status: 'open' }]);
    expect(fork.snapshot()).toEqual({
      ...before,
      state: {
        ...before.state,
        edges: before.state.edges.map((one) =>
          one.edge === edge ? { ...one, breaker: 'open' } : one,
        ),
      },
    });
    fork.step(200);
    const later = fork.snapshot();
    fork.goTo({ event: before.event - 5 });
    fork.returnTo(later);
    expect(fork.finish().digest.value()).not.toBe(total.digest);
    expect(line.finish().digest.value()).toBe(total.digest);
    line.close();
    fork.close();
  });

  it('E393: leaves between two events of one instant where it is told to', () => {
    const line = openTimeline(make);
    const stands = () => ({ event: line.event, atUs: line.world.simulation.nowUs });
    let before = stands();
    do {
      before = stands();
      line.step(1);
    } while (line.world.simulation.nowUs > before.atUs);
    line.goTo({ event: before.event });
    const fork = line.fork([{ kind: 'heal' }]);
    expect(fork.event).toBe(before.event);
    expect(fork.world.turns.made).toEqual([{ ...before, change: { kind: 'heal' } }]);
    line.close();
    fork.close();
  });

  it('E394: takes faults where objectives speak of others', () => {
    const objectives = ['count(page.errors) == 0 outside fault("service.outage")'];
    const judged = smallScenario({ faults: [OUTAGE], objectives });
    expect(parseForkChange('fault:process.slow@movie+30s', judged).kind).toBe('fault');
  });

  it('E395: an open breaker turns calls away that an outage would have kept waiting', async () => {
    const withOutage = await maker([OUTAGE]);
    const changes: readonly ForkChange[] = [{ kind: 'breaker', edge, status: 'open' }];
    const { original, forked } = compareFork(withOutage, { atUs: OUTAGE.at }, changes);
    expect(forked.breakerOpenFailures).toBeGreaterThan(original.breakerOpenFailures);
    const closed: readonly ForkChange[] = [{ kind: 'breaker', edge, status: 'closed' }];
    const without = compareFork(withOutage, { atUs: OUTAGE.at }, closed);
    expect(original.breakerOpenFailures).toBeGreaterThan(0);
    expect(without.forked.breakerOpenFailures).toBe(0);
  });

  it('E394: reads what a person writes, and names what is wrong with it', () => {
    expect(parseForkChange('breaker:router->movie=open', scenario)).toEqual({
      kind: 'breaker',
      edge,
      status: 'open',
    });
    expect(parseForkChange('fault:process.slow@movie*8+30s', scenario)).toEqual({
      kind: 'fault',
      fault: {
        kind: 'process.slow',
        target: 'movie',
        at: 0,
        for: seconds(30),
        intensity: 8,
        probability: 1,
      },
    });
    const refused: readonly (readonly [text: string, says: string])[] = [
      ['fault:process.slw+30s', 'did you mean "process.slow"?'],
      ['fault:process.slow@movi+30s', 'did you mean "movie"?'],
      ['fault:process.slow', 'give heal, breaker:<edge>=open, or fault:<kind>'],
      ['nothing', 'give heal'],
    ];
    for (const [text, says] of refused) {
      expect(refusal(() => parseForkChange(text, scenario))).toContain(says);
    }
    const nowhere: ForkChange = { kind: 'breaker', edge: 'router→movy', status: 'open' };
    expect(refusal(() => compareFork(make, { event: 5 }, [nowhere]))).toContain(
      'did you mean "router→movie"?',
    );
  });
});

describe('a moment', () => {
  it('E390: is an event by its number, or a time', () => {
    expect(parseMoment('#120', scenario, minutes(6))).toEqual({ event: 120 });
    expect(parseMoment('90s', scenario, minutes(6))).toEqual({ atUs: seconds(90) });
    expect(refusal(() => parseMoment('#x', scenario, minutes(6)))).toContain('like #12345');
  });
});
