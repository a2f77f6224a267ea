/** Bugs in the request path of whole worlds. */
import type { Bug } from '../hunt/bug.ts';

const EDGE = 'src/experiment/requests/calls/call-edge.ts';
const SERVER = 'src/experiment/requests/servers/server.ts';
const LAWS = 'world/worlds-keep-their-laws' as const;

/** Each with the property that must catch it. */
export const WORLD_BUGS: readonly Bug[] = [
  {
    name: 'hedge-not-cancelled-counts-twice',
    file: EDGE,
    find: `    call.settle(outcome, this.#world.simulation.nowUs);
    this.#hangUpAll(call);
    this.#o.account.settled[outcome] += 1;`,
    replace: `    call.settle(outcome, this.#world.simulation.nowUs);
    this.#o.account.settled[outcome] += 1;`,
    story: 'The loser of a hedge goes on, costs what it costs, and its answer counts as a second.',
    property: LAWS,
    withinRuns: 60,
  },
  {
    name: 'time-out-outlives-its-answer',
    file: EDGE,
    find: `      this.#world.simulation.cancel(attempt.timeoutKey);
`,
    replace: '',
    story: 'Every answered call is also timed out, retried, and speaks against its server.',
    property: LAWS,
    withinRuns: 30,
  },
  {
    name: 'given-up-call-is-settled-again',
    file: EDGE,
    find: `    call.settle('abandoned', this.#world.simulation.nowUs);
    this.#o.account.abandoned += 1;`,
    replace: '    this.#o.account.abandoned += 1;',
    story: 'A page that was left is counted as left and as failed.',
    property: 'requests/edge-keeps-its-account',
    withinRuns: 200,
  },
  {
    name: 'late-answer-counts',
    file: EDGE,
    find: `    attempt.isAnswered = true;
    if (!attempt.isWanted) {`,
    replace: `    attempt.isAnswered = true;
    if (attempt.call.isSettled) {`,
    story: 'An answer to a try that was given up for lost counts as another success.',
    property: 'requests/edge-keeps-its-account',
    withinRuns: 200,
  },
  {
    name: 'replica-is-never-let-go',
    file: SERVER,
    find: `    this.fleet.release(attempt.replica);
    account.responded(failure);`,
    replace: '    account.responded(failure);',
    story: 'A replica that is asked to go never goes: calls that are over hold it.',
    property: LAWS,
    withinRuns: 30,
  },
  {
    name: 'lost-bulkhead-place-after-a-late-start',
    file: EDGE,
    find: 'for (let next = first; next !== undefined; next = guard.cancelled(nowUs, next.role)) {',
    replace: 'for (let next = first; next !== undefined; next = undefined) {',
    story: 'A call that got its place too late keeps it, and the bulkhead fills up with nobody.',
    property: 'requests/edge-keeps-its-account',
    withinRuns: 500,
  },
  {
    name: 'bulkhead-line-keeps-who-has-left',
    file: EDGE,
    find: `      this.#o.guardOf(call).withdraw(this.#world.simulation.nowUs, attempt);
`,
    replace: '',
    story: 'A page that was left keeps its place in line, and one that is waited for is rejected.',
    property: 'requests/edge-keeps-its-account',
    withinRuns: 300,
  },
  {
    name: 'retry-that-is-not-made-stays-counted',
    file: EDGE,
    find: `    if (call.isSettled) {
      this.#o.guardOf(call).abandonExtra();
      return;
    }`,
    replace: '    if (call.isSettled) return;',
    story: 'Pages that are left between two tries use the retry budget up, one by one.',
    property: 'requests/edge-keeps-its-account',
    withinRuns: 300,
  },
  {
    name: 'zone-crash-forgets-a-replica',
    file: 'src/queueing/stations/replica-lifecycle.ts',
    find: 'for (const replica of this.#replicas) if (!this.#mayRun(replica)) this.#stop(replica);',
    replace:
      'for (const replica of this.#replicas.slice(0, -1)) if (!this.#mayRun(replica)) ' +
      'this.#stop(replica);',
    story: 'The rehearsal of a zone loss passes, as one replica of the zone goes on serving.',
    property: 'fleets/zones-fail-whole',
    withinRuns: 100,
  },
  {
    name: 'wall-clock-on-the-wire',
    file: 'src/experiment/requests/transport/datacentre-transport.ts',
    find: 'return afterUs + delayUs(attempt, up, requestBytes(attempt) + headerBytes.up);',
    replace:
      'return afterUs + (Date.now() % 3) + delayUs(attempt, up, requestBytes(attempt) + ' +
      'headerBytes.up);',
    story: 'The same seed gives another run tomorrow, and no failure can be replayed.',
    property: 'world/worlds-are-the-same-at-any-hour',
    withinRuns: 20,
  },
  {
    name: 'coalesced-miss-answers-one',
    file: 'src/experiment/requests/servers/entity-cache.ts',
    find: 'if (other.awaitedKeys === 0 || failure !== undefined) woken.push(other);',
    replace:
      'if (woken.length === 0 && (other.awaitedKeys === 0 || failure !== undefined)) ' +
      'woken.push(other);',
    story: 'Of all who waited for one fetch the first is answered, the others time out.',
    property: 'requests/cache-wakes-everybody',
    withinRuns: 100,
  },
  {
    name: 'coalesced-miss-forgets-who-waits',
    file: 'src/experiment/requests/servers/entity-cache.ts',
    find: `          if (line === undefined) waiting.set(key, [attempt]);
          else line.push(attempt);`,
    replace: `          if (line === undefined || line.length > 1) waiting.set(key, [attempt]);
          else line.push(attempt);`,
    story: 'From the third caller on, those who waited before are never answered.',
    property: 'requests/cache-wakes-everybody',
    withinRuns: 200,
  },
  {
    name: 'lost-key-forgotten',
    file: 'src/experiment/requests/servers/entity-cache.ts',
    find: `          other.lostKeyTo ??= failure;
`,
    replace: '',
    story: 'A database that fails answers everybody who waited with half of a page, and "ok".',
    property: 'requests/cache-wakes-everybody',
    withinRuns: 100,
  },
  {
    name: 'waiting-call-released-as-if-connected',
    file: 'src/experiment/requests/calls/connections.ts',
    find: 'if (origin.users.delete(attempt)) origin.pool.cancel(attempt);',
    replace: 'if (origin.users.delete(attempt)) origin.pool.release(simulation.nowUs);',
    story: 'Who gives up in line frees the connection of somebody else.',
    property: 'requests/connections-carry-what-they-may',
    withinRuns: 200,
  },
  {
    name: 'broken-connection-is-used-again',
    file: 'src/experiment/requests/calls/connections.ts',
    find: 'if (!isMultiplexed && !isBroken) origin.idle.push(attempt.connection);',
    replace: 'if (!isMultiplexed) origin.idle.push(attempt.connection);',
    story: 'A connection that was reset is given to the next call.',
    property: 'requests/connections-carry-what-they-may',
    withinRuns: 300,
  },
];
