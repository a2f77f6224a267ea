/** A factor that has met its scenario: its levels in order, and what the scenario becomes at one.
 * Spec: E270, E271. */
import type { ScenarioProblem } from '../../../kernel/errors.ts';
import { changedScenario } from '../../scenario/define-scenario.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { applyVariant } from '../../scenario/variants.ts';
import type { LevelValue, SweepFactor } from '../sweep-document.ts';
import type { FactorText } from './factor-text.ts';
import { scaledField, variedField } from './varied-field.ts';

/** The factor of a text.
 * @returns a problem where the path is none of the scenario's or cannot be scaled. */
export function factorOf(scenario: Scenario, text: FactorText): SweepFactor | ScenarioProblem {
  const { path, how, levels, isRange } = text;
  const field = variedField(scenario, path);
  if ('rule' in field) return field;
  if (how === 'scale' && scaledField(field.value, 1) === undefined) {
    const found = field.value === undefined ? 'nothing to scale' : 'what cannot be scaled';
    const rule = 'scale a number, a distribution or a rate over time, or set values with =';
    return { path, found, rule };
  }
  const areNumbers = levels.every((level) => typeof level === 'number');
  const ordered = areNumbers ? [...levels].sort((a, b) => Number(a) - Number(b)) : levels;
  const low = ordered[0] as LevelValue;
  const high = ordered.at(-1) as LevelValue;
  return {
    path,
    how,
    levels: isRange ? null : ordered,
    low,
    high,
    isWhole: how === 'set' && isRange && takesWholeNumbers(scenario, path, Number(low)),
  };
}

/** Whether the scenario takes a whole number there and no other. */
function takesWholeNumbers(scenario: Scenario, path: string, low: number): boolean {
  const whole = Math.ceil(low);
  const fits = (value: number) => applyVariant(scenario, { [path]: value }).success;
  return fits(whole) && !fits(whole + 0.5);
}

/** The level at a share 0–1 of the way: of a list the one whose slice that is; of a range by
 * distance, or by ratio where factors scale. Whole where the scenario wants it. */
export function levelAt(factor: SweepFactor, share: number): LevelValue {
  const { levels, how, isWhole } = factor;
  if (levels !== null) {
    const last = levels.length - 1;
    return levels[Math.min(last, Math.floor(share * levels.length))] as LevelValue;
  }
  const [low, high] = [Number(factor.low), Number(factor.high)];
  // Every whole number has a slice of its own, the ends too.
  if (isWhole) return Math.min(high, low + Math.floor(share * (high - low + 1)));
  if (share === 0 || share === 1) return share === 0 ? low : high;
  const value = how === 'scale' ? low * (high / low) ** share : low + share * (high - low);
  return Number(value.toPrecision(12));
}

/** Evenly spaced levels of a range, both ends among them; those of a list. */
export function levelsOf(factor: SweepFactor, count: number): readonly LevelValue[] {
  if (factor.levels !== null) return factor.levels;
  const { low, high, isWhole } = factor;
  const whole = (share: number) => Math.round(Number(low) + share * (Number(high) - Number(low)));
  const levels = Array.from({ length: count }, (_, i) => {
    const share = count === 1 ? 0 : i / (count - 1);
    return isWhole ? whole(share) : levelAt(factor, share);
  });
  return [...new Set(levels)];
}

/** The place of a level as a share 0–1 of the way from low to high. */
export function coordinateOf(factor: SweepFactor, level: LevelValue): number {
  const { levels, how } = factor;
  const [low, high] = [Number(factor.low), Number(factor.high)];
  const areNumbers = levels?.every((one) => typeof one === 'number') ?? true;
  if (!areNumbers) {
    const all = levels ?? [];
    return all.length < 2 ? 0 : all.indexOf(level) / (all.length - 1);
  }
  const value = Number(level);
  return how === 'scale'
    ? Math.log(value / low) / Math.log(high / low)
    : (value - low) / (high - low);
}

/** What a subject's scenario becomes at a point, checked anew. */
export function scenarioAt(
  scenario: Scenario,
  factors: readonly SweepFactor[],
  settings: Readonly<Record<string, LevelValue>>,
): { readonly scenario: Scenario } | { readonly problems: readonly ScenarioProblem[] } {
  const set: Record<string, unknown> = {};
  const retried: Record<string, unknown> = {};
  for (const { path, how } of factors) {
    const level = settings[path] as LevelValue;
    const field = variedField(scenario, path);
    const current = 'rule' in field ? undefined : field.value;
    set[path] = how === 'scale' ? scaledField(current, Number(level)) : level;
    const isNumber = how === 'scale' && typeof set[path] === 'number';
    retried[path] = isNumber ? Math.round(Number(set[path])) : set[path];
  }
  const changed = changedScenario(scenario, set);
  if (!('problems' in changed)) return changed;
  // A scaled number may have to be whole.
  const rounded = changedScenario(scenario, retried);
  return 'problems' in rounded ? changed : rounded;
}
