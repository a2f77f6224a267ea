/** Trials of a scenario that somebody wrote: its beginning, with its services, policies and own
 * faults, a few of its viewers, and drawn faults and ties on top. Of several variants a trial draws
 * one. What it is after (objectives, plans, prices) is left out: a trial asks whether invariants
 * hold. Spec: T54, T60. */
import fc from 'fast-check';
import {
  FAULT_KIND_NAMES,
  type FaultKindName,
} from '../../../experiment/faults/catalogue/fault-kinds.ts';
import type { Fault } from '../../../experiment/faults/plan/fault-schema.ts';
import type { Scenario, ScenarioInput } from '../../../experiment/scenario/schema.ts';
import { fixed } from '../../../experiment/scenario/values.ts';
import { meanOf } from '../../../kernel/distributions/distribution.ts';
import { minutes, US_PER_SECOND, us } from '../../../kernel/time.ts';
import type { Trial } from '../../trial/trial.ts';
import { waysToRun } from '../../trial/ways-to-run.ts';
import { anySeed, permille, present, seldom } from './draw.ts';
import { faultPlans, fittedFault } from './fault-plans.ts';
import { reachableTargets, type SwarmOptions } from './trial-arbitrary.ts';

/** What of a scenario a trial takes. */
export interface PieceOptions extends SwarmOptions {
  /** How much of it is run, from its start, µs. Default: three minutes. */
  readonly spanUs?: number | undefined;
  /** Viewers at most. Default: 8. */
  readonly viewersMax?: number | undefined;
}

const SPAN_US = minutes(3);
const VIEWERS_MAX = 8;
const DRAIN_MAX_US = minutes(2);
/** A load test is slowed down to so many pages in a trial, or so many users. */
const PAGES_MAX = 60;
const USERS_MAX = 4;

/** Trials of a scenario.
 * @throws EngineError `CLI_USAGE` where no architecture that is asked for can run it. */
export function scenarioTrials(
  scenario: Scenario,
  options: PieceOptions = {},
): fc.Arbitrary<Trial> {
  const { kinds = FAULT_KIND_NAMES, architectures } = options;
  const duration = Math.min(scenario.clock.duration, options.spanUs ?? SPAN_US);
  const ways = waysToRun(scenario, architectures).map((way) => ({
    architecture: way.architecture,
    services: Object.keys(way.scenario.services),
    piece: pieceOf(way.scenario, duration),
  }));
  const hasViewers = scenario.audience.viewers + scenario.audience.guests.length > 0;
  const healedAt = Math.floor(duration / 2);
  const drawn = fc.record({
    faults: faultPlans(kinds),
    guests: fc.array(permille(), {
      minLength: hasViewers ? 1 : 0,
      maxLength: hasViewers ? (options.viewersMax ?? VIEWERS_MAX) : 0,
      size: 'max',
    }),
    tieOrder: seldom(anySeed(), 0.5),
    way: fc.constantFrom(...ways),
    seed: anySeed(),
  });
  return fc.noBias(drawn).map(({ faults, guests, tieOrder, way, seed }): Trial => {
    const { architecture, services, piece } = way;
    const room = {
      healedAt,
      targetsOf: (kind: FaultKindName) => reachableTargets(kind, architecture, services),
    };
    const drawn = faults.map((fault) => fittedFault(fault, room));
    return present({
      schema: 'backlot.trial/1',
      architecture,
      healedAt,
      tieOrder,
      scenario: {
        ...piece,
        seed,
        // The scenario's titles, whatever the seed of the trial.
        catalogue: { seed: scenario.seed, ...scenario.catalogue },
        audience: {
          ...piece.audience,
          viewers: 0,
          guests: guestsAt(guests, { healedAt, duration }),
        },
        faults: [...(piece.faults ?? []), ...drawn],
      },
    });
  });
}

/** The beginning of one way to run it. */
function pieceOf(scenario: Scenario, duration: number): ScenarioInput {
  const { objectives, planning, variants, references, phases, prices, ...kept } = scenario;
  const { start, drain } = scenario.clock;
  return {
    ...kept,
    clock: { start, duration, warmUp: 0, drain: Math.min(drain, DRAIN_MAX_US) },
    traffic: scenario.traffic && slowed(scenario.traffic, duration),
    faults: scenario.faults.flatMap((fault) => clipped(fault, Math.floor(duration / 2))),
  };
}

/** The part of a fault before a time. */
function clipped(fault: Fault, endUs: number): readonly Fault[] {
  if (fault.at >= endUs) return [];
  const length = Math.min(fault.for, endUs - fault.at);
  if (!('rate' in fault) || fault.rate === undefined) return [{ ...fault, for: length }];
  const until = Math.min(fault.rate.until, endUs - length);
  return until > fault.at ? [{ ...fault, for: length, rate: { ...fault.rate, until } }] : [];
}

/** Somebody always comes when all is well again. */
function guestsAt(
  shares: readonly number[],
  { healedAt, duration }: { readonly healedAt: number; readonly duration: number },
): readonly { readonly at: number }[] {
  if (shares.length === 0) return [];
  const drawn = shares.slice(1).map((share) => Math.floor((duration * share) / 1_000));
  const early = Math.floor((healedAt * (shares[0] ?? 0)) / 2_000);
  return [early, ...drawn, healedAt].sort((a, b) => a - b).map((at) => ({ at }));
}

function slowed(traffic: NonNullable<Scenario['traffic']>, duration: number) {
  if (traffic.kind === 'closed') {
    const most = Math.max(...traffic.users.map(({ users }) => users));
    const share = Math.min(1, USERS_MAX / most);
    const users = traffic.users.map(({ at, users: n }) => ({ at, users: Math.ceil(n * share) }));
    // Users who do not think ask thousands of pages a second of a quick server.
    const thinkUs = Math.ceil((Math.min(most, USERS_MAX) * duration) / PAGES_MAX);
    const thinkTime = meanOf(traffic.thinkTime) < thinkUs ? fixed(us(thinkUs)) : traffic.thinkTime;
    return { ...traffic, users, thinkTime };
  }
  const most = Math.max(...traffic.rate.map(({ perSecond }) => perSecond));
  const share = Math.min(1, PAGES_MAX / ((most * duration) / US_PER_SECOND));
  const rate = traffic.rate.map(({ at, perSecond }) => ({ at, perSecond: perSecond * share }));
  return { ...traffic, rate };
}
