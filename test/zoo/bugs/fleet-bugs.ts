/** Bugs in fleets, caches and pools. */
import type { Bug } from '../hunt/bug.ts';

const WORKERS = 'src/queueing/stations/service/worker-service.ts';
const SHARED = 'src/queueing/stations/service/shared-service.ts';
const CACHE = 'src/queueing/caches/cache.ts';

/** Each with the property that must catch it. */
export const FLEET_BUGS: readonly Bug[] = [
  {
    name: 'cancelled-job-is-served',
    file: WORKERS,
    find: `    this.#leaveLine(row, replica);
    this.#ledger.cancel(row, replica);`,
    replace: '',
    story: 'Servers work through the line of those who left long ago.',
    property: 'fleets/jobs-in-line-as-walked',
    withinRuns: 50,
  },
  {
    name: 'negative-waits',
    file: 'src/queueing/stations/job-ledger.ts',
    find: 'this.#listener.finished(job, replica.index, startedUs - offeredUs, serviceTimeUs);',
    replace:
      'this.#listener.finished(job, replica.index, nowUs - offeredUs - job.demandUs, ' +
      'serviceTimeUs);',
    story: 'A report shows waits below zero as soon as servers run faster than planned.',
    property: 'fleets/jobs-in-line-as-walked',
    withinRuns: 50,
  },
  {
    name: 'expired-job-is-served',
    file: WORKERS,
    find: 'return this.#expires && job.deadlineUs <= this.#simulation.nowUs;',
    replace: 'return this.#expires && job.deadlineUs < this.#simulation.nowUs;',
    story: 'Work is done for an answer that comes just too late.',
    property: 'fleets/jobs-in-line-as-walked',
    withinRuns: 1_000,
  },
  {
    name: 'crash-forgets-the-line',
    file: WORKERS,
    find:
      'for (let row = lines.first(replica.index); row !== NONE; row = ' +
      'lines.first(replica.index)) {',
    replace: 'for (let row = lines.first(replica.index); row < NONE; row = NONE) {',
    story: 'Callers whose requests waited at a crashed server are never told.',
    property: 'fleets/jobs-in-line-as-walked',
    withinRuns: 100,
  },
  {
    name: 'work-is-lost-at-a-change-of-speed',
    file: WORKERS,
    find: 'table.workUs[row] = (table.workUs[row] as number) - doneUs;',
    replace: 'table.workUs[row] = Math.max(0, (table.workUs[row] as number) - 0 * doneUs);',
    story: 'Whoever is in service when a neighbour gets noisy starts over.',
    property: 'fleets/jobs-in-line-as-walked',
    withinRuns: 100,
  },
  {
    name: 'lifo-sheds-the-newest',
    file: 'src/queueing/stations/service/waiting-line.ts',
    find: 'return this.#takesNewest(ring, nowUs) ? this.#table.first(ring) : NONE;',
    replace: 'return this.#takesNewest(ring, nowUs) ? this.#table.last(ring) : NONE;',
    story: 'Under overload the only ones who could still be answered in time are turned away.',
    property: 'fleets/jobs-in-line-as-walked',
    withinRuns: 300,
  },
  {
    name: 'urgent-waits-behind-its-own-class',
    file: 'src/queueing/stations/service/waiting-line.ts',
    find: 'for (let i = this.#classes - 1; i > than; i -= 1) {',
    replace: 'for (let i = this.#classes - 1; i >= than; i -= 1) {',
    story: 'A request pushes out an equal one that came before it.',
    property: 'fleets/jobs-in-line-as-walked',
    withinRuns: 500,
  },
  {
    name: 'shared-pace-forgets-workers',
    file: SHARED,
    find: 'return replica.inService > replica.workers ? replica.inService / replica.workers : 1;',
    replace: 'return Math.max(1, replica.inService);',
    story: 'A server of eight cores is planned as one of a single core.',
    property: 'fleets/shared-jobs-as-walked',
    withinRuns: 50,
  },
  {
    name: 'shared-work-not-booked-at-an-arrival',
    file: SHARED,
    find: `    this.settle(replica);
    const share = this.#shareOf(replica);
    const row`,
    replace: `    const share = this.#shareOf(replica);
    const row`,
    story: 'Each arrival slows down what was done before it came.',
    property: 'fleets/shared-jobs-as-walked',
    withinRuns: 50,
  },
  {
    name: 'cache-serves-past-its-ttl',
    file: CACHE,
    find: '(this.#filledUs[slot] as number) < this.#ttlUs) {',
    replace: '(this.#filledUs[slot] as number) <= this.#ttlUs) {',
    story: 'A TTL of 0, which is to mean "never", serves everything of the instant from the cache.',
    property: 'fleets/cache-as-listed',
    withinRuns: 200,
  },
  {
    name: 'failed-fetch-is-waited-for-for-ever',
    file: CACHE,
    find: `    this.#failed += 1;
    this.#fetching.delete(key);`,
    replace: '    this.#failed += 1;',
    story: 'One failed fetch, and everybody after it waits for an answer nobody fetches.',
    property: 'fleets/cache-as-listed',
    withinRuns: 200,
  },
  {
    name: 'cache-evicts-the-newest',
    file: CACHE,
    find: 'slot = this.#previous[HEAD] as number;',
    replace: 'slot = this.#next[HEAD] as number;',
    story: 'A full cache keeps what nobody asks for: the hit ratio falls to nothing.',
    property: 'fleets/cache-as-listed',
    withinRuns: 300,
  },
  {
    name: 'connection-released-twice',
    file: 'src/queueing/pools/exclusive-pool.ts',
    find: `    if (next !== undefined) {
      if (isBroken)`,
    replace: `    if (next !== undefined) {
      this.active -= 1;
      if (isBroken)`,
    story: 'A database gets more connections than it allows, a few more every busy hour.',
    property: 'fleets/pool-as-listed',
    withinRuns: 100,
  },
  {
    name: 'broken-opener-strands-the-line',
    file: 'src/queueing/pools/multiplexed-pool.ts',
    find: `    this.#state = 'closed';
    const next = this.#line.shift();`,
    replace: `    this.#state = 'closed';
    const next = this.active > 0 ? this.#line.shift() : undefined;`,
    story: 'When the first handshake fails, those behind it wait for a connection nobody opens.',
    property: 'fleets/pool-as-listed',
    withinRuns: 500,
  },
  {
    name: 'cancelling-shifts-the-times',
    file: 'src/queueing/pools/call-line.ts',
    find: 'this.#sinceUs[place] = this.#sinceUs[before] as number;',
    replace: '',
    story: 'After one caller gives up, another is timed out in its stead.',
    property: 'fleets/pool-as-listed',
    withinRuns: 1_000,
  },
];
