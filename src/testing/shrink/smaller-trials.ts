/** Trials that are smaller than a trial: fewer faults and viewers, shorter runs, scenarios with
 * more defaults, the plainest architecture, no order of ties. Spec: T105. */

import type { ScenarioInput } from '../../experiment/scenario/schema.ts';
import { ARCHITECTURE_NAMES } from '../../gateway/architecture.ts';
import { US_PER_SECOND } from '../../kernel/time.ts';
import type { CounterexampleSize } from '../story/check-failure.ts';
import type { Trial } from '../trial/trial.ts';
import { eachSmaller, nearer, shorter } from './greedy.ts';
import { omissions } from './smaller-json.ts';

type FaultInput = NonNullable<ScenarioInput['faults']>[number];

/** Viewers that arrive by chance become guests, so many at most. */
const GUESTS_MAX = 3;

/** Guests, viewers expected, and a load test count as commands; faults and an order of ties as
 * faults. */
export function trialSize({ scenario, tieOrder }: Trial): CounterexampleSize {
  const { viewers = 0, guests = [] } = scenario.audience;
  const traffic = scenario.traffic === undefined ? 0 : 1;
  return {
    commands: guests.length + Math.ceil(viewers) + traffic,
    faults: (scenario.faults ?? []).length + (tieOrder === undefined ? 0 : 1),
  };
}

/** Smaller trials, boldest first. Some are no valid scenarios. */
export function* smallerTrials(trial: Trial): Iterable<Trial> {
  const { tieOrder, ...untied } = trial;
  if (tieOrder !== undefined) yield untied;
  for (const scenario of smallerScenarios(trial.scenario)) {
    // Without the time after the faults nobody asks whether the world recovers.
    if (scenario.clock.duration > trial.healedAt) yield { ...trial, scenario };
  }
  for (const architecture of ARCHITECTURE_NAMES) {
    if (architecture === trial.architecture) break;
    yield { ...trial, architecture };
  }
  const overAt = overAtUs(trial.scenario);
  if (overAt !== undefined && overAt < trial.healedAt) yield { ...trial, healedAt: overAt };
}

function* smallerScenarios(scenario: ScenarioInput): Iterable<ScenarioInput> {
  const { faults = [] } = scenario;
  for (const fewer of shorter(faults)) yield { ...scenario, faults: [...fewer] };
  for (const audience of smallerAudiences(scenario.audience)) yield { ...scenario, audience };
  if (scenario.traffic !== undefined) {
    const { traffic: _, ...quiet } = scenario;
    yield quiet;
  }
  for (const fewer of eachSmaller(faults, milder)) yield { ...scenario, faults: [...fewer] };
  const { clock } = scenario;
  for (const duration of nearer(clock.duration, { plain: US_PER_SECOND, step: US_PER_SECOND })) {
    yield { ...scenario, clock: { ...clock, duration } };
  }
  yield* plainerScenarios(scenario);
}

function* smallerAudiences(
  audience: ScenarioInput['audience'],
): Iterable<ScenarioInput['audience']> {
  const { viewers = 0, guests = [] } = audience;
  for (const fewer of shorter(guests)) yield { ...audience, guests: [...fewer] };
  if (viewers > 0) {
    for (let count = 0; count <= GUESTS_MAX; count += 1) {
      const added = Array.from({ length: count }, (_, n) => ({ at: n * US_PER_SECOND }));
      yield { ...audience, viewers: 0, guests: [...guests, ...added] };
    }
    for (const fewer of nearer(Math.ceil(viewers))) yield { ...audience, viewers: fewer };
  }
  const earlier = function* (guest: { readonly at: number }) {
    for (const at of nearer(guest.at, { step: US_PER_SECOND })) yield { at };
  };
  for (const sooner of eachSmaller(guests, earlier)) yield { ...audience, guests: [...sooner] };
}

/** A fault that begins sooner, is over sooner, and has fewer figures of its own. It keeps its
 * target: without, it would hit everybody. */
function* milder(fault: FaultInput): Iterable<FaultInput> {
  for (const name of ['rate', 'intensity', 'probability', 'factor']) {
    if (!(name in fault)) continue;
    const { [name]: _, ...rest } = fault as Record<string, unknown>;
    yield rest as FaultInput;
  }
  for (const at of nearer(fault.at, { step: US_PER_SECOND })) yield { ...fault, at };
  for (const longUs of nearer(fault.for, { plain: US_PER_SECOND, step: US_PER_SECOND })) {
    yield { ...fault, for: longUs };
  }
}

/** Defaults instead of what was drawn: all parts but those that say what is asked. */
function* plainerScenarios(scenario: ScenarioInput): Iterable<ScenarioInput> {
  const { schema, name, question, seed, clock, audience, faults, ...parts } = scenario;
  const kept = { schema, name, question, seed, clock, audience };
  const withFaults = faults === undefined ? kept : { ...kept, faults };
  for (const fewer of omissions(parts)) yield { ...withFaults, ...(fewer as object) };
  const { viewers, guests, ...people } = audience;
  const counted = { ...(viewers === undefined ? {} : { viewers }), ...(guests && { guests }) };
  for (const fewer of omissions(people)) {
    yield { ...scenario, audience: { ...counted, ...(fewer as object) } };
  }
}

/** When the last fault is over; undefined where that hangs on draws. */
function overAtUs({ faults = [] }: ScenarioInput): number | undefined {
  if (faults.some((fault) => 'rate' in fault && fault.rate !== undefined)) return undefined;
  return Math.max(0, ...faults.map((fault) => fault.at + fault.for));
}
