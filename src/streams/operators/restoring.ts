/** Puts saved state back, or refuses in words: what a snapshot holds may come from anywhere. */
import { EngineError } from '../../kernel/errors.ts';
import { refuseSnapshot } from '../watermarks/saved-number.ts';

/** Runs `restore`. @throws EngineError `SNAPSHOT_REFUSED` where it stumbles over what it reads. */
export function restoring(what: string, restore: () => void): void {
  try {
    restore();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    refuseSnapshot(what, 'the saved state has another shape');
  }
}

/** A whole number from a snapshot. @throws EngineError `SNAPSHOT_REFUSED` for what is none. */
export function savedCount(found: unknown, what: string): number {
  if (Number.isSafeInteger(found) && (found as number) >= 0) return found as number;
  return refuseSnapshot(what, `${JSON.stringify(found)} is no count`);
}
