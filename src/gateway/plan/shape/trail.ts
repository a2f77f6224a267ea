/** Where shaping stands and what it found wrong on the way. */
import type { Place } from '../data/response-data.ts';

/** Something that the schema does not allow at a place of the answer. */
export interface Violation {
  readonly message: string;
  readonly path: Place;
  /** Whether it is a null where none may be, which may be the consequence of a reported error. */
  readonly isNull: boolean;
}

/** The way from the root to the value at hand. */
export interface Trail {
  readonly path: (string | number)[];
  readonly violations: Violation[];
}

/** Shapes one value; `trail` is where it stands. */
export type Complete = (value: unknown, trail: Trail) => unknown;

/** Stands for "null where null is not allowed": the parent becomes null. */
export const NOT_ALLOWED = Symbol('null not allowed');

/** Notes a null where none may be. */
export function violateNull(trail: Trail, what: string): void {
  const message = `Cannot return null for ${what}.`;
  trail.violations.push({ message, path: [...trail.path], isNull: true });
}

/** Notes a value that the schema does not allow, which becomes null. */
export function violateType(trail: Trail, message: string): null {
  trail.violations.push({ message, path: [...trail.path], isNull: false });
  return null;
}
