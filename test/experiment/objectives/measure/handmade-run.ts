/** A finished run made by hand: page loads, ticks and stored rows as a test wants them, so that
 * every figure can be worked out on paper. Ten minutes, a load or a row where it is put. */
import type { FinishedRun } from '../../../../src/experiment/objectives/measure/finished-run.ts';
import type { GoalTicks } from '../../../../src/experiment/objectives/measure/goal-ticks.ts';
import { defineScenario } from '../../../../src/experiment/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../../../src/experiment/scenario/schema.ts';
import type { PageLoadRecord } from '../../../../src/experiment/world/recorder.ts';
import { minutes, seconds } from '../../../../src/kernel/time.ts';

/** A load: when, how long in ms, and what else is not as usual. */
export interface HandmadeLoad extends Partial<PageLoadRecord> {
  readonly atS: number;
  readonly ms: number;
}

/** What a run is made of. */
export interface Handmade {
  readonly objectives: ScenarioInput['objectives'];
  readonly scenario?: Partial<ScenarioInput>;
  readonly loads?: readonly HandmadeLoad[];
  readonly refused?: readonly { readonly atS: number; readonly viewer?: number }[];
  readonly goalTicks?: GoalTicks;
  /** Rows of the queries that measuring makes, by a word of theirs. */
  readonly rows?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly subject?: string;
}

/** Makes it. Viewer 1 is on a phone in Germany, everybody else watches television in the US. */
export function handmadeRun(made: Handmade): FinishedRun {
  const scenario = defineScenario({
    schema: 1,
    name: 'handmade',
    question: 'Is it counted?',
    seed: 1,
    clock: { start: '2026-11-20T20:00:00Z', duration: minutes(10), drain: minutes(1) },
    audience: { viewers: 10 },
    ...made.scenario,
    objectives: made.objectives,
  });
  const loads = (made.loads ?? []).map(
    ({ atS, ms, ...rest }): PageLoadRecord => ({
      viewer: 2,
      page: 'home',
      askedAtUs: seconds(atS),
      pageLoadTimeUs: ms * 1_000,
      outcome: 'ok',
      isMeasured: true,
      pageSequence: 0,
      ...rest,
    }),
  );
  const refused = (made.refused ?? []).map(({ atS, viewer = 2 }) => ({
    viewer,
    page: 'home',
    askedAtUs: seconds(atS),
  }));
  const households = [
    { profile: { viewer: 1, device: 'phone', country: 'DE' } },
    { profile: { viewer: 2, device: 'tv', country: 'US' } },
  ];
  const world = {
    scenario,
    durationUs: scenario.clock.duration,
    endUs: scenario.clock.duration + scenario.clock.drain,
    bucketUs: seconds(60),
    recorder: { loads, refused },
    neighbourhood: { households },
    goalTicks: made.goalTicks,
    clickstream: { truth: () => ({ captured: 12, accepted: 10, unread: 1, droppedByReason: {} }) },
  };
  const query = (sql: string) =>
    Object.entries(made.rows ?? {}).find(([word]) => sql.includes(word))?.[1] ?? [];
  return {
    world,
    warehouse: { query },
    subject: made.subject ?? 'federated',
    warmUpUs: scenario.clock.warmUp,
  } as unknown as FinishedRun;
}
