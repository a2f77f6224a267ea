/** The set of content seconds that were watched, as intervals: watching one again counts once.
 * Plain data of bounded size: seeks make intervals, time does not. Source: Snowplow's media
 * plugin, `contentWatched`. Spec: A50. */

/** Interval bounds [from, to) in whole seconds, ascending and apart: from₀, to₀, from₁, to₁, … */
export type WatchedSeconds = readonly number[];

/** Nothing watched. */
export const NOTHING_WATCHED: WatchedSeconds = Object.freeze([]);

/** Playing on over more content than this without a word about a seek is a player's glitch. */
const MAX_STRETCH_SECONDS = 3_600;

/** The set with what was watched between two positions. A stretch that goes back, or over more than
 * an hour, counts only the second it ended in. @param stretch - Positions in seconds, fractions
 * allowed, ≥ 0. */
export function withWatched(
  watched: WatchedSeconds,
  stretch: { readonly fromSeconds: number; readonly toSeconds: number },
): WatchedSeconds {
  const { fromSeconds, toSeconds } = stretch;
  const length = toSeconds - fromSeconds;
  if (length === 0) return watched;
  if (length < 0 || length > MAX_STRETCH_SECONDS) {
    const current = Math.floor(toSeconds);
    return united(watched, current, current + 1);
  }
  return united(watched, Math.floor(fromSeconds), Math.ceil(toSeconds));
}

/** How many distinct seconds were watched. */
export function watchedCount(watched: WatchedSeconds): number {
  let count = 0;
  for (let i = 0; i < watched.length; i += 2) count += (watched[i + 1] ?? 0) - (watched[i] ?? 0);
  return count;
}

/** Whether a second was watched. */
export function wasWatched(watched: WatchedSeconds, second: number): boolean {
  for (let i = 0; i < watched.length; i += 2) {
    if ((watched[i] ?? 0) <= second && second < (watched[i + 1] ?? 0)) return true;
  }
  return false;
}

function united(watched: WatchedSeconds, from: number, to: number): WatchedSeconds {
  const before: number[] = [];
  const after: number[] = [];
  let start = from;
  let end = to;
  for (let i = 0; i < watched.length; i += 2) {
    const low = watched[i] ?? 0;
    const high = watched[i + 1] ?? 0;
    if (high < start) before.push(low, high);
    else if (low > end) after.push(low, high);
    else {
      start = Math.min(start, low);
      end = Math.max(end, high);
    }
  }
  return [...before, start, end, ...after];
}
