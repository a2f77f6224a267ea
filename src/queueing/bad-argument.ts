/** The error of a part that was made or used with an argument outside its range. */
import { EngineError } from '../kernel/errors.ts';

/** To be thrown; `remedy` says what to give instead. */
export function badArgument(argument: string, found: number, remedy: string): EngineError {
  const message = `${argument} is ${found}; ${remedy}`;
  return new EngineError('QUEUEING_BAD_ARGUMENT', message, { argument, found });
}

/** An argument, what was found, whether it is valid, and what to give instead. */
export type ArgumentRule = readonly [
  argument: string,
  found: number,
  isValid: boolean,
  remedy: string,
];

/** Refuses the first argument that is not valid.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function checkArguments(rules: readonly ArgumentRule[]): void {
  for (const [argument, found, isValid, remedy] of rules) {
    if (!isValid) throw badArgument(argument, found, remedy);
  }
}

/** Whether a number is whole and at least `minimum`. */
export function isCount(n: number, minimum: number): boolean {
  return Number.isSafeInteger(n) && n >= minimum;
}
