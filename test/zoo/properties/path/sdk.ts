/** The SDK's core under random lives of a page: lost answers, statuses, offline spells, killed
 * pages, clock jumps. Everything captured is acknowledged, waits or is counted as dropped, once. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { hours } from '../../../../src/kernel/time.ts';
import { sdkLedger } from '../../../../src/sdk/sdk-state.ts';
import { type Happening, happen, happening, policy } from '../../../sdk/random-schedule.ts';
import { type Fate, SdkBench, type SentRequest } from '../../../sdk/sdk-bench.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

/** A collector's word on a try that was given up for lost long ago. */
interface LateWord {
  readonly kind: 'late';
  readonly verdict: 'drop' | 'retry' | 'odd';
}

const FAULTS = new Set<(Happening | LateWord)['kind']>([
  'fates',
  'network',
  'reload',
  'jump',
  'consent',
  'late',
]);

const anything: fc.Arbitrary<Happening | LateWord> = fc.oneof(
  { weight: 9, arbitrary: happening },
  fc.record({
    kind: fc.constant('late' as const),
    verdict: fc.constantFrom<LateWord['verdict'][]>('drop', 'retry', 'odd'),
  }),
);

const lives = fc.record({
  policy,
  happenings: fc.array(anything, { minLength: 1, maxLength: 30, size: 'max' }),
});
type Life = typeof lives extends fc.Arbitrary<infer L> ? L : never;

function sizeOf({ happenings }: Life): { readonly commands: number; readonly faults: number } {
  const faults = happenings.filter(({ kind }) => FAULTS.has(kind)).length;
  return { commands: happenings.length - faults, faults };
}

/** Holds after every step. */
function checkStep(bench: SdkBench): void {
  const { state } = bench.host;
  const ledger = sdkLedger(state);
  assert.equal(ledger.residual, 0, 'the books close');
  assert.equal(ledger.captured, bench.captured.size, 'everything captured is counted');
  assert.equal(
    state.queue.reduce((sum, one) => sum + one.bytes, 0),
    state.queueBytes,
    'bytes that wait',
  );
  const { maxQueueEvents } = bench.policy;
  assert.ok(ledger.queued + ledger.inFlight <= maxQueueEvents, 'the queue keeps to its room');
  const regular = state.batches.filter((one) => one.deadlineUs !== null && !one.byBeacon);
  assert.ok(regular.length <= 1, 'one batch at a time');
  for (const { triesUsed } of state.batches) {
    assert.ok(triesUsed <= bench.policy.retry.maxAttempts, 'no batch is tried for ever');
  }
}

/** Holds for every request. */
function checkRequest(bench: SdkBench, { sent, body }: SentRequest): void {
  const { maxBatchEvents, maxBatchBytes } = bench.policy;
  assert.ok(sent.events.length > 0 && sent.events.length <= maxBatchEvents, 'events of a batch');
  assert.ok(Buffer.byteLength(body) <= maxBatchBytes, 'bytes of a batch');
  const sequences = new Map<string, number>();
  for (const event of sent.events) {
    const before = sequences.get(event.sessionId) ?? -1;
    assert.ok(event.sequence > before, 'events go in the order of capture, none twice');
    sequences.set(event.sessionId, event.sequence);
    assert.deepEqual(event, bench.captured.get(event.id), 'events never change');
  }
}

function lived(life: Life): SdkBench {
  const fates: Fate[] = [];
  const requestIds = new Map<number, string>();
  const bench = new SdkBench({
    policy: life.policy,
    check: checkStep,
    fate: (sent) => {
      assert.ok(bench.isOnline, 'nothing goes offline');
      assert.ok(bench.mayTrack, 'nothing goes without consent');
      assert.ok(bench.simulation.nowUs >= bench.notBeforeUs, 'a Retry-After is obeyed');
      const known = requestIds.get(sent.batch) ?? sent.requestId;
      assert.equal(sent.requestId, known, 'a batch keeps its id');
      requestIds.set(sent.batch, sent.requestId);
      return fates.shift() ?? { status: 200 };
    },
  });
  for (const what of life.happenings) {
    if (what.kind === 'late') sayLate(bench, what.verdict);
    else happen(bench, what, fates);
  }
  return bench;
}

/** Judges the newest try that is no more the present one of its batch. */
function sayLate(bench: SdkBench, verdict: LateWord['verdict']): void {
  const old = bench.requests.findLast(({ sent }) => {
    const batch = bench.host.state.batches.find(({ number }) => number === sent.batch);
    return batch !== undefined && (batch.deadlineUs === null || batch.attempt > sent.attempt);
  });
  if (old === undefined) return;
  const { batch, attempt, events } = old.sent;
  const results = Object.fromEntries(events.map(({ id }) => [id, verdict]));
  bench.tell({ type: 'batch.judged', batch, attempt, results });
}

/** All faults end. */
function heal(bench: SdkBench): void {
  if (bench.host.state.consent === 'undecided') {
    bench.tell({ type: 'consent.decided', granted: true });
  }
  bench.network(true);
  for (let i = 0; i < 12 && bench.host.state.phase !== 'idle'; i += 1) bench.wait(hours(4));
}

const allAccounted = zooProperty({
  name: 'all-captured-is-accounted-for',
  claim: 'each captured event is delivered or counted as dropped, and none is made up or changed',
  arbitrary: lives,
  sizeOf,
  holds(life) {
    const bench = lived(life);
    heal(bench);
    for (const request of bench.requests) checkRequest(bench, request);
    const { captured, acknowledged, dropped, queued, inFlight } = sdkLedger(bench.host.state);
    assert.equal(queued + inFlight, 0, 'everything ends');
    assert.equal(captured, acknowledged + dropped);
    const undelivered = [...bench.captured.keys()].filter((id) => !bench.accepted.has(id));
    assert.ok(undelivered.length <= dropped, 'what was not delivered was counted as dropped');
    for (const id of bench.accepted.keys()) assert.ok(bench.captured.has(id), `${id} is made up`);
    const places = new Set<string>();
    for (const { sessionId, sequence } of bench.captured.values()) {
      const place = `${sessionId} ${sequence}`;
      assert.ok(!places.has(place), `two events are number ${sequence} of a session`);
      places.add(place);
    }
  },
});

/** All properties of the SDK. */
export const SDK: readonly ZooProperty[] = [allAccounted];
