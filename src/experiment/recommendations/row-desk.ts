/** Where rows are made and kept: a home page that is asked for gets one from the policy of its
 * viewer's arm, and it counts once it is in front of the viewer. A page that fails shows none, and
 * is asked for again with the same draws. The recommender takes no time of its own: the row rides
 * on the home page. Spec: M111–M113. */
import { ROW_NAME } from '../../actors/returning-viewer.ts';
import type { ActorMessage } from '../../actors/runtime/actor-system.ts';
import type { ShownRow } from '../../actors/visits.ts';
import { rowValue } from '../../analytics/regret/row-value.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ViewerId } from '../../domain/ids.ts';
import type { ApiOutcome, PageName } from '../../domain/page.ts';
import type { ChosenRow, RowPolicy, RowRequest } from '../../domain/recommending/row-policy.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import type { TrackedEventData } from '../../domain/tracked-event.ts';
import type { Chance } from '../../kernel/chance.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { US_PER_MINUTE } from '../../kernel/time.ts';
import type { Household } from '../households/household.ts';
import type { LoopConfig } from './loop-config.ts';
import type { LoopTruth } from './loop-truth.ts';

/** The desk. */
export interface RowDesk {
  /** A viewer's device asks for a page. */
  asked(viewer: ViewerId, page: PageName): void;
  /** It shows one. @returns the message with the row on the page; undefined where there is none. */
  shown<M extends ShownPage>(
    household: Pick<Household, 'profile'>,
    page: M,
  ): (M & { readonly row: ShownRow }) | undefined;
  /** The row is in front of the viewer. @returns data of `ui.impression` events, slot by slot. */
  seen(viewer: ViewerId): readonly TrackedEventData[];
}

/** A page on a screen. */
export interface ShownPage extends ActorMessage {
  readonly page: PageName;
  readonly outcome: ApiOutcome;
}

/** What a desk needs. */
export interface RowDeskOptions {
  readonly config: LoopConfig;
  readonly catalogue: Catalogue;
  readonly tastes: Tastes;
  readonly chance: Chance;
  readonly simulation: Simulation;
  readonly truth: LoopTruth;
  readonly policyOf: (viewer: ViewerId) => RowPolicy;
  /** Knows the tastes: what rows are measured by. */
  readonly oracle: RowPolicy;
  readonly isSeen: (viewer: ViewerId, title: number) => boolean;
  /** Policies' clock at virtual time 0, µs. */
  readonly epochUs: number;
}

interface PendingRow extends ChosenRow {
  readonly policyId: string;
  readonly best: readonly number[];
}

/** Numbers that a policy may draw for one row. */
const DRAWS_PER_ROW = 4_096;

/** Makes the desk. */
export function createRowDesk(options: RowDeskOptions): RowDesk {
  const { config, catalogue, tastes, simulation, truth, policyOf, oracle, isSeen } = options;
  const { choice, slots } = config;
  const draws = options.chance.draws('recommendation.row');
  const pending = new Map<ViewerId, PendingRow>();
  const requestOf = (viewer: ViewerId): RowRequest => {
    const row = truth.rowCount(viewer);
    return {
      viewer,
      row,
      nowUs: options.epochUs + simulation.nowUs,
      slots,
      isExcluded: (title) => isSeen(viewer, title),
      uniform: (k) => draws.uniform(viewer, row * DRAWS_PER_ROW + k),
    };
  };
  return {
    asked(viewer, page) {
      pending.delete(viewer);
      if (page !== 'home') return;
      const request = requestOf(viewer);
      const policy = policyOf(viewer);
      const { titles, propensities } = policy.choose(request);
      // Nothing is left to show.
      if (titles.length === 0) return;
      const best = oracle.choose(request).titles;
      pending.set(viewer, { titles, propensities, policyId: policy.id, best });
    },
    shown({ profile: { viewer } }, message) {
      const { page, outcome } = message;
      if (page !== 'home' || outcome === 'failed' || outcome === 'timeout') return undefined;
      const row = pending.get(viewer);
      if (row === undefined) return undefined;
      const slots = row.titles.map((title) => ({
        title,
        titleId: catalogue.titles[title]?.id ?? '',
        durationUs: (catalogue.titles[title]?.durationMinutes ?? 0) * US_PER_MINUTE,
      }));
      return { ...message, row: { number: truth.rowCount(viewer), slots } };
    },
    seen(viewer) {
      const row = pending.get(viewer);
      if (row === undefined) return [];
      pending.delete(viewer);
      const { titles, propensities, policyId } = row;
      truth.shown({
        ...rowValue({ tastes, choice }, viewer, titles),
        viewer,
        number: truth.rowCount(viewer),
        atUs: simulation.nowUs,
        titles,
        propensities,
        bestValue: rowValue({ tastes, choice }, viewer, row.best).value,
        takenSlot: undefined,
        share: 0,
      });
      return titles.map((title, slot) => ({
        page: 'home',
        titleId: catalogue.titles[title]?.id ?? '',
        row: ROW_NAME,
        slot,
        policyId,
        propensity: propensities[slot] ?? 1,
      }));
    },
  };
}
