/** The closed loop of one run: tastes, arms and their policies, rows, what came of them, and what
 * is learned from the run's own warehouse on the way. Only scenarios with `recommendations` have
 * one. Spec: M110–M119. */
import type { ReturningViewerDecisions } from '../../actors/returning-viewer.ts';
import type { ViewerDecisions } from '../../actors/viewer.ts';
import { createAllocation } from '../../analytics/online-experiments/ab/allocation.ts';
import { describeCatalogue } from '../../analytics/panel/history.ts';
import { createOraclePolicy } from '../../analytics/policies/oracle-policy.ts';
import { FIRST_GUEST } from '../../domain/audience.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ViewerId } from '../../domain/ids.ts';
import type { RowPolicy } from '../../domain/recommending/row-policy.ts';
import type { Chance } from '../../kernel/chance.ts';
import type { RunDigest } from '../../kernel/digest.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { Household } from '../households/household.ts';
import { createReturningDecisions } from '../households/returning-decisions.ts';
import type { Scenario } from '../scenario/schema.ts';
import { ImpressionLog } from './impression-truth.ts';
import { type Lessons, startLearning } from './learning.ts';
import { type LoopConfig, loopConfig } from './loop-config.ts';
import { LoopTruth } from './loop-truth.ts';
import { createPolicy } from './policies.ts';
import { createRowDesk, type RowDesk } from './row-desk.ts';
import { type TasteGround, tasteGround } from './taste-ground.ts';

/** The loop. */
export interface ClosedLoop {
  readonly config: LoopConfig;
  readonly ground: TasteGround;
  readonly desk: RowDesk;
  readonly truth: LoopTruth;
  readonly impressions: ImpressionLog;
  /** What policies learned; undefined where none does. */
  readonly lessons: Lessons | undefined;
  /** The arm of a viewer, by its place among the scenario's. */
  armOf(viewer: ViewerId): number;
  policyOf(viewer: ViewerId): RowPolicy;
  /** What viewers decide. @param plain - What others do. */
  decisions(plain: ViewerDecisions): ReturningViewerDecisions;
  movedIn(household: Household): void;
  answered(viewer: ViewerId, answer: { readonly row: number; readonly takenSlot: number }): void;
  enjoyed(viewer: ViewerId, play: EnjoyedPlay): void;
  /** A visit without a play. */
  wasted(viewer: ViewerId, exposure: number): void;
  visited(viewer: ViewerId): void;
  /** Has left for good. */
  left(viewer: ViewerId): void;
}

/** A play that is over. */
export interface EnjoyedPlay {
  readonly titleId: string;
  readonly share: number;
  readonly exposure: number;
  readonly row: number | undefined;
}

/** What a loop needs. */
export interface ClosedLoopOptions {
  readonly scenario: Scenario;
  readonly catalogue: Catalogue;
  readonly chance: Chance;
  readonly isAntithetic?: boolean | undefined;
  readonly simulation: Simulation;
  readonly digest: RunDigest;
  readonly warehouse: Warehouse;
  /** The Unix time at virtual time 0, in µs. */
  readonly epochUs: number;
  readonly arrivalsUs: readonly number[];
}

const US_PER_MINUTE = 60_000_000;

