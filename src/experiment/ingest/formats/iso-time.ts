/** Times as foreign payloads write them. */

/** ISO 8601 in UTC with microseconds. */
export function isoTime(timeUs: number): string {
  const seconds = new Date(Math.floor(timeUs / 1_000)).toISOString().slice(0, 19);
  return `${seconds}.${String(timeUs % 1_000_000).padStart(6, '0')}Z`;
}
