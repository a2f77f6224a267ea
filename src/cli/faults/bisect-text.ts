/** A bisection in words. */
import type { Bisection } from '../../testing/bisect/bisect-trial.ts';

const US_PER_SECOND = 1_000_000;

/** The text of a bisection, one fact a line. @param invariant - Its name. */
export function bisectText(invariant: string, found: Bisection): string {
  const runs = `${found.runs} runs`;
  if (found.verdict === 'holds') {
    return `${invariant}: holds, so there is nothing to bisect (${runs})`;
  }
  if (found.verdict === 'not-by-faults') {
    return [
      `${invariant}: breaks with every fault of the catalogue taken out, too (${runs})`,
      `  ${found.finding.message}`,
    ].join('\n');
  }
  const { event, atUs, records, activeFaults, finding, shownAfter } = found;
  const what = records.map(({ actor, event: name }) => `${actor} ${name}`);
  return [
    `${invariant}: after event ${event}, at ${seconds(atUs)}, nothing helps any more (${runs})`,
    `  in it: ${what.length === 0 ? 'a timer, or a fault begins or ends' : what.join(', ')}`,
    `  active: ${activeFaults.length === 0 ? 'no fault' : activeFaults.join(', ')}`,
    `  with all faults ended one event before it holds; as it is, event ${shownAfter} shows`,
    `  ${finding.message}`,
  ].join('\n');
}

function seconds(us: number): string {
  return `${(us / US_PER_SECOND).toFixed(6)} s`;
}
