/** Whoever comes in goes out, with the reason, or is inside: pages, questions and their tries over
 * every edge, calls at every server and at every zone of it. Both sides are counted apart: accounts
 * by who acts, what is open one by one. Spec: T24. */
import type { Invariant } from '../invariant.ts';
import { alwaysOfRequests } from '../modalities.ts';
import type { EdgeView, ServerView } from '../view/world-view.ts';

/** Pages. */
export const PAGES_ARE_CONSERVED: Invariant = alwaysOfRequests(
  'pages-are-conserved',
  'pages asked for = ended + never left their device + open',
  ({ pages: { asked, ended, open, offline } }) => {
    if (asked === 0) return undefined;
    if (asked === ended + open + offline) return true;
    return { message: 'pages got lost', details: { asked, ended, open, offline } };
  },
);

/** Questions and tries over edges. */
export const CALLS_ARE_CONSERVED: Invariant = alwaysOfRequests(
  'calls-are-conserved',
  'over every edge, calls = settled + given up + open, and tries = ended (four ways) + open',
  ({ edges }) => {
    let isUsed = false;
    for (const edge of edges) {
      if (edge.calls === 0) continue;
      isUsed = true;
      const wrong = wrongWith(edge);
      if (wrong !== undefined) return wrong;
    }
    return isUsed ? true : undefined;
  },
);

function wrongWith(edge: EdgeView) {
  const { name, calls, settled, abandoned, openCalls } = edge;
  const over = settled.answered + settled.failed + settled.stale + settled.default + abandoned;
  if (calls !== over + openCalls) {
    const details = { edge: name, calls, settled: { ...settled }, abandoned, openCalls };
    return { message: `calls over ${name} got lost`, details };
  }
  const { tries, answers, errors, timeouts, hangUps, openTries } = edge;
  if (tries !== answers + errors + timeouts + hangUps + openTries) {
    const details = { edge: name, tries, answers, errors, timeouts, hangUps, openTries };
    return { message: `tries over ${name} got lost`, details };
  }
  return undefined;
}

/** Calls at servers. */
export const SERVERS_CONSERVE_CALLS: Invariant = alwaysOfRequests(
  'servers-conserve-calls',
  'at every server, calls offered = answered + failed by reason + inside',
  ({ servers }) => {
    let isUsed = false;
    for (const server of servers) {
      if (server.offered === 0) continue;
      isUsed = true;
      const { name, offered, answered, failures, inFlight } = server;
      let failed = 0;
      for (const reason in failures) failed += failures[reason] ?? 0;
      if (offered === answered + failed + inFlight) continue;
      const details = { server: name, offered, answered, failures: { ...failures }, inFlight };
      return { message: `calls at ${name} got lost`, details };
    }
    return isUsed ? true : undefined;
  },
);

/** Calls at replicas and zones. */
export const REPLICAS_HOLD_WHAT_IS_INSIDE: Invariant = alwaysOfRequests(
  'replicas-hold-what-is-inside',
  'the calls inside a server are those that its replicas hold, zone by zone',
  ({ servers }) => {
    let isUsed = false;
    for (const server of servers) {
      if (server.offered === 0) continue;
      isUsed = true;
      const held = heldBy(server);
      if (held === server.inFlight) continue;
      const byZone = server.replicas.map(({ zone, index, held: n }) => ({ zone, index, held: n }));
      const details = { server: server.name, inFlight: server.inFlight, held, byZone };
      return { message: `${server.name} has lost sight of calls at its replicas`, details };
    }
    return isUsed ? true : undefined;
  },
);

/** −1 where one of its replicas holds less than nothing. */
function heldBy({ replicas }: ServerView): number {
  let sum = 0;
  for (const { held } of replicas) {
    if (held < 0) return -1;
    sum += held;
  }
  return sum;
}
