/** How long to wait before the connection is tried again. */

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** Twice as long after every failure in a row, at most 15 s.
 * @param failures - In a row, from 1.
 * @param retryAfterSec - What the server asked for. */
export function reconnectDelayMs(failures: number, retryAfterSec?: number): number {
  const doubled = FIRST_MS * 2 ** Math.min(20, Math.max(0, failures - 1));
  const asked = (retryAfterSec ?? 0) * 1_000;
  return Math.min(Math.max(doubled, Number.isFinite(asked) ? asked : 0), LONGEST_MS);
}
