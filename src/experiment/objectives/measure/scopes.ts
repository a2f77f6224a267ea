/** Which parts of a run count: scopes as stretches of virtual time. Stretches are half open, sorted
 * and apart. Spec: E105. */
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { Scope } from '../objective.ts';

/** From a moment up to, and without, another. */
export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
}

const US_PER_DAY = 86_400 * US_PER_SECOND;

/** What a fault is called: by kind, and by kind and target: `zone.loss`, `zone.loss:1`,
 * `service.slow:movie`. */
export function faultNames(fault: Scenario['faults'][number]): readonly [string, string] {
  const target = fault.kind === 'zone.loss' ? fault.zone : fault.target;
  return [fault.kind, `${fault.kind}:${target}`];
}

/** Stretches of faults, by name; all of them with null. By start, each on its own. */
export function faultStretches(scenario: Scenario, name: string | null): readonly Stretch[] {
  return scenario.faults
    .filter((fault) => name === null || faultNames(fault).includes(name))
    .map((fault) => ({ fromUs: fault.at, toUs: fault.at + fault.for }))
    .sort((a, b) => a.fromUs - b.fromUs || a.toUs - b.toUs);
}

/** What is left of a stretch under all scopes. */
export function scopeStretches(
  scenario: Scenario,
  scopes: readonly Scope[],
  whole: Stretch,
): readonly Stretch[] {
  return scopes.reduce<readonly Stretch[]>(
    (left, scope) => intersection(left, stretchesOf(scenario, scope, whole)),
    [whole],
  );
}

/** Faults that nothing may overlap with, not even by its end. */
export function excludedStretches(
  scenario: Scenario,
  scopes: readonly Scope[],
): readonly Stretch[] {
  return scopes.flatMap((scope) =>
    scope.kind === 'outside-fault' ? faultStretches(scenario, scope.fault) : [],
  );
}

/** Times of day as a stretch of the run: the first one that ends after the run has begun. */
export function clockStretch(
  { clock }: Scenario,
  scope: { readonly from: string; readonly to: string },
): Stretch {
  const startUs = timeOfDayUs(clock.start.slice(11, 19));
  const fromUs = timeOfDayUs(scope.from) - startUs;
  const lengthUs = (timeOfDayUs(scope.to) - timeOfDayUs(scope.from) + US_PER_DAY) % US_PER_DAY;
  const days = Math.max(0, Math.floor(-(fromUs + lengthUs) / US_PER_DAY) + 1);
  const shiftedUs = fromUs + (fromUs + lengthUs <= 0 ? days * US_PER_DAY : 0);
  return { fromUs: shiftedUs, toUs: shiftedUs + lengthUs };
}

function stretchesOf(scenario: Scenario, scope: Scope, whole: Stretch): readonly Stretch[] {
  switch (scope.kind) {
    case 'phase':
      return scenario.phases
        .filter(({ name }) => name === scope.phase)
        .map(({ from, to }) => ({ fromUs: from, toUs: to }));
    case 'between':
      return [scope];
    case 'clock':
      return [clockStretch(scenario, scope)];
    case 'outside-fault':
      return without([whole], faultStretches(scenario, scope.fault));
    case 'after-fault':
      return afterFaults(scenario, scope.fault, whole);
  }
}

/** From the end of the first on, without those that follow. */
function afterFaults(scenario: Scenario, fault: string, whole: Stretch): readonly Stretch[] {
  const faults = faultStretches(scenario, fault);
  const firstEndUs = Math.min(...faults.map(({ toUs }) => toUs));
  if (!Number.isFinite(firstEndUs)) return [];
  return without([{ fromUs: firstEndUs, toUs: whole.toUs }], faults);
}

function intersection(a: readonly Stretch[], b: readonly Stretch[]): readonly Stretch[] {
  return a
    .flatMap((one) =>
      b.map((other) => ({
        fromUs: Math.max(one.fromUs, other.fromUs),
        toUs: Math.min(one.toUs, other.toUs),
      })),
    )
    .filter(({ fromUs, toUs }) => fromUs < toUs)
    .sort((x, y) => x.fromUs - y.fromUs);
}

function without(from: readonly Stretch[], what: readonly Stretch[]): readonly Stretch[] {
  return what.reduce<readonly Stretch[]>(
    (left, { fromUs, toUs }) =>
      left.flatMap((one) =>
        [
          { fromUs: one.fromUs, toUs: Math.min(one.toUs, fromUs) },
          { fromUs: Math.max(one.fromUs, toUs), toUs: one.toUs },
        ].filter((piece) => piece.fromUs < piece.toUs),
      ),
    from,
  );
}

/** µs since midnight of `HH:MM` or `HH:MM:SS`. */
function timeOfDayUs(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text
    .split(':')
    .map((part) => Number.parseInt(part, 10));
  return ((hours * 60 + minutes) * 60 + (Number.isNaN(seconds) ? 0 : seconds)) * US_PER_SECOND;
}
