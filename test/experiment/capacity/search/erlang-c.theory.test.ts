/** The planner's search on stations whose answer is known: Erlang C. */
import { describe, expect, it } from 'vitest';
import { cheapestFleet } from '../../../../src/experiment/capacity/search/cheapest-fleet.ts';
import type { Coordinate } from '../../../../src/experiment/capacity/search/fleet.ts';
import {
  serversOfTier,
  staffingByTier,
} from '../../../../src/experiment/capacity/staffing/tiers.ts';
import { createChance } from '../../../../src/kernel/chance.ts';
import { serversForWaitProbability } from '../../../../src/queueing/theory/staffing/servers-for.ts';
import { type StationCase, tryServers } from './station-evaluator.ts';

const SERVERS: Coordinate = { path: 'servers', min: 1, max: 64, step: 1, isPriced: true };
/** A case whose answer is off by two is a false alarm of about 1 in 1,000 at this length. */
const JOBS = 1_000;
const LOOKS = { first: 3, last: 12 };

/** Plans a station as `plan` does: started by square-root staffing, confirmed on new
 * replications. */
async function plannedServers(station: StationCase) {
  const answer = await cheapestFleet({
    coordinates: [SERVERS],
    start: [serversOfTier(station.offeredErlangs, 1)],
    costOf: ([servers = 0]) => servers,
    judge: ([servers = 0]) => tryServers(station, servers, LOOKS),
    confirm: ([servers = 0]) =>
      tryServers(station, servers, { first: LOOKS.last, last: LOOKS.last, from: LOOKS.last }),
  });
  expect(answer.verdict).toBe('met');
  expect(answer.isMinimumVerified).toBe(true);
  return answer.fleet[0] ?? 0;
}

describe('a pure M/M/c station', () => {
  it('E210: is planned as Erlang C says, ± 1 server, in each of 100 random cases', async () => {
    const draws = createChance({ seed: 20_261_126, replication: 0 }).draws('case');
    const off: unknown[] = [];
    let cases = 0;
    for (let n = 0; n < 100; n += 1) {
      const offeredErlangs = 0.5 * 40 ** draws.uniform(n, 0);
      const waitProbability = 0.03 * 10 ** draws.uniform(n, 1);
      const meanServiceUs = 5_000 + 45_000 * draws.uniform(n, 2);
      const jobs = JOBS;
      const found = await plannedServers({
        seed: n + 1,
        offeredErlangs,
        waitProbability,
        meanServiceUs,
        jobs,
      });
      const theory = serversForWaitProbability(offeredErlangs, waitProbability);
      cases += 1;
      if (Math.abs(found - theory) > 1)
        off.push({ n, offeredErlangs, waitProbability, found, theory });
    }
    expect(cases).toBe(100);
    expect(off).toEqual([]);
  });

  it('E211: takes what square-root staffing says of each tier, ± 1 server', async () => {
    const off: unknown[] = [];
    for (const { tier, q, waitProbability } of staffingByTier(1)) {
      for (const [n, offeredErlangs] of [3, 9].entries()) {
        const seed = 1_000 + 10 * tier + n;
        const meanServiceUs = 20_000;
        // As many waits in each case.
        const jobs = Math.max(JOBS, Math.ceil(100 / waitProbability));
        const station = { seed, offeredErlangs, waitProbability, meanServiceUs, jobs };
        const found = await plannedServers(station);
        const scm = Math.ceil(offeredErlangs + q * Math.sqrt(offeredErlangs));
        expect(serversOfTier(offeredErlangs, tier)).toBe(scm);
        if (Math.abs(found - scm) > 1) off.push({ tier, offeredErlangs, found, scm });
      }
    }
    expect(off).toEqual([]);
  });

  it('E206: needs no fewer servers for more demand or a stricter objective', async () => {
    const planned = (offeredErlangs: number, waitProbability: number) =>
      plannedServers({
        seed: 7,
        offeredErlangs,
        waitProbability,
        meanServiceUs: 20_000,
        jobs: JOBS,
      });
    const byDemand: number[] = [];
    for (const erlangs of [1, 2, 4, 8]) byDemand.push(await planned(erlangs, 0.1));
    expect(byDemand).toEqual([...byDemand].sort((a, b) => a - b));
    const byLimit: number[] = [];
    for (const limit of [0.3, 0.1, 0.03]) byLimit.push(await planned(4, limit));
    expect(byLimit).toEqual([...byLimit].sort((a, b) => a - b));
    expect(await planned(4, 0.1)).toBe(byLimit[1]);
    expect(Math.min(...byDemand, ...byLimit)).toBeGreaterThan(0);
  });
});
