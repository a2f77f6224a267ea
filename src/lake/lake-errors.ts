/** What a lake refuses, as errors with a place, a reason and a remedy. */
import { EngineError } from '../kernel/errors.ts';

/** A lake that cannot be read as it is. */
export function lakeUnreadable(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(
    'LAKE_UNREADABLE',
    `${path}: ${reason}`,
    { path },
    cause === undefined ? {} : { cause },
  );
}

/** Runs what writes below `path`. @throws EngineError `STORAGE_UNWRITABLE` for what it throws. */
export async function writing<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw cause instanceof EngineError ? cause : unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): EngineError {
  const told = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
  return new EngineError(
    'STORAGE_UNWRITABLE',
    `${path}: it cannot be written (${told}); make room or choose a writable place, then try again`,
    { path },
    { cause },
  );
}