/** Makes it; undefined where the scenario recommends nothing. */
export function createClosedLoop(options: ClosedLoopOptions): ClosedLoop | undefined {
  const { scenario, catalogue, chance, simulation, epochUs } = options;
  const { recommendations } = scenario;
  if (recommendations === undefined) return undefined;
  const config = loopConfig(recommendations);
  const viewers = viewersOf(options);
  const ground = tasteGround({ ...options, config, viewers });
  const { tastes } = ground;
  const armOf = createAllocation({ ...config, chance });
  const policies = config.arms.map(({ policy }) =>
    createPolicy(policy, { ...options, ...config, ...ground }),
  );
  const truth = new LoopTruth();
  const seen = new Map<ViewerId, Set<number>>();
  const isSeen = (viewer: ViewerId, title: number) =>
    ground.hadSeen(viewer, title) || seen.get(viewer)?.has(title) === true;
  const policyOf = (viewer: ViewerId) => policies[armOf(viewer)] as RowPolicy;
  describe(options, { config, viewers, armOf });
  const lessons = startLearning({ ...options, config, policies });
  const placeOf = new Map(catalogue.titles.map(({ id }, place) => [id, place]));
  const oracle = createOraclePolicy({ tastes, choice: config.choice });
  return {
    config,
    ground,
    truth,
    lessons,
    armOf,
    policyOf,
    impressions: new ImpressionLog(scenario.clickstream.sdk.dropPolicy),
    desk: createRowDesk({
      ...{ config, catalogue, tastes, chance, simulation, truth, epochUs },
      ...{ policyOf, oracle, isSeen },
    }),
    decisions: (plain) =>
      createReturningDecisions({
        ...{ plain, config, catalogue, tastes, chance, simulation, isSeen },
        popularityExponent: scenario.catalogue.popularityExponent,
        closesAtUs: scenario.clock.duration,
        firstExposure: ground.firstExposure,
      }),
    movedIn: ({ profile: { viewer } }) => truth.arrived(viewer, ground.firstExposure(viewer)),
    answered(viewer, { row, takenSlot }) {
      const found = truth.rowOf(viewer, row);
      const account = truth.of(viewer);
      if (found !== undefined) found.takenSlot = takenSlot;
      if (account !== undefined && takenSlot >= 0) account.takes += 1;
    },
    enjoyed(viewer, { titleId, share, exposure, row }) {
      const place = placeOf.get(titleId) ?? 0;
      const known = seen.get(viewer) ?? new Set();
      seen.set(viewer, known.add(place));
      const taken = row === undefined ? undefined : truth.rowOf(viewer, row);
      if (taken !== undefined) taken.share = share;
      truth.contented({ viewer, atUs: simulation.nowUs, exposure });
      const account = truth.of(viewer);
      if (account === undefined) return;
      account.plays += 1;
      account.completed += Number(share >= 1);
      account.watchedUs += share * (catalogue.titles[place]?.durationMinutes ?? 0) * US_PER_MINUTE;
    },
    wasted: (viewer, exposure) => truth.contented({ viewer, atUs: simulation.nowUs, exposure }),
    visited(viewer) {
      const account = truth.of(viewer);
      if (account !== undefined) account.visits += 1;
    },
    left(viewer) {
      const account = truth.of(viewer);
      if (account !== undefined) account.hasChurned = true;
    },
  };
}

/** Everybody who will come, in the order of their numbers. */
function viewersOf({ arrivalsUs, scenario }: ClosedLoopOptions): readonly ViewerId[] {
  return [
    ...arrivalsUs.map((_, viewer) => viewer),
    ...scenario.audience.guests.map((_, i) => FIRST_GUEST + i),
  ];
}

/** What events do not tell: titles' running times, the experiment, and everybody's arm. */
function describe(
  { warehouse, catalogue, epochUs }: ClosedLoopOptions,
  {
    config,
    viewers,
    armOf,
  }: {
    readonly config: LoopConfig;
    readonly viewers: readonly ViewerId[];
    readonly armOf: (viewer: ViewerId) => number;
  },
): void {
  const { experiment, arms } = config;
  const total = arms.reduce((sum, { share }) => sum + share, 0);
  describeCatalogue(warehouse, catalogue);
  warehouse.describe({
    experiments: arms.map(({ name, share }) => ({
      experimentId: experiment,
      arm: name,
      share: share / total,
    })),
    users: viewers.map((viewer) => ({
      userId: `v${viewer}`,
      validFromUs: epochUs,
      attributes: { exp_arm: arms[armOf(viewer)]?.name ?? null },
    })),
  });
}
