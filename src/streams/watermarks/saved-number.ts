/** Times in checkpoints: JSON has no infinities, so these are texts there. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';

/** A time as plain data. */
export function savedNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** A time from plain data. @throws EngineError `SNAPSHOT_REFUSED` for what is none. */
export function readSavedNumber(saved: PlainValue | undefined, what: string): number {
  if (typeof saved === 'number') return saved;
  if (saved === 'Infinity' || saved === '-Infinity') return Number(saved);
  return refuseSnapshot(what, `${JSON.stringify(saved)} is no time`);
}

/** @throws EngineError `SNAPSHOT_REFUSED`, always. */
export function refuseSnapshot(what: string, problem: string): never {
  const message = `${what} cannot be restored: ${problem}; restore what the same plan has saved`;
  throw new EngineError('SNAPSHOT_REFUSED', message, { problems: [problem] });
}
