/** The accounts of edges and servers as they stand in a result document. */
import { US_PER_HOUR } from '../../kernel/time.ts';
import type { World } from '../assemble.ts';
import type { EdgeAccount } from '../requests/calls/accounts.ts';
import type { CallsResult, ServerResult } from '../result.ts';

/** One a kind of caller and server. */
export function callsResults({ wired }: World): readonly CallsResult[] {
  return wired.edges.map(({ account }) => ({
    edge: account.name,
    calls: account.calls,
    settled: { ...account.settled },
    abandoned: account.abandoned,
    attempts: account.attempts,
    answers: account.answers,
    errors: account.errors,
    timeouts: account.timeouts,
    hangUps: account.hangUps,
    open: account.attempts - account.answers - account.errors - account.timeouts - account.hangUps,
    retries: account.retries,
    hedges: account.hedges,
    failures: { ...account.failures },
    lateAnswers: account.lateAnswers,
    wastedWorkShare: shareOf(account.wastedWorkUs, account.usefulWorkUs + account.wastedWorkUs),
  }));
}

/** One a server. */
export function serverResults({ wired, sampler, machineTime }: World): readonly ServerResult[] {
  return wired.servers.map(({ name, account, inFlight, cacheHitShare }, n) => {
    const replicas = sampler.servers[n]?.replicas ?? [];
    const perJobMs = (totalUs: number) =>
      account.jobs === 0 ? null : totalUs / account.jobs / 1_000;
    return {
      name,
      offered: account.offered,
      answered: account.answered,
      failures: { ...account.failures },
      inFlight,
      meanWaitMs: perJobMs(account.waitUs),
      meanServiceMs: perJobMs(account.serviceUs),
      workSeconds: account.workUs / 1e6,
      cacheHitShare: cacheHitShare ?? null,
      replicas: {
        min: Math.min(...replicas),
        max: Math.max(...replicas),
        mean: replicas.reduce((sum, value) => sum + value, 0) / Math.max(1, replicas.length),
      },
      ...(wired.settings[n]?.autoscaler === undefined
        ? {}
        : { replicaHours: (machineTime[n]?.memberUs ?? 0) / US_PER_HOUR }),
    };
  });
}

/** Worker time that no viewer had anything of: behind tries that their caller gave up, and behind
 * calls of a page whose try was given up. */
export function wastedWorkShare({ wired }: World): number {
  const sum = (of: (account: EdgeAccount) => number) =>
    wired.edges.reduce((total, { account }) => total + of(account), 0);
  const wastedUs = sum((account) => account.wastedWorkUs);
  const allUs = wastedUs + sum((account) => account.usefulWorkUs);
  return shareOf(wastedUs + sum((account) => account.undoneWorkUs), allUs);
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
