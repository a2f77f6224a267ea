/** Rules that settings of models keep. */
import { EngineError } from '../../kernel/errors.ts';

/** A setting as it was found, and whether it keeps its rule. */
export interface CheckedSetting {
  readonly argument: string;
  readonly found: number;
  readonly isRight: boolean;
  readonly rule: string;
}

/** A whole number from 1. */
export function atLeastOne(argument: string, found: number): CheckedSetting {
  const isRight = Number.isInteger(found) && found >= 1;
  return { argument, found, isRight, rule: 'a whole number, at least 1' };
}

/** A whole number from 0. */
export function wholeNumber(argument: string, found: number): CheckedSetting {
  const isRight = Number.isInteger(found) && found >= 0;
  return { argument, found, isRight, rule: 'a whole number, at least 0' };
}

/** A finite number above 0. */
export function aboveZero(argument: string, found: number): CheckedSetting {
  return { argument, found, isRight: found > 0 && Number.isFinite(found), rule: 'above 0' };
}

/** A finite number from 0. */
export function notNegative(argument: string, found: number): CheckedSetting {
  return { argument, found, isRight: found >= 0 && Number.isFinite(found), rule: 'at least 0' };
}

/** @throws EngineError `ANALYTICS_BAD_ARGUMENT` for the first that does not keep its rule. */
export function requireSettings(model: string, settings: readonly CheckedSetting[]): void {
  const wrong = settings.find(({ isRight }) => !isRight);
  if (wrong === undefined) return;
  const { argument, found, rule } = wrong;
  throw new EngineError(
    'ANALYTICS_BAD_ARGUMENT',
    `${model}: ${argument} is ${found}, but it must be ${rule}`,
    { argument, found },
  );
}
