/** What load a scenario puts on, in numbers: the viewers that it expects, and its load test. */
import type { PageDemand } from '../result.ts';
import type { Scenario } from '../scenario/schema.ts';

/** The load of a scenario, or of a variant. */
export function pageDemand({ audience, traffic }: Scenario): PageDemand {
  const viewers = audience.viewers + audience.guests.length;
  if (traffic === undefined) return { viewers, test: null };
  const { kind, via } = traffic;
  if (kind === 'closed') {
    const maxUsers = Math.max(...traffic.users.map(({ users }) => users));
    return { viewers, test: { kind, via, maxUsers } };
  }
  const rates = traffic.rate.map(({ perSecond }) => perSecond);
  const [minPerSec, maxPerSec] = [Math.min(...rates), Math.max(...rates)];
  return { viewers, test: { kind, via, minPerSec, maxPerSec } };
}
