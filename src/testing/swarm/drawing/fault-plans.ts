/** Drawn plans of faults: a random subset of the kinds, weighted wildly, with intensities and
 * probabilities from the catalogue's swarm ranges, all over by the end of the safety phase. The
 * plainest fault hits everybody, certainly and as strongly as usual, from the start on, once.
 * Source of the swarm's rule: Groce et al., "Swarm testing", ISSTA 2012. Spec: T52. */
import fc from 'fast-check';
import {
  FAULT_KINDS,
  type FaultKindName,
} from '../../../experiment/faults/catalogue/fault-kinds.ts';
import type { ScenarioInput } from '../../../experiment/scenario/schema.ts';
import { US_PER_HOUR } from '../../../kernel/time.ts';
import { oftenZero, permille, present, seldom } from './draw.ts';

/** A fault as a scenario writes it. */
export type FaultInput = NonNullable<ScenarioInput['faults']>[number];

/** A drawn fault: shares of what there is, so that it fits whatever else is drawn. */
export interface DrawnFault {
  readonly kind: FaultKindName;
  /** ‰ of the safety phase. */
  readonly at: number;
  /** ‰ of what is left of it; 0: all. */
  readonly length: number;
  /** 0: everybody; else one of those that there are. */
  readonly target: number;
  /** 0: certain; else ‰ of the swarm's range. */
  readonly probability: number;
  /** 0: as usual; else ‰ of the swarm's range, by magnitude. */
  readonly intensity: number;
  /** Occurrences to expect in the safety phase; undefined: one, at `at`. */
  readonly repeated?: number | undefined;
}

/** What drawn faults are fitted into. */
export interface FaultRoom {
  /** All are over by then, µs. */
  readonly healedAt: number;
  /** Names that faults of a kind can be aimed at. */
  readonly targetsOf: (kind: FaultKindName) => readonly string[];
}

const KINDS_AT_MOST = 8;
const FAULTS_AT_MOST = 8;
/** The heaviest kind of a swarm comes that many times as often as the lightest. */
const WILDNESS = 64;
const SHORTEST_US = 1_000;

/** Plans of faults of some of these kinds. */
export function faultPlans(kinds: readonly FaultKindName[]): fc.Arbitrary<readonly DrawnFault[]> {
  const enabled = fc.subarray([...kinds], {
    minLength: Math.min(1, kinds.length),
    maxLength: Math.min(KINDS_AT_MOST, kinds.length),
  });
  const weights = fc.array(fc.integer({ min: 1, max: WILDNESS }), {
    minLength: KINDS_AT_MOST,
    maxLength: KINDS_AT_MOST,
  });
  // Which kinds are enabled is not shrunk: what is left of the plan would become something else.
  return fc.noShrink(fc.tuple(enabled, weights)).chain(([some, weighs]) => {
    if (some.length === 0) return fc.constant<DrawnFault[]>([]);
    const weighted = some.map((kind, i) => ({
      weight: weighs[i] ?? 1,
      arbitrary: drawnFaults(kind),
    }));
    return fc.array(fc.oneof(...weighted), { maxLength: FAULTS_AT_MOST, size: 'max' });
  });
}

/** Drawn faults of one kind. */
export function drawnFaults(kind: FaultKindName): fc.Arbitrary<DrawnFault> {
  return fc.record({
    kind: fc.constant(kind),
    at: permille(),
    length: oftenZero(0.1),
    target: oftenZero(0.4, 9),
    probability: oftenZero(0.2),
    intensity: oftenZero(0.2),
    repeated: seldom(fc.integer({ min: 1, max: 6 }), 0.2),
  });
}

/** The fault that was drawn. Cost O(1). */
export function fittedFault(drawn: DrawnFault, { healedAt, targetsOf }: FaultRoom): FaultInput {
  const { kind } = drawn;
  const targets = targetsOf(kind);
  const target = drawn.target === 0 ? undefined : targets[(drawn.target - 1) % targets.length];
  const at = Math.floor(((healedAt - SHORTEST_US) * drawn.at) / 1_000);
  const leftUs = healedAt - at;
  const share = drawn.length === 0 ? 1 : drawn.length / 1_000;
  const strength = {
    probability: probabilityOf(drawn),
    intensity: intensityOf(drawn),
  };
  if (drawn.repeated === undefined) {
    const length = Math.max(SHORTEST_US, Math.floor(leftUs * share));
    return present({ kind, target, at, for: length, ...strength });
  }
  // Occurrences begin in the first half of what is left, and last no longer than the second.
  const until = at + Math.max(1, Math.floor(leftUs / 2));
  const longest = healedAt - until;
  return present({
    kind,
    target,
    at,
    for: Math.max(1, Math.floor((longest * share) / drawn.repeated)),
    rate: { perHour: Math.round((drawn.repeated * US_PER_HOUR) / (until - at)), until },
    ...strength,
  });
}

/** Left out where it is 1. */
function probabilityOf({ kind, probability }: DrawnFault): number | undefined {
  const range = FAULT_KINDS[kind].swarmProbability;
  if (range === undefined || probability === 0) return undefined;
  const [least, most] = range;
  return rounded(most - ((most - least) * probability) / 1_000);
}

/** Left out where it is the kind's usual one. */
function intensityOf({ kind, intensity }: DrawnFault): number | undefined {
  const of = FAULT_KINDS[kind].intensity;
  if (of === undefined || intensity === 0) return undefined;
  const [least, most] = of.swarm;
  // A magnitude is as likely as the next; 0 has none, and comes with the least share.
  const from = Math.max(least, Math.min(1, most));
  const drawn = intensity === 1 ? least : from * (most / from) ** (intensity / 1_000);
  return of.unit === 'factor' || of.unit === 'share' ? rounded(drawn) : Math.round(drawn);
}

/** To three digits, so that stories stay readable. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
